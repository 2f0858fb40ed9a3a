/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include <jansson.h>
#include <pixfer/exporter.h>

#include "args.h"
#include "info.h"
#include "machine_json.h"

static json_t *instruction_sets(void)
{
    json_t *list = json_array();
    for (const char *const *name = pixfer_cpu_names(); *name; name++)
        json_array_append_new(list, json_string(*name));
    return list;
}

static json_t *transfers_json(const struct transfers *t)
{
    return json_pack("{s:s, s:i, s:i, s:i, s:f, s:f, s:f}", "acceleration", t->acceleration, "frames", (int)t->frames, "width",
                     (int)t->width, "height", (int)t->height, "wall_s", t->wall_s, "cpu_s", t->cpu_s, "process_cpu_s",
                     t->process_cpu_s);
}

static json_t *vulkan_json(const struct pixfer_vulkan_times *t)
{
    return json_pack("{s:s, s:s, s:i, s:i, s:f, s:f, s:f, s:f, s:f, s:f, s:f}", "device", t->device, "type", t->type, "width",
                     (int)INFO_WIDTH, "height", (int)INFO_HEIGHT, "upload_s", t->upload_s, "convert_s", t->convert_s,
                     "read_back_s", t->read_back_s, "convert_then_read_back_s", t->convert_then_read_s, "in_flight_s",
                     t->in_flight_s, "read_back_then_convert_s", t->read_then_convert_s, "record_s", t->record_s);
}

static json_t *backends(void)
{
    struct info_backend all[INFO_BACKENDS];
    unsigned count = info_backends(all);
    json_t *list = json_array();
    for (const struct info_backend *b = all; b < all + count; b++) {
        json_t *json =
            json_pack("{s:s, s:b, s:s?}", "name", b->name, "available", b->available, "reason", b->available ? NULL : b->reason);
        if (b->measured)
            json_object_set_new(json, "transfers", transfers_json(&b->transfers));
        if (b->vulkan.rounds)
            json_object_set_new(json, "vulkan", vulkan_json(&b->vulkan));
        json_array_append_new(list, json);
    }
    return list;
}

static json_t *encoders(void)
{
    json_t *list = json_array();
    for (const char *const *name = pixfer_encoder_names(); *name; name++) {
        char reason[256] = "";
        int works = pixfer_encoder_works(*name, reason, sizeof(reason));
        json_array_append_new(list,
                              json_pack("{s:s, s:b, s:s?}", "name", *name, "works", works, "reason", works ? NULL : reason));
    }
    return list;
}

static json_t *kernels(void)
{
    json_t *list = json_array();
    for (int siting = PIXFER_SITING_LEFT; siting <= PIXFER_SITING_TOP_LEFT; siting++)
        for (int source = 0; (source = info_next_format(source, true));)
            for (int destination = 0; (destination = info_next_format(destination, false));) {
                const char *isa =
                    info_isa((enum pixfer_format)source, (enum pixfer_format)destination, (enum pixfer_siting)siting);
                if (isa)
                    json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s}", "source",
                                                          pixfer_format_name((enum pixfer_format)source), "destination",
                                                          pixfer_format_name((enum pixfer_format)destination), "siting",
                                                          pixfer_siting_name((enum pixfer_siting)siting), "isa", isa));
            }
    return list;
}

bool info_print_json(FILE *out)
{
    const char *best = info_isa(PIXFER_FORMAT_RGBA, PIXFER_FORMAT_NV12, PIXFER_SITING_LEFT);
    json_t *info = json_pack("{s:s, s:s, s:o, s:o, s:s?, s:o, s:o, s:o}", "version", pixfer_version(), "libav",
                             pixfer_exporter_libav_versions(), "machine", machine_json(), "instruction_sets", instruction_sets(),
                             "chosen", best, "backends", backends(), "kernels", kernels(), "encoders", encoders());
    if (info)
        json_dumpf(info, out, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
    fprintf(out, "\n");
    json_decref(info);
    return info;
}

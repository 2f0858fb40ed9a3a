/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "stats_json.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "text.h"

static json_t *converter_json(const struct pixfer_exporter_stats *s)
{
    bool none = s->backend == PIXFER_BACKEND_AUTO; /* frames passed through: their samples are the input's */
    json_t *json = json_pack("{s:s, s:s, s:b, s:s?, s:I}", "backend", none ? "none" : s->backend_name, "isa", s->isa, "exact",
                             none || s->exact, "fallback_reason", *s->fallback_reason ? s->fallback_reason : NULL, "frames",
                             (json_int_t)s->converted);
    if (json && *s->measured)
        json_object_set_new(json, "measured", json_string(s->measured));
    if (json && *s->acceleration)
        json_object_set_new(json, "transfers",
                            json_pack("{s:s, s:f, s:f, s:f}", "acceleration", s->acceleration, "wall_s", s->transfer_wall_s,
                                      "cpu_s", s->transfer_cpu_s, "process_cpu_s", s->transfer_process_cpu_s));
    return json;
}

static json_t *stats_to_json(const struct pixfer_exporter_stats *s, const char *name, const char *result)
{
    char path[4096];
    json_t *stages = json_pack("{s:f, s:f, s:f, s:f}", "source_s", s->source_s, "convert_s", s->convert_s, "encode_s",
                               s->encode_s, "mux_s", s->mux_s);
    return json_pack("{s:s, s:I, s:I, s:I, s:f, s:f, s:o, s:f, s:f, s:I, s:o, s:s, s:{s:s, s:I}}", "result", result, "frames",
                     (json_int_t)s->frames, "skipped", (json_int_t)s->skipped, "refused", (json_int_t)s->refused, "wall_s",
                     s->wall_s, "fps", s->fps, "stages", stages, "convert_share", s->wall_s > 0 ? s->convert_s / s->wall_s : 0.0,
                     "cpu_s", s->cpu_s, "peak_rss_bytes", (json_int_t)s->peak_rss_bytes, "converter", converter_json(s),
                     "encoder", s->encoder, "output", "path", text_escape(path, sizeof(path), name), "bytes",
                     (json_int_t)s->bytes);
}

bool stats_write(const struct pixfer_exporter_stats *stats, const char *name, const char *result, struct output *output)
{
    json_t *json = stats_to_json(stats, name, result);
    char *text = json ? json_dumps(json, JSON_INDENT(2) | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(9)) : NULL;
    json_decref(json);
    if (!text)
        return failure("export", "%s: no memory for the statistics", output->path), false;
    bool good = output_write(output, text, strlen(text)) && output_write(output, "\n", 1);
    free(text);
    return good;
}

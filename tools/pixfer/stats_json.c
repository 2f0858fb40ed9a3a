/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "stats_json.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

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

static json_t *stats_to_json(const struct pixfer_exporter_stats *s, const char *output)
{
    json_t *stages = json_pack("{s:f, s:f, s:f, s:f}", "source_s", s->source_s, "convert_s", s->convert_s, "encode_s",
                               s->encode_s, "mux_s", s->mux_s);
    return json_pack("{s:I, s:f, s:f, s:o, s:f, s:f, s:I, s:o, s:s, s:{s:s, s:I}}", "frames", (json_int_t)s->frames, "wall_s",
                     s->wall_s, "fps", s->fps, "stages", stages, "convert_share", s->wall_s > 0 ? s->convert_s / s->wall_s : 0.0,
                     "cpu_s", s->cpu_s, "peak_rss_bytes", (json_int_t)s->peak_rss_bytes, "converter", converter_json(s),
                     "encoder", s->encoder, "output", "path", output, "bytes", (json_int_t)s->bytes);
}

bool stats_write(const struct pixfer_exporter_stats *stats, const char *output, const char *path)
{
    char name[4096];
    json_t *json = stats_to_json(stats, output);
    int length = snprintf(name, sizeof(name), "%s.tmp", path);
    FILE *file = json && length < (int)sizeof(name) ? fopen(name, "w") : NULL;
    if (!json)
        errno = EINVAL; /* a name that is not UTF-8 */
    if (!file) {
        json_decref(json);
        return false;
    }
    bool good =
        !json_dumpf(json, file, JSON_INDENT(2) | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(9)) && fputc('\n', file) != EOF;
    good = !fclose(file) && good;
    int error = errno;
    json_decref(json);
    if (good && !rename(name, path))
        return true;
    error = good ? errno : error;
    remove(name);
    errno = error;
    return false;
}

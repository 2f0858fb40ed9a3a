/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hdr.h"

struct state {
    struct pixfer_converter *converter;
    struct pixfer_image src, dst;
};

static void keep_line(void *opaque, int level, const char *message)
{
    struct reason *reason = opaque;
    if (level == PIXFER_LOG_ERROR)
        snprintf(reason->text, sizeof reason->text, "%s", message);
}

static void close_pixfer(void *opaque)
{
    struct state *s = opaque;
    pixfer_converter_close(&s->converter);
    frame_close(&s->src);
    frame_close(&s->dst);
    free(s);
}

static struct pixfer_converter_params params_of(const struct job *job, const char *cpu, struct reason *reason)
{
    const struct path *path = job->path;
    struct pixfer_converter_params p =
        PIXFER_CONVERTER_PARAMS(.src_format = path->src, .dst_format = job->dst, .width = job->width, .height = job->height,
                                .color = {.matrix = path->matrix}, .backend = PIXFER_BACKEND_CPU, .threads = 1, .cpu = cpu,
                                .log = keep_line, .log_opaque = reason);
    if (path->transfer) {
        p.src_transfer = PIXFER_TRANSFER_LINEAR;
        p.src_white = SRC_WHITE;
        p.dst_transfer = path->transfer;
        p.sdr_white = path->white;
        p.tone_mapping = path->mapped ? PIXFER_TONE_MAPPING_BT2390 : PIXFER_TONE_MAPPING_CLIP;
        p.src_peak = path->mapped ? SRC_PEAK : 0;
        p.dst_peak = path->transfer == PIXFER_TRANSFER_HLG ? HLG_PEAK : 0;
    }
    return p;
}

/* A variant is an instruction set. One that has no kernel of its own for this job would only repeat the next one's time. */
static bool open_pixfer(void **state, const struct job *job, const char *variant, struct reason *reason)
{
    struct state *s = calloc(1, sizeof *s);
    const struct pixfer_converter_params params = params_of(job, variant, reason);
    struct pixfer_converter_info info = PIXFER_CONVERTER_INFO();
    if (!s || !frame_open(&s->src, job->path->src, job->width, job->height) ||
        !frame_open(&s->dst, job->dst, job->width, job->height) || pixfer_converter_open(&s->converter, &params) != PIXFER_OK) {
        if (s)
            close_pixfer(s);
        return false;
    }
    pixfer_converter_get_info(s->converter, &info);
    if (strcmp(info.isa, variant)) {
        snprintf(reason->text, sizeof reason->text, "%s has no kernel for this, %s would run", variant, info.isa);
        close_pixfer(s);
        return false;
    }
    *state = s;
    return true;
}

static bool give(void *opaque, const struct pixfer_image *src)
{
    struct state *s = opaque;
    frame_copy(src, &s->src);
    return true;
}

static bool run(void *opaque)
{
    struct state *s = opaque;
    return pixfer_convert(s->converter, &s->src, &s->dst) == PIXFER_OK;
}

static bool take(void *opaque, const struct pixfer_image *dst)
{
    struct state *s = opaque;
    frame_copy(&s->dst, dst);
    return true;
}

const struct peer peer_pixfer = {.name = "pixfer",
                                 .variants = pixfer_cpu_names,
                                 .timed = true,
                                 .open = open_pixfer,
                                 .give = give,
                                 .run = run,
                                 .take = take,
                                 .close = close_pixfer};

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "../contender.h"

static void keep_line(void *opaque, int level, const char *message)
{
    struct contender_reason *reason = opaque;
    if (level == PIXFER_LOG_ERROR)
        snprintf(reason->text, sizeof(reason->text), "%s", message);
}

static void close_pixfer(void *state)
{
    struct pixfer_converter *converter = state;
    pixfer_converter_close(&converter);
}

/* A variant is an instruction set. One that has no kernel of its own for this job would only repeat the next one's time. */
static bool open_pixfer(void **state, const struct contender_job *job, const char *variant, struct contender_reason *reason)
{
    struct pixfer_converter *converter;
    struct pixfer_converter_info info = PIXFER_CONVERTER_INFO();
    if (pixfer_converter_open(
            &converter, &PIXFER_CONVERTER_PARAMS(.src_format = PIXFER_FORMAT_RGBA, .dst_format = PIXFER_FORMAT_NV12,
                                                 .width = job->width, .height = job->height, .color = {.siting = job->siting},
                                                 .backend = PIXFER_BACKEND_CPU, .threads = job->threads, .cpu = variant,
                                                 .log = keep_line, .log_opaque = reason)) != PIXFER_OK)
        return false;
    pixfer_converter_get_info(converter, &info);
    if (strcmp(info.isa, variant)) {
        snprintf(reason->text, sizeof(reason->text), "%s has no kernel for this, %s would run", variant, info.isa);
        pixfer_converter_close(&converter);
        return false;
    }
    *state = converter;
    return true;
}

static void run(void *state, const struct pixfer_image *src, const struct pixfer_image *dst)
{
    pixfer_convert(state, src, dst); /* arguments were checked by the comparison before the first measurement */
}

const struct contender_kind contender_pixfer = {.name = "pixfer",
                                                .variants = pixfer_cpu_names,
                                                .matrix = PIXFER_MATRIX_BT709,
                                                .converts = true,
                                                .open = open_pixfer,
                                                .run = run,
                                                .close = close_pixfer};

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "measure_backend.h"

#include <stdio.h>
#include <stdlib.h>

enum { WIDTH = 1920, HEIGHT = 1080, PICTURES = 24 };

struct refusal {
    char *text;
    size_t size;
};

static void keep_error(void *opaque, int level, const char *message)
{
    const struct refusal *refusal = opaque;
    if (level == PIXFER_LOG_ERROR && refusal->size)
        snprintf(refusal->text, refusal->size, "%s", message);
}

static bool convert_frames(struct pixfer_converter *converter, enum pixfer_backend backend, struct transfers *transfers)
{
    struct pixfer_converter_info info = PIXFER_CONVERTER_INFO();
    struct pixfer_image src, dst;
    size_t src_size = pixfer_image_layout(&src, PIXFER_FORMAT_BGRA, WIDTH, HEIGHT, NULL, 64);
    size_t dst_size = pixfer_image_layout(&dst, PIXFER_FORMAT_NV12, WIDTH, HEIGHT, NULL, 64);
    uint8_t *memory = calloc(1, src_size + dst_size);
    if (!memory)
        return false;
    pixfer_image_layout(&src, PIXFER_FORMAT_BGRA, WIDTH, HEIGHT, memory, 64);
    pixfer_image_layout(&dst, PIXFER_FORMAT_NV12, WIDTH, HEIGHT, memory + src_size, 64);
    for (int i = 0; i < PICTURES && (!i || *info.acceleration); i++) { /* "": it does not tell what transfers cost */
        pixfer_convert(converter, &src, &dst);
        pixfer_converter_get_info(converter, &info);
    }
    free(memory);
    *transfers = (struct transfers){.frames = PICTURES,
                                    .width = WIDTH,
                                    .height = HEIGHT,
                                    .wall_s = info.wall_s,
                                    .cpu_s = info.cpu_s,
                                    .process_cpu_s = info.process_cpu_s};
    snprintf(transfers->acceleration, sizeof(transfers->acceleration), "%s", info.acceleration);
    return info.backend == backend && *info.acceleration;
}

bool measure_backend(enum pixfer_backend backend, struct transfers *transfers, char *reason, size_t size)
{
    struct pixfer_converter *converter;
    struct refusal refusal = {reason, size};
    bool measured = false;
    if (size)
        *reason = 0;
    if (pixfer_converter_open(
            &converter, &PIXFER_CONVERTER_PARAMS(.src_format = PIXFER_FORMAT_BGRA, .dst_format = PIXFER_FORMAT_NV12,
                                                 .width = WIDTH, .height = HEIGHT, .color = {.siting = PIXFER_SITING_CENTER},
                                                 .backend = backend, .threads = 1, .log = keep_error, .log_opaque = &refusal,
                                                 .unchecked = 1 /* transfers are measured, not what looks at them */)) ==
        PIXFER_OK)
        measured = convert_frames(converter, backend, transfers);
    pixfer_converter_close(&converter);
    return measured;
}

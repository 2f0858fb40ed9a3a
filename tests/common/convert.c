/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "convert.h"

#include <stdio.h>

const enum pixfer_format sources[SOURCES] = {
    PIXFER_FORMAT_RGBA,    PIXFER_FORMAT_BGRA,   PIXFER_FORMAT_ARGB,   PIXFER_FORMAT_ABGR,    PIXFER_FORMAT_RGB24,
    PIXFER_FORMAT_BGR24,   PIXFER_FORMAT_GBRP,   PIXFER_FORMAT_RGBA64, PIXFER_FORMAT_RGB10A2, PIXFER_FORMAT_BGR10A2,
    PIXFER_FORMAT_RGBA16F, PIXFER_FORMAT_GBRP10, PIXFER_FORMAT_GBRP12, PIXFER_FORMAT_GBRP16,  PIXFER_FORMAT_GBRPF32};
const enum pixfer_format destinations[DESTINATIONS] = {
    PIXFER_FORMAT_NV12, PIXFER_FORMAT_NV21, PIXFER_FORMAT_I420, PIXFER_FORMAT_YV12, PIXFER_FORMAT_P010,
    PIXFER_FORMAT_I444, PIXFER_FORMAT_NV24, PIXFER_FORMAT_I422, PIXFER_FORMAT_NV16, PIXFER_FORMAT_P012,
    PIXFER_FORMAT_P016, PIXFER_FORMAT_I010, PIXFER_FORMAT_I410};

struct pixfer_color color_number(unsigned i)
{
    static const enum pixfer_matrix matrices[] = {PIXFER_MATRIX_BT709, PIXFER_MATRIX_BT601, PIXFER_MATRIX_SMPTE240M,
                                                  PIXFER_MATRIX_BT2020_NCL};
    return (struct pixfer_color){matrices[i % 4], (enum pixfer_range)(i / 4 % 2), (enum pixfer_siting)(i / 8 % 3)};
}

const char *color_name(const struct pixfer_color *color)
{
    static const char *const sitings[] = {"left", "center", "top-left"};
    static char names[2][64];
    static int turn;
    const int m = color->matrix;
    const char *matrix = m == 6 ? "bt601" : m == 7 ? "smpte240m" : m == 9 ? "bt2020" : "bt709";
    turn = !turn;
    snprintf(names[turn], sizeof *names, "%s %s %s", matrix, color->range ? "full" : "limited", sitings[color->siting]);
    return names[turn];
}

static void say(void *opaque, int level, const char *message)
{
    (void)opaque;
    static unsigned said;
    if (level <= PIXFER_LOG_WARNING && said++ < 20)
        printf("pixfer says: %s\n", message);
}

struct pixfer_converter *open_pinned(const char *cpu, const struct pixfer_image *src, const struct pixfer_image *dst,
                                     const struct pixfer_color *color)
{
    const struct pixfer_converter_params params =
        PIXFER_CONVERTER_PARAMS(.src_format = src->format, .dst_format = dst->format, .width = src->width, .height = src->height,
                                .color = *color, .backend = PIXFER_BACKEND_CPU, .threads = 1, .cpu = cpu, .log = say);
    struct pixfer_converter *converter = NULL;
    const enum pixfer_result result = pixfer_converter_open(&converter, &params);
    static unsigned said;
    if (result != PIXFER_OK && said++ < 20)
        printf("FAIL open %s to %s, %s, on %s: %s\n", pixfer_format_name(src->format), pixfer_format_name(dst->format),
               color_name(color), cpu, pixfer_strerror(result));
    return converter;
}

bool convert_pinned(const char *cpu, const struct pixfer_image *src, const struct pixfer_image *dst,
                    const struct pixfer_color *color)
{
    struct pixfer_converter *converter = open_pinned(cpu, src, dst, color);
    if (!converter)
        return false;
    const enum pixfer_result result = pixfer_convert(converter, src, dst);
    if (result != PIXFER_OK)
        printf("FAIL convert on %s: %s\n", cpu, pixfer_strerror(result));
    pixfer_converter_close(&converter);
    return result == PIXFER_OK;
}

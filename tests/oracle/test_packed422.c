/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* YUYV and UYVY through the public interface: frames of every small width and some larger, in every siting, to every destination, as
 * wholes, on threads and in pieces, on every instruction set, between guard pages; and which pairs there are. */

#include <stdio.h>
#include <string.h>

#include "convert.h"
#include "oracle.h"

static const enum pixfer_format packed[] = {PIXFER_FORMAT_YUYV, PIXFER_FORMAT_UYVY};
static struct picture src, wanted, got;
static unsigned failures, checked;
static struct rng rng = {1};

static void fail(const char *what, const char *cpu, const struct pixfer_color *color)
{
    if (failures++ < 20)
        printf("FAIL %s, %s to %s, %s, %ux%u: %s\n", cpu, pixfer_format_name(src.image.format),
               pixfer_format_name(got.image.format), color_name(color), src.image.width, src.image.height, what);
}

static enum pixfer_result convert_pieces(struct pixfer_converter *converter)
{
    const uint32_t height = src.image.height;
    enum pixfer_result result = PIXFER_OK;

    for (uint32_t first = 0, count; first < height && result == PIXFER_OK; first += count) {
        count = 2 * (1 + rng_below(&rng, 3));
        count = count < height - first ? count : height - first;
        result = pixfer_convert_rows(converter, &src.image, &got.image, first, count);
    }
    return result;
}

static void check(const char *cpu, const struct pixfer_color *color, bool pieces)
{
    struct pixfer_converter *converter = open_pinned(cpu, &src.image, &got.image, color);
    struct pixfer_converter_info info = PIXFER_CONVERTER_INFO();
    unsigned plane;
    size_t x, y;

    if (!converter) {
        failures++;
        return;
    }
    pixfer_converter_get_info(converter, &info);
    if (strcmp(info.isa, "c") || !info.exact)
        fail("it does not say that it is exact, by c", cpu, color);
    if ((pieces ? convert_pieces(converter) : pixfer_convert(converter, &src.image, &got.image)) != PIXFER_OK)
        fail("it does not convert", cpu, color);
    if (picture_damage(&got) >= 0)
        fail("bytes outside the rows are written", cpu, color);
    if (picture_difference(&wanted, &got, &plane, &x, &y))
        fail("samples differ from the oracle's", cpu, color);
    pixfer_converter_close(&converter);
    checked++;
}

static void check_size(uint32_t width, uint32_t height)
{
    const struct picture_layout none = {0};

    for (unsigned i = 0; i < 2 * 4 * 3; i++) {
        const struct pixfer_color color = {PIXFER_MATRIX_BT601, (enum pixfer_range)rng_below(&rng, 2),
                                           (enum pixfer_siting)(i % 3)};
        const struct picture_layout layout[2] = {picture_layout_random(&rng), picture_layout_random(&rng)};

        picture_place(&src, packed[i / 3 % 2], width, height, &layout[0]);
        picture_fill(&src, (enum picture_content)rng_below(&rng, PICTURE_CONTENTS), &rng);
        picture_place(&wanted, destinations[i / 6], width, height, &none);
        oracle_convert(&src.image, &wanted.image, &color);
        for (const char *const *cpu = pixfer_cpu_names(); *cpu; cpu++)
            for (int pieces = 0; pieces < 2; pieces++) {
                picture_place(&got, destinations[i / 6], width, height, &layout[1]);
                check(*cpu, &color, pieces);
            }
    }
}

/* What the oracle is held to: values worked out by hand. Columns of chroma 10 30 80 above 21 31 91, luma counts up from 1. */
static void check_by_hand(enum pixfer_siting siting, const uint8_t expected[3])
{
    static uint8_t rows[2][12] = {{1, 10, 2, 110, 3, 30, 4, 130, 5, 80, 99, 180},
                                  {6, 21, 7, 110, 8, 31, 9, 130, 10, 91, 99, 180}};
    uint8_t out[10 + 6];
    struct pixfer_image from, to;
    const struct pixfer_color color = {.siting = siting};

    pixfer_image_layout(&from, PIXFER_FORMAT_YUYV, 5, 2, rows[0], 1);
    pixfer_image_layout(&to, PIXFER_FORMAT_I420, 5, 2, out, 1);
    oracle_convert(&from, &to, &color);
    if (memcmp(out, (const uint8_t[]){1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, 10) || memcmp(out + 10, expected, 3)) {
        failures++;
        printf("FAIL the oracle, %s: Cb is %u %u %u, expected %u %u %u\n", color_name(&color), out[10], out[11], out[12],
               expected[0], expected[1], expected[2]);
    }
}

/* Sources only, and only to 4:2:0 of 8 bits. */
static void check_pairs(void)
{
    for (int from = PIXFER_FORMAT_RGBA; from <= PIXFER_FORMAT_UYVY; from++)
        for (int to = PIXFER_FORMAT_RGBA; to <= PIXFER_FORMAT_UYVY; to++) {
            struct pixfer_converter *converter = NULL;
            const bool exists = from >= PIXFER_FORMAT_YUYV
                                    ? to >= PIXFER_FORMAT_NV12 && to <= PIXFER_FORMAT_YV12
                                    : from <= PIXFER_FORMAT_GBRP && to >= PIXFER_FORMAT_NV12 && to <= PIXFER_FORMAT_NV16;
            const enum pixfer_result result = pixfer_converter_open(
                &converter, &PIXFER_CONVERTER_PARAMS(.src_format = (enum pixfer_format)from, .dst_format = (enum pixfer_format)to,
                                                     .width = 3, .height = 3, .backend = PIXFER_BACKEND_CPU, .threads = 1));
            if (result != (exists ? PIXFER_OK : PIXFER_ERR_UNSUPPORTED)) {
                failures++;
                printf("FAIL %s to %s: %s\n", pixfer_format_name((enum pixfer_format)from),
                       pixfer_format_name((enum pixfer_format)to), pixfer_strerror(result));
            }
            pixfer_converter_close(&converter);
        }
}

int main(void)
{
    static const uint32_t more[] = {63, 64, 65, 66, 127, 128, 129, 130, 191, 251, 1021};

    check_by_hand(PIXFER_SITING_LEFT, (const uint8_t[]){16, 31, 86});
    check_by_hand(PIXFER_SITING_TOP_LEFT, (const uint8_t[]){13, 30, 83});
    check_by_hand(PIXFER_SITING_CENTER, (const uint8_t[]){19, 44, 86});
    check_pairs();
    for (uint32_t width = 1; width <= 40; width++)
        check_size(width, 1 + width % 7);
    for (unsigned i = 0; i < sizeof more / sizeof *more; i++)
        check_size(more[i], 8 + i % 2);
    printf("packed422: %u conversions, %u failures\n", checked, failures);
    picture_free(&src), picture_free(&wanted), picture_free(&got);
    return failures != 0;
}

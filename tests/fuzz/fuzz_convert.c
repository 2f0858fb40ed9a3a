/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* Bytes become a conversion: formats, size, colour, instruction set, threads, layout of the planes, how the frame is cut, and
 * then pixels. What is valid must convert to what the oracle says and touch nothing else, with a guard page on both sides of every
 * plane; what is not must be refused and touch nothing at all.
 *
 * Built with -fsanitize=fuzzer (PIXFER_FUZZ) libFuzzer calls LLVMFuzzerTestOneInput; otherwise main.c does. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "convert.h"
#include "oracle.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The input as a stream; zeros once it is used up. */
struct input {
    const uint8_t *data;
    size_t left;
};

static uint8_t byte(struct input *in)
{
    if (!in->left)
        return 0;
    in->left--;
    return *in->data++;
}

static unsigned below(struct input *in, unsigned limit)
{
    const unsigned v = byte(in);
    return limit > 256 ? (v << 8 | byte(in)) % limit : v % limit;
}

static struct picture src, dst;

static void give_up(const struct pixfer_color *color, const char *cpu, const char *what)
{
    fprintf(stderr, "%s to %s, %s, %ux%u, on %s: %s\n", pixfer_format_name(src.image.format),
            pixfer_format_name(dst.image.format), color_name(color), src.image.width, src.image.height, cpu, what);
    abort();
}

static struct picture_layout layout_of(struct input *in)
{
    struct picture_layout layout = {.side = byte(in) & 1 ? ARENA_BACK : ARENA_FRONT, .bottom_up = byte(in) & 1};
    for (int i = 0; i < 3; i++)
        layout.misalign[i] = byte(in) % 64, layout.padding[i] = byte(in);
    return layout;
}

/* Pixels of the input, then noise; sometimes of black, white and pure colours only, where full range clamps. */
static void fill(struct input *in)
{
    const bool extreme = byte(in) % 8 == 0;
    uint32_t state = 0x9e3779b9;
    for (unsigned plane = 0; plane < pixfer_format_planes(src.image.format); plane++)
        for (uint32_t y = 0; y < src.image.height; y++) {
            size_t bytes;
            uint8_t *row = picture_row(&src, plane, y, &bytes);
            for (size_t i = 0; i < bytes; i++) {
                state = state * 1664525u + 1013904223u;
                row[i] = in->left ? byte(in) : (uint8_t)(state >> 24);
                if (extreme)
                    row[i] = row[i] & 1 ? 255 : 0;
            }
        }
}

static bool untouched(void)
{
    for (unsigned plane = 0; plane < pixfer_format_planes(dst.image.format); plane++)
        if (arena_damage_in(&dst.arena[plane], dst.arena[plane].bytes + dst.arena[plane].first, dst.arena[plane].count))
            return false;
    return picture_damage(&dst) < 0;
}

/* One argument made wrong: every one of these must be refused. */
static void break_something(struct input *in, struct pixfer_image *from, struct pixfer_image *to)
{
    switch (byte(in) % 9) {
    case 0:
        from->plane[0] = NULL;
        break;
    case 1:
        to->plane[1] = NULL;
        break;
    case 2:
        from->width++;
        break;
    case 3:
        to->height--;
        break;
    case 4:
        from->stride[0] = from->stride[0] > 0 ? 1 : -1;
        from->stride[0] -= from->width == 1 && from->format == PIXFER_FORMAT_GBRP ? from->stride[0] : 0;
        break;
    case 5:
        to->stride[1] = 0;
        break;
    case 6:
        to->format = PIXFER_FORMAT_RGBA;
        break;
    case 7:
        to->plane[1] = to->plane[0];
        break;
    default:
        from->format = (enum pixfer_format)99;
        break;
    }
}

static enum pixfer_result convert_pieces(struct input *in, struct pixfer_converter *converter)
{
    const uint32_t height = src.image.height;
    for (uint32_t first = 0, count; first < height; first += count) {
        count = 2 * (1 + byte(in) % 8u);
        if (count > height - first)
            count = height - first;
        const enum pixfer_result result = pixfer_convert_rows(converter, &src.image, &dst.image, first, count);
        if (result != PIXFER_OK)
            return result;
    }
    return PIXFER_OK;
}

static void check(struct input *in, struct pixfer_converter *converter, const struct pixfer_color *color, const char *cpu)
{
    struct oracle_report report[3];
    if (byte(in) % 8 == 0) {
        struct pixfer_image from = src.image, to = dst.image;
        break_something(in, &from, &to);
        if (pixfer_convert(converter, &from, &to) >= 0)
            give_up(color, cpu, "a wrong argument is accepted");
        if (!untouched())
            give_up(color, cpu, "a refused conversion wrote something");
    }
    if ((byte(in) & 1 ? convert_pieces(in, converter) : pixfer_convert(converter, &src.image, &dst.image)) != PIXFER_OK)
        give_up(color, cpu, "a valid conversion is refused");
    if (picture_damage(&dst) >= 0)
        give_up(color, cpu, "bytes outside the rows are written");
    if (oracle_compare(&src.image, &dst.image, color, report))
        give_up(color, cpu, "samples differ from the oracle's");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = {data, size};
    const enum pixfer_format from = sources[below(&in, SOURCES)], to = destinations[below(&in, DESTINATIONS)];
    const struct pixfer_color color = color_number(below(&in, COLORS));
    const char *const *cpus = pixfer_cpu_names();
    struct pixfer_converter *converter = NULL;
    unsigned count = 0;

    while (cpus[count])
        count++;
    const char *cpu = cpus[below(&in, count)];
    const unsigned threads = 1 + byte(&in) % 16 / 12;
    const uint32_t width = 1 + (byte(&in) % 16 ? below(&in, 256) : below(&in, 2000)),
                   height = 1 + below(&in, byte(&in) % 16 ? 12 : 60);
    struct picture_layout layout = layout_of(&in);
    picture_place(&src, from, width, height, &layout);
    layout = layout_of(&in);
    picture_place(&dst, to, width, height, &layout);
    const enum pixfer_result result = pixfer_converter_open(
        &converter, &PIXFER_CONVERTER_PARAMS(.src_format = from, .dst_format = to, .width = width, .height = height,
                                             .color = color, .backend = PIXFER_BACKEND_CPU, .threads = threads, .cpu = cpu));
    if (result != PIXFER_OK)
        give_up(&color, cpu, pixfer_strerror(result));
    const struct input settings = in;
    fill(&in);
    in = settings;
    check(&in, converter, &color, cpu);
    pixfer_converter_close(&converter);
    return 0;
}

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* Averaged chroma on every instruction set of this machine: blocks at every rounding threshold of every filter, random frames
 * of every pair of formats, colour and small size, and where the light of a single pixel goes.
 *
 *     test_blocks [--step N] [--seed N]      N > 1 takes every Nth threshold only */

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adversary.h"
#include "convert.h"
#include "oracle.h"

static struct picture src, wanted, got;
static unsigned failures;
static uint64_t checked, thresholds, met;
static struct rng rng = {1};

/* Counts all failures, prints the first ones. */
#if defined(__GNUC__)
__attribute__((format(printf, 1, 2)))
#endif
static void
fail(const char *format, ...)
{
    va_list arguments;
    if (failures++ >= 20)
        return;
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
}

/* Converts src on every instruction set and compares with the oracle. */
static void check(enum pixfer_format format, const struct pixfer_color *color)
{
    static const char *const names[] = {"Y", "Cb", "Cr"};
    const struct pixfer_image *in = &src.image;
    struct picture_layout layout = picture_layout_random(&rng);
    struct oracle_report report[3];
    unsigned plane;
    size_t x, y;
    int damaged;

    picture_place(&wanted, format, in->width, in->height, &(struct picture_layout){0});
    oracle_convert(in, &wanted.image, color);
    for (const char *const *cpu = pixfer_cpu_names(); *cpu; cpu++) {
        picture_place(&got, format, in->width, in->height, &layout);
        if (!convert_pinned(*cpu, in, &got.image, color)) {
            failures++;
            continue;
        }
        checked++;
        if ((damaged = picture_damage(&got)) >= 0)
            fail("FAIL %s, %s to %s, %s, %ux%u: bytes outside the rows of plane %d are written\n", *cpu,
                 pixfer_format_name(in->format), pixfer_format_name(format), color_name(color), in->width, in->height, damaged);
        if (!picture_difference(&wanted, &got, &plane, &x, &y))
            continue;
        oracle_compare(in, &got.image, color, report);
        for (unsigned i = 0; i < 3; i++)
            if (report[i].differing)
                fail("FAIL %s, %s to %s, %s, %ux%u: %s (%u, %u) is %u, expected %u (%llu differ)\n", *cpu,
                     pixfer_format_name(in->format), pixfer_format_name(format), color_name(color), in->width, in->height,
                     names[i], report[i].x, report[i].y, report[i].got, report[i].expected,
                     (unsigned long long)report[i].differing);
    }
}

/* ---- Blocks at thresholds: one in every 4 x 4 pixels, so that no two share a pixel ---- */

#define COLUMNS 61

static void place_block(const struct adversary *block, size_t index)
{
    const size_t x = index % COLUMNS * 4 + 1, y = index / COLUMNS * 4 + 1;
    for (unsigned i = 0; i < 9; i++)
        picture_set(&src, x + i % 3, y + i / 3, block->pixel[i / 3][i % 3]);
}

/* Whether the value of a block, by the oracle, lies on the side of the threshold that adversary_find promised. */
static bool at_threshold(enum pixfer_format format, const struct pixfer_color *color, enum oracle_component component,
                         size_t index, unsigned sample, bool below)
{
    uint32_t samples, rows;
    const size_t x = index % COLUMNS * 4 + 2, y = index / COLUMNS * 4 + 2;
    oracle_component_size(format, component, src.image.width, src.image.height, &samples, &rows);
    const struct oracle_value v =
        oracle_value_at(&src.image, format, color, component, (uint32_t)(samples < src.image.width ? x / 2 : x),
                        (uint32_t)(rows < src.image.height ? y / 2 : y));
    return (2 * v.num + v.den >= 2 * v.den * (int64_t)sample) == !below;
}

static void test_thresholds(enum pixfer_format format, struct pixfer_color color, unsigned step)
{
    const unsigned top = 1u << oracle_depth(format), count = (top / step + 2) * 4;
    const struct picture_layout layout = picture_layout_random(&rng);
    unsigned found = 0;

    picture_place(&src, sources[rng_below(&rng, BYTE_SOURCES)], COLUMNS * 4 + 1, (count / COLUMNS + 1) * 4 + 1, &layout);
    picture_fill(&src, PICTURE_RANDOM, &rng);
    /* the last one is above the largest sample: full range reaches it and is clamped */
    for (unsigned turn = 0, sample = top; turn <= (top - 1) / step; sample = 1 + turn++ * step)
        for (unsigned i = 0; i < 4; i++) {
            const enum oracle_component component = i & 1 ? ORACLE_CR : ORACLE_CB;
            struct adversary block;
            if (!adversary_find(&block, format, &color, component, sample, i & 2, &rng))
                continue;
            thresholds++, met += block.distance == 0;
            place_block(&block, found);
            if (!at_threshold(format, &color, component, found++, sample, i & 2))
                fail("FAIL the search for thresholds: sample %u, %s\n", sample, color_name(&color));
        }
    check(format, &color);
}

/* ---- Every pair, colour and parity ---- */

static void test_pairs(unsigned step)
{
    for (unsigned i = 0; i < SOURCES * DESTINATIONS * COLORS; i += step) {
        const struct pixfer_color color = color_number(i % COLORS);
        const enum pixfer_format format = destinations[i / COLORS % DESTINATIONS];
        for (unsigned parity = 0; parity < 4; parity++) {
            const struct picture_layout layout = picture_layout_random(&rng);
            picture_place(&src, sources[i / COLORS / DESTINATIONS], 2 * (1 + rng_below(&rng, 20)) - (parity & 1),
                          2 * (1 + rng_below(&rng, 3)) - (parity >> 1), &layout);
            picture_fill(&src, (enum picture_content)rng_below(&rng, PICTURE_CONTENTS), &rng);
            check(format, &color);
        }
    }
}

/* ---- Siting: blue at one pixel of a black frame, whose Cb, limited, is 128 + 112 of the filter's share ---- */

static const struct {
    enum pixfer_format format;
    enum pixfer_siting siting;
    int column[3], row[3]; /* weights at -1, 0, +1 from (2x, 2y) */
} impulses[] = {
    {PIXFER_FORMAT_NV12, PIXFER_SITING_CENTER, {0, 1, 1}, {0, 1, 1}},
    {PIXFER_FORMAT_NV12, PIXFER_SITING_LEFT, {1, 2, 1}, {0, 1, 1}},
    {PIXFER_FORMAT_NV12, PIXFER_SITING_TOP_LEFT, {1, 2, 1}, {1, 2, 1}},
};

/* What the pixel at p of 0..last gives to the chroma sample at c, with edges replicated. */
static int share(const int weight[3], int c, int p, int last)
{
    int sum = 0;
    for (int i = 0; i < 3; i++) {
        const int at = 2 * c + i - 1, clamped = at < 0 ? 0 : at > last ? last : at;
        sum += clamped == p ? weight[i] : 0;
    }
    return sum;
}

static void test_impulse(unsigned which, const char *cpu, unsigned width, unsigned height, unsigned px, unsigned py)
{
    const struct pixfer_color color = {PIXFER_MATRIX_BT709, PIXFER_RANGE_LIMITED, impulses[which].siting};
    const int *column = impulses[which].column, *row = impulses[which].row;
    const int sum = (column[0] + column[1] + column[2]) * (row[0] + row[1] + row[2]);

    picture_place(&src, PIXFER_FORMAT_BGRA, width, height, &(struct picture_layout){0});
    for (unsigned i = 0; i < width * height; i++)
        picture_set(&src, i % width, i / width, (const uint8_t[3]){0, 0, 0});
    picture_set(&src, px, py, (const uint8_t[3]){0, 0, 255});
    picture_place(&got, impulses[which].format, width, height, &(struct picture_layout){0});
    if (!convert_pinned(cpu, &src.image, &got.image, &color)) {
        failures++;
        return;
    }
    for (unsigned i = 0; i < (width + 1) / 2 * ((height + 1) / 2); i++) {
        const unsigned x = i % ((width + 1) / 2), y = i / ((width + 1) / 2);
        const int w = share(column, (int)x, (int)px, (int)width - 1) * share(row, (int)y, (int)py, (int)height - 1);
        const unsigned expected = (unsigned)((2 * (128 * sum + 112 * w) + sum) / (2 * sum));
        const unsigned cb = oracle_get(&got.image, ORACLE_CB, x, y);
        if (cb != expected)
            fail("FAIL impulse, %s, %s: blue at (%u, %u) of %ux%u gives Cb (%u, %u) = %u, expected %u\n", cpu, color_name(&color),
                 px, py, width, height, x, y, cb, expected);
    }
}

static void test_impulses(void)
{
    for (const char *const *cpu = pixfer_cpu_names(); *cpu; cpu++)
        for (unsigned which = 0; which < 3; which++)
            for (unsigned size = 0; size < 4; size++) {
                const unsigned width = 70 + (size & 1), height = 4 + (size >> 1);
                for (unsigned i = 0; i < width * height; i++)
                    test_impulse(which, *cpu, width, height, i % width, i / width);
            }
}

int main(int argc, char **argv)
{
    static const enum pixfer_format shapes[] = {PIXFER_FORMAT_NV12, PIXFER_FORMAT_NV16, PIXFER_FORMAT_NV24, PIXFER_FORMAT_P010,
                                                PIXFER_FORMAT_I420, PIXFER_FORMAT_I422, PIXFER_FORMAT_I444};
    unsigned step = 1;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (!strcmp(argv[i], "--step"))
            step = (unsigned)atoi(argv[i + 1]);
        if (!strcmp(argv[i], "--seed"))
            rng.state = (uint64_t)atoll(argv[i + 1]);
    }
    if (!step)
        step = 1;
    for (unsigned i = 0; i < COLORS * (sizeof shapes / sizeof *shapes); i++)
        test_thresholds(shapes[i / COLORS], color_number(i % COLORS), step);
    test_pairs(step);
    test_impulses();
    if (met < thresholds / 2)
        fail("FAIL the search for thresholds: only %llu of %llu met\n", (unsigned long long)met, (unsigned long long)thresholds);
    printf("blocks: %llu thresholds from both sides, %llu met to the step\n", (unsigned long long)thresholds,
           (unsigned long long)met);
    printf("blocks: %llu conversions, %u failures\n", (unsigned long long)checked, failures);
    picture_free(&src), picture_free(&wanted), picture_free(&got);
    return failures != 0;
}

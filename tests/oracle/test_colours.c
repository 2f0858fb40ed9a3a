/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* All 2^24 colours: luma of every pixel and chroma of flat areas, every matrix, range and siting, on every instruction set of
 * this machine, against the oracle.
 *
 *     test_colours [--depth 8|10] [--step N] [--c-step N]
 *
 * N = 1 takes all colours, N > 1 every Nth block of 4096 of them; c-step is that of the C kernel, which is slow, in all but the first
 * layout, where a colour takes the fewest pixels.
 *
 * A colour is repeated so often side by side that one chroma sample sees nothing else: twice for centre, four times for
 * [1 2 1]. Frames are one row high: the rows that a filter wants above and below are replicas. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "convert.h"
#include "oracle.h"

#define BLOCK 4096 /* colours in a picture */
#define MAX_PINS 8

/* A converter per siting (444 counts as one) and instruction set, with what tells where to look. */
struct layout {
    enum pixfer_format format;
    enum pixfer_siting siting;
    unsigned repeat;      /* pixels a colour is wide */
    unsigned first, step; /* the chroma samples that see one colour only */
};

static const struct layout layouts8[] = {{PIXFER_FORMAT_NV24, PIXFER_SITING_LEFT, 1, 0, 1},
                                         {PIXFER_FORMAT_NV12, PIXFER_SITING_CENTER, 2, 0, 1},
                                         {PIXFER_FORMAT_NV12, PIXFER_SITING_LEFT, 4, 1, 2},
                                         {PIXFER_FORMAT_NV12, PIXFER_SITING_TOP_LEFT, 4, 1, 2}};
static const struct layout layouts10[] = {{PIXFER_FORMAT_P010, PIXFER_SITING_CENTER, 2, 0, 1},
                                          {PIXFER_FORMAT_P010, PIXFER_SITING_LEFT, 4, 1, 2},
                                          {PIXFER_FORMAT_P010, PIXFER_SITING_TOP_LEFT, 4, 1, 2}};

static uint8_t source[3][BLOCK * 4 * 4]; /* the colours 1, 2 and 4 times side by side, RGBA */
static uint8_t luma[BLOCK * 4 * 2], chroma[BLOCK * 4 * 2 * 2];
static uint16_t expected[3][BLOCK];

static void make_block(const struct pixfer_color *color, unsigned depth, unsigned block)
{
    for (unsigned i = 0; i < BLOCK; i++) {
        const unsigned c = block * BLOCK + i;
        const uint8_t pixel[4] = {(uint8_t)(c >> 16), (uint8_t)(c >> 8), (uint8_t)c, (uint8_t)(c * 37 + 11)};
        for (unsigned n = 0; n < 3; n++)
            for (unsigned j = 0; j < 1u << n; j++)
                memcpy(&source[n][((i << n) + j) * 4], pixel, 4);
        for (unsigned k = 0; k < 3; k++)
            expected[k][i] = (uint16_t)oracle_round(
                oracle_value_of(color, depth, (enum oracle_component)k, pixel[0], pixel[1], pixel[2], 1), depth);
    }
}

/* Bytes of 8-bit formats, words of P010, which has the sample on top. */
static unsigned got(const uint8_t *plane, size_t i, unsigned depth)
{
    uint16_t word;
    if (depth == 8)
        return plane[i];
    memcpy(&word, plane + 2 * i, 2);
    return word & 63 ? 0xffff : word >> 6;
}

static bool check(const struct layout *layout, unsigned depth, unsigned block, const char *cpu, const struct pixfer_color *color)
{
    static const char *const names[] = {"Y", "Cb", "Cr"};
    for (unsigned i = 0; i < BLOCK; i++) {
        unsigned sample[3], bad = 0;
        for (unsigned j = 1; j < layout->repeat; j++)
            bad |= got(luma, i * layout->repeat + j, depth) != expected[0][i];
        sample[0] = got(luma, i * layout->repeat, depth);
        for (unsigned k = 1; k < 3; k++)
            sample[k] = got(chroma, 2 * (layout->first + layout->step * i) + k - 1, depth);
        for (unsigned k = 0; k < 3; k++) {
            bad |= sample[k] != expected[k][i];
            if (bad) {
                printf("FAIL %s, rgba to %s, %s: colour %06x: %s is %u, expected %u (all of its pixels)\n", cpu,
                       pixfer_format_name(layout->format), color_name(color), block * BLOCK + i, names[k], sample[k],
                       expected[k][i]);
                return false;
            }
        }
    }
    return true;
}

static struct pixfer_image image_of(enum pixfer_format format, unsigned width, uint8_t *plane0, uint8_t *plane1)
{
    size_t rows, row0, row1;
    pixfer_plane_size(format, width, 1, 0, &row0, &rows);
    pixfer_plane_size(format, width, 1, 1, &row1, &rows);
    return (struct pixfer_image){
        .format = format, .width = width, .height = 1, .plane = {plane0, plane1}, .stride = {(ptrdiff_t)row0, (ptrdiff_t)row1}};
}

/* The C kernel is the last of the list. */
static bool sits_out(const char *const *cpu, unsigned layout, unsigned block, unsigned step, unsigned c_step)
{
    return !cpu[1] && layout && block / step % c_step != 0;
}

static bool test_color(struct pixfer_color color, unsigned depth, unsigned step, unsigned c_step)
{
    const struct layout *layouts = depth == 8 ? layouts8 : layouts10;
    const unsigned count = depth == 8 ? sizeof layouts8 / sizeof *layouts8 : sizeof layouts10 / sizeof *layouts10;
    struct pixfer_converter *converters[4][MAX_PINS] = {{NULL}};
    struct pixfer_image src[4], dst[4];
    const char *const *cpus = pixfer_cpu_names();
    bool ok = true;

    for (unsigned l = 0; l < count; l++) {
        const unsigned n = layouts[l].repeat / 2, width = BLOCK * layouts[l].repeat;
        color.siting = layouts[l].siting;
        src[l] = image_of(PIXFER_FORMAT_RGBA, width, source[n], NULL);
        dst[l] = image_of(layouts[l].format, width, luma, chroma);
        for (unsigned p = 0; cpus[p] && p < MAX_PINS; p++)
            ok = (converters[l][p] = open_pinned(cpus[p], &src[l], &dst[l], &color)) && ok;
    }
    for (unsigned block = 0; ok && block < (1u << 24) / BLOCK; block += step) {
        make_block(&color, depth, block);
        for (unsigned l = 0; ok && l < count; l++)
            for (unsigned p = 0; ok && cpus[p] && p < MAX_PINS; p++) {
                if (sits_out(&cpus[p], l, block, step, c_step))
                    continue;
                color.siting = layouts[l].siting;
                ok = pixfer_convert(converters[l][p], &src[l], &dst[l]) == PIXFER_OK &&
                     check(&layouts[l], depth, block, cpus[p], &color);
            }
    }
    for (unsigned i = 0; i < 4 * MAX_PINS; i++)
        pixfer_converter_close(&converters[i / MAX_PINS][i % MAX_PINS]);
    return ok;
}

int main(int argc, char **argv)
{
    unsigned step = 1, c_step = 1, failures = 0, only = 0;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (!strcmp(argv[i], "--step"))
            step = (unsigned)atoi(argv[i + 1]);
        if (!strcmp(argv[i], "--c-step"))
            c_step = (unsigned)atoi(argv[i + 1]);
        if (!strcmp(argv[i], "--depth"))
            only = (unsigned)atoi(argv[i + 1]);
    }
    for (unsigned depth = 8; depth <= 10; depth += 2)
        for (unsigned i = 0; i < 8 && (!only || only == depth); i++)
            failures += !test_color(color_number(i), depth, step ? step : 1, c_step ? c_step : 1);
    printf("colours:");
    for (const char *const *cpu = pixfer_cpu_names(); *cpu; cpu++)
        printf(" %s", *cpu);
    printf(failures ? ": %u of the colour spaces are wrong\n" : ": ok\n", failures);
    return failures != 0;
}

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* How far other converters are from the correctly rounded sample: the table of doc/exactness.md. Not a test.
 *
 *     field [--step N]      N > 1 takes every Nth block of 512 colours only
 *
 * Each of the 2^24 colours fills an area so large that no chroma filter looks beyond it; then noise, for the converters whose filter is
 * the box of centre siting. The converters are those of `pixfer bench convert`. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../bench/contender.h"
#include "oracle.h"
#include "random.h"

#define AREA 16 /* pixels a colour is wide: bicubic filters take 8 */
#define COLOURS 512
#define WIDTH (COLOURS * AREA)
#define ROWS 8

/* Of one component. */
struct tally {
    uint64_t samples, wrong;
    double worst, sum; /* of got - real */
};

static uint8_t rgba[WIDTH * ROWS * 4], nv12[WIDTH * ROWS * 3 / 2];

static void count(struct tally *tally, unsigned got, struct oracle_value value)
{
    const double error = got - (double)value.num / (double)value.den;
    tally->samples++;
    tally->wrong += got != oracle_round(value, 8);
    tally->worst = fabs(error) > fabs(tally->worst) ? error : tally->worst;
    tally->sum += error;
}

static void print(const char *name, const char *variant, const char *what, const struct tally tally[3])
{
    printf("| %s %s | %s |", name, variant, what);
    for (int i = 0; i < 3; i++)
        printf(" %.2f %% | %+.2f | %+.3f |", 100.0 * (double)tally[i].wrong / (double)tally[i].samples, tally[i].worst,
               tally[i].sum / (double)tally[i].samples);
    printf("\n");
    fflush(stdout);
}

static void flat_block(unsigned block, const struct pixfer_color *color, const struct pixfer_image *src,
                       const struct pixfer_image *dst, const struct contender_kind *kind, void *state, struct tally tally[3])
{
    for (unsigned x = 0; x < WIDTH; x++) {
        const unsigned c = block * COLOURS + x / AREA;
        const uint8_t pixel[4] = {(uint8_t)(c >> 16), (uint8_t)(c >> 8), (uint8_t)c, 255};
        memcpy(rgba + 4 * x, pixel, 4);
    }
    for (unsigned y = 1; y < ROWS; y++)
        memcpy(rgba + y * WIDTH * 4, rgba, WIDTH * 4);
    kind->run(state, src, dst);
    for (unsigned i = 0; i < COLOURS; i++) {
        const unsigned c = block * COLOURS + i, x = i * AREA + AREA / 2;
        for (enum oracle_component k = ORACLE_Y; k <= ORACLE_CR; k++)
            count(&tally[k], oracle_get(dst, k, k == ORACLE_Y ? x : x / 2, k == ORACLE_Y ? ROWS / 2 : ROWS / 4),
                  oracle_value_of(color, 8, k, c >> 16, c >> 8 & 255, c & 255, 1));
    }
}

static void noise_block(const struct pixfer_color *color, const struct pixfer_image *src, const struct pixfer_image *dst,
                        const struct contender_kind *kind, void *state, struct tally tally[3], struct rng *rng)
{
    rng_fill(rng, rgba, sizeof rgba);
    kind->run(state, src, dst);
    for (enum oracle_component k = ORACLE_Y; k <= ORACLE_CR; k++)
        for (unsigned y = 0; y < (k == ORACLE_Y ? ROWS : ROWS / 2); y++)
            for (unsigned x = 0; x < (k == ORACLE_Y ? WIDTH : WIDTH / 2); x++)
                count(&tally[k], oracle_get(dst, k, x, y), oracle_value_at(src, PIXFER_FORMAT_NV12, color, k, x, y));
}

static void measure(const struct contender_kind *kind, const char *variant, unsigned step)
{
    const struct contender_job job = {.width = WIDTH, .height = ROWS, .siting = PIXFER_SITING_CENTER, .threads = 1};
    const struct pixfer_color color = {kind->matrix, PIXFER_RANGE_LIMITED, PIXFER_SITING_CENTER};
    struct tally flat[3] = {{0}}, noise[3] = {{0}};
    struct contender_reason reason = {""};
    struct pixfer_image src, dst;
    struct rng rng = {1};
    void *state;

    if (!kind->open(&state, &job, variant, &reason)) {
        fprintf(stderr, "%s %s: %s\n", kind->name, variant, reason.text);
        return;
    }
    pixfer_image_layout(&src, PIXFER_FORMAT_RGBA, WIDTH, ROWS, rgba, 1);
    pixfer_image_layout(&dst, PIXFER_FORMAT_NV12, WIDTH, ROWS, nv12, 1);
    for (unsigned block = 0; block < (1u << 24) / COLOURS; block += step)
        flat_block(block, &color, &src, &dst, kind, state, flat);
    print(kind->name, variant, "flat", flat);
    for (unsigned i = 0; i < 64 && strcmp(kind->name, "swscale") != 0; i++)
        noise_block(&color, &src, &dst, kind, state, noise, &rng);
    if (noise->samples)
        print(kind->name, variant, "noise", noise);
    kind->close(state);
}

int main(int argc, char **argv)
{
    static const struct contender_kind *const kinds[] = {
        &contender_pixfer,
#if PIXFER_WITH_LIBYUV
        &contender_libyuv,
#endif
#if PIXFER_WITH_SWSCALE
        &contender_swscale,
#endif
        NULL
    };
    const int step = argc > 2 && !strcmp(argv[1], "--step") ? atoi(argv[2]) : 1;

    printf("| converter | content | Y wrong | worst | mean | Cb wrong | worst | mean | Cr wrong | worst | mean |\n"
           "|---|---|---|---|---|---|---|---|---|---|---|\n");
    for (unsigned i = 0; kinds[i]; i++)
        for (const char *const *variant = kinds[i]->variants(); *variant; variant++)
            measure(kinds[i], *variant, step > 0 ? (unsigned)step : 1);
    return 0;
}

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "checkasm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/platform/platform.h"

#define WIDTH 3840
#define STRIPS 4 /* 3840 pixels in RGBA, two rows, 4 times over: what stays in a second-level cache */
#define ROUNDS 15

static uint8_t pixels[STRIPS][3][12 * WIDTH], luma[STRIPS][2][2 * WIDTH], chroma[STRIPS][2][4 * WIDTH];

static double seconds(void)
{
    return pixfer_now();
}

static double run(pixfer_strip_kernel *kernel, const struct pixfer_kernel_config *config, unsigned turns)
{
    const double start = seconds();
    for (unsigned i = 0; i < turns; i++) {
        struct pixfer_strip strip = {.width = WIDTH};
        const unsigned s = i % STRIPS;
        for (unsigned row = 0; row < 3; row++)
            for (unsigned plane = 0; plane < 3; plane++)
                strip.src[row][plane] =
                    pixels[s][row] + (pixfer_load_is_planar(config->load) ? plane * pixfer_load_bytes(config->load) * WIDTH : 0);
        for (unsigned j = 0; j < 2; j++)
            strip.y[j] = luma[s][j], strip.chroma[j] = chroma[s][j];
        kernel(config, &strip);
    }
    return (seconds() - start) / turns;
}

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void bench_kernel(const struct options *options, enum pixfer_format src, enum pixfer_format dst, enum pixfer_siting siting)
{
    const struct pixfer_color color = {PIXFER_MATRIX_BT709, PIXFER_RANGE_LIMITED, siting};
    struct pixfer_kernel_config config;
    double times[PIXFER_ISA_COUNT][ROUNDS];
    unsigned turns[PIXFER_ISA_COUNT] = {0};

    if (!pixfer_kernel_config_init(&config, src, dst, &color))
        return;
    for (unsigned round = 0; round < ROUNDS; round++)
        for (enum pixfer_isa isa = PIXFER_ISA_C; isa < PIXFER_ISA_COUNT; isa++) {
            if (!isa_wanted(options, isa))
                continue;
            if (!round) /* a turn of 1 ms or so, and a warm-up */
                turns[isa] = 1 + (unsigned)(1e-3 / run(isa_kernel(isa, &config), &config, 2));
            times[isa][round] = run(isa_kernel(isa, &config), &config, turns[isa]);
        }
    printf("%-22s", kernel_name(src, dst, siting).text);
    for (enum pixfer_isa isa = PIXFER_ISA_C; isa < PIXFER_ISA_COUNT; isa++) {
        const unsigned rows = config.filter <= PIXFER_FILTER_420_TOP_LEFT ? 2 : 1;
        if (!turns[isa])
            continue;
        qsort(times[isa], ROUNDS, sizeof **times, by_size);
        printf("  %6s %8.1f ns %7.3f ns/px", pixfer_isa_names[isa], times[isa][ROUNDS / 2] * 1e9,
               times[isa][ROUNDS / 2] * 1e9 / WIDTH / rows);
    }
    printf("\n");
    fflush(stdout);
}

void bench_strips(const struct options *options)
{
    struct rng rng = {options->seed};
    if (options->plain)
        memset(pixels, 0x5a, sizeof pixels);
    else
        rng_fill(&rng, &pixels[0][0][0], sizeof pixels);
    for (size_t i = 1; i < sizeof pixels; i += 2) /* halves from 0 to 2 */
        (&pixels[0][0][0])[i] &= 0x3f;
    printf("checkasm: strips of %d pixels of %s in cache, median of %d rounds\n", WIDTH, options->plain ? "one colour" : "noise",
           ROUNDS);
    for (unsigned i = 0; i < SOURCES * DESTINATIONS * 3; i++) {
        const enum pixfer_format src = sources[i / 3 / DESTINATIONS], dst = destinations[i / 3 % DESTINATIONS];
        const enum pixfer_siting siting = (enum pixfer_siting)(i % 3);
        const bool full = dst == PIXFER_FORMAT_I444 || dst == PIXFER_FORMAT_NV24 || dst == PIXFER_FORMAT_I410;
        if (name_wanted(options, src, dst, siting) && !(full && siting))
            bench_kernel(options, src, dst, siting);
    }
}

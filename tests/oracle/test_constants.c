/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* Every constant that stands for a division, proven: for each matrix, range, depth, filter sum and sample, the kernels' integer
 * formula is evaluated for every value that the numerator can take, and must give the oracle's sample. */

#include <stdio.h>

#include "../../src/kernels/kernels.h"
#include "convert.h"
#include "oracle.h"

static unsigned failures, inexact, inexact_simd128;
static uint64_t evaluated;

/* The linear form of a sample: 2·num + den of the oracle's value is a·t + c, and t = (weights of the library)·(sums). */
struct sample {
    const struct pixfer_sample_math *math;
    int64_t a, c, den2;
    int32_t least, most; /* the range of t */
    unsigned top;
    enum oracle_component component;
    unsigned sum; /* of the filter's weights */
    const struct pixfer_lane_math *lane;
    int64_t lane_step;
    const struct pixfer_neon_sample *neon; /* NULL if there are no such constants */
    int64_t neon_step;
    const struct pixfer_simd128_sample *simd128; /* NULL if there are no such constants */
};

/* The oracle's numerator must be a multiple of the library's: their weights agree up to a factor. */
static bool describe(struct sample *sample, const struct pixfer_color *color, unsigned depth, enum oracle_component component,
                     unsigned sum)
{
    const struct oracle_value zero = oracle_value_of(color, depth, component, 0, 0, 0, sum);
    sample->a = 0;
    sample->least = sample->most = 0;
    for (int i = 0; i < 3; i++) {
        const int64_t w = oracle_value_of(color, depth, component, i == 0, i == 1, i == 2, sum).num - zero.num;
        const int16_t weight = sample->math->weight[i];
        if (!weight || w % weight || (i && w / weight != sample->a))
            return false;
        sample->a = w / weight;
        *(weight < 0 ? &sample->least : &sample->most) += weight * 255 * (int32_t)sum;
    }
    sample->a *= 2;
    sample->c = 2 * zero.num + zero.den;
    sample->den2 = 2 * zero.den;
    sample->top = (1u << depth) - 1;
    return true;
}

/* The oracle's sample by counting: it can only rise by one while t rises by one. */
static unsigned advance(const struct sample *sample, int64_t t, unsigned value)
{
    while (value < sample->top && sample->a * t + sample->c >= sample->den2 * ((int64_t)value + 1))
        value++;
    return value;
}

static unsigned generic(const struct sample *sample, int64_t t)
{
    const int64_t value = (t * sample->math->multiplier + sample->math->bias) >> PIXFER_SAMPLE_SHIFT;
    return (unsigned)(value > (int64_t)sample->top ? (int64_t)sample->top : value);
}

/* The arithmetic of kernels/arm on a mean that is t / (128·sum) of its weights. */
static unsigned neon(const struct sample *sample, int64_t t)
{
    const struct pixfer_neon_sample *n = sample->neon;
    const int64_t T = t * sample->neon_step + n->offset;
    const int64_t fixed = (2 * T * n->multiplier >> 32) >> PIXFER_NEON_NARROW;
    if (T < 0 || T > INT32_MAX)
        return UINT32_MAX;
    return (unsigned)(fixed > 65535 ? 65535 : fixed) >> (sample->top == 255 ? 8 : 6);
}

/* The arithmetic of kernels/wasm: three factors, each rounded for itself, so that pixels of one t differ a little. `error` is the
 * furthest that components can take the sum up or down, in units of 2^-50. */
static unsigned simd128_with(const struct sample *sample, int64_t t, bool up)
{
    const struct pixfer_simd128_sample *s = sample->simd128;
    const int rest = PIXFER_SAMPLE_SHIFT - 16 - s->shift;
    int64_t value = t * sample->math->multiplier + (s->offset_high * INT64_C(0x10000) + s->offset_low) * (INT64_C(1) << rest);
    for (int i = 0; i < 3; i++) {
        const int64_t factor = (s->high[i] * INT64_C(0x10000) + s->low[i]) * (INT64_C(1) << rest);
        const int64_t error = factor - sample->math->weight[i] * sample->math->multiplier;
        if (error > 0 ? up : !up)
            value += error * 255 * sample->sum;
    }
    value >>= PIXFER_SAMPLE_SHIFT;
    return (unsigned)(value > (int64_t)sample->top ? (int64_t)sample->top : value);
}

static unsigned simd128_least(const struct sample *sample, int64_t t)
{
    return simd128_with(sample, t, false);
}

static unsigned simd128_most(const struct sample *sample, int64_t t)
{
    return simd128_with(sample, t, true);
}

/* The arithmetic of kernels/x86: lane_math.h. */
static unsigned lane(const struct sample *sample, int64_t t)
{
    const struct pixfer_lane_math *l = sample->lane;
    const unsigned i = sample->component - 1u, shift = sample->top == 255 ? PIXFER_LUMA_SHIFT_8 : PIXFER_LUMA_SHIFT_10;
    if (sample->component == ORACLE_Y) {
        const uint32_t T = l->offset + (uint32_t)(sample->lane_step * t);
        return (unsigned)(T * (uint64_t)l->y_multiplier >> shift) & sample->top;
    }
    const uint32_t u = l->offset * sample->sum - (uint32_t)(sample->lane_step * t);
    const uint64_t product = l->bias[i] - u * (uint64_t)l->multiplier[i];
    const uint32_t value = (uint32_t)(product >> 32) >> (l->chroma_shift[i] - 32);
    return sample->top == 255 ? value & 255 : value < 1 ? 1 : value > 1023 ? 1023 : value;
}

/* One way to compute a sample, under the name that a failure is told by. */
typedef unsigned formula(const struct sample *sample, int64_t t);

static bool equal(formula *f, const char *kernels, const struct sample *sample, int64_t t, unsigned value, const char *name)
{
    const unsigned got = f(sample, t);
    if (got == value)
        return true;
    failures++;
    printf("FAIL %s, %s: t = %lld gives %u, expected %u\n", kernels, name, (long long)t, got, value);
    return false;
}

static void sweep(const struct sample *sample, const char *name)
{
    unsigned value = advance(sample, sample->least, 0);
    for (int64_t t = sample->least; t <= sample->most; t++) {
        value = advance(sample, t, value);
        evaluated++;
        if (!equal(generic, "C", sample, t, value, name) || !equal(lane, "x86", sample, t, value, name) ||
            (sample->neon && !equal(neon, "NEON", sample, t, value, name)) ||
            (sample->simd128 && (!equal(simd128_least, "simd128", sample, t, value, name) ||
                                 !equal(simd128_most, "simd128", sample, t, value, name))))
            return;
    }
}

static const enum pixfer_format shapes[] = {PIXFER_FORMAT_NV12, PIXFER_FORMAT_NV16, PIXFER_FORMAT_NV24, PIXFER_FORMAT_P010};

static void test_config(enum pixfer_format format, const struct pixfer_color *color)
{
    static const char *const names[] = {"Y", "Cb", "Cr"};
    struct pixfer_kernel_config config;
    int sum;

    if (!pixfer_kernel_config_init(&config, PIXFER_FORMAT_RGBA, format, color)) {
        printf("FAIL rgba to %s is no conversion\n", pixfer_format_name(format));
        failures++;
        return;
    }
    pixfer_neon_math_init(&config.neon, &config);
    inexact += !config.neon.exact;
    pixfer_simd128_math_init(&config.simd128, &config);
    inexact_simd128 += !config.simd128.exact;
    if (!pixfer_lane_math_init(&config.lane, &config)) {
        printf("FAIL %s, %s: no constants for x86\n", pixfer_format_name(format), color_name(color));
        failures++;
        return;
    }
    oracle_filter(format, color->siting, 0, 0, 0, 0, &sum);
    for (enum oracle_component c = ORACLE_Y; c <= ORACLE_CR; c++) {
        const unsigned n = c == ORACLE_Y ? 1 : (unsigned)sum;
        struct sample sample = {.math = c == ORACLE_Y ? &config.math.y : &config.math.chroma[c - 1],
                                .component = c,
                                .sum = n,
                                .lane = &config.lane,
                                .lane_step = config.lane.green_weight / config.math.y.weight[1]};
        char name[96];

        snprintf(name, sizeof name, "%s, %s, %s", pixfer_format_name(format), color_name(color), names[c]);
        if (!describe(&sample, color, oracle_depth(format), c, n)) {
            printf("FAIL %s: the weights are not the oracle's\n", name);
            failures++;
            continue;
        }
        if (config.neon.exact) {
            sample.neon = &config.neon.sample[c];
            sample.neon_step = config.neon.sample[c].weight[0] / sample.math->weight[0] * (128 / (int)n);
        }
        if (config.simd128.exact)
            sample.simd128 = &config.simd128.sample[c];
        sweep(&sample, name);
    }
}

int main(void)
{
    for (unsigned i = 0; i < COLORS * (sizeof shapes / sizeof *shapes); i++) {
        const struct pixfer_color color = color_number(i % COLORS);
        test_config(shapes[i / COLORS], &color);
    }
    printf("constants: %llu numerators, %u failures, %u configurations without constants for NEON, %u for simd128\n",
           (unsigned long long)evaluated, failures, inexact, inexact_simd128);
    return failures != 0 || inexact > 5 || inexact_simd128 > 7;
}

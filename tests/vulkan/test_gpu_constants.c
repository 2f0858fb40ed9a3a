/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* The shader's arithmetic, min((W·(r, g, b) + O) / D, max) in wrapping 32 bits, for every configuration: which ones fit is a table
 * here, and for those that do, the formula with the constants that a shader gets steps from one sample to the next at the very
 * numerators where the oracle's value does. Both rise with the numerator, so that is all of its range. */

#include <stdio.h>
#include <string.h>

#include "../../src/backends/gpu/gpu.h"
#include "../../src/core/color.h"
#include "oracle.h"

static unsigned failures, proven, refused;

static const struct {
    enum pixfer_matrix matrix;
    const char *name;
} matrices[] = {{PIXFER_MATRIX_BT709, "BT.709"},
                {PIXFER_MATRIX_BT601, "BT.601"},
                {PIXFER_MATRIX_SMPTE240M, "SMPTE 240M"},
                {PIXFER_MATRIX_BT2020_NCL, "BT.2020"}};

/* A destination format and a siting for each depth and sum of the filter's weights, NONE where pixfer has no such format. */
static const struct {
    enum pixfer_format format;
    enum pixfer_siting siting;
    unsigned depth, sum;
} filters[] = {
    {PIXFER_FORMAT_I444, PIXFER_SITING_LEFT, 8, 1},       {PIXFER_FORMAT_I422, PIXFER_SITING_CENTER, 8, 2},
    {PIXFER_FORMAT_NV16, PIXFER_SITING_LEFT, 8, 4},       {PIXFER_FORMAT_NV12, PIXFER_SITING_CENTER, 8, 4},
    {PIXFER_FORMAT_NV12, PIXFER_SITING_LEFT, 8, 8},       {PIXFER_FORMAT_NV12, PIXFER_SITING_TOP_LEFT, 8, 16},
    {PIXFER_FORMAT_P010, PIXFER_SITING_CENTER, 10, 4},    {PIXFER_FORMAT_P010, PIXFER_SITING_LEFT, 10, 8},
    {PIXFER_FORMAT_P010, PIXFER_SITING_TOP_LEFT, 10, 16},
};

/* The formula as the shader computes it. */
static uint32_t shader(const uint32_t weight[3], uint32_t offset, uint32_t divisor, uint32_t max, const int32_t rgb[3])
{
    const uint32_t sum = weight[0] * (uint32_t)rgb[0] + weight[1] * (uint32_t)rgb[1] + weight[2] * (uint32_t)rgb[2] + offset;
    const uint32_t value = sum / divisor;

    return value < max ? value : max;
}

struct sample {
    const struct pixfer_color *color;
    unsigned depth, sum;
    enum oracle_component component;
    uint32_t weight[3], offset, divisor;
};

static unsigned expected(const struct sample *s, const int32_t rgb[3])
{
    return oracle_round(oracle_value_of(s->color, s->depth, s->component, rgb[0], rgb[1], rgb[2], s->sum), s->depth);
}

/* Each component from end to end in the company of many others: all values of the formula's steps, and of its ends. */
static bool prove(const struct sample *s)
{
    const int32_t top = 255 * (int32_t)s->sum, max = (1 << s->depth) - 1;
    static const int32_t others[] = {0, 1, 3, 60, 128, 200, 254, 255};

    for (int vary = 0; vary < 3; vary++)
        for (size_t a = 0; a < sizeof(others) / sizeof(*others); a++)
            for (size_t b = 0; b < sizeof(others) / sizeof(*others); b++)
                for (int32_t v = 0; v <= top; v++) {
                    int32_t rgb[3];
                    rgb[vary] = v;
                    rgb[(vary + 1) % 3] = others[a] * top / 255;
                    rgb[(vary + 2) % 3] = others[b] * top / 255 - (others[b] && s->sum > 1);
                    const unsigned found = shader(s->weight, s->offset, s->divisor, (uint32_t)max, rgb), want = expected(s, rgb);
                    if (found != want) {
                        printf("component %d at sums (%d, %d, %d): found %u, expected %u\n", (int)s->component, rgb[0], rgb[1],
                               rgb[2], found, want);
                        return false;
                    }
                }
    return true;
}

/* Where the numerator steps over a sample: with v the sample's lower end as the oracle has it, W·rgb + O crosses v·D at the same
 * numerators. Written out in 64 bits: 2·D·(num / den) + D must equal 2·(W·rgb + O) + (D odd), for weights and constant alike. */
static bool same_fraction(const struct sample *s)
{
    const struct oracle_value zero = oracle_value_of(s->color, s->depth, s->component, 0, 0, 0, s->sum);
    const int64_t D = s->divisor, odd = D & 1;
    int64_t least = s->offset, most = s->offset;

    for (int i = 0; i < 3; i++) {
        const int64_t step = oracle_value_of(s->color, s->depth, s->component, i == 0, i == 1, i == 2, s->sum).num - zero.num;
        const int64_t weight = (int32_t)s->weight[i];
        if (step * D != weight * zero.den)
            return false;
        *(weight < 0 ? &least : &most) += weight * 255 * s->sum;
    }
    return 2 * D * zero.num + D * zero.den == (2 * (int64_t)s->offset + odd) * zero.den && least >= 0 && most <= UINT32_MAX;
}

static void check(const char *matrix, const struct pixfer_color *color, size_t filter)
{
    const unsigned depth = filters[filter].depth, sum = filters[filter].sum;
    const bool coarse = color->matrix == PIXFER_MATRIX_BT601 || color->matrix == PIXFER_MATRIX_SMPTE240M; /* weights of 1000 */
    const bool expected_fit =
        depth == 8 || color->range == PIXFER_RANGE_LIMITED || coarse || (color->matrix == PIXFER_MATRIX_BT709 && sum <= 4);
    const struct pixfer_backend_config config = {PIXFER_FORMAT_RGBA, filters[filter].format, 64, 64, *color, NULL, 1,
                                                 .log = NULL};
    struct pixfer_gpu_constants k;
    struct pixfer_reason reason = {""};
    const bool fit = pixfer_gpu_constants_init(&k, "test", &config, &reason) == PIXFER_OK;

    if (fit != pixfer_gpu_fits(color, depth, sum) || fit != expected_fit || fit == (reason.text[0] != 0)) {
        printf("%s, %s range, %u bits, filter sum %u: found that it %s in 32 bits (%s)\n", matrix,
               color->range ? "full" : "limited", depth, sum, fit ? "fits" : "does not fit", reason.text);
        failures++;
        return;
    }
    if (!fit) {
        refused++;
        return;
    }
    for (int component = 0; component < 3; component++) {
        const uint32_t *words = component == 0 ? k.luma : component == 1 ? k.cb : k.cr;
        struct sample s = {color, depth, component ? sum : 1, (enum oracle_component)component, {words[0], words[1]}, 0, 0};

        s.weight[2] = component ? 0 - (words[0] + words[1]) : words[2];
        s.offset = component ? words[2] : words[3];
        s.divisor = component ? words[3] : k.source[3];
        if (!same_fraction(&s) || !prove(&s)) {
            printf("%s, %s range, %u bits, filter sum %u, component %d: another number than the oracle's\n", matrix,
                   color->range ? "full" : "limited", depth, sum, component);
            failures++;
        }
        proven++;
    }
}

int main(void)
{
    for (size_t matrix = 0; matrix < sizeof(matrices) / sizeof(*matrices); matrix++)
        for (int range = 0; range < 2; range++)
            for (size_t filter = 0; filter < sizeof(filters) / sizeof(*filters); filter++) {
                const struct pixfer_color color = {matrices[matrix].matrix, (enum pixfer_range)range, filters[filter].siting};

                check(matrices[matrix].name, &color, filter);
            }
    printf("%u samples' formulas proven, %u configurations do not fit, %u failures\n", proven, refused, failures);
    return failures || !proven;
}

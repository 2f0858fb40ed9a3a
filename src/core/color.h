/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_SRC_COLOR_H
#define PIXFER_SRC_COLOR_H

/* Kr, Kb, range and bit depth as exact integers. With w the integer weights of a sample's numerator t = w·(c0, c1, c2, c3),
 * summed over the chroma filter with sum of weights n, the sample that doc/exactness.md defines is
 *
 *     clamp(floor((t·num / (den·n) + base) + 1/2))
 *
 * and, proven over the whole range of t for components of 8 bits and samples of 8 or 10, equals
 * clamp((t·multiplier + bias) >> PIXFER_SAMPLE_SHIFT) in 64 bits. */

#include <pixfer/convert.h>
#include <stdbool.h>

#define PIXFER_SAMPLE_SHIFT 50

struct pixfer_sample_math {
    int16_t weight[4]; /* per component of a source pixel */
    int64_t multiplier, bias;

    /* The sample's real value is t·num / den + base; num and den have no common divisor. */
    int64_t num, den;
    int32_t base;
};

struct pixfer_color_math {
    struct pixfer_sample_math y, chroma[2];
    int32_t max; /* 255, 1023, 4095 or 65535 */
};

static inline bool pixfer_max_is_10_bit(int32_t max)
{
    return max == 1023;
}

/* depth is 8, 10, 12 or 16, filter_sum the chroma filter's sum of weights, white the value of a component that stands for 1, at most
 * 2^24; weights come in the order R, G, B, 0 and Cb is chroma[0]. */
void pixfer_color_math_init(struct pixfer_color_math *math, const struct pixfer_color *color, unsigned depth, unsigned filter_sum,
                            int32_t white);

#endif

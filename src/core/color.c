/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "color.h"

/* H.273 table 4: Kr, Kg, Kb as integers over a common denominator. */
struct weights {
    int r, g, b, one;
};

static struct weights weights_of(enum pixfer_matrix matrix)
{
    switch (matrix) {
    case PIXFER_MATRIX_BT601:
        return (struct weights){299, 587, 114, 1000};
    case PIXFER_MATRIX_SMPTE240M:
        return (struct weights){212, 701, 87, 1000};
    case PIXFER_MATRIX_BT2020_NCL:
        return (struct weights){2627, 6780, 593, 10000};
    default:
        return (struct weights){1063, 3576, 361, 5000};
    }
}

static int64_t greatest_common_divisor(int64_t a, int64_t b)
{
    while (b) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* Beyond 10 bits a sample needs more than 64 bits this way. */
#define PROVEN_NUM 1023

/* multiplier = round(num / den · 2^50) and bias = (base + 1/2) · 2^50, plus a little. With num / den reduced, x + 1/2 is a multiple
 * of 1 / (2·den). Rounding the multiplier moves it by less than half of that over the whole range of t (0.24 of it at the
 * most), so with half of it added a value on an integer or above stays there, a tie goes up, and one below stays below.
 * num < 2^11 and t·num/den < 2^11, so nothing reaches 2^63. */
static void sample_math(struct pixfer_sample_math *math, int64_t num, int64_t den, int base)
{
    const int64_t one = INT64_C(1) << PIXFER_SAMPLE_SHIFT, divisor = greatest_common_divisor(num, den);

    num /= divisor;
    den /= divisor;
    math->num = num;
    math->den = den;
    math->base = base;
    if (num > PROVEN_NUM || base >= 1 << 12) /* sums of more bits do not fit, and kernels of more bits do without */
        return;
    math->multiplier = (num * one + den / 2) / den;
    math->bias = (2 * base + 1) * (one / 2) + one / (4 * den);
}

void pixfer_color_math_init(struct pixfer_color_math *math, const struct pixfer_color *color, unsigned depth, unsigned filter_sum,
                            int32_t white)
{
    const struct weights w = weights_of(color->matrix);
    const int full = color->range == PIXFER_RANGE_FULL, scale = 1 << (depth - 8), top = (1 << depth) - 1;

    *math = (struct pixfer_color_math){
        .y.weight = {(int16_t)w.r, (int16_t)w.g, (int16_t)w.b},
        .chroma[0].weight = {(int16_t)-w.r, (int16_t)-w.g, (int16_t)(w.one - w.b)},
        .chroma[1].weight = {(int16_t)(w.one - w.r), (int16_t)-w.g, (int16_t)-w.b},
        .max = top,
    };
    sample_math(&math->y, full ? top : 219 * scale, (int64_t)white * w.one, full ? 0 : 16 * scale);
    for (int i = 0; i < 2; i++)
        sample_math(&math->chroma[i], full ? top : 224 * scale, (int64_t)2 * white * filter_sum * (w.one - (i ? w.r : w.b)),
                    128 * scale);
}

#undef PROVEN_NUM

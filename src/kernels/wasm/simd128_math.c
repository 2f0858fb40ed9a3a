/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "simd128_math.h"

#include "../kernels.h"

static int64_t simd128_divide_up(int64_t a, int64_t b)
{
    return a / b + (a % b > 0);
}

/* Everything below is in units of 2^-PIXFER_SAMPLE_SHIFT of a sample, as color.h's multiplier and bias are. */
struct simd128_range {
    int64_t least, most;
};

/* What a sum of factors times components can be while each component goes from 0 to top. */
static struct simd128_range simd128_range_of(const int64_t factor[3], int64_t top)
{
    struct simd128_range range = {0, 0};

    for (int i = 0; i < 3; i++)
        *(factor[i] < 0 ? &range.least : &range.most) += factor[i] * top;
    return range;
}

/* The offsets with which every sample v begins at the t where it should: from `least` to below `most`. */
static struct simd128_range exact_simd128_offsets(const struct pixfer_sample_math *math, int32_t max, struct simd128_range t,
                                                  struct simd128_range error)
{
    const int64_t first = (t.least * math->multiplier + math->bias) >> PIXFER_SAMPLE_SHIFT;
    const int64_t last = (t.most * math->multiplier + math->bias) >> PIXFER_SAMPLE_SHIFT;
    struct simd128_range offset = {INT64_MIN, INT64_MAX};

    for (int64_t v = first; v <= last + 1 && v <= max; v++) {
        const int64_t threshold = v << PIXFER_SAMPLE_SHIFT;
        const int64_t begin = simd128_divide_up(threshold - math->bias, math->multiplier);
        const int64_t reach = threshold - (begin < t.least ? t.least : begin) * math->multiplier - error.least;
        const int64_t stay = threshold - ((begin > t.most ? t.most + 1 : begin) - 1) * math->multiplier - error.most;

        if (v <= last && reach > offset.least)
            offset.least = reach;
        if (v > first && stay < offset.most)
            offset.most = stay;
    }
    return offset;
}

static bool find_simd128_sample(struct pixfer_simd128_sample *out, const struct pixfer_sample_math *math, unsigned skip,
                                int32_t max, unsigned filter_sum)
{
    const int64_t top = (int64_t)255 * filter_sum;
    int64_t weight[3], widest = 0, error[3];
    unsigned fraction = PIXFER_SAMPLE_SHIFT;

    for (int i = 0; i < 3; i++) {
        weight[i] = math->weight[i + skip];
        widest = weight[i] > widest ? weight[i] : -weight[i] > widest ? -weight[i] : widest;
    }
    /* As many bits of fraction as leave the widest factor below 2^31 - 2^15: its upper limb is rounded. */
    while ((widest * math->multiplier >> (PIXFER_SAMPLE_SHIFT - fraction)) >= INT32_MAX - INT16_MAX)
        fraction--;

    const unsigned rest = PIXFER_SAMPLE_SHIFT - fraction;
    *out = (struct pixfer_simd128_sample){.shift = (int32_t)fraction - 16};
    for (int i = 0; i < 3; i++) {
        const int64_t real = weight[i] * math->multiplier, rounded = (real + (INT64_C(1) << rest >> 1)) >> rest;
        const int64_t high = (rounded + 0x8000) >> 16;

        out->high[i + skip] = (int16_t)high;
        out->low[i + skip] = (int16_t)(rounded - high * 0x10000);
        error[i] = rounded * (INT64_C(1) << rest) - real;
    }
    const struct simd128_range offsets =
        exact_simd128_offsets(math, max, simd128_range_of(weight, top), simd128_range_of(error, top));
    const int64_t offset = simd128_divide_up(offsets.least, INT64_C(1) << rest);

    out->offset_high = (int32_t)(offset >> 16);
    out->offset_low = (int32_t)(offset & 0xffff);
    return offset * (INT64_C(1) << rest) < offsets.most;
}

void pixfer_simd128_math_init(struct pixfer_simd128_math *out, const struct pixfer_kernel_config *config)
{
    const struct pixfer_color_math *math = &config->math;
    const unsigned sum = pixfer_filter_sum(config->filter), skip = !math->y.weight[0];

    out->exact = find_simd128_sample(&out->sample[0], &math->y, skip, math->max, 1) &&
                 find_simd128_sample(&out->sample[1], &math->chroma[0], skip, math->max, sum) &&
                 find_simd128_sample(&out->sample[2], &math->chroma[1], skip, math->max, sum);
}

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_SRC_KERNELS_SIMD128_MATH_H
#define PIXFER_SRC_KERNELS_SIMD128_MATH_H

/* The numbers of pixfer_color_math recast for i32x4.dot_i16x8_s, the one multiplication of WebAssembly's vectors that is cheap
 * on every processor. A component's factor weight·num/(den·sum) is written with f bits of fraction in two 16-bit limbs,
 *
 *     factor·2^f  =~  W  =  high·2^16 + low,      |high| < 2^15, -2^15 <= low < 2^15
 *
 * and with c0, c1, c2 the components, summed over the filter, the sample is
 *
 *     (offset_high + Σ high·c + ((offset_low + Σ low·c) >> 16)) >> (f - 16)
 *
 * clamped at the top only. The limbs lose nothing: what is shifted out of the low sum is below one unit of the high one.
 *
 * Rounding the three factors moves the value within an interval that is known before any pixel is: each factor's error times
 * the component's range. So the offset is exact for all pixels if, with the numerator t of color.h, every step from one
 * sample to the next is still taken at its t with the least error and not one t earlier with the greatest. Such offsets exist
 * for all 8-bit samples and for some of P010; otherwise `exact` is false and the rest means nothing. */

#include <stdbool.h>
#include <stdint.h>

struct pixfer_simd128_sample {
    int16_t high[4], low[4]; /* by component in memory order; packed pixels of four have a 0 for alpha */
    int32_t offset_high, offset_low;
    int32_t shift; /* f - 16 */
};

struct pixfer_simd128_math {
    struct pixfer_simd128_sample sample[3]; /* Y and the two chroma samples in memory order */
    bool exact;
};

struct pixfer_kernel_config;

/* From the rest of config; in integers, by the bound above. */
void pixfer_simd128_math_init(struct pixfer_simd128_math *out, const struct pixfer_kernel_config *config);

#endif

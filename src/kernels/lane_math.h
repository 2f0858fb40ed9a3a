/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_SRC_KERNELS_LANE_MATH_H
#define PIXFER_SRC_KERNELS_LANE_MATH_H

/* The numbers of pixfer_color_math recast for kernels that sum in 32-bit lanes and scale with 32 x 32 -> 64 bit multiplies.
 *
 * Luma. With W = k·w (k a small integer, w the integer weights of color.h) and T = offset + W·(c0, c1, c2) modulo 2^32,
 *
 *     Y = (T · y_multiplier) >> y_shift, its low 8 or 10 bits
 *
 * Base and rounding half are in the offset, which the dot product's accumulator starts from, so they cost nothing. No offset
 * near (base + 1/2) / scale is exact for BT.709 limited range; but as bits above the sample are ignored, so is any multiple of
 * 2^(y_shift + depth) in the product, and among those thousands of offsets there are exact ones.
 *
 * Chroma. Cb's numerator is one·B − w·(c0, c1, c2) with one the sum of the weights, and Cr's the same with R, so it follows from
 * luma's: with D = k·one and sums over the chroma filter
 *
 *     u  = sum(T) − D · sum(c)                                     c is B or R; u is in 0 … 2^32 − 1
 *     C  = (bias − u · multiplier) >> chroma_shift                 in 64 bits, 0 … max
 *
 * A tie goes up and full range's 255.5 ends at 255, without a clamp: the multiplier is a little small, and the bias such that
 * 254.5 still rounds up and 255.5 does not. Only 10-bit kernels clamp C to 1 … 1023, as not all multipliers that takes fit 32 bits.
 * Every number is chosen by looking at both sides of every step from one sample to the next, so it is exact or refused.
 *
 * Components of 10 bits (PACKED10) go the same way: sums over the chroma filter are at most 1023 · 16 and fit the same words, only shifts
 * are larger. To 8 bits of full range some matrices have no such numbers; there C does it. */

#include <stdbool.h>
#include <stdint.h>

struct pixfer_kernel_config;

struct pixfer_lane_math {
    uint8_t alpha_first; /* packed pixels of four: 1 if the components start at byte 1 */

    /* Components are taken as one and a pair: green, and red and blue in memory order. */
    uint8_t green, pair[2];    /* which component (after alpha, if that is first), or which plane */
    uint8_t chroma_of_pair[2]; /* chroma sample i is made from pair[chroma_of_pair[i]] */

    int16_t green_weight, pair_weight[2], chroma_weight; /* k·w and D */
    uint32_t offset, y_multiplier;
    uint32_t multiplier[2];
    uint64_t bias[2];
    uint8_t chroma_shift[2];

    /* The same as the lanes of a vector repeat them, so that a strip begins with nothing but loads. */
    struct pixfer_lanes {
        uint64_t bias[2], shift;
        uint32_t y_multiplier, multiplier[2], offset, pair_weight, green_weight;
        uint32_t chroma_weight[2]; /* −D for both pixels of a pair; with 4:4:4 −D for the component of each sample */
        uint8_t pairing[16];       /* shuffles two pixels' pair words into the order of the chroma samples */
        uint64_t shift8[2];        /* bring a sample to byte 5 of its product */
    } lanes;
};

/* Where the sample starts in the 64-bit product. With 8 bits these are constants, so that kernels can have them as such: luma
 * and 4:2:0 chroma lie on a byte boundary. */
#define PIXFER_LUMA_SHIFT_8 40
#define PIXFER_LUMA_SHIFT_10 42
#define PIXFER_CHROMA_SHIFT_420 48
#define PIXFER_CHROMA_SHIFT_422 47
#define PIXFER_CHROMA_SHIFT_444 46
#define PIXFER_CHROMA_SHIFT_MOST 52

/* Components of 10 bits need all the bits that a multiplier can have. */
#define PIXFER_LUMA_SHIFT_DEEP 46

static inline unsigned pixfer_luma_shift(bool deep, bool wide)
{
    return deep ? PIXFER_LUMA_SHIFT_DEEP : wide ? PIXFER_LUMA_SHIFT_10 : PIXFER_LUMA_SHIFT_8;
}

/* From the rest of config. If there are no such numbers all are 0, and no kernel that needs them may be used; a test proves that
 * there are for every configuration. */
bool pixfer_lane_math_init(struct pixfer_lane_math *lane, const struct pixfer_kernel_config *config);

#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_SRC_KERNELS_NEON_MATH_H
#define PIXFER_SRC_KERNELS_NEON_MATH_H

/* The numbers of pixfer_color_math recast for SQDMULH, which multiplies four 32-bit lanes and keeps the high halves: one
 * instruction where a 32 x 32 -> 64 bit multiply, its twin for the upper lanes and a gathering of the halves take three.
 *
 * Every filter gives each component's weighted mean times 128, m (at most 32640, so it is a signed 16-bit lane). With
 *
 *     T      = offset + weight[0]·m0 + weight[1]·m1 + weight[2]·m2          0 <= T < 2^31
 *     fixed  = min((2·T·multiplier >> 32) >> 14, 65535)                     SQDMULH, UQSHRN
 *
 * the sample is the upper 8 bits of `fixed`, or its upper 10: base and rounding half are in the offset, the clamp of 255.5 is the
 * saturation. T has steps of weight·128/sum where the numerator t of color.h has steps of 1, so the offset is fine enough to
 * take the place of a 64-bit bias. Exact constants exist for every configuration but five: P010 of full range, in BT.2020 and, with a
 * filter sum of 8 or 16, in BT.709. */

#include <stdbool.h>
#include <stdint.h>

#define PIXFER_NEON_NARROW 14

struct pixfer_neon_sample {
    int16_t weight[4]; /* a small multiple of the one in color.h, of the components without alpha; [3] is 0 */
    int32_t offset, multiplier;
};

struct pixfer_neon_math {
    struct pixfer_neon_sample sample[3]; /* Y and the two chroma samples in memory order */
    bool alpha_first;                    /* packed pixels of four: the components start at byte 1 */
    bool exact;                          /* false: there are no such constants, the rest means nothing */
};

struct pixfer_kernel_config;

/* From the rest of config. The constants are found by looking at both sides of every step from one sample to the next, so
 * they are exact or there are none. */
void pixfer_neon_math_init(struct pixfer_neon_math *neon, const struct pixfer_kernel_config *config);

#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_SRC_KERNELS_DEEP_MATH_H
#define PIXFER_SRC_KERNELS_DEEP_MATH_H

/* The numbers of pixfer_color_math recast for components of up to 24 bits, whose numerators t have up to 42.
 *
 * Integers (deep_c.c). A sample is floor((num2·t + add) / den2) with everything below 2^60: a quotient in floating point, which may be off
 * by one, and its remainder in integers, which tells.
 *
 * Floating point (the vectors). t is exact in a double; a sample is t·scale + bias, one fused operation, rounded to the nearest integer by
 * the addition of 2^52. The real value x is a multiple of 1/(2·den) away from a tie, so with 1/(4·den) in the bias a tie goes up, what lies
 * below one stays below, and an error of less than that changes nothing. The errors: scale's rounding, at most 2^-53 of the product, which
 * is below 2^depth; bias' and the result's, at most 2^(depth - 54) each. Together less than 2^(depth - 52); `exact` says that 1/(4·den)
 * is more. This takes the processor's rounding to nearest, which is what C programs start with. */

#include <stdbool.h>
#include <stdint.h>

struct pixfer_kernel_config;

struct pixfer_deep_sample {
    int64_t num2, add, den2;
    double inverse; /* of den2 */

    double weight[3]; /* of the components that lane kernels call first, green and last */
    double scale, bias;
};

struct pixfer_deep_math {
    struct pixfer_deep_sample y, chroma[2];
    bool exact;           /* the formula in floating point is */
    int16_t y_weight[3];  /* luma's weights, in the order first, green, last */
    uint8_t component[3]; /* which they are in memory */
};

/* From the rest of config. */
void pixfer_deep_math_init(struct pixfer_deep_math *deep, const struct pixfer_kernel_config *config);

#endif

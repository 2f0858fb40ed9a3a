/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_TESTS_ADVERSARY_H
#define PIXFER_TESTS_ADVERSARY_H

#include <stdbool.h>

#include "oracle.h"
#include "random.h"

/* Blocks of pixels whose chroma lies as near to a rounding threshold as any can: where arithmetic that is only almost exact
 * goes wrong. */

/* The pixels a chroma sample is made from, [row][column][R, G, B], around the pixel (1, 1). */
struct adversary {
    uint8_t pixel[3][3][3];
    int64_t distance; /* steps of the numerator from the threshold: 0 is the least on it or above, or the greatest below */
};

/* Finds a block for which `component` lies nearest to the threshold between sample - 1 and sample, on it or above, or below.
 * False if the component never comes to that side. */
bool adversary_find(struct adversary *block, enum pixfer_format format, const struct pixfer_color *color,
                    enum oracle_component component, unsigned sample, bool below, struct rng *rng);

#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_TESTS_LIGHT_ORACLE_H
#define PIXFER_TESTS_LIGHT_ORACLE_H

/* What a frame in linear light must become, from the standards' equations: in long double, and where that comes near a tie in numbers of 113
 * bits, whose logarithm and exponential are its own. It shares nothing with the library. */

#include <stdbool.h>

#include "oracle.h"

/* Everything resolved: no zero stands for a default. */
struct light {
    int src_primaries, dst_primaries, transfer;
    bool mapped;
    double src_white, src_peak, target; /* target: PQ's end, HLG's peak, SDR's white */
    double one;                         /* what a component that stands for 1 is counted as: light_one() */
};

/* False where the compiler has no number of 113 bits. */
bool light_oracle_can(void);

/* 1 of floats, 65535 of 16 bits, and so on. */
double light_one(enum pixfer_format format);

struct light_report {
    uint64_t samples, differing, asked; /* asked: how many took 113 bits */
    uint32_t x, y;                      /* the first that differs, of this component */
    unsigned component, got, expected;
    double nearest; /* the smallest distance to a tie that is none */
    uint64_t ties;  /* closer than 10^-25 */
};

/* Compares a converted frame; adds to the report. */
void light_compare(const struct pixfer_image *src, const struct pixfer_image *dst, const struct pixfer_color *color,
                   const struct light *light, struct light_report *report);

#endif

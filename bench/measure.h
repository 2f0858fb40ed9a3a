/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_BENCH_MEASURE_H
#define PIXFER_BENCH_MEASURE_H

/* The measurement of one case: the contenders take turns, over and over, so that whatever else the machine does falls on
 * all of them. A turn is some milliseconds of conversions; its mean is one sample. Contenders are compared by the median of the
 * ratios of samples taken in the same round. */

#include "contender.h"

struct bench_case {
    uint32_t width, height;
    enum pixfer_siting siting;
    bool cached;    /* one picture over and over; else so many that the source is always fetched from memory */
    double seconds; /* for each entrant */
};

struct entrant {
    const struct contender_kind *kind;
    const char *variant;
    unsigned threads;
    char name[64];
    void *state; /* NULL = not there: reason says why */
    struct contender_reason reason;
    unsigned calls;      /* conversions in a turn */
    unsigned period;     /* takes part in every period-th round: the slow ones would leave the others few */
    double *samples;     /* seconds for one conversion, by round; 0 where it did not take part */
    unsigned worst[2];   /* largest difference of luma and of chroma from the exact result of the same matrix */
    double share_off[2]; /* of samples that differ at all */
};

struct measurement {
    const struct bench_case *job;
    struct entrant *entrants;
    size_t count, rounds;
    unsigned frames; /* sources that were rotated */
};

/* Opens every entrant, compares its result with the exact one and measures. False if memory runs out. */
bool measure(struct measurement *m);
void measure_close(struct measurement *m);

/* Of an entrant's samples: 0.5 is the median, 0 the minimum. */
double measure_quantile(const struct measurement *m, const struct entrant *entrant, double quantile);

/* Median of a's time over b's, over the rounds in which both took part. */
double measure_ratio(const struct measurement *m, const struct entrant *a, const struct entrant *b);

#endif

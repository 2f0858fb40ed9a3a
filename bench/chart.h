/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_BENCH_CHART_H
#define PIXFER_BENCH_CHART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct chart {
    const char *const *labels;
    const double *values;
    size_t count, highlight; /* one bar has a colour; count or more = none */
    const char *format;      /* of a value, as for printf: "%.1f" */
};

/* Draws horizontal bars with gnuplot and writes them as an <svg> element. The files it needs are made in `folder` and
 * removed. False if there is no gnuplot. */
bool chart_bars(FILE *out, const struct chart *chart, const char *folder);

#endif

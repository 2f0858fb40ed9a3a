/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_BENCH_TIMES_H
#define PIXFER_BENCH_TIMES_H

#include "hdr.h"

double load_now(void);

/* Converts noise of 4K and 1080p with all peers by turns, each turn one frame on the calling thread, for about that many seconds for each, and
 * prints the medians of the thread's processor time. False without memory. */
bool times_print(const struct path *paths, unsigned path_count, const struct peer *const *peers, unsigned peer_count,
                 double seconds);

#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_EXPORTER_TIME_MAP_H
#define PIXFER_EXPORTER_TIME_MAP_H

/* One clock for an input whose own jumps: joined files begin again, broadcasts skip an hour, a broken stamp lies anywhere. A stretch of
 * time between two jumps is moved as a whole, for video and audio by the same amount, so that they stay together. */

#include <libavcodec/packet.h>
#include <libavutil/rational.h>
#include <stdbool.h>

enum { TIME_MAP_STREAMS = 2, TIME_MAP_SHIFTS = 64 };

struct time_map {
    int64_t max_gap;                /* µs */
    int64_t shift[TIME_MAP_SHIFTS]; /* µs, added to the times of a stretch; the first is 0 */
    unsigned shifts;
    struct {
        bool begun, display; /* display: the latest packet had no decoding time, and `last` is when it is shown */
        unsigned stretch;
        int64_t start, last, end; /* of the first packet, of the latest; in µs on the clock that goes on */
    } stream[TIME_MAP_STREAMS];
    /* Of the jumps, for whoever reports them. */
    unsigned jumps;
    unsigned without; /* packets whose times were none that can be meant */
    int64_t jump, at; /* the latest: how far the input's clock jumped, and where, in µs */
};

/* max_gap in seconds; 0 = 10. */
void pixfer_time_map_init(struct time_map *m, double max_gap);
/* Brings a packet's times, in `unit`, onto the clock that goes on. True if the input's clock jumped before it. */
bool pixfer_time_map_apply(struct time_map *m, unsigned stream, AVPacket *packet, AVRational unit);

#endif

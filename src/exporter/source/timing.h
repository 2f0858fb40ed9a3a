/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_EXPORTER_TIMING_H
#define PIXFER_EXPORTER_TIMING_H

/* When decoded frames are shown: at the input's own times, or at a constant rate. */

#include <libavutil/frame.h>
#include <libavutil/rational.h>
#include <stdbool.h>

struct timing {
    AVRational fps, time_base; /* time_base: of what comes out */
    AVRational stream_base;    /* of the frames' own times */
    AVRational grid;           /* of frames whose times were rounded by the container; num 0 = none */
    bool own_times;
    int64_t first, last; /* times of the first and the latest frame, in stream_base */
    uint64_t index;      /* of the next frame, in this pass */
};

/* With own_times false, frame n is shown at n / fps. `nominal` is the rate whose times a coarse clock has rounded; num 0 = unknown. */
void pixfer_timing_init(struct timing *t, AVRational fps, bool own_times, AVRational stream_base, AVRational nominal);
/* For a frame of that time and length, in stream_base. The first frame of a pass is at 0. */
void pixfer_timing_next(struct timing *t, int64_t ticks, int64_t lasts, int64_t *pts, int64_t *duration);
/* How long a frame lasts, in stream_base; 0 = it does not say. */
int64_t pixfer_timing_duration(const AVFrame *frame);

#endif

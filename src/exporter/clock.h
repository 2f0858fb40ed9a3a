/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_EXPORTER_CLOCK_H
#define PIXFER_EXPORTER_CLOCK_H

/* Times of frames that are pushed: from the caller's pts to the export's clock, which begins with the first frame and knows no pauses.
 * Nothing here collapses, wraps or is cut: what cannot be said exactly enough is refused. */

#include <libavutil/rational.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct clock {
    AVRational given; /* the caller's unit */
    AVRational unit;  /* the export's: the same, but never finer than 1 / 90000 s */
    int64_t scale;    /* the file's units in a second */
    int reordering;   /* how many frames lie between the one that is decoded and the one that is shown, at most */
    bool keep_start;
    bool started;   /* a first frame has been taken */
    int64_t origin; /* what is time 0: its pts, without pauses */
    int64_t last;   /* pts of the last frame; INT64_MIN = none */
    uint64_t count;
    int64_t times[32]; /* where the last frames are on the export's clock: that of number n at n % 32 */
    int64_t removed;   /* by pauses, in `given` */
    bool paused;
    int64_t paused_at, resumed_at; /* INT64_MIN = never */
};

/* How far apart frames may be, in `unit`: 2^30 of the file's units from one to the next, 2^28 between decoding and showing one. */
int64_t pixfer_clock_limit(const struct clock *c, int reordering);

struct clock_refusal {
    char text[240];
};

void pixfer_clock_init(struct clock *c, AVRational given, bool keep_start);
/* The time of the last frame, 0 if there is none. */
int64_t pixfer_clock_latest(const struct clock *c);
/* Whether a frame at `time` follows the last ones closely enough for the file. */
bool pixfer_clock_fits(const struct clock *c, int64_t time, struct clock_refusal *why);
/* Where a frame with that pts belongs, in `unit`. False: it is refused, and why. */
bool pixfer_clock_frame(const struct clock *c, int64_t pts, int64_t *time, struct clock_refusal *why);
/* The frame was taken. */
void pixfer_clock_take(struct clock *c, int64_t pts, int64_t time);
bool pixfer_clock_pause(struct clock *c, int64_t pts, struct clock_refusal *why);
bool pixfer_clock_resume(struct clock *c, int64_t pts, struct clock_refusal *why);
/* Where the export's time 0 lies on that clock of samples. False: that is beyond 64 bits, or not known yet. */
bool pixfer_clock_origin(const struct clock *c, uint32_t rate, int64_t *samples);
/* From a pts in samples to one without pauses; *cut: how many samples lie before the last resume and are not wanted. */
bool pixfer_clock_audio(const struct clock *c, int64_t pts, uint32_t rate, int64_t *position, int64_t *cut,
                        struct clock_refusal *why);

#endif

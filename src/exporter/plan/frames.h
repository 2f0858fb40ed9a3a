/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_EXPORTER_PLAN_FRAMES_H
#define PIXFER_EXPORTER_PLAN_FRAMES_H

/* When the frames of an input are shown, by its own clock: as runs of frames that are equally far apart and equally long, so that an
 * hour at a constant rate is one line. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct frame_run {
    int64_t step;   /* from the frame before; of the first frame of all, its time */
    int64_t lasts;  /* 0 = it does not say */
    uint64_t count; /* at least 1 */
};

struct frame_table {
    struct frame_run *runs;
    size_t count, capacity;
    uint64_t frames;
    int64_t last; /* time of the last frame */
};

/* Where somebody who asks for one frame after the other is. All zero to begin with. */
struct frame_cursor {
    size_t run;
    uint64_t before; /* frames before this run */
    int64_t time;    /* of the last frame before it */
};

/* Frames are added in order. False: no memory, or one that is not behind the last, or out of 2^62 ticks. */
bool pixfer_frames_add(struct frame_table *t, int64_t ticks, int64_t lasts, uint64_t count, int64_t step);
/* False where there is no such frame. */
bool pixfer_frames_at(const struct frame_table *t, struct frame_cursor *c, uint64_t index, int64_t *ticks, int64_t *lasts);
void pixfer_frames_free(struct frame_table *t);

#endif

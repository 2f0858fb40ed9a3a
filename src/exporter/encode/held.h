/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_EXPORTER_HELD_H
#define PIXFER_EXPORTER_HELD_H

/* The frames inside an encoder: how long each is shown, since when it waits there, and whether that is too long. */

#include <libavutil/frame.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct held {
    struct held_frame {
        int64_t pts, duration;
        double since, idle; /* when it came; how long the encoder had been waiting for frames by then */
    } * items;              /* as they came */
    size_t count, capacity;
    int64_t last; /* duration of the latest frame */
    double idle;  /* what the encoder has spent waiting for frames so far */
    double begun; /* of the present wait */
    unsigned quick;
};

/* Around the wait for the next frame. */
void pixfer_held_wait(struct held *h, double now);
/* The frame is there, and goes into the encoder. False: out of memory. */
bool pixfer_held_add(struct held *h, const AVFrame *frame, double now);
/* A packet is there: the duration of its frame. */
int64_t pixfer_held_remove(struct held *h, int64_t pts);
/* While it waits: frames are inside, and those behind them come so slowly that they would stay there for more than about a second. */
bool pixfer_held_too_long(const struct held *h, double now);
/* Frames come so quickly that what an encoder holds is out again soon. */
bool pixfer_held_is_quick(const struct held *h);
void pixfer_held_free(struct held *h);

#endif

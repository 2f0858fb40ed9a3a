/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include "held.h"

#include <libavutil/common.h>
#include <stdlib.h>
#include <string.h>

#include "frame_pool.h"

/* Seconds without a frame, and seconds of waiting at fewer than so many frames a second, after which an encoder lets go of what it holds.
 * A recorder of 15 frames a second and more keeps its look-ahead. */
static const double longest_wait = 0.6, longest_stay = 1.0, slow_rate = 12;
/* So many frames that were waited for no longer than this are a source that has become quick. */
static const double short_wait = 0.08;
enum { QUICK_FRAMES = 30 };

void pixfer_held_wait(struct held *h, double now)
{
    h->begun = now;
}

bool pixfer_held_add(struct held *h, const AVFrame *frame, double now)
{
    const double waited = FFMAX(now - h->begun, 0);
    if (h->count == h->capacity) {
        size_t capacity = h->capacity ? h->capacity * 2 : 64;
        struct held_frame *items = realloc(h->items, capacity * sizeof(*items));
        if (!items)
            return false;
        h->items = items;
        h->capacity = capacity;
    }
    h->idle += waited;
    h->quick = waited <= short_wait ? h->quick + 1 : 0;
    h->last = FRAME_DURATION(frame);
    h->items[h->count++] = (struct held_frame){frame->pts, h->last, now, h->idle};
    return true;
}

int64_t pixfer_held_remove(struct held *h, int64_t pts)
{
    for (size_t i = 0; i < h->count; i++)
        if (h->items[i].pts == pts) {
            int64_t duration = h->items[i].duration;
            h->count--;
            memmove(h->items + i, h->items + i + 1, (h->count - i) * sizeof(*h->items));
            return duration;
        }
    return h->last;
}

bool pixfer_held_too_long(const struct held *h, double now)
{
    if (!h->count)
        return false;
    const struct held_frame *oldest = h->items;
    const double wait = now - h->begun, stay = now - oldest->since;
    return wait >= longest_wait || (h->idle + wait - oldest->idle >= longest_stay && (double)h->count < slow_rate * stay);
}

bool pixfer_held_is_quick(const struct held *h)
{
    return h->quick >= QUICK_FRAMES;
}

void pixfer_held_free(struct held *h)
{
    free(h->items);
}
#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_EXPORTER_QUEUE_H
#define PIXFER_EXPORTER_QUEUE_H

/* A queue between threads, bounded by count and bytes. */

#include <stdbool.h>
#include <stddef.h>

#include "../platform/platform.h"

/* Asked every 100 ms while a queue is waited for; false gives the wait up. */
typedef bool (*queue_tick)(void *opaque);

struct queue {
    pixfer_lock mutex;
    pixfer_condition changed;
    void **items;
    size_t *weights;
    size_t capacity, first, count, bytes, budget;
    bool closed; /* no more items are taken or given */
};

int pixfer_queue_init(struct queue *q, size_t capacity, size_t budget);
/* Takes over item, also where it fails: false if the queue is closed or tick gave up, and item is then the caller's again. */
bool pixfer_queue_push(struct queue *q, void *item, size_t bytes, queue_tick tick, void *opaque);
/* False when closed, or when tick gave up; tick may be NULL here and above. */
bool pixfer_queue_pop(struct queue *q, void **item, queue_tick tick, void *opaque);
/* Without waiting; for emptying it. */
bool pixfer_queue_take(struct queue *q, void **item);
/* Whether an item of that weight would be taken at once. */
bool pixfer_queue_has_room(struct queue *q, size_t bytes);
void pixfer_queue_state(struct queue *q, size_t *count, size_t *bytes);
void pixfer_queue_close(struct queue *q);
void pixfer_queue_free(struct queue *q);

#endif

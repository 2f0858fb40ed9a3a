/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include <errno.h>
#include <stdlib.h>

#include "queue.h"

int pixfer_queue_init(struct queue *q, size_t capacity, size_t budget)
{
    *q = (struct queue){.capacity = capacity, .budget = budget};
    q->items = calloc(capacity, sizeof(*q->items));
    q->weights = calloc(capacity, sizeof(*q->weights));
    pixfer_lock_init(&q->mutex);
    pixfer_condition_init(&q->changed);
    return q->items && q->weights ? 0 : ENOMEM;
}

static void wait_a_little(struct queue *q)
{
    pixfer_condition_wait_for(&q->changed, &q->mutex, 0.1);
}

/* A queue takes one item whatever its weight, so that a budget smaller than an item is slow but not a deadlock. */
static bool full(const struct queue *q, size_t bytes)
{
    return q->count == q->capacity || (q->count && q->bytes + bytes > q->budget);
}

bool pixfer_queue_push(struct queue *q, void *item, size_t bytes, queue_tick tick, void *opaque)
{
    pixfer_lock_take(&q->mutex);
    while (!q->closed && full(q, bytes)) {
        wait_a_little(q);
        if (!tick || !full(q, bytes))
            continue;
        pixfer_lock_drop(&q->mutex);
        bool go_on = tick(opaque);
        pixfer_lock_take(&q->mutex);
        if (!go_on)
            break;
    }
    bool taken = !q->closed && !full(q, bytes);
    if (taken) {
        size_t last = (q->first + q->count) % q->capacity;
        q->items[last] = item;
        q->weights[last] = bytes;
        q->count++;
        q->bytes += bytes;
        pixfer_condition_wake_all(&q->changed);
    }
    pixfer_lock_drop(&q->mutex);
    return taken;
}

static void *take_first(struct queue *q)
{
    void *item = q->items[q->first];
    q->bytes -= q->weights[q->first];
    q->first = (q->first + 1) % q->capacity;
    q->count--;
    pixfer_condition_wake_all(&q->changed);
    return item;
}

bool pixfer_queue_pop(struct queue *q, void **item, queue_tick tick, void *opaque)
{
    pixfer_lock_take(&q->mutex);
    while (!q->closed && !q->count) {
        if (!tick) {
            pixfer_condition_wait(&q->changed, &q->mutex);
            continue;
        }
        wait_a_little(q);
        if (q->count)
            break;
        pixfer_lock_drop(&q->mutex);
        bool go_on = tick(opaque);
        pixfer_lock_take(&q->mutex);
        if (!go_on)
            break;
    }
    bool given = !q->closed && q->count;
    if (given)
        *item = take_first(q);
    pixfer_lock_drop(&q->mutex);
    return given;
}

bool pixfer_queue_take(struct queue *q, void **item)
{
    pixfer_lock_take(&q->mutex);
    bool given = q->count > 0;
    if (given)
        *item = take_first(q);
    pixfer_lock_drop(&q->mutex);
    return given;
}

bool pixfer_queue_has_room(struct queue *q, size_t bytes)
{
    pixfer_lock_take(&q->mutex);
    bool room = !full(q, bytes);
    pixfer_lock_drop(&q->mutex);
    return room;
}

void pixfer_queue_state(struct queue *q, size_t *count, size_t *bytes)
{
    pixfer_lock_take(&q->mutex);
    *count = q->count;
    *bytes = q->bytes;
    pixfer_lock_drop(&q->mutex);
}

void pixfer_queue_close(struct queue *q)
{
    pixfer_lock_take(&q->mutex);
    q->closed = true;
    pixfer_condition_wake_all(&q->changed);
    pixfer_lock_drop(&q->mutex);
}

void pixfer_queue_free(struct queue *q)
{
    pixfer_lock_destroy(&q->mutex);
    pixfer_condition_destroy(&q->changed);
    free(q->items);
    free(q->weights);
}
#endif

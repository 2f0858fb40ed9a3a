/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "queue.h"

int pixfer_queue_init(struct queue *q, size_t capacity, size_t budget)
{
    *q = (struct queue){.capacity = capacity, .budget = budget};
    q->items = calloc(capacity, sizeof(*q->items));
    q->weights = calloc(capacity, sizeof(*q->weights));
    pthread_mutex_init(&q->mutex, NULL);
    pthread_cond_init(&q->changed, NULL);
    return q->items && q->weights ? 0 : ENOMEM;
}

static void wait_a_little(struct queue *q)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += 100 * 1000 * 1000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_cond_timedwait(&q->changed, &q->mutex, &until);
}

/* A queue takes one item whatever its weight, so that a budget smaller than an item is slow but not a deadlock. */
static bool full(const struct queue *q, size_t bytes)
{
    return q->count == q->capacity || (q->count && q->bytes + bytes > q->budget);
}

bool pixfer_queue_push(struct queue *q, void *item, size_t bytes, queue_tick tick, void *opaque)
{
    pthread_mutex_lock(&q->mutex);
    while (!q->closed && full(q, bytes)) {
        wait_a_little(q);
        if (!tick || !full(q, bytes))
            continue;
        pthread_mutex_unlock(&q->mutex);
        bool go_on = tick(opaque);
        pthread_mutex_lock(&q->mutex);
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
        pthread_cond_broadcast(&q->changed);
    }
    pthread_mutex_unlock(&q->mutex);
    return taken;
}

static void *take_first(struct queue *q)
{
    void *item = q->items[q->first];
    q->bytes -= q->weights[q->first];
    q->first = (q->first + 1) % q->capacity;
    q->count--;
    pthread_cond_broadcast(&q->changed);
    return item;
}

bool pixfer_queue_pop(struct queue *q, void **item, queue_tick tick, void *opaque)
{
    pthread_mutex_lock(&q->mutex);
    while (!q->closed && !q->count) {
        if (!tick) {
            pthread_cond_wait(&q->changed, &q->mutex);
            continue;
        }
        wait_a_little(q);
        if (q->count)
            break;
        pthread_mutex_unlock(&q->mutex);
        bool go_on = tick(opaque);
        pthread_mutex_lock(&q->mutex);
        if (!go_on)
            break;
    }
    bool given = !q->closed && q->count;
    if (given)
        *item = take_first(q);
    pthread_mutex_unlock(&q->mutex);
    return given;
}

bool pixfer_queue_take(struct queue *q, void **item)
{
    pthread_mutex_lock(&q->mutex);
    bool given = q->count > 0;
    if (given)
        *item = take_first(q);
    pthread_mutex_unlock(&q->mutex);
    return given;
}

bool pixfer_queue_has_room(struct queue *q, size_t bytes)
{
    pthread_mutex_lock(&q->mutex);
    bool room = !full(q, bytes);
    pthread_mutex_unlock(&q->mutex);
    return room;
}

void pixfer_queue_state(struct queue *q, size_t *count, size_t *bytes)
{
    pthread_mutex_lock(&q->mutex);
    *count = q->count;
    *bytes = q->bytes;
    pthread_mutex_unlock(&q->mutex);
}

void pixfer_queue_close(struct queue *q)
{
    pthread_mutex_lock(&q->mutex);
    q->closed = true;
    pthread_cond_broadcast(&q->changed);
    pthread_mutex_unlock(&q->mutex);
}

void pixfer_queue_free(struct queue *q)
{
    pthread_mutex_destroy(&q->mutex);
    pthread_cond_destroy(&q->changed);
    free(q->items);
    free(q->weights);
}
#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "pool.h"

#include <stdlib.h>

#include "../src/platform/platform.h"

struct worker {
    struct pool *pool;
    pixfer_thread thread;
    struct pixfer_thread_start start;
    unsigned index;
};

struct pool {
    pool_slice *slice;
    void *opaque;
    unsigned threads, started;
    pixfer_lock mutex;
    pixfer_condition work, done;
    uint64_t round;
    unsigned running;
    bool stop;
    const struct pixfer_image *src, *dst;
    struct worker workers[];
};

static void run_slice(struct pool *pool, unsigned index)
{
    uint32_t pairs = (pool->src->height + 1) / 2;
    uint32_t first = (uint32_t)((uint64_t)pairs * index / pool->threads) * 2;
    uint32_t end = (uint32_t)((uint64_t)pairs * (index + 1) / pool->threads) * 2;
    if (end > pool->src->height)
        end = pool->src->height;
    if (end > first)
        pool->slice(pool->opaque, pool->src, pool->dst, first, end - first);
}

static void work(void *opaque)
{
    struct worker *worker = opaque;
    struct pool *pool = worker->pool;
    uint64_t round = 0;
    pixfer_lock_take(&pool->mutex);
    for (;;) {
        while (pool->round == round && !pool->stop)
            pixfer_condition_wait(&pool->work, &pool->mutex);
        if (pool->stop)
            break;
        round = pool->round;
        pixfer_lock_drop(&pool->mutex);
        run_slice(pool, worker->index);
        pixfer_lock_take(&pool->mutex);
        if (!--pool->running)
            pixfer_condition_wake_all(&pool->done);
    }
    pixfer_lock_drop(&pool->mutex);
}

struct pool *pool_open(unsigned threads, pool_slice *slice, void *opaque)
{
    struct pool *pool = calloc(1, sizeof(*pool) + threads * sizeof(pool->workers[0]));
    if (!pool)
        return NULL;
    pool->slice = slice;
    pool->opaque = opaque;
    pool->threads = threads;
    pixfer_lock_init(&pool->mutex);
    pixfer_condition_init(&pool->work);
    pixfer_condition_init(&pool->done);
    for (unsigned i = 1; i < threads; i++) {
        pool->workers[i] = (struct worker){.pool = pool, .index = i};
        pool->workers[i].start = (struct pixfer_thread_start){work, &pool->workers[i]};
        if (!pixfer_thread_create(&pool->workers[i].thread, &pool->workers[i].start)) {
            pool_close(pool);
            return NULL;
        }
        pool->started++;
    }
    return pool;
}

void pool_run(struct pool *pool, const struct pixfer_image *src, const struct pixfer_image *dst)
{
    pixfer_lock_take(&pool->mutex);
    pool->src = src;
    pool->dst = dst;
    pool->running = pool->started;
    pool->round++;
    pixfer_condition_wake_all(&pool->work);
    pixfer_lock_drop(&pool->mutex);
    run_slice(pool, 0);
    pixfer_lock_take(&pool->mutex);
    while (pool->running)
        pixfer_condition_wait(&pool->done, &pool->mutex);
    pixfer_lock_drop(&pool->mutex);
}

void pool_close(struct pool *pool)
{
    if (!pool)
        return;
    pixfer_lock_take(&pool->mutex);
    pool->stop = true;
    pixfer_condition_wake_all(&pool->work);
    pixfer_lock_drop(&pool->mutex);
    for (unsigned i = 1; i <= pool->started; i++)
        pixfer_thread_join(pool->workers[i].thread);
    pixfer_condition_destroy(&pool->work);
    pixfer_condition_destroy(&pool->done);
    pixfer_lock_destroy(&pool->mutex);
    free(pool);
}

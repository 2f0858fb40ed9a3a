/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "pool.h"

#include <pthread.h>
#include <stdlib.h>

struct worker {
    struct pool *pool;
    pthread_t thread;
    unsigned index;
};

struct pool {
    pool_slice *slice;
    void *opaque;
    unsigned threads, started;
    pthread_mutex_t mutex;
    pthread_cond_t work, done;
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

static void *work(void *opaque)
{
    struct worker *worker = opaque;
    struct pool *pool = worker->pool;
    uint64_t round = 0;
    pthread_mutex_lock(&pool->mutex);
    for (;;) {
        while (pool->round == round && !pool->stop)
            pthread_cond_wait(&pool->work, &pool->mutex);
        if (pool->stop)
            break;
        round = pool->round;
        pthread_mutex_unlock(&pool->mutex);
        run_slice(pool, worker->index);
        pthread_mutex_lock(&pool->mutex);
        if (!--pool->running)
            pthread_cond_signal(&pool->done);
    }
    pthread_mutex_unlock(&pool->mutex);
    return NULL;
}

struct pool *pool_open(unsigned threads, pool_slice *slice, void *opaque)
{
    struct pool *pool = calloc(1, sizeof(*pool) + threads * sizeof(pool->workers[0]));
    if (!pool)
        return NULL;
    pool->slice = slice;
    pool->opaque = opaque;
    pool->threads = threads;
    pthread_mutex_init(&pool->mutex, NULL);
    pthread_cond_init(&pool->work, NULL);
    pthread_cond_init(&pool->done, NULL);
    for (unsigned i = 1; i < threads; i++) {
        pool->workers[i] = (struct worker){.pool = pool, .index = i};
        if (pthread_create(&pool->workers[i].thread, NULL, work, &pool->workers[i])) {
            pool_close(pool);
            return NULL;
        }
        pool->started++;
    }
    return pool;
}

void pool_run(struct pool *pool, const struct pixfer_image *src, const struct pixfer_image *dst)
{
    pthread_mutex_lock(&pool->mutex);
    pool->src = src;
    pool->dst = dst;
    pool->running = pool->started;
    pool->round++;
    pthread_cond_broadcast(&pool->work);
    pthread_mutex_unlock(&pool->mutex);
    run_slice(pool, 0);
    pthread_mutex_lock(&pool->mutex);
    while (pool->running)
        pthread_cond_wait(&pool->done, &pool->mutex);
    pthread_mutex_unlock(&pool->mutex);
}

void pool_close(struct pool *pool)
{
    if (!pool)
        return;
    pthread_mutex_lock(&pool->mutex);
    pool->stop = true;
    pthread_cond_broadcast(&pool->work);
    pthread_mutex_unlock(&pool->mutex);
    for (unsigned i = 1; i <= pool->started; i++)
        pthread_join(pool->workers[i].thread, NULL);
    pthread_cond_destroy(&pool->work);
    pthread_cond_destroy(&pool->done);
    pthread_mutex_destroy(&pool->mutex);
    free(pool);
}

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "threads.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "../platform/platform.h"

struct pixfer_pool {
    pixfer_lock owner; /* held by the call that uses the workers */
    pixfer_lock state; /* guards what follows */
    pixfer_condition work, done;
    pixfer_job *job;
    void *context;
    size_t count;
    unsigned round;  /* changes when there is work */
    unsigned active; /* workers that have not finished this round */
    bool stop;

    atomic_size_t next; /* the next job to take */

    unsigned workers;
    struct pixfer_thread_start start; /* of each of them */
    pixfer_thread threads[];
};

static void take_jobs(struct pixfer_pool *pool)
{
    size_t index;

    while ((index = atomic_fetch_add_explicit(&pool->next, 1, memory_order_relaxed)) < pool->count)
        pool->job(pool->context, index);
}

static void worker(void *context)
{
    struct pixfer_pool *pool = context;
    unsigned round = 0;

    pixfer_lock_take(&pool->state);
    for (;;) {
        while (!pool->stop && pool->round == round)
            pixfer_condition_wait(&pool->work, &pool->state);
        if (pool->stop)
            break;
        round = pool->round;
        pixfer_lock_drop(&pool->state);
        take_jobs(pool);
        pixfer_lock_take(&pool->state);
        if (!--pool->active)
            pixfer_condition_wake_all(&pool->done);
    }
    pixfer_lock_drop(&pool->state);
}

struct pixfer_pool *pixfer_pool_create(unsigned workers)
{
    struct pixfer_pool *pool = calloc(1, sizeof(*pool) + workers * sizeof(pool->threads[0]));

    if (!pool)
        return NULL;
    if (!pixfer_lock_init(&pool->owner))
        goto fail_owner;
    if (!pixfer_lock_init(&pool->state))
        goto fail_state;
    if (!pixfer_condition_init(&pool->work))
        goto fail_work;
    if (!pixfer_condition_init(&pool->done))
        goto fail_done;
    pool->start = (struct pixfer_thread_start){worker, pool};
    for (; pool->workers < workers; pool->workers++) {
        if (!pixfer_thread_create(&pool->threads[pool->workers], &pool->start)) {
            pixfer_pool_destroy(pool);
            return NULL;
        }
    }
    return pool;

fail_done:
    pixfer_condition_destroy(&pool->work);
fail_work:
    pixfer_lock_destroy(&pool->state);
fail_state:
    pixfer_lock_destroy(&pool->owner);
fail_owner:
    free(pool);
    return NULL;
}

void pixfer_pool_run(struct pixfer_pool *pool, pixfer_job *job, void *context, size_t count)
{
    if (!pool || count < 2 || !pixfer_lock_try(&pool->owner)) {
        for (size_t i = 0; i < count; i++)
            job(context, i);
        return;
    }
    pixfer_lock_take(&pool->state);
    pool->job = job;
    pool->context = context;
    pool->count = count;
    pool->active = pool->workers;
    atomic_store_explicit(&pool->next, 0, memory_order_relaxed);
    pool->round++;
    pixfer_condition_wake_all(&pool->work);
    pixfer_lock_drop(&pool->state);

    take_jobs(pool);

    pixfer_lock_take(&pool->state);
    while (pool->active)
        pixfer_condition_wait(&pool->done, &pool->state);
    pixfer_lock_drop(&pool->state);
    pixfer_lock_drop(&pool->owner);
}

void pixfer_pool_destroy(struct pixfer_pool *pool)
{
    if (!pool)
        return;
    pixfer_lock_take(&pool->state);
    pool->stop = true;
    pixfer_condition_wake_all(&pool->work);
    pixfer_lock_drop(&pool->state);
    for (unsigned i = 0; i < pool->workers; i++)
        pixfer_thread_join(pool->threads[i]);
    pixfer_condition_destroy(&pool->done);
    pixfer_condition_destroy(&pool->work);
    pixfer_lock_destroy(&pool->state);
    pixfer_lock_destroy(&pool->owner);
    free(pool);
}

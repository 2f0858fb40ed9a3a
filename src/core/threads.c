/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "threads.h"

#include <stdatomic.h>
#include <stdlib.h>

/* The few primitives that are needed, from the platform's own interface. */
#if defined(_WIN32)
#include <process.h>
#include <windows.h>
typedef HANDLE thread_handle;
typedef SRWLOCK lock;
typedef CONDITION_VARIABLE condition;
#define THREAD_FUNCTION static unsigned __stdcall
#define lock_init(l) (InitializeSRWLock(l), 0)
#define lock_take(l) AcquireSRWLockExclusive(l)
#define lock_try(l) TryAcquireSRWLockExclusive(l)
#define lock_drop(l) ReleaseSRWLockExclusive(l)
#define lock_destroy(l) ((void)(l))
#define condition_init(c) (InitializeConditionVariable(c), 0)
#define condition_wait(c, l) SleepConditionVariableSRW(c, l, INFINITE, 0)
#define condition_wake_all(c) WakeAllConditionVariable(c)
#define condition_destroy(c) ((void)(c))
#define thread_start(t, f, a) (!(*(t) = (HANDLE)_beginthreadex(NULL, 0, f, a, 0, NULL)))
#define thread_join(t) (WaitForSingleObject(t, INFINITE), CloseHandle(t))
#else
#include <pthread.h>
typedef pthread_t thread_handle;
typedef pthread_mutex_t lock;
typedef pthread_cond_t condition;
#define THREAD_FUNCTION static void *
#define lock_init(l) pthread_mutex_init(l, NULL)
#define lock_take(l) pthread_mutex_lock(l)
#define lock_try(l) (!pthread_mutex_trylock(l))
#define lock_drop(l) pthread_mutex_unlock(l)
#define lock_destroy(l) pthread_mutex_destroy(l)
#define condition_init(c) pthread_cond_init(c, NULL)
#define condition_wait(c, l) pthread_cond_wait(c, l)
#define condition_wake_all(c) pthread_cond_broadcast(c)
#define condition_destroy(c) pthread_cond_destroy(c)
#define thread_start(t, f, a) pthread_create(t, NULL, f, a)
#define thread_join(t) pthread_join(t, NULL)
#endif

struct pixfer_pool {
    lock owner; /* held by the call that uses the workers */
    lock state; /* guards what follows */
    condition work, done;
    pixfer_job *job;
    void *context;
    size_t count;
    unsigned round;  /* changes when there is work */
    unsigned active; /* workers that have not finished this round */
    bool stop;

    atomic_size_t next; /* the next job to take */

    unsigned workers;
    thread_handle threads[];
};

static void take_jobs(struct pixfer_pool *pool)
{
    size_t index;

    while ((index = atomic_fetch_add_explicit(&pool->next, 1, memory_order_relaxed)) < pool->count)
        pool->job(pool->context, index);
}

THREAD_FUNCTION worker(void *argument)
{
    struct pixfer_pool *pool = argument;
    unsigned round = 0;

    lock_take(&pool->state);
    for (;;) {
        while (!pool->stop && pool->round == round)
            condition_wait(&pool->work, &pool->state);
        if (pool->stop)
            break;
        round = pool->round;
        lock_drop(&pool->state);
        take_jobs(pool);
        lock_take(&pool->state);
        if (!--pool->active)
            condition_wake_all(&pool->done);
    }
    lock_drop(&pool->state);
    return 0;
}

struct pixfer_pool *pixfer_pool_create(unsigned workers)
{
    struct pixfer_pool *pool = calloc(1, sizeof(*pool) + workers * sizeof(pool->threads[0]));

    if (!pool)
        return NULL;
    if (lock_init(&pool->owner))
        goto fail_owner;
    if (lock_init(&pool->state))
        goto fail_state;
    if (condition_init(&pool->work))
        goto fail_work;
    if (condition_init(&pool->done))
        goto fail_done;
    for (; pool->workers < workers; pool->workers++) {
        if (thread_start(&pool->threads[pool->workers], worker, pool)) {
            pixfer_pool_destroy(pool);
            return NULL;
        }
    }
    return pool;

fail_done:
    condition_destroy(&pool->work);
fail_work:
    lock_destroy(&pool->state);
fail_state:
    lock_destroy(&pool->owner);
fail_owner:
    free(pool);
    return NULL;
}

void pixfer_pool_run(struct pixfer_pool *pool, pixfer_job *job, void *context, size_t count)
{
    if (!pool || count < 2 || !lock_try(&pool->owner)) {
        for (size_t i = 0; i < count; i++)
            job(context, i);
        return;
    }
    lock_take(&pool->state);
    pool->job = job;
    pool->context = context;
    pool->count = count;
    pool->active = pool->workers;
    atomic_store_explicit(&pool->next, 0, memory_order_relaxed);
    pool->round++;
    condition_wake_all(&pool->work);
    lock_drop(&pool->state);

    take_jobs(pool);

    lock_take(&pool->state);
    while (pool->active)
        condition_wait(&pool->done, &pool->state);
    lock_drop(&pool->state);
    lock_drop(&pool->owner);
}

void pixfer_pool_destroy(struct pixfer_pool *pool)
{
    if (!pool)
        return;
    lock_take(&pool->state);
    pool->stop = true;
    condition_wake_all(&pool->work);
    lock_drop(&pool->state);
    for (unsigned i = 0; i < pool->workers; i++)
        thread_join(pool->threads[i]);
    condition_destroy(&pool->done);
    condition_destroy(&pool->work);
    lock_destroy(&pool->state);
    lock_destroy(&pool->owner);
    free(pool);
}

struct pixfer_mutex {
    lock lock;
};

struct pixfer_mutex *pixfer_mutex_create(void)
{
    struct pixfer_mutex *mutex = malloc(sizeof(*mutex));

    if (mutex && lock_init(&mutex->lock)) {
        free(mutex);
        mutex = NULL;
    }
    return mutex;
}

void pixfer_mutex_lock(struct pixfer_mutex *mutex)
{
    lock_take(&mutex->lock);
}

void pixfer_mutex_unlock(struct pixfer_mutex *mutex)
{
    lock_drop(&mutex->lock);
}

void pixfer_mutex_destroy(struct pixfer_mutex *mutex)
{
    if (!mutex)
        return;
    lock_destroy(&mutex->lock);
    free(mutex);
}

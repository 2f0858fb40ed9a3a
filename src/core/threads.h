/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_SRC_THREADS_H
#define PIXFER_SRC_THREADS_H

/* A pool of workers that run the jobs of one call together with the thread that called. Idle workers sleep. */

#include <stdbool.h>
#include <stddef.h>

struct pixfer_pool;

typedef void pixfer_job(void *context, size_t index);

/* `workers` threads beside the caller's. NULL if they cannot be had. */
struct pixfer_pool *pixfer_pool_create(unsigned workers);

/* Runs job(context, 0 … count - 1) and returns when all are done. When the pool is busy with another thread's call, or NULL, the
 * caller does everything. Thread-safety: safe. */
void pixfer_pool_run(struct pixfer_pool *pool, pixfer_job *job, void *context, size_t count);

void pixfer_pool_destroy(struct pixfer_pool *pool);

#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_BENCH_POOL_H
#define PIXFER_BENCH_POOL_H

/* Threads for contenders that have none of their own: the picture is cut into slices, as a program that uses them would. */

#include <pixfer/image.h>
#include <stdbool.h>

struct pool;

/* Converts rows [first, first + count); first is even. */
typedef void pool_slice(void *opaque, const struct pixfer_image *src, const struct pixfer_image *dst, uint32_t first,
                        uint32_t count);

/* threads counts the calling thread. NULL if the system has no more. */
struct pool *pool_open(unsigned threads, pool_slice *slice, void *opaque);
void pool_run(struct pool *pool, const struct pixfer_image *src, const struct pixfer_image *dst);
void pool_close(struct pool *pool);

#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* WebAssembly: one thread, no signals, memory without pages of its own. A lock is taken by nobody else, so it is nothing. */

#if defined(__wasm__)

#include "platform.h"

#include <stdlib.h>
#include <time.h>

double pixfer_now(void)
{
    struct timespec now;

    return clock_gettime(CLOCK_MONOTONIC, &now) ? 0 : (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* There is no other thread that time could go to, and nothing that counts the processor's. */
double pixfer_cpu_time(void)
{
    return pixfer_now();
}

double pixfer_thread_time(void)
{
    return pixfer_now();
}

unsigned pixfer_cpu_count(void)
{
    return 1;
}

uint64_t pixfer_peak_rss(void)
{
    return __builtin_wasm_memory_size(0) * (uint64_t)65536; /* it never shrinks */
}

void *pixfer_memory_get(size_t size, size_t align)
{
    const size_t whole = (size + align - 1) / align * align; /* what aligned_alloc asks for */

    return whole < size ? NULL : aligned_alloc(align, whole);
}

void pixfer_memory_free(void *memory)
{
    free(memory);
}

bool pixfer_lock_init(pixfer_lock *lock)
{
    lock->taken = false;
    return true;
}

void pixfer_lock_destroy(pixfer_lock *lock)
{
    (void)lock;
}

void pixfer_lock_take(pixfer_lock *lock)
{
    lock->taken = true;
}

bool pixfer_lock_try(pixfer_lock *lock)
{
    return !lock->taken && (lock->taken = true);
}

void pixfer_lock_drop(pixfer_lock *lock)
{
    lock->taken = false;
}

bool pixfer_condition_init(pixfer_condition *condition)
{
    (void)condition;
    return true;
}

void pixfer_condition_destroy(pixfer_condition *condition)
{
    (void)condition;
}

void pixfer_condition_wait(pixfer_condition *condition, pixfer_lock *lock)
{
    (void)condition, (void)lock;
}

void pixfer_condition_wake_all(pixfer_condition *condition)
{
    (void)condition;
}

bool pixfer_has_threads(void)
{
    return false;
}

bool pixfer_thread_create(pixfer_thread *thread, const struct pixfer_thread_start *start)
{
    (void)thread, (void)start;
    return false;
}

void pixfer_thread_join(pixfer_thread thread)
{
    (void)thread;
}

#endif

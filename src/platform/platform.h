/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_SRC_PLATFORM_H
#define PIXFER_SRC_PLATFORM_H

/* What the operating system gives, in one place: posix.c, windows.c or wasm.c, of which all but one
 * compile to nothing. Both libraries use it. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- Clocks, in seconds ---- */

double pixfer_now(void);         /* monotonic */
double pixfer_cpu_time(void);    /* of the process */
double pixfer_thread_time(void); /* CPU time of this thread */

/* ---- The process and the machine ---- */

/* How many processors this process may run on, at least 1. */
unsigned pixfer_cpu_count(void);

/* The most memory that this process has held, in bytes; 0 if the system does not tell. */
uint64_t pixfer_peak_rss(void);

/* ---- Memory ---- */

/* `size` bytes at a multiple of `align` (a power of two, at least a pointer's size), whatever was there before. Large blocks get large
 * pages where the system has them for those who ask, and all of them at once: one by one, at the first store into each, takes longer.
 * NULL if there is no memory. */
void *pixfer_memory_get(size_t size, size_t align);
void pixfer_memory_free(void *memory);

/* ---- Libraries that are there or not; with PIXFER_WITH_VULKAN only ---- */

/* NULL if it is not there. */
void *pixfer_library_open(const char *name);
void (*pixfer_library_symbol(void *library, const char *name))(void);

/* ---- Threads ---- */

#if defined(_WIN32)
/* As large as SRWLOCK, CONDITION_VARIABLE and HANDLE are, without windows.h in every file. */
typedef struct {
    void *word;
} pixfer_lock;
typedef pixfer_lock pixfer_shared_lock;
typedef pixfer_lock pixfer_condition;
typedef void *pixfer_thread;
#define PIXFER_LOCK_INIT \
    {                    \
        0                \
    }
#define PIXFER_SHARED_LOCK_INIT PIXFER_LOCK_INIT
#elif defined(__wasm__)
/* The core only: there is no exporter. */
typedef struct {
    bool taken;
} pixfer_lock;
typedef pixfer_lock pixfer_shared_lock;
typedef pixfer_lock pixfer_condition;
typedef int pixfer_thread;
#else
#include <pthread.h>
typedef pthread_mutex_t pixfer_lock;
typedef pthread_rwlock_t pixfer_shared_lock;
typedef pthread_cond_t pixfer_condition;
typedef pthread_t pixfer_thread;
#define PIXFER_LOCK_INIT PTHREAD_MUTEX_INITIALIZER
#define PIXFER_SHARED_LOCK_INIT PTHREAD_RWLOCK_INITIALIZER
#endif

/* What makes something is true if it did. */
bool pixfer_lock_init(pixfer_lock *lock);
void pixfer_lock_destroy(pixfer_lock *lock);
void pixfer_lock_take(pixfer_lock *lock);
bool pixfer_lock_try(pixfer_lock *lock);
void pixfer_lock_drop(pixfer_lock *lock);

/* Many may read at once; who writes is alone. */
void pixfer_shared_lock_read(pixfer_shared_lock *lock);
void pixfer_shared_lock_end_read(pixfer_shared_lock *lock);
void pixfer_shared_lock_write(pixfer_shared_lock *lock);
void pixfer_shared_lock_end_write(pixfer_shared_lock *lock);

bool pixfer_condition_init(pixfer_condition *condition);
void pixfer_condition_destroy(pixfer_condition *condition);
void pixfer_condition_wait(pixfer_condition *condition, pixfer_lock *lock);
void pixfer_condition_wait_for(pixfer_condition *condition, pixfer_lock *lock, double seconds); /* at most; it may be less */
void pixfer_condition_wake_all(pixfer_condition *condition);

/* A thread runs one function to its end; *start must live until then. */
struct pixfer_thread_start {
    void (*run)(void *context);
    void *context;
};
bool pixfer_has_threads(void); /* false where a process is one thread */
bool pixfer_thread_create(pixfer_thread *thread, const struct pixfer_thread_start *start); /* errno says why not */
/* The same for a thread that no signal is delivered to: a read that Ctrl-C is to interrupt happens in the others. */
bool pixfer_thread_create_masked(pixfer_thread *thread, const struct pixfer_thread_start *start);
void pixfer_thread_join(pixfer_thread thread);
void pixfer_thread_detach(pixfer_thread thread);
/* Tells this thread from others that run. */
uintptr_t pixfer_thread_id(void);
void pixfer_sleep(double seconds);

#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#if !defined(_WIN32) && !defined(__wasm__)

#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE /* sched_getaffinity, madvise */
#endif
#include "platform.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>
#if defined(__linux__)
#include <sched.h>
#endif
#if defined(PIXFER_WITH_VULKAN)
#include <dlfcn.h>
#endif

/* ---- Clocks ---- */

static double clock_seconds(clockid_t clock)
{
    struct timespec now;

    return clock_gettime(clock, &now) ? 0 : (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

double pixfer_now(void)
{
    return clock_seconds(CLOCK_MONOTONIC);
}

double pixfer_cpu_time(void)
{
    return clock_seconds(CLOCK_PROCESS_CPUTIME_ID);
}

double pixfer_thread_time(void)
{
    return clock_seconds(CLOCK_THREAD_CPUTIME_ID);
}

/* ---- The process and the machine ---- */

unsigned pixfer_cpu_count(void)
{
    long count;
#if defined(__linux__)
    cpu_set_t set;

    if (!sched_getaffinity(0, sizeof(set), &set) && CPU_COUNT(&set) > 0)
        return (unsigned)CPU_COUNT(&set);
#endif
    count = sysconf(_SC_NPROCESSORS_ONLN);
    return count > 0 ? (unsigned)count : 1;
}

#if defined(__linux__)
/* ru_maxrss is kept across exec there: it would speak of the program that started this one. */
static uint64_t high_water_mark(void)
{
    char line[128];
    uint64_t kilobytes = 0;
    FILE *file = fopen("/proc/self/status", "r");

    while (file && fgets(line, sizeof(line), file))
        if (!strncmp(line, "VmHWM:", 6))
            kilobytes = strtoull(line + 6, NULL, 10);
    if (file)
        fclose(file);
    return kilobytes * 1024;
}
#endif

uint64_t pixfer_peak_rss(void)
{
#if defined(__APPLE__)
    const uint64_t unit = 1;
#else
    const uint64_t unit = 1024;
#endif
    struct rusage usage;
#if defined(__linux__)
    uint64_t bytes = high_water_mark();

    if (bytes)
        return bytes;
#endif
    return getrusage(RUSAGE_SELF, &usage) ? 0 : (uint64_t)usage.ru_maxrss * unit;
}

/* ---- Memory ---- */

void *pixfer_memory_get(size_t size, size_t align)
{
    const size_t large_page = (size_t)2 << 20;
    void *memory = NULL;

    if (size >= large_page && align < large_page)
        align = large_page;
    if (posix_memalign(&memory, align, size))
        return NULL;
#if defined(MADV_HUGEPAGE)
    if (size >= large_page)
        madvise(memory, size, MADV_HUGEPAGE);
#endif
#if defined(MADV_POPULATE_WRITE)
    if (size >= large_page)
        madvise(memory, size, MADV_POPULATE_WRITE);
#endif
    return memory;
}

void pixfer_memory_free(void *memory)
{
    free(memory);
}

/* ---- Libraries ---- */

#if defined(PIXFER_WITH_VULKAN)
void *pixfer_library_open(const char *name)
{
    return dlopen(name, RTLD_NOW | RTLD_LOCAL);
}

void (*pixfer_library_symbol(void *library, const char *name))(void)
{
    void (*function)(void) = NULL;
    void *const object = dlsym(library, name);

    memcpy(&function, &object, sizeof(function)); /* C has no conversion between the two */
    return function;
}
#endif

/* ---- Threads ---- */

bool pixfer_lock_init(pixfer_lock *lock)
{
    return !pthread_mutex_init(lock, NULL);
}

void pixfer_lock_destroy(pixfer_lock *lock)
{
    pthread_mutex_destroy(lock);
}

void pixfer_lock_take(pixfer_lock *lock)
{
    pthread_mutex_lock(lock);
}

bool pixfer_lock_try(pixfer_lock *lock)
{
    return !pthread_mutex_trylock(lock);
}

void pixfer_lock_drop(pixfer_lock *lock)
{
    pthread_mutex_unlock(lock);
}

void pixfer_shared_lock_read(pixfer_shared_lock *lock)
{
    pthread_rwlock_rdlock(lock);
}

void pixfer_shared_lock_end_read(pixfer_shared_lock *lock)
{
    pthread_rwlock_unlock(lock);
}

void pixfer_shared_lock_write(pixfer_shared_lock *lock)
{
    pthread_rwlock_wrlock(lock);
}

void pixfer_shared_lock_end_write(pixfer_shared_lock *lock)
{
    pthread_rwlock_unlock(lock);
}

bool pixfer_condition_init(pixfer_condition *condition)
{
    return !pthread_cond_init(condition, NULL);
}

void pixfer_condition_destroy(pixfer_condition *condition)
{
    pthread_cond_destroy(condition);
}

void pixfer_condition_wait(pixfer_condition *condition, pixfer_lock *lock)
{
    pthread_cond_wait(condition, lock);
}

void pixfer_condition_wait_for(pixfer_condition *condition, pixfer_lock *lock, double seconds)
{
    struct timespec until;

    clock_gettime(CLOCK_REALTIME, &until); /* which conditions go by */
    until.tv_sec += (time_t)seconds;
    until.tv_nsec += (long)((seconds - (double)(time_t)seconds) * 1e9);
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_cond_timedwait(condition, lock, &until);
}

void pixfer_condition_wake_all(pixfer_condition *condition)
{
    pthread_cond_broadcast(condition);
}

static void *run_thread(void *argument)
{
    const struct pixfer_thread_start *start = argument;

    start->run(start->context);
    return NULL;
}

bool pixfer_has_threads(void)
{
    return true;
}

bool pixfer_thread_create(pixfer_thread *thread, const struct pixfer_thread_start *start)
{
    int error = pthread_create(thread, NULL, run_thread, (void *)(uintptr_t)start);

    if (error)
        errno = error;
    return !error;
}

bool pixfer_thread_create_masked(pixfer_thread *thread, const struct pixfer_thread_start *start)
{
    sigset_t all, before;
    bool made;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    made = pixfer_thread_create(thread, start);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return made;
}

void pixfer_thread_join(pixfer_thread thread)
{
    pthread_join(thread, NULL);
}

void pixfer_thread_detach(pixfer_thread thread)
{
    pthread_detach(thread);
}

uintptr_t pixfer_thread_id(void)
{
    return (uintptr_t)pthread_self();
}

void pixfer_sleep(double seconds)
{
    struct timespec left = {(time_t)seconds, (long)((seconds - (double)(time_t)seconds) * 1e9)};

    while (nanosleep(&left, &left) && errno == EINTR)
        ;
}

#else
typedef int pixfer_posix_is_not_this_platform; /* ISO C wants something in every file */
#endif

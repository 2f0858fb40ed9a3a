/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#if defined(_WIN32)

#define PSAPI_VERSION 2 /* GetProcessMemoryInfo is in kernel32 */
#include "platform.h"

#include <malloc.h>
#include <process.h>
#include <windows.h>

#include <psapi.h>

/* ---- Clocks ---- */

double pixfer_now(void)
{
    LARGE_INTEGER count, frequency;

    QueryPerformanceCounter(&count);
    QueryPerformanceFrequency(&frequency);
    return (double)count.QuadPart / (double)frequency.QuadPart;
}

static double cpu_seconds(const FILETIME *kernel, const FILETIME *user)
{
    const uint64_t k = (uint64_t)kernel->dwHighDateTime << 32 | kernel->dwLowDateTime;
    const uint64_t u = (uint64_t)user->dwHighDateTime << 32 | user->dwLowDateTime;

    return (double)(k + u) * 1e-7;
}

double pixfer_cpu_time(void)
{
    FILETIME created, ended, kernel, user;

    return GetProcessTimes(GetCurrentProcess(), &created, &ended, &kernel, &user) ? cpu_seconds(&kernel, &user) : 0;
}

double pixfer_thread_time(void)
{
    FILETIME created, ended, kernel, user;

    return GetThreadTimes(GetCurrentThread(), &created, &ended, &kernel, &user) ? cpu_seconds(&kernel, &user) : 0;
}

/* ---- The process and the machine ---- */

unsigned pixfer_cpu_count(void)
{
    SYSTEM_INFO info;

    GetSystemInfo(&info);
    return info.dwNumberOfProcessors ? info.dwNumberOfProcessors : 1;
}

uint64_t pixfer_peak_rss(void)
{
    PROCESS_MEMORY_COUNTERS counters;

    return GetProcessMemoryInfo(GetCurrentProcess(), &counters, sizeof(counters)) ? counters.PeakWorkingSetSize : 0;
}

/* ---- Memory ---- */

/* Large pages are a privilege there. */
void *pixfer_memory_get(size_t size, size_t align)
{
    return _aligned_malloc(size, align);
}

void pixfer_memory_free(void *memory)
{
    _aligned_free(memory);
}

/* ---- Libraries ---- */

#if defined(PIXFER_WITH_VULKAN)
void *pixfer_library_open(const char *name)
{
    return (void *)LoadLibraryExA(name, NULL, LOAD_LIBRARY_SEARCH_SYSTEM32);
}

void (*pixfer_library_symbol(void *library, const char *name))(void)
{
    return (void (*)(void))GetProcAddress((HMODULE)library, name);
}
#endif

/* ---- Threads ---- */

_Static_assert(sizeof(pixfer_lock) == sizeof(SRWLOCK) && sizeof(pixfer_condition) == sizeof(CONDITION_VARIABLE),
               "both are one pointer");

bool pixfer_lock_init(pixfer_lock *lock)
{
    InitializeSRWLock((SRWLOCK *)lock);
    return true;
}

void pixfer_lock_destroy(pixfer_lock *lock)
{
    (void)lock;
}

void pixfer_lock_take(pixfer_lock *lock)
{
    AcquireSRWLockExclusive((SRWLOCK *)lock);
}

bool pixfer_lock_try(pixfer_lock *lock)
{
    return TryAcquireSRWLockExclusive((SRWLOCK *)lock);
}

void pixfer_lock_drop(pixfer_lock *lock)
{
    ReleaseSRWLockExclusive((SRWLOCK *)lock);
}

void pixfer_shared_lock_read(pixfer_shared_lock *lock)
{
    AcquireSRWLockShared((SRWLOCK *)lock);
}

void pixfer_shared_lock_end_read(pixfer_shared_lock *lock)
{
    ReleaseSRWLockShared((SRWLOCK *)lock);
}

void pixfer_shared_lock_write(pixfer_shared_lock *lock)
{
    AcquireSRWLockExclusive((SRWLOCK *)lock);
}

void pixfer_shared_lock_end_write(pixfer_shared_lock *lock)
{
    ReleaseSRWLockExclusive((SRWLOCK *)lock);
}

bool pixfer_condition_init(pixfer_condition *condition)
{
    InitializeConditionVariable((CONDITION_VARIABLE *)condition);
    return true;
}

void pixfer_condition_destroy(pixfer_condition *condition)
{
    (void)condition;
}

void pixfer_condition_wait(pixfer_condition *condition, pixfer_lock *lock)
{
    SleepConditionVariableSRW((CONDITION_VARIABLE *)condition, (SRWLOCK *)lock, INFINITE, 0);
}

void pixfer_condition_wait_for(pixfer_condition *condition, pixfer_lock *lock, double seconds)
{
    SleepConditionVariableSRW((CONDITION_VARIABLE *)condition, (SRWLOCK *)lock, (DWORD)(seconds * 1e3), 0);
}

void pixfer_condition_wake_all(pixfer_condition *condition)
{
    WakeAllConditionVariable((CONDITION_VARIABLE *)condition);
}

static unsigned __stdcall run_thread(void *argument)
{
    const struct pixfer_thread_start *start = argument;

    start->run(start->context);
    return 0;
}

bool pixfer_has_threads(void)
{
    return true;
}

bool pixfer_thread_create(pixfer_thread *thread, const struct pixfer_thread_start *start)
{
    *thread = (HANDLE)_beginthreadex(NULL, 0, run_thread, (void *)(uintptr_t)start, 0, NULL);
    return *thread != NULL;
}

/* There are no signals there: what asks a program to end comes in a thread of its own. */
bool pixfer_thread_create_masked(pixfer_thread *thread, const struct pixfer_thread_start *start)
{
    return pixfer_thread_create(thread, start);
}

void pixfer_thread_join(pixfer_thread thread)
{
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
}

void pixfer_thread_detach(pixfer_thread thread)
{
    CloseHandle(thread);
}

uintptr_t pixfer_thread_id(void)
{
    return GetCurrentThreadId();
}

void pixfer_sleep(double seconds)
{
    Sleep((DWORD)(seconds * 1e3 + 0.5));
}

#else
typedef int pixfer_windows_is_not_this_platform; /* ISO C wants something in every file */
#endif

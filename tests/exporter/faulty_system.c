/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#define _GNU_SOURCE

/* Preloaded, it stands in front of the C library: memory that is refused once, and a disk with room for so many bytes. */
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#define EXPORTED __attribute__((visibility("default")))

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static atomic_long until_refusal; /* 0 = none is refused any more */

/* The allocation with that number from now on fails. */
EXPORTED void pixfer_test_refuse(long number);
EXPORTED void pixfer_test_refuse(long number)
{
    atomic_store(&until_refusal, number);
}

/* How many were left until the one that is to fail. */
EXPORTED long pixfer_test_left(void);
EXPORTED long pixfer_test_left(void)
{
    return atomic_load(&until_refusal);
}

/* For programs that cannot call the above: PIXFER_TEST_REFUSE is the number, from the start. */
__attribute__((constructor)) static void refuse_from_start(void)
{
    const char *number = getenv("PIXFER_TEST_REFUSE");
    if (number)
        pixfer_test_refuse(atol(number));
}

static int refused(void)
{
    long left = atomic_load(&until_refusal);
    while (left > 0 && !atomic_compare_exchange_weak(&until_refusal, &left, left - 1))
        ;
    if (left == 1)
        errno = ENOMEM; /* as the C library does, in posix_memalign too */
    return left == 1;
}

EXPORTED void *malloc(size_t size)
{
    return refused() ? NULL : __libc_malloc(size);
}

EXPORTED void *calloc(size_t count, size_t size)
{
    return refused() ? NULL : __libc_calloc(count, size);
}

EXPORTED void *realloc(void *old, size_t size)
{
    return refused() ? NULL : __libc_realloc(old, size);
}

EXPORTED int posix_memalign(void **out, size_t alignment, size_t size)
{
    *out = refused() ? NULL : __libc_memalign(alignment, size);
    return *out ? 0 : ENOMEM;
}

EXPORTED void *memalign(size_t alignment, size_t size);
EXPORTED void *memalign(size_t alignment, size_t size)
{
    return refused() ? NULL : __libc_memalign(alignment, size);
}

EXPORTED void *aligned_alloc(size_t alignment, size_t size)
{
    return refused() ? NULL : __libc_memalign(alignment, size);
}

EXPORTED ssize_t pwrite(int fd, const void *bytes, size_t size, off_t at)
{
    static atomic_llong written;
    ssize_t (*real)(int, const void *, size_t, off_t) =
        (ssize_t(*)(int, const void *, size_t, off_t))(uintptr_t)dlsym(RTLD_NEXT, "pwrite");
    const char *room = getenv("PIXFER_TEST_ROOM");
    long long left = room ? atoll(room) - atomic_load(&written) : (long long)size;
    if (left <= 0) {
        errno = ENOSPC;
        return -1;
    }
    if ((long long)size > left)
        size = (size_t)left; /* what a disk does that fills up: some of it, and then nothing */
    ssize_t n = real(fd, bytes, size, at);
    if (n > 0)
        atomic_fetch_add(&written, n);
    return n;
}

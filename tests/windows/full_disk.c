/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#define _GNU_SOURCE

/* Preloaded into Wine, a disk on which files called *.part and *.final have room for PIXFER_TEST_ROOM bytes in all; beyond it the error
 * is PIXFER_TEST_ERROR: ENOSPC, or EDQUOT for a user's share. */
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EXPORTED __attribute__((visibility("default")))

static int is_full(int fd, size_t size)
{
    static atomic_llong written;
    const char *room = getenv("PIXFER_TEST_ROOM"), *error = getenv("PIXFER_TEST_ERROR");
    char link[64], name[4096];
    snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    ssize_t length = room ? readlink(link, name, sizeof(name) - 1) : -1;
    if (length <= 0)
        return 0;
    name[length] = 0;
    if (!strstr(name, ".part") && !strstr(name, ".final"))
        return 0;
    if (atomic_fetch_add(&written, (long long)size) + (long long)size <= atoll(room))
        return 0;
    errno = error && !strcmp(error, "EDQUOT") ? EDQUOT : ENOSPC;
    return 1;
}

EXPORTED ssize_t write(int fd, const void *bytes, size_t size)
{
    static ssize_t (*real)(int, const void *, size_t);
    if (!real)
        real = (ssize_t(*)(int, const void *, size_t))(uintptr_t)dlsym(RTLD_NEXT, "write");
    return is_full(fd, size) ? -1 : real(fd, bytes, size);
}

EXPORTED ssize_t pwrite(int fd, const void *bytes, size_t size, off_t at)
{
    static ssize_t (*real)(int, const void *, size_t, off_t);
    if (!real)
        real = (ssize_t(*)(int, const void *, size_t, off_t))(uintptr_t)dlsym(RTLD_NEXT, "pwrite");
    return is_full(fd, size) ? -1 : real(fd, bytes, size, at);
}

EXPORTED ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t at)
{
    return pwrite(fd, bytes, size, at);
}

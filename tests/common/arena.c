/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE
#define _DARWIN_C_SOURCE
#include "arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MARGIN 256

/* Windows and WebAssembly get memory without guard pages: the pattern still sees writes. */
#if defined(_WIN32) || defined(__wasm__)
static size_t page_size(void)
{
    return 4096;
}

static uint8_t *map(size_t size)
{
    return malloc(size);
}

static void unmap(uint8_t *bytes, size_t size)
{
    (void)size;
    free(bytes);
}
#else
#include <sys/mman.h>
#include <unistd.h>

static size_t page_size(void)
{
    return (size_t)sysconf(_SC_PAGESIZE);
}

static uint8_t *map(size_t size)
{
    const size_t page = page_size();
    uint8_t *bytes = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (bytes == MAP_FAILED)
        return NULL;
    if (mprotect(bytes, page, PROT_NONE) || mprotect(bytes + size - page, page, PROT_NONE))
        abort();
    return bytes;
}

static void unmap(uint8_t *bytes, size_t size)
{
    munmap(bytes, size);
}
#endif

static void grow(struct arena *arena, size_t size)
{
    const size_t page = page_size();
    if (size <= arena->size)
        return;
    arena_free(arena);
    size = (size + page - 1) / page * page;
    arena->bytes = map(size + 2 * page);
    if (!arena->bytes) {
        fprintf(stderr, "no memory for a test block of %zu bytes\n", size);
        exit(1);
    }
    arena->bytes += page;
    arena->size = size;
}

uint8_t arena_pattern(const struct arena *arena, const uint8_t *at)
{
    const size_t i = (size_t)(at - arena->bytes);
    return (uint8_t)(0xa5 ^ i * 29 ^ i >> 8);
}

static size_t around(const struct arena *arena, size_t *begin)
{
    const size_t end = arena->first + arena->count;
    *begin = arena->first < MARGIN ? 0 : arena->first - MARGIN;
    return arena->size - end < MARGIN ? arena->size : end + MARGIN;
}

uint8_t *arena_place(struct arena *arena, enum arena_side side, size_t count, size_t misalign)
{
    size_t begin, end;
    grow(arena, count + misalign);
    arena->first = side == ARENA_FRONT ? misalign : arena->size - count;
    arena->count = count;
    end = around(arena, &begin);
    for (size_t i = begin; i < end; i++)
        arena->bytes[i] = arena_pattern(arena, arena->bytes + i);
    return arena->bytes + arena->first;
}

const uint8_t *arena_damage_in(const struct arena *arena, const uint8_t *at, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (at[i] != arena_pattern(arena, at + i))
            return at + i;
    return NULL;
}

const uint8_t *arena_damage(const struct arena *arena)
{
    size_t begin;
    const size_t end = around(arena, &begin), after = arena->first + arena->count;
    const uint8_t *damage = arena_damage_in(arena, arena->bytes + begin, arena->first - begin);
    return damage ? damage : arena_damage_in(arena, arena->bytes + after, end - after);
}

void arena_free(struct arena *arena)
{
    if (arena->bytes)
        unmap(arena->bytes - page_size(), arena->size + 2 * page_size());
    memset(arena, 0, sizeof *arena);
}

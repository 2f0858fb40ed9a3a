/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_TESTS_ARENA_H
#define PIXFER_TESTS_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Memory between two pages that no one may touch, for one plane or row at a time. What is not the plane holds a pattern, so
 * that a stray write is seen even where no page ends. */
struct arena {
    uint8_t *bytes; /* first byte behind the front guard page */
    size_t size;    /* up to the back guard page */
    size_t first, count;
};

enum arena_side {
    ARENA_FRONT, /* the block begins `misalign` bytes behind the front guard page */
    ARENA_BACK   /* the block ends at the back guard page; misalign is ignored */
};

/* Places a block of `count` bytes, all of it and 256 bytes around it filled with the pattern. The arena grows as needed;
 * a zeroed one is empty. Ends the program if there is no memory. */
uint8_t *arena_place(struct arena *arena, enum arena_side side, size_t count, size_t misalign);

/* The pattern's byte at a place in the arena. */
uint8_t arena_pattern(const struct arena *arena, const uint8_t *at);

/* The first byte around the block, outside it, that no longer has the pattern; NULL if all have. */
const uint8_t *arena_damage(const struct arena *arena);

/* The same inside the block: count bytes from `at`. */
const uint8_t *arena_damage_in(const struct arena *arena, const uint8_t *at, size_t count);

void arena_free(struct arena *arena);

#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_TESTS_RANDOM_H
#define PIXFER_TESTS_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* splitmix64: any seed is a good one, and a test's run is repeated by repeating its seed. */
struct rng {
    uint64_t state;
};

static inline uint64_t rng_next(struct rng *rng)
{
    uint64_t z = rng->state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

/* 0 .. below - 1 */
static inline uint32_t rng_below(struct rng *rng, uint32_t below)
{
    return (uint32_t)((rng_next(rng) >> 32) * below >> 32);
}

/* least .. most */
static inline int64_t rng_between(struct rng *rng, int64_t least, int64_t most)
{
    return least + (int64_t)(rng_next(rng) % (uint64_t)(most - least + 1));
}

static inline void rng_fill(struct rng *rng, uint8_t *bytes, size_t count)
{
    for (size_t i = 0; i < count; i += 8) {
        const uint64_t word = rng_next(rng);
        for (size_t j = i; j < count && j < i + 8; j++)
            bytes[j] = (uint8_t)(word >> 8 * (j - i));
    }
}

#endif

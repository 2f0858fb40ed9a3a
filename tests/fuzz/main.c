/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* The fuzz target without a fuzzer: files given, each as it is and with random damage, or random inputs for a while.
 *
 *     fuzz_convert [--seconds N] [--seed N] [--mutations N] [FILE...] */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "random.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t data[4096], whole[1 << 20], damaged[sizeof whole];

/* Bytes changed, a piece left out, a piece taken twice, the end cut off. */
static size_t damage(struct rng *rng, size_t size)
{
    memcpy(damaged, whole, size);
    if (!size)
        return 0;
    const size_t at = rng_below(rng, (uint32_t)size), length = rng_below(rng, (uint32_t)(size - at)) / 8 + 1;
    switch (rng_below(rng, 4)) {
    case 0:
        return at;
    case 1:
        memmove(damaged + at, damaged + at + length, size - at - length);
        return size - length;
    case 2:
        memmove(damaged + at, whole, length);
        return size;
    default:
        for (uint32_t i = 1 + rng_below(rng, 16); i; i--)
            damaged[rng_below(rng, (uint32_t)size)] = (uint8_t)rng_below(rng, 256);
        return size;
    }
}

static int run_file(const char *path, long mutations, struct rng *rng)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        return 1;
    }
    const size_t size = fread(whole, 1, sizeof whole, file);
    fclose(file);
    LLVMFuzzerTestOneInput(whole, size);
    for (; mutations > 0; mutations--)
        LLVMFuzzerTestOneInput(damaged, damage(rng, size));
    return 0;
}

int main(int argc, char **argv)
{
    struct rng rng = {1};
    long seconds = 10, runs = 0, files = 0, mutations = 0;
    int status = 0;

    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "--seconds") && i + 1 < argc)
            seconds = atol(argv[++i]);
        else if (!strcmp(argv[i], "--seed") && i + 1 < argc)
            rng.state = strtoull(argv[++i], NULL, 0);
        else if (!strcmp(argv[i], "--mutations") && i + 1 < argc)
            mutations = atol(argv[++i]);
        else
            files++, status |= run_file(argv[i], mutations, &rng);
    }
    for (const time_t end = time(NULL) + seconds; !files && time(NULL) < end; runs++) {
        const size_t size = rng_below(&rng, 256);
        rng_fill(&rng, data, size);
        LLVMFuzzerTestOneInput(data, size);
    }
    printf("fuzz: %ld random inputs, %ld files, %ld damaged\n", runs, files, files * mutations);
    return status;
}

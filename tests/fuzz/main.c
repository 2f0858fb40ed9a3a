/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* The fuzz target without a fuzzer: files given, mutations of them for a while, or random inputs for a while.
 *
 *     fuzz_convert [--seconds N] [--seed N] [--mutate N] [FILE...] */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "random.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t data[256 * 1024];
static const char *seeds[256];
static size_t seed_count;

static int run_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        return 1;
    }
    LLVMFuzzerTestOneInput(data, fread(data, 1, sizeof data, file));
    fclose(file);
    return 0;
}

/* Some bytes changed, mostly near to each other, and sometimes an end that is missing or a piece that is there twice. */
static size_t mutate(struct rng *rng, size_t size)
{
    size_t near = size ? rng_below(rng, (uint32_t)size) : 0;
    for (unsigned i = 1 + rng_below(rng, 6); size && i; i--) {
        if (!rng_below(rng, 4))
            near = rng_below(rng, (uint32_t)size);
        const size_t at = (near + rng_below(rng, 32)) % size;
        data[at] = rng_below(rng, 3) ? (uint8_t)rng_below(rng, 256) : (uint8_t)(data[at] ^ 1u << rng_below(rng, 8));
    }
    if (size > 64 && !rng_below(rng, 8)) {
        const size_t from = rng_below(rng, (uint32_t)size - 32), to = rng_below(rng, (uint32_t)size - 32);
        memmove(data + to, data + from, 1 + rng_below(rng, 32));
    }
    return size && !rng_below(rng, 8) ? 1 + rng_below(rng, (uint32_t)size) : size;
}

static long run_mutations(struct rng *rng, long seconds)
{
    long runs = 0;
    for (const time_t end = time(NULL) + seconds; seed_count && time(NULL) < end; runs++) {
        FILE *file = fopen(seeds[rng_below(rng, (uint32_t)seed_count)], "rb");
        const size_t size = file ? fread(data, 1, sizeof data, file) : 0;
        if (file)
            fclose(file);
        const size_t left = mutate(rng, size);
        const char *last = getenv("PIXFER_FUZZ_LAST"); /* where the input that is being run is kept */
        FILE *copy = last ? fopen(last, "wb") : NULL;
        if (copy) {
            fwrite(data, 1, left, copy);
            fclose(copy);
        }
        LLVMFuzzerTestOneInput(data, left);
    }
    return runs;
}

int main(int argc, char **argv)
{
    struct rng rng = {1};
    long seconds = 10, mutations = 0, runs = 0, files = 0;
    int status = 0;

    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "--seconds") && i + 1 < argc)
            seconds = atol(argv[++i]);
        else if (!strcmp(argv[i], "--seed") && i + 1 < argc)
            rng.state = strtoull(argv[++i], NULL, 0);
        else if (!strcmp(argv[i], "--mutate") && i + 1 < argc)
            mutations = atol(argv[++i]);
        else if (mutations && seed_count < sizeof seeds / sizeof *seeds)
            files++, seeds[seed_count++] = argv[i];
        else
            files++, status |= run_file(argv[i]);
    }
    runs = run_mutations(&rng, mutations);
    for (const time_t end = time(NULL) + seconds; !files && time(NULL) < end; runs++) {
        const size_t size = rng_below(&rng, 256);
        rng_fill(&rng, data, size);
        LLVMFuzzerTestOneInput(data, size);
    }
    printf("fuzz: %ld random or mutated inputs, %ld files\n", runs, files);
    return status;
}

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* The fuzz target without a fuzzer: files given, or random inputs for a while.
 *
 *     fuzz_convert [--seconds N] [--seed N] [FILE...] */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "random.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t data[4096];

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

int main(int argc, char **argv)
{
    struct rng rng = {1};
    long seconds = 10, runs = 0, files = 0;
    int status = 0;

    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "--seconds") && i + 1 < argc)
            seconds = atol(argv[++i]);
        else if (!strcmp(argv[i], "--seed") && i + 1 < argc)
            rng.state = strtoull(argv[++i], NULL, 0);
        else
            files++, status |= run_file(argv[i]);
    }
    for (const time_t end = time(NULL) + seconds; !files && time(NULL) < end; runs++) {
        const size_t size = rng_below(&rng, 256);
        rng_fill(&rng, data, size);
        LLVMFuzzerTestOneInput(data, size);
    }
    printf("fuzz: %ld random inputs, %ld files\n", runs, files);
    return status;
}

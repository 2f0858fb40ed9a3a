/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* Whole exports of inputs that nobody made: containers (the first byte even), raw frames of any geometry, and names of sequences. What is
 * written goes nowhere; frames are small and few. make_corpus.sh makes containers to begin with. */

#include <pixfer/exporter.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char folder[] = "/tmp/pixfer-fuzz-XXXXXX", file_name[64];

static void remove_folder(void)
{
    unlink(file_name);
    rmdir(folder);
}

static bool write_file(const uint8_t *data, size_t size)
{
    if (!file_name[0]) {
        if (!mkdtemp(folder))
            return false;
        snprintf(file_name, sizeof(file_name), "%s/input", folder);
        atexit(remove_folder);
    }
    FILE *file = fopen(file_name, "wb");
    bool good = file && fwrite(data, 1, size, file) == size;
    return file && !fclose(file) && good;
}

static int sink(void *opaque, const uint8_t *bytes, size_t size)
{
    (void)opaque, (void)bytes, (void)size;
    return 0;
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* No input may hold the fuzzer for long: after two seconds it is asked to finish, after four to stop. */
static enum pixfer_progress_action watch(void *opaque, const struct pixfer_progress *progress)
{
    double seconds = now() - *(double *)opaque;
    (void)progress;
    return seconds > 4 ? PIXFER_PROGRESS_ABORT : seconds > 2 ? PIXFER_PROGRESS_FINISH : PIXFER_PROGRESS_CONTINUE;
}

static uint32_t word(const uint8_t **data, size_t *size, unsigned bytes)
{
    uint32_t value = 0;
    for (; bytes && *size; bytes--, (*data)++, (*size)--)
        value = value << 8 | **data;
    return value;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char name[300];
    double start = now();
    if (!size)
        return 0;
    uint32_t mode = word(&data, &size, 1);
    struct pixfer_input input = PIXFER_INPUT(.name = file_name, .end = 30, .max_pixels = 256 * 256, .max_gap = mode & 8 ? 0.5 : 0,
                                             .shortest = mode >> 4 & 1, .retime = mode >> 5 & 1, .stop_on_error = mode >> 6 & 1);
    if (mode & 1) {
        input.width = word(&data, &size, mode & 2 ? 1 : 4);
        input.height = word(&data, &size, mode & 2 ? 1 : 4);
        input.format = (enum pixfer_format)word(&data, &size, 1);
        input.stride = word(&data, &size, mode & 4 ? 4 : 1);
        input.loop = word(&data, &size, 1) % 4;
        input.fps_num = word(&data, &size, mode & 4 ? 4 : 1);
        input.fps_den = word(&data, &size, 1);
        input.first = word(&data, &size, 1);
    } else if (mode & 2) { /* a name, in the folder of the file */
        int length = snprintf(name, sizeof(name), "%s/", folder);
        for (; size && length < (int)sizeof(name) - 1; length++)
            name[length] = (char)word(&data, &size, 1);
        name[length] = 0;
        for (char *at = name + sizeof(folder); *at; at++)
            if (*at == '/')
                *at = '%';
        input.name = name;
    } else if (mode & 4) {
        input.fps_num = 60;
    }
    if (!write_file(data, size))
        return 0;
    pixfer_export("out.mp4", &input,
                  &PIXFER_EXPORTER_PARAMS(.encoder = "libx264", .preset = "ultrafast", .encoder_threads = 1, .convert_threads = 1,
                                          .write = sink, .progress = watch, .progress_opaque = &start),
                  NULL, NULL, 0);
    return 0;
}

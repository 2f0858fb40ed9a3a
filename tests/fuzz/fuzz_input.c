/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* Bytes become what pixfer_export reads: a container, a file of raw frames with a geometry that fits or not, the name of a sequence. The
 * export goes to a callback. It ends, in a file or in one line that says why not; nothing outside of its input is read.
 *
 *     tests/fuzz/make_corpus.sh DIR && fuzz_input --mutate 60 DIR/...      (with PIXFER_FUZZ: fuzz_input DIR) */

#define _GNU_SOURCE /* mkdtemp */
#define _DARWIN_C_SOURCE
#include <pixfer/exporter.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LIMIT_S = 120 };

static char folder[64], path[96];
static time_t begun;
static size_t written;

static void give_up(const char *what, const char *line)
{
    fprintf(stderr, "fuzz_input: %s: '%s'\n", what, line);
    abort();
}

static void tidy(void)
{
    unlink(path);
    rmdir(folder);
}

static void keep(const uint8_t *data, size_t size)
{
    if (!*folder) {
        snprintf(folder, sizeof(folder), "%s/pixfer-fuzz.XXXXXX",
                 getenv("TMPDIR") && strlen(getenv("TMPDIR")) < 40 ? getenv("TMPDIR") : "/tmp");
        if (!mkdtemp(folder))
            give_up("no folder", folder);
        snprintf(path, sizeof(path), "%s/input", folder);
        atexit(tidy);
        pixfer_exporter_route_libav_log(NULL, NULL);
    }
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(data, 1, size, file) != size || fclose(file))
        give_up("no file", path);
}

static int take(void *opaque, const uint8_t *bytes, size_t size)
{
    (void)opaque, (void)bytes;
    written += size;
    return 0;
}

static enum pixfer_progress_action watch(void *opaque, const struct pixfer_progress *progress)
{
    (void)opaque;
    if (time(NULL) - begun > LIMIT_S)
        give_up("it does not end", progress->stage);
    return PIXFER_PROGRESS_CONTINUE;
}

static void export(struct pixfer_input *input)
{
    char line[800] = "";
    struct pixfer_exporter_stats stats = PIXFER_EXPORTER_STATS();
    struct pixfer_exporter_params params =
        PIXFER_EXPORTER_PARAMS(.preset = "ultrafast", .encoder_threads = 1, .progress = watch, .write = take);
    begun = time(NULL);
    written = 0;
    input->end = input->end ? input->end : 12;
    input->max_pixels = 320 * 240;
    enum pixfer_result result = pixfer_export("fuzz.mp4", input, &params, &stats, line, sizeof(line));
    if (result == PIXFER_OK && (!written || !stats.frames))
        give_up("it says that all is well, and nothing was written", path);
    if (result == PIXFER_ERR_CANCELLED || (result != PIXFER_OK && !*line))
        give_up("it failed without a reason", pixfer_strerror(result));
}

static void geometry(const uint8_t *data, size_t size)
{
    static const uint32_t sizes[] = {1, 2, 3, 17, 64, 160, 4096, 16384, 16385, 65536, UINT32_MAX};
    struct pixfer_input input = PIXFER_INPUT(.name = path);
    uint8_t head[6] = {0};
    memcpy(head, data, size < sizeof(head) ? size : sizeof(head));
    input.width = sizes[head[0] % (sizeof(sizes) / sizeof(*sizes))];
    input.height = sizes[head[1] % (sizeof(sizes) / sizeof(*sizes))];
    input.format = (enum pixfer_format)(head[2] % 32);
    input.stride = head[3] & 1 ? 0 : head[3] & 2 ? SIZE_MAX / (head[4] + 1u) : (size_t)head[4] * 8;
    input.fps_num = head[5] & 3 ? head[5] : 0;
    input.loop = head[5] >> 6;
    keep(data, size);
    export(&input);
}

static void name(const uint8_t *data, size_t size)
{
    char text[1400];
    struct pixfer_input input = PIXFER_INPUT(.name = text);
    size_t length = size < 1200 ? size : 1200;
    keep(data, 0);
    snprintf(text, sizeof(text), "%s/", folder);
    size_t base = strlen(text);
    memcpy(text + base, data, length);
    text[base + length] = 0;
    for (char *c = text + base; *c; c++) /* it stays in the folder */
        if (*c == '/')
            *c = '%';
    export(&input);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!size)
        return 0;
    const uint8_t mode = data[0];
    data++, size--;
    if (mode < 200) {
        struct pixfer_input input =
            PIXFER_INPUT(.name = path, .first = mode & 1 ? 2 : 0, .loop = mode & 2 ? 2 : 0, .stop_on_error = mode >> 2 & 1,
                         .no_audio = mode >> 3 & 1, .fps_num = mode & 16 ? 25 : 0, .retime = mode >> 5 & 1, .max_gap = 1);
        keep(data, size);
        export(&input);
    } else if (mode < 230) {
        geometry(data, size);
    } else {
        name(data, size);
    }
    return 0;
}

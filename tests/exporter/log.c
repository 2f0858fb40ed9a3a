/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* The exporter's lines follow the converter's rules: names of files are shown as text, and a PIXFER_LOG that is no level is refused. What
 * FFmpeg says of an input is the exporter's too: silent without a log, and a line where it came in pieces. */

#define _POSIX_C_SOURCE 200112L /* setenv */
#include <libavutil/log.h>
#include <pixfer/exporter.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned lines, forged;

static void look(void *opaque, int level, const char *message)
{
    (void)opaque;
    (void)level;
    lines++;
    for (; *message; message++)
        forged += (unsigned char)*message < 0x20;
}

static char last[256];

static void keep(void *opaque, int level, const char *message)
{
    (void)opaque, (void)level;
    snprintf(last, sizeof(last), "%s", message);
}

static long printed_for(const unsigned char *bytes, size_t size)
{
    const struct pixfer_input input = PIXFER_INPUT(.name = "log-input.mp4");
    FILE *file = fopen(input.name, "wb");
    if (!file || fwrite(bytes, size, 1, file) != 1 || fclose(file) || !freopen("log-stderr.txt", "w", stderr))
        return -1;
    pixfer_export("never-written.mp4", &input, &PIXFER_EXPORTER_PARAMS(.width = 0), NULL, NULL, 0);
    fseek(stderr, 0, SEEK_END);
    const long printed = ftell(stderr);
    remove(input.name);
    remove("log-stderr.txt");
    return printed;
}

/* An MP4 that consists of its first box; and the first bytes of a JPEG, of which libavformat is not sure what they are. */
static int is_silent(void)
{
    static const unsigned char box[] = {0, 0, 0, 16, 'f', 't', 'y', 'p', 'i', 's', 'o', 'm', 0, 0, 2, 0},
                               jpeg[] = {0xff, 0xd8, 0xff, 0xe0};
    const long of_box = printed_for(box, sizeof(box)), of_jpeg = printed_for(jpeg, sizeof(jpeg));
    if (of_box || of_jpeg)
        printf("%ld and %ld bytes on standard error, expected none without a log\n", of_box, of_jpeg);
    return !of_box && !of_jpeg;
}

static int expect(const char *error, const char *part)
{
    if (strstr(error, part))
        return 0;
    printf("found \"%s\", expected \"%s\" in it\n", error, part);
    return 1;
}

int main(void)
{
    const struct pixfer_exporter_params params = PIXFER_EXPORTER_PARAMS(.log = look);
    const struct pixfer_input input = PIXFER_INPUT(.name = "no\x1b[2Jsuch\nfile\x9b.mkv");
    char error[512] = "";
    int status;

    if (!is_silent())
        return 1;
    pixfer_exporter_route_libav_log(keep, NULL);
    av_log(NULL, AV_LOG_WARNING, "in two");
    av_log(NULL, AV_LOG_WARNING, " pieces\n");
    if (expect(last, "in two pieces"))
        return 1;
    status = pixfer_export("never-written.mp4", &input, &params, NULL, error, sizeof(error)) == PIXFER_OK;
    status |= expect(error, "no\\x1b[2Jsuch\\x0afile\\x9b.mkv");
    if (!lines || forged) {
        printf("%u control characters in %u lines, expected none in some\n", forged, lines);
        status = 1;
    }

    setenv("PIXFER_LOG", "everything", 1);
    status |= pixfer_export("never-written.mp4", &input, &PIXFER_EXPORTER_PARAMS(.width = 0), NULL, error, sizeof(error)) !=
              PIXFER_ERR_INVALID;
    status |= expect(error, "PIXFER_LOG is \"everything\", expected error, warning, info or debug");
    return status;
}

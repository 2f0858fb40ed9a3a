/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_EXPORTER_OUTPUT_IO_H
#define PIXFER_EXPORTER_OUTPUT_IO_H

/* Files and callbacks as libavformat's AVIOContext. It never gets a name: "rec-12:30:00.mp4" would be a protocol to it. */

#include <libavformat/avformat.h>
#include <pixfer/exporter.h>
#include <stdbool.h>

struct output {
    AVIOContext *io;
    int fd; /* -1: the callback's */
    pixfer_write_callback write;
    void *opaque;
    int error;         /* errno of the first failure */
    int64_t at, bytes; /* the next byte's place; how many there are */
};

/* Takes over fd unless it fails; -1 for a callback. Returns 0 or an AVERROR. */
int pixfer_output_open(struct output *o, int fd, pixfer_write_callback write, void *opaque);
/* Returns the errno of closing, 0 if all is well. */
int pixfer_output_close(struct output *o);

/* How an MP4 that has been written is read again. */
struct reader {
    AVFormatContext *context;
    int fd;
    int64_t at, end;
    int64_t skip; /* from here on bytes are there, but what they are does not matter */
};

/* The bytes of `fd`, which stays the caller's, up to `end`. `raw`: all samples, with the times of their tables. */
int pixfer_reader_open(struct reader *r, int fd, int64_t end, bool raw);
void pixfer_reader_close(struct reader *r);
/* How many samples of video and audio have all their bytes. Returns 0 or an AVERROR. */
int pixfer_reader_count(struct reader *r, uint64_t counts[2]);
/* Both of the above for a file. */
int pixfer_count_samples(int fd, int64_t end, uint64_t counts[2]);
/* Whether its boxes from `start` on end exactly at `end`. */
bool pixfer_boxes_fit(int fd, int64_t start, int64_t end);

#endif

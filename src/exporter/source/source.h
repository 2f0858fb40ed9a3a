/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_EXPORTER_SOURCE_H
#define PIXFER_EXPORTER_SOURCE_H

/* Where frames come from. A source converts too, because it knows in what pieces its frames arrive: raw frames by rows while they
 * are in the cache, decoded ones as a whole. */

#include <libavutil/frame.h>
#include <pixfer/exporter.h>
#include <stdbool.h>

#include "../encode/tags.h"
#include "../report.h"
#include "demuxer.h"

enum source_status {
    SOURCE_FRAME,
    SOURCE_END,
    SOURCE_BROKEN,  /* truncated or undecodable: source->broken says how; the frames before it are good */
    SOURCE_STOPPED, /* the export failed, or the user asked for its end */
};

struct source;

struct source_ops {
    /* The next frame, ready for the encoder, with its time in the source's time base; with `skip` it is passed over and *frame stays
     * NULL. */
    enum source_status (*next)(struct source *s, struct pixfer_exporter *e, bool skip, AVFrame **frame, int64_t *pts,
                               int64_t *duration);
    /* To the first frame again. False if that is impossible. */
    bool (*rewind)(struct source *s);
    void (*close)(struct source *s);
};

struct source {
    const struct source_ops *ops;
    void *state;
    const struct pixfer_input *input;
    struct report *report;
    char broken[256];

    enum pixfer_format format; /* of what the convert stage gets */
    uint32_t width, height;
    AVRational fps, time_base;
    uint64_t frames; /* in one pass, 0 = not known; an estimate */
    bool constant;   /* frame n is at n / fps */
    bool estimate;
    bool tagged; /* the input says what its YUV is: */
    struct tags tags;
    struct demuxer *demuxer; /* of a container, whose audio is read through it too; else NULL */
    double start;            /* seconds on the input's own clock at which its first frame is shown */
};

/* On failure the report has the reason. */
enum pixfer_result pixfer_source_open(struct source *s, const struct pixfer_input *input, struct report *report);
void pixfer_source_close(struct source *s);
enum pixfer_result pixfer_source_open_raw(struct source *s);
enum pixfer_result pixfer_source_open_libav(struct source *s);

/* 1 if the converter takes this format. */
bool pixfer_converter_takes(enum pixfer_format format);

#endif

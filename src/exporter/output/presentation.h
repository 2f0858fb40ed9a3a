/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_EXPORTER_PRESENTATION_H
#define PIXFER_EXPORTER_PRESENTATION_H

/* What a file says about itself beside its frames: how they are to be shown, titles, languages, chapters. */

#include <libavformat/avformat.h>
#include <stdbool.h>
#include <stdint.h>

#include "../encode/light.h"

struct chapter {
    int64_t start, end; /* µs on the export's clock */
    char *title;
};

/* All zero says nothing. */
struct presentation {
    AVDictionary *metadata;                        /* of the file; keys are libavformat's ("title", "artist", "comment", ...) */
    AVDictionary *video_metadata, *audio_metadata; /* "language" (three letters), "title", "handler_name" */
    uint32_t rotation;                             /* 0, 90, 180, 270: degrees clockwise by which players turn the frames */
    bool mirrored;                                 /* and then exchange left and right */
    AVRational sample_aspect;                      /* 0/1 and 0/0 = square */
    struct light light;
    struct chapter *chapters; /* by start */
    unsigned chapter_count;
};

/* `title` is copied and may be NULL. A chapter that ends before it starts, or starts before the last one, is left out. Returns 0 or
 * an AVERROR. */
int pixfer_presentation_add_chapter(struct presentation *p, int64_t start, int64_t end, const char *title);
/* `to` holds nothing yet. Returns 0 or an AVERROR. */
int pixfer_presentation_copy(struct presentation *to, const struct presentation *from);
void pixfer_presentation_free(struct presentation *p);

/* Tells a muxer, before its header; stream 0 is the video. Chapters are cut at `end`, in µs. Returns 0 or an AVERROR. */
int pixfer_presentation_apply(const struct presentation *p, AVFormatContext *context, int64_t end);
/* An upper bound for what it takes in an MP4's index, in bytes. */
int64_t pixfer_presentation_size(const struct presentation *p);

#endif

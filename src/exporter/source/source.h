/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_EXPORTER_SOURCE_H
#define PIXFER_EXPORTER_SOURCE_H

/* Where frames come from. A source only reads: what becomes of a frame is the business of whoever asked for it. Decoded frames come as a
 * whole; raw ones by rows, so that they can be converted while they are in the cache, or straight into memory that is given. */

#include <libavutil/frame.h>
#include <pixfer/exporter.h>
#include <stdbool.h>

#include "../encode/tags.h"
#include "../output/presentation.h"
#include "../report.h"
#include "demuxer.h"
#include "host.h"

enum source_status {
    SOURCE_FRAME,
    SOURCE_END,
    SOURCE_BROKEN,  /* truncated or undecodable: source->broken says how; the frames before it are good */
    SOURCE_STOPPED, /* the host asked for it, or the report has the reason */
};

struct source;

/* Where a segment begins: a frame of a pass, and what is known of it. */
struct source_place {
    uint64_t index;         /* of the frame */
    int64_t first, before;  /* times of frame 0 and of the frame before this one, and ... */
    int64_t ticks;          /* ... this one's, in ticks of the source; of no meaning where it has none */
    struct packet_mark key; /* the packet to decode from; size 0: the first of all */
};

/* Either `decode` or the three below it are there. Each that answers SOURCE_FRAME has set pts and duration of the frame. */
struct source_ops {
    /* The next frame, which is the caller's then; with `skip` it is passed over and *frame stays NULL. */
    enum source_status (*decode)(struct source *s, bool skip, AVFrame **frame);
    /* The next `*count` rows of a frame, from row `first` on, even but at the end; 0 begins a frame. `window` is addressed like the
     * whole frame, but holds only these rows and `above` of the rows over them. Valid until the next call. */
    enum source_status (*rows)(struct source *s, uint32_t first, uint32_t above, struct pixfer_image *window, uint32_t *count);
    /* The next frame into the planes of `image`. */
    enum source_status (*fill)(struct source *s, const struct pixfer_image *image);
    enum source_status (*skip)(struct source *s);
    /* To the first frame again. False if that is impossible. */
    bool (*rewind)(struct source *s);
    /* So that the frame of that place is the next one. False, and source->broken says how, where it cannot be found. */
    bool (*seek)(struct source *s, const struct source_place *place);
    /* As if a frame of those times had been read: sets its pts and duration. */
    void (*assume)(struct source *s, int64_t ticks, int64_t lasts);
    void (*close)(struct source *s);
};

struct source {
    const struct source_ops *ops;
    void *state;
    const struct pixfer_input *input;
    const struct source_host *host;
    struct report *report;
    char broken[600];

    enum pixfer_format format;
    uint32_t width, height;
    struct pixfer_image layout; /* raw: strides of a frame as the file has it, and its size */
    size_t frame_bytes;
    AVRational fps, time_base;
    uint64_t frames; /* in one pass, 0 = not known; an estimate for what is decoded */
    bool tagged;     /* the input says what its YUV is: */
    struct tags tags;
    bool opaque; /* what the format has for alpha is none */
    struct presentation presentation;
    struct demuxer *demuxer; /* of a container, whose audio is read through it too; else NULL */
    int64_t zero;            /* on its clock: when the first frame is shown */
    AVRational zero_unit;
    AVRational own_fps; /* what the container says, whatever fps is; num 0 = it says nothing */

    int64_t pts, duration; /* of the latest frame, in time_base, from 0 in every pass */
    bool ticking;          /* frames have times of their own, which tell them apart: */
    AVRational tick;
    int64_t ticks, lasts; /* of the latest frame, as the input has them; AV_NOPTS_VALUE = it has none */
    bool portable;        /* frames are to be the same on every processor */
    uint64_t skipped;     /* packets that could not be decoded */
    uint64_t damaged;     /* frames in which something is missing */
    uint64_t unseen;      /* packets of which no frame came, though their decoder names no error; once the end is reached */
};

/* On failure the report has the reason, but where the host stopped it (PIXFER_ERR_CANCELLED). */
enum pixfer_result pixfer_source_open(struct source *s, const struct pixfer_input *input, const struct source_host *host,
                                      struct report *report);
void pixfer_source_close(struct source *s);
enum pixfer_result pixfer_source_open_raw(struct source *s);
enum pixfer_result pixfer_source_open_libav(struct source *s);
/* Frames that somebody else has, at the rate of the parameters: only their times are there. */
enum pixfer_result pixfer_source_open_counted(struct source *s, const struct pixfer_exporter_params *params,
                                              struct report *report);

/* 1 if the converter takes this format. */
bool pixfer_converter_takes(enum pixfer_format format);

#endif

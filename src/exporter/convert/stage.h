/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_EXPORTER_STAGE_H
#define PIXFER_EXPORTER_STAGE_H

/* The convert stage: from a source's frame, or rows of it, into the encoder's own frame. */

#include <pixfer/convert.h>
#include <pixfer/exporter.h>
#include <stdbool.h>

#include "../encode/frame_pool.h"
#include "../report.h"
#include "alpha.h"
#include "light_meter.h"

struct convert_stage {
    struct report *report;
    enum pixfer_format format, target;  /* target: what the planes of an encoder frame hold */
    uint32_t width, height;             /* true size */
    struct pixfer_converter *converter; /* NULL where frames pass through */
    bool by_rows;                       /* pixfer_convert_rows is the fast way */
    bool on_this_thread;                /* nothing else works on a conversion */
    bool reported;                      /* the first frame */
    struct light_meter *meter;          /* NULL = it is not measured */
    struct alpha_watch alpha;           /* of the first frame, where it is dropped */
    double seconds;
    char described[96]; /* the converter, for the log */
    char refusal[240];  /* a converter's last error line */
    char measured[160]; /* what the converters took where they were measured */
    uint32_t lag;       /* rows above the window that the filter looks at */
};

enum pixfer_result pixfer_stage_open(struct convert_stage *s, const struct pixfer_exporter_params *params, struct report *report);
/* Opens the converter for what the encoder wants. */
enum pixfer_result pixfer_stage_set_target(struct convert_stage *s, const struct pixfer_exporter_params *params,
                                           struct frame_pool *frames);
enum pixfer_result pixfer_stage_frame(struct convert_stage *s, const struct pixfer_image *image, AVFrame *frame);
enum pixfer_result pixfer_stage_rows(struct convert_stage *s, const struct pixfer_image *window, AVFrame *frame, uint32_t first,
                                     uint32_t count);
/* Repeats the edge of an odd frame where the encoder's has an even size. */
void pixfer_stage_pad(const struct convert_stage *s, AVFrame *frame);
/* The same, and reports the first frame. */
void pixfer_stage_finish_frame(struct convert_stage *s, AVFrame *frame);
void pixfer_stage_close(struct convert_stage *s);
enum pixfer_siting pixfer_stage_siting(const struct pixfer_exporter_params *params);

#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_EXPORTER_EXPORT_H
#define PIXFER_EXPORTER_EXPORT_H

/* pixfer_export, and what of it a plan uses: the same run over some of the frames, or over the packets of all segments. */

#include "exporter.h"
#include "plan/frames.h"
#include "source/source.h"

/* What a plan wants in place of an export of the whole input. */
struct export_job {
    struct export_part part;          /* of the exporter; with a feed this is the join, else a segment */
    struct pixfer_exporter *exporter; /* set once it is there */
    const struct frame_table *frames; /* of one pass */
    uint64_t first, end;              /* of the frames, over all passes */
    uint64_t pass;                    /* that the first frame is in, for a segment ... */
    struct source_place place;        /* ... and where in that: part.lead_in frames before the first */
    bool pushed;                      /* the frames come from no input */
    struct tags tags;                 /* that the plan has; the input must still say so */
};

enum pixfer_result pixfer_export_job(const char *path, const struct pixfer_input *input,
                                     const struct pixfer_exporter_params *params, struct pixfer_exporter_stats *stats,
                                     char *error, size_t error_size, struct export_job *job);

/* Format, size, rate and time base of the exporter's parameters are the source's. */
void pixfer_exporter_take_source(struct pixfer_exporter *e, const struct source *s);
/* The tags of YUV that says what it is; NULL: the parameters say it. */
const struct tags *pixfer_source_tags(const struct source *s, const struct pixfer_input *input);

#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_EXPORTER_DESCRIBE_H
#define PIXFER_EXPORTER_DESCRIBE_H

/* What a container says about its frames and its audio beside them, for the output to say it too. */

#include <libavutil/frame.h>

#include "../output/presentation.h"
#include "../report.h"
#include "demuxer.h"

struct describe_request {
    struct demuxer *demuxer;
    const AVFrame *frame; /* the first */
    const char *name;
    bool audio;    /* the input's audio is exported */
    bool chapters; /* the export is the whole input at its own times */
    int64_t start; /* µs on the input's clock at which the export begins */
    struct report *report;
};

/* Fills `p`, which is empty, and reports in one line what cannot be carried over. 0 or an AVERROR. */
int pixfer_describe_input(struct presentation *p, const struct describe_request *request);

#endif

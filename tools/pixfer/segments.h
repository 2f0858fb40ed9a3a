/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_TOOL_SEGMENTS_H
#define PIXFER_TOOL_SEGMENTS_H

/* `pixfer export --segments`: plan, segments and join in one process, several segments at a time. */

#include <pixfer/plan.h>

#include "export_options.h"

struct segments_request {
    const struct export_options *options;
    struct pixfer_exporter_params params; /* with log and progress, which is called from one thread at a time */
};

/* As pixfer_export. What was done is kept where it cannot go on, and the next call with the same wishes goes on from there. */
enum pixfer_result segments_export(const struct segments_request *request, struct pixfer_exporter_stats *stats, char *error,
                                   size_t error_size);

#endif

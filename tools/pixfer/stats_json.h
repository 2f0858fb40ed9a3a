/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_TOOL_STATS_JSON_H
#define PIXFER_TOOL_STATS_JSON_H

#include <pixfer/exporter.h>
#include <stdbool.h>

#include "output.h"

/* What --stats writes, about the export to `name`, which ended as `result` says. False after a message. */
bool stats_write(const struct pixfer_exporter_stats *stats, const char *name, const char *result, struct output *output);

#endif

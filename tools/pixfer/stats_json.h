/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_TOOL_STATS_JSON_H
#define PIXFER_TOOL_STATS_JSON_H

#include <pixfer/exporter.h>
#include <stdbool.h>

/* Writes what --stats tells about the export to `output` to `path` in one step. False with errno set. */
bool stats_write(const struct pixfer_exporter_stats *stats, const char *output, const char *path);

#endif

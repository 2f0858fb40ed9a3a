/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_TOOL_STATS_JSON_H
#define PIXFER_TOOL_STATS_JSON_H

#include <jansson.h>
#include <pixfer/exporter.h>
#include <stdbool.h>

/* What --stats writes, about the export to `output`. A new reference. */
json_t *stats_to_json(const struct pixfer_exporter_stats *stats, const char *output);

/* Writes it to `path` in one step. False with errno set. */
bool stats_write(const struct pixfer_exporter_stats *stats, const char *output, const char *path);

#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_TOOL_MEASURE_BACKEND_H
#define PIXFER_TOOL_MEASURE_BACKEND_H

#include <pixfer/convert.h>
#include <stdbool.h>

/* What the transfers of a backend were measured to cost, all frames together. */
struct transfers {
    char acceleration[128];
    unsigned frames, width, height;
    double wall_s, cpu_s, process_cpu_s;
};

/* Has a backend convert some frames of BGRA to NV12, centre-sited. False where there is nothing to measure; reason, of `size` bytes,
 * is then the line that refused it, or "". */
bool measure_backend(enum pixfer_backend backend, struct transfers *transfers, char *reason, size_t size);

#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_TOOL_MEASURE_BACKEND_H
#define PIXFER_TOOL_MEASURE_BACKEND_H

#include <jansson.h>
#include <pixfer/convert.h>

/* Has a backend convert some frames of BGRA to NV12, centre-sited. What its transfers were measured to cost, or NULL where there is
 * nothing to measure; reason, of `size` bytes, is then the line that refused it, or "". */
json_t *measure_backend(enum pixfer_backend backend, char *reason, size_t size);

#endif

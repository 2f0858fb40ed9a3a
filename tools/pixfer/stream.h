/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_TOOL_STREAM_H
#define PIXFER_TOOL_STREAM_H

/* Raw frames in, raw or y4m frames out. A few rows at a time are read into a buffer that stays in the cache and converted
 * into one of two output frames, while a second thread writes the other: the RGB frame never exists as a whole, and
 * reading, converting and writing overlap. Converters with threads of their own, and sources in planes, get whole frames. */

#include "args.h"
#include "input.h"
#include "output.h"

struct stream_params {
    struct pixfer_converter_params converter; /* struct_size and log are filled in */
    size_t stride;                            /* bytes from a source row to the next; 0 = no padding */
    struct frame_span span;
    bool y4m;
    struct rational rate; /* for y4m only */
    bool verbose;
};

/* Converts until the input ends or span does. Prints what went wrong; returns an exit code. Complete frames that were written
 * before a truncated one stay written. *frames counts what was written. */
int stream_convert(struct input *input, struct output *output, const struct stream_params *params, uint64_t *frames);

#endif

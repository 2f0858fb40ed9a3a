/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_EXPORTER_SEQUENCE_H
#define PIXFER_EXPORTER_SEQUENCE_H

/* Numbered image sequences ("frames/%05d.png"). libavformat reads them, but only looks for a first number up to 4 and takes a
 * missing frame for the end. */

#include <stdbool.h>
#include <stdint.h>

/* True if name is a pattern and no file; *first is the lowest number there is, 0 if there is none. */
bool pixfer_sequence_first(const char *name, int *first);

/* A line that tells of frames behind a gap, once `read` have been read; "" if there are none, or name is no sequence. Valid until
 * this thread's next call. */
const char *pixfer_sequence_gap(const char *name, uint64_t read);

#endif

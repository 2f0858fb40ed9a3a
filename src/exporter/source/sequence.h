/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_EXPORTER_SEQUENCE_H
#define PIXFER_EXPORTER_SEQUENCE_H

/* Numbered image sequences ("frames/%05d.png"). libavformat reads them, but only looks for a first number up to 4, takes a missing
 * frame for the end, and searches for as long as a number may have digits. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* True if name is a pattern and no file; *first is the lowest number there is, 0 if there is none. */
bool pixfer_sequence_first(const char *name, int *first);

/* What libavformat calls it; the caller frees it. NULL: no memory. */
char *pixfer_sequence_url(const char *name);

/* Looks at the files of a sequence that [from, end) of its frames are in, end 0 = to the last. False, and why, if there are none, or one
 * of them is nothing that can be read. */
bool pixfer_sequence_check(const char *name, uint64_t from, uint64_t end, char *why, size_t size);

/* How many frames there are before the first gap; 0 where there is none, or name is no pattern. */
uint64_t pixfer_sequence_count(const char *name);
/* The file of frame `index`; false if its name does not fit. */
bool pixfer_sequence_file(const char *name, uint64_t index, char *file, size_t size);

/* A line that tells of frames behind a gap, once `read` have been read; "" if there are none, or name is no sequence. Valid until
 * this thread's next call. */
const char *pixfer_sequence_gap(const char *name, uint64_t read);

#endif

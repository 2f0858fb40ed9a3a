/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_EXPORTER_SAMPLE_QUEUE_H
#define PIXFER_EXPORTER_SAMPLE_QUEUE_H

/* Samples in order, taken out at the front and cut at the back. Silence is a number, whatever its length, so a hole takes no memory. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sample_chunk;

struct sample_queue {
    struct sample_chunk *first, *last;
    int64_t count; /* samples for each channel */
    size_t bytes;  /* held */
    size_t channels;
};

/* Interleaved samples, NULL = silence. False for lack of memory: nothing has been added then. */
bool pixfer_samples_append(struct sample_queue *q, const float *samples, int64_t count);
/* Silence in front of all. */
bool pixfer_samples_prepend_silence(struct sample_queue *q, int64_t count);
/* Moves the first `count` to `out`, or drops them where it is NULL; `count` is at most what there is. */
void pixfer_samples_take(struct sample_queue *q, float *out, int64_t count);
/* Keeps the first `count`. */
void pixfer_samples_keep(struct sample_queue *q, int64_t count);

#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_EXPORTER_AUDIO_ENCODER_H
#define PIXFER_EXPORTER_AUDIO_ENCODER_H

/* Audio that is encoded. */

#include <pixfer/exporter.h>

struct audio_encoder;

enum pixfer_result pixfer_audio_open(struct pixfer_exporter *e, uint32_t sample_rate, uint32_t channels);
/* Samples NULL = silence. They wait for their frames. */
enum pixfer_result pixfer_audio_push(struct pixfer_exporter *e, const float *samples, size_t count);
/* Encodes what belongs to frames that have been submitted. */
enum pixfer_result pixfer_audio_advance(struct pixfer_exporter *e);
/* Drops what waits behind `end` samples; how many samples there are then. */
int64_t pixfer_audio_truncate(struct pixfer_exporter *e, int64_t end);
/* Cuts or fills with silence to the end of the last frame, and flushes. */
enum pixfer_result pixfer_audio_finish(struct pixfer_exporter *e);
void pixfer_audio_close(struct pixfer_exporter *e);

#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_EXPORTER_AUDIO_INPUT_H
#define PIXFER_EXPORTER_AUDIO_INPUT_H

/* The audio of a file, delivered beside the frames. */

#include <pixfer/exporter.h>
#include <stdbool.h>

struct audio_input;

/* Adds the audio of `name` to an exporter that has not been started. *out stays NULL where there is none and `required` is false. */
enum pixfer_result pixfer_audio_input_open(struct audio_input **out, struct pixfer_exporter *e, const char *name, bool required,
                                           bool may_copy);
/* Where its file's clock starts, in seconds. */
double pixfer_audio_input_start(const struct audio_input *a);
/* The audio at `media` seconds of its file belongs to `output` seconds of the export; what follows is read from the start again. */
enum pixfer_result pixfer_audio_input_place(struct audio_input *a, double media, double output);
/* Delivers what belongs before `until`, in seconds of the export. */
enum pixfer_result pixfer_audio_input_feed(struct audio_input *a, double until);
/* The last frame ends at `end`. */
enum pixfer_result pixfer_audio_input_finish(struct audio_input *a, double end);
void pixfer_audio_input_close(struct audio_input **a);

#endif

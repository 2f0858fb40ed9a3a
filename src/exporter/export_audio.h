/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_EXPORTER_EXPORT_AUDIO_H
#define PIXFER_EXPORTER_EXPORT_AUDIO_H

/* The audio of pixfer_export: read beside the frames, by the same thread, and put where they are. Times without a unit of their own
 * are in that of the request. */

#include "exporter.h"
#include "source/demuxer.h"

struct export_audio;

struct export_audio_request {
    const struct pixfer_input *input;
    struct demuxer *demuxer; /* that the frames come from; NULL if there is none */
    const struct source_host *host;
    AVRational unit; /* of the times below */
    int64_t zero;    /* the first frame, on the demuxer's clock */
    AVRational zero_unit;
    AVRational speed; /* frames are shown so many times faster than the input says, and the audio is to follow */
};

/* Adds a track to an exporter that has not been started. *out stays NULL where there is no audio. */
enum pixfer_result pixfer_export_audio_open(struct export_audio **out, struct pixfer_exporter *e,
                                            const struct export_audio_request *request);
void pixfer_export_audio_close(struct export_audio **audio);

/* Frames of this pass have been passed over up to `until`, counted from its first one. */
enum pixfer_result pixfer_export_audio_skip(struct export_audio *x, int64_t until);
/* Time 0 of this pass is at `output` of the export; its first frame that is wanted, at `first`. */
enum pixfer_result pixfer_export_audio_place(struct export_audio *x, int64_t output, int64_t first);
/* The frames have reached `until`: what belongs before goes on its way. */
enum pixfer_result pixfer_export_audio_feed(struct export_audio *x, int64_t until);
/* True once it is known that there is no audio from `time` on. */
bool pixfer_export_audio_is_over(struct export_audio *x, int64_t time);
/* The last frame of a pass ends at `end`; the source goes back to its first one after this. */
enum pixfer_result pixfer_export_audio_end_pass(struct export_audio *x, int64_t end);
enum pixfer_result pixfer_export_audio_restart(struct export_audio *x);
/* The last frame of all ends at `end`. With `hold` it is held to the end of the audio where that is later. */
enum pixfer_result pixfer_export_audio_finish(struct export_audio *x, int64_t end, bool hold);
/* A line that says what of the audio is missing, "" if nothing is; and how many packets. */
const char *pixfer_export_audio_damage(const struct export_audio *x, uint64_t *skipped);

#endif

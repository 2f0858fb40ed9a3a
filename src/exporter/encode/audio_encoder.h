/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_EXPORTER_AUDIO_ENCODER_H
#define PIXFER_EXPORTER_AUDIO_ENCODER_H

/* Audio that is encoded: samples with places on the export's clock become packets. Samples wait until their frames are there, because
 * the last frame decides where the audio ends.
 *
 * The thread that pushes frames calls everything; beside it another one may call push, push_at, rate and position. */

#include <libavcodec/avcodec.h>
#include <pixfer/common.h>
#include <stdbool.h>

#include "../report.h"

struct audio_encoder;

struct audio_host {
    struct report *report;
    /* Takes the packet, whose times are in `unit`. */
    enum pixfer_result (*packet)(void *opaque, AVPacket *packet, AVRational unit);
    bool (*proceed)(void *opaque); /* asked between packets on the frames' thread; false = stop */
    bool (*stopped)(void *opaque); /* asked by the other thread while its push waits; true = stop */
    void *opaque;
};

struct audio_request {
    const char *codec; /* NULL = AAC */
    uint32_t bitrate;  /* 0 = 96000 for each channel */
    int sample_rate;
    const AVChannelLayout *layout; /* of the samples that are pushed; where the codec has no place for it, or for the rate: */
    bool adapt;                    /* true: another one is chosen, which rate and layout below tell; false: that is an error */
};

enum pixfer_result pixfer_audio_open(struct audio_encoder **out, const struct audio_request *request,
                                     const struct audio_host *host);
void pixfer_audio_close(struct audio_encoder **a);

const AVCodecContext *pixfer_audio_codec(const struct audio_encoder *a);
int pixfer_audio_rate(const struct audio_encoder *a);

/* A time on the frames' clock, in samples; INT64_MIN where it is beyond all bounds: 2^48 samples, 186 years at 48 kHz. */
int64_t pixfer_audio_position(const struct audio_encoder *a, int64_t time, AVRational unit);

/* Where the export's time 0 lies on the clock of push_at, 0 if nothing else is said before the first advance. Samples before it are cut.
 * What is pushed before that is known waits. */
enum pixfer_result pixfer_audio_set_origin(struct audio_encoder *a, int64_t origin);

/* Samples that follow the ones before, the first of all at the export's time 0; NULL = silence. */
enum pixfer_result pixfer_audio_push(struct audio_encoder *a, const float *samples, size_t count);
/* Samples whose first is heard at `position`: a hole in front is filled with silence, an overlap cut. */
enum pixfer_result pixfer_audio_push_at(struct audio_encoder *a, const float *samples, size_t count, int64_t position);
/* Gives up what waits behind `end` samples of the export; where the next push follows then. */
int64_t pixfer_audio_truncate(struct audio_encoder *a, int64_t end);

/* Where what has been pushed ends, in samples of the export. */
int64_t pixfer_audio_written(struct audio_encoder *a);

/* The frames reach to `end` samples of the export: encodes what lies before. */
enum pixfer_result pixfer_audio_advance(struct audio_encoder *a, int64_t end);
/* The last frame ends there: cuts or fills with silence, and flushes; once. A push that waits, or comes later, is refused. */
enum pixfer_result pixfer_audio_finish(struct audio_encoder *a, int64_t end);

/* Bytes of samples that wait. */
size_t pixfer_audio_waiting(struct audio_encoder *a);

#endif

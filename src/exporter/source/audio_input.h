/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_EXPORTER_AUDIO_INPUT_H
#define PIXFER_EXPORTER_AUDIO_INPUT_H

/* The audio of an input, read and no more: as packets that can be copied, or decoded into blocks of samples. All times are counted in
 * samples from a zero on the input's clock, in 64 bits; what lies beyond 2^48 of them is left out like a packet that is damaged. */

#include <libavcodec/avcodec.h>
#include <pixfer/common.h>
#include <stdbool.h>

#include "demuxer.h"

struct audio_input;

enum audio_status {
    AUDIO_ITEM,
    AUDIO_LATER,   /* the next packet lies too far behind packets of the video that wait */
    AUDIO_END,     /* also where the rest cannot be read */
    AUDIO_STOPPED, /* the host asked for it, or the report has the reason */
};

struct audio_block {
    const float *samples; /* interleaved, valid until the next call */
    int64_t count, position;
};

/* What went wrong. */
struct audio_damage {
    uint64_t skipped; /* packets left out */
    char line[512];   /* the first of them, or why the rest cannot be read; "" = none */
};

/* The audio of `demuxer`, which stays the caller's. On failure the report has the reason. */
enum pixfer_result pixfer_audio_input_open(struct audio_input **out, struct demuxer *demuxer, const char *name,
                                           bool stop_on_error, struct report *report);
void pixfer_audio_input_close(struct audio_input **input);

const AVCodecParameters *pixfer_audio_input_parameters(const struct audio_input *a);
/* True if its packets have lengths that are exact, in samples, and a configuration that stands in front and stays. */
bool pixfer_audio_input_can_copy(const struct audio_input *a);

/* Before blocks are asked for: opens the decoder; the input's rate and layout. */
enum pixfer_result pixfer_audio_input_decode(struct audio_input *a, int *rate, AVChannelLayout *layout);
/* What blocks are brought to. Audio of `speed` 2 lasts half as long, an octave higher. */
enum pixfer_result pixfer_audio_input_set_output(struct audio_input *a, int rate, const AVChannelLayout *layout,
                                                 AVRational speed);
/* From where positions are counted, on the input's clock. */
void pixfer_audio_input_set_zero(struct audio_input *a, int64_t time, AVRational unit);

/* The next packet, with pts, dts and duration in samples; each begins after the one before. `ahead`: how many bytes of the video's packets
 * may wait meanwhile. */
enum audio_status pixfer_audio_input_packet(struct audio_input *a, AVPacket *packet, size_t ahead);
/* The next samples. Blocks whose times say that they follow each other, but for rounding, do so exactly. */
enum audio_status pixfer_audio_input_block(struct audio_input *a, struct audio_block *block, size_t ahead);

/* The demuxer has gone back to its first packet. */
enum pixfer_result pixfer_audio_input_restart(struct audio_input *a);
const struct audio_damage *pixfer_audio_input_damage(const struct audio_input *a);

#endif

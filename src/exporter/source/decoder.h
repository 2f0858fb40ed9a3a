/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_EXPORTER_DECODER_H
#define PIXFER_EXPORTER_DECODER_H

/* Packets of a demuxer's stream, decoded. */

#include <libavcodec/avcodec.h>
#include <stdbool.h>

#include "demuxer.h"

struct decoder {
    struct demuxer *demuxer;
    int stream;
    uint64_t max_pixels;
    bool stop_on_error;
    AVCodecContext *codec;
    AVPacket *packet;
    int end;                    /* of the packets: EOF, or what else ended them; given once the decoder is empty */
    unsigned fruitless;         /* errors since the latest packet */
    uint64_t skipped;           /* packets that could not be decoded, in all passes */
    uint64_t damaged;           /* frames in which the decoder has covered up what was missing */
    uint64_t packets, frames;   /* in and out, in all passes */
    uint64_t read;              /* packets of this pass */
    uint64_t fruitless_packets; /* of which neither a frame nor an error came, known at the end of each pass */
    char why[200];              /* the first packet could not */
};

/* Decodes the demuxer's video from its first packet on; once more after a rewind. 0 or an AVERROR. */
int pixfer_decoder_start(struct decoder *d, struct demuxer *demuxer);
/* 0, or an AVERROR: EOF; EXIT where the host stopped it. */
int pixfer_decoder_next(struct decoder *d, AVFrame *frame);
void pixfer_decoder_stop(struct decoder *d);

#endif

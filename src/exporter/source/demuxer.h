/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_EXPORTER_DEMUXER_H
#define PIXFER_EXPORTER_DEMUXER_H

/* A container, opened once for video and audio, so that pipes and what is served once give both. It reads that one input and nothing
 * that is named inside it. Everything here is called by one thread. */

#include <libavformat/avformat.h>
#include <pixfer/common.h>
#include <stdbool.h>

#include "../report.h"
#include "host.h"

struct demuxer;

struct demuxer_options {
    const char *name;
    const char *stage;        /* what error lines begin with: "source", "audio" */
    bool video, audio;        /* packets of the best stream of these kinds are kept; all others are dropped */
    AVRational sequence_rate; /* of numbered images */
    uint64_t max_pixels;      /* of a frame that is decoded to learn what is in it; 0 = libavcodec's own limit */
    double max_gap;           /* seconds; 0 = 10 */
};

/* On failure the report has the reason, PIXFER_ERR_CANCELLED (without a line) where the host stopped it, and *out is NULL. That there is
 * no stream of a kind is no failure. */
enum pixfer_result pixfer_demuxer_open(struct demuxer **out, const struct demuxer_options *options,
                                       const struct source_host *host, struct report *report);

/* The stream of that kind whose packets are kept, or an AVERROR (STREAM_NOT_FOUND, DECODER_NOT_FOUND). */
int pixfer_demuxer_find(const struct demuxer *d, enum AVMediaType type);
/* Both are new after a rewind. */
AVFormatContext *pixfer_demuxer_context(const struct demuxer *d);
AVStream *pixfer_demuxer_stream(const struct demuxer *d, int stream);
/* Nobody reads this stream any more. */
void pixfer_demuxer_drop(struct demuxer *d, int stream);

/* The next packet of a stream; those of the other one that are met on the way wait for their turn. The packet's times are on one clock
 * that goes on: where the input's own jump back, or further ahead than max_gap, that is taken out for both streams alike. An AVERROR
 * otherwise: EOF; EXIT where the host stopped it. */
int pixfer_demuxer_read(struct demuxer *d, int stream, AVPacket *packet);
/* The same, but AVERROR(EAGAIN) where more than that many bytes of the other stream would wait. */
int pixfer_demuxer_read_within(struct demuxer *d, int stream, AVPacket *packet, size_t bytes);
/* What that error was, in words; valid until the next call. */
const char *pixfer_demuxer_error(struct demuxer *d, int error);

/* A packet that can be known again. */
struct packet_mark {
    int64_t pts;
    int32_t size;
    uint32_t sum; /* of its bytes */
};

struct packet_mark pixfer_packet_mark(const AVPacket *packet);
/* So that the packet of that mark is the next of `stream`. 0, or an AVERROR: ESPIPE where it cannot be found. */
int pixfer_demuxer_seek(struct demuxer *d, int stream, const struct packet_mark *mark);
/* Packets of this stream are read past from now on; their times count, as those of packets that are kept. */
void pixfer_demuxer_pass(struct demuxer *d, int stream);
/* How often the input's clock has jumped. */
unsigned pixfer_demuxer_jumps(const struct demuxer *d);
/* Of numbered images the one `skip` behind the first is the next, and the first after a rewind. 0 or an AVERROR. */
int pixfer_demuxer_skip_images(struct demuxer *d, uint64_t skip);

/* What was wrong with the streams when they were opened, "" = nothing was said. */
const char *pixfer_demuxer_complaint(const struct demuxer *d);

/* Whether frames of that size are decoded; else pixfer_demuxer_error has the reason. */
bool pixfer_demuxer_takes_size(struct demuxer *d, int width, int height);

bool pixfer_demuxer_can_rewind(const struct demuxer *d);
/* To the first packet of both streams again. 0 or an AVERROR. */
int pixfer_demuxer_rewind(struct demuxer *d);
void pixfer_demuxer_close(struct demuxer **d);

#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include <stdio.h>

#include "../libav_log.h"
#include "decoder.h"

/* A decoder answers at most an error for each packet that its threads hold; more without a new packet would never end. */
enum { MOST_FRUITLESS = 1024 };

static int open_codec(struct decoder *d)
{
    const AVStream *stream = pixfer_demuxer_stream(d->demuxer, d->stream);
    const AVCodec *codec = avcodec_find_decoder(stream->codecpar->codec_id);
    if (!codec)
        return AVERROR_DECODER_NOT_FOUND;
    d->codec = avcodec_alloc_context3(codec);
    int error = d->codec ? avcodec_parameters_to_context(d->codec, stream->codecpar) : AVERROR(ENOMEM);
    if (error < 0)
        return error;
    pixfer_libav_adopt_codec(d->codec);
    d->codec->thread_count = 0;
    d->codec->pkt_timebase = stream->time_base;
    d->codec->max_pixels = (int64_t)d->max_pixels;
    return avcodec_open2(d->codec, codec, NULL);
}

int pixfer_decoder_start(struct decoder *d, struct demuxer *demuxer)
{
    d->demuxer = demuxer;
    d->end = 0;
    d->fruitless = 0;
    d->read = 0;
    d->stream = pixfer_demuxer_find(demuxer, AVMEDIA_TYPE_VIDEO);
    if (d->stream < 0)
        return d->stream;
    d->packet = av_packet_alloc();
    return d->packet ? open_codec(d) : AVERROR(ENOMEM);
}

static int send_packet(struct decoder *d)
{
    int error = d->end ? d->end : pixfer_demuxer_read(d->demuxer, d->stream, d->packet);
    if (error < 0)
        d->end = error;
    else
        d->fruitless = 0;
    d->read += error >= 0;
    d->packets += error >= 0 && !(d->packet->flags & AV_PKT_FLAG_DISCARD);
    error = avcodec_send_packet(d->codec, error < 0 ? NULL : d->packet);
    av_packet_unref(d->packet);
    return error;
}

/* A packet that cannot be decoded costs its frame, not the export. */
static bool pass_over(struct decoder *d, int error)
{
    if (error == AVERROR(ENOMEM) || error == AVERROR_EXIT || ++d->fruitless > MOST_FRUITLESS)
        return false;
    if (!d->skipped) {
        const char *line = pixfer_libav_last_error();
        snprintf(d->why, sizeof(d->why), "%s%s%.140s", pixfer_av_error(error), *line ? ": " : "", line);
    }
    d->skipped++;
    return !d->stop_on_error;
}

/* What is missing in it would be covered up. */
static int stop_at_damage(struct decoder *d, AVFrame *frame)
{
    av_frame_unref(frame);
    if (!d->skipped++)
        snprintf(d->why, sizeof(d->why), "it is damaged");
    return AVERROR_INVALIDDATA;
}

int pixfer_decoder_next(struct decoder *d, AVFrame *frame)
{
    for (;;) {
        pixfer_libav_quiet(true); /* what goes wrong is told in one line */
        int error = avcodec_receive_frame(d->codec, frame);
        if (error == AVERROR(EAGAIN))
            error = send_packet(d);
        pixfer_libav_quiet(false);
        if (error == AVERROR_EOF) {
            const uint64_t told = d->frames + d->skipped;
            d->fruitless_packets = d->packets > told ? d->packets - told : 0;
            return d->end;
        }
        if (error >= 0 && frame->buf[0]) {
            const bool damaged = frame->decode_error_flags || frame->flags & AV_FRAME_FLAG_CORRUPT;
            if (damaged && d->stop_on_error)
                return stop_at_damage(d, frame);
            d->damaged += damaged;
            d->frames++;
            return 0;
        }
        if (d->end == AVERROR_EXIT || (error < 0 && !pass_over(d, error)))
            return d->end == AVERROR_EXIT ? AVERROR_EXIT : error;
    }
}

void pixfer_decoder_stop(struct decoder *d)
{
    avcodec_free_context(&d->codec);
    av_packet_free(&d->packet);
}
#endif

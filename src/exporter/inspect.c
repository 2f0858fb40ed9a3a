/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include "inspect.h"

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <stdio.h>
#include <string.h>

#include "report.h"

struct reader {
    AVFormatContext *input;
    AVCodecContext *decoder;
    AVPacket *packet;
    AVFrame *frame;
    int stream;
};

/* "file:" keeps a colon in the name from being taken for a protocol. */
static int open_reader(struct reader *r, const char *path)
{
    const AVCodec *codec = NULL;
    char name[4096];
    if (snprintf(name, sizeof(name), "file:%s", path) >= (int)sizeof(name))
        return AVERROR(ENAMETOOLONG);
    int error = avformat_open_input(&r->input, name, av_find_input_format("mp4"), NULL);
    if (error >= 0)
        error = avformat_find_stream_info(r->input, NULL);
    if (error >= 0)
        error = r->stream = av_find_best_stream(r->input, AVMEDIA_TYPE_VIDEO, -1, -1, &codec, 0);
    if (error < 0)
        return error;
    r->decoder = avcodec_alloc_context3(codec);
    r->packet = av_packet_alloc();
    r->frame = av_frame_alloc();
    if (!r->decoder || !r->packet || !r->frame)
        return AVERROR(ENOMEM);
    error = avcodec_parameters_to_context(r->decoder, r->input->streams[r->stream]->codecpar);
    return error < 0 ? error : avcodec_open2(r->decoder, codec, NULL);
}

static int next_frame(struct reader *r)
{
    int error;
    while ((error = avcodec_receive_frame(r->decoder, r->frame)) == AVERROR(EAGAIN)) {
        do {
            av_packet_unref(r->packet);
            error = av_read_frame(r->input, r->packet);
        } while (error >= 0 && r->packet->stream_index != r->stream);
        if (error < 0 && error != AVERROR_EOF)
            return error;
        error = avcodec_send_packet(r->decoder, error < 0 ? NULL : r->packet);
        if (error < 0)
            return error;
    }
    return error;
}

static void take_tags(struct inspection *found, const AVFrame *frame)
{
    found->matrix = frame->colorspace;
    found->primaries = frame->color_primaries;
    found->transfer = frame->color_trc;
    found->full_range = frame->color_range == AVCOL_RANGE_UNSPECIFIED ? -1 : frame->color_range == AVCOL_RANGE_JPEG;
    found->siting = frame->chroma_location == AVCHROMA_LOC_UNSPECIFIED ? -1 : (int)frame->chroma_location - 1;
}

bool pixfer_inspect(const char *path, inspect_frame frame, void *opaque, struct inspection *found, char *error_text, size_t size)
{
    struct reader r = {0};
    *found = (struct inspection){.full_range = -1, .siting = -1};
    int error = open_reader(&r, path);
    bool go_on = true;
    while (error >= 0 && go_on && (error = next_frame(&r)) >= 0) {
        if (!found->frames)
            take_tags(found, r.frame);
        go_on = frame(opaque, found->frames++, r.frame->data[0], r.frame->linesize[0], (uint32_t)r.frame->width,
                      (uint32_t)r.frame->height);
        av_frame_unref(r.frame);
    }
    if (error < 0 && error != AVERROR_EOF)
        snprintf(error_text, size, "cannot be read back after %llu frames: %s", (unsigned long long)found->frames,
                 pixfer_av_error(error));
    avcodec_free_context(&r.decoder);
    avformat_close_input(&r.input);
    av_packet_free(&r.packet);
    av_frame_free(&r.frame);
    return error >= 0 || error == AVERROR_EOF;
}
#endif

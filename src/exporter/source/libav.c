/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include <libavutil/pixdesc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../exporter.h"
#include "../libav_log.h"
#include "sequence.h"
#include "source.h"
#include "swscale_adapter.h"

struct libav {
    struct demuxer *demuxer;
    struct source_host host;
    AVCodecContext *codec;
    int stream;
    AVPacket *packet;
    AVFrame *ahead; /* decoded to learn the format */
    bool drained;
    int error; /* of reading, kept until the frames before it have come out of the decoder */
    struct adapter *adapter;
    enum AVPixelFormat adapted; /* NONE = frames are taken as they are */
    enum AVPixelFormat decoded;
    bool own_times;
    int64_t first, last; /* times of the first and the latest frame, in the stream's time base */
    AVRational grid;     /* of frames whose times were rounded by the container; num 0 = none */
    uint64_t index;
    struct pixfer_exporter *e; /* NULL while opening */
};

/* ---- Decoding -------------------------------------------------------------------------------------------------------------- */

static bool proceed(void *opaque)
{
    struct libav *l = opaque;
    return !l->e || (pixfer_exporter_tick(l->e, "source") && !pixfer_report_finishing(&l->e->report));
}

static int send_packet(struct libav *l)
{
    int error = pixfer_demuxer_read(l->demuxer, l->stream, l->packet);
    l->drained = error < 0;
    l->error = error < 0 ? error : 0;
    error = avcodec_send_packet(l->codec, l->drained ? NULL : l->packet);
    av_packet_unref(l->packet);
    return error;
}

static int decode(struct libav *l, AVFrame *frame)
{
    int error;
    while ((error = avcodec_receive_frame(l->codec, frame)) == AVERROR(EAGAIN))
        if ((error = send_packet(l)) < 0)
            return error;
    return error == AVERROR_EOF && l->error ? l->error : error;
}

/* A fresh frame, adapted; NULL and *error otherwise. */
static AVFrame *decode_frame(struct libav *l, int *error)
{
    AVFrame *frame = l->ahead;
    l->ahead = NULL;
    if (frame)
        return frame;
    frame = av_frame_alloc();
    *error = frame ? decode(l, frame) : AVERROR(ENOMEM);
    if (*error < 0)
        av_frame_free(&frame);
    return frame;
}

static int64_t duration_of(const AVFrame *frame)
{
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(58, 2, 100)
    return frame->duration;
#else
    return frame->pkt_duration;
#endif
}

/* Containers with coarse clocks (Matroska counts milliseconds) round the times of a constant rate. Times within that rounding of
 * the grid of the nominal rate are put back on it; all others are kept. */
static int64_t snap(const struct source *s, const struct libav *l, int64_t ticks)
{
    AVRational from = pixfer_demuxer_stream(l->demuxer, l->stream)->time_base;
    int64_t kept = av_rescale_q(ticks, from, s->time_base);
    if (!l->grid.num)
        return kept;
    int64_t on_grid = av_rescale_q(av_rescale_q(ticks, from, l->grid), l->grid, s->time_base);
    int64_t rounding = av_rescale_q_rnd(1, from, s->time_base, AV_ROUND_UP);
    return llabs(on_grid - kept) <= rounding ? on_grid : kept;
}

static void time_frame(struct source *s, const AVFrame *frame, int64_t *pts, int64_t *duration)
{
    struct libav *l = s->state;
    int64_t one = av_rescale_q(1, av_inv_q(s->fps), s->time_base);
    *duration = one > 0 ? one : 1;
    *pts = (int64_t)l->index * *duration;
    if (!l->own_times)
        return;
    int64_t ticks = frame->best_effort_timestamp;
    if (ticks == AV_NOPTS_VALUE || (l->index && ticks <= l->last)) /* a broken stamp does not stop an export */
        ticks = l->index ? l->last + FFMAX(1, duration_of(frame)) : 0;
    if (!l->index)
        l->first = ticks;
    l->last = ticks;
    *pts = snap(s, l, ticks - l->first);
    if (duration_of(frame) > 0)
        *duration = FFMAX(1, snap(s, l, ticks - l->first + duration_of(frame)) - *pts);
}

/* ---- Handing over ---------------------------------------------------------------------------------------------------------- */

static struct pixfer_image describe(const struct source *s, const AVFrame *frame)
{
    struct pixfer_image image = {.format = s->format, .width = s->width, .height = s->height};
    for (int i = 0; i < 4; i++) {
        image.plane[i] = frame->data[i];
        image.stride[i] = frame->linesize[i];
    }
    return image;
}

static bool fits_encoder(const struct source *s, const struct pixfer_exporter *e)
{
    return s->format == e->stage.target && !(s->width & 1) && !(s->height & 1);
}

/* A frame that the encoder can read goes there without a copy. */
static AVFrame *hand_over(struct source *s, struct pixfer_exporter *e, AVFrame **decoded)
{
    AVFrame *frame;
    if (fits_encoder(s, e)) {
        frame = *decoded;
        *decoded = NULL;
        frame->format = e->encoder.frames.format;
        frame->pict_type = AV_PICTURE_TYPE_NONE; /* the decoder's types must not steer the encoder */
        return frame;
    }
    struct pixfer_image image = describe(s, *decoded);
    frame = pixfer_exporter_acquire(e);
    if (frame && pixfer_stage_frame(&e->stage, &image, frame) != PIXFER_OK)
        av_frame_free(&frame);
    if (frame)
        pixfer_stage_finish_frame(&e->stage, frame);
    return frame;
}

static enum source_status broken(struct source *s, int error)
{
    struct libav *l = s->state;
    if (error == AVERROR_EXIT || !proceed(l))
        return SOURCE_STOPPED;
    snprintf(s->broken, sizeof(s->broken), "%s", pixfer_sequence_gap(s->input->name, l->index));
    if (s->broken[0] || error == AVERROR_EOF)
        return s->broken[0] ? SOURCE_BROKEN : SOURCE_END;
    snprintf(s->broken, sizeof(s->broken), "source: %s: frame %llu cannot be read: %.140s", s->input->name,
             (unsigned long long)l->index, pixfer_demuxer_error(l->demuxer, error));
    return SOURCE_BROKEN;
}

static bool check_frame(struct source *s, const AVFrame *frame)
{
    struct libav *l = s->state;
    if (frame->width == (int)s->width && frame->height == (int)s->height)
        return true;
    snprintf(s->broken, sizeof(s->broken), "source: %s: frame %llu is %dx%d, expected %ux%u", s->input->name,
             (unsigned long long)l->index, frame->width, frame->height, s->width, s->height);
    return false;
}

/* Also where a single frame of a sequence has another format than the first. */
static int adapt(struct libav *l, AVFrame **frame)
{
    enum AVPixelFormat format = (enum AVPixelFormat)(*frame)->format;
    if (l->adapted == AV_PIX_FMT_NONE && format == l->decoded)
        return 0;
    return pixfer_adapt(&l->adapter, frame, l->adapted == AV_PIX_FMT_NONE ? l->decoded : l->adapted);
}

static enum source_status next(struct source *s, struct pixfer_exporter *e, bool skip, AVFrame **out, int64_t *pts,
                               int64_t *duration)
{
    struct libav *l = s->state;
    int error = 0;
    double start = pixfer_now();
    l->e = e;
    AVFrame *frame = decode_frame(l, &error);
    if (frame && !check_frame(s, frame)) {
        av_frame_free(&frame);
        return SOURCE_BROKEN;
    }
    if (frame && !skip && (error = adapt(l, &frame)) < 0)
        av_frame_free(&frame);
    e->source_s += pixfer_now() - start;
    if (!frame)
        return broken(s, error);
    time_frame(s, frame, pts, duration);
    l->index++;
    if (!skip)
        *out = hand_over(s, e, &frame);
    av_frame_free(&frame);
    return skip || *out ? SOURCE_FRAME : SOURCE_STOPPED;
}

/* ---- Opening --------------------------------------------------------------------------------------------------------------- */

static void close_decoder(struct libav *l)
{
    avcodec_free_context(&l->codec);
    av_frame_free(&l->ahead);
    l->drained = false;
    l->error = 0;
    l->index = 0;
}

static int open_decoder(struct libav *l)
{
    l->stream = pixfer_demuxer_find(l->demuxer, AVMEDIA_TYPE_VIDEO);
    if (l->stream < 0)
        return l->stream;
    const AVStream *stream = pixfer_demuxer_stream(l->demuxer, l->stream);
    const AVCodec *decoder = avcodec_find_decoder(stream->codecpar->codec_id);
    if (!decoder)
        return AVERROR_DECODER_NOT_FOUND;
    l->codec = avcodec_alloc_context3(decoder);
    int error = l->codec ? avcodec_parameters_to_context(l->codec, stream->codecpar) : AVERROR(ENOMEM);
    if (error < 0)
        return error;
    l->codec->thread_count = 0;
    l->codec->pkt_timebase = stream->time_base;
    return avcodec_open2(l->codec, decoder, NULL);
}

static int start_decoding(struct libav *l)
{
    int error = open_decoder(l);
    if (error >= 0 && !(l->packet = l->packet ? l->packet : av_packet_alloc()))
        error = AVERROR(ENOMEM);
    if (error >= 0)
        l->ahead = decode_frame(l, &error);
    return l->ahead ? 0 : error;
}

static bool rewind_libav(struct source *s)
{
    struct libav *l = s->state;
    close_decoder(l);
    return pixfer_demuxer_rewind(l->demuxer) >= 0 && start_decoding(l) >= 0;
}

static void close_libav(struct source *s)
{
    struct libav *l = s->state;
    close_decoder(l);
    pixfer_demuxer_close(&l->demuxer);
    av_packet_free(&l->packet);
    pixfer_adapter_free(&l->adapter);
    free(l);
}

static const struct source_ops libav_ops = {next, rewind_libav, close_libav};

static enum pixfer_result choose_format(struct source *s, struct libav *l)
{
    const AVFrame *frame = l->ahead;
    l->decoded = (enum AVPixelFormat)frame->format;
    s->width = (uint32_t)frame->width;
    s->height = (uint32_t)frame->height;
    s->format = pixfer_from_av_format(l->decoded);
    l->adapted = AV_PIX_FMT_NONE;
    if (s->format == PIXFER_FORMAT_NV12 || s->format == PIXFER_FORMAT_I420 || pixfer_converter_takes(s->format))
        return PIXFER_OK;
    l->adapted = pixfer_adapter_target(l->decoded);
    s->format = pixfer_from_av_format(l->adapted);
    const char *name = av_get_pix_fmt_name(l->decoded);
    if (l->adapted == AV_PIX_FMT_NONE)
        return pixfer_report_fail(s->report, PIXFER_ERR_UNSUPPORTED,
                                  "source: %s decodes to %s, which this build does not take; expected 8-bit RGB, nv12 or yuv420p",
                                  s->input->name, name);
    pixfer_report_log(s->report, PIXFER_LOG_INFO, "source: %s frames are brought to %s by libswscale first", name,
                      av_get_pix_fmt_name(l->adapted));
    return PIXFER_OK;
}

static void read_tags(struct source *s, const AVFrame *frame, enum AVPixelFormat decoded)
{
    bool full = decoded == AV_PIX_FMT_YUVJ420P || decoded == AV_PIX_FMT_YUVJ422P || decoded == AV_PIX_FMT_YUVJ444P;
    s->tags = (struct tags){frame->colorspace, frame->color_primaries, frame->color_trc,
                            full ? AVCOL_RANGE_JPEG : frame->color_range, frame->chroma_location};
    s->tagged = true;
}

static void read_rate(struct source *s, struct libav *l)
{
    const struct pixfer_input *in = s->input;
    AVStream *stream = pixfer_demuxer_stream(l->demuxer, l->stream);
    s->fps = av_guess_frame_rate(pixfer_demuxer_context(l->demuxer), stream, NULL);
    if (s->fps.num <= 0 || s->fps.den <= 0 || av_q2d(s->fps) > 1000)
        s->fps = (AVRational){30, 1};
    int first;
    bool sequence = pixfer_sequence_first(in->name, &first);
    if (sequence && !in->fps_num)
        pixfer_report_log(s->report, PIXFER_LOG_INFO,
                          "source: a sequence carries no rate: 30 per second assumed; --fps says otherwise");
    l->own_times = !in->fps_num && !sequence;
    s->time_base = stream->time_base;
    if (!l->own_times) {
        if (in->fps_num)
            s->fps = (AVRational){(int)in->fps_num, in->fps_den ? (int)in->fps_den : 1};
        s->time_base = av_inv_q(s->fps);
        s->constant = true;
    } else if (av_q2d(stream->time_base) > 1.0 / 10000) {
        /* The finer clock has room for both the grid and the times that are not on it. */
        AVRational rate = stream->r_frame_rate.num > 0 && av_q2d(stream->r_frame_rate) <= 1000 ? stream->r_frame_rate : s->fps;
        int times = 1;
        while ((int64_t)rate.num * times < 20000)
            times *= 10;
        l->grid = av_inv_q(rate);
        s->time_base = (AVRational){1, rate.num * times};
    }
}

static uint64_t estimate_frames(const struct source *s, const struct libav *l)
{
    const AVStream *stream = pixfer_demuxer_stream(l->demuxer, l->stream);
    int64_t whole = pixfer_demuxer_context(l->demuxer)->duration;
    if (stream->nb_frames > 0)
        return (uint64_t)stream->nb_frames;
    double seconds = stream->duration > 0 ? (double)stream->duration * av_q2d(stream->time_base)
                     : whole > 0          ? (double)whole / AV_TIME_BASE
                                          : 0;
    AVRational rate = l->own_times ? s->fps : stream->avg_frame_rate.num ? stream->avg_frame_rate : s->fps;
    return (uint64_t)(seconds * av_q2d(rate) + 0.5);
}

static enum pixfer_result cannot_open(struct source *s, int error)
{
    struct libav *l = s->state;
    return pixfer_report_fail(s->report, PIXFER_ERR_IO, "source: %s: %s", s->input->name,
                              error == AVERROR_STREAM_NOT_FOUND ? "there is no video in it"
                              : error == AVERROR_EOF            ? "there is no frame in it"
                                                                : pixfer_demuxer_error(l->demuxer, error));
}

static enum pixfer_result open_demuxer(struct source *s)
{
    struct libav *l = s->state;
    const struct pixfer_input *in = s->input;
    struct demuxer_options options = {.name = in->name, .stage = "source", .video = true, .max_gap = in->max_gap};
    options.max_pixels = in->max_pixels ? in->max_pixels : (uint64_t)16384 * 16384;
    options.sequence_rate =
        in->fps_num ? (AVRational){(int)in->fps_num, in->fps_den ? (int)in->fps_den : 1} : (AVRational){30, 1};
    l->host = (struct source_host){proceed, l};
    enum pixfer_result result = pixfer_demuxer_open(&l->demuxer, &options, &l->host, s->report);
    s->demuxer = l->demuxer;
    return result;
}

enum pixfer_result pixfer_source_open_libav(struct source *s)
{
    struct libav *l = s->state = calloc(1, sizeof(*l));
    if (!l)
        return pixfer_report_fail(s->report, PIXFER_ERR_NO_MEMORY, "source: out of memory");
    s->ops = &libav_ops;
    enum pixfer_result result = open_demuxer(s);
    if (result != PIXFER_OK)
        return result;
    int error = start_decoding(l);
    if (error < 0 || !l->ahead)
        return cannot_open(s, error);
    read_tags(s, l->ahead, (enum AVPixelFormat)l->ahead->format);
    result = choose_format(s, l);
    if (result != PIXFER_OK)
        return result;
    read_rate(s, l);
    s->frames = estimate_frames(s, l);
    s->estimate = true;
    if (l->ahead->best_effort_timestamp != AV_NOPTS_VALUE)
        s->start = (double)l->ahead->best_effort_timestamp * av_q2d(pixfer_demuxer_stream(l->demuxer, l->stream)->time_base);
    return PIXFER_OK;
}
#endif

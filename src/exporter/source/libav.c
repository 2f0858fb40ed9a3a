/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include <libavutil/pixdesc.h>
#include <stdio.h>
#include <stdlib.h>

#include "../convert/alpha.h"
#include "decoder.h"
#include "describe.h"
#include "sequence.h"
#include "source.h"
#include "swscale_adapter.h"
#include "timing.h"

/* Whatever libavformat opens and libavcodec decodes. */

struct libav {
    struct demuxer *demuxer;
    struct decoder decoder;
    struct timing timing;
    AVFrame *ahead;       /* decoded to learn the format */
    uint64_t first_image; /* of a sequence, in this pass */
    struct adapter *adapter;
    enum AVPixelFormat adapted; /* NONE = frames are taken as they are */
    enum AVPixelFormat decoded;
};

/* ---- Frames ---------------------------------------------------------------------------------------------------------------- */

static enum source_status broken(struct source *s, int error)
{
    struct libav *l = s->state;
    if (error == AVERROR_EXIT)
        return SOURCE_STOPPED;
    if (l->decoder.end) /* images that cannot be decoded are there all the same */
        snprintf(s->broken, sizeof(s->broken), "%s", pixfer_sequence_gap(s->input->name, l->first_image + l->decoder.read));
    if (s->broken[0] || error == AVERROR_EOF)
        return s->broken[0] ? SOURCE_BROKEN : SOURCE_END;
    snprintf(s->broken, sizeof(s->broken), "source: %.120s: frame %llu cannot be read: %.140s", s->input->name,
             (unsigned long long)l->timing.index, l->decoder.skipped ? l->decoder.why : pixfer_demuxer_error(l->demuxer, error));
    return SOURCE_BROKEN;
}

/* A fresh frame; NULL and *error otherwise. */
static AVFrame *decode_frame(struct libav *l, int *error)
{
    AVFrame *frame = l->ahead;
    l->ahead = NULL;
    if (frame)
        return frame;
    frame = av_frame_alloc();
    *error = frame ? pixfer_decoder_next(&l->decoder, frame) : AVERROR(ENOMEM);
    if (*error < 0)
        av_frame_free(&frame);
    return frame;
}

static bool check_frame(struct source *s, const AVFrame *frame)
{
    struct libav *l = s->state;
    if (frame->width == (int)s->width && frame->height == (int)s->height)
        return true;
    snprintf(s->broken, sizeof(s->broken), "source: %.200s: frame %llu is %dx%d, expected %ux%u", s->input->name,
             (unsigned long long)l->timing.index, frame->width, frame->height, s->width, s->height);
    return false;
}

/* Also where a single frame of a sequence has another format than the first. */
static int adapt(struct libav *l, AVFrame **frame, bool portable)
{
    enum AVPixelFormat format = (enum AVPixelFormat)(*frame)->format;
    if (l->adapted == AV_PIX_FMT_NONE && format == l->decoded)
        return 0;
    return pixfer_adapt(&l->adapter, frame, l->adapted == AV_PIX_FMT_NONE ? l->decoded : l->adapted, portable);
}

static enum source_status decode(struct source *s, bool skip, AVFrame **out)
{
    struct libav *l = s->state;
    int error = 0;
    AVFrame *frame = decode_frame(l, &error);
    s->skipped = l->decoder.skipped;
    s->damaged = l->decoder.damaged;
    s->unseen = l->decoder.fruitless_packets;
    if (frame && !check_frame(s, frame)) {
        av_frame_free(&frame);
        return SOURCE_BROKEN;
    }
    if (frame && !skip && (error = adapt(l, &frame, s->portable)) < 0)
        av_frame_free(&frame);
    if (!frame)
        return broken(s, error);
    s->ticks = frame->best_effort_timestamp;
    s->lasts = pixfer_timing_duration(frame);
    pixfer_timing_next(&l->timing, s->ticks, s->lasts, &s->pts, &s->duration);
    if (skip)
        av_frame_free(&frame);
    *out = frame;
    return SOURCE_FRAME;
}

/* ---- Opening --------------------------------------------------------------------------------------------------------------- */

static int start_decoding(struct libav *l)
{
    int error = pixfer_decoder_start(&l->decoder, l->demuxer);
    if (error >= 0)
        l->ahead = decode_frame(l, &error);
    return l->ahead ? 0 : error;
}

static void stop_decoding(struct libav *l)
{
    pixfer_decoder_stop(&l->decoder);
    av_frame_free(&l->ahead);
    l->timing.index = l->first_image = 0;
}

static bool rewind_libav(struct source *s)
{
    struct libav *l = s->state;
    stop_decoding(l);
    return pixfer_demuxer_skip_images(l->demuxer, 0) >= 0 && start_decoding(l) >= 0;
}

static bool not_found(struct source *s, const struct source_place *place, const char *why)
{
    if (!s->broken[0])
        snprintf(s->broken, sizeof(s->broken), "source: %.200s: frame %llu cannot be reached: %.200s", s->input->name,
                 (unsigned long long)place->index, why);
    return false;
}

/* The frames before the one that is wanted are decoded, as it may need them; times tell which one it is. */
static bool decode_to(struct source *s, const struct source_place *place)
{
    struct libav *l = s->state;
    char why[120];
    int error = 0;
    for (;;) {
        AVFrame *frame = decode_frame(l, &error);
        if (!frame)
            return error != AVERROR_EXIT &&
                   not_found(s, place, error == AVERROR_EOF ? "the input ends before it" : pixfer_av_error(error));
        int64_t ticks = frame->best_effort_timestamp;
        if (ticks == place->ticks) {
            l->ahead = frame;
            return true;
        }
        av_frame_free(&frame);
        if (ticks == AV_NOPTS_VALUE || ticks > place->ticks) {
            snprintf(why, sizeof(why), "found one at %lld, expected %lld", (long long)ticks, (long long)place->ticks);
            return not_found(s, place, why);
        }
    }
}

static bool seek_libav(struct source *s, const struct source_place *place)
{
    struct libav *l = s->state;
    int error = 0;
    if (!place->index)
        return true;
    stop_decoding(l);
    if (!s->ticking)
        error = pixfer_demuxer_skip_images(l->demuxer, l->first_image = place->index);
    else if (place->key.size)
        error = pixfer_demuxer_seek(l->demuxer, l->decoder.stream, &place->key);
    else
        error = pixfer_demuxer_rewind(l->demuxer);
    if (error >= 0)
        error = pixfer_decoder_start(&l->decoder, l->demuxer);
    l->timing.index = place->index;
    l->timing.first = place->first;
    l->timing.last = place->before;
    if (error == AVERROR_EXIT)
        return false;
    if (error < 0)
        return not_found(s, place, error == AVERROR(ESPIPE) ? "seeking does not lead to it" : pixfer_av_error(error));
    return !s->ticking || decode_to(s, place);
}

static void assume_libav(struct source *s, int64_t ticks, int64_t lasts)
{
    struct libav *l = s->state;
    pixfer_timing_next(&l->timing, ticks, lasts, &s->pts, &s->duration);
}

static void close_libav(struct source *s)
{
    struct libav *l = s->state;
    stop_decoding(l);
    pixfer_demuxer_close(&l->demuxer);
    pixfer_adapter_free(&l->adapter);
    free(l);
}

static const struct source_ops libav_ops = {
    .decode = decode, .rewind = rewind_libav, .seek = seek_libav, .assume = assume_libav, .close = close_libav};

/* What is lost is said where it is lost. */
static void report_adapting(struct source *s, const AVFrame *frame, enum AVPixelFormat to)
{
    const AVPixFmtDescriptor *d = av_pix_fmt_desc_get((enum AVPixelFormat)frame->format);
    const char *curve = frame->color_trc == AVCOL_TRC_SMPTE2084      ? " of PQ"
                        : frame->color_trc == AVCOL_TRC_ARIB_STD_B67 ? " of HLG"
                                                                     : "";
    if (to == AV_PIX_FMT_RGBA64)
        pixfer_report_log(s->report,
                          d->comp[0].depth == 16 && d->flags & AV_PIX_FMT_FLAG_RGB ? PIXFER_LOG_DEBUG : PIXFER_LOG_INFO,
                          "source: %s frames become rgba64 by libswscale first", d->name);
    else if (to == AV_PIX_FMT_YUV420P10 || to == AV_PIX_FMT_YUV444P10)
        pixfer_report_log(s->report, PIXFER_LOG_INFO, "source: %s frames are brought to %s by libswscale first", d->name,
                          to == AV_PIX_FMT_YUV420P10 ? "yuv420p10" : "yuv444p10");
    else if (d->comp[0].depth > 8)
        pixfer_report_log(
            s->report, PIXFER_LOG_WARNING,
            "source: %d bits a sample%s become 8%s (%s frames are brought to %s by libswscale first)", d->comp[0].depth, curve,
            *curve ? ", tagged as before: bands may show, and nothing is mapped to SDR" : "", d->name, av_get_pix_fmt_name(to));
    else
        pixfer_report_log(s->report, PIXFER_LOG_INFO, "source: %s frames are brought to %s by libswscale first", d->name,
                          av_get_pix_fmt_name(to));
}

/* As it is: RGB, and Y'CbCr of the chroma and the depth that are wanted. */
static bool is_taken(enum pixfer_format format, const struct source_host *host)
{
    const bool deep = host && host->deep, full = host && host->full;
    switch ((int)format) {
    case PIXFER_FORMAT_NV12:
    case PIXFER_FORMAT_I420:
        return !full;
    case PIXFER_FORMAT_I010:
    case PIXFER_FORMAT_P010:
        return deep && !full;
    case PIXFER_FORMAT_I444:
        return full;
    case PIXFER_FORMAT_I410:
        return full && deep;
    default:
        return pixfer_converter_takes(format);
    }
}

static enum pixfer_result choose_format(struct source *s, struct libav *l)
{
    const AVFrame *frame = l->ahead;
    l->decoded = (enum AVPixelFormat)frame->format;
    s->width = (uint32_t)frame->width;
    s->height = (uint32_t)frame->height;
    s->format = pixfer_from_av_format(l->decoded);
    l->adapted = AV_PIX_FMT_NONE;
    const bool alpha = av_pix_fmt_desc_get(l->decoded)->flags & AV_PIX_FMT_FLAG_ALPHA;
    const bool brought = alpha && s->host && s->host->alpha && !pixfer_format_has_alpha(s->format);
    s->opaque = !alpha;
    if (is_taken(s->format, s->host) && !brought) {
        if (s->format == PIXFER_FORMAT_GBRPF32)
            pixfer_report_log(
                s->report, PIXFER_LOG_WARNING,
                "source: floats are taken as gamma-encoded, 0 as black and 1 as white; beyond that they are cut off");
        return PIXFER_OK;
    }
    l->adapted = pixfer_adapter_target(l->decoded, s->host);
    s->format = pixfer_from_av_format(l->adapted);
    const char *name = av_get_pix_fmt_name(l->decoded);
    if (l->adapted == AV_PIX_FMT_NONE)
        return pixfer_report_fail(s->report, PIXFER_ERR_UNSUPPORTED,
                                  "source: %s decodes to %s, which this build does not take; expected 8-bit RGB, nv12 or yuv420p",
                                  s->input->name, name);
    report_adapting(s, frame, l->adapted);
    return PIXFER_OK;
}

/* Alpha in a plane of its own gets no further than here. */
static void report_alpha(struct source *s, const struct libav *l)
{
    if (!s->opaque && !pixfer_format_has_alpha(s->format) && pixfer_alpha_of_frame(l->ahead))
        pixfer_report_log(s->report, PIXFER_LOG_INFO, PIXFER_ALPHA_IS_LOST, "source: the first frame");
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
    AVStream *stream = pixfer_demuxer_stream(l->demuxer, l->decoder.stream);
    int first;
    bool sequence = pixfer_sequence_first(in->name, &first);
    if (sequence && !in->fps_num)
        pixfer_report_log(s->report, PIXFER_LOG_INFO,
                          "source: a sequence carries no rate: 30 per second assumed; --fps says otherwise");
    s->fps = av_guess_frame_rate(pixfer_demuxer_context(l->demuxer), stream, NULL);
    if (s->fps.num <= 0 || s->fps.den <= 0 || av_q2d(s->fps) > 1000)
        s->fps = (AVRational){30, 1};
    else if (!sequence)
        s->own_fps = s->fps;
    if (in->fps_num)
        s->fps = (AVRational){(int)in->fps_num, in->fps_den ? (int)in->fps_den : 1};
    pixfer_timing_init(&l->timing, s->fps, !in->fps_num && !sequence, stream->time_base, stream->r_frame_rate);
    s->time_base = l->timing.time_base;
    s->ticking = !sequence;
    s->tick = stream->time_base;
}

static void warn_of_audio(struct source *s, const struct libav *l)
{
    const struct pixfer_input *in = s->input;
    double own = av_q2d(s->own_fps.num ? s->own_fps : s->fps), wanted = av_q2d(s->fps);
    if (in->fps_num && !in->retime && pixfer_demuxer_find(l->demuxer, AVMEDIA_TYPE_AUDIO) >= 0 &&
        (wanted > own * 1.001 || wanted < own / 1.001))
        pixfer_report_log(
            s->report, PIXFER_LOG_WARNING,
            "source: %s has %.6g frames per second and is shown at %.6g: its audio does not match; --retime takes it along",
            in->name, own, wanted);
}

static uint64_t estimate_frames(const struct source *s, const struct libav *l)
{
    const AVStream *stream = pixfer_demuxer_stream(l->demuxer, l->decoder.stream);
    int64_t whole = pixfer_demuxer_context(l->demuxer)->duration;
    if (stream->nb_frames > 0)
        return (uint64_t)stream->nb_frames;
    double seconds = stream->duration > 0 ? (double)stream->duration * av_q2d(stream->time_base)
                     : whole > 0          ? (double)whole / AV_TIME_BASE
                                          : 0;
    AVRational rate = l->timing.own_times ? s->fps : stream->avg_frame_rate.num ? stream->avg_frame_rate : s->fps;
    return (uint64_t)(seconds * av_q2d(rate) + 0.5);
}

static enum pixfer_result describe(struct source *s)
{
    struct libav *l = s->state;
    const struct pixfer_input *in = s->input;
    struct describe_request request = {.demuxer = l->demuxer, .frame = l->ahead, .name = in->name, .report = s->report};
    request.audio = !in->no_audio && !in->audio;
    request.chapters = !in->first && in->loop <= 1 && !in->fps_num;
    if (l->ahead->best_effort_timestamp != AV_NOPTS_VALUE)
        request.start = av_rescale_q(l->ahead->best_effort_timestamp, l->timing.stream_base, AV_TIME_BASE_Q);
    if (pixfer_describe_input(&s->presentation, &request) < 0)
        return pixfer_report_fail(s->report, PIXFER_ERR_NO_MEMORY, "source: out of memory");
    return PIXFER_OK;
}

static enum pixfer_result cannot_decode(struct source *s, int error)
{
    struct libav *l = s->state;
    if (error == AVERROR_EXIT)
        return PIXFER_ERR_CANCELLED;
    const char *complaint = pixfer_demuxer_complaint(l->demuxer);
    if (l->decoder.skipped && *complaint)
        return pixfer_report_fail(s->report, PIXFER_ERR_IO, "source: %s: no frame in it can be decoded: %s", s->input->name,
                                  complaint);
    return pixfer_report_fail(s->report, PIXFER_ERR_IO, "source: %s: %s", s->input->name,
                              error == AVERROR_STREAM_NOT_FOUND ? "there is no video in it"
                              : l->decoder.skipped              ? l->decoder.why
                              : error == AVERROR_EOF            ? "there is no frame in it"
                                                                : pixfer_demuxer_error(l->demuxer, error));
}

static enum pixfer_result open_demuxer(struct source *s)
{
    struct libav *l = s->state;
    const struct pixfer_input *in = s->input;
    struct demuxer_options options = {
        .name = in->name, .stage = "source", .video = true, .audio = !in->no_audio && !in->audio, .max_gap = in->max_gap};
    options.max_pixels = l->decoder.max_pixels = in->max_pixels ? in->max_pixels : (uint64_t)16384 * 16384;
    options.sequence_rate =
        in->fps_num ? (AVRational){(int)in->fps_num, in->fps_den ? (int)in->fps_den : 1} : (AVRational){30, 1};
    l->decoder.stop_on_error = in->stop_on_error;
    char why[400];
    if (!pixfer_sequence_check(in->name, in->loop > 1 ? 0 : in->first, in->loop > 1 ? 0 : in->end, why, sizeof(why)))
        return pixfer_report_fail(s->report, PIXFER_ERR_IO, "source: %s: %s", in->name, why);
    enum pixfer_result result = pixfer_demuxer_open(&l->demuxer, &options, s->host, s->report);
    s->demuxer = l->demuxer;
    if (result == PIXFER_OK && in->loop > 1 && !pixfer_demuxer_can_rewind(l->demuxer))
        return pixfer_report_fail(s->report, PIXFER_ERR_UNSUPPORTED,
                                  "source: %s is no file that can be read again: it cannot loop", in->name);
    return result;
}

/* Before a decoder gets memory for it. */
static enum pixfer_result check_size(struct source *s)
{
    struct libav *l = s->state;
    int stream = pixfer_demuxer_find(l->demuxer, AVMEDIA_TYPE_VIDEO);
    if (stream < 0)
        return PIXFER_OK;
    const AVCodecParameters *par = pixfer_demuxer_stream(l->demuxer, stream)->codecpar;
    if (pixfer_demuxer_takes_size(l->demuxer, par->width, par->height))
        return PIXFER_OK;
    return pixfer_report_fail(s->report, PIXFER_ERR_UNSUPPORTED, "source: %s: %s", s->input->name,
                              pixfer_demuxer_error(l->demuxer, 0));
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
    result = check_size(s);
    if (result != PIXFER_OK)
        return result;
    int error = start_decoding(l);
    if (error < 0)
        return cannot_decode(s, error);
    read_tags(s, l->ahead, (enum AVPixelFormat)l->ahead->format);
    result = choose_format(s, l);
    if (result != PIXFER_OK)
        return result;
    report_alpha(s, l);
    read_rate(s, l);
    warn_of_audio(s, l);
    s->frames = estimate_frames(s, l);
    s->zero_unit = l->timing.stream_base;
    if (l->ahead->best_effort_timestamp != AV_NOPTS_VALUE)
        s->zero = l->ahead->best_effort_timestamp;
    return describe(s);
}
#endif

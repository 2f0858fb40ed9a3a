/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include <libavformat/avformat.h>
#include <libavutil/channel_layout.h>
#include <libswresample/swresample.h>
#include <stdlib.h>
#include <string.h>

#include "../libav_log.h"
#include "audio_encoder.h"
#include "audio_format.h"
#include "sample_queue.h"

enum { DEFAULT_BITRATE = 96000, DEFAULT_PIECE = 1024 };
static const int64_t position_limit = INT64_C(1) << 48; /* also of a count: sums of some of them cannot overflow */
static const int64_t no_end = INT64_MAX / 2;
static const int64_t hole_limit_s = 3600;       /* in one push: a wild time must not silence all that follows */
static const size_t waiting_limit = 256u << 20; /* bytes of samples that wait for their frames */

/* How the samples that wait are placed as long as the export's time 0 is not known. */
enum audio_clock { CLOCK_NONE, CLOCK_FOLLOWING, CLOCK_TIMED };

struct audio_encoder {
    struct audio_host host;
    /* Of the frames' thread alone: */
    AVCodecContext *codec;
    struct SwrContext *resampler; /* from interleaved floats to what the codec takes */
    AVFrame *frame;
    AVPacket *packet;
    float *piece;
    int piece_size;
    int64_t encoded; /* samples that have left the queue = position of its first */
    int64_t end;     /* of the last frame, once it is known */

    pixfer_lock mutex; /* for all below */
    pixfer_condition moved;
    uintptr_t frames_thread;
    struct sample_queue waiting;
    int64_t written; /* position behind the last sample in the queue */
    int64_t next;    /* where samples without a time of their own go; below 0: before the export */
    int64_t origin, frames_end;
    enum audio_clock clock;
    bool placed, closing;
};

/* ---- Opening --------------------------------------------------------------------------------------------------------------- */

/* Also by the codec's name; where the encoder of that name is unfinished, by another one of the codec. */
static const AVCodec *find_codec(const char *name)
{
    const AVCodec *codec = avcodec_find_encoder_by_name(name ? name : "aac");
    const AVCodecDescriptor *descriptor = avcodec_descriptor_get_by_name(name ? name : "aac");
    if (codec && codec->capabilities & AV_CODEC_CAP_EXPERIMENTAL)
        codec = NULL;
    if (!codec && descriptor)
        codec = avcodec_find_encoder(descriptor->id);
    const AVOutputFormat *mp4 = av_guess_format("mp4", NULL, NULL);
    bool fits =
        codec && codec->type == AVMEDIA_TYPE_AUDIO && mp4 && avformat_query_codec(mp4, codec->id, FF_COMPLIANCE_NORMAL) == 1;
    return fits ? codec : NULL;
}

static const enum AVSampleFormat *sample_formats(const AVCodec *codec)
{
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(61, 13, 100)
    const void *list = NULL;
    return avcodec_get_supported_config(NULL, codec, AV_CODEC_CONFIG_SAMPLE_FORMAT, 0, &list, NULL) >= 0 ? list : NULL;
#else
    return codec->sample_fmts;
#endif
}

/* The one that loses least of a float. */
static enum AVSampleFormat sample_format_for(const AVCodec *codec)
{
    static const enum AVSampleFormat wanted[] = {AV_SAMPLE_FMT_FLTP, AV_SAMPLE_FMT_FLT,  AV_SAMPLE_FMT_S32P,
                                                 AV_SAMPLE_FMT_S32,  AV_SAMPLE_FMT_S16P, AV_SAMPLE_FMT_S16};
    for (size_t i = 0; i < sizeof(wanted) / sizeof(*wanted); i++)
        for (const enum AVSampleFormat *f = sample_formats(codec); f && *f != AV_SAMPLE_FMT_NONE; f++)
            if (*f == wanted[i])
                return *f;
    return AV_SAMPLE_FMT_FLTP;
}

static int open_codec(struct audio_encoder *a, const AVCodec *codec, const struct audio_request *r)
{
    a->codec = avcodec_alloc_context3(codec);
    if (!a->codec)
        return AVERROR(ENOMEM);
    pixfer_libav_adopt_codec(a->codec);
    int error = pixfer_audio_layout_for(codec, r->layout, &a->codec->ch_layout);
    if (error < 0)
        return error;
    a->codec->sample_rate = pixfer_audio_rate_for(codec, r->sample_rate, !r->adapt);
    if (!r->adapt && (a->codec->sample_rate != r->sample_rate || a->codec->ch_layout.nb_channels != r->layout->nb_channels))
        return AVERROR(EINVAL);
    a->codec->sample_fmt = sample_format_for(codec);
    if (av_get_bytes_per_sample(a->codec->sample_fmt) == 4)
        a->codec->bits_per_raw_sample = 24; /* as many as a float has; encoders of 32-bit samples want to be told */
    a->codec->time_base = (AVRational){1, a->codec->sample_rate};
    a->codec->bit_rate = r->bitrate ? r->bitrate : DEFAULT_BITRATE * (int64_t)a->codec->ch_layout.nb_channels;
    a->codec->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    return avcodec_open2(a->codec, codec, NULL);
}

static int open_buffers(struct audio_encoder *a)
{
    AVCodecContext *c = a->codec;
    a->piece_size = c->frame_size > 0 ? c->frame_size : DEFAULT_PIECE;
    a->waiting.channels = (size_t)c->ch_layout.nb_channels;
    a->piece = calloc((size_t)a->piece_size * a->waiting.channels, sizeof(float));
    a->frame = av_frame_alloc();
    a->packet = av_packet_alloc();
    if (!a->piece || !a->frame || !a->packet)
        return AVERROR(ENOMEM);
    int error = swr_alloc_set_opts2(&a->resampler, &c->ch_layout, c->sample_fmt, c->sample_rate, &c->ch_layout, AV_SAMPLE_FMT_FLT,
                                    c->sample_rate, 0, NULL);
    return error < 0 ? error : swr_init(a->resampler);
}

static enum pixfer_result no_codec(const struct audio_host *host, const char *name)
{
    return pixfer_report_fail(host->report, PIXFER_ERR_UNSUPPORTED,
                              "audio: %s is no encoder for MP4 that this libavcodec has, expected aac, alac, flac or libopus",
                              name);
}

enum pixfer_result pixfer_audio_open(struct audio_encoder **out, const struct audio_request *request,
                                     const struct audio_host *host)
{
    const AVCodec *codec = find_codec(request->codec);
    struct audio_encoder *a = *out = NULL;
    if (!codec)
        return no_codec(host, request->codec ? request->codec : "aac");
    if (!(a = *out = calloc(1, sizeof(*a))))
        return pixfer_report_fail(host->report, PIXFER_ERR_NO_MEMORY, "audio: out of memory");
    a->host = *host;
    a->end = no_end;
    a->frames_thread = pixfer_thread_id();
    pixfer_lock_init(&a->mutex);
    pixfer_condition_init(&a->moved);
    int error = open_codec(a, codec, request);
    if (error >= 0)
        error = open_buffers(a);
    if (error >= 0)
        return PIXFER_OK;
    enum pixfer_result result = error == AVERROR(ENOMEM) ? PIXFER_ERR_NO_MEMORY : PIXFER_ERR_UNSUPPORTED;
    char text[AV_ERROR_MAX_STRING_SIZE] = "it does not take them";
    if (error != AVERROR(EINVAL))
        av_strerror(error, text, sizeof(text));
    pixfer_report_fail(host->report, result, "audio: %s: %d channels at %d Hz: %s", codec->name, request->layout->nb_channels,
                       request->sample_rate, text);
    pixfer_audio_close(out);
    return result;
}

void pixfer_audio_close(struct audio_encoder **audio)
{
    struct audio_encoder *a = *audio;
    if (!a)
        return;
    pixfer_libav_quiet(true); /* it counts the frames of an export that is given up */
    avcodec_free_context(&a->codec);
    pixfer_libav_quiet(false);
    swr_free(&a->resampler);
    av_frame_free(&a->frame);
    av_packet_free(&a->packet);
    pixfer_samples_keep(&a->waiting, 0);
    pixfer_lock_destroy(&a->mutex);
    pixfer_condition_destroy(&a->moved);
    free(a->piece);
    free(a);
    *audio = NULL;
}

const AVCodecContext *pixfer_audio_codec(const struct audio_encoder *a)
{
    return a->codec;
}

int pixfer_audio_rate(const struct audio_encoder *a)
{
    return a->codec->sample_rate;
}

int64_t pixfer_audio_position(const struct audio_encoder *a, int64_t time, AVRational unit)
{
    /* av_rescale answers INT64_MIN where the result does not fit. */
    int64_t position = av_rescale_q(time, unit, (AVRational){1, pixfer_audio_rate(a)});
    return position > position_limit || position < -position_limit ? INT64_MIN : position;
}

/* ---- Samples in ------------------------------------------------------------------------------------------------------------ */

/* Called with the lock. What overlaps is cut, what is missing becomes silence. */
static bool put(struct audio_encoder *a, const float *samples, int64_t count, int64_t position)
{
    const int64_t cut = position < a->written ? a->written - position : 0, hole = position - a->written;
    int64_t added = 0;
    if (cut < count) {
        if (hole > 0 && !pixfer_samples_append(&a->waiting, NULL, hole))
            return false;
        if (!pixfer_samples_append(&a->waiting, samples ? samples + (size_t)cut * a->waiting.channels : NULL, count - cut)) {
            pixfer_samples_keep(&a->waiting, a->waiting.count - (hole > 0 ? hole : 0));
            return false;
        }
        added = count - cut + (hole > 0 ? hole : 0);
    }
    a->written += added;
    a->next = position + count;
    return true;
}

static void wait_for_frames(struct audio_encoder *a)
{
    pixfer_condition_wait_for(&a->moved, &a->mutex, 0.1);
}

/* Called with the lock. Where frames come from another thread they are waited for; one thread for both would wait for itself. */
static enum pixfer_result make_room(struct audio_encoder *a, size_t bytes)
{
    bool other = pixfer_thread_id() != a->frames_thread;
    while (a->waiting.bytes + bytes > waiting_limit) {
        if (!other || a->closing || !a->waiting.bytes)
            return PIXFER_ERR_AGAIN;
        if (a->host.stopped && a->host.stopped(a->host.opaque))
            return PIXFER_ERR_CANCELLED;
        wait_for_frames(a);
    }
    return PIXFER_OK;
}

static enum pixfer_result refuse(struct audio_encoder *a, enum pixfer_result result, const char *what, size_t count)
{
    pixfer_report_log(a->host.report, PIXFER_LOG_WARNING, "audio: %zu samples are refused: %s", count, what);
    return result;
}

static enum pixfer_result push(struct audio_encoder *a, const float *samples, size_t count, const int64_t *time)
{
    const bool timed = time != NULL;
    enum pixfer_result result = samples ? make_room(a, count * a->waiting.channels * sizeof(float)) : PIXFER_OK;
    if (result == PIXFER_ERR_AGAIN)
        return refuse(a, result, "256 MB wait for their frames already", count);
    if (result != PIXFER_OK)
        return result;
    if (a->closing)
        return refuse(a, PIXFER_ERR_INVALID, "the export is being finished", count);
    if (!a->placed && a->clock != CLOCK_NONE && timed != (a->clock == CLOCK_TIMED))
        return refuse(a, PIXFER_ERR_INVALID, "before the first frame either all samples have times or none", count);
    if (!a->placed && a->clock == CLOCK_NONE) {
        a->clock = timed ? CLOCK_TIMED : CLOCK_FOLLOWING;
        a->origin = timed ? *time : 0; /* for now: their first sample is put first */
    }
    const int64_t position = timed ? *time - a->origin : a->next;
    const int64_t reached = a->written > a->frames_end ? a->written : a->frames_end;
    if (position > position_limit)
        return refuse(a, PIXFER_ERR_INVALID, "they lie behind the longest export, 2^48 samples", count);
    if (timed && position - reached > hole_limit_s * pixfer_audio_rate(a))
        return refuse(a, PIXFER_ERR_INVALID, "their time is more than an hour after all that came before", count);
    if (!put(a, samples, (int64_t)count, position))
        return pixfer_report_fail(a->host.report, PIXFER_ERR_NO_MEMORY, "audio: no memory for %zu samples more", count);
    return PIXFER_OK;
}

static enum pixfer_result push_checked(struct audio_encoder *a, const float *samples, size_t count, const int64_t *time)
{
    if (!count)
        return PIXFER_OK;
    if (count > (size_t)position_limit || (samples && count > waiting_limit / sizeof(float) / a->waiting.channels))
        return refuse(a, PIXFER_ERR_INVALID, "expected at most 256 MB in one call", count);
    if (time && (*time > position_limit || *time < -position_limit))
        return refuse(a, PIXFER_ERR_INVALID, "their time is out of range, expected at most 2^48 samples from 0", count);
    pixfer_lock_take(&a->mutex);
    enum pixfer_result result = push(a, samples, count, time);
    pixfer_lock_drop(&a->mutex);
    return result;
}

enum pixfer_result pixfer_audio_push(struct audio_encoder *a, const float *samples, size_t count)
{
    return push_checked(a, samples, count, NULL);
}

enum pixfer_result pixfer_audio_push_at(struct audio_encoder *a, const float *samples, size_t count, int64_t position)
{
    return push_checked(a, samples, count, &position);
}

enum pixfer_result pixfer_audio_set_origin(struct audio_encoder *a, int64_t origin)
{
    bool good = true;
    pixfer_lock_take(&a->mutex);
    if (!a->placed && a->clock == CLOCK_TIMED) {
        const int64_t first = a->origin - origin; /* position of the first sample that waits */
        if (first > 0)
            good = pixfer_samples_prepend_silence(&a->waiting, first);
        else
            pixfer_samples_take(&a->waiting, NULL, -first < a->waiting.count ? -first : a->waiting.count);
        a->written = a->waiting.count;
        a->next += first;
    }
    if (!a->placed)
        a->origin = origin;
    a->placed = true;
    pixfer_lock_drop(&a->mutex);
    return good ? PIXFER_OK : pixfer_report_fail(a->host.report, PIXFER_ERR_NO_MEMORY, "audio: out of memory");
}

int64_t pixfer_audio_truncate(struct audio_encoder *a, int64_t end)
{
    pixfer_lock_take(&a->mutex);
    if (a->written > end) {
        pixfer_samples_keep(&a->waiting, end > a->encoded ? end - a->encoded : 0);
        a->written = a->encoded + a->waiting.count;
    }
    const int64_t written = a->next = a->written;
    pixfer_lock_drop(&a->mutex);
    return written;
}

int64_t pixfer_audio_written(struct audio_encoder *a)
{
    pixfer_lock_take(&a->mutex);
    const int64_t written = a->written;
    pixfer_lock_drop(&a->mutex);
    return written;
}

size_t pixfer_audio_waiting(struct audio_encoder *a)
{
    pixfer_lock_take(&a->mutex);
    size_t bytes = a->waiting.bytes;
    pixfer_lock_drop(&a->mutex);
    return bytes;
}

/* ---- Packets out ----------------------------------------------------------------------------------------------------------- */

/* The last packet may hold more than there is, where the codec knows no shorter one. */
static enum pixfer_result deliver(struct audio_encoder *a)
{
    if (!a->packet->size || a->packet->pts >= a->end) {
        av_packet_unref(a->packet);
        return PIXFER_OK;
    }
    AVPacket *packet = av_packet_alloc();
    if (!packet)
        return pixfer_report_fail(a->host.report, PIXFER_ERR_NO_MEMORY, "audio: out of memory");
    av_packet_move_ref(packet, a->packet);
    if (packet->pts > a->end - packet->duration)
        packet->duration = a->end - packet->pts;
    return a->host.packet(a->host.opaque, packet, a->codec->time_base);
}

/* frame NULL: drain. */
static enum pixfer_result encode(struct audio_encoder *a, AVFrame *frame)
{
    enum pixfer_result result = PIXFER_OK;
    int error = avcodec_send_frame(a->codec, frame);
    while (error >= 0 && result == PIXFER_OK && (error = avcodec_receive_packet(a->codec, a->packet)) >= 0)
        result = deliver(a);
    if (error >= 0 || error == AVERROR(EAGAIN) || error == AVERROR_EOF)
        return result;
    return pixfer_report_fail(a->host.report, error == AVERROR(ENOMEM) ? PIXFER_ERR_NO_MEMORY : PIXFER_ERR_DEVICE,
                              "audio: the %s encoder failed: %s", a->codec->codec->name, pixfer_av_error(error));
}

static int fill_frame(struct audio_encoder *a, int samples)
{
    av_frame_unref(a->frame);
    a->frame->format = a->codec->sample_fmt;
    a->frame->sample_rate = a->codec->sample_rate;
    a->frame->nb_samples = samples;
    a->frame->pts = a->encoded;
    int error = av_channel_layout_copy(&a->frame->ch_layout, &a->codec->ch_layout);
    if (error >= 0)
        error = av_frame_get_buffer(a->frame, 0);
    const uint8_t *in = (const uint8_t *)a->piece;
    return error < 0 ? error : swr_convert(a->resampler, a->frame->extended_data, samples, &in, samples);
}

/* The lock is not held while the codec works: a push beside it does not wait. */
static enum pixfer_result encode_piece(struct audio_encoder *a, int samples)
{
    const int capabilities = AV_CODEC_CAP_SMALL_LAST_FRAME | AV_CODEC_CAP_VARIABLE_FRAME_SIZE;
    int size = a->codec->codec->capabilities & capabilities ? samples : a->piece_size;
    pixfer_lock_take(&a->mutex);
    pixfer_samples_take(&a->waiting, a->piece, samples);
    pixfer_condition_wake_all(&a->moved);
    pixfer_lock_drop(&a->mutex);
    memset(a->piece + (size_t)samples * a->waiting.channels, 0,
           (size_t)(a->piece_size - samples) * a->waiting.channels * sizeof(float));
    int error = fill_frame(a, size);
    a->encoded += samples;
    if (error < 0)
        return pixfer_report_fail(a->host.report, PIXFER_ERR_NO_MEMORY, "audio: %s", pixfer_av_error(error));
    enum pixfer_result result = encode(a, a->frame);
    if (result != PIXFER_OK || a->host.proceed(a->host.opaque))
        return result;
    result = pixfer_report_result(a->host.report);
    return result == PIXFER_OK ? PIXFER_ERR_CANCELLED : result;
}

enum pixfer_result pixfer_audio_advance(struct audio_encoder *a, int64_t end)
{
    enum pixfer_result result = PIXFER_OK;
    pixfer_lock_take(&a->mutex);
    a->frames_thread = pixfer_thread_id();
    a->frames_end = end;
    pixfer_lock_drop(&a->mutex);
    if (!a->placed)
        result = pixfer_audio_set_origin(a, 0);
    pixfer_lock_take(&a->mutex);
    int64_t ready = a->waiting.count;
    pixfer_lock_drop(&a->mutex);
    if (ready > end - a->encoded)
        ready = end - a->encoded;
    for (; result == PIXFER_OK && ready >= a->piece_size; ready -= a->piece_size)
        result = encode_piece(a, a->piece_size);
    return result;
}

/* Cut or filled, so that it ends with the frames. */
static bool close_queue(struct audio_encoder *a, int64_t end)
{
    pixfer_lock_take(&a->mutex);
    a->closing = true;
    a->end = end;
    const int64_t missing = end - a->written;
    bool good = true;
    if (missing > 0)
        good = pixfer_samples_append(&a->waiting, NULL, missing);
    else
        pixfer_samples_keep(&a->waiting, end > a->encoded ? end - a->encoded : 0);
    pixfer_condition_wake_all(&a->moved);
    pixfer_lock_drop(&a->mutex);
    return good;
}

enum pixfer_result pixfer_audio_finish(struct audio_encoder *a, int64_t end)
{
    if (a->end != no_end)
        return PIXFER_OK;
    enum pixfer_result result = a->placed ? PIXFER_OK : pixfer_audio_set_origin(a, 0);
    if (result == PIXFER_OK && !close_queue(a, end))
        result = pixfer_report_fail(a->host.report, PIXFER_ERR_NO_MEMORY, "audio: out of memory");
    while (result == PIXFER_OK && a->waiting.count)
        result = encode_piece(a, a->waiting.count < a->piece_size ? (int)a->waiting.count : a->piece_size);
    return result == PIXFER_OK ? encode(a, NULL) : result;
}
#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include <libavutil/channel_layout.h>
#include <stdlib.h>
#include <string.h>

#include "../exporter.h"
#include "audio_encoder.h"

/* Audio that has to be encoded: AAC, in packets of codec->frame_size samples. Samples wait until their frames are there, because the
 * last frame decides where the audio ends. */
struct audio_encoder {
    AVCodecContext *codec;
    AVFrame *frame;
    AVPacket *packet;
    float *waiting; /* interleaved */
    size_t count, capacity;
    int64_t encoded; /* samples */
};

static int open_codec(struct audio_encoder *a, uint32_t sample_rate, uint32_t channels)
{
    const AVCodec *codec = avcodec_find_encoder(AV_CODEC_ID_AAC);
    a->codec = codec ? avcodec_alloc_context3(codec) : NULL;
    a->frame = av_frame_alloc();
    a->packet = av_packet_alloc();
    if (!a->codec || !a->frame || !a->packet)
        return AVERROR(ENOMEM);
    a->codec->sample_rate = (int)sample_rate;
    a->codec->sample_fmt = AV_SAMPLE_FMT_FLTP;
    av_channel_layout_default(&a->codec->ch_layout, (int)channels);
    a->codec->time_base = (AVRational){1, (int)sample_rate};
    a->codec->bit_rate = 96000 * (int64_t)channels;
    a->codec->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    return avcodec_open2(a->codec, codec, NULL);
}

enum pixfer_result pixfer_audio_open(struct pixfer_exporter *e, uint32_t sample_rate, uint32_t channels)
{
    struct audio_encoder *a = e->audio = calloc(1, sizeof(*a));
    int error = a ? open_codec(a, sample_rate, channels) : AVERROR(ENOMEM);
    if (error < 0)
        return pixfer_report_fail(&e->report, PIXFER_ERR_UNSUPPORTED, "audio: no AAC encoder for %u channels at %u Hz: %s",
                                  channels, sample_rate, pixfer_av_error(error));
    AVCodecParameters *par = avcodec_parameters_alloc();
    enum pixfer_result result = PIXFER_ERR_NO_MEMORY;
    if (par && avcodec_parameters_from_context(par, a->codec) >= 0)
        result = pixfer_muxer_add_audio(&e->muxer, par, a->codec->time_base);
    avcodec_parameters_free(&par);
    return result;
}

static int encode(struct pixfer_exporter *e, AVFrame *frame)
{
    struct audio_encoder *a = e->audio;
    int error = avcodec_send_frame(a->codec, frame);
    while (error >= 0 && (error = avcodec_receive_packet(a->codec, a->packet)) >= 0) {
        AVPacket *packet = av_packet_alloc();
        if (!packet)
            return AVERROR(ENOMEM);
        av_packet_move_ref(packet, a->packet);
        if (pixfer_exporter_packet(e, packet, a->codec->time_base) != PIXFER_OK)
            return AVERROR_EXIT;
    }
    return error == AVERROR(EAGAIN) || error == AVERROR_EOF ? 0 : error;
}

static int fill_frame(struct audio_encoder *a, int samples)
{
    int channels = a->codec->ch_layout.nb_channels;
    av_frame_unref(a->frame);
    a->frame->format = a->codec->sample_fmt;
    a->frame->sample_rate = a->codec->sample_rate;
    a->frame->nb_samples = samples;
    a->frame->pts = a->encoded;
    int error = av_channel_layout_copy(&a->frame->ch_layout, &a->codec->ch_layout);
    if (error >= 0)
        error = av_frame_get_buffer(a->frame, 0);
    for (int c = 0; error >= 0 && c < channels; c++)
        for (int i = 0; i < samples; i++)
            ((float *)a->frame->extended_data[c])[i] = a->waiting[i * channels + c];
    return error;
}

static int encode_waiting(struct pixfer_exporter *e, size_t samples)
{
    struct audio_encoder *a = e->audio;
    size_t channels = (size_t)a->codec->ch_layout.nb_channels;
    int error = fill_frame(a, (int)samples);
    if (error >= 0)
        error = encode(e, a->frame);
    a->count -= samples;
    a->encoded += (int64_t)samples;
    memmove(a->waiting, a->waiting + samples * channels, a->count * channels * sizeof(float));
    return error;
}

static enum pixfer_result failed(struct pixfer_exporter *e, int error)
{
    if (error == AVERROR_EXIT)
        return pixfer_exporter_result(e);
    return pixfer_report_fail(&e->report, PIXFER_ERR_DEVICE, "audio: the AAC encoder failed: %s", pixfer_av_error(error));
}

static bool make_room(struct audio_encoder *a, size_t count)
{
    size_t channels = (size_t)a->codec->ch_layout.nb_channels;
    if (count <= a->capacity - a->count)
        return true;
    size_t capacity = (a->count + count) * 2;
    float *waiting = capacity < SIZE_MAX / 64 ? realloc(a->waiting, capacity * channels * sizeof(float)) : NULL;
    if (!waiting)
        return false;
    a->waiting = waiting;
    a->capacity = capacity;
    return true;
}

enum pixfer_result pixfer_audio_push(struct pixfer_exporter *e, const float *samples, size_t count)
{
    struct audio_encoder *a = e->audio;
    size_t channels = (size_t)a->codec->ch_layout.nb_channels;
    if (!make_room(a, count))
        return pixfer_report_fail(&e->report, PIXFER_ERR_NO_MEMORY, "audio: no memory for %zu samples more", count);
    if (samples)
        memcpy(a->waiting + a->count * channels, samples, count * channels * sizeof(float));
    else
        memset(a->waiting + a->count * channels, 0, count * channels * sizeof(float));
    a->count += count;
    return pixfer_audio_advance(e);
}

int64_t pixfer_audio_truncate(struct pixfer_exporter *e, int64_t end)
{
    struct audio_encoder *a = e->audio;
    if (a->encoded + (int64_t)a->count > end)
        a->count = end > a->encoded ? (size_t)(end - a->encoded) : 0;
    return a->encoded + (int64_t)a->count;
}

static int64_t end_of_pictures(const struct pixfer_exporter *e)
{
    return av_rescale_q(e->end_pts, e->time_base, e->audio->codec->time_base);
}

enum pixfer_result pixfer_audio_advance(struct pixfer_exporter *e)
{
    struct audio_encoder *a = e->audio;
    size_t one = (size_t)a->codec->frame_size;
    int64_t end = end_of_pictures(e);
    int error = 0;
    while (error >= 0 && a->count >= one && a->encoded + (int64_t)one <= end)
        error = encode_waiting(e, one);
    return error < 0 ? failed(e, error) : PIXFER_OK;
}

enum pixfer_result pixfer_audio_finish(struct pixfer_exporter *e)
{
    struct audio_encoder *a = e->audio;
    int64_t end = end_of_pictures(e);
    int64_t have = pixfer_audio_truncate(e, end);
    enum pixfer_result result = have < end ? pixfer_audio_push(e, NULL, (size_t)(end - have)) : pixfer_audio_advance(e);
    if (result != PIXFER_OK)
        return result;
    int error = a->count ? encode_waiting(e, a->count) : 0; /* the last may be shorter than the others */
    if (error >= 0)
        error = encode(e, NULL);
    return error < 0 ? failed(e, error) : PIXFER_OK;
}

void pixfer_audio_close(struct pixfer_exporter *e)
{
    if (!e->audio)
        return;
    avcodec_free_context(&e->audio->codec);
    av_frame_free(&e->audio->frame);
    av_packet_free(&e->audio->packet);
    free(e->audio->waiting);
    free(e->audio);
    e->audio = NULL;
}
#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include <libavutil/channel_layout.h>
#include <libavutil/mem.h>
#include <libswresample/swresample.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../exporter.h"
#include "../libav_log.h"
#include "audio_input.h"

/* The audio of a file, delivered beside the frames by the same thread. Either its packets are copied, with their times moved to
 * the export's clock, or it is decoded, put in place to the sample, and encoded again. */

struct audio_input {
    struct pixfer_exporter *e;
    char *name;
    AVFormatContext *context;
    int stream;
    AVCodecContext *decoder; /* NULL while packets are copied */
    struct SwrContext *resampler;
    AVPacket *packet;
    AVFrame *frame;
    bool ended;
    double shift;      /* export's seconds = file's seconds + shift */
    AVBSFContext *bsf; /* copying AAC out of ADTS, which MP4 does not know */
    bool primed;       /* `packet` holds the first packet, read to learn its configuration */
    AVPacket *held;    /* copying: the latest packet, until it is known whether it is the last */
    int rate, channels;
    int64_t delivered; /* encoding: samples handed on, all passes together */
    int64_t expected;  /* where the next decoded sample belongs, if nothing is missing; AV_NOPTS_VALUE at the start of a pass */
    float *samples;
    int capacity;
};

/* ---- Opening --------------------------------------------------------------------------------------------------------------- */

/* What MP4 holds as it is and players of MP4 know. */
static bool mp4_takes(enum AVCodecID codec)
{
    return codec == AV_CODEC_ID_AAC || codec == AV_CODEC_ID_MP3 || codec == AV_CODEC_ID_AC3 || codec == AV_CODEC_ID_EAC3 ||
           codec == AV_CODEC_ID_ALAC || codec == AV_CODEC_ID_OPUS;
}

static int open_file(struct audio_input *a)
{
    pixfer_libav_quiet(true);
    int error = avformat_open_input(&a->context, a->name, NULL, NULL);
    if (error >= 0)
        error = avformat_find_stream_info(a->context, NULL);
    pixfer_libav_quiet(false);
    if (error >= 0)
        error = a->stream = av_find_best_stream(a->context, AVMEDIA_TYPE_AUDIO, -1, -1, NULL, 0);
    for (unsigned i = 0; error >= 0 && i < a->context->nb_streams; i++)
        a->context->streams[i]->discard = (int)i == a->stream ? AVDISCARD_DEFAULT : AVDISCARD_ALL;
    return error;
}

static int open_decoder(struct audio_input *a)
{
    const AVCodecParameters *par = a->context->streams[a->stream]->codecpar;
    const AVCodec *codec = avcodec_find_decoder(par->codec_id);
    a->decoder = codec ? avcodec_alloc_context3(codec) : NULL;
    int error = a->decoder ? avcodec_parameters_to_context(a->decoder, par) : AVERROR_DECODER_NOT_FOUND;
    if (error < 0)
        return error;
    pixfer_libav_adopt_codec(a->decoder);
    a->decoder->pkt_timebase = a->context->streams[a->stream]->time_base;
    return avcodec_open2(a->decoder, codec, NULL);
}

static int open_resampler(struct audio_input *a)
{
    const AVCodecContext *codec = pixfer_audio_codec(a->e->audio);
    a->rate = codec->sample_rate;
    a->channels = codec->ch_layout.nb_channels;
    int error = swr_alloc_set_opts2(&a->resampler, (AVChannelLayout *)&codec->ch_layout, AV_SAMPLE_FMT_FLT, a->rate,
                                    &a->decoder->ch_layout, a->decoder->sample_fmt, a->decoder->sample_rate, 0, NULL);
    return error < 0 ? error : swr_init(a->resampler);
}

static enum pixfer_result cannot(struct audio_input *a, int error)
{
    return pixfer_report_fail(&a->e->report, PIXFER_ERR_IO, "audio: %s: %s", a->name,
                              error == AVERROR_STREAM_NOT_FOUND ? "there is no audio in it" : pixfer_av_error(error));
}

static int read_packet(struct audio_input *a)
{
    int error;
    if (a->primed) {
        a->primed = false;
        return 0;
    }
    do {
        av_packet_unref(a->packet);
        error = av_read_frame(a->context, a->packet);
    } while (error >= 0 && a->packet->stream_index != a->stream);
    if (error < 0 || !a->bsf)
        return error;
    error = av_bsf_send_packet(a->bsf, a->packet);
    return error < 0 ? error : av_bsf_receive_packet(a->bsf, a->packet);
}

/* AAC from a transport stream carries its configuration in every packet; MP4 wants it once, in front. */
static int unwrap_adts(struct audio_input *a, AVCodecParameters *par)
{
    if (par->codec_id != AV_CODEC_ID_AAC || par->extradata_size)
        return 0;
    const AVBitStreamFilter *filter = av_bsf_get_by_name("aac_adtstoasc");
    int error = filter ? av_bsf_alloc(filter, &a->bsf) : AVERROR_BSF_NOT_FOUND;
    if (error >= 0)
        error = avcodec_parameters_copy(a->bsf->par_in, par);
    if (error >= 0)
        error = av_bsf_init(a->bsf);
    if (error >= 0)
        error = read_packet(a);
    if (error < 0)
        return error;
    a->primed = true;
    size_t size = 0;
    uint8_t *data = av_packet_get_side_data(a->packet, AV_PKT_DATA_NEW_EXTRADATA, &size);
    if (!data)
        return AVERROR_INVALIDDATA;
    par->extradata = av_mallocz(size + AV_INPUT_BUFFER_PADDING_SIZE);
    if (!par->extradata)
        return AVERROR(ENOMEM);
    memcpy(par->extradata, data, size);
    par->extradata_size = (int)size;
    return 0;
}

static enum pixfer_result start_copying(struct audio_input *a)
{
    AVStream *stream = a->context->streams[a->stream];
    int error = unwrap_adts(a, stream->codecpar);
    if (error < 0)
        return cannot(a, error);
    pixfer_report_log(&a->e->report, PIXFER_LOG_DEBUG, "audio: %s copied as it is", avcodec_get_name(stream->codecpar->codec_id));
    return pixfer_muxer_add_audio(&a->e->muxer, stream->codecpar, (AVRational){1, stream->codecpar->sample_rate});
}

static enum pixfer_result start_encoding(struct audio_input *a)
{
    int error = open_decoder(a);
    if (error < 0)
        return cannot(a, error);
    const struct pixfer_exporter_params *p = &a->e->params;
    enum pixfer_result result = pixfer_exporter_open_audio(a->e, &(struct audio_request){.codec = p->audio_codec,
                                                                                         .bitrate = p->audio_bitrate,
                                                                                         .sample_rate = a->decoder->sample_rate,
                                                                                         .layout = &a->decoder->ch_layout,
                                                                                         .adapt = true});
    if (result != PIXFER_OK)
        return result;
    error = open_resampler(a);
    if (error < 0)
        return cannot(a, error);
    pixfer_report_log(&a->e->report, PIXFER_LOG_DEBUG, "audio: %s encoded as aac, %d channels at %d Hz",
                      avcodec_get_name(a->decoder->codec_id), a->channels, a->rate);
    return PIXFER_OK;
}

enum pixfer_result pixfer_audio_input_open(struct audio_input **out, struct pixfer_exporter *e, const char *name, bool required,
                                           bool may_copy)
{
    struct audio_input *a = *out = calloc(1, sizeof(*a));
    if (!a || !(a->name = strdup(name)) || !(a->packet = av_packet_alloc()) || !(a->frame = av_frame_alloc()))
        return pixfer_report_fail(&e->report, PIXFER_ERR_NO_MEMORY, "audio: out of memory");
    a->e = e;
    int error = open_file(a);
    if (error < 0 && !required) {
        pixfer_audio_input_close(out);
        return PIXFER_OK;
    }
    if (error < 0)
        return cannot(a, error);
    const AVCodecParameters *par = a->context->streams[a->stream]->codecpar;
    /* Copied packets need exact lengths, from the codec or from a clock that counts samples. */
    bool exact =
        par->sample_rate > 0 && (par->frame_size > 0 || a->context->streams[a->stream]->time_base.den == par->sample_rate);
    return may_copy && mp4_takes(par->codec_id) && exact ? start_copying(a) : start_encoding(a);
}

void pixfer_audio_input_close(struct audio_input **input)
{
    struct audio_input *a = *input;
    if (!a)
        return;
    avcodec_free_context(&a->decoder);
    avformat_close_input(&a->context);
    swr_free(&a->resampler);
    av_packet_free(&a->packet);
    av_bsf_free(&a->bsf);
    av_packet_free(&a->held);
    av_frame_free(&a->frame);
    free(a->samples);
    free(a->name);
    free(a);
    *input = NULL;
}

/* ---- Copying --------------------------------------------------------------------------------------------------------------- */

/* The held packet goes, cut to what lies before `end` samples. */
static enum pixfer_result let_go(struct audio_input *a, int64_t end)
{
    AVPacket *packet = a->held;
    a->held = NULL;
    if (packet && packet->pts + packet->duration > end)
        packet->duration = FFMAX(1, end - packet->pts);
    return packet ? pixfer_exporter_packet(a->e, packet, (AVRational){1, a->context->streams[a->stream]->codecpar->sample_rate})
                  : PIXFER_OK;
}

/* A container that counts milliseconds rounds: packets that follow each other but for that do so exactly. */
static void unround(struct audio_input *a, const AVStream *stream, int64_t end)
{
    int64_t rounding = av_rescale_q_rnd(1, stream->time_base, (AVRational){1, stream->codecpar->sample_rate}, AV_ROUND_UP);
    int64_t whole = stream->codecpar->frame_size;
    if (whole > 0 && (a->packet->duration <= 0 || llabs(a->packet->duration - whole) <= rounding))
        a->packet->duration = whole;
    if (end != AV_NOPTS_VALUE && llabs(a->packet->pts - end) <= rounding)
        a->packet->pts = end;
}

/* A packet goes once the frames have reached its end. */
static bool due(const struct audio_input *a, double samples)
{
    return !a->held || (double)(a->held->pts + a->held->duration) <= samples;
}

static enum pixfer_result copy_until(struct audio_input *a, double until)
{
    const AVStream *stream = a->context->streams[a->stream];
    int rate = stream->codecpar->sample_rate;
    enum pixfer_result result = PIXFER_OK;
    while (result == PIXFER_OK && due(a, until * rate)) {
        int64_t before = a->held ? a->held->pts : INT64_MIN, end = a->held ? a->held->pts + a->held->duration : AV_NOPTS_VALUE;
        result = let_go(a, INT64_MAX);
        if (result != PIXFER_OK || a->ended || read_packet(a) < 0) {
            a->ended = true;
            break;
        }
        av_packet_rescale_ts(a->packet, stream->time_base, (AVRational){1, rate});
        a->packet->pts += llrint(a->shift * rate);
        unround(a, stream, end);
        a->packet->dts = a->packet->pts;
        /* Of what lies before the first frame one packet is kept for decoders to warm up on; the edit list hides it. */
        if (a->packet->pts + 2 * a->packet->duration >= 0 && a->packet->pts > before)
            a->held = av_packet_clone(a->packet);
    }
    return result;
}

static enum pixfer_result finish_copying(struct audio_input *a, double end)
{
    int64_t last = llrint(end * a->context->streams[a->stream]->codecpar->sample_rate);
    enum pixfer_result result = copy_until(a, end);
    if (result == PIXFER_OK && a->held && a->held->pts < last)
        result = let_go(a, last);
    return result;
}

/* ---- Encoding -------------------------------------------------------------------------------------------------------------- */

static enum pixfer_result push(struct audio_input *a, const float *samples, int64_t count)
{
    a->delivered += count;
    return pixfer_audio_push(a->e->audio, samples, (size_t)count);
}

/* Samples that belong at `position`: what is before the ones delivered is cut, a hole is filled with silence. Positions come from
 * rounded times; up to 20 ms they are taken as a continuation. */
static enum pixfer_result put(struct audio_input *a, int64_t position, const float *samples, int64_t count)
{
    if (a->expected != AV_NOPTS_VALUE && llabs(position - a->expected) < a->rate / 50)
        position = a->expected;
    a->expected = position + count;
    if (position < a->delivered) {
        int64_t cut = FFMIN(a->delivered - position, count);
        samples += cut * a->channels;
        count -= cut;
        position += cut;
    }
    enum pixfer_result result = PIXFER_OK;
    if (count && position > a->delivered)
        result = push(a, NULL, position - a->delivered);
    return result == PIXFER_OK && count ? push(a, samples, count) : result;
}

static int resample(struct audio_input *a, const AVFrame *frame)
{
    int room = swr_get_out_samples(a->resampler, frame ? frame->nb_samples : 0);
    if (room > a->capacity) {
        float *samples = realloc(a->samples, (size_t)room * (size_t)a->channels * sizeof(float));
        if (!samples)
            return AVERROR(ENOMEM);
        a->samples = samples;
        a->capacity = room;
    }
    uint8_t *out = (uint8_t *)a->samples;
    return swr_convert(a->resampler, &out, a->capacity, frame ? (const uint8_t **)frame->extended_data : NULL,
                       frame ? frame->nb_samples : 0);
}

static enum pixfer_result take_frame(struct audio_input *a)
{
    AVRational base = a->context->streams[a->stream]->time_base;
    int64_t pts = a->frame->best_effort_timestamp;
    /* The resampler still holds samples of before: what comes out begins that much earlier. */
    int64_t position = a->expected;
    if (pts != AV_NOPTS_VALUE)
        position = llrint(((double)pts * av_q2d(base) + a->shift) * a->rate) - swr_get_delay(a->resampler, a->rate);
    else if (position == AV_NOPTS_VALUE)
        position = llrint(a->shift * a->rate);
    int count = resample(a, a->frame);
    av_frame_unref(a->frame);
    return count < 0 ? cannot(a, count) : put(a, position, a->samples, count);
}

static enum pixfer_result decode_next(struct audio_input *a)
{
    int error = read_packet(a);
    a->ended = error < 0;
    error = avcodec_send_packet(a->decoder, a->ended ? NULL : a->packet);
    enum pixfer_result result = PIXFER_OK;
    while (result == PIXFER_OK && avcodec_receive_frame(a->decoder, a->frame) >= 0)
        result = take_frame(a);
    if (result == PIXFER_OK && a->ended && a->expected != AV_NOPTS_VALUE) {
        int count = resample(a, NULL);
        result = count > 0 ? put(a, a->expected, a->samples, count) : PIXFER_OK;
    }
    return result;
}

/* ---- What run.c calls ------------------------------------------------------------------------------------------------------ */

double pixfer_audio_input_start(const struct audio_input *a)
{
    int64_t start = a->context->start_time;
    return start == AV_NOPTS_VALUE ? 0 : (double)start / AV_TIME_BASE;
}

enum pixfer_result pixfer_audio_input_place(struct audio_input *a, double media, double output)
{
    a->shift = output - media;
    if (!a->decoder || a->expected == 0) {
        a->expected = AV_NOPTS_VALUE;
        return PIXFER_OK;
    }
    a->delivered =
        pixfer_audio_truncate(a->e->audio, llrint(output * a->rate)); /* another pass: what is left of the one before gives way */
    avcodec_free_context(&a->decoder);
    avformat_close_input(&a->context);
    a->ended = false;
    a->expected = AV_NOPTS_VALUE;
    int error = open_file(a);
    if (error >= 0)
        error = open_decoder(a);
    if (error >= 0)
        error = swr_init(a->resampler);
    return error < 0 ? cannot(a, error) : PIXFER_OK;
}

enum pixfer_result pixfer_audio_input_feed(struct audio_input *a, double until)
{
    enum pixfer_result result = PIXFER_OK;
    if (!a->decoder)
        return copy_until(a, until);
    while (result == PIXFER_OK && !a->ended && (double)a->delivered < until * a->rate)
        result = decode_next(a);
    return result;
}

enum pixfer_result pixfer_audio_input_finish(struct audio_input *a, double end)
{
    return a->decoder ? pixfer_audio_input_feed(a, end) : finish_copying(a, end);
}
#endif

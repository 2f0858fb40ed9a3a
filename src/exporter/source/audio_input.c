/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include <libavutil/channel_layout.h>
#include <libswresample/swresample.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../libav_log.h"
#include "audio_input.h"

/* A decoder answers at most some errors for each packet; more without a new packet would never end. */
enum { MOST_FRUITLESS = 64, LOWEST_RATE = 1000, HIGHEST_RATE = 768000, MOST_CHANNELS = 64, LARGEST_TERM = 4096 };
static const int64_t position_limit = INT64_C(1) << 48;

struct audio_input {
    struct demuxer *demuxer;
    struct report *report;
    char *name;
    bool stop_on_error;
    int stream;
    AVPacket *packet;
    struct audio_damage damage;
    int rate; /* in whose samples positions are counted */
    AVRational speed;
    int64_t zero;
    AVRational zero_unit;
    int64_t expected; /* where the next sample belongs, if nothing is missing; AV_NOPTS_VALUE at the start */
    int64_t last;     /* pts of the packet before */
    int64_t time;     /* on the input's clock, of the packet or frame before; AV_NOPTS_VALUE at the start */
    bool drained;     /* no packet comes any more */

    AVCodecContext *decoder;
    bool decoded; /* something came out of it */
    unsigned fruitless;
    AVFrame *frame;
    bool frame_waits; /* for a resampler that takes it */
    struct SwrContext *resampler;
    AVFrame *like; /* format, rate and layout that the resampler takes */
    AVChannelLayout layout;
    int resampler_rate; /* its output rate as it sees it */
    float *samples;
    int capacity;
};

/* ---- Opening --------------------------------------------------------------------------------------------------------------- */

static enum pixfer_result cannot(struct audio_input *a, int error)
{
    return pixfer_report_fail(a->report, error == AVERROR(ENOMEM) ? PIXFER_ERR_NO_MEMORY : PIXFER_ERR_IO, "audio: %s: %s",
                              a->name, error == AVERROR_STREAM_NOT_FOUND ? "there is no audio in it" : pixfer_av_error(error));
}

static const AVStream *stream_of(const struct audio_input *a)
{
    return pixfer_demuxer_stream(a->demuxer, a->stream);
}

enum pixfer_result pixfer_audio_input_open(struct audio_input **out, struct demuxer *demuxer, const char *name,
                                           bool stop_on_error, struct report *report)
{
    struct audio_input *a = *out = calloc(1, sizeof(*a));
    if (!a || !(a->name = strdup(name)) || !(a->packet = av_packet_alloc()) || !(a->frame = av_frame_alloc()) ||
        !(a->like = av_frame_alloc())) {
        pixfer_audio_input_close(out);
        return pixfer_report_fail(report, PIXFER_ERR_NO_MEMORY, "audio: out of memory");
    }
    a->demuxer = demuxer;
    a->report = report;
    a->stop_on_error = stop_on_error;
    a->stream = pixfer_demuxer_find(demuxer, AVMEDIA_TYPE_AUDIO);
    a->expected = a->time = AV_NOPTS_VALUE;
    a->speed = a->zero_unit = (AVRational){1, 1};
    if (a->stream < 0) {
        enum pixfer_result result = cannot(a, a->stream);
        pixfer_audio_input_close(out);
        return result;
    }
    a->rate = stream_of(a)->codecpar->sample_rate;
    return PIXFER_OK;
}

void pixfer_audio_input_close(struct audio_input **input)
{
    struct audio_input *a = *input;
    if (!a)
        return;
    avcodec_free_context(&a->decoder);
    swr_free(&a->resampler);
    av_packet_free(&a->packet);
    av_frame_free(&a->frame);
    av_frame_free(&a->like);
    av_channel_layout_uninit(&a->layout);
    free(a->samples);
    free(a->name);
    free(a);
    *input = NULL;
}

const AVCodecParameters *pixfer_audio_input_parameters(const struct audio_input *a)
{
    return stream_of(a)->codecpar;
}

/* Broadcasts change rate and layout between two programmes, and raw streams where they were joined. An MP4 track has one of each. */
static bool may_change(const struct audio_input *a)
{
    const char *format = pixfer_demuxer_context(a->demuxer)->iformat->name;
    return !strcmp(format, "mpegts") || !strcmp(format, "mpeg") || !strcmp(format, "wtv") || !strcmp(format, "avi");
}

/* Samples in each packet, 0 = they differ, or nobody says. */
static int packet_samples(const struct audio_input *a)
{
    const AVCodecParameters *par = stream_of(a)->codecpar;
    return par->frame_size > 0 ? par->frame_size : par->codec_id == AV_CODEC_ID_AC3 ? 1536 : 0;
}

bool pixfer_audio_input_can_copy(const struct audio_input *a)
{
    const AVCodecParameters *par = stream_of(a)->codecpar;
    const bool exact = packet_samples(a) > 0 || stream_of(a)->time_base.den == par->sample_rate;
    const bool configured = par->codec_id != AV_CODEC_ID_AAC || par->extradata_size;
    return par->sample_rate > 0 && exact && configured && !may_change(a);
}

static int open_decoder(struct audio_input *a)
{
    const AVCodec *codec = avcodec_find_decoder(stream_of(a)->codecpar->codec_id);
    a->decoder = codec ? avcodec_alloc_context3(codec) : NULL;
    int error = a->decoder ? avcodec_parameters_to_context(a->decoder, stream_of(a)->codecpar) : AVERROR_DECODER_NOT_FOUND;
    if (error < 0)
        return error;
    pixfer_libav_adopt_codec(a->decoder);
    a->decoder->pkt_timebase = stream_of(a)->time_base;
    if (codec->id == AV_CODEC_ID_FLAC)
        a->decoder->err_recognition |= AV_EF_CRCCHECK; /* damage is to be known, not heard */
    return avcodec_open2(a->decoder, codec, NULL);
}

enum pixfer_result pixfer_audio_input_decode(struct audio_input *a, int *rate, AVChannelLayout *layout)
{
    int error = open_decoder(a);
    if (error >= 0 && (a->decoder->sample_rate < LOWEST_RATE || a->decoder->sample_rate > HIGHEST_RATE ||
                       a->decoder->ch_layout.nb_channels < 1 || a->decoder->ch_layout.nb_channels > MOST_CHANNELS))
        return pixfer_report_fail(
            a->report, PIXFER_ERR_UNSUPPORTED, "audio: %s has %d channels at %d Hz, expected 1 to %d at %d to %d", a->name,
            a->decoder->ch_layout.nb_channels, a->decoder->sample_rate, MOST_CHANNELS, LOWEST_RATE, HIGHEST_RATE);
    if (error < 0)
        return cannot(a, error);
    *rate = a->decoder->sample_rate;
    if (a->decoder->ch_layout.order == AV_CHANNEL_ORDER_UNSPEC)
        av_channel_layout_default(layout, a->decoder->ch_layout.nb_channels);
    else if (av_channel_layout_copy(layout, &a->decoder->ch_layout) < 0)
        return cannot(a, AVERROR(ENOMEM));
    return PIXFER_OK;
}

enum pixfer_result pixfer_audio_input_set_output(struct audio_input *a, int rate, const AVChannelLayout *layout, AVRational speed)
{
    a->rate = rate;
    av_reduce(&a->speed.num, &a->speed.den, speed.num, speed.den, LARGEST_TERM);
    int error = av_channel_layout_copy(&a->layout, layout);
    return error < 0 ? cannot(a, error) : PIXFER_OK;
}

void pixfer_audio_input_set_zero(struct audio_input *a, int64_t time, AVRational unit)
{
    a->zero = time;
    a->zero_unit = unit;
    a->expected = a->time = AV_NOPTS_VALUE;
}

const struct audio_damage *pixfer_audio_input_damage(const struct audio_input *a)
{
    return &a->damage;
}

enum pixfer_result pixfer_audio_input_restart(struct audio_input *a)
{
    a->drained = a->frame_waits = false;
    a->expected = a->time = AV_NOPTS_VALUE;
    av_frame_unref(a->frame);
    swr_free(&a->resampler);
    if (!a->decoder)
        return PIXFER_OK;
    avcodec_free_context(&a->decoder);
    int error = open_decoder(a);
    return error < 0 ? cannot(a, error) : PIXFER_OK;
}

/* ---- Times ----------------------------------------------------------------------------------------------------------------- */

static bool in_range(int64_t position)
{
    return position <= position_limit && position >= -position_limit;
}

/* From the input's clock; false where that is out of range. */
static bool to_position(const struct audio_input *a, int64_t time, int64_t *position)
{
    const AVRational base = stream_of(a)->time_base, unit = {a->speed.num, a->speed.den * a->rate};
    if (!av_cmp_q(base, a->zero_unit)) { /* rounded once */
        if (a->zero < 0 ? time > INT64_MAX + a->zero : time < INT64_MIN + a->zero)
            return false;
        *position = av_rescale_q(time - a->zero, base, unit);
        return in_range(*position);
    }
    const int64_t there = av_rescale_q(time, base, unit), zero = av_rescale_q(a->zero, a->zero_unit, unit);
    *position = in_range(there) && in_range(zero) ? there - zero : INT64_MIN;
    return in_range(*position);
}

static void skip(struct audio_input *a, int64_t time, const char *why)
{
    struct audio_damage *damage = &a->damage;
    char when[48] = "";
    if (time != AV_NOPTS_VALUE)
        snprintf(when, sizeof(when), " at %.3f s", (double)time * av_q2d(stream_of(a)->time_base));
    if (!damage->skipped++ && !damage->line[0]) {
        snprintf(damage->line, sizeof(damage->line), "audio: %.120s: a packet%s cannot be used: %.200s", a->name, when, why);
        pixfer_report_log(a->report, PIXFER_LOG_WARNING, "%s; it is left out", damage->line);
    }
}

/* ---- Packets --------------------------------------------------------------------------------------------------------------- */

/* One of at least a byte: an empty one would end a decoder. */
static enum audio_status read_packet(struct audio_input *a, AVPacket *packet, size_t ahead)
{
    if (a->drained)
        return AUDIO_END;
    int error;
    do
        error = pixfer_demuxer_read_within(a->demuxer, a->stream, packet, ahead);
    while (error >= 0 && !packet->size);
    if (error >= 0)
        return AUDIO_ITEM;
    if (error == AVERROR(EAGAIN))
        return AUDIO_LATER;
    if (error == AVERROR_EXIT)
        return AUDIO_STOPPED;
    a->drained = true;
    if (error != AVERROR_EOF && !a->damage.line[0])
        snprintf(a->damage.line, sizeof(a->damage.line), "audio: %.120s: the rest cannot be read: %.200s", a->name,
                 pixfer_demuxer_error(a->demuxer, error));
    return AUDIO_END;
}

/* Some recorders stamp all packets of a second with one time, which then is that of the first. */
static bool repeats(struct audio_input *a, int64_t time)
{
    const bool same = time != AV_NOPTS_VALUE && time == a->time && a->expected != AV_NOPTS_VALUE;
    a->time = time;
    return same;
}

/* A container that counts milliseconds rounds: packets that follow each other but for that do so exactly. */
static void unround(const struct audio_input *a, AVPacket *packet)
{
    const AVStream *stream = stream_of(a);
    const int64_t rounding = av_rescale_q_rnd(1, stream->time_base, (AVRational){1, a->rate}, AV_ROUND_UP);
    const int64_t whole = packet_samples(a);
    if (whole > 0 && (packet->duration <= 0 || llabs(packet->duration - whole) <= rounding))
        packet->duration = whole;
    if (a->expected != AV_NOPTS_VALUE && llabs(packet->pts - a->expected) <= rounding)
        packet->pts = a->expected;
}

/* False: its time makes no sense. */
static bool place_packet(struct audio_input *a, AVPacket *packet)
{
    const int64_t time = packet->pts != AV_NOPTS_VALUE ? packet->pts : packet->dts;
    int64_t position = a->expected, duration = 0;
    if (repeats(a, time))
        position = a->expected;
    else if (time != AV_NOPTS_VALUE ? !to_position(a, time, &position) : position == AV_NOPTS_VALUE)
        return false;
    if (packet->duration > 0)
        duration = av_rescale_q(packet->duration, stream_of(a)->time_base, (AVRational){1, a->rate});
    packet->pts = position;
    packet->duration = in_range(duration) ? duration : 0;
    unround(a, packet);
    packet->dts = packet->pts;
    if (packet->duration <= 0 || (a->expected != AV_NOPTS_VALUE && packet->pts <= a->last))
        return false;
    a->last = packet->pts;
    a->expected = packet->pts + packet->duration;
    return true;
}

static bool changes(const struct audio_input *a, const AVPacket *packet)
{
    const AVCodecParameters *par = stream_of(a)->codecpar;
    size_t size = 0;
    const uint8_t *data = av_packet_get_side_data(packet, AV_PKT_DATA_NEW_EXTRADATA, &size);
    return data && (size != (size_t)par->extradata_size || memcmp(data, par->extradata, size) != 0);
}

enum audio_status pixfer_audio_input_packet(struct audio_input *a, AVPacket *packet, size_t ahead)
{
    enum audio_status status;
    while ((status = read_packet(a, packet, ahead)) == AUDIO_ITEM) {
        const int64_t time = packet->pts;
        const char *why = "its time is before that of the packet before, or out of all bounds";
        if (changes(a, packet))
            why = "rate or layout change here, and packets that are copied have one of each";
        else if (place_packet(a, packet))
            return AUDIO_ITEM;
        skip(a, time, why);
        av_packet_unref(packet);
        if (a->stop_on_error)
            a->drained = true;
    }
    return status;
}

/* ---- Decoding -------------------------------------------------------------------------------------------------------------- */

static bool usable(const AVFrame *frame)
{
    return frame->nb_samples > 0 && frame->sample_rate >= LOWEST_RATE && frame->sample_rate <= HIGHEST_RATE &&
           frame->ch_layout.nb_channels > 0 && frame->ch_layout.nb_channels <= MOST_CHANNELS;
}

/* False: this is the end. Whoever tunes in to a broadcast meets packets first that need others before them. */
static bool pass_over(struct audio_input *a, int error)
{
    const char *line = pixfer_libav_last_error();
    char why[200];
    if (a->decoded || !may_change(a)) {
        snprintf(why, sizeof(why), "%s%s%.120s", pixfer_av_error(error), *line ? ": " : "", line);
        skip(a, a->packet->pts, why);
    }
    if (error == AVERROR(ENOMEM) || a->stop_on_error || ++a->fruitless > MOST_FRUITLESS)
        a->drained = true;
    return !a->drained;
}

static enum audio_status send_packet(struct audio_input *a, size_t ahead, int *error)
{
    enum audio_status status = read_packet(a, a->packet, ahead);
    if (status == AUDIO_LATER || status == AUDIO_STOPPED)
        return status;
    if (status == AUDIO_ITEM)
        a->fruitless = 0;
    *error = avcodec_send_packet(a->decoder, status == AUDIO_END ? NULL : a->packet);
    return AUDIO_ITEM;
}

/* The next frame in a->frame. */
static enum audio_status decode(struct audio_input *a, size_t ahead)
{
    for (;;) {
        enum audio_status status = AUDIO_ITEM;
        pixfer_libav_quiet(true); /* what goes wrong is reported in one line */
        int error = avcodec_receive_frame(a->decoder, a->frame);
        const bool got = error >= 0;
        if (error == AVERROR(EAGAIN))
            status = send_packet(a, ahead, &error);
        pixfer_libav_quiet(false);
        if (status != AUDIO_ITEM)
            return status;
        if (error == AVERROR_EOF)
            return AUDIO_END;
        if (got && usable(a->frame)) {
            a->decoded = true;
            return AUDIO_ITEM;
        }
        if (got)
            error = AVERROR_INVALIDDATA;
        if (error < 0 && !pass_over(a, error))
            return AUDIO_END;
    }
}

/* ---- Resampling ------------------------------------------------------------------------------------------------------------ */

static bool resampler_takes(const struct audio_input *a, const AVFrame *frame)
{
    return a->resampler && frame->format == a->like->format && frame->sample_rate == a->like->sample_rate &&
           !av_channel_layout_compare(&frame->ch_layout, &a->like->ch_layout);
}

static int build_resampler(struct audio_input *a, const AVFrame *frame)
{
    AVChannelLayout in = {0};
    AVRational ratio; /* of the rates, in lowest terms: it may be one that is no rate */
    int64_t from = (int64_t)frame->sample_rate * a->speed.num, to = (int64_t)a->rate * a->speed.den;
    if (a->speed.num == a->speed.den)
        ratio = (AVRational){frame->sample_rate, a->rate};
    else
        av_reduce(&ratio.num, &ratio.den, from, to, INT32_MAX);
    a->resampler_rate = ratio.den;
    int error = av_channel_layout_copy(&in, &frame->ch_layout);
    if (error >= 0 && in.order == AV_CHANNEL_ORDER_UNSPEC)
        av_channel_layout_default(&in, in.nb_channels);
    if (error >= 0)
        error =
            swr_alloc_set_opts2(&a->resampler, &a->layout, AV_SAMPLE_FMT_FLT, ratio.den, &in, frame->format, ratio.num, 0, NULL);
    if (error >= 0)
        error = swr_init(a->resampler);
    av_channel_layout_uninit(&in);
    a->like->format = frame->format;
    a->like->sample_rate = frame->sample_rate;
    return error < 0 ? error : av_channel_layout_copy(&a->like->ch_layout, &frame->ch_layout);
}

/* frame NULL: what the resampler still holds. Samples, or an AVERROR. */
static int resample(struct audio_input *a, const AVFrame *frame)
{
    int room = swr_get_out_samples(a->resampler, frame ? frame->nb_samples : 0);
    if (room < 0)
        return AVERROR(ENOMEM);
    if (room > a->capacity) {
        float *samples = realloc(a->samples, (size_t)room * (size_t)a->layout.nb_channels * sizeof(float));
        if (!samples)
            return AVERROR(ENOMEM);
        a->samples = samples;
        a->capacity = room;
    }
    uint8_t *out = (uint8_t *)a->samples;
    return swr_convert(a->resampler, &out, a->capacity, frame ? (const uint8_t **)frame->extended_data : NULL,
                       frame ? frame->nb_samples : 0);
}

/* Times are rounded: up to 20 ms they are taken as a continuation. */
static void give(struct audio_input *a, struct audio_block *block, int64_t position, int count)
{
    if (a->expected != AV_NOPTS_VALUE && llabs(position - a->expected) < a->rate / 50)
        position = a->expected;
    *block = (struct audio_block){a->samples, count, position};
    a->expected = position + count;
}

static bool drain_resampler(struct audio_input *a, struct audio_block *block)
{
    const int count = a->resampler && a->expected != AV_NOPTS_VALUE ? resample(a, NULL) : 0;
    swr_free(&a->resampler);
    if (count > 0)
        give(a, block, a->expected, count);
    return count > 0;
}

static enum audio_status convert(struct audio_input *a, struct audio_block *block)
{
    const int64_t stamp = a->frame->best_effort_timestamp, time = repeats(a, stamp) ? AV_NOPTS_VALUE : stamp;
    int64_t position = a->expected == AV_NOPTS_VALUE ? 0 : a->expected;
    bool good = time == AV_NOPTS_VALUE || to_position(a, time, &position);
    if (time != AV_NOPTS_VALUE && good) /* what the resampler still holds comes first */
        position -= swr_get_delay(a->resampler, a->resampler_rate);
    int count = good ? resample(a, a->frame) : 0;
    av_frame_unref(a->frame);
    a->frame_waits = false;
    if (!good)
        skip(a, time, "its time is out of all bounds");
    if (count < 0)
        cannot(a, count);
    else if (count > 0)
        give(a, block, position, count);
    return count < 0 ? AUDIO_STOPPED : count > 0 ? AUDIO_ITEM : AUDIO_LATER;
}

enum audio_status pixfer_audio_input_block(struct audio_input *a, struct audio_block *block, size_t ahead)
{
    for (;;) {
        if (!a->frame_waits) {
            enum audio_status status = decode(a, ahead);
            if (status == AUDIO_END && drain_resampler(a, block))
                return AUDIO_ITEM;
            if (status != AUDIO_ITEM)
                return status;
            a->frame_waits = true;
        }
        if (!resampler_takes(a, a->frame)) {
            if (drain_resampler(a, block))
                return AUDIO_ITEM;
            int error = build_resampler(a, a->frame);
            if (error < 0) {
                cannot(a, error);
                return AUDIO_STOPPED;
            }
        }
        enum audio_status status = convert(a, block);
        if (status != AUDIO_LATER)
            return status;
    }
}
#endif

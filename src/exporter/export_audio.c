/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include <libavutil/channel_layout.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "export_audio.h"
#include "source/audio_input.h"

/* What of the video may wait in memory while its audio is looked for further behind: while frames come, before the first, and where the
 * export ends with the audio. */
static const size_t ahead_running = 8u << 20, ahead_opening = 32u << 20, ahead_shortest = 64u << 20;
static const double default_gap = 10;
enum { MOST_TAIL = 64 };

struct export_audio {
    struct pixfer_exporter *e;
    struct demuxer *own; /* of a file of its own; NULL: that of the frames */
    struct audio_input *in;
    char *name;
    size_t ahead;
    bool copying, ended, placed;
    int rate;
    AVRational unit; /* of the frames' times */
    double max_gap;
    int64_t offset, floor; /* of this pass: what is added to positions; where it begins in the export */
    struct audio_block block;
    bool block_waits;
    bool hole_reported;

    /* Copying: packets that wait until it is known whether the frames reach them. */
    AVPacket *tail[MOST_TAIL];
    unsigned tail_count;
    int64_t end; /* of the latest packet */
};

/* ---- Opening --------------------------------------------------------------------------------------------------------------- */

/* What MP4 holds as it is and players of MP4 know. */
static bool mp4_takes(enum AVCodecID codec)
{
    return codec == AV_CODEC_ID_AAC || codec == AV_CODEC_ID_MP3 || codec == AV_CODEC_ID_AC3 || codec == AV_CODEC_ID_EAC3 ||
           codec == AV_CODEC_ID_ALAC || codec == AV_CODEC_ID_OPUS;
}

static bool is_wanted_codec(const struct export_audio *x, const AVCodecParameters *par)
{
    const struct pixfer_exporter_params *p = &x->e->params;
    const AVCodec *codec = p->audio_codec ? avcodec_find_encoder_by_name(p->audio_codec) : NULL;
    return !p->audio_bitrate && (!p->audio_codec || (codec && codec->id == par->codec_id));
}

/* Of what lies before the first frame one packet is kept for decoders to warm up on; the edit list hides it. */
static enum audio_status next_packet(struct export_audio *x, AVPacket *packet, size_t ahead)
{
    enum audio_status status;
    while ((status = pixfer_audio_input_packet(x->in, packet, ahead)) == AUDIO_ITEM)
        if (packet->pts + 2 * packet->duration >= 0)
            break;
    return status;
}

/* The first packet is there before anything is written: only with it the file's header can say when the track begins and, for some codecs,
 * what it is. One that lies far behind the first frame is not waited for. */
static bool read_first_packet(struct export_audio *x)
{
    x->tail[0] = av_packet_alloc();
    if (x->tail[0] && next_packet(x, x->tail[0], ahead_opening) == AUDIO_ITEM) {
        x->tail_count = 1;
        x->end = x->tail[0]->pts + x->tail[0]->duration;
        return true;
    }
    av_packet_free(&x->tail[0]);
    return false;
}

static enum pixfer_result start_copying(struct export_audio *x)
{
    AVCodecParameters *par = avcodec_parameters_alloc();
    enum pixfer_result result = PIXFER_ERR_NO_MEMORY;
    if (!par || avcodec_parameters_copy(par, pixfer_audio_input_parameters(x->in)) < 0) {
        avcodec_parameters_free(&par);
        return pixfer_report_fail(&x->e->report, result, "audio: out of memory");
    }
    x->rate = par->sample_rate;
    if (par->frame_size <= 0) /* libavformat complains where it is not said */
        par->frame_size = (int)FFMIN(x->tail[0]->duration, INT16_MAX);
    pixfer_report_log(&x->e->report, PIXFER_LOG_DEBUG, "audio: %s copied as it is", avcodec_get_name(par->codec_id));
    result = pixfer_muxer_add_audio(&x->e->muxer, par, (AVRational){1, x->rate});
    avcodec_parameters_free(&par);
    return result;
}

static void describe_encoding(struct export_audio *x, const AVChannelLayout *in)
{
    const AVCodecContext *codec = pixfer_audio_codec(x->e->audio);
    char from[64] = "", to[64] = "";
    av_channel_layout_describe(in, from, sizeof(from));
    av_channel_layout_describe(&codec->ch_layout, to, sizeof(to));
    const char *name = avcodec_get_name(pixfer_audio_input_parameters(x->in)->codec_id);
    if (!strcmp(from, to))
        pixfer_report_log(&x->e->report, PIXFER_LOG_DEBUG, "audio: %s encoded as %s, %s at %d Hz", name,
                          avcodec_get_name(codec->codec_id), to, x->rate);
    else
        pixfer_report_log(&x->e->report, PIXFER_LOG_INFO, "audio: %s encoded as %s, %s made %s at %d Hz", name,
                          avcodec_get_name(codec->codec_id), from, to, x->rate);
}

static enum pixfer_result start_encoding(struct export_audio *x, AVRational speed)
{
    const struct pixfer_exporter_params *p = &x->e->params;
    AVChannelLayout layout = {0};
    struct audio_request request = {.codec = p->audio_codec, .bitrate = p->audio_bitrate, .layout = &layout, .adapt = true};
    enum pixfer_result result = pixfer_audio_input_decode(x->in, &request.sample_rate, &layout);
    if (result == PIXFER_OK)
        result = pixfer_exporter_open_audio(x->e, &request);
    if (result == PIXFER_OK) {
        x->rate = pixfer_audio_rate(x->e->audio);
        result = pixfer_audio_input_set_output(x->in, x->rate, &pixfer_audio_codec(x->e->audio)->ch_layout, speed);
        describe_encoding(x, &layout);
    }
    av_channel_layout_uninit(&layout);
    return result;
}

static enum pixfer_result open_own(struct export_audio *x, const struct export_audio_request *r)
{
    const struct demuxer_options options = {
        .name = r->input->audio, .stage = "audio", .audio = true, .max_gap = r->input->max_gap};
    return pixfer_demuxer_open(&x->own, &options, r->host, &x->e->report);
}

static enum pixfer_result start(struct export_audio *x, const struct export_audio_request *r)
{
    const struct pixfer_input *in = r->input;
    const bool whole = in->loop <= 1 && !in->first && !in->end && !in->fps_num && !x->own;
    const AVCodecParameters *par = pixfer_audio_input_parameters(x->in);
    if (!x->own)
        pixfer_audio_input_set_zero(x->in, r->zero, r->zero_unit);
    else if (pixfer_demuxer_context(x->own)->start_time != AV_NOPTS_VALUE)
        pixfer_audio_input_set_zero(x->in, pixfer_demuxer_context(x->own)->start_time, AV_TIME_BASE_Q);
    x->copying = whole && mp4_takes(par->codec_id) && is_wanted_codec(x, par) && pixfer_audio_input_can_copy(x->in) &&
                 read_first_packet(x);
    return x->copying ? start_copying(x) : start_encoding(x, x->own || r->speed.num <= 0 ? (AVRational){1, 1} : r->speed);
}

enum pixfer_result pixfer_export_audio_open(struct export_audio **out, struct pixfer_exporter *e,
                                            const struct export_audio_request *r)
{
    *out = NULL;
    if (r->input->no_audio || (!r->input->audio && (!r->demuxer || pixfer_demuxer_find(r->demuxer, AVMEDIA_TYPE_AUDIO) < 0)))
        return PIXFER_OK;
    struct export_audio *x = *out = calloc(1, sizeof(*x));
    if (!x || !(x->name = strdup(r->input->audio ? r->input->audio : r->input->name)))
        return pixfer_report_fail(&e->report, PIXFER_ERR_NO_MEMORY, "audio: out of memory");
    x->e = e;
    x->unit = r->unit;
    x->max_gap = r->input->max_gap > 0 ? r->input->max_gap : default_gap;
    x->ahead = r->input->shortest ? ahead_shortest : ahead_running;
    enum pixfer_result result = r->input->audio ? open_own(x, r) : PIXFER_OK;
    if (result == PIXFER_OK)
        result = pixfer_audio_input_open(&x->in, x->own ? x->own : r->demuxer, x->name, r->input->stop_on_error, &e->report);
    return result == PIXFER_OK ? start(x, r) : result;
}

void pixfer_export_audio_close(struct export_audio **audio)
{
    struct export_audio *x = *audio;
    if (!x)
        return;
    for (unsigned i = 0; i < x->tail_count; i++)
        av_packet_free(&x->tail[i]);
    pixfer_audio_input_close(&x->in);
    pixfer_demuxer_close(&x->own);
    free(x->name);
    free(x);
    *audio = NULL;
}

/* ---- Copying --------------------------------------------------------------------------------------------------------------- */

static int64_t to_samples(const struct export_audio *x, int64_t time)
{
    return av_rescale_q(time, x->unit, (AVRational){1, x->rate});
}

/* The first packet that waits goes, cut to what lies before `end`. */
static enum pixfer_result let_go(struct export_audio *x, int64_t end)
{
    AVPacket *packet = x->tail[0];
    memmove(x->tail, x->tail + 1, --x->tail_count * sizeof(*x->tail));
    if (packet->pts + packet->duration > end)
        packet->duration = FFMAX(1, end - packet->pts);
    return pixfer_exporter_packet(x->e, packet, (AVRational){1, x->rate});
}

static int64_t end_of_packet(const AVPacket *packet)
{
    return packet->pts + packet->duration;
}

static enum pixfer_result stopped(const struct export_audio *x)
{
    enum pixfer_result result = pixfer_report_result(&x->e->report);
    return result == PIXFER_OK ? PIXFER_ERR_CANCELLED : result;
}

/* One more packet waits. */
static enum pixfer_result await_packet(struct export_audio *x, size_t ahead, enum audio_status *status)
{
    AVPacket *packet = av_packet_alloc();
    if (!packet)
        return pixfer_report_fail(&x->e->report, PIXFER_ERR_NO_MEMORY, "audio: out of memory");
    *status = next_packet(x, packet, ahead);
    if (*status == AUDIO_ITEM) {
        x->tail[x->tail_count++] = packet;
        x->end = end_of_packet(packet);
        return PIXFER_OK;
    }
    av_packet_free(&packet);
    x->ended = *status == AUDIO_END;
    return *status == AUDIO_STOPPED ? stopped(x) : PIXFER_OK;
}

/* A packet goes once the frames have reached its end. */
static enum pixfer_result copy_until(struct export_audio *x, int64_t until, size_t ahead)
{
    enum pixfer_result result = PIXFER_OK;
    enum audio_status status = AUDIO_ITEM;
    while (result == PIXFER_OK && status == AUDIO_ITEM) {
        if (x->tail_count && end_of_packet(x->tail[0]) <= until)
            result = let_go(x, INT64_MAX);
        else if (x->tail_count || x->ended)
            break;
        else
            result = await_packet(x, ahead, &status);
    }
    return result;
}

/* Packets behind the last frame's end wait until there are enough of them to hold that frame for. */
static enum pixfer_result copy_rest(struct export_audio *x, int64_t enough)
{
    enum pixfer_result result = PIXFER_OK;
    enum audio_status status = x->ended ? AUDIO_END : AUDIO_ITEM;
    while (result == PIXFER_OK && status == AUDIO_ITEM && !pixfer_report_finishing(&x->e->report)) {
        result = await_packet(x, SIZE_MAX, &status);
        if (result == PIXFER_OK && x->tail_count == MOST_TAIL)
            result = let_go(x, INT64_MAX);
        while (result == PIXFER_OK && x->tail_count && x->end > enough)
            result = let_go(x, INT64_MAX);
    }
    while (result == PIXFER_OK && x->tail_count && x->end > enough)
        result = let_go(x, INT64_MAX);
    return result;
}

static enum pixfer_result finish_copying(struct export_audio *x, int64_t end, int64_t enough, bool hold, int64_t *reached)
{
    enum pixfer_result result = copy_until(x, end, SIZE_MAX);
    if (result == PIXFER_OK && hold)
        result = copy_rest(x, enough);
    *reached = x->end;
    if (x->end > enough && hold)
        return result;
    while (result == PIXFER_OK && x->tail_count && x->tail[0]->pts < end)
        result = let_go(x, end);
    return result;
}

/* ---- Encoding -------------------------------------------------------------------------------------------------------------- */

static void report_hole(struct export_audio *x, int64_t from, int64_t to)
{
    if (from == x->floor || to - from < x->rate / 10)
        return;
    pixfer_report_log(&x->e->report, x->hole_reported ? PIXFER_LOG_DEBUG : PIXFER_LOG_WARNING,
                      "audio: %s has none from %.3f s to %.3f s of the export: silence", x->name, (double)from / x->rate,
                      (double)to / x->rate);
    x->hole_reported = true;
}

static int64_t longest_hole(const struct export_audio *x)
{
    const double samples = x->max_gap * x->rate;
    return samples < 1e15 ? (int64_t)samples : INT64_C(1000000000000000);
}

/* A hole that no frames fill is closed to what the input may have at most. */
static void close_hole(struct export_audio *x)
{
    const int64_t from = FFMAX(pixfer_audio_written(x->e->audio), x->floor), position = x->block.position + x->offset;
    const int64_t surplus = position - from - longest_hole(x);
    if (surplus <= 0)
        return;
    pixfer_report_log(&x->e->report, PIXFER_LOG_WARNING, "audio: %s jumps by %.3f s at %.3f s of the export: closed to %.3f s",
                      x->name, (double)(position - from) / x->rate, (double)from / x->rate, x->max_gap);
    x->offset -= surplus;
}

/* Samples that belong at their position: what is before the ones delivered is cut, a hole is filled with silence. */
static enum pixfer_result deliver(struct export_audio *x)
{
    const struct audio_block *b = &x->block;
    const int64_t written = pixfer_audio_written(x->e->audio), from = FFMAX(written, x->floor);
    const int64_t position = b->position + x->offset, cut = FFMIN(FFMAX(from - position, 0), b->count);
    x->block_waits = false;
    if (cut == b->count)
        return PIXFER_OK;
    report_hole(x, from, position);
    enum pixfer_result result = PIXFER_OK;
    if (position + cut > written)
        result = pixfer_audio_push(x->e->audio, NULL, (size_t)(position + cut - written));
    const size_t channels = (size_t)pixfer_audio_codec(x->e->audio)->ch_layout.nb_channels;
    return result == PIXFER_OK ? pixfer_audio_push(x->e->audio, b->samples + (size_t)cut * channels, (size_t)(b->count - cut))
                               : result;
}

/* The next block waits; no more of them otherwise. */
static enum pixfer_result await_block(struct export_audio *x, size_t ahead, enum audio_status *status)
{
    *status = x->block_waits ? AUDIO_ITEM : x->ended ? AUDIO_END : pixfer_audio_input_block(x->in, &x->block, ahead);
    x->block_waits = *status == AUDIO_ITEM;
    x->ended = *status == AUDIO_END;
    return *status == AUDIO_STOPPED ? stopped(x) : PIXFER_OK;
}

static enum pixfer_result encode_until(struct export_audio *x, int64_t until, size_t ahead)
{
    enum pixfer_result result = PIXFER_OK;
    enum audio_status status = AUDIO_ITEM;
    while (result == PIXFER_OK && pixfer_audio_written(x->e->audio) < until) {
        result = await_block(x, ahead, &status);
        if (result != PIXFER_OK || status != AUDIO_ITEM)
            break;
        if (x->own)
            close_hole(x);
        else if (x->block.position + x->offset > until + longest_hole(x))
            break; /* the frames may get there */
        result = deliver(x);
    }
    return result;
}

/* Once there is enough behind the last frame to hold it for, the audio goes on its way: it may be hours. */
static enum pixfer_result encode_rest(struct export_audio *x, int64_t enough)
{
    enum pixfer_result result = PIXFER_OK;
    enum audio_status status = AUDIO_ITEM;
    while (result == PIXFER_OK && !pixfer_report_finishing(&x->e->report)) {
        result = await_block(x, SIZE_MAX, &status);
        if (result != PIXFER_OK || status != AUDIO_ITEM)
            break;
        close_hole(x);
        result = deliver(x);
        const int64_t written = pixfer_audio_written(x->e->audio);
        if (result == PIXFER_OK && written > enough)
            result = pixfer_audio_advance(x->e->audio, written);
    }
    return result;
}

/* ---- Beside the frames ----------------------------------------------------------------------------------------------------- */

enum pixfer_result pixfer_export_audio_skip(struct export_audio *x, int64_t until)
{
    enum pixfer_result result = PIXFER_OK;
    enum audio_status status = AUDIO_ITEM;
    if (!x || x->own || x->copying)
        return PIXFER_OK;
    while ((result = await_block(x, x->ahead, &status)) == PIXFER_OK && status == AUDIO_ITEM) {
        if (x->block.position + x->block.count > to_samples(x, until))
            break;
        x->block_waits = false;
    }
    return result;
}

enum pixfer_result pixfer_export_audio_place(struct export_audio *x, int64_t output, int64_t first)
{
    if (!x || (x->own && x->placed)) /* a file of its own goes on over all passes */
        return PIXFER_OK;
    x->placed = true;
    if (!x->own) {
        x->offset = to_samples(x, output);
        x->floor = to_samples(x, first);
    }
    if (!x->copying) /* what is left of the pass before gives way */
        pixfer_audio_truncate(x->e->audio, x->floor);
    return x->copying && x->tail_count ? let_go(x, INT64_MAX) : PIXFER_OK;
}

enum pixfer_result pixfer_export_audio_feed(struct export_audio *x, int64_t until)
{
    if (!x)
        return PIXFER_OK;
    return x->copying ? copy_until(x, to_samples(x, until), x->ahead) : encode_until(x, to_samples(x, until), x->ahead);
}

bool pixfer_export_audio_is_over(struct export_audio *x, int64_t time)
{
    return x && x->ended && !x->tail_count && (x->copying ? x->end : pixfer_audio_written(x->e->audio)) <= to_samples(x, time);
}

enum pixfer_result pixfer_export_audio_end_pass(struct export_audio *x, int64_t end)
{
    return x && !x->own ? encode_until(x, to_samples(x, end), SIZE_MAX) : PIXFER_OK;
}

enum pixfer_result pixfer_export_audio_restart(struct export_audio *x)
{
    if (!x || x->own)
        return PIXFER_OK;
    x->ended = x->block_waits = false;
    return pixfer_audio_input_restart(x->in);
}

/* ---- The end --------------------------------------------------------------------------------------------------------------- */

static void report_end(struct export_audio *x, int64_t audio, int64_t frames)
{
    if (frames - audio > x->rate / 10)
        pixfer_report_log(&x->e->report, PIXFER_LOG_INFO, "audio: %s ends at %.3f s, %s %.3f s", x->name, (double)audio / x->rate,
                          x->copying ? "the frames at" : "silence follows to", (double)frames / x->rate);
}

enum pixfer_result pixfer_export_audio_finish(struct export_audio *x, int64_t end, bool hold)
{
    if (!x)
        return PIXFER_OK;
    /* Less than a frame, or a tenth of a second, is what encoders add to fill their last packet. */
    const int64_t frames = to_samples(x, end), frame = av_rescale_q(1, av_inv_q(x->e->fps), (AVRational){1, x->rate});
    const int64_t enough = frames + FFMIN(frame, x->rate / 10);
    int64_t reached = 0;
    enum pixfer_result result;
    if (x->copying) {
        result = finish_copying(x, frames, enough, hold, &reached);
    } else {
        result = encode_until(x, frames, SIZE_MAX);
        if (result == PIXFER_OK && hold)
            result = encode_rest(x, enough);
        reached = pixfer_audio_written(x->e->audio);
    }
    if (result == PIXFER_OK && hold && reached > enough)
        pixfer_exporter_hold(x->e, reached, x->rate);
    else if (result == PIXFER_OK)
        report_end(x, reached, frames);
    return result;
}

const char *pixfer_export_audio_damage(const struct export_audio *x, uint64_t *skipped)
{
    *skipped = x ? pixfer_audio_input_damage(x->in)->skipped : 0;
    return x ? pixfer_audio_input_damage(x->in)->line : "";
}
#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include <libavutil/common.h>
#include <libavutil/imgutils.h>
#include <libavutil/mathematics.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../core/sized.h"
#include "exporter.h"
#include "samples.h"

enum { MAX_SIDE = 16384, MAX_AUDIO_BITRATE = 10000000 };

/* ---- Opening --------------------------------------------------------------------------------------------------------------- */

static enum pixfer_result check_presentation(struct pixfer_exporter *e)
{
    const struct pixfer_exporter_params *p = &e->params;
    if (p->rotation % 90 || p->rotation > 270)
        return pixfer_report_fail(&e->report, PIXFER_ERR_INVALID, "export: rotation is %u, expected 0, 90, 180 or 270",
                                  p->rotation);
    if (!p->sample_aspect_num != !p->sample_aspect_den || p->sample_aspect_num > INT32_MAX || p->sample_aspect_den > INT32_MAX)
        return pixfer_report_fail(&e->report, PIXFER_ERR_INVALID,
                                  "export: sample aspect is %u/%u, expected both above 0 or both 0", p->sample_aspect_num,
                                  p->sample_aspect_den);
    if (p->gop > INT32_MAX / 2)
        return pixfer_report_fail(&e->report, PIXFER_ERR_INVALID, "export: gop is %u, expected at most %d", p->gop,
                                  INT32_MAX / 2);
    if (p->metadata_count && !p->metadata)
        return pixfer_report_fail(&e->report, PIXFER_ERR_INVALID, "export: metadata is NULL, expected %zu lines",
                                  p->metadata_count);
    for (size_t i = 0; i < p->metadata_count; i++)
        if (!p->metadata[i].key || !*p->metadata[i].key || !p->metadata[i].value)
            return pixfer_report_fail(&e->report, PIXFER_ERR_INVALID, "export: metadata %zu has no key or no value", i);
    return PIXFER_OK;
}

static enum pixfer_result check_params(struct pixfer_exporter *e)
{
    struct pixfer_exporter_params *p = &e->params;
    if (!p->width || !p->height || p->width > MAX_SIDE || p->height > MAX_SIDE)
        return pixfer_report_fail(&e->report, PIXFER_ERR_INVALID, "export: size is %ux%u, expected 1x1 to %dx%d", p->width,
                                  p->height, MAX_SIDE, MAX_SIDE);
    if (!p->fps_num || p->fps_num > INT32_MAX || p->fps_den > INT32_MAX)
        return pixfer_report_fail(&e->report, PIXFER_ERR_INVALID, "export: frame rate is %u/%u, expected more than 0", p->fps_num,
                                  p->fps_den);
    if (!p->time_base_num != !p->time_base_den || p->time_base_num > INT32_MAX || p->time_base_den > INT32_MAX)
        return pixfer_report_fail(&e->report, PIXFER_ERR_INVALID, "export: time base is %u/%u, expected both above 0 or both 0",
                                  p->time_base_num, p->time_base_den);
    if (p->rate < PIXFER_RATE_DEFAULT || p->rate > PIXFER_RATE_BITS_PER_PIXEL)
        return pixfer_report_fail(&e->report, PIXFER_ERR_INVALID, "export: rate is %d, expected a pixfer_rate", (int)p->rate);
    if (p->rate == PIXFER_RATE_CRF && !(p->rate_value >= 0 && p->rate_value <= 51))
        return pixfer_report_fail(&e->report, PIXFER_ERR_INVALID, "export: crf is %g, expected 0 to 51", p->rate_value);
    if (p->rate == PIXFER_RATE_BITRATE && !(p->rate_value >= 1000 && p->rate_value < 1e12)) /* encoders count in thousands */
        return pixfer_report_fail(&e->report, PIXFER_ERR_INVALID, "export: bit rate is %g, expected 1000 to 1e12", p->rate_value);
    if (p->rate == PIXFER_RATE_BITS_PER_PIXEL && !(p->rate_value > 0 && p->rate_value <= 100))
        return pixfer_report_fail(&e->report, PIXFER_ERR_INVALID, "export: %g bits per pixel, expected more than 0, 100 at most",
                                  p->rate_value);
    if (p->primaries < 0 || p->primaries > 22 || p->transfer < 0 || p->transfer > 18)
        return pixfer_report_fail(&e->report, PIXFER_ERR_INVALID,
                                  "export: primaries %d, transfer %d, expected H.273 numbers, 0 to 22 and 0 to 18", p->primaries,
                                  p->transfer);
    if ((unsigned)p->codec > PIXFER_CODEC_AV1)
        return pixfer_report_fail(&e->report, PIXFER_ERR_INVALID, "export: codec is %d, expected a number of enum pixfer_codec",
                                  (int)p->codec);
    if ((unsigned)p->alpha > PIXFER_ALPHA_COMPOSE || p->background > 0xffffff)
        return pixfer_report_fail(&e->report, PIXFER_ERR_INVALID,
                                  "export: alpha is %d over %#x, expected a pixfer_alpha over 0 to 0xffffff", (int)p->alpha,
                                  p->background);
    if (p->measure_light && (p->write || e->part.seal))
        return pixfer_report_fail(&e->report, PIXFER_ERR_UNSUPPORTED,
                                  "export: light is measured for a file's header, expected a file, not a stream or a segment");
    if (p->chroma && p->chroma != 420 && p->chroma != 444)
        return pixfer_report_fail(&e->report, PIXFER_ERR_INVALID, "export: chroma is %u, expected 420 or 444", p->chroma);
    if (p->depth && p->depth != 8 && p->depth != 10)
        return pixfer_report_fail(&e->report, PIXFER_ERR_INVALID, "export: depth is %u bits, expected 8 or 10", p->depth);
    if (!p->sample_rate != !p->channels || p->channels > 8 || p->sample_rate > 768000)
        return pixfer_report_fail(&e->report, PIXFER_ERR_INVALID,
                                  "export: audio is %u channels at %u Hz, expected 1 to 8 channels", p->channels, p->sample_rate);
    if (p->audio_bitrate && (p->audio_bitrate < 1000 || p->audio_bitrate > MAX_AUDIO_BITRATE))
        return pixfer_report_fail(&e->report, PIXFER_ERR_INVALID, "export: audio bit rate is %u, expected 1000 to %d",
                                  p->audio_bitrate, MAX_AUDIO_BITRATE);
    return check_presentation(e);
}

static enum pixfer_result take_times(struct pixfer_exporter *e)
{
    struct pixfer_exporter_params *p = &e->params;
    e->fps = (AVRational){(int)p->fps_num, (int)p->fps_den};
    pixfer_clock_init(&e->clock, p->time_base_num ? (AVRational){(int)p->time_base_num, (int)p->time_base_den} : av_inv_q(e->fps),
                      p->keep_start);
    e->time_base = e->clock.unit;
    e->frame_duration = FFMAX(av_rescale_q(1, av_inv_q(e->fps), e->time_base), 1);
    if (e->frame_duration <= pixfer_clock_limit(&e->clock, 1))
        return PIXFER_OK;
    return pixfer_report_fail(&e->report, PIXFER_ERR_INVALID,
                              "export: frames of %u/%u a second with time base %u/%u last longer than the %.0f s that MP4 holds",
                              p->fps_num, p->fps_den, p->time_base_num, p->time_base_den,
                              (double)pixfer_clock_limit(&e->clock, 1) * av_q2d(e->time_base));
}

static enum pixfer_result open_encoder(struct pixfer_exporter *e)
{
    const struct pixfer_exporter_params *p = &e->params;
    if (av_image_check_size(p->width + (p->width & 1), p->height + (p->height & 1), AV_LOG_MAX_OFFSET, NULL) < 0)
        return pixfer_report_fail(&e->report, PIXFER_ERR_UNSUPPORTED,
                                  "encoder: frames are %ux%u, expected at most 16255x16255 pixels, as far as libavcodec counts",
                                  p->width, p->height);
    struct samples samples;
    enum pixfer_result result = pixfer_samples_choose(&samples, p, &e->tags, &e->report);
    if (result != PIXFER_OK)
        return result;
    struct encoder_request request = {.name = p->encoder,
                                      .portable = e->part.portable,
                                      .preset = p->preset,
                                      .rate = p->rate,
                                      .rate_value = p->rate_value,
                                      .threads = p->encoder_threads,
                                      .gop = (int)p->gop,
                                      .width = (int)(p->width + (p->width & 1)),
                                      .height = (int)(p->height + (p->height & 1)),
                                      .true_width = (int)p->width,
                                      .true_height = (int)p->height,
                                      .fps = e->fps,
                                      .time_base = e->time_base,
                                      .sample_aspect = {(int)p->sample_aspect_num, (int)p->sample_aspect_den},
                                      .tags = e->tags,
                                      .light = e->light,
                                      .wanted = p->format == PIXFER_FORMAT_I420 ? AV_PIX_FMT_YUV420P : AV_PIX_FMT_NV12,
                                      .codec = p->codec ? samples.codec : AV_CODEC_ID_NONE,
                                      .deep = samples.deep,
                                      .full = samples.full};
    return pixfer_encoder_open(&e->encoder, &request, &e->report);
}

/* One line that tells what is made of what by what. */
static void report_output(struct pixfer_exporter *e)
{
    char colour[200], audio[80] = "";
    const bool joined = e->part.feed != NULL;
    pixfer_tags_describe(&e->tags, colour, sizeof(colour));
    if (e->muxer.track_count > 1)
        snprintf(audio, sizeof(audio), "; audio %s%s", avcodec_get_name(e->muxer.tracks[1].par->codec_id),
                 e->audio ? "" : ", copied");
    if (joined)
        pixfer_report_log(&e->report, PIXFER_LOG_INFO, "output %s: %ux%u, %.6g fps, %s; joined from segments of %s%s",
                          e->muxer.path, e->params.width, e->params.height, av_q2d(e->fps), colour, e->part.feed->encoder, audio);
    else
        pixfer_report_log(&e->report, PIXFER_LOG_INFO, "output %s: %ux%u, %.6g fps, %s; encoder %s%s: %s; converter %s%s",
                          e->muxer.path, e->params.width, e->params.height, av_q2d(e->fps), colour, e->encoder.codec->codec->name,
                          e->encoder.family->hardware ? " (hardware)" : "", e->encoder.settings.text, e->stage.described, audio);
}

/* Most decoders of H.264 crop to what the container says; those of HEVC do not. */
static void report_padding(struct pixfer_exporter *e)
{
    const struct pixfer_exporter_params *p = &e->params;
    const AVCodecContext *codec = e->encoder.codec;
    if (!e->part.feed && codec->codec_id != AV_CODEC_ID_H264 &&
        (codec->width != (int)p->width || codec->height != (int)p->height))
        pixfer_report_log(&e->report, PIXFER_LOG_INFO,
                          "output: %s of 4:2:0 has even sizes only: players may show %dx%d, the edge repeated",
                          codec->codec->name, codec->width, codec->height);
}

/* What the parameters say comes on top of what the input says. */
enum pixfer_result pixfer_exporter_present(struct pixfer_exporter *e, const struct presentation *input)
{
    const struct pixfer_exporter_params *p = &e->params;
    struct presentation own = {0};
    int error = input ? pixfer_presentation_copy(&own, input) : 0;
    for (size_t i = 0; i < p->metadata_count && error >= 0; i++)
        error = av_dict_set(&own.metadata, p->metadata[i].key, p->metadata[i].value, 0);
    if (p->rotation) {
        own.rotation = p->rotation;
        own.mirrored = false;
    }
    own.light = e->light;
    if (p->sample_aspect_num)
        own.sample_aspect = (AVRational){(int)p->sample_aspect_num, (int)p->sample_aspect_den};
    enum pixfer_result result =
        error < 0 ? pixfer_report_fail(&e->report, PIXFER_ERR_NO_MEMORY, "output: metadata: %s", pixfer_av_error(error))
                  : pixfer_muxer_present(&e->muxer, &own);
    pixfer_presentation_free(&own);
    return result;
}

struct pixfer_exporter *pixfer_exporter_create(const struct pixfer_exporter_params *params)
{
    struct pixfer_exporter *e = calloc(1, sizeof(*e));
    if (!e)
        return NULL;
    pixfer_sized_read(&e->params, sizeof(e->params), params);
    pixfer_report_init(&e->report, e->params.log, e->params.log_opaque);
    pixfer_lock_init(&e->clock_mutex);
    pixfer_lock_init(&e->ended_mutex);
    pixfer_condition_init(&e->ended);
    atomic_init(&e->references, 1);
    e->owner = pixfer_process();
    e->start = e->last_tick = pixfer_now();
    e->cpu_start = pixfer_cpu_time();
    return e;
}

static enum pixfer_result open_converter(struct pixfer_exporter *e, const struct tags *tags)
{
    if (!e->params.fps_den)
        e->params.fps_den = 1;
    enum pixfer_result result = pixfer_report_result(&e->report); /* the environment's part of the parameters */
    if (result == PIXFER_OK)
        result = check_params(e);
    if (result == PIXFER_OK)
        result = take_times(e);
    if (e->params.color.matrix == PIXFER_MATRIX_DEFAULT && pixfer_tags_is_hdr(e->params.transfer))
        e->params.color.matrix = PIXFER_MATRIX_BT2020_NCL;
    e->params.color.siting = pixfer_stage_siting(&e->params);
    e->tags = pixfer_tags_make(&e->params.color, e->params.primaries, e->params.transfer);
    if (tags)
        e->tags = pixfer_tags_over(tags, e->params.primaries, e->params.transfer);
    if (e->params.chroma == 444)
        e->tags.location = AVCHROMA_LOC_UNSPECIFIED; /* every pixel has its own */
    if (result == PIXFER_OK)
        result = pixfer_samples_light(&e->light, &e->params, &e->tags, &e->report);
    if (result == PIXFER_OK && !e->part.feed)
        result = pixfer_stage_open(&e->stage, &e->params, &e->report);
    e->stage.alpha.on = e->stage.alpha.on && !e->opaque;
    return result;
}

static enum pixfer_result connect_encoder(struct pixfer_exporter *e)
{
    if (e->part.feed) {
        e->clock.reordering = e->part.feed->reordering;
        return PIXFER_OK;
    }
    enum pixfer_result result = open_encoder(e);
    if (result != PIXFER_OK)
        return result;
    const AVCodecContext *codec = e->encoder.codec;
    e->clock.reordering = codec->has_b_frames ? codec->max_b_frames + codec->has_b_frames : 1;
    return pixfer_stage_set_target(&e->stage, &e->params, &e->encoder.frames);
}

enum pixfer_result pixfer_exporter_resolve(struct pixfer_exporter *e, const struct tags *tags)
{
    enum pixfer_result result = open_converter(e, tags);
    return result == PIXFER_OK ? connect_encoder(e) : result;
}

static enum pixfer_result add_video(struct pixfer_exporter *e)
{
    const struct pixfer_exporter_params *p = &e->params;
    if (e->part.feed)
        return pixfer_muxer_add_packets(&e->muxer, e->part.feed->par, e->time_base, e->fps);
    return pixfer_muxer_add_video(&e->muxer, e->encoder.codec, p->width, p->height,
                                  strcmp(e->encoder.codec->codec->name, "libx264") != 0);
}

enum pixfer_result pixfer_exporter_prepare(struct pixfer_exporter *e, const char *path, const struct tags *tags)
{
    const struct muxer_target target = {.path = path,
                                        .part = e->part.part_name,
                                        .final = e->part.final_suffix,
                                        .overwrite = e->params.overwrite,
                                        .write = e->params.write,
                                        .opaque = e->params.write_opaque,
                                        .seal = e->part.seal};
    enum pixfer_result result = open_converter(e, tags);
    if (result == PIXFER_OK)
        result = pixfer_muxer_open(&e->muxer, &target, &e->report);
    if (result == PIXFER_OK)
        result = connect_encoder(e);
    if (result == PIXFER_OK)
        result = pixfer_muxer_create(&e->muxer);
    return result == PIXFER_OK ? add_video(e) : result;
}

enum pixfer_result pixfer_exporter_start(struct pixfer_exporter *e)
{
    report_output(e);
    report_padding(e);
    enum pixfer_result result = pixfer_pipeline_start(e);
    e->opened = result == PIXFER_OK;
    return result;
}

static enum pixfer_result check_call(struct pixfer_exporter *e, const char *path)
{
    const size_t least = offsetof(struct pixfer_exporter_params, fps_den);
    if (e->params.struct_size < least)
        return pixfer_report_fail(&e->report, PIXFER_ERR_INVALID,
                                  "export: params.struct_size is %zu, expected at least %zu: use PIXFER_EXPORTER_PARAMS",
                                  e->params.struct_size, least);
    if (!e->params.write && (!path || !*path))
        return pixfer_report_fail(&e->report, PIXFER_ERR_INVALID, "export: path is %s, expected a file name or params.write",
                                  path ? "empty" : "NULL");
    return PIXFER_OK;
}

/* Of a segment, the name of its file and the seal are copied: the plan's call ends long before the export. */
static enum pixfer_result take_part(struct pixfer_exporter *e, const struct export_part *part)
{
    if (!part)
        return PIXFER_OK;
    e->part = *part;
    e->own_seal = *part->seal;
    e->part.seal = &e->own_seal;
    e->part.part_name = e->own_part_name = strdup(part->part_name);
    return e->own_part_name ? PIXFER_OK : pixfer_report_fail(&e->report, PIXFER_ERR_NO_MEMORY, "export: out of memory");
}

enum pixfer_result pixfer_exporter_open(struct pixfer_exporter **out, const char *path,
                                        const struct pixfer_exporter_params *params)
{
    return pixfer_exporter_open_part(out, path, params, NULL);
}

enum pixfer_result pixfer_exporter_open_part(struct pixfer_exporter **out, const char *path,
                                             const struct pixfer_exporter_params *params, const struct export_part *part)
{
    if (!out)
        return PIXFER_ERR_INVALID;
    *out = NULL;
    if (!params)
        return PIXFER_ERR_INVALID;
    struct pixfer_exporter *e = *out = pixfer_exporter_create(params);
    if (!e)
        return PIXFER_ERR_NO_MEMORY;
    enum pixfer_result result = check_call(e, path);
    if (result == PIXFER_OK)
        result = take_part(e, part);
    if (result == PIXFER_OK)
        result = pixfer_exporter_prepare(e, path, NULL);
    if (result == PIXFER_OK)
        result = pixfer_exporter_present(e, NULL);
    if (result == PIXFER_OK && e->params.sample_rate)
        result = pixfer_exporter_open_pushed_audio(e);
    if (result == PIXFER_OK)
        result = pixfer_exporter_start(e);
    pixfer_report_flush(&e->report, "%s", "");
    if (e->params.error && e->params.error_size)
        snprintf(e->params.error, e->params.error_size, "%s", pixfer_report_error(&e->report));
    if (result != PIXFER_OK)
        pixfer_exporter_close(out);
    return result;
}

static bool tick_encode(void *opaque)
{
    return pixfer_exporter_tick(opaque, "encode");
}

static bool tick_finalise(void *opaque)
{
    return pixfer_exporter_tick(opaque, "finalise");
}

/* ---- Frames in ------------------------------------------------------------------------------------------------------------- */

AVFrame *pixfer_exporter_acquire(struct pixfer_exporter *e)
{
    AVFrame *frame = pixfer_frame_pool_get(&e->encoder.frames);
    if (!frame)
        pixfer_report_fail(&e->report, PIXFER_ERR_NO_MEMORY, "convert: no memory for a frame of %zu bytes",
                           e->encoder.frames.bytes);
    return frame;
}

/* An encoder takes the frame; what feeds packets in its place only its times, and there is no frame. */
static enum pixfer_result hand_over(struct pixfer_exporter *e, AVFrame *frame, int64_t time, int64_t duration)
{
    if (e->part.feed)
        return e->part.feed->frame(e->part.feed->opaque, time, duration);
    frame->pts = time;
    FRAME_DURATION(frame) = duration;
    pixfer_tags_to_frame(&e->tags, frame);
    if (pixfer_light_to_frame(&e->light, frame) < 0) {
        av_frame_free(&frame);
        return pixfer_report_fail(&e->report, PIXFER_ERR_NO_MEMORY, "export: out of memory");
    }
    if (!pixfer_queue_push(&e->frames, frame, e->encoder.frames.bytes, tick_encode, e)) {
        av_frame_free(&frame);
        enum pixfer_result result = pixfer_report_result(&e->report);
        return result == PIXFER_OK ? PIXFER_ERR_CANCELLED : result;
    }
    return PIXFER_OK;
}

enum pixfer_result pixfer_exporter_submit(struct pixfer_exporter *e, AVFrame *frame, int64_t time, int64_t duration)
{
    enum pixfer_result result = hand_over(e, frame, time, duration);
    if (result != PIXFER_OK)
        return result;
    e->end_pts = time + duration;
    e->pushed++;
    if (!pixfer_exporter_tick(e, "encode"))
        return pixfer_report_result(&e->report);
    return pixfer_exporter_advance_audio(e);
}

enum pixfer_result pixfer_exporter_deliver(struct pixfer_exporter *e, AVFrame *frame, int64_t pts, int64_t duration)
{
    struct clock *c = &e->clock;
    struct clock_refusal why;
    int64_t time = av_rescale_q(pts, c->given, c->unit), length = av_rescale_q(duration, c->given, c->unit);
    int64_t before = pixfer_clock_latest(c);
    if (c->count && time <= before && pts > c->last)
        time = before + 1; /* finer than the file can tell */
    if (!pixfer_clock_fits(c, time, &why)) {
        av_frame_free(&frame);
        return pixfer_report_fail(&e->report, PIXFER_ERR_UNSUPPORTED, "export: frame %llu is %s", (unsigned long long)e->pushed,
                                  why.text);
    }
    length = FFMAX(1, FFMIN(length, pixfer_clock_limit(c, 1)));
    pixfer_clock_take(c, pts, time);
    return pixfer_exporter_submit(e, frame, time, length);
}

enum pixfer_result pixfer_exporter_lead_in(struct pixfer_exporter *e, AVFrame *frame, uint64_t before)
{
    return hand_over(e, frame, -(int64_t)before * e->frame_duration, e->frame_duration);
}

enum pixfer_result pixfer_exporter_look_ahead(struct pixfer_exporter *e, AVFrame *frame, int64_t pts, int64_t duration)
{
    const struct clock *c = &e->clock;
    return hand_over(e, frame, av_rescale_q(pts, c->given, c->unit), FFMAX(1, av_rescale_q(duration, c->given, c->unit)));
}

enum pixfer_result pixfer_exporter_send(struct pixfer_exporter *e, AVPacket *packet)
{
    const int64_t end = packet->pts + packet->duration;
    packet->stream_index = 0;
    packet->time_base = e->time_base;
    if (!pixfer_queue_push(&e->packets, packet, (size_t)packet->size, tick_encode, e)) {
        av_packet_free(&packet);
        enum pixfer_result result = pixfer_report_result(&e->report);
        return result == PIXFER_OK ? PIXFER_ERR_CANCELLED : result;
    }
    atomic_fetch_add(&e->encoded, 1);
    if (end > atomic_load(&e->media_end))
        atomic_store(&e->media_end, end);
    return PIXFER_OK;
}

enum pixfer_result pixfer_exporter_packet(struct pixfer_exporter *e, AVPacket *packet, AVRational unit)
{
    packet->stream_index = 1;
    packet->time_base = unit;
    if (pixfer_queue_push(&e->packets, packet, (size_t)packet->size, tick_encode, e))
        return PIXFER_OK;
    av_packet_free(&packet);
    enum pixfer_result result = pixfer_report_result(&e->report);
    return result == PIXFER_OK ? PIXFER_ERR_CANCELLED : result;
}

/* ---- The end --------------------------------------------------------------------------------------------------------------- */

/* Known when all frames have come: the encoder could not say it, and the file's header can. */
static void take_measured_light(struct pixfer_exporter *e)
{
    struct light *light = &e->muxer.presentation.light;
    if (!e->stage.meter)
        return;
    light->levelled = true;
    pixfer_light_meter_read(e->stage.meter, &light->cll, &light->fall);
    pixfer_report_log(&e->report, PIXFER_LOG_INFO, "light measured: MaxCLL %u, MaxFALL %u cd/m2", light->cll, light->fall);
}

/* Everything up to the complete file, which OK says is there. */
static enum pixfer_result write_all(struct pixfer_exporter *e)
{
    bool drop = pixfer_report_stopped(&e->report);
    enum pixfer_result result = PIXFER_OK;
    if (!drop && !e->pushed)
        result = pixfer_report_finishing(&e->report)
                     ? PIXFER_ERR_CANCELLED
                     : pixfer_report_fail(&e->report, PIXFER_ERR_INVALID, "export: no frame came, expected at least one");
    if (!drop && result == PIXFER_OK && e->part.frames && e->pushed != e->part.frames)
        result =
            pixfer_report_finishing(&e->report)
                ? PIXFER_ERR_CANCELLED
                : pixfer_report_fail(&e->report, PIXFER_ERR_INVALID, "export: %llu frames came, expected %llu: %llu to %llu",
                                     (unsigned long long)e->pushed, (unsigned long long)e->part.frames,
                                     (unsigned long long)e->part.first, (unsigned long long)(e->part.first + e->part.frames - 1));
    if (!drop && result == PIXFER_OK)
        result = pixfer_exporter_finish_audio(e);
    pixfer_pipeline_stop(e, drop || result != PIXFER_OK);
    if (result != PIXFER_OK)
        return result;
    if (atomic_load(&e->encoded) < e->pushed && pixfer_report_result(&e->report) == PIXFER_OK)
        pixfer_report_log(&e->report, PIXFER_LOG_WARNING, "encode: %s gave %llu packets for %llu frames", e->encoder.name,
                          (unsigned long long)atomic_load(&e->encoded), (unsigned long long)e->pushed);
    if (!pixfer_exporter_tick(e, "finalise"))
        return pixfer_report_result(&e->report);
    take_measured_light(e);
    double start = pixfer_now();
    result = pixfer_muxer_finalise(&e->muxer, tick_finalise, e);
    e->mux_s += pixfer_now() - start;
    return result;
}

static enum pixfer_result complete(struct pixfer_exporter *e)
{
    enum pixfer_result result = write_all(e);
    e->complete = result == PIXFER_OK;
    if (!e->complete)
        return result;
    /* FINISH got what it asked for, and the callback is told that it was not the end of the input. What came after that is too late. */
    return atomic_load(&e->report.stop) == STOP_NONE ? PIXFER_OK : PIXFER_ERR_CANCELLED;
}

/* What becomes of an export that is not complete, and the line that says so. */
static void settle(struct pixfer_exporter *e)
{
    char kept[256];
    if (atomic_load(&e->report.stop) < STOP_CANCEL && !e->part.keep_nothing)
        e->stats.part_frames = pixfer_muxer_keep_part(&e->muxer);
    e->stats.part_kept = e->stats.part_frames > 0;
    pixfer_report_flush(&e->report, "; %s", pixfer_muxer_describe_part(&e->muxer, kept, sizeof(kept)));
}

enum pixfer_result pixfer_exporter_finish(struct pixfer_exporter *e, struct pixfer_exporter_stats *stats)
{
    if (!e || !pixfer_exporter_enter(e, "finish"))
        return PIXFER_ERR_INVALID;
    atomic_store(&e->finished, true);
    enum pixfer_result result = complete(e);
    if (!e->complete)
        settle(e);
    pixfer_stats_fill(e, &e->stats);
    if (stats)
        pixfer_sized_write(stats, &e->stats, sizeof(e->stats), PIXFER_STATS_0_2_0);
    return pixfer_exporter_leave(e, result);
}

void pixfer_exporter_cancel(struct pixfer_exporter *e)
{
    if (!e || !pixfer_exporter_is_ours(e, "cancel"))
        return;
    pixfer_report_stop(&e->report, STOP_CANCEL);
    pixfer_queue_close(&e->frames);
    pixfer_queue_close(&e->packets);
    pixfer_queue_close(&e->done);
}

const char *pixfer_exporter_error(struct pixfer_exporter *e)
{
    return e ? pixfer_report_error(&e->report) : "";
}

void pixfer_exporter_release(struct pixfer_exporter *e)
{
    if (atomic_fetch_sub(&e->references, 1) > 1)
        return;
    pixfer_encoder_close(&e->encoder);
    if (e->queues_ready) {
        pixfer_queue_free(&e->frames);
        pixfer_queue_free(&e->packets);
        pixfer_queue_free(&e->done);
    }
    pixfer_lock_destroy(&e->clock_mutex);
    pixfer_lock_destroy(&e->ended_mutex);
    pixfer_condition_destroy(&e->ended);
    pixfer_report_free(&e->report);
    free(e);
}

void pixfer_exporter_close(struct pixfer_exporter **exporter)
{
    if (!exporter || !*exporter)
        return;
    struct pixfer_exporter *e = *exporter;
    *exporter = NULL;
    if (!pixfer_exporter_is_ours(e, NULL))
        return; /* threads that do not run here may hold any of it: it goes with the process */
    pixfer_pipeline_stop(e, true);
    if (e->opened && !atomic_load(&e->finished) && atomic_load(&e->report.failed) && !e->part.keep_nothing)
        settle(e); /* a program that gives up at an error keeps as much as one that finishes */
    if (!e->complete && !e->stats.part_kept)
        pixfer_muxer_discard(&e->muxer);
    pixfer_audio_close(&e->audio);
    pixfer_stage_close(&e->stage);
    pixfer_vulkan_frames_detach(e);
    pixfer_muxer_close(&e->muxer);
    free(e->own_part_name);
    pixfer_report_mute(&e->report);
    pixfer_exporter_release(e);
}
#endif

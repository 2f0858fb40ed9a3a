/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exporter.h"

enum { MAX_SIDE = 16384 };

/* ---- Opening --------------------------------------------------------------------------------------------------------------- */

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
    if (p->rate > PIXFER_RATE_CRF && !(p->rate_value > 0 && p->rate_value < 1e12))
        return pixfer_report_fail(&e->report, PIXFER_ERR_INVALID, "export: bit rate is %g, expected more than 0", p->rate_value);
    if (!p->sample_rate != !p->channels || p->channels > 8 || p->sample_rate > 768000)
        return pixfer_report_fail(&e->report, PIXFER_ERR_INVALID,
                                  "export: audio is %u channels at %u Hz, expected 1 to 8 channels", p->channels, p->sample_rate);
    return PIXFER_OK;
}

static void take_times(struct pixfer_exporter *e)
{
    struct pixfer_exporter_params *p = &e->params;
    e->fps = (AVRational){(int)p->fps_num, (int)p->fps_den};
    e->time_base = p->time_base_num ? (AVRational){(int)p->time_base_num, (int)p->time_base_den} : av_inv_q(e->fps);
}

static enum pixfer_result open_encoder(struct pixfer_exporter *e)
{
    const struct pixfer_exporter_params *p = &e->params;
    struct encoder_request request = {.name = p->encoder,
                                      .preset = p->preset,
                                      .rate = p->rate,
                                      .rate_value = p->rate_value,
                                      .threads = p->encoder_threads,
                                      .width = (int)(p->width + (p->width & 1)),
                                      .height = (int)(p->height + (p->height & 1)),
                                      .fps = e->fps,
                                      .time_base = e->time_base,
                                      .tags = e->tags,
                                      .wanted = p->format == PIXFER_FORMAT_I420 ? AV_PIX_FMT_YUV420P : AV_PIX_FMT_NV12};
    return pixfer_encoder_open(&e->encoder, &request, &e->report);
}

static void report_output(struct pixfer_exporter *e)
{
    char colour[200];
    pixfer_tags_describe(&e->tags, colour, sizeof(colour));
    pixfer_report_log(&e->report, PIXFER_LOG_INFO, "output %s: %ux%u, %.6g fps, %s", e->muxer.path, e->params.width,
                      e->params.height, av_q2d(e->fps), colour);
}

struct pixfer_exporter *pixfer_exporter_create(const struct pixfer_exporter_params *params)
{
    struct pixfer_exporter *e = calloc(1, sizeof(*e));
    if (!e)
        return NULL;
    memcpy(&e->params, params, params->struct_size < sizeof(*params) ? params->struct_size : sizeof(*params));
    pixfer_report_init(&e->report, e->params.log, e->params.log_opaque);
    e->last_pts = INT64_MIN;
    e->start = e->last_tick = pixfer_now();
    e->cpu_start = pixfer_cpu_time();
    return e;
}

enum pixfer_result pixfer_exporter_prepare(struct pixfer_exporter *e, const char *path, const struct tags *tags)
{
    if (!e->params.fps_den)
        e->params.fps_den = 1;
    enum pixfer_result result = pixfer_report_result(&e->report); /* the environment's part of the parameters */
    if (result == PIXFER_OK)
        result = check_params(e);
    if (result != PIXFER_OK)
        return result;
    const struct muxer_target target = {path, e->params.overwrite, e->params.write, e->params.write_opaque};
    take_times(e);
    e->params.color.siting = pixfer_stage_siting(&e->params);
    e->tags = tags ? *tags : pixfer_tags_make(&e->params.color, e->params.primaries, e->params.transfer);
    if (result == PIXFER_OK)
        result = pixfer_stage_open(&e->stage, &e->params, &e->report);
    if (result == PIXFER_OK)
        result = pixfer_muxer_open(&e->muxer, &target, &e->report);
    if (result == PIXFER_OK)
        result = open_encoder(e);
    if (result == PIXFER_OK)
        result = pixfer_stage_set_target(&e->stage, &e->params, &e->encoder.frames);
    if (result == PIXFER_OK)
        result = pixfer_muxer_create(&e->muxer);
    if (result == PIXFER_OK)
        result = pixfer_muxer_add_video(&e->muxer, e->encoder.codec, e->params.width, e->params.height,
                                        strcmp(e->encoder.codec->codec->name, "libx264") != 0);
    if (result == PIXFER_OK)
        report_output(e);
    return result;
}

enum pixfer_result pixfer_exporter_start(struct pixfer_exporter *e)
{
    return pixfer_pipeline_start(e);
}

enum pixfer_result pixfer_exporter_open(struct pixfer_exporter **out, const char *path,
                                        const struct pixfer_exporter_params *params)
{
    if (!out)
        return PIXFER_ERR_INVALID;
    *out = NULL;
    if (!path || !*path || !params || params->struct_size < offsetof(struct pixfer_exporter_params, fps_den))
        return PIXFER_ERR_INVALID;
    struct pixfer_exporter *e = *out = pixfer_exporter_create(params);
    if (!e)
        return PIXFER_ERR_NO_MEMORY;
    enum pixfer_result result = pixfer_exporter_prepare(e, path, NULL);
    if (result == PIXFER_OK && e->params.sample_rate)
        result = pixfer_exporter_open_pushed_audio(e);
    if (result == PIXFER_OK)
        result = pixfer_exporter_start(e);
    if (result != PIXFER_OK) {
        pixfer_report_flush(&e->report, "%s", "");
        pixfer_exporter_close(out);
    }
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

enum pixfer_result pixfer_exporter_submit(struct pixfer_exporter *e, AVFrame *frame, int64_t pts, int64_t duration)
{
    frame->pts = pts;
    frame->opaque = (void *)(intptr_t)duration;
    pixfer_tags_to_frame(&e->tags, frame);
    if (!pixfer_queue_push(&e->frames, frame, e->encoder.frames.bytes, tick_encode, e)) {
        av_frame_free(&frame);
        enum pixfer_result result = pixfer_report_result(&e->report);
        return result == PIXFER_OK ? PIXFER_ERR_CANCELLED : result;
    }
    e->last_pts = pts;
    e->end_pts = pts + duration;
    e->pushed++;
    if (!pixfer_exporter_tick(e, "encode"))
        return pixfer_report_result(&e->report);
    return pixfer_exporter_advance_audio(e);
}

static enum pixfer_result check_image(struct pixfer_exporter *e, const struct pixfer_image *image, int64_t pts)
{
    const struct convert_stage *s = &e->stage;
    if (!image)
        return pixfer_report_fail(&e->report, PIXFER_ERR_INVALID, "convert: image is NULL");
    if (image->format != s->format || image->width != s->width || image->height != s->height) {
        const char *name = pixfer_format_name(image->format);
        return pixfer_report_fail(&e->report, PIXFER_ERR_INVALID, "convert: frame %llu is %s %ux%u, expected %s %ux%u",
                                  (unsigned long long)e->pushed, name ? name : "unknown", image->width, image->height,
                                  pixfer_format_name(s->format), s->width, s->height);
    }
    for (unsigned i = 0; i < pixfer_format_planes(image->format); i++) {
        size_t row_bytes, rows;
        pixfer_plane_size(image->format, image->width, image->height, i, &row_bytes, &rows);
        if (!image->plane[i] || (size_t)(image->stride[i] < 0 ? -image->stride[i] : image->stride[i]) < row_bytes)
            return pixfer_report_fail(&e->report, PIXFER_ERR_INVALID,
                                      "convert: plane %u is %s with stride %lld, expected at least %zu", i,
                                      image->plane[i] ? "there" : "NULL", (long long)image->stride[i], row_bytes);
    }
    if (pts <= e->last_pts)
        return pixfer_report_fail(&e->report, PIXFER_ERR_INVALID, "convert: pts is %lld, expected more than the %lld before",
                                  (long long)pts, (long long)e->last_pts);
    return PIXFER_OK;
}

enum pixfer_result pixfer_exporter_push(struct pixfer_exporter *e, const struct pixfer_image *image, int64_t pts)
{
    if (!e || e->finished)
        return PIXFER_ERR_INVALID;
    enum pixfer_result result = pixfer_report_result(&e->report);
    if (result == PIXFER_OK)
        result = check_image(e, image, pts);
    if (result != PIXFER_OK)
        return result;
    AVFrame *frame = pixfer_exporter_acquire(e);
    if (!frame)
        return PIXFER_ERR_NO_MEMORY;
    result = pixfer_stage_frame(&e->stage, image, frame);
    if (result != PIXFER_OK) {
        av_frame_free(&frame);
        return result;
    }
    pixfer_stage_finish_frame(&e->stage, frame);
    int64_t one = av_rescale_q(1, av_inv_q(e->fps), e->time_base);
    return pixfer_exporter_submit(e, frame, pts, one > 0 ? one : 1);
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

enum pixfer_result pixfer_exporter_push_audio(struct pixfer_exporter *e, const float *samples, size_t count)
{
    if (!e || e->finished || (!samples && count))
        return PIXFER_ERR_INVALID;
    if (!e->audio)
        return pixfer_report_fail(&e->report, PIXFER_ERR_INVALID,
                                  "audio: samples pushed, expected sample_rate and channels in the parameters");
    enum pixfer_result result = pixfer_report_result(&e->report);
    return result == PIXFER_OK ? pixfer_audio_push(e->audio, samples, count) : result;
}

/* ---- The end --------------------------------------------------------------------------------------------------------------- */

static enum pixfer_result complete(struct pixfer_exporter *e)
{
    enum pixfer_result result = PIXFER_OK;
    bool drop = pixfer_report_stopped(&e->report);
    if (!drop && !e->pushed)
        result = pixfer_report_finishing(&e->report)
                     ? PIXFER_ERR_CANCELLED
                     : pixfer_report_fail(&e->report, PIXFER_ERR_INVALID, "export: no frame came, expected at least one");
    if (!drop && result == PIXFER_OK)
        result = pixfer_exporter_finish_audio(e);
    pixfer_pipeline_stop(e, drop || result != PIXFER_OK);
    if (result == PIXFER_OK && pixfer_exporter_tick(e, "finalise")) {
        double start = pixfer_now();
        result = pixfer_muxer_finalise(&e->muxer, tick_finalise, e);
        e->mux_s += pixfer_now() - start;
        if (result == PIXFER_OK) {
            e->complete = true;
            return PIXFER_OK;
        }
    }
    return result != PIXFER_OK ? result : pixfer_report_result(&e->report);
}

enum pixfer_result pixfer_exporter_finish(struct pixfer_exporter *e, struct pixfer_exporter_stats *stats)
{
    if (!e || e->finished)
        return PIXFER_ERR_INVALID;
    e->finished = true;
    enum pixfer_result result = complete(e);
    if (!e->complete && atomic_load(&e->report.stop) < STOP_CANCEL)
        e->stats.part_frames = pixfer_muxer_keep_part(&e->muxer);
    e->stats.part_kept = e->stats.part_frames > 0;
    pixfer_stats_fill(e, &e->stats);
    if (!e->complete) {
        char kept[256];
        pixfer_report_flush(&e->report, "; %s", pixfer_muxer_describe_part(&e->muxer, kept, sizeof(kept)));
    }
    if (stats)
        *stats = e->stats;
    return result == PIXFER_OK ? pixfer_report_result(&e->report) : result;
}

void pixfer_exporter_cancel(struct pixfer_exporter *e)
{
    if (!e)
        return;
    pixfer_report_stop(&e->report, STOP_CANCEL);
    if (!e->queues_ready)
        return;
    pixfer_queue_close(&e->frames);
    pixfer_queue_close(&e->packets);
    pixfer_queue_close(&e->done);
}

const char *pixfer_exporter_error(struct pixfer_exporter *e)
{
    return e ? pixfer_report_error(&e->report) : "";
}

void pixfer_exporter_close(struct pixfer_exporter **exporter)
{
    if (!exporter || !*exporter)
        return;
    struct pixfer_exporter *e = *exporter;
    pixfer_pipeline_stop(e, true);
    if (!e->complete && !e->stats.part_kept)
        pixfer_muxer_discard(&e->muxer);
    pixfer_audio_close(&e->audio);
    pixfer_stage_close(&e->stage);
    pixfer_encoder_close(&e->encoder);
    pixfer_muxer_close(&e->muxer);
    if (e->queues_ready) {
        pixfer_queue_free(&e->frames);
        pixfer_queue_free(&e->packets);
        pixfer_queue_free(&e->done);
    }
    pixfer_report_free(&e->report);
    free(e);
    *exporter = NULL;
}
#endif

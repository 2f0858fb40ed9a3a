/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../encode/tags.h"
#include "copy_planes.h"
#include "stage.h"

/* RGB, and Y'CbCr in one plane. */
static bool is_converted(enum pixfer_format format)
{
    return pixfer_format_is_rgb(format) || pixfer_format_planes(format) == 1;
}

static bool passes_through(enum pixfer_format format)
{
    return format == PIXFER_FORMAT_NV12 || format == PIXFER_FORMAT_I420 || format == PIXFER_FORMAT_I010 ||
           format == PIXFER_FORMAT_P010 || format == PIXFER_FORMAT_I444 || format == PIXFER_FORMAT_I410;
}

enum pixfer_result pixfer_stage_open(struct convert_stage *s, const struct pixfer_exporter_params *params, struct report *report)
{
    *s = (struct convert_stage){.report = report, .format = params->format, .width = params->width, .height = params->height};
    if (!is_converted(params->format) && !passes_through(params->format)) {
        const char *name = pixfer_format_name(params->format);
        return pixfer_report_fail(
            report, PIXFER_ERR_UNSUPPORTED,
            "convert: frames are %s, expected an RGB format, yuyv, uyvy, nv12, i420, i444, i010, p010 or i410",
            name ? name : "of an unknown format");
    }
    s->alpha.on = pixfer_format_has_alpha(params->format) && params->alpha == PIXFER_ALPHA_DROP;
    s->lag = params->color.siting == PIXFER_SITING_TOP_LEFT ? 1 : 0;
    if (params->measure_light && !(s->meter = pixfer_light_meter_open(params->format)))
        return pixfer_report_fail(report, PIXFER_ERR_NO_MEMORY, "convert: out of memory");
    return PIXFER_OK;
}

/* ---- Choosing a converter ------------------------------------------------------------------------------------------------- */

/* A converter's lines are details of an export, which says itself what it uses and why it fails. */
static void forward(void *opaque, int level, const char *message)
{
    struct convert_stage *s = opaque;
    if (level == PIXFER_LOG_ERROR)
        snprintf(s->refusal, sizeof(s->refusal), "%s", message);
    pixfer_report_log(s->report, level == PIXFER_LOG_WARNING ? level : PIXFER_LOG_DEBUG, "%s", message);
}

static enum pixfer_result open_converter(struct convert_stage *s, const struct pixfer_exporter_params *params,
                                         enum pixfer_backend backend, struct pixfer_converter **out)
{
    return pixfer_converter_open(
        out, &PIXFER_CONVERTER_PARAMS(.src_format = s->format, .dst_format = s->target, .width = s->width, .height = s->height,
                                      .color = params->color, .backend = backend,
                                      .threads = params->convert_threads ? params->convert_threads : 1, .cpu = params->cpu,
                                      .log = forward, .log_opaque = s, .rows_read_later = 1, .alpha = params->alpha,
                                      .background = params->background));
}

/* Half noise, half plain. Kernels pass quickly over what is plain, so that what they take depends on the frames, of which none has come
 * yet: a screen lies between the two, and a converter that is quick on only one of them should not win by it. */
static void fill(uint8_t *bytes, size_t size)
{
    uint32_t state = 1;
    memset(bytes, 0x80, size);
    for (size_t i = 0; i < size / 2; i++) {
        state = state * 1664525 + 1013904223;
        bytes[i] = (uint8_t)(state >> 24);
    }
}

/* The true frame inside an encoder frame. */
static struct pixfer_image inside(enum pixfer_format target, uint32_t width, uint32_t height, const AVFrame *frame)
{
    struct pixfer_image image = {.format = target, .width = width, .height = height};
    for (int i = 0; i < 3; i++) {
        image.plane[i] = frame->data[i];
        image.stride[i] = frame->linesize[i];
    }
    return image;
}

/* Into the encoder's surface where the frame has one and the converter can, else into the frame's planes. */
static enum pixfer_result convert_into(struct pixfer_converter *c, enum pixfer_format target, const struct pixfer_image *src,
                                       AVFrame *frame)
{
    enum pixfer_result result;
    struct pixfer_image dst = inside(target, src->width, src->height, frame);
    return pixfer_surface_transfer(c, src, frame, &result) ? result : pixfer_convert(c, src, &dst);
}

/* The best of three after a first run that pays for what is set up once. Negative: it failed. */
static double measure(struct convert_stage *s, struct pixfer_converter *c, const struct pixfer_image *src,
                      struct frame_pool *frames)
{
    double best = -1;
    for (int i = 0; i < 4; i++) {
        AVFrame *frame = pixfer_frame_pool_get(frames);
        if (!frame)
            return -1;
        double start = pixfer_now();
        enum pixfer_result result = convert_into(c, s->target, src, frame);
        double seconds = pixfer_now() - start;
        av_frame_free(&frame);
        if (result != PIXFER_OK)
            return -1;
        if (i > 0 && (best < 0 || seconds < best))
            best = seconds;
    }
    return best;
}

static void note_measured(struct convert_stage *s, enum pixfer_backend backend, double seconds)
{
    size_t length = strlen(s->measured);
    snprintf(s->measured + length, sizeof(s->measured) - length, "%s%s %.2f ms", length ? ", " : "", pixfer_backend_name(backend),
             seconds * 1e3);
}

/* The generated frame has the size and formats of the export's frames and goes where they go. */
static enum pixfer_backend quickest(struct convert_stage *s, const struct pixfer_exporter_params *params,
                                    struct frame_pool *frames)
{
    struct pixfer_image src;
    size_t size = pixfer_image_layout(&src, s->format, s->width, s->height, NULL, 1);
    uint8_t *memory = size ? malloc(size) : NULL;
    enum pixfer_backend best = PIXFER_BACKEND_AUTO;
    double best_time = 0;
    if (!memory)
        return best;
    pixfer_image_layout(&src, s->format, s->width, s->height, memory, 1);
    fill(memory, size);
    struct pixfer_backend_info candidate = PIXFER_BACKEND_INFO();
    for (enum pixfer_backend id = 1; pixfer_backend_get_info(id, &candidate) == PIXFER_OK; id++) {
        struct pixfer_converter *c = NULL;
        if (candidate.missing || (!candidate.automatic && !candidate.measured) || open_converter(s, params, id, &c) != PIXFER_OK)
            continue;
        struct pixfer_converter_info info = PIXFER_CONVERTER_INFO();
        double seconds = measure(s, c, &src, frames);
        pixfer_converter_get_info(c, &info);
        pixfer_converter_close(&c);
        if (seconds < 0 || info.backend != id) /* it gave up, and another was measured */
            continue;
        note_measured(s, id, seconds);
        if (best == PIXFER_BACKEND_AUTO || seconds < best_time) {
            best = id;
            best_time = seconds;
        }
    }
    free(memory);
    pixfer_report_log(s->report, PIXFER_LOG_DEBUG, "converters measured, a frame: %s", s->measured);
    return best;
}

/* The hardware converter that will be tried first, if one will. */
static bool find_hardware(enum pixfer_backend converter, struct pixfer_backend_info *info)
{
    if (converter != PIXFER_BACKEND_AUTO)
        return pixfer_backend_get_info(converter, info) == PIXFER_OK && info->hardware;
    for (enum pixfer_backend id = 1; pixfer_backend_name(id); id++) /* what AUTO does not choose is not even looked for */
        if (pixfer_backend_automatic(id) && pixfer_backend_get_info(id, info) == PIXFER_OK && info->hardware && !info->missing)
            return true;
    return false;
}

/* A siting that the user left open gives way to the one a hardware converter has. */
enum pixfer_siting pixfer_stage_siting(const struct pixfer_exporter_params *params)
{
    struct pixfer_backend_info info = PIXFER_BACKEND_INFO();
    unsigned siting = 0;
    const bool composed = params->alpha == PIXFER_ALPHA_COMPOSE && pixfer_format_has_alpha(params->format);
    if (!params->any_siting || !pixfer_format_is_rgb(params->format) || composed || !find_hardware(params->converter, &info) ||
        !info.sitings || info.sitings >> params->color.siting & 1)
        return params->color.siting;
    while (!(info.sitings >> siting & 1))
        siting++;
    return (enum pixfer_siting)siting;
}

enum pixfer_result pixfer_stage_set_target(struct convert_stage *s, const struct pixfer_exporter_params *params,
                                           struct frame_pool *frames)
{
    struct pixfer_converter_info info = PIXFER_CONVERTER_INFO();
    s->target = pixfer_from_av_format(frames->format);
    if (passes_through(s->format)) {
        s->on_this_thread = true;
        snprintf(s->described, sizeof(s->described), "none, %s passes through%s", pixfer_format_name(s->format),
                 s->target == s->format ? "" : " with its chroma rearranged");
        return PIXFER_OK;
    }
    enum pixfer_backend backend = params->converter;
    if (params->fastest_converter && backend == PIXFER_BACKEND_AUTO)
        backend = quickest(s, params, frames);
    enum pixfer_result result = open_converter(s, params, backend, &s->converter);
    if (result != PIXFER_OK)
        return pixfer_report_fail(s->report, result, "convert: no converter from %s to %s at %ux%u: %s",
                                  pixfer_format_name(s->format), pixfer_format_name(s->target), s->width, s->height,
                                  *s->refusal ? s->refusal : pixfer_strerror(result));
    pixfer_converter_get_info(s->converter, &info);
    s->by_rows = info.takes_rows;
    s->on_this_thread = s->by_rows && info.threads <= 1;
    snprintf(s->described, sizeof(s->described), "%s%s%s, %s, %s", info.backend_name, *info.isa ? "/" : "", info.isa,
             info.exact ? "exact" : "approximate",
             params->fastest_converter ? "the quickest measured"
             : params->converter       ? "asked for"
                                       : "the first that fits");
    if (info.fallback_reason)
        pixfer_report_log(s->report, PIXFER_LOG_DEBUG, "converter: not used: %s", info.fallback_reason);
    return PIXFER_OK;
}

/* ---- Converting ------------------------------------------------------------------------------------------------------------ */

/* What the conversion costs. One thread of the CPU is charged for the time it had, not for the time others took from it while the
 * encoder keeps every core busy; what runs elsewhere, or on several threads, for as long as it lasts. */
static double stopwatch(const struct convert_stage *s)
{
    return s->on_this_thread ? pixfer_thread_time() : pixfer_now();
}

static enum pixfer_result finish(struct convert_stage *s, double start, enum pixfer_result result)
{
    s->seconds += stopwatch(s) - start;
    if (result != PIXFER_OK)
        return pixfer_report_fail(s->report, result, "convert: %s", pixfer_strerror(result));
    return result;
}

static void look(struct convert_stage *s, const struct pixfer_image *image, uint32_t first, uint32_t count)
{
    if (s->alpha.on)
        pixfer_alpha_look(&s->alpha, image, first, count);
    if (s->meter)
        pixfer_light_meter_add(s->meter, image, first, count);
}

enum pixfer_result pixfer_stage_frame(struct convert_stage *s, const struct pixfer_image *image, AVFrame *frame)
{
    double start = stopwatch(s);
    enum pixfer_result result = PIXFER_OK;
    look(s, image, 0, s->height);
    if (s->converter) {
        result = convert_into(s->converter, s->target, image, frame);
    } else {
        struct pixfer_image dst = inside(s->target, s->width, s->height, frame);
        pixfer_copy_planes(image, &dst);
    }
    return finish(s, start, result);
}

enum pixfer_result pixfer_stage_rows(struct convert_stage *s, const struct pixfer_image *window, AVFrame *frame, uint32_t first,
                                     uint32_t count)
{
    double start = stopwatch(s);
    struct pixfer_image dst = inside(s->target, s->width, s->height, frame);
    look(s, window, first, count);
    return finish(s, start, pixfer_convert_rows(s->converter, window, &dst, first, count));
}

void pixfer_stage_pad(const struct convert_stage *s, AVFrame *frame)
{
    const bool full = s->target == PIXFER_FORMAT_I444 || s->target == PIXFER_FORMAT_I410; /* of 4:2:0, luma only */
    const bool words = s->target == PIXFER_FORMAT_P010 || s->target == PIXFER_FORMAT_I010 || s->target == PIXFER_FORMAT_I410;
    if (frame->width == (int)s->width && frame->height == (int)s->height)
        return;
    for (int i = 0; i < (full ? 3 : 1); i++)
        pixfer_pad_to_even(frame->data[i], frame->linesize[i], s->width, s->height, words ? 2 : 1);
}

void pixfer_stage_finish_frame(struct convert_stage *s, AVFrame *frame)
{
    pixfer_stage_pad(s, frame);
    if (s->alpha.on && pixfer_alpha_is_lost(&s->alpha))
        pixfer_report_log(s->report, PIXFER_LOG_INFO, PIXFER_ALPHA_IS_LOST, "convert: the first frame");
    s->alpha.on = false;
    if (s->meter)
        pixfer_light_meter_end_frame(s->meter);
    if (s->reported || !s->converter)
        return;
    struct pixfer_converter_info info = PIXFER_CONVERTER_INFO();
    pixfer_converter_get_info(s->converter, &info);
    s->reported = true;
    pixfer_report_log(s->report, PIXFER_LOG_DEBUG, "first frame converted: %s %ux%u to %s by %s%s%s in %.2f ms",
                      pixfer_format_name(s->format), s->width, s->height, pixfer_format_name(s->target), info.backend_name,
                      *info.isa ? "/" : "", info.isa, s->seconds * 1e3);
}

void pixfer_stage_close(struct convert_stage *s)
{
    pixfer_converter_close(&s->converter);
    pixfer_light_meter_close(&s->meter);
}
#endif

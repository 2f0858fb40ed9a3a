/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include "exporter.h"

#ifndef PIXFER_WITH_VULKAN
#define PIXFER_WITH_VULKAN 0
#endif
#if PIXFER_WITH_VULKAN

/* Frames of a caller's device. A frame is submitted on the caller's thread and enters the queue without planes, as a ticket; the encoder's
 * thread waits for it and gives it the memory that the device has written, which goes back when the encoder frees the frame. */

#include <libavutil/common.h>
#include <pixfer/exporter_vulkan.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../platform/platform.h"
#include "convert/copy_planes.h"

/* Beside those in the queue: one being submitted, one being encoded, and the first, which is kept until there is a second. */
enum { FRAMES_OUTSIDE = 3, MOST_FRAMES = 16 };

struct vulkan_frames {
    struct pixfer_vulkan *v;
    atomic_int references; /* the exporter's, and the frames' */
    atomic_bool detached;  /* the exporter is gone: frames that a hung encoder still holds are not given back */
    pixfer_lock lock;      /* of the line */
    char line[300];        /* the last error */
    uint64_t pushed;
};

struct pending {
    struct vulkan_frames *frames;
    uint64_t ticket;
};

static void hear(void *opaque, int level, const char *message)
{
    struct vulkan_frames *f = opaque;
    if (level != PIXFER_LOG_ERROR)
        return;
    pixfer_lock_take(&f->lock);
    snprintf(f->line, sizeof(f->line), "%s", message);
    pixfer_lock_drop(&f->lock);
}

static void read_line(struct vulkan_frames *f, char line[300])
{
    pixfer_lock_take(&f->lock);
    memcpy(line, f->line, sizeof(f->line));
    pixfer_lock_drop(&f->lock);
}

static void unref(struct vulkan_frames *f)
{
    if (atomic_fetch_sub(&f->references, 1) > 1)
        return;
    if (!atomic_load(&f->detached))
        pixfer_vulkan_close(&f->v);
    pixfer_lock_destroy(&f->lock);
    free(f);
}

static void release(void *opaque, uint8_t *data)
{
    struct pending *p = opaque;
    (void)data;
    if (!atomic_load(&p->frames->detached))
        pixfer_vulkan_release(p->frames->v, p->ticket);
    unref(p->frames);
    free(p);
}

/* ---- The encoder's thread -------------------------------------------------------------------------------------------------- */

bool pixfer_vulkan_frame_finish(struct pixfer_exporter *e, AVFrame *frame)
{
    struct pending *p = frame->opaque;
    struct pixfer_image image;
    enum pixfer_result result;
    char line[300];
    while ((result = pixfer_vulkan_wait(p->frames->v, p->ticket, UINT64_C(100000000), &image)) == PIXFER_ERR_AGAIN)
        if (pixfer_report_stopped(&e->report))
            return false;
    if (result != PIXFER_OK) {
        read_line(p->frames, line);
        pixfer_report_fail(&e->report, result, "convert: %s", *line ? line : pixfer_strerror(result));
        return false;
    }
    frame->opaque = NULL;
    for (int i = 0; i < 3; i++) {
        frame->data[i] = image.plane[i];
        frame->linesize[i] = (int)image.stride[i];
    }
    frame->extended_data = frame->data;
    pixfer_stage_pad(&e->stage, frame);
    return true;
}

/* Called when the frames' queue is empty. What an encoder holds that was left to itself stays with it. */
void pixfer_vulkan_frames_detach(struct pixfer_exporter *e)
{
    struct vulkan_frames *f = e->vulkan;
    e->vulkan = NULL;
    if (!f)
        return;
    if (atomic_load(&f->references) > 1)
        atomic_store(&f->detached, true);
    unref(f);
}

void pixfer_vulkan_frames_count(const struct pixfer_exporter *e, struct pixfer_exporter_stats *stats)
{
    if (!e->vulkan->pushed)
        return;
    stats->backend = PIXFER_BACKEND_VULKAN;
    stats->exact = 1;
    stats->converted += e->vulkan->pushed;
    snprintf(stats->backend_name, sizeof(stats->backend_name), "%s", pixfer_backend_name(PIXFER_BACKEND_VULKAN));
    *stats->isa = 0;
}

/* ---- The frames' thread ---------------------------------------------------------------------------------------------------- */

static enum pixfer_result refuse_device(struct pixfer_exporter *e, enum pixfer_result result, const char *why)
{
    pixfer_report_log(&e->report, PIXFER_LOG_WARNING, "attach_vulkan: refused, the export goes on: %s", why);
    return result;
}

static enum pixfer_result attach(struct pixfer_exporter *e, const struct pixfer_vulkan_params *params)
{
    struct pixfer_vulkan_params own = PIXFER_VULKAN_PARAMS(.width = e->stage.width);
    if (!pixfer_format_is_rgb(e->stage.format))
        return refuse_device(e, PIXFER_ERR_INVALID, "the exporter's frames are not RGB");
    if (e->params.alpha == PIXFER_ALPHA_COMPOSE && pixfer_format_has_alpha(e->stage.format))
        return refuse_device(e, PIXFER_ERR_UNSUPPORTED, "alpha is to be composed, which a device does not, expected drop");
    if (e->stage.meter)
        return refuse_device(e, PIXFER_ERR_UNSUPPORTED, "light is to be measured, which frames of a device are not");
    if (e->vulkan)
        return refuse_device(e, PIXFER_ERR_INVALID, "the exporter has a device already");
    if (!params || params->struct_size < offsetof(struct pixfer_vulkan_params, lock_queue))
        return refuse_device(e, PIXFER_ERR_INVALID,
                             params ? "params.struct_size is too small: use PIXFER_VULKAN_PARAMS" : "params is NULL");
    memcpy(&own, params, FFMIN(params->struct_size, sizeof(own)));
    if (!own.queue)
        return refuse_device(e, PIXFER_ERR_INVALID, "queue is NULL, expected a VkQueue");
    struct vulkan_frames *f = calloc(1, sizeof(*f));
    if (!f || !pixfer_lock_init(&f->lock)) {
        free(f);
        return refuse_device(e, PIXFER_ERR_NO_MEMORY, "out of memory");
    }
    atomic_init(&f->references, 1);
    own.struct_size = sizeof(own);
    own.dst_format = e->stage.target;
    own.width = e->stage.width;
    own.height = e->stage.height;
    own.color = e->params.color;
    own.frames = FFMIN(e->queue_capacity + FRAMES_OUTSIDE, MOST_FRAMES);
    own.recordings = 1;
    own.log = hear;
    own.log_opaque = f;
    enum pixfer_result result = pixfer_vulkan_open(&f->v, &own);
    if (result != PIXFER_OK) {
        refuse_device(e, result, f->line);
        unref(f);
        return result;
    }
    e->vulkan = f;
    pixfer_report_log(&e->report, PIXFER_LOG_DEBUG, "convert: frames of a Vulkan device, %u at a time", own.frames);
    return PIXFER_OK;
}

enum pixfer_result pixfer_exporter_attach_vulkan(struct pixfer_exporter *e, const struct pixfer_vulkan_params *params)
{
    if (!e || !pixfer_exporter_enter(e, "attach_vulkan"))
        return PIXFER_ERR_INVALID;
    return pixfer_exporter_leave(e, attach(e, params));
}

/* A frame of the queue that is nothing but a ticket. */
static AVFrame *wrap(struct pixfer_exporter *e, uint64_t ticket)
{
    struct pending *p = malloc(sizeof(*p));
    AVFrame *frame = av_frame_alloc();
    if (p && frame) {
        *p = (struct pending){e->vulkan, ticket};
        frame->buf[0] = av_buffer_create((uint8_t *)p, sizeof(*p), release, p, 0);
    }
    if (!p || !frame || !frame->buf[0]) {
        pixfer_vulkan_release(e->vulkan->v, ticket);
        av_frame_free(&frame);
        free(p);
        return NULL;
    }
    atomic_fetch_add(&e->vulkan->references, 1);
    frame->opaque = p;
    frame->format = e->encoder.frames.format;
    frame->width = e->encoder.frames.width;
    frame->height = e->encoder.frames.height;
    return frame;
}

/* Where all memory is taken the encoder is behind: as long as there is no room in the queue. */
static enum pixfer_result submit(struct pixfer_exporter *e, const struct pixfer_vulkan_source *source,
                                 const struct pixfer_vulkan_sync *sync, AVFrame **frame)
{
    uint64_t ticket = 0;
    enum pixfer_result result;
    char line[300];
    double start = pixfer_now();
    while ((result = pixfer_vulkan_submit(e->vulkan->v, source, sync, &ticket)) == PIXFER_ERR_AGAIN) {
        if (!pixfer_exporter_tick(e, "encode") || pixfer_report_result(&e->report) != PIXFER_OK)
            return pixfer_report_result(&e->report) != PIXFER_OK ? pixfer_report_result(&e->report) : PIXFER_ERR_CANCELLED;
        pixfer_sleep(0.001);
        start = pixfer_now();
    }
    e->stage.seconds += pixfer_now() - start;
    read_line(e->vulkan, line);
    if (result == PIXFER_ERR_INVALID || result == PIXFER_ERR_UNSUPPORTED)
        pixfer_exporter_refuse(e, "%s", line);
    else if (result != PIXFER_OK)
        pixfer_report_fail(&e->report, result, "convert: %s", line);
    else if (!(*frame = wrap(e, ticket)))
        result = pixfer_report_fail(&e->report, PIXFER_ERR_NO_MEMORY, "convert: out of memory");
    return result;
}

static enum pixfer_result push(struct pixfer_exporter *e, const struct pixfer_vulkan_source *source,
                               const struct pixfer_vulkan_sync *sync, int64_t pts)
{
    int64_t time;
    AVFrame *frame = NULL;
    enum pixfer_result result = pixfer_report_result(&e->report);
    if (result != PIXFER_OK)
        return result;
    if (!e->vulkan) {
        pixfer_exporter_refuse(e, "no device, expected pixfer_exporter_attach_vulkan first");
        return PIXFER_ERR_INVALID;
    }
    if (!pixfer_exporter_check_time(e, pts, &time))
        return PIXFER_ERR_INVALID;
    if ((result = submit(e, source, sync, &frame)) != PIXFER_OK)
        return result;
    if ((result = pixfer_exporter_take_time(e, pts, time)) != PIXFER_OK) {
        av_frame_free(&frame);
        return result;
    }
    e->vulkan->pushed++;
    return pixfer_exporter_submit(e, frame, time, e->frame_duration);
}

enum pixfer_result pixfer_exporter_push_vulkan(struct pixfer_exporter *e, const struct pixfer_vulkan_source *source,
                                               const struct pixfer_vulkan_sync *sync, int64_t pts)
{
    if (!e || !pixfer_exporter_enter(e, "push_vulkan"))
        return PIXFER_ERR_INVALID;
    return pixfer_exporter_leave(e, push(e, source, sync, pts));
}

#else

bool pixfer_vulkan_frame_finish(struct pixfer_exporter *e, AVFrame *frame)
{
    (void)e, (void)frame;
    return false;
}

void pixfer_vulkan_frames_detach(struct pixfer_exporter *e)
{
    (void)e;
}

void pixfer_vulkan_frames_count(const struct pixfer_exporter *e, struct pixfer_exporter_stats *stats)
{
    (void)e, (void)stats;
}
#endif
#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER

/* Encoder frames whose planes lie in the encoder's own surfaces, so that nothing is copied on the way: the CPU kernel writes into the
 * mapped surface, or a hardware converter into the surface itself. A frame's buf[0] is the mapping, its opaque_ref the surface. */

#include <errno.h>
#include <libavutil/hwcontext.h>
#include <string.h>

#include "frame_pool.h"

#ifndef PIXFER_WITH_VIDEOTOOLBOX
#define PIXFER_WITH_VIDEOTOOLBOX 0
#endif
#if PIXFER_WITH_VIDEOTOOLBOX
#include <pixfer/videotoolbox.h>
#endif

static void free_surface(void *opaque, uint8_t *data)
{
    AVFrame *surface = (AVFrame *)(void *)data;
    (void)opaque;
    av_frame_free(&surface);
}

AVFrame *pixfer_surface_get(struct frame_pool *s)
{
    AVFrame *surface = av_frame_alloc(), *frame = av_frame_alloc();
    if (!surface || !frame || av_hwframe_get_buffer(s->surfaces, surface, 0) < 0)
        goto fail;
    frame->format = s->format;
    if (av_hwframe_map(frame, surface, AV_HWFRAME_MAP_WRITE | AV_HWFRAME_MAP_OVERWRITE) < 0)
        goto fail;
    frame->opaque_ref = av_buffer_create((uint8_t *)surface, sizeof(*surface), free_surface, NULL, 0);
    if (frame->opaque_ref)
        return frame;
fail:
    av_frame_free(&frame);
    av_frame_free(&surface);
    return NULL;
}

int pixfer_surface_upload(struct frame_pool *s, AVFrame **frame)
{
    AVFrame *surface = av_frame_alloc();
    int error = surface ? av_hwframe_get_buffer(s->surfaces, surface, 0) : AVERROR(ENOMEM);
    if (!error)
        error = av_hwframe_transfer_data(surface, *frame, 0);
    if (!error)
        error = av_frame_copy_props(surface, *frame);
    if (error < 0) {
        av_frame_free(&surface);
        return error;
    }
    av_frame_free(frame);
    *frame = surface;
    return 0;
}

/* A decoder's own frame, which passes through, lies in no surface. */
int pixfer_surface_seal(struct frame_pool *s, AVFrame **frame)
{
    AVBufferRef *owner = (*frame)->opaque_ref;
    if (!owner)
        return pixfer_surface_upload(s, frame);
    AVFrame *surface = av_frame_clone((const AVFrame *)(const void *)owner->data);
    if (!surface)
        return AVERROR(ENOMEM);
    (*frame)->opaque_ref = NULL; /* not a property of the frame */
    int error = av_frame_copy_props(surface, *frame);
    av_frame_free(frame); /* and with it the mapping */
    av_buffer_unref(&owner);
    *frame = surface;
    return error < 0 ? error : 0;
}

#if PIXFER_WITH_VIDEOTOOLBOX
/* The mapping is a lock, which ends before the transfer begins. */
bool pixfer_surface_transfer(struct pixfer_converter *c, const struct pixfer_image *image, AVFrame *frame,
                             enum pixfer_result *result)
{
    const AVFrame *surface = frame->opaque_ref ? (const AVFrame *)(const void *)frame->opaque_ref->data : NULL;
    struct pixfer_converter_info info = PIXFER_CONVERTER_INFO();
    pixfer_converter_get_info(c, &info);
    if (!surface || surface->format != AV_PIX_FMT_VIDEOTOOLBOX || info.backend != PIXFER_BACKEND_VIDEOTOOLBOX ||
        image->width != (uint32_t)frame->width || image->height != (uint32_t)frame->height)
        return false;
    av_buffer_unref(&frame->buf[0]);
    memset(frame->data, 0, sizeof(frame->data));
    *result = pixfer_videotoolbox_convert_image(c, image, (CVPixelBufferRef)(void *)surface->data[3]);
    return true;
}
#else
bool pixfer_surface_transfer(struct pixfer_converter *c, const struct pixfer_image *image, AVFrame *frame,
                             enum pixfer_result *result)
{
    (void)c, (void)image, (void)frame, (void)result;
    return false;
}
#endif
#endif

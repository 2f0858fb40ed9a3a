/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER

/* Encoder frames whose planes lie in the encoder's own surfaces, so that nothing is copied on the way: the CPU kernel writes into the
 * mapped surface, or a hardware converter into the surface itself. Both references of such a frame, buf[0] and opaque_ref, are to a
 * struct surface. */

#include <errno.h>
#include <libavutil/hwcontext.h>
#include <libavutil/imgutils.h>
#include <stdlib.h>
#include <string.h>

#include "frame_pool.h"

#ifndef PIXFER_WITH_VIDEOTOOLBOX
#define PIXFER_WITH_VIDEOTOOLBOX 0
#endif
#if PIXFER_WITH_VIDEOTOOLBOX
#include <libavutil/hwcontext_videotoolbox.h>
#include <pixfer/videotoolbox.h>
#endif

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

#if PIXFER_WITH_VIDEOTOOLBOX

/* libavutil's own pool of surfaces hands a buffer out again as soon as its frame is freed, which until FFmpeg 7.0.2 was right after the
 * frame had been sent, while the system's encoder, which retains the buffer, had still to read it. A pool of the system's counts every
 * reference, the encoder's too, so surfaces come from such a one, and a frame's buffer is nothing but a reference. */

struct surface {
    CVPixelBufferRef buffer;
    bool locked;
};

static void unlock(struct surface *surface)
{
    if (surface->locked)
        CVPixelBufferUnlockBaseAddress(surface->buffer, 0);
    surface->locked = false;
}

static void free_surface(void *opaque, uint8_t *data)
{
    struct surface *surface = opaque;
    (void)data;
    unlock(surface);
    CVPixelBufferRelease(surface->buffer);
    free(surface);
}

static CFNumberRef number(int32_t value)
{
    return CFNumberCreate(kCFAllocatorDefault, kCFNumberSInt32Type, &value);
}

int pixfer_surface_open(struct frame_pool *s)
{
    const void *keys[] = {kCVPixelBufferIOSurfacePropertiesKey, kCVPixelBufferPixelFormatTypeKey, kCVPixelBufferWidthKey,
                          kCVPixelBufferHeightKey};
    const void *values[] = {
        CFDictionaryCreate(kCFAllocatorDefault, NULL, NULL, 0, &kCFTypeDictionaryKeyCallBacks, &kCFTypeDictionaryValueCallBacks),
        number((int32_t)kCVPixelFormatType_420YpCbCr8BiPlanarVideoRange), number(s->width), number(s->height)};
    CVPixelBufferPoolRef pool = NULL;
    CFDictionaryRef attributes = NULL;
    if (values[0] && values[1] && values[2] && values[3])
        attributes = CFDictionaryCreate(kCFAllocatorDefault, keys, values, 4, &kCFTypeDictionaryKeyCallBacks,
                                        &kCFTypeDictionaryValueCallBacks);
    for (int i = 0; i < 4; i++)
        if (values[i])
            CFRelease(values[i]);
    if (attributes && CVPixelBufferPoolCreate(kCFAllocatorDefault, NULL, attributes, &pool) != kCVReturnSuccess)
        pool = NULL;
    if (attributes)
        CFRelease(attributes);
    s->native = pool;
    return pool ? 0 : AVERROR(ENOMEM);
}

void pixfer_surface_close(struct frame_pool *s)
{
    CVPixelBufferPoolRelease(s->native);
    s->native = NULL;
}

static bool map(AVFrame *frame, struct surface *surface)
{
    if (CVPixelBufferLockBaseAddress(surface->buffer, 0) != kCVReturnSuccess)
        return false;
    surface->locked = true;
    if (CVPixelBufferGetPlaneCount(surface->buffer) != 2)
        return false;
    for (unsigned i = 0; i < 2; i++) {
        frame->data[i] = CVPixelBufferGetBaseAddressOfPlane(surface->buffer, i);
        frame->linesize[i] = (int)CVPixelBufferGetBytesPerRowOfPlane(surface->buffer, i);
    }
    return frame->data[0] && frame->data[1];
}

AVFrame *pixfer_surface_get(struct frame_pool *s)
{
    AVFrame *frame = av_frame_alloc();
    struct surface *surface = calloc(1, sizeof(*surface));
    if (!frame || !surface ||
        CVPixelBufferPoolCreatePixelBuffer(kCFAllocatorDefault, s->native, &surface->buffer) != kCVReturnSuccess)
        goto fail;
    frame->format = s->format;
    frame->width = s->width;
    frame->height = s->height;
    frame->buf[0] = av_buffer_create((uint8_t *)surface, sizeof(*surface), free_surface, surface, 0);
    if (!frame->buf[0]) {
        CVPixelBufferRelease(surface->buffer);
        goto fail;
    }
    surface = NULL;
    frame->opaque_ref = av_buffer_ref(frame->buf[0]);
    if (frame->opaque_ref && map(frame, (struct surface *)(void *)frame->opaque_ref->data))
        return frame;
fail:
    free(surface);
    av_frame_free(&frame);
    return NULL;
}

static void release_buffer(void *opaque, uint8_t *data)
{
    (void)opaque;
    CVPixelBufferRelease((CVPixelBufferRef)(void *)data);
}

/* A frame that lies in no surface, as a decoder's own that passes through, is copied into one. */
static int copy_into_surface(struct frame_pool *s, AVFrame **frame)
{
    AVFrame *copy = pixfer_surface_get(s);
    int error = AVERROR(ENOMEM);
    if (copy) {
        AVBufferRef *owner = copy->opaque_ref; /* not a property of the frame */
        copy->opaque_ref = NULL;
        error = av_frame_copy_props(copy, *frame);
        av_buffer_unref(&copy->opaque_ref);
        copy->opaque_ref = owner;
    }
    if (error < 0) {
        av_frame_free(&copy);
        return error;
    }
    for (int i = 0; i < 2; i++)
        av_image_copy_plane(copy->data[i], copy->linesize[i], (*frame)->data[i], (*frame)->linesize[i], s->width,
                            i ? s->height / 2 : s->height);
    av_frame_free(frame);
    *frame = copy;
    return 0;
}

/* What the encoder gets is tagged whoever wrote it: it takes the stream's tags from the surface. */
int pixfer_surface_seal(struct frame_pool *s, AVFrame **frame)
{
    int error = (*frame)->opaque_ref ? 0 : copy_into_surface(s, frame);
    if (error < 0)
        return error;
    struct surface *surface = (struct surface *)(void *)(*frame)->opaque_ref->data;
    AVBufferRef *owner = (*frame)->opaque_ref;
    AVFrame *sealed = av_frame_alloc();
    (*frame)->opaque_ref = NULL;
    error = sealed ? av_frame_copy_props(sealed, *frame) : AVERROR(ENOMEM);
    unlock(surface);
    if (error >= 0) {
        sealed->format = AV_PIX_FMT_VIDEOTOOLBOX;
        sealed->width = s->width;
        sealed->height = s->height;
        sealed->data[3] = (uint8_t *)surface->buffer;
        sealed->buf[0] = av_buffer_create((uint8_t *)CVPixelBufferRetain(surface->buffer), 1, release_buffer, NULL, 0);
        if (!sealed->buf[0])
            CVPixelBufferRelease(surface->buffer);
        sealed->hw_frames_ctx = s->surfaces ? av_buffer_ref(s->surfaces) : NULL;
        error = sealed->buf[0] && (sealed->hw_frames_ctx || !s->surfaces) ? 0 : AVERROR(ENOMEM);
        av_vt_pixbuf_set_attachments(NULL, surface->buffer, sealed);
    }
    av_buffer_unref(&owner);
    av_frame_free(frame);
    if (error < 0)
        av_frame_free(&sealed);
    *frame = sealed;
    return error < 0 ? error : 0;
}

/* The lock ends before the transfer begins. */
bool pixfer_surface_transfer(struct pixfer_converter *c, const struct pixfer_image *image, AVFrame *frame,
                             enum pixfer_result *result)
{
    struct surface *surface = frame->opaque_ref ? (struct surface *)(void *)frame->opaque_ref->data : NULL;
    struct pixfer_converter_info info = PIXFER_CONVERTER_INFO();
    pixfer_converter_get_info(c, &info);
    if (!surface || info.backend != PIXFER_BACKEND_VIDEOTOOLBOX || image->width != (uint32_t)frame->width ||
        image->height != (uint32_t)frame->height)
        return false;
    unlock(surface);
    *result = pixfer_videotoolbox_convert_image(c, image, surface->buffer);
    if (!map(frame, surface)) /* for who looks at the planes, as the repeated edge of an odd frame does */
        *result = PIXFER_ERR_DEVICE;
    return true;
}

#else

int pixfer_surface_open(struct frame_pool *s)
{
    (void)s;
    return AVERROR(ENOSYS);
}

void pixfer_surface_close(struct frame_pool *s)
{
    (void)s;
}

AVFrame *pixfer_surface_get(struct frame_pool *s)
{
    (void)s;
    return NULL;
}

int pixfer_surface_seal(struct frame_pool *s, AVFrame **frame)
{
    (void)s, (void)frame;
    return AVERROR(ENOSYS);
}

bool pixfer_surface_transfer(struct pixfer_converter *c, const struct pixfer_image *image, AVFrame *frame,
                             enum pixfer_result *result)
{
    (void)c, (void)image, (void)frame, (void)result;
    return false;
}
#endif
#endif

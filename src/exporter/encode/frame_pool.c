/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include <errno.h>
#include <libavutil/hwcontext.h>
#include <libavutil/imgutils.h>
#include <stdlib.h>

#include "../../platform/platform.h"
#include "frame_pool.h"

/* Rows start on a cache line: the converter's and x264's wide loads and stores then split none. */
enum { ALIGNMENT = 64 };

static void release(void *opaque, uint8_t *data)
{
    (void)opaque;
    pixfer_memory_free(data);
}

static AVBufferRef *allocate(size_t size)
{
    uint8_t *data = pixfer_memory_get(size, ALIGNMENT);
    AVBufferRef *ref = data ? av_buffer_create(data, size, release, NULL, 0) : NULL;
    if (!ref)
        pixfer_memory_free(data);
    return ref;
}

int pixfer_frame_pool_init(struct frame_pool *s, enum AVPixelFormat format, int width, int height)
{
    int bytes = av_image_get_buffer_size(format, width, height, ALIGNMENT);
    if (bytes < 0)
        return bytes;
    s->format = format;
    s->width = width;
    s->height = height;
    s->bytes = (size_t)bytes + 2 * ALIGNMENT;
    s->pool = av_buffer_pool_init(s->bytes, allocate);
    return s->pool ? 0 : AVERROR(ENOMEM);
}

AVFrame *pixfer_frame_pool_get(struct frame_pool *s)
{
    if (s->seal == pixfer_surface_seal)
        return pixfer_surface_get(s);
    AVFrame *frame = av_frame_alloc();
    if (!frame)
        return NULL;
    frame->format = s->format;
    frame->width = s->width;
    frame->height = s->height;
    frame->buf[0] = av_buffer_pool_get(s->pool);
    if (!frame->buf[0]) {
        av_frame_free(&frame);
        return NULL;
    }
    uint8_t *base = frame->buf[0]->data;
    base += -(uintptr_t)base & (ALIGNMENT - 1);
    av_image_fill_arrays(frame->data, frame->linesize, base, s->format, s->width, s->height, ALIGNMENT);
    frame->extended_data = frame->data;
    return frame;
}

void pixfer_frame_pool_free(struct frame_pool *s)
{
    pixfer_surface_close(s);
    av_buffer_pool_uninit(&s->pool);
    av_buffer_unref(&s->surfaces);
    av_buffer_unref(&s->device);
}
#endif

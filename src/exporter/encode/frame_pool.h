/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_EXPORTER_FRAME_POOL_H
#define PIXFER_EXPORTER_FRAME_POOL_H

/* Frames that the encoder reads, and the pools they come from. */

#include <libavutil/buffer.h>
#include <libavutil/frame.h>
#include <pixfer/convert.h>
#include <stdbool.h>

/* How long a frame is shown, in its time base. */
#if LIBAVUTIL_VERSION_MAJOR >= 58
#define FRAME_DURATION(frame) (frame)->duration
#else
#define FRAME_DURATION(frame) (frame)->pkt_duration
#endif

/* Where encoder frames come from. The planes of a frame from get() can be written; seal() is called on the encoder's thread and
 * may replace it by a native surface. A platform whose encoder takes surfaces that the CPU can map gives out mapped surfaces
 * in get() and unmaps them in seal(): the joint for CVPixelBuffer. */
struct frame_pool {
    enum AVPixelFormat format; /* of the planes: NV12 or YUV420P */
    int width, height;         /* even */
    AVBufferPool *pool;
    void *native;                                       /* the platform's own pool of surfaces that the CPU can map; else NULL */
    AVBufferRef *device, *surfaces;                     /* hardware that needs an upload; else NULL */
    size_t bytes;                                       /* of one frame */
    int (*seal)(struct frame_pool *s, AVFrame **frame); /* NULL = the frame is sent as it is */
};

int pixfer_frame_pool_init(struct frame_pool *s, enum AVPixelFormat format, int width, int height);
AVFrame *pixfer_frame_pool_get(struct frame_pool *s);
void pixfer_frame_pool_free(struct frame_pool *s);

/* The same where the CPU can map the encoder's surfaces (surface_pool.c): opening and closing `native`, get() and seal() of such a pool. */
int pixfer_surface_open(struct frame_pool *s);
void pixfer_surface_close(struct frame_pool *s);
AVFrame *pixfer_surface_get(struct frame_pool *s);
int pixfer_surface_seal(struct frame_pool *s, AVFrame **frame);
/* seal() where it cannot: the frame is copied into a surface of the device. */
int pixfer_surface_upload(struct frame_pool *s, AVFrame **frame);
/* Has the hardware converter in charge write a whole frame into the frame's surface. False if that is not how this frame is
 * converted: its planes are then there for pixfer_convert. */
bool pixfer_surface_transfer(struct pixfer_converter *c, const struct pixfer_image *image, AVFrame *frame,
                             enum pixfer_result *result);

#endif

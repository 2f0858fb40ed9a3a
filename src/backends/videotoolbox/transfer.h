/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_SRC_BACKENDS_VIDEOTOOLBOX_TRANSFER_H
#define PIXFER_SRC_BACKENDS_VIDEOTOOLBOX_TRANSFER_H

/* What the backend (bytes in, bytes out) and videotoolbox.h (the system's own frames) share: transfer sessions, one to each
 * thread that is converting, a pool of destinations, and the measurement of what a transfer costs. */

#include <CoreFoundation/CoreFoundation.h>
#include <CoreVideo/CoreVideo.h>
#include <VideoToolbox/VideoToolbox.h>
#include <pthread.h>

#include "../../core/backend.h"
#include "../../core/spotcheck.h"

/* How many transfers, and the seconds they took: on the clock, of the calling threads' CPU time, which is what they cost at least,
 * and of the whole process's, which is what they cost at most. */
struct videotoolbox_cost {
    uint64_t transfers;
    double wall, thread, process;
    double fastest; /* the shortest of them on the clock */
};

struct videotoolbox {
    struct pixfer_backend_config config;
    OSType src, dst;
    CVPixelBufferPoolRef pool;
    CFDictionaryRef threshold; /* tells the pool how many buffers are enough */

    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t changed;
    unsigned made, most, idle_count;
    struct videotoolbox_cost cost;
    bool renewal_logged;

    bool checked; /* frames between surfaces are spot-checked; those of bytes are by converter.c */
    struct pixfer_spotcheck check;
    pthread_mutex_t surface_test; /* guards surfaces_tested */
    bool surfaces_tested;
    VTPixelTransferSessionRef idle[]; /* room for config.threads */
};

/* 0 if CoreVideo has no such format. Range is part of a destination's format. */
OSType pixfer_videotoolbox_src_type(enum pixfer_format format);
OSType pixfer_videotoolbox_dst_type(enum pixfer_format format, enum pixfer_range range);

/* A call has one session from begin to end; *session may be NULL at the end if it could not be renewed. It is taken before anything
 * else that is scarce: who waits for a session holds no buffer that another one waits for. */
enum pixfer_result pixfer_videotoolbox_begin(struct videotoolbox *vt, VTPixelTransferSessionRef *session,
                                             struct pixfer_reason *reason);
void pixfer_videotoolbox_end(struct videotoolbox *vt, VTPixelTransferSessionRef session);

/* Transfers between the system's buffers. On failure dst may hold anything, and reason is set. */
enum pixfer_result pixfer_videotoolbox_transfer(struct videotoolbox *vt, VTPixelTransferSessionRef *session, CVPixelBufferRef src,
                                                CVPixelBufferRef dst, struct pixfer_reason *reason);

/* Transfers the caller's bytes with no copy of them. A frame that is stored bottom-up arrives upside down, which *flipped
 * says; with NULL such frames are refused. When this returns the system has let go of the bytes. */
enum pixfer_result pixfer_videotoolbox_transfer_bytes(struct videotoolbox *vt, VTPixelTransferSessionRef *session,
                                                      const struct pixfer_image *src, CVPixelBufferRef dst, bool *flipped,
                                                      struct pixfer_reason *reason);

/* Attaches what a buffer of this colour is called: matrix, primaries, transfer function and chroma location. Any other description of
 * its colours (a colour space, a profile) is removed: it would contradict or be matched. */
void pixfer_videotoolbox_tag(CVPixelBufferRef buffer, const struct pixfer_color *color);

/* A buffer from the pool of destinations, and one that is like a renderer's surface: of the source's format, with a surface behind it. */
enum pixfer_result pixfer_videotoolbox_take_buffer(const struct videotoolbox *vt, CVPixelBufferRef *buffer,
                                                   struct pixfer_reason *reason);
enum pixfer_result pixfer_videotoolbox_make_source(const struct videotoolbox *vt, CVPixelBufferRef *buffer,
                                                   struct pixfer_reason *reason);

/* Makes a session; on failure there is none. */
OSStatus pixfer_videotoolbox_session_create(const struct videotoolbox *vt, VTPixelTransferSessionRef *session);
void pixfer_videotoolbox_session_destroy(VTPixelTransferSessionRef session);

/* Describes a buffer that is locked as a frame of these dimensions, after checking that it is one. */
enum pixfer_result pixfer_videotoolbox_describe(CVPixelBufferRef buffer, enum pixfer_format format, uint32_t width,
                                                uint32_t height, struct pixfer_image *image, struct pixfer_reason *reason);

#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_TESTS_SWS_COMMON_H
#define PIXFER_TESTS_SWS_COMMON_H

#include <libavutil/frame.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>
#include <pixfer/pixfer.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Plain libswscale, past the drop-in that this program is linked against first. */
struct plain {
    struct SwsContext *(*getContext)(int, int, enum AVPixelFormat, int, int, enum AVPixelFormat, int, SwsFilter *, SwsFilter *,
                                     const double *);
    int (*init_context)(struct SwsContext *, SwsFilter *, SwsFilter *);
    void (*freeContext)(struct SwsContext *);
    int (*setColorspaceDetails)(struct SwsContext *, const int[4], int, const int[4], int, int, int, int);
    int (*scale)(struct SwsContext *, const uint8_t *const[], const int[], int, int, uint8_t *const[], const int[]);
    int (*scale_frame)(struct SwsContext *, AVFrame *, const AVFrame *);
    int (*frame_start)(struct SwsContext *, AVFrame *, const AVFrame *);
    int (*send_slice)(struct SwsContext *, unsigned, unsigned);
    int (*receive_slice)(struct SwsContext *, unsigned, unsigned);
    void (*frame_end)(struct SwsContext *);
};
extern struct plain plain;
void plain_open(void);

/* A frame in memory of its own: every plane by itself, rows padded. */
struct frame {
    enum AVPixelFormat format;
    int width, height;
    int rows[4], row_bytes[4];
    uint8_t *memory[4];
    uint8_t *data[4];
    int stride[4];
};

/* Bytes of the seed; 0 for a pattern that no conversion leaves in place. */
struct frame frame_make(enum AVPixelFormat format, int width, int height, unsigned seed);
void frame_free(struct frame *frame);

/* The same rows, described from the last to the first. */
void frame_flip(struct frame *frame);
bool frame_equal(const struct frame *a, const struct frame *b);
#define assert_frames_equal(a, b) assert_true(frame_equal(a, b))
#define assert_frames_differ(a, b) assert_false(frame_equal(a, b))

/* What a conversion asks for; matrix 0 is what libswscale does of itself: BT.601. */
struct ask {
    int width, height;
    enum AVPixelFormat from, to;
    int flags; /* 0 is SWS_BICUBIC */
    enum pixfer_siting siting;
    enum pixfer_matrix matrix;
    enum pixfer_range range;
    const char *option; /* one more, with its value */
    int64_t value;
};

/* 66 x 35 of RGBA to NV12 with chroma in the middle, but for the members named. */
#pragma GCC diagnostic ignored "-Woverride-init"
#define ASK(...)   \
    ((struct ask){ \
        .width = 66, .height = 35, .from = AV_PIX_FMT_RGBA, .to = AV_PIX_FMT_NV12, .siting = PIXFER_SITING_CENTER, __VA_ARGS__})
#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* A context made by sws_alloc_context and sws_init_context, seen by the drop-in or not. */
struct SwsContext *open_seen(const struct ask *ask);
struct SwsContext *open_plain(const struct ask *ask);

/* What pixfer makes of it, and what libswscale does. */
void by_pixfer(const struct ask *ask, const struct frame *src, struct frame *dst);
void by_plain(const struct ask *ask, const struct frame *src, struct frame *dst);
enum pixfer_format pixfer_format_of(enum AVPixelFormat format);

/* sws_scale of a whole frame. */
int scale_whole(struct SwsContext *c, const struct frame *src, struct frame *dst);

#endif

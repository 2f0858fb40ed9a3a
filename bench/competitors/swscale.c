/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#if PIXFER_WITH_SWSCALE
#include <libavutil/frame.h>
#include <libavutil/opt.h>
#include <libswscale/swscale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../contender.h"

/* bicubic is what the ffmpeg program uses unless told otherwise, fast_bilinear the quickest that swscale has, accurate the
 * flags that people set to get the colours right. Matrix, range and siting are set properly on all of them. */
static const struct {
    const char *name;
    int flags;
} choices[] = {{"fast_bilinear", SWS_FAST_BILINEAR},
               {"bicubic", SWS_BICUBIC},
               {"accurate", SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INP}};

static const char *const *variants(void)
{
    static const char *const names[] = {"fast_bilinear", "bicubic", "accurate", NULL};
    return names;
}

struct swscale {
    struct SwsContext *context;
    AVFrame *src, *dst;
};

static void close_swscale(void *state)
{
    struct swscale *s = state;
    if (!s)
        return;
    sws_freeContext(s->context);
    av_frame_free(&s->src);
    av_frame_free(&s->dst);
    free(s);
}

static int flags_of(const char *variant)
{
    size_t i = 0;
    while (strcmp(choices[i].name, variant))
        i++;
    return choices[i].flags;
}

/* Positions are in 1/256 of a luma pixel. */
static void set_options(struct SwsContext *context, const struct contender_job *job, int flags)
{
    int horizontal = job->siting == PIXFER_SITING_CENTER ? 128 : 0, vertical = job->siting == PIXFER_SITING_TOP_LEFT ? 0 : 128;
    av_opt_set_int(context, "srcw", job->width, 0);
    av_opt_set_int(context, "srch", job->height, 0);
    av_opt_set_int(context, "dstw", job->width, 0);
    av_opt_set_int(context, "dsth", job->height, 0);
    av_opt_set_int(context, "src_format", AV_PIX_FMT_RGBA, 0);
    av_opt_set_int(context, "dst_format", AV_PIX_FMT_NV12, 0);
    av_opt_set_int(context, "dst_h_chr_pos", horizontal, 0);
    av_opt_set_int(context, "dst_v_chr_pos", vertical, 0);
    av_opt_set_int(context, "sws_flags", flags, 0);
    av_opt_set_int(context, "threads", job->threads, 0);
}

static bool open_context(struct SwsContext *context, const struct contender_job *job, int flags)
{
    const int *rgb = sws_getCoefficients(SWS_CS_DEFAULT), *bt709 = sws_getCoefficients(SWS_CS_ITU709);
    set_options(context, job, flags);
    return sws_init_context(context, NULL, NULL) >= 0 &&
           sws_setColorspaceDetails(context, rgb, 1, bt709, 0, 0, 1 << 16, 1 << 16) >= 0;
}

static bool open_swscale(void **state, const struct contender_job *job, const char *variant, struct contender_reason *reason)
{
    struct swscale *s = calloc(1, sizeof(*s));
    if (!s || !(s->context = sws_alloc_context()) || !(s->src = av_frame_alloc()) || !(s->dst = av_frame_alloc()) ||
        !open_context(s->context, job, flags_of(variant))) {
        snprintf(reason->text, sizeof(reason->text), "swscale refuses %s with %u threads", variant, job->threads);
        close_swscale(s);
        return false;
    }
    *state = s;
    return true;
}

static void no_free(void *opaque, uint8_t *data)
{
    (void)opaque;
    (void)data;
}

/* sws_scale_frame is the call that uses threads; it wants counted references, which here count nothing. */
static bool wrap(AVFrame *frame, int format, const struct pixfer_image *image, unsigned planes)
{
    frame->format = format;
    frame->width = (int)image->width;
    frame->height = (int)image->height;
    for (unsigned i = 0; i < planes; i++) {
        frame->data[i] = image->plane[i];
        frame->linesize[i] = (int)image->stride[i];
    }
    frame->buf[0] = av_buffer_create(image->plane[0], 1, no_free, NULL, 0);
    return frame->buf[0] != NULL;
}

static void run(void *state, const struct pixfer_image *src, const struct pixfer_image *dst)
{
    struct swscale *s = state;
    if (wrap(s->src, AV_PIX_FMT_RGBA, src, 1) && wrap(s->dst, AV_PIX_FMT_NV12, dst, 2))
        sws_scale_frame(s->context, s->dst, s->src);
    av_frame_unref(s->src);
    av_frame_unref(s->dst);
}

const struct contender_kind contender_swscale = {.name = "swscale",
                                                 .variants = variants,
                                                 .matrix = PIXFER_MATRIX_BT709,
                                                 .converts = true,
                                                 .open = open_swscale,
                                                 .run = run,
                                                 .close = close_swscale};
#else
typedef int pixfer_no_swscale; /* ISO C has no empty source files */
#endif

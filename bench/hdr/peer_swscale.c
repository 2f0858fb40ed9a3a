/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#if PIXFER_WITH_SWSCALE
#include <libavutil/opt.h>
#include <libavutil/pixfmt.h>
#include <libswscale/swscale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hdr.h"

struct state {
    struct SwsContext *context;
    struct pixfer_image src, dst;
};

static const struct {
    const char *name;
    int flags;
} choices[] = {{"bicubic", SWS_BICUBIC}, {"accurate", SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INP}};

static const char *const *variants(void)
{
    static const char *const names[] = {"bicubic", "accurate", NULL};
    return names;
}

static void close_swscale(void *opaque)
{
    struct state *s = opaque;
    sws_freeContext(s->context);
    frame_close(&s->src);
    frame_close(&s->dst);
    free(s);
}

static int av_format(enum pixfer_format format)
{
    return format == PIXFER_FORMAT_RGBA      ? AV_PIX_FMT_RGBA
           : format == PIXFER_FORMAT_RGB10A2 ? AV_PIX_FMT_X2BGR10
                                             : AV_PIX_FMT_RGBA64;
}

static bool open_context(struct SwsContext *context, const struct job *job, int flags)
{
    const struct path *path = job->path;
    const int *rgb = sws_getCoefficients(SWS_CS_DEFAULT);
    const int *to = sws_getCoefficients(path->matrix == PIXFER_MATRIX_BT709 ? SWS_CS_ITU709 : SWS_CS_BT2020);
    av_opt_set_int(context, "srcw", job->width, 0);
    av_opt_set_int(context, "srch", job->height, 0);
    av_opt_set_int(context, "dstw", job->width, 0);
    av_opt_set_int(context, "dsth", job->height, 0);
    av_opt_set_int(context, "src_format", av_format(path->src), 0);
    av_opt_set_int(context, "dst_format", job->dst == path->dst ? AV_PIX_FMT_P010 : AV_PIX_FMT_YUV444P10, 0);
    if (job->dst == path->dst) { /* siting left; 4:4:4 would be moved by it */
        av_opt_set_int(context, "dst_h_chr_pos", 0, 0);
        av_opt_set_int(context, "dst_v_chr_pos", 128, 0);
    }
    av_opt_set_int(context, "sws_flags", flags, 0);
    av_opt_set(context, "sws_dither", "none", 0);
    av_opt_set_int(context, "threads", 1, 0);
    return sws_init_context(context, NULL, NULL) >= 0 &&
           sws_setColorspaceDetails(context, rgb, 1, to, 0, 0, 1 << 16, 1 << 16) >= 0;
}

static bool open_swscale(void **state, const struct job *job, const char *variant, struct reason *reason)
{
    const int flags = choices[strcmp(variant, choices[0].name) != 0].flags;
    struct state *s = NULL;
    if (job->path->transfer) {
        snprintf(reason->text, sizeof reason->text, "it takes R'G'B' only");
        return false;
    }
    if (!(s = calloc(1, sizeof *s)) || !frame_open(&s->src, job->path->src, job->width, job->height) ||
        !frame_open(&s->dst, job->dst, job->width, job->height) || !(s->context = sws_alloc_context()) ||
        !open_context(s->context, job, flags)) {
        snprintf(reason->text, sizeof reason->text, "it refuses this");
        if (s)
            close_swscale(s);
        return false;
    }
    *state = s;
    return true;
}

static bool give(void *opaque, const struct pixfer_image *src)
{
    struct state *s = opaque;
    frame_copy(src, &s->src);
    return true;
}

static bool run(void *opaque)
{
    struct state *s = opaque;
    const uint8_t *from[4] = {s->src.plane[0]};
    uint8_t *to[4] = {s->dst.plane[0], s->dst.plane[1], s->dst.plane[2]};
    const int from_stride[4] = {(int)s->src.stride[0]};
    const int to_stride[4] = {(int)s->dst.stride[0], (int)s->dst.stride[1], (int)s->dst.stride[2]};
    const int height = (int)s->src.height;
    return sws_scale(s->context, from, from_stride, 0, height, to, to_stride) == height;
}

static bool take(void *opaque, const struct pixfer_image *dst)
{
    struct state *s = opaque;
    frame_copy(&s->dst, dst);
    return true;
}

const char *swscale_name(void)
{
    static char name[64];
    const unsigned version = swscale_version();
    snprintf(name, sizeof name, "libswscale %u.%u.%u", version >> 16, version >> 8 & 255, version & 255);
    return name;
}

const struct peer peer_swscale = {.name = "swscale",
                                  .variants = variants,
                                  .timed = true,
                                  .open = open_swscale,
                                  .give = give,
                                  .run = run,
                                  .take = take,
                                  .close = close_swscale};
#else
const char *swscale_name(void);
const char *swscale_name(void)
{
    return 0;
}
#endif

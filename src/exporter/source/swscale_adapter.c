/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include <libavutil/imgutils.h>
#include <libavutil/pixdesc.h>
#include <stdbool.h>
#include <stdlib.h>

#include "swscale_adapter.h"

/* Frames that are neither RGB the converter knows nor NV12 or I420 (palettes, grey, 16-bit RGB, 4:4:4, 10-bit) are brought there
 * by libswscale where it is built in: such inputs are rare, and unpacking them is no conversion worth writing twice. */
#ifdef PIXFER_WITH_SWSCALE
#include <libswscale/swscale.h>

struct adapter {
    struct SwsContext *sws;
};

enum AVPixelFormat pixfer_adapter_target(enum AVPixelFormat format, const struct source_host *host)
{
    const AVPixFmtDescriptor *d = av_pix_fmt_desc_get(format);
    const bool deep = host && host->deep, full = host && host->full;
    if (!d || (d->flags & AV_PIX_FMT_FLAG_HWACCEL) || !sws_isSupportedInput(format))
        return AV_PIX_FMT_NONE;
    switch (format) { /* the same 16-bit words in another order, which libswscale only moves */
    case AV_PIX_FMT_RGB48LE:
    case AV_PIX_FMT_RGB48BE:
    case AV_PIX_FMT_BGR48LE:
    case AV_PIX_FMT_BGR48BE:
    case AV_PIX_FMT_RGBA64LE:
    case AV_PIX_FMT_RGBA64BE:
    case AV_PIX_FMT_BGRA64LE:
    case AV_PIX_FMT_BGRA64BE:
        return AV_PIX_FMT_RGBA64;
    default:
        break;
    }
    if (host && host->alpha && d->flags & AV_PIX_FMT_FLAG_ALPHA)
        return d->comp[0].depth > 8 ? AV_PIX_FMT_RGBA64 : AV_PIX_FMT_RGBA;
    bool rgb = (d->flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL)) || d->nb_components <= 2;
    if (!rgb && deep && d->comp[0].depth > 8)
        return full ? AV_PIX_FMT_YUV444P10 : AV_PIX_FMT_YUV420P10;
    return rgb ? AV_PIX_FMT_RGBA : full ? AV_PIX_FMT_YUV444P : AV_PIX_FMT_YUV420P;
}

/* Same matrix and range on both sides: samples move, colours stay. To RGB it is the frame's. */
static int keep_colours(struct SwsContext *sws, const AVFrame *frame, bool to_rgb)
{
    const int *table = sws_getCoefficients(frame->colorspace == AVCOL_SPC_UNSPECIFIED ? SWS_CS_DEFAULT : (int)frame->colorspace);
    int full = frame->color_range == AVCOL_RANGE_JPEG;
    return sws_setColorspaceDetails(sws, table, full, table, to_rgb || full, 0, 1 << 16, 1 << 16);
}

/* Y'CbCr, not grey. */
static bool has_colours(enum AVPixelFormat format)
{
    const AVPixFmtDescriptor *d = av_pix_fmt_desc_get(format);
    return d && !(d->flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL)) && d->nb_components > 2;
}

int pixfer_adapt(struct adapter **adapter, AVFrame **frame, enum AVPixelFormat target, bool portable)
{
    AVFrame *in = *frame, *out = av_frame_alloc();
    if (!*adapter)
        *adapter = calloc(1, sizeof(**adapter));
    if (!out || !*adapter)
        goto fail;
    struct SwsContext *sws = (*adapter)->sws = sws_getCachedContext(
        (*adapter)->sws, in->width, in->height, (enum AVPixelFormat)in->format, in->width, in->height, target,
        SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | (portable ? SWS_BITEXACT : 0), NULL, NULL, NULL);
    out->format = target;
    out->width = in->width;
    out->height = in->height;
    if (!sws || av_frame_get_buffer(out, 0) < 0 || av_frame_copy_props(out, in) < 0)
        goto fail;
    const bool to_rgb = target == AV_PIX_FMT_RGBA || target == AV_PIX_FMT_RGBA64;
    if (!to_rgb || has_colours((enum AVPixelFormat)in->format))
        keep_colours(sws, in, to_rgb);
    if (sws_scale(sws, (const uint8_t *const *)in->data, in->linesize, 0, in->height, out->data, out->linesize) != in->height)
        goto fail;
    av_frame_free(frame);
    *frame = out;
    return 0;
fail:
    av_frame_free(&out);
    return AVERROR(ENOMEM);
}

void pixfer_adapter_free(struct adapter **adapter)
{
    if (*adapter)
        sws_freeContext((*adapter)->sws);
    free(*adapter);
    *adapter = NULL;
}
#else
enum AVPixelFormat pixfer_adapter_target(enum AVPixelFormat format, const struct source_host *host)
{
    (void)format, (void)host;
    return AV_PIX_FMT_NONE;
}

int pixfer_adapt(struct adapter **adapter, AVFrame **frame, enum AVPixelFormat target, bool portable)
{
    (void)adapter, (void)frame, (void)target, (void)portable;
    return AVERROR(ENOSYS);
}

void pixfer_adapter_free(struct adapter **adapter)
{
    (void)adapter;
}
#endif
#endif

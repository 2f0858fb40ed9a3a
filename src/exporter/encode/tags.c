/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include <libavutil/pixdesc.h>
#include <stdio.h>

#include "tags.h"

/* The H.273 numbers that belong together: FFmpeg's enums carry the same ones. */
static const struct {
    enum pixfer_matrix matrix;
    enum AVColorPrimaries primaries;
    enum AVColorTransferCharacteristic transfer;
} companions[] = {
    {PIXFER_MATRIX_BT709, AVCOL_PRI_BT709, AVCOL_TRC_BT709},
    {PIXFER_MATRIX_BT601, AVCOL_PRI_SMPTE170M, AVCOL_TRC_SMPTE170M},
    {PIXFER_MATRIX_SMPTE240M, AVCOL_PRI_SMPTE240M, AVCOL_TRC_SMPTE240M},
    {PIXFER_MATRIX_BT2020_NCL, AVCOL_PRI_BT2020, AVCOL_TRC_BT2020_10},
};

struct tags pixfer_tags_make(const struct pixfer_color *color, int primaries, int transfer)
{
    size_t i = sizeof(companions) / sizeof(*companions) - 1;
    while (i > 0 && companions[i].matrix != color->matrix)
        i--;
    return (struct tags){
        .matrix = (enum AVColorSpace)companions[i].matrix,
        .primaries = primaries ? (enum AVColorPrimaries)primaries : companions[i].primaries,
        .transfer = transfer ? (enum AVColorTransferCharacteristic)transfer : companions[i].transfer,
        .range = color->range == PIXFER_RANGE_FULL ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG,
        .location = (enum AVChromaLocation)(color->siting + 1), /* AVCHROMA_LOC_x = chroma_sample_loc_type + 1 */
    };
}

struct tags pixfer_tags_over(const struct tags *tags, int primaries, int transfer)
{
    struct tags over = *tags;
    if (primaries)
        over.primaries = (enum AVColorPrimaries)primaries;
    if (transfer)
        over.transfer = (enum AVColorTransferCharacteristic)transfer;
    return over;
}

bool pixfer_tags_is_hdr(int transfer)
{
    return transfer == AVCOL_TRC_SMPTE2084 || transfer == AVCOL_TRC_ARIB_STD_B67;
}

void pixfer_tags_to_frame(const struct tags *tags, AVFrame *frame)
{
    frame->colorspace = tags->matrix;
    frame->color_primaries = tags->primaries;
    frame->color_trc = tags->transfer;
    frame->color_range = tags->range;
    frame->chroma_location = tags->location;
}

void pixfer_tags_to_codec(const struct tags *tags, AVCodecContext *codec)
{
    codec->colorspace = tags->matrix;
    codec->color_primaries = tags->primaries;
    codec->color_trc = tags->transfer;
    codec->color_range = tags->range;
    codec->chroma_sample_location = tags->location;
}

static const char *or_unknown(const char *name)
{
    return name ? name : "unknown";
}

void pixfer_tags_describe(const struct tags *tags, char *text, size_t size)
{
    snprintf(text, size, "matrix %s, range %s, primaries %s, transfer %s, siting %s",
             or_unknown(av_color_space_name(tags->matrix)), or_unknown(av_color_range_name(tags->range)),
             or_unknown(av_color_primaries_name(tags->primaries)), or_unknown(av_color_transfer_name(tags->transfer)),
             or_unknown(av_chroma_location_name(tags->location)));
}

/* RGB0 and the like are the same bytes. */
static const struct {
    enum pixfer_format format;
    enum AVPixelFormat av;
} formats[] = {
    {PIXFER_FORMAT_RGBA, AV_PIX_FMT_RGBA},
    {PIXFER_FORMAT_RGBA, AV_PIX_FMT_RGB0},
    {PIXFER_FORMAT_BGRA, AV_PIX_FMT_BGRA},
    {PIXFER_FORMAT_BGRA, AV_PIX_FMT_BGR0},
    {PIXFER_FORMAT_ARGB, AV_PIX_FMT_ARGB},
    {PIXFER_FORMAT_ARGB, AV_PIX_FMT_0RGB},
    {PIXFER_FORMAT_ABGR, AV_PIX_FMT_ABGR},
    {PIXFER_FORMAT_ABGR, AV_PIX_FMT_0BGR},
    {PIXFER_FORMAT_RGB24, AV_PIX_FMT_RGB24},
    {PIXFER_FORMAT_BGR24, AV_PIX_FMT_BGR24},
    {PIXFER_FORMAT_GBRP, AV_PIX_FMT_GBRP},
    {PIXFER_FORMAT_NV12, AV_PIX_FMT_NV12},
    {PIXFER_FORMAT_NV21, AV_PIX_FMT_NV21},
    {PIXFER_FORMAT_I420, AV_PIX_FMT_YUV420P},
    {PIXFER_FORMAT_I420, AV_PIX_FMT_YUVJ420P},
    {PIXFER_FORMAT_P010, AV_PIX_FMT_P010},
    {PIXFER_FORMAT_I444, AV_PIX_FMT_YUV444P},
    {PIXFER_FORMAT_I444, AV_PIX_FMT_YUVJ444P},
    {PIXFER_FORMAT_NV24, AV_PIX_FMT_NV24},
    {PIXFER_FORMAT_I422, AV_PIX_FMT_YUV422P},
    {PIXFER_FORMAT_I422, AV_PIX_FMT_YUVJ422P},
    {PIXFER_FORMAT_NV16, AV_PIX_FMT_NV16},
    {PIXFER_FORMAT_I010, AV_PIX_FMT_YUV420P10},
    {PIXFER_FORMAT_I410, AV_PIX_FMT_YUV444P10},
    {PIXFER_FORMAT_P016, AV_PIX_FMT_P016},
    {PIXFER_FORMAT_RGBA64, AV_PIX_FMT_RGBA64},
    {PIXFER_FORMAT_RGB10A2, AV_PIX_FMT_X2BGR10},
    {PIXFER_FORMAT_BGR10A2, AV_PIX_FMT_X2RGB10},
    /* the alpha plane comes last, and is ignored */
    {PIXFER_FORMAT_GBRP10, AV_PIX_FMT_GBRP10},
    {PIXFER_FORMAT_GBRP10, AV_PIX_FMT_GBRAP10},
    {PIXFER_FORMAT_GBRP12, AV_PIX_FMT_GBRP12},
    {PIXFER_FORMAT_GBRP12, AV_PIX_FMT_GBRAP12},
    {PIXFER_FORMAT_GBRP16, AV_PIX_FMT_GBRP16},
    {PIXFER_FORMAT_GBRP16, AV_PIX_FMT_GBRAP16},
    {PIXFER_FORMAT_GBRPF32, AV_PIX_FMT_GBRPF32},
    {PIXFER_FORMAT_GBRPF32, AV_PIX_FMT_GBRAPF32},
};

enum pixfer_format pixfer_from_av_format(enum AVPixelFormat format)
{
    for (size_t i = 0; i < sizeof(formats) / sizeof(*formats); i++)
        if (formats[i].av == format)
            return formats[i].format;
    return PIXFER_FORMAT_NONE;
}
#endif

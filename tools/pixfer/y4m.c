/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "y4m.h"

bool y4m_takes(enum pixfer_format format)
{
    return format == PIXFER_FORMAT_I420 || format == PIXFER_FORMAT_I422 || format == PIXFER_FORMAT_I444;
}

/* The names are those of mjpegtools and FFmpeg: 420mpeg2 is left, 420jpeg centre; 420paldv is read as top-left by FFmpeg, x264
 * and zimg, though PAL DV proper puts Cb and Cr on alternate rows. */
static const char *colourspace(const struct pixfer_converter_params *params)
{
    if (params->dst_format == PIXFER_FORMAT_I444)
        return "444";
    if (params->dst_format == PIXFER_FORMAT_I422)
        return "422";
    switch (params->color.siting) {
    case PIXFER_SITING_CENTER:
        return "420jpeg";
    case PIXFER_SITING_TOP_LEFT:
        return "420paldv";
    default:
        return "420mpeg2";
    }
}

size_t y4m_header(char header[Y4M_HEADER_SIZE], const struct pixfer_converter_params *params, struct rational rate)
{
    return (size_t)snprintf(header, Y4M_HEADER_SIZE, "YUV4MPEG2 W%u H%u F%u:%u Ip A1:1 C%s XCOLORRANGE=%s\n", params->width,
                            params->height, rate.num, rate.den, colourspace(params),
                            params->color.range == PIXFER_RANGE_FULL ? "FULL" : "LIMITED");
}

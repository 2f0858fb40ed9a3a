/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* Part of a program that knows of no libswscale until it loads this module, and then keeps it to itself, as interpreters do with
 * their extensions. Converts one grey frame. */

#include <libswscale/swscale.h>

int convert(uint8_t *luma, int width, int height, const uint8_t *rgba);

int convert(uint8_t *luma, int width, int height, const uint8_t *rgba)
{
    struct SwsContext *c =
        sws_getContext(width, height, AV_PIX_FMT_RGBA, width, height, AV_PIX_FMT_YUV444P, SWS_BICUBIC, NULL, NULL, NULL);
    const uint8_t *const src[4] = {rgba};
    uint8_t *const dst[4] = {luma, luma + width * height, luma + 2 * width * height};
    const int src_stride[4] = {4 * width}, dst_stride[4] = {width, width, width};
    int rows;

    if (!c)
        return -1;
    rows = sws_scale(c, src, src_stride, 0, height, dst, dst_stride);
    sws_freeContext(c);
    return rows;
}

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* A second library with the functions of libswscale, under another name: each caller has to get its own. */

#include <libswscale/swscale.h>

static int anything;

struct SwsContext *sws_getContext(int srcW, int srcH, enum AVPixelFormat srcFormat, int dstW, int dstH,
                                  enum AVPixelFormat dstFormat, int flags, SwsFilter *srcFilter, SwsFilter *dstFilter,
                                  const double *param)
{
    (void)srcW, (void)srcH, (void)srcFormat, (void)dstW, (void)dstH, (void)dstFormat, (void)flags;
    (void)srcFilter, (void)dstFilter, (void)param;
    return (struct SwsContext *)&anything;
}

struct SwsContext *sws_getCachedContext(struct SwsContext *context, int srcW, int srcH, enum AVPixelFormat srcFormat, int dstW,
                                        int dstH, enum AVPixelFormat dstFormat, int flags, SwsFilter *srcFilter,
                                        SwsFilter *dstFilter, const double *param)
{
    (void)context;
    return sws_getContext(srcW, srcH, srcFormat, dstW, dstH, dstFormat, flags, srcFilter, dstFilter, param);
}

int sws_init_context(struct SwsContext *c, SwsFilter *srcFilter, SwsFilter *dstFilter)
{
    (void)c, (void)srcFilter, (void)dstFilter;
    return 0;
}

void sws_freeContext(struct SwsContext *c)
{
    (void)c;
}

int sws_setColorspaceDetails(struct SwsContext *c, const int inv_table[4], int srcRange, const int table[4], int dstRange,
                             int brightness, int contrast, int saturation)
{
    (void)c, (void)inv_table, (void)srcRange, (void)table, (void)dstRange, (void)brightness, (void)contrast, (void)saturation;
    return 0;
}

int sws_scale(struct SwsContext *c, const uint8_t *const srcSlice[], const int srcStride[], int srcSliceY, int srcSliceH,
              uint8_t *const dst[], const int dstStride[])
{
    (void)srcSlice, (void)srcStride, (void)srcSliceY, (void)srcSliceH, (void)dst, (void)dstStride;
    return c == (struct SwsContext *)&anything ? 4711 : -1;
}

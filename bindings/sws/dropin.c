/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* The functions of libswscale that stand before the real ones. Each asks the real library; what converts asks pixfer first, where the
 * context is one that pixfer does exactly. */

#include <errno.h>

#include "context.h"

#define API __attribute__((visibility("default")))
#define CALLER __builtin_return_address(0)
#define NO_LIBRARY (-ENOSYS) /* AVERROR(ENOSYS) */

/* Calls that the real library makes to itself are its own business. Most of its builds do not let them be seen here. */
static _Thread_local int inside;

/* The library that made a context; where that was not seen, the caller's. */
static const struct real *real_of(const struct context *context, const void *caller)
{
    return context ? context->real : real_for(caller);
}

static struct context *find(const struct SwsContext *key)
{
    return inside ? NULL : pixfer_sws_find(key);
}

/* ---- Making and freeing ---- */

API struct SwsContext *sws_getContext(int srcW, int srcH, enum AVPixelFormat srcFormat, int dstW, int dstH,
                                      enum AVPixelFormat dstFormat, int flags, SwsFilter *srcFilter, SwsFilter *dstFilter,
                                      const double *param)
{
    const struct real *real = real_for(CALLER);
    struct SwsContext *c;

    if (!real)
        return NULL;
    inside++;
    c = real->getContext(srcW, srcH, srcFormat, dstW, dstH, dstFormat, flags, srcFilter, dstFilter, param);
    inside--;
    if (!inside)
        pixfer_sws_add(c, real, srcFilter || dstFilter);
    return c;
}

API int sws_init_context(struct SwsContext *c, SwsFilter *srcFilter, SwsFilter *dstFilter)
{
    const struct real *real = real_for(CALLER);
    int result;

    if (!real)
        return NO_LIBRARY;
    if (!inside)
        pixfer_sws_free(pixfer_sws_take_out(c));
    inside++;
    result = real->init_context(c, srcFilter, dstFilter);
    inside--;
    if (!inside && result >= 0)
        pixfer_sws_add(c, real, srcFilter || dstFilter);
    return result;
}

API struct SwsContext *sws_getCachedContext(struct SwsContext *context, int srcW, int srcH, enum AVPixelFormat srcFormat,
                                            int dstW, int dstH, enum AVPixelFormat dstFormat, int flags, SwsFilter *srcFilter,
                                            SwsFilter *dstFilter, const double *param)
{
    struct context *old = inside ? NULL : pixfer_sws_take_out(context);
    const struct real *real = real_of(old, CALLER);
    const bool filtered = srcFilter || dstFilter;
    struct SwsContext *c;

    if (!real)
        return NULL;
    inside++;
    c = real->getCachedContext(context, srcW, srcH, srcFormat, dstW, dstH, dstFormat, flags, srcFilter, dstFilter, param);
    inside--;
    if (inside)
        return c;
    /* Where it is the same context, or one just like it at the same address, the converter stays. Filters nobody can see: one that may
     * have them counts as one that has. */
    if (old && c == context && (old->filtered || !filtered) && pixfer_sws_same_making(old)) {
        old->changed = true;
        pixfer_sws_put_back(old);
        return c;
    }
    pixfer_sws_free(old);
    pixfer_sws_add(c, real, filtered);
    return c;
}

API void sws_freeContext(struct SwsContext *c)
{
    struct context *context = inside ? NULL : pixfer_sws_take_out(c);
    const struct real *real = real_of(context, CALLER);

    pixfer_sws_free(context);
    if (real)
        real->freeContext(c);
}

API void sws_free_context(struct SwsContext **c)
{
    struct context *context = inside || !c ? NULL : pixfer_sws_take_out(*c);
    const struct real *real = real_of(context, CALLER);

    pixfer_sws_free(context);
    if (real && real->free_context)
        real->free_context(c);
}

/* ---- Colours ---- */

API int sws_setColorspaceDetails(struct SwsContext *c, const int inv_table[4], int srcRange, const int table[4], int dstRange,
                                 int brightness, int contrast, int saturation)
{
    struct context *context = find(c);
    const struct real *real = real_of(context, CALLER);
    int result;

    if (!real)
        return NO_LIBRARY;
    inside++;
    result = real->setColorspaceDetails(c, inv_table, srcRange, table, dstRange, brightness, contrast, saturation);
    inside--;
    if (context)
        context->changed = true;
    return result;
}

/* ---- Converting ---- */

API int sws_scale(struct SwsContext *c, const uint8_t *const srcSlice[], const int srcStride[], int srcSliceY, int srcSliceH,
                  uint8_t *const dst[], const int dstStride[])
{
    struct context *context = find(c);
    const struct real *real = real_of(context, CALLER);
    int result;

    if (!real)
        return NO_LIBRARY;
    if (context) {
        result = pixfer_sws_scale(context, srcSlice, srcStride, srcSliceY, srcSliceH, dst, dstStride);
        if (result != NOT_TAKEN)
            return result;
    }
    inside++;
    result = real->scale(c, srcSlice, srcStride, srcSliceY, srcSliceH, dst, dstStride);
    inside--;
    if (context && result >= 0)
        pixfer_sws_scaled(context, srcSliceY, srcSliceH);
    return result;
}

API int sws_frame_start(struct SwsContext *c, AVFrame *dst, const AVFrame *src)
{
    struct context *context = find(c);
    const struct real *real = real_of(context, CALLER);
    int result;

    if (!real || !real->frame_start)
        return NO_LIBRARY;
    result = real->frame_start(c, dst, src);
    if (context && result >= 0)
        pixfer_sws_frame_start(context, dst, src);
    return result;
}

API int sws_send_slice(struct SwsContext *c, unsigned slice_start, unsigned slice_height)
{
    struct context *context = find(c);
    const struct real *real = real_of(context, CALLER);
    int result;

    if (!real || !real->send_slice)
        return NO_LIBRARY;
    result = real->send_slice(c, slice_start, slice_height);
    if (context && result >= 0)
        pixfer_sws_sent(context, slice_start, slice_height);
    return result;
}

API int sws_receive_slice(struct SwsContext *c, unsigned slice_start, unsigned slice_height)
{
    struct context *context = find(c);
    const struct real *real = real_of(context, CALLER);
    int result = context ? pixfer_sws_receive(context, slice_start, slice_height) : NOT_TAKEN;

    if (!real || !real->receive_slice)
        return NO_LIBRARY;
    if (result == NOT_TAKEN) {
        inside++;
        result = real->receive_slice(c, slice_start, slice_height);
        inside--;
    }
    return result;
}

API void sws_frame_end(struct SwsContext *c)
{
    struct context *context = find(c);
    const struct real *real = real_of(context, CALLER);

    if (context)
        pixfer_sws_frame_end(context);
    if (real && real->frame_end)
        real->frame_end(c);
}

API int sws_scale_frame(struct SwsContext *c, AVFrame *dst, const AVFrame *src)
{
    struct context *context = find(c);
    const struct real *real = real_of(context, CALLER);
    int result;

    if (!real || !real->scale_frame)
        return NO_LIBRARY;
    if (!context && !inside && c) {
        pixfer_sws_add_uninitialised(c, real);
        context = find(c);
    }
    inside++;
    if (context && dst && src && pixfer_sws_ready(context) && real->frame_start)
        result = pixfer_sws_scale_frame(context, dst, src);
    else
        result = real->scale_frame(c, dst, src);
    inside--;
    return result;
}

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#if PIXFER_WITH_LIBYUV
#include <libyuv/convert_from_argb.h>
#include <libyuv/version.h>

#include "../contender.h"
#include "../pool.h"

#define STRING_OF(x) #x
#define STRING(x) STRING_OF(x)

/* libyuv names formats by the order of the letters in a little-endian word: its ABGR is R, G, B, A in memory. This call knows
 * BT.601 limited range and centre siting only, and no threads. */
static void slice(void *opaque, const struct pixfer_image *src, const struct pixfer_image *dst, uint32_t first, uint32_t count)
{
    (void)opaque;
    ABGRToNV12(src->plane[0] + (ptrdiff_t)first * src->stride[0], (int)src->stride[0],
               dst->plane[0] + (ptrdiff_t)first * dst->stride[0], (int)dst->stride[0],
               dst->plane[1] + (ptrdiff_t)(first / 2) * dst->stride[1], (int)dst->stride[1], (int)src->width, (int)count);
}

static const char *const *variants(void)
{
    static const char *const names[] = {"r" STRING(LIBYUV_VERSION), NULL};
    return names;
}

static bool open_libyuv(void **state, const struct contender_job *job, const char *variant, struct contender_reason *reason)
{
    (void)variant;
    (void)reason;
    *state = pool_open(job->threads, slice, NULL);
    return *state != NULL;
}

static void run(void *state, const struct pixfer_image *src, const struct pixfer_image *dst)
{
    pool_run(state, src, dst);
}

static void close_libyuv(void *state)
{
    pool_close(state);
}

const struct contender_kind contender_libyuv = {.name = "libyuv",
                                                .variants = variants,
                                                .matrix = PIXFER_MATRIX_BT601,
                                                .center_only = true,
                                                .converts = true,
                                                .open = open_libyuv,
                                                .run = run,
                                                .close = close_libyuv};
#else
typedef int pixfer_no_libyuv; /* ISO C has no empty source files */
#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../contender.h"
#include "../pool.h"

#ifndef PIXFER_WITH_LIBYUV
#define PIXFER_WITH_LIBYUV 0
#endif
#if PIXFER_WITH_LIBYUV
#include <libyuv/convert_from_argb.h>
#include <libyuv/version.h>

#define STRING_OF(x) #x
#define STRING(x) STRING_OF(x)
#define LINKED 1
#else
#define LINKED 0
#endif

enum { MAX_LIBRARIES = 9 }; /* the linked one, and as many as the tool takes */

static const char *labels[MAX_LIBRARIES + 1] = {
#if LINKED
    "r" STRING(LIBYUV_VERSION)
#endif
};
static contender_libyuv_convert *converts[MAX_LIBRARIES] = {
#if LINKED
    ABGRToNV12
#endif
};
static size_t count = LINKED;

bool contender_libyuv_add(const char *label, contender_libyuv_convert *convert, struct contender_reason *reason)
{
    for (size_t i = 0; i < count; i++)
        if (!strcmp(labels[i], label)) {
            snprintf(reason->text, sizeof(reason->text), "there is a libyuv %s already, expected another label", label);
            return false;
        }
    if (count == MAX_LIBRARIES) {
        snprintf(reason->text, sizeof(reason->text), "found more than %d of libyuv", MAX_LIBRARIES);
        return false;
    }
    labels[count] = label;
    converts[count++] = convert;
    return true;
}

static const char *const *variants(void)
{
    return labels;
}

struct libyuv {
    contender_libyuv_convert *convert;
    struct pool *pool;
};

/* libyuv names formats by the order of the letters in a little-endian word: its ABGR is R, G, B, A in memory. This call knows
 * BT.601 limited range and centre siting only, and no threads. */
static void slice(void *opaque, const struct pixfer_image *src, const struct pixfer_image *dst, uint32_t first, uint32_t rows)
{
    const struct libyuv *libyuv = opaque;
    libyuv->convert(src->plane[0] + (ptrdiff_t)first * src->stride[0], (int)src->stride[0],
                    dst->plane[0] + (ptrdiff_t)first * dst->stride[0], (int)dst->stride[0],
                    dst->plane[1] + (ptrdiff_t)(first / 2) * dst->stride[1], (int)dst->stride[1], (int)src->width, (int)rows);
}

static void close_libyuv(void *state)
{
    struct libyuv *libyuv = state;
    pool_close(libyuv->pool);
    free(libyuv);
}

static bool open_libyuv(void **state, const struct contender_job *job, const char *variant, struct contender_reason *reason)
{
    struct libyuv *libyuv = calloc(1, sizeof(*libyuv));
    size_t i = 0;
    while (i < count && strcmp(labels[i], variant))
        i++;
    if (!libyuv || i == count || !(libyuv->pool = pool_open(job->threads, slice, libyuv))) {
        snprintf(reason->text, sizeof(reason->text), "no memory or no threads");
        free(libyuv);
        return false;
    }
    libyuv->convert = converts[i];
    *state = libyuv;
    return true;
}

static void run(void *state, const struct pixfer_image *src, const struct pixfer_image *dst)
{
    const struct libyuv *libyuv = state;
    pool_run(libyuv->pool, src, dst);
}

const struct contender_kind contender_libyuv = {.name = "libyuv",
                                                .variants = variants,
                                                .matrix = PIXFER_MATRIX_BT601,
                                                .center_only = true,
                                                .converts = true,
                                                .open = open_libyuv,
                                                .run = run,
                                                .close = close_libyuv};

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_BENCH_CONTENDER_H
#define PIXFER_BENCH_CONTENDER_H

/* What `pixfer bench convert` measures: everything that turns a picture of RGBA bytes into NV12, behind one table of functions.
 * A contender may be approximate; how far off it is stands beside its time. */

#include <pixfer/pixfer.h>
#include <stdbool.h>

struct contender_job {
    uint32_t width, height;
    enum pixfer_siting siting;
    unsigned threads;
};

/* Why a contender is not there: one line. */
struct contender_reason {
    char text[160];
};

struct contender_kind {
    const char *name;

    /* NULL-terminated; each is a contender of its own. */
    const char *const *(*variants)(void);

    /* The one matrix it can be asked for: libyuv has BT.601 only. The work is the same with any. */
    enum pixfer_matrix matrix;

    /* Centre siting whatever the job asks for. */
    bool center_only;

    /* False for the roofline, whose output means nothing. */
    bool converts;

    bool (*open)(void **state, const struct contender_job *job, const char *variant, struct contender_reason *reason);

    /* One whole picture. */
    void (*run)(void *state, const struct pixfer_image *src, const struct pixfer_image *dst);
    void (*close)(void *state);
};

extern const struct contender_kind contender_pixfer;
extern const struct contender_kind contender_roofline;
extern const struct contender_kind contender_libyuv;
#if PIXFER_WITH_SWSCALE
extern const struct contender_kind contender_swscale;
#endif

/* libyuv is the one that the program is linked with, if any, and those that are added, each a variant with its label for a name.
 * The label must last. False if it cannot take part: reason says why. */
typedef int contender_libyuv_convert(const uint8_t *src, int src_stride, uint8_t *y, int y_stride, uint8_t *uv, int uv_stride,
                                     int width, int height);
bool contender_libyuv_add(const char *label, contender_libyuv_convert *convert, struct contender_reason *reason);

/* The same with what a shared library exports. It stays loaded. */
bool contender_libyuv_load(const char *label, const char *file, struct contender_reason *reason);

#endif

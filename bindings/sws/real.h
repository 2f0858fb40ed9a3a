/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_BINDINGS_SWS_REAL_H
#define PIXFER_BINDINGS_SWS_REAL_H

#include <libswscale/swscale.h>
#include <stdbool.h>

/* Not in the headers before libswscale 8. */
void sws_free_context(struct SwsContext **c);

/* A libswscale in this process, and what of libavutil belongs to it. A process may hold several: each Python wheel brings its own. So
 * nothing of FFmpeg is linked, and a context is only ever handed to the library that made it. */
struct real {
    struct real *next;
    struct SwsContext *(*getContext)(int, int, enum AVPixelFormat, int, int, enum AVPixelFormat, int, SwsFilter *, SwsFilter *,
                                     const double *);
    struct SwsContext *(*getCachedContext)(struct SwsContext *, int, int, enum AVPixelFormat, int, int, enum AVPixelFormat, int,
                                           SwsFilter *, SwsFilter *, const double *);
    int (*init_context)(struct SwsContext *, SwsFilter *, SwsFilter *);
    void (*freeContext)(struct SwsContext *);
    void (*free_context)(struct SwsContext **); /* NULL before libswscale 8 */
    int (*setColorspaceDetails)(struct SwsContext *, const int[4], int, const int[4], int, int, int, int);
    int (*getColorspaceDetails)(struct SwsContext *, int **, int *, int **, int *, int *, int *, int *);
    const int *(*getCoefficients)(int);
    int (*scale)(struct SwsContext *, const uint8_t *const[], const int[], int, int, uint8_t *const[], const int[]);
    /* NULL before libswscale 6. */
    int (*scale_frame)(struct SwsContext *, AVFrame *, const AVFrame *);
    int (*frame_start)(struct SwsContext *, AVFrame *, const AVFrame *);
    int (*send_slice)(struct SwsContext *, unsigned, unsigned);
    int (*receive_slice)(struct SwsContext *, unsigned, unsigned);
    unsigned (*receive_slice_alignment)(const struct SwsContext *);
    void (*frame_end)(struct SwsContext *);
    int (*opt_get_int)(void *, const char *, int, int64_t *);
    enum AVPixelFormat (*get_pix_fmt)(const char *);
    const char *(*get_pix_fmt_name)(enum AVPixelFormat);
    bool complete; /* all that is needed to take a context over is there */
};

/* The one that the code at `caller` is linked against, else any there is; NULL without one. */
const struct real *real_for(const void *caller);

#endif

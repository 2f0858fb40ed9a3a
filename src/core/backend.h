/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_SRC_BACKEND_H
#define PIXFER_SRC_BACKEND_H

/* A backend is a const table of functions and a line in backend.c. converter.c has checked every argument before one of them
 * is called, and does the slicing, the self-test, the fallback and the counting; a backend only does the work.
 * (The tag `struct pixfer_backend` is taken by the public enum: C has one name space for tags.) */

#include <pixfer/convert.h>
#include <stdbool.h>

#include "log.h"

/* One line that says why something was refused; "" when nothing was. */
struct pixfer_reason {
    char text[256];
};

/* printf into a reason. */
PIXFER_PRINTF(2, 3)
void pixfer_reason_set(struct pixfer_reason *reason, const char *format, ...);

/* What a backend is opened with: the caller's parameters with the environment applied and every default resolved. */
struct pixfer_backend_config {
    enum pixfer_format src_format, dst_format;
    uint32_t width, height;
    struct pixfer_color color; /* matrix is never DEFAULT */
    const char *cpu;           /* NULL = best */
    unsigned threads;          /* at least 1: how many threads will call at once */
    bool stream;               /* whole frames are better written past the cache */
    bool stream_rows;          /* and so are pieces of them */
    bool unchecked;            /* frames of a backend that is not exact are believed */
    const struct pixfer_log *log;
};

struct pixfer_backend_ops {
    enum pixfer_backend id;
    const char *name;
    bool exact;

    /* The largest difference from the exact result that the self-test accepts, per sample; 0 for exact backends. */
    unsigned luma_tolerance, chroma_tolerance;

    /* NULL if this build on this machine has the backend, else why not. */
    const char *(*missing)(void);

    /* On failure *state stays NULL and reason is set: UNSUPPORTED, UNAVAILABLE, NO_MEMORY or INVALID. */
    enum pixfer_result (*open)(void **state, const struct pixfer_backend_config *config, struct pixfer_reason *reason);
    void (*close)(void *state);

    /* A whole frame; NULL where convert_rows does everything. On failure dst may hold anything, and reason is set.
     * Thread-safety: called from several threads at once. */
    enum pixfer_result (*convert)(void *state, const struct pixfer_image *src, const struct pixfer_image *dst,
                                  struct pixfer_reason *reason);

    /* Rows [first, first + count), see pixfer_convert_rows; NULL for backends that take whole frames only. Cannot fail.
     * in_cache: the caller works piece by piece and reads the result next; else this is a slice of a whole frame. */
    void (*convert_rows)(void *state, const struct pixfer_image *src, const struct pixfer_image *dst, uint32_t first,
                         uint32_t count, bool in_cache);

    /* Fills isa, wall_s, cpu_s and acceleration; NULL where there is nothing to say. */
    void (*get_info)(const void *state, struct pixfer_converter_info *info);
};

/* The order in which AUTO tries them; the CPU comes last and never refuses. NULL-terminated. */
extern const struct pixfer_backend_ops *const pixfer_backends[];

/* NULL for AUTO or a number that is no backend. */
const struct pixfer_backend_ops *pixfer_backend_find(enum pixfer_backend id);

extern const struct pixfer_backend_ops pixfer_backend_cpu;
extern const struct pixfer_backend_ops pixfer_backend_videotoolbox;
extern const struct pixfer_backend_ops pixfer_backend_swscale;
extern const struct pixfer_backend_ops pixfer_backend_vulkan;
extern const struct pixfer_backend_ops pixfer_backend_d3d11;

#endif

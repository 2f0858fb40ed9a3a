/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_SRC_BACKEND_H
#define PIXFER_SRC_BACKEND_H

/* A backend is a folder with a const table, and a line in PIXFER_BACKENDS below. What is particular to one stands in its table: nothing
 * outside its folder asks for it by name. converter.c has checked every argument before one of them
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
    bool compose;              /* the source's alpha, over ... */
    uint32_t background;       /* 0xRRGGBB */
    const struct pixfer_log *log;
};

/* A siting, in a set of them. */
#define PIXFER_SITING_BIT(siting) (1u << (siting))
#define PIXFER_ALL_SITINGS 7u

struct pixfer_backend_ops {
    enum pixfer_backend id;
    const char *name;
    bool hardware;  /* works beside the processor */
    bool automatic; /* AUTO may choose it, in the order of the table */
    bool last;      /* refuses no conversion that exists and cannot fail: AUTO ends here, and others fall back on it */
    bool composes;  /* alpha over a background */
    bool pinned;    /* params.cpu names what it works with; AUTO then chooses no other */

    /* Every sample is the correctly rounded value. What is not exact is tried on a small frame first (selftest.c), and these are the
     * largest differences from the exact result that it accepts, per sample. */
    bool exact;
    unsigned luma_tolerance, chroma_tolerance;

    /* The sitings it can do, from RGB and from Y'CbCr in groups of two pixels. */
    unsigned sitings, sitings_422;

    /* Whether it is worth measuring where that is asked for, though AUTO does not choose it; NULL = no. Called if it is not missing. */
    bool (*measured)(void);

    /* An environment variable that may forbid AUTO to choose it, or NULL. */
    const char *forbidden_by;

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

/* The order in which AUTO tries them, up to the one that is the last. */
#define PIXFER_BACKENDS(X) X(videotoolbox) X(d3d11) X(vulkan) X(cpu) X(swscale)

#define PIXFER_BACKEND_DECLARE(noun) extern const struct pixfer_backend_ops pixfer_backend_##noun;
PIXFER_BACKENDS(PIXFER_BACKEND_DECLARE)

/* NULL-terminated. */
extern const struct pixfer_backend_ops *const pixfer_backends[];

/* NULL for AUTO or a number that is no backend. */
const struct pixfer_backend_ops *pixfer_backend_find(enum pixfer_backend id);

/* The one that is the last. */
const struct pixfer_backend_ops *pixfer_backend_last(void);

#endif

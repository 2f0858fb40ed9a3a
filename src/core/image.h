/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_SRC_IMAGE_H
#define PIXFER_SRC_IMAGE_H

#include <pixfer/image.h>
#include <stdbool.h>

#include "log.h"

#define PIXFER_MAX_SIZE (1u << 24)

/* What a format is. Everything that depends on one asks here; other libraries' names for it stand where those are used. */
struct pixfer_format_layout {
    const char *name, *aliases; /* the latter with spaces between them */
    uint8_t planes;
    bool rgb;
    uint8_t depth;              /* bits of a sample, 32 for floats; more than 8 stand in words of 16 unless a pixel is one word */
    uint8_t unit[3];            /* bytes per sample, pixel or pair in each plane */
    uint8_t chroma_x, chroma_y; /* log2 of the subsampling of planes 1 and 2, or of the groups of the only plane */
    uint8_t order[3];           /* RGB: which byte of a pixel, or which plane, holds R, G and B */
    bool cr_first;              /* Cr before Cb in a pair or among the planes */
    bool chroma_first;          /* groups of Y'CbCr: chroma on the even bytes */
    uint8_t word;               /* what addresses and strides are multiples of, for words and floats; 0 = 1 */
    uint8_t low;                /* zero bits below the sample in a word */
    bool real;                  /* halves or floats */
};

/* NULL for NONE and for numbers that are no format. */
const struct pixfer_format_layout *pixfer_format_layout(enum pixfer_format format);

/* Y'CbCr in groups of two pixels, all in one plane: such formats are sources. */
bool pixfer_format_is_packed422(enum pixfer_format format);

/* The address of a row. A window of rows is described by a plane that need not be an address (see pixfer_convert_rows), so this is no
 * arithmetic of pointers. */
static inline uint8_t *pixfer_row(const struct pixfer_image *image, unsigned plane, uint32_t row)
{
    return (uint8_t *)((uintptr_t)image->plane[plane] + (uintptr_t)row * (uintptr_t)image->stride[plane]);
}

size_t pixfer_stride_magnitude(ptrdiff_t stride);

/* Checks what an image says of itself (planes, strides, alignment of words); logs what is wrong, naming the image as `name`. */
bool pixfer_image_check(const struct pixfer_image *image, const char *name, const struct pixfer_log *log);

/* ---- overlap.c ---- */

/* The rows of a frame that a call touches: luma rows [first, first + count). */
struct pixfer_rows {
    uint32_t first, count;
};

/* False if a byte of the destination's rows also belongs to another of its planes or to the source's rows, exactly: rows may lie
 * between those of another plane, whatever their strides. */
bool pixfer_images_disjoint(const struct pixfer_image *src, struct pixfer_rows src_rows, const struct pixfer_image *dst,
                            struct pixfer_rows dst_rows, const struct pixfer_log *log);

/* The same for whole frames, each destination against all other planes of the batch: INVALID, or NO_MEMORY. */
enum pixfer_result pixfer_batch_disjoint(const struct pixfer_image *src, const struct pixfer_image *dst, size_t count,
                                         const struct pixfer_log *log);

/* Whether `name` is one of the words of a list with spaces between them, in any case; the list is in lower case. */
bool pixfer_is_listed(const char *name, const char *list);

#endif

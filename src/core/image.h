/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_SRC_IMAGE_H
#define PIXFER_SRC_IMAGE_H

#include <pixfer/image.h>
#include <stdbool.h>

#include "log.h"

#define PIXFER_MAX_SIZE (1u << 24)

/* How a format's planes relate to its pixels. */
struct pixfer_format_layout {
    const char *name;
    uint8_t planes;
    bool rgb;
    uint8_t unit[3];            /* bytes per sample, pixel or pair in each plane */
    uint8_t chroma_x, chroma_y; /* log2 of the subsampling of planes 1 and 2, or of the groups of the only plane */
};

/* NULL for NONE and for numbers that are no format. */
const struct pixfer_format_layout *pixfer_format_layout(enum pixfer_format format);

/* Y'CbCr in groups of two pixels, YUYV or UYVY: such formats are sources. */
bool pixfer_format_is_packed422(enum pixfer_format format);

/* The rows of a frame that a call touches: luma rows [first, first + count). */
struct pixfer_rows {
    uint32_t first, count;
};

/* Checks what an image says of itself (planes, strides, alignment of words); logs what is wrong, naming the image as `name`. */
bool pixfer_image_check(const struct pixfer_image *image, const char *name, const struct pixfer_log *log);

/* False if a byte of the destination's rows also belongs to another of its planes or to the source's rows. */
bool pixfer_images_disjoint(const struct pixfer_image *src, struct pixfer_rows src_rows, const struct pixfer_image *dst,
                            struct pixfer_rows dst_rows, const struct pixfer_log *log);

#endif

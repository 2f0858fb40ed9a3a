/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* Whether a call would write a byte that is read or written elsewhere. The planes of a batch are sorted by address, so that frames that
 * lie apart are checked in O(n log n), and only planes whose ranges meet are compared row by row. */

#define __USE_MINGW_ANSI_STDIO 1 /* see log.h */
#include <stdio.h>
#include <stdlib.h>

#include "image.h"

#define PLANES 3

/* A batch of this many frames is checked without an allocation. */
#define FEW_FRAMES 8

/* The bytes that a call touches in one plane. */
struct extent {
    uintptr_t begin, end; /* lowest address, one past the highest */
    size_t row_bytes, stride, rows;
    size_t frame;
    unsigned plane;
    bool written;
    struct extent *next; /* in a list of those that reach beyond the one that is looked at */
};

static struct extent plane_extent(const struct pixfer_image *image, unsigned plane, struct pixfer_rows range)
{
    const struct pixfer_format_layout *layout = pixfer_format_layout(image->format);
    const unsigned shift = plane ? layout->chroma_y : 0;
    const uint32_t first = range.first >> shift, last = (range.first + range.count - 1) >> shift;
    const uint32_t lowest = image->stride[plane] < 0 ? last : first;
    struct extent extent = {.stride = pixfer_stride_magnitude(image->stride[plane]), .rows = last - first + 1, .plane = plane};
    size_t all_rows;

    pixfer_plane_size(image->format, image->width, image->height, plane, &extent.row_bytes, &all_rows);
    extent.begin = (uintptr_t)pixfer_row(image, plane, lowest);
    extent.end = extent.begin + (extent.rows - 1) * extent.stride + extent.row_bytes;
    return extent;
}

static size_t greatest_divisor(size_t a, size_t b)
{
    while (b) {
        const size_t rest = a % b;

        a = b;
        b = rest;
    }
    return a;
}

/* Both planes' rows begin at multiples of what divides their strides: where these leave room side by side no byte is shared. So it is
 * with U and V in halves of one row, a frame inside an atlas, chroma beside every second row of luma. */
static bool in_separate_columns(const struct extent *low, const struct extent *high)
{
    const size_t column = greatest_divisor(low->stride, high->stride), offset = (high->begin - low->begin) % column;

    return offset >= low->row_bytes && high->row_bytes <= column && offset <= column - high->row_bytes;
}

/* From the lowest row upwards, always past the one that begins first. */
static bool rows_disjoint(const struct extent *a, const struct extent *b)
{
    uintptr_t at_a = a->begin, at_b = b->begin;
    size_t left_a = a->rows, left_b = b->rows;

    while (left_a && left_b) {
        if (at_a <= at_b) {
            if (at_b - at_a < a->row_bytes)
                return false;
            at_a += a->stride;
            left_a--;
        } else {
            if (at_a - at_b < b->row_bytes)
                return false;
            at_b += b->stride;
            left_b--;
        }
    }
    return true;
}

static bool extents_disjoint(const struct extent *a, const struct extent *b)
{
    if (a->end <= b->begin || b->end <= a->begin)
        return true;
    return (a->begin <= b->begin ? in_separate_columns(a, b) : in_separate_columns(b, a)) || rows_disjoint(a, b);
}

/* "dst.plane[1]", or "dst[4].plane[1]" in a batch. */
static const char *name_of(char text[64], const struct extent *extent, bool batch)
{
    const char *image = extent->written ? "dst" : "src";

    if (batch)
        snprintf(text, 64, "%s[%zu].plane[%u]", image, extent->frame, extent->plane);
    else
        snprintf(text, 64, "%s.plane[%u]", image, extent->plane);
    return text;
}

static bool refuse_overlap(const struct extent *a, const struct extent *b, bool batch, const struct pixfer_log *log)
{
    char first[64], second[64];

    if (!a->written) {
        const struct extent *swap = a;
        a = b;
        b = swap;
    }
    pixfer_log_write(log, PIXFER_LOG_ERROR, "%s overlaps %s, expected separate memory", name_of(first, a, batch),
                     name_of(second, b, batch));
    return false;
}

static size_t add_extents(struct extent *to, const struct pixfer_image *image, struct pixfer_rows rows, size_t frame,
                          bool written)
{
    const unsigned planes = pixfer_format_planes(image->format);

    for (unsigned plane = 0; plane < planes; plane++) {
        to[plane] = plane_extent(image, plane, rows);
        to[plane].frame = frame;
        to[plane].written = written;
    }
    return planes;
}

/* Drops from the list what ends before this plane begins; false if one that stays shares a byte with it. */
static bool fits_list(struct extent **list, const struct extent *extent, const struct pixfer_log *log)
{
    while (*list) {
        if ((*list)->end <= extent->begin) {
            *list = (*list)->next;
            continue;
        }
        if (!extents_disjoint(*list, extent))
            return refuse_overlap(extent, *list, true, log);
        list = &(*list)->next;
    }
    return true;
}

static int compare_extents(const void *a, const void *b)
{
    const struct extent *x = a, *y = b;

    return x->begin < y->begin ? -1 : x->begin > y->begin;
}

static bool same_memory(const struct extent *a, const struct extent *b)
{
    return a->begin == b->begin && a->stride == b->stride && a->rows == b->rows && a->row_bytes == b->row_bytes;
}

static bool all_in_memory(const struct extent *extents, size_t count, bool batch, const struct pixfer_log *log)
{
    char name[64];

    for (size_t i = 0; i < count; i++) {
        if (extents[i].end < extents[i].begin) {
            pixfer_log_write(log, PIXFER_LOG_ERROR, "%s reaches beyond the end of memory", name_of(name, &extents[i], batch));
            return false;
        }
    }
    return true;
}

/* Two lists of planes that may still be met: sources are not compared with sources, and one that is used often is listed once. */
static bool batch_disjoint(struct extent *extents, size_t count, const struct pixfer_log *log)
{
    struct extent *read = NULL, *written = NULL;

    qsort(extents, count, sizeof(*extents), compare_extents);
    for (size_t i = 0; i < count; i++) {
        struct extent **list = extents[i].written ? &written : &read;

        if (!extents[i].written && read && same_memory(read, &extents[i]))
            continue;
        if (!fits_list(&written, &extents[i], log) || (extents[i].written && !fits_list(&read, &extents[i], log)))
            return false;
        extents[i].next = *list;
        *list = &extents[i];
    }
    return true;
}

bool pixfer_images_disjoint(const struct pixfer_image *src, struct pixfer_rows src_rows, const struct pixfer_image *dst,
                            struct pixfer_rows dst_rows, const struct pixfer_log *log)
{
    struct extent extents[2 * PLANES];
    const size_t read = add_extents(extents, src, src_rows, 0, false);
    const size_t count = read + add_extents(extents + read, dst, dst_rows, 0, true);

    if (!all_in_memory(extents, count, false, log))
        return false;
    for (size_t i = read; i < count; i++)
        for (size_t j = 0; j < i; j++)
            if (!extents_disjoint(&extents[i], &extents[j]))
                return refuse_overlap(&extents[i], &extents[j], false, log);
    return true;
}

enum pixfer_result pixfer_batch_disjoint(const struct pixfer_image *src, const struct pixfer_image *dst, size_t count,
                                         const struct pixfer_log *log)
{
    struct extent few[FEW_FRAMES * 2 * PLANES], *extents = few;
    size_t found = 0;
    bool disjoint;

    if (count > FEW_FRAMES && !(extents = calloc(count, 2 * PLANES * sizeof(*extents)))) {
        pixfer_log_write(log, PIXFER_LOG_ERROR, "no memory to check a batch of %zu frames", count);
        return PIXFER_ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        found += add_extents(extents + found, &src[i], (struct pixfer_rows){0, src[i].height}, i, false);
        found += add_extents(extents + found, &dst[i], (struct pixfer_rows){0, dst[i].height}, i, true);
    }
    disjoint = all_in_memory(extents, found, true, log) && batch_disjoint(extents, found, log);
    if (extents != few)
        free(extents);
    return disjoint ? PIXFER_OK : PIXFER_ERR_INVALID;
}

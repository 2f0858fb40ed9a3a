/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include "copy_planes.h"

#include <stdbool.h>
#include <string.h>

static void copy_plane(const uint8_t *src, ptrdiff_t src_stride, uint8_t *dst, ptrdiff_t dst_stride, size_t row_bytes,
                       size_t rows)
{
    for (size_t y = 0; y < rows; y++)
        memcpy(dst + (ptrdiff_t)y * dst_stride, src + (ptrdiff_t)y * src_stride, row_bytes);
}

static void interleave(const struct pixfer_image *src, const struct pixfer_image *dst, size_t columns, size_t rows)
{
    for (size_t y = 0; y < rows; y++) {
        const uint8_t *u = src->plane[1] + (ptrdiff_t)y * src->stride[1], *v = src->plane[2] + (ptrdiff_t)y * src->stride[2];
        uint8_t *uv = dst->plane[1] + (ptrdiff_t)y * dst->stride[1];
        for (size_t x = 0; x < columns; x++) {
            uv[2 * x] = u[x];
            uv[2 * x + 1] = v[x];
        }
    }
}

static void separate(const struct pixfer_image *src, const struct pixfer_image *dst, size_t columns, size_t rows)
{
    for (size_t y = 0; y < rows; y++) {
        const uint8_t *uv = src->plane[1] + (ptrdiff_t)y * src->stride[1];
        uint8_t *u = dst->plane[1] + (ptrdiff_t)y * dst->stride[1], *v = dst->plane[2] + (ptrdiff_t)y * dst->stride[2];
        for (size_t x = 0; x < columns; x++) {
            u[x] = uv[2 * x];
            v[x] = uv[2 * x + 1];
        }
    }
}

static uint16_t *words(const struct pixfer_image *image, unsigned plane, size_t y)
{
    return (uint16_t *)(void *)(image->plane[plane] + (ptrdiff_t)y * image->stride[plane]);
}

/* The sample is in the high bits of P010's words and in the low bits of I010's. */
static void rearrange_words(const struct pixfer_image *src, const struct pixfer_image *dst)
{
    const bool up = dst->format == PIXFER_FORMAT_P010;
    const size_t columns = ((size_t)src->width + 1) / 2, rows = ((size_t)src->height + 1) / 2;

    for (size_t y = 0; y < src->height; y++)
        for (size_t x = 0; x < src->width; x++)
            words(dst, 0, y)[x] = (uint16_t)(up ? words(src, 0, y)[x] << 6 : words(src, 0, y)[x] >> 6);
    for (size_t y = 0; y < rows; y++)
        for (size_t x = 0; x < columns; x++)
            for (unsigned i = 0; i < 2; i++) {
                if (up)
                    words(dst, 1, y)[2 * x + i] = (uint16_t)(words(src, 1 + i, y)[x] << 6);
                else
                    words(dst, 1 + i, y)[x] = words(src, 1, y)[2 * x + i] >> 6;
            }
}

void pixfer_copy_planes(const struct pixfer_image *src, const struct pixfer_image *dst)
{
    if (src->format != dst->format && (dst->format == PIXFER_FORMAT_P010 || dst->format == PIXFER_FORMAT_I010)) {
        rearrange_words(src, dst);
        return;
    }
    unsigned planes = src->format == dst->format ? pixfer_format_planes(src->format) : 1;
    size_t row_bytes, rows, columns = ((size_t)src->width + 1) / 2;
    for (unsigned i = 0; i < planes; i++) {
        pixfer_plane_size(src->format, src->width, src->height, i, &row_bytes, &rows);
        copy_plane(src->plane[i], src->stride[i], dst->plane[i], dst->stride[i], row_bytes, rows);
    }
    rows = ((size_t)src->height + 1) / 2;
    if (src->format != dst->format && src->format == PIXFER_FORMAT_I420)
        interleave(src, dst, columns, rows);
    else if (src->format != dst->format)
        separate(src, dst, columns, rows);
}

void pixfer_pad_to_even(uint8_t *plane, ptrdiff_t stride, uint32_t width, uint32_t height, size_t sample)
{
    const size_t bytes = width * sample;

    if (width & 1)
        for (uint32_t y = 0; y < height; y++)
            memcpy(plane + (ptrdiff_t)y * stride + bytes, plane + (ptrdiff_t)y * stride + bytes - sample, sample);
    if (height & 1)
        memcpy(plane + (ptrdiff_t)height * stride, plane + (ptrdiff_t)(height - 1) * stride, bytes + (width & 1 ? sample : 0));
}
#endif

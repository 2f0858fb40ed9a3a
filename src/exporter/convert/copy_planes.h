/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_EXPORTER_PLANES_H
#define PIXFER_EXPORTER_PLANES_H

#include <pixfer/image.h>

/* Copies NV12 or I420 into NV12 or I420 of the same size, or P010 or I010 into P010 or I010. */
void pixfer_copy_planes(const struct pixfer_image *src, const struct pixfer_image *dst);

/* Repeats the last column of a luma plane of samples of so many bytes if width is odd, and the last row if height is. */
void pixfer_pad_to_even(uint8_t *plane, ptrdiff_t stride, uint32_t width, uint32_t height, size_t sample);

#endif

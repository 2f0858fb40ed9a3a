/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_EXPORTER_PLANES_H
#define PIXFER_EXPORTER_PLANES_H

#include <pixfer/image.h>

/* Copies a frame into one of the same format and size; NV12 and I420 into each other, and P010 and I010. */
void pixfer_copy_planes(const struct pixfer_image *src, const struct pixfer_image *dst);

/* Repeats the last column of a plane that has a sample for every pixel, of samples of so many bytes if width is odd, and the last row if height is. */
void pixfer_pad_to_even(uint8_t *plane, ptrdiff_t stride, uint32_t width, uint32_t height, size_t sample);

#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_EXPORTER_CUT_H
#define PIXFER_EXPORTER_CUT_H

/* Demuxers end quietly where a file was cut off. Many containers say how long they, or their parts, are: these prove it. */

#include <stdbool.h>
#include <stddef.h>

#include "input_file.h"

/* True, and how it shows, if a regular file of that format (libavformat's name) is longer by its own account than it is. MP4, Matroska,
 * AVI, FLV, GIF, transport streams with a piece of a packet at the end, and YUV4MPEG, whose frames have `frame_bytes`. Of a pipe that has
 * been read to its end: Matroska. */
bool pixfer_file_is_cut(const struct input_file *file, const char *format, size_t frame_bytes, char *how, size_t size);

#endif

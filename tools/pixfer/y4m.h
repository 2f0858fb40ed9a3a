/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_TOOL_Y4M_H
#define PIXFER_TOOL_Y4M_H

/* YUV4MPEG2: a line of text, then FRAME lines each followed by the planes. It has no place for the matrix. */

#include "args.h"

#define Y4M_FRAME "FRAME\n"
enum { Y4M_HEADER_SIZE = 160 };

/* True for the formats that y4m can hold. */
bool y4m_takes(enum pixfer_format format);

/* Writes the first line and returns its length. */
size_t y4m_header(char header[Y4M_HEADER_SIZE], const struct pixfer_converter_params *params, struct rational rate);

#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_TESTS_CONVERT_H
#define PIXFER_TESTS_CONVERT_H

#include <pixfer/pixfer.h>

#include "picture.h"

/* Every source, destination and colour there is, for loops over all of them. */
extern const enum pixfer_format sources[15], destinations[13];
#define SOURCES 15
#define DESTINATIONS 13
#define BYTE_SOURCES 7      /* those of 8 bits come first */
#define BYTE_DESTINATIONS 9 /* those of 8 bits and P010 do */
#define COLORS 24
struct pixfer_color color_number(unsigned i);

/* "bt2020 full left" and so on; the string is valid until the next call but one. */
const char *color_name(const struct pixfer_color *color);

/* Opens a converter on the CPU backend, pinned to an instruction set, one thread. NULL and a line on stdout if it fails. */
struct pixfer_converter *open_pinned(const char *cpu, const struct pixfer_image *src, const struct pixfer_image *dst,
                                     const struct pixfer_color *color);

/* Opens, converts, closes. False and a line on stdout if anything fails. */
bool convert_pinned(const char *cpu, const struct pixfer_image *src, const struct pixfer_image *dst,
                    const struct pixfer_color *color);

#endif

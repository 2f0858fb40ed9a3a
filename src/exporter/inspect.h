/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_EXPORTER_INSPECT_H
#define PIXFER_EXPORTER_INSPECT_H

/* Decodes what an encoder made, so that it can be looked at: `pixfer selftest` does. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct inspection {
    uint64_t frames;
    int matrix, primaries, transfer; /* H.273 numbers */
    int full_range;                  /* 0, 1; -1 = not said */
    int siting;                      /* chroma_sample_loc_type; -1 = not said */
};

/* Luma of frame `index`, 8 bits a sample; false ends the inspection. */
typedef bool (*inspect_frame)(void *opaque, uint64_t index, const uint8_t *luma, ptrdiff_t stride, uint32_t width,
                              uint32_t height);

/* False with a line in `error` if the file cannot be read or decoded to its end. */
bool pixfer_inspect(const char *path, inspect_frame frame, void *opaque, struct inspection *found, char *error,
                    size_t error_size);

#endif

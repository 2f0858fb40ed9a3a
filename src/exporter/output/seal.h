/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_EXPORTER_SEAL_H
#define PIXFER_EXPORTER_SEAL_H

/* A box at the end of an MP4 that says which segment of which plan it is, and the hash of all bytes before. Players pass over it. */

#include <stdbool.h>
#include <stdint.h>

#include "output_io.h"

enum { SEAL_ID = 32, SEAL_BYTES = 8 + 16 + SEAL_ID + 4 + 4 + 32 };

struct seal {
    uint8_t id[SEAL_ID]; /* of the plan */
    uint32_t index;
};

enum seal_state {
    SEAL_GOOD,
    SEAL_NONE,    /* there is none at the end */
    SEAL_FOREIGN, /* of another plan or segment */
    SEAL_BROKEN,  /* the bytes before it are not those that were sealed */
    SEAL_ERROR,   /* the file cannot be read: errno */
};

/* After the last byte of the file. 0 or an AVERROR. */
int pixfer_seal_put(const struct seal *seal, struct output *out);
/* Looks at the file; with `bytes` at all of it. */
enum seal_state pixfer_seal_check(const struct seal *seal, int fd, bool bytes);

#endif

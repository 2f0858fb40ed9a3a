/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_EXPORTER_HOST_H
#define PIXFER_EXPORTER_HOST_H

#include <stdbool.h>

/* Whom everything that reads asks whether to go on: every 100 ms at most while it waits, and at least once a frame. False: stop. */
struct source_host {
    bool (*proceed)(void *opaque);
    void *opaque;
    bool deep;  /* Y'CbCr of more than 8 bits is wanted with 10 */
    bool full;  /* Y'CbCr is wanted in 4:4:4 */
    bool alpha; /* alpha is wanted, in RGB */
};

static inline bool pixfer_host_proceeds(const struct source_host *host)
{
    return !host || !host->proceed || host->proceed(host->opaque);
}

#endif

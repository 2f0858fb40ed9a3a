/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_EXPORTER_PLAN_IDENTITY_H
#define PIXFER_EXPORTER_PLAN_IDENTITY_H

/* Which file it is: its size, when it was last changed, and a hash of its first and last megabyte; of a numbered sequence the same over
 * all of its files. Enough to notice what happens to inputs, cheap enough for every task. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct identity {
    bool known; /* there is such a file */
    uint64_t files, bytes;
    int64_t changed; /* ns since 1970 */
    uint8_t hash[32];
};

/* False, and why, where there is no regular file of that name that can be read. */
bool pixfer_identity_of(const char *name, struct identity *id, char *why, size_t size);
/* True if they are the same; else how they differ, "it has 20 bytes, expected 30 as planned". */
bool pixfer_identity_same(const struct identity *found, const struct identity *planned, char *how, size_t size);

#endif

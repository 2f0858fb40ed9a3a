/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_EXPORTER_PART_FILE_H
#define PIXFER_EXPORTER_PART_FILE_H

/* The files of an export. Nothing that exists is touched unasked, and no link is followed. What returns int returns 0 or an errno. */

#include "../../platform/files.h"

/* Opens `path` for reading and writing, or creates it, and locks it for this export. What it holds stays. EBUSY: another one has it. */
int pixfer_file_open_locked(const char *path, int *out, bool *created);
/* Creates a file with a name of its own beside `path`; *name is the caller's. */
int pixfer_file_create_beside(const char *path, const char *suffix, int *out, char **name);

/* "No space left on device; free some space ...", for an AVERROR; what to do about it follows where that is known. */
const char *pixfer_output_error(int averror, char *text, size_t size);

#endif

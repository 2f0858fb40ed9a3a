/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_TOOL_OUTPUT_H
#define PIXFER_TOOL_OUTPUT_H

/* Where bytes go: a file that appears under its name only when it is complete, or a pipe. A regular file is written as
 * NAME.XXXXXXXX.part beside it and renamed by output_commit; SIGINT, SIGTERM and SIGHUP remove the part and end the process.
 * A pipe whose reader has gone ends the process by SIGPIPE, quietly, as it does for cat. */

#include <stdbool.h>
#include <stddef.h>

struct output {
    const char *command, *path; /* for messages; path "-" is stdout */
    char *part;                 /* what is written until output_commit, or NULL where bytes go straight to path */
    int fd;
};

/* Refuses a terminal, and an existing file unless overwrite. Prints why and returns an exit code, 0 when open. */
int output_open(struct output *output, const char *command, const char *path, bool overwrite);

/* As output_open, but only for a file of our own: no device, no pipe, no symbolic link, and signals stay as they are. */
int output_create(struct output *output, const char *command, const char *path, bool overwrite);

/* All of it; false after a message. */
bool output_write(struct output *output, const void *data, size_t size);

/* Closes and gives the file its name; false after a message, nothing left behind. */
bool output_commit(struct output *output);

/* Closes and removes what was written. No-op after a commit. */
void output_discard(struct output *output);

#endif

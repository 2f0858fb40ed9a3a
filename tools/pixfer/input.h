/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_TOOL_INPUT_H
#define PIXFER_TOOL_INPUT_H

/* Where raw bytes come from: a file or a pipe, read in order. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct input {
    const char *command, *path; /* for messages; path "-" is stdin */
    int fd;
};

/* Refuses a terminal and a directory. Prints why and returns an exit code, 0 when open. */
int input_open(struct input *input, const char *command, const char *path);

/* The bytes read, fewer than size only at the end of the input; -1 after a message. */
ptrdiff_t input_read(struct input *input, void *data, size_t size);

/* Steps over bytes without keeping them. False after a message; the end of the input is noticed by the next read. */
bool input_skip(struct input *input, uint64_t size);

void input_close(struct input *input);

#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_EXPORTER_INPUT_FILE_H
#define PIXFER_EXPORTER_INPUT_FILE_H

/* A file, a pipe or a device that is read without ever being stuck in it: also opening a FIFO that nobody writes to asks the host. */

#include <stddef.h>
#include <stdint.h>

#include "../../platform/files.h"
#include "host.h"

enum { INPUT_HEAD = 4096 };

struct input_file {
    int fd;
    bool own_fd;   /* close() closes it */
    bool regular;  /* it can be read again, and from anywhere */
    int64_t start; /* of what is to be read: standard input may have been read from before */
    int64_t size;  /* behind start; 0 where it is not regular */
    int64_t read;  /* bytes so far, and the first of them, of what is not regular */
    uint8_t head[INPUT_HEAD];
    const struct source_host *host;
};

/* `fd` below 0 opens `name`, which then may not be a folder; else that descriptor is read, and stays open. 0, or an errno value: ECANCELED
 * where the host stopped it. */
int pixfer_input_file_open(struct input_file *f, const char *name, int fd, const struct source_host *host);
/* Bytes read, 0 at the end; a negative errno value otherwise. */
int64_t pixfer_input_file_read(struct input_file *f, uint8_t *to, size_t bytes);
void pixfer_input_file_close(struct input_file *f);

#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_EXPORTER_PART_FILE_H
#define PIXFER_EXPORTER_PART_FILE_H

/* A file as an AVIOContext that remembers why it failed. */

#include <libavformat/avio.h>
#include <stdbool.h>
#include <stdint.h>

struct output {
    AVIOContext *io;
    int fd;
    int error;     /* errno of the first failure */
    int64_t bytes; /* largest offset written */
    char *path;
};

/* Creates the file, refusing an existing one unless `replace`. Returns 0 or an errno. */
int pixfer_output_open(struct output *o, const char *path, bool replace);
int pixfer_output_sync(struct output *o); /* 0 or an errno */
int pixfer_output_close(struct output *o);
/* Takes the name `to`, which must be free unless `replace`. Returns 0 or an errno. */
int pixfer_output_rename(const char *from, const char *to, bool replace);

#endif

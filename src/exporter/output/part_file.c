/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include <errno.h>
#include <libavutil/error.h>
#include <libavutil/random_seed.h>
#include <pixfer/exporter.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../report.h"
#include "part_file.h"

int pixfer_file_open_locked(const char *path, int *out, bool *created)
{
    /* Between opening and locking, the export that had the file may have ended and removed it. */
    for (int attempt = 0; attempt < 5; attempt++) {
        int fd, error = pixfer_file_open_or_create(path, &fd, created);
        if (error == ENOENT && attempt < 4 && !pixfer_file_check_folder(path, 0))
            continue;
        if (error)
            return error;
        if (pixfer_file_lock(fd)) {
            pixfer_file_close(fd);
            return EBUSY;
        }
        if (pixfer_file_is(path, fd)) {
            *out = fd;
            return 0;
        }
        pixfer_file_close(fd);
    }
    return EBUSY;
}

/* Cut between characters of UTF-8, which some file systems insist on. */
static size_t cut_name(const char *base, size_t most)
{
    size_t length = strlen(base);
    if (length > most)
        for (length = most; length && ((unsigned char)base[length] & 0xc0) == 0x80;)
            length--;
    return length;
}

int pixfer_file_create_beside(const char *path, const char *suffix, int *out, char **name)
{
    char *folder = pixfer_path_folder(path);
    const char *base = pixfer_path_base(path);
    size_t size = strlen(path) + strlen(suffix) + 16;
    char *candidate = malloc(size);
    int fd = -1, error = folder && candidate ? EEXIST : ENOMEM;
    size_t kept = folder ? cut_name(base, pixfer_path_longest_name(folder) - strlen(suffix) - 9) : 0;
    for (int attempt = 0; error == EEXIST && attempt < 100; attempt++) {
        snprintf(candidate, size, "%.*s.%08x%s", (int)((size_t)(base - path) + kept), path, av_get_random_seed(), suffix);
        error = pixfer_file_create(candidate, &fd);
    }
    free(folder);
    if (error) {
        free(candidate);
        return error;
    }
    pixfer_file_lock(fd); /* so that it can be told from one that was left behind */
    *out = fd;
    *name = candidate;
    return 0;
}

int pixfer_write_to_descriptor(void *opaque, const uint8_t *bytes, size_t size)
{
    return pixfer_file_write_next(*(const int *)opaque, bytes, size, false);
}

/* ---- Errors ---------------------------------------------------------------------------------------------------------------- */

static const char *advice_for(int error)
{
    switch (error) {
    case ENOSPC:
    case EDQUOT:
        return "; free some space or write elsewhere with -o";
    case EFBIG:
        return "; a file may not grow larger here (ulimit -f, or the file system)";
    case EBUSY:
        return "; another export is writing it";
    case ENOENT:
        return "; create the folder first";
    case EACCES:
    case EPERM:
    case EROFS:
        return "; write elsewhere with -o";
    case EPIPE:
        return "; its reader has gone";
    case ENAMETOOLONG:
        return "; the name has to leave room for .part";
    default:
        return "";
    }
}

const char *pixfer_output_error(int averror, char *text, size_t size)
{
    int error = AVUNERROR(averror);
    if (error > 0 && error < 4096) /* libavformat's own are far above what errno knows */
        snprintf(text, size, "%s%s", pixfer_error_text(error), advice_for(error));
    else if (averror == AVERROR_EXTERNAL)
        snprintf(text, size, "what libavformat wrote is not what it was given; memory may be short");
    else
        snprintf(text, size, "%s", pixfer_av_error(averror));
    return text;
}
#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include <errno.h>
#include <fcntl.h>
#include <libavutil/mem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "part_file.h"

enum { IO_BUFFER = 256 * 1024 };

/* The callbacks' signature changed from uint8_t * to const uint8_t * in libavformat 61. */
#if LIBAVFORMAT_VERSION_MAJOR >= 61
static int write_bytes(void *opaque, const uint8_t *data, int size)
#else
static int write_bytes(void *opaque, uint8_t *data, int size)
#endif
{
    struct output *o = opaque;
    for (int done = 0; done < size && !o->error;) {
        ssize_t n = write(o->fd, data + done, (size_t)(size - done));
        if (n < 0 && errno != EINTR)
            o->error = errno;
        else if (n > 0)
            done += (int)n;
    }
    if (o->error)
        return AVERROR(o->error);
    int64_t at = lseek(o->fd, 0, SEEK_CUR);
    o->bytes = FFMAX(o->bytes, at);
    return size;
}

static int64_t seek(void *opaque, int64_t offset, int whence)
{
    struct output *o = opaque;
    if (whence == AVSEEK_SIZE)
        return o->bytes;
    off_t at = lseek(o->fd, offset, whence & ~AVSEEK_FORCE);
    return at < 0 ? AVERROR(errno) : at;
}

int pixfer_output_open(struct output *o, const char *path, bool replace)
{
    memset(o, 0, sizeof(*o));
    o->fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | (replace ? 0 : O_EXCL), 0666);
    if (o->fd < 0)
        return errno;
    /* Two exports that may both overwrite do not write into each other. */
    if (flock(o->fd, LOCK_EX | LOCK_NB) && errno == EWOULDBLOCK) {
        close(o->fd);
        return EBUSY;
    }
    if (ftruncate(o->fd, 0))
        o->error = errno;
    o->path = strdup(path);
    unsigned char *buffer = av_malloc(IO_BUFFER);
    o->io = buffer ? avio_alloc_context(buffer, IO_BUFFER, 1, o, NULL, write_bytes, seek) : NULL;
    if (o->io && o->path)
        return 0;
    if (!o->io)
        av_free(buffer);
    unlink(path);
    pixfer_output_close(o);
    return ENOMEM;
}

int pixfer_output_sync(struct output *o)
{
#if defined(__APPLE__)
    int failed = fsync(o->fd);
#else
    int failed = fdatasync(o->fd);
#endif
    /* EINVAL: a pipe or a special file, which has no disk behind it. */
    return failed && errno != EINVAL && errno != EROFS ? errno : 0;
}

int pixfer_output_close(struct output *o)
{
    int error = 0;
    if (o->io) {
        av_freep(&o->io->buffer);
        avio_context_free(&o->io);
    }
    if (o->path && close(o->fd))
        error = errno;
    free(o->path);
    memset(o, 0, sizeof(*o));
    return error;
}

static void sync_directory_of(const char *path)
{
    char directory[4096];
    const char *slash = strrchr(path, '/');
    snprintf(directory, sizeof(directory), "%.*s", slash ? (int)(slash - path) + 1 : 1, slash ? path : ".");
    int fd = open(directory, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    fsync(fd); /* best effort: not every file system can */
    close(fd);
}

/* link() takes a name only if it is free, in one step; file systems without it get a look before the leap. */
static int rename_to_free_name(const char *from, const char *to)
{
    struct stat st;
    if (!link(from, to)) {
        unlink(from);
        return 0;
    }
    if (errno == EEXIST || !lstat(to, &st))
        return EEXIST;
    return rename(from, to) ? errno : 0;
}

int pixfer_output_rename(const char *from, const char *to, bool replace)
{
    int error = replace ? (rename(from, to) ? errno : 0) : rename_to_free_name(from, to);
    if (!error)
        sync_directory_of(to);
    return error;
}

const char *pixfer_errno_text(int error, char *text, size_t size)
{
    const char *advice = "";
    switch (error) {
    case ENOSPC:
    case EDQUOT:
        advice = "; free some space or write elsewhere with -o";
        break;
    case EFBIG:
        advice = "; a file may not grow larger here (ulimit -f, or the file system)";
        break;
    case EBUSY:
        advice = "; another export is writing it";
        break;
    case ENOENT:
        advice = "; create the folder first";
        break;
    case EACCES:
    case EROFS:
        advice = "; write elsewhere with -o";
        break;
    }
    snprintf(text, size, "%s%s", strerror(error), advice);
    return text;
}
#endif

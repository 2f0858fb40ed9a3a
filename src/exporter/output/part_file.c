/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include <errno.h>
#include <fcntl.h>
#include <libavutil/error.h>
#include <libavutil/random_seed.h>
#include <limits.h>
#include <pixfer/exporter.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../report.h"
#include "part_file.h"

/* ---- Names ----------------------------------------------------------------------------------------------------------------- */

static const char *base_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static char *folder_of(const char *path)
{
    size_t length = (size_t)(base_of(path) - path);
    return length ? strndup(path, length) : strdup(".");
}

static long longest_name(const char *folder)
{
    long most = pathconf(folder, _PC_NAME_MAX);
    return most > 0 ? most : 255;
}

enum file_kind pixfer_file_kind(const char *path)
{
    struct stat st;
    if (lstat(path, &st))
        return FILE_FREE;
    bool link = S_ISLNK(st.st_mode);
    if (link && stat(path, &st))
        return FILE_LINK;
    if (S_ISREG(st.st_mode))
        return link ? FILE_LINK : FILE_REGULAR;
    return S_ISDIR(st.st_mode) ? FILE_FOLDER : FILE_OTHER;
}

/* In a folder like /tmp only the owner of a file may replace it. */
static bool sticks(const char *path, const struct stat *folder)
{
    struct stat st;
    uid_t me = geteuid();
    return me && folder->st_mode & S_ISVTX && folder->st_uid != me && !lstat(path, &st) && st.st_uid != me;
}

int pixfer_file_check_folder(const char *path, size_t longer)
{
    char *folder = folder_of(path);
    struct stat st;
    int error = 0;
    if (!folder)
        return ENOMEM;
    if (stat(folder, &st) || access(folder, W_OK | X_OK))
        error = errno;
    else if (strlen(base_of(path)) + longer > (size_t)longest_name(folder))
        error = ENAMETOOLONG;
    else if (sticks(path, &st))
        error = EPERM;
    free(folder);
    return error;
}

int pixfer_file_check_writable(const char *path)
{
    return access(path, W_OK) ? errno : 0;
}

/* ---- Opening --------------------------------------------------------------------------------------------------------------- */

/* Where a program was started with its standard streams closed, the next file opened would become one of them, and what is printed
 * would land in it. */
static int above_standard(int fd)
{
    if (fd < 0 || fd > 2)
        return fd;
    int higher = fcntl(fd, F_DUPFD_CLOEXEC, 3), error = errno;
    close(fd);
    errno = error;
    return higher;
}

static int open_any(const char *path, bool *created)
{
    struct stat st;
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    *created = fd >= 0;
    if (fd < 0 && errno == EEXIST) {
        if (!lstat(path, &st) && !S_ISREG(st.st_mode)) {
            errno = EEXIST; /* opening a device may already do something */
            return -1;
        }
        fd = open(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    }
    return above_standard(fd);
}

/* Two exports that may both overwrite do not write into each other. A file system without locks has to do without. */
static int lock(int fd)
{
    return flock(fd, LOCK_EX | LOCK_NB) && errno == EWOULDBLOCK ? EBUSY : 0;
}

int pixfer_file_open_locked(const char *path, int *out, bool *created)
{
    /* Between opening and locking, the export that had the file may have ended and removed it. */
    for (int attempt = 0; attempt < 5; attempt++) {
        int fd = open_any(path, created);
        if (fd < 0 && errno == ENOENT && attempt < 4 && !pixfer_file_check_folder(path, 0))
            continue;
        if (fd < 0)
            return errno;
        if (lock(fd)) {
            close(fd);
            return EBUSY;
        }
        if (pixfer_file_is(path, fd)) {
            *out = fd;
            return 0;
        }
        close(fd);
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
    char *folder = folder_of(path);
    size_t size = strlen(path) + strlen(suffix) + 16;
    char *candidate = malloc(size);
    int fd = -1, error = folder && candidate ? EEXIST : ENOMEM;
    size_t kept = folder ? cut_name(base_of(path), (size_t)longest_name(folder) - strlen(suffix) - 9) : 0;
    for (int attempt = 0; error == EEXIST && attempt < 100; attempt++) {
        snprintf(candidate, size, "%.*s.%08x%s", (int)((size_t)(base_of(path) - path) + kept), path, av_get_random_seed(),
                 suffix);
        fd = above_standard(open(candidate, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666));
        error = fd < 0 ? errno : 0;
    }
    free(folder);
    if (error) {
        free(candidate);
        return error;
    }
    lock(fd); /* so that it can be told from one that was left behind */
    *out = fd;
    *name = candidate;
    return 0;
}

void pixfer_file_take_mode(int fd, const char *model)
{
    struct stat st, mine;
    if (stat(model, &st) || !S_ISREG(st.st_mode) || fstat(fd, &mine))
        return;
    /* Best effort: only root may give files away, and a file stays private until its owner is right. */
    bool moved = (st.st_uid == mine.st_uid && st.st_gid == mine.st_gid) || !fchown(fd, st.st_uid, st.st_gid) ||
                 !fchown(fd, (uid_t)-1, st.st_gid);
    mode_t mode = st.st_mode & 0777;
    if (fchmod(fd, moved ? mode : mode & ~(mode_t)0077))
        return;
}

/* ---- Bytes ----------------------------------------------------------------------------------------------------------------- */

/* What a limit on file size or a reader that has gone means is told by the result; the signal would end the program. */
static ssize_t write_without_signals(int fd, int64_t at, const void *bytes, size_t size)
{
    sigset_t deadly, before, pending;
    sigemptyset(&deadly);
    sigaddset(&deadly, SIGPIPE);
    sigaddset(&deadly, SIGXFSZ);
    pthread_sigmask(SIG_BLOCK, &deadly, &before);
    ssize_t n = at < 0 ? write(fd, bytes, size) : pwrite(fd, bytes, size, (off_t)at);
    int error = errno, signal = error == EPIPE ? SIGPIPE : SIGXFSZ, taken;
    if (n < 0 && (error == EPIPE || error == EFBIG) && !sigismember(&before, signal)) {
        sigset_t one;
        sigemptyset(&one);
        sigaddset(&one, signal);
        if (!sigpending(&pending) && sigismember(&pending, signal))
            sigwait(&one, &taken);
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = error;
    return n;
}

int pixfer_file_write(int fd, int64_t at, const void *bytes, size_t size)
{
    for (size_t done = 0; done < size;) {
        ssize_t n = write_without_signals(fd, at + (int64_t)done, (const char *)bytes + done, size - done);
        if (n < 0 && errno != EINTR)
            return errno;
        done += n > 0 ? (size_t)n : 0;
    }
    return 0;
}

int pixfer_write_to_descriptor(void *opaque, const uint8_t *bytes, size_t size)
{
    int fd = *(const int *)opaque;
    while (size) {
        ssize_t n = write_without_signals(fd, -1, bytes, size);
        if (n > 0) {
            bytes += n;
            size -= (size_t)n;
        } else if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            struct pollfd ready = {.fd = fd, .events = POLLOUT};
            poll(&ready, 1, 1000);
        } else if (n < 0 && errno != EINTR) {
            return errno;
        }
    }
    return 0;
}

int64_t pixfer_file_read(int fd, int64_t at, void *bytes, size_t size)
{
    for (;;) {
        ssize_t n = pread(fd, bytes, size, (off_t)at);
        if (n >= 0 || errno != EINTR)
            return n >= 0 ? n : -errno;
    }
}

int64_t pixfer_file_size(int fd)
{
    struct stat st;
    return fstat(fd, &st) ? 0 : st.st_size;
}

int pixfer_file_truncate(int fd, int64_t size)
{
    return ftruncate(fd, (off_t)size) ? errno : 0;
}

int pixfer_file_sync(int fd)
{
#if defined(__APPLE__)
    int failed = fsync(fd);
#else
    int failed = fdatasync(fd);
#endif
    /* EINVAL: what has no disk behind it. */
    return failed && errno != EINVAL && errno != EROFS ? errno : 0;
}

int pixfer_file_close(int fd)
{
    return fd >= 0 && close(fd) ? errno : 0;
}

/* ---- Which file it is ------------------------------------------------------------------------------------------------------ */

static bool same(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

static int look(const char *name, struct stat *st)
{
    return !strcmp(name, "-") ? fstat(0, st) : stat(name, st);
}

bool pixfer_file_is(const char *name, int fd)
{
    struct stat a, b;
    return !look(name, &a) && !fstat(fd, &b) && same(&a, &b);
}

bool pixfer_file_same(const char *name, const char *other)
{
    struct stat a, b;
    return !look(name, &a) && !stat(other, &b) && same(&a, &b);
}

void pixfer_file_remove(const char *path, int fd)
{
    struct stat a, b;
    if (!lstat(path, &a) && !fstat(fd, &b) && same(&a, &b))
        unlink(path);
}

static void sync_folder_of(const char *path)
{
    char *folder = folder_of(path);
    int fd = folder ? open(folder, O_RDONLY | O_CLOEXEC) : -1;
    free(folder);
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

int pixfer_file_rename(const char *from, const char *to, bool replace)
{
    int error = replace ? (rename(from, to) ? errno : 0) : rename_to_free_name(from, to);
    if (!error)
        sync_folder_of(to);
    return error;
}

int64_t pixfer_process(void)
{
    return getpid();
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
        snprintf(text, size, "%s%s", strerror(error), advice_for(error));
    else if (averror == AVERROR_EXTERNAL)
        snprintf(text, size, "what libavformat wrote is not what it was given; memory may be short");
    else
        snprintf(text, size, "%s", pixfer_av_error(averror));
    return text;
}
#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#if defined(PIXFER_WITH_EXPORTER) && !defined(_WIN32)

#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE /* F_SETPIPE_SZ, posix_fadvise */
#endif
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files.h"

/* ---- Names ----------------------------------------------------------------------------------------------------------------- */

bool pixfer_path_separates(char character)
{
    return character == '/';
}

const char *pixfer_path_base(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

char *pixfer_path_folder(const char *path)
{
    size_t length = (size_t)(pixfer_path_base(path) - path);
    return length ? strndup(path, length) : strdup(".");
}

char *pixfer_path_from_root(const char *path)
{
    char folder[4096];
    if (path[0] == '/')
        return strdup(path);
    if (!getcwd(folder, sizeof(folder)))
        return NULL;
    char *whole = malloc(strlen(folder) + strlen(path) + 2);
    if (whole)
        sprintf(whole, "%s/%s", folder, path);
    return whole;
}

size_t pixfer_path_longest_name(const char *folder)
{
    long most = pathconf(folder, _PC_NAME_MAX);
    return most > 0 ? (size_t)most : 255;
}

/* ---- Looking --------------------------------------------------------------------------------------------------------------- */

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
    char *folder = pixfer_path_folder(path);
    struct stat st;
    int error = 0;
    if (!folder)
        return ENOMEM;
    if (stat(folder, &st) || access(folder, W_OK | X_OK))
        error = errno;
    else if (strlen(pixfer_path_base(path)) + longer > pixfer_path_longest_name(folder))
        error = ENAMETOOLONG;
    else if (sticks(path, &st))
        error = EPERM;
    free(folder);
    return error;
}

int pixfer_file_check_readable(const char *path)
{
    return access(path, R_OK) ? errno : 0;
}

int pixfer_file_check_writable(const char *path)
{
    return access(path, W_OK) ? errno : 0;
}

bool pixfer_file_exists(const char *path)
{
    return !access(path, F_OK);
}

static void take_state(struct file_state *state, const struct stat *st)
{
    state->kind = S_ISREG(st->st_mode) ? FILE_REGULAR : S_ISDIR(st->st_mode) ? FILE_FOLDER : FILE_OTHER;
    state->size = st->st_size;
#if defined(__APPLE__)
    state->changed = (int64_t)st->st_mtimespec.tv_sec * 1000000000 + st->st_mtimespec.tv_nsec;
#else
    state->changed = (int64_t)st->st_mtim.tv_sec * 1000000000 + st->st_mtim.tv_nsec;
#endif
}

int pixfer_file_state(const char *path, struct file_state *state)
{
    struct stat st;
    if (stat(path, &st))
        return errno;
    take_state(state, &st);
    return 0;
}

int pixfer_file_state_of(int fd, struct file_state *state)
{
    struct stat st;
    if (fstat(fd, &st))
        return errno;
    take_state(state, &st);
    return 0;
}

int64_t pixfer_file_size(int fd)
{
    struct stat st;
    return fstat(fd, &st) ? 0 : st.st_size;
}

bool pixfer_file_is_terminal(int fd)
{
    return isatty(fd);
}

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

void pixfer_folder_list(const char *folder, void (*each)(void *opaque, const char *name), void *opaque)
{
    DIR *directory = opendir(folder);
    for (struct dirent *entry; directory && (entry = readdir(directory));)
        each(opaque, entry->d_name);
    if (directory)
        closedir(directory);
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

static int opened(int fd, int *out)
{
    *out = above_standard(fd);
    return *out < 0 ? errno : 0;
}

int pixfer_file_open_to_read(const char *path, bool wait, int *out)
{
    return opened(open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | (wait ? 0 : O_NONBLOCK)), out);
}

int pixfer_file_open_to_write(const char *path, int *out)
{
    return opened(open(path, O_WRONLY | O_CLOEXEC), out);
}

int pixfer_file_create(const char *path, int *out)
{
    return opened(open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666), out);
}

int pixfer_file_open_or_create(const char *path, int *out, bool *created)
{
    struct stat st;
    int error = pixfer_file_create(path, out);
    *created = !error;
    if (error != EEXIST || (!lstat(path, &st) && !S_ISREG(st.st_mode))) /* opening a device may already do something */
        return error;
    return opened(open(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC), out);
}

int pixfer_file_lock_surely(int fd)
{
    return !flock(fd, LOCK_EX | LOCK_NB) ? 0 : errno == EWOULDBLOCK ? EBUSY : ENOTSUP;
}

int pixfer_file_lock(int fd)
{
    return pixfer_file_lock_surely(fd) == EBUSY ? EBUSY : 0;
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

int pixfer_file_write_next(int fd, const void *bytes, size_t size, bool signals)
{
    for (const char *at = bytes; size;) {
        ssize_t n = signals ? write(fd, at, size) : write_without_signals(fd, -1, at, size);
        if (n > 0) {
            at += n;
            size -= (size_t)n;
        } else if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            pixfer_file_wait(fd, true, 1000);
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

int64_t pixfer_file_read_next(int fd, void *bytes, size_t size)
{
    ssize_t n = read(fd, bytes, size);
    return n >= 0 ? n : -errno;
}

int64_t pixfer_file_seek(int fd, int64_t offset, int whence)
{
    off_t at = lseek(fd, (off_t)offset, whence);
    return at >= 0 ? at : -errno;
}

int pixfer_file_wait(int fd, bool to_write, int milliseconds)
{
    struct pollfd ready = {.fd = fd, .events = to_write ? POLLOUT : POLLIN};
    int count = poll(&ready, 1, milliseconds);
    return count > 0 ? 1 : count == 0 || errno == EINTR ? 0 : -errno;
}

void pixfer_file_widen_pipe(int fd)
{
#if defined(F_SETPIPE_SZ)
    fcntl(fd, F_SETPIPE_SZ, 1 << 20); /* refused on anything but a pipe */
    posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
#else
    (void)fd;
#endif
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

bool pixfer_text_open(struct text_stream *stream)
{
    stream->out = open_memstream(&stream->text, &stream->size);
    return stream->out;
}

char *pixfer_text_close(struct text_stream *stream)
{
    bool good = !ferror(stream->out);
    good = !fclose(stream->out) && good;
    if (good)
        return stream->text;
    free(stream->text);
    return NULL;
}

/* ---- Names that change ----------------------------------------------------------------------------------------------------- */

void pixfer_file_remove(const char *path, int fd)
{
    struct stat a, b;
    if (!lstat(path, &a) && !fstat(fd, &b) && same(&a, &b))
        unlink(path);
}

int pixfer_file_unlink(const char *path)
{
    return unlink(path) ? errno : 0;
}

static void sync_folder_of(const char *path)
{
    char *folder = pixfer_path_folder(path);
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

char *pixfer_folder_create(const char *parent, const char *prefix)
{
    const char *temporary = getenv("TMPDIR");
    if (!parent)
        parent = temporary && *temporary ? temporary : "/tmp";
    size_t size = strlen(parent) + strlen(prefix) + 10;
    char *name = malloc(size);
    if (!name)
        return NULL;
    snprintf(name, size, "%s/%s-XXXXXX", parent, prefix);
    if (mkdtemp(name))
        return name;
    free(name);
    return NULL;
}

int pixfer_folder_make(const char *path)
{
    struct stat st;
    if (!mkdir(path, 0777) || (errno == EEXIST && !stat(path, &st) && S_ISDIR(st.st_mode)))
        return 0;
    return errno;
}

int pixfer_folder_remove(const char *path)
{
    return rmdir(path) ? errno : 0;
}

const char *pixfer_error_text(int error)
{
    return strerror(error);
}

FILE *pixfer_file_stream(const char *path, const char *mode)
{
    return fopen(path, mode);
}

int64_t pixfer_process(void)
{
    return getpid();
}

#else
typedef int pixfer_posix_files_are_not_here; /* ISO C wants something in every file */
#endif

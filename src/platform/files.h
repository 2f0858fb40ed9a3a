/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_SRC_FILES_H
#define PIXFER_SRC_FILES_H

/* Files, for the exporter and the programs; the core needs none. Names are UTF-8 on Windows, bytes elsewhere. A file is a descriptor of
 * the C library: open for binary data, not inherited by other programs, and never in the place of a closed standard stream. What returns
 * int returns 0 or an errno, what returns int64_t a number or -errno. */

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { PIXFER_STDIN, PIXFER_STDOUT, PIXFER_STDERR };

#if defined(_WIN32)
/* What the C library there has no numbers for: a user's share of a disk is full; another program has the file open. */
#if !defined(EDQUOT)
#define EDQUOT 10069
#endif
#define PIXFER_EINUSE 10500
#endif
const char *pixfer_error_text(int error); /* strerror, and what it does not know */

enum file_kind {
    FILE_FREE, /* there is none */
    FILE_REGULAR,
    FILE_LINK, /* to a regular file, or to nothing */
    FILE_FOLDER,
    FILE_OTHER /* a device, a pipe, a socket, or a link to one */
};

struct file_state {
    enum file_kind kind; /* no link: what it leads to is looked at */
    int64_t size;
    int64_t changed; /* ns since 1970 */
};

/* ---- Names ---- */

/* The part behind the last separator: '/', and on Windows '\' and "C:", too. */
const char *pixfer_path_base(const char *path);
bool pixfer_path_separates(char character);
/* What is in front of it, "." for nothing; the caller frees it. NULL: no memory. */
char *pixfer_path_folder(const char *path);
/* From the root on, through the working folder, links as they are; the caller frees it. NULL with errno set. */
char *pixfer_path_from_root(const char *path);
/* The bytes that a name in that folder may have. */
size_t pixfer_path_longest_name(const char *folder);

/* ---- Looking ---- */

enum file_kind pixfer_file_kind(const char *path);
bool pixfer_file_exists(const char *path);
int pixfer_file_state(const char *path, struct file_state *state);
int pixfer_file_state_of(int fd, struct file_state *state);
int64_t pixfer_file_size(int fd); /* 0 if that cannot be told */
bool pixfer_file_is_terminal(int fd);
int pixfer_file_check_readable(const char *path);
int pixfer_file_check_writable(const char *path);
/* Whether a file called `path` can be created or replaced in its folder, under a name that is `longer` bytes longer too. */
int pixfer_file_check_folder(const char *path, size_t longer);
/* `name` is the file that is open as `fd`; "-" is standard input. */
bool pixfer_file_is(const char *name, int fd);
bool pixfer_file_same(const char *name, const char *other); /* folders, too */
/* Calls `each` for every name in a folder, "." and ".." among them; none if it cannot be read. */
void pixfer_folder_list(const char *folder, void (*each)(void *opaque, const char *name), void *opaque);

/* ---- Opening ---- */

/* With `wait` a named pipe is waited for until somebody writes to it. */
int pixfer_file_open_to_read(const char *path, bool wait, int *out);
int pixfer_file_open_to_write(const char *path, int *out); /* a device or a named pipe, which stays what it is */
/* EEXIST if there is anything by that name. */
int pixfer_file_create(const char *path, int *out);
/* Opens a regular file for reading and writing, or creates it; no link is followed. EEXIST: it is something else. */
int pixfer_file_open_or_create(const char *path, int *out, bool *created);
/* EBUSY: another process has locked it. A file system without locks has to do without. */
int pixfer_file_lock(int fd);
/* The same, but ENOTSUP on a file system without locks. */
int pixfer_file_lock_surely(int fd);
/* Gives it the permissions, and where allowed the owner, of the file called `model`, if there is one. */
void pixfer_file_take_mode(int fd, const char *model);
int pixfer_file_close(int fd);
FILE *pixfer_file_stream(const char *path, const char *mode); /* fopen */

/* ---- Bytes ---- */

/* All of it at that place. No signal is raised. */
int pixfer_file_write(int fd, int64_t at, const void *bytes, size_t size);
/* All of it where the file, the pipe or the device is. With `signals` a pipe whose reader has gone may end the process, as it ends cat. */
int pixfer_file_write_next(int fd, const void *bytes, size_t size, bool signals);
/* The number of bytes read, 0 at the end. */
int64_t pixfer_file_read(int fd, int64_t at, void *bytes, size_t size);
int64_t pixfer_file_read_next(int fd, void *bytes, size_t size); /* -EINTR and -EAGAIN, too */
int64_t pixfer_file_seek(int fd, int64_t offset, int whence);    /* the place afterwards */
/* 1 if it can be read, or written to, 0 if not within that time, -errno. */
int pixfer_file_wait(int fd, bool to_write, int milliseconds);
void pixfer_file_widen_pipe(int fd); /* nothing for what is no pipe */
int pixfer_file_truncate(int fd, int64_t size);
int pixfer_file_sync(int fd);

/* ---- Text that is put together in memory ---- */

struct text_stream {
    FILE *out;
    char *text;
    size_t size;
};
bool pixfer_text_open(struct text_stream *stream);
/* What was written, for the caller to free; NULL if anything of it failed. */
char *pixfer_text_close(struct text_stream *stream);

/* ---- Names that change ---- */

/* Removes `path` if it still is the file that is open as `fd`. */
void pixfer_file_remove(const char *path, int fd);
int pixfer_file_unlink(const char *path); /* may be called by a signal handler */
/* Takes the name `to`, which must be free unless `replace`. */
int pixfer_file_rename(const char *from, const char *to, bool replace);
/* A new folder of one's own where temporary files belong, or in `parent`; the caller frees the name. NULL with errno set. */
char *pixfer_folder_create(const char *parent, const char *prefix);
int pixfer_folder_make(const char *path);   /* no failure if it is there */
int pixfer_folder_remove(const char *path); /* an empty one */

/* Of the process, so that a child after fork() can be told from its parent. */
int64_t pixfer_process(void);

#endif

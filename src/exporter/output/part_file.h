/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_EXPORTER_PART_FILE_H
#define PIXFER_EXPORTER_PART_FILE_H

/* The files of an export, with every system call they need. Nothing that exists is touched unasked, no link is followed, and no
 * descriptor takes the place of a closed standard stream. What returns int returns 0 or an errno. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum file_kind {
    FILE_FREE, /* there is none */
    FILE_REGULAR,
    FILE_LINK, /* to a regular file, or to nothing */
    FILE_FOLDER,
    FILE_OTHER /* a device, a pipe, a socket, or a link to one */
};

enum file_kind pixfer_file_kind(const char *path);
/* Whether a file called `path` can be created or replaced in its folder, under a name that is `longer` bytes longer too. */
int pixfer_file_check_folder(const char *path, size_t longer);
int pixfer_file_check_writable(const char *path);

/* Opens `path` for reading and writing, or creates it, and locks it for this export. What it holds stays. EBUSY: another one has it. */
int pixfer_file_open_locked(const char *path, int *out, bool *created);
/* Creates a file with a name of its own beside `path`; *name is the caller's. */
int pixfer_file_create_beside(const char *path, const char *suffix, int *out, char **name);
/* Gives it the permissions, and where allowed the owner, of the file called `model`, if there is one. */
void pixfer_file_take_mode(int fd, const char *model);

/* All of it at that place. */
int pixfer_file_write(int fd, int64_t at, const void *bytes, size_t size);
/* The number of bytes read, 0 at the end, or -errno. */
int64_t pixfer_file_read(int fd, int64_t at, void *bytes, size_t size);
int64_t pixfer_file_size(int fd);
int pixfer_file_truncate(int fd, int64_t size);
int pixfer_file_sync(int fd);
int pixfer_file_close(int fd);

/* `name` is the file that is open as `fd`; "-" is standard input. */
bool pixfer_file_is(const char *name, int fd);
bool pixfer_file_same(const char *name, const char *other);
/* Removes `path` if it still is the file that is open as `fd`. */
void pixfer_file_remove(const char *path, int fd);
/* Takes the name `to`, which must be free unless `replace`. */
int pixfer_file_rename(const char *from, const char *to, bool replace);

/* Of the process, so that a child after fork() can be told from its parent. */
int64_t pixfer_process(void);

/* "No space left on device; free some space ...", for an AVERROR; what to do about it follows where that is known. */
const char *pixfer_output_error(int averror, char *text, size_t size);

#endif

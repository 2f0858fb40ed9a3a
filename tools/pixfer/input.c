/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#if defined(__linux__)
#define _GNU_SOURCE /* F_SETPIPE_SZ, posix_fadvise */
#endif
#include "input.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "args.h"
#include "cmd.h"

static int refuse(struct input *input, const char *what)
{
    failure(input->command, "%s is a %s, expected raw frames from a file or a pipe", input->path, what);
    input_close(input);
    return EXIT_USAGE;
}

int input_open(struct input *input, const char *command, const char *path)
{
    struct stat status;
    bool standard = !strcmp(path, "-");
    *input = (struct input){command, standard ? "standard input" : path, standard ? STDIN_FILENO : open(path, O_RDONLY)};
    if (input->fd < 0)
        return failure(command, "%s cannot be read: %s", path, strerror(errno));
    if (isatty(input->fd))
        return refuse(input, "terminal");
    if (!fstat(input->fd, &status) && S_ISDIR(status.st_mode))
        return refuse(input, "directory");
#if defined(F_SETPIPE_SZ)
    fcntl(input->fd, F_SETPIPE_SZ, 1 << 20); /* refused on anything but a pipe */
    posix_fadvise(input->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
#endif
    return EXIT_OK;
}

ptrdiff_t input_read(struct input *input, void *data, size_t size)
{
    size_t done = 0;
    while (done < size) {
        ssize_t got = read(input->fd, (char *)data + done, size - done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            failure(input->command, "%s: reading failed: %s", input->path, strerror(errno));
            return -1;
        }
        if (!got)
            break;
        done += (size_t)got;
    }
    return (ptrdiff_t)done;
}

bool input_skip(struct input *input, uint64_t size)
{
    char buffer[1 << 16];
    if (size <= INT64_MAX && lseek(input->fd, (off_t)size, SEEK_CUR) >= 0)
        return true;
    while (size) {
        size_t step = size < sizeof(buffer) ? (size_t)size : sizeof(buffer);
        ptrdiff_t got = input_read(input, buffer, step);
        if (got < 0)
            return false;
        if ((size_t)got < step)
            break;
        size -= step;
    }
    return true;
}

void input_close(struct input *input)
{
    if (input->fd > STDIN_FILENO)
        close(input->fd);
    input->fd = -1;
}

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#if defined(__linux__)
#define _GNU_SOURCE /* F_SETPIPE_SZ */
#else
#define _DARWIN_C_SOURCE /* mkstemps */
#endif
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "args.h"
#include "cmd.h"

/* The signal handler's view of the one part file that may exist. */
static char *volatile current_part;

static void on_signal(int number)
{
    if (current_part)
        unlink(current_part);
    _exit(128 + number);
}

static void watch_signals(void)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction action, old;
    memset(&action, 0, sizeof(action));
    action.sa_handler = on_signal;
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
        if (!sigaction(numbers[i], NULL, &old) && old.sa_handler != SIG_IGN) /* nohup stays nohup */
            sigaction(numbers[i], &action, NULL);
}

static bool open_part(struct output *output)
{
    static const char suffix[] = ".XXXXXX.part";
    size_t length = strlen(output->path);
    output->part = malloc(length + sizeof(suffix));
    if (!output->part)
        return false;
    memcpy(output->part, output->path, length);
    memcpy(output->part + length, suffix, sizeof(suffix));
    output->fd = mkstemps(output->part, (int)strlen(".part"));
    if (output->fd < 0)
        return false;
    mode_t mask = umask(0); /* mkstemps makes private files; this one is to be like any other */
    umask(mask);
    fchmod(output->fd, 0666 & ~mask); /* some file systems have no modes */
    return true;
}

static int open_stdout(struct output *output)
{
    output->fd = STDOUT_FILENO;
    output->path = "standard output";
    if (isatty(output->fd)) {
        failure(output->command, "standard output is a terminal, expected a pipe or -o FILE");
        return EXIT_USAGE;
    }
#if defined(F_SETPIPE_SZ)
    fcntl(output->fd, F_SETPIPE_SZ, 1 << 20); /* fewer switches between the two ends; refused on anything but a pipe */
#endif
    return EXIT_OK;
}

static int refuse(struct output *output)
{
    failure(output->command, "%s cannot be written: %s", output->path, strerror(errno));
    output_discard(output);
    return EXIT_FAILED;
}

int output_open(struct output *output, const char *command, const char *path, bool overwrite)
{
    struct stat status;
    *output = (struct output){.command = command, .path = path, .fd = -1};
    signal(SIGPIPE, SIG_DFL); /* even if whoever started us ignores it */
    if (!strcmp(path, "-"))
        return open_stdout(output);
    bool exists = !stat(path, &status), link = !exists && !lstat(path, &status);
    if (exists && S_ISDIR(status.st_mode))
        return failure(command, "%s is a directory, expected the name of a file", path);
    if ((link || (exists && S_ISREG(status.st_mode))) && !overwrite)
        return failure(command, "%s exists; --overwrite replaces it", path);
    if (exists && !S_ISREG(status.st_mode))
        output->fd = open(path, O_WRONLY); /* a device or a named pipe is written, not replaced */
    else if (open_part(output)) {
        current_part = output->part;
        watch_signals();
    }
    return output->fd >= 0 ? EXIT_OK : refuse(output);
}

static const char *kind(mode_t mode)
{
    return S_ISDIR(mode)                    ? "a folder"
           : S_ISLNK(mode)                  ? "a symbolic link"
           : S_ISCHR(mode) || S_ISBLK(mode) ? "a device"
                                            : "a pipe or socket";
}

int output_create(struct output *output, const char *command, const char *path, bool overwrite)
{
    struct stat status;
    *output = (struct output){.command = command, .path = path, .fd = -1};
    bool exists = !lstat(path, &status);
    if (exists && !S_ISREG(status.st_mode))
        return failure(command, "%s is %s, expected a file or a new name", path, kind(status.st_mode));
    if (exists && !overwrite)
        return failure(command, "%s exists; --overwrite replaces it", path);
    return open_part(output) ? EXIT_OK : refuse(output);
}

bool output_write(struct output *output, const void *data, size_t size)
{
    const char *at = data;
    while (size) {
        ssize_t written = write(output->fd, at, size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0) {
            failure(output->command, "%s: writing failed: %s", output->path, strerror(errno));
            return false;
        }
        at += written;
        size -= (size_t)written;
    }
    return true;
}

bool output_commit(struct output *output)
{
    int fd = output->fd;
    output->fd = -1;
    bool good = !close(fd); /* network file systems report a full disk here */
    if (good && output->part)
        good = !rename(output->part, output->path);
    if (!good)
        failure(output->command, "%s: writing failed: %s", output->path, strerror(errno));
    else if (output->part) {
        current_part = NULL;
        free(output->part);
        output->part = NULL;
    }
    output_discard(output);
    return good;
}

void output_discard(struct output *output)
{
    if (output->fd >= 0)
        close(output->fd);
    output->fd = -1;
    if (output->part) {
        unlink(output->part);
        current_part = NULL;
        free(output->part);
        output->part = NULL;
    }
}

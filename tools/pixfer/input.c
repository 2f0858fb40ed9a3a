/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "input.h"

#include <string.h>

#include "../../src/platform/files.h"
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
    struct file_state state;
    bool standard = !strcmp(path, "-");
    *input = (struct input){command, standard ? "standard input" : path, PIXFER_STDIN};
    int error = standard ? 0 : pixfer_file_open_to_read(path, true, &input->fd);
    if (error)
        return failure(command, "%s cannot be read: %s", path, pixfer_error_text(error));
    if (pixfer_file_is_terminal(input->fd))
        return refuse(input, "terminal");
    if (!pixfer_file_state_of(input->fd, &state) && state.kind == FILE_FOLDER)
        return refuse(input, "directory");
    pixfer_file_widen_pipe(input->fd);
    return EXIT_OK;
}

ptrdiff_t input_read(struct input *input, void *data, size_t size)
{
    size_t done = 0;
    while (done < size) {
        int64_t got = pixfer_file_read_next(input->fd, (char *)data + done, size - done);
        if (got == -EINTR)
            continue;
        if (got < 0) {
            failure(input->command, "%s: reading failed: %s", input->path, pixfer_error_text((int)-got));
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
    if (size <= INT64_MAX && pixfer_file_seek(input->fd, (int64_t)size, SEEK_CUR) >= 0)
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
    if (input->fd > PIXFER_STDIN)
        pixfer_file_close(input->fd);
    input->fd = -1;
}

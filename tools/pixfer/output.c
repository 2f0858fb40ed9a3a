/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "output.h"

#include <stdlib.h>
#include <string.h>

#include "../../src/exporter/output/part_file.h"
#include "../../src/platform/process.h"
#include "args.h"
#include "cmd.h"

/* The signal handler's view of the one part file that may exist. */
static char *volatile current_part;

static void remove_part(void)
{
    if (current_part)
        pixfer_file_unlink(current_part);
}

static int create_part(struct output *output)
{
    int error = pixfer_file_check_folder(output->path, 0);
    return error ? error : pixfer_file_create_beside(output->path, ".part", &output->fd, &output->part);
}

static int open_stdout(struct output *output)
{
    output->fd = PIXFER_STDOUT;
    output->path = "standard output";
    if (pixfer_file_is_terminal(output->fd)) {
        failure(output->command, "standard output is a terminal, expected a pipe or -o FILE");
        return EXIT_USAGE;
    }
    pixfer_file_widen_pipe(output->fd); /* fewer switches between the two ends */
    return EXIT_OK;
}

static int refuse(struct output *output, int error)
{
    failure(output->command, "%s cannot be written: %s", output->path, pixfer_error_text(error));
    output_discard(output);
    return EXIT_FAILED;
}

int output_open(struct output *output, const char *command, const char *path, bool overwrite)
{
    *output = (struct output){.command = command, .path = path, .fd = -1};
    pixfer_interrupts_default_for_pipes(); /* even if whoever started us ignores it */
    if (!strcmp(path, "-"))
        return open_stdout(output);
    enum file_kind kind = pixfer_file_kind(path);
    if (kind == FILE_FOLDER)
        return failure(command, "%s is a directory, expected the name of a file", path);
    if ((kind == FILE_LINK || kind == FILE_REGULAR) && !overwrite)
        return failure(command, "%s exists; --overwrite replaces it", path);
    if (kind == FILE_OTHER) { /* a device or a named pipe is written, not replaced */
        int error = pixfer_file_open_to_write(path, &output->fd);
        return error ? refuse(output, error) : EXIT_OK;
    }
    int error = create_part(output);
    if (error)
        return refuse(output, error);
    current_part = output->part;
    pixfer_interrupts_end_process(remove_part);
    return EXIT_OK;
}

int output_create(struct output *output, const char *command, const char *path, bool overwrite)
{
    static const char *const names[] = {
        [FILE_FOLDER] = "a folder", [FILE_LINK] = "a symbolic link", [FILE_OTHER] = "a device, a pipe or a socket"};
    *output = (struct output){.command = command, .path = path, .fd = -1};
    enum file_kind kind = pixfer_file_kind(path);
    if (kind != FILE_FREE && kind != FILE_REGULAR)
        return failure(command, "%s is %s, expected a file or a new name", path, names[kind]);
    if (kind == FILE_REGULAR && !overwrite)
        return failure(command, "%s exists; --overwrite replaces it", path);
    int error = create_part(output);
    return error ? refuse(output, error) : EXIT_OK;
}

bool output_write(struct output *output, const void *data, size_t size)
{
    int error = pixfer_file_write_next(output->fd, data, size, true);
    if (error)
        failure(output->command, "%s: writing failed: %s", output->path, pixfer_error_text(error));
    return !error;
}

bool output_commit(struct output *output)
{
    int fd = output->fd;
    output->fd = -1;
    int error = pixfer_file_close(fd); /* network file systems report a full disk here */
    if (!error && output->part)
        error = pixfer_file_rename(output->part, output->path, true);
    if (error)
        failure(output->command, "%s: writing failed: %s", output->path, pixfer_error_text(error));
    else if (output->part) {
        current_part = NULL;
        free(output->part);
        output->part = NULL;
    }
    output_discard(output);
    return !error;
}

void output_discard(struct output *output)
{
    if (output->fd >= 0)
        pixfer_file_close(output->fd);
    output->fd = -1;
    if (output->part) {
        pixfer_file_unlink(output->part);
        current_part = NULL;
        free(output->part);
        output->part = NULL;
    }
}

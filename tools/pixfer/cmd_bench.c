/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/platform/files.h"
#include "../../src/platform/process.h"
#include "args.h"
#include "cmd.h"

enum { PATH_SIZE = 4096 };

/* The folder of the running tool, links resolved. */
static bool own_folder(const char *program, char folder[PATH_SIZE])
{
    char *file = pixfer_process_file(program);
    size_t length = file ? (size_t)(pixfer_path_base(file) - file) : 0;
    bool fits = length && length < PATH_SIZE;
    if (fits)
        snprintf(folder, PATH_SIZE, "%.*s", (int)length - 1, file);
    free(file);
    return fits;
}

static int run_in(const char *folder, const char *below, char **argv)
{
    char program[PATH_SIZE];
    int size = snprintf(program, sizeof(program), "%s%s/pixfer-bench", folder, below);
    return size > 0 && size < (int)sizeof(program) ? pixfer_process_become(program, argv) : ENAMETOOLONG;
}

int cmd_bench(int argc, char **argv)
{
    const char *program = argv[-1]; /* main hands on its own arguments from the command on */
    char folder[PATH_SIZE];
    (void)argc;
    if (!own_folder(program, folder))
        return failure("bench", "the folder of this program is not found: run pixfer-bench itself");
    int error = run_in(folder, "", argv);
    if (error == ENOENT)
        error = run_in(folder, "/" PIXFER_BENCH_FOLDER, argv);
    if (error != ENOENT)
        return failure("bench", "pixfer-bench cannot be run: %s", pixfer_error_text(error));
    return failure("bench", "found no pixfer-bench, expected it in %s or in %s/%s", folder, folder, PIXFER_BENCH_FOLDER);
}

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE /* realpath, readlink */
#define _DARWIN_C_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "args.h"
#include "cmd.h"

enum { PATH_SIZE = 4096 };

/* The first of the folders of PATH that holds the tool, as a shell looks for it. */
static char *resolve_by_path(const char *name)
{
    const char *path = getenv("PATH");
    char candidate[PATH_SIZE];
    while (path && *path) {
        size_t length = strcspn(path, ":");
        int size = snprintf(candidate, sizeof(candidate), "%.*s/%s", length ? (int)length : 1, length ? path : ".", name);
        if (size > 0 && size < (int)sizeof(candidate) && !access(candidate, X_OK))
            return realpath(candidate, NULL);
        path += length + (path[length] == ':');
    }
    return NULL;
}

/* The folder of the running tool, links resolved. Linux knows; elsewhere it is where the shell found it. */
static bool own_folder(const char *program, char folder[PATH_SIZE])
{
    char *file = realpath("/proc/self/exe", NULL);
    if (!file)
        file = strchr(program, '/') ? realpath(program, NULL) : resolve_by_path(program);
    char *slash = file ? strrchr(file, '/') : NULL;
    bool fits = slash && slash - file < PATH_SIZE;
    if (fits)
        snprintf(folder, PATH_SIZE, "%.*s", (int)(slash - file), file);
    free(file);
    return fits;
}

static void run_in(const char *folder, const char *below, char **argv)
{
    char program[PATH_SIZE];
    int size = snprintf(program, sizeof(program), "%s%s/pixfer-bench", folder, below);
    if (size > 0 && size < (int)sizeof(program))
        execv(program, argv);
}

int cmd_bench(int argc, char **argv)
{
    const char *program = argv[-1]; /* main hands on its own arguments from the command on */
    char folder[PATH_SIZE];
    (void)argc;
    if (!own_folder(program, folder))
        return failure("bench", "the folder of this program is not found: run pixfer-bench itself");
    run_in(folder, "", argv);
    if (errno == ENOENT)
        run_in(folder, "/" PIXFER_BENCH_FOLDER, argv);
    if (errno != ENOENT)
        return failure("bench", "pixfer-bench cannot be run: %s", strerror(errno));
    return failure("bench", "found no pixfer-bench, expected it in %s or in %s/%s", folder, folder, PIXFER_BENCH_FOLDER);
}

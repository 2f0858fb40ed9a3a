/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "streams.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/platform/process.h"
#include "cmd.h"
#include "text.h"

void streams_open(int *argc, char ***argv)
{
    if (!pixfer_process_start(argc, argv))
        pixfer_process_leave(EXIT_FAILED);
}

int streams_close(int code)
{
    errno = 0;
    int failed = fflush(stdout) | ferror(stdout);
    if (!failed || code != EXIT_OK)
        return code;
    text_line("pixfer: standard output: writing failed%s%s", errno ? ": " : "", errno ? strerror(errno) : "");
    return EXIT_FAILED;
}

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "streams.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "text.h"

void streams_open(void)
{
    /* The wrong way round: reading the first and writing the others fails, instead of finding nothing and losing everything. */
    static const int modes[] = {O_WRONLY, O_RDONLY, O_RDONLY};
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 && errno == EBADF && open("/dev/null", modes[fd]) != fd)
            _exit(EXIT_FAILED);
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

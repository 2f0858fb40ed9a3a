/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
/* pixfer-bench, which `pixfer bench` runs: a program of its own, so that the tool neither grows with what it is measured beside nor
 * links it. It speaks as `pixfer bench`, by which it is called. */

#include <string.h>

#include "../tools/pixfer/args.h"
#include "../tools/pixfer/cmd.h"
#include "../tools/pixfer/streams.h"
#include "../tools/pixfer/text.h"
#include "bench.h"

static int usage(FILE *out, int status)
{
    fprintf(out, "Usage: pixfer bench convert [OPTION]...\n"
                 "       pixfer bench export [OPTION]... INPUT\n\n"
                 "  convert  the converter beside libyuv, libswscale and the memory's limit\n"
                 "  export   the whole export: through swscale, through pixfer, and of frames\n"
                 "           that need no conversion, which is the ceiling\n\n"
                 "'pixfer bench convert --help' and 'pixfer bench export --help' list the options.\n");
    return status;
}

static int run(int argc, char **argv)
{
    if (argc < 2)
        return usage(stderr, EXIT_USAGE);
    if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))
        return usage(stdout, EXIT_OK);
    if (!strcmp(argv[1], "convert"))
        return bench_convert(argc - 1, argv + 1);
    if (!strcmp(argv[1], "export"))
        return bench_export(argc - 1, argv + 1);
    text_line("pixfer bench: found '%s', expected convert or export", argv[1]);
    return EXIT_USAGE;
}

int main(int argc, char **argv)
{
    streams_open(&argc, &argv);
    bench_set_command(argc, argv);
    return streams_close(run(argc, argv));
}

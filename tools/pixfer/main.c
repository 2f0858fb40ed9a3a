/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include <pixfer/pixfer.h>
#include <stdio.h>
#include <string.h>

#include "args.h"
#include "cmd.h"
#include "streams.h"
#include "text.h"

struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *help;
};

static const struct command commands[] = {
    {"export", cmd_export, "RGBA frames in, H.264 MP4 out"},
    {"plan", cmd_plan, "cut an export into segments for any number of machines"},
    {"segment", cmd_segment, "encode one segment of a plan"},
    {"join", cmd_join, "make the MP4 of a plan from its segments"},
    {"convert", cmd_convert, "raw RGBA frames in, raw NV12 (or another format) or y4m out"},
    {"info", cmd_info, "what this build can do on this machine, and why not more"},
    {"selftest", cmd_selftest, "try everything on this machine, for a report that says what works"},
    {"bench", cmd_bench, "measure conversion and export beside other programs"},
};
static const size_t command_count = sizeof(commands) / sizeof(commands[0]);

static int usage(FILE *out, int status)
{
    fprintf(out, "Usage: pixfer COMMAND [OPTION]...\n\n"
                 "Exact RGBA to NV12 conversion and H.264 export.\n\nCommands:\n");
    for (size_t i = 0; i < command_count; i++)
        fprintf(out, "  %-8s %s\n", commands[i].name, commands[i].help);
    fprintf(out, "\n'pixfer help COMMAND' lists the options of a command, 'pixfer --version' the\n"
                 "version. Exit status: 0 done, 1 failed, 2 wrong usage, 130 interrupted.\n");
    return status;
}

static int unknown(const char *name)
{
    const char *names[sizeof(commands) / sizeof(commands[0]) + 1] = {NULL};
    for (size_t i = 0; i < command_count; i++)
        names[i] = commands[i].name;
    const char *nearest = args_nearest(name, names);
    if (nearest)
        text_line("pixfer: '%s' is not a command; did you mean '%s'?", name, nearest);
    else
        text_line("pixfer: '%s' is not a command; 'pixfer --help' lists them", name);
    return EXIT_USAGE;
}

static int run(int argc, char **argv)
{
    for (size_t i = 0; i < command_count; i++)
        if (!strcmp(argv[1], commands[i].name))
            return commands[i].run(argc - 1, argv + 1);
    return unknown(argv[1]);
}

/* "pixfer help bench export" is "pixfer bench export --help". */
static int help(int argc, char **argv)
{
    enum { WORDS = 3 };
    char program[] = "pixfer", option[] = "--help", *words[WORDS + 2] = {argv[0] ? argv[0] : program};
    int count = 1;
    for (int i = 2; i < argc && count < WORDS; i++)
        words[count++] = argv[i];
    words[count++] = option;
    return argc > 2 ? run(count, words) : usage(stdout, EXIT_OK);
}

int main(int argc, char **argv)
{
    streams_open(&argc, &argv);
    const char *name = argc > 1 ? argv[1] : "";
    int code = EXIT_OK;
    if (argc < 2)
        return usage(stderr, EXIT_USAGE);
    if (!strcmp(name, "--help") || !strcmp(name, "-h"))
        code = usage(stdout, EXIT_OK);
    else if (!strcmp(name, "help"))
        code = help(argc, argv);
    else if (!strcmp(name, "--version") || !strcmp(name, "version"))
        printf("pixfer %s\n", pixfer_version());
    else
        code = run(argc, argv);
    return streams_close(code);
}

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_TOOL_STEP_H
#define PIXFER_TOOL_STEP_H

/* What `pixfer segment`, `pixfer join` and `pixfer plan --status` have in common. */

#include <pixfer/plan.h>
#include <stdbool.h>

#include "args.h"
#include "progress.h"

struct step {
    const char *command, *plan_name;
    struct pixfer_plan *plan;
    struct pixfer_plan_host host; /* log and progress go to `progress`; a signal stops the work at once */
    struct progress progress;
    enum progress_mode mode;
    bool verbose, quiet;
    char error[1024];
};

/* A command's own part of its command line. */
struct step_line {
    const struct arg_option *options; /* with STEP_OPTIONS */
    int (*help)(void);
    bool (*take)(void *opaque, const struct args *args, int option); /* one of its own options; false after a message */
    void *opaque;
};

/* Reads the command line: one plan's name and the options. -1: go on; else the exit code, after a message or the help. */
int step_parse(struct step *s, const struct step_line *line, int argc, char **argv);
/* After the options: reads the plan, and catches signals if `stoppable`. EXIT_OK or the exit code after a message. */
int step_open(struct step *s, bool stoppable);
/* The exit code of a result: 128 + its number where a signal ended the work. */
int step_code(const struct step *s, enum pixfer_result result);
void step_close(struct step *s);

#define STEP_OPTIONS                                                                                                          \
    {"directory", 'C', "DIR", "where the segments are, in a folder named after the\nplan (default: this one)"},               \
        {"input", 'i', "FILE", "where the input is here (default: where the plan says)"},                                     \
        {"audio", 'a', "FILE", "the same for its audio file"}, {"progress", 0, "NAME", "auto (default), bar, plain or none"}, \
        {"verbose", 'v', NULL, "say more"}, {"quiet", 'q', NULL, "say nothing but errors"},                                   \
    {                                                                                                                         \
        "help", 'h', NULL, "this text"                                                                                        \
    }

#endif

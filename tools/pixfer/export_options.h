/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_TOOL_EXPORT_OPTIONS_H
#define PIXFER_TOOL_EXPORT_OPTIONS_H

/* The command line of `pixfer export`: its options stand in one table, from which the help is printed too. */

#include <pixfer/plan.h>
#include <stdbool.h>

#include "progress.h"

enum { EXPORT_METADATA = 32, EXPORT_KEY = 48 };

struct export_options {
    struct pixfer_input input;
    struct pixfer_exporter_params params; /* without callbacks; points into this struct */
    const char *output;                   /* "-" for standard output */
    const char *stats;                    /* NULL = not wanted */
    const char *rate_option;              /* the one that chose the quality */
    struct pixfer_plan_params cut;        /* how it is cut into segments ... */
    const char *cut_option;               /* ... by the option that says so; NULL: in one piece */
    unsigned jobs;                        /* segments at a time; 0 = one for each processor */
    enum progress_mode progress;
    bool verbose, quiet;
    struct pixfer_metadata metadata[EXPORT_METADATA];
    char keys[EXPORT_METADATA][EXPORT_KEY];
    char derived[1024]; /* the output's name where none was given */
};

/* -1: go on; else the exit code, after a message or the help. Looks at no file. */
int export_options_parse(struct export_options *x, int argc, char **argv);
/* The same for `pixfer plan`, which has these options too. */
int export_options_parse_plan(struct export_options *x, int argc, char **argv);

#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include <string.h>

#include "cmd.h"
#include "step.h"
#include "text.h"

enum { OPT_OUTPUT, OPT_OVERWRITE, OPT_REMOVE, OPT_COMMON };

static const struct arg_option options[] = {
    [OPT_OUTPUT] = {"output", 'o', "OUT.mp4", "default: the plan's"},
    [OPT_OVERWRITE] = {"overwrite", 'y', NULL, "replace an existing file"},
    [OPT_REMOVE] = {"remove", 0, NULL, "remove the segments once OUT.mp4 is complete"},
    STEP_OPTIONS,
    {NULL, 0, NULL, NULL},
};

static int help(void)
{
    printf("Usage: pixfer join plan.json [-C DIR] [-o OUT.mp4] [OPTION]...\n\n"
           "Checks that all segments are there, complete and of this plan, and makes OUT.mp4\n"
           "of them, without encoding frames again. The audio is encoded or copied here, from\n"
           "the input. Segments that are missing are listed with the command that makes them.\n\n");
    args_print_options(stdout, options);
    printf("\nExit status: 0 done, 1 failed, 2 wrong usage; after a signal, 128 and its number,\n"
           "and nothing is left.\n");
    return EXIT_OK;
}

struct joining {
    struct step step;
    const char *output;
};

static bool take_own(void *opaque, const struct args *args, int option)
{
    struct joining *x = opaque;
    if (option == OPT_OUTPUT)
        x->output = args->value;
    else if (option == OPT_OVERWRITE)
        x->step.host.overwrite = 1;
    else
        x->step.host.remove = 1;
    return true;
}

int cmd_join(int argc, char **argv)
{
    static struct joining x = {.step = {.command = "join"}};
    const struct step_line line = {options, help, take_own, &x};
    struct step *s = &x.step;
    struct pixfer_exporter_stats stats = PIXFER_EXPORTER_STATS();
    struct pixfer_plan_info info = PIXFER_PLAN_INFO();
    int code = step_parse(s, &line, argc, argv);
    if (code >= 0)
        return code;
    code = step_open(s, true);
    if (code != EXIT_OK)
        return code;
    pixfer_plan_get_info(s->plan, &info);
    enum pixfer_result result = pixfer_plan_join(s->plan, x.output, &s->host, &stats);
    code = step_code(s, result);
    progress_clear(&s->progress);
    char size[32];
    if (result == PIXFER_OK && !s->quiet)
        text_line("pixfer join: %s: %llu frames of %u segments, %s, in %.2f s", x.output ? x.output : info.output,
                  (unsigned long long)stats.frames, info.segments, progress_bytes(size, sizeof(size), (double)stats.bytes),
                  stats.wall_s);
    else if (code > 128)
        text_line("pixfer join: stopped by signal %d; nothing was written", code - 128);
    step_close(s);
    return code;
}

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

static int parse(struct step *s, const char **output, int argc, char **argv)
{
    struct args args = ARGS("join", argc, argv, options);
    bool help_wanted = false, good = true;
    for (int option; (option = args_next(&args)) != ARG_END;) {
        if (option == ARG_ERROR)
            return EXIT_USAGE;
        if (option == ARG_OPERAND && s->plan_name)
            return usage_error(&args, "found a second plan '%.200s', expected one", args.value);
        if (option == ARG_OPERAND)
            s->plan_name = args.value;
        else if (option == OPT_OUTPUT)
            *output = args.value;
        else if (option == OPT_OVERWRITE)
            s->host.overwrite = 1;
        else if (option == OPT_REMOVE)
            s->host.remove = 1;
        else if (!step_take(s, &args, options[option].name, &good))
            help_wanted = true;
        if (!good)
            return EXIT_USAGE;
    }
    if (help_wanted)
        return help();
    return s->plan_name ? -1 : usage_error(&args, "found no plan, expected the name of what 'pixfer plan' has printed");
}

int cmd_join(int argc, char **argv)
{
    static struct step s = {.command = "join"};
    struct pixfer_exporter_stats stats = PIXFER_EXPORTER_STATS();
    struct pixfer_plan_info info = PIXFER_PLAN_INFO();
    const char *output = NULL;
    int code = parse(&s, &output, argc, argv);
    if (code >= 0)
        return code;
    code = step_open(&s, true);
    if (code != EXIT_OK)
        return code;
    pixfer_plan_get_info(s.plan, &info);
    enum pixfer_result result = pixfer_plan_join(s.plan, output, &s.host, &stats);
    code = step_code(&s, result);
    progress_clear(&s.progress);
    char size[32];
    if (result == PIXFER_OK && !s.quiet)
        text_line("pixfer join: %s: %llu frames of %u segments, %s, in %.2f s", output ? output : info.output,
                  (unsigned long long)stats.frames, info.segments, progress_bytes(size, sizeof(size), (double)stats.bytes),
                  stats.wall_s);
    else if (code > 128)
        text_line("pixfer join: stopped by signal %d; nothing was written", code - 128);
    step_close(&s);
    return code;
}

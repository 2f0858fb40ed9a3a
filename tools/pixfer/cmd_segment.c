/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "interrupt.h"
#include "step.h"
#include "text.h"

enum { OPT_INDEX, OPT_COMMON };

static const struct arg_option options[] = {
    [OPT_INDEX] = {"index", 'k', "K", "which one, from 0; 'auto' is what the scheduler says"},
    STEP_OPTIONS,
    {NULL, 0, NULL, NULL},
};

/* Where schedulers say which of many equal tasks this one is; what is said to pixfer itself comes first. */
static const char *const variables[] = {"PIXFER_SEGMENT_INDEX", "SLURM_ARRAY_TASK_ID", "JOB_COMPLETION_INDEX",
                                        "AWS_BATCH_JOB_ARRAY_INDEX"};

static int help(void)
{
    printf("Usage: pixfer segment plan.json --index K|auto [-C DIR] [OPTION]...\n\n"
           "Encodes segment K of a plan to DIR/ID/0000K.mp4, which appears in one step. One\n"
           "that is there already is left as it is, and what a task that was killed left\n"
           "behind is replaced; so tasks may be repeated as often as need be.\n\n");
    args_print_options(stdout, options);
    printf("\n'auto' looks at PIXFER_SEGMENT_INDEX, SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX\n"
           "and AWS_BATCH_JOB_ARRAY_INDEX.\n"
           "Exit status: 0 it is there, 1 failed, 2 wrong usage; after a signal, 128 and its\n"
           "number (SIGTERM: 143), and nothing is left.\n");
    return EXIT_OK;
}

static const uint64_t no_index = UINT64_MAX;

static bool take_index(void *opaque, const struct args *args, int option)
{
    uint64_t *index = opaque;
    (void)option;
    if (strcmp(args->value, "auto"))
        return parse_unsigned(args, 0, UINT32_MAX - 1, index);
    for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
        const char *value = getenv(variables[i]);
        if (!value || !*value)
            continue;
        const struct args named = {.command = args->command, .name = variables[i], .value = value};
        return parse_unsigned(&named, 0, UINT32_MAX - 1, index);
    }
    usage_error(args, "--index auto: found none of PIXFER_SEGMENT_INDEX, SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX and "
                      "AWS_BATCH_JOB_ARRAY_INDEX");
    return false;
}

static int make(struct step *s, uint64_t index)
{
    struct pixfer_plan_info info = PIXFER_PLAN_INFO();
    struct pixfer_exporter_stats stats = PIXFER_EXPORTER_STATS();
    int already = 0;
    pixfer_plan_get_info(s->plan, &info);
    if (index >= info.segments && index < info.tasks) {
        if (!s->quiet)
            text_line("pixfer segment: nothing to do: the plan has %u segments for %u tasks", info.segments, info.tasks);
        return EXIT_OK;
    }
    enum pixfer_result result = pixfer_plan_make_segment(s->plan, (uint32_t)index, &s->host, &already, &stats);
    int code = step_code(s, result);
    progress_clear(&s->progress);
    if (result == PIXFER_OK && already && !s->quiet)
        text_line("pixfer segment: segment %u is already there", (unsigned)index);
    else if (result == PIXFER_OK && !s->quiet)
        text_line("pixfer segment: segment %u: %llu frames in %.2f s: %.1f fps", (unsigned)index,
                  (unsigned long long)stats.frames, stats.wall_s, stats.fps);
    else if (code > 128)
        text_line("pixfer segment: stopped by signal %d; nothing was kept", code - 128);
    return code;
}

int cmd_segment(int argc, char **argv)
{
    static struct step s = {.command = "segment"};
    uint64_t index = no_index;
    const struct step_line line = {options, help, take_index, &index};
    int code = step_parse(&s, &line, argc, argv);
    if (code >= 0)
        return code;
    if (index == no_index)
        return usage_error(&(struct args){.command = s.command}, "found no --index K");
    code = step_open(&s, true);
    if (code == EXIT_OK)
        code = make(&s, index);
    step_close(&s);
    return code;
}

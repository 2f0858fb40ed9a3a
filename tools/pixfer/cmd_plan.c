/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "export_options.h"
#include "interrupt.h"
#include "step.h"
#include "text.h"

/* ---- The plan ---------------------------------------------------------------------------------------------------------------- */

struct planning {
    struct export_options options;
    struct progress progress;
};

static enum pixfer_progress_action show(void *opaque, const struct pixfer_progress *state)
{
    struct planning *x = opaque;
    (void)state;
    (void)x;
    return interrupt_count() ? PIXFER_PROGRESS_ABORT : PIXFER_PROGRESS_CONTINUE;
}

static void say_nothing(void *opaque)
{
    (void)opaque;
}

static int print_plan(const struct planning *x, struct pixfer_plan *plan)
{
    struct pixfer_plan_info info = PIXFER_PLAN_INFO();
    const char *text = pixfer_plan_text(plan);
    pixfer_plan_get_info(plan, &info);
    if (fputs(text, stdout) < 0 || fflush(stdout))
        return failure("plan", "standard output: writing failed: %s", strerror(errno));
    if (!x->options.quiet)
        text_line("pixfer plan: %llu frames, %.3f s, in %u segment%s of %.3f s; %s: %s; id %.8s", (unsigned long long)info.frames,
                  info.seconds, info.segments, info.segments == 1 ? "" : "s", info.seconds / info.segments, info.encoder,
                  info.settings, info.id);
    return EXIT_OK;
}

static int make_plan(int argc, char **argv)
{
    static struct planning x;
    static struct interrupt_answers answers = {say_nothing, say_nothing, NULL, false};
    struct pixfer_plan *plan = NULL;
    char error[1024] = "";
    int code = export_options_parse_plan(&x.options, argc, argv);
    if (code >= 0)
        return code;
    progress_init(&x.progress, PROGRESS_NONE, x.options.quiet,
                  x.options.quiet     ? PIXFER_LOG_ERROR
                  : x.options.verbose ? PIXFER_LOG_DEBUG
                                      : PIXFER_LOG_WARNING);
    if (!interrupt_catch(&answers))
        return failure("plan", "signals cannot be caught: %s", strerror(errno));
    struct pixfer_exporter_params params = x.options.params;
    params.log = progress_log;
    params.log_opaque = &x.progress;
    params.progress = show;
    params.progress_opaque = &x;
    params.error = error;
    params.error_size = sizeof(error);
    x.options.cut.output = x.options.output;
    enum pixfer_result result = pixfer_plan_create(&plan, &x.options.input, &params, &x.options.cut);
    interrupt_end();
    if (result == PIXFER_OK)
        code = print_plan(&x, plan);
    else
        code = result == PIXFER_ERR_CANCELLED ? EXIT_INTERRUPTED : EXIT_FAILED;
    pixfer_plan_close(&plan);
    return code;
}

/* ---- Status ------------------------------------------------------------------------------------------------------------------ */

enum { OPT_STATUS, OPT_THOROUGH, OPT_COMMON };

static const struct arg_option status_options[] = {
    [OPT_STATUS] = {"status", 0, NULL, "tell how far the segments of a plan are"},
    [OPT_THOROUGH] = {"thorough", 0, NULL, "read all bytes of those that are there"},
    STEP_OPTIONS,
    {NULL, 0, NULL, NULL},
};

static int status_help(void)
{
    printf("Usage: pixfer plan --status plan.json [-C DIR]\n\n"
           "Tells from the folder alone which segments are done, which are being made, and\n"
           "which are missing.\n\n");
    args_print_options(stdout, status_options);
    printf("\nExit status: 0 told, 1 failed, 2 wrong usage.\n");
    return EXIT_OK;
}

static bool take_own(void *opaque, const struct args *args, int option)
{
    (void)args;
    if (option == OPT_THOROUGH)
        *(int *)opaque = 1;
    return true;
}

/* "3,5-7", as sbatch --array takes it. */
static void print_state(const char *name, const enum pixfer_segment_state *states, uint32_t count,
                        enum pixfer_segment_state wanted)
{
    uint32_t found = 0;
    for (uint32_t k = 0; k < count; k++)
        found += states[k] == wanted;
    if (!found)
        return;
    printf("%-8s %u: ", name, found);
    const char *comma = "";
    for (uint32_t k = 0, end; k < count; k = end) {
        for (end = k + 1; states[k] == wanted && end < count && states[end] == wanted;)
            end++;
        if (states[k] != wanted)
            continue;
        printf(end - k > 1 ? "%s%u-%u" : "%s%u", comma, k, end - 1);
        comma = ",";
    }
    printf("\n");
}

static int show_status(struct step *s, int thorough)
{
    struct pixfer_plan_info info = PIXFER_PLAN_INFO();
    uint64_t frames = 0;
    uint32_t done = 0;
    pixfer_plan_get_info(s->plan, &info);
    enum pixfer_segment_state *states = calloc(info.segments, sizeof(*states));
    if (!states)
        return failure("plan", "out of memory");
    for (uint32_t k = 0; k < info.segments; k++) {
        struct pixfer_segment_status status = PIXFER_SEGMENT_STATUS();
        pixfer_plan_get_status(s->plan, k, &s->host, thorough, &status);
        states[k] = status.state;
        frames += status.frames;
        done += status.state == PIXFER_SEGMENT_DONE;
    }
    printf("%u of %u segments done, %llu of %llu frames (%.1f %%)\n", done, info.segments, (unsigned long long)frames,
           (unsigned long long)info.frames, 100.0 * (double)frames / (double)info.frames);
    print_state("done", states, info.segments, PIXFER_SEGMENT_DONE);
    print_state("running", states, info.segments, PIXFER_SEGMENT_RUNNING);
    print_state("missing", states, info.segments, PIXFER_SEGMENT_MISSING);
    print_state("damaged", states, info.segments, PIXFER_SEGMENT_FOREIGN);
    free(states);
    return EXIT_OK;
}

static int status(int argc, char **argv)
{
    static struct step s = {.command = "plan"};
    int thorough = 0;
    const struct step_line line = {status_options, status_help, take_own, &thorough};
    int code = step_parse(&s, &line, argc, argv);
    if (code >= 0)
        return code;
    code = step_open(&s, false);
    if (code == EXIT_OK)
        code = show_status(&s, thorough);
    step_close(&s);
    return code;
}

int cmd_plan(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (!strcmp(argv[i], "--status"))
            return status(argc, argv);
        else if (!strcmp(argv[i], "--"))
            break;
    return make_plan(argc, argv);
}

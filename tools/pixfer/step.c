/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "step.h"

#include <errno.h>
#include <string.h>

#include "cmd.h"
#include "interrupt.h"
#include "text.h"

static bool take_progress(struct step *s, const struct args *args)
{
    static const char *const names[] = {"auto", "bar", "plain", "none", NULL};
    static const enum progress_mode modes[] = {PROGRESS_AUTO, PROGRESS_BAR, PROGRESS_PLAIN, PROGRESS_NONE};
    int i = 0;
    bool good = parse_choice(args, names, "auto, bar, plain or none", &i);
    s->mode = modes[i];
    return good;
}

/* The option that was read, if it is one of those that all have: true. `good` false after a message. */
static bool take_common(struct step *s, const struct args *args, const char *name, bool *good)
{
    const bool input = !strcmp(name, "input"), audio = !strcmp(name, "audio"),
               text = input || audio || !strcmp(name, "directory");
    *good = true;
    if (text && !*args->value) {
        usage_error(args, "%s: found nothing, expected a name", args->name);
        *good = false;
    }
    if (text)
        *(input ? &s->host.input : audio ? &s->host.audio : &s->host.folder) = args->value;
    else if (!strcmp(name, "progress"))
        *good = take_progress(s, args);
    else if (!strcmp(name, "verbose"))
        s->verbose = true;
    else if (!strcmp(name, "quiet"))
        s->quiet = true;
    else
        return false;
    return true;
}

int step_parse(struct step *s, const struct step_line *line, int argc, char **argv)
{
    struct args args = ARGS(s->command, argc, argv, line->options);
    bool help_wanted = false, good = true;
    for (int option; (option = args_next(&args)) != ARG_END;) {
        if (option == ARG_ERROR)
            return EXIT_USAGE;
        if (option == ARG_OPERAND && s->plan_name)
            return usage_error(&args, "found a second plan '%.200s', expected one", args.value);
        if (option == ARG_OPERAND)
            s->plan_name = args.value;
        else if (!strcmp(line->options[option].name, "help"))
            help_wanted = true;
        else if (!take_common(s, &args, line->options[option].name, &good))
            good = line->take(line->opaque, &args, option);
        if (!good)
            return EXIT_USAGE;
    }
    if (help_wanted)
        return line->help();
    return s->plan_name ? -1 : usage_error(&args, "found no plan, expected the name of what 'pixfer plan' has printed");
}

static enum pixfer_progress_action show(void *opaque, const struct pixfer_progress *state)
{
    struct step *s = opaque;
    progress_show(&s->progress, state);
    return interrupt_count() ? PIXFER_PROGRESS_ABORT : PIXFER_PROGRESS_CONTINUE;
}

static void say_stopping(void *opaque)
{
    (void)opaque;
}

static void say_stuck(void *opaque)
{
    struct step *s = opaque;
    progress_log(&s->progress, PIXFER_LOG_ERROR, "stopped");
}

int step_open(struct step *s, bool stoppable)
{
    static struct interrupt_answers answers = {say_stopping, say_stuck, NULL, true};
    s->host.struct_size = sizeof(s->host);
    s->host.log = progress_log;
    s->host.log_opaque = &s->progress;
    s->host.progress = show;
    s->host.progress_opaque = s;
    s->host.error = s->error;
    s->host.error_size = sizeof(s->error);
    progress_init(&s->progress, s->mode, s->quiet, s->quiet ? PIXFER_LOG_ERROR : s->verbose ? PIXFER_LOG_DEBUG : PIXFER_LOG_INFO);
    answers.opaque = s;
    if (stoppable && !interrupt_catch(&answers))
        return failure(s->command, "signals cannot be caught: %s", strerror(errno));
    enum pixfer_result result = pixfer_plan_read(&s->plan, s->plan_name, s->error, sizeof(s->error));
    if (result != PIXFER_OK)
        return failure(s->command, "%s", *s->error ? s->error : pixfer_strerror(result));
    if (stoppable)
        pixfer_exporter_route_libav_log(progress_log, &s->progress);
    return EXIT_OK;
}

int step_code(const struct step *s, enum pixfer_result result)
{
    (void)s;
    interrupt_end();
    if (result == PIXFER_OK)
        return EXIT_OK;
    return interrupt_signal() ? 128 + interrupt_signal() : EXIT_FAILED;
}

void step_close(struct step *s)
{
    pixfer_plan_close(&s->plan);
}

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include <errno.h>
#include <pixfer/exporter.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/platform/files.h"

#include "args.h"
#include "cmd.h"
#include "export_options.h"
#include "interrupt.h"
#include "output.h"
#include "progress.h"
#include "segments.h"
#include "stats_json.h"
#include "text.h"

struct export
{
    struct export_options options;
    const char *output; /* its name in messages */
    int descriptor;     /* standard output where the export goes there */
    struct progress progress;
    struct output stats_file;
    struct pixfer_exporter_stats stats;
    char error[1024];
};

/* ---- Before work starts ------------------------------------------------------------------------------------------------------ */

static bool same_file(const char *a, const char *b)
{
    return a && b && (!strcmp(a, b) || (strcmp(a, "-") && pixfer_file_same(a, b)));
}

/* Also of files that are not there yet. */
static bool same_name(const char *a, const char *b)
{
    char *folder_a = pixfer_path_folder(a), *folder_b = pixfer_path_folder(b);
    bool same = same_file(a, b) || (!strcmp(pixfer_path_base(a), pixfer_path_base(b)) && same_file(folder_a, folder_b));
    free(folder_a);
    free(folder_b);
    return same;
}

static int open_stats(struct export *x)
{
    const struct export_options *o = &x->options;
    char part[4096];
    if (!o->stats)
        return EXIT_OK;
    snprintf(part, sizeof(part), "%s.part", o->output);
    const char *const others[] = {o->input.name, o->input.audio, o->output, part};
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        if (others[i] && same_name(o->stats, others[i]))
            return failure("export", "--stats: found %s, expected another file than the export's", o->stats);
    int code = output_create(&x->stats_file, "export", o->stats, o->params.overwrite);
    if (code == EXIT_OK)
        interrupt_remove(x->stats_file.part);
    return code;
}

static int check_descriptors(struct export *x)
{
    struct export_options *o = &x->options;
    if (!strcmp(o->input.name, "-") && pixfer_file_is_terminal(PIXFER_STDIN)) {
        failure("export", "standard input is a terminal, expected a pipe of raw frames");
        return EXIT_USAGE;
    }
    x->output = o->output;
    if (strcmp(o->output, "-"))
        return EXIT_OK;
    if (pixfer_file_is_terminal(PIXFER_STDOUT)) {
        failure("export", "standard output is a terminal, expected a pipe or -o FILE");
        return EXIT_USAGE;
    }
    x->output = "standard output";
    x->descriptor = PIXFER_STDOUT;
    o->params.write = pixfer_write_to_descriptor;
    o->params.write_opaque = &x->descriptor;
    return EXIT_OK;
}

/* ---- Running ----------------------------------------------------------------------------------------------------------------- */

static void say_finishing(void *opaque)
{
    struct export *x = opaque;
    progress_log(&x->progress, PIXFER_LOG_INFO,
                 x->options.cut_option ? "stopping…" : "finishing… (interrupt again to stop at once)");
}

static void say_stuck(void *opaque)
{
    struct export *x = opaque;
    char part[4096], line[4200];
    struct file_state state;
    snprintf(part, sizeof(part), "%s.part", x->output);
    bool kept = !x->options.params.write && !pixfer_file_state(part, &state);
    if (kept && !state.size)
        kept = pixfer_file_unlink(part) != 0;
    snprintf(line, sizeof(line), "stopped; %s%s", kept ? part : "nothing was written", kept ? " stays" : "");
    progress_log(&x->progress, PIXFER_LOG_ERROR, line);
    progress_end(&x->progress, "stopped", x->output, NULL, &x->stats);
}

static enum pixfer_progress_action show(void *opaque, const struct pixfer_progress *state)
{
    struct export *x = opaque;
    int interrupts = interrupt_count();
    progress_show(&x->progress, state);
    return interrupts == 0 ? PIXFER_PROGRESS_CONTINUE : interrupts == 1 ? PIXFER_PROGRESS_FINISH : PIXFER_PROGRESS_ABORT;
}

static void print_stages(const struct pixfer_exporter_stats *s)
{
    text_line("pixfer: stages, side by side: source %.3f s, convert %.3f s (%.1f %%), encode %.3f s, mux %.3f s; wall %.3f s, "
              "processor %.3f s, peak memory %.1f MB",
              s->source_s, s->convert_s, s->wall_s > 0 ? 100 * s->convert_s / s->wall_s : 0, s->encode_s, s->mux_s, s->wall_s,
              s->cpu_s, (double)s->peak_rss_bytes / 1e6);
}

static void print_summary(const struct export *x, enum pixfer_result result)
{
    const struct pixfer_exporter_stats *s = &x->stats;
    bool interrupted = result == PIXFER_ERR_CANCELLED, quiet = x->options.quiet;
    char size[32];
    if (interrupted && s->part_kept)
        text_line("pixfer: stopped; %s.part keeps %llu frames and plays", x->output, (unsigned long long)s->part_frames);
    else if (s->bytes && !quiet)
        text_line("pixfer: %s%s: %llu frames, %s, in %.2f s: %.1f fps, conversion %.1f %%",
                  interrupted ? "interrupted; finished " : "", x->output, (unsigned long long)s->frames,
                  progress_bytes(size, sizeof(size), (double)s->bytes), s->wall_s, s->fps,
                  s->wall_s > 0 ? 100 * s->convert_s / s->wall_s : 0);
    else if (interrupted && !s->bytes && !quiet)
        text_line("pixfer: %s; nothing was written", interrupt_count() > 1 ? "stopped" : "interrupted before the first frame");
    if (x->options.verbose && s->wall_s > 0)
        print_stages(s);
}

static const char *result_name(enum pixfer_result result)
{
    return result == PIXFER_OK              ? "done"
           : result != PIXFER_ERR_CANCELLED ? "failed"
           : interrupt_count() > 1          ? "stopped"
                                            : "interrupted";
}

static int write_stats(struct export *x, const char *result)
{
    if (!x->stats_file.part || x->stats.wall_s <= 0)
        return EXIT_OK;
    return stats_write(&x->stats, x->output, result, &x->stats_file) && output_commit(&x->stats_file) ? EXIT_OK : EXIT_FAILED;
}

static int run(struct export *x)
{
    struct export_options *o = &x->options;
    struct pixfer_exporter_params params = o->params;
    params.log = progress_log;
    params.log_opaque = &x->progress;
    params.progress = show;
    params.progress_opaque = x;
    pixfer_exporter_route_libav_log(progress_log, &x->progress);

    const struct segments_request segments = {o, params};
    enum pixfer_result result = o->cut_option
                                    ? segments_export(&segments, &x->stats, x->error, sizeof(x->error))
                                    : pixfer_export(x->output, &o->input, &params, &x->stats, x->error, sizeof(x->error));
    interrupt_end();
    progress_clear(&x->progress);
    print_summary(x, result);
    int code = result == PIXFER_OK ? EXIT_OK : result == PIXFER_ERR_CANCELLED ? EXIT_INTERRUPTED : EXIT_FAILED;
    if (write_stats(x, result_name(result)) != EXIT_OK)
        code = EXIT_FAILED;
    progress_end(&x->progress, result_name(result), x->output, *x->error ? x->error : NULL, &x->stats);
    if (x->progress.error)
        code = failure("export", "--progress json: standard output: writing failed: %s", strerror(x->progress.error));
    return code;
}

int cmd_export(int argc, char **argv)
{
    static struct export x = {.stats_file = {.fd = -1}};
    static struct interrupt_answers answers = {say_finishing, say_stuck, &x, false};
    int code = export_options_parse(&x.options, argc, argv);
    if (code < 0)
        code = check_descriptors(&x);
    else
        return code;
    progress_init(&x.progress, x.options.progress, x.options.quiet,
                  x.options.quiet     ? PIXFER_LOG_ERROR
                  : x.options.verbose ? PIXFER_LOG_DEBUG
                                      : PIXFER_LOG_INFO);
    x.stats.struct_size = sizeof(x.stats);
    if (code == EXIT_OK && !interrupt_catch(&answers))
        code = failure("export", "signals cannot be caught: %s", strerror(errno));
    if (code == EXIT_OK)
        code = open_stats(&x);
    if (code == EXIT_OK)
        code = run(&x);
    output_discard(&x.stats_file);
    interrupt_remove(NULL);
    return code;
}

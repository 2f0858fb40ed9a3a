/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE /* sigaction */
#define _DARWIN_C_SOURCE
#include <errno.h>
#include <pixfer/exporter.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "args.h"
#include "cmd.h"
#include "json.h"
#include "progress.h"
#include "stats_json.h"

enum {
    OPT_OUTPUT,
    OPT_SIZE,
    OPT_FORMAT,
    OPT_FPS,
    OPT_STRIDE,
    OPT_FRAMES,
    OPT_LOOP,
    OPT_QUALITY,
    OPT_CRF,
    OPT_BITRATE,
    OPT_PRESET,
    OPT_ENCODER,
    OPT_CONVERTER,
    OPT_MATRIX,
    OPT_RANGE,
    OPT_SITING,
    OPT_AUDIO,
    OPT_NO_AUDIO,
    OPT_THREADS,
    OPT_CPU,
    OPT_STATS,
    OPT_PROGRESS,
    OPT_OVERWRITE,
    OPT_VERBOSE,
    OPT_QUIET,
    OPT_HELP
};

static const struct arg_option options[] = {
    [OPT_OUTPUT] = {"output", 'o', "OUT.mp4", "(default: INPUT's name with .mp4, in this folder)"},
    [OPT_SIZE] = {"size", 's', "WxH", "of raw frames, in pixels"},
    [OPT_FORMAT] = {"format", 'f', "NAME",
                    "of raw frames: rgba (default), bgra, argb, abgr, nv12,\ni420 and what else 'pixfer convert' reads"},
    [OPT_FPS] = {"fps", 'r', "RATE",
                 "frames per second, 60 or 30000/1001 (default: the\ninput's own times, or 30 where it has none)"},
    [OPT_STRIDE] = {"stride", 0, "BYTES", "from one raw row to the next (default: no padding)"},
    [OPT_FRAMES] = {"frames", 0, "N | A:B", "only the first N, or from A (counted from 0) up to,\nand without, B"},
    [OPT_LOOP] = {"loop", 0, "N", "play the input N times (not a pipe)"},
    [OPT_QUALITY] = {"quality", 'Q', "NAME", "maximum, social, web or potato: 0.30, 0.15, 0.08 or\n0.04 bits a pixel"},
    [OPT_CRF] = {"crf", 0, "N", "constant quality, 0 to 51, on x264's scale (default 20)"},
    [OPT_BITRATE] = {"bitrate", 'b', "N", "bits per second; 8M and 500k are understood"},
    [OPT_PRESET] = {"preset", 0, "NAME", "ultrafast to veryslow, or the encoder's own\n(libx264: veryfast by default)"},
    [OPT_ENCODER] = {"encoder", 'e', "NAME",
                     "auto (default): the platform's hardware if it proves\nto work, then libx264, then libopenh264"},
    [OPT_CONVERTER] = {"converter", 0, "NAME", "auto (default), fastest (measured), cpu, videotoolbox,\nvulkan or swscale"},
    [OPT_MATRIX] = {"matrix", 0, "NAME", "bt709 (default), bt601, smpte240m or bt2020"},
    [OPT_RANGE] = {"range", 0, "NAME", "limited (default) or full"},
    [OPT_SITING] = {"siting", 0, "NAME", "of chroma: left (default), center or top-left"},
    [OPT_AUDIO] = {"audio", 'a', "FILE", "audio to use instead of the input's own"},
    [OPT_NO_AUDIO] = {"no-audio", 0, NULL, "no audio"},
    [OPT_THREADS] = {"threads", 0, "N", "of the encoder (default: it chooses)"},
    [OPT_CPU] = {"cpu", 0, "NAME", "instruction set of the converter (see pixfer info)"},
    [OPT_STATS] = {"stats", 0, "FILE", "write what the export did, as JSON"},
    [OPT_PROGRESS] = {"progress", 0, "NAME", "auto (default), bar, plain, json (on standard output)\nor none"},
    [OPT_OVERWRITE] = {"overwrite", 'y', NULL, "replace an existing output"},
    [OPT_VERBOSE] = {"verbose", 'v', NULL, "say more, and what each stage took"},
    [OPT_QUIET] = {"quiet", 'q', NULL, "say nothing but errors"},
    [OPT_HELP] = {"help", 'h', NULL, "this text"},
    {NULL, 0, NULL, NULL},
};

struct export
{
    struct pixfer_input input;
    struct pixfer_exporter_params params;
    const char *output, *stats_path, *rate_option;
    char derived[1024];
    enum progress_mode mode;
    bool verbose, quiet, help, frames_given;
    struct progress progress;
};

static int help(void)
{
    printf("Usage: pixfer export INPUT [-o OUT.mp4] [OPTION]...\n\n"
           "Makes an H.264 MP4. INPUT is '-' (raw frames on standard input), a file of raw\n"
           "frames (both with --size, --format and --fps), a numbered sequence of images\n"
           "(frames/%%05d.png), or anything that FFmpeg opens. RGB is converted exactly;\n"
           "NV12 and I420 pass through as they are.\n\n");
    args_print_options(stdout, options);
    printf("\nWhile it runs the export is OUT.mp4.part, which plays if the machine fails.\n"
           "Ctrl-C finishes the file with the frames it has; a second one stops at once.\n"
           "Exit status: 0 done, 1 failed, 2 wrong usage, 130 interrupted.\n\n"
           "Example:\n  renderer | pixfer export - --size 1920x1080 --fps 60 -o out.mp4\n");
    return EXIT_OK;
}

/* ---- The command line ------------------------------------------------------------------------------------------------------- */

/* -1: none of the names. */
static int choose(const struct args *args, const char *const *names, const char *expected)
{
    for (int i = 0; names[i]; i++)
        if (!strcmp(names[i], args->value))
            return i;
    usage_error(args, "%s is '%s', expected %s", args->name, args->value, expected);
    return -1;
}

/* One wish for a quality, not two. */
static bool set_rate(struct export *x, const struct args *args, enum pixfer_rate rate, double value)
{
    static char first[16];
    if (x->rate_option && strcmp(x->rate_option, args->name)) {
        usage_error(args, "%s and %s cannot go together", x->rate_option, args->name);
        return false;
    }
    snprintf(first, sizeof(first), "%s", args->name);
    x->rate_option = first;
    x->params.rate = rate;
    x->params.rate_value = value;
    return true;
}

static bool take_quality(struct export *x, const struct args *args)
{
    static const char *const names[] = {"maximum", "social", "web", "potato", NULL};
    static const double bits[] = {0.30, 0.15, 0.08, 0.04};
    int i = choose(args, names, "maximum, social, web or potato");
    return i >= 0 && set_rate(x, args, PIXFER_RATE_BITS_PER_PIXEL, bits[i]);
}

static bool take_crf(struct export *x, const struct args *args)
{
    double value;
    return parse_number(args, 0, 51, &value) && set_rate(x, args, PIXFER_RATE_CRF, value);
}

static bool take_bitrate(struct export *x, const struct args *args)
{
    char *end;
    double value = strtod(args->value, &end);
    double unit = *end == 'k' || *end == 'K' ? 1e3 : *end == 'M' ? 1e6 : *end == 'G' ? 1e9 : 1;
    if (end == args->value || (*end && (unit == 1 || end[1])) || !(value * unit >= 1000) || value * unit > 2e9) {
        usage_error(args, "--bitrate is '%s', expected bits per second such as 8M, 1k to 2G", args->value);
        return false;
    }
    return set_rate(x, args, PIXFER_RATE_BITRATE, value * unit);
}

static bool take_converter(struct export *x, const struct args *args)
{
    x->params.fastest_converter = !strcmp(args->value, "fastest");
    return x->params.fastest_converter || parse_backend(args, &x->params.converter);
}

static bool take_progress(struct export *x, const struct args *args)
{
    static const char *const names[] = {"auto", "bar", "plain", "json", "none", NULL};
    int i = choose(args, names, "auto, bar, plain, json or none");
    if (i == PROGRESS_JSON && !json_allowed(args))
        return false;
    x->mode = (enum progress_mode)(i < 0 ? 0 : i);
    return i >= 0;
}

static bool take_frames(struct export *x, const struct args *args)
{
    struct frame_span span;
    if (!parse_span(args, &span))
        return false;
    x->input.first = span.first;
    x->input.end = span.end == UINT64_MAX ? 0 : span.end;
    return true;
}

static bool take_fps(struct export *x, const struct args *args)
{
    struct rational rate;
    if (!parse_rate(args, &rate))
        return false;
    x->input.fps_num = rate.num;
    x->input.fps_den = rate.den;
    return true;
}

static bool take_stride(struct export *x, const struct args *args)
{
    uint64_t value;
    bool good = parse_unsigned(args, 1, PTRDIFF_MAX, &value);
    x->input.stride = good ? (size_t)value : 0;
    return good;
}

static bool take_colour(struct export *x, const struct args *args, int option)
{
    struct pixfer_color *color = &x->params.color;
    x->input.color_given = 1;
    if (option == OPT_MATRIX)
        return parse_matrix(args, &color->matrix);
    if (option == OPT_RANGE)
        return parse_range(args, &color->range);
    x->params.any_siting = 0;
    return parse_siting(args, &color->siting);
}

/* Options whose value is kept as it is, and flags. */
static bool take_plain(struct export *x, const struct args *args, int option)
{
    switch (option) {
    case OPT_OUTPUT:
        x->output = args->value;
        break;
    case OPT_PRESET:
        x->params.preset = args->value;
        break;
    case OPT_ENCODER:
        x->params.encoder = strcmp(args->value, "auto") ? args->value : NULL;
        break;
    case OPT_AUDIO:
        x->input.audio = args->value;
        break;
    case OPT_NO_AUDIO:
        x->input.no_audio = 1;
        break;
    case OPT_CPU:
        x->params.cpu = args->value;
        break;
    case OPT_STATS:
        x->stats_path = args->value;
        return json_allowed(args);
    case OPT_OVERWRITE:
        x->params.overwrite = 1;
        break;
    case OPT_VERBOSE:
        x->verbose = true;
        break;
    case OPT_QUIET:
        x->quiet = true;
        break;
    case OPT_HELP:
        x->help = true;
        break;
    }
    return true;
}

static bool take_option(struct export *x, const struct args *args, int option)
{
    switch (option) {
    case OPT_SIZE:
        return parse_size(args, &x->input.width, &x->input.height);
    case OPT_FORMAT:
        return parse_format(args, &x->input.format);
    case OPT_FPS:
        return take_fps(x, args);
    case OPT_STRIDE:
        return take_stride(x, args);
    case OPT_FRAMES:
        return take_frames(x, args);
    case OPT_LOOP:
        return parse_unsigned(args, 1, 1000000000, &x->input.loop);
    case OPT_QUALITY:
        return take_quality(x, args);
    case OPT_CRF:
        return take_crf(x, args);
    case OPT_BITRATE:
        return take_bitrate(x, args);
    case OPT_CONVERTER:
        return take_converter(x, args);
    case OPT_MATRIX:
    case OPT_RANGE:
    case OPT_SITING:
        return take_colour(x, args, option);
    case OPT_THREADS:
        return parse_threads(args, &x->params.encoder_threads);
    case OPT_PROGRESS:
        return take_progress(x, args);
    default:
        return take_plain(x, args, option);
    }
}

static bool take_operand(struct export *x, struct args *args)
{
    if (x->input.name) {
        usage_error(args, "found a second input '%s', expected one; the output's name goes behind -o", args->value);
        return false;
    }
    x->input.name = args->value;
    return true;
}

/* "frames/%05d.png" becomes frames.mp4, "clips/a.mkv" a.mp4. */
static bool derive_output(struct export *x, struct args *args)
{
    const char *name = x->input.name;
    if (!strcmp(name, "-")) {
        usage_error(args, "frames from standard input need an output name: -o OUT.mp4");
        return false;
    }
    const char *slash = strrchr(name, '/'), *percent = strchr(slash ? slash : name, '%');
    const char *end = name + strlen(name), *start = slash ? slash + 1 : name;
    const char *dot = strrchr(start, '.');
    if (percent && slash && slash > name) {
        end = slash;
        for (start = slash; start > name && start[-1] != '/';)
            start--;
    } else if (percent) {
        start = "sequence";
        end = start + strlen(start);
    } else if (dot && dot > start) {
        end = dot;
    }
    snprintf(x->derived, sizeof(x->derived), "%.*s.mp4", (int)(end - start), start);
    x->output = x->derived;
    return true;
}

static bool check(struct export *x, struct args *args)
{
    if (!x->input.name) {
        usage_error(args, "found no INPUT");
        return false;
    }
    bool standard_input = !strcmp(x->input.name, "-");
    if (standard_input && !x->input.width) {
        usage_error(args, "raw frames on standard input need --size WxH (and --format, --fps)");
        return false;
    }
    if (standard_input && x->input.loop > 1) {
        usage_error(args, "--loop reads the input again, which standard input cannot; give a file");
        return false;
    }
    if (!x->input.width && (x->input.format || x->input.stride)) {
        usage_error(args, "--%s is for raw frames, which need --size WxH too", x->input.format ? "format" : "stride");
        return false;
    }
    if (x->input.audio && x->input.no_audio) {
        usage_error(args, "--audio and --no-audio cannot go together");
        return false;
    }
    if (standard_input && isatty(STDIN_FILENO)) {
        usage_error(args, "standard input is a terminal, expected a pipe of raw frames");
        return false;
    }
    return x->output || derive_output(x, args);
}

/* -1: go on; else the exit code. */
static int read_command_line(struct export *x, int argc, char **argv)
{
    struct args args = ARGS("export", argc, argv, options);
    for (int option; (option = args_next(&args)) != ARG_END;)
        if (option == ARG_ERROR || !(option == ARG_OPERAND ? take_operand(x, &args) : take_option(x, &args, option)))
            return EXIT_USAGE;
    if (x->help)
        return help();
    return check(x, &args) ? -1 : EXIT_USAGE;
}

/* ---- Running ----------------------------------------------------------------------------------------------------------------- */

static volatile sig_atomic_t interrupts;

static void interrupted(int signal_number)
{
    (void)signal_number;
    interrupts++;
}

static void catch_signals(void)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction action = {.sa_handler = interrupted}; /* no SA_RESTART: a read that waits comes back */
    for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++) {
        struct sigaction before;
        if (signals[i] == SIGHUP && !sigaction(SIGHUP, NULL, &before) && before.sa_handler == SIG_IGN)
            continue; /* nohup; but a shell's background jobs come with SIGINT ignored, and are interrupted all the same */
        sigaction(signals[i], &action, NULL);
    }
    signal(SIGPIPE, SIG_IGN);
#ifdef SIGXFSZ
    signal(SIGXFSZ, SIG_IGN); /* a write beyond the limit fails with EFBIG, which can be told */
#endif
}

static enum pixfer_progress_action show(void *opaque, const struct pixfer_progress *state)
{
    progress_show(opaque, state);
    return interrupts == 0 ? PIXFER_PROGRESS_CONTINUE : interrupts == 1 ? PIXFER_PROGRESS_FINISH : PIXFER_PROGRESS_ABORT;
}

static void print_stages(const struct pixfer_exporter_stats *s)
{
    fprintf(stderr,
            "pixfer: stages, side by side: source %.3f s, convert %.3f s (%.1f %%), encode %.3f s, mux %.3f s; wall %.3f s, "
            "processor %.3f s, "
            "peak memory %.1f MB\n",
            s->source_s, s->convert_s, s->wall_s > 0 ? 100 * s->convert_s / s->wall_s : 0, s->encode_s, s->mux_s, s->wall_s,
            s->cpu_s, (double)s->peak_rss_bytes / 1e6);
}

static void print_summary(const struct export *x, const struct pixfer_exporter_stats *s, enum pixfer_result result)
{
    char size[32];
    if (s->part_kept && result == PIXFER_ERR_CANCELLED)
        fprintf(stderr, "pixfer: stopped; %s.part keeps %llu frames and plays\n", x->output, (unsigned long long)s->part_frames);
    else if (s->bytes && !x->quiet)
        fprintf(stderr, "pixfer: %s%s: %llu frames, %s, in %.2f s: %.1f fps, conversion %.1f %%\n",
                result == PIXFER_ERR_CANCELLED ? "interrupted; finished " : "", x->output, (unsigned long long)s->frames,
                progress_bytes(size, sizeof(size), (double)s->bytes), s->wall_s, s->fps,
                s->wall_s > 0 ? 100 * s->convert_s / s->wall_s : 0);
    else if (result == PIXFER_ERR_CANCELLED)
        fprintf(stderr, "pixfer: interrupted before the first frame; nothing was written\n");
    if (x->verbose && s->wall_s > 0)
        print_stages(s);
}

int cmd_export(int argc, char **argv)
{
    struct export x = {.input = PIXFER_INPUT(.name = NULL), .params = PIXFER_EXPORTER_PARAMS(.any_siting = 1)};
    struct pixfer_exporter_stats stats = {0};
    int code = read_command_line(&x, argc, argv);
    if (code >= 0)
        return code;
    catch_signals();
    progress_init(&x.progress, x.quiet ? PROGRESS_NONE : x.mode,
                  x.quiet     ? PIXFER_LOG_ERROR
                  : x.verbose ? PIXFER_LOG_DEBUG
                              : PIXFER_LOG_INFO);
    pixfer_exporter_route_libav_log(progress_log, &x.progress);
    x.params.log = progress_log;
    x.params.log_opaque = &x.progress;
    x.params.progress = show;
    x.params.progress_opaque = &x.progress;

    enum pixfer_result result = pixfer_export(x.output, &x.input, &x.params, &stats, NULL, 0);
    progress_clear(&x.progress);
    print_summary(&x, &stats, result);
    if (x.stats_path && stats.wall_s > 0 && !stats_write(&stats, x.output, x.stats_path))
        return failure("export", "--stats %s: %s", x.stats_path, strerror(errno));
    return result == PIXFER_OK ? EXIT_OK : result == PIXFER_ERR_CANCELLED ? EXIT_INTERRUPTED : EXIT_FAILED;
}

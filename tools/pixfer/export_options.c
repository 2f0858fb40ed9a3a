/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "export_options.h"

#include <ctype.h>
#include <string.h>

#include "args.h"
#include "cmd.h"
#include "json.h"
#include "text.h"

enum {
    OPT_OUTPUT,
    OPT_SIZE,
    OPT_FORMAT,
    OPT_FPS,
    OPT_STRIDE,
    OPT_FRAMES,
    OPT_LOOP,
    OPT_RETIME,
    OPT_KEEP_START,
    OPT_SHORTEST,
    OPT_MAX_GAP,
    OPT_MAX_PIXELS,
    OPT_STOP_ON_ERROR,
    OPT_QUALITY,
    OPT_CRF,
    OPT_BITRATE,
    OPT_PRESET,
    OPT_ENCODER,
    OPT_CODEC,
    OPT_DEPTH,
    OPT_CHROMA,
    OPT_ALPHA,
    OPT_MASTERING_DISPLAY,
    OPT_MAX_CLL,
    OPT_GOP,
    OPT_CONVERTER,
    OPT_MATRIX,
    OPT_RANGE,
    OPT_SITING,
    OPT_PRIMARIES,
    OPT_TRANSFER,
    OPT_ROTATE,
    OPT_AUDIO,
    OPT_NO_AUDIO,
    OPT_AUDIO_CODEC,
    OPT_AUDIO_BITRATE,
    OPT_TITLE,
    OPT_METADATA,
    OPT_THREADS,
    OPT_CPU,
    OPT_SEGMENTS,
    OPT_SEGMENT_SECONDS,
    OPT_TASKS,
    OPT_JOBS,
    OPT_PROVE,
    OPT_STATS,
    OPT_PROGRESS,
    OPT_OVERWRITE,
    OPT_VERBOSE,
    OPT_QUIET,
    OPT_HELP
};

static const struct arg_option options[] = {
    [OPT_OUTPUT] = {"output", 'o', "OUT.mp4",
                    "'-' is a fragmented MP4 on standard output (default:\nINPUT's name with .mp4, in this folder)"},
    [OPT_SIZE] = {"size", 's', "WxH", "of raw frames, in pixels"},
    [OPT_FORMAT] = {"format", 'f', "NAME",
                    "of raw frames: rgba (default), bgra, argb, abgr, nv12,\ni420 and what else 'pixfer convert' reads"},
    [OPT_FPS] = {"fps", 'r', "RATE",
                 "frames per second, 60 or 30000/1001 (default: the\ninput's own times, or 30 where it has none)"},
    [OPT_STRIDE] = {"stride", 0, "BYTES", "from one raw row to the next (default: no padding)"},
    [OPT_FRAMES] = {"frames", 0, "N | A:B", "only the first N, or from A (counted from 0) up to,\nand without, B"},
    [OPT_LOOP] = {"loop", 0, "N", "play the input N times (not a pipe)"},
    [OPT_RETIME] = {"retime", 0, NULL, "with --fps: speed the audio up or down with the frames"},
    [OPT_KEEP_START] = {"keep-start", 0, NULL, "time 0 is the input's, not that of the first frame"},
    [OPT_SHORTEST] = {"shortest", 0, NULL,
                      "end with the shorter of video and audio (default: the\nlast frame is held to the end of the audio)"},
    [OPT_MAX_GAP] = {"max-gap", 0, "SECONDS", "longest hole that is kept in the input's times\n(default 10)"},
    [OPT_MAX_PIXELS] = {"max-pixels", 0, "N", "refuse larger frames (default 268435456, 16384x16384)"},
    [OPT_STOP_ON_ERROR] = {"stop-on-error", 0, NULL,
                           "end at the first packet that cannot be decoded\n(default: leave it out and report it)"},
    [OPT_QUALITY] = {"quality", 'Q', "NAME", "maximum, social, web or potato: 0.30, 0.15, 0.08 or\n0.04 bits a pixel"},
    [OPT_CRF] = {"crf", 0, "N", "constant quality, 0 to 51, on x264's scale (default 20)"},
    [OPT_BITRATE] = {"bitrate", 'b', "N", "bits per second; 8M and 500k are understood"},
    [OPT_PRESET] = {"preset", 0, "NAME", "ultrafast to veryslow, or the encoder's own\n(libx264: veryfast by default)"},
    [OPT_ENCODER] =
        {"encoder", 'e', "NAME",
         "auto (default): the platform's hardware if it proves\nto work, then libx264, libopenh264, libx265 or libaom"},
    [OPT_CODEC] = {"codec", 0, "NAME", "h264 (default), hevc or av1"},
    [OPT_DEPTH] = {"depth", 0, "BITS",
                   "8 or 10 a sample (default: 10 for hevc and av1 where\nthe input has more than 8, else 8)"},
    [OPT_CHROMA] = {"chroma", 0, "SHAPE", "420 (default), or 444: chroma for every pixel, for\nediting; few players decode it"},
    [OPT_ALPHA] = {"alpha", 0, "WHAT", "drop (default), or what it is composed over: black,\nwhite or #rrggbb"},
    [OPT_MASTERING_DISPLAY] =
        {"mastering-display", 0, "TEXT",
         "of PQ and HLG: G(x,y)B(x,y)R(x,y)WP(x,y)L(max,min), as\nx265 has it (default: what the input says)"},
    [OPT_MAX_CLL] = {"max-cll", 0, "CLL,FALL | measure",
                     "brightest pixel and frame in cd/m2, or measured\n(default: what the input says)"},
    [OPT_GOP] = {"gop", 0, "N", "most frames from one key frame to the next (default:\nthose of 4 seconds, 60 to 250)"},
    [OPT_CONVERTER] = {"converter", 0, "NAME", "auto (default), fastest (measured), cpu, videotoolbox,\nvulkan or swscale"},
    [OPT_MATRIX] = {"matrix", 0, "NAME", "bt709 (default), bt601, smpte240m or bt2020"},
    [OPT_RANGE] = {"range", 0, "NAME", "limited (default) or full"},
    [OPT_SITING] = {"siting", 0, "NAME", "of chroma: left (default), center or top-left"},
    [OPT_PRIMARIES] = {"primaries", 0, "NAME",
                       "what the input is tagged as: bt709, bt2020,\ndisplay-p3 ... or H.273's number (default: the\nmatrix' "
                       "own, or the input's)"},
    [OPT_TRANSFER] = {"transfer", 0, "NAME",
                      "the same: bt709, srgb, pq, hlg ... or a number;\nwith pq and hlg the matrix is bt2020 by default"},
    [OPT_ROTATE] = {"rotate", 0, "DEGREES", "0, 90, 180 or 270 clockwise, by the player"},
    [OPT_AUDIO] = {"audio", 'a', "FILE", "audio to use instead of the input's own"},
    [OPT_NO_AUDIO] = {"no-audio", 0, NULL, "no audio"},
    [OPT_AUDIO_CODEC] = {"audio-codec", 0, "NAME",
                         "aac (default), alac, libopus, flac or another that\nFFmpeg encodes and MP4 can hold"},
    [OPT_AUDIO_BITRATE] = {"audio-bitrate", 0, "N", "bits per second for all channels (default: 96k each)"},
    [OPT_TITLE] = {"title", 0, "TEXT", "the same as --metadata title=TEXT"},
    [OPT_METADATA] = {"metadata", 0, "KEY=VALUE",
                      "a line of metadata: title, artist, comment, date ...;\nmay be given several times"},
    [OPT_THREADS] = {"threads", 0, "N", "of the encoder (default: it chooses)"},
    [OPT_CPU] = {"cpu", 0, "NAME", "instruction set of the converter (see pixfer info)"},
    [OPT_SEGMENTS] = {"segments", 0, "N", "encode N segments side by side and join them"},
    [OPT_SEGMENT_SECONDS] = {"segment-seconds", 0, "S", "the same with segments of S seconds"},
    [OPT_TASKS] = {"tasks", 0, "N", "N segments, or fewer that last 2 seconds each"},
    [OPT_JOBS] = {"jobs", 'j', "N", "segments at a time (default: one for each processor)"},
    [OPT_PROVE] = {"prove", 0, NULL,
                   "decode the input to learn its frames (default: where its\npackets do not tell what they are)"},
    [OPT_STATS] = {"stats", 0, "FILE", "write what the export did, as JSON"},
    [OPT_PROGRESS] = {"progress", 0, "NAME", "auto (default), bar, plain, json (on standard output)\nor none"},
    [OPT_OVERWRITE] = {"overwrite", 'y', NULL, "replace existing files"},
    [OPT_VERBOSE] = {"verbose", 'v', NULL, "say more, and what each stage took"},
    [OPT_QUIET] = {"quiet", 'q', NULL, "say nothing but errors"},
    [OPT_HELP] = {"help", 'h', NULL, "this text"},
    {NULL, 0, NULL, NULL},
};

/* What only one of the two commands has. */
static const int only_export[] = {OPT_JOBS, OPT_STATS}, only_plan[] = {OPT_TASKS};

static const struct arg_option *table_for(bool plan)
{
    static struct arg_option table[sizeof(options) / sizeof(options[0])];
    static const struct arg_option none = {"", 0, NULL, NULL};
    memcpy(table, options, sizeof(options));
    for (size_t i = 0; plan && i < sizeof(only_export) / sizeof(only_export[0]); i++)
        table[only_export[i]] = none;
    for (size_t i = 0; !plan && i < sizeof(only_plan) / sizeof(only_plan[0]); i++)
        table[only_plan[i]] = none;
    return table;
}

static int help_plan(const struct arg_option *table)
{
    printf("Usage: pixfer plan INPUT -o OUT.mp4 --tasks N [OPTION]... >plan.json\n"
           "       pixfer plan --status plan.json [-C DIR]\n\n"
           "Decides how an export is cut into segments that any number of machines encode,\n"
           "and prints that as JSON: 'pixfer segment' makes one of them, 'pixfer join' the\n"
           "file. --status tells how far they are. All other options are those of an export.\n\n");
    args_print_options(stdout, table);
    printf("\nExit status: 0 done, 1 failed, 2 wrong usage, 130 interrupted.\n\n"
           "Example:\n  pixfer plan in.mkv -o out.mp4 --tasks 8 --preset slow >plan.json\n"
           "  for k in 0 1 2 3 4 5 6 7; do pixfer segment plan.json --index $k; done\n"
           "  pixfer join plan.json\n");
    return EXIT_OK;
}

static int help(const struct arg_option *table)
{
    printf("Usage: pixfer export INPUT [-o OUT.mp4] [OPTION]...\n\n"
           "Makes an H.264 MP4. INPUT is '-' (raw frames on standard input), a file of raw\n"
           "frames (both with --size, --format and --fps), a numbered sequence of images\n"
           "(frames/%%05d.png), or anything that FFmpeg opens. RGB is converted exactly;\n"
           "NV12 and I420 pass through as they are.\n\n");
    args_print_options(stdout, table);
    printf("\nWhile it runs the export is OUT.mp4.part, which plays if the machine fails.\n"
           "Ctrl-C finishes the file with the frames it has; a second one stops at once.\n"
           "Exit status: 0 done, 1 failed, 2 wrong usage, 130 interrupted.\n\n"
           "Example:\n  renderer | pixfer export - --size 1920x1080 --fps 60 -o out.mp4\n");
    return EXIT_OK;
}

/* ---- Values ----------------------------------------------------------------------------------------------------------------- */

/* One wish for a quality, not two. */
static bool set_rate(struct export_options *x, const struct args *args, int option, enum pixfer_rate rate, double value)
{
    if (x->rate_option && strcmp(x->rate_option, options[option].name)) {
        usage_error(args, "--%s and %s cannot go together", x->rate_option, args->name);
        return false;
    }
    x->rate_option = options[option].name;
    x->params.rate = rate;
    x->params.rate_value = value;
    return true;
}

static bool take_quality(struct export_options *x, const struct args *args)
{
    static const char *const names[] = {"maximum", "social", "web", "potato", NULL};
    static const double bits[] = {0.30, 0.15, 0.08, 0.04};
    int i;
    return parse_choice(args, names, "maximum, social, web or potato", &i) &&
           set_rate(x, args, OPT_QUALITY, PIXFER_RATE_BITS_PER_PIXEL, bits[i]);
}

static bool take_crf(struct export_options *x, const struct args *args)
{
    double value;
    return parse_number(args, 0, 51, &value) && set_rate(x, args, OPT_CRF, PIXFER_RATE_CRF, value);
}

static bool take_bitrate(struct export_options *x, const struct args *args)
{
    double value;
    return parse_bits(args, 1e3, 2e9, &value) && set_rate(x, args, OPT_BITRATE, PIXFER_RATE_BITRATE, value);
}

static bool take_audio_bitrate(struct export_options *x, const struct args *args)
{
    double value;
    bool good = parse_bits(args, 1e3, 1e7, &value);
    x->params.audio_bitrate = good ? (uint32_t)value : 0;
    return good;
}

static bool take_gop(struct export_options *x, const struct args *args)
{
    uint64_t value;
    bool good = parse_unsigned(args, 1, 1000000, &value);
    x->params.gop = good ? (uint32_t)value : 0;
    return good;
}

static bool take_rotate(struct export_options *x, const struct args *args)
{
    static const char *const names[] = {"0", "90", "180", "270", NULL};
    int i = 0;
    bool good = parse_choice(args, names, "0, 90, 180 or 270", &i);
    x->params.rotation = (uint32_t)i * 90;
    return good;
}

static bool take_max_gap(struct export_options *x, const struct args *args)
{
    return parse_number(args, 0.001, 1e6, &x->input.max_gap);
}

static bool take_converter(struct export_options *x, const struct args *args)
{
    x->params.fastest_converter = !strcmp(args->value, "fastest");
    return x->params.fastest_converter || parse_backend(args, &x->params.converter);
}

static bool take_progress(struct export_options *x, const struct args *args)
{
    static const char *const names[] = {"auto", "bar", "plain", "json", "none", NULL};
    int i = 0;
    bool good = parse_choice(args, names, "auto, bar, plain, json or none", &i);
    x->progress = (enum progress_mode)i;
    return good && (x->progress != PROGRESS_JSON || json_allowed(args));
}

static bool take_frames(struct export_options *x, const struct args *args)
{
    struct frame_span span;
    if (!parse_span(args, &span))
        return false;
    x->input.first = span.first;
    x->input.end = span.end == UINT64_MAX ? 0 : span.end;
    return true;
}

static bool take_fps(struct export_options *x, const struct args *args)
{
    struct rational rate;
    if (!parse_rate(args, &rate))
        return false;
    x->input.fps_num = rate.num;
    x->input.fps_den = rate.den;
    return true;
}

static bool take_stride(struct export_options *x, const struct args *args)
{
    uint64_t value;
    bool good = parse_unsigned(args, 1, PTRDIFF_MAX, &value);
    x->input.stride = good ? (size_t)value : 0;
    return good;
}

static bool take_colour(struct export_options *x, const struct args *args, int option)
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

static bool add_metadata(struct export_options *x, const struct args *args, const char *key, size_t length, const char *value)
{
    size_t count = x->params.metadata_count;
    if (count == EXPORT_METADATA) {
        usage_error(args, "%s: found more than %d lines of metadata, expected that many at most", args->name, EXPORT_METADATA);
        return false;
    }
    if (!text_is_utf8(value)) {
        usage_error(args, "%s: found '%s', expected a text in UTF-8", args->name, args->value);
        return false;
    }
    snprintf(x->keys[count], EXPORT_KEY, "%.*s", (int)length, key);
    x->metadata[count] = (struct pixfer_metadata){.key = x->keys[count], .value = value};
    x->params.metadata_count++;
    return true;
}

static bool take_metadata(struct export_options *x, const struct args *args)
{
    size_t length = 0;
    while (isalnum((unsigned char)args->value[length]) || (args->value[length] && strchr("_-.", args->value[length])))
        length++;
    if (length && length < EXPORT_KEY && args->value[length] == '=')
        return add_metadata(x, args, args->value, length, args->value + length + 1);
    usage_error(args, "%s: found '%.200s', expected KEY=VALUE with a key of up to %d letters, digits, '_', '-' and '.'",
                args->name, args->value, EXPORT_KEY - 1);
    return false;
}

/* One way to cut it. */
static bool take_cut(struct export_options *x, const struct args *args, int option)
{
    uint64_t count = 0;
    if (x->cut_option && strcmp(x->cut_option, options[option].name)) {
        usage_error(args, "--%s and %s cannot go together", x->cut_option, args->name);
        return false;
    }
    x->cut_option = options[option].name;
    if (option == OPT_SEGMENT_SECONDS)
        return parse_number(args, 0.001, 1e6, &x->cut.segment_seconds);
    bool good = parse_unsigned(args, 1, 100000, &count);
    *(option == OPT_TASKS ? &x->cut.tasks : &x->cut.segments) = (uint32_t)count;
    return good && json_allowed(args);
}

static bool take_jobs(struct export_options *x, const struct args *args)
{
    uint64_t count = 0;
    bool good = parse_unsigned(args, 1, 1024, &count);
    x->jobs = (unsigned)count;
    return good;
}

/* ---- The command line ------------------------------------------------------------------------------------------------------- */

static bool *flag_of(struct export_options *x, int option)
{
    switch (option) {
    case OPT_VERBOSE:
        return &x->verbose;
    case OPT_QUIET:
        return &x->quiet;
    default:
        return NULL;
    }
}

/* Flags of the library. */
static int *switch_of(struct export_options *x, int option)
{
    switch (option) {
    case OPT_RETIME:
        return &x->input.retime;
    case OPT_KEEP_START:
        return &x->params.keep_start;
    case OPT_SHORTEST:
        return &x->input.shortest;
    case OPT_STOP_ON_ERROR:
        return &x->input.stop_on_error;
    case OPT_NO_AUDIO:
        return &x->input.no_audio;
    case OPT_OVERWRITE:
        return &x->params.overwrite;
    case OPT_PROVE:
        return &x->cut.prove;
    default:
        return NULL;
    }
}

/* Options whose value is kept as it is. */
static const char **text_of(struct export_options *x, int option)
{
    switch (option) {
    case OPT_OUTPUT:
        return &x->output;
    case OPT_PRESET:
        return &x->params.preset;
    case OPT_MASTERING_DISPLAY:
        return &x->params.mastering_display;
    case OPT_ENCODER:
        return &x->params.encoder;
    case OPT_AUDIO:
        return &x->input.audio;
    case OPT_AUDIO_CODEC:
        return &x->params.audio_codec;
    case OPT_CPU:
        return &x->params.cpu;
    case OPT_STATS:
        return &x->stats;
    default:
        return NULL;
    }
}

static bool take_plain(struct export_options *x, const struct args *args, int option)
{
    const char **text = text_of(x, option);
    if (flag_of(x, option))
        *flag_of(x, option) = true;
    if (switch_of(x, option))
        *switch_of(x, option) = 1;
    if (text && !*args->value) {
        usage_error(args, "%s: found nothing, expected %s", args->name, options[option].value);
        return false;
    }
    if (text)
        *text = args->value;
    return option != OPT_STATS || json_allowed(args);
}

static bool take_option(struct export_options *x, const struct args *args, int option)
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
    case OPT_MAX_GAP:
        return take_max_gap(x, args);
    case OPT_MAX_PIXELS:
        return parse_unsigned(args, 1, (uint64_t)1 << 48, &x->input.max_pixels);
    case OPT_QUALITY:
        return take_quality(x, args);
    case OPT_CRF:
        return take_crf(x, args);
    case OPT_BITRATE:
        return take_bitrate(x, args);
    case OPT_CODEC:
        return parse_codec(args, &x->params.codec);
    case OPT_DEPTH:
        return parse_depth(args, &x->params.depth);
    case OPT_CHROMA:
        return parse_chroma(args, &x->params.chroma);
    case OPT_ALPHA:
        return parse_alpha(args, &x->params.alpha, &x->params.background);
    case OPT_MAX_CLL:
        return parse_max_cll(args, &x->params.max_cll, &x->params.max_fall, &x->params.measure_light);
    case OPT_PRIMARIES:
        return parse_primaries(args, &x->params.primaries);
    case OPT_TRANSFER:
        return parse_transfer(args, &x->params.transfer);
    case OPT_GOP:
        return take_gop(x, args);
    case OPT_CONVERTER:
        return take_converter(x, args);
    case OPT_MATRIX:
    case OPT_RANGE:
    case OPT_SITING:
        return take_colour(x, args, option);
    case OPT_ROTATE:
        return take_rotate(x, args);
    case OPT_AUDIO_BITRATE:
        return take_audio_bitrate(x, args);
    case OPT_TITLE:
        return add_metadata(x, args, "title", strlen("title"), args->value);
    case OPT_METADATA:
        return take_metadata(x, args);
    case OPT_THREADS:
        return parse_threads(args, &x->params.encoder_threads);
    case OPT_PROGRESS:
        return take_progress(x, args);
    case OPT_SEGMENTS:
    case OPT_TASKS:
    case OPT_SEGMENT_SECONDS:
        return take_cut(x, args, option);
    case OPT_JOBS:
        return take_jobs(x, args);
    default:
        return take_plain(x, args, option);
    }
}

static bool take_operand(struct export_options *x, const struct args *args)
{
    if (!x->input.name && *args->value) {
        x->input.name = args->value;
        return true;
    }
    if (!x->input.name)
        usage_error(args, "the name of the input is empty");
    else
        usage_error(args, "found a second input '%.200s', expected one; the output's name goes behind -o", args->value);
    return false;
}

/* The "%05d" of a numbered sequence; NULL if there is none. */
static const char *find_number(const char *name)
{
    for (const char *at = name; (at = strchr(at, '%')); at++)
        if (at[1 + strspn(at + 1, "0123456789")] == 'd')
            return at;
    return NULL;
}

/* "frames/%05d.png" becomes frames.mp4, "clips/a.mkv" a.mp4. */
static bool derive_output(struct export_options *x, const struct args *args)
{
    const char *name = x->input.name, *slash = strrchr(name, '/'), *number = find_number(slash ? slash : name);
    const char *end = name + strlen(name), *start = slash ? slash + 1 : name;
    const char *dot = strrchr(start, '.');
    if (!strcmp(name, "-"))
        return usage_error(args, "frames from standard input need an output name: -o OUT.mp4"), false;
    if (number && slash && slash > name) {
        end = slash;
        for (start = slash; start > name && start[-1] != '/';)
            start--;
    } else if (number) {
        start = "sequence";
        end = start + strlen(start);
    } else if (dot && dot > start) {
        end = dot;
    }
    if (end == start)
        return usage_error(args, "'%.200s' gives the output no name: -o OUT.mp4", name), false;
    if (end - start + sizeof(".mp4") > sizeof(x->derived))
        return usage_error(args, "INPUT's name is too long to name the output after it: -o OUT.mp4"), false;
    snprintf(x->derived, sizeof(x->derived), "%.*s.mp4", (int)(end - start), start);
    x->output = x->derived;
    return true;
}

/* What does not go together; NULL if all does. */
static const char *contradiction(const struct export_options *x)
{
    const struct pixfer_input *in = &x->input;
    bool standard_input = !strcmp(in->name, "-");
    if (standard_input && !in->width)
        return "raw frames on standard input need --size WxH (and --format, --fps)";
    if (standard_input && in->loop > 1)
        return "--loop reads the input again, which standard input cannot; give a file";
    if (!in->width && in->format)
        return "--format is for raw frames, which need --size WxH too";
    if (!in->width && in->stride)
        return "--stride is for raw frames, which need --size WxH too";
    if (in->audio && in->no_audio)
        return "--audio and --no-audio cannot go together";
    if (in->retime && !in->fps_num)
        return "--retime needs --fps RATE, the new rate of the frames";
    if (x->jobs && !x->cut_option)
        return "--jobs is for --segments N or --segment-seconds S";
    if (x->cut_option && standard_input)
        return "frames from standard input come once, and segments read their own: give a file";
    if (x->cut_option && x->output && !strcmp(x->output, "-"))
        return "segments are joined into a file: -o expects a name";
    if (x->stats && !strcmp(x->stats, "-"))
        return "--stats: found '-', expected the name of a file";
    if (x->progress == PROGRESS_JSON && x->output && !strcmp(x->output, "-"))
        return "-o - and --progress json cannot go together: both write to standard output";
    return NULL;
}

/* A plan goes to standard output, and is a plan without a wish how to cut, too. */
static const char *contradiction_of_plan(const struct export_options *x)
{
    if (x->progress == PROGRESS_JSON)
        return "--progress json writes where the plan goes";
    if (!strcmp(x->input.name, "-"))
        return "frames from standard input come once, and segments read their own: give a file";
    if (x->output && !strcmp(x->output, "-"))
        return "segments are joined into a file: -o expects a name";
    return NULL;
}

static int parse(struct export_options *x, bool plan, int argc, char **argv)
{
    struct args args = ARGS(plan ? "plan" : "export", argc, argv, table_for(plan));
    *x = (struct export_options){.input = PIXFER_INPUT(.name = NULL),
                                 .params = PIXFER_EXPORTER_PARAMS(.any_siting = 1),
                                 .cut = PIXFER_PLAN_PARAMS(.tasks = 0)};
    bool help_wanted = false;
    for (int option; (option = args_next(&args)) != ARG_END;) {
        if (option == ARG_ERROR || !(option == ARG_OPERAND ? take_operand(x, &args) : take_option(x, &args, option)))
            return EXIT_USAGE;
        help_wanted = help_wanted || option == OPT_HELP;
    }
    if (help_wanted)
        return plan ? help_plan(args.options) : help(args.options);
    if (!x->input.name)
        return usage_error(&args, "found no INPUT");
    const char *wrong = contradiction(x);
    if (!wrong && plan)
        wrong = contradiction_of_plan(x);
    if (wrong)
        return usage_error(&args, "%s", wrong);
    if (!x->output && !derive_output(x, &args))
        return EXIT_USAGE;
    if (x->params.encoder && !strcmp(x->params.encoder, "auto"))
        x->params.encoder = NULL;
    x->params.metadata = x->metadata;
    return -1;
}

int export_options_parse(struct export_options *x, int argc, char **argv)
{
    return parse(x, false, argc, argv);
}

int export_options_parse_plan(struct export_options *x, int argc, char **argv)
{
    return parse(x, true, argc, argv);
}

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "bench_export.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../src/platform/files.h"
#include "../src/platform/process.h"
#include "../tools/pixfer/cmd.h"
#include "../tools/pixfer/stream.h"
#include "bench.h"

enum {
    OPT_SIZE,
    OPT_FORMAT,
    OPT_STRIDE,
    OPT_FPS,
    OPT_LOOP,
    OPT_FRAMES,
    OPT_REPEAT,
    OPT_ENCODER,
    OPT_PRESET,
    OPT_CRF,
    OPT_ONLY,
    OPT_SCRATCH,
    OPT_JSON,
    OPT_MARKDOWN,
    OPT_HTML,
    OPT_CHART,
    OPT_HELP
};

static const struct arg_option options[] = {
    [OPT_SIZE] = {"size", 's', "WxH", "INPUT is raw frames of this size"},
    [OPT_FORMAT] = {"format", 'f', "NAME", "of raw frames: rgba (default), bgra, argb, abgr, rgb24,\nbgr24, gbrp, yuyv or uyvy"},
    [OPT_STRIDE] = {"stride", 0, "BYTES", "from one raw row to the next (default: no padding)"},
    [OPT_FPS] = {"fps", 'r', "RATE", "frames per second (default: the input's, raw 60)"},
    [OPT_LOOP] = {"loop", 0, "N", "export the input N times over (default 1)"},
    [OPT_FRAMES] = {"frames", 0, "N", "stop after N frames (default: all, loops included)"},
    [OPT_REPEAT] = {"repeat", 0, "N", "runs of each, in turns; medians are shown (default 3)"},
    [OPT_ENCODER] = {"encoder", 0, "NAME", "auto or a name; see pixfer info (default libx264)"},
    [OPT_PRESET] = {"preset", 0, "NAME", "of the encoder (default ultrafast)"},
    [OPT_CRF] = {"crf", 0, "N", "constant quality, 0 to 51 (default 23)"},
    [OPT_ONLY] = {"only", 0, "NAMES", "of swscale,pixfer,ready,ffmpeg-rgba,ffmpeg-ready"},
    [OPT_SCRATCH] = {"scratch", 0, "DIR", "for raw frames and exports, removed at the end\n(default $TMPDIR or /tmp)"},
    [OPT_JSON] = {"json", 'j', "FILE", "write everything to FILE, '-' for standard output"},
    [OPT_MARKDOWN] = {"markdown", 'm', NULL, "print the table as Markdown"},
    [OPT_HTML] = {"html", 0, "FILE", "write one page with charts to FILE (needs gnuplot)"},
    [OPT_CHART] = {"chart", 0, "FILE", "write the chart of frames per second to FILE, an SVG"},
    [OPT_HELP] = {"help", 'h', NULL, "this text"},
    {NULL, 0, NULL, NULL},
};

struct command {
    struct export_bench bench;
    const char *input, *json, *html, *chart, *scratch;
    uint64_t limit; /* --frames; UINT64_MAX = all */
    bool raw, rate_set, markdown;
};

static int help(void)
{
    printf("Usage: pixfer bench export [OPTION]... INPUT\n\n"
           "Exports INPUT as H.264 in five ways, each in a process of its own: RGBA through\n"
           "swscale, RGBA through pixfer, the same frames as ready NV12 (the ceiling, as\n"
           "nothing is converted), and the ffmpeg program with RGBA and with NV12.\n"
           "INPUT is raw frames (with --size) or any video or image sequence, which is\n"
           "decoded to raw RGBA first, so that no contender pays for it.\n\n");
    args_print_options(stdout, options);
    return EXIT_OK;
}

/* ---- Options ------------------------------------------------------------------------------------------------------------- */

static bool take_count(const struct args *args, uint64_t max, uint64_t *out)
{
    return parse_unsigned(args, 1, max, out);
}

static bool take_rate(struct command *c, const struct args *args)
{
    struct rational rate;
    c->rate_set = parse_rate(args, &rate);
    if (c->rate_set) {
        c->bench.clip.fps_num = rate.num;
        c->bench.clip.fps_den = rate.den;
    }
    return c->rate_set;
}

static bool take_operand(struct command *c, const struct args *args)
{
    if (c->input)
        return usage_error(args, "found a second operand '%s', expected one INPUT", args->value), false;
    if (!strcmp(args->value, "-"))
        return usage_error(args, "standard input cannot be read several times, expected a file"), false;
    c->input = args->value;
    return true;
}

static bool take_text(const char **out, const struct args *args)
{
    *out = args->value;
    return true;
}

static bool take_option(struct command *c, const struct args *args, int option)
{
    struct export_bench *b = &c->bench;
    uint64_t value = 0;
    bool good;
    switch (option) {
    case OPT_SIZE:
        return c->raw = parse_size(args, &b->clip.width, &b->clip.height);
    case OPT_FORMAT:
        return parse_source_format(args, &b->clip.format);
    case OPT_STRIDE:
        good = take_count(args, INT32_MAX, &value);
        b->clip.stride = (size_t)value;
        return good;
    case OPT_FPS:
        return take_rate(c, args);
    case OPT_LOOP:
        return take_count(args, 1000000, &b->loops);
    case OPT_FRAMES:
        return take_count(args, UINT64_MAX, &c->limit);
    case OPT_REPEAT:
        good = take_count(args, 99, &value);
        b->repeat = (unsigned)value;
        return good;
    case OPT_ENCODER:
        b->encoder = strcmp(args->value, "auto") ? args->value : NULL;
        return true;
    case OPT_PRESET:
        return take_text(&b->preset, args);
    case OPT_CRF:
        return parse_number(args, 0, 51, &b->crf);
    case OPT_ONLY:
        return take_text(&b->only, args);
    case OPT_SCRATCH:
        return take_text(&c->scratch, args);
    case OPT_JSON:
        return take_text(&c->json, args);
    case OPT_MARKDOWN:
        return c->markdown = true;
    case OPT_HTML:
        return take_text(&c->html, args);
    case OPT_CHART:
        return take_text(&c->chart, args);
    case ARG_OPERAND:
        return take_operand(c, args);
    default:
        return false;
    }
}

/* ---- The clip, as RGB and as NV12 ----------------------------------------------------------------------------------------- */

/* A run that fills the disk half way is no measurement. What the encoder writes is not known before. */
static bool enough_space(const struct export_bench *b, uint64_t frames, bool decode)
{
    struct clip nv12 = {.format = PIXFER_FORMAT_NV12, .width = b->clip.width, .height = b->clip.height};
    uint64_t need = frames * (clip_frame_bytes(&nv12) + (decode ? clip_frame_bytes(&b->clip) : 0));
    uint64_t there = pixfer_folder_free(b->scratch);
    if (there > need)
        return true;
    failure("bench export",
            "%s: found %" PRIu64 " MB free, expected %" PRIu64 " MB for %" PRIu64 " raw frames and some for the exports",
            b->scratch, there >> 20, need >> 20, frames);
    return false;
}

static bool measure_raw(struct command *c)
{
    struct clip *clip = &c->bench.clip;
    struct file_state state;
    char *absolute = pixfer_path_absolute(c->input);
    snprintf(clip->path, sizeof(clip->path), "%s", absolute ? absolute : c->input);
    free(absolute);
    int error = pixfer_file_state(c->input, &state);
    if (error) {
        failure("bench export", "%s cannot be read: %s", c->input, strerror(error));
        return false;
    }
    clip->frames = (uint64_t)state.size / clip_frame_bytes(clip);
    if (clip->frames && !((uint64_t)state.size % clip_frame_bytes(clip)))
        return true;
    failure("bench export", "%s: found %lld bytes, expected a multiple of %zu for frames of %ux%u", c->input,
            (long long)state.size, clip_frame_bytes(clip), clip->width, clip->height);
    return false;
}

static bool decode_input(struct command *c)
{
    struct export_bench *b = &c->bench;
    struct video_error error;
    uint32_t num = b->clip.fps_num, den = b->clip.fps_den;
    b->decoded = true;
    snprintf(b->clip.path, sizeof(b->clip.path), "%s/clip.rgba", b->scratch);
    bool good = video_probe(c->input, b->scratch, &b->clip, &error);
    /* How long a video is shows when it has been decoded; if its loops are to make up the limit, this long at least. */
    uint64_t least = c->limit == UINT64_MAX ? 1 : (c->limit + b->loops - 1) / b->loops;
    if (good && !enough_space(b, least, true))
        return false;
    good = good && video_decode(c->input, c->limit, &b->clip, &error);
    if (!good && !pixfer_process_interrupted())
        failure("bench export", "%s: %s", c->input, error.text);
    if (c->rate_set) {
        b->clip.fps_num = num;
        b->clip.fps_den = den;
    }
    return good;
}

static int make_ready(void *opaque, void *reply)
{
    const struct export_bench *b = opaque;
    struct input input;
    struct output output;
    uint64_t *frames = reply;
    struct stream_params params = {.converter = {.src_format = b->clip.format,
                                                 .dst_format = PIXFER_FORMAT_NV12,
                                                 .width = b->clip.width,
                                                 .height = b->clip.height,
                                                 .threads = 1,
                                                 .backend = PIXFER_BACKEND_CPU},
                                   .stride = b->clip.stride,
                                   .span = {0, b->clip.frames}};
    int status = input_open(&input, "bench export", b->clip.path);
    if (!status)
        status = output_open(&output, "bench export", b->ready.path, true);
    if (!status)
        status = stream_convert(&input, &output, &params, frames);
    if (!status && !output_commit(&output))
        status = EXIT_FAILED;
    return status;
}

static bool ready_clip(struct export_bench *b)
{
    struct process_result process;
    uint64_t frames = 0;
    b->ready = b->clip;
    b->ready.format = PIXFER_FORMAT_NV12;
    b->ready.stride = 0;
    snprintf(b->ready.path, sizeof(b->ready.path), "%s/clip.nv12", b->scratch);
    return enough_space(b, b->clip.frames, false) && pixfer_process_call(&process, make_ready, b, &frames, sizeof(frames)) &&
           !process.status && frames == b->clip.frames;
}

static bool prepare(struct command *c)
{
    struct export_bench *b = &c->bench;
    bool good = c->raw ? measure_raw(c) : decode_input(c);
    if (good && b->clip.frames > c->limit)
        b->clip.frames = c->limit;
    good = good && ready_clip(b);
    if (!good)
        return false;
    b->frames = b->clip.frames * b->loops;
    if (b->frames > c->limit)
        b->frames = c->limit;
    b->loops = (b->frames + b->clip.frames - 1) / b->clip.frames;
    return true;
}

/* ---- The command --------------------------------------------------------------------------------------------------------- */

static bool make_scratch(struct command *c)
{
    char *folder = pixfer_folder_create(c->scratch, "pixfer-bench"), *absolute = folder ? pixfer_path_absolute(folder) : NULL;
    if (!absolute)
        failure("bench export", "%s/pixfer-bench cannot be created: %s", c->scratch ? c->scratch : "a temporary folder",
                strerror(errno));
    else
        snprintf(c->bench.scratch, sizeof(c->bench.scratch), "%s", absolute);
    free(folder);
    free(absolute);
    return c->bench.scratch[0];
}

static void remove_scratch(const struct command *c)
{
    if (c->bench.decoded)
        pixfer_file_unlink(c->bench.clip.path);
    pixfer_file_unlink(c->bench.ready.path);
    pixfer_folder_remove(c->bench.scratch);
}

static json_t *settings(const struct command *c)
{
    const struct export_bench *b = &c->bench;
    const char *slash = strrchr(c->input, '/');
    return json_pack("{s:o, s:s, s:i, s:i, s:f, s:I, s:I, s:o, s:o, s:f, s:i}", "input",
                     bench_json_text(slash ? slash + 1 : c->input), "format", pixfer_format_name(b->clip.format), "width",
                     (int)b->clip.width, "height", (int)b->clip.height, "fps", (double)b->clip.fps_num / b->clip.fps_den,
                     "clip_frames", (json_int_t)b->clip.frames, "frames", (json_int_t)b->frames, "encoder",
                     bench_json_text(b->encoder ? b->encoder : "auto"), "preset",
                     b->preset ? bench_json_text(b->preset) : json_null(), "crf", b->crf, "repeat", (int)b->repeat);
}

static int show(const struct command *c, const json_t *result)
{
    bool good = true;
    if (!(c->json && !strcmp(c->json, "-")))
        bench_print_export(stdout, result, c->markdown);
    if (c->json)
        good = bench_write_json(result, c->json);
    if (c->html)
        good = bench_write_html(result, c->html, c->bench.scratch) && good;
    if (c->chart)
        good = bench_write_chart(result, c->chart, c->bench.scratch) && good;
    return good && !fflush(stdout) ? EXIT_OK : EXIT_FAILED;
}

static int run(struct command *c)
{
    if (!make_scratch(c))
        return EXIT_FAILED;
    pixfer_process_watch();
    json_t *result = bench_record();
    int status = prepare(c) ? EXIT_OK : EXIT_FAILED;
    if (!status) {
        json_object_set_new(result, "settings", settings(c));
        status = export_bench_run(&c->bench, result);
    }
    if (!status)
        status = show(c, result);
    remove_scratch(c);
    json_decref(result);
    return pixfer_process_interrupted() ? EXIT_INTERRUPTED : status;
}

int bench_export(int argc, char **argv)
{
    struct args args = ARGS("bench export", argc, argv, options);
    struct command c = {.limit = UINT64_MAX,
                        .bench = {.clip = {.format = PIXFER_FORMAT_RGBA, .fps_num = 60, .fps_den = 1},
                                  .loops = 1,
                                  .repeat = 3,
                                  .encoder = "libx264",
                                  .preset = "ultrafast",
                                  .crf = 23}};
    for (int option; (option = args_next(&args)) != ARG_END;) {
        if (option == OPT_HELP)
            return help();
        if (!take_option(&c, &args, option))
            return EXIT_USAGE;
    }
    if (!c.input)
        return usage_error(&args, "INPUT is missing");
    if (!c.raw && c.bench.clip.stride)
        return usage_error(&args, "--stride goes with --size");
    return run(&c);
}

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include <string.h>

#include "args.h"
#include "cmd.h"
#include "input.h"
#include "output.h"
#include "stream.h"
#include "y4m.h"

enum {
    OPT_SIZE,
    OPT_FORMAT,
    OPT_STRIDE,
    OPT_TO,
    OPT_OUTPUT,
    OPT_MATRIX,
    OPT_RANGE,
    OPT_SITING,
    OPT_ALPHA,
    OPT_FPS,
    OPT_FRAMES,
    OPT_THREADS,
    OPT_CPU,
    OPT_BACKEND,
    OPT_OVERWRITE,
    OPT_VERBOSE,
    OPT_HELP
};

static const struct arg_option options[] = {
    [OPT_SIZE] = {"size", 's', "WxH", "width and height in pixels; required"},
    [OPT_FORMAT] = {"format", 'f', "NAME",
                    "of the input: rgba (default), bgra, argb, abgr, rgb24,\nbgr24 or gbrp, named by the order of bytes in "
                    "memory;\nof more bits: rgb10a2, bgr10a2, rgba64, rgba16f, gbrp10,\ngbrp12, gbrp16 or gbrpf32; or yuyv or "
                    "uyvy, to 8-bit\n4:2:0 only"},
    [OPT_STRIDE] = {"stride", 0, "BYTES", "from one input row to the next (default: no padding)"},
    [OPT_TO] = {"to", 't', "NAME",
                "nv12 (default), nv21, i420, yv12, p010, p012, p016,\ni010, i444, i410, nv24, i422 or nv16, raw; or y4m,\nthe "
                "default for "
                "OUTPUT names that end in .y4m (i420;\nalso i422 and i444)"},
    [OPT_OUTPUT] = {"output", 'o', "OUTPUT", "the same as the second operand"},
    [OPT_MATRIX] = {"matrix", 0, "NAME", "bt709 (default), bt601, smpte240m or bt2020"},
    [OPT_RANGE] = {"range", 0, "NAME", "limited (default) or full"},
    [OPT_SITING] = {"siting", 0, "NAME", "of chroma: left (default), center or top-left"},
    [OPT_ALPHA] = {"alpha", 0, "WHAT", "drop (default), or what it is composed over: black,\nwhite or #rrggbb"},
    [OPT_FPS] = {"fps", 'r', "RATE", "frames per second that y4m states (default 60)"},
    [OPT_FRAMES] = {"frames", 0, "N | A:B", "only the first N, or from A (counted from 0) up to,\nand without, B"},
    [OPT_THREADS] = {"threads", 0, "N", "that convert one frame (default 1: rows on their way\nthrough the cache; 0 = choose)"},
    [OPT_CPU] = {"cpu", 0, "NAME", "instruction set (default: the best; see pixfer info)"},
    [OPT_BACKEND] = {"backend", 0, "NAME", "cpu (default), auto or another; see pixfer info"},
    [OPT_OVERWRITE] = {"overwrite", 'y', NULL, "replace an existing OUTPUT"},
    [OPT_VERBOSE] = {"verbose", 'v', NULL, "say what converted, and how many frames"},
    [OPT_HELP] = {"help", 'h', NULL, "this text"},
    {NULL, 0, NULL, NULL},
};

struct convert {
    struct stream_params stream;
    const char *input, *output;
    bool overwrite, help, to_set;
};

static int help(void)
{
    printf("Usage: pixfer convert --size WxH [OPTION]... [INPUT [OUTPUT]]\n\n"
           "Converts raw RGB frames to raw YCbCr frames or y4m. INPUT and OUTPUT are files\n"
           "or '-', standard input and output (default). Every sample is the correctly\n"
           "rounded value of Rec. ITU-T H.273. Frames of yuyv and uyvy are YCbCr already:\n"
           "only their chroma is resampled, and --matrix and --range have no effect.\n\n");
    args_print_options(stdout, options);
    printf("\nExample:\n  renderer | pixfer convert --size 1920x1080 |\n"
           "      ffmpeg -f rawvideo -pix_fmt nv12 -s 1920x1080 -r 60 -i - out.mp4\n");
    return EXIT_OK;
}

static bool take_operand(struct convert *c, struct args *args)
{
    if (!c->input)
        c->input = args->value;
    else if (!c->output)
        c->output = args->value;
    else
        usage_error(args, "found a third operand '%s', expected INPUT and OUTPUT", args->value);
    return c->output == args->value || c->input == args->value;
}

static bool take_to(struct convert *c, const struct args *args)
{
    c->to_set = true;
    if (!strcmp(args->value, "y4m")) {
        c->stream.y4m = true;
        c->stream.converter.dst_format = PIXFER_FORMAT_I420;
        return true;
    }
    return parse_destination_format(args, &c->stream.converter.dst_format);
}

static bool take_stride(struct convert *c, const struct args *args)
{
    uint64_t value;
    bool good = parse_unsigned(args, 1, PTRDIFF_MAX, &value);
    c->stream.stride = good ? (size_t)value : 0;
    return good;
}

static bool take_option(struct convert *c, struct args *args, int option)
{
    struct pixfer_converter_params *p = &c->stream.converter;
    switch (option) {
    case OPT_SIZE:
        return parse_size(args, &p->width, &p->height);
    case OPT_FORMAT:
        return parse_source_format(args, &p->src_format);
    case OPT_STRIDE:
        return take_stride(c, args);
    case OPT_TO:
        return take_to(c, args);
    case OPT_OUTPUT:
        c->output = args->value;
        return true;
    case OPT_MATRIX:
        return parse_matrix(args, &p->color.matrix);
    case OPT_RANGE:
        return parse_range(args, &p->color.range);
    case OPT_SITING:
        return parse_siting(args, &p->color.siting);
    case OPT_ALPHA:
        return parse_alpha(args, &p->alpha, &p->background);
    case OPT_FPS:
        return parse_rate(args, &c->stream.rate);
    case OPT_FRAMES:
        return parse_span(args, &c->stream.span);
    case OPT_THREADS:
        return parse_threads(args, &p->threads);
    case OPT_CPU:
        p->cpu = args->value;
        return true;
    case OPT_BACKEND:
        return parse_backend(args, &p->backend);
    case OPT_OVERWRITE:
        return c->overwrite = true;
    case OPT_VERBOSE:
        return c->stream.verbose = true;
    case OPT_HELP:
        return c->help = true;
    case ARG_OPERAND:
        return take_operand(c, args);
    default:
        return false; /* args_next has said why */
    }
}

static bool ends_in(const char *text, const char *end)
{
    size_t length = strlen(text), part = strlen(end);
    return length > part && !strcmp(text + length - part, end);
}

/* What can only be checked when all options are known. */
static bool settle(struct convert *c, struct args *args)
{
    struct pixfer_converter_params *p = &c->stream.converter;
    if (!p->width)
        return usage_error(args, "--size WxH is missing: raw frames do not say how large they are"), false;
    if (!c->input)
        c->input = "-";
    if (!c->output)
        c->output = "-";
    if (ends_in(c->output, ".y4m")) {
        c->stream.y4m = true;
        if (!c->to_set)
            p->dst_format = PIXFER_FORMAT_I420;
    }
    if (c->stream.y4m && !y4m_takes(p->dst_format))
        return usage_error(args, "--to: found '%s', expected i420, i422 or i444, which y4m can hold",
                           pixfer_format_name(p->dst_format)),
               false;
    return true;
}

static int run(const struct convert *c)
{
    struct input input;
    struct output output;
    uint64_t frames = 0;
    int status = input_open(&input, "convert", c->input);
    if (status)
        return status;
    status = output_open(&output, "convert", c->output, c->overwrite);
    if (!status) {
        status = stream_convert(&input, &output, &c->stream, &frames);
        if (frames && !output_commit(&output))
            status = EXIT_FAILED;
        output_discard(&output);
    }
    input_close(&input);
    return status;
}

int cmd_convert(int argc, char **argv)
{
    struct args args = ARGS("convert", argc, argv, options);
    struct convert c = {.stream = {
                            .converter = {.src_format = PIXFER_FORMAT_RGBA,
                                          .dst_format = PIXFER_FORMAT_NV12,
                                          .threads = 1,
                                          .backend = PIXFER_BACKEND_CPU},
                            .span = {0, UINT64_MAX},
                            .rate = {60, 1},
                        }};
    for (int option; (option = args_next(&args)) != ARG_END;) {
        if (!take_option(&c, &args, option))
            return EXIT_USAGE;
        if (c.help)
            return help();
    }
    return settle(&c, &args) ? run(&c) : EXIT_USAGE;
}

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* Bytes become a command line of `pixfer export`: a zero byte ends an argument, bytes from 0xa0 on stand for whole options and
 * those from 0x40 on for digits and their company, so that random bytes get as far as the values. What is accepted must lie within the ranges that the messages promise. No file is looked
 * at and no process started. */

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "export_options.h"
#include "json.h"
#include "text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ARGUMENTS = 8, BYTES = 8192 };

static const char *const words[] = {"--output",
                                    "--size",
                                    "--format",
                                    "--fps",
                                    "--stride",
                                    "--frames",
                                    "--loop",
                                    "--retime",
                                    "--max-gap",
                                    "--shortest",
                                    "--max-pixels",
                                    "--quality",
                                    "--crf",
                                    "--bitrate",
                                    "--preset",
                                    "--gop",
                                    "--converter",
                                    "--matrix",
                                    "--range",
                                    "--siting",
                                    "--rotate",
                                    "--audio-bitrate",
                                    "--title",
                                    "--metadata",
                                    "--threads",
                                    "--stats",
                                    "--progress",
                                    "--keep-start",
                                    "--stop-on-error",
                                    "--audio-codec",
                                    "--",
                                    "in.mkv",
                                    "1920x1080",
                                    "30000/1001",
                                    "1e400",
                                    "nan",
                                    "-0",
                                    "18446744073709551616",
                                    "1/0",
                                    "8M",
                                    "10:20",
                                    "title=x",
                                    "frames/%05d.png",
                                    "-",
                                    "json",
                                    "90",
                                    "rgba",
                                    "23.976"};

/* As in a build with JSON. */
bool json_allowed(const struct args *args)
{
    (void)args;
    return true;
}

static void give_up(const struct export_options *x, const char *what)
{
    printf("%s: input %s, output %s, rate %g\n", what, x->input.name, x->output, x->params.rate_value);
    fflush(stdout);
    abort();
}

static void check(const struct export_options *x)
{
    const struct pixfer_input *in = &x->input;
    const struct pixfer_exporter_params *p = &x->params;
    if (!in->name || !*in->name || !x->output || !*x->output)
        give_up(x, "no name");
    if (!in->width != !in->height || in->width > 1 << 24 || in->height > 1 << 24)
        give_up(x, "size");
    if (!in->fps_num != !in->fps_den || in->loop > 1000000000 || (in->end && in->end <= in->first))
        give_up(x, "rate or frames");
    if (!(in->max_gap >= 0 && in->max_gap <= 1e6) || in->max_pixels > (uint64_t)1 << 48)
        give_up(x, "limits");
    if (!isfinite(p->rate_value) || signbit(p->rate_value) || p->rate_value > 2e9 ||
        (p->rate == PIXFER_RATE_CRF && p->rate_value > 51))
        give_up(x, "quality");
    if (p->rotation % 90 || p->rotation > 270 || p->gop > 1000000 || p->encoder_threads > 256)
        give_up(x, "encoder");
    if (p->audio_bitrate && (p->audio_bitrate < 1000 || p->audio_bitrate > 10000000))
        give_up(x, "audio bit rate");
    if (p->metadata_count > EXPORT_METADATA || p->metadata != x->metadata)
        give_up(x, "metadata");
    for (size_t i = 0; i < p->metadata_count; i++)
        if (!*p->metadata[i].key || strlen(p->metadata[i].key) >= EXPORT_KEY || !text_is_utf8(p->metadata[i].value))
            give_up(x, "a line of metadata");
}

/* Escaped text is one line of UTF-8 without control characters, and escaping it again changes nothing. */
static void check_escape(const char *text)
{
    char once[4 * BYTES + 1], twice[4 * BYTES + 1], part[17];
    text_escape(once, sizeof(once), text);
    text_escape(twice, sizeof(twice), once);
    text_escape(part, sizeof(part), text);
    bool good = !strcmp(once, twice) && text_is_utf8(once) && text_is_utf8(part) && !strncmp(once, part, strlen(part));
    for (const char *c = once; *c; c++)
        good = good && (unsigned char)*c >= ' ' && *c != 0x7f;
    if (!good) {
        printf("escaped: %s\n", once);
        fflush(stdout);
        abort();
    }
}

/* One argument, of BYTES / 2 bytes at most: a word of the list, or characters up to a zero or the next word. Returns its bytes. */
static size_t take_argument(char *argument, const uint8_t **data, size_t *size)
{
    static const char digits[] = "0123456789.:/xe-=kM%0123456789\377\302\233";
    size_t used = 0;
    for (; *size && **data && used < BYTES / 2 - 32; (*data)++, (*size)--) {
        if (**data >= 0xa0 && used)
            break;
        if (**data < 0x40) {
            argument[used++] = (char)**data;
        } else if (**data < 0xa0) {
            argument[used++] = digits[**data % (sizeof(digits) - 1)];
        } else {
            used = (size_t)snprintf(argument, 32, "%s", words[(**data - 0xa0) % (sizeof(words) / sizeof(words[0]))]);
            (*data)++, (*size)--;
            break;
        }
    }
    if (*size && !**data)
        (*data)++, (*size)--;
    argument[used] = 0;
    return used + 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char memory[BYTES];
    static bool silent;
    char program[] = "export", *argv[ARGUMENTS + 1] = {program};
    size_t used = 0;
    int argc = 1;
#ifndef PIXFER_LIBFUZZER /* it is told to close stderr itself */
    if (!silent && !freopen("/dev/null", "w", stderr))
        return 0;
#endif
    silent = true;
    int limit = size ? 2 + *data % 6 : 1; /* few arguments are right together more often than many */
    while (size && argc < limit && used < sizeof(memory) / 2) {
        argv[argc++] = memory + used;
        used += take_argument(memory + used, &data, &size);
        check_escape(argv[argc - 1]);
    }
    for (int i = 1; i < argc; i++)
        if (!strcmp(argv[i], "--help") || !strncmp(argv[i], "-h", 2))
            return 0; /* prints, and decides nothing */
    static struct export_options options;
    int code = export_options_parse(&options, argc, argv);
    if (code == -1)
        check(&options);
    else if (code != 2)
        give_up(&options, "neither accepted nor refused");
    return 0;
}

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_TOOL_ARGS_H
#define PIXFER_TOOL_ARGS_H

/* The command line: one table per command is both the grammar and the help. A command declares
 *
 *     enum { OPT_SIZE, OPT_OVERWRITE };
 *     static const struct arg_option options[] = {
 *         [OPT_SIZE] = {"size", 0, "WxH", "width and height in pixels"},
 *         [OPT_OVERWRITE] = {"overwrite", 'y', NULL, "replace an existing output"},
 *         {NULL},
 *     };
 *
 * and walks it with args_next. Every parser below prints one line that names the option, what it found and what it expected,
 * and returns false. */

#include <pixfer/exporter.h>
#include <pixfer/pixfer.h>
#include <stdbool.h>
#include <stdio.h>

struct arg_option {
    const char *name;  /* without the dashes; NULL ends the table */
    char letter;       /* 0 = no short form */
    const char *value; /* what the help calls the value, in brackets if it may be left out; NULL = a flag */
    const char *help;  /* lines separated by '\n'; NULL = a synonym that the help leaves out */
};

struct args {
    const char *command; /* "convert": stands in front of every message */
    int argc;
    char **argv; /* argv[0] is not looked at */
    const struct arg_option *options;
    int next;           /* set to 1 */
    bool operands_only; /* "--" has been seen */
    const char *name;   /* of the option just read, with its dashes; NULL at an operand */
    const char *value;  /* its value (NULL where it was left out), or the operand itself */
};

#define ARGS(command_name, argument_count, arguments, option_table)                                                    \
    {                                                                                                                  \
        .command = (command_name), .argc = (argument_count), .argv = (arguments), .options = (option_table), .next = 1 \
    }

/* What args_next answers besides an index into the table. */
enum { ARG_END = -1, ARG_OPERAND = -2, ARG_ERROR = -3 };

/* The next option or operand; --name value, --name=value, -n value and -nvalue are all taken, "-" is an operand. */
int args_next(struct args *args);

/* "pixfer convert: <message> (see 'pixfer convert --help')" to stderr, escaped as in text.h. Returns EXIT_USAGE. */
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
int usage_error(const struct args *args, const char *format, ...);

/* "pixfer convert: <message>" to stderr, escaped. Returns EXIT_FAILED. */
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
int failure(const char *command, const char *format, ...);

/* The options of a help text, aligned, at most 80 columns if the lines of the table allow. */
void args_print_options(FILE *out, const struct arg_option *options);

/* The candidate nearest to a mistyped word, or NULL if none is near. The list ends in NULL. */
const char *args_nearest(const char *word, const char *const *candidates);

struct rational {
    uint32_t num, den;
};

/* Frames [first, end) of an input, counted from 0; end is UINT64_MAX where there is none. */
struct frame_span {
    uint64_t first, end;
};

/* What they have in common: the line that says what was found, digits without signs and spaces, words in capitals or not. */
bool args_wrong(const struct args *args, const char *expected);
bool args_digits(const char *text, uint64_t max, uint64_t *out, const char **end);
bool args_same_word(const char *a, const char *b);

bool parse_unsigned(const struct args *args, uint64_t min, uint64_t max, uint64_t *out);
bool parse_number(const struct args *args, double min, double max, double *out);
bool parse_bits(const struct args *args, double min, double max, double *out); /* per second: 8M, 500k */
/* The index of the value among `names`, which end in NULL; `expected` names them in a message. */
bool parse_choice(const struct args *args, const char *const *names, const char *expected, int *out);
bool parse_size(const struct args *args, uint32_t *width, uint32_t *height);     /* 1920x1080 */
bool parse_rate(const struct args *args, struct rational *out);                  /* 60, 30000/1001; 29.97 means the latter */
bool parse_span(const struct args *args, struct frame_span *out);                /* N, A:B, A:, :B */
bool parse_format(const struct args *args, enum pixfer_format *out);             /* any of them */
bool is_source_format(enum pixfer_format format);                                /* RGB, or Y'CbCr in one plane */
bool parse_source_format(const struct args *args, enum pixfer_format *out);      /* rgba ... gbrp, yuyv, uyvy */
bool parse_destination_format(const struct args *args, enum pixfer_format *out); /* nv12 ... nv16 */
bool parse_matrix(const struct args *args, enum pixfer_matrix *out);
bool parse_range(const struct args *args, enum pixfer_range *out);
bool parse_siting(const struct args *args, enum pixfer_siting *out);
bool parse_primaries(const struct args *args, int *out); /* H.273's numbers, or their names */
bool parse_transfer(const struct args *args, int *out);
bool parse_codec(const struct args *args, enum pixfer_codec *out);
bool parse_depth(const struct args *args, unsigned *out);
bool parse_chroma(const struct args *args, unsigned *out);
bool parse_alpha(const struct args *args, enum pixfer_alpha *alpha, uint32_t *background); /* drop, black, white, #rrggbb */
bool parse_max_cll(const struct args *args, uint32_t *cll, uint32_t *fall, int *measure);  /* CLL,FALL or measure */
bool parse_backend(const struct args *args, enum pixfer_backend *out);
bool parse_threads(const struct args *args, unsigned *out); /* 0 = choose */

/* Their names, for messages and JSON. */
const char *matrix_name(enum pixfer_matrix matrix);
const char *range_name(enum pixfer_range range);
const char *siting_name(enum pixfer_siting siting);

#endif

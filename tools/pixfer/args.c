/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "args.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "text.h"

/* ---- Messages ------------------------------------------------------------------------------------------------------------ */

int usage_error(const struct args *args, const char *format, ...)
{
    char message[TEXT_MESSAGE];
    va_list list;
    va_start(list, format);
    vsnprintf(message, sizeof(message), format, list);
    va_end(list);
    text_line("pixfer %s: %s (see 'pixfer %s --help')", args->command, message, args->command);
    return EXIT_USAGE;
}

int failure(const char *command, const char *format, ...)
{
    char message[TEXT_MESSAGE];
    va_list list;
    va_start(list, format);
    vsnprintf(message, sizeof(message), format, list);
    va_end(list);
    text_line("pixfer %s: %s", command, message);
    return EXIT_FAILED;
}

static void print_option(FILE *out, const struct arg_option *option)
{
    enum { COLUMN = 24 };
    char left[64];
    int length =
        snprintf(left, sizeof(left), "  %c%c%s --%s%s%s", option->letter ? '-' : ' ', option->letter ? option->letter : ' ',
                 option->letter ? "," : " ", option->name, option->value ? " " : "", option->value ? option->value : "");
    fprintf(out, "%-*s", COLUMN, left);
    if (length >= COLUMN)
        fprintf(out, "\n%*s", COLUMN, "");
    for (const char *line = option->help; line;) {
        const char *end = strchr(line, '\n');
        fprintf(out, "%.*s\n", end ? (int)(end - line) : (int)strlen(line), line);
        line = end ? end + 1 : NULL;
        if (line)
            fprintf(out, "%*s", COLUMN, "");
    }
}

void args_print_options(FILE *out, const struct arg_option *options)
{
    for (; options->name; options++)
        if (options->help)
            print_option(out, options);
}

/* ---- Mistyped words ------------------------------------------------------------------------------------------------------ */

/* Levenshtein distance with neighbouring letters swapped counted as one; words longer than the table are as good as unlike. */
static unsigned distance(const char *a, const char *b)
{
    enum { MAX = 32 };
    unsigned table[MAX + 1][MAX + 1];
    size_t rows = strlen(a), columns = strlen(b);
    if (rows > MAX || columns > MAX)
        return MAX;
    for (size_t i = 0; i <= rows; i++) {
        for (size_t j = 0; j <= columns; j++) {
            if (!i || !j) {
                table[i][j] = (unsigned)(i + j);
                continue;
            }
            unsigned best = table[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
            if (table[i - 1][j] + 1 < best)
                best = table[i - 1][j] + 1;
            if (table[i][j - 1] + 1 < best)
                best = table[i][j - 1] + 1;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && table[i - 2][j - 2] + 1 < best)
                best = table[i - 2][j - 2] + 1;
            table[i][j] = best;
        }
    }
    return table[rows][columns];
}

const char *args_nearest(const char *word, const char *const *candidates)
{
    const char *nearest = NULL;
    unsigned least = 3;
    for (; *candidates; candidates++) {
        unsigned d = distance(word, *candidates);
        if (d < least && d < strlen(*candidates)) {
            least = d;
            nearest = *candidates;
        }
    }
    return nearest;
}

static int unknown_option(const struct args *args, const char *name, size_t length)
{
    const char *names[64] = {NULL};
    char word[40];
    for (size_t i = 0; i < 63 && args->options[i].name; i++)
        names[i] = args->options[i].name;
    snprintf(word, sizeof(word), "%.*s", (int)length, name);
    const char *nearest = args_nearest(word, names);
    if (nearest)
        usage_error(args, "there is no option --%s; did you mean --%s?", word, nearest);
    else
        usage_error(args, "there is no option --%s", word);
    return ARG_ERROR;
}

/* ---- Walking the command line -------------------------------------------------------------------------------------------- */

static int take_value(struct args *args, int index, const char *attached)
{
    const struct arg_option *option = &args->options[index];
    args->value = attached;
    if (!option->value) {
        if (attached) {
            usage_error(args, "%s takes no value, found '%s'", args->name, attached);
            return ARG_ERROR;
        }
        return index;
    }
    bool optional = option->value[0] == '[';
    const char *following = args->next < args->argc ? args->argv[args->next] : NULL;
    if (!attached && optional && (!following || (following[0] == '-' && following[1])))
        return index;
    if (!attached) {
        if (args->next >= args->argc) {
            usage_error(args, "%s expects a value (%s), found the end of the line", args->name, option->value);
            return ARG_ERROR;
        }
        args->value = args->argv[args->next++];
    }
    return index;
}

static int long_option(struct args *args, const char *text)
{
    const char *equals = strchr(text, '=');
    size_t length = equals ? (size_t)(equals - text) : strlen(text);
    for (int i = 0; args->options[i].name; i++) {
        const char *name = args->options[i].name;
        if (length && strlen(name) == length && !strncmp(name, text, length)) { /* "" is an option that this command lacks */
            static char shown[40];
            snprintf(shown, sizeof(shown), "--%s", name);
            args->name = shown;
            return take_value(args, i, equals ? equals + 1 : NULL);
        }
    }
    return unknown_option(args, text, length);
}

static int short_option(struct args *args, const char *text)
{
    for (int i = 0; args->options[i].name; i++) {
        if (args->options[i].letter == text[0]) {
            static char shown[3] = "-?";
            shown[1] = text[0];
            args->name = shown;
            return take_value(args, i, text[1] ? text + 1 : NULL);
        }
    }
    usage_error(args, "there is no option -%c", text[0]);
    return ARG_ERROR;
}

int args_next(struct args *args)
{
    args->name = args->value = NULL;
    if (args->next >= args->argc)
        return ARG_END;
    const char *text = args->argv[args->next++];
    if (args->operands_only || text[0] != '-' || !text[1]) {
        args->value = text;
        return ARG_OPERAND;
    }
    if (!strcmp(text, "--")) {
        args->operands_only = true;
        return args_next(args);
    }
    return text[1] == '-' ? long_option(args, text + 2) : short_option(args, text + 1);
}

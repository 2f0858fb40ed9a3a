/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include "sequence.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../platform/files.h"

/* libavformat's own limit for a name, without "file:" in front of it, and for the digits of a number. */
enum { NAME_BYTES = 1000, MOST_DIGITS = 19 };

/* The number is in the last part of the name, or in that of a folder. */
struct pattern {
    char folder[NAME_BYTES + 1];                        /* in which the numbered things lie */
    char before[NAME_BYTES + 1], after[NAME_BYTES + 1]; /* the number, in their name */
    const char *part, *rest;                            /* that name in the pattern, and what follows it: "/f.png" or nothing */
    int digits;
};

struct range {
    int first, last;
    uint64_t count;
};

/* ---- Names ----------------------------------------------------------------------------------------------------------------- */

/* "%d" and "%05d" stand for the number, which is padded with zeros; "%%" is a percent sign. False for a name without a number. */
static bool parse_part(const char *at, const char *part_end, struct pattern *p)
{
    char *to = p->before, *after = NULL;
    for (; at < part_end; at++) {
        if (*at != '%' || *++at == '%') {
            *to++ = *at;
            continue;
        }
        char *end;
        errno = 0;
        unsigned long digits = isdigit((unsigned char)*at) ? strtoul(at, &end, 10) : (end = (char *)at, 0);
        if (*end != 'd' || after || digits > MOST_DIGITS || errno)
            return false;
        p->digits = (int)digits;
        *to = 0;
        to = after = p->after;
        at = end;
    }
    *to = 0;
    return after != NULL;
}

static bool parse(const char *name, struct pattern *p)
{
    if (strlen(name) > NAME_BYTES)
        return false;
    for (const char *end = name + strlen(name), *start; end > name; end = start - 1) {
        for (start = end; start > name && !pixfer_path_separates(start[-1]);)
            start--;
        p->part = start;
        p->rest = end;
        snprintf(p->folder, sizeof(p->folder), "%.*s", start > name ? (int)(start - name) : 1, start > name ? name : ".");
        if (parse_part(start, end, p))
            return true;
        if (start == name)
            break;
    }
    return false;
}

static void make_name(const struct pattern *p, int number, char *name, size_t size)
{
    snprintf(name, size, "%s%s%0*d%s%s", strcmp(p->folder, ".") ? p->folder : "", p->before, p->digits, number, p->after,
             p->rest);
}

/* The number in `file` if it is one that the pattern's name makes, else -1. */
static int number_of(const struct pattern *p, const char *file)
{
    size_t before = strlen(p->before), length = strlen(file), after = strlen(p->after);
    if (length <= before + after || strncmp(p->before, file, before) || strcmp(file + length - after, p->after))
        return -1;
    const char *digits = file + before;
    size_t count = length - before - after;
    for (size_t i = 0; i < count; i++)
        if (!isdigit((unsigned char)digits[i]))
            return -1;
    /* Padded to the width, and only to the width. */
    if (count > MOST_DIGITS || (int)count < p->digits || (digits[0] == '0' && count > 1 && (int)count > p->digits))
        return -1;
    long long number = strtoll(digits, NULL, 10);
    return number <= INT_MAX ? (int)number : -1;
}

/* ---- Folders --------------------------------------------------------------------------------------------------------------- */

struct listing {
    const struct pattern *pattern;
    struct range *range;
};

static void add(void *opaque, const char *file)
{
    const struct listing *l = opaque;
    int number = number_of(l->pattern, file);
    if (number < 0)
        return;
    l->range->count++;
    l->range->first = number < l->range->first ? number : l->range->first;
    l->range->last = number > l->range->last ? number : l->range->last;
}

static bool list(const char *name, struct pattern *p, struct range *range)
{
    *range = (struct range){INT_MAX, -1, 0};
    if (!strchr(name, '%') || pixfer_file_exists(name) || !parse(name, p))
        return false;
    struct listing listing = {p, range};
    pixfer_folder_list(p->folder, add, &listing);
    return true;
}

bool pixfer_sequence_first(const char *name, int *first)
{
    struct pattern pattern;
    struct range range;
    bool sequence = list(name, &pattern, &range);
    *first = sequence && range.count ? range.first : 0;
    return sequence;
}

/* Neither a colon means anything, nor a percent sign outside of the part that is numbered. */
char *pixfer_sequence_url(const char *name)
{
    static const char protocol[] = "file:";
    struct pattern pattern;
    const bool numbered = parse(name, &pattern);
    char *url = malloc(sizeof(protocol) + 2 * strlen(name)), *to = url;
    if (!url)
        return NULL;
    to += sprintf(to, "%s", protocol);
    for (; *name; name++) {
        *to++ = *name;
        if (*name == '%' && numbered && (name < pattern.part || name >= pattern.rest))
            *to++ = '%';
    }
    *to = 0;
    return url;
}

static bool can_be_read(const char *file, char *why, size_t size)
{
    struct file_state state;
    int error = pixfer_file_state(file, &state);
    if (error)
        snprintf(why, size, "%.300s: %s", file,
                 error == ENOENT && pixfer_file_kind(file) == FILE_LINK ? "a link to a file that is not there"
                                                                        : pixfer_error_text(error));
    else if (state.kind != FILE_REGULAR)
        snprintf(why, size, "%.300s is no regular file, expected an image", file);
    else if (!state.size)
        snprintf(why, size, "%.300s is empty, expected an image", file);
    else if ((error = pixfer_file_check_readable(file)))
        snprintf(why, size, "%.300s: %s", file, pixfer_error_text(error));
    else
        return true;
    return false;
}

bool pixfer_sequence_check(const char *name, uint64_t from, uint64_t end, char *why, size_t size)
{
    struct pattern pattern;
    struct range range;
    char file[3 * NAME_BYTES + 64];
    if (!list(name, &pattern, &range))
        return true;
    if (!range.count) {
        int error = pixfer_file_check_readable(pattern.folder);
        snprintf(why, size, "there is no file of that pattern%s%s", error ? ", nor can its folder be read: " : "",
                 error ? pixfer_error_text(error) : "");
        return false;
    }
    uint64_t most = (uint64_t)(range.last - range.first) + 1;
    /* Up to the first gap, where the frames end. */
    for (uint64_t i = from; i < most && (!end || i < end); i++) {
        make_name(&pattern, range.first + (int)i, file, sizeof(file));
        if (pixfer_file_state(file, &(struct file_state){0}) == ENOENT && pixfer_file_kind(file) == FILE_FREE)
            return true;
        if (!can_be_read(file, why, size))
            return false;
    }
    return true;
}

uint64_t pixfer_sequence_count(const char *name)
{
    struct pattern pattern;
    struct range range;
    char file[3 * NAME_BYTES + 64];
    uint64_t count = 0;
    if (!list(name, &pattern, &range) || !range.count)
        return 0;
    for (uint64_t most = (uint64_t)(range.last - range.first) + 1; count < most; count++) {
        make_name(&pattern, range.first + (int)count, file, sizeof(file));
        if (!pixfer_file_exists(file))
            break;
    }
    return count;
}

bool pixfer_sequence_file(const char *name, uint64_t index, char *file, size_t size)
{
    static _Thread_local struct {
        char name[NAME_BYTES + 1];
        struct pattern pattern;
        struct range range;
    } latest; /* reading the folder once is enough for a walk over its files */
    if (strlen(name) > NAME_BYTES)
        return false;
    if (!index || strcmp(latest.name, name) != 0) {
        if (!list(name, &latest.pattern, &latest.range) || !latest.range.count)
            return false;
        snprintf(latest.name, sizeof(latest.name), "%s", name);
    }
    if (index > (uint64_t)(latest.range.last - latest.range.first))
        return false;
    make_name(&latest.pattern, latest.range.first + (int)index, file, size);
    return strlen(file) + 1 < size;
}

const char *pixfer_sequence_gap(const char *name, uint64_t read)
{
    static _Thread_local char line[512];
    struct pattern pattern;
    struct range range;
    char missing[3 * NAME_BYTES + 64];
    line[0] = 0;
    if (!list(name, &pattern, &range) || !range.count || (uint64_t)range.first + read > (uint64_t)range.last)
        return line;
    make_name(&pattern, (int)((uint64_t)range.first + read), missing, sizeof(missing));
    snprintf(line, sizeof(line), "source: %.300s is missing, while the sequence goes on to number %d", missing, range.last);
    return line;
}
#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include "sequence.h"

#include <ctype.h>
#include <dirent.h>
#include <libavformat/avformat.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct range {
    int first, last;
    uint64_t count;
};

/* The number in `file` if it is one that the pattern's name makes, else -1. */
static int number_of(const char *pattern, const char *file)
{
    char made[1024];
    const char *percent = strchr(pattern, '%');
    size_t before = percent ? (size_t)(percent - pattern) : 0;
    if (!percent || strncmp(pattern, file, before) || !isdigit((unsigned char)file[before]))
        return -1;
    long number = strtol(file + before, NULL, 10);
    if (number < 0 || number > INT_MAX || av_get_frame_filename(made, sizeof(made), pattern, (int)number) || strcmp(made, file))
        return -1;
    return (int)number;
}

static bool look(const char *name, struct range *range)
{
    char folder[4096];
    *range = (struct range){INT_MAX, -1, 0};
    if (!strchr(name, '%') || !av_filename_number_test(name) || !access(name, F_OK))
        return false;
    const char *slash = strrchr(name, '/');
    snprintf(folder, sizeof(folder), "%.*s", slash ? (int)(slash - name) + 1 : 1, slash ? name : ".");
    DIR *directory = opendir(folder);
    for (struct dirent *entry; directory && (entry = readdir(directory));) {
        int number = number_of(slash ? slash + 1 : name, entry->d_name);
        if (number < 0)
            continue;
        range->count++;
        range->first = number < range->first ? number : range->first;
        range->last = number > range->last ? number : range->last;
    }
    if (directory)
        closedir(directory);
    return true;
}

bool pixfer_sequence_first(const char *name, int *first)
{
    struct range range;
    bool sequence = look(name, &range);
    *first = range.count ? range.first : 0;
    return sequence;
}

const char *pixfer_sequence_gap(const char *name, uint64_t read)
{
    static _Thread_local char line[256];
    char missing[200];
    struct range range;
    line[0] = 0;
    if (!look(name, &range) || !range.count || (uint64_t)range.first + read > (uint64_t)range.last)
        return line;
    if (!av_get_frame_filename(missing, sizeof(missing), name, (int)((uint64_t)range.first + read)))
        snprintf(line, sizeof(line), "source: %.150s is missing, while the sequence goes on to number %d", missing, range.last);
    return line;
}
#endif

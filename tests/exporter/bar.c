/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* The progress bar on terminals of every width: never wider, and the number of frames always on it where it fits. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "progress.h"

static int failures;

static void check(unsigned columns, const struct pixfer_progress *p, const char *first)
{
    char text[512];
    progress_format_bar(text, sizeof(text), columns, p);
    if (strlen(text) > columns || (columns >= 80 && p->frames_total && !strchr(text, '[')) ||
        (columns >= strlen(first) && !strstr(text, first))) {
        failures++;
        fprintf(stderr, "%u columns: '%s'\n", columns, text);
    }
}

int main(void)
{
    struct pixfer_progress p = {
        .frames = 1234, .frames_total = 7743, .seconds = 30, .fps = 41.1, .speed = 0.685, .bytes = 12345678, .stage = "encode"};
    struct pixfer_progress open_ended = {.frames = 7, .seconds = 1, .fps = 7, .speed = 0.1, .bytes = 0, .stage = "source"};
    struct pixfer_progress over = {
        .frames = 70, .frames_total = 60, .seconds = 1, .fps = 7, .speed = 0.1, .bytes = 999, .stage = "finalise"};
    for (unsigned columns = 1; columns <= 300; columns++) {
        check(columns, &p, "1234/7743");
        check(columns, &open_ended, "7 frames");
        check(columns, &over, "70/60");
    }
    char text[512];
    progress_format_bar(text, sizeof(text), 120, &p);
    static const char *const parts[] = {" 16 %", "1234/7743", "41.1 fps", "eta 2:38", "0.69x", "12.3 MB"};
    for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
        if (!strstr(text, parts[i])) {
            failures++;
            fprintf(stderr, "'%s' is without '%s'\n", text, parts[i]);
        }
    return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}

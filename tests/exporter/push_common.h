/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_TESTS_PUSH_COMMON_H
#define PIXFER_TESTS_PUSH_COMMON_H

/* What the tests of the exporter's C interface share: checks, a small frame, a log that counts, and a reader for what was written. */

#include <pixfer/exporter.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WIDTH = 64, HEIGHT = 48, FOREVER = 100000000 };
extern uint8_t pixels[WIDTH * HEIGHT * 4];
extern char last_error[512], last_warning[512];
extern int errors, warnings, infos, failures;

void check(bool good, const char *file, int line, const char *condition);
#define CHECK(condition) check(condition, __FILE__, __LINE__, #condition)

/* RGBA 64x48 at 30 fps, software encoder, the log counted from 0. */
struct pixfer_exporter_params params(void);
struct pixfer_image image(void);
bool exists(const char *name);
/* `count` frames with pts 0, 1, ...: the first result that is not OK. */
enum pixfer_result push_some(struct pixfer_exporter *e, int count);
/* A frame with that pts. */
enum pixfer_result push_at(struct pixfer_exporter *e, int64_t pts);

/* What is in a file. */
struct movie {
    int frames;
    double time[400]; /* seconds at which each is shown, in order */
    double end;       /* of the longest track */
    double audio_start, audio_end;
    int width, height;
    uint8_t *i420; /* all frames, one behind the other, decoded; NULL where it was not asked for */
};
struct movie read_movie(const char *name, bool decode);
void free_movie(struct movie *m);

/* An empty working directory, and its end: nothing may be left in it. */
void begin_tests(void);
int end_tests(void);

#endif

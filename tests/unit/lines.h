/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_TESTS_LINES_H
#define PIXFER_TESTS_LINES_H

/* What cmocka needs before its header, and a log callback that keeps the lines. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pixfer/pixfer.h>

struct lines {
    char last_error[512];
    unsigned errors, warnings, infos;
};

/* A pixfer_log_callback; opaque is a struct lines. Not for several threads. */
void lines_keep(void *opaque, int level, const char *message);

/* Fails unless exactly one error was told since the last call, and it contains all of the words (NULL-terminated). */
void lines_expect_error(struct lines *lines, const char *const words[]);

/* A variable of the environment; NULL takes it away. */
void environment_set(const char *name, const char *value);

#define EXPECT_ERROR(lines, ...) lines_expect_error(lines, (const char *const[]){__VA_ARGS__, NULL})

#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_TESTS_TOLD_H
#define PIXFER_TESTS_TOLD_H

/* What cmocka needs before its header, and a log that several threads may write to. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pixfer/pixfer.h>
#include <pthread.h>
#include <stdbool.h>

struct told {
    pthread_mutex_t lock;
    unsigned errors, warnings;
    char text[8192]; /* every line, each ended by a newline */
};
#define TOLD_INIT                         \
    {                                     \
        .lock = PTHREAD_MUTEX_INITIALIZER \
    }

/* A pixfer_log_callback; opaque is a struct told. */
void told_keep(void *opaque, int level, const char *message);

/* Fails, and shows what was told, unless text holds the words. */
void expect_words(const char *text, const char *words, const struct told *told);

#endif

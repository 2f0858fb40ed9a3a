/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "told.h"

#include <stdio.h>
#include <string.h>

void told_keep(void *opaque, int level, const char *message)
{
    struct told *told = opaque;
    size_t length;

    pthread_mutex_lock(&told->lock);
    told->errors += level == PIXFER_LOG_ERROR;
    told->warnings += level == PIXFER_LOG_WARNING;
    length = strlen(told->text);
    snprintf(told->text + length, sizeof(told->text) - length, "%s\n", message);
    pthread_mutex_unlock(&told->lock);
}

void expect_words(const char *text, const char *words, const struct told *told)
{
    if (!text || !strstr(text, words))
        fail_msg("\"%s\" does not say \"%s\"; the log:\n%s", text ? text : "(nothing)", words, told->text);
}

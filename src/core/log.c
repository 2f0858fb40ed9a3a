/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#define __USE_MINGW_ANSI_STDIO 1 /* see log.h */
#include "log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const level_names[] = {"error", "warning", "info", "debug"};

int pixfer_log_init(struct pixfer_log *log, pixfer_log_callback callback, void *opaque)
{
    const char *wanted = getenv("PIXFER_LOG");

    *log = (struct pixfer_log){.callback = callback, .opaque = opaque, .stderr_level = -1};
    if (callback || !wanted || !*wanted)
        return 0;
    for (int level = PIXFER_LOG_ERROR; level <= PIXFER_LOG_DEBUG; level++) {
        if (!strcmp(wanted, level_names[level])) {
            log->stderr_level = level;
            return 0;
        }
    }
    log->stderr_level = PIXFER_LOG_ERROR;
    return -1;
}

void pixfer_log_write(const struct pixfer_log *log, int level, const char *format, ...)
{
    char line[512];
    va_list arguments;

    if (!log->callback && level > log->stderr_level)
        return;
    va_start(arguments, format);
    vsnprintf(line, sizeof(line), format, arguments);
    va_end(arguments);
    if (log->callback)
        log->callback(log->opaque, level, line);
    else
        fprintf(stderr, "pixfer: %s: %s\n", level_names[level], line);
}

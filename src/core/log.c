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

/* The length of the character of UTF-8 that begins here, or 0 if that is none or a control character. */
static size_t text_length(const unsigned char *at)
{
    /* The smallest character of a length: a longer form of a smaller one is none. */
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const size_t length = *at < 0x80 ? 1 : *at >> 5 == 6 ? 2 : *at >> 4 == 14 ? 3 : *at >> 3 == 30 ? 4 : 0;
    uint32_t character = length > 1 ? *at & (0x7fu >> length) : *at;

    for (size_t i = 1; i < length; i++) {
        if (at[i] >> 6 != 2)
            return 0;
        character = character << 6 | (at[i] & 0x3f);
    }
    if (character < 0x20 || (character >= 0x7f && character < 0xa0) || (character >= 0xd800 && character < 0xe000) ||
        character > 0x10ffff || character < least[length])
        return 0;
    return length;
}

/* What does not fit any more is left out. */
static size_t escape(char *line, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    char copy[PIXFER_LOG_LINE];
    const unsigned char *from = (const unsigned char *)copy;
    size_t to = 0, text;

    memcpy(copy, line, strlen(line) + 1);
    for (; *from; from += text ? text : 1) {
        const char code[] = {'\\', 'x', digits[*from >> 4], digits[*from & 15]};
        size_t length;

        text = text_length(from);
        length = text ? text : sizeof(code);
        if (to + length >= size)
            break;
        memcpy(line + to, text ? (const char *)from : code, length);
        to += length;
    }
    line[to] = 0;
    return to;
}

size_t pixfer_log_format(char *line, size_t size, const char *format, va_list arguments)
{
    if (size > PIXFER_LOG_LINE)
        size = PIXFER_LOG_LINE;
    if (vsnprintf(line, size, format, arguments) < 0)
        *line = 0;
    return escape(line, size);
}

void pixfer_log_send(const struct pixfer_log *log, int level, const char *line)
{
    if (log->callback)
        log->callback(log->opaque, level, line);
    else if (level <= log->stderr_level)
        fprintf(stderr, "pixfer: %s: %s\n", level_names[level], line);
}

void pixfer_log_write(const struct pixfer_log *log, int level, const char *format, ...)
{
    char line[PIXFER_LOG_LINE];
    va_list arguments;

    if (!log->callback && level > log->stderr_level)
        return;
    va_start(arguments, format);
    pixfer_log_format(line, sizeof(line), format, arguments);
    va_end(arguments);
    pixfer_log_send(log, level, line);
}

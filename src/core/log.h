/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_SRC_LOG_H
#define PIXFER_SRC_LOG_H

/* The logger of both libraries: the exporter's report writes through it. */

#include <pixfer/common.h>
#include <stdarg.h>

/* Lets the compiler check format strings. MinGW's own printf, asked for where one is called, knows %zu on every Windows. */
#if defined(__MINGW32__) && !defined(__clang__)
#define PIXFER_PRINTF(format_index, first) __attribute__((format(gnu_printf, format_index, first)))
#elif defined(__GNUC__)
#define PIXFER_PRINTF(format_index, first) __attribute__((format(printf, format_index, first)))
#else
#define PIXFER_PRINTF(format_index, first)
#endif

/* Where an object's lines go: to the caller's callback, else to stderr if PIXFER_LOG asks for it, else nowhere. */
struct pixfer_log {
    pixfer_log_callback callback;
    void *opaque;
    int stderr_level; /* highest level written to stderr where callback is NULL; -1 = none */
};

/* Reads PIXFER_LOG. Returns 0, or -1 if its value is no level: then *log is silent apart from errors on stderr, and
 * PIXFER_LOG_REFUSED, with the value, is the line to fail with. */
int pixfer_log_init(struct pixfer_log *log, pixfer_log_callback callback, void *opaque);
#define PIXFER_LOG_REFUSED "PIXFER_LOG is \"%s\", expected error, warning, info or debug"

PIXFER_PRINTF(3, 4)
void pixfer_log_write(const struct pixfer_log *log, int level, const char *format, ...);

/* The same in two steps, for lines that are kept. A line is at most PIXFER_LOG_LINE bytes, and what is no text in it (control
 * characters, C1 among them, and bytes that are not UTF-8) stands as \xNN: names and contents of files get into lines, and may not
 * speak to a terminal or begin a line of their own. Returns the length. */
#define PIXFER_LOG_LINE 1024
size_t pixfer_log_format(char *line, size_t size, const char *format, va_list arguments);
void pixfer_log_send(const struct pixfer_log *log, int level, const char *line);

#endif

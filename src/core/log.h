/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_SRC_LOG_H
#define PIXFER_SRC_LOG_H

#include <pixfer/common.h>

/* Lets the compiler check format strings. MinGW's own printf, asked for where one is called, knows %zu on every Windows. */
#if defined(__MINGW32__)
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

/* Reads PIXFER_LOG. Returns 0, or -1 if its value is no level: then *log is silent apart from errors on stderr. */
int pixfer_log_init(struct pixfer_log *log, pixfer_log_callback callback, void *opaque);

PIXFER_PRINTF(3, 4)
void pixfer_log_write(const struct pixfer_log *log, int level, const char *format, ...);

#endif

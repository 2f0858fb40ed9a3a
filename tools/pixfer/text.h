/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_TOOL_TEXT_H
#define PIXFER_TOOL_TEXT_H

/* Text for people. Names of files, their contents and the environment end up in messages; nothing in them may move the cursor,
 * change a colour or begin a line that looks like one of ours. */

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#if defined(__GNUC__)
#define TEXT_PRINTF(format_index, first) __attribute__((format(printf, format_index, first)))
#else
#define TEXT_PRINTF(format_index, first)
#endif

enum { TEXT_MESSAGE = 1500 }; /* bytes of a message, in front of which the line names the command */

/* `text` as one line of UTF-8: control characters, those that reorder or break lines, and bytes that are no UTF-8 become
 * \xNN, as in the library's own lines. What does not fit is left out, never half a character. Returns `out`. What is escaped already stays as it is. */
const char *text_escape(char *out, size_t size, const char *text);

bool text_is_utf8(const char *text);

/* A line to stderr, in one write, escaped; the newline is added. */
void text_line(const char *format, ...) TEXT_PRINTF(1, 2);

/* `text` as a JSON string with its quotes. */
void text_json(FILE *out, const char *text);

/* `text` where HTML expects text or the value of an attribute. */
void text_html(FILE *out, const char *text);

#endif

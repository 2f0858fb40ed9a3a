/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_SRC_WIDE_H
#define PIXFER_SRC_WIDE_H

/* What the files of Windows share: UTF-8 as the system's wide text and back, its errors as errno. */

#include <stdbool.h>
#include <wchar.h>
#include <windows.h>

/* The caller frees both; NULL with errno set: no memory, or what is no text. */
wchar_t *pixfer_widen(const char *text);
char *pixfer_narrow(const wchar_t *text);
/* A file name; one that is too long for the old rules in the form that has no limit. */
wchar_t *pixfer_widen_path(const char *path);

int pixfer_errno_of(DWORD error);

/* False for streams of a file, and for patterns. */
bool pixfer_is_file_name(const char *path);

#endif

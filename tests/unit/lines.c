/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "lines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void lines_keep(void *opaque, int level, const char *message)
{
    struct lines *lines = opaque;

    if (level == PIXFER_LOG_ERROR) {
        lines->errors++;
        snprintf(lines->last_error, sizeof(lines->last_error), "%s", message);
    } else if (level == PIXFER_LOG_WARNING) {
        lines->warnings++;
    } else {
        lines->infos++;
    }
}

void lines_expect_error(struct lines *lines, const char *const words[])
{
    assert_int_equal(lines->errors, 1);
    for (; *words; words++)
        if (!strstr(lines->last_error, *words))
            fail_msg("\"%s\" does not say \"%s\"", lines->last_error, *words);
    *lines = (struct lines){0};
}

void environment_set(const char *name, const char *value)
{
#if defined(_WIN32)
    _putenv_s(name, value ? value : "");
#else
    if (value)
        setenv(name, value, 1);
    else
        unsetenv(name);
#endif
}

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "../../src/platform/process.h"
#include "../contender.h"

/* The bytes of a function pointer: ISO C has no conversion of what dlsym returns. */
static contender_libyuv_convert *function_at(void *symbol)
{
    contender_libyuv_convert *function;
    memcpy(&function, &symbol, sizeof(function));
    return function;
}

bool contender_libyuv_load(const char *label, const char *file, struct contender_reason *reason)
{
    char path[4096];
    /* A name without a slash would be looked for among the system's libraries, and another file found. */
    int length = snprintf(path, sizeof(path), "%s%s", strchr(file, '/') ? "" : "./", file);
    if (length < 0 || (size_t)length >= sizeof(path)) {
        snprintf(reason->text, sizeof(reason->text), "found a path of more than %zu bytes", sizeof(path) - 1);
        return false;
    }
    /* A libyuv calls its own functions by names that another libyuv in the process has, too: unless it looks into itself first, it runs
     * the other one's loops. */
    void *symbol = pixfer_library_own_symbol(path, "ABGRToNV12", reason->text, sizeof(reason->text) - 20);
    if (!symbol) {
        if (strstr(reason->text, "exports no"))
            strcat(reason->text, ", expected a libyuv");
        return false;
    }
    return contender_libyuv_add(label, function_at(symbol), reason);
}

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* RTLD_DEEPBIND */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "../contender.h"

/* A libyuv calls its own functions by names that another libyuv in the process has, too: unless it looks into itself first, it
 * runs the other one's loops. Address Sanitizer refuses the flag; figures from it mean nothing anyway. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1
#endif
#endif
#if defined(RTLD_DEEPBIND) && !defined(__SANITIZE_ADDRESS__)
#define OWN_NAMES_FIRST RTLD_DEEPBIND
#else
#define OWN_NAMES_FIRST 0
#endif

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
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL | OWN_NAMES_FIRST);
    if (!library) {
        snprintf(reason->text, sizeof(reason->text), "%s", dlerror());
        return false;
    }
    void *symbol = dlsym(library, "ABGRToNV12");
    if (!symbol) {
        snprintf(reason->text, sizeof(reason->text), "%s exports no ABGRToNV12, expected a libyuv", file);
        dlclose(library);
        return false;
    }
    return contender_libyuv_add(label, function_at(symbol), reason);
}

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#define __USE_MINGW_ANSI_STDIO 1 /* see log.h */
#include "backend.h"

#include <stdarg.h>
#include <stdio.h>

/* swscale is there to be measured against: AUTO passes it by (see converter.c). */
const struct pixfer_backend_ops *const pixfer_backends[] = {
    &pixfer_backend_videotoolbox, &pixfer_backend_d3d11,   &pixfer_backend_vulkan,
    &pixfer_backend_cpu,          &pixfer_backend_swscale, NULL,
};

const struct pixfer_backend_ops *pixfer_backend_find(enum pixfer_backend id)
{
    for (const struct pixfer_backend_ops *const *backend = pixfer_backends; *backend; backend++)
        if ((*backend)->id == id)
            return *backend;
    return NULL;
}

const char *pixfer_backend_name(enum pixfer_backend id)
{
    const struct pixfer_backend_ops *backend = pixfer_backend_find(id);

    return id == PIXFER_BACKEND_AUTO ? "auto" : backend ? backend->name : NULL;
}

const char *pixfer_backend_missing(enum pixfer_backend id)
{
    const struct pixfer_backend_ops *backend = pixfer_backend_find(id);

    if (id == PIXFER_BACKEND_AUTO)
        return NULL;
    return backend ? backend->missing() : "there is no such backend";
}

void pixfer_reason_set(struct pixfer_reason *reason, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(reason->text, sizeof(reason->text), format, arguments);
    va_end(arguments);
}

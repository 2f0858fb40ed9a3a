/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#define __USE_MINGW_ANSI_STDIO 1 /* see log.h */
#include "backend.h"

#include <stdarg.h>
#include <stdio.h>

#include "sized.h"

#define ENTRY(noun) &pixfer_backend_##noun,
const struct pixfer_backend_ops *const pixfer_backends[] = {PIXFER_BACKENDS(ENTRY) NULL};

const struct pixfer_backend_ops *pixfer_backend_find(enum pixfer_backend id)
{
    for (const struct pixfer_backend_ops *const *backend = pixfer_backends; *backend; backend++)
        if ((*backend)->id == id)
            return *backend;
    return NULL;
}

const struct pixfer_backend_ops *pixfer_backend_last(void)
{
    const struct pixfer_backend_ops *const *backend = pixfer_backends;

    while (!(*backend)->last)
        backend++;
    return *backend;
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

int pixfer_backend_automatic(enum pixfer_backend id)
{
    const struct pixfer_backend_ops *backend = pixfer_backend_find(id);

    return backend && backend->automatic;
}

enum pixfer_result pixfer_backend_get_info(enum pixfer_backend id, struct pixfer_backend_info *info)
{
    const struct pixfer_backend_ops *backend = pixfer_backend_find(id);
    struct pixfer_backend_info own;

    if (!backend || !info)
        return PIXFER_ERR_INVALID;
    own = (struct pixfer_backend_info){
        .name = backend->name,
        .missing = backend->missing(),
        .hardware = backend->hardware,
        .automatic = backend->automatic,
        .exact = backend->exact,
        .takes_rows = backend->convert_rows != NULL,
        .sitings = backend->sitings,
        .sitings_422 = backend->sitings_422,
    };
    own.measured = !own.missing && backend->measured && backend->measured();
    pixfer_sized_write(info, &own, sizeof(own), PIXFER_SIZE_UP_TO(struct pixfer_backend_info, sitings_422));
    return PIXFER_OK;
}

void pixfer_reason_set(struct pixfer_reason *reason, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(reason->text, sizeof(reason->text), format, arguments);
    va_end(arguments);
}

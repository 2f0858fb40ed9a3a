/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* Finds the libswscale behind this one. */

#define _GNU_SOURCE /* dladdr, dl_iterate_phdr, RTLD_NEXT */
#include "real.h"

#include <dlfcn.h>
#include <limits.h>
#include <link.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* The symbol that a library is known by. */
#define PROBE "sws_freeContext"

/* Only ever grows. Two threads may add the same library: either entry will do. */
static _Atomic(struct real *) reals;

/* The library that holds an address, kept loaded by the handle; NULL for the program itself. */
static void *object_of(const void *address)
{
    Dl_info info;

    if (!address || !dladdr(address, &info) || !info.dli_fname || !*info.dli_fname)
        return NULL;
    return dlopen(info.dli_fname, RTLD_LAZY | RTLD_NOLOAD);
}

/* NULL for our own, too: a library that is linked against this one finds it first. */
static void *probe(void *handle)
{
    void *found = handle ? dlsym(handle, PROBE) : NULL;

    return found == (void *)(uintptr_t)sws_freeContext ? NULL : found;
}

/* A libswscale that only a part of the program sees, by its name. It is opened later: the loader holds a lock here. */
static int find_by_name(struct dl_phdr_info *info, size_t size, void *found)
{
    const char *name = strrchr(info->dlpi_name, '/');
    const size_t length = strlen(info->dlpi_name);

    (void)size;
    if (strncmp(name ? name + 1 : info->dlpi_name, "libswscale", strlen("libswscale")) != 0 || length >= PATH_MAX)
        return 0;
    memcpy(found, info->dlpi_name, length + 1);
    return 1;
}

static void *probe_and_close(void *handle)
{
    void *found = probe(handle);

    if (handle)
        dlclose(handle);
    return found;
}

/* The address of the real PROBE for a caller. What the caller itself is linked against goes before what the program sees. */
static void *find_probe(const void *caller)
{
    char name[PATH_MAX];
    void *found = probe_and_close(object_of(caller));

    if (!found)
        found = probe(RTLD_NEXT);
    if (!found && dl_iterate_phdr(find_by_name, name))
        found = probe_and_close(dlopen(name, RTLD_LAZY | RTLD_NOLOAD));
    return found;
}

static void load(void *handle, const char *name, void *into)
{
    void *symbol = dlsym(handle, name);

    memcpy(into, &symbol, sizeof(symbol));
}

static struct real *open_real(void *found)
{
    struct real *real = calloc(1, sizeof(*real));
    void *handle = object_of(found); /* stays open as long as the process lives */

    if (!real || !handle) {
        free(real);
        return NULL;
    }
    load(handle, "sws_getContext", &real->getContext);
    load(handle, "sws_getCachedContext", &real->getCachedContext);
    load(handle, "sws_init_context", &real->init_context);
    load(handle, "sws_freeContext", &real->freeContext);
    load(handle, "sws_free_context", &real->free_context);
    load(handle, "sws_setColorspaceDetails", &real->setColorspaceDetails);
    load(handle, "sws_getColorspaceDetails", &real->getColorspaceDetails);
    load(handle, "sws_getCoefficients", &real->getCoefficients);
    load(handle, "sws_scale", &real->scale);
    load(handle, "sws_scale_frame", &real->scale_frame);
    load(handle, "sws_frame_start", &real->frame_start);
    load(handle, "sws_send_slice", &real->send_slice);
    load(handle, "sws_receive_slice", &real->receive_slice);
    load(handle, "sws_receive_slice_alignment", &real->receive_slice_alignment);
    load(handle, "sws_frame_end", &real->frame_end);
    load(handle, "av_opt_get_int", &real->opt_get_int);
    load(handle, "av_get_pix_fmt", &real->get_pix_fmt);
    load(handle, "av_get_pix_fmt_name", &real->get_pix_fmt_name);
    if (!real->getContext || !real->getCachedContext || !real->init_context || !real->freeContext ||
        !real->setColorspaceDetails || !real->scale) {
        free(real);
        return NULL;
    }
    real->complete =
        real->getColorspaceDetails && real->getCoefficients && real->opt_get_int && real->get_pix_fmt && real->get_pix_fmt_name;
    return real;
}

const struct real *real_for(const void *caller)
{
    void *found = find_probe(caller);
    struct real *real;

    if (!found)
        return NULL;
    for (real = atomic_load(&reals); real; real = real->next)
        if ((void *)(uintptr_t)real->freeContext == found)
            return real;
    real = open_real(found);
    if (real) {
        real->next = atomic_load(&reals);
        while (!atomic_compare_exchange_weak(&reals, &real->next, real))
            ;
    }
    return real;
}

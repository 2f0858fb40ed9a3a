/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_SRC_PARAMS_H
#define PIXFER_SRC_PARAMS_H

#include <pixfer/convert.h>
#include <stdbool.h>

#include "light.h"
#include "log.h"

/* The caller's parameters, checked, with the environment applied; matrix is never DEFAULT, threads never 0. */
struct pixfer_settings {
    struct pixfer_converter_params params; /* struct_size is meaningless here */
    struct pixfer_light_params light;
    struct pixfer_log log;
    unsigned forbidden; /* backends that the environment forbids AUTO to choose, as bits 1 << id */
    bool stream;        /* whole frames are written past the cache: by size, or PIXFER_STREAM */
};

/* On failure the log has said why. */
enum pixfer_result pixfer_settings_init(struct pixfer_settings *settings, const struct pixfer_converter_params *params);

#endif

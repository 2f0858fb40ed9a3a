/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_SRC_LIGHT_H
#define PIXFER_SRC_LIGHT_H

/* What the caller says of a source in linear light, checked, with every default resolved. */

#include <pixfer/convert.h>
#include <stdbool.h>

#include "log.h"

/* A build that has to be small may do without sources in linear light, which are a third of it for WebAssembly. */
#ifdef PIXFER_WITHOUT_LIGHT
enum { PIXFER_HAS_LIGHT = 0 };
#else
enum { PIXFER_HAS_LIGHT = 1 };
#endif

struct pixfer_light_params {
    bool linear; /* nothing else counts where it is not */
    bool wide;   /* PQ or HLG in BT.2020 */
    enum pixfer_primaries src_primaries, dst_primaries;
    enum pixfer_transfer transfer;
    bool mapped;   /* by BT.2390, from `peak` to `target` */
    double white;  /* nits of a component of 1 */
    double peak;   /* of the source, where it is mapped */
    double target; /* nits where the target ends; SDR's white, HLG's nominal peak */
};

/* On failure the log has said why. */
bool pixfer_light_params_init(struct pixfer_light_params *light, const struct pixfer_converter_params *params,
                              const struct pixfer_log *log);

#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_SRC_BACKENDS_STUB_H
#define PIXFER_SRC_BACKENDS_STUB_H

/* A backend that this build does not have: it keeps its line in the table and says why it is missing. converter.c asks
 * `missing` first and never opens it. */

#include "../core/backend.h"

#ifndef PIXFER_WITH_SWSCALE
#define PIXFER_WITH_SWSCALE 0
#endif
#ifndef PIXFER_WITH_VIDEOTOOLBOX
#define PIXFER_WITH_VIDEOTOOLBOX 0
#endif
#ifndef PIXFER_WITH_VULKAN
#define PIXFER_WITH_VULKAN 0
#endif
#ifndef PIXFER_WITH_D3D11
#define PIXFER_WITH_D3D11 0
#endif

#define PIXFER_BACKEND_STUB(noun, number, why) \
    static const char *noun##_missing(void)    \
    {                                          \
        return why;                            \
    }                                          \
    const struct pixfer_backend_ops pixfer_backend_##noun = {.id = number, .name = #noun, .missing = noun##_missing};

#endif

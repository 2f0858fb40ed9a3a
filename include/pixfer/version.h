/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_VERSION_H
#define PIXFER_VERSION_H

#include <pixfer/common.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The version of these headers. The build reads it from here; bindings/rust states it again, which the test rust.lint compares. */
#define PIXFER_VERSION_MAJOR 0
#define PIXFER_VERSION_MINOR 2
#define PIXFER_VERSION_PATCH 0

/** The version of the library that runs, as "0.2.0". Never NULL. Thread-safety: safe. */
PIXFER_API const char *pixfer_version(void);

#ifdef __cplusplus
}
#endif
#endif

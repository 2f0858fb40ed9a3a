/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_SRC_SELFTEST_H
#define PIXFER_SRC_SELFTEST_H

#include "backend.h"

/* Opens the backend on a small known frame and compares. On failure reason says what was found and what was expected. */
enum pixfer_result pixfer_selftest(const struct pixfer_backend_ops *ops, const struct pixfer_backend_config *config,
                                   struct pixfer_reason *reason);

#endif

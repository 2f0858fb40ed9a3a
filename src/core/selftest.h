/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_SRC_SELFTEST_H
#define PIXFER_SRC_SELFTEST_H

#include "backend.h"

/* Opens the backend on a small known frame and on one of the size asked for, and compares. On failure reason says what was found and what was expected. */
enum pixfer_result pixfer_selftest(const struct pixfer_backend_ops *ops, const struct pixfer_backend_config *config,
                                   struct pixfer_reason *reason);

/* The known frame, in any source format and size, and the judgement on what a backend made of it. */
void pixfer_selftest_draw(const struct pixfer_image *image);
bool pixfer_selftest_judge(const struct pixfer_backend_ops *ops, const struct pixfer_color *color, const struct pixfer_image *src,
                           const struct pixfer_image *found, struct pixfer_reason *reason);

#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_SRC_CONVERTER_H
#define PIXFER_SRC_CONVERTER_H

/* The converter as seen by calls whose frames are not bytes in memory, such as those of videotoolbox.h. */

#include "backend.h"

const struct pixfer_backend_config *pixfer_converter_config(const struct pixfer_converter *c);

typedef enum pixfer_result pixfer_attempt(void *state, void *context, struct pixfer_reason *reason);

/* Does the work with the state of backend `id` if that one is in charge, and counts a frame. False if it is not, or if it failed
 * and has handed its charge on: the caller then takes the way of pixfer_convert, which does not come back to it. */
bool pixfer_converter_attempt(struct pixfer_converter *c, enum pixfer_backend id, pixfer_attempt *work, void *context);

#endif

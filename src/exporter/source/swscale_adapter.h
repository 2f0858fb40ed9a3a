/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_EXPORTER_SWSCALE_ADAPTER_H
#define PIXFER_EXPORTER_SWSCALE_ADAPTER_H

/* Formats that neither the converter nor the encoder takes, brought to one that does by libswscale. */

#include <libavutil/frame.h>
#include <stdbool.h>

#include "host.h"

struct adapter;

/* What a frame of `format` becomes: an RGB format the converter takes, or planar Y'CbCr, as the host wants depth, chroma and alpha; NONE if
 * this build cannot. */
enum AVPixelFormat pixfer_adapter_target(enum AVPixelFormat format, const struct source_host *host);
/* A new frame in the target format, in place of *frame. */
int pixfer_adapt(struct adapter **adapter, AVFrame **frame, enum AVPixelFormat target, bool portable);
void pixfer_adapter_free(struct adapter **adapter);

#endif

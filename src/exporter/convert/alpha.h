/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_EXPORTER_ALPHA_H
#define PIXFER_EXPORTER_ALPHA_H

/* Whether a first frame has alpha that is lost. */

#include <libavutil/frame.h>
#include <pixfer/image.h>
#include <stdbool.h>

#define PIXFER_ALPHA_IS_LOST "%s has alpha below full, which is dropped; --alpha black, white or #rrggbb composes it"

struct alpha_watch {
    bool on;           /* a frame is looked at */
    bool below, above; /* found below full, above 0 */
};

/* Rows [first, first + count) of a frame whose format has alpha. */
void pixfer_alpha_look(struct alpha_watch *w, const struct pixfer_image *image, uint32_t first, uint32_t count);
/* Nothing but 0 is padding: a frame that nobody can see is none. */
bool pixfer_alpha_is_lost(const struct alpha_watch *w);
/* The same of a decoded frame of any format, but for those of pixfer_alpha_look. */
bool pixfer_alpha_of_frame(const AVFrame *frame);

#endif

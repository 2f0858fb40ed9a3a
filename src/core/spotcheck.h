/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_SRC_SPOTCHECK_H
#define PIXFER_SRC_SPOTCHECK_H

/* A driver that was trusted may still deliver a green, an old or half a frame in mid-stream, and say that it succeeded. So some blocks of
 * every frame are converted again, exactly, and compared: luma sample by sample, chroma by its mean, since what filter a scaler has at
 * edges is not what is asked here. */

#include "../kernels/kernels.h"
#include "backend.h"

struct pixfer_spotcheck {
    const struct pixfer_backend_ops *ops;
    struct pixfer_kernels kernels;
};

/* False if no kernel converts this pair: nothing can be compared then. */
bool pixfer_spotcheck_init(struct pixfer_spotcheck *s, const struct pixfer_backend_ops *ops,
                           const struct pixfer_backend_config *config);

/* `number` moves the blocks from frame to frame. False with a reason that says where, what was found and what was expected. Costs some 20
 * µs whatever the size; allocates nothing. */
bool pixfer_spotcheck(const struct pixfer_spotcheck *s, const struct pixfer_image *src, const struct pixfer_image *dst,
                      uint64_t number, struct pixfer_reason *reason);

#endif

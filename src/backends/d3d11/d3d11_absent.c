/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* The functions of d3d11.h are there on every system, so that a program needs no #if. */

#include "../stub.h"

#if !PIXFER_WITH_D3D11
#include <pixfer/d3d11.h>

#include "../../core/sized.h"

enum pixfer_result pixfer_d3d11_open(struct pixfer_d3d11 **out, const struct pixfer_d3d11_params *params)
{
    struct pixfer_d3d11_params own = PIXFER_D3D11_PARAMS(.width = 0);
    struct pixfer_log log;

    if (!out)
        return PIXFER_ERR_INVALID;
    *out = NULL;
    if (!params)
        return PIXFER_ERR_INVALID;
    pixfer_sized_read(&own, sizeof(own), params);
    pixfer_log_init(&log, own.log, own.log_opaque);
    pixfer_log_write(&log, PIXFER_LOG_ERROR, "d3d11: this build has no Direct3D 11");
    return PIXFER_ERR_UNSUPPORTED;
}

void pixfer_d3d11_close(struct pixfer_d3d11 **d)
{
    (void)d; /* there is none */
}

enum pixfer_result pixfer_d3d11_record(struct pixfer_d3d11 *d, struct ID3D11DeviceContext *context,
                                       const struct pixfer_d3d11_source *source, const struct pixfer_d3d11_target *target)
{
    (void)d, (void)context, (void)source, (void)target;
    return PIXFER_ERR_INVALID;
}

enum pixfer_result pixfer_d3d11_submit(struct pixfer_d3d11 *d, const struct pixfer_d3d11_source *source, uint64_t *ticket)
{
    (void)d, (void)source;
    if (ticket)
        *ticket = 0;
    return PIXFER_ERR_INVALID;
}

enum pixfer_result pixfer_d3d11_wait(struct pixfer_d3d11 *d, uint64_t ticket, uint64_t timeout, struct pixfer_image *image)
{
    (void)d, (void)ticket, (void)timeout;
    if (image)
        *image = (struct pixfer_image){.format = PIXFER_FORMAT_NONE};
    return PIXFER_ERR_INVALID;
}

enum pixfer_result pixfer_d3d11_release(struct pixfer_d3d11 *d, uint64_t ticket)
{
    (void)d, (void)ticket;
    return PIXFER_ERR_INVALID;
}
#endif

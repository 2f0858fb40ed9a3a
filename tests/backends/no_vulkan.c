/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* The core on the double is built without Vulkan, the exporter that is linked with it may have it. */

#include <pixfer/vulkan.h>

enum pixfer_result pixfer_vulkan_open(struct pixfer_vulkan **out, const struct pixfer_vulkan_params *params)
{
    (void)params;
    *out = NULL;
    return PIXFER_ERR_UNAVAILABLE;
}

void pixfer_vulkan_close(struct pixfer_vulkan **v)
{
    (void)v;
}

enum pixfer_result pixfer_vulkan_submit(struct pixfer_vulkan *v, const struct pixfer_vulkan_source *source,
                                        const struct pixfer_vulkan_sync *sync, uint64_t *ticket)
{
    (void)v, (void)source, (void)sync, (void)ticket;
    return PIXFER_ERR_UNAVAILABLE;
}

enum pixfer_result pixfer_vulkan_wait(struct pixfer_vulkan *v, uint64_t ticket, uint64_t timeout, struct pixfer_image *image)
{
    (void)v, (void)ticket, (void)timeout, (void)image;
    return PIXFER_ERR_UNAVAILABLE;
}

enum pixfer_result pixfer_vulkan_release(struct pixfer_vulkan *v, uint64_t ticket)
{
    (void)v, (void)ticket;
    return PIXFER_ERR_UNAVAILABLE;
}

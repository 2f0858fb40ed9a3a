/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_SRC_BACKENDS_VULKAN_DEVICE_H
#define PIXFER_SRC_BACKENDS_VULKAN_DEVICE_H

/* A device of pixfer's own, for frames that lie in host memory: the loader's library is opened when one is asked for. */

#include "../../core/backend.h"
#include "vulkan_calls.h"

struct pixfer_vulkan_device {
    void *library;
    PFN_vkGetInstanceProcAddr get;
    VkInstance instance;
    VkPhysicalDevice physical;
    VkPhysicalDeviceProperties properties;
    VkDevice device;
    uint32_t family;
    VkQueue queue;
};

/* The best device with a compute queue: discrete before integrated before virtual before the processor's own. */
enum pixfer_result pixfer_vulkan_device_open(struct pixfer_vulkan_device *device, struct pixfer_reason *reason);
void pixfer_vulkan_device_close(struct pixfer_vulkan_device *device);

/* The same without a VkDevice: whether there is one, and what it is. */
enum pixfer_result pixfer_vulkan_device_find(struct pixfer_vulkan_device *device, struct pixfer_reason *reason);

/* Its memory is the processor's, so that nothing has to be copied to it. */
bool pixfer_vulkan_device_is_unified(const struct pixfer_vulkan_device *device);

/* "discrete GPU", "processor", ... */
const char *pixfer_vulkan_device_type(const struct pixfer_vulkan_device *device);

#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "../stub.h"

#if PIXFER_WITH_VULKAN
#include <stdlib.h>

#include "../../platform/platform.h"
#include "vulkan_device.h"

static PFN_vkVoidFunction call_of(const struct pixfer_vulkan_device *d, const char *name)
{
    return d->get(d->instance, name);
}

static enum pixfer_result load(struct pixfer_vulkan_device *d, struct pixfer_reason *reason)
{
    static const char *const names[] = {"libvulkan.so.1", "libvulkan.1.dylib", "vulkan-1.dll"};

    for (size_t i = 0; !d->library && i < sizeof(names) / sizeof(*names); i++)
        d->library = pixfer_library_open(names[i]);
    if (d->library)
        d->get = (PFN_vkGetInstanceProcAddr)pixfer_library_symbol(d->library, "vkGetInstanceProcAddr");
    if (d->get)
        return PIXFER_OK;
    pixfer_reason_set(reason, "no Vulkan loader on this machine (libvulkan)");
    return PIXFER_ERR_UNAVAILABLE;
}

static enum pixfer_result make_instance(struct pixfer_vulkan_device *d, struct pixfer_reason *reason)
{
    const VkApplicationInfo application = {
        .sType = VK_STRUCTURE_TYPE_APPLICATION_INFO, .pApplicationName = "pixfer", .apiVersion = VK_API_VERSION_1_0};
    const VkInstanceCreateInfo info = {.sType = VK_STRUCTURE_TYPE_INSTANCE_CREATE_INFO, .pApplicationInfo = &application};
    const PFN_vkCreateInstance create = (PFN_vkCreateInstance)call_of(d, "vkCreateInstance");
    const VkResult result = create ? create(&info, NULL, &d->instance) : VK_ERROR_INITIALIZATION_FAILED;

    if (result == VK_SUCCESS)
        return PIXFER_OK;
    d->instance = VK_NULL_HANDLE;
    pixfer_reason_set(reason, "no Vulkan driver on this machine: vkCreateInstance answered %s (%d)",
                      pixfer_vulkan_result_name(result), (int)result);
    return pixfer_vulkan_result_of(result) == PIXFER_ERR_NO_MEMORY ? PIXFER_ERR_NO_MEMORY : PIXFER_ERR_UNAVAILABLE;
}

/* The family with compute and least else: the others are for those who draw. -1 if there is none. */
static int compute_family(const struct pixfer_vulkan_device *d, VkPhysicalDevice physical)
{
    const PFN_vkGetPhysicalDeviceQueueFamilyProperties get =
        (PFN_vkGetPhysicalDeviceQueueFamilyProperties)call_of(d, "vkGetPhysicalDeviceQueueFamilyProperties");
    VkQueueFamilyProperties families[16];
    uint32_t count = sizeof(families) / sizeof(*families);
    int found = -1;

    get(physical, &count, families);
    for (uint32_t i = 0; i < count; i++)
        if (families[i].queueFlags & VK_QUEUE_COMPUTE_BIT && (found < 0 || !(families[i].queueFlags & VK_QUEUE_GRAPHICS_BIT)))
            found = (int)i;
    return found;
}

static int rank(VkPhysicalDeviceType type)
{
    switch (type) {
    case VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU:
        return 4;
    case VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU:
        return 3;
    case VK_PHYSICAL_DEVICE_TYPE_VIRTUAL_GPU:
        return 2;
    case VK_PHYSICAL_DEVICE_TYPE_CPU:
        return 0;
    default:
        return 1;
    }
}

static enum pixfer_result choose(struct pixfer_vulkan_device *d, struct pixfer_reason *reason)
{
    const PFN_vkEnumeratePhysicalDevices enumerate = (PFN_vkEnumeratePhysicalDevices)call_of(d, "vkEnumeratePhysicalDevices");
    const PFN_vkGetPhysicalDeviceProperties describe =
        (PFN_vkGetPhysicalDeviceProperties)call_of(d, "vkGetPhysicalDeviceProperties");
    VkPhysicalDevice devices[16];
    uint32_t count = sizeof(devices) / sizeof(*devices);
    VkResult result = enumerate(d->instance, &count, devices);
    int best = -1;

    for (uint32_t i = 0; (result == VK_SUCCESS || result == VK_INCOMPLETE) && i < count; i++) {
        const int family = compute_family(d, devices[i]);
        VkPhysicalDeviceProperties properties;

        describe(devices[i], &properties);
        if (family < 0 || rank(properties.deviceType) <= best)
            continue;
        best = rank(properties.deviceType);
        d->physical = devices[i];
        d->properties = properties;
        d->family = (uint32_t)family;
    }
    if (best >= 0)
        return PIXFER_OK;
    pixfer_reason_set(reason, "no Vulkan device with a compute queue on this machine");
    return PIXFER_ERR_UNAVAILABLE;
}

static enum pixfer_result make_device(struct pixfer_vulkan_device *d, struct pixfer_reason *reason)
{
    const float priority = 1;
    const VkDeviceQueueCreateInfo queue = {.sType = VK_STRUCTURE_TYPE_DEVICE_QUEUE_CREATE_INFO,
                                           .queueFamilyIndex = d->family,
                                           .queueCount = 1,
                                           .pQueuePriorities = &priority};
    const VkDeviceCreateInfo info = {
        .sType = VK_STRUCTURE_TYPE_DEVICE_CREATE_INFO, .queueCreateInfoCount = 1, .pQueueCreateInfos = &queue};
    const PFN_vkCreateDevice create = (PFN_vkCreateDevice)call_of(d, "vkCreateDevice");
    const VkResult result = create(d->physical, &info, NULL, &d->device);

    if (result == VK_SUCCESS) {
        ((PFN_vkGetDeviceQueue)call_of(d, "vkGetDeviceQueue"))(d->device, d->family, 0, &d->queue);
        return PIXFER_OK;
    }
    d->device = VK_NULL_HANDLE;
    pixfer_reason_set(reason, "%s: vkCreateDevice answered %s (%d)", d->properties.deviceName, pixfer_vulkan_result_name(result),
                      (int)result);
    return pixfer_vulkan_result_of(result) == PIXFER_ERR_NO_MEMORY ? PIXFER_ERR_NO_MEMORY : PIXFER_ERR_UNAVAILABLE;
}

enum pixfer_result pixfer_vulkan_device_find(struct pixfer_vulkan_device *d, struct pixfer_reason *reason)
{
    enum pixfer_result result;

    *d = (struct pixfer_vulkan_device){.library = NULL};
    if ((result = load(d, reason)) == PIXFER_OK && (result = make_instance(d, reason)) == PIXFER_OK)
        result = choose(d, reason);
    if (result != PIXFER_OK)
        pixfer_vulkan_device_close(d);
    return result;
}

enum pixfer_result pixfer_vulkan_device_open(struct pixfer_vulkan_device *d, struct pixfer_reason *reason)
{
    enum pixfer_result result = pixfer_vulkan_device_find(d, reason);

    if (result == PIXFER_OK && (result = make_device(d, reason)) != PIXFER_OK)
        pixfer_vulkan_device_close(d);
    return result;
}

/* The library stays: drivers leave threads and handlers behind that would run into the hole. */
void pixfer_vulkan_device_close(struct pixfer_vulkan_device *d)
{
    if (d->device)
        ((PFN_vkDestroyDevice)call_of(d, "vkDestroyDevice"))(d->device, NULL);
    if (d->instance)
        ((PFN_vkDestroyInstance)call_of(d, "vkDestroyInstance"))(d->instance, NULL);
    *d = (struct pixfer_vulkan_device){.library = NULL};
}

bool pixfer_vulkan_device_is_unified(const struct pixfer_vulkan_device *d)
{
    return d->properties.deviceType == VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU ||
           d->properties.deviceType == VK_PHYSICAL_DEVICE_TYPE_CPU;
}

const char *pixfer_vulkan_device_type(const struct pixfer_vulkan_device *d)
{
    switch (d->properties.deviceType) {
    case VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU:
        return "discrete GPU";
    case VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU:
        return "integrated GPU";
    case VK_PHYSICAL_DEVICE_TYPE_VIRTUAL_GPU:
        return "virtual GPU";
    case VK_PHYSICAL_DEVICE_TYPE_CPU:
        return "processor";
    default:
        return "other";
    }
}
#endif

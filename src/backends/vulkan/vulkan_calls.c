/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "../stub.h"

#if PIXFER_WITH_VULKAN
#include "vulkan_calls.h"

const char *pixfer_vulkan_calls_init(struct pixfer_vulkan_calls *calls, PFN_vkGetInstanceProcAddr get, VkInstance instance,
                                     VkDevice device)
{
#define LOAD(name)                                                                \
    if (!(calls->name = (PFN_vk##name)(void (*)(void))get(instance, "vk" #name))) \
        return "vk" #name;
    PIXFER_VULKAN_INSTANCE_CALLS(LOAD)
#undef LOAD
#define LOAD(name)                                                                                   \
    if (!(calls->name = (PFN_vk##name)(void (*)(void))calls->GetDeviceProcAddr(device, "vk" #name))) \
        return "vk" #name;
    PIXFER_VULKAN_DEVICE_CALLS(LOAD)
#undef LOAD
    calls->GetPhysicalDeviceImageFormatProperties2 =
        (PFN_vkGetPhysicalDeviceImageFormatProperties2)get(instance, "vkGetPhysicalDeviceImageFormatProperties2");
    if (!calls->GetPhysicalDeviceImageFormatProperties2)
        calls->GetPhysicalDeviceImageFormatProperties2 =
            (PFN_vkGetPhysicalDeviceImageFormatProperties2)get(instance, "vkGetPhysicalDeviceImageFormatProperties2KHR");
    return NULL;
}

const char *pixfer_vulkan_result_name(VkResult result)
{
#define NAME(name) \
    case name:     \
        return #name;
    switch ((int)result) {
        NAME(VK_NOT_READY)
        NAME(VK_TIMEOUT)
        NAME(VK_INCOMPLETE)
        NAME(VK_ERROR_OUT_OF_HOST_MEMORY)
        NAME(VK_ERROR_OUT_OF_DEVICE_MEMORY)
        NAME(VK_ERROR_INITIALIZATION_FAILED)
        NAME(VK_ERROR_DEVICE_LOST)
        NAME(VK_ERROR_MEMORY_MAP_FAILED)
        NAME(VK_ERROR_LAYER_NOT_PRESENT)
        NAME(VK_ERROR_EXTENSION_NOT_PRESENT)
        NAME(VK_ERROR_FEATURE_NOT_PRESENT)
        NAME(VK_ERROR_INCOMPATIBLE_DRIVER)
        NAME(VK_ERROR_TOO_MANY_OBJECTS)
        NAME(VK_ERROR_FORMAT_NOT_SUPPORTED)
        NAME(VK_ERROR_FRAGMENTED_POOL)
        NAME(VK_ERROR_OUT_OF_POOL_MEMORY)
        NAME(VK_ERROR_UNKNOWN)
    }
#undef NAME
    return "VkResult";
}

enum pixfer_result pixfer_vulkan_result_of(VkResult result)
{
    switch ((int)result) {
    case VK_SUCCESS:
        return PIXFER_OK;
    case VK_ERROR_OUT_OF_HOST_MEMORY:
    case VK_ERROR_OUT_OF_DEVICE_MEMORY:
    case VK_ERROR_MEMORY_MAP_FAILED:
    case VK_ERROR_TOO_MANY_OBJECTS:
    case VK_ERROR_FRAGMENTED_POOL:
    case VK_ERROR_OUT_OF_POOL_MEMORY:
        return PIXFER_ERR_NO_MEMORY;
    case VK_ERROR_FORMAT_NOT_SUPPORTED:
    case VK_ERROR_FEATURE_NOT_PRESENT:
        return PIXFER_ERR_UNSUPPORTED;
    default:
        return PIXFER_ERR_DEVICE;
    }
}

int pixfer_vulkan_memory_type(const VkPhysicalDeviceMemoryProperties *memory, uint32_t types, VkMemoryPropertyFlags needed,
                              VkMemoryPropertyFlags liked)
{
    int found = -1;

    for (uint32_t i = 0; i < memory->memoryTypeCount; i++) {
        const VkMemoryPropertyFlags flags = memory->memoryTypes[i].propertyFlags;

        if (!(types >> i & 1) || (flags & needed) != needed)
            continue;
        if ((flags & liked) == liked)
            return (int)i;
        if (found < 0)
            found = (int)i;
    }
    return found;
}
#endif

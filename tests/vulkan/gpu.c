/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "gpu.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void gpu_must(VkResult result, const char *what)
{
    if (result == VK_SUCCESS)
        return;
    printf("%s: %d\n", what, (int)result);
    exit(1);
}

static VKAPI_ATTR VkBool32 VKAPI_CALL hear(VkDebugUtilsMessageSeverityFlagBitsEXT severity, VkDebugUtilsMessageTypeFlagsEXT types,
                                           const VkDebugUtilsMessengerCallbackDataEXT *data, void *opaque)
{
    struct gpu *g = opaque;

    (void)severity, (void)types;
    if (g->messages++ < 10)
        printf("validation: %s\n", data->pMessage);
    return VK_FALSE;
}

static bool has_validation(void)
{
    VkLayerProperties layers[32];
    uint32_t count = 32;

    vkEnumerateInstanceLayerProperties(&count, layers);
    for (uint32_t i = 0; i < count; i++)
        if (!strcmp(layers[i].layerName, "VK_LAYER_KHRONOS_validation"))
            return !getenv("PIXFER_TEST_WITHOUT_VALIDATION");
    return false;
}

static bool make_instance(struct gpu *g)
{
    static const VkValidationFeatureEnableEXT enables[] = {VK_VALIDATION_FEATURE_ENABLE_SYNCHRONIZATION_VALIDATION_EXT};
    static const char *const layer = "VK_LAYER_KHRONOS_validation", *const extension = VK_EXT_DEBUG_UTILS_EXTENSION_NAME;
    const VkDebugUtilsMessengerCreateInfoEXT messenger = {.sType = VK_STRUCTURE_TYPE_DEBUG_UTILS_MESSENGER_CREATE_INFO_EXT,
                                                          .messageSeverity = VK_DEBUG_UTILS_MESSAGE_SEVERITY_WARNING_BIT_EXT |
                                                                             VK_DEBUG_UTILS_MESSAGE_SEVERITY_ERROR_BIT_EXT,
                                                          .messageType = VK_DEBUG_UTILS_MESSAGE_TYPE_VALIDATION_BIT_EXT,
                                                          .pfnUserCallback = hear,
                                                          .pUserData = g};
    const VkValidationFeaturesEXT features = {.sType = VK_STRUCTURE_TYPE_VALIDATION_FEATURES_EXT,
                                              .pNext = &messenger,
                                              .enabledValidationFeatureCount = 1,
                                              .pEnabledValidationFeatures = enables};
    const VkApplicationInfo application = {.sType = VK_STRUCTURE_TYPE_APPLICATION_INFO, .apiVersion = VK_API_VERSION_1_2};
    VkInstanceCreateInfo info = {.sType = VK_STRUCTURE_TYPE_INSTANCE_CREATE_INFO, .pApplicationInfo = &application};

    g->validated = has_validation();
    if (g->validated) {
        info.pNext = &features;
        info.enabledLayerCount = info.enabledExtensionCount = 1;
        info.ppEnabledLayerNames = &layer;
        info.ppEnabledExtensionNames = &extension;
    }
    if (vkCreateInstance(&info, NULL, &g->instance) != VK_SUCCESS)
        return false;
    if (g->validated)
        MUST(((PFN_vkCreateDebugUtilsMessengerEXT)vkGetInstanceProcAddr(g->instance, "vkCreateDebugUtilsMessengerEXT"))(
            g->instance, &messenger, NULL, &g->messenger));
    return true;
}

static bool choose(struct gpu *g)
{
    VkPhysicalDevice devices[8];
    uint32_t count = 8;

    if (vkEnumeratePhysicalDevices(g->instance, &count, devices) < 0 || !count)
        return false;
    g->physical = devices[0];
    vkGetPhysicalDeviceProperties(g->physical, &g->properties);
    VkQueueFamilyProperties families[16];
    uint32_t families_count = 16;
    vkGetPhysicalDeviceQueueFamilyProperties(g->physical, &families_count, families);
    for (g->family = 0; g->family < families_count; g->family++)
        if ((families[g->family].queueFlags & VK_QUEUE_COMPUTE_BIT) && (families[g->family].queueFlags & VK_QUEUE_GRAPHICS_BIT))
            return true;
    return false;
}

static void make_device(struct gpu *g)
{
    VkPhysicalDeviceVulkan11Features have11 = {.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_1_FEATURES};
    VkPhysicalDeviceVulkan12Features have12 = {.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_2_FEATURES, .pNext = &have11};
    VkPhysicalDeviceFeatures2 have = {.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_FEATURES_2, .pNext = &have12};
    vkGetPhysicalDeviceFeatures2(g->physical, &have);
    g->writes_without_format = have.features.shaderStorageImageWriteWithoutFormat;
    g->timelines = have12.timelineSemaphore;
    g->ycbcr = have11.samplerYcbcrConversion;

    const VkPhysicalDeviceVulkan11Features want11 = {.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_1_FEATURES,
                                                     .samplerYcbcrConversion = g->ycbcr};
    const VkPhysicalDeviceVulkan12Features want12 = {.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_2_FEATURES,
                                                     .pNext = (void *)&want11,
                                                     .timelineSemaphore = g->timelines};
    const VkPhysicalDeviceFeatures2 want = {.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_FEATURES_2,
                                            .pNext = (void *)&want12,
                                            .features.shaderStorageImageWriteWithoutFormat = g->writes_without_format};
    const float priority = 1;
    const VkDeviceQueueCreateInfo queue = {.sType = VK_STRUCTURE_TYPE_DEVICE_QUEUE_CREATE_INFO,
                                           .queueFamilyIndex = g->family,
                                           .queueCount = 1,
                                           .pQueuePriorities = &priority};
    MUST(vkCreateDevice(g->physical,
                        &(VkDeviceCreateInfo){.sType = VK_STRUCTURE_TYPE_DEVICE_CREATE_INFO,
                                              .pNext = &want,
                                              .queueCreateInfoCount = 1,
                                              .pQueueCreateInfos = &queue},
                        NULL, &g->device));
    vkGetDeviceQueue(g->device, g->family, 0, &g->queue);
    MUST(vkCreateCommandPool(
        g->device, &(VkCommandPoolCreateInfo){.sType = VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO, .queueFamilyIndex = g->family},
        NULL, &g->pool));
}

bool gpu_open(struct gpu *g)
{
    *g = (struct gpu){.instance = NULL};
    if (!make_instance(g) || !choose(g)) {
        printf("no Vulkan device with a graphics and compute queue: install mesa-vulkan-drivers\n");
        return false;
    }
    make_device(g);
    setvbuf(stdout, NULL, _IOLBF, 0);
    printf("# %s, %s\n", g->properties.deviceName, g->validated ? "validated" : "without validation");
    return true;
}

struct pixfer_vulkan_params gpu_params(const struct gpu *g, enum pixfer_format src, enum pixfer_format dst, uint32_t width,
                                       uint32_t height, const struct pixfer_color *color)
{
    return PIXFER_VULKAN_PARAMS(.get_instance_proc_addr = vkGetInstanceProcAddr, .instance = g->instance,
                                .physical_device = g->physical, .device = g->device, .queue_family = g->family, .src_format = src,
                                .dst_format = dst, .width = width, .height = height,
                                .color = color ? *color : (struct pixfer_color){0});
}

unsigned gpu_close(struct gpu *g)
{
    vkDestroyCommandPool(g->device, g->pool, NULL);
    vkDestroyDevice(g->device, NULL);
    if (g->validated)
        ((PFN_vkDestroyDebugUtilsMessengerEXT)vkGetInstanceProcAddr(g->instance, "vkDestroyDebugUtilsMessengerEXT"))(
            g->instance, g->messenger, NULL);
    vkDestroyInstance(g->instance, NULL);
    if (g->messages)
        printf("%u messages of the validation layers, expected none\n", g->messages);
    return g->messages;
}

static uint32_t memory_type(const struct gpu *g, uint32_t types, VkMemoryPropertyFlags flags)
{
    VkPhysicalDeviceMemoryProperties memory;

    vkGetPhysicalDeviceMemoryProperties(g->physical, &memory);
    for (uint32_t i = 0; i < memory.memoryTypeCount; i++)
        if (types >> i & 1 && (memory.memoryTypes[i].propertyFlags & flags) == flags)
            return i;
    printf("no memory type with 0x%x\n", (unsigned)flags);
    exit(1);
}

struct gpu_buffer gpu_buffer(const struct gpu *g, size_t size)
{
    struct gpu_buffer b = {.size = size};
    VkMemoryRequirements wanted;
    void *bytes;

    MUST(vkCreateBuffer(g->device,
                        &(VkBufferCreateInfo){.sType = VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO,
                                              .size = size,
                                              .usage = VK_BUFFER_USAGE_STORAGE_BUFFER_BIT | VK_BUFFER_USAGE_TRANSFER_SRC_BIT |
                                                       VK_BUFFER_USAGE_TRANSFER_DST_BIT},
                        NULL, &b.buffer));
    vkGetBufferMemoryRequirements(g->device, b.buffer, &wanted);
    MUST(vkAllocateMemory(g->device,
                          &(VkMemoryAllocateInfo){.sType = VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO,
                                                  .allocationSize = wanted.size,
                                                  .memoryTypeIndex = memory_type(g, wanted.memoryTypeBits,
                                                                                 VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT |
                                                                                     VK_MEMORY_PROPERTY_HOST_COHERENT_BIT)},
                          NULL, &b.memory));
    MUST(vkBindBufferMemory(g->device, b.buffer, b.memory, 0));
    MUST(vkMapMemory(g->device, b.memory, 0, VK_WHOLE_SIZE, 0, &bytes));
    b.bytes = bytes;
    return b;
}

void gpu_buffer_free(const struct gpu *g, struct gpu_buffer *b)
{
    vkDestroyBuffer(g->device, b->buffer, NULL);
    vkFreeMemory(g->device, b->memory, NULL);
    *b = (struct gpu_buffer){.size = 0};
}

struct gpu_image gpu_image(const struct gpu *g, VkFormat format, uint32_t width, uint32_t height, VkImageUsageFlags usage,
                           VkImageCreateFlags flags, uint32_t layers, uint32_t levels)
{
    struct gpu_image i = {.format = format, .width = width, .height = height};
    VkMemoryRequirements wanted;

    MUST(vkCreateImage(g->device,
                       &(VkImageCreateInfo){.sType = VK_STRUCTURE_TYPE_IMAGE_CREATE_INFO,
                                            .flags = flags,
                                            .imageType = VK_IMAGE_TYPE_2D,
                                            .format = format,
                                            .extent = {width, height, 1},
                                            .mipLevels = levels,
                                            .arrayLayers = layers,
                                            .samples = VK_SAMPLE_COUNT_1_BIT,
                                            .tiling = VK_IMAGE_TILING_OPTIMAL,
                                            .usage = usage | VK_IMAGE_USAGE_TRANSFER_SRC_BIT | VK_IMAGE_USAGE_TRANSFER_DST_BIT},
                       NULL, &i.image));
    vkGetImageMemoryRequirements(g->device, i.image, &wanted);
    MUST(vkAllocateMemory(g->device,
                          &(VkMemoryAllocateInfo){.sType = VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO,
                                                  .allocationSize = wanted.size,
                                                  .memoryTypeIndex = memory_type(g, wanted.memoryTypeBits, 0)},
                          NULL, &i.memory));
    MUST(vkBindImageMemory(g->device, i.image, i.memory, 0));
    return i;
}

void gpu_image_free(const struct gpu *g, struct gpu_image *i)
{
    vkDestroyImage(g->device, i->image, NULL);
    vkFreeMemory(g->device, i->memory, NULL);
    *i = (struct gpu_image){.width = 0};
}

VkImageView gpu_view(const struct gpu *g, VkImage image, VkFormat format, VkImageAspectFlags aspect)
{
    VkImageView view;

    MUST(vkCreateImageView(g->device,
                           &(VkImageViewCreateInfo){.sType = VK_STRUCTURE_TYPE_IMAGE_VIEW_CREATE_INFO,
                                                    .image = image,
                                                    .viewType = VK_IMAGE_VIEW_TYPE_2D,
                                                    .format = format,
                                                    .subresourceRange = {aspect, 0, 1, 0, 1}},
                           NULL, &view));
    return view;
}

VkCommandBuffer gpu_begin(const struct gpu *g)
{
    VkCommandBuffer cmd;

    MUST(vkAllocateCommandBuffers(g->device,
                                  &(VkCommandBufferAllocateInfo){.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO,
                                                                 .commandPool = g->pool,
                                                                 .level = VK_COMMAND_BUFFER_LEVEL_PRIMARY,
                                                                 .commandBufferCount = 1},
                                  &cmd));
    MUST(vkBeginCommandBuffer(cmd, &(VkCommandBufferBeginInfo){.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO}));
    return cmd;
}

void gpu_submit(const struct gpu *g, VkCommandBuffer cmd, VkFence fence)
{
    MUST(vkEndCommandBuffer(cmd));
    MUST(vkQueueSubmit(g->queue, 1,
                       &(VkSubmitInfo){.sType = VK_STRUCTURE_TYPE_SUBMIT_INFO, .commandBufferCount = 1, .pCommandBuffers = &cmd},
                       fence));
}

void gpu_end(const struct gpu *g, VkCommandBuffer cmd)
{
    gpu_submit(g, cmd, VK_NULL_HANDLE);
    MUST(vkQueueWaitIdle(g->queue));
    vkFreeCommandBuffers(g->device, g->pool, 1, &cmd);
}

void gpu_barrier(VkCommandBuffer cmd, VkImage image, VkImageLayout from, VkImageLayout to, uint32_t level, uint32_t layer)
{
    vkCmdPipelineBarrier(cmd, VK_PIPELINE_STAGE_ALL_COMMANDS_BIT, VK_PIPELINE_STAGE_ALL_COMMANDS_BIT, 0, 0, NULL, 0, NULL, 1,
                         &(VkImageMemoryBarrier){.sType = VK_STRUCTURE_TYPE_IMAGE_MEMORY_BARRIER,
                                                 .srcAccessMask = VK_ACCESS_MEMORY_WRITE_BIT,
                                                 .dstAccessMask = VK_ACCESS_MEMORY_READ_BIT | VK_ACCESS_MEMORY_WRITE_BIT,
                                                 .oldLayout = from,
                                                 .newLayout = to,
                                                 .srcQueueFamilyIndex = VK_QUEUE_FAMILY_IGNORED,
                                                 .dstQueueFamilyIndex = VK_QUEUE_FAMILY_IGNORED,
                                                 .image = image,
                                                 .subresourceRange = {VK_IMAGE_ASPECT_COLOR_BIT, level, 1, layer, 1}});
}

void gpu_put(const struct gpu *g, VkImage image, const struct gpu_buffer *from, uint32_t width, uint32_t height, uint32_t level,
             uint32_t layer, VkImageLayout layout)
{
    VkCommandBuffer cmd = gpu_begin(g);

    gpu_barrier(cmd, image, VK_IMAGE_LAYOUT_UNDEFINED, VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL, level, layer);
    vkCmdCopyBufferToImage(cmd, from->buffer, image, VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL, 1,
                           &(VkBufferImageCopy){.imageSubresource = {VK_IMAGE_ASPECT_COLOR_BIT, level, layer, 1},
                                                .imageExtent = {width, height, 1}});
    gpu_barrier(cmd, image, VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL, layout, level, layer);
    gpu_end(g, cmd);
}

void gpu_get(const struct gpu *g, VkImage image, VkImageAspectFlags aspect, const struct gpu_buffer *to, size_t offset,
             uint32_t width, uint32_t height, VkImageLayout layout)
{
    VkCommandBuffer cmd = gpu_begin(g);

    gpu_barrier(cmd, image, layout, VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL, 0, 0);
    vkCmdCopyImageToBuffer(
        cmd, image, VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL, to->buffer, 1,
        &(VkBufferImageCopy){.bufferOffset = offset, .imageSubresource = {aspect, 0, 0, 1}, .imageExtent = {width, height, 1}});
    gpu_barrier(cmd, image, VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL, layout, 0, 0);
    gpu_end(g, cmd);
}

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_TESTS_VULKAN_GPU_H
#define PIXFER_TESTS_VULKAN_GPU_H

/* A program's Vulkan, as far as tests need one: a device with validation and synchronisation validation, buffers, images. Whatever goes
 * wrong here ends the test; messages of the validation layers are counted. */

#include <pixfer/vulkan.h>
#include <stdbool.h>

struct gpu {
    VkInstance instance;
    VkDebugUtilsMessengerEXT messenger;
    VkPhysicalDevice physical;
    VkPhysicalDeviceProperties properties;
    VkDevice device;
    uint32_t family;
    VkQueue queue;
    VkCommandPool pool;
    bool validated, writes_without_format, timelines, ycbcr;
    unsigned messages;
};

/* False where there is no device; says so on stdout. */
bool gpu_open(struct gpu *g);

/* What is common to most parameters. */
struct pixfer_vulkan_params gpu_params(const struct gpu *g, enum pixfer_format src, enum pixfer_format dst, uint32_t width,
                                       uint32_t height, const struct pixfer_color *color);

/* Destroys it; the number of messages that the validation layers had. */
unsigned gpu_close(struct gpu *g);

struct gpu_buffer {
    VkBuffer buffer;
    VkDeviceMemory memory;
    uint8_t *bytes; /* mapped */
    size_t size;
};
struct gpu_buffer gpu_buffer(const struct gpu *g, size_t size);
void gpu_buffer_free(const struct gpu *g, struct gpu_buffer *b);

struct gpu_image {
    VkImage image;
    VkDeviceMemory memory;
    VkFormat format;
    uint32_t width, height;
};
struct gpu_image gpu_image(const struct gpu *g, VkFormat format, uint32_t width, uint32_t height, VkImageUsageFlags usage,
                           VkImageCreateFlags flags, uint32_t layers, uint32_t levels);
void gpu_image_free(const struct gpu *g, struct gpu_image *i);
VkImageView gpu_view(const struct gpu *g, VkImage image, VkFormat format, VkImageAspectFlags aspect);

/* One command buffer at a time: begin, record, end, which submits it and waits. */
VkCommandBuffer gpu_begin(const struct gpu *g);
void gpu_end(const struct gpu *g, VkCommandBuffer cmd);
void gpu_submit(const struct gpu *g, VkCommandBuffer cmd, VkFence fence); /* ends without waiting */

void gpu_barrier(VkCommandBuffer cmd, VkImage image, VkImageLayout from, VkImageLayout to, uint32_t level, uint32_t layer);

/* Brings a buffer's rows without gaps into a level and layer and leaves it in `layout`; and back from `layout`, a plane by its aspect. */
void gpu_put(const struct gpu *g, VkImage image, const struct gpu_buffer *from, uint32_t width, uint32_t height, uint32_t level,
             uint32_t layer, VkImageLayout layout);
void gpu_get(const struct gpu *g, VkImage image, VkImageAspectFlags aspect, const struct gpu_buffer *to, size_t offset,
             uint32_t width, uint32_t height, VkImageLayout layout);

/* Ends the test where the result is not VK_SUCCESS. */
void gpu_must(VkResult result, const char *what);
#define MUST(call) gpu_must(call, #call)

#endif

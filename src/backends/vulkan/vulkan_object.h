/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_SRC_BACKENDS_VULKAN_OBJECT_H
#define PIXFER_SRC_BACKENDS_VULKAN_OBJECT_H

/* What is behind pixfer/vulkan.h: vulkan_open.c makes it, vulkan_record.c writes conversions into command buffers, vulkan_frames.c
 * submits them. */

#include <stdatomic.h>

#include "../../core/params.h"
#include "../../platform/platform.h"
#include "../gpu/gpu.h"
#include "../gpu/gpu_shaders.h"
#include "vulkan_calls.h"

/* What one recording needs until it has been executed. */
struct pixfer_vulkan_slot {
    VkDescriptorSet set;
    VkImageView views[3]; /* those that were made here: source, luma, chroma */
};

enum pixfer_vulkan_frame_state {
    PIXFER_VULKAN_FREE,
    PIXFER_VULKAN_SUBMITTING, /* one thread is at it */
    PIXFER_VULKAN_OUT,        /* has a ticket */
    PIXFER_VULKAN_LEFT        /* released, perhaps before the device had finished */
};

/* A buffer with memory of its own; mapped where `bytes` is not NULL. On failure nothing of it is left. */
struct pixfer_vulkan_memory {
    VkBuffer buffer;
    VkDeviceMemory memory;
    uint8_t *bytes;
    bool coherent;
};

/* A frame under way: host memory, and what executes its conversion. */
struct pixfer_vulkan_frame {
    enum pixfer_vulkan_frame_state state;
    uint64_t ticket;
    struct pixfer_vulkan_slot slot;
    VkCommandPool pool;
    VkCommandBuffer commands;
    VkFence fence;
    struct pixfer_vulkan_memory memory;
};

struct pixfer_vulkan {
    struct pixfer_settings settings; /* the conversion, checked as a converter's is */
    struct pixfer_vulkan_params params;
    struct pixfer_vulkan_calls calls;
    bool loaded; /* the calls: there may be things to destroy */
    VkPhysicalDeviceLimits limits;
    VkPhysicalDeviceMemoryProperties memory;
    struct pixfer_gpu_constants constants;

    VkDescriptorSetLayout set_layout;
    VkPipelineLayout layout;
    VkDescriptorPool descriptors;
    pixfer_lock lock; /* of pipelines and of the frames' states and tickets */
    VkPipeline pipelines[PIXFER_GPU_SOURCE_COUNT][PIXFER_GPU_TARGET_COUNT];

    struct pixfer_vulkan_slot *slots;
    atomic_uint_fast64_t next_slot;
    atomic_bool lost;

    struct pixfer_vulkan_frame *frames;
    struct pixfer_image frame; /* how one lies in its memory */
    size_t frame_bytes;
    uint64_t tickets;
};

/* Logs what a call answered, remembers a lost device, and says what that is for the caller. */
enum pixfer_result pixfer_vulkan_failed(struct pixfer_vulkan *v, const char *call, VkResult result);

/* Answers for an object whose device is lost. */
enum pixfer_result pixfer_vulkan_usable(struct pixfer_vulkan *v);

/* The pipeline of a kind, made at its first use. */
enum pixfer_result pixfer_vulkan_pipeline(struct pixfer_vulkan *v, enum pixfer_gpu_source source, enum pixfer_gpu_target target,
                                          VkPipeline *pipeline);

/* Records with a slot, or with the next of the ring where it is NULL. */
enum pixfer_result pixfer_vulkan_record_with(struct pixfer_vulkan *v, VkCommandBuffer cmd,
                                             const struct pixfer_vulkan_source *source, const struct pixfer_vulkan_target *target,
                                             struct pixfer_vulkan_slot *slot);
void pixfer_vulkan_clear_slot(struct pixfer_vulkan *v, struct pixfer_vulkan_slot *slot);

enum pixfer_result pixfer_vulkan_memory_make(struct pixfer_vulkan *v, struct pixfer_vulkan_memory *memory, VkDeviceSize size,
                                             VkBufferUsageFlags usage, VkMemoryPropertyFlags needed, VkMemoryPropertyFlags liked);
/* Makes what the host has written visible to what is submitted next. */
enum pixfer_result pixfer_vulkan_memory_flush(struct pixfer_vulkan *v, const struct pixfer_vulkan_memory *memory);
void pixfer_vulkan_memory_free(struct pixfer_vulkan *v, struct pixfer_vulkan_memory *memory);

/* Those of params.queue. */
enum pixfer_result pixfer_vulkan_frames_open(struct pixfer_vulkan *v);
void pixfer_vulkan_frames_close(struct pixfer_vulkan *v);

/* pixfer_vulkan_submit after a copy between buffers (NULL: none). */
struct pixfer_vulkan_copy {
    VkBuffer from, to;
    VkDeviceSize size;
};
enum pixfer_result pixfer_vulkan_submit_with(struct pixfer_vulkan *v, const struct pixfer_vulkan_source *source,
                                             const struct pixfer_vulkan_sync *sync, const struct pixfer_vulkan_copy *copy,
                                             uint64_t *ticket);

#endif

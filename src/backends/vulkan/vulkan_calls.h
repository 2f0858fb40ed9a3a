/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_SRC_BACKENDS_VULKAN_CALLS_H
#define PIXFER_SRC_BACKENDS_VULKAN_CALLS_H

/* Vulkan's functions, as pointers: nothing here links a Vulkan library. */

#ifndef VK_NO_PROTOTYPES
#define VK_NO_PROTOTYPES
#endif
#include <pixfer/vulkan.h>

/* Of an instance, and of a device. All are Vulkan 1.0's. */
/* clang-format off */
#define PIXFER_VULKAN_INSTANCE_CALLS(X) \
    X(GetPhysicalDeviceProperties) X(GetPhysicalDeviceMemoryProperties) X(GetPhysicalDeviceQueueFamilyProperties) \
    X(GetPhysicalDeviceFormatProperties) X(GetDeviceProcAddr)
#define PIXFER_VULKAN_DEVICE_CALLS(X) \
    X(CreateShaderModule) X(DestroyShaderModule) X(CreateDescriptorSetLayout) X(DestroyDescriptorSetLayout) \
    X(CreatePipelineLayout) X(DestroyPipelineLayout) X(CreateComputePipelines) X(DestroyPipeline) \
    X(CreateDescriptorPool) X(DestroyDescriptorPool) X(AllocateDescriptorSets) X(UpdateDescriptorSets) \
    X(CreateImageView) X(DestroyImageView) X(CreateBuffer) X(DestroyBuffer) X(GetBufferMemoryRequirements) \
    X(AllocateMemory) X(FreeMemory) X(BindBufferMemory) X(MapMemory) X(InvalidateMappedMemoryRanges) \
    X(FlushMappedMemoryRanges) X(CreateCommandPool) X(DestroyCommandPool) X(ResetCommandPool) \
    X(AllocateCommandBuffers) X(BeginCommandBuffer) X(EndCommandBuffer) X(CmdPipelineBarrier) X(CmdBindPipeline) \
    X(CmdBindDescriptorSets) X(CmdPushConstants) X(CmdDispatch) X(CmdCopyBuffer) X(CreateFence) X(DestroyFence) \
    X(ResetFences) X(GetFenceStatus) X(WaitForFences) X(QueueSubmit)
/* clang-format on */

struct pixfer_vulkan_calls {
#define MEMBER(name) PFN_vk##name name;
    PIXFER_VULKAN_INSTANCE_CALLS(MEMBER)
    PIXFER_VULKAN_DEVICE_CALLS(MEMBER)
#undef MEMBER
    PFN_vkGetPhysicalDeviceImageFormatProperties2 GetPhysicalDeviceImageFormatProperties2; /* NULL before Vulkan 1.1 */
};

/* The name of the first one that is missing, or NULL. */
const char *pixfer_vulkan_calls_init(struct pixfer_vulkan_calls *calls, PFN_vkGetInstanceProcAddr get, VkInstance instance,
                                     VkDevice device);

/* "VK_ERROR_DEVICE_LOST" and the others that a device answers; else "VkResult". */
const char *pixfer_vulkan_result_name(VkResult result);

enum pixfer_result pixfer_vulkan_result_of(VkResult result);

/* The index of a memory type among `types` with all of these properties, the first of those that have `liked` too; -1 if none. */
int pixfer_vulkan_memory_type(const VkPhysicalDeviceMemoryProperties *memory, uint32_t types, VkMemoryPropertyFlags needed,
                              VkMemoryPropertyFlags liked);

#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "../stub.h"

#if PIXFER_WITH_VULKAN
#include <string.h>

#include "../../core/image.h"
#include "../../core/sized.h"
#include "vulkan_object.h"

/* Rows begin on a cache line, as encoders like them. */
#define ROW_ALIGN 64

/* ---- Memory -------------------------------------------------------------------------------------------------------------- */

static enum pixfer_result bind_memory(struct pixfer_vulkan *v, struct pixfer_vulkan_memory *m, VkMemoryPropertyFlags needed,
                                      VkMemoryPropertyFlags liked)
{
    VkMemoryRequirements wanted;
    VkResult result;
    void *bytes;
    int type;

    v->calls.GetBufferMemoryRequirements(v->params.device, m->buffer, &wanted);
    type = pixfer_vulkan_memory_type(&v->memory, wanted.memoryTypeBits, needed, liked);
    if (type < 0) {
        pixfer_log_write(&v->settings.log, PIXFER_LOG_ERROR, "vulkan: the device has no memory with properties 0x%x for a buffer",
                         (unsigned)needed);
        return PIXFER_ERR_UNSUPPORTED;
    }
    m->coherent = v->memory.memoryTypes[type].propertyFlags & VK_MEMORY_PROPERTY_HOST_COHERENT_BIT;
    result = v->calls.AllocateMemory(v->params.device,
                                     &(VkMemoryAllocateInfo){.sType = VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO,
                                                             .allocationSize = wanted.size,
                                                             .memoryTypeIndex = (uint32_t)type},
                                     NULL, &m->memory);
    if (result != VK_SUCCESS) {
        m->memory = VK_NULL_HANDLE;
        return pixfer_vulkan_failed(v, "vkAllocateMemory", result);
    }
    if ((result = v->calls.BindBufferMemory(v->params.device, m->buffer, m->memory, 0)) != VK_SUCCESS)
        return pixfer_vulkan_failed(v, "vkBindBufferMemory", result);
    if (!(needed & VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT))
        return PIXFER_OK;
    if ((result = v->calls.MapMemory(v->params.device, m->memory, 0, VK_WHOLE_SIZE, 0, &bytes)) != VK_SUCCESS)
        return pixfer_vulkan_failed(v, "vkMapMemory", result);
    m->bytes = bytes;
    return PIXFER_OK;
}

enum pixfer_result pixfer_vulkan_memory_make(struct pixfer_vulkan *v, struct pixfer_vulkan_memory *m, VkDeviceSize size,
                                             VkBufferUsageFlags usage, VkMemoryPropertyFlags needed, VkMemoryPropertyFlags liked)
{
    const VkBufferCreateInfo info = {
        .sType = VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO, .size = size, .usage = usage, .sharingMode = VK_SHARING_MODE_EXCLUSIVE};
    enum pixfer_result made;
    VkResult result;

    *m = (struct pixfer_vulkan_memory){.bytes = NULL};
    if ((result = v->calls.CreateBuffer(v->params.device, &info, NULL, &m->buffer)) != VK_SUCCESS) {
        m->buffer = VK_NULL_HANDLE;
        return pixfer_vulkan_failed(v, "vkCreateBuffer", result);
    }
    if ((made = bind_memory(v, m, needed, liked)) != PIXFER_OK)
        pixfer_vulkan_memory_free(v, m);
    return made;
}

/* Freeing unmaps. */
void pixfer_vulkan_memory_free(struct pixfer_vulkan *v, struct pixfer_vulkan_memory *m)
{
    v->calls.DestroyBuffer(v->params.device, m->buffer, NULL);
    v->calls.FreeMemory(v->params.device, m->memory, NULL);
    *m = (struct pixfer_vulkan_memory){.bytes = NULL};
}

enum pixfer_result pixfer_vulkan_memory_flush(struct pixfer_vulkan *v, const struct pixfer_vulkan_memory *m)
{
    const VkMappedMemoryRange range = {
        .sType = VK_STRUCTURE_TYPE_MAPPED_MEMORY_RANGE, .memory = m->memory, .size = VK_WHOLE_SIZE};
    const VkResult result = m->coherent ? VK_SUCCESS : v->calls.FlushMappedMemoryRanges(v->params.device, 1, &range);

    return result == VK_SUCCESS ? PIXFER_OK : pixfer_vulkan_failed(v, "vkFlushMappedMemoryRanges", result);
}

/* ---- Frames -------------------------------------------------------------------------------------------------------------- */

static enum pixfer_result make_commands(struct pixfer_vulkan *v, struct pixfer_vulkan_frame *f)
{
    VkResult result = v->calls.CreateCommandPool(v->params.device,
                                                 &(VkCommandPoolCreateInfo){.sType = VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO,
                                                                            .flags = VK_COMMAND_POOL_CREATE_TRANSIENT_BIT,
                                                                            .queueFamilyIndex = v->params.queue_family},
                                                 NULL, &f->pool);

    if (result != VK_SUCCESS) {
        f->pool = VK_NULL_HANDLE;
        return pixfer_vulkan_failed(v, "vkCreateCommandPool", result);
    }
    result =
        v->calls.AllocateCommandBuffers(v->params.device,
                                        &(VkCommandBufferAllocateInfo){.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO,
                                                                       .commandPool = f->pool,
                                                                       .level = VK_COMMAND_BUFFER_LEVEL_PRIMARY,
                                                                       .commandBufferCount = 1},
                                        &f->commands);
    if (result != VK_SUCCESS)
        return pixfer_vulkan_failed(v, "vkAllocateCommandBuffers", result);
    result = v->calls.CreateFence(v->params.device, &(VkFenceCreateInfo){.sType = VK_STRUCTURE_TYPE_FENCE_CREATE_INFO}, NULL,
                                  &f->fence);
    if (result == VK_SUCCESS)
        return PIXFER_OK;
    f->fence = VK_NULL_HANDLE;
    return pixfer_vulkan_failed(v, "vkCreateFence", result);
}

/* Planes of even size, so that the exporter can repeat the edge of a frame of odd size. */
enum pixfer_result pixfer_vulkan_frames_open(struct pixfer_vulkan *v)
{
    enum pixfer_result result = PIXFER_OK;

    v->frame_bytes = pixfer_image_layout(&v->frame, v->params.dst_format, (v->params.width + 1) & ~1u,
                                         (v->params.height + 1) & ~1u, NULL, ROW_ALIGN);
    for (unsigned i = 1; i < pixfer_format_planes(v->params.dst_format); i++) {
        size_t row_bytes, rows;

        pixfer_plane_size(v->params.dst_format, v->frame.width, v->frame.height, i - 1, &row_bytes, &rows);
        v->frame.plane[i] = v->frame.plane[i - 1] + rows * (size_t)v->frame.stride[i - 1];
    }
    v->frame.width = v->params.width;
    v->frame.height = v->params.height;
    for (uint32_t i = 0; v->params.queue && result == PIXFER_OK && i < v->params.frames; i++) {
        result = make_commands(v, &v->frames[i]);
        if (result == PIXFER_OK)
            result = pixfer_vulkan_memory_make(v, &v->frames[i].memory, v->frame_bytes, VK_BUFFER_USAGE_STORAGE_BUFFER_BIT,
                                               VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT,
                                               VK_MEMORY_PROPERTY_HOST_CACHED_BIT | VK_MEMORY_PROPERTY_HOST_COHERENT_BIT);
    }
    return result;
}

void pixfer_vulkan_frames_close(struct pixfer_vulkan *v)
{
    for (uint32_t i = 0; v->frames && i < v->params.frames; i++) {
        struct pixfer_vulkan_frame *f = &v->frames[i];

        if (f->state != PIXFER_VULKAN_FREE)
            v->calls.WaitForFences(v->params.device, 1, &f->fence, VK_TRUE, UINT64_MAX); /* ends on a lost device, too */
        pixfer_vulkan_clear_slot(v, &f->slot);
        v->calls.DestroyFence(v->params.device, f->fence, NULL);
        v->calls.DestroyCommandPool(v->params.device, f->pool, NULL);
        pixfer_vulkan_memory_free(v, &f->memory);
    }
}

/* A frame that nobody has, for the caller alone; NULL if there is none. */
static struct pixfer_vulkan_frame *take_frame(struct pixfer_vulkan *v)
{
    struct pixfer_vulkan_frame *taken = NULL;

    pixfer_lock_take(&v->lock);
    for (uint32_t i = 0; !taken && i < v->params.frames; i++) {
        struct pixfer_vulkan_frame *f = &v->frames[i];

        if (f->state == PIXFER_VULKAN_LEFT && v->calls.GetFenceStatus(v->params.device, f->fence) == VK_SUCCESS)
            f->state = PIXFER_VULKAN_FREE;
        if (f->state == PIXFER_VULKAN_FREE)
            taken = f;
    }
    if (taken)
        taken->state = PIXFER_VULKAN_SUBMITTING;
    pixfer_lock_drop(&v->lock);
    return taken;
}

static void give_frame(struct pixfer_vulkan *v, struct pixfer_vulkan_frame *f, enum pixfer_vulkan_frame_state state,
                       uint64_t *ticket)
{
    pixfer_lock_take(&v->lock);
    f->state = state;
    if (state == PIXFER_VULKAN_OUT)
        *ticket = f->ticket = ++v->tickets;
    pixfer_lock_drop(&v->lock);
}

static struct pixfer_vulkan_frame *find_frame(struct pixfer_vulkan *v, const char *call, uint64_t ticket)
{
    struct pixfer_vulkan_frame *found = NULL;

    pixfer_lock_take(&v->lock);
    for (uint32_t i = 0; i < v->params.frames; i++)
        if (v->frames[i].state == PIXFER_VULKAN_OUT && v->frames[i].ticket == ticket)
            found = &v->frames[i];
    pixfer_lock_drop(&v->lock);
    if (!found)
        pixfer_log_write(&v->settings.log, PIXFER_LOG_ERROR,
                         "%s: ticket %llu is not of a frame that is submitted and not released", call,
                         (unsigned long long)ticket);
    return found;
}

/* ---- Submitting ---------------------------------------------------------------------------------------------------------- */

static void write_copy(struct pixfer_vulkan *v, VkCommandBuffer cmd, const struct pixfer_vulkan_copy *copy)
{
    const VkBufferCopy region = {.size = copy->size};

    v->calls.CmdCopyBuffer(cmd, copy->from, copy->to, 1, &region);
}

static enum pixfer_result write_frame(struct pixfer_vulkan *v, struct pixfer_vulkan_frame *f,
                                      const struct pixfer_vulkan_source *source, const struct pixfer_vulkan_copy *copy)
{
    struct pixfer_vulkan_target target = PIXFER_VULKAN_TARGET(.buffer = f->memory.buffer);
    enum pixfer_result recorded;
    VkResult result;

    for (unsigned i = 0; i < pixfer_format_planes(v->params.dst_format); i++) {
        target.offset[i] = (VkDeviceSize)(uintptr_t)v->frame.plane[i];
        target.pitch[i] = (VkDeviceSize)v->frame.stride[i];
    }
    if ((recorded = pixfer_vulkan_memory_flush(v, &f->memory)) != PIXFER_OK) /* what its last owner wrote */
        return recorded;
    if ((result = v->calls.ResetFences(v->params.device, 1, &f->fence)) != VK_SUCCESS)
        return pixfer_vulkan_failed(v, "vkResetFences", result);
    if ((result = v->calls.ResetCommandPool(v->params.device, f->pool, 0)) != VK_SUCCESS)
        return pixfer_vulkan_failed(v, "vkResetCommandPool", result);
    result = v->calls.BeginCommandBuffer(f->commands,
                                         &(VkCommandBufferBeginInfo){.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO,
                                                                     .flags = VK_COMMAND_BUFFER_USAGE_ONE_TIME_SUBMIT_BIT});
    if (result != VK_SUCCESS)
        return pixfer_vulkan_failed(v, "vkBeginCommandBuffer", result);
    if (copy)
        write_copy(v, f->commands, copy);
    recorded = pixfer_vulkan_record_with(v, f->commands, source, &target, &f->slot);
    result = v->calls.EndCommandBuffer(f->commands);
    if (recorded != PIXFER_OK)
        return recorded;
    return result == VK_SUCCESS ? PIXFER_OK : pixfer_vulkan_failed(v, "vkEndCommandBuffer", result);
}

static enum pixfer_result send_frame(struct pixfer_vulkan *v, struct pixfer_vulkan_frame *f,
                                     const struct pixfer_vulkan_sync *sync)
{
    const VkPipelineStageFlags stage = VK_PIPELINE_STAGE_ALL_COMMANDS_BIT;
    const VkTimelineSemaphoreSubmitInfo values = {.sType = VK_STRUCTURE_TYPE_TIMELINE_SEMAPHORE_SUBMIT_INFO,
                                                  .waitSemaphoreValueCount = sync->wait != VK_NULL_HANDLE,
                                                  .pWaitSemaphoreValues = &sync->wait_value,
                                                  .signalSemaphoreValueCount = sync->signal != VK_NULL_HANDLE,
                                                  .pSignalSemaphoreValues = &sync->signal_value};
    const VkSubmitInfo submit = {.sType = VK_STRUCTURE_TYPE_SUBMIT_INFO,
                                 .pNext = sync->wait_value || sync->signal_value ? &values : NULL,
                                 .waitSemaphoreCount = sync->wait != VK_NULL_HANDLE,
                                 .pWaitSemaphores = &sync->wait,
                                 .pWaitDstStageMask = &stage,
                                 .commandBufferCount = 1,
                                 .pCommandBuffers = &f->commands,
                                 .signalSemaphoreCount = sync->signal != VK_NULL_HANDLE,
                                 .pSignalSemaphores = &sync->signal};
    VkResult result;

    if (v->params.lock_queue)
        v->params.lock_queue(v->params.queue_opaque, v->params.queue);
    result = v->calls.QueueSubmit(v->params.queue, 1, &submit, f->fence);
    if (v->params.unlock_queue)
        v->params.unlock_queue(v->params.queue_opaque, v->params.queue);
    return result == VK_SUCCESS ? PIXFER_OK : pixfer_vulkan_failed(v, "vkQueueSubmit", result);
}

static enum pixfer_result read_sync(struct pixfer_vulkan *v, struct pixfer_vulkan_sync *own,
                                    const struct pixfer_vulkan_sync *sync)
{
    *own = PIXFER_VULKAN_SYNC(.wait = VK_NULL_HANDLE);
    if (!sync)
        return PIXFER_OK;
    if (sync->struct_size < sizeof(size_t)) {
        pixfer_log_write(&v->settings.log, PIXFER_LOG_ERROR, "sync.struct_size is %zu, expected %zu: use PIXFER_VULKAN_SYNC",
                         sync->struct_size, sizeof(*sync));
        return PIXFER_ERR_INVALID;
    }
    pixfer_sized_read(own, sizeof(*own), sync);
    const char *const without = !own->wait && own->wait_value ? "wait" : !own->signal && own->signal_value ? "signal" : NULL;

    if (!without)
        return PIXFER_OK;
    pixfer_log_write(&v->settings.log, PIXFER_LOG_ERROR, "sync.%s is NULL, but has the value %llu: expected a timeline semaphore",
                     without, (unsigned long long)(*without == 'w' ? own->wait_value : own->signal_value));
    return PIXFER_ERR_INVALID;
}

enum pixfer_result pixfer_vulkan_submit_with(struct pixfer_vulkan *v, const struct pixfer_vulkan_source *source,
                                             const struct pixfer_vulkan_sync *sync, const struct pixfer_vulkan_copy *copy,
                                             uint64_t *ticket)
{
    struct pixfer_vulkan_frame *f;
    struct pixfer_vulkan_sync own;
    enum pixfer_result result;

    *ticket = 0;
    if (!v->params.queue) {
        pixfer_log_write(&v->settings.log, PIXFER_LOG_ERROR, "submit: queue was NULL when this was opened, expected a VkQueue");
        return PIXFER_ERR_INVALID;
    }
    if ((result = pixfer_vulkan_usable(v)) != PIXFER_OK || (result = read_sync(v, &own, sync)) != PIXFER_OK)
        return result;
    if (!(f = take_frame(v)))
        return PIXFER_ERR_AGAIN;
    if ((result = write_frame(v, f, source, copy)) == PIXFER_OK)
        result = send_frame(v, f, &own);
    give_frame(v, f, result == PIXFER_OK ? PIXFER_VULKAN_OUT : PIXFER_VULKAN_FREE, ticket);
    return result;
}

enum pixfer_result pixfer_vulkan_submit(struct pixfer_vulkan *v, const struct pixfer_vulkan_source *source,
                                        const struct pixfer_vulkan_sync *sync, uint64_t *ticket)
{
    if (!v || !ticket) {
        if (v)
            pixfer_log_write(&v->settings.log, PIXFER_LOG_ERROR, "ticket is NULL, expected a place for it");
        return PIXFER_ERR_INVALID;
    }
    return pixfer_vulkan_submit_with(v, source, sync, NULL, ticket);
}

/* ---- Waiting ------------------------------------------------------------------------------------------------------------- */

static void describe_frame(const struct pixfer_vulkan *v, const struct pixfer_vulkan_frame *f, struct pixfer_image *image)
{
    *image = v->frame;
    for (unsigned i = 0; i < pixfer_format_planes(v->params.dst_format); i++)
        image->plane[i] = f->memory.bytes + (uintptr_t)v->frame.plane[i];
}

enum pixfer_result pixfer_vulkan_wait(struct pixfer_vulkan *v, uint64_t ticket, uint64_t timeout, struct pixfer_image *image)
{
    struct pixfer_vulkan_frame *f;
    VkResult result;

    if (image)
        *image = (struct pixfer_image){.format = PIXFER_FORMAT_NONE};
    if (!v)
        return PIXFER_ERR_INVALID;
    if (!image) {
        pixfer_log_write(&v->settings.log, PIXFER_LOG_ERROR, "image is NULL, expected a place for a description");
        return PIXFER_ERR_INVALID;
    }
    if (!(f = find_frame(v, "wait", ticket)))
        return PIXFER_ERR_INVALID;
    if (pixfer_vulkan_usable(v) != PIXFER_OK)
        return PIXFER_ERR_DEVICE;
    result = v->calls.WaitForFences(v->params.device, 1, &f->fence, VK_TRUE, timeout);
    if (result == VK_TIMEOUT)
        return PIXFER_ERR_AGAIN;
    if (result != VK_SUCCESS)
        return pixfer_vulkan_failed(v, "vkWaitForFences", result);
    if (!f->memory.coherent) {
        const VkMappedMemoryRange range = {
            .sType = VK_STRUCTURE_TYPE_MAPPED_MEMORY_RANGE, .memory = f->memory.memory, .size = VK_WHOLE_SIZE};

        if ((result = v->calls.InvalidateMappedMemoryRanges(v->params.device, 1, &range)) != VK_SUCCESS)
            return pixfer_vulkan_failed(v, "vkInvalidateMappedMemoryRanges", result);
    }
    describe_frame(v, f, image);
    return PIXFER_OK;
}

enum pixfer_result pixfer_vulkan_release(struct pixfer_vulkan *v, uint64_t ticket)
{
    struct pixfer_vulkan_frame *f;

    if (!v || !(f = find_frame(v, "release", ticket)))
        return PIXFER_ERR_INVALID;
    give_frame(v, f, PIXFER_VULKAN_LEFT, NULL);
    return PIXFER_OK;
}
#endif

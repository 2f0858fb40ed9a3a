/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "vulkan_measure.h"
#include "../stub.h"

#if PIXFER_WITH_VULKAN
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../core/image.h"
#include "vulkan_device.h"
#include "vulkan_object.h"

#define MAX_ROUNDS 64
#define FLIGHTS 3
#define IN_A_ROUND 4

enum what { UPLOAD, CONVERT, READ_BACK, CONVERT_THEN_READ, IN_FLIGHT, READ_THEN_CONVERT, RECORD, WHATS };

struct measure {
    struct pixfer_vulkan_device device;
    struct pixfer_vulkan *v;
    struct pixfer_converter *cpu;
    struct pixfer_vulkan_memory up, source, planes, down, frame; /* the second and third on the device */
    size_t source_bytes, planes_bytes;
    struct pixfer_image src, dst; /* the processor's, in `frame` and `host` */
    uint8_t *host, *content;
    VkCommandPool pool;
    VkCommandBuffer commands;
    VkFence fence;
    double samples[WHATS][MAX_ROUNDS];
    struct pixfer_reason *reason;
};

static void note(void *opaque, int level, const char *message)
{
    struct measure *m = opaque;

    if (level == PIXFER_LOG_ERROR)
        pixfer_reason_set(m->reason, "%s", message);
}

static enum pixfer_result make_memory(struct measure *m)
{
    const VkBufferUsageFlags usage =
        VK_BUFFER_USAGE_STORAGE_BUFFER_BIT | VK_BUFFER_USAGE_TRANSFER_SRC_BIT | VK_BUFFER_USAGE_TRANSFER_DST_BIT;
    const VkMemoryPropertyFlags host = VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT, coherent = VK_MEMORY_PROPERTY_HOST_COHERENT_BIT,
                                cached = VK_MEMORY_PROPERTY_HOST_CACHED_BIT | coherent,
                                local = VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT;
    const size_t source = (m->source_bytes + 3) & ~(size_t)3, planes = (m->planes_bytes + 3) & ~(size_t)3;
    enum pixfer_result result;

    if ((result = pixfer_vulkan_memory_make(m->v, &m->up, source, usage, host, coherent)) == PIXFER_OK &&
        (result = pixfer_vulkan_memory_make(m->v, &m->source, source, usage, 0, local)) == PIXFER_OK &&
        (result = pixfer_vulkan_memory_make(m->v, &m->planes, planes, usage, 0, local)) == PIXFER_OK &&
        (result = pixfer_vulkan_memory_make(m->v, &m->down, planes, usage, host, cached)) == PIXFER_OK)
        result = pixfer_vulkan_memory_make(m->v, &m->frame, source, usage, host, cached);
    return result;
}

static enum pixfer_result make_commands(struct measure *m)
{
    const struct pixfer_vulkan_calls *c = &m->v->calls;
    VkResult result = c->CreateCommandPool(
        m->device.device,
        &(VkCommandPoolCreateInfo){.sType = VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO, .queueFamilyIndex = m->device.family},
        NULL, &m->pool);

    if (result != VK_SUCCESS) {
        m->pool = VK_NULL_HANDLE;
        return pixfer_vulkan_failed(m->v, "vkCreateCommandPool", result);
    }
    result = c->AllocateCommandBuffers(m->device.device,
                                       &(VkCommandBufferAllocateInfo){.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO,
                                                                      .commandPool = m->pool,
                                                                      .level = VK_COMMAND_BUFFER_LEVEL_PRIMARY,
                                                                      .commandBufferCount = 1},
                                       &m->commands);
    if (result != VK_SUCCESS)
        return pixfer_vulkan_failed(m->v, "vkAllocateCommandBuffers", result);
    result =
        c->CreateFence(m->device.device, &(VkFenceCreateInfo){.sType = VK_STRUCTURE_TYPE_FENCE_CREATE_INFO}, NULL, &m->fence);
    if (result == VK_SUCCESS)
        return PIXFER_OK;
    m->fence = VK_NULL_HANDLE;
    return pixfer_vulkan_failed(m->v, "vkCreateFence", result);
}

static enum pixfer_result set_up(struct measure *m, const struct pixfer_backend_config *config)
{
    enum pixfer_result result = pixfer_vulkan_device_open(&m->device, m->reason);

    if (result != PIXFER_OK)
        return result;
    m->source_bytes = pixfer_image_layout(&m->src, config->src_format, config->width, config->height, NULL, 1);
    m->planes_bytes = pixfer_image_layout(&m->dst, config->dst_format, config->width, config->height, NULL, 1);
    result = pixfer_vulkan_open(
        &m->v, &PIXFER_VULKAN_PARAMS(.get_instance_proc_addr = m->device.get, .instance = m->device.instance,
                                     .physical_device = m->device.physical, .device = m->device.device,
                                     .queue_family = m->device.family, .queue = m->device.queue, .src_format = config->src_format,
                                     .dst_format = config->dst_format, .width = config->width, .height = config->height,
                                     .color = config->color, .recordings = 1, .frames = FLIGHTS, .log = note, .log_opaque = m));
    if (result == PIXFER_OK)
        result = make_memory(m);
    if (result == PIXFER_OK)
        result = make_commands(m);
    if (result == PIXFER_OK)
        result = pixfer_converter_open(
            &m->cpu,
            &PIXFER_CONVERTER_PARAMS(.src_format = config->src_format, .dst_format = config->dst_format, .width = config->width,
                                     .height = config->height, .color = config->color, .backend = PIXFER_BACKEND_CPU,
                                     .threads = config->threads, .log = note, .log_opaque = m));
    if (result != PIXFER_OK)
        return result;
    m->host = malloc(m->planes_bytes);
    m->content = malloc(m->source_bytes);
    if (!m->host || !m->content) {
        pixfer_reason_set(m->reason, "out of memory");
        return PIXFER_ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < m->source_bytes; i++)
        m->content[i] = (uint8_t)(i * 2654435761u >> 13);
    pixfer_image_layout(&m->src, config->src_format, config->width, config->height, m->frame.bytes, 1);
    pixfer_image_layout(&m->dst, config->dst_format, config->width, config->height, m->host, 1);
    return PIXFER_OK;
}

static void tear_down(struct measure *m)
{
    if (m->v) {
        m->v->calls.DestroyFence(m->device.device, m->fence, NULL);
        m->v->calls.DestroyCommandPool(m->device.device, m->pool, NULL);
        pixfer_vulkan_memory_free(m->v, &m->up);
        pixfer_vulkan_memory_free(m->v, &m->source);
        pixfer_vulkan_memory_free(m->v, &m->planes);
        pixfer_vulkan_memory_free(m->v, &m->down);
        pixfer_vulkan_memory_free(m->v, &m->frame);
    }
    pixfer_converter_close(&m->cpu);
    pixfer_vulkan_close(&m->v);
    pixfer_vulkan_device_close(&m->device);
    free(m->host);
    free(m->content);
}

/* A submission that is waited for: a copy, or the conversion where `from` is NULL. */
static enum pixfer_result run(struct measure *m, VkBuffer from, VkBuffer to, size_t bytes, double *record)
{
    const struct pixfer_vulkan_calls *c = &m->v->calls;
    const VkSubmitInfo submit = {
        .sType = VK_STRUCTURE_TYPE_SUBMIT_INFO, .commandBufferCount = 1, .pCommandBuffers = &m->commands};
    const VkMemoryBarrier seen = {.sType = VK_STRUCTURE_TYPE_MEMORY_BARRIER,
                                  .srcAccessMask = VK_ACCESS_MEMORY_WRITE_BIT,
                                  .dstAccessMask = VK_ACCESS_MEMORY_READ_BIT | VK_ACCESS_HOST_READ_BIT};
    enum pixfer_result recorded = PIXFER_OK;
    VkResult result;
    double start;

    c->ResetCommandPool(m->device.device, m->pool, 0);
    result =
        c->BeginCommandBuffer(m->commands, &(VkCommandBufferBeginInfo){.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO});
    start = pixfer_now();
    if (from)
        c->CmdCopyBuffer(m->commands, from, to, 1, &(VkBufferCopy){.size = bytes});
    else
        recorded = pixfer_vulkan_record(m->v, m->commands, &PIXFER_VULKAN_SOURCE(.buffer = m->source.buffer),
                                        &PIXFER_VULKAN_TARGET(.buffer = m->planes.buffer));
    if (record)
        *record = pixfer_now() - start;
    if (from)
        c->CmdPipelineBarrier(m->commands, VK_PIPELINE_STAGE_ALL_COMMANDS_BIT,
                              VK_PIPELINE_STAGE_ALL_COMMANDS_BIT | VK_PIPELINE_STAGE_HOST_BIT, 0, 1, &seen, 0, NULL, 0, NULL);
    if (result == VK_SUCCESS)
        result = c->EndCommandBuffer(m->commands);
    if (recorded != PIXFER_OK)
        return recorded;
    if (result == VK_SUCCESS && (result = c->QueueSubmit(m->device.queue, 1, &submit, m->fence)) == VK_SUCCESS)
        result = c->WaitForFences(m->device.device, 1, &m->fence, VK_TRUE, UINT64_MAX);
    if (result == VK_SUCCESS)
        result = c->ResetFences(m->device.device, 1, &m->fence);
    return result == VK_SUCCESS ? PIXFER_OK : pixfer_vulkan_failed(m->v, "a measured submission", result);
}

static enum pixfer_result run_tickets(struct measure *m, unsigned flights, unsigned frames)
{
    const struct pixfer_vulkan_source source = PIXFER_VULKAN_SOURCE(.buffer = m->source.buffer);
    uint64_t tickets[FLIGHTS];
    enum pixfer_result result = PIXFER_OK;

    for (unsigned i = 0; i < frames + flights && result == PIXFER_OK; i++) {
        if (i >= flights) {
            struct pixfer_image image;

            result = pixfer_vulkan_wait(m->v, tickets[i % flights], UINT64_MAX, &image);
            pixfer_vulkan_release(m->v, tickets[i % flights]);
        }
        if (i < frames && result == PIXFER_OK)
            result = pixfer_vulkan_submit(m->v, &source, NULL, &tickets[i % flights]);
    }
    return result;
}

/* One of each, in turn, so that a busy moment spoils no kind alone. */
static enum pixfer_result measure_round(struct measure *m, unsigned round)
{
    double at[WHATS + 1], record = 0;
    enum pixfer_result result;

    at[UPLOAD] = pixfer_now();
    memcpy(m->up.bytes, m->content, m->source_bytes);
    if ((result = pixfer_vulkan_memory_flush(m->v, &m->up)) != PIXFER_OK ||
        (result = run(m, m->up.buffer, m->source.buffer, m->source_bytes, NULL)) != PIXFER_OK)
        return result;
    at[CONVERT] = pixfer_now();
    if ((result = run(m, VK_NULL_HANDLE, VK_NULL_HANDLE, 0, &record)) != PIXFER_OK)
        return result;
    at[READ_BACK] = pixfer_now();
    if ((result = run(m, m->planes.buffer, m->down.buffer, m->planes_bytes, NULL)) != PIXFER_OK)
        return result;
    at[CONVERT_THEN_READ] = pixfer_now();
    if ((result = run_tickets(m, 1, 1)) != PIXFER_OK)
        return result;
    at[IN_FLIGHT] = pixfer_now();
    if ((result = run_tickets(m, FLIGHTS, IN_A_ROUND)) != PIXFER_OK)
        return result;
    at[READ_THEN_CONVERT] = pixfer_now();
    if ((result = run(m, m->source.buffer, m->frame.buffer, m->source_bytes, NULL)) != PIXFER_OK ||
        (result = pixfer_convert(m->cpu, &m->src, &m->dst)) != PIXFER_OK)
        return result;
    at[RECORD] = pixfer_now();
    for (int what = 0; what < RECORD; what++)
        m->samples[what][round] = (at[what + 1] - at[what]) / (what == IN_FLIGHT ? IN_A_ROUND : 1);
    m->samples[RECORD][round] = record;
    return PIXFER_OK;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median(struct measure *m, enum what what, unsigned rounds)
{
    qsort(m->samples[what], rounds, sizeof(double), compare);
    return m->samples[what][rounds / 2];
}

enum pixfer_result pixfer_vulkan_measure(struct pixfer_vulkan_times *times, const struct pixfer_backend_config *config,
                                         double seconds, struct pixfer_reason *reason)
{
    struct measure *m = calloc(1, sizeof(*m));
    const double start = pixfer_now();
    unsigned rounds = 0, least = 3;
    enum pixfer_result result;

    *times = (struct pixfer_vulkan_times){.type = ""};
    if (!m) {
        pixfer_reason_set(reason, "out of memory");
        return PIXFER_ERR_NO_MEMORY;
    }
    m->reason = reason;
    result = set_up(m, config);
    if (result == PIXFER_OK && m->device.properties.deviceType == VK_PHYSICAL_DEVICE_TYPE_CPU)
        least = 1; /* slow, and nothing depends on how slow */
    else if (result == PIXFER_OK)
        result = measure_round(m, 0); /* pays for what is set up once */
    while (result == PIXFER_OK && rounds < MAX_ROUNDS && (rounds < least || pixfer_now() - start < seconds))
        result = measure_round(m, rounds++);
    if (result == PIXFER_OK) {
        snprintf(times->device, sizeof(times->device), "%s", m->device.properties.deviceName);
        times->type = pixfer_vulkan_device_type(&m->device);
        times->processor = m->device.properties.deviceType == VK_PHYSICAL_DEVICE_TYPE_CPU;
        times->rounds = rounds;
        times->upload_s = median(m, UPLOAD, rounds);
        times->convert_s = median(m, CONVERT, rounds);
        times->read_back_s = median(m, READ_BACK, rounds);
        times->convert_then_read_s = median(m, CONVERT_THEN_READ, rounds);
        times->in_flight_s = median(m, IN_FLIGHT, rounds);
        times->read_then_convert_s = median(m, READ_THEN_CONVERT, rounds);
        times->record_s = median(m, RECORD, rounds);
    }
    tear_down(m);
    free(m);
    return result;
}

#undef FLIGHTS
#undef IN_A_ROUND
#undef MAX_ROUNDS
#else

enum pixfer_result pixfer_vulkan_measure(struct pixfer_vulkan_times *times, const struct pixfer_backend_config *config,
                                         double seconds, struct pixfer_reason *reason)
{
    (void)config, (void)seconds;
    *times = (struct pixfer_vulkan_times){.type = ""};
    pixfer_reason_set(reason, "this build has no Vulkan (PIXFER_VULKAN is off)");
    return PIXFER_ERR_UNAVAILABLE;
}
#endif

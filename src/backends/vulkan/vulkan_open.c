/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "../stub.h"

#if PIXFER_WITH_VULKAN
#include <stdlib.h>
#include <string.h>

#include "../../core/image.h"
#include "../../core/sized.h"
#include "vulkan_object.h"

#define MAX_RECORDINGS 1024
#define MAX_FRAMES 16

enum pixfer_result pixfer_vulkan_failed(struct pixfer_vulkan *v, const char *call, VkResult result)
{
    if (result == VK_ERROR_DEVICE_LOST)
        atomic_store(&v->lost, true);
    pixfer_log_write(&v->settings.log, PIXFER_LOG_ERROR, "vulkan: %s answered %s (%d)", call, pixfer_vulkan_result_name(result),
                     (int)result);
    return pixfer_vulkan_result_of(result);
}

enum pixfer_result pixfer_vulkan_usable(struct pixfer_vulkan *v)
{
    if (!atomic_load(&v->lost))
        return PIXFER_OK;
    pixfer_log_write(&v->settings.log, PIXFER_LOG_ERROR, "vulkan: the device was lost before this call");
    return PIXFER_ERR_DEVICE;
}

/* ---- Parameters ---------------------------------------------------------------------------------------------------------- */

static enum pixfer_result refuse_null(const struct pixfer_vulkan *v, const char *name, const char *expected)
{
    pixfer_log_write(&v->settings.log, PIXFER_LOG_ERROR, "%s is NULL, expected %s", name, expected);
    return PIXFER_ERR_INVALID;
}

static enum pixfer_result refuse_number(const struct pixfer_vulkan *v, const char *name, uint32_t found, const char *expected)
{
    pixfer_log_write(&v->settings.log, PIXFER_LOG_ERROR, "%s is %u, expected %s", name, (unsigned)found, expected);
    return PIXFER_ERR_INVALID;
}

/* The conversion is checked as that of a converter. */
static enum pixfer_result read_params(struct pixfer_vulkan *v, const struct pixfer_vulkan_params *params)
{
    const size_t least = offsetof(struct pixfer_vulkan_params, color);
    struct pixfer_vulkan_params *p = &v->params;

    if (params->struct_size >= least)
        pixfer_sized_read(p, sizeof(*p), params);
    const enum pixfer_result result = pixfer_settings_init(
        &v->settings,
        &PIXFER_CONVERTER_PARAMS(.src_format = p->src_format ? p->src_format : PIXFER_FORMAT_RGBA, .dst_format = p->dst_format,
                                 .width = p->width, .height = p->height, .color = p->color, .backend = PIXFER_BACKEND_VULKAN,
                                 .threads = 1, .cpu = "c", .log = p->log, .log_opaque = p->log_opaque));

    if (params->struct_size < least) {
        pixfer_log_write(&v->settings.log, PIXFER_LOG_ERROR, "params.struct_size is %zu, expected %zu: use PIXFER_VULKAN_PARAMS",
                         params->struct_size, sizeof(*params));
        return PIXFER_ERR_INVALID;
    }
    if (result != PIXFER_OK)
        return result;
    if (!p->get_instance_proc_addr)
        return refuse_null(v, "get_instance_proc_addr", "vkGetInstanceProcAddr");
    if (!p->instance)
        return refuse_null(v, "instance", "a VkInstance");
    if (!p->physical_device)
        return refuse_null(v, "physical_device", "a VkPhysicalDevice");
    if (!p->device)
        return refuse_null(v, "device", "a VkDevice");
    if (p->recordings > MAX_RECORDINGS)
        return refuse_number(v, "recordings", p->recordings, "0 (16) to 1024");
    if (p->frames > MAX_FRAMES)
        return refuse_number(v, "frames", p->frames, "0 (3) to 16");
    if (!p->lock_queue != !p->unlock_queue)
        return refuse_null(v, p->lock_queue ? "unlock_queue" : "lock_queue", "both callbacks or neither");
    p->recordings = p->recordings ? p->recordings : 16;
    p->frames = p->frames ? p->frames : 3;
    return PIXFER_OK;
}

static enum pixfer_result check_family(struct pixfer_vulkan *v)
{
    VkQueueFamilyProperties *families;
    uint32_t count = 0;
    VkQueueFlags flags = 0;

    v->calls.GetPhysicalDeviceQueueFamilyProperties(v->params.physical_device, &count, NULL);
    if (v->params.queue_family < count) {
        if (!(families = calloc(count, sizeof(*families)))) {
            pixfer_log_write(&v->settings.log, PIXFER_LOG_ERROR, "vulkan: no memory for %u queue families", (unsigned)count);
            return PIXFER_ERR_NO_MEMORY;
        }
        v->calls.GetPhysicalDeviceQueueFamilyProperties(v->params.physical_device, &count, families);
        flags = families[v->params.queue_family].queueFlags;
        free(families);
    }
    if (flags & VK_QUEUE_COMPUTE_BIT)
        return PIXFER_OK;
    pixfer_log_write(&v->settings.log, PIXFER_LOG_ERROR, "queue_family is %u%s, expected one of %u with VK_QUEUE_COMPUTE_BIT",
                     (unsigned)v->params.queue_family, v->params.queue_family < count ? ", which has no compute" : "",
                     (unsigned)count);
    return PIXFER_ERR_INVALID;
}

/* What the device cannot do for any source and target. */
static enum pixfer_result check_limits(struct pixfer_vulkan *v)
{
    uint32_t groups[3];

    for (int to_buffer = 0; to_buffer < 2; to_buffer++) {
        pixfer_gpu_groups(&v->constants, to_buffer, groups);
        for (int i = 0; i < 2; i++)
            if (groups[i] > v->limits.maxComputeWorkGroupCount[i]) {
                pixfer_log_write(&v->settings.log, PIXFER_LOG_ERROR,
                                 "a frame of %ux%u pixels takes %u groups, expected at most the device's %u",
                                 (unsigned)v->params.width, (unsigned)v->params.height, (unsigned)groups[i],
                                 (unsigned)v->limits.maxComputeWorkGroupCount[i]);
                return PIXFER_ERR_UNSUPPORTED;
            }
    }
    return PIXFER_OK;
}

/* ---- Pipelines ----------------------------------------------------------------------------------------------------------- */

/* One layout for all kinds: each source and each target has a binding of its own, of which a pipeline uses its. */
static enum pixfer_result make_layout(struct pixfer_vulkan *v)
{
    static const VkDescriptorType types[] = {VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, VK_DESCRIPTOR_TYPE_SAMPLED_IMAGE,
                                             VK_DESCRIPTOR_TYPE_STORAGE_IMAGE,  VK_DESCRIPTOR_TYPE_STORAGE_BUFFER,
                                             VK_DESCRIPTOR_TYPE_STORAGE_IMAGE,  VK_DESCRIPTOR_TYPE_STORAGE_IMAGE};
    enum { BINDINGS = sizeof(types) / sizeof(*types) };
    VkDescriptorSetLayoutBinding bindings[BINDINGS];
    const VkPushConstantRange range = {VK_SHADER_STAGE_COMPUTE_BIT, 0, sizeof(struct pixfer_gpu_constants)};
    VkResult result;

    for (uint32_t i = 0; i < BINDINGS; i++)
        bindings[i] = (VkDescriptorSetLayoutBinding){i, types[i], 1, VK_SHADER_STAGE_COMPUTE_BIT, NULL};
    result = v->calls.CreateDescriptorSetLayout(
        v->params.device,
        &(VkDescriptorSetLayoutCreateInfo){
            .sType = VK_STRUCTURE_TYPE_DESCRIPTOR_SET_LAYOUT_CREATE_INFO, .bindingCount = BINDINGS, .pBindings = bindings},
        NULL, &v->set_layout);
    if (result != VK_SUCCESS) {
        v->set_layout = VK_NULL_HANDLE; /* what a failed call leaves is not to be destroyed */
        return pixfer_vulkan_failed(v, "vkCreateDescriptorSetLayout", result);
    }
    result = v->calls.CreatePipelineLayout(v->params.device,
                                           &(VkPipelineLayoutCreateInfo){.sType = VK_STRUCTURE_TYPE_PIPELINE_LAYOUT_CREATE_INFO,
                                                                         .setLayoutCount = 1,
                                                                         .pSetLayouts = &v->set_layout,
                                                                         .pushConstantRangeCount = 1,
                                                                         .pPushConstantRanges = &range},
                                           NULL, &v->layout);
    if (result == VK_SUCCESS)
        return PIXFER_OK;
    v->layout = VK_NULL_HANDLE;
    return pixfer_vulkan_failed(v, "vkCreatePipelineLayout", result);
}

static enum pixfer_result make_pipeline(struct pixfer_vulkan *v, enum pixfer_gpu_source source, enum pixfer_gpu_target target,
                                        VkPipeline *pipeline)
{
    const struct pixfer_gpu_module *code = &pixfer_gpu_spirv[source][target];
    VkShaderModule module;
    VkResult result = v->calls.CreateShaderModule(
        v->params.device,
        &(VkShaderModuleCreateInfo){
            .sType = VK_STRUCTURE_TYPE_SHADER_MODULE_CREATE_INFO, .codeSize = code->bytes, .pCode = code->words},
        NULL, &module);

    if (result != VK_SUCCESS)
        return pixfer_vulkan_failed(v, "vkCreateShaderModule", result);
    result = v->calls.CreateComputePipelines(
        v->params.device, v->params.pipeline_cache, 1,
        &(VkComputePipelineCreateInfo){.sType = VK_STRUCTURE_TYPE_COMPUTE_PIPELINE_CREATE_INFO,
                                       .stage = {.sType = VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_CREATE_INFO,
                                                 .stage = VK_SHADER_STAGE_COMPUTE_BIT,
                                                 .module = module,
                                                 .pName = target == PIXFER_GPU_TO_BUFFER ? "to_buffer" : "to_images"},
                                       .layout = v->layout,
                                       .basePipelineIndex = -1},
        NULL, pipeline);
    v->calls.DestroyShaderModule(v->params.device, module, NULL);
    if (result == VK_SUCCESS)
        return PIXFER_OK;
    *pipeline = VK_NULL_HANDLE;
    return pixfer_vulkan_failed(v, "vkCreateComputePipelines", result);
}

enum pixfer_result pixfer_vulkan_pipeline(struct pixfer_vulkan *v, enum pixfer_gpu_source source, enum pixfer_gpu_target target,
                                          VkPipeline *pipeline)
{
    enum pixfer_result result = PIXFER_OK;

    pixfer_lock_take(&v->lock);
    if (!v->pipelines[source][target])
        result = make_pipeline(v, source, target, &v->pipelines[source][target]);
    *pipeline = v->pipelines[source][target];
    pixfer_lock_drop(&v->lock);
    return result;
}

/* ---- Descriptors --------------------------------------------------------------------------------------------------------- */

static enum pixfer_result make_pool(struct pixfer_vulkan *v, uint32_t sets)
{
    const VkDescriptorPoolSize sizes[] = {{VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, 2 * sets},
                                          {VK_DESCRIPTOR_TYPE_SAMPLED_IMAGE, sets},
                                          {VK_DESCRIPTOR_TYPE_STORAGE_IMAGE, 3 * sets}};
    const VkResult result = v->calls.CreateDescriptorPool(
        v->params.device,
        &(VkDescriptorPoolCreateInfo){
            .sType = VK_STRUCTURE_TYPE_DESCRIPTOR_POOL_CREATE_INFO, .maxSets = sets, .poolSizeCount = 3, .pPoolSizes = sizes},
        NULL, &v->descriptors);

    if (result == VK_SUCCESS)
        return PIXFER_OK;
    v->descriptors = VK_NULL_HANDLE;
    return pixfer_vulkan_failed(v, "vkCreateDescriptorPool", result);
}

static enum pixfer_result make_set(struct pixfer_vulkan *v, struct pixfer_vulkan_slot *slot)
{
    const VkResult result =
        v->calls.AllocateDescriptorSets(v->params.device,
                                        &(VkDescriptorSetAllocateInfo){.sType = VK_STRUCTURE_TYPE_DESCRIPTOR_SET_ALLOCATE_INFO,
                                                                       .descriptorPool = v->descriptors,
                                                                       .descriptorSetCount = 1,
                                                                       .pSetLayouts = &v->set_layout},
                                        &slot->set);

    return result == VK_SUCCESS ? PIXFER_OK : pixfer_vulkan_failed(v, "vkAllocateDescriptorSets", result);
}

static enum pixfer_result make_slots(struct pixfer_vulkan *v)
{
    const uint32_t recordings = v->params.recordings, frames = v->params.queue ? v->params.frames : 0;
    enum pixfer_result result = make_pool(v, recordings + frames);

    v->slots = calloc(recordings, sizeof(*v->slots));
    v->frames = calloc(v->params.frames, sizeof(*v->frames));
    if (!v->slots || !v->frames) {
        pixfer_log_write(&v->settings.log, PIXFER_LOG_ERROR, "vulkan: no memory for %u recordings", (unsigned)recordings);
        return PIXFER_ERR_NO_MEMORY;
    }
    for (uint32_t i = 0; result == PIXFER_OK && i < recordings; i++)
        result = make_set(v, &v->slots[i]);
    for (uint32_t i = 0; result == PIXFER_OK && i < frames; i++)
        result = make_set(v, &v->frames[i].slot);
    return result;
}

/* ---- The object ---------------------------------------------------------------------------------------------------------- */

static enum pixfer_result set_up(struct pixfer_vulkan *v)
{
    const struct pixfer_backend_config config = {.src_format = v->settings.params.src_format,
                                                 .dst_format = v->settings.params.dst_format,
                                                 .width = v->params.width,
                                                 .height = v->params.height,
                                                 .color = v->settings.params.color};
    struct pixfer_reason reason = {""};
    VkPhysicalDeviceProperties properties;
    VkPipeline pipeline;
    enum pixfer_result result = pixfer_gpu_constants_init(&v->constants, "vulkan", &config, &reason);
    const char *missing;

    if (result != PIXFER_OK) {
        pixfer_log_write(&v->settings.log, PIXFER_LOG_ERROR, "%s", reason.text);
        return result;
    }
    missing = pixfer_vulkan_calls_init(&v->calls, v->params.get_instance_proc_addr, v->params.instance, v->params.device);
    if (missing) {
        pixfer_log_write(&v->settings.log, PIXFER_LOG_ERROR, "vulkan: the device has no %s, expected all of Vulkan 1.0", missing);
        return PIXFER_ERR_UNAVAILABLE;
    }
    v->loaded = true;
    v->calls.GetPhysicalDeviceProperties(v->params.physical_device, &properties);
    v->limits = properties.limits;
    v->calls.GetPhysicalDeviceMemoryProperties(v->params.physical_device, &v->memory);
    if ((result = check_family(v)) != PIXFER_OK || (result = check_limits(v)) != PIXFER_OK ||
        (result = make_layout(v)) != PIXFER_OK || (result = make_slots(v)) != PIXFER_OK)
        return result;
    result = pixfer_vulkan_pipeline(v, v->params.src_format ? PIXFER_GPU_FROM_BUFFER : PIXFER_GPU_FROM_TEXTURE,
                                    PIXFER_GPU_TO_BUFFER, &pipeline);
    return result == PIXFER_OK ? pixfer_vulkan_frames_open(v) : result;
}

enum pixfer_result pixfer_vulkan_open(struct pixfer_vulkan **out, const struct pixfer_vulkan_params *params)
{
    struct pixfer_vulkan *v;
    enum pixfer_result result;

    if (!out)
        return PIXFER_ERR_INVALID;
    *out = NULL;
    if (!params)
        return PIXFER_ERR_INVALID;
    if (!(v = calloc(1, sizeof(*v))))
        return PIXFER_ERR_NO_MEMORY;
    if (!pixfer_lock_init(&v->lock)) {
        free(v);
        return PIXFER_ERR_NO_MEMORY;
    }
    result = read_params(v, params);
    if (result == PIXFER_OK)
        result = set_up(v);
    if (result != PIXFER_OK)
        pixfer_vulkan_close(&v);
    *out = v;
    return result;
}

void pixfer_vulkan_close(struct pixfer_vulkan **out)
{
    struct pixfer_vulkan *v = out ? *out : NULL;

    if (!v)
        return;
    *out = NULL;
    if (v->loaded) {
        pixfer_vulkan_frames_close(v);
        for (uint32_t i = 0; v->slots && i < v->params.recordings; i++)
            pixfer_vulkan_clear_slot(v, &v->slots[i]);
        for (int source = 0; source < PIXFER_GPU_SOURCE_COUNT; source++)
            for (int target = 0; target < PIXFER_GPU_TARGET_COUNT; target++)
                v->calls.DestroyPipeline(v->params.device, v->pipelines[source][target], NULL);
        v->calls.DestroyDescriptorPool(v->params.device, v->descriptors, NULL);
        v->calls.DestroyPipelineLayout(v->params.device, v->layout, NULL);
        v->calls.DestroyDescriptorSetLayout(v->params.device, v->set_layout, NULL);
    }
    pixfer_lock_destroy(&v->lock);
    free(v->slots);
    free(v->frames);
    free(v);
}
#endif

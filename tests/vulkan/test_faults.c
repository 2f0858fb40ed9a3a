/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* Every call that can fail, failing: between pixfer and the device stands a double that pixfer gets through get_instance_proc_addr. It
 * answers VK_ERROR_OUT_OF_HOST_MEMORY, VK_ERROR_OUT_OF_DEVICE_MEMORY or VK_ERROR_DEVICE_LOST to the N-th such call, leaves garbage in what
 * the call should have made, and counts what is made and destroyed. For every N: the right answer with a line, nothing left over, and
 * after a shortage of memory the same call again succeeds. */

#include <stdio.h>
#include <string.h>

#include "gpu.h"

#define W 38
#define H 22

static struct gpu gpu;
static struct gpu_image image, planes[2];
static struct gpu_buffer pixels, bytes;
static unsigned failures, lines, runs;

/* ---- The double ---- */

static unsigned calls, failing_call; /* 0 = none */
static VkResult failing_result;
static const char *failed_call;
static int alive;

static VkResult fate(const char *name)
{
    if (++calls != failing_call)
        return VK_SUCCESS;
    failed_call = name;
    return failing_result;
}

static void complain(const char *what, const char *name)
{
    printf("FAIL %s %s (after %s failed)\n", name, what, failed_call ? failed_call : "nothing");
    failures++;
}

#define GARBAGE 0xdd

/* Things that are made and destroyed. */
#define MADE(name, handle, info)                                                                                            \
    static VKAPI_ATTR VkResult VKAPI_CALL make_##name(VkDevice device, const info *what, const VkAllocationCallbacks *with, \
                                                      handle *out)                                                          \
    {                                                                                                                       \
        const VkResult result = fate("vkCreate" #name);                                                                     \
        memset(out, GARBAGE, sizeof(*out));                                                                                 \
        if (result != VK_SUCCESS)                                                                                           \
            return result;                                                                                                  \
        alive++;                                                                                                            \
        return vkCreate##name(device, what, with, out);                                                                     \
    }                                                                                                                       \
    static VKAPI_ATTR void VKAPI_CALL destroy_##name(VkDevice device, handle it, const VkAllocationCallbacks *with)         \
    {                                                                                                                       \
        handle garbage;                                                                                                     \
        memset(&garbage, GARBAGE, sizeof(garbage));                                                                         \
        if (it == garbage) {                                                                                                \
            complain("was never made, and destroyed", #name);                                                               \
            return;                                                                                                         \
        }                                                                                                                   \
        if (it)                                                                                                             \
            alive--;                                                                                                        \
        vkDestroy##name(device, it, with);                                                                                  \
    }
MADE(ShaderModule, VkShaderModule, VkShaderModuleCreateInfo)
MADE(DescriptorSetLayout, VkDescriptorSetLayout, VkDescriptorSetLayoutCreateInfo)
MADE(PipelineLayout, VkPipelineLayout, VkPipelineLayoutCreateInfo)
MADE(DescriptorPool, VkDescriptorPool, VkDescriptorPoolCreateInfo)
MADE(ImageView, VkImageView, VkImageViewCreateInfo)
MADE(Buffer, VkBuffer, VkBufferCreateInfo)
MADE(CommandPool, VkCommandPool, VkCommandPoolCreateInfo)
MADE(Fence, VkFence, VkFenceCreateInfo)

static VKAPI_ATTR VkResult VKAPI_CALL make_pipelines(VkDevice device, VkPipelineCache cache, uint32_t count,
                                                     const VkComputePipelineCreateInfo *what, const VkAllocationCallbacks *with,
                                                     VkPipeline *out)
{
    const VkResult result = fate("vkCreateComputePipelines");

    memset(out, result == VK_SUCCESS ? GARBAGE : 0, sizeof(*out)); /* of pipelines alone the standard says NULL */
    if (result != VK_SUCCESS)
        return result;
    alive += (int)count;
    return vkCreateComputePipelines(device, cache, count, what, with, out);
}

static VKAPI_ATTR void VKAPI_CALL destroy_pipeline(VkDevice device, VkPipeline it, const VkAllocationCallbacks *with)
{
    if (it)
        alive--;
    vkDestroyPipeline(device, it, with);
}

static VKAPI_ATTR VkResult VKAPI_CALL make_memory(VkDevice device, const VkMemoryAllocateInfo *what,
                                                  const VkAllocationCallbacks *with, VkDeviceMemory *out)
{
    const VkResult result = fate("vkAllocateMemory");

    memset(out, GARBAGE, sizeof(*out));
    if (result != VK_SUCCESS)
        return result;
    alive++;
    return vkAllocateMemory(device, what, with, out);
}

static VKAPI_ATTR void VKAPI_CALL free_memory(VkDevice device, VkDeviceMemory it, const VkAllocationCallbacks *with)
{
    VkDeviceMemory garbage;

    memset(&garbage, GARBAGE, sizeof(garbage));
    if (it == garbage) {
        complain("was never made, and freed", "memory");
        return;
    }
    if (it)
        alive--;
    vkFreeMemory(device, it, with);
}

/* Calls that make nothing. */
#define FAILS(name, declared, passed)                           \
    static VKAPI_ATTR VkResult VKAPI_CALL call_##name declared  \
    {                                                           \
        const VkResult result = fate("vk" #name);               \
        return result == VK_SUCCESS ? vk##name passed : result; \
    }
FAILS(AllocateDescriptorSets, (VkDevice d, const VkDescriptorSetAllocateInfo *i, VkDescriptorSet *o), (d, i, o))
FAILS(BindBufferMemory, (VkDevice d, VkBuffer b, VkDeviceMemory m, VkDeviceSize o), (d, b, m, o))
FAILS(MapMemory, (VkDevice d, VkDeviceMemory m, VkDeviceSize o, VkDeviceSize s, VkMemoryMapFlags f, void **p), (d, m, o, s, f, p))
FAILS(AllocateCommandBuffers, (VkDevice d, const VkCommandBufferAllocateInfo *i, VkCommandBuffer *o), (d, i, o))
FAILS(ResetCommandPool, (VkDevice d, VkCommandPool p, VkCommandPoolResetFlags f), (d, p, f))
FAILS(BeginCommandBuffer, (VkCommandBuffer c, const VkCommandBufferBeginInfo *i), (c, i))
FAILS(EndCommandBuffer, (VkCommandBuffer c), (c))
FAILS(ResetFences, (VkDevice d, uint32_t n, const VkFence *f), (d, n, f))
FAILS(WaitForFences, (VkDevice d, uint32_t n, const VkFence *f, VkBool32 a, uint64_t t), (d, n, f, a, t))
FAILS(QueueSubmit, (VkQueue q, uint32_t n, const VkSubmitInfo *i, VkFence f), (q, n, i, f))

static VKAPI_ATTR PFN_vkVoidFunction VKAPI_CALL device_call(VkDevice device, const char *name)
{
    static const struct {
        const char *name;
        PFN_vkVoidFunction call;
    } doubles[] = {
#define PAIR(thing) \
    {"vkCreate" #thing, (PFN_vkVoidFunction)make_##thing}, {"vkDestroy" #thing, (PFN_vkVoidFunction)destroy_##thing},
        PAIR(ShaderModule) PAIR(DescriptorSetLayout) PAIR(PipelineLayout) PAIR(DescriptorPool) PAIR(ImageView) PAIR(Buffer)
            PAIR(CommandPool) PAIR(Fence){"vkCreateComputePipelines", (PFN_vkVoidFunction)make_pipelines},
        {"vkDestroyPipeline", (PFN_vkVoidFunction)destroy_pipeline},
        {"vkAllocateMemory", (PFN_vkVoidFunction)make_memory},
        {"vkFreeMemory", (PFN_vkVoidFunction)free_memory},
#define ONE(thing) {"vk" #thing, (PFN_vkVoidFunction)call_##thing},
        ONE(AllocateDescriptorSets) ONE(BindBufferMemory) ONE(MapMemory) ONE(AllocateCommandBuffers) ONE(ResetCommandPool)
            ONE(BeginCommandBuffer) ONE(EndCommandBuffer) ONE(ResetFences) ONE(WaitForFences) ONE(QueueSubmit)};

    for (size_t i = 0; i < sizeof(doubles) / sizeof(*doubles); i++)
        if (!strcmp(doubles[i].name, name))
            return doubles[i].call;
    return vkGetDeviceProcAddr(device, name);
}

static const char *absent; /* a function that the device does not have */

static VKAPI_ATTR PFN_vkVoidFunction VKAPI_CALL device_call_or_none(VkDevice device, const char *name)
{
    return absent && !strcmp(name, absent) ? NULL : device_call(device, name);
}

static VKAPI_ATTR PFN_vkVoidFunction VKAPI_CALL instance_call(VkInstance instance, const char *name)
{
    if (absent && !strcmp(name, absent))
        return NULL;
    return strcmp(name, "vkGetDeviceProcAddr") ? vkGetInstanceProcAddr(instance, name) : (PFN_vkVoidFunction)device_call_or_none;
}

/* ---- What is done ---- */

static void heard(void *opaque, int level, const char *message)
{
    (void)opaque, (void)message;
    lines += level == PIXFER_LOG_ERROR;
}

static enum pixfer_result open_it(struct pixfer_vulkan **v)
{
    struct pixfer_vulkan_params params = gpu_params(&gpu, PIXFER_FORMAT_RGBA, PIXFER_FORMAT_NV12, W, H, NULL);

    params.get_instance_proc_addr = instance_call;
    params.queue = gpu.queue;
    params.frames = 2;
    params.recordings = 2;
    params.log = heard;
    return pixfer_vulkan_open(v, &params);
}

static enum pixfer_result record_it(struct pixfer_vulkan *v, bool from_image, bool to_images)
{
    const struct pixfer_vulkan_source buffer_source = PIXFER_VULKAN_SOURCE(.buffer = pixels.buffer);
    const struct pixfer_vulkan_source image_source =
        PIXFER_VULKAN_SOURCE(.image = image.image, .format = image.format, .layout = VK_IMAGE_LAYOUT_GENERAL);
    const struct pixfer_vulkan_target buffer_target = PIXFER_VULKAN_TARGET(.buffer = bytes.buffer);
    const struct pixfer_vulkan_target images = PIXFER_VULKAN_TARGET(.image = {planes[0].image, planes[1].image});
    VkCommandBuffer cmd = gpu_begin(&gpu);
    const enum pixfer_result result =
        pixfer_vulkan_record(v, cmd, from_image ? &image_source : &buffer_source, to_images ? &images : &buffer_target);

    gpu_end(&gpu, cmd);
    return result;
}

static enum pixfer_result submit_it(struct pixfer_vulkan *v, uint64_t *ticket)
{
    return pixfer_vulkan_submit(v, &PIXFER_VULKAN_SOURCE(.buffer = pixels.buffer), NULL, ticket);
}

/* Answers the result that is expected of the call in which the double failed. */
static bool is_expected(enum pixfer_result found, const char *call)
{
    const enum pixfer_result expected = failing_result == VK_ERROR_DEVICE_LOST ? PIXFER_ERR_DEVICE : PIXFER_ERR_NO_MEMORY;

    if (found == expected && lines == 1)
        return true;
    printf("FAIL %s: found %d and %u lines, expected %d and one, as %s answered %d\n", call, (int)found, lines, (int)expected,
           failed_call, (int)failing_result);
    failures++;
    return false;
}

/* Every call once; where one fails it is made again. */
static void run(void)
{
    struct pixfer_vulkan *v = NULL;
    uint64_t ticket = 0;
    struct pixfer_image frame;
    enum pixfer_result result;
    const int before = alive;

    calls = 0;
    failed_call = NULL;
    lines = 0;
    runs++;
    result = open_it(&v);
    if (failed_call) {
        is_expected(result, "open");
        if (v)
            complain("is not NULL after an error", "*out");
        if (alive != before)
            complain("things are left", "open");
        alive = before;
        return;
    }
#define STEP(call, name)                                                       \
    do {                                                                       \
        result = call;                                                         \
        if (failed_call && lines) {                                            \
            is_expected(result, name);                                         \
            lines = 0;                                                         \
            result = call;                                                     \
            if (failing_result == VK_ERROR_DEVICE_LOST) {                      \
                if (result != PIXFER_ERR_DEVICE || lines != 1)                 \
                    complain("does not answer that the device is lost", name); \
                goto out;                                                      \
            }                                                                  \
            failed_call = NULL;                                                \
        }                                                                      \
        if (result != PIXFER_OK)                                               \
            complain("fails, expected success", name);                         \
    } while (0)
    STEP(record_it(v, false, false), "record");
    STEP(record_it(v, true, false), "record from an image");
    if (gpu.writes_without_format)
        STEP(record_it(v, true, true), "record to images");
    STEP(submit_it(v, &ticket), "submit");
    STEP(pixfer_vulkan_wait(v, ticket, UINT64_MAX, &frame), "wait");
    STEP(pixfer_vulkan_release(v, ticket), "release");
    STEP(submit_it(v, &ticket), "a second submit");
    STEP(pixfer_vulkan_wait(v, ticket, UINT64_MAX, &frame), "a second wait");
out:
    pixfer_vulkan_close(&v);
    if (alive != before)
        complain("things are left", "close");
    alive = before;
}

static void run_with(VkResult result)
{
    failing_result = result;
    for (failing_call = 1; failures < 10; failing_call++) {
        run();
        if (calls < failing_call)
            break;
    }
    printf("# %d to each of %u calls\n", (int)result, failing_call - 1);
    failing_call = 0;
}

static void run_without(const char *name)
{
    struct pixfer_vulkan *v = NULL;

    absent = name;
    lines = 0;
    if (open_it(&v) != PIXFER_ERR_UNAVAILABLE || v || lines != 1)
        complain("is missing, which is not told", name);
    absent = NULL;
}

int main(void)
{
    if (!gpu_open(&gpu))
        return 77;
    pixels = gpu_buffer(&gpu, W * H * 4);
    bytes = gpu_buffer(&gpu, W * H * 2);
    image = gpu_image(&gpu, VK_FORMAT_R8G8B8A8_UNORM, W, H, VK_IMAGE_USAGE_SAMPLED_BIT, 0, 1, 1);
    planes[0] = gpu_image(&gpu, VK_FORMAT_R8_UNORM, W, H, VK_IMAGE_USAGE_STORAGE_BIT, 0, 1, 1);
    planes[1] = gpu_image(&gpu, VK_FORMAT_R8G8_UNORM, (W + 1) / 2, (H + 1) / 2, VK_IMAGE_USAGE_STORAGE_BIT, 0, 1, 1);
    gpu_put(&gpu, image.image, &pixels, W, H, 0, 0, VK_IMAGE_LAYOUT_GENERAL);
    run(); /* the double itself changes nothing */
    run_with(VK_ERROR_OUT_OF_HOST_MEMORY);
    run_with(VK_ERROR_OUT_OF_DEVICE_MEMORY);
    run_with(VK_ERROR_DEVICE_LOST);
    run_without("vkCreateComputePipelines");
    run_without("vkGetPhysicalDeviceFormatProperties");
    for (int i = 0; i < 2; i++)
        gpu_image_free(&gpu, &planes[i]);
    gpu_image_free(&gpu, &image);
    gpu_buffer_free(&gpu, &pixels);
    gpu_buffer_free(&gpu, &bytes);
    failures += gpu_close(&gpu) != 0;
    printf("%u runs, %u failures\n", runs, failures);
    return failures != 0 || runs < 50;
}

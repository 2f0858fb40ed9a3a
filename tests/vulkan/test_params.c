/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* What is wrong with parameters, sources, targets and semaphores: each is refused with the right result and one line that names it, and
 * a command buffer holds nothing of it. */

#include <stdio.h>
#include <string.h>

#include "../../src/core/image.h"
#include "../common/random.h"
#include "gpu.h"

static struct gpu gpu;
static unsigned failures, refusals;
static struct gpu_buffer bytes;
static struct gpu_image image, planes[2];

struct heard {
    unsigned lines;
    char line[600];
};

static void hear(void *opaque, int level, const char *message)
{
    struct heard *heard = opaque;

    if (level != PIXFER_LOG_ERROR)
        return;
    heard->lines++;
    snprintf(heard->line, sizeof(heard->line), "%s", message);
}

static void expect(const struct heard *heard, enum pixfer_result found, enum pixfer_result expected, const char *word, int line)
{
    refusals++;
    if (found == expected && heard->lines == 1 && strstr(heard->line, word))
        return;
    printf("FAIL line %d: found %d and %u lines (%s), expected %d and one with '%s'\n", line, (int)found, heard->lines,
           heard->line, (int)expected, word);
    failures++;
}

static struct pixfer_vulkan_params good(struct heard *heard)
{
    struct pixfer_vulkan_params params = gpu_params(&gpu, PIXFER_FORMAT_RGBA, PIXFER_FORMAT_NV12, 32, 18, NULL);

    params.queue = gpu.queue;
    params.log = hear;
    params.log_opaque = heard;
    return params;
}

#define REFUSED_PARAM(result, word, ...)                                         \
    do {                                                                         \
        struct heard heard = {0, ""};                                            \
        struct pixfer_vulkan_params params = good(&heard);                       \
        struct pixfer_vulkan *v = (struct pixfer_vulkan *)1;                     \
        __VA_ARGS__;                                                             \
        expect(&heard, pixfer_vulkan_open(&v, &params), result, word, __LINE__); \
        if (v) {                                                                 \
            printf("FAIL line %d: *out is not NULL\n", __LINE__);                \
            failures++;                                                          \
        }                                                                        \
    } while (0)

static VKAPI_ATTR PFN_vkVoidFunction VKAPI_CALL nothing(VkInstance instance, const char *name)
{
    (void)instance, (void)name;
    return NULL;
}

static void parameters(void)
{
    for (size_t size = 0; size < sizeof(struct pixfer_vulkan_params) - 64; size += 8) { /* the log may lie beyond it */
        struct heard unheard = {0, ""};
        struct pixfer_vulkan_params params = good(&unheard);
        struct pixfer_vulkan *none = (struct pixfer_vulkan *)1;

        params.struct_size = size;
        const enum pixfer_result result = pixfer_vulkan_open(&none, &params);
        if (size <= offsetof(struct pixfer_vulkan_params, height))
            failures += result != PIXFER_ERR_INVALID || none;
        else
            failures += result != PIXFER_OK;
        pixfer_vulkan_close(&none);
    }
    REFUSED_PARAM(PIXFER_ERR_INVALID, "get_instance_proc_addr", params.get_instance_proc_addr = NULL);
    REFUSED_PARAM(PIXFER_ERR_INVALID, "instance", params.instance = VK_NULL_HANDLE);
    REFUSED_PARAM(PIXFER_ERR_INVALID, "physical_device", params.physical_device = VK_NULL_HANDLE);
    REFUSED_PARAM(PIXFER_ERR_INVALID, "device is NULL", params.device = VK_NULL_HANDLE);
    REFUSED_PARAM(PIXFER_ERR_INVALID, "queue_family is 77", params.queue_family = 77);
    REFUSED_PARAM(PIXFER_ERR_INVALID, "queue_family", params.queue_family = VK_QUEUE_FAMILY_IGNORED);
    REFUSED_PARAM(PIXFER_ERR_INVALID, "width", params.width = 0);
    REFUSED_PARAM(PIXFER_ERR_INVALID, "height", params.height = 0);
    REFUSED_PARAM(PIXFER_ERR_INVALID, "width", params.width = UINT32_MAX);
    REFUSED_PARAM(PIXFER_ERR_UNSUPPORTED, "groups", params.width = 1; params.height = 1 << 24);
    REFUSED_PARAM(PIXFER_ERR_INVALID, "dst_format", params.dst_format = PIXFER_FORMAT_NONE);
    REFUSED_PARAM(PIXFER_ERR_UNSUPPORTED, "rgba to bgra", params.dst_format = PIXFER_FORMAT_BGRA);
    REFUSED_PARAM(PIXFER_ERR_INVALID, "src_format", params.src_format = (enum pixfer_format)99);
    REFUSED_PARAM(PIXFER_ERR_UNSUPPORTED, "yuyv", params.src_format = PIXFER_FORMAT_YUYV);
    REFUSED_PARAM(PIXFER_ERR_UNSUPPORTED, "nv12", params.src_format = PIXFER_FORMAT_NV12);
    REFUSED_PARAM(PIXFER_ERR_INVALID, "color.matrix", params.color.matrix = (enum pixfer_matrix)3);
    REFUSED_PARAM(PIXFER_ERR_INVALID, "color.range", params.color.range = (enum pixfer_range)2);
    REFUSED_PARAM(PIXFER_ERR_INVALID, "color.siting", params.color.siting = (enum pixfer_siting)9);
    REFUSED_PARAM(PIXFER_ERR_UNSUPPORTED, "32 bits", params.dst_format = PIXFER_FORMAT_P010;
                  params.color.range = PIXFER_RANGE_FULL);
    REFUSED_PARAM(PIXFER_ERR_INVALID, "recordings", params.recordings = 1025);
    REFUSED_PARAM(PIXFER_ERR_INVALID, "frames", params.frames = 17);
    REFUSED_PARAM(PIXFER_ERR_INVALID, "unlock_queue", params.lock_queue = (pixfer_vulkan_queue_callback)(void (*)(void))expect);
    REFUSED_PARAM(PIXFER_ERR_INVALID, "lock_queue", params.unlock_queue = (pixfer_vulkan_queue_callback)(void (*)(void))expect);
    REFUSED_PARAM(PIXFER_ERR_UNAVAILABLE, "vkGetPhysicalDeviceProperties", params.get_instance_proc_addr = nothing);
}

/* Anything may be wrong but the handles and the sizes, of which Vulkan can tell nothing. */
static struct pixfer_vulkan *v;
static struct heard heard;

static enum pixfer_result record(struct pixfer_vulkan_source source, struct pixfer_vulkan_target target)
{
    VkCommandBuffer cmd = gpu_begin(&gpu);
    const enum pixfer_result result = pixfer_vulkan_record(v, cmd, &source, &target);

    gpu_end(&gpu, cmd);
    return result;
}

#define REFUSED(result, word, ...)                                                                                 \
    do {                                                                                                           \
        struct pixfer_vulkan_source source = PIXFER_VULKAN_SOURCE(.buffer = bytes.buffer, .offset = {4096});       \
        struct pixfer_vulkan_source from_image =                                                                   \
            PIXFER_VULKAN_SOURCE(.image = image.image, .format = image.format, .layout = VK_IMAGE_LAYOUT_GENERAL); \
        struct pixfer_vulkan_target target = PIXFER_VULKAN_TARGET(.buffer = bytes.buffer);                         \
        struct pixfer_vulkan_target to_images = PIXFER_VULKAN_TARGET(.image = {planes[0].image, planes[1].image}); \
        (void)from_image, (void)to_images;                                                                         \
        heard = (struct heard){0, ""};                                                                             \
        __VA_ARGS__;                                                                                               \
        expect(&heard, record(source, target), result, word, __LINE__);                                            \
    } while (0)

#define IMAGE source = from_image
#define IMAGES target = to_images

static void descriptions(void)
{
    const struct pixfer_vulkan_source good_source = PIXFER_VULKAN_SOURCE(.buffer = bytes.buffer);
    const struct pixfer_vulkan_target good_target = PIXFER_VULKAN_TARGET(.buffer = bytes.buffer, .offset = {4096});
    VkCommandBuffer cmd;

    REFUSED(PIXFER_ERR_INVALID, "source.struct_size", source.struct_size = 0);
    REFUSED(PIXFER_ERR_INVALID, "target.struct_size", target.struct_size = 7);
    REFUSED(PIXFER_ERR_INVALID, "source", source.buffer = VK_NULL_HANDLE);
    REFUSED(PIXFER_ERR_INVALID, "image and a buffer", source.image = image.image);
    REFUSED(PIXFER_ERR_INVALID, "source.pitch[0]", source.pitch[0] = 127);
    REFUSED(PIXFER_ERR_INVALID, "source.pitch[0]", source.pitch[0] = UINT64_MAX);
    REFUSED(PIXFER_ERR_INVALID, "source.offset[0]", source.offset[0] = UINT64_MAX);
    REFUSED(PIXFER_ERR_UNSUPPORTED, "maxStorageBufferRange", source.pitch[0] = UINT32_MAX);
    REFUSED(PIXFER_ERR_INVALID, "target", target.buffer = VK_NULL_HANDLE);
    REFUSED(PIXFER_ERR_INVALID, "image and a buffer", target.image[1] = image.image);
    REFUSED(PIXFER_ERR_INVALID, "target.pitch[0]", target.pitch[0] = 31);
    REFUSED(PIXFER_ERR_INVALID, "target.pitch[1]", target.pitch[1] = 1);
    REFUSED(PIXFER_ERR_INVALID, "target.offset[1]", target.offset[1] = (VkDeviceSize)1 << 60);
    REFUSED(PIXFER_ERR_UNSUPPORTED, "maxStorageBufferRange", target.offset[1] = (VkDeviceSize)1 << 33);
    REFUSED(PIXFER_ERR_INVALID, "overlaps", target.offset[1] = 100);
    REFUSED(PIXFER_ERR_INVALID, "overlaps", target.offset[0] = 4096);
    REFUSED(PIXFER_ERR_INVALID, "overlaps", source.offset[0] = 32 * 18 * 3 / 2 - 1);

    REFUSED(PIXFER_ERR_INVALID, "source.format is 0", IMAGE; source.format = VK_FORMAT_UNDEFINED);
    REFUSED(PIXFER_ERR_INVALID, "source.format", IMAGE; source.format = VK_FORMAT_R8G8B8A8_UINT);
    REFUSED(PIXFER_ERR_INVALID, "source.format", IMAGE; source.format = VK_FORMAT_R16G16B16A16_SFLOAT);
    REFUSED(PIXFER_ERR_INVALID, "source.format", IMAGE; source.format = (VkFormat)123456789);
    REFUSED(PIXFER_ERR_INVALID, "source.layout", IMAGE; source.layout = VK_IMAGE_LAYOUT_UNDEFINED);
    REFUSED(PIXFER_ERR_INVALID, "PREINITIALIZED", IMAGE; source.layout = VK_IMAGE_LAYOUT_PREINITIALIZED);
    REFUSED(PIXFER_ERR_INVALID, "final_layout", IMAGE; source.final_layout = VK_IMAGE_LAYOUT_PREINITIALIZED);
    REFUSED(PIXFER_ERR_INVALID, "source.x", IMAGE; source.x = UINT32_MAX);
    REFUSED(PIXFER_ERR_INVALID, "source.y", IMAGE; source.y = gpu.properties.limits.maxImageDimension2D);
    REFUSED(PIXFER_ERR_UNSUPPORTED, "storage", IMAGE; source.storage = 1; source.format = VK_FORMAT_B8G8R8A8_UNORM);

    REFUSED(PIXFER_ERR_INVALID, "neither", IMAGES; target.image[0] = VK_NULL_HANDLE);
    REFUSED(PIXFER_ERR_INVALID, "without a format", IMAGES; target.image[1] = VK_NULL_HANDLE);
    REFUSED(PIXFER_ERR_INVALID, "two images", IMAGES; target.format = VK_FORMAT_G8_B8R8_2PLANE_420_UNORM);
    REFUSED(PIXFER_ERR_INVALID, "target.format", IMAGES; target.image[1] = VK_NULL_HANDLE;
            target.format = VK_FORMAT_G8_B8R8_2PLANE_422_UNORM);
    REFUSED(PIXFER_ERR_INVALID, "target.view[1]", IMAGES; target.view[0] = (VkImageView)1);
    REFUSED(PIXFER_ERR_INVALID, "PREINITIALIZED", IMAGES; target.layout = VK_IMAGE_LAYOUT_PREINITIALIZED);

    heard.lines = 0;
    expect(&heard, pixfer_vulkan_record(v, VK_NULL_HANDLE, &good_source, &good_target), PIXFER_ERR_INVALID, "cmd is NULL",
           __LINE__);
    cmd = gpu_begin(&gpu);
    heard.lines = 0;
    expect(&heard, pixfer_vulkan_record(v, cmd, NULL, &good_target), PIXFER_ERR_INVALID, "source is NULL", __LINE__);
    heard.lines = 0;
    expect(&heard, pixfer_vulkan_record(v, cmd, &good_source, NULL), PIXFER_ERR_INVALID, "target is NULL", __LINE__);
    failures += pixfer_vulkan_record(NULL, cmd, &good_source, &good_target) != PIXFER_ERR_INVALID;
    gpu_end(&gpu, cmd);
}

static void submissions(void)
{
    const struct pixfer_vulkan_source source = PIXFER_VULKAN_SOURCE(.buffer = bytes.buffer);
    struct pixfer_vulkan_source bad = source;
    uint64_t ticket = 1;

#define REFUSED_SYNC(word, sync)                                                                             \
    do {                                                                                                     \
        heard.lines = 0;                                                                                     \
        expect(&heard, pixfer_vulkan_submit(v, &source, sync, &ticket), PIXFER_ERR_INVALID, word, __LINE__); \
        failures += ticket != 0;                                                                             \
    } while (0)
    REFUSED_SYNC("sync.struct_size", &((struct pixfer_vulkan_sync){.struct_size = 0}));
    REFUSED_SYNC("sync.wait", &PIXFER_VULKAN_SYNC(.wait_value = 3));
    REFUSED_SYNC("sync.signal", &PIXFER_VULKAN_SYNC(.signal_value = 3));
    heard.lines = 0;
    expect(&heard, pixfer_vulkan_submit(v, &source, NULL, NULL), PIXFER_ERR_INVALID, "ticket", __LINE__);
    heard.lines = 0;
    expect(&heard, pixfer_vulkan_submit(v, NULL, NULL, &ticket), PIXFER_ERR_INVALID, "source", __LINE__);
    bad.pitch[0] = 3;
    for (int i = 0; i < 5; i++) { /* a refused frame is not under way */
        heard.lines = 0;
        expect(&heard, pixfer_vulkan_submit(v, &bad, NULL, &ticket), PIXFER_ERR_INVALID, "source.pitch[0]", __LINE__);
    }
    failures += pixfer_vulkan_submit(NULL, &source, NULL, &ticket) != PIXFER_ERR_INVALID;
    failures += pixfer_vulkan_release(NULL, 1) != PIXFER_ERR_INVALID;
}

static void without_queue(void)
{
    struct heard own = {0, ""};
    struct pixfer_vulkan_params params = good(&own);
    struct pixfer_vulkan *none = NULL;
    uint64_t ticket = 1;

    params.queue = VK_NULL_HANDLE;
    params.src_format = PIXFER_FORMAT_NONE;
    failures += pixfer_vulkan_open(&none, &params) != PIXFER_OK;
    expect(&own, pixfer_vulkan_submit(none, &PIXFER_VULKAN_SOURCE(.buffer = bytes.buffer), NULL, &ticket), PIXFER_ERR_INVALID,
           "queue", __LINE__);
    own.lines = 0;
    VkCommandBuffer cmd = gpu_begin(&gpu);
    expect(&own,
           pixfer_vulkan_record(none, cmd, &PIXFER_VULKAN_SOURCE(.buffer = bytes.buffer, .offset = {4096}),
                                &PIXFER_VULKAN_TARGET(.buffer = bytes.buffer)),
           PIXFER_ERR_INVALID, "src_format", __LINE__);
    gpu_end(&gpu, cmd);
    pixfer_vulkan_close(&none);
}

/* Numbers of any size: either the frame fits into the buffer's part that they speak of, or it is refused. What is accepted is not
 * executed: nothing but the command buffer must come to harm. */
static void any_numbers(void)
{
    struct rng rng = {9};
    unsigned accepted = 0;

    for (int i = 0; i < 3000; i++) {
        struct pixfer_vulkan_source source = PIXFER_VULKAN_SOURCE(.buffer = bytes.buffer);
        struct pixfer_vulkan_target target = PIXFER_VULKAN_TARGET(.buffer = bytes.buffer);
        uint64_t last = 0;

        for (int k = 0; k < 3; k++) {
            source.offset[k] = rng_next(&rng) >> (rng_below(&rng, 3) ? 49 + rng_below(&rng, 15) : rng_below(&rng, 64));
            source.pitch[k] =
                rng_below(&rng, 3) ? rng_below(&rng, 300) * (rng_below(&rng, 3) != 0) : rng_next(&rng) >> rng_below(&rng, 64);
            target.offset[k] = rng_next(&rng) >> (rng_below(&rng, 3) ? 49 + rng_below(&rng, 15) : rng_below(&rng, 64));
            target.pitch[k] =
                rng_below(&rng, 3) ? rng_below(&rng, 300) * (rng_below(&rng, 3) != 0) : rng_next(&rng) >> rng_below(&rng, 64);
        }
        /* What would be accepted must lie in the buffer: the bounds are found out independently. */
        const uint64_t y = target.pitch[0] ? target.pitch[0] : 32, uv = target.pitch[1] ? target.pitch[1] : 32;
        const uint64_t at = target.offset[1] ? target.offset[1] : target.offset[0] + 18 * y;
        const uint64_t from = source.pitch[0] ? source.pitch[0] : 128;
        if (y <= bytes.size && uv <= bytes.size && from <= bytes.size && at <= bytes.size && target.offset[0] <= bytes.size &&
            source.offset[0] <= bytes.size) {
            last = target.offset[0] + 17 * y + 32;
            last = at + 8 * uv + 32 > last ? at + 8 * uv + 32 : last;
            last = source.offset[0] + 17 * from + 128 > last ? source.offset[0] + 17 * from + 128 : last;
        }
        if (!last || last > bytes.size)
            target.pitch[0] = 1 + rng_below(&rng, 31); /* refused for this at the latest */
        const enum pixfer_result result = record(source, target);
        if (result != PIXFER_OK && result != PIXFER_ERR_INVALID && result != PIXFER_ERR_UNSUPPORTED) {
            printf("FAIL numbers %d: %d\n", i, (int)result);
            failures++;
        }
        accepted += result == PIXFER_OK;
    }
    printf("# %u of 3000 descriptions accepted\n", accepted);
    failures += accepted == 0;
}

int main(void)
{
    if (!gpu_open(&gpu))
        return 77;
    bytes = gpu_buffer(&gpu, 1 << 16);
    image = gpu_image(&gpu, VK_FORMAT_R8G8B8A8_UNORM, 32, 18, VK_IMAGE_USAGE_SAMPLED_BIT | VK_IMAGE_USAGE_STORAGE_BIT, 0, 1, 1);
    planes[0] = gpu_image(&gpu, VK_FORMAT_R8_UNORM, 32, 18, VK_IMAGE_USAGE_STORAGE_BIT, 0, 1, 1);
    planes[1] = gpu_image(&gpu, VK_FORMAT_R8G8_UNORM, 16, 9, VK_IMAGE_USAGE_STORAGE_BIT, 0, 1, 1);
    failures += pixfer_vulkan_open(NULL, NULL) != PIXFER_ERR_INVALID;
    failures += pixfer_vulkan_open(&v, NULL) != PIXFER_ERR_INVALID;
    parameters();
    const struct pixfer_vulkan_params params = good(&heard);
    if (pixfer_vulkan_open(&v, &params) != PIXFER_OK)
        return 1;
    descriptions();
    submissions();
    any_numbers();
    pixfer_vulkan_close(&v);
    without_queue();
    for (int i = 0; i < 2; i++)
        gpu_image_free(&gpu, &planes[i]);
    gpu_image_free(&gpu, &image);
    gpu_buffer_free(&gpu, &bytes);
    failures += gpu_close(&gpu) != 0;
    printf("%u refusals, %u failures\n", refusals, failures);
    return failures != 0;
}

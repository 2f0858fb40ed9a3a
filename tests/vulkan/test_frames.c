/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* pixfer_vulkan_submit, wait and release: frames in flight and out of order, semaphores of both kinds, the caller's lock of a queue that
 * other threads use, several conversions on one device at once; and recordings that reuse their descriptors. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/platform/platform.h"
#include "../common/convert.h"
#include "../oracle/oracle.h"
#include "gpu.h"

static struct gpu gpu;
static unsigned failures;

#define CHECK(truth)                                                \
    do {                                                            \
        if (!(truth)) {                                             \
            printf("FAIL %s:%d: %s\n", __func__, __LINE__, #truth); \
            failures++;                                             \
        }                                                           \
    } while (0)

static void heard(void *opaque, int level, const char *message)
{
    unsigned *lines = opaque;

    (void)message;
    *lines += level == PIXFER_LOG_ERROR;
}

/* A frame in a buffer, and what it must become. */
struct sample {
    struct picture src, wanted;
    struct gpu_buffer buffer;
    struct pixfer_vulkan_source source;
};

static void make_sample(struct sample *s, enum pixfer_format from, enum pixfer_format to, uint32_t width, uint32_t height,
                        const struct pixfer_color *color, uint64_t seed)
{
    struct rng rng = {seed};
    size_t at = 0;

    picture_place(&s->src, from, width, height, &(struct picture_layout){0});
    picture_fill(&s->src, PICTURE_RANDOM, &rng);
    picture_place(&s->wanted, to, width, height, &(struct picture_layout){0});
    oracle_convert(&s->src.image, &s->wanted.image, color);
    s->buffer = gpu_buffer(&gpu, (size_t)width * height * 4 + 4);
    for (unsigned i = 0; i < pixfer_format_planes(from); i++) {
        size_t row_bytes, rows;

        pixfer_plane_size(from, width, height, i, &row_bytes, &rows);
        for (size_t y = 0; y < rows; y++, at += row_bytes)
            memcpy(s->buffer.bytes + at, picture_row(&s->src, i, y, &row_bytes), row_bytes);
    }
    s->source = PIXFER_VULKAN_SOURCE(.buffer = s->buffer.buffer);
}

static void free_sample(struct sample *s)
{
    gpu_buffer_free(&gpu, &s->buffer);
    picture_free(&s->src);
    picture_free(&s->wanted);
}

static bool is_right(const struct pixfer_image *image, const struct sample *s)
{
    for (unsigned i = 0; i < pixfer_format_planes(image->format); i++) {
        size_t row_bytes, rows;

        pixfer_plane_size(image->format, image->width, image->height, i, &row_bytes, &rows);
        for (size_t y = 0; y < rows; y++)
            if (memcmp(image->plane[i] + y * (size_t)image->stride[i], picture_row(&s->wanted, i, y, &row_bytes), row_bytes))
                return false;
    }
    return image->format == s->wanted.image.format && image->width == s->wanted.image.width &&
           image->height == s->wanted.image.height && !(image->stride[0] % 64);
}

static void in_flight(void)
{
    static const struct pixfer_color color = {PIXFER_MATRIX_BT709, PIXFER_RANGE_LIMITED, PIXFER_SITING_LEFT};
    struct pixfer_vulkan_params params = gpu_params(&gpu, PIXFER_FORMAT_BGRA, PIXFER_FORMAT_NV12, 61, 33, &color);
    struct sample samples[4] = {{.source.struct_size = 0}};
    struct pixfer_vulkan *v = NULL;
    struct pixfer_image image;
    uint64_t tickets[4] = {0}, none = 7;
    unsigned lines = 0;

    for (int i = 0; i < 4; i++)
        make_sample(&samples[i], PIXFER_FORMAT_BGRA, PIXFER_FORMAT_NV12, 61, 33, &color, (uint64_t)i + 1);
    params.queue = gpu.queue;
    params.log = heard;
    params.log_opaque = &lines;
    CHECK(pixfer_vulkan_open(&v, &params) == PIXFER_OK);
    for (int i = 0; i < 3; i++) {
        CHECK(pixfer_vulkan_submit(v, &samples[i].source, NULL, &tickets[i]) == PIXFER_OK);
        CHECK(tickets[i] == (uint64_t)i + 1);
    }
    CHECK(pixfer_vulkan_submit(v, &samples[3].source, NULL, &none) == PIXFER_ERR_AGAIN && none == 0);
    CHECK(lines == 0);
    for (int i = 2; i >= 0; i--) { /* out of order, and twice */
        CHECK(pixfer_vulkan_wait(v, tickets[i], UINT64_MAX, &image) == PIXFER_OK && is_right(&image, &samples[i]));
        CHECK(pixfer_vulkan_wait(v, tickets[i], 0, &image) == PIXFER_OK && is_right(&image, &samples[i]));
    }
    memset(image.plane[0], 0, 100); /* the bytes may be written */
    CHECK(pixfer_vulkan_release(v, tickets[0]) == PIXFER_OK);
    CHECK(lines == 0);
    CHECK(pixfer_vulkan_release(v, tickets[0]) == PIXFER_ERR_INVALID && lines == 1);
    CHECK(pixfer_vulkan_wait(v, tickets[0], 0, &image) == PIXFER_ERR_INVALID && lines == 2 && !image.plane[0]);
    CHECK(pixfer_vulkan_wait(v, 99, 0, &image) == PIXFER_ERR_INVALID && lines == 3);
    CHECK(pixfer_vulkan_wait(v, tickets[1], 0, NULL) == PIXFER_ERR_INVALID && lines == 4);
    CHECK(pixfer_vulkan_submit(v, &samples[3].source, NULL, &tickets[3]) == PIXFER_OK && tickets[3] == 4);
    CHECK(pixfer_vulkan_wait(v, tickets[3], UINT64_MAX, &image) == PIXFER_OK && is_right(&image, &samples[3]));
    CHECK(pixfer_vulkan_wait(v, tickets[1], UINT64_MAX, &image) == PIXFER_OK && is_right(&image, &samples[1]));
    for (int i = 1; i < 4; i++)
        CHECK(pixfer_vulkan_release(v, tickets[i]) == PIXFER_OK);
    for (int i = 0; i < 30; i++) { /* released without having been waited for */
        enum pixfer_result result;

        while ((result = pixfer_vulkan_submit(v, &samples[i % 4].source, NULL, &tickets[0])) == PIXFER_ERR_AGAIN)
            ;
        CHECK(result == PIXFER_OK && pixfer_vulkan_release(v, tickets[0]) == PIXFER_OK);
    }
    CHECK(lines == 4);
    pixfer_vulkan_close(&v); /* waits for what is under way */
    CHECK(!v);
    pixfer_vulkan_close(&v);
    for (int i = 0; i < 4; i++)
        free_sample(&samples[i]);
}

static VkSemaphore make_semaphore(bool timeline)
{
    const VkSemaphoreTypeCreateInfo type = {.sType = VK_STRUCTURE_TYPE_SEMAPHORE_TYPE_CREATE_INFO,
                                            .semaphoreType = VK_SEMAPHORE_TYPE_TIMELINE};
    VkSemaphore semaphore;

    MUST(vkCreateSemaphore(
        gpu.device, &(VkSemaphoreCreateInfo){.sType = VK_STRUCTURE_TYPE_SEMAPHORE_CREATE_INFO, .pNext = timeline ? &type : NULL},
        NULL, &semaphore));
    return semaphore;
}

/* The frame is drawn (copied) by another submission, which the conversion must wait for; the next one waits for the conversion. */
static void semaphores(bool timeline)
{
    static const struct pixfer_color color = {PIXFER_MATRIX_BT601, PIXFER_RANGE_FULL, PIXFER_SITING_TOP_LEFT};
    struct pixfer_vulkan_params params = gpu_params(&gpu, PIXFER_FORMAT_RGBA, PIXFER_FORMAT_I420, 40, 31, &color);
    struct gpu_image image = gpu_image(&gpu, VK_FORMAT_R8G8B8A8_UNORM, 40, 31, VK_IMAGE_USAGE_SAMPLED_BIT, 0, 1, 1);
    VkSemaphore drawn = make_semaphore(timeline), read = make_semaphore(timeline);
    struct sample samples[2] = {{.source.struct_size = 0}};
    VkCommandBuffer draw[2];
    struct pixfer_vulkan *v = NULL;
    struct pixfer_image found;
    uint64_t ticket[2];
    const VkPipelineStageFlags stage = VK_PIPELINE_STAGE_ALL_COMMANDS_BIT;

    params.queue = gpu.queue;
    CHECK(pixfer_vulkan_open(&v, &params) == PIXFER_OK);
    for (int i = 0; i < 2; i++) {
        const uint64_t value[] = {2 * (uint64_t)i, 2 * (uint64_t)i + 1, 2 * (uint64_t)i + 2};
        const VkTimelineSemaphoreSubmitInfo values = {.sType = VK_STRUCTURE_TYPE_TIMELINE_SEMAPHORE_SUBMIT_INFO,
                                                      .waitSemaphoreValueCount = i ? 1 : 0,
                                                      .pWaitSemaphoreValues = &value[0],
                                                      .signalSemaphoreValueCount = 1,
                                                      .pSignalSemaphoreValues = &value[1]};

        make_sample(&samples[i], PIXFER_FORMAT_RGBA, PIXFER_FORMAT_I420, 40, 31, &color, (uint64_t)i + 5);
        draw[i] = gpu_begin(&gpu);
        gpu_barrier(draw[i], image.image, VK_IMAGE_LAYOUT_UNDEFINED, VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL, 0, 0);
        vkCmdCopyBufferToImage(
            draw[i], samples[i].buffer.buffer, image.image, VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL, 1,
            &(VkBufferImageCopy){.imageSubresource = {VK_IMAGE_ASPECT_COLOR_BIT, 0, 0, 1}, .imageExtent = {40, 31, 1}});
        MUST(vkEndCommandBuffer(draw[i]));
        MUST(vkQueueSubmit(gpu.queue, 1,
                           &(VkSubmitInfo){.sType = VK_STRUCTURE_TYPE_SUBMIT_INFO,
                                           .pNext = timeline ? &values : NULL,
                                           .waitSemaphoreCount = i ? 1 : 0,
                                           .pWaitSemaphores = &read,
                                           .pWaitDstStageMask = &stage,
                                           .commandBufferCount = 1,
                                           .pCommandBuffers = &draw[i],
                                           .signalSemaphoreCount = 1,
                                           .pSignalSemaphores = &drawn},
                           VK_NULL_HANDLE));
        CHECK(pixfer_vulkan_submit(v,
                                   &PIXFER_VULKAN_SOURCE(.image = image.image, .format = image.format,
                                                         .layout = VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL),
                                   &PIXFER_VULKAN_SYNC(.wait = drawn, .wait_value = timeline ? value[1] : 0, .signal = read,
                                                       .signal_value = timeline ? value[2] : 0),
                                   &ticket[i]) == PIXFER_OK);
    }
    for (int i = 0; i < 2; i++) {
        CHECK(pixfer_vulkan_wait(v, ticket[i], UINT64_MAX, &found) == PIXFER_OK && is_right(&found, &samples[i]));
        CHECK(pixfer_vulkan_release(v, ticket[i]) == PIXFER_OK);
    }
    pixfer_vulkan_close(&v);
    MUST(vkQueueWaitIdle(gpu.queue));
    vkFreeCommandBuffers(gpu.device, gpu.pool, 2, draw);
    vkDestroySemaphore(gpu.device, drawn, NULL);
    vkDestroySemaphore(gpu.device, read, NULL);
    gpu_image_free(&gpu, &image);
    for (int i = 0; i < 2; i++)
        free_sample(&samples[i]);
}

/* ---- Threads: a conversion each, on one queue, and two that share one ---- */

static pixfer_lock queue_lock;
static unsigned queue_uses, queue_depth;

static void lock_queue(void *opaque, VkQueue queue)
{
    pixfer_lock_take(&queue_lock);
    CHECK(opaque == &queue_lock && queue == gpu.queue);
    CHECK(queue_depth++ == 0);
    queue_uses++;
}

static void unlock_queue(void *opaque, VkQueue queue)
{
    (void)opaque, (void)queue;
    queue_depth--;
    pixfer_lock_drop(&queue_lock);
}

#define THREADS 4
#define ROUNDS 12

struct worker {
    struct pixfer_vulkan *v;
    struct sample sample;
    pixfer_thread thread;
    struct pixfer_thread_start start;
    unsigned wrong;
};

static void work(void *context)
{
    struct worker *w = context;

    for (int i = 0; i < ROUNDS; i++) {
        struct pixfer_image image;
        uint64_t ticket;
        enum pixfer_result result;

        while ((result = pixfer_vulkan_submit(w->v, &w->sample.source, NULL, &ticket)) == PIXFER_ERR_AGAIN)
            ;
        if (result != PIXFER_OK || pixfer_vulkan_wait(w->v, ticket, UINT64_MAX, &image) != PIXFER_OK ||
            !is_right(&image, &w->sample) || pixfer_vulkan_release(w->v, ticket) != PIXFER_OK)
            w->wrong++;
    }
}

static void threads(void)
{
    static const enum pixfer_format formats[THREADS] = {PIXFER_FORMAT_NV12, PIXFER_FORMAT_I444, PIXFER_FORMAT_P010,
                                                        PIXFER_FORMAT_P010};
    struct worker workers[THREADS] = {{.v = NULL}};

    CHECK(pixfer_lock_init(&queue_lock));
    for (int i = 0; i < THREADS; i++) {
        const struct pixfer_color color = color_number(i < 2 ? (unsigned)i * 7 : 0);
        struct pixfer_vulkan_params params =
            gpu_params(&gpu, PIXFER_FORMAT_RGBA, formats[i], i < 2 ? 35 + (uint32_t)i : 52, 27, &color);

        make_sample(&workers[i].sample, PIXFER_FORMAT_RGBA, formats[i], params.width, params.height, &color, (uint64_t)i + 77);
        params.queue = gpu.queue;
        params.lock_queue = lock_queue;
        params.unlock_queue = unlock_queue;
        params.queue_opaque = &queue_lock;
        params.frames = 2;
        if (i == 3)
            workers[i].v = workers[2].v; /* one object, two threads */
        else
            CHECK(pixfer_vulkan_open(&workers[i].v, &params) == PIXFER_OK);
    }
    for (int i = 0; i < THREADS; i++) {
        workers[i].start = (struct pixfer_thread_start){work, &workers[i]};
        CHECK(pixfer_thread_create(&workers[i].thread, &workers[i].start));
    }
    for (int i = 0; i < THREADS; i++) {
        pixfer_thread_join(workers[i].thread);
        CHECK(workers[i].wrong == 0);
    }
    CHECK(queue_uses == THREADS * ROUNDS);
    workers[3].v = NULL;
    for (int i = 0; i < THREADS; i++) {
        pixfer_vulkan_close(&workers[i].v);
        free_sample(&workers[i].sample);
    }
    pixfer_lock_destroy(&queue_lock);
}

/* As many recordings in one command buffer as keep their descriptors, of images without views, into parts of one buffer, several times. */
static void recordings(void)
{
    enum { N = 5, W = 19, H = 12, BYTES = (W * H + (W + 1) / 2 * 2 * ((H + 1) / 2) + 3) & ~3 };
    static const struct pixfer_color color = {PIXFER_MATRIX_BT2020_NCL, PIXFER_RANGE_LIMITED, PIXFER_SITING_CENTER};
    struct pixfer_vulkan_params params = gpu_params(&gpu, PIXFER_FORMAT_NONE, PIXFER_FORMAT_NV12, W, H, &color);
    struct gpu_buffer bytes = gpu_buffer(&gpu, N * BYTES);
    struct sample samples[N] = {{.source.struct_size = 0}};
    struct pixfer_vulkan *v = NULL;

    params.recordings = N;
    CHECK(pixfer_vulkan_open(&v, &params) == PIXFER_OK);
    for (int i = 0; i < N; i++)
        make_sample(&samples[i], PIXFER_FORMAT_RGBA, PIXFER_FORMAT_NV12, W, H, &color, (uint64_t)i + 31);
    for (int round = 0; round < 3; round++) {
        struct gpu_image images[N];
        VkCommandBuffer cmd;

        memset(bytes.bytes, 0, bytes.size);
        for (int i = 0; i < N; i++) {
            images[i] = gpu_image(&gpu, VK_FORMAT_R8G8B8A8_UNORM, W, H, VK_IMAGE_USAGE_SAMPLED_BIT, 0, 1, 1);
            gpu_put(&gpu, images[i].image, &samples[i].buffer, W, H, 0, 0, VK_IMAGE_LAYOUT_GENERAL);
        }
        cmd = gpu_begin(&gpu);
        for (int i = 0; i < N; i++)
            CHECK(pixfer_vulkan_record(v, cmd,
                                       &PIXFER_VULKAN_SOURCE(.image = images[i].image, .format = images[i].format,
                                                             .layout = VK_IMAGE_LAYOUT_GENERAL),
                                       &PIXFER_VULKAN_TARGET(.buffer = bytes.buffer, .offset = {(VkDeviceSize)i * BYTES})) ==
                  PIXFER_OK);
        gpu_end(&gpu, cmd);
        for (int i = 0; i < N; i++) {
            struct pixfer_image image;

            pixfer_image_layout(&image, PIXFER_FORMAT_NV12, W, H, bytes.bytes + i * BYTES, 1);
            image.stride[0] = W;
            for (unsigned plane = 0; plane < 2; plane++) {
                size_t row_bytes, rows;

                pixfer_plane_size(PIXFER_FORMAT_NV12, W, H, plane, &row_bytes, &rows);
                for (size_t y = 0; y < rows; y++)
                    CHECK(!memcmp(image.plane[plane] + y * row_bytes, picture_row(&samples[i].wanted, plane, y, &row_bytes),
                                  row_bytes));
            }
            gpu_image_free(&gpu, &images[i]);
        }
    }
    pixfer_vulkan_close(&v);
    gpu_buffer_free(&gpu, &bytes);
    for (int i = 0; i < N; i++)
        free_sample(&samples[i]);
}

int main(void)
{
    if (!gpu_open(&gpu))
        return 77;
    in_flight();
    semaphores(false);
    if (gpu.timelines)
        semaphores(true);
    threads();
    recordings();
    failures += gpu_close(&gpu) != 0;
    printf("%u failures\n", failures);
    return failures != 0;
}

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* pixfer_exporter_push_vulkan: what enters the encoder is the oracle's frame, as a lossless export shows when it is decoded again; frames
 * in the order of their pts, more of them than memory for them, beside frames from the processor; refusals; an odd size; cancelled and
 * closed with frames under way.
 *
 *     test_export FOLDER */

#include <pixfer/exporter_vulkan.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../common/convert.h"
#include "../oracle/oracle.h"
#include "gpu.h"

static struct gpu gpu;
static unsigned failures, warnings;
static char name[1000];

#define CHECK(truth)                                                \
    do {                                                            \
        if (!(truth)) {                                             \
            printf("FAIL %s:%d: %s\n", __func__, __LINE__, #truth); \
            failures++;                                             \
        }                                                           \
    } while (0)

static void heard(void *opaque, int level, const char *message)
{
    (void)opaque;
    if (level == PIXFER_LOG_WARNING)
        warnings++;
    if (level == PIXFER_LOG_ERROR)
        printf("# %s\n", message);
}

static struct pixfer_exporter *open_export(uint32_t width, uint32_t height, const struct pixfer_color *color)
{
    struct pixfer_exporter *e = NULL;

    CHECK(pixfer_exporter_open(&e, name,
                               &PIXFER_EXPORTER_PARAMS(.format = PIXFER_FORMAT_RGBA, .width = width, .height = height,
                                                       .fps_num = 30, .color = *color, .encoder = "libx264",
                                                       .preset = "ultrafast", .rate = PIXFER_RATE_CRF, .rate_value = 0,
                                                       .overwrite = 1, .log = heard)) == PIXFER_OK);
    return e;
}

static struct pixfer_vulkan_params device_params(void)
{
    struct pixfer_vulkan_params params = gpu_params(&gpu, PIXFER_FORMAT_RGBA, PIXFER_FORMAT_NONE, 0, 0, NULL);

    params.queue = gpu.queue;
    return params;
}

static void fill(struct picture *picture, uint32_t width, uint32_t height, struct gpu_buffer *buffer, uint64_t seed)
{
    struct rng rng = {seed};

    picture_place(picture, PIXFER_FORMAT_RGBA, width, height, &(struct picture_layout){0});
    picture_fill(picture, PICTURE_SMOOTH, &rng);
    *buffer = gpu_buffer(&gpu, (size_t)width * height * 4);
    for (uint32_t y = 0; y < height; y++)
        memcpy(buffer->bytes + (size_t)y * width * 4, picture->image.plane[0] + (ptrdiff_t)y * picture->image.stride[0],
               (size_t)width * 4);
}

enum { FRAMES = 24, WIDTH = 96, HEIGHT = 64 };

static void lossless(void)
{
    static const struct pixfer_color color = {PIXFER_MATRIX_BT601, PIXFER_RANGE_LIMITED, PIXFER_SITING_LEFT};
    static struct picture frames[FRAMES], wanted;
    static struct gpu_buffer buffers[FRAMES];
    static uint8_t found[WIDTH * HEIGHT * 3 / 2];
    const struct pixfer_vulkan_params params = device_params();
    struct pixfer_exporter_stats stats = PIXFER_EXPORTER_STATS();
    struct pixfer_exporter *e = open_export(WIDTH, HEIGHT, &color);
    char command[1200];
    FILE *decoded;

    if (!e)
        return;
    CHECK(pixfer_exporter_attach_vulkan(e, &params) == PIXFER_OK);
    for (int i = 0; i < FRAMES; i++) {
        fill(&frames[i], WIDTH, HEIGHT, &buffers[i], (uint64_t)i + 1);
        if (i % 5 == 3) /* one from the processor */
            CHECK(pixfer_exporter_push(e, &frames[i].image, i) == PIXFER_OK);
        else
            CHECK(pixfer_exporter_push_vulkan(e, &PIXFER_VULKAN_SOURCE(.buffer = buffers[i].buffer), NULL, i) == PIXFER_OK);
    }
    CHECK(pixfer_exporter_finish(e, &stats) == PIXFER_OK);
    CHECK(stats.frames == FRAMES && stats.backend == PIXFER_BACKEND_VULKAN && !strcmp(stats.backend_name, "vulkan") &&
          stats.exact && stats.converted == FRAMES);
    pixfer_exporter_close(&e);
    snprintf(command, sizeof(command), "ffmpeg -nostdin -v error -i '%s' -f rawvideo -pix_fmt nv12 -", name);
    decoded = popen(command, "r");
    for (int i = 0; decoded && i < FRAMES; i++) {
        struct pixfer_image image;
        struct oracle_report report[3];

        if (fread(found, 1, sizeof(found), decoded) != sizeof(found)) {
            printf("FAIL frame %d is not in the file\n", i);
            failures++;
            break;
        }
        pixfer_image_layout(&image, PIXFER_FORMAT_NV12, WIDTH, HEIGHT, found, 1);
        if (oracle_compare(&frames[i].image, &image, &color, report)) {
            printf("FAIL frame %d is another one\n", i);
            failures++;
        }
    }
    CHECK(decoded && fread(found, 1, 1, decoded) == 0 && pclose(decoded) == 0);
    for (int i = 0; i < FRAMES; i++) {
        picture_free(&frames[i]);
        gpu_buffer_free(&gpu, &buffers[i]);
    }
    picture_free(&wanted);
}

static void refusals(void)
{
    static const struct pixfer_color color = {PIXFER_MATRIX_BT709, PIXFER_RANGE_LIMITED, PIXFER_SITING_LEFT};
    struct pixfer_vulkan_params params = device_params();
    struct pixfer_exporter_stats stats = PIXFER_EXPORTER_STATS();
    struct pixfer_exporter *e = open_export(33, 17, &color); /* odd: the edge is repeated */
    struct picture picture = {.image.width = 0};
    struct gpu_buffer buffer;
    struct pixfer_vulkan_source source, bad;

    if (!e)
        return;
    fill(&picture, 33, 17, &buffer, 9);
    source = bad = PIXFER_VULKAN_SOURCE(.buffer = buffer.buffer);
    bad.pitch[0] = 7;
    warnings = 0;
    CHECK(pixfer_exporter_push_vulkan(e, &source, NULL, 0) == PIXFER_ERR_INVALID && warnings == 1);
    params.queue = VK_NULL_HANDLE;
    CHECK(pixfer_exporter_attach_vulkan(e, &params) == PIXFER_ERR_INVALID && warnings == 2);
    CHECK(pixfer_exporter_attach_vulkan(e, NULL) == PIXFER_ERR_INVALID && warnings == 3);
    params = device_params();
    params.queue_family = 1000;
    CHECK(pixfer_exporter_attach_vulkan(e, &params) == PIXFER_ERR_INVALID && warnings == 4);
    params = device_params();
    CHECK(pixfer_exporter_attach_vulkan(e, &params) == PIXFER_OK);
    CHECK(pixfer_exporter_attach_vulkan(e, &params) == PIXFER_ERR_INVALID && warnings == 5);
    CHECK(pixfer_exporter_push_vulkan(e, NULL, NULL, 0) == PIXFER_ERR_INVALID && warnings == 6);
    CHECK(pixfer_exporter_push_vulkan(e, &bad, NULL, 0) == PIXFER_ERR_INVALID && warnings == 7);
    CHECK(pixfer_exporter_push_vulkan(e, &source, NULL, 5) == PIXFER_OK);
    CHECK(pixfer_exporter_push_vulkan(e, &source, NULL, 5) == PIXFER_ERR_INVALID && warnings == 8);
    CHECK(pixfer_exporter_push_vulkan(e, &source, NULL, 6) == PIXFER_OK);
    CHECK(pixfer_exporter_finish(e, &stats) == PIXFER_OK && stats.frames == 2 && stats.refused == 4);
    CHECK(pixfer_exporter_push_vulkan(NULL, &source, NULL, 7) == PIXFER_ERR_INVALID);
    CHECK(pixfer_exporter_attach_vulkan(NULL, &params) == PIXFER_ERR_INVALID);
    pixfer_exporter_close(&e);

    for (int cancel = 0; cancel < 2; cancel++) { /* with frames under way */
        e = open_export(33, 17, &color);
        CHECK(pixfer_exporter_attach_vulkan(e, &params) == PIXFER_OK);
        for (int i = 0; i < 6; i++)
            CHECK(pixfer_exporter_push_vulkan(e, &source, NULL, i) == PIXFER_OK);
        if (cancel)
            pixfer_exporter_cancel(e);
        pixfer_exporter_close(&e);
    }
    MUST(vkQueueWaitIdle(gpu.queue));
    picture_free(&picture);
    gpu_buffer_free(&gpu, &buffer);
}

int main(int argc, char **argv)
{
    if (argc != 2 || !gpu_open(&gpu))
        return argc == 2 ? 77 : 2;
    snprintf(name, sizeof(name), "%s/vulkan_export.mp4", argv[1]);
    lossless();
    refusals();
    remove(name);
    failures += gpu_close(&gpu) != 0;
    printf("%u failures\n", failures);
    return failures != 0;
}

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* All 2^24 colours on the device. Without arguments: each path of the shader once, Y, Cb and Cr of every colour against the oracle. With
 * --all: every configuration that is carried, every colour in order and scattered, so that what is averaged is of all kinds, too; against
 * the processor's kernels, which the oracle's own tests compare with it. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../common/convert.h"
#include "../oracle/oracle.h"
#include "gpu.h"

#define SIDE 4096u
#define PIXELS ((size_t)SIDE * SIDE)

static struct gpu gpu;
static unsigned failures, compared;
static struct gpu_buffer pixels, planes;

static uint32_t scattered(uint32_t i)
{
    return i * 0x9e3779u & 0xffffff; /* odd: every colour once */
}

static void paint(bool scatter)
{
    for (uint32_t i = 0; i < PIXELS; i++) {
        const uint32_t colour = scatter ? scattered(i ^ i >> 11) : i;
        const uint8_t pixel[4] = {(uint8_t)colour, (uint8_t)(colour >> 8), (uint8_t)(colour >> 16), (uint8_t)(i * 7)};

        memcpy(pixels.bytes + 4 * (size_t)i, pixel, 4);
    }
}

static bool convert(const struct pixfer_vulkan_source *source, const struct pixfer_vulkan_target *target, enum pixfer_format src,
                    enum pixfer_format dst, const struct pixfer_color *color)
{
    struct pixfer_vulkan_params params = gpu_params(&gpu, src, dst, SIDE, SIDE, color);
    struct pixfer_vulkan *v = NULL;
    enum pixfer_result result = pixfer_vulkan_open(&v, &params);

    if (result == PIXFER_ERR_UNSUPPORTED && dst == PIXFER_FORMAT_P010 && color->range == PIXFER_RANGE_FULL)
        return false;
    if (result == PIXFER_OK) {
        VkCommandBuffer cmd = gpu_begin(&gpu);

        result = pixfer_vulkan_record(v, cmd, source, target);
        gpu_end(&gpu, cmd);
    }
    pixfer_vulkan_close(&v);
    if (result != PIXFER_OK) {
        printf("FAIL %s, %s: %s\n", pixfer_format_name(dst), color_name(color), pixfer_strerror(result));
        failures++;
    }
    return result == PIXFER_OK;
}

/* ---- Each path against the oracle ---- */

static void against_oracle(const char *path, const struct pixfer_color *color, bool bgr, size_t cb, size_t cr, size_t step)
{
    static const char *const names[] = {"Y", "Cb", "Cr"};

    for (size_t i = 0; i < PIXELS; i++) {
        const int64_t low = i & 255, g = i >> 8 & 255, high = i >> 16, r = bgr ? high : low, b = bgr ? low : high;
        const uint8_t found[3] = {planes.bytes[i], planes.bytes[cb + i * step], planes.bytes[cr + i * step]};

        for (int k = 0; k < 3; k++) {
            const unsigned expected = oracle_round(oracle_value_of(color, 8, (enum oracle_component)k, r, g, b, 1), 8);

            if (found[k] != expected) {
                printf("FAIL %s: %s of (%d, %d, %d) is %u, expected %u\n", path, names[k], (int)r, (int)g, (int)b, found[k],
                       expected);
                failures++;
                return;
            }
        }
    }
    compared++;
}

static void paths(void)
{
    static const struct pixfer_color color = {PIXFER_MATRIX_BT709, PIXFER_RANGE_LIMITED, PIXFER_SITING_LEFT};
    const struct pixfer_vulkan_source buffer = PIXFER_VULKAN_SOURCE(.buffer = pixels.buffer);
    const struct pixfer_vulkan_target target = PIXFER_VULKAN_TARGET(.buffer = planes.buffer);
    struct gpu_image image = gpu_image(&gpu, VK_FORMAT_B8G8R8A8_UNORM, SIDE, SIDE, VK_IMAGE_USAGE_SAMPLED_BIT, 0, 1, 1);
    struct gpu_image storage = gpu_image(&gpu, VK_FORMAT_R8G8B8A8_UNORM, SIDE, SIDE, VK_IMAGE_USAGE_STORAGE_BIT, 0, 1, 1);

    paint(false);
    gpu_put(&gpu, image.image, &pixels, SIDE, SIDE, 0, 0, VK_IMAGE_LAYOUT_GENERAL);
    gpu_put(&gpu, storage.image, &pixels, SIDE, SIDE, 0, 0, VK_IMAGE_LAYOUT_GENERAL);
    if (convert(&buffer, &target, PIXFER_FORMAT_RGBA, PIXFER_FORMAT_I444, &color))
        against_oracle("buffer to buffer", &color, false, PIXELS, 2 * PIXELS, 1);
    if (convert(&PIXFER_VULKAN_SOURCE(.image = image.image, .format = image.format, .layout = VK_IMAGE_LAYOUT_GENERAL), &target,
                PIXFER_FORMAT_NONE, PIXFER_FORMAT_NV24, &color))
        against_oracle("image to buffer", &color, true, PIXELS, PIXELS + 1, 2);
    if (gpu.writes_without_format) {
        struct gpu_image to[2] = {gpu_image(&gpu, VK_FORMAT_R8_UNORM, SIDE, SIDE, VK_IMAGE_USAGE_STORAGE_BIT, 0, 1, 1),
                                  gpu_image(&gpu, VK_FORMAT_R8G8_UNORM, SIDE, SIDE, VK_IMAGE_USAGE_STORAGE_BIT, 0, 1, 1)};

        if (convert(&PIXFER_VULKAN_SOURCE(.image = storage.image, .format = storage.format, .layout = VK_IMAGE_LAYOUT_GENERAL,
                                          .storage = 1),
                    &PIXFER_VULKAN_TARGET(.image = {to[0].image, to[1].image}), PIXFER_FORMAT_NONE, PIXFER_FORMAT_NV24, &color)) {
            gpu_get(&gpu, to[0].image, VK_IMAGE_ASPECT_COLOR_BIT, &planes, 0, SIDE, SIDE, VK_IMAGE_LAYOUT_GENERAL);
            gpu_get(&gpu, to[1].image, VK_IMAGE_ASPECT_COLOR_BIT, &planes, PIXELS, SIDE, SIDE, VK_IMAGE_LAYOUT_GENERAL);
            against_oracle("storage image to images", &color, false, PIXELS, PIXELS + 1, 2);
        }
        for (int i = 0; i < 2; i++)
            gpu_image_free(&gpu, &to[i]);
    }
    gpu_image_free(&gpu, &image);
    gpu_image_free(&gpu, &storage);
}

/* ---- Every configuration against the kernels ---- */

static void against_kernels(enum pixfer_format dst, const struct pixfer_color *color, uint8_t *memory)
{
    struct pixfer_image from, to;
    struct pixfer_converter *c = NULL;
    const size_t size = pixfer_image_layout(&to, dst, SIDE, SIDE, memory, 1);

    if (!convert(&PIXFER_VULKAN_SOURCE(.buffer = pixels.buffer), &PIXFER_VULKAN_TARGET(.buffer = planes.buffer),
                 PIXFER_FORMAT_RGBA, dst, color))
        return;
    pixfer_image_layout(&from, PIXFER_FORMAT_RGBA, SIDE, SIDE, pixels.bytes, 1);
    if (pixfer_converter_open(&c, &PIXFER_CONVERTER_PARAMS(.src_format = PIXFER_FORMAT_RGBA, .dst_format = dst, .width = SIDE,
                                                           .height = SIDE, .color = *color, .backend = PIXFER_BACKEND_CPU)) ||
        pixfer_convert(c, &from, &to) || memcmp(memory, planes.bytes, size)) {
        printf("FAIL %s, %s: another frame than the processor's\n", pixfer_format_name(dst), color_name(color));
        failures++;
    }
    pixfer_converter_close(&c);
    compared++;
}

static void all(void)
{
    static const enum pixfer_format formats[] = {PIXFER_FORMAT_NV12, PIXFER_FORMAT_P010, PIXFER_FORMAT_I422, PIXFER_FORMAT_I444};
    uint8_t *memory = malloc(3 * PIXELS);

    for (int scatter = 0; scatter < 2; scatter++) {
        paint(scatter);
        for (unsigned i = 0; i < COLORS; i++)
            for (size_t f = 0; f < sizeof(formats) / sizeof(*formats); f++) {
                const struct pixfer_color color = color_number(i);

                if (f < 2 || (f == 2 && color.siting != PIXFER_SITING_TOP_LEFT) || color.siting == PIXFER_SITING_LEFT)
                    against_kernels(formats[f], &color, memory);
            }
        printf("# %u frames of every colour compared\n", compared);
    }
    free(memory);
}

int main(int argc, char **argv)
{
    if (!gpu_open(&gpu))
        return 77;
    pixels = gpu_buffer(&gpu, 4 * PIXELS);
    planes = gpu_buffer(&gpu, 3 * PIXELS);
    if (argc > 1 && !strcmp(argv[1], "--all"))
        all();
    else
        paths();
    gpu_buffer_free(&gpu, &pixels);
    gpu_buffer_free(&gpu, &planes);
    failures += gpu_close(&gpu) != 0;
    printf("%u frames of every colour compared, %u failures\n", compared, failures);
    return failures != 0 || !compared;
}

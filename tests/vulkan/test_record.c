/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* pixfer_vulkan_record against the oracle: sources and targets of every kind, in every layout, with crops, offsets and pitches, for
 * random sizes, formats and colours; what lies between and beside the rows stays as it was.
 *
 *     test_record [--cases N] [--seed N] */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../common/convert.h"
#include "../oracle/oracle.h"
#include "gpu.h"

static struct gpu gpu;
static struct rng rng;
static struct picture src, wanted;
static unsigned failures, done, kinds[3][3], refused;

static const VkImageLayout layouts[] = {VK_IMAGE_LAYOUT_GENERAL, VK_IMAGE_LAYOUT_SHADER_READ_ONLY_OPTIMAL,
                                        VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL, VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL,
                                        VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL};
#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static void heard(void *opaque, int level, const char *message)
{
    (void)opaque;
    if (level == PIXFER_LOG_ERROR)
        printf("  %s\n", message);
}

/* A frame's planes in a buffer, somewhere. */
struct place {
    size_t offset[3], pitch[3], end;
};

static struct place any_place(enum pixfer_format format, uint32_t width, uint32_t height)
{
    struct place p = {.end = rng_below(&rng, 3) * rng_below(&rng, 300)};
    const bool rows_of_256 = rng_below(&rng, 4) == 0, tight = rng_below(&rng, 4) == 0;
    const size_t unit = oracle_depth(format) > 8 ? 2 : 1;

    if (tight)
        p.end = 0;
    for (unsigned i = 0; i < pixfer_format_planes(format); i++) {
        size_t row_bytes, rows;

        pixfer_plane_size(format, width, height, i, &row_bytes, &rows);
        p.offset[i] = (p.end + (tight ? 0 : rng_below(&rng, 9)) + unit - 1) / unit * unit;
        p.pitch[i] = rows_of_256 ? (row_bytes + 255) & ~(size_t)255 : row_bytes + (tight ? 0 : rng_below(&rng, 9) * unit);
        p.end = p.offset[i] + (rows - 1) * p.pitch[i] + row_bytes;
        if (!rows_of_256 && !tight && i == 0 && rng_below(&rng, 4) == 0) { /* all rows, also the last, whole words */
            p.pitch[i] = (p.pitch[i] + 3) & ~(size_t)3;
            p.end = p.offset[i] + rows * p.pitch[i];
        } else if (tight) {
            p.end = p.offset[i] + rows * p.pitch[i];
        }
    }
    return p;
}

static void copy_plane(const struct pixfer_image *image, unsigned plane, uint8_t *bytes, size_t pitch, bool from_image)
{
    size_t row_bytes, rows;

    pixfer_plane_size(image->format, image->width, image->height, plane, &row_bytes, &rows);
    for (size_t y = 0; y < rows; y++) {
        uint8_t *row = image->plane[plane] + (ptrdiff_t)y * image->stride[plane];

        memcpy(from_image ? bytes + y * pitch : row, from_image ? row : bytes + y * pitch, row_bytes);
    }
}

/* ---- Sources ---- */

struct from {
    struct gpu_buffer buffer;
    struct gpu_image image;
    VkImageView view;
    struct pixfer_vulkan_source source;
};

static struct from source_buffer(void)
{
    const struct place p = any_place(src.image.format, src.image.width, src.image.height);
    struct from f = {.buffer = gpu_buffer(&gpu, (p.end + 3) & ~(size_t)3), .source = PIXFER_VULKAN_SOURCE()};

    for (unsigned i = 0; i < pixfer_format_planes(src.image.format); i++) {
        copy_plane(&src.image, i, f.buffer.bytes + p.offset[i], p.pitch[i], true);
        f.source.offset[i] = p.offset[i];
        f.source.pitch[i] = p.pitch[i];
    }
    f.source.buffer = f.buffer.buffer;
    return f;
}

/* The frame is a part of a larger image, perhaps in a second level or layer of one. */
static struct from source_image(bool storage)
{
    static const VkFormat formats[] = {VK_FORMAT_R8G8B8A8_UNORM, VK_FORMAT_R8G8B8A8_SRGB, VK_FORMAT_B8G8R8A8_UNORM,
                                       VK_FORMAT_B8G8R8A8_SRGB, VK_FORMAT_A8B8G8R8_UNORM_PACK32};
    const bool crop = rng_below(&rng, 2);
    const uint32_t level = rng_below(&rng, 4) == 0, layer = rng_below(&rng, 4) == 0;
    const uint32_t x = crop ? rng_below(&rng, 7) : 0, y = crop ? rng_below(&rng, 7) : 0;
    const uint32_t width = src.image.width + x + (crop ? rng_below(&rng, 5) : 0);
    const uint32_t height = src.image.height + y + (crop ? rng_below(&rng, 5) : 0);
    const VkFormat format = formats[storage ? 0 : rng_below(&rng, COUNT(formats))];
    const bool srgb = format == VK_FORMAT_R8G8B8A8_SRGB || format == VK_FORMAT_B8G8R8A8_SRGB;
    const bool bgr = format == VK_FORMAT_B8G8R8A8_UNORM || format == VK_FORMAT_B8G8R8A8_SRGB;
    struct from f = {.buffer = gpu_buffer(&gpu, (size_t)width * height * 4)};

    for (size_t i = 0; i < f.buffer.size; i++)
        f.buffer.bytes[i] = (uint8_t)rng_next(&rng);
    for (uint32_t row = 0; row < src.image.height; row++)
        for (uint32_t i = 0; i < src.image.width; i++) {
            const uint8_t *from = src.image.plane[0] + (ptrdiff_t)row * src.image.stride[0] + (size_t)i * 4;
            uint8_t *to = f.buffer.bytes + ((size_t)(row + y) * width + x + i) * 4;

            for (int k = 0; k < 4; k++)
                to[bgr && k < 3 ? 2 - k : k] = from[k];
        }
    f.image = gpu_image(&gpu, format, width << level, height << level,
                        storage ? VK_IMAGE_USAGE_STORAGE_BIT : VK_IMAGE_USAGE_SAMPLED_BIT | VK_IMAGE_USAGE_COLOR_ATTACHMENT_BIT,
                        srgb ? VK_IMAGE_CREATE_MUTABLE_FORMAT_BIT : 0, layer + 1, level + 1);
    f.source = PIXFER_VULKAN_SOURCE(.image = f.image.image, .format = format, .mip_level = level, .array_layer = layer, .x = x,
                                    .y = y, .storage = storage);
    do
        f.source.layout = layouts[rng_below(&rng, COUNT(layouts))];
    while (storage && (f.source.layout == VK_IMAGE_LAYOUT_SHADER_READ_ONLY_OPTIMAL ||
                       f.source.layout == VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL));
    if (rng_below(&rng, 4) == 0)
        f.source.final_layout = VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL;
    gpu_put(&gpu, f.image.image, &f.buffer, width, height, level, layer, f.source.layout);
    if (!level && !layer && !srgb && rng_below(&rng, 2))
        f.source.view = f.view = gpu_view(&gpu, f.image.image, format, VK_IMAGE_ASPECT_COLOR_BIT);
    return f;
}

/* The layout that was promised is the one it is in: validation looks at this copy. */
static void free_source(struct from *f)
{
    if (f->image.image) {
        VkCommandBuffer cmd = gpu_begin(&gpu);

        gpu_barrier(cmd, f->image.image, f->source.final_layout ? f->source.final_layout : f->source.layout,
                    VK_IMAGE_LAYOUT_GENERAL, f->source.mip_level, f->source.array_layer);
        gpu_end(&gpu, cmd);
        vkDestroyImageView(gpu.device, f->view, NULL);
        gpu_image_free(&gpu, &f->image);
    }
    gpu_buffer_free(&gpu, &f->buffer);
}

/* ---- Targets ---- */

struct to {
    struct gpu_buffer buffer;
    struct gpu_image image[2];
    VkImageView view[2];
    struct place place;
    struct pixfer_vulkan_target target;
};

#define PATTERN(at) ((uint8_t)((at)*167 + 13))

static struct to target_buffer(enum pixfer_format format, uint32_t width, uint32_t height)
{
    struct to t = {.place = any_place(format, width, height), .target = PIXFER_VULKAN_TARGET()};

    t.buffer = gpu_buffer(&gpu, (t.place.end + 3 + 256) & ~(size_t)3);
    for (size_t i = 0; i < t.buffer.size; i++)
        t.buffer.bytes[i] = PATTERN(i);
    t.target.buffer = t.buffer.buffer;
    for (unsigned i = 0; i < pixfer_format_planes(format); i++) {
        t.target.offset[i] = t.place.offset[i];
        t.target.pitch[i] = t.place.pitch[i];
    }
    if (t.place.offset[0] == 0 && rng_below(&rng, 2)) { /* what is left out means no gaps */
        size_t row_bytes, rows, end = 0;
        bool tight = true;

        for (unsigned i = 0; i < pixfer_format_planes(format); i++) {
            pixfer_plane_size(format, width, height, i, &row_bytes, &rows);
            tight = tight && t.place.offset[i] == end && t.place.pitch[i] == row_bytes;
            end += rows * row_bytes;
        }
        if (tight)
            t.target = PIXFER_VULKAN_TARGET(.buffer = t.buffer.buffer);
    }
    return t;
}

static VkFormat two_planes(enum pixfer_format format)
{
    return format == PIXFER_FORMAT_NV12   ? VK_FORMAT_G8_B8R8_2PLANE_420_UNORM
           : format == PIXFER_FORMAT_NV16 ? VK_FORMAT_G8_B8R8_2PLANE_422_UNORM
           : format == PIXFER_FORMAT_P010 ? VK_FORMAT_G10X6_B10X6R10X6_2PLANE_420_UNORM_3PACK16
                                          : VK_FORMAT_UNDEFINED;
}

static bool device_has(VkFormat format)
{
    const VkPhysicalDeviceImageFormatInfo2 info = {.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_IMAGE_FORMAT_INFO_2,
                                                   .format = format,
                                                   .type = VK_IMAGE_TYPE_2D,
                                                   .tiling = VK_IMAGE_TILING_OPTIMAL,
                                                   .usage = VK_IMAGE_USAGE_STORAGE_BIT,
                                                   .flags =
                                                       VK_IMAGE_CREATE_MUTABLE_FORMAT_BIT | VK_IMAGE_CREATE_EXTENDED_USAGE_BIT};
    VkImageFormatProperties2 properties = {.sType = VK_STRUCTURE_TYPE_IMAGE_FORMAT_PROPERTIES_2};

    return format && vkGetPhysicalDeviceImageFormatProperties2(gpu.physical, &info, &properties) == VK_SUCCESS;
}

static struct to target_images(enum pixfer_format format, uint32_t width, uint32_t height, bool whole)
{
    const bool deep = oracle_depth(format) > 8;
    const VkFormat formats[] = {deep ? VK_FORMAT_R16_UNORM : VK_FORMAT_R8_UNORM,
                                deep ? VK_FORMAT_R16G16_UNORM : VK_FORMAT_R8G8_UNORM};
    struct to t = {.target = PIXFER_VULKAN_TARGET()};

    t.buffer = gpu_buffer(&gpu, (size_t)width * height * 6 + 256);
    for (unsigned i = 0; i < 2; i++) {
        size_t row_bytes, rows;

        pixfer_plane_size(format, width, height, i, &row_bytes, &rows);
        t.place.pitch[i] = row_bytes;
        t.place.offset[i] = i ? (t.place.pitch[0] * height + 3) & ~(size_t)3 : 0;
        if (!whole)
            t.image[i] = gpu_image(&gpu, formats[i], (uint32_t)(row_bytes / ((i + 1u) * (deep ? 2u : 1u))), (uint32_t)rows,
                                   VK_IMAGE_USAGE_STORAGE_BIT, 0, 1, 1);
    }
    if (whole) {
        t.image[0] = gpu_image(&gpu, two_planes(format), width, height, VK_IMAGE_USAGE_STORAGE_BIT,
                               VK_IMAGE_CREATE_MUTABLE_FORMAT_BIT | VK_IMAGE_CREATE_EXTENDED_USAGE_BIT, 1, 1);
        t.target.format = two_planes(format);
    }
    t.target.image[0] = t.image[0].image;
    t.target.image[1] = t.image[1].image;
    if (rng_below(&rng, 2))
        t.target.final_layout = VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL;
    if (!whole && rng_below(&rng, 2))
        for (int i = 0; i < 2; i++)
            t.target.view[i] = t.view[i] = gpu_view(&gpu, t.image[i].image, formats[i], VK_IMAGE_ASPECT_COLOR_BIT);
    return t;
}

/* Brings the planes into the buffer. */
static void fetch_images(struct to *t, enum pixfer_format format, uint32_t width, uint32_t height)
{
    const VkImageLayout layout = t->target.final_layout ? t->target.final_layout : VK_IMAGE_LAYOUT_GENERAL;
    const unsigned unit = oracle_depth(format) > 8 ? 2 : 1;

    (void)width, (void)height;
    for (unsigned i = 0; i < 2; i++) {
        size_t row_bytes, rows;

        pixfer_plane_size(format, width, height, i, &row_bytes, &rows);
        gpu_get(&gpu, t->target.format ? t->image[0].image : t->image[i].image,
                t->target.format ? (i ? VK_IMAGE_ASPECT_PLANE_1_BIT : VK_IMAGE_ASPECT_PLANE_0_BIT) : VK_IMAGE_ASPECT_COLOR_BIT,
                &t->buffer, t->place.offset[i], (uint32_t)(row_bytes / ((i + 1u) * unit)), (uint32_t)rows, layout);
    }
}

static void free_target(struct to *t)
{
    for (int i = 0; i < 2; i++) {
        vkDestroyImageView(gpu.device, t->view[i], NULL);
        if (t->image[i].image)
            gpu_image_free(&gpu, &t->image[i]);
    }
    gpu_buffer_free(&gpu, &t->buffer);
}

/* ---- A case ---- */

static void compare(struct to *t, const struct pixfer_image *image, const char *what, bool padding)
{
    uint8_t *expected = malloc(t->buffer.size);

    for (size_t i = 0; i < t->buffer.size; i++)
        expected[i] = padding ? PATTERN(i) : t->buffer.bytes[i];
    for (unsigned i = 0; i < pixfer_format_planes(image->format); i++)
        copy_plane(image, i, expected + t->place.offset[i], t->place.pitch[i], true);
    for (size_t i = 0; i < t->buffer.size; i++)
        if (expected[i] != t->buffer.bytes[i]) {
            printf("FAIL %s: byte %zu of the target is %u, expected %u (planes at %zu, %zu, %zu with pitches %zu, %zu, %zu)\n",
                   what, i, t->buffer.bytes[i], expected[i], t->place.offset[0], t->place.offset[1], t->place.offset[2],
                   t->place.pitch[0], t->place.pitch[1], t->place.pitch[2]);
            failures++;
            break;
        }
    free(expected);
}

static void one_case(unsigned number)
{
    const struct pixfer_color color = color_number(rng_below(&rng, COLORS));
    const enum pixfer_format dst = destinations[rng_below(&rng, BYTE_DESTINATIONS)];
    const unsigned from_kind = rng_below(&rng, 3);
    unsigned to_kind = rng_below(&rng, 3);
    const enum pixfer_format format = from_kind == 0 ? sources[rng_below(&rng, BYTE_SOURCES)] : PIXFER_FORMAT_RGBA;
    uint32_t width = 1 + rng_below(&rng, rng_below(&rng, 4) ? 40 : 150), height = 1 + rng_below(&rng, 40);
    struct pixfer_vulkan *v = NULL;
    struct pixfer_vulkan_params params;
    char what[200];

    if (to_kind && (pixfer_format_planes(dst) != 2 || !gpu.writes_without_format))
        to_kind = 0;
    if (to_kind == 2 && !device_has(two_planes(dst)))
        to_kind = 1;
    if (to_kind == 2) {
        width = (width + 1) & ~1u;
        height = (height + 1) & ~1u;
    }
    picture_place(&src, format, width, height, &(struct picture_layout){0});
    picture_fill(&src, (enum picture_content)rng_below(&rng, PICTURE_CONTENTS), &rng);
    snprintf(what, sizeof(what), "case %u: %s %s to %s %s, %s, %ux%u", number,
             from_kind == 0   ? "buffer of"
             : from_kind == 1 ? "image of"
                              : "storage image of",
             pixfer_format_name(format),
             to_kind == 0   ? "buffer of"
             : to_kind == 1 ? "images of"
                            : "two-plane image of",
             pixfer_format_name(dst), color_name(&color), width, height);
    params = gpu_params(&gpu, from_kind ? PIXFER_FORMAT_NONE : format, dst, width, height, &color);
    params.recordings = 1;
    params.log = number == UINT32_MAX ? NULL : heard;
    const bool may_be_refused = dst == PIXFER_FORMAT_P010 && color.range == PIXFER_RANGE_FULL;
    if (may_be_refused)
        params.log = NULL;
    const enum pixfer_result opened = pixfer_vulkan_open(&v, &params);
    if (opened == PIXFER_ERR_UNSUPPORTED && may_be_refused) {
        refused++;
        return;
    }
    if (opened != PIXFER_OK) {
        printf("FAIL %s: not opened: %s\n", what, pixfer_strerror(opened));
        failures++;
        return;
    }
    picture_place(&wanted, dst, width, height, &(struct picture_layout){0});
    oracle_convert(&src.image, &wanted.image, &color);

    struct from f = from_kind ? source_image(from_kind == 2) : source_buffer();
    struct to t = to_kind ? target_images(dst, width, height, to_kind == 2) : target_buffer(dst, width, height);
    VkCommandBuffer cmd = gpu_begin(&gpu);
    const enum pixfer_result result = pixfer_vulkan_record(v, cmd, &f.source, &t.target);
    gpu_end(&gpu, cmd);
    if (result != PIXFER_OK) {
        printf("FAIL %s: not recorded: %s\n", what, pixfer_strerror(result));
        failures++;
    } else {
        if (to_kind)
            fetch_images(&t, dst, width, height);
        compare(&t, &wanted.image, what, to_kind == 0);
    }
    kinds[from_kind][to_kind]++;
    done++;
    pixfer_vulkan_close(&v);
    free_source(&f);
    free_target(&t);
}

int main(int argc, char **argv)
{
    unsigned cases = 300;

    rng.state = 12;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (!strcmp(argv[i], "--cases"))
            cases = (unsigned)strtoul(argv[i + 1], NULL, 10);
        if (!strcmp(argv[i], "--seed"))
            rng.state = strtoull(argv[i + 1], NULL, 10);
    }
    if (!gpu_open(&gpu))
        return 77;
    for (unsigned i = 0; i < cases && failures < 20; i++)
        one_case(i);
    failures += gpu_close(&gpu) != 0;
    picture_free(&src);
    picture_free(&wanted);
    printf(
        "from buffers, images, storage images: %u, %u, %u to buffers, %u, %u, %u to images, %u, %u, %u to images of two planes; "
        "%u do not fit; %u failures\n",
        kinds[0][0], kinds[1][0], kinds[2][0], kinds[0][1], kinds[1][1], kinds[2][1], kinds[0][2], kinds[1][2], kinds[2][2],
        refused, failures);
    return failures != 0 || !done;
}

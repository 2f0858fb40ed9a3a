/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* A driver that answers "success" may still have drawn green, swapped red and blue, or used another matrix or range. So a backend
 * that does not promise exactness converts a small known picture first, and must come close to what the C kernel makes of it. */

#include "selftest.h"

#include <stdlib.h>
#include <string.h>

#include "image.h"
#include "kernels/kernels.h"

/* Blocks of one colour, so that a scaler's choice of filter at their edges is not what is judged. */
#define WIDTH 64
#define HEIGHT 32
#define BLOCK 8

static void draw(const struct pixfer_image *image)
{
    static const uint8_t colors[][3] = {
        {255, 255, 255}, {255, 255, 0},   {0, 255, 255},   {0, 255, 0},   {255, 0, 255}, {255, 0, 0},
        {0, 0, 255},     {0, 0, 0},       {128, 128, 128}, {191, 64, 32}, {32, 191, 64}, {64, 32, 191},
        {16, 16, 16},    {235, 235, 235}, {250, 128, 114}, {10, 60, 90},
    };
    struct pixfer_kernel_config order;

    /* Weights are laid out in component order: where luma's red, green and blue weights stand, the components stand. */
    pixfer_kernel_config_init(&order, image->format, PIXFER_FORMAT_I444, &(struct pixfer_color){.matrix = PIXFER_MATRIX_BT709});
    for (uint32_t y = 0; y < HEIGHT; y++) {
        for (uint32_t x = 0; x < WIDTH; x++) {
            const uint8_t *color = colors[(x / BLOCK + y / BLOCK * 3) % (sizeof(colors) / sizeof(*colors))];

            for (unsigned i = 0; i < 4; i++) {
                const int16_t w = order.math.y.weight[i];
                const uint8_t value = w == 1063 ? color[0] : w == 3576 ? color[1] : w == 361 ? color[2] : 255;

                if (order.load == PIXFER_LOAD_PLANAR && w)
                    image->plane[i][(ptrdiff_t)y * image->stride[i] + x] = value;
                else if (order.load == PIXFER_LOAD_PACKED4 || (order.load == PIXFER_LOAD_PACKED3 && w))
                    image->plane[0][(ptrdiff_t)y * image->stride[0] + x * (order.load == PIXFER_LOAD_PACKED4 ? 4 : 3) + i] =
                        value;
            }
        }
    }
}

static unsigned sample_at(const struct pixfer_image *image, unsigned plane, size_t row, size_t i)
{
    const uint8_t *line = image->plane[plane] + (ptrdiff_t)row * image->stride[plane];
    uint16_t word;

    if (image->format != PIXFER_FORMAT_P010)
        return line[i];
    memcpy(&word, line + 2 * i, sizeof(word));
    return word >> 6;
}

/* The first sample in the middle of a block that is further from the truth than the backend may be. */
static bool compare(const struct pixfer_backend_ops *ops, const struct pixfer_image *truth, const struct pixfer_image *found,
                    struct pixfer_reason *reason)
{
    const struct pixfer_format_layout *layout = pixfer_format_layout(truth->format);
    const unsigned bytes = truth->format == PIXFER_FORMAT_P010 ? 2 : 1;

    for (unsigned plane = 0; plane < layout->planes; plane++) {
        const unsigned allowed = (plane ? ops->chroma_tolerance : ops->luma_tolerance) << (bytes == 2 ? 2 : 0);
        const size_t block_x = BLOCK >> (plane ? layout->chroma_x : 0), block_y = BLOCK >> (plane ? layout->chroma_y : 0);
        const size_t per_pixel = layout->unit[plane] / bytes;
        size_t row_bytes, rows;

        pixfer_plane_size(truth->format, WIDTH, HEIGHT, plane, &row_bytes, &rows);
        for (size_t row = block_y / 2; row < rows; row += block_y) {
            for (size_t x = block_x / 2; x < row_bytes / layout->unit[plane]; x += block_x) {
                for (size_t i = x * per_pixel; i < (x + 1) * per_pixel; i++) {
                    const unsigned want = sample_at(truth, plane, row, i), got = sample_at(found, plane, row, i);

                    if ((want > got ? want - got : got - want) > allowed) {
                        pixfer_reason_set(reason,
                                          "%s: self-test found %u in plane %u at column %zu, row %zu, expected %u within %u",
                                          ops->name, got, plane, i, row, want, allowed);
                        return false;
                    }
                }
            }
        }
    }
    return true;
}

enum pixfer_result pixfer_selftest(const struct pixfer_backend_ops *ops, const struct pixfer_backend_config *config,
                                   struct pixfer_reason *reason)
{
    struct pixfer_backend_config small = *config;
    struct pixfer_kernels kernels = {0};
    struct pixfer_image src, truth, found;
    const size_t src_size = pixfer_image_layout(&src, config->src_format, WIDTH, HEIGHT, NULL, 64);
    const size_t dst_size = pixfer_image_layout(&truth, config->dst_format, WIDTH, HEIGHT, NULL, 64);
    uint8_t *memory = calloc(1, src_size + 2 * dst_size);
    void *state = NULL;
    enum pixfer_result result;

    if (!memory) {
        pixfer_reason_set(reason, "%s: out of memory for the self-test", ops->name);
        return PIXFER_ERR_NO_MEMORY;
    }
    pixfer_image_layout(&src, config->src_format, WIDTH, HEIGHT, memory, 64);
    pixfer_image_layout(&truth, config->dst_format, WIDTH, HEIGHT, memory + src_size, 64);
    pixfer_image_layout(&found, config->dst_format, WIDTH, HEIGHT, memory + src_size + dst_size, 64);
    draw(&src);
    pixfer_kernel_config_init(&kernels.config, config->src_format, config->dst_format, &config->color);
    pixfer_kernels_init(&kernels, "c");
    pixfer_cpu_convert_rows(&kernels, &src, &truth, 0, HEIGHT);

    small.width = WIDTH;
    small.height = HEIGHT;
    small.threads = 1;
    result = ops->open(&state, &small, reason);
    if (result == PIXFER_OK) {
        result = ops->convert(state, &src, &found, reason);
        if (result == PIXFER_OK && !compare(ops, &truth, &found, reason))
            result = PIXFER_ERR_DEVICE;
        ops->close(state);
    }
    free(memory);
    return result;
}

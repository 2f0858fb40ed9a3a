/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* A driver that answers "success" may still have drawn green, swapped red and blue, or used another matrix or range. So a backend
 * that does not promise exactness converts a small known frame first, and must come close to what the C kernel makes of it. */

#include "selftest.h"

#include <stdlib.h>
#include <string.h>

#include "../kernels/kernels.h"
#include "image.h"

/* Blocks of one colour or of one fine texture, so that a scaler's choice of filter at their edges is not what is judged: judged are
 * the middles of blocks. In a texture the first of every 2 x 2 pixels has another colour than the rest, so that chroma which is
 * decimated instead of averaged shows; any average, wherever it is sited, comes to the same. Sizes get the parity of the frame
 * that the caller will convert: buffers of odd size are where systems differ. */
#define WIDTH 64
#define HEIGHT 32
#define BLOCK 8

static const uint8_t *color_at(uint32_t x, uint32_t y, bool other)
{
    static const uint8_t colors[16][3] = {
        {255, 255, 255}, {255, 255, 0},   {0, 255, 255},   {0, 255, 0},   {255, 0, 255}, {255, 0, 0},
        {0, 0, 255},     {0, 0, 0},       {128, 128, 128}, {191, 64, 32}, {32, 191, 64}, {64, 32, 191},
        {16, 16, 16},    {235, 235, 235}, {250, 128, 114}, {10, 60, 90},
    };
    /* The odd column and row belong to the last block, which is plain. */
    const uint32_t bx = (x < WIDTH ? x : WIDTH - 1) / BLOCK, by = (y < HEIGHT ? y : HEIGHT - 1) / BLOCK;
    const bool texture = bx % 2 == by % 2 && bx + 1 < WIDTH / BLOCK && by + 1 < HEIGHT / BLOCK;

    return colors[(bx + by * 3 + (texture && other ? 5 : 0)) % 16];
}

/* Y'CbCr in groups of two pixels: the same blocks, with the three numbers of a colour for Y, Cb and Cr, brought into the limited range.
 * The texture of chroma changes from group to group: to keep every other column's place is not the same as to move it. */
static void draw_packed422(const struct pixfer_image *image)
{
    const unsigned chroma = !pixfer_format_layout(image->format)->chroma_first;

    for (uint32_t y = 0; y < image->height; y++) {
        uint8_t *row = image->plane[0] + (ptrdiff_t)y * image->stride[0];

        for (uint32_t x = 0; x < image->width + image->width % 2; x++) {
            const uint8_t luma = *color_at(x, y, (x | y) % 2), *color = color_at(x & ~1u, y, (x / 2 | y) % 2);

            row[2 * x + !chroma] = x < image->width ? (uint8_t)(16 + luma * 219 / 255) : (uint8_t)(y * 37);
            row[2 * x + chroma] = (uint8_t)(16 + color[1 + x % 2] * 224 / 255);
        }
    }
}

/* Alpha gets any value: a backend that multiplies by it is wrong. */
static void draw_rgb(const struct pixfer_image *image, const struct pixfer_format_layout *layout)
{
    for (uint32_t y = 0; y < image->height; y++) {
        for (uint32_t x = 0; x < image->width; x++) {
            const uint8_t *color = color_at(x, y, (x | y) % 2);

            if (layout->planes == 1)
                memset(pixfer_row(image, 0, y) + x * layout->unit[0], (uint8_t)(x * 37 + y * 11), layout->unit[0]);
            for (unsigned i = 0; i < 3; i++) {
                const unsigned at = layout->order[i];

                *(layout->planes == 1 ? pixfer_row(image, 0, y) + x * layout->unit[0] + at : pixfer_row(image, at, y) + x) =
                    color[i];
            }
        }
    }
}

static void draw(const struct pixfer_image *image)
{
    if (pixfer_format_is_packed422(image->format))
        draw_packed422(image);
    else
        draw_rgb(image, pixfer_format_layout(image->format));
}

static unsigned sample_at(const struct pixfer_image *image, unsigned plane, size_t row, size_t i)
{
    const uint8_t *line = image->plane[plane] + (ptrdiff_t)row * image->stride[plane];
    uint16_t word;

    const unsigned depth = pixfer_format_layout(image->format)->depth;

    if (depth == 8)
        return line[i];
    memcpy(&word, line + 2 * i, sizeof(word));
    return word >> (16 - depth);
}

struct judge {
    const struct pixfer_backend_ops *ops;
    const struct pixfer_image *truth, *found;
    struct pixfer_reason *reason;
};

static bool compare_sample(const struct judge *judge, unsigned plane, size_t row, size_t i)
{
    const unsigned allowed = (plane ? judge->ops->chroma_tolerance : judge->ops->luma_tolerance)
                             << (pixfer_format_layout(judge->truth->format)->depth - 8);
    const unsigned want = sample_at(judge->truth, plane, row, i), got = sample_at(judge->found, plane, row, i);

    if ((want > got ? want - got : got - want) <= allowed)
        return true;
    pixfer_reason_set(judge->reason, "%s: self-test found %u in plane %u at column %zu, row %zu, expected %u within %u",
                      judge->ops->name, got, plane, i, row, want, allowed);
    return false;
}

/* The middle of the next block, or at last the sample at the edge. */
static size_t next(size_t at, size_t block, size_t count)
{
    return at + block < count || at + 1 >= count ? at + block : count - 1;
}

/* The first sample that is further from the truth than the backend may be. */
static bool compare(const struct judge *judge)
{
    const struct pixfer_format_layout *layout = pixfer_format_layout(judge->truth->format);

    for (unsigned plane = 0; plane < layout->planes; plane++) {
        const size_t block_x = BLOCK >> (plane ? layout->chroma_x : 0), block_y = BLOCK >> (plane ? layout->chroma_y : 0);
        const size_t per_unit = layout->unit[plane] / (layout->depth > 8 ? 2 : 1);
        size_t row_bytes, rows;

        pixfer_plane_size(judge->truth->format, judge->truth->width, judge->truth->height, plane, &row_bytes, &rows);
        for (size_t row = block_y / 2; row < rows; row = next(row, block_y, rows))
            for (size_t x = block_x / 2; x < row_bytes / layout->unit[plane];
                 x = next(x, block_x, row_bytes / layout->unit[plane]))
                for (size_t i = x * per_unit; i < (x + 1) * per_unit; i++)
                    if (!compare_sample(judge, plane, row, i))
                        return false;
    }
    return true;
}

/* Opens the backend on the small frame's size and has it convert. */
static enum pixfer_result convert_small(const struct pixfer_backend_ops *ops, struct pixfer_backend_config config,
                                        const struct pixfer_image *src, const struct pixfer_image *dst,
                                        struct pixfer_reason *reason)
{
    void *state = NULL;
    enum pixfer_result result;

    config.width = src->width;
    config.height = src->height;
    config.threads = 1;
    result = ops->open(&state, &config, reason);
    if (result == PIXFER_OK) {
        result = ops->convert(state, src, dst, reason);
        ops->close(state);
    }
    return result;
}

enum pixfer_result pixfer_selftest(const struct pixfer_backend_ops *ops, const struct pixfer_backend_config *config,
                                   struct pixfer_reason *reason)
{
    const uint32_t width = WIDTH + config->width % 2, height = HEIGHT + config->height % 2;
    struct pixfer_kernels kernels = {0};
    struct pixfer_image src, truth, found;
    const struct judge judge = {ops, &truth, &found, reason};
    const size_t src_size = pixfer_image_layout(&src, config->src_format, width, height, NULL, 64);
    const size_t dst_size = pixfer_image_layout(&truth, config->dst_format, width, height, NULL, 64);
    uint8_t *memory = calloc(1, src_size + 2 * dst_size);
    enum pixfer_result result;

    if (!pixfer_kernel_config_init(&kernels.config, config->src_format, config->dst_format, &config->color)) {
        pixfer_reason_set(reason, "%s: does not convert %s to %s", ops->name, pixfer_format_name(config->src_format),
                          pixfer_format_name(config->dst_format));
        free(memory);
        return PIXFER_ERR_UNSUPPORTED;
    }
    if (!memory) {
        pixfer_reason_set(reason, "%s: out of memory for the self-test", ops->name);
        return PIXFER_ERR_NO_MEMORY;
    }
    pixfer_image_layout(&src, config->src_format, width, height, memory, 64);
    pixfer_image_layout(&truth, config->dst_format, width, height, memory + src_size, 64);
    pixfer_image_layout(&found, config->dst_format, width, height, memory + src_size + dst_size, 64);
    draw(&src);
    pixfer_kernels_init(&kernels, "c");
    pixfer_cpu_convert_rows(&kernels, &src, &truth, 0, height, false);
    result = convert_small(ops, *config, &src, &found, reason);
    if (result == PIXFER_OK && !compare(&judge))
        result = PIXFER_ERR_DEVICE;
    free(memory);
    return result;
}

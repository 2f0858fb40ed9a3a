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
 * decimated instead of averaged shows. In every other texture the colours change from one 2 x 2 group to the next as well, so that an
 * average that is sited elsewhere shows, too. The small frame has the parity of the one that the caller will convert: buffers of odd
 * size are where systems differ. Then there is one of the caller's own size: large frames may take another path. */
#define WIDTH 64
#define HEIGHT 32
#define BLOCK 8

static uint32_t min_u32(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static const uint8_t *color_at(const struct pixfer_image *image, uint32_t x, uint32_t y, bool other)
{
    static const uint8_t colors[16][3] = {
        {255, 255, 255}, {255, 255, 0},   {0, 255, 255},   {0, 255, 0},   {255, 0, 255}, {255, 0, 0},
        {0, 0, 255},     {0, 0, 0},       {128, 128, 128}, {191, 64, 32}, {32, 191, 64}, {64, 32, 191},
        {16, 16, 16},    {235, 235, 235}, {250, 128, 114}, {10, 60, 90},
    };
    /* The columns and rows that are no whole block belong to the last one, which is plain. */
    const uint32_t across = image->width / BLOCK, down = image->height / BLOCK;
    const uint32_t bx = min_u32(x / BLOCK, across ? across - 1 : 0), by = min_u32(y / BLOCK, down ? down - 1 : 0);
    const bool texture = bx % 2 == by % 2 && bx + 1 < across && by + 1 < down;
    const bool moves = texture && bx % 4 == by % 4 && (x / 2 + y / 2) % 2 && pixfer_format_is_rgb(image->format);

    return colors[(bx + by * 3 + (texture && other ? 5 : 0) + (moves ? 7 : 0)) % 16];
}

/* Y'CbCr in groups of two pixels: the same blocks, with the three numbers of a colour for Y, Cb and Cr, brought into the limited range.
 * The texture of chroma changes from group to group: to keep every other column's place is not the same as to move it. */
static void draw_packed422(const struct pixfer_image *image)
{
    const unsigned chroma = !pixfer_format_layout(image->format)->chroma_first;

    for (uint32_t y = 0; y < image->height; y++) {
        uint8_t *row = image->plane[0] + (ptrdiff_t)y * image->stride[0];

        for (uint32_t x = 0; x < image->width + image->width % 2; x++) {
            const uint8_t luma = *color_at(image, x, y, (x | y) % 2), *color = color_at(image, x & ~1u, y, (x / 2 | y) % 2);

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
            const uint8_t *color = color_at(image, x, y, (x | y) % 2);

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

void pixfer_selftest_draw(const struct pixfer_image *image)
{
    if (pixfer_format_is_packed422(image->format))
        draw_packed422(image);
    else
        draw_rgb(image, pixfer_format_layout(image->format));
}

static unsigned sample_in(const struct pixfer_image *image, unsigned plane, size_t row, size_t i)
{
    const uint8_t *line = image->plane[plane] + (ptrdiff_t)row * image->stride[plane];
    uint16_t word;

    if (pixfer_format_layout(image->format)->depth == 8)
        return line[i];
    memcpy(&word, line + 2 * i, sizeof(word));
    return (unsigned)word >> pixfer_format_layout(image->format)->low;
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
    const unsigned want = sample_in(judge->truth, plane, row, i), got = sample_in(judge->found, plane, row, i);

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

bool pixfer_selftest_judge(const struct pixfer_backend_ops *ops, const struct pixfer_color *color, const struct pixfer_image *src,
                           const struct pixfer_image *found, struct pixfer_reason *reason)
{
    struct pixfer_kernels kernels = {0};
    struct pixfer_image truth;
    const struct judge judge = {ops, &truth, found, reason};
    const size_t size = pixfer_image_layout(&truth, found->format, found->width, found->height, NULL, 64);
    uint8_t *memory = malloc(size);
    bool good;

    if (!memory) {
        pixfer_reason_set(reason, "%s: out of memory for the self-test", ops->name);
        return false;
    }
    pixfer_image_layout(&truth, found->format, found->width, found->height, memory, 64);
    pixfer_kernel_config_init(&kernels.config, src->format, found->format, color);
    pixfer_kernels_init(&kernels, src->height > HEIGHT + 1 ? NULL : "c"); /* all are equal; C takes 30 ms for 4K */
    pixfer_cpu_convert_rows(&kernels, src, &truth, 0, src->height, false);
    good = compare(&judge);
    free(memory);
    return good;
}

/* Opens the backend for frames of this size and has it convert one. */
static enum pixfer_result convert_one(const struct pixfer_backend_ops *ops, struct pixfer_backend_config config, uint32_t width,
                                      uint32_t height, struct pixfer_reason *reason)
{
    struct pixfer_image src, found;
    const size_t src_size = pixfer_image_layout(&src, config.src_format, width, height, NULL, 64);
    const size_t dst_size = pixfer_image_layout(&found, config.dst_format, width, height, NULL, 64);
    uint8_t *memory = calloc(1, src_size + dst_size);
    void *state = NULL;
    enum pixfer_result result;

    if (!memory) {
        pixfer_reason_set(reason, "%s: out of memory for the self-test", ops->name);
        return PIXFER_ERR_NO_MEMORY;
    }
    pixfer_image_layout(&src, config.src_format, width, height, memory, 64);
    pixfer_image_layout(&found, config.dst_format, width, height, memory + src_size, 64);
    pixfer_selftest_draw(&src);
    config.width = width;
    config.height = height;
    config.threads = 1;
    result = ops->open(&state, &config, reason);
    if (result == PIXFER_OK) {
        result = ops->convert(state, &src, &found, reason);
        ops->close(state);
    }
    if (result == PIXFER_OK && !pixfer_selftest_judge(ops, &config.color, &src, &found, reason))
        result = PIXFER_ERR_DEVICE;
    free(memory);
    return result;
}

enum pixfer_result pixfer_selftest(const struct pixfer_backend_ops *ops, const struct pixfer_backend_config *config,
                                   struct pixfer_reason *reason)
{
    struct pixfer_kernel_config known;
    enum pixfer_result result;

    if (!pixfer_kernel_config_init(&known, config->src_format, config->dst_format, &config->color)) {
        pixfer_reason_set(reason, "%s: does not convert %s to %s", ops->name, pixfer_format_name(config->src_format),
                          pixfer_format_name(config->dst_format));
        return PIXFER_ERR_UNSUPPORTED;
    }
    result = convert_one(ops, *config, WIDTH + config->width % 2, HEIGHT + config->height % 2, reason);
    if (result == PIXFER_OK && (config->width > WIDTH + 1 || config->height > HEIGHT + 1))
        result = convert_one(ops, *config, config->width, config->height, reason);
    return result;
}

#undef WIDTH
#undef HEIGHT
#undef BLOCK

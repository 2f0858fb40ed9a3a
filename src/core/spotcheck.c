/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "spotcheck.h"

#include <string.h>

#include "image.h"

/* Eight blocks, one in each of 4 x 2 fields of the frame, so that a half that was not written cannot be missed. */
#define ACROSS 4
#define DOWN 2
#define BLOCK 16

/* How far the mean of a block's chroma may be off in 8-bit steps: more than filters differ, less than colours do. Of fewer samples than
 * LEAST_SAMPLES a mean says little. */
#define CHROMA_MEAN 10
#define LEAST_SAMPLES 32

bool pixfer_spotcheck_init(struct pixfer_spotcheck *s, const struct pixfer_backend_ops *ops,
                           const struct pixfer_backend_config *config)
{
    *s = (struct pixfer_spotcheck){.ops = ops};
    return pixfer_kernel_config_init(&s->kernels.config, config->src_format, config->dst_format, &config->color) &&
           pixfer_kernels_init(&s->kernels, NULL);
}

/* The part of an image that begins at even coordinates. */
static struct pixfer_image part_of(const struct pixfer_image *image, uint32_t x, uint32_t y, uint32_t width, uint32_t height)
{
    const struct pixfer_format_layout *layout = pixfer_format_layout(image->format);
    struct pixfer_image part = *image;

    part.width = width;
    part.height = height;
    for (unsigned plane = 0; plane < layout->planes; plane++) {
        const size_t row = plane ? y >> layout->chroma_y : y, column = plane ? x >> layout->chroma_x : x;
        const size_t unit = pixfer_format_is_packed422(image->format) ? 2 : layout->unit[plane]; /* 4 bytes for 2 pixels */

        part.plane[plane] += (ptrdiff_t)row * image->stride[plane] + (ptrdiff_t)(column * unit);
    }
    return part;
}

static unsigned sample_of(const struct pixfer_image *image, unsigned plane, size_t row, size_t i)
{
    const uint8_t *line = image->plane[plane] + (ptrdiff_t)row * image->stride[plane];
    uint16_t word;

    if (pixfer_format_layout(image->format)->depth == 8)
        return line[i];
    memcpy(&word, line + 2 * i, sizeof(word));
    return (unsigned)word >> pixfer_format_layout(image->format)->low;
}

static size_t samples_in_row(const struct pixfer_image *image, unsigned plane, size_t *rows)
{
    size_t row_bytes;

    pixfer_plane_size(image->format, image->width, image->height, plane, &row_bytes, rows);
    return pixfer_format_layout(image->format)->depth > 8 ? row_bytes / 2 : row_bytes;
}

static bool luma_fits(const struct pixfer_image *truth, const struct pixfer_image *found, unsigned allowed, unsigned *want,
                      unsigned *got)
{
    size_t rows;
    const size_t width = samples_in_row(truth, 0, &rows);

    for (size_t row = 0; row < rows; row++)
        for (size_t i = 0; i < width; i++) {
            *want = sample_of(truth, 0, row, i);
            *got = sample_of(found, 0, row, i);
            if ((*want > *got ? *want - *got : *got - *want) > allowed)
                return false;
        }
    return true;
}

/* The mean of every other sample of a plane: Cb or Cr where they alternate, and one of them all the same where they do not. 0 if there
 * are too few. */
static unsigned mean(const struct pixfer_image *image, unsigned plane, unsigned first)
{
    size_t rows, count = 0, sum = 0;
    const size_t width = samples_in_row(image, plane, &rows);

    for (size_t row = 0; row < rows; row++)
        for (size_t i = first; i < width; i += 2, count++)
            sum += sample_of(image, plane, row, i);
    return count >= LEAST_SAMPLES ? (unsigned)(sum / count) : 0;
}

static bool chroma_fits(const struct pixfer_image *truth, const struct pixfer_image *found, unsigned allowed, unsigned *want,
                        unsigned *got)
{
    for (unsigned plane = 1; plane < pixfer_format_planes(truth->format); plane++)
        for (unsigned first = 0; first < 2; first++) {
            *want = mean(truth, plane, first);
            *got = mean(found, plane, first);
            if ((*want > *got ? *want - *got : *got - *want) > allowed)
                return false;
        }
    return true;
}

static bool check_block(const struct pixfer_spotcheck *s, const struct pixfer_image *src, const struct pixfer_image *dst,
                        uint32_t x, uint32_t y, struct pixfer_reason *reason)
{
    const uint32_t width = src->width - x < BLOCK ? src->width - x : BLOCK,
                   height = src->height - y < BLOCK ? src->height - y : BLOCK;
    const unsigned scale = 1u << (pixfer_format_layout(dst->format)->depth - 8);
    const struct pixfer_image from = part_of(src, x, y, width, height), found = part_of(dst, x, y, width, height);
    uint16_t memory[3 * BLOCK * BLOCK];
    struct pixfer_image truth;
    unsigned want, got;

    pixfer_image_layout(&truth, dst->format, width, height, (uint8_t *)memory, 1);
    pixfer_cpu_convert_rows(&s->kernels, &from, &truth, 0, height, true);
    if (luma_fits(&truth, &found, s->ops->luma_tolerance * scale, &want, &got) &&
        chroma_fits(&truth, &found, CHROMA_MEAN * scale, &want, &got))
        return true;
    pixfer_reason_set(reason, "%s: a frame came out wrong: found %u near column %u, row %u, expected about %u", s->ops->name, got,
                      (unsigned)x, (unsigned)y, want);
    return false;
}

/* Where a block begins that lies within the frame as a whole, if one fits. */
static uint32_t whole_block(uint32_t at, uint32_t size)
{
    const uint32_t last = size > BLOCK ? size - BLOCK : 0;

    return (at < last ? at : last) & ~1u;
}

bool pixfer_spotcheck(const struct pixfer_spotcheck *s, const struct pixfer_image *src, const struct pixfer_image *dst,
                      uint64_t number, struct pixfer_reason *reason)
{
    for (uint32_t i = 0; i < ACROSS * DOWN; i++) {
        const uint32_t field_x = src->width / ACROSS, field_y = src->height / DOWN;
        const uint32_t hash = (uint32_t)(number * 8 + i) * 2654435761u;
        const uint32_t x = i % ACROSS * field_x + (field_x ? (hash >> 8) % field_x : 0);
        const uint32_t y = i / ACROSS * field_y + (field_y ? (hash >> 20) % field_y : 0);

        if (!check_block(s, src, dst, whole_block(x, src->width), whole_block(y, src->height), reason))
            return false;
    }
    return true;
}

#undef BLOCK

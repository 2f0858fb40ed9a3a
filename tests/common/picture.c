/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "picture.h"

#include <string.h>

struct picture_layout picture_layout_random(struct rng *rng)
{
    struct picture_layout layout = {.side = rng_below(rng, 2) ? ARENA_BACK : ARENA_FRONT, .bottom_up = rng_below(rng, 2)};
    for (int i = 0; i < 3; i++) {
        layout.misalign[i] = (uint8_t)rng_below(rng, 64);
        layout.padding[i] = (uint8_t)(rng_below(rng, 2) ? rng_below(rng, 80) : 0);
    }
    return layout;
}

size_t picture_word(enum pixfer_format format)
{
    switch (format) {
    case PIXFER_FORMAT_P010:
    case PIXFER_FORMAT_P012:
    case PIXFER_FORMAT_P016:
    case PIXFER_FORMAT_I010:
    case PIXFER_FORMAT_I410:
    case PIXFER_FORMAT_RGBA64:
    case PIXFER_FORMAT_RGBA16F:
    case PIXFER_FORMAT_GBRP10:
    case PIXFER_FORMAT_GBRP12:
    case PIXFER_FORMAT_GBRP16:
        return 2;
    case PIXFER_FORMAT_GBRPF32:
        return 4;
    default:
        return 1;
    }
}

void picture_place(struct picture *picture, enum pixfer_format format, uint32_t width, uint32_t height,
                   const struct picture_layout *layout)
{
    const size_t unit = picture_word(format);
    struct pixfer_image *image = &picture->image;
    size_t bytes, rows;

    memset(image, 0, sizeof *image);
    image->format = format, image->width = width, image->height = height;
    for (unsigned i = 0; i < pixfer_format_planes(format); i++) {
        pixfer_plane_size(format, width, height, i, &bytes, &rows);
        const size_t stride = bytes + layout->padding[i] / unit * unit, count = stride * (rows - 1) + bytes;
        uint8_t *block = arena_place(&picture->arena[i], layout->side, count, layout->misalign[i] / unit * unit);
        image->plane[i] = layout->bottom_up ? block + stride * (rows - 1) : block;
        image->stride[i] = layout->bottom_up ? -(ptrdiff_t)stride : (ptrdiff_t)stride;
    }
}

uint8_t *picture_row(const struct picture *picture, unsigned plane, size_t y, size_t *bytes)
{
    size_t rows;
    const struct pixfer_image *image = &picture->image;
    pixfer_plane_size(image->format, image->width, image->height, plane, bytes, &rows);
    return image->plane[plane] + (ptrdiff_t)y * image->stride[plane];
}

void picture_set(struct picture *picture, size_t x, size_t y, const uint8_t rgb[3])
{
    /* by format: bytes of a pixel, then the places of R, G, B and A */
    static const uint8_t places[][5] = {
        [PIXFER_FORMAT_RGBA] = {4, 0, 1, 2, 3}, [PIXFER_FORMAT_BGRA] = {4, 2, 1, 0, 3},  [PIXFER_FORMAT_ARGB] = {4, 1, 2, 3, 0},
        [PIXFER_FORMAT_ABGR] = {4, 3, 2, 1, 0}, [PIXFER_FORMAT_RGB24] = {3, 0, 1, 2, 0}, [PIXFER_FORMAT_BGR24] = {3, 2, 1, 0, 0},
        [PIXFER_FORMAT_GBRP] = {1, 2, 0, 1, 0},
    };
    const uint8_t *place = places[picture->image.format];
    size_t bytes;
    for (unsigned i = 0; i < 3; i++)
        if (place[0] == 1) {
            picture_row(picture, place[1 + i], y, &bytes)[x] = rgb[i];
        } else {
            uint8_t *pixel = picture_row(picture, 0, y, &bytes) + x * place[0];
            pixel[place[1 + i]] = rgb[i];
            if (place[0] == 4)
                pixel[place[4]] = (uint8_t)~rgb[0];
        }
}

static size_t rows_of(const struct picture *picture, unsigned plane)
{
    size_t bytes, rows;
    pixfer_plane_size(picture->image.format, picture->image.width, picture->image.height, plane, &bytes, &rows);
    return rows;
}

static void fill_row(uint8_t *row, size_t bytes, enum picture_content content, struct rng *rng)
{
    rng_fill(rng, row, bytes);
    for (size_t i = 0; i < bytes; i++)
        if (content == PICTURE_EXTREME)
            row[i] = row[i] & 1 ? 255 : 0;
        else if (content == PICTURE_SMOOTH && i >= 4)
            row[i] = (uint8_t)(row[i - 4] + row[i] % 7 - 3);
}

/* Random bits are seldom a number from 0 to 1: most of the halves and floats shall be. */
static void tame(uint8_t *row, size_t bytes, enum pixfer_format format, struct rng *rng)
{
    const size_t word = format == PIXFER_FORMAT_RGBA16F ? 2 : 4;
    for (size_t i = 0; i + word <= bytes; i += word) {
        if (!rng_below(rng, 8))
            continue;
        if (word == 2) {
            const uint16_t half = (uint16_t)rng_below(rng, 0x3c01);
            memcpy(row + i, &half, 2);
            continue;
        }
        /* of many bits and few, great and small */
        const float value = rng_below(rng, 4) ? (float)rng_below(rng, 1 << 24) / (1 << 24)
                                              : (float)rng_below(rng, 1025) / 1024 / (float)(1 << rng_below(rng, 30));
        memcpy(row + i, &value, 4);
    }
}

void picture_fill(struct picture *picture, enum picture_content content, struct rng *rng)
{
    for (unsigned i = 0; i < pixfer_format_planes(picture->image.format); i++)
        for (size_t y = 0; y < rows_of(picture, i); y++) {
            size_t bytes;
            uint8_t *row = picture_row(picture, i, y, &bytes);
            fill_row(row, bytes, content, rng);
            if (content != PICTURE_EXTREME &&
                (picture->image.format == PIXFER_FORMAT_RGBA16F || picture->image.format == PIXFER_FORMAT_GBRPF32))
                tame(row, bytes, picture->image.format, rng);
        }
}

int picture_damage(const struct picture *picture)
{
    for (unsigned i = 0; i < pixfer_format_planes(picture->image.format); i++) {
        const size_t rows = rows_of(picture, i);
        const ptrdiff_t stride = picture->image.stride[i];
        if (arena_damage(&picture->arena[i]))
            return (int)i;
        for (size_t y = 0; y + 1 < rows; y++) {
            size_t bytes;
            const uint8_t *row = picture_row(picture, i, stride < 0 ? y + 1 : y, &bytes);
            if (arena_damage_in(&picture->arena[i], row + bytes, (size_t)(stride < 0 ? -stride : stride) - bytes))
                return (int)i;
        }
    }
    return -1;
}

bool picture_difference(const struct picture *a, const struct picture *b, unsigned *plane, size_t *x, size_t *y)
{
    for (*plane = 0; *plane < pixfer_format_planes(a->image.format); ++*plane)
        for (*y = 0; *y < rows_of(a, *plane); ++*y) {
            size_t bytes;
            const uint8_t *row = picture_row(a, *plane, *y, &bytes), *other = picture_row(b, *plane, *y, &bytes);
            if (!memcmp(row, other, bytes))
                continue;
            for (*x = 0; row[*x] == other[*x];)
                ++*x;
            return true;
        }
    return false;
}

void picture_free(struct picture *picture)
{
    for (int i = 0; i < 3; i++)
        arena_free(&picture->arena[i]);
}

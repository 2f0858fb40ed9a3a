/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "hdr.h"

enum { ALIGN = 64 };

bool frame_open(struct pixfer_image *image, enum pixfer_format format, uint32_t width, uint32_t height)
{
    const size_t size = pixfer_image_layout(image, format, width, height, NULL, ALIGN);
    uint8_t *block = aligned_alloc(ALIGN, (size + ALIGN - 1) / ALIGN * ALIGN);
    image->plane[0] = NULL;
    if (!block)
        return false;
    memset(block, 0, size);
    pixfer_image_layout(image, format, width, height, block, ALIGN);
    return true;
}

void frame_close(struct pixfer_image *image)
{
    free(image->plane[0]);
    image->plane[0] = NULL;
}

void frame_copy(const struct pixfer_image *from, const struct pixfer_image *to)
{
    for (unsigned p = 0; p < pixfer_format_planes(from->format); p++) {
        size_t bytes, rows;
        pixfer_plane_size(from->format, from->width, from->height, p, &bytes, &rows);
        for (size_t y = 0; y < rows; y++)
            memcpy(to->plane[p] + (ptrdiff_t)y * to->stride[p], from->plane[p] + (ptrdiff_t)y * from->stride[p], bytes);
    }
}

double half_to_double(uint16_t half)
{
    const int exponent = half >> 10 & 31, fraction = half & 1023;
    const double size = exponent ? ldexp(1024 + fraction, exponent - 25) : ldexp(fraction, -24);
    return half >> 15 ? -size : size;
}

uint16_t half_from_double(double value)
{
    int exponent;
    if (value < ldexp(1, -14))
        return (uint16_t)floor(ldexp(value, 24) + 0.5);
    const double fraction = frexp(value, &exponent); /* 0.5 to 1 */
    /* A fraction that rounds up to 2048 carries into the exponent, as it shall. */
    return (uint16_t)(((unsigned)(exponent + 13) << 10) + (unsigned)floor(ldexp(fraction, 11) + 0.5));
}

/* ---- Sources ---------------------------------------------------------------------------------------------------------------- */

static double one_of(enum pixfer_format format)
{
    return format == PIXFER_FORMAT_RGBA      ? 255
           : format == PIXFER_FORMAT_RGB10A2 ? 1023
           : format == PIXFER_FORMAT_RGBA64  ? 65535
                                             : 1;
}

static void put_rgb(const struct pixfer_image *src, uint32_t x, uint32_t y, const double rgb[3])
{
    uint8_t *row = src->plane[0] + (ptrdiff_t)y * src->stride[0];
    const double one = one_of(src->format);
    if (src->format == PIXFER_FORMAT_RGBA) {
        for (int i = 0; i < 3; i++)
            row[4 * (size_t)x + i] = (uint8_t)floor(rgb[i] * one + 0.5);
        row[4 * (size_t)x + 3] = 255;
        return;
    }
    if (src->format == PIXFER_FORMAT_RGB10A2) {
        uint32_t word = 3u << 30;
        for (int i = 0; i < 3; i++)
            word |= (uint32_t)floor(rgb[i] * one + 0.5) << 10 * i;
        memcpy(row + 4 * (size_t)x, &word, 4);
        return;
    }
    uint16_t word[4];
    for (int i = 0; i < 3; i++)
        word[i] = src->format == PIXFER_FORMAT_RGBA64 ? (uint16_t)floor(rgb[i] * one + 0.5) : half_from_double(rgb[i]);
    word[3] = src->format == PIXFER_FORMAT_RGBA64 ? 65535 : half_from_double(1);
    memcpy(row + 8 * (size_t)x, word, 8);
}

void frame_get_rgb(const struct pixfer_image *src, uint32_t x, uint32_t y, double rgb[3])
{
    const uint8_t *row = src->plane[0] + (ptrdiff_t)y * src->stride[0];
    if (src->format == PIXFER_FORMAT_RGBA) {
        for (int i = 0; i < 3; i++)
            rgb[i] = row[4 * (size_t)x + i] / 255.0;
        return;
    }
    if (src->format == PIXFER_FORMAT_RGB10A2) {
        uint32_t word;
        memcpy(&word, row + 4 * (size_t)x, 4);
        for (int i = 0; i < 3; i++)
            rgb[i] = (word >> 10 * i & 1023) / 1023.0;
        return;
    }
    uint16_t word[4];
    memcpy(word, row + 8 * (size_t)x, 8);
    for (int i = 0; i < 3; i++)
        rgb[i] = src->format == PIXFER_FORMAT_RGBA64 ? word[i] / 65535.0 : half_to_double(word[i]);
}

static double random_unit(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return (double)(*state >> 11) / 9007199254740992.0;
}

static double srgb_light(double v)
{
    return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

/* Light of a place from 0 to 1 of a scale: even steps of a ratio over 2^16, which is what eyes and curves see as even. */
static double scale_light(double at)
{
    return at <= 0 ? 0 : exp2(16 * (at - 1));
}

static void fill_picture(const struct pixfer_image *src, const struct path *path, const uint8_t *rgba)
{
    /* A desktop's white is that of SDR; the peak is reached by an area in its corner, so that there is something above it. */
    const double white = path->peak < 203 ? path->peak : 203;
    for (uint32_t y = 0; y < src->height; y++)
        for (uint32_t x = 0; x < src->width; x++, rgba += 4) {
            double rgb[3];
            const double boost = x < src->width / 4 && y < src->height / 4 ? path->peak / white : 1;
            for (int i = 0; i < 3; i++)
                rgb[i] = path->transfer ? srgb_light(rgba[i] / 255.0) * white * boost / SRC_WHITE : rgba[i] / 255.0;
            put_rgb(src, x, y, rgb);
        }
}

/* Bands of all colours that are a corner of the cube, and of mixtures, from black to full. */
static void fill_ramps(const struct pixfer_image *src, const struct path *path)
{
    enum { BANDS = 18 };
    for (uint32_t y = 0; y < src->height; y++) {
        const unsigned band = y * BANDS / src->height, kind = band % 7 + 1;
        const double mixed = band < 7 ? 0 : band < 14 ? 0.25 : 0.7;
        for (uint32_t x = 0; x < src->width; x++) {
            const double at = (double)x / (src->width - 1);
            double rgb[3];
            for (int i = 0; i < 3; i++) {
                const double share = kind >> i & 1 ? 1 : mixed;
                rgb[i] = path->transfer ? scale_light(at) * share * path->peak / SRC_WHITE : at * share;
            }
            put_rgb(src, x, y, rgb);
        }
    }
}

static void fill_noise(const struct pixfer_image *src, const struct path *path)
{
    uint64_t state = 0x9e3779b97f4a7c15u;
    for (uint32_t y = 0; y < src->height; y++)
        for (uint32_t x = 0; x < src->width; x++) {
            double rgb[3];
            for (int i = 0; i < 3; i++) {
                const double at = random_unit(&state);
                rgb[i] = path->transfer ? scale_light(at) * path->peak / SRC_WHITE : at;
            }
            put_rgb(src, x, y, rgb);
        }
}

void frame_fill(const struct pixfer_image *src, const struct path *path, enum content content, const uint8_t *rgba)
{
    if (content == CONTENT_PICTURE)
        fill_picture(src, path, rgba);
    else if (content == CONTENT_RAMPS)
        fill_ramps(src, path);
    else
        fill_noise(src, path);
}

/* ---- Results ---------------------------------------------------------------------------------------------------------------- */

/* Where a sample lies, and how far its word is shifted. */
static uint8_t *place(const struct pixfer_image *image, unsigned component, uint32_t x, uint32_t y, size_t *bytes,
                      unsigned *shift)
{
    const bool pairs = pixfer_format_planes(image->format) == 2;
    const unsigned plane = component && pairs ? 1 : component;
    const size_t at = component && pairs ? 2 * (size_t)x + component - 1 : x;
    *bytes = image->format == PIXFER_FORMAT_NV12 || image->format == PIXFER_FORMAT_I444 ? 1 : 2;
    *shift = image->format == PIXFER_FORMAT_P010 ? 6 : 0;
    return image->plane[plane] + (ptrdiff_t)y * image->stride[plane] + at * *bytes;
}

unsigned frame_get(const struct pixfer_image *image, unsigned component, uint32_t x, uint32_t y)
{
    size_t bytes;
    unsigned shift;
    const uint8_t *at = place(image, component, x, y, &bytes, &shift);
    uint16_t word;
    if (bytes == 1)
        return *at;
    memcpy(&word, at, 2);
    return (unsigned)word >> shift;
}

void frame_put(const struct pixfer_image *image, unsigned component, uint32_t x, uint32_t y, unsigned sample)
{
    size_t bytes;
    unsigned shift;
    uint8_t *at = place(image, component, x, y, &bytes, &shift);
    const uint16_t word = (uint16_t)(sample << shift);
    if (bytes == 1)
        *at = (uint8_t)sample;
    else
        memcpy(at, &word, 2);
}

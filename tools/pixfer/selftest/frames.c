/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "selftest.h"

/* ---- Making --------------------------------------------------------------------------------------------------------------- */

bool test_frame_open(struct test_frame *f, enum pixfer_format format, uint32_t width, uint32_t height, size_t align)
{
    size_t size = pixfer_image_layout(&f->image, format, width, height, NULL, align);
    f->memory = size ? malloc(size + 64) : NULL;
    if (!f->memory)
        return false;
    memset(f->memory, 0xA5, size + 64);
    uint8_t *base = f->memory + (64 - (uintptr_t)f->memory % 64) % 64;
    pixfer_image_layout(&f->image, format, width, height, base, align);
    return true;
}

void test_frame_close(struct test_frame *f)
{
    free(f->memory);
    f->memory = NULL;
}

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

void test_frame_draw(struct test_frame *f, uint32_t seed)
{
    static const uint8_t corners[] = {0, 255, 16, 235};
    uint32_t state = seed;
    for (unsigned plane = 0; plane < pixfer_format_planes(f->image.format); plane++) {
        size_t row_bytes, rows;
        pixfer_plane_size(f->image.format, f->image.width, f->image.height, plane, &row_bytes, &rows);
        for (size_t y = 0; y < rows; y++) {
            uint8_t *row = f->image.plane[plane] + (ptrdiff_t)y * f->image.stride[plane];
            for (size_t x = 0; x < row_bytes; x++) {
                uint32_t random = next_random(&state);
                switch ((y / 16 + x / 64) % 4) {
                case 0: /* a slope, different for each component */
                    row[x] = (uint8_t)(x * (1 + x % 4) + y * 3);
                    break;
                case 1: /* edges of one pixel */
                    row[x] = (uint8_t)((x / 4 + y) % 2 ? 250 - x % 4 * 20 : 5 + x % 4 * 30);
                    break;
                case 2:
                    row[x] = corners[random % 4];
                    break;
                default:
                    row[x] = (uint8_t)random;
                }
            }
        }
    }
}

/* ---- Comparing ------------------------------------------------------------------------------------------------------------ */

static unsigned sample(const struct pixfer_image *image, unsigned plane, size_t y, size_t i, bool words)
{
    const uint8_t *row = image->plane[plane] + (ptrdiff_t)y * image->stride[plane];
    uint16_t word;
    if (!words)
        return row[i];
    memcpy(&word, row + 2 * i, sizeof(word));
    return word >> 6;
}

void test_frame_compare(const struct pixfer_image *expected, const struct pixfer_image *found, struct difference *d)
{
    bool words = expected->format == PIXFER_FORMAT_P010;
    *d = (struct difference){0};
    for (unsigned plane = 0; plane < pixfer_format_planes(expected->format); plane++) {
        size_t row_bytes, rows, kind = plane > 0;
        pixfer_plane_size(expected->format, expected->width, expected->height, plane, &row_bytes, &rows);
        for (size_t y = 0; y < rows; y++)
            for (size_t i = 0; i < row_bytes / (words ? 2 : 1); i++) {
                int by = (int)sample(expected, plane, y, i, words) - (int)sample(found, plane, y, i, words);
                double size = by < 0 ? -by : by;
                d->worst[kind] = size > d->worst[kind] ? size : d->worst[kind];
                d->sum[kind] += size;
                d->samples[kind]++;
            }
    }
}

double difference_mean(const struct difference *d)
{
    size_t samples = d->samples[0] + d->samples[1];
    return samples ? (d->sum[0] + d->sum[1]) / (double)samples : 0;
}

/* ---- Converting ----------------------------------------------------------------------------------------------------------- */

static void keep_line(void *opaque, int level, const char *message)
{
    struct attempt *a = opaque;
    if (level <= PIXFER_LOG_WARNING)
        snprintf(a->log, sizeof(a->log), "%s", message);
}

enum pixfer_result attempt_convert(struct attempt *a, const struct pixfer_image *src, const struct pixfer_image *dst)
{
    struct pixfer_converter *c = NULL;
    a->log[0] = 0;
    double start = selftest_now();
    enum pixfer_result result = pixfer_converter_open(
        &c, &PIXFER_CONVERTER_PARAMS(.src_format = src->format, .dst_format = dst->format, .width = src->width,
                                     .height = src->height, .color = a->color, .backend = a->backend,
                                     .threads = a->threads ? a->threads : 1, .cpu = a->cpu, .log = keep_line, .log_opaque = a));
    double opened = selftest_now();
    a->open_ms = (opened - start) * 1e3;
    if (result == PIXFER_OK)
        result = pixfer_convert(c, src, dst);
    a->ms = (selftest_now() - opened) * 1e3;
    if (result == PIXFER_OK) {
        struct pixfer_converter_info info = {0};
        pixfer_converter_get_info(c, &info);
        if (info.backend != a->backend) { /* it gave up in the middle, and another did its work */
            snprintf(a->log, sizeof(a->log), "%s", info.fallback_reason ? info.fallback_reason : "another backend did the work");
            result = PIXFER_ERR_DEVICE;
        }
    }
    pixfer_converter_close(&c);
    return result;
}

/* ---- Pictures of differences ---------------------------------------------------------------------------------------------- */

static char *base64(const uint8_t *bytes, size_t size, const char *prefix)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t at = strlen(prefix);
    char *text = malloc(at + (size + 2) / 3 * 4 + 1);
    if (!text)
        return NULL;
    memcpy(text, prefix, at);
    for (size_t i = 0; i < size; i += 3) {
        uint32_t word =
            (uint32_t)bytes[i] << 16 | (i + 1 < size ? (uint32_t)bytes[i + 1] << 8 : 0) | (i + 2 < size ? bytes[i + 2] : 0u);
        text[at++] = digits[word >> 18];
        text[at++] = digits[word >> 12 & 63];
        text[at++] = i + 1 < size ? digits[word >> 6 & 63] : '=';
        text[at++] = i + 2 < size ? digits[word & 63] : '=';
    }
    text[at] = 0;
    return text;
}

static void put32(uint8_t *at, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        at[i] = (uint8_t)(value >> 8 * i);
}

char *difference_picture(const struct pixfer_image *expected, const struct pixfer_image *found)
{
    enum { HEADER = 54, PALETTE = 1024, MOST = 480, GAP = 8 };
    bool words = expected->format == PIXFER_FORMAT_P010;
    struct difference d;
    size_t row_bytes, rows;
    test_frame_compare(expected, found, &d);
    unsigned plane = d.worst[1] > d.worst[0]; /* Cb and Cr beside each other where the format has them so */
    pixfer_plane_size(expected->format, expected->width, expected->height, plane, &row_bytes, &rows);
    size_t samples = words ? row_bytes / 2 : row_bytes;
    uint32_t w = samples < MOST ? (uint32_t)samples : MOST, h = rows < MOST ? (uint32_t)rows : MOST;
    uint32_t width = 3 * w + 2 * GAP, stride = (width + 3) / 4 * 4;
    size_t size = HEADER + PALETTE + (size_t)stride * h;
    uint8_t *file = calloc(1, size);
    if (!file)
        return NULL;
    memcpy(file, "BM", 2); /* an uncompressed bitmap of 256 greys: every browser shows one, and it takes no library */
    put32(file + 2, (uint32_t)size);
    put32(file + 10, HEADER + PALETTE);
    put32(file + 14, 40);
    put32(file + 18, width);
    put32(file + 22, h);
    file[26] = 1;
    file[28] = 8;
    for (uint32_t i = 0; i < 256; i++)
        put32(file + HEADER + 4 * i, i * 0x010101u);
    for (uint32_t y = 0; y < h; y++) {
        uint8_t *row = file + HEADER + PALETTE + (size_t)(h - 1 - y) * stride;
        memset(row, 255, width);
        for (uint32_t x = 0; x < w; x++) {
            unsigned a = sample(expected, plane, y, x, words) >> (words ? 2 : 0),
                     b = sample(found, plane, y, x, words) >> (words ? 2 : 0);
            unsigned by = 8 * (a > b ? a - b : b - a);
            row[x] = (uint8_t)a;
            row[w + GAP + x] = (uint8_t)b;
            row[2 * (w + GAP) + x] = (uint8_t)(by < 255 ? by : 255);
        }
    }
    char *text = base64(file, size, "data:image/bmp;base64,");
    free(file);
    return text;
}

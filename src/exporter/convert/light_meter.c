/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include "light_meter.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Light by code: a component's value, or the bits of a half, which are in the order of their values from 0 to 1. */
struct light_meter {
    enum pixfer_format format;
    uint32_t white; /* the code that stands for 1; 0: floats, which have no table */
    double *light;
    double sum, brightest, brightest_frame;
    uint64_t pixels;
};

/* SMPTE ST 2084, from 0 to 1 into cd/m². */
static double pq_light(double value)
{
    const double m1 = 1305.0 / 8192, m2 = 2523.0 / 32, c1 = 107.0 / 128, c2 = 2413.0 / 128, c3 = 2392.0 / 128;
    const double root = pow(value, 1 / m2), above = root - c1;
    return above > 0 ? 10000 * pow(above / (c2 - c3 * root), 1 / m1) : 0;
}

static double half_value(uint32_t half)
{
    const int exponent = (int)(half >> 10);
    return exponent ? ldexp(1024 + (half & 1023), exponent - 25) : ldexp(half, -24);
}

static uint32_t white_code(enum pixfer_format format)
{
    switch ((int)format) {
    case PIXFER_FORMAT_RGB10A2:
    case PIXFER_FORMAT_BGR10A2:
    case PIXFER_FORMAT_GBRP10:
        return 1023;
    case PIXFER_FORMAT_GBRP12:
        return 4095;
    case PIXFER_FORMAT_RGBA64:
    case PIXFER_FORMAT_GBRP16:
        return 65535;
    case PIXFER_FORMAT_RGBA16F:
        return 0x3c00;
    case PIXFER_FORMAT_GBRPF32:
        return 0;
    default:
        return 255;
    }
}

struct light_meter *pixfer_light_meter_open(enum pixfer_format format)
{
    struct light_meter *m = calloc(1, sizeof(*m));
    if (!m)
        return NULL;
    m->format = format;
    m->white = white_code(format);
    m->light = calloc((size_t)m->white + 1, sizeof(*m->light));
    if (!m->light) {
        free(m);
        return NULL;
    }
    for (uint32_t code = 0; code <= m->white && m->white; code++)
        m->light[code] = pq_light(format == PIXFER_FORMAT_RGBA16F ? half_value(code) : code / (double)m->white);
    return m;
}

/* ---- Pixels ------------------------------------------------------------------------------------------------------------------ */

static uint32_t code_at(const uint8_t *at)
{
    uint16_t word;
    memcpy(&word, at, sizeof(word));
    return word;
}

/* As the converter clamps it: negative and not a number are 0. */
static uint32_t half_code(const uint8_t *at)
{
    const uint32_t half = code_at(at);
    return half > 0x7c00 ? 0 : half > 0x3c00 ? 0x3c00 : half;
}

static uint32_t greatest(uint32_t a, uint32_t b, uint32_t c)
{
    const uint32_t two = a > b ? a : b;
    return two > c ? two : c;
}

static uint32_t packed_code(const struct light_meter *m, const uint8_t *row, size_t x)
{
    const bool in_front = m->format == PIXFER_FORMAT_ARGB || m->format == PIXFER_FORMAT_ABGR;
    const uint8_t *at = row + 4 * x + in_front;
    uint32_t pixel;
    switch ((int)m->format) {
    case PIXFER_FORMAT_RGB24:
    case PIXFER_FORMAT_BGR24:
        at = row + 3 * x;
        return greatest(at[0], at[1], at[2]);
    case PIXFER_FORMAT_RGB10A2:
    case PIXFER_FORMAT_BGR10A2:
        memcpy(&pixel, at, sizeof(pixel));
        return greatest(pixel & 1023, pixel >> 10 & 1023, pixel >> 20 & 1023);
    case PIXFER_FORMAT_RGBA64:
        at = row + 8 * x;
        return greatest(code_at(at), code_at(at + 2), code_at(at + 4));
    case PIXFER_FORMAT_RGBA16F:
        at = row + 8 * x;
        return greatest(half_code(at), half_code(at + 2), half_code(at + 4));
    default:
        return greatest(at[0], at[1], at[2]);
    }
}

static double float_light(const uint8_t *const rows[3], size_t x)
{
    float most = 0, value;
    for (int i = 0; i < 3; i++) {
        memcpy(&value, rows[i] + 4 * x, sizeof(value));
        most = value > most ? value : most;
    }
    return pq_light(most < 1 ? (double)most : 1);
}

static double planar_light(const struct light_meter *m, const uint8_t *const rows[3], size_t x)
{
    if (!m->white)
        return float_light(rows, x);
    if (m->white == 255)
        return m->light[greatest(rows[0][x], rows[1][x], rows[2][x])];
    return m->light[greatest(code_at(rows[0] + 2 * x) & m->white, code_at(rows[1] + 2 * x) & m->white,
                             code_at(rows[2] + 2 * x) & m->white)];
}

void pixfer_light_meter_add(struct light_meter *m, const struct pixfer_image *image, uint32_t first, uint32_t count)
{
    const bool planar = pixfer_format_planes(m->format) == 3;
    for (uint32_t y = first; y < first + count; y++) {
        const uint8_t *rows[3] = {NULL};
        for (unsigned i = 0; i < (planar ? 3 : 1); i++)
            rows[i] = (const uint8_t *)((uintptr_t)image->plane[i] + (uintptr_t)y * (uintptr_t)image->stride[i]);
        for (uint32_t x = 0; x < image->width; x++) {
            const double light = planar ? planar_light(m, rows, x) : m->light[packed_code(m, rows[0], x)];
            m->sum += light;
            m->brightest = light > m->brightest ? light : m->brightest;
        }
        m->pixels += image->width;
    }
}

void pixfer_light_meter_end_frame(struct light_meter *m)
{
    const double mean = m->pixels ? m->sum / (double)m->pixels : 0;
    m->brightest_frame = mean > m->brightest_frame ? mean : m->brightest_frame;
    m->sum = 0;
    m->pixels = 0;
}

void pixfer_light_meter_read(const struct light_meter *m, uint32_t *max_cll, uint32_t *max_fall)
{
    *max_cll = (uint32_t)(m->brightest + 0.5);
    *max_fall = (uint32_t)(m->brightest_frame + 0.5);
}

void pixfer_light_meter_close(struct light_meter **m)
{
    if (*m)
        free((*m)->light);
    free(*m);
    *m = NULL;
}
#endif

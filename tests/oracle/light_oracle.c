/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "light_oracle.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#if LDBL_MANT_DIG == 113
typedef long double quad;
#elif defined(__SIZEOF_FLOAT128__)
typedef __float128 quad;
#else
typedef long double quad;
#define NO_QUAD
#endif

bool light_oracle_can(void)
{
#ifdef NO_QUAD
    return false;
#else
    return LDBL_MANT_DIG >= 64;
#endif
}

/* H.273, table 2: x, y of red, green, blue by a thousand. */
static const int *primaries_xy(int primaries)
{
    static const int table[][7] = {{1, 640, 330, 300, 600, 150, 60},
                                   {5, 640, 330, 290, 600, 150, 60},
                                   {6, 630, 340, 310, 595, 155, 70},
                                   {9, 708, 292, 170, 797, 131, 46},
                                   {12, 680, 320, 265, 690, 150, 60}};
    for (unsigned i = 0; i < sizeof table / sizeof *table; i++)
        if (table[i][0] == primaries)
            return table[i] + 1;
    abort();
}

/* exp: powers of two are taken out, then of e^(1/16), then a series. */
static quad exp_quad(quad x)
{
    static quad two, sixteenth;
    if (two == 0) {
        quad term = 1, sum = 0; /* ln 2 = sum of 1 / (n·2^n) */
        for (int n = 1; n < 130; n++)
            term /= 2, sum += term / n;
        two = sum;
        term = 1, sum = 1;
        for (int n = 1; n < 40; n++)
            term = term / n / 16, sum += term;
        sixteenth = sum;
    }
    const int k = (int)floor((double)(x / two) + 0.5);
    quad r = x - k * two;
    const int s = (int)floor((double)r * 16 + 0.5);
    r -= (quad)s / 16;
    quad term = 1, sum = 1;
    for (int n = 1; n < 28; n++)
        term *= r / n, sum += term;
    for (int i = 0; i < abs(s); i++)
        sum = s < 0 ? sum / sixteenth : sum * sixteenth;
    for (int i = 0; i < abs(k); i++)
        sum = k < 0 ? sum / 2 : sum * 2;
    return sum;
}

/* log: m·2^k with m near 1, and 2·atanh((m - 1) / (m + 1)). */
static quad log_quad(quad x)
{
    static quad two;
    if (two == 0) {
        quad power = (quad)1 / 3, sum = 0; /* ln 2 = 2·atanh(1/3) */
        for (int n = 1; n < 90; n += 2)
            sum += 2 * power / n, power /= 9;
        two = sum;
    }
    int k = 0;
    for (; x > (quad)1.5; k++)
        x /= 2;
    for (; x < (quad)0.75; k--)
        x *= 2;
    const quad z = (x - 1) / (x + 1), z2 = z * z;
    quad power = z, sum = 0;
    for (int n = 1; n < 60; n += 2)
        sum += 2 * power / n, power *= z2;
    return sum + k * two;
}

#define REAL long double
#define LOG logl
#define EXP expl
#define SUFFIX _near
#include "light_equations.h"
#undef REAL
#undef LOG
#undef EXP
#undef SUFFIX
#define REAL quad
#define LOG log_quad
#define EXP exp_quad
#define SUFFIX _quad
#include "light_equations.h"

static double half_value(uint16_t half)
{
    const int exponent = half >> 10 & 31, fraction = half & 1023;
    const double sign = half >> 15 ? -1 : 1;
    if (exponent == 31)
        return fraction ? 0 : sign * 65504;
    return sign * (exponent ? ldexp(1024 + fraction, exponent - 25) : ldexp(fraction, -24));
}

/* The components of a pixel, R, G, B. */
static void components(const struct pixfer_image *src, uint32_t x, uint32_t y, double c[3])
{
    const uint8_t *row[3];
    for (int i = 0; i < 3; i++)
        row[i] = src->plane[i] ? src->plane[i] + (ptrdiff_t)y * src->stride[i] : NULL;
    for (int i = 0; i < 3; i++) {
        const int planar = (i + 2) % 3; /* G, B, R */
        uint16_t word;
        uint32_t wide;
        float real;
        switch (src->format) {
        case PIXFER_FORMAT_RGBA16F:
            memcpy(&word, row[0] + 8 * x + 2 * i, 2);
            c[i] = half_value(word);
            break;
        case PIXFER_FORMAT_RGBA64:
            memcpy(&word, row[0] + 8 * x + 2 * i, 2);
            c[i] = word;
            break;
        case PIXFER_FORMAT_RGB10A2:
        case PIXFER_FORMAT_BGR10A2:
            memcpy(&wide, row[0] + 4 * x, 4);
            c[i] = wide >> 10 * (src->format == PIXFER_FORMAT_RGB10A2 ? i : 2 - i) & 1023;
            break;
        case PIXFER_FORMAT_GBRPF32:
            memcpy(&real, row[planar] + 4 * x, 4);
            c[i] = isnan(real) ? 0 : fmin(fmax(real, -65504), 65504);
            break;
        default:
            memcpy(&word, row[planar] + 2 * x, 2);
            c[i] = word & (unsigned)light_one(src->format);
        }
    }
}

double light_one(enum pixfer_format format)
{
    switch (format) {
    case PIXFER_FORMAT_RGBA16F:
    case PIXFER_FORMAT_GBRPF32:
        return 1;
    case PIXFER_FORMAT_RGBA64:
    case PIXFER_FORMAT_GBRP16:
        return 65535;
    case PIXFER_FORMAT_GBRP12:
        return 4095;
    default:
        return 1023;
    }
}

/* The pixels that a sample is made from, edges replicated: up to nine, with their weights. */
struct tap {
    uint32_t x, y;
    int weight;
};

static unsigned taps_of(struct tap taps[9], int *sum, const struct pixfer_image *src, enum pixfer_format format,
                        const struct pixfer_color *color, enum oracle_component component, uint32_t x, uint32_t y)
{
    uint32_t samples, rows;
    oracle_component_size(format, component, src->width, src->height, &samples, &rows);
    const int64_t cx = samples < src->width ? 2 * (int64_t)x : x, cy = rows < src->height ? 2 * (int64_t)y : y;
    unsigned count = 0;
    *sum = 1;
    if (component == ORACLE_Y) {
        taps[0] = (struct tap){x, y, 1};
        return 1;
    }
    for (int64_t py = cy - 1; py <= cy + 1; py++)
        for (int64_t px = cx - 1; px <= cx + 1; px++) {
            const int weight = oracle_filter(format, color->siting, x, y, px, py, sum);
            if (weight)
                taps[count++] = (struct tap){(uint32_t)(px < 0             ? 0
                                                        : px >= src->width ? src->width - 1
                                                                           : px),
                                             (uint32_t)(py < 0              ? 0
                                                        : py >= src->height ? src->height - 1
                                                                            : py),
                                             weight};
        }
    return count;
}

/* A sample is off by less than this in long double: what is closer to a tie is asked again. */
#define NEAR 1e-11L

void light_compare(const struct pixfer_image *src, const struct pixfer_image *dst, const struct pixfer_color *color,
                   const struct light *light, struct light_report *report)
{
    const unsigned depth = oracle_depth(dst->format), top = (1u << depth) - 1;
    long double(*encoded)[3] = malloc((size_t)src->width * src->height * sizeof *encoded);
    for (uint32_t i = 0; i < src->width * src->height; i++) {
        double c[3];
        components(src, i % src->width, i / src->width, c);
        encode_near(light, c, encoded[i]);
    }
    for (int component = 0; component < 3; component++) {
        uint32_t samples, rows;
        oracle_component_size(dst->format, (enum oracle_component)component, src->width, src->height, &samples, &rows);
        for (uint32_t i = 0; i < samples * rows; i++) {
            struct tap taps[9];
            int sum;
            const unsigned count =
                taps_of(taps, &sum, src, dst->format, color, (enum oracle_component)component, i % samples, i / samples);
            long double mean[3] = {0};
            for (unsigned t = 0; t < count; t++)
                for (int k = 0; k < 3; k++)
                    mean[k] += encoded[(size_t)taps[t].y * src->width + taps[t].x][k] * taps[t].weight / sum;
            const long double near = value_near(color, depth, (enum oracle_component)component, mean) + 0.5L;
            long double away = fabsl(near - roundl(near)), whole = floorl(near);
            if (away < NEAR * (top + 1)) {
                quad exact[3] = {0};
                for (unsigned t = 0; t < count; t++) {
                    double c[3];
                    quad v[3];
                    components(src, taps[t].x, taps[t].y, c);
                    encode_quad(light, c, v);
                    for (int k = 0; k < 3; k++)
                        exact[k] += v[k] * taps[t].weight / sum;
                }
                const quad beyond =
                    value_quad(color, depth, (enum oracle_component)component, exact) + (quad)0.5 - (quad)roundl(near);
                away = fabsl((long double)beyond);
                whole = roundl(near) - (away > 1e-25L && beyond < 0); /* a tie goes up */
                report->asked++;
            }
            if (away <= 1e-25L)
                report->ties++;
            else if (report->nearest == 0 || away < report->nearest)
                report->nearest = (double)away;
            const unsigned expected = whole > top ? top : (unsigned)whole,
                           got = oracle_get(dst, (enum oracle_component)component, i % samples, i / samples);
            report->samples++;
            if (got != expected && !report->differing++) {
                report->component = (unsigned)component;
                report->x = i % samples, report->y = i / samples;
                report->got = got, report->expected = expected;
            }
        }
    }
    free(encoded);
}

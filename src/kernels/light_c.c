/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* Sources in linear light: each pixel becomes R', G', B' in doubles, through the tables of light_math.h; samples are sums of these. A sample
 * that lies so close to a tie that the doubles cannot tell is computed from its pixels again, in double-double. */

#include <string.h>

#include "light_math.h"

#if defined(__GNUC__)
#define INLINE static inline __attribute__((always_inline))
#else
#define INLINE static inline
#endif

#define COLUMNS 64

/* R', G', B' by row of the strip, with a column more on either side. */
struct light_block {
    double v[3][3][COLUMNS + 2];
};

/* ---- Loads ---- */

/* Infinity is the largest number, not-a-number is 0. */
INLINE double light_from_half(uint32_t half)
{
    const uint32_t exponent = half >> 10 & 31, fraction = half & 1023;
    const uint64_t sign = (uint64_t)(half >> 15) << 63, normal = (uint64_t)(exponent + 1008) << 52 | (uint64_t)fraction << 42;
    const uint64_t bits = sign | (exponent == 31 ? UINT64_C(0x40effc0000000000) : normal);
    double value;

    if (exponent == 31 && fraction)
        return 0;
    if (!exponent)
        return (half >> 15 ? -1.0 : 1.0) * fraction * (1.0 / (1 << 24));
    memcpy(&value, &bits, sizeof(value));
    return value;
}

INLINE double light_from_float(const uint8_t *at)
{
    float value;

    memcpy(&value, at, sizeof(value));
    return value > 65504.0f ? 65504 : value < -65504.0f ? -65504 : value == value ? (double)value : 0;
}

INLINE uint16_t light_word_at(const uint8_t *at)
{
    uint16_t word;

    memcpy(&word, at, sizeof(word));
    return word;
}

/* The components of column x, in the order of memory. */
static void light_load(double c[3], const struct pixfer_kernel_config *config, const uint8_t *const row[3], size_t x)
{
    uint32_t word;

    switch (config->load) {
    case PIXFER_LOAD_HALF:
        for (size_t i = 0; i < 3; i++)
            c[i] = light_from_half(light_word_at(row[0] + 8 * x + 2 * i));
        break;
    case PIXFER_LOAD_FLOAT:
        for (size_t i = 0; i < 3; i++)
            c[i] = light_from_float(row[i] + 4 * x);
        break;
    case PIXFER_LOAD_PACKED16:
        for (size_t i = 0; i < 3; i++)
            c[i] = light_word_at(row[0] + 8 * x + 2 * i);
        break;
    case PIXFER_LOAD_PLANAR16:
        for (size_t i = 0; i < 3; i++)
            c[i] = light_word_at(row[i] + 2 * x) & config->white;
        break;
    default: /* PACKED10 */
        memcpy(&word, row[0] + 4 * x, sizeof(word));
        for (size_t i = 0; i < 3; i++)
            c[i] = word >> (10 * i) & 1023;
    }
}

/* ---- Curves ---- */

#define LEAST_BITS ((uint64_t)(1023 + PIXFER_LIGHT_LEAST) << 52)

/* x > 0; false where the definition must be asked: below the table, next to a knot, and where there is no piece. */
INLINE bool curve_at(const struct pixfer_curve *curve, double x, double *value)
{
    const double scaled = x * curve->scale, away = scaled - curve->knot;
    const struct pixfer_curve_piece *piece;
    uint64_t bits;

    memcpy(&bits, &scaled, sizeof(bits));
    if (bits < LEAST_BITS || (away < 1e-12 * curve->knot && away > -1e-12 * curve->knot))
        return false;
    piece = &curve->piece[(bits - LEAST_BITS) >> 50];
    if (!(piece->inverse > 0))
        return false;
    *value = pixfer_curve_piece_at(piece, (scaled - piece->middle) * piece->inverse);
    return true;
}

/* A component of light, from 0 to top. False where it is a small rest of large parts. */
INLINE bool light_component(const struct pixfer_light *light, int i, const double c[3], double *value)
{
    const double *m = light->near_matrix[i], a = m[0] * c[0], b = m[1] * c[1], d = m[2] * c[2];
    const double sum = a + b + d, parts = fabs(a) + fabs(b) + fabs(d);

    *value = sum <= 0 ? 0 : sum < light->top.hi ? sum : light->top.hi;
    return sum >= parts * (1.0 / 256) || sum < -parts * (1.0 / (INT64_C(1) << 48));
}

static bool light_scale(const struct pixfer_curve *curve, double at, double end, double rgb[3])
{
    double factor;

    if (!curve_at(curve, at, &factor))
        return false;
    for (int i = 0; i < 3; i++)
        rgb[i] = rgb[i] * factor < end ? rgb[i] * factor : end;
    return true;
}

static bool light_encode_near(const struct pixfer_light *light, const double c[3], double encoded[3])
{
    double rgb[3], most = 0;

    for (int i = 0; i < 3; i++) {
        if (!light_component(light, i, c, &rgb[i]))
            return false;
        most = rgb[i] > most ? rgb[i] : most;
    }
    if (light->mapped && most > 0 && !light_scale(&light->curve[PIXFER_LIGHT_MAPPING], most, light->end.hi, rgb))
        return false;
    if (light->ootf && most > 0 &&
        !light_scale(&light->curve[PIXFER_LIGHT_OOTF], 0.2627 * rgb[0] + 0.6780 * rgb[1] + 0.0593 * rgb[2], 1, rgb))
        return false;
    for (int i = 0; i < 3; i++) {
        encoded[i] = light->black_exactly.hi;
        if (rgb[i] > 0 && !curve_at(&light->curve[PIXFER_LIGHT_TRANSFER], rgb[i], &encoded[i]))
            return false;
    }
    return true;
}

INLINE void light_pixel(const struct pixfer_light *light, const double c[3], double encoded[3])
{
    struct pixfer_dd exactly[3];

    if (light_encode_near(light, c, encoded))
        return;
    pixfer_light_encode(light, c, exactly);
    for (int i = 0; i < 3; i++)
        encoded[i] = exactly[i].hi;
}

/* ---- Samples ---- */

/* Where a sample's pixels are, and how much each counts. */
struct light_window {
    const struct pixfer_kernel_config *config;
    const struct pixfer_strip *strip;
    ptrdiff_t x;
    uint8_t row[3], column[3];
};

/* Whether the sample's value and 1/2 reach the integer. */
static bool light_reaches(const struct light_window *w, const struct pixfer_light_sample *s, double integer)
{
    struct pixfer_dd t = dd(0), beyond;

    for (int row = 0; row < 3; row++)
        for (int column = 0; column < 3; column++) {
            const ptrdiff_t last = (ptrdiff_t)w->strip->width - 1, x = w->x + column - 1;
            const double weight = w->row[row] * w->column[column];
            struct pixfer_dd encoded[3];
            double c[3];

            if (weight == 0)
                continue;
            light_load(c, w->config, w->strip->src[row], (size_t)(x < 0 ? 0 : x > last ? last : x));
            pixfer_light_encode(w->config->light, c, encoded);
            for (int i = 0; i < 3; i++)
                t = dd_add(t, dd_mul(dd(weight * (double)s->weight[i]), encoded[i]));
        }
    beyond = dd_sub(dd_div(dd_mul(t, dd((double)s->num)), dd((double)s->den)), dd(integer - s->base - 0.5));
    return beyond.hi >= -1.0 / (INT64_C(1) << 60);
}

/* The filter's sum of R', G', B' becomes a sample. Never below 0, so that truncation is the integer part. */
INLINE unsigned light_sample(const struct light_window *w, const struct pixfer_light_sample *s, const double v[3])
{
    const int32_t max = w->config->math.max;
    const double x = s->scaled[0] * v[0] + s->scaled[1] * v[1] + s->scaled[2] * v[2] + (s->base + 0.5),
                 doubt = PIXFER_LIGHT_DOUBT * (max + 1.0);
    const int64_t nearest = (int64_t)(x + 0.5);
    const double beyond = x - (double)nearest;
    int64_t value = (int64_t)x;

    if (beyond < doubt && beyond > -doubt)
        value = nearest - !light_reaches(w, s, (double)nearest);
    return (unsigned)(value > max ? max : value < 0 ? 0 : value);
}

/* ---- Rows ---- */

/* The vertical weights of the rows above, first and second, and the horizontal ones of the columns left, own and right. */
static const struct light_taps {
    uint8_t row[3], column[3];
} light_filter_taps[PIXFER_FILTER_COUNT] = {
    [PIXFER_FILTER_420_CENTER] = {{0, 1, 1}, {0, 1, 1}},   [PIXFER_FILTER_420_LEFT] = {{0, 1, 1}, {1, 2, 1}},
    [PIXFER_FILTER_420_TOP_LEFT] = {{1, 2, 1}, {1, 2, 1}}, [PIXFER_FILTER_422_CENTER] = {{0, 1, 0}, {0, 1, 1}},
    [PIXFER_FILTER_422_LEFT] = {{0, 1, 0}, {1, 2, 1}},     [PIXFER_FILTER_444] = {{0, 1, 0}, {0, 1, 0}},
};

/* Like the pixel before, as most of a screen is: its R', G', B' once more. */
static void light_row(double to[3][COLUMNS + 2], const struct pixfer_kernel_config *config, const struct pixfer_strip *strip,
                      int row, size_t x, size_t n)
{
    double before[3] = {0},
           v[3] = {config->light->black_exactly.hi, config->light->black_exactly.hi, config->light->black_exactly.hi};

    for (size_t i = 0; i < n + 2; i++) {
        const size_t at = x + i ? x + i - 1 : 0;
        double c[3];

        light_load(c, config, strip->src[row], at < strip->width ? at : strip->width - 1);
        if (c[0] != before[0] || c[1] != before[1] || c[2] != before[2])
            light_pixel(config->light, c, v);
        for (int k = 0; k < 3; k++) {
            before[k] = c[k];
            to[k][i] = v[k];
        }
    }
}

INLINE void light_store(const struct pixfer_kernel_config *config, uint8_t *plane, size_t i, unsigned value)
{
    const uint16_t word = (uint16_t)(value << config->low);

    if (pixfer_store_is_wide(config->store))
        memcpy(plane + 2 * i, &word, sizeof(word));
    else
        plane[i] = (uint8_t)value;
}

static void light_luma_row(const struct pixfer_kernel_config *config, const struct light_block *b,
                           const struct pixfer_strip *strip, int row, size_t x, size_t n)
{
    struct light_window w = {.config = config, .strip = strip, .column = {0, 1, 0}};

    w.row[row] = 1;
    for (size_t i = 0; i < n; i++) {
        const double v[3] = {b->v[row][0][1 + i], b->v[row][1][1 + i], b->v[row][2][1 + i]};

        w.x = (ptrdiff_t)(x + i);
        light_store(config, strip->y[row - 1], x + i, light_sample(&w, &config->light->y, v));
    }
}

static void light_chroma_row(const struct pixfer_kernel_config *config, const struct light_block *b,
                             const struct pixfer_strip *strip, size_t x, size_t n)
{
    const struct light_taps *taps = &light_filter_taps[config->filter];
    const bool planar = pixfer_store_is_planar(config->store);
    const size_t step = config->filter == PIXFER_FILTER_444 ? 1 : 2;
    struct light_window w = {.config = config, .strip = strip};

    memcpy(w.row, taps->row, 3);
    memcpy(w.column, taps->column, 3);
    for (size_t i = 0; i < n; i += step) {
        double v[3] = {0};

        for (int row = 0; row < 3; row++)
            for (int c = 0; c < 3 && taps->row[row]; c++) {
                const double *line = b->v[row][c] + i;

                v[c] += taps->row[row] * (taps->column[0] * line[0] + taps->column[1] * line[1] + taps->column[2] * line[2]);
            }
        w.x = (ptrdiff_t)(x + i);
        for (size_t k = 0; k < 2; k++)
            light_store(config, strip->chroma[planar ? k : 0], planar ? (x + i) / step : 2 * ((x + i) / step) + k,
                        light_sample(&w, &config->light->chroma[k], v));
    }
}

PIXFER_STRIP_KERNEL(pixfer_kernel_light)
{
    struct light_block b;

    for (size_t x = 0; x < strip->width; x += COLUMNS) {
        const size_t n = strip->width - x < COLUMNS ? strip->width - x : COLUMNS;

        for (int row = 0; row < 3; row++)
            if (light_filter_taps[config->filter].row[row])
                light_row(b.v[row], config, strip, row, x, n);
        light_luma_row(config, &b, strip, 1, x, n);
        if (pixfer_filter_is_420(config->filter) && strip->y[1] != strip->y[0])
            light_luma_row(config, &b, strip, 2, x, n);
        light_chroma_row(config, &b, strip, x, n);
    }
}

#undef INLINE
#undef COLUMNS
#undef LEAST_BITS

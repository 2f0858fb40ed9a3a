/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* The reference for sources or samples of more bits than nv12_c.c takes: what every other kernel for them must equal, byte for byte.
 *
 * Components are unpacked into integers first, so many columns at a time, and what follows is the same for all of them: white is 255 to
 * 65535, or 2^24 for halves, which are multiples of 2^-24 from 0 to 1. Floats are multiples of 2^-149; they are summed as doubles, and
 * where that leaves a doubt the sum is taken in integers of as many digits as it needs. */

#include <string.h>

#include "kernels.h"

#if defined(__GNUC__)
#define INLINE static inline __attribute__((always_inline))
#else
#define INLINE static inline
#endif

#define COLUMNS 64

/* Components by row of the strip, with a column more on either side. The order is that of the weights. */
struct deep_block {
    union {
        int32_t whole[3][3][COLUMNS + 2];
        float real[3][3][COLUMNS + 2];
    } c;
};

/* ---- Loads ---- */

static uint16_t deep_word_at(const uint8_t *at)
{
    uint16_t word;

    memcpy(&word, at, sizeof(word));
    return word;
}

static uint32_t deep_long_at(const uint8_t *at)
{
    uint32_t word;

    memcpy(&word, at, sizeof(word));
    return word;
}

/* In 2^-24, clamped to 0 … 1; not-a-number is 0. */
INLINE int32_t deep_from_half(uint32_t half)
{
    const uint32_t exponent = half >> 10 & 31, fraction = half & 1023;

    if (half > 0x7c00) /* not-a-number, or negative */
        return 0;
    if (exponent >= 15)
        return 1 << 24;
    return (int32_t)(exponent ? (1024 + fraction) << (exponent - 1) : fraction);
}

INLINE float deep_from_float(const uint8_t *at)
{
    float value;

    memcpy(&value, at, sizeof(value));
    return value > 0 ? value < 1 ? value : 1 : 0;
}

/* The n columns from x on, of one row, into `to` from its second column on. first: the byte of the first component in pixels of four. */
static void deep_load_row(int32_t to[3][COLUMNS + 2], enum pixfer_load load, const uint8_t *const row[3], size_t first,
                          int32_t white, size_t x, size_t n)
{
    const uint8_t *at = row[0] + pixfer_load_bytes(load) * x;

    switch (load) {
    case PIXFER_LOAD_PACKED4:
        for (size_t i = 0; i < n; i++)
            for (size_t c = 0; c < 3; c++)
                to[c][1 + i] = at[4 * i + first + c];
        break;
    case PIXFER_LOAD_PACKED3:
        for (size_t i = 0; i < n; i++)
            for (size_t c = 0; c < 3; c++)
                to[c][1 + i] = at[3 * i + c];
        break;
    case PIXFER_LOAD_PACKED10:
        for (size_t i = 0; i < n; i++)
            for (size_t c = 0; c < 3; c++)
                to[c][1 + i] = (int32_t)(deep_long_at(at + 4 * i) >> (10 * c) & 1023);
        break;
    case PIXFER_LOAD_PACKED16:
        for (size_t i = 0; i < n; i++)
            for (size_t c = 0; c < 3; c++)
                to[c][1 + i] = deep_word_at(at + 8 * i + 2 * c);
        break;
    case PIXFER_LOAD_HALF:
        for (size_t i = 0; i < n; i++)
            for (size_t c = 0; c < 3; c++)
                to[c][1 + i] = deep_from_half(deep_word_at(at + 8 * i + 2 * c));
        break;
    case PIXFER_LOAD_PLANAR16:
        for (size_t c = 0; c < 3; c++)
            for (size_t i = 0; i < n; i++)
                to[c][1 + i] = deep_word_at(row[c] + 2 * (x + i)) & white;
        break;
    default:
        for (size_t c = 0; c < 3; c++)
            for (size_t i = 0; i < n; i++)
                to[c][1 + i] = row[c][x + i];
        break;
    }
}

static void deep_load_floats(float to[3][COLUMNS + 2], const uint8_t *const row[3], size_t x, size_t n)
{
    for (size_t c = 0; c < 3; c++)
        for (size_t i = 0; i < n; i++)
            to[c][1 + i] = deep_from_float(row[c] + 4 * (x + i));
}

/* A column more on either side, where the row has one; the edge again where it ends. */
static void deep_load_rows(struct deep_block *b, const struct pixfer_kernel_config *config, const struct pixfer_strip *strip,
                           size_t x, size_t n, const uint8_t weights[3])
{
    const size_t before = x > 0, after = x + n < strip->width, first = !config->math.y.weight[0];

    for (int row = 0; row < 3; row++) {
        if (!weights[row])
            continue;
        if (config->load == PIXFER_LOAD_FLOAT)
            deep_load_floats(b->c.real[row], strip->src[row], x, n);
        else
            deep_load_row(b->c.whole[row], config->load, strip->src[row], first, config->white, x, n);
        for (int c = 0; c < 3; c++) {
            int32_t *line = b->c.whole[row][c]; /* a float's bits will do as well */

            line[0] = line[1];
            line[n + 1] = line[n];
        }
        if (before || after) {
            struct deep_block edge; /* NOLINT(clang-analyzer-core.uninitialized.Assign): of one column at a time */

            for (int side = 0; side < 2; side++) {
                if (side ? !after : !before)
                    continue;
                if (config->load == PIXFER_LOAD_FLOAT)
                    deep_load_floats(edge.c.real[0], strip->src[row], side ? x + n : x - 1, 1);
                else
                    deep_load_row(edge.c.whole[0], config->load, strip->src[row], first, config->white, side ? x + n : x - 1, 1);
                for (int c = 0; c < 3; c++)
                    b->c.whole[row][c][side ? n + 1 : 0] = edge.c.whole[0][c][1];
            }
        }
    }
}

/* ---- Samples ---- */

/* What a sample takes, in a value of its own: see nv12_c.c. */
struct deep_scale {
    int64_t w[3], num2, add, den2;
    double inverse;
    int64_t max;
};

static struct deep_scale deep_gather(const struct pixfer_sample_math *math, const struct pixfer_deep_sample *deep, size_t first,
                                     int32_t max)
{
    return (struct deep_scale){{math->weight[first], math->weight[first + 1], math->weight[first + 2]},
                               deep->num2,
                               deep->add,
                               deep->den2,
                               deep->inverse,
                               max};
}

/* Never below 0: limited range ends at 16, full range chroma at 0.5. */
INLINE unsigned deep_whole_sample(const struct deep_scale *s, const int64_t c[3])
{
    const int64_t value = s->num2 * (s->w[0] * c[0] + s->w[1] * c[1] + s->w[2] * c[2]) + s->add;
    int64_t quotient = (int64_t)((double)value * s->inverse);
    const int64_t rest = value - quotient * s->den2;

    quotient += (rest >= s->den2) - (rest < 0);
    return (unsigned)(quotient > s->max ? s->max : quotient);
}

/* ---- Floats ---- */

/* Numbers of many digits: sums of values in units of 2^-149, with a digit for every 16 bits. */
#define DIGITS 16

struct deep_number {
    int64_t digit[DIGITS];
};

/* += value · 2^(bits - 149); |value| < 2^47. */
static void deep_add_value(struct deep_number *n, int64_t value, unsigned bits)
{
    n->digit[bits / 16] += value * (INT64_C(1) << bits % 16);
}

static void deep_carry(struct deep_number *n)
{
    for (int i = 0; i + 1 < DIGITS; i++) {
        const int64_t low = n->digit[i] & 0xffff;

        n->digit[i + 1] += (n->digit[i] - low) / 65536;
        n->digit[i] = low;
    }
}

/* += weight · c; 0 ≤ c ≤ 1 */
static void deep_add_product(struct deep_number *n, int64_t weight, float c)
{
    uint32_t bits, exponent;

    memcpy(&bits, &c, sizeof(bits));
    exponent = bits >> 23;
    deep_add_value(n, weight * (int64_t)((bits & 0x7fffff) | (exponent ? 0x800000 : 0)), exponent ? exponent - 1 : 0);
}

/* Where a sample's pixels are, and how much each counts. */
struct deep_taps {
    uint8_t row[3], column[3];
};

struct deep_window {
    const struct deep_block *block;
    size_t i; /* the column, in the block */
    struct deep_taps taps;
};

/* Whether num·t / den + base + 1/2 ≥ v, t the sum over the filter, for good. den counts a white of 2^24. */
static bool deep_reaches(const struct deep_window *w, const struct deep_scale *s, int64_t v)
{
    struct deep_number n = {{0}};

    for (int row = 0; row < 3; row++)
        for (size_t column = 0; column < 3; column++)
            for (int c = 0; c < 3; c++) {
                const int64_t weight = (int64_t)w->taps.row[row] * w->taps.column[column] * s->w[c];

                if (weight)
                    deep_add_product(&n, weight, w->block->c.real[row][c][w->i + column - 1]);
            }
    deep_carry(&n);
    for (int i = 0; i < DIGITS; i++)
        n.digit[i] *= s->num2;
    /* num2 · t · 2^24 ≥ v · den2 - add, in which the right side is below 2^60: in two halves */
    for (int half = 0; half < 2; half++) {
        const int64_t limit = v * s->den2 - s->add, low = limit & 0x3fffffff;

        deep_add_value(&n, -(half ? (limit - low) / (1 << 30) : low), 149 - 24 + (half ? 30 : 0));
    }
    deep_carry(&n);
    return n.digit[DIGITS - 1] >= 0;
}

/* The errors of at most 30 roundings of numbers below 2^17 are far below DOUBT. */
#define DOUBT (1.0 / (1 << 24))

static unsigned deep_real_sample(const struct deep_window *w, const struct deep_scale *s)
{
    double t = 0;

    for (int row = 0; row < 3; row++)
        for (size_t column = 0; column < 3; column++) {
            const double weight = w->taps.row[row] * w->taps.column[column];

            for (int c = 0; c < 3 && weight > 0; c++)
                t += weight * (double)s->w[c] * (double)w->block->c.real[row][c][w->i + column - 1];
        }
    /* Never below 0, so that truncation is the integer part. */
    const double x = (t * (1 << 24) * (double)s->num2 + (double)s->add) / (double)s->den2;
    const int64_t nearest = (int64_t)(x + 0.5);
    const double beyond = x - (double)nearest;
    int64_t value = (int64_t)x;

    if (beyond < DOUBT && beyond > -DOUBT)
        value = nearest - !deep_reaches(w, s, nearest);
    return (unsigned)(value > s->max ? s->max : value);
}

/* ---- Rows ---- */

/* The vertical weights of the rows above, first and second, and the horizontal ones of the columns left, own and right. */
static const struct deep_taps deep_filter_taps[PIXFER_FILTER_COUNT] = {
    [PIXFER_FILTER_420_CENTER] = {{0, 1, 1}, {0, 1, 1}},   [PIXFER_FILTER_420_LEFT] = {{0, 1, 1}, {1, 2, 1}},
    [PIXFER_FILTER_420_TOP_LEFT] = {{1, 2, 1}, {1, 2, 1}}, [PIXFER_FILTER_422_CENTER] = {{0, 1, 0}, {0, 1, 1}},
    [PIXFER_FILTER_422_LEFT] = {{0, 1, 0}, {1, 2, 1}},     [PIXFER_FILTER_444] = {{0, 1, 0}, {0, 1, 0}},
};

INLINE void deep_store(const struct pixfer_kernel_config *config, uint8_t *plane, size_t i, unsigned value)
{
    const uint16_t word = (uint16_t)(value << config->low);

    if (pixfer_store_is_wide(config->store))
        memcpy(plane + 2 * i, &word, sizeof(word));
    else
        plane[i] = (uint8_t)value;
}

static void deep_luma_row(const struct pixfer_kernel_config *config, const struct deep_scale *s, const struct deep_block *b,
                          int row, uint8_t *y, size_t x, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const int64_t c[3] = {b->c.whole[row][0][1 + i], b->c.whole[row][1][1 + i], b->c.whole[row][2][1 + i]};
        struct deep_window w = {b, 1 + i, {{0}, {0, 1, 0}}};

        w.taps.row[row] = 1;
        deep_store(config, y, x + i, config->load == PIXFER_LOAD_FLOAT ? deep_real_sample(&w, s) : deep_whole_sample(s, c));
    }
}

/* A component over the filter. */
INLINE int64_t deep_weigh(const struct deep_block *b, struct deep_taps taps, int c, size_t i)
{
    int64_t sum = 0;

    for (int row = 0; row < 3; row++) {
        const int32_t *line = b->c.whole[row][c] + i;

        if (taps.row[row])
            sum += taps.row[row] *
                   (taps.column[0] * (int64_t)line[-1] + taps.column[1] * (int64_t)line[0] + taps.column[2] * (int64_t)line[1]);
    }
    return sum;
}

static void deep_chroma_row(const struct pixfer_kernel_config *config, const struct deep_scale scale[2],
                            const struct deep_block *b, const struct pixfer_strip *strip, size_t x, size_t n)
{
    const struct deep_taps taps = deep_filter_taps[config->filter];
    const bool planar = pixfer_store_is_planar(config->store);
    const size_t step = config->filter == PIXFER_FILTER_444 ? 1 : 2;

    for (size_t i = 0; i < n; i += step) {
        const int64_t c[3] = {deep_weigh(b, taps, 0, 1 + i), deep_weigh(b, taps, 1, 1 + i), deep_weigh(b, taps, 2, 1 + i)};
        const struct deep_window w = {b, 1 + i, taps};

        for (size_t k = 0; k < 2; k++)
            deep_store(config, strip->chroma[planar ? k : 0], planar ? (x + i) / step : 2 * ((x + i) / step) + k,
                       config->load == PIXFER_LOAD_FLOAT ? deep_real_sample(&w, &scale[k]) : deep_whole_sample(&scale[k], c));
    }
}

PIXFER_STRIP_KERNEL(pixfer_kernel_deep)
{
    const struct pixfer_color_math *math = &config->math;
    const struct pixfer_deep_math *deep = &config->real;
    const size_t first = !math->y.weight[0];
    const struct deep_scale luma = deep_gather(&math->y, &deep->y, first, math->max);
    const struct deep_scale chroma[2] = {deep_gather(&math->chroma[0], &deep->chroma[0], first, math->max),
                                         deep_gather(&math->chroma[1], &deep->chroma[1], first, math->max)};
    struct deep_block b;

    for (size_t x = 0; x < strip->width; x += COLUMNS) {
        const size_t n = strip->width - x < COLUMNS ? strip->width - x : COLUMNS;

        deep_load_rows(&b, config, strip, x, n, deep_filter_taps[config->filter].row);
        deep_luma_row(config, &luma, &b, 1, strip->y[0], x, n);
        if (pixfer_filter_is_420(config->filter) && strip->y[1] != strip->y[0])
            deep_luma_row(config, &luma, &b, 2, strip->y[1], x, n);
        deep_chroma_row(config, chroma, &b, strip, x, n);
    }
}

#undef INLINE
#undef COLUMNS
#undef DIGITS
#undef DOUBT

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "oracle.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

/* Kr, Kg, Kb as integers of `one`, in the decimals that Rec. ITU-T H.273 prints. */
struct matrix {
    int64_t kr, kg, kb, one;
};

static struct matrix matrix_of(enum pixfer_matrix matrix)
{
    switch (matrix) {
    case PIXFER_MATRIX_BT601:
        return (struct matrix){299, 587, 114, 1000};
    case PIXFER_MATRIX_SMPTE240M:
        return (struct matrix){212, 701, 87, 1000};
    case PIXFER_MATRIX_BT2020_NCL:
        return (struct matrix){2627, 6780, 593, 10000};
    default:
        return (struct matrix){2126, 7152, 722, 10000};
    }
}

/* (B - L) / (2 (1 - Kb)) in units of 1/white of the mean, hence the denominators; `own` is B or R and `k` its coefficient. */
struct oracle_value oracle_value_of_white(const struct pixfer_color *color, unsigned depth, enum oracle_component component,
                                          int64_t r, int64_t g, int64_t b, int64_t weight, int64_t white)
{
    const struct matrix m = matrix_of(color->matrix);
    const bool full = color->range == PIXFER_RANGE_FULL;
    const int64_t unit = (int64_t)1 << (depth - 8), top = ((int64_t)1 << depth) - 1;
    const int64_t l = m.kr * r + m.kg * g + m.kb * b;

    if (component == ORACLE_Y) {
        const int64_t scale = full ? top : 219 * unit, base = full ? 0 : 16 * unit, den = white * m.one * weight;
        return (struct oracle_value){scale * l + base * den, den};
    }
    const int64_t own = component == ORACLE_CB ? b : r, k = component == ORACLE_CB ? m.kb : m.kr;
    const int64_t scale = full ? top : 224 * unit, base = 128 * unit, den = white * 2 * (m.one - k) * weight;
    return (struct oracle_value){scale * (m.one * own - l) + base * den, den};
}

struct oracle_value oracle_value_of(const struct pixfer_color *color, unsigned depth, enum oracle_component component, int64_t r,
                                    int64_t g, int64_t b, int64_t weight)
{
    return oracle_value_of_white(color, depth, component, r, g, b, weight, 255);
}

static int64_t floor_div(int64_t num, int64_t den)
{
    return num / den - (num % den < 0);
}

unsigned oracle_round(struct oracle_value value, unsigned depth)
{
    const int64_t top = ((int64_t)1 << depth) - 1, sample = floor_div(2 * value.num + value.den, 2 * value.den);
    return (unsigned)(sample < 0 ? 0 : sample > top ? top : sample);
}

unsigned oracle_depth(enum pixfer_format format)
{
    switch (format) {
    case PIXFER_FORMAT_P010:
    case PIXFER_FORMAT_I010:
    case PIXFER_FORMAT_I410:
        return 10;
    case PIXFER_FORMAT_P012:
        return 12;
    case PIXFER_FORMAT_P016:
        return 16;
    default:
        return 8;
    }
}

static bool halves_width(enum pixfer_format format)
{
    return format != PIXFER_FORMAT_I444 && format != PIXFER_FORMAT_NV24 && format != PIXFER_FORMAT_I410;
}

static bool halves_height(enum pixfer_format format)
{
    return halves_width(format) && format != PIXFER_FORMAT_I422 && format != PIXFER_FORMAT_NV16;
}

void oracle_component_size(enum pixfer_format format, enum oracle_component component, uint32_t width, uint32_t height,
                           uint32_t *samples, uint32_t *rows)
{
    const bool chroma = component != ORACLE_Y;
    *samples = chroma && halves_width(format) ? (width + 1) / 2 : width;
    *rows = chroma && halves_height(format) ? (height + 1) / 2 : height;
}

/* One dimension of the filter: the weight of the luma position p for chroma position c. `cosited` is [1 2 1] around 2c, else
 * the box over 2c and 2c + 1. */
static int tap(bool halved, bool cosited, int64_t c, int64_t p)
{
    if (!halved)
        return p == c;
    const int64_t d = p - 2 * c;
    if (!cosited)
        return d == 0 || d == 1;
    return d == 0 ? 2 : d == -1 || d == 1;
}

int oracle_filter(enum pixfer_format format, enum pixfer_siting siting, int64_t x, int64_t y, int64_t px, int64_t py, int *sum)
{
    const bool wide = halves_width(format), high = halves_height(format);
    const bool left = siting != PIXFER_SITING_CENTER, top = siting == PIXFER_SITING_TOP_LEFT;
    *sum = (!wide ? 1 : left ? 4 : 2) * (!high ? 1 : top ? 4 : 2);
    return tap(wide, left, x, px) * tap(high, top, y, py);
}

static int64_t clamp(int64_t v, int64_t most)
{
    return v < 0 ? 0 : v > most ? most : v;
}

/* How a source holds R, G and B: by planes or in pixels of some bytes, with the place of each. */
static const struct source {
    enum pixfer_format format;
    unsigned bytes, place[3], bits; /* bits 0: halves */
    bool planar;
} kinds[] = {
    {PIXFER_FORMAT_RGBA, 4, {0, 1, 2}, 8, false},       {PIXFER_FORMAT_BGRA, 4, {2, 1, 0}, 8, false},
    {PIXFER_FORMAT_ARGB, 4, {1, 2, 3}, 8, false},       {PIXFER_FORMAT_ABGR, 4, {3, 2, 1}, 8, false},
    {PIXFER_FORMAT_RGB24, 3, {0, 1, 2}, 8, false},      {PIXFER_FORMAT_BGR24, 3, {2, 1, 0}, 8, false},
    {PIXFER_FORMAT_GBRP, 1, {2, 0, 1}, 8, true},        {PIXFER_FORMAT_RGBA64, 8, {0, 2, 4}, 16, false},
    {PIXFER_FORMAT_RGB10A2, 4, {0, 10, 20}, 10, false}, {PIXFER_FORMAT_BGR10A2, 4, {20, 10, 0}, 10, false},
    {PIXFER_FORMAT_RGBA16F, 8, {0, 2, 4}, 0, false},    {PIXFER_FORMAT_GBRP10, 2, {2, 0, 1}, 10, true},
    {PIXFER_FORMAT_GBRP12, 2, {2, 0, 1}, 12, true},     {PIXFER_FORMAT_GBRP16, 2, {2, 0, 1}, 16, true},
    {PIXFER_FORMAT_GBRPF32, 4, {2, 0, 1}, 32, true},
};

static const struct source *source_of(enum pixfer_format format)
{
    for (unsigned i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].format == format)
            return &kinds[i];
    return &kinds[0];
}

/* What stands for 1. */
static int64_t white_of(enum pixfer_format format)
{
    const unsigned bits = source_of(format)->bits;
    return bits ? ((int64_t)1 << bits) - 1 : (int64_t)1 << 24;
}

/* A half times 2^24, by its definition in powers of two; what is below 0 or no number is 0, what is above 1 is 1. */
static int64_t half_value(unsigned half)
{
    const int exponent = (int)(half >> 10 & 31);
    const double fraction = (double)(half & 1023) / 1024;
    const double value = exponent ? ldexp(1 + fraction, exponent - 15) : ldexp(fraction, -14);

    if (half >> 15 || (exponent == 31 && half & 1023))
        return 0;
    return value >= 1 ? (int64_t)1 << 24 : (int64_t)ldexp(value, 24);
}

/* R, G, B of a pixel; positions outside the frame are those of the nearest edge. */
static const uint8_t *component_at(const struct pixfer_image *image, const struct source *kind, int64_t px, int64_t py,
                                   unsigned i)
{
    const ptrdiff_t x = (ptrdiff_t)clamp(px, (int64_t)image->width - 1), y = (ptrdiff_t)clamp(py, (int64_t)image->height - 1);
    const unsigned plane = kind->planar ? kind->place[i] : 0;
    return image->plane[plane] + y * image->stride[plane] + x * (ptrdiff_t)kind->bytes;
}

static void pixel(const struct pixfer_image *image, int64_t px, int64_t py, int64_t rgb[3])
{
    const struct source *kind = source_of(image->format);

    for (unsigned i = 0; i < 3; i++) {
        const uint8_t *at = component_at(image, kind, px, py, i);
        uint16_t word;
        uint32_t all;

        if (kind->bits == 8) {
            rgb[i] = kind->planar ? *at : at[kind->place[i]];
        } else if (kind->bits == 10 && !kind->planar) {
            memcpy(&all, at, 4);
            rgb[i] = all >> kind->place[i] & 1023;
        } else {
            memcpy(&word, kind->planar ? at : at + kind->place[i], 2);
            rgb[i] = kind->bits ? word & ((1 << kind->bits) - 1) : half_value(word);
        }
    }
}

/* The place of a sample: its plane, and its position in the row in samples. */
static unsigned place(const struct pixfer_image *image, enum oracle_component component, uint32_t x, size_t *index)
{
    const unsigned second = component == ORACLE_CR;
    *index = x;
    if (component == ORACLE_Y)
        return 0;
    switch (image->format) {
    case PIXFER_FORMAT_I420:
    case PIXFER_FORMAT_I422:
    case PIXFER_FORMAT_I444:
    case PIXFER_FORMAT_I010:
    case PIXFER_FORMAT_I410:
        return 1 + second;
    case PIXFER_FORMAT_YV12:
        return 2 - second;
    case PIXFER_FORMAT_NV21:
        *index = 2 * (size_t)x + !second;
        return 1;
    default:
        *index = 2 * (size_t)x + second;
        return 1;
    }
}

/* Bits below a sample in its word. */
static unsigned low_bits(enum pixfer_format format)
{
    return format == PIXFER_FORMAT_P010 ? 6 : format == PIXFER_FORMAT_P012 ? 4 : 0;
}

unsigned oracle_get(const struct pixfer_image *image, enum oracle_component component, uint32_t x, uint32_t y)
{
    size_t index;
    const unsigned plane = place(image, component, x, &index);
    const uint8_t *row = image->plane[plane] + (ptrdiff_t)y * image->stride[plane];
    if (oracle_depth(image->format) == 8)
        return row[index];
    uint16_t word;
    memcpy(&word, row + 2 * index, 2);
    const unsigned low = low_bits(image->format), depth = oracle_depth(image->format);
    return (unsigned)word >> low | (word & ((1u << low) - 1)) << depth;
}

static void put(const struct pixfer_image *image, enum oracle_component component, uint32_t x, uint32_t y, unsigned sample)
{
    size_t index;
    const unsigned plane = place(image, component, x, &index);
    uint8_t *row = image->plane[plane] + (ptrdiff_t)y * image->stride[plane];
    const uint16_t word = (uint16_t)(sample << low_bits(image->format));
    if (oracle_depth(image->format) == 8)
        row[index] = (uint8_t)sample;
    else
        memcpy(row + 2 * index, &word, 2);
}

/* ---- Sources that are Y'CbCr already ---- */

static bool is_422(const struct pixfer_image *image)
{
    return image->format == PIXFER_FORMAT_YUYV || image->format == PIXFER_FORMAT_UYVY;
}

/* The chroma sample on the even column 2x, or the Y at column x; beyond an edge, those at the edge. */
static int64_t sample_422(const struct pixfer_image *image, enum oracle_component component, int64_t x, int64_t y)
{
    static const unsigned places[2][3] = {{0, 1, 3}, {1, 0, 2}};
    const unsigned place = places[image->format == PIXFER_FORMAT_UYVY][component];
    const int64_t columns = component == ORACLE_Y ? image->width : (image->width + 1) / 2;
    const uint8_t *row = image->plane[0] + (ptrdiff_t)clamp(y, (int64_t)image->height - 1) * image->stride[0];

    x = clamp(x, columns - 1);
    return row[component == ORACLE_Y ? x / 2 * 4 + x % 2 * 2 + place : x * 4 + place];
}

/* A 4:2:0 sample lies at luma column 2x + d and between rows: by linear interpolation of columns 2x and 2x + 2, d = 0 or 1/2, which gives
 * weights 4 - q and q of 4 for a distance of q quarters of a column of chroma. */
static struct oracle_value value_422(const struct pixfer_image *src, const struct pixfer_color *color,
                                     enum oracle_component component, int64_t x, int64_t y)
{
    const int64_t q = color->siting == PIXFER_SITING_CENTER;
    struct oracle_value value = {0, 0};

    if (component == ORACLE_Y)
        return (struct oracle_value){sample_422(src, component, x, y), 1};
    for (int64_t row = -1; row <= 1; row++) {
        const int64_t weight = color->siting == PIXFER_SITING_TOP_LEFT ? 2 - row * row : row >= 0;
        value.num +=
            weight * ((4 - q) * sample_422(src, component, x, 2 * y + row) + q * sample_422(src, component, x + 1, 2 * y + row));
        value.den += 4 * weight;
    }
    return value;
}

struct oracle_value oracle_value_at(const struct pixfer_image *src, enum pixfer_format format, const struct pixfer_color *color,
                                    enum oracle_component component, uint32_t x, uint32_t y)
{
    const int64_t sx = halves_width(format) ? 2 * (int64_t)x : x, sy = halves_height(format) ? 2 * (int64_t)y : y;
    const int64_t white = is_422(src) ? 255 : white_of(src->format);
    int64_t rgb[3] = {0, 0, 0}, sums[3] = {0, 0, 0};
    int sum = 1;

    if (is_422(src))
        return value_422(src, color, component, x, y);
    if (component == ORACLE_Y) {
        pixel(src, x, y, sums);
        return oracle_value_of_white(color, oracle_depth(format), component, sums[0], sums[1], sums[2], 1, white);
    }
    for (int64_t py = sy - 1; py <= sy + 1; py++)
        for (int64_t px = sx - 1; px <= sx + 1; px++) {
            const int weight = oracle_filter(format, color->siting, x, y, px, py, &sum);
            pixel(src, px, py, rgb);
            for (int i = 0; i < 3; i++)
                sums[i] += weight * rgb[i];
        }
    return oracle_value_of_white(color, oracle_depth(format), component, sums[0], sums[1], sums[2], sum, white);
}

/* ---- Sources of floats: sums of numbers of 150 bits, in plain long addition ---- */

#define LIMBS 10

/* A number of 320 bits, two's complement, in units of 2^-149. */
struct wide {
    uint32_t limb[LIMBS];
};

/* += value · 2^shift */
static void wide_add(struct wide *w, int64_t value, unsigned shift)
{
    const uint64_t magnitude = value < 0 ? (uint64_t)0 - (uint64_t)value : (uint64_t)value;
    uint32_t addend[LIMBS] = {0};
    uint64_t carry = 0;

    for (unsigned bit = 0; bit < 63; bit++)
        if (magnitude >> bit & 1)
            addend[(bit + shift) / 32] |= (uint32_t)1 << (bit + shift) % 32;
    for (unsigned i = 0; i < LIMBS; i++) {
        carry += (uint64_t)w->limb[i] + (value < 0 ? ~addend[i] : addend[i]) + (i == 0 && value < 0);
        w->limb[i] = (uint32_t)carry;
        carry >>= 32;
    }
}

/* A float from 0 to 1 as significand · 2^(shift - 149). */
static int64_t float_value(const uint8_t *at, unsigned *shift)
{
    float value;
    int exponent;

    memcpy(&value, at, 4);
    *shift = 0;
    if (!(value > 0))
        return 0;
    if (value > 1)
        value = 1;
    const double fraction = frexp((double)value, &exponent); /* 0.5 … 1 */
    const int low = exponent - 24 < -149 ? -149 : exponent - 24;
    *shift = (unsigned)(low + 149);
    return (int64_t)ldexp(fraction, exponent - low);
}

/* Whether the value is `sample` - 1/2 at least: the sum over the filter of the linear form, with everything times its denominator. */
static bool float_reaches(const struct pixfer_image *src, enum pixfer_format format, const struct pixfer_color *color,
                          enum oracle_component component, uint32_t x, uint32_t y, int64_t sample)
{
    const struct source *kind = source_of(src->format);
    const unsigned depth = oracle_depth(format);
    const int64_t sx = component != ORACLE_Y && halves_width(format) ? 2 * (int64_t)x : x,
                  sy = component != ORACLE_Y && halves_height(format) ? 2 * (int64_t)y : y;
    struct wide total = {{0}};
    int sum = 1;

    for (int64_t py = sy - 1; py <= sy + 1; py++)
        for (int64_t px = sx - 1; px <= sx + 1; px++) {
            int weight = px == sx && py == sy;
            if (component != ORACLE_Y)
                weight = oracle_filter(format, color->siting, x, y, px, py, &sum);
            for (unsigned i = 0; i < 3 && weight; i++) {
                const struct oracle_value zero = oracle_value_of_white(color, depth, component, 0, 0, 0, 1, 1);
                const struct oracle_value one = oracle_value_of_white(color, depth, component, i == 0, i == 1, i == 2, 1, 1);
                unsigned shift;
                const int64_t v = float_value(component_at(src, kind, px, py, i), &shift);
                const int64_t times = 2 * weight * (one.num - zero.num); /* below 2^37 */
                wide_add(&total, (times >> 20) * v, shift + 20);
                wide_add(&total, (times & 0xfffff) * v, shift);
            }
        }
    const struct oracle_value zero = oracle_value_of_white(color, depth, component, 0, 0, 0, 1, 1);
    wide_add(&total, (2 * zero.num - (2 * sample - 1) * zero.den) * sum, 149);
    return !(total.limb[LIMBS - 1] >> 31);
}

unsigned oracle_sample_at(const struct pixfer_image *src, enum pixfer_format format, const struct pixfer_color *color,
                          enum oracle_component component, uint32_t x, uint32_t y)
{
    const unsigned depth = oracle_depth(format);
    unsigned least = 0, most = (1u << depth) - 1;

    if (is_422(src) || source_of(src->format)->bits != 32)
        return oracle_round(oracle_value_at(src, format, color, component, x, y), depth);
    while (least < most) {
        const unsigned middle = (least + most + 1) / 2;
        if (float_reaches(src, format, color, component, x, y, middle))
            least = middle;
        else
            most = middle - 1;
    }
    return least;
}

void oracle_convert(const struct pixfer_image *src, const struct pixfer_image *dst, const struct pixfer_color *color)
{
    uint32_t samples, rows;
    for (enum oracle_component c = ORACLE_Y; c <= ORACLE_CR; c++) {
        oracle_component_size(dst->format, c, dst->width, dst->height, &samples, &rows);
        for (uint32_t y = 0; y < rows; y++)
            for (uint32_t x = 0; x < samples; x++)
                put(dst, c, x, y, oracle_sample_at(src, dst->format, color, c, x, y));
    }
}

static void compare_sample(struct oracle_report *report, unsigned got, unsigned expected, double real, uint32_t x, uint32_t y)
{
    const unsigned difference = got > expected ? got - expected : expected - got;
    const double error = got > real ? got - real : real - got;
    report->samples++;
    report->sum += (int64_t)got - expected;
    if (error > report->max_error)
        report->max_error = error;
    if (!difference)
        return;
    if (difference > report->max)
        report->max = difference;
    if (!report->differing++)
        report->x = x, report->y = y, report->got = got, report->expected = expected;
}

uint64_t oracle_compare(const struct pixfer_image *src, const struct pixfer_image *dst, const struct pixfer_color *color,
                        struct oracle_report report[3])
{
    uint64_t differing = 0;
    uint32_t samples, rows;
    memset(report, 0, 3 * sizeof *report);
    for (enum oracle_component c = ORACLE_Y; c <= ORACLE_CR; c++) {
        oracle_component_size(dst->format, c, dst->width, dst->height, &samples, &rows);
        for (uint32_t y = 0; y < rows; y++)
            for (uint32_t x = 0; x < samples; x++) {
                const unsigned expected = oracle_sample_at(src, dst->format, color, c, x, y);
                double real = expected; /* of floats the value is not kept */
                if (is_422(src) || source_of(src->format)->bits != 32) {
                    const struct oracle_value value = oracle_value_at(src, dst->format, color, c, x, y);
                    real = (double)value.num / (double)value.den;
                }
                compare_sample(&report[c], oracle_get(dst, c, x, y), expected, real, x, y);
            }
        differing += report[c].differing;
    }
    return differing;
}

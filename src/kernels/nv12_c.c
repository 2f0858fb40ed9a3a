/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* The reference: what every other kernel must equal, byte for byte.
 *
 *     t      = sum over the filter of weight · (w[0]·c0 + w[1]·c1 + w[2]·c2 [+ 0·c3])     exact, |t| < 2^26
 *     sample = clamp((t · multiplier + bias) >> 50, 0, max)
 *
 * which is floor(x + 1/2) of the real value x (see color.c). The filter is applied to the components first: the dot product is
 * linear, so the mean of Cb over the filter is the Cb of the mean, as long as nothing is rounded in between. */

#include "kernels.h"

#if defined(__GNUC__)
#define INLINE static inline __attribute__((always_inline))
#else
#define INLINE static inline
#endif

struct sums {
    int32_t c[3];
};

struct rows {
    const uint8_t *plane[3];
};

/* Where the components that have a weight lie in a packed pixel of four. Every luma weight of a colour is positive, so 0 marks
 * alpha. */
struct offsets {
    uint8_t at[3];
};

INLINE struct sums load(enum pixfer_load how, struct rows rows, size_t x, struct offsets offsets)
{
    const uint8_t *first = rows.plane[0];

    switch (how) {
    case PIXFER_LOAD_PACKED4:
        return (struct sums){{first[4 * x + offsets.at[0]], first[4 * x + offsets.at[1]], first[4 * x + offsets.at[2]]}};
    case PIXFER_LOAD_PACKED3:
        return (struct sums){{first[3 * x], first[3 * x + 1], first[3 * x + 2]}};
    default:
        return (struct sums){{first[x], rows.plane[1][x], rows.plane[2][x]}};
    }
}

INLINE struct sums add(struct sums a, struct sums b)
{
    return (struct sums){{a.c[0] + b.c[0], a.c[1] + b.c[1], a.c[2] + b.c[2]}};
}

INLINE struct sums weigh(struct sums s, int32_t weight)
{
    return (struct sums){{weight * s.c[0], weight * s.c[1], weight * s.c[2]}};
}

static inline void store(enum pixfer_store how, uint8_t *plane, size_t i, unsigned value)
{
    if (how == PIXFER_STORE_SEMIPLANAR16)
        ((uint16_t *)(void *)plane)[i] = (uint16_t)(value << 6);
    else
        plane[i] = (uint8_t)value;
}

/* The vertical weights of the rows above, first and second, and the horizontal ones of the columns left, own and right. */
struct taps {
    uint8_t row[3], column[3];
};

static const struct taps filter_taps[PIXFER_FILTER_COUNT] = {
    [PIXFER_FILTER_420_CENTER] = {{0, 1, 1}, {0, 1, 1}},   [PIXFER_FILTER_420_LEFT] = {{0, 1, 1}, {1, 2, 1}},
    [PIXFER_FILTER_420_TOP_LEFT] = {{1, 2, 1}, {1, 2, 1}}, [PIXFER_FILTER_422_CENTER] = {{0, 1, 0}, {0, 1, 1}},
    [PIXFER_FILTER_422_LEFT] = {{0, 1, 0}, {1, 2, 1}},     [PIXFER_FILTER_444] = {{0, 1, 0}, {0, 1, 0}},
};

/* What a sample takes, gathered into a value of its own: stores through byte pointers could change anything that has an address,
 * so a kernel that read its numbers through one would read them again for every sample. */
struct scale {
    int32_t w[3]; /* without alpha's zero */
    int64_t multiplier, bias;
    int32_t max;
};

static struct offsets component_offsets(const struct pixfer_kernel_config *config)
{
    struct offsets offsets = {{0}};
    int n = 0;

    for (uint8_t i = 0; i < 4 && n < 3; i++)
        if (config->math.y.weight[i])
            offsets.at[n++] = i;
    return offsets;
}

static struct scale gather(const struct pixfer_sample_math *math, struct offsets offsets, int32_t max)
{
    struct scale scale = {.multiplier = math->multiplier, .bias = math->bias, .max = max};

    for (int i = 0; i < 3; i++)
        scale.w[i] = math->weight[offsets.at[i]];
    return scale;
}

static inline unsigned sample(struct scale scale, struct sums s)
{
    const int32_t t = scale.w[0] * s.c[0] + scale.w[1] * s.c[1] + scale.w[2] * s.c[2];
    const int64_t value = (t * scale.multiplier + scale.bias) >> PIXFER_SAMPLE_SHIFT;

    /* Never below 0: limited range ends at 16, full range chroma at 0.5. */
    return (unsigned)(value > scale.max ? scale.max : value);
}

INLINE void luma_row(struct scale scale, struct offsets offsets, const uint8_t *const src[3], uint8_t *y, size_t width,
                     enum pixfer_load how, enum pixfer_store depth)
{
    const struct rows rows = {{src[0], src[1], src[2]}};

    for (size_t x = 0; x < width; x++)
        store(depth, y, x, sample(scale, load(how, rows, x, offsets)));
}

/* The components of column x, summed over the rows of the filter. */
INLINE struct sums column(const struct rows rows[3], struct taps taps, size_t x, enum pixfer_load how, struct offsets offsets)
{
    struct sums sum = weigh(load(how, rows[1], x, offsets), taps.row[1]);

    if (taps.row[0])
        sum = add(sum, weigh(load(how, rows[0], x, offsets), taps.row[0]));
    if (taps.row[2])
        sum = add(sum, weigh(load(how, rows[2], x, offsets), taps.row[2]));
    return sum;
}

INLINE void chroma_row(struct scale first, struct scale second, struct offsets offsets, const struct pixfer_strip *strip,
                       enum pixfer_load how, enum pixfer_store depth, enum pixfer_filter filter)
{
    const struct taps taps = filter_taps[filter];
    const size_t step = filter == PIXFER_FILTER_444 ? 1 : 2, width = strip->width;
    uint8_t *const plane[2] = {strip->chroma[0], depth == PIXFER_STORE_PLANAR8 ? strip->chroma[1] : strip->chroma[0]};
    struct rows rows[3];
    struct sums left;

    for (int i = 0; i < 3; i++)
        rows[i] = (struct rows){{strip->src[i][0], strip->src[i][1], strip->src[i][2]}};
    left = column(rows, taps, 0, how, offsets);
    for (size_t x = 0, i = 0; x < width; x += step, i++) {
        struct sums sum = weigh(column(rows, taps, x, how, offsets), taps.column[1]), right = left;

        if (taps.column[2]) {
            right = column(rows, taps, x + 1 < width ? x + 1 : x, how, offsets);
            sum = add(sum, right);
        }
        if (taps.column[0])
            sum = add(sum, left);
        left = right;
        store(depth, plane[0], depth == PIXFER_STORE_PLANAR8 ? i : 2 * i, sample(first, sum));
        store(depth, plane[1], depth == PIXFER_STORE_PLANAR8 ? i : 2 * i + 1, sample(second, sum));
    }
}

INLINE void convert(const struct pixfer_kernel_config *config, const struct pixfer_strip *strip, enum pixfer_load how,
                    enum pixfer_store depth, enum pixfer_filter filter)
{
    const struct pixfer_color_math *math = &config->math;
    const struct offsets offsets = component_offsets(config);
    const struct scale luma = gather(&math->y, offsets, math->max);

    luma_row(luma, offsets, strip->src[1], strip->y[0], strip->width, how, depth);
    if (pixfer_filter_is_420(filter) && strip->y[1] != strip->y[0])
        luma_row(luma, offsets, strip->src[2], strip->y[1], strip->width, how, depth);
    chroma_row(gather(&math->chroma[0], offsets, math->max), gather(&math->chroma[1], offsets, math->max), offsets, strip, how,
               depth, filter);
}

/* One body; the compiler sees the loads, the stores and the filter of each instance as constants. */
#define INSTANCE(how, depth, filter)                                                             \
    static PIXFER_STRIP_KERNEL(how##_##depth##_##filter)                                         \
    {                                                                                            \
        convert(config, strip, PIXFER_LOAD_##how, PIXFER_STORE_##depth, PIXFER_FILTER_##filter); \
    }
#define FILTERS(how, depth)            \
    INSTANCE(how, depth, 420_CENTER)   \
    INSTANCE(how, depth, 420_LEFT)     \
    INSTANCE(how, depth, 420_TOP_LEFT) \
    INSTANCE(how, depth, 422_CENTER) INSTANCE(how, depth, 422_LEFT) INSTANCE(how, depth, 444)
#define STORES(how) FILTERS(how, SEMIPLANAR8) FILTERS(how, PLANAR8) FILTERS(how, SEMIPLANAR16)
STORES(PACKED4)
STORES(PACKED3)
STORES(PLANAR)

#define FILTER_ROW(how, depth)                                                                                    \
    [PIXFER_STORE_##depth] = {how##_##depth##_420_CENTER, how##_##depth##_420_LEFT, how##_##depth##_420_TOP_LEFT, \
                              how##_##depth##_422_CENTER, how##_##depth##_422_LEFT, how##_##depth##_444}
#define LOAD_ROW(how) \
    [PIXFER_LOAD_##how] = {FILTER_ROW(how, SEMIPLANAR8), FILTER_ROW(how, PLANAR8), FILTER_ROW(how, SEMIPLANAR16)}

pixfer_strip_kernel *pixfer_kernel_c(const struct pixfer_kernel_config *config)
{
    static pixfer_strip_kernel *const table[PIXFER_LOAD_COUNT][PIXFER_STORE_COUNT][PIXFER_FILTER_COUNT] = {
        LOAD_ROW(PACKED4), LOAD_ROW(PACKED3), LOAD_ROW(PLANAR)};

    if (config->deep)
        return pixfer_kernel_deep;
    return config->load == PIXFER_LOAD_PACKED422 ? pixfer_kernel_packed422 : table[config->load][config->store][config->filter];
}

#undef INLINE
#undef INSTANCE

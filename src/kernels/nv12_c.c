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

struct sums {
    int32_t c[3];
};

/* Kept apart from the arithmetic so that each instantiation's loads are known to the compiler. */
static inline struct sums load(enum pixfer_load how, const uint8_t *const src[3], size_t x, const uint8_t offset[3])
{
    switch (how) {
    case PIXFER_LOAD_PACKED4:
        return (struct sums){{src[0][4 * x + offset[0]], src[0][4 * x + offset[1]], src[0][4 * x + offset[2]]}};
    case PIXFER_LOAD_PACKED3:
        return (struct sums){{src[0][3 * x], src[0][3 * x + 1], src[0][3 * x + 2]}};
    default:
        return (struct sums){{src[0][x], src[1][x], src[2][x]}};
    }
}

static inline void add(struct sums *sum, struct sums more, int32_t weight)
{
    for (int i = 0; i < 3; i++)
        sum->c[i] += weight * more.c[i];
}

static inline unsigned sample(const struct pixfer_sample_math *math, const int16_t w[3], struct sums s, int32_t max)
{
    int32_t t = w[0] * s.c[0] + w[1] * s.c[1] + w[2] * s.c[2];
    int64_t value = (t * math->multiplier + math->bias) >> PIXFER_SAMPLE_SHIFT;

    /* Never below 0: limited range ends at 16, full range chroma at 0.5. */
    return (unsigned)(value > max ? max : value);
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

/* The weights without alpha's zero, and where the components that have one lie in a packed pixel of four. */
struct weights {
    int16_t y[3], chroma[2][3];
    uint8_t offset[3];
};

static void gather_weights(struct weights *out, const struct pixfer_kernel_config *config)
{
    /* Every luma weight of a colour is positive, so 0 marks alpha. */
    int n = 0;

    for (int i = 0; i < 4 && n < 3; i++) {
        if (!config->math.y.weight[i])
            continue;
        out->offset[n] = (uint8_t)i;
        out->y[n] = config->math.y.weight[i];
        out->chroma[0][n] = config->math.chroma[0].weight[i];
        out->chroma[1][n++] = config->math.chroma[1].weight[i];
    }
}

static inline void luma_row(const struct pixfer_kernel_config *config, const struct weights *w, const uint8_t *const src[3],
                            uint8_t *y, size_t width, enum pixfer_load how, enum pixfer_store depth)
{
    for (size_t x = 0; x < width; x++)
        store(depth, y, x, sample(&config->math.y, w->y, load(how, src, x, w->offset), config->math.max));
}

static inline void chroma_row(const struct pixfer_kernel_config *config, const struct weights *w,
                              const struct pixfer_strip *strip, enum pixfer_load how, enum pixfer_store depth, bool subsampled)
{
    const struct taps *taps = &filter_taps[config->filter];
    const size_t last = strip->width - 1, samples = subsampled ? last / 2 + 1 : last + 1;

    for (size_t i = 0; i < samples; i++) {
        const size_t x = subsampled ? 2 * i : i, left = x ? x - 1 : 0, right = x < last ? x + 1 : last;
        struct sums sum = {{0}};

        for (int row = 0; row < 3; row++) {
            if (!taps->row[row])
                continue;
            if (taps->column[0])
                add(&sum, load(how, strip->src[row], left, w->offset), taps->row[row] * taps->column[0]);
            add(&sum, load(how, strip->src[row], x, w->offset), taps->row[row] * taps->column[1]);
            if (taps->column[2])
                add(&sum, load(how, strip->src[row], right, w->offset), taps->row[row] * taps->column[2]);
        }
        for (int c = 0; c < 2; c++) {
            unsigned value = sample(&config->math.chroma[c], w->chroma[c], sum, config->math.max);

            if (depth == PIXFER_STORE_PLANAR8)
                store(depth, strip->chroma[c], i, value);
            else
                store(depth, strip->chroma[0], 2 * i + (size_t)c, value);
        }
    }
}

static inline void convert(const struct pixfer_kernel_config *config, const struct pixfer_strip *strip, enum pixfer_load how,
                           enum pixfer_store depth)
{
    const bool subsampled = config->filter != PIXFER_FILTER_444;
    struct weights w;

    gather_weights(&w, config);
    luma_row(config, &w, strip->src[1], strip->y[0], strip->width, how, depth);
    if (config->filter <= PIXFER_FILTER_420_TOP_LEFT && strip->y[1] != strip->y[0])
        luma_row(config, &w, strip->src[2], strip->y[1], strip->width, how, depth);
    chroma_row(config, &w, strip, how, depth, subsampled);
}

#define INSTANCE(name, how, depth)          \
    static PIXFER_STRIP_KERNEL(name)        \
    {                                       \
        convert(config, strip, how, depth); \
    }

INSTANCE(packed4_semiplanar8, PIXFER_LOAD_PACKED4, PIXFER_STORE_SEMIPLANAR8)
INSTANCE(packed4_planar8, PIXFER_LOAD_PACKED4, PIXFER_STORE_PLANAR8)
INSTANCE(packed4_semiplanar16, PIXFER_LOAD_PACKED4, PIXFER_STORE_SEMIPLANAR16)
INSTANCE(packed3_semiplanar8, PIXFER_LOAD_PACKED3, PIXFER_STORE_SEMIPLANAR8)
INSTANCE(packed3_planar8, PIXFER_LOAD_PACKED3, PIXFER_STORE_PLANAR8)
INSTANCE(packed3_semiplanar16, PIXFER_LOAD_PACKED3, PIXFER_STORE_SEMIPLANAR16)
INSTANCE(planar_semiplanar8, PIXFER_LOAD_PLANAR, PIXFER_STORE_SEMIPLANAR8)
INSTANCE(planar_planar8, PIXFER_LOAD_PLANAR, PIXFER_STORE_PLANAR8)
INSTANCE(planar_semiplanar16, PIXFER_LOAD_PLANAR, PIXFER_STORE_SEMIPLANAR16)

pixfer_strip_kernel *pixfer_kernel_c(const struct pixfer_kernel_config *config)
{
    static pixfer_strip_kernel *const table[PIXFER_LOAD_COUNT][PIXFER_STORE_COUNT] = {
        [PIXFER_LOAD_PACKED4] = {packed4_semiplanar8, packed4_planar8, packed4_semiplanar16},
        [PIXFER_LOAD_PACKED3] = {packed3_semiplanar8, packed3_planar8, packed3_semiplanar16},
        [PIXFER_LOAD_PLANAR] = {planar_semiplanar8, planar_planar8, planar_semiplanar16},
    };

    return table[config->load][config->store];
}

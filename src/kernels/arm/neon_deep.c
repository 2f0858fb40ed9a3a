/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* NEON for components of 10 and 16 bits and halves, to semi-planar 4:2:0 of any depth: see deep_math.h for the arithmetic, whose doubles
 * come two to a register here. Eight columns at a time.
 *
 * Interval of every value: components 0 … 65535, or 0 … 2^24 for halves; sums of them over the chroma filter at most 2^28, in 32 bits;
 * luma's numerator of words below 2^30, unsigned; all others exact in a double. */

#include "../kernels.h"

#if defined(__aarch64__) && !defined(__AARCH64EB__)

#include <arm_neon.h>
#include <string.h>

#define COLUMNS 8

#define INLINE static inline __attribute__((always_inline))

/* Eight columns of a component: columns 0 to 3, and 4 to 7. */
struct neon_deep_lanes {
    uint32x4_t low, high;
};

struct neon_deep_colors {
    struct neon_deep_lanes c[3]; /* first, green, last */
};

struct neon_deep_numbers {
    float64x2_t weight[3], scale, bias;
};

struct neon_deep_all {
    struct neon_deep_numbers y, chroma[2];
    uint16_t y_weight[3];
    uint32x4_t max;
    int16x8_t low; /* the shift into place */
};

INLINE struct neon_deep_numbers neon_deep_numbers_of(const struct pixfer_deep_sample *s)
{
    return (struct neon_deep_numbers){{vdupq_n_f64(s->weight[0]), vdupq_n_f64(s->weight[1]), vdupq_n_f64(s->weight[2])},
                                      vdupq_n_f64(s->scale),
                                      vdupq_n_f64(s->bias)};
}

INLINE struct neon_deep_all neon_deep_all_of(const struct pixfer_kernel_config *config)
{
    const struct pixfer_deep_math *deep = &config->real;

    return (struct neon_deep_all){neon_deep_numbers_of(&deep->y),
                                  {neon_deep_numbers_of(&deep->chroma[0]), neon_deep_numbers_of(&deep->chroma[1])},
                                  {(uint16_t)deep->y_weight[0], (uint16_t)deep->y_weight[1], (uint16_t)deep->y_weight[2]},
                                  vdupq_n_u32((uint32_t)config->math.max),
                                  vdupq_n_s16(config->low)};
}

/* A half of 0 … 1 in 2^-24; FMAXNM takes the other operand where one is not a number. */
INLINE uint32x4_t neon_deep_from_half(uint16x4_t bits)
{
    const float32x4_t v = vcvt_f32_f16(vreinterpret_f16_u16(bits));
    const float32x4_t within = vminnmq_f32(vmaxnmq_f32(v, vdupq_n_f32(0)), vdupq_n_f32(1));

    return vcvtq_u32_f32(vmulq_f32(within, vdupq_n_f32(16777216)));
}

INLINE struct neon_deep_lanes neon_deep_widen(enum pixfer_load load, uint16x8_t v)
{
    if (load == PIXFER_LOAD_HALF)
        return (struct neon_deep_lanes){neon_deep_from_half(vget_low_u16(v)), neon_deep_from_half(vget_high_u16(v))};
    return (struct neon_deep_lanes){vmovl_u16(vget_low_u16(v)), vmovl_high_u16(v)};
}

INLINE struct neon_deep_colors neon_deep_load_colors(enum pixfer_load load, const uint8_t *at)
{
    struct neon_deep_colors colors;

    if (load == PIXFER_LOAD_PACKED10) {
        const uint32x4_t a = vreinterpretq_u32_u8(vld1q_u8(at)), b = vreinterpretq_u32_u8(vld1q_u8(at + 16)),
                         mask = vdupq_n_u32(1023);

        colors.c[0] = (struct neon_deep_lanes){vandq_u32(a, mask), vandq_u32(b, mask)};
        colors.c[1] = (struct neon_deep_lanes){vandq_u32(vshrq_n_u32(a, 10), mask), vandq_u32(vshrq_n_u32(b, 10), mask)};
        colors.c[2] = (struct neon_deep_lanes){vandq_u32(vshrq_n_u32(a, 20), mask), vandq_u32(vshrq_n_u32(b, 20), mask)};
    } else {
        const uint16x8x4_t p = vld4q_u16((const void *)at);

        colors.c[0] = neon_deep_widen(load, p.val[0]);
        colors.c[1] = neon_deep_widen(load, p.val[1]);
        colors.c[2] = neon_deep_widen(load, p.val[2]);
    }
    return colors;
}

INLINE float64x2_t neon_deep_double(uint32x2_t v)
{
    return vcvtq_f64_u64(vmovl_u32(v));
}

INLINE uint32x2_t neon_deep_nearest(const struct neon_deep_numbers *n, float64x2_t t)
{
    return vmovn_u64(vreinterpretq_u64_f64(vaddq_f64(vfmaq_f64(n->bias, t, n->scale), vdupq_n_f64(4503599627370496.0))));
}

INLINE uint32x2_t neon_deep_sample(const struct neon_deep_numbers *n, uint32x2_t first, uint32x2_t green, uint32x2_t last)
{
    const float64x2_t t =
        vfmaq_f64(vfmaq_f64(vmulq_f64(neon_deep_double(first), n->weight[0]), neon_deep_double(green), n->weight[1]),
                  neon_deep_double(last), n->weight[2]);

    return neon_deep_nearest(n, t);
}

INLINE uint32x4_t neon_deep_luma4(const struct neon_deep_all *k, enum pixfer_load load, uint32x4_t first, uint32x4_t green,
                                  uint32x4_t last)
{
    uint32x4_t t;

    if (load == PIXFER_LOAD_HALF)
        return vcombine_u32(neon_deep_sample(&k->y, vget_low_u32(first), vget_low_u32(green), vget_low_u32(last)),
                            neon_deep_sample(&k->y, vget_high_u32(first), vget_high_u32(green), vget_high_u32(last)));
    t = vmlaq_n_u32(vmlaq_n_u32(vmulq_n_u32(first, k->y_weight[0]), green, k->y_weight[1]), last, k->y_weight[2]);
    return vcombine_u32(neon_deep_nearest(&k->y, neon_deep_double(vget_low_u32(t))),
                        neon_deep_nearest(&k->y, neon_deep_double(vget_high_u32(t))));
}

/* Eight samples, as words in place or as bytes. */
INLINE void neon_deep_store(const struct neon_deep_all *k, uint8_t *at, uint32x4_t a, uint32x4_t b, bool wide)
{
    const uint16x8_t v = vcombine_u16(vmovn_u32(vminq_u32(a, k->max)), vmovn_u32(vminq_u32(b, k->max)));

    if (wide)
        vst1q_u8(at, vreinterpretq_u8_u16(vshlq_u16(v, k->low)));
    else
        vst1_u8(at, vmovn_u16(v));
}

INLINE void neon_deep_luma(const struct neon_deep_all *k, enum pixfer_load load, const struct neon_deep_colors *c, uint8_t *y,
                           bool wide)
{
    neon_deep_store(k, y, neon_deep_luma4(k, load, c->c[0].low, c->c[1].low, c->c[2].low),
                    neon_deep_luma4(k, load, c->c[0].high, c->c[1].high, c->c[2].high), wide);
}

INLINE struct neon_deep_lanes neon_deep_add_lanes(struct neon_deep_lanes a, struct neon_deep_lanes b)
{
    return (struct neon_deep_lanes){vaddq_u32(a.low, b.low), vaddq_u32(a.high, b.high)};
}

INLINE void neon_deep_add_row(struct neon_deep_colors *sum, const struct neon_deep_colors *row)
{
    sum->c[0] = neon_deep_add_lanes(sum->c[0], row->c[0]);
    sum->c[1] = neon_deep_add_lanes(sum->c[1], row->c[1]);
    sum->c[2] = neon_deep_add_lanes(sum->c[2], row->c[2]);
}

/* The columns' filter on the sums over the rows: four sums. `odd` keeps the last odd columns, of which the next block wants one. */
INLINE uint32x4_t neon_deep_filter(enum pixfer_filter filter, struct neon_deep_lanes v, uint32x4_t *odd)
{
    const uint32x4_t even_columns = vuzp1q_u32(v.low, v.high), odd_columns = vuzp2q_u32(v.low, v.high);
    uint32x4_t sum = vaddq_u32(even_columns, odd_columns);

    if (filter != PIXFER_FILTER_420_CENTER) {
        sum = vaddq_u32(vaddq_u32(sum, even_columns), vextq_u32(*odd, odd_columns, 3));
        *odd = odd_columns;
    }
    return sum;
}

INLINE void neon_deep_chroma(const struct neon_deep_all *k, enum pixfer_filter filter, const struct neon_deep_colors *sums,
                             uint32x4_t odd[3], uint8_t *at, bool wide)
{
    const uint32x4_t first = neon_deep_filter(filter, sums->c[0], &odd[0]), green = neon_deep_filter(filter, sums->c[1], &odd[1]),
                     last = neon_deep_filter(filter, sums->c[2], &odd[2]);
    const struct neon_deep_numbers *a = &k->chroma[0], *b = &k->chroma[1];
    const uint32x4_t u = vcombine_u32(neon_deep_sample(a, vget_low_u32(first), vget_low_u32(green), vget_low_u32(last)),
                                      neon_deep_sample(a, vget_high_u32(first), vget_high_u32(green), vget_high_u32(last)));
    const uint32x4_t v = vcombine_u32(neon_deep_sample(b, vget_low_u32(first), vget_low_u32(green), vget_low_u32(last)),
                                      neon_deep_sample(b, vget_high_u32(first), vget_high_u32(green), vget_high_u32(last)));

    neon_deep_store(k, at, vzip1q_u32(u, v), vzip2q_u32(u, v), wide);
}

/* Where a block lies: the addresses of its rows. */
struct neon_deep_place {
    const uint8_t *src[3];
    uint8_t *y[2], *chroma;
};

INLINE void neon_deep_block(const struct neon_deep_all *k, const struct neon_deep_place *at, enum pixfer_load load,
                            enum pixfer_filter filter, bool wide, uint32x4_t odd[3])
{
    struct neon_deep_colors sums = neon_deep_load_colors(load, at->src[1]), row;

    neon_deep_luma(k, load, &sums, at->y[0], wide);
    if (filter == PIXFER_FILTER_420_TOP_LEFT) {
        row = sums;
        neon_deep_add_row(&sums, &row);
        row = neon_deep_load_colors(load, at->src[0]);
        neon_deep_add_row(&sums, &row);
    }
    row = neon_deep_load_colors(load, at->src[2]);
    neon_deep_luma(k, load, &row, at->y[1], wide);
    neon_deep_add_row(&sums, &row);
    neon_deep_chroma(k, filter, &sums, odd, at->chroma, wide);
}

/* Column -1 is column 0: what the first [1 2 1] finds to its left. */
INLINE void neon_deep_left_edge(const struct pixfer_strip *strip, enum pixfer_load load, enum pixfer_filter filter,
                                uint32x4_t odd[3])
{
    const size_t bytes = pixfer_load_bytes(load);
    struct neon_deep_colors sums = {
        {{vdupq_n_u32(0), vdupq_n_u32(0)}, {vdupq_n_u32(0), vdupq_n_u32(0)}, {vdupq_n_u32(0), vdupq_n_u32(0)}}};

    for (int row = filter == PIXFER_FILTER_420_TOP_LEFT ? 0 : 1; row < 3; row++) {
        uint8_t pixels[8 * COLUMNS];
        struct neon_deep_colors colors;

        for (size_t i = 0; i < COLUMNS; i++)
            memcpy(pixels + bytes * i, strip->src[row][0], bytes);
        colors = neon_deep_load_colors(load, pixels);
        neon_deep_add_row(&sums, &colors);
        if (filter == PIXFER_FILTER_420_TOP_LEFT && row == 1)
            neon_deep_add_row(&sums, &colors);
    }
    odd[0] = sums.c[0].low;
    odd[1] = sums.c[1].low;
    odd[2] = sums.c[2].low;
}

/* The last n columns, fewer than a block, through copies in which the last pixel is repeated. */
INLINE void neon_deep_rest(const struct neon_deep_all *k, const struct neon_deep_place *at, enum pixfer_load load,
                           enum pixfer_filter filter, bool wide, uint32x4_t odd[3], size_t n)
{
    const size_t bytes = pixfer_load_bytes(load), sample = wide ? 2 : 1;
    uint8_t in[3][8 * COLUMNS], out[3][2 * COLUMNS];
    const struct neon_deep_place copy = {{in[0], in[1], in[2]}, {out[0], out[1]}, out[2]};

    for (int row = filter == PIXFER_FILTER_420_TOP_LEFT ? 0 : 1; row < 3; row++)
        for (size_t i = 0; i < COLUMNS; i++)
            memcpy(in[row] + bytes * i, at->src[row] + bytes * (i < n ? i : n - 1), bytes);
    neon_deep_block(k, &copy, load, filter, wide, odd);
    memcpy(at->y[0], out[0], sample * n);
    memcpy(at->y[1], out[1], sample * n);
    memcpy(at->chroma, out[2], sample * (n + n % 2));
}

INLINE void neon_deep_convert(const struct pixfer_kernel_config *config, const struct pixfer_strip *strip, enum pixfer_load load,
                              enum pixfer_filter filter, bool wide)
{
    const struct neon_deep_all k = neon_deep_all_of(config);
    const size_t bytes = COLUMNS * pixfer_load_bytes(load), samples = COLUMNS << wide;
    struct neon_deep_place at = {
        {strip->src[0][0], strip->src[1][0], strip->src[2][0]}, {strip->y[0], strip->y[1]}, strip->chroma[0]};
    uint32x4_t odd[3];

    neon_deep_left_edge(strip, load, filter, odd);
    for (size_t left = strip->width; left; left -= COLUMNS) {
        if (left < COLUMNS) {
            neon_deep_rest(&k, &at, load, filter, wide, odd, left);
            return;
        }
        neon_deep_block(&k, &at, load, filter, wide, odd);
        if (filter == PIXFER_FILTER_420_TOP_LEFT)
            at.src[0] += bytes;
        at.src[1] += bytes, at.src[2] += bytes;
        at.y[0] += samples, at.y[1] += samples, at.chroma += samples;
    }
}

#define INSTANCE(load, filter, wide)                                                        \
    static PIXFER_STRIP_KERNEL(deep_neon_##load##_##filter##_##wide)                        \
    {                                                                                       \
        neon_deep_convert(config, strip, PIXFER_LOAD_##load, PIXFER_FILTER_##filter, wide); \
    }
#define INSTANCES(load)             \
    INSTANCE(load, 420_CENTER, 0)   \
    INSTANCE(load, 420_LEFT, 0)     \
    INSTANCE(load, 420_TOP_LEFT, 0) \
    INSTANCE(load, 420_CENTER, 1)   \
    INSTANCE(load, 420_LEFT, 1)     \
    INSTANCE(load, 420_TOP_LEFT, 1)

INSTANCES(PACKED10)
INSTANCES(PACKED16)
INSTANCES(HALF)

#define ROW(load)                                                                                             \
    {                                                                                                         \
        {deep_neon_##load##_420_CENTER_0, deep_neon_##load##_420_LEFT_0, deep_neon_##load##_420_TOP_LEFT_0},  \
        {                                                                                                     \
            deep_neon_##load##_420_CENTER_1, deep_neon_##load##_420_LEFT_1, deep_neon_##load##_420_TOP_LEFT_1 \
        }                                                                                                     \
    }

pixfer_strip_kernel *pixfer_kernel_deep_neon(const struct pixfer_kernel_config *config)
{
    static pixfer_strip_kernel *const table[3][2][3] = {ROW(PACKED10), ROW(PACKED16), ROW(HALF)};
    const int load = config->load == PIXFER_LOAD_PACKED10   ? 0
                     : config->load == PIXFER_LOAD_PACKED16 ? 1
                     : config->load == PIXFER_LOAD_HALF     ? 2
                                                            : -1;

    if (load < 0 || !config->real.exact || pixfer_store_is_planar(config->store) || !pixfer_filter_is_420(config->filter))
        return NULL;
    return table[load][pixfer_store_is_wide(config->store)][config->filter];
}

#undef COLUMNS
#undef INLINE
#undef INSTANCE
#undef INSTANCES
#undef ROW
#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* The kernels for AArch64's Advanced SIMD, which every such processor has: one body, instantiated per way of loading, filter and
 * depth. It takes 16 columns at a time; the arithmetic is that of neon_math.h, and fits because
 *
 *     a component's mean times 128 is at most 255 · 128 = 32640 < 2^15
 *     T stays in 0 … 2^31 - 1 by the choice of its offset, at every partial sum but modulo 2^32, so at the end too
 *
 * The order of the components in memory and that of Cb and Cr is in the weights. Planar and semi-planar chroma differ in the
 * last store only, which is a branch that always goes the same way. */

#include "../kernels.h"

#if defined(__aarch64__) && !defined(__AARCH64EB__)

#include <arm_neon.h>
#include <string.h>

#define INLINE static inline __attribute__((always_inline))

#include "../columns_template.h"

/* How pixels are loaded; packed pixels of four come with alpha behind or in front. */
enum load { LOAD_ALPHA_LAST, LOAD_ALPHA_FIRST, LOAD_PACKED3, LOAD_PLANAR };

struct constants {
    int16x4_t weight[3];
    int32x4_t offset[3], multiplier[3];
};

/* 16 pixels, and what becomes of a component of 8 of them: its mean times 128. */
struct pixels {
    uint8x16_t c[3];
};
struct means {
    int16x8_t c[3];
};

INLINE struct constants constants_of(const struct pixfer_neon_math *math)
{
    const struct pixfer_neon_sample *s = math->sample;

    return (struct constants){{vld1_s16(s[0].weight), vld1_s16(s[1].weight), vld1_s16(s[2].weight)},
                              {vdupq_n_s32(s[0].offset), vdupq_n_s32(s[1].offset), vdupq_n_s32(s[2].offset)},
                              {vdupq_n_s32(s[0].multiplier), vdupq_n_s32(s[1].multiplier), vdupq_n_s32(s[2].multiplier)}};
}

INLINE struct pixels load_pixels(enum load how, const uint8_t *const src[3])
{
    if (how == LOAD_PLANAR)
        return (struct pixels){{vld1q_u8(src[0]), vld1q_u8(src[1]), vld1q_u8(src[2])}};
    if (how == LOAD_PACKED3) {
        const uint8x16x3_t p = vld3q_u8(src[0]);
        return (struct pixels){{p.val[0], p.val[1], p.val[2]}};
    }
    const uint8x16x4_t p = vld4q_u8(src[0]);
    return how == LOAD_ALPHA_FIRST ? (struct pixels){{p.val[1], p.val[2], p.val[3]}}
                                   : (struct pixels){{p.val[0], p.val[1], p.val[2]}};
}

/* Eight samples of kind i as fixed point: the sample on top, a fraction of 8 or 6 bits below. */
INLINE uint16x8_t samples(const struct constants *k, int i, struct means m)
{
    int32x4_t low = vmlal_lane_s16(k->offset[i], vget_low_s16(m.c[0]), k->weight[i], 0);
    int32x4_t high = vmlal_high_lane_s16(k->offset[i], m.c[0], k->weight[i], 0);

    low = vmlal_lane_s16(low, vget_low_s16(m.c[1]), k->weight[i], 1);
    high = vmlal_high_lane_s16(high, m.c[1], k->weight[i], 1);
    low = vmlal_lane_s16(low, vget_low_s16(m.c[2]), k->weight[i], 2);
    high = vmlal_high_lane_s16(high, m.c[2], k->weight[i], 2);
    low = vqdmulhq_s32(low, k->multiplier[i]);
    high = vqdmulhq_s32(high, k->multiplier[i]);
    return vqshrn_high_n_u32(vqshrn_n_u32(vreinterpretq_u32_s32(low), PIXFER_NEON_NARROW), vreinterpretq_u32_s32(high),
                             PIXFER_NEON_NARROW);
}

/* P010: the sample stays on top, the fraction goes. */
INLINE uint16x8_t sample10(uint16x8_t fixed)
{
    return vandq_u16(fixed, vdupq_n_u16(0xffc0));
}

INLINE int16x8_t widen_low(uint8x16_t c)
{
    return vreinterpretq_s16_u16(vshll_n_u8(vget_low_u8(c), 7));
}

INLINE int16x8_t widen_high(uint8x16_t c)
{
    return vreinterpretq_s16_u16(vshll_high_n_u8(c, 7));
}

INLINE struct means means_low(struct pixels p)
{
    return (struct means){{widen_low(p.c[0]), widen_low(p.c[1]), widen_low(p.c[2])}};
}

INLINE struct means means_high(struct pixels p)
{
    return (struct means){{widen_high(p.c[0]), widen_high(p.c[1]), widen_high(p.c[2])}};
}

INLINE void luma(const struct constants *k, struct pixels p, bool deep, uint8_t *y)
{
    const uint16x8_t low = samples(k, 0, means_low(p)), high = samples(k, 0, means_high(p));

    if (deep) {
        vst1q_u8(y, vreinterpretq_u8_u16(sample10(low)));
        vst1q_u8(y + 16, vreinterpretq_u8_u16(sample10(high)));
    } else {
        vst1q_u8(y, vuzp2q_u8(vreinterpretq_u8_u16(low), vreinterpretq_u8_u16(high))); /* the upper bytes */
    }
}

/* Eight samples of each kind of chroma. */
INLINE void chroma(const struct constants *k, struct means m, bool deep, bool planar, uint8_t *first, uint8_t *second)
{
    const uint16x8_t a = samples(k, 1, m), b = samples(k, 2, m);

    if (deep) {
        const uint16x8_t x = sample10(a), y = sample10(b);
        vst1q_u8(first, vreinterpretq_u8_u16(vzip1q_u16(x, y)));
        vst1q_u8(first + 16, vreinterpretq_u8_u16(vzip2q_u16(x, y)));
    } else if (planar) {
        vst1_u8(first, vshrn_n_u16(a, 8));
        vst1_u8(second, vshrn_n_u16(b, 8));
    } else {
        /* a's upper byte under b's: pairs in memory order */
        vst1q_u8(first, vreinterpretq_u8_u16(vsriq_n_u16(b, a, 8)));
    }
}

/* The filter on one component of three rows of 16 pixels: [1 2 1] or the box down the columns first, then along the row. `odd`
 * keeps the last odd columns, of which the next block's first even column wants one. */
INLINE int16x8_t neon_mean(enum pixfer_filter filter, uint8x16_t above, uint8x16_t own, uint8x16_t below, uint16x8_t *odd)
{
    uint16x8_t low, high, sum;

    switch (filter) {
    case PIXFER_FILTER_420_CENTER:
        return vreinterpretq_s16_u16(vshlq_n_u16(vpadalq_u8(vpaddlq_u8(own), below), 5));
    case PIXFER_FILTER_422_CENTER:
        return vreinterpretq_s16_u16(vshlq_n_u16(vpaddlq_u8(own), 6));
    case PIXFER_FILTER_420_LEFT:
        low = vaddl_u8(vget_low_u8(own), vget_low_u8(below));
        high = vaddl_high_u8(own, below);
        break;
    case PIXFER_FILTER_420_TOP_LEFT:
        low = vaddq_u16(vaddl_u8(vget_low_u8(above), vget_low_u8(below)), vshll_n_u8(vget_low_u8(own), 1));
        high = vaddq_u16(vaddl_high_u8(above, below), vshll_high_n_u8(own, 1));
        break;
    default: /* 422 left */
        low = vmovl_u8(vget_low_u8(own));
        high = vmovl_high_u8(own);
        break;
    }
    const uint16x8_t even_columns = vuzp1q_u16(low, high), odd_columns = vuzp2q_u16(low, high);
    sum = vaddq_u16(vextq_u16(*odd, odd_columns, 7), odd_columns); /* 2x - 1 and 2x + 1 */
    sum = vaddq_u16(sum, vshlq_n_u16(even_columns, 1));
    *odd = odd_columns;
    sum = filter == PIXFER_FILTER_420_LEFT       ? vshlq_n_u16(sum, 4)
          : filter == PIXFER_FILTER_420_TOP_LEFT ? vshlq_n_u16(sum, 3)
                                                 : vshlq_n_u16(sum, 5);
    return vreinterpretq_s16_u16(sum);
}

/* The bytes that n pixels take in a row of a plane of the source. */
INLINE size_t source_bytes(enum load how, size_t n)
{
    return how == LOAD_PLANAR ? n : how == LOAD_PACKED3 ? 3 * n : 4 * n;
}

/* Where a block lies: a strip whose rows begin at it. */
INLINE void block(const struct constants *k, const struct pixfer_strip *at, enum load how, enum pixfer_filter filter, bool deep,
                  bool planar, uint16x8_t odd[3])
{
    const bool two_rows = pixfer_filter_is_420(filter);
    const struct pixels own = load_pixels(how, at->src[1]);
    struct pixels above = own, below = own;

    luma(k, own, deep, at->y[0]);
    if (filter == PIXFER_FILTER_444) {
        chroma(k, means_low(own), deep, planar, at->chroma[0], at->chroma[1]);
        chroma(k, means_high(own), deep, planar, at->chroma[0] + chroma_bytes(filter, deep, planar, 8),
               planar ? at->chroma[1] + 8 : NULL);
        return;
    }
    if (two_rows) {
        below = load_pixels(how, at->src[2]);
        luma(k, below, deep, at->y[1]);
    }
    if (filter == PIXFER_FILTER_420_TOP_LEFT)
        above = load_pixels(how, at->src[0]);
    const struct means m = {{neon_mean(filter, above.c[0], own.c[0], below.c[0], &odd[0]),
                             neon_mean(filter, above.c[1], own.c[1], below.c[1], &odd[1]),
                             neon_mean(filter, above.c[2], own.c[2], below.c[2], &odd[2])}};
    chroma(k, m, deep, planar, at->chroma[0], at->chroma[1]);
}

INLINE void advance_row(const uint8_t *src[3], enum load how, size_t bytes)
{
    if (!bytes)
        return;
    src[0] += bytes;
    if (how == LOAD_PLANAR)
        src[1] += bytes, src[2] += bytes;
}

INLINE void advance(struct pixfer_strip *at, enum load how, enum pixfer_filter filter, bool deep, bool planar)
{
    const size_t bytes = source_bytes(how, COLUMNS), pairs = chroma_bytes(filter, deep, planar, COLUMNS);

    advance_row(at->src[0], how, first_row(filter) == 0 ? bytes : 0);
    advance_row(at->src[1], how, bytes);
    advance_row(at->src[2], how, last_row(filter) == 2 ? bytes : 0);
    at->y[0] += COLUMNS << deep;
    if (last_row(filter) == 2)
        at->y[1] += COLUMNS << deep;
    at->chroma[0] += pairs;
    if (planar)
        at->chroma[1] += pairs;
}

/* Column -1 is column 0: what the first [1 2 1] finds to its left. */
INLINE uint16x8_t left_edge(const struct pixfer_strip *strip, enum load how, enum pixfer_filter filter, int component)
{
    unsigned sum = 0;

    for (int row = first_row(filter); row <= last_row(filter); row++) {
        const uint8_t *src =
            how == LOAD_PLANAR ? strip->src[row][component] : strip->src[row][0] + component + (how == LOAD_ALPHA_FIRST);
        sum += (unsigned)*src << (filter == PIXFER_FILTER_420_TOP_LEFT && row == 1);
    }
    return vdupq_n_u16((uint16_t)sum);
}

/* Loops over components and planes are written out where a compiler that does not unroll them would keep vectors in memory. */
INLINE void convert_neon(const struct pixfer_kernel_config *config, const struct pixfer_strip *strip, enum load how,
                         enum pixfer_filter filter, bool deep)
{
    const struct constants k = constants_of(&config->neon);
    const bool planar = config->store == PIXFER_STORE_PLANAR8;
    uint16x8_t odd[3] = {left_edge(strip, how, filter, 0), left_edge(strip, how, filter, 1), left_edge(strip, how, filter, 2)};
    struct pixfer_strip at = *strip;

    for (size_t left = strip->width;; left -= COLUMNS) {
        if (left < COLUMNS) {
            struct scratch scratch;
            struct pixfer_strip in = at, out = at;
            if (!left)
                return;
            scratch_in(&scratch, &in, how == LOAD_PLANAR ? 3 : 1, source_bytes(how, 1), filter, left);
            block(&k, &in, how, filter, deep, planar, odd);
            scratch_out(&scratch, &out, filter, deep, planar, left);
            return;
        }
        block(&k, &at, how, filter, deep, planar, odd);
        advance(&at, how, filter, deep, planar);
    }
}

INSTANCES(convert_neon, alpha_last, LOAD_ALPHA_LAST)
INSTANCES(convert_neon, alpha_first, LOAD_ALPHA_FIRST)
INSTANCES(convert_neon, packed3, LOAD_PACKED3)
INSTANCES(convert_neon, planar, LOAD_PLANAR)

pixfer_strip_kernel *pixfer_kernel_neon(const struct pixfer_kernel_config *config)
{
    static pixfer_strip_kernel *const table[4][PIXFER_FILTER_COUNT + 3] = {
        [LOAD_ALPHA_LAST] = ROW(alpha_last),
        [LOAD_ALPHA_FIRST] = ROW(alpha_first),
        [LOAD_PACKED3] = ROW(packed3),
        [LOAD_PLANAR] = ROW(planar),
    };
    const enum load how = config->load == PIXFER_LOAD_PLANAR    ? LOAD_PLANAR
                          : config->load == PIXFER_LOAD_PACKED3 ? LOAD_PACKED3
                          : config->neon.alpha_first            ? LOAD_ALPHA_FIRST
                                                                : LOAD_ALPHA_LAST;
    const bool deep = config->store == PIXFER_STORE_SEMIPLANAR16;

    /* P010 of full range in two matrices and not all filters (see neon_math.h): the reference does it. */
    if (!config->neon.exact || (deep && config->filter > PIXFER_FILTER_420_TOP_LEFT))
        return pixfer_kernel_c(config);
    return table[how][config->filter + (deep ? PIXFER_FILTER_COUNT : 0)];
}

#undef COLUMNS
#undef INLINE
#undef INSTANCE
#undef INSTANCES
#undef ROW
#endif

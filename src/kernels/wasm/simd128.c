/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* The kernels for WebAssembly's 128-bit vectors: one body, instantiated per way of loading, filter and depth. It takes 16 columns
 * at a time; the arithmetic is that of simd128_math.h, and fits because
 *
 *     a component's sum over the filter is at most 255 · 16 = 4080 < 2^15, a word
 *     the low sum is at most 3 · 2^15 · 4080 + 2^16 < 2^31 in magnitude
 *     the high sum is a sample times 2^shift, at most 255.5 · 2^20 or 1023.5 · 2^18, and two terms of it at most 2^29
 *
 * A row of 16 pixels is four vectors of packed pixels, whatever the source is; each is taken apart into words of components 0
 * and 2 and of components 1 and 3, so that two dot products make one 32-bit lane of each pixel. Component 3 has weight 0. The
 * order of the components in memory and that of Cb and Cr is in the weights. */

#include "../kernels.h"

#if defined(__wasm_simd128__)

#include <string.h>
#include <wasm_simd128.h>

#define INLINE static inline __attribute__((always_inline))

#include "../columns_template.h"

/* One sample's constants: the limbs of the factors of components 0 and 2, and of 1 and 3, in the order of the words. */
struct constants {
    v128_t high02, high13, low02, low13, offset_high, offset_low;
    int32_t shift;
};

/* Four pixels, or four sums over a filter: words of components 0 and 2, and of 1 and 3. */
struct four {
    v128_t c02, c13;
};

/* 16 pixels, or in the first two the eight sums of a 16 pixels' chroma. */
struct row {
    struct four p[4];
};

INLINE struct constants constants_of(const struct pixfer_simd128_sample *s)
{
    return (struct constants){wasm_v128_load32_splat((const int16_t[]){s->high[0], s->high[2]}),
                              wasm_v128_load32_splat((const int16_t[]){s->high[1], s->high[3]}),
                              wasm_v128_load32_splat((const int16_t[]){s->low[0], s->low[2]}),
                              wasm_v128_load32_splat((const int16_t[]){s->low[1], s->low[3]}),
                              wasm_i32x4_splat(s->offset_high),
                              wasm_i32x4_splat(s->offset_low),
                              s->shift};
}

INLINE struct four words(v128_t pixels)
{
    return (struct four){wasm_v128_and(pixels, wasm_i32x4_const_splat(0x00ff00ff)), wasm_u16x8_shr(pixels, 8)};
}

/* Four packed pixels of three bytes, which begin at byte `at`, with something behind each. */
#define SPREAD(v, at)                                                                                                       \
    wasm_i8x16_shuffle(v, v, (at), (at) + 1, (at) + 2, 0, (at) + 3, (at) + 4, (at) + 5, 0, (at) + 6, (at) + 7, (at) + 8, 0, \
                       (at) + 9, (at) + 10, (at) + 11, 0)

#define INTERLEAVE_LOW8(a, b) wasm_i8x16_shuffle(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define INTERLEAVE_HIGH8(a, b) wasm_i8x16_shuffle(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
#define INTERLEAVE_LOW16(a, b) wasm_i16x8_shuffle(a, b, 0, 8, 1, 9, 2, 10, 3, 11)
#define INTERLEAVE_HIGH16(a, b) wasm_i16x8_shuffle(a, b, 4, 12, 5, 13, 6, 14, 7, 15)

INLINE struct row load_row(enum pixfer_load how, const uint8_t *const src[3])
{
    const uint8_t *p = src[0];

    if (how == PIXFER_LOAD_PLANAR) {
        const v128_t c0 = wasm_v128_load(src[0]), c1 = wasm_v128_load(src[1]), c2 = wasm_v128_load(src[2]);
        const v128_t low01 = INTERLEAVE_LOW8(c0, c1), high01 = INTERLEAVE_HIGH8(c0, c1);
        const v128_t low2 = wasm_u16x8_extend_low_u8x16(c2), high2 = wasm_u16x8_extend_high_u8x16(c2);
        return (struct row){{words(INTERLEAVE_LOW16(low01, low2)), words(INTERLEAVE_HIGH16(low01, low2)),
                             words(INTERLEAVE_LOW16(high01, high2)), words(INTERLEAVE_HIGH16(high01, high2))}};
    }
    if (how == PIXFER_LOAD_PACKED3) {
        const v128_t last = wasm_v128_load(p + 32), first = wasm_v128_load(p), second = wasm_v128_load(p + 12),
                     third = wasm_v128_load(p + 24);
        return (struct row){{words(SPREAD(first, 0)), words(SPREAD(second, 0)), words(SPREAD(third, 0)), words(SPREAD(last, 4))}};
    }
    return (struct row){
        {words(wasm_v128_load(p)), words(wasm_v128_load(p + 16)), words(wasm_v128_load(p + 32)), words(wasm_v128_load(p + 48))}};
}

/* Four samples, above which only the clamp is missing. */
INLINE v128_t samples4(const struct constants *k, struct four p)
{
    const v128_t high = wasm_i32x4_add(wasm_i32x4_dot_i16x8(p.c02, k->high02), wasm_i32x4_dot_i16x8(p.c13, k->high13));
    const v128_t low = wasm_i32x4_add(wasm_i32x4_dot_i16x8(p.c02, k->low02), wasm_i32x4_dot_i16x8(p.c13, k->low13));
    const v128_t carry = wasm_i32x4_shr(wasm_i32x4_add(low, k->offset_low), 16);

    return wasm_i32x4_shr(wasm_i32x4_add(wasm_i32x4_add(high, carry), k->offset_high), (uint32_t)k->shift);
}

INLINE v128_t samples8(const struct constants *k, struct four a, struct four b)
{
    return wasm_i16x8_narrow_i32x4(samples4(k, a), samples4(k, b));
}

/* P010: clamped, and on top of the word. */
INLINE v128_t sample10(v128_t samples)
{
    return wasm_i16x8_shl(wasm_i16x8_min(samples, wasm_i16x8_const_splat(1023)), 6);
}

INLINE void luma(const struct constants *k, const struct row *row, bool deep, uint8_t *y)
{
    const v128_t low = samples8(k, row->p[0], row->p[1]), high = samples8(k, row->p[2], row->p[3]);

    if (deep) {
        wasm_v128_store(y, sample10(low));
        wasm_v128_store(y + 16, sample10(high));
    } else {
        wasm_v128_store(y, wasm_u8x16_narrow_i16x8(low, high));
    }
}

/* Eight samples of each kind of chroma. */
INLINE void chroma(const struct constants k[2], struct four a, struct four b, bool deep, bool planar, uint8_t *first,
                   uint8_t *second)
{
    const v128_t x = samples8(&k[0], a, b), y = samples8(&k[1], a, b);

    if (deep) {
        const v128_t x10 = sample10(x), y10 = sample10(y);
        wasm_v128_store(first, INTERLEAVE_LOW16(x10, y10));
        wasm_v128_store(first + 16, INTERLEAVE_HIGH16(x10, y10));
        return;
    }
    const v128_t both = wasm_u8x16_narrow_i16x8(x, y);
    if (planar) {
        wasm_v128_store64_lane(first, both, 0);
        wasm_v128_store64_lane(second, both, 1);
    } else {
        wasm_v128_store(first, wasm_i8x16_shuffle(both, both, 0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15));
    }
}

INLINE v128_t twice(v128_t v)
{
    return wasm_i16x8_add(v, v);
}

/* The filter down the columns, of words of two components. */
INLINE v128_t down(enum pixfer_filter filter, v128_t above, v128_t own, v128_t below)
{
    switch (filter) {
    case PIXFER_FILTER_420_CENTER:
    case PIXFER_FILTER_420_LEFT:
        return wasm_i16x8_add(own, below);
    case PIXFER_FILTER_420_TOP_LEFT:
        return wasm_i16x8_add(wasm_i16x8_add(above, below), twice(own));
    default:
        return own;
    }
}

/* And along the row: eight columns become four. `odd` keeps the last odd columns, of which the next [1 2 1] wants one. */
INLINE v128_t along(enum pixfer_filter filter, v128_t a, v128_t b, v128_t *odd)
{
    const v128_t even_columns = wasm_i32x4_shuffle(a, b, 0, 2, 4, 6), odd_columns = wasm_i32x4_shuffle(a, b, 1, 3, 5, 7);

    if (filter == PIXFER_FILTER_420_CENTER || filter == PIXFER_FILTER_422_CENTER)
        return wasm_i16x8_add(even_columns, odd_columns);
    const v128_t before = wasm_i32x4_shuffle(*odd, odd_columns, 3, 4, 5, 6);
    *odd = odd_columns;
    return wasm_i16x8_add(wasm_i16x8_add(before, odd_columns), twice(even_columns));
}

INLINE struct four filtered(enum pixfer_filter filter, const struct row *above, const struct row *own, const struct row *below,
                            int i, struct four *odd)
{
    const struct four a = {down(filter, above->p[i].c02, own->p[i].c02, below->p[i].c02),
                           down(filter, above->p[i].c13, own->p[i].c13, below->p[i].c13)};
    const struct four b = {down(filter, above->p[i + 1].c02, own->p[i + 1].c02, below->p[i + 1].c02),
                           down(filter, above->p[i + 1].c13, own->p[i + 1].c13, below->p[i + 1].c13)};

    return (struct four){along(filter, a.c02, b.c02, &odd->c02), along(filter, a.c13, b.c13, &odd->c13)};
}

/* The bytes that n pixels take in a row of a plane of the source. */
INLINE size_t source_bytes(enum pixfer_load how, size_t n)
{
    return how == PIXFER_LOAD_PLANAR ? n : how == PIXFER_LOAD_PACKED3 ? 3 * n : 4 * n;
}

/* Where a block lies: a strip whose rows begin at it. */
INLINE void block(const struct constants k[3], const struct pixfer_strip *at, enum pixfer_load how, enum pixfer_filter filter,
                  bool deep, bool planar, struct four *odd)
{
    const struct row own = load_row(how, at->src[1]);
    struct row above = own, below = own;

    luma(&k[0], &own, deep, at->y[0]);
    if (filter == PIXFER_FILTER_444) {
        const size_t eight = chroma_bytes(filter, deep, planar, 8);
        chroma(&k[1], own.p[0], own.p[1], deep, planar, at->chroma[0], at->chroma[1]);
        chroma(&k[1], own.p[2], own.p[3], deep, planar, at->chroma[0] + eight, planar ? at->chroma[1] + eight : NULL);
        return;
    }
    if (pixfer_filter_is_420(filter)) {
        below = load_row(how, at->src[2]);
        luma(&k[0], &below, deep, at->y[1]);
    }
    if (filter == PIXFER_FILTER_420_TOP_LEFT)
        above = load_row(how, at->src[0]);
    const struct four first = filtered(filter, &above, &own, &below, 0, odd);
    const struct four second = filtered(filter, &above, &own, &below, 2, odd);
    chroma(&k[1], first, second, deep, planar, at->chroma[0], at->chroma[1]);
}

INLINE void advance(struct pixfer_strip *at, enum pixfer_load how, enum pixfer_filter filter, bool deep, bool planar)
{
    const size_t bytes = source_bytes(how, COLUMNS), pairs = chroma_bytes(filter, deep, planar, COLUMNS);

    for (int row = first_row(filter); row <= last_row(filter); row++)
        for (int plane = 0; plane < (how == PIXFER_LOAD_PLANAR ? 3 : 1); plane++)
            at->src[row][plane] += bytes;
    for (int i = 0; i < last_row(filter); i++)
        at->y[i] += COLUMNS << deep;
    for (int i = 0; i < 1 + planar; i++)
        at->chroma[i] += pairs;
}

/* Column -1 is column 0: what the first [1 2 1] finds to its left. */
INLINE v128_t left_edge(const struct pixfer_strip *strip, enum pixfer_load how, enum pixfer_filter filter, int component)
{
    uint32_t sum[2] = {0};

    for (int row = first_row(filter); row <= last_row(filter); row++)
        for (int i = 0; i < 2; i++) {
            const int c = component + 2 * i;
            if (c < (how == PIXFER_LOAD_PACKED4 ? 4 : 3)) {
                const uint8_t *src = how == PIXFER_LOAD_PLANAR ? strip->src[row][c] : strip->src[row][0] + c;
                sum[i] += (uint32_t)*src << (filter == PIXFER_FILTER_420_TOP_LEFT && row == 1);
            }
        }
    return wasm_u32x4_splat(sum[0] | sum[1] << 16);
}

INLINE void convert_simd128(const struct pixfer_kernel_config *config, const struct pixfer_strip *strip, enum pixfer_load how,
                            enum pixfer_filter filter, bool deep)
{
    const struct pixfer_simd128_sample *s = config->simd128.sample;
    const struct constants k[3] = {constants_of(&s[0]), constants_of(&s[1]), constants_of(&s[2])};
    const bool planar = config->store == PIXFER_STORE_PLANAR8;
    struct four odd = {left_edge(strip, how, filter, 0), left_edge(strip, how, filter, 1)};
    struct pixfer_strip at = *strip;

    for (size_t left = strip->width;; left -= COLUMNS) {
        if (left < COLUMNS) {
            struct scratch scratch;
            const struct pixfer_strip out = at;
            if (!left)
                return;
            scratch_in(&scratch, &at, how == PIXFER_LOAD_PLANAR ? 3 : 1, source_bytes(how, 1), filter, left);
            block(k, &at, how, filter, deep, planar, &odd);
            scratch_out(&scratch, &out, filter, deep, planar, left);
            return;
        }
        block(k, &at, how, filter, deep, planar, &odd);
        advance(&at, how, filter, deep, planar);
    }
}

INSTANCES(convert_simd128, packed4, PIXFER_LOAD_PACKED4)
INSTANCES(convert_simd128, packed3, PIXFER_LOAD_PACKED3)
INSTANCES(convert_simd128, planar, PIXFER_LOAD_PLANAR)

pixfer_strip_kernel *pixfer_kernel_simd128(const struct pixfer_kernel_config *config)
{
    static pixfer_strip_kernel *const table[3][PIXFER_FILTER_COUNT + 3] = {
        [PIXFER_LOAD_PACKED4] = ROW(packed4),
        [PIXFER_LOAD_PACKED3] = ROW(packed3),
        [PIXFER_LOAD_PLANAR] = ROW(planar),
    };
    const bool deep = config->store == PIXFER_STORE_SEMIPLANAR16;

    /* P010 of full range, not all matrices and filters (see simd128_math.h): the reference does it. */
    if (!config->simd128.exact || (deep && config->filter > PIXFER_FILTER_420_TOP_LEFT))
        return pixfer_kernel_c(config);
    return table[config->load][config->filter + (deep ? PIXFER_FILTER_COUNT : 0)];
}

#undef COLUMNS
#undef INLINE
#undef INSTANCE
#undef INSTANCES
#undef ROW
#endif

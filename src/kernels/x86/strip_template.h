/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* The body of every x86 strip kernel. The file that includes it defines, for its instruction set:
 *
 *   TARGET, INLINE             the attribute that allows the instructions, and how a function with it is always inlined
 *   vec, PIXELS                a vector, and how many 32-bit lanes it has; a block is BLOCK = 4 · PIXELS pixels
 *   struct words               16-bit words of one vector of pixels: pair holds the two components that chroma is made from,
 *                              green the third in its low words and anything in the high ones
 *   struct products            64-bit products of the even and of the odd 32-bit lanes
 *   v_set1_32, v_set1_64, v_set_lanes(bytes)     constants; v_set_lanes repeats 16 bytes
 *   v_load_words(load, row, x, j)                vector j of the block at pixel x, as struct words
 *   v_add32, v_sub64
 *   v_dot(acc, a, b)           acc + a.lo·b.lo + a.hi·b.hi of 16-bit halves, per 32-bit lane
 *   v_swap(v)                  exchanges neighbouring 32-bit lanes
 *   v_shift_in(last, v)        each lane's left neighbour; lane 0 gets the last lane of `last`
 *   v_shuffle(v, table)        bytes within 16-byte lanes
 *   v_mul_even(v, m), v_mul_odd(v, m)            32 x 32 -> 64 bits of even or odd 32-bit lanes
 *   v_high(products)           the high halves of the products, in the order of 32-bit lanes
 *   struct packing, v_packing()                  what v_pack8 needs besides
 *   v_pack8(part, j, products, byte, packing)    adds byte 5 or 6 of vector j's products to what becomes a vector of
 *                              bytes in part[0]; vectors 0 to 3 come in this order
 *   v_pack8_end(part[0])       ... when all four are in
 *   v_pack16(acc, j, v), v_pack16_end(acc)       the same with the high words of two vectors
 *   v_srl64(v, n), v_srlv32, v_srlv64, v_min32, v_max32, v_sll32
 *   v_deinterleave8(v)         even bytes to the lower half, odd ones to the upper
 *   v_interleave8(out, a, b)   two vectors of bytes to pairs of bytes
 *   v_store, v_stream, v_store_halves(lower, upper, v)
 *   v_equal(at, pixel)         whether a block of pixels of four bytes from `at` on all are this one
 *
 * Interval of every value: components 0 … 255 (0 … 1023 in words of 10 bits, for which four times what follows still fits); luma numerators and chroma's u as told in lane_math.h, modulo 2^32; sums of `pair`
 * words over the chroma filter at most 4080 in two words of at most 2040, so no 16-bit lane and no dot product overflows. */

#include <string.h>

#include "../kernels.h"

#define BLOCK (4 * PIXELS)
#define UNROLL _Pragma("GCC unroll 4")

/* struct pixfer_lanes in every lane. */
struct constants {
    vec pair_weight, green_weight, offset, y_multiplier, chroma_weight[2], pairing, multiplier[2], bias[2], shift, shift8[2];
    struct packing packing;
};

/* What a vector of pixels turns into: luma numerators and the words that chroma needs, or sums of them over rows and columns. */
struct sums {
    vec t, pair;
};

/* The rows of a strip by [row][component]: packed pixels in component 0 from their first colour byte on; else the pair and green. */
struct source {
    const uint8_t *row[3][3];
    uintptr_t ahead[2][3]; /* pixel x's prefetch address is this plus x pixels, for the first and second row */
    bool prefetch;
};

struct outputs {
    uint8_t *y[2], *chroma[2];
    bool planar, stream;
};

static inline bool has_left_tap(enum pixfer_filter filter)
{
    return filter == PIXFER_FILTER_420_LEFT || filter == PIXFER_FILTER_420_TOP_LEFT || filter == PIXFER_FILTER_422_LEFT;
}

/* How much the rows above, first and second count for chroma; a row of weight 0 is not looked at. */
static const uint8_t row_weights[PIXFER_FILTER_COUNT][3] = {
    [PIXFER_FILTER_420_CENTER] = {0, 1, 1}, [PIXFER_FILTER_420_LEFT] = {0, 1, 1}, [PIXFER_FILTER_420_TOP_LEFT] = {1, 2, 1},
    [PIXFER_FILTER_422_CENTER] = {0, 1, 0}, [PIXFER_FILTER_422_LEFT] = {0, 1, 0}, [PIXFER_FILTER_444] = {0, 1, 0},
};

/* Bytes from a pixel to the next. */
static inline size_t pixel_bytes(enum pixfer_load load)
{
    return load == PIXFER_LOAD_PACKED3 ? 3 : load == PIXFER_LOAD_PLANAR ? 1 : 4;
}

/* ---- Rows and columns ---- */

INLINE struct sums load_row(const struct constants *c, enum pixfer_load load, const uint8_t *const row[3], size_t x, int j)
{
    const struct words w = v_load_words(load, row, x, j);

    return (struct sums){v_dot(v_dot(c->offset, w.pair, c->pair_weight), w.green, c->green_weight), w.pair};
}

INLINE struct sums add_sums(struct sums a, struct sums b)
{
    return (struct sums){v_add32(a.t, b.t), v_add32(a.pair, b.pair)};
}

/* u of the chroma samples of one vector of pixel columns, as lanes U0 V0 U1 V1 ... `left` is the vector of columns before. */
INLINE vec filter_columns(const struct constants *c, enum pixfer_filter filter, struct sums columns, struct sums *left)
{
    if (has_left_tap(filter)) {
        /* [1 2 1] is two neighbouring sums of two. */
        const struct sums before = {v_shift_in(left->t, columns.t), v_shift_in(left->pair, columns.pair)};

        *left = columns;
        columns = add_sums(columns, before);
    }
    return v_dot(v_add32(columns.t, v_swap(columns.t)), v_shuffle(columns.pair, c->pairing), c->chroma_weight[0]);
}

/* ---- Samples: in the 64-bit products of even and odd lanes, with bits around them that the packing ignores ---- */

INLINE struct products luma_products(const struct constants *c, vec t)
{
    return (struct products){v_mul_even(t, c->y_multiplier), v_mul_odd(t, c->y_multiplier)};
}

INLINE struct products chroma_products(const struct constants *c, vec u, int even, int odd)
{
    return (struct products){v_sub64(c->bias[even], v_mul_even(u, c->multiplier[even])),
                             v_sub64(c->bias[odd], v_mul_odd(u, c->multiplier[odd]))};
}

/* ---- Output ---- */

/* Samples of a block on their way out: four vectors' bytes in [0] ([1] is of use on the way), or two vectors' words in each. */
struct packed {
    vec part[2];
};

INLINE void put(const struct outputs *to, uint8_t *at, vec v)
{
    if (to->stream)
        v_stream(at, v);
    else
        v_store(at, v);
}

/* The samples from sample i of a row on. */
INLINE void put_row(const struct outputs *to, uint8_t *row, size_t i, struct packed p, bool wide)
{
    if (wide) {
        put(to, row + 2 * i, v_pack16_end(p.part[0]));
        put(to, row + 2 * i + BLOCK, v_pack16_end(p.part[1]));
    } else {
        put(to, row + i, v_pack8_end(p.part[0]));
    }
}

INLINE void put_subsampled(const struct outputs *to, size_t x, struct packed p, bool wide)
{
    if (!wide && to->planar)
        v_store_halves(to->chroma[0] + x / 2, to->chroma[1] + x / 2, v_deinterleave8(v_pack8_end(p.part[0])), to->stream);
    else
        put_row(to, to->chroma[0], x, p, wide);
}

INLINE void put_full(const struct outputs *to, size_t x, struct packed u, struct packed v)
{
    vec pairs[2];

    if (to->planar) {
        put_row(to, to->chroma[0], x, u, false);
        put_row(to, to->chroma[1], x, v, false);
        return;
    }
    v_interleave8(pairs, v_pack8_end(u.part[0]), v_pack8_end(v.part[0]));
    put(to, to->chroma[0] + 2 * x, pairs[0]);
    put(to, to->chroma[0] + 2 * x + BLOCK, pairs[1]);
}

/* ---- A block ---- */

INLINE void pack_luma(struct packed *p, const struct constants *c, enum pixfer_load load, bool wide, int j, vec t)
{
    const struct products luma = luma_products(c, t);
    const int shift = (int)pixfer_luma_shift(load == PIXFER_LOAD_PACKED10, wide);

    if (wide)
        p->part[j / 2] = v_pack16(p->part[j / 2], j % 2, v_sll32(v_high(luma), 32 - 10 - (shift - 32)));
    else if (shift == PIXFER_LUMA_SHIFT_8)
        v_pack8(p->part, j, luma, PIXFER_LUMA_SHIFT_8 / 8, c->packing);
    else
        v_pack8(p->part, j, (struct products){v_srl64(luma.even, shift - 40), v_srl64(luma.odd, shift - 40)}, 5, c->packing);
}

INLINE void pack_chroma(struct packed *p, const struct constants *c, enum pixfer_load load, enum pixfer_filter filter, bool wide,
                        int j, vec u, int even, int odd)
{
    struct products chroma = chroma_products(c, u, even, odd);

    if (wide) {
        const vec v = v_min32(v_max32(v_srlv32(v_high(chroma), c->shift), v_set1_32(1)), v_set1_32(1023));

        p->part[j / 2] = v_pack16(p->part[j / 2], j % 2, v_sll32(v, 32 - 10));
    } else if (load == PIXFER_LOAD_PACKED10) {
        v_pack8(p->part, j, (struct products){v_srlv64(chroma.even, c->shift8[even]), v_srlv64(chroma.odd, c->shift8[odd])}, 5,
                c->packing);
    } else if (pixfer_filter_is_420(filter)) {
        v_pack8(p->part, j, chroma, PIXFER_CHROMA_SHIFT_420 / 8, c->packing);
    } else {
        const int shift = (filter == PIXFER_FILTER_444 ? PIXFER_CHROMA_SHIFT_444 : PIXFER_CHROMA_SHIFT_422) - 40;

        v_pack8(p->part, j, (struct products){v_srl64(chroma.even, shift), v_srl64(chroma.odd, shift)}, 5, c->packing);
    }
}

INLINE void prefetch(const struct source *src, size_t x, enum pixfer_load load, enum pixfer_filter filter)
{
    const size_t bytes = pixel_bytes(load);

    for (int row = 0; row < (pixfer_filter_is_420(filter) ? 2 : 1); row++)
        for (int plane = 0; plane < (load == PIXFER_LOAD_PLANAR ? 3 : 1); plane++)
            for (size_t line = 0; line < bytes * BLOCK; line += 64)
                _mm_prefetch((const void *)(src->ahead[row][plane] + bytes * x + line), _MM_HINT_T0);
}

/* A vector of pixel columns: luma numerators of the first and second row and of the row above, and the pair words of all rows. */
struct columns {
    vec first, second, above, pair;
};

INLINE struct columns load_columns(const struct constants *c, const struct source *src, size_t x, int j, enum pixfer_load load,
                                   enum pixfer_filter filter)
{
    const struct sums first = load_row(c, load, src->row[1], x, j);
    struct columns columns = {.first = first.t, .pair = first.pair};

    if (pixfer_filter_is_420(filter)) {
        const struct sums second = load_row(c, load, src->row[2], x, j);

        columns.second = second.t;
        columns.pair = v_add32(columns.pair, second.pair);
    }
    if (filter == PIXFER_FILTER_420_TOP_LEFT) {
        const struct sums above = load_row(c, load, src->row[0], x, j);

        columns.above = above.t;
        columns.pair = v_add32(columns.pair, v_add32(first.pair, above.pair));
    }
    return columns;
}

INLINE struct sums sum_rows(const struct columns *columns, enum pixfer_filter filter)
{
    struct sums sums = {columns->first, columns->pair};

    if (pixfer_filter_is_420(filter))
        sums.t = v_add32(sums.t, columns->second);
    if (filter == PIXFER_FILTER_420_TOP_LEFT)
        sums.t = v_add32(sums.t, v_add32(columns->first, columns->above));
    return sums;
}

struct block {
    struct packed y[2], chroma[2];
    struct sums left;
};

INLINE void pack_chroma_444(struct block *b, const struct constants *c, enum pixfer_load load, int j,
                            const struct columns *columns)
{
    for (int i = 0; i < 2; i++)
        pack_chroma(&b->chroma[i], c, load, PIXFER_FILTER_444, false, j,
                    v_dot(columns->first, columns->pair, c->chroma_weight[i]), i, i);
}

/* The four vectors of the block at pixel x, in three steps, so that the operations that wait for each other are far enough apart in
 * the program for the processor to see others between them. (What does not fit the registers costs less than steps of two.) */
INLINE void convert_block(struct block *b, const struct constants *c, const struct source *src, size_t x, enum pixfer_load load,
                          enum pixfer_filter filter, bool wide)
{
    struct columns columns[4];
    vec u[4];

    UNROLL for (int j = 0; j < 4; j++) columns[j] = load_columns(c, src, x, j, load, filter);
    UNROLL for (int j = 0; j < 4; j++)
    {
        pack_luma(&b->y[0], c, load, wide, j, columns[j].first);
        if (filter != PIXFER_FILTER_444)
            u[j] = filter_columns(c, filter, sum_rows(&columns[j], filter), &b->left);
    }
    UNROLL for (int j = 0; j < 4; j++)
    {
        if (pixfer_filter_is_420(filter))
            pack_luma(&b->y[1], c, load, wide, j, columns[j].second);
        if (filter == PIXFER_FILTER_444)
            pack_chroma_444(b, c, load, j, &columns[j]);
        else
            pack_chroma(&b->chroma[0], c, load, filter, wide, j, u[j], 0, 1);
    }
}

INLINE void put_block(const struct outputs *to, size_t x, const struct block *b, enum pixfer_filter filter, bool wide)
{
    put_row(to, to->y[0], x, b->y[0], wide);
    if (pixfer_filter_is_420(filter))
        put_row(to, to->y[1], x, b->y[1], wide);
    if (filter == PIXFER_FILTER_444)
        put_full(to, x, b->chroma[0], b->chroma[1]);
    else
        put_subsampled(to, x, b->chroma[0], wide);
}

INLINE int32_t pixel_at(const uint8_t *at)
{
    int32_t pixel;

    memcpy(&pixel, at, 4);
    return pixel;
}

/* Whether the block at pixel x has nothing but the column before it again. Where it has not, its last pixel often tells. */
INLINE bool repeats(const struct source *src, size_t x, enum pixfer_load load, enum pixfer_filter filter)
{
    if ((load != PIXFER_LOAD_PACKED4 && load != PIXFER_LOAD_PACKED10) || !x)
        return false;
    for (int step = 0; step < 2; step++) {
        UNROLL for (int row = 0; row < 3; row++)
        {
            const uint8_t *at;

            if (!row_weights[filter][row])
                continue;
            at = src->row[row][0] + 4 * x;
            if (step == 0 ? pixel_at(at + 4 * BLOCK - 4) != pixel_at(at - 4) : !v_equal(at, pixel_at(at - 4)))
                return false;
        }
    }
    return true;
}

/* ---- The blocks of a strip ---- */

INLINE struct constants load_constants(const struct pixfer_lanes *lanes)
{
    return (struct constants){
        .pair_weight = v_set1_32((int32_t)lanes->pair_weight),
        .green_weight = v_set1_32((int32_t)lanes->green_weight),
        .offset = v_set1_32((int32_t)lanes->offset),
        .y_multiplier = v_set1_32((int32_t)lanes->y_multiplier),
        .chroma_weight = {v_set1_32((int32_t)lanes->chroma_weight[0]), v_set1_32((int32_t)lanes->chroma_weight[1])},
        .pairing = v_set_lanes(lanes->pairing),
        .multiplier = {v_set1_32((int32_t)lanes->multiplier[0]), v_set1_32((int32_t)lanes->multiplier[1])},
        .bias = {v_set1_64(lanes->bias[0]), v_set1_64(lanes->bias[1])},
        .shift = v_set1_64(lanes->shift),
        .shift8 = {v_set1_64(lanes->shift8[0]), v_set1_64(lanes->shift8[1])},
        .packing = v_packing(),
    };
}

INLINE struct source resolve(const struct pixfer_kernel_config *config, const struct pixfer_strip *strip, enum pixfer_load load,
                             enum pixfer_filter filter)
{
    const struct pixfer_lane_math *lane = &config->lane;
    struct source s = {.prefetch = strip->next[0]};

    UNROLL for (int row = 0; row < 3; row++)
    {
        const uint8_t *const *plane = strip->src[row];

        if (!row_weights[filter][row])
            continue;
        if (load == PIXFER_LOAD_PLANAR) {
            s.row[row][0] = plane[lane->pair[0]];
            s.row[row][1] = plane[lane->pair[1]];
            s.row[row][2] = plane[lane->green];
        } else {
            s.row[row][0] = s.row[row][1] = s.row[row][2] = plane[0] + (load == PIXFER_LOAD_PACKED4 ? lane->alpha_first : 0);
        }
    }
    return s;
}

/* Column x as the filters that look left see it. */
INLINE struct sums column(const struct pixfer_lane_math *lane, const struct source *src, ptrdiff_t x, enum pixfer_load load,
                          enum pixfer_filter filter)
{
    const ptrdiff_t at = (ptrdiff_t)pixel_bytes(load) * x;
    uint32_t t = 0, pair = 0;

    UNROLL for (int row = 0; row < 3; row++)
    {
        const uint32_t weight = has_left_tap(filter) ? row_weights[filter][row] : 0;
        uint32_t first, second, green;

        if (!weight)
            continue;
        if (load == PIXFER_LOAD_PACKED10) {
            const uint32_t pixel = (uint32_t)pixel_at(src->row[row][0] + at);

            first = pixel & 1023;
            second = pixel >> 20 & 1023;
            green = pixel >> 10 & 1023;
            t += weight * (lane->offset + (uint32_t)lane->pair_weight[0] * first + (uint32_t)lane->pair_weight[1] * second +
                           (uint32_t)lane->green_weight * green);
            pair += weight * (second << 16 | first);
            continue;
        }
        first = src->row[row][0][at];
        second = src->row[row][1][at + (load == PIXFER_LOAD_PLANAR ? 0 : 2)];
        green = src->row[row][2][at + (load == PIXFER_LOAD_PLANAR ? 0 : 1)];
        t += weight * (lane->offset + (uint32_t)lane->pair_weight[0] * first + (uint32_t)lane->pair_weight[1] * second +
                       (uint32_t)lane->green_weight * green);
        pair += weight * (second << 16 | first);
    }
    return (struct sums){v_set1_32((int32_t)t), v_set1_32((int32_t)pair)};
}

/* How far ahead rows are prefetched: the hardware's own prefetching leaves part of the wait visible. */
#define PREFETCH_DISTANCE 3072

/* The pixels [x, end) of a strip, whole blocks; x is even unless every column has chroma. The filter sees column `left` there.
 *
 * No filter reaches further than one column to the left, so a block that has nothing but the column before it again, behind another
 * such block, has that one's samples. Screens are full of them.
 *
 * What comes from memory is prefetched. Near its end a row is followed by the same row of the next strip, not by its neighbour in
 * memory; addresses beyond the picture do no harm. */
INLINE void convert_blocks(const struct pixfer_kernel_config *config, const struct pixfer_strip *strip, size_t x, size_t end,
                           ptrdiff_t left, bool stream, enum pixfer_load load, enum pixfer_filter filter, bool wide)
{
    const size_t bytes = pixel_bytes(load), distance = PREFETCH_DISTANCE / bytes / BLOCK * BLOCK;
    const struct outputs to = {
        {strip->y[0], strip->y[1]}, {strip->chroma[0], strip->chroma[1]}, config->store == PIXFER_STORE_PLANAR8, stream};
    struct source src = resolve(config, strip, load, filter);
    struct block b = {.left = column(&config->lane, &src, left, load, filter)};
    size_t stop = end;

    if (src.prefetch) {
        stop = end > distance ? end - distance : 0;
        for (int row = 0; row < 2; row++)
            for (int plane = 0; plane < 3; plane++)
                src.ahead[row][plane] = (uintptr_t)src.row[row + 1][plane] + bytes * distance;
    }
    for (;;) {
        while (x < stop) {
            const struct constants c = load_constants(&config->lane.lanes);

            do {
                if (src.prefetch)
                    prefetch(&src, x, load, filter);
                convert_block(&b, &c, &src, x, load, filter, wide);
                put_block(&to, x, &b, filter, wide);
                x += BLOCK;
            } while (x < stop && !repeats(&src, x - BLOCK, load, filter));
            for (; x < stop && repeats(&src, x, load, filter); x += BLOCK) {
                if (src.prefetch)
                    prefetch(&src, x, load, filter);
                put_block(&to, x, &b, filter, wide);
            }
        }
        if (stop == end)
            return;
        for (int row = 0; row < 2; row++)
            for (int plane = 0; plane < 3; plane++)
                src.ahead[row][plane] += (uintptr_t)strip->next[plane] - bytes * end;
        stop = end;
    }
}

#define BLOCK_LOOP(name)                                                                                                         \
    void name(const struct pixfer_kernel_config *config, const struct pixfer_strip *strip, size_t x, size_t end, ptrdiff_t left, \
              bool stream)
#define LOOP(load, filter, wide)                                                                               \
    TARGET static BLOCK_LOOP(NAMED(load##_##filter##_##wide))                                                  \
    {                                                                                                          \
        convert_blocks(config, strip, x, end, left, stream, PIXFER_LOAD_##load, PIXFER_FILTER_##filter, wide); \
    }
#define LOOPS(load)             \
    LOOP(load, 420_CENTER, 0)   \
    LOOP(load, 420_LEFT, 0)     \
    LOOP(load, 420_TOP_LEFT, 0) \
    LOOP(load, 422_CENTER, 0)   \
    LOOP(load, 422_LEFT, 0)     \
    LOOP(load, 444, 0)          \
    LOOP(load, 420_CENTER, 1)   \
    LOOP(load, 420_LEFT, 1)     \
    LOOP(load, 420_TOP_LEFT, 1)

LOOPS(PACKED4)
LOOPS(PACKED3)
LOOPS(PLANAR)
LOOPS(PACKED10)

typedef BLOCK_LOOP(block_loop);

#define BY_FILTER(load)                                                                        \
    {                                                                                          \
        {NAMED(load##_420_CENTER_0), NAMED(load##_420_LEFT_0), NAMED(load##_420_TOP_LEFT_0),   \
         NAMED(load##_422_CENTER_0), NAMED(load##_422_LEFT_0), NAMED(load##_444_0)},           \
        {                                                                                      \
            NAMED(load##_420_CENTER_1), NAMED(load##_420_LEFT_1), NAMED(load##_420_TOP_LEFT_1) \
        }                                                                                      \
    }

/* By load, 16-bit samples or not, and filter. Two bytes a sample exist for 4:2:0 only. */
static block_loop *const loops[PIXFER_LOAD_PACKED10 + 1][2][PIXFER_FILTER_COUNT] = {BY_FILTER(PACKED4), BY_FILTER(PACKED3),
                                                                                    BY_FILTER(PLANAR), BY_FILTER(PACKED10)};

/* ---- A strip ---- */

/* The last n pixels, at most a block: through a copy, so that no byte beyond the row is touched. */
static void convert_rest(const struct pixfer_kernel_config *config, block_loop *loop, const struct pixfer_strip *strip, size_t x,
                         size_t n)
{
    const size_t bytes = pixel_bytes(config->load), sample = config->store == PIXFER_STORE_SEMIPLANAR16 ? 2 : 1;
    const bool full = config->filter == PIXFER_FILTER_444;
    const size_t chroma_x = full ? x : x / 2, columns = full ? n : (n + 1) / 2;
    /* One pixel more on the left, for the filters; one on the right, for the last odd column; and a byte where alpha is first. */
    uint8_t in[3][3][4 * (BLOCK + 2) + 1], out[4][2 * BLOCK];
    struct pixfer_strip copy = {.y = {out[0], out[1]}, .chroma = {out[2], out[3]}};

    for (int row = 0; row < 3; row++) {
        for (int plane = 0; row_weights[config->filter][row] && plane < (config->load == PIXFER_LOAD_PLANAR ? 3 : 1); plane++) {
            const uint8_t *from = strip->src[row][plane] + bytes * x;
            uint8_t *to = in[row][plane];

            memcpy(to, x ? from - bytes : from, bytes);
            memcpy(to + bytes, from, bytes * n);
            memcpy(to + bytes * (n + 1), from + bytes * (n - 1), bytes);
            memset(to + bytes * (n + 2), 0, sizeof(in[row][plane]) - bytes * (n + 2));
            copy.src[row][plane] = to + bytes;
        }
    }
    loop(config, &copy, 0, BLOCK, -1, false);
    memcpy(strip->y[0] + sample * x, out[0], sample * n);
    if (pixfer_filter_is_420(config->filter))
        memcpy(strip->y[1] + sample * x, out[1], sample * n);
    if (config->store == PIXFER_STORE_PLANAR8) {
        memcpy(strip->chroma[0] + chroma_x, out[2], columns);
        memcpy(strip->chroma[1] + chroma_x, out[3], columns);
    } else {
        memcpy(strip->chroma[0] + 2 * sample * chroma_x, out[2], 2 * sample * columns);
    }
}

static inline bool is_aligned(const uint8_t *p, size_t alignment)
{
    return !((uintptr_t)p & (alignment - 1));
}

/* Stores past the cache must be aligned. (Starting at the first aligned pixel gains nothing over plain stores: the lines at both
 * ends of each row would be written in two ways.) */
static bool may_stream(const struct pixfer_kernel_config *config, const struct pixfer_strip *strip)
{
    const bool planar = config->store == PIXFER_STORE_PLANAR8;
    const size_t chroma_alignment = planar && config->filter != PIXFER_FILTER_444 ? BLOCK / 2 : BLOCK;

    return strip->stream && is_aligned(strip->y[0], BLOCK) &&
           (!pixfer_filter_is_420(config->filter) || is_aligned(strip->y[1], BLOCK)) &&
           is_aligned(strip->chroma[0], chroma_alignment) && (!planar || is_aligned(strip->chroma[1], chroma_alignment));
}

static PIXFER_STRIP_KERNEL(convert_strip)
{
    block_loop *const loop = loops[config->load][config->store == PIXFER_STORE_SEMIPLANAR16][config->filter];
    const size_t width = strip->width, alpha = config->load == PIXFER_LOAD_PACKED4 ? config->lane.alpha_first : 0;
    /* With alpha first the vectors start at byte 1, and the row's last one would end a byte beyond it. */
    const size_t whole = (width - alpha) / BLOCK * BLOCK;

    if (whole)
        loop(config, strip, 0, whole, 0, may_stream(config, strip));
    if (whole == width)
        return;
    /* The last block of an even row may overlap the one before: the same samples are written once more. */
    if (whole && width % 2 == 0 && !alpha)
        loop(config, strip, width - BLOCK, width, (ptrdiff_t)(width - BLOCK) - 1, false);
    else
        convert_rest(config, loop, strip, whole, width - whole);
}

static pixfer_strip_kernel *find_kernel(const struct pixfer_kernel_config *config)
{
    return config->lane.y_multiplier ? convert_strip : NULL;
}

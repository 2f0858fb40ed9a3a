/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* The body of every x86 strip kernel. The file that includes it defines, for its instruction set:
 *
 *   TARGET, INLINE             the attribute that allows the instructions, and how a function with it is always inlined
 *   vec, PIXELS                a vector, and how many 32-bit lanes it has; a block is BLOCK = 4 · PIXELS pixels
 *   GROUP                      how many vectors of a block are worked on at once: 1, 2 or 4, what the registers allow
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
 *   v_pack8(acc, j, products, byte)              puts that byte of vector j's products where it belongs in a vector of bytes
 *   v_pack8_end(acc)           ... when all four are in
 *   v_pack16(acc, j, v), v_pack16_end(acc)       the same with the high words of two vectors
 *   v_srl64(v, n), v_srlv32, v_min32, v_max32, v_sll16, v_sll32, v_and
 *   v_deinterleave8(v)         even bytes to the lower half, odd ones to the upper
 *   v_interleave8(out, a, b)   two vectors of bytes to pairs of bytes
 *   v_store, v_stream, v_store_halves(lower, upper, v)
 *   v_equal(at, pixel)         whether a block of pixels of four bytes from `at` on all are this one
 *
 * Interval of every value: components 0 … 255; luma numerators and chroma's u as told in lane_math.h, modulo 2^32; sums of `pair`
 * words over the chroma filter at most 4080 in two words of at most 2040, so no 16-bit lane and no dot product overflows. */

#include <string.h>

#include "../kernels.h"

#define BLOCK (4 * PIXELS)
#define UNROLL _Pragma("GCC unroll 4")

struct constants {
    vec pair_weight, green_weight, offset, y_multiplier;
    vec chroma_weight[2]; /* −D for both pixels of a pair; with 4:4:4 −D for the component of each sample */
    vec pairing, multiplier[2], bias[2], shift;
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

struct target {
    uint8_t *y[2], *chroma[2];
    bool planar, stream;
};

static inline int32_t words_of(int16_t low, int16_t high)
{
    return (int32_t)((uint32_t)(uint16_t)high << 16 | (uint16_t)low);
}

static inline bool is_420(enum pixfer_filter filter)
{
    return filter <= PIXFER_FILTER_420_TOP_LEFT;
}

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
static inline size_t pixel_bytes(const struct pixfer_kernel_config *config)
{
    return config->load == PIXFER_LOAD_PACKED4 ? 4 : config->load == PIXFER_LOAD_PACKED3 ? 3 : 1;
}

static inline size_t alpha_first(const struct pixfer_kernel_config *config)
{
    return config->load == PIXFER_LOAD_PACKED4 ? config->lane.alpha_first : 0;
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

/* Samples of a block on their way out: four vectors' bytes in [0], or two vectors' words in each. */
struct packed {
    vec part[2];
};

INLINE void put(const struct target *to, uint8_t *at, vec v)
{
    if (to->stream)
        v_stream(at, v);
    else
        v_store(at, v);
}

/* The samples from sample i of a row on. */
INLINE void put_row(const struct target *to, uint8_t *row, size_t i, struct packed p, bool wide)
{
    if (wide) {
        put(to, row + 2 * i, v_pack16_end(p.part[0]));
        put(to, row + 2 * i + BLOCK, v_pack16_end(p.part[1]));
    } else {
        put(to, row + i, v_pack8_end(p.part[0]));
    }
}

INLINE void put_subsampled(const struct target *to, size_t x, struct packed p, bool wide)
{
    if (!wide && to->planar)
        v_store_halves(to->chroma[0] + x / 2, to->chroma[1] + x / 2, v_deinterleave8(v_pack8_end(p.part[0])), to->stream);
    else
        put_row(to, to->chroma[0], x, p, wide);
}

INLINE void put_full(const struct target *to, size_t x, struct packed u, struct packed v)
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

INLINE void pack_luma(struct packed *p, const struct constants *c, bool wide, int j, vec t)
{
    const struct products luma = luma_products(c, t);

    if (wide)
        p->part[j / 2] = v_pack16(p->part[j / 2], j % 2, v_sll32(v_high(luma), 32 - 10 - (PIXFER_LUMA_SHIFT_10 - 32)));
    else
        p->part[0] = v_pack8(p->part[0], j, luma, PIXFER_LUMA_SHIFT_8 / 8);
}

INLINE void pack_chroma(struct packed *p, const struct constants *c, enum pixfer_filter filter, bool wide, int j, vec u, int even,
                        int odd)
{
    struct products chroma = chroma_products(c, u, even, odd);

    if (wide) {
        const vec v = v_min32(v_max32(v_srlv32(v_high(chroma), c->shift), v_set1_32(1)), v_set1_32(1023));

        p->part[j / 2] = v_pack16(p->part[j / 2], j % 2, v_sll32(v, 32 - 10));
    } else if (is_420(filter)) {
        p->part[0] = v_pack8(p->part[0], j, chroma, PIXFER_CHROMA_SHIFT_420 / 8);
    } else {
        const int shift = (filter == PIXFER_FILTER_444 ? PIXFER_CHROMA_SHIFT_444 : PIXFER_CHROMA_SHIFT_422) - 40;

        p->part[0] = v_pack8(p->part[0], j, (struct products){v_srl64(chroma.even, shift), v_srl64(chroma.odd, shift)}, 5);
    }
}

INLINE void prefetch(const struct source *src, size_t x, enum pixfer_load load, enum pixfer_filter filter)
{
    const size_t bytes = load == PIXFER_LOAD_PACKED4 ? 4 : load == PIXFER_LOAD_PACKED3 ? 3 : 1;

    for (int row = 0; row < (is_420(filter) ? 2 : 1); row++)
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

    if (is_420(filter)) {
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

    if (is_420(filter))
        sums.t = v_add32(sums.t, columns->second);
    if (filter == PIXFER_FILTER_420_TOP_LEFT)
        sums.t = v_add32(sums.t, v_add32(columns->first, columns->above));
    return sums;
}

struct block {
    struct packed y[2], chroma[2];
    struct sums left;
};

INLINE void pack_chroma_444(struct block *b, const struct constants *c, int j, const struct columns *columns)
{
    for (int i = 0; i < 2; i++)
        pack_chroma(&b->chroma[i], c, PIXFER_FILTER_444, false, j, v_dot(columns->first, columns->pair, c->chroma_weight[i]), i,
                    i);
}

/* GROUP vectors of a block from vector j on, in three steps, so that the operations that wait for each other are far enough apart
 * in the program for the processor to see others between them. */
INLINE void add_group(struct block *b, const struct constants *c, const struct source *src, size_t x, int j,
                      enum pixfer_load load, enum pixfer_filter filter, bool wide)
{
    struct columns columns[GROUP];
    vec u[GROUP];

    UNROLL
    for (int i = 0; i < GROUP; i++)
        columns[i] = load_columns(c, src, x, j + i, load, filter);
    UNROLL for (int i = 0; i < GROUP; i++)
    {
        pack_luma(&b->y[0], c, wide, j + i, columns[i].first);
        if (filter != PIXFER_FILTER_444)
            u[i] = filter_columns(c, filter, sum_rows(&columns[i], filter), &b->left);
    }
    UNROLL for (int i = 0; i < GROUP; i++)
    {
        if (is_420(filter))
            pack_luma(&b->y[1], c, wide, j + i, columns[i].second);
        if (filter == PIXFER_FILTER_444)
            pack_chroma_444(b, c, j + i, &columns[i]);
        else
            pack_chroma(&b->chroma[0], c, filter, wide, j + i, u[i], 0, 1);
    }
}

INLINE void put_block(const struct target *to, size_t x, const struct block *b, enum pixfer_filter filter, bool wide)
{
    put_row(to, to->y[0], x, b->y[0], wide);
    if (is_420(filter))
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
    if (load != PIXFER_LOAD_PACKED4 || !x)
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

/* The pixels [x, end) of a strip, whole blocks. `left` is what the filter sees left of x.
 *
 * No filter reaches further than one column to the left, so a block that has nothing but the column before it again, behind another
 * such block, has that one's samples. Screens are full of them. */
INLINE void convert_blocks(const struct constants *constants, const struct source *from, const struct target *target, size_t x,
                           size_t end, struct sums left, enum pixfer_load load, enum pixfer_filter filter, bool wide)
{
    const struct source src = *from;
    const struct target to = *target;
    struct block b = {.left = left};

    while (x < end) {
        const struct constants c = *constants;

        do {
            if (src.prefetch)
                prefetch(&src, x, load, filter);
            UNROLL for (int j = 0; j < 4; j += GROUP) add_group(&b, &c, &src, x, j, load, filter, wide);
            put_block(&to, x, &b, filter, wide);
            x += BLOCK;
        } while (x < end && !repeats(&src, x - BLOCK, load, filter));
        for (; x < end && repeats(&src, x, load, filter); x += BLOCK) {
            if (src.prefetch)
                prefetch(&src, x, load, filter);
            put_block(&to, x, &b, filter, wide);
        }
    }
}

#define LOOP(load, filter, wide)                                                                                 \
    TARGET static void load##_##filter##_##wide(const struct constants *constants, const struct source *from,    \
                                                const struct target *to, size_t x, size_t end, struct sums left) \
    {                                                                                                            \
        convert_blocks(constants, from, to, x, end, left, PIXFER_LOAD_##load, PIXFER_FILTER_##filter, wide);     \
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

typedef void block_loop(const struct constants *constants, const struct source *from, const struct target *to, size_t x,
                        size_t end, struct sums left);

#define BY_FILTER(load)                                                                                                        \
    {                                                                                                                          \
        {load##_420_CENTER_0, load##_420_LEFT_0, load##_420_TOP_LEFT_0, load##_422_CENTER_0, load##_422_LEFT_0, load##_444_0}, \
        {                                                                                                                      \
            load##_420_CENTER_1, load##_420_LEFT_1, load##_420_TOP_LEFT_1                                                      \
        }                                                                                                                      \
    }

/* By load, 16-bit samples or not, and filter. Two bytes a sample exist for 4:2:0 only. */
static block_loop *const loops[PIXFER_LOAD_COUNT][2][PIXFER_FILTER_COUNT] = {BY_FILTER(PACKED4), BY_FILTER(PACKED3),
                                                                             BY_FILTER(PLANAR)};

/* ---- A strip ---- */

/* Of two pixels' pair words, the component of the first chroma sample to the first 32-bit lane, that of the second to the second;
 * by which word the first one takes. */
static const uint8_t pairings[2][16] = {
    {0, 1, 4, 5, 2, 3, 6, 7, 8, 9, 12, 13, 10, 11, 14, 15},
    {2, 3, 6, 7, 0, 1, 4, 5, 10, 11, 14, 15, 8, 9, 12, 13},
};

TARGET static void load_constants(struct constants *c, const struct pixfer_kernel_config *config)
{
    const struct pixfer_lane_math *lane = &config->lane;
    const int16_t d = (int16_t)-lane->chroma_weight;

    c->pair_weight = v_set1_32(words_of(lane->pair_weight[0], lane->pair_weight[1]));
    c->green_weight = v_set1_32(words_of(lane->green_weight, 0));
    c->offset = v_set1_32((int32_t)lane->offset);
    c->y_multiplier = v_set1_64(lane->y_multiplier);
    c->shift = v_set1_64((uint64_t)(lane->chroma_shift[1] - 32) << 32 | (lane->chroma_shift[0] - 32));
    for (int i = 0; i < 2; i++) {
        const int high = lane->chroma_of_pair[i];

        c->multiplier[i] = v_set1_64(lane->multiplier[i]);
        c->bias[i] = v_set1_64(lane->bias[i]);
        c->chroma_weight[i] =
            v_set1_32(config->filter != PIXFER_FILTER_444 ? words_of(d, d) : words_of(high ? 0 : d, high ? d : 0));
    }
    c->pairing = v_set_lanes(pairings[lane->chroma_of_pair[0]]);
}

static struct source resolve(const struct pixfer_kernel_config *config, const struct pixfer_strip *strip)
{
    const struct pixfer_lane_math *lane = &config->lane;
    struct source s = {.prefetch = false};

    for (int row = 0; row < 3; row++) {
        const uint8_t *const *plane = strip->src[row];

        if (!row_weights[config->filter][row])
            continue;
        if (config->load == PIXFER_LOAD_PLANAR) {
            s.row[row][0] = plane[lane->pair[0]];
            s.row[row][1] = plane[lane->pair[1]];
            s.row[row][2] = plane[lane->green];
        } else {
            s.row[row][0] = s.row[row][1] = s.row[row][2] = plane[0] + alpha_first(config);
        }
    }
    return s;
}

/* Column x as the filters that look left see it. */
TARGET static struct sums column(const struct pixfer_kernel_config *config, const struct source *src, size_t x)
{
    const struct pixfer_lane_math *lane = &config->lane;
    const size_t at = pixel_bytes(config) * x, planar = config->load == PIXFER_LOAD_PLANAR;
    uint32_t t = 0, pair = 0;

    for (int row = has_left_tap(config->filter) ? 0 : 3; row < 3; row++) {
        const uint32_t weight = row_weights[config->filter][row];
        uint32_t first, second, green;

        if (!weight)
            continue;
        first = src->row[row][0][at];
        second = src->row[row][1][at + (planar ? 0 : 2)];
        green = src->row[row][2][at + (planar ? 0 : 1)];
        t += weight * (lane->offset + (uint32_t)lane->pair_weight[0] * first + (uint32_t)lane->pair_weight[1] * second +
                       (uint32_t)lane->green_weight * green);
        pair += weight * (second << 16 | first);
    }
    return (struct sums){v_set1_32((int32_t)t), v_set1_32((int32_t)pair)};
}

/* The last n pixels, at most a block: through a copy, so that no byte beyond the row is touched. */
TARGET static void convert_rest(const struct pixfer_kernel_config *config, block_loop *loop, const struct constants *c,
                                const struct source *src, const struct target *to, size_t x, size_t n)
{
    const size_t bytes = pixel_bytes(config), sample = config->store == PIXFER_STORE_SEMIPLANAR16 ? 2 : 1;
    const bool full = config->filter == PIXFER_FILTER_444;
    const size_t chroma_x = full ? x : x / 2, columns = full ? n : (n + 1) / 2;
    uint8_t in[3][3][4 * BLOCK + 4] = {{{0}}}, out[4][2 * BLOCK];
    const struct target buffer = {{out[0], out[1]}, {out[2], out[3]}, to->planar, false};
    struct source copy = {.prefetch = false};

    for (int row = 0; row < 3; row++) {
        for (int plane = 0; row_weights[config->filter][row] && plane < (config->load == PIXFER_LOAD_PLANAR ? 3 : 1); plane++) {
            memcpy(in[row][plane], src->row[row][plane] + bytes * x, bytes * n - alpha_first(config));
            memcpy(in[row][plane] + bytes * n, in[row][plane] + bytes * (n - 1), bytes);
            copy.row[row][plane] = in[row][plane];
        }
    }
    loop(c, &copy, &buffer, 0, BLOCK, column(config, src, x ? x - 1 : 0));
    memcpy(to->y[0] + sample * x, out[0], sample * n);
    if (is_420(config->filter))
        memcpy(to->y[1] + sample * x, out[1], sample * n);
    if (to->planar) {
        memcpy(to->chroma[0] + chroma_x, out[2], columns);
        memcpy(to->chroma[1] + chroma_x, out[3], columns);
    } else {
        memcpy(to->chroma[0] + 2 * sample * chroma_x, out[2], 2 * sample * columns);
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

    return strip->stream && is_aligned(strip->y[0], BLOCK) && (!is_420(config->filter) || is_aligned(strip->y[1], BLOCK)) &&
           is_aligned(strip->chroma[0], chroma_alignment) && (!planar || is_aligned(strip->chroma[1], chroma_alignment));
}

/* How far ahead rows are prefetched: the hardware's own prefetching leaves part of the wait visible. */
#define PREFETCH_DISTANCE 3072

/* Blocks [0, end) with the source coming from memory. Near its end a row is followed by the same row of the next strip, not by its
 * neighbour in memory. Addresses beyond the picture do no harm. */
TARGET static void convert_far_blocks(const struct pixfer_kernel_config *config, const struct pixfer_strip *strip,
                                      block_loop *loop, const struct constants *c, struct source *src, const struct target *to,
                                      size_t end)
{
    const size_t bytes = pixel_bytes(config), distance = PREFETCH_DISTANCE / bytes / BLOCK * BLOCK;
    const size_t turn = end > distance ? end - distance : 0;

    src->prefetch = true;
    for (int row = 0; row < 2; row++)
        for (int plane = 0; plane < 3; plane++)
            src->ahead[row][plane] = (uintptr_t)src->row[row + 1][plane] + bytes * distance;
    loop(c, src, to, 0, turn, column(config, src, 0));
    for (int row = 0; row < 2; row++)
        for (int plane = 0; plane < 3; plane++)
            src->ahead[row][plane] += (uintptr_t)strip->next[plane] - bytes * end;
    loop(c, src, to, turn, end, column(config, src, turn ? turn - 1 : 0));
    src->prefetch = false;
}

TARGET static PIXFER_STRIP_KERNEL(convert_strip)
{
    block_loop *const loop = loops[config->load][config->store == PIXFER_STORE_SEMIPLANAR16][config->filter];
    struct source src = resolve(config, strip);
    const struct target to = {{strip->y[0], strip->y[1]},
                              {strip->chroma[0], strip->chroma[1]},
                              config->store == PIXFER_STORE_PLANAR8,
                              may_stream(config, strip)};
    /* With alpha first the vectors start at byte 1, and the row's last one would end a byte beyond it. */
    const size_t whole = (strip->width - alpha_first(config)) / BLOCK * BLOCK;
    struct constants c;

    load_constants(&c, config);
    if (whole && strip->next[0])
        convert_far_blocks(config, strip, loop, &c, &src, &to, whole);
    else if (whole)
        loop(&c, &src, &to, 0, whole, column(config, &src, 0));
    if (whole < strip->width)
        convert_rest(config, loop, &c, &src, &to, whole, strip->width - whole);
}

static pixfer_strip_kernel *find_kernel(const struct pixfer_kernel_config *config)
{
    return config->lane.y_multiplier ? convert_strip : NULL;
}

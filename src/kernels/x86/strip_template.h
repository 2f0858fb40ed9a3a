/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* The body of every x86 strip kernel. The file that includes it defines, for its instruction set:
 *
 *   TARGET, INLINE             the attribute that allows the instructions, and how a function with it is always inlined
 *   vec, PIXELS                a vector, and how many 32-bit lanes it has; a block is BLOCK = 4 · PIXELS pixels
 *   struct words               16-bit words of one vector of pixels: pair holds the two components that chroma is made from,
 *                              green the third in its low words and anything in the high ones
 *   v_set1_32, v_set1_64, v_set_lanes(bytes)     constants; v_set_lanes repeats 16 bytes
 *   v_load_words(load, row, x, j)                vector j of the block at pixel x, as struct words
 *   v_add32, v_sub64
 *   v_dot(acc, a, b)           acc + a.lo·b.lo + a.hi·b.hi of 16-bit halves, per 32-bit lane
 *   v_swap(v)                  exchanges neighbouring 32-bit lanes
 *   v_shift_in(last, v)        each lane's left neighbour; lane 0 gets the last lane of `last`
 *   v_shuffle(v, table)        bytes within 16-byte lanes
 *   v_mul_even(v, m), v_mul_odd(v, m)            32 x 32 -> 64 bits of even or odd 32-bit lanes
 *   v_high(even, odd)          the high halves of 64-bit lanes, back in the order of 32-bit lanes
 *   v_pack8(acc, j, v, byte)   puts that byte of vector j's lanes where it belongs in a vector of 4 · PIXELS bytes
 *   v_pack8_end(acc)           ... when all four are in
 *   v_pack16(acc, j, v), v_pack16_end(acc)       the same with the high words of two vectors
 *   v_srl32(v, n), v_srlv32, v_min32, v_max32, v_sll16, v_sll32, v_and
 *   v_deinterleave8(v)         even bytes to the lower half, odd ones to the upper
 *   v_interleave8(out, a, b)   two vectors of bytes to pairs of bytes
 *   v_store, v_stream, v_store_halves(lower, upper, v)
 *
 * Interval of every value: components 0 … 255; luma numerators and chroma's u as told in lane_math.h, modulo 2^32; sums of `pair`
 * words over the chroma filter at most 4080 in two words of at most 2040, so no 16-bit lane and no dot product overflows. */

#include <string.h>

#include "../kernels.h"

#define BLOCK (4 * PIXELS)

struct constants {
    vec pair_weight, green_weight, offset, y_multiplier;
    vec chroma_weight[2]; /* −D for both pixels of a pair; with 4:4:4 −D for the component of each sample */
    vec pairing, multiplier[2], bias[2], shift;
};

/* What a row of pixels turns into: luma numerators and the words that chroma needs, or sums of them over rows and columns. */
struct sums {
    vec t, pair;
};

/* Rows of a strip with the component order resolved: see struct pixfer_lane_math. */
struct source {
    const uint8_t *row[3][3];
};

static inline int32_t words_of(int16_t low, int16_t high)
{
    return (int32_t)((uint32_t)(uint16_t)high << 16 | (uint16_t)low);
}

INLINE bool is_420(enum pixfer_filter filter)
{
    return filter <= PIXFER_FILTER_420_TOP_LEFT;
}

INLINE bool has_left_tap(enum pixfer_filter filter)
{
    return filter == PIXFER_FILTER_420_LEFT || filter == PIXFER_FILTER_420_TOP_LEFT || filter == PIXFER_FILTER_422_LEFT;
}

INLINE struct constants load_constants(const struct pixfer_lane_math *lane, enum pixfer_filter filter)
{
    const int16_t d = (int16_t)-lane->chroma_weight;
    uint8_t pairing[16];
    struct constants c = {
        .pair_weight = v_set1_32(words_of(lane->pair_weight[0], lane->pair_weight[1])),
        .green_weight = v_set1_32(words_of(lane->green_weight, 0)),
        .offset = v_set1_32((int32_t)lane->offset),
        .y_multiplier = v_set1_64(lane->y_multiplier),
        .multiplier = {v_set1_64(lane->multiplier[0]), v_set1_64(lane->multiplier[1])},
        .bias = {v_set1_64(lane->bias[0]), v_set1_64(lane->bias[1])},
        .shift = v_set1_64((uint64_t)(lane->chroma_shift[1] - 32) << 32 | (lane->chroma_shift[0] - 32)),
    };

    for (int i = 0; i < 2; i++) {
        const int high = lane->chroma_of_pair[i];

        c.chroma_weight[i] =
            filter != PIXFER_FILTER_444 ? v_set1_32(words_of(d, d)) : v_set1_32(words_of(high ? 0 : d, high ? d : 0));
        /* Lane 2x + i of two pixels takes word i's component of pixel 2x and of pixel 2x + 1. */
        for (int x = 0; x < 2; x++)
            for (int byte = 0; byte < 4; byte++)
                pairing[8 * x + 4 * i + byte] = (uint8_t)(8 * x + 4 * (byte / 2) + 2 * high + byte % 2);
    }
    c.pairing = v_set_lanes(pairing);
    return c;
}

INLINE struct source resolve(const struct pixfer_lane_math *lane, const struct pixfer_strip *strip, enum pixfer_load load)
{
    struct source s;

    for (int row = 0; row < 3; row++) {
        if (load == PIXFER_LOAD_PLANAR) {
            s.row[row][0] = strip->src[row][lane->pair[0]];
            s.row[row][1] = strip->src[row][lane->pair[1]];
            s.row[row][2] = strip->src[row][lane->green];
        } else {
            s.row[row][0] = strip->src[row][0] + lane->alpha_first;
        }
    }
    return s;
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

/* ---- Samples: in 32-bit lanes, with bits around them that the packing ignores ---- */

INLINE vec luma_samples(const struct constants *c, vec t)
{
    return v_high(v_mul_even(t, c->y_multiplier), v_mul_odd(t, c->y_multiplier));
}

INLINE vec chroma_samples(const struct constants *c, vec u, int even, int odd)
{
    return v_high(v_sub64(c->bias[even], v_mul_even(u, c->multiplier[even])),
                  v_sub64(c->bias[odd], v_mul_odd(u, c->multiplier[odd])));
}

/* ---- Output ---- */

struct target {
    uint8_t *y[2], *chroma[2];
};

/* Samples of a block on their way out: four vectors' bytes in [0], or two vectors' words in each. */
struct packed {
    vec part[2];
};

INLINE void pack(struct packed *p, enum pixfer_store store, int j, vec v, int byte)
{
    if (store == PIXFER_STORE_SEMIPLANAR16)
        p->part[j / 2] = v_pack16(p->part[j / 2], j % 2, v);
    else
        p->part[0] = v_pack8(p->part[0], j, v, byte);
}

INLINE void put(uint8_t *to, vec v, bool stream)
{
    if (stream)
        v_stream(to, v);
    else
        v_store(to, v);
}

/* The samples from sample i of a row on. */
INLINE void put_row(uint8_t *row, size_t i, struct packed p, enum pixfer_store store, bool stream)
{
    if (store == PIXFER_STORE_SEMIPLANAR16) {
        put(row + 2 * i, v_pack16_end(p.part[0]), stream);
        put(row + 2 * i + BLOCK, v_pack16_end(p.part[1]), stream);
    } else {
        put(row + i, v_pack8_end(p.part[0]), stream);
    }
}

INLINE void put_subsampled(const struct target *to, size_t x, struct packed p, enum pixfer_store store, bool stream)
{
    if (store == PIXFER_STORE_PLANAR8)
        v_store_halves(to->chroma[0] + x / 2, to->chroma[1] + x / 2, v_deinterleave8(v_pack8_end(p.part[0])), stream);
    else
        put_row(to->chroma[0], x, p, store, stream);
}

INLINE void put_full(const struct target *to, size_t x, struct packed u, struct packed v, enum pixfer_store store, bool stream)
{
    if (store == PIXFER_STORE_PLANAR8) {
        put_row(to->chroma[0], x, u, store, stream);
        put_row(to->chroma[1], x, v, store, stream);
    } else {
        vec pairs[2];

        v_interleave8(pairs, v_pack8_end(u.part[0]), v_pack8_end(v.part[0]));
        put(to->chroma[0] + 2 * x, pairs[0], stream);
        put(to->chroma[0] + 2 * x + BLOCK, pairs[1], stream);
    }
}

/* ---- A block ---- */

INLINE void pack_luma(struct packed *p, const struct constants *c, enum pixfer_store store, int j, vec t)
{
    vec v = luma_samples(c, t);

    if (store == PIXFER_STORE_SEMIPLANAR16)
        v = v_sll32(v, 32 - 10 - (PIXFER_LUMA_SHIFT_10 - 32));
    pack(p, store, j, v, (PIXFER_LUMA_SHIFT_8 - 32) / 8);
}

INLINE void pack_chroma(struct packed *p, const struct constants *c, enum pixfer_filter filter, enum pixfer_store store, int j,
                        vec u, int even, int odd)
{
    vec v = chroma_samples(c, u, even, odd);

    if (store == PIXFER_STORE_SEMIPLANAR16) {
        v = v_sll32(v_min32(v_max32(v_srlv32(v, c->shift), v_set1_32(1)), v_set1_32(1023)), 32 - 10);
        pack(p, store, j, v, 0);
    } else if (is_420(filter)) {
        pack(p, store, j, v, (PIXFER_CHROMA_SHIFT_420 - 32) / 8);
    } else {
        const int shift = filter == PIXFER_FILTER_444 ? PIXFER_CHROMA_SHIFT_444 : PIXFER_CHROMA_SHIFT_422;

        pack(p, store, j, v_srl32(v, shift - 40), 1);
    }
}

struct block {
    struct packed y[2], chroma[2];
    struct sums left;
};

INLINE void add_vector(struct block *b, const struct constants *c, const struct source *src, size_t x, int j,
                       enum pixfer_load load, enum pixfer_filter filter, enum pixfer_store store)
{
    struct sums columns = load_row(c, load, src->row[1], x, j);

    pack_luma(&b->y[0], c, store, j, columns.t);
    if (filter == PIXFER_FILTER_444) {
        pack_chroma(&b->chroma[0], c, filter, store, j, v_dot(columns.t, columns.pair, c->chroma_weight[0]), 0, 0);
        pack_chroma(&b->chroma[1], c, filter, store, j, v_dot(columns.t, columns.pair, c->chroma_weight[1]), 1, 1);
        return;
    }
    if (is_420(filter)) {
        const struct sums second = load_row(c, load, src->row[2], x, j);

        pack_luma(&b->y[1], c, store, j, second.t);
        if (filter == PIXFER_FILTER_420_TOP_LEFT)
            columns = add_sums(add_sums(columns, columns), add_sums(second, load_row(c, load, src->row[0], x, j)));
        else
            columns = add_sums(columns, second);
    }
    pack_chroma(&b->chroma[0], c, filter, store, j, filter_columns(c, filter, columns, &b->left), 0, 1);
}

INLINE struct sums convert_block(const struct constants *c, const struct source *src, const struct target *to, size_t x,
                                 struct sums left, enum pixfer_load load, enum pixfer_filter filter, enum pixfer_store store,
                                 bool stream)
{
    struct block b = {.left = left};

    add_vector(&b, c, src, x, 0, load, filter, store);
    add_vector(&b, c, src, x, 1, load, filter, store);
    add_vector(&b, c, src, x, 2, load, filter, store);
    add_vector(&b, c, src, x, 3, load, filter, store);
    put_row(to->y[0], x, b.y[0], store, stream);
    if (is_420(filter))
        put_row(to->y[1], x, b.y[1], store, stream);
    if (filter == PIXFER_FILTER_444)
        put_full(to, x, b.chroma[0], b.chroma[1], store, stream);
    else
        put_subsampled(to, x, b.chroma[0], store, stream);
    return b.left;
}

/* ---- A row ---- */

/* What is left of column x, for the filters that look there. */
INLINE struct sums column(const struct pixfer_lane_math *lane, const struct source *src, size_t x, enum pixfer_load load,
                          enum pixfer_filter filter)
{
    const size_t bytes = load == PIXFER_LOAD_PACKED4 ? 4 : load == PIXFER_LOAD_PACKED3 ? 3 : 1;
    uint32_t t = 0, pair = 0;

    for (int row = 0; row < 3; row++) {
        const uint8_t *const *p = src->row[row];
        uint32_t first, second, green, weight = 1;

        if (!(row == 0 ? filter == PIXFER_FILTER_420_TOP_LEFT : row == 1 || is_420(filter)))
            continue;
        if (row == 1 && filter == PIXFER_FILTER_420_TOP_LEFT)
            weight = 2;
        first = p[0][bytes * x];
        second = load == PIXFER_LOAD_PLANAR ? p[1][x] : p[0][bytes * x + 2];
        green = load == PIXFER_LOAD_PLANAR ? p[2][x] : p[0][bytes * x + 1];
        t += weight * (lane->offset + (uint32_t)lane->pair_weight[0] * first + (uint32_t)lane->pair_weight[1] * second +
                       (uint32_t)lane->green_weight * green);
        pair += weight * (second << 16 | first);
    }
    return (struct sums){v_set1_32((int32_t)t), v_set1_32((int32_t)pair)};
}

/* The last n pixels, fewer than a block or not to be read as one: through a copy, so that no byte beyond the row is touched. */
INLINE void convert_rest(const struct constants *c, const struct pixfer_lane_math *lane, const struct source *src,
                         const struct target *to, size_t x, size_t n, struct sums left, enum pixfer_load load,
                         enum pixfer_filter filter, enum pixfer_store store)
{
    const size_t bytes = load == PIXFER_LOAD_PACKED4 ? 4 : load == PIXFER_LOAD_PACKED3 ? 3 : 1;
    const size_t sample = store == PIXFER_STORE_SEMIPLANAR16 ? 2 : 1, columns = filter == PIXFER_FILTER_444 ? n : (n + 1) / 2;
    const size_t chroma_x = filter == PIXFER_FILTER_444 ? x : x / 2;
    uint8_t in[3][3][4 * BLOCK + 4] = {{{0}}}, out[4][2 * BLOCK];
    const struct target buffer = {{out[0], out[1]}, {out[2], out[3]}};
    struct source copy;

    for (int row = 0; row < 3; row++) {
        for (int plane = 0; plane < (load == PIXFER_LOAD_PLANAR ? 3 : 1); plane++) {
            uint8_t *to_bytes = in[row][plane];

            memcpy(to_bytes, src->row[row][plane] + bytes * x, bytes * n - (load == PIXFER_LOAD_PACKED4 && lane->alpha_first));
            memcpy(to_bytes + bytes * n, to_bytes + bytes * (n - 1), bytes);
            copy.row[row][plane] = to_bytes;
        }
    }
    convert_block(c, &copy, &buffer, 0, left, load, filter, store, false);
    memcpy(to->y[0] + sample * x, out[0], sample * n);
    if (is_420(filter))
        memcpy(to->y[1] + sample * x, out[1], sample * n);
    if (store == PIXFER_STORE_PLANAR8) {
        memcpy(to->chroma[0] + chroma_x, out[2], columns);
        memcpy(to->chroma[1] + chroma_x, out[3], columns);
    } else {
        memcpy(to->chroma[0] + 2 * sample * chroma_x, out[2], 2 * sample * columns);
    }
}

INLINE void convert_strip(const struct pixfer_kernel_config *config, const struct pixfer_strip *strip, enum pixfer_load load,
                          enum pixfer_filter filter, enum pixfer_store store)
{
    const struct pixfer_lane_math *lane = &config->lane;
    const struct constants c = load_constants(lane, filter);
    const struct source src = resolve(lane, strip, load);
    const struct target to = {{strip->y[0], strip->y[1]}, {strip->chroma[0], strip->chroma[1]}};
    /* With alpha first the vectors start at byte 1, and the row's last one would end a byte beyond it. */
    const size_t width = strip->width, end = width - (load == PIXFER_LOAD_PACKED4 && lane->alpha_first);
    struct sums left = column(lane, &src, 0, load, filter);
    size_t x = 0;

    if (strip->stream) {
        for (; x + BLOCK <= end; x += BLOCK)
            left = convert_block(&c, &src, &to, x, left, load, filter, store, true);
    } else {
        for (; x + BLOCK <= end; x += BLOCK)
            left = convert_block(&c, &src, &to, x, left, load, filter, store, false);
    }
    if (x < width)
        convert_rest(&c, lane, &src, &to, x, width - x, column(lane, &src, x ? x - 1 : 0, load, filter), load, filter, store);
}

/* ---- The kernels ---- */

#define KERNEL(load, filter, store)                                                                     \
    TARGET static PIXFER_STRIP_KERNEL(load##_##filter##_##store)                                        \
    {                                                                                                   \
        convert_strip(config, strip, PIXFER_LOAD_##load, PIXFER_FILTER_##filter, PIXFER_STORE_##store); \
    }
#define KERNELS_8(load, store)        \
    KERNEL(load, 420_CENTER, store)   \
    KERNEL(load, 420_LEFT, store)     \
    KERNEL(load, 420_TOP_LEFT, store) \
    KERNEL(load, 422_CENTER, store)   \
    KERNEL(load, 422_LEFT, store)     \
    KERNEL(load, 444, store)
#define KERNELS(load)                      \
    KERNELS_8(load, SEMIPLANAR8)           \
    KERNELS_8(load, PLANAR8)               \
    KERNEL(load, 420_CENTER, SEMIPLANAR16) \
    KERNEL(load, 420_LEFT, SEMIPLANAR16)   \
    KERNEL(load, 420_TOP_LEFT, SEMIPLANAR16)

KERNELS(PACKED4)
KERNELS(PACKED3)
KERNELS(PLANAR)

#define ROW_8(load, store)                                                                                          \
    {                                                                                                               \
        load##_420_CENTER_##store, load##_420_LEFT_##store, load##_420_TOP_LEFT_##store, load##_422_CENTER_##store, \
            load##_422_LEFT_##store, load##_444_##store                                                             \
    }
#define ROWS(load)                                                                                         \
    {                                                                                                      \
        ROW_8(load, SEMIPLANAR8), ROW_8(load, PLANAR8),                                                    \
        {                                                                                                  \
            load##_420_CENTER_SEMIPLANAR16, load##_420_LEFT_SEMIPLANAR16, load##_420_TOP_LEFT_SEMIPLANAR16 \
        }                                                                                                  \
    }

/* By load, store and filter, in the order of the enumerations. */
static pixfer_strip_kernel *const kernels[PIXFER_LOAD_COUNT][PIXFER_STORE_COUNT][PIXFER_FILTER_COUNT] = {
    ROWS(PACKED4), ROWS(PACKED3), ROWS(PLANAR)};

static pixfer_strip_kernel *find_kernel(const struct pixfer_kernel_config *config)
{
    return config->lane.y_multiplier ? kernels[config->load][config->store][config->filter] : NULL;
}

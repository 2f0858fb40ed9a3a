/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* The body of the x86 kernels for components of 16 bits and halves, to semi-planar 4:2:0 of any depth: see deep_math.h for the arithmetic.
 * It stands behind strip_template.h and takes from there and from the file that includes both: vec, PIXELS, TARGET, INLINE, v_set1_32,
 * v_set1_64, v_add32, v_dot, v_shift_in, v_min32, v_srl64, v_store, v_stream, has_left_tap, row_weights, is_aligned; and besides
 *
 *   vecd                       PIXELS / 2 doubles
 *   v_load_deep(load, row, x)  the PIXELS pixels from x on, as struct deep_words
 *   v_low64(v, bits)           the low half of 64-bit lanes, or'ed with `bits`;  v_or64(v, bits)
 *   v_as_double, v_as_bits, d_set1, d_add, d_sub, d_mul, d_fma(a, b, c) = a·b + c
 *   v_join64(even, odd)        the low halves of even's 64-bit lanes, and in the high halves the low ones of odd's
 *   v_sllv32(v, n)
 *   v_words(a, b), v_bytes(a, b)                 two vectors' lanes as words; as bytes in the lower half
 *   v_store_half, v_stream_half
 *   v_equal64(at, pixel)       whether 2 · PIXELS pixels of eight bytes from `at` on are this one
 *
 * Interval of every value: components 0 … 65535, or 0 … 2^24 for halves; sums of them over the chroma filter at most 2^28; luma's
 * numerator of words below 2^30 in a 32-bit lane, all others exact in a double. */

#define DEEP_BLOCK (2 * PIXELS)

struct deep_sums {
    vec c[3];
};

struct deep_scale {
    vecd weight[3], scale, bias;
};

struct deep_constants {
    struct deep_scale y, chroma[2];
    vec pair_weight, green_weight, offset; /* words only */
    vec max, low;
};

#define DEEP_MAGIC 4503599627370496.0 /* 2^52: a number below it, or'ed into its fraction, and it subtracted, is that number */

INLINE vecd d_even(vec v)
{
    const vecd magic = d_set1(DEEP_MAGIC);

    return d_sub(v_as_double(v_low64(v, v_as_bits(magic))), magic);
}

INLINE vecd d_odd(vec v)
{
    const vecd magic = d_set1(DEEP_MAGIC);

    return d_sub(v_as_double(v_or64(v_srl64(v, 32), v_as_bits(magic))), magic);
}

/* The sample, in the low halves of 64-bit lanes. */
INLINE vec deep_round(const struct deep_scale *s, vecd t)
{
    return v_as_bits(d_add(d_fma(t, s->scale, s->bias), d_set1(DEEP_MAGIC)));
}

INLINE vecd deep_dot(const struct deep_scale *s, vecd first, vecd green, vecd last)
{
    return d_fma(last, s->weight[2], d_fma(green, s->weight[1], d_mul(first, s->weight[0])));
}

INLINE vec deep_finish(const struct deep_constants *c, vec even, vec odd, bool wide)
{
    const vec v = v_min32(v_join64(even, odd), c->max);

    return wide ? v_sllv32(v, c->low) : v;
}

INLINE vec deep_luma(const struct deep_constants *c, const struct deep_words *w, enum pixfer_load load, bool wide)
{
    vecd even, odd;

    if (load == PIXFER_LOAD_HALF) {
        even = deep_dot(&c->y, d_even(w->first), d_even(w->green), d_even(w->last));
        odd = deep_dot(&c->y, d_odd(w->first), d_odd(w->green), d_odd(w->last));
    } else {
        const vec t = v_dot(v_dot(c->offset, w->pair, c->pair_weight), w->signed_green, c->green_weight);

        even = d_even(t);
        odd = d_odd(t);
    }
    return deep_finish(c, deep_round(&c->y, even), deep_round(&c->y, odd), wide);
}

/* The samples of one vector of columns, as lanes U0 V0 U1 V1 ... */
INLINE vec deep_chroma(const struct deep_constants *c, enum pixfer_filter filter, struct deep_sums sums, struct deep_sums *left,
                       bool wide)
{
    vecd mean[3];

    UNROLL for (int i = 0; i < 3; i++)
    {
        vec v = sums.c[i];

        if (has_left_tap(filter)) {
            v = v_add32(v, v_shift_in(left->c[i], v));
            left->c[i] = sums.c[i];
        }
        mean[i] = d_even(v_add32(v, v_srl64(v, 32)));
    }
    return deep_finish(c, deep_round(&c->chroma[0], deep_dot(&c->chroma[0], mean[0], mean[1], mean[2])),
                       deep_round(&c->chroma[1], deep_dot(&c->chroma[1], mean[0], mean[1], mean[2])), wide);
}

INLINE struct deep_sums deep_add(struct deep_sums a, const struct deep_words *w, int weight)
{
    for (; weight; weight--) {
        a.c[0] = v_add32(a.c[0], w->first);
        a.c[1] = v_add32(a.c[1], w->green);
        a.c[2] = v_add32(a.c[2], w->last);
    }
    return a;
}

struct deep_out {
    vec y[2][2], chroma[2];
    struct deep_sums left;
};

INLINE void deep_block(struct deep_out *out, const struct deep_constants *c, const struct pixfer_strip *strip, size_t x,
                       enum pixfer_load load, enum pixfer_filter filter, bool wide)
{
    UNROLL for (int j = 0; j < 2; j++)
    {
        struct deep_words w = v_load_deep(load, strip->src[1][0], x + (size_t)(PIXELS * j));
        struct deep_sums sums = {{w.first, w.green, w.last}};

        out->y[0][j] = deep_luma(c, &w, load, wide);
        if (filter == PIXFER_FILTER_420_TOP_LEFT)
            sums = deep_add(sums, &w, 1);
        w = v_load_deep(load, strip->src[2][0], x + (size_t)(PIXELS * j));
        out->y[1][j] = deep_luma(c, &w, load, wide);
        sums = deep_add(sums, &w, 1);
        if (filter == PIXFER_FILTER_420_TOP_LEFT) {
            w = v_load_deep(load, strip->src[0][0], x + (size_t)(PIXELS * j));
            sums = deep_add(sums, &w, 1);
        }
        out->chroma[j] = deep_chroma(c, filter, sums, &out->left, wide);
    }
}

INLINE void deep_put(uint8_t *row, size_t i, const vec v[2], bool wide, bool stream)
{
    if (wide && stream)
        v_stream(row + 2 * i, v_words(v[0], v[1]));
    else if (wide)
        v_store(row + 2 * i, v_words(v[0], v[1]));
    else if (stream)
        v_stream_half(row + i, v_bytes(v[0], v[1]));
    else
        v_store_half(row + i, v_bytes(v[0], v[1]));
}

INLINE void deep_put_block(const struct pixfer_strip *strip, size_t x, const struct deep_out *out, bool wide, bool stream)
{
    deep_put(strip->y[0], x, out->y[0], wide, stream);
    deep_put(strip->y[1], x, out->y[1], wide, stream);
    deep_put(strip->chroma[0], x, out->chroma, wide, stream);
}

static inline int64_t deep_pixel(const uint8_t *at)
{
    int64_t pixel;

    memcpy(&pixel, at, 8);
    return pixel;
}

/* Whether the block at pixel x has nothing but the column before it again; see repeats() in strip_template.h. */
INLINE bool deep_repeats(const struct pixfer_strip *strip, size_t x, enum pixfer_filter filter)
{
    if (!x)
        return false;
    for (int step = 0; step < 2; step++) {
        UNROLL for (int row = 0; row < 3; row++)
        {
            const uint8_t *at = strip->src[row][0] + 8 * x;

            if (!row_weights[filter][row])
                continue;
            if (step == 0 ? deep_pixel(at + 8 * DEEP_BLOCK - 8) != deep_pixel(at - 8) : !v_equal64(at, deep_pixel(at - 8)))
                return false;
        }
    }
    return true;
}

INLINE struct deep_scale deep_load_scale(const struct pixfer_deep_sample *s)
{
    return (struct deep_scale){
        {d_set1(s->weight[0]), d_set1(s->weight[1]), d_set1(s->weight[2])}, d_set1(s->scale), d_set1(s->bias)};
}

INLINE struct deep_constants deep_load_constants(const struct pixfer_kernel_config *config)
{
    const struct pixfer_deep_math *deep = &config->real;
    const int32_t one = deep->y_weight[0] + deep->y_weight[1] + deep->y_weight[2];

    return (struct deep_constants){
        deep_load_scale(&deep->y),
        {deep_load_scale(&deep->chroma[0]), deep_load_scale(&deep->chroma[1])},
        v_set1_32((int32_t)((uint32_t)(uint16_t)deep->y_weight[2] << 16 | (uint16_t)deep->y_weight[0])),
        v_set1_32(deep->y_weight[1]),
        v_set1_32(32768 * one),
        v_set1_32(config->math.max),
        v_set1_32(config->low),
    };
}

/* Column x summed over the rows, in every lane. */
INLINE struct deep_sums deep_column(const struct pixfer_strip *strip, ptrdiff_t x, enum pixfer_load load,
                                    enum pixfer_filter filter)
{
    struct deep_sums sums = {{v_set1_32(0), v_set1_32(0), v_set1_32(0)}};

    if (!has_left_tap(filter))
        return sums;
    for (int row = 0; row < 3; row++) {
        uint8_t pixels[8 * PIXELS];
        struct deep_words w;

        if (!row_weights[filter][row])
            continue;
        for (int i = 0; i < PIXELS; i++)
            memcpy(pixels + 8 * i, strip->src[row][0] + 8 * x, 8);
        w = v_load_deep(load, pixels, 0);
        sums = deep_add(sums, &w, row_weights[filter][row]);
    }
    return sums;
}

INLINE void deep_prefetch(const struct pixfer_strip *strip, size_t x)
{
    const size_t ahead = x + PREFETCH_DISTANCE / 8;

    for (int row = 1; row < 3; row++) {
        const uintptr_t at = (uintptr_t)strip->src[row][0] +
                             (ahead < strip->width ? 8 * ahead : 8 * (ahead - strip->width) + (uintptr_t)strip->next[0]);

        for (size_t line = 0; line < 8 * DEEP_BLOCK; line += 64)
            _mm_prefetch((const void *)(at + line), _MM_HINT_T0);
    }
}

/* The pixels [x, end), whole blocks, x even; the filter sees column `left` there. */
INLINE void deep_blocks(const struct pixfer_kernel_config *config, const struct pixfer_strip *strip, size_t x, size_t end,
                        ptrdiff_t left, bool stream, enum pixfer_load load, enum pixfer_filter filter, bool wide)
{
    const struct deep_constants c = deep_load_constants(config);
    struct deep_out out = {.left = deep_column(strip, left, load, filter)};

    while (x < end) {
        do {
            if (strip->next[0])
                deep_prefetch(strip, x);
            deep_block(&out, &c, strip, x, load, filter, wide);
            deep_put_block(strip, x, &out, wide, stream);
            x += DEEP_BLOCK;
        } while (x < end && !deep_repeats(strip, x - DEEP_BLOCK, filter));
        for (; x < end && deep_repeats(strip, x, filter); x += DEEP_BLOCK) {
            if (strip->next[0])
                deep_prefetch(strip, x);
            deep_put_block(strip, x, &out, wide, stream);
        }
    }
}

#define DEEP_LOOP(name)                                                                                                          \
    void name(const struct pixfer_kernel_config *config, const struct pixfer_strip *strip, size_t x, size_t end, ptrdiff_t left, \
              bool stream)
#define DEEP(load, filter, wide)                                                                            \
    TARGET static DEEP_LOOP(NAMED(deep_##load##_##filter##_##wide))                                         \
    {                                                                                                       \
        deep_blocks(config, strip, x, end, left, stream, PIXFER_LOAD_##load, PIXFER_FILTER_##filter, wide); \
    }
#define DEEPS(load)             \
    DEEP(load, 420_CENTER, 0)   \
    DEEP(load, 420_LEFT, 0)     \
    DEEP(load, 420_TOP_LEFT, 0) \
    DEEP(load, 420_CENTER, 1)   \
    DEEP(load, 420_LEFT, 1)     \
    DEEP(load, 420_TOP_LEFT, 1)

DEEPS(PACKED16)
DEEPS(HALF)

typedef DEEP_LOOP(deep_loop);

#define DEEP_BY_FILTER(load)                                                                                        \
    {                                                                                                               \
        {NAMED(deep_##load##_420_CENTER_0), NAMED(deep_##load##_420_LEFT_0), NAMED(deep_##load##_420_TOP_LEFT_0)},  \
        {                                                                                                           \
            NAMED(deep_##load##_420_CENTER_1), NAMED(deep_##load##_420_LEFT_1), NAMED(deep_##load##_420_TOP_LEFT_1) \
        }                                                                                                           \
    }

/* By halves or words, 16-bit samples or not, and filter. */
static deep_loop *const deep_loops[2][2][3] = {DEEP_BY_FILTER(PACKED16), DEEP_BY_FILTER(HALF)};

/* The last n pixels, at most a block: through a copy, so that no byte beyond the row is touched. */
static void deep_rest(const struct pixfer_kernel_config *config, deep_loop *loop, const struct pixfer_strip *strip, size_t x,
                      size_t n)
{
    const size_t sample = pixfer_store_is_wide(config->store) ? 2 : 1;
    /* A pixel more on the left, for the filters, and one on the right, for the last odd column. */
    uint8_t in[3][8 * (DEEP_BLOCK + 2)], out[3][2 * DEEP_BLOCK];
    struct pixfer_strip copy = {.y = {out[0], out[1]}, .chroma = {out[2]}, .width = DEEP_BLOCK};

    for (int row = 0; row < 3; row++) {
        const uint8_t *from = strip->src[row][0] + 8 * x;

        if (!row_weights[config->filter][row])
            continue;
        memcpy(in[row], x ? from - 8 : from, 8);
        memcpy(in[row] + 8, from, 8 * n);
        for (size_t i = n + 1; i < DEEP_BLOCK + 2; i++)
            memcpy(in[row] + 8 * i, from + 8 * (n - 1), 8);
        copy.src[row][0] = in[row] + 8;
    }
    loop(config, &copy, 0, DEEP_BLOCK, -1, false);
    memcpy(strip->y[0] + sample * x, out[0], sample * n);
    memcpy(strip->y[1] + sample * x, out[1], sample * n);
    memcpy(strip->chroma[0] + sample * x, out[2], sample * (n + n % 2));
}

static PIXFER_STRIP_KERNEL(deep_strip)
{
    deep_loop *const loop = deep_loops[config->load == PIXFER_LOAD_HALF][pixfer_store_is_wide(config->store)][config->filter];
    const size_t width = strip->width, whole = width / DEEP_BLOCK * DEEP_BLOCK;
    const bool stream = strip->stream && is_aligned(strip->y[0], 4 * PIXELS) && is_aligned(strip->y[1], 4 * PIXELS) &&
                        is_aligned(strip->chroma[0], 4 * PIXELS);

    if (whole)
        loop(config, strip, 0, whole, 0, stream);
    if (whole == width)
        return;
    /* The last block of an even row may overlap the one before: the same samples are written once more. */
    if (whole && width % 2 == 0)
        loop(config, strip, width - DEEP_BLOCK, width, (ptrdiff_t)(width - DEEP_BLOCK) - 1, false);
    else
        deep_rest(config, loop, strip, whole, width - whole);
}

static pixfer_strip_kernel *deep_find_kernel(const struct pixfer_kernel_config *config)
{
    const bool semiplanar = !pixfer_store_is_planar(config->store);

    if (config->load != PIXFER_LOAD_PACKED16 && config->load != PIXFER_LOAD_HALF)
        return NULL;
    return config->real.exact && semiplanar && pixfer_filter_is_420(config->filter) ? deep_strip : NULL;
}

#undef DEEP_BLOCK
#undef DEEP_MAGIC
#undef DEEP_LOOP
#undef DEEP
#undef DEEPS
#undef DEEP_BY_FILTER

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* The least that any conversion must do: read every byte of the RGBA picture and write every byte of the NV12 planes, with two
 * instructions of arithmetic in between so that the reads are not optimised away. No conversion is faster than the best of
 * these loops. Rows are taken in pairs and 64 pixels at a time, which is the access pattern of a fused kernel. */

#include <stdlib.h>
#include <string.h>

#include "contender.h"
#include "pool.h"

enum { BLOCK = 64, AHEAD = 1024 }; /* pixels; bytes of software prefetch */

/* One row pair: n pixels, a multiple of BLOCK, destinations aligned to 64 bytes. */
typedef void pair_loop(const uint8_t *a, const uint8_t *b, uint8_t *ya, uint8_t *yb, uint8_t *uv, size_t n);

struct roofline {
    pair_loop *loop;
    struct pool *pool;
};

#if defined(__x86_64__)
#include <immintrin.h>

/* BYTES a vector; LOAD, STORE, XOR its intrinsics. The prefetch is one for each 64-byte line of the sources. */
#define PAIR_LOOP(name, isa, type, BYTES, LOAD, STORE, XOR, PREFETCH)                                                        \
    __attribute__((target(isa))) static void name(const uint8_t *a, const uint8_t *b, uint8_t *ya, uint8_t *yb, uint8_t *uv, \
                                                  size_t n)                                                                  \
    {                                                                                                                        \
        for (size_t x = 0; x < n; x += BYTES) {                                                                              \
            const uint8_t *p = a + 4 * x, *q = b + 4 * x;                                                                    \
            if (PREFETCH)                                                                                                    \
                for (size_t line = 0; line < 4 * BYTES; line += 64) {                                                        \
                    _mm_prefetch((const char *)p + AHEAD + line, _MM_HINT_T0);                                               \
                    _mm_prefetch((const char *)q + AHEAD + line, _MM_HINT_T0);                                               \
                }                                                                                                            \
            type p0 = LOAD((const void *)p), p1 = LOAD((const void *)(p + BYTES));                                           \
            type p2 = LOAD((const void *)(p + 2 * BYTES)), p3 = LOAD((const void *)(p + 3 * BYTES));                         \
            type q0 = LOAD((const void *)q), q1 = LOAD((const void *)(q + BYTES));                                           \
            type q2 = LOAD((const void *)(q + 2 * BYTES)), q3 = LOAD((const void *)(q + 3 * BYTES));                         \
            STORE((void *)(ya + x), XOR(XOR(p0, p1), XOR(p2, p3)));                                                          \
            STORE((void *)(yb + x), XOR(XOR(q0, q1), XOR(q2, q3)));                                                          \
            STORE((void *)(uv + x), XOR(p0, q3));                                                                            \
        }                                                                                                                    \
    }

#define PAIR_LOOPS(isa_name, isa, type, BYTES, LOAD, STORE, STREAM, XOR)        \
    PAIR_LOOP(isa_name##_store, isa, type, BYTES, LOAD, STORE, XOR, 0)          \
    PAIR_LOOP(isa_name##_store_prefetch, isa, type, BYTES, LOAD, STORE, XOR, 1) \
    PAIR_LOOP(isa_name##_stream, isa, type, BYTES, LOAD, STREAM, XOR, 0)        \
    PAIR_LOOP(isa_name##_stream_prefetch, isa, type, BYTES, LOAD, STREAM, XOR, 1)

PAIR_LOOPS(sse2, "sse2", __m128i, 16, _mm_loadu_si128, _mm_store_si128, _mm_stream_si128, _mm_xor_si128)
PAIR_LOOPS(avx2, "avx2", __m256i, 32, _mm256_loadu_si256, _mm256_store_si256, _mm256_stream_si256, _mm256_xor_si256)
PAIR_LOOPS(avx512, "avx512f", __m512i, 64, _mm512_loadu_si512, _mm512_store_si512, _mm512_stream_si512, _mm512_xor_si512)

static const char *const names[] = {"stores", "stores, prefetch", "streaming", "streaming, prefetch", NULL};
static pair_loop *const sse2_loops[] = {sse2_store, sse2_store_prefetch, sse2_stream, sse2_stream_prefetch};
static pair_loop *const avx2_loops[] = {avx2_store, avx2_store_prefetch, avx2_stream, avx2_stream_prefetch};
static pair_loop *const avx512_loops[] = {avx512_store, avx512_store_prefetch, avx512_stream, avx512_stream_prefetch};

static pair_loop *find_loop(size_t index)
{
    if (__builtin_cpu_supports("avx512f"))
        return avx512_loops[index];
    return __builtin_cpu_supports("avx2") ? avx2_loops[index] : sse2_loops[index];
}

static void end_slice(void)
{
    _mm_sfence(); /* streaming stores become visible like any others */
}

#else
/* The compiler's vectors; no instruction set but x86 has streaming stores that C can reach portably. */
typedef uint8_t vector __attribute__((vector_size(16)));

static vector load(const uint8_t *at)
{
    vector v;
    memcpy(&v, at, sizeof(v));
    return v;
}

static void plain_store(const uint8_t *a, const uint8_t *b, uint8_t *ya, uint8_t *yb, uint8_t *uv, size_t n)
{
    for (size_t x = 0; x < n; x += 16) {
        const uint8_t *p = a + 4 * x, *q = b + 4 * x;
        vector p0 = load(p), q3 = load(q + 48);
        vector y0 = p0 ^ load(p + 16) ^ load(p + 32) ^ load(p + 48), y1 = load(q) ^ load(q + 16) ^ load(q + 32) ^ q3, c = p0 ^ q3;
        memcpy(ya + x, &y0, sizeof(y0));
        memcpy(yb + x, &y1, sizeof(y1));
        memcpy(uv + x, &c, sizeof(c));
    }
}

static const char *const names[] = {"stores", NULL};

static pair_loop *find_loop(size_t index)
{
    (void)index;
    return plain_store;
}

static void end_slice(void)
{
}
#endif

/* What is left of a row pair beyond the last whole block. */
static void tail(const uint8_t *a, const uint8_t *b, uint8_t *ya, uint8_t *yb, uint8_t *uv, size_t first, size_t n)
{
    for (size_t x = first; x < n; x++) {
        ya[x] = a[4 * x] ^ a[4 * x + 1] ^ a[4 * x + 2] ^ a[4 * x + 3];
        yb[x] = b[4 * x] ^ b[4 * x + 1] ^ b[4 * x + 2] ^ b[4 * x + 3];
        uv[x] = a[4 * x];
    }
}

static void slice(void *opaque, const struct pixfer_image *src, const struct pixfer_image *dst, uint32_t first, uint32_t count)
{
    const struct roofline *roofline = opaque;
    size_t blocks = src->width / BLOCK * BLOCK;
    for (uint32_t row = first; row < first + count; row += 2) {
        uint32_t other = row + 1 < src->height ? row + 1 : row;
        const uint8_t *a = src->plane[0] + (ptrdiff_t)row * src->stride[0],
                      *b = src->plane[0] + (ptrdiff_t)other * src->stride[0];
        uint8_t *ya = dst->plane[0] + (ptrdiff_t)row * dst->stride[0], *yb = dst->plane[0] + (ptrdiff_t)other * dst->stride[0];
        uint8_t *uv = dst->plane[1] + (ptrdiff_t)(row / 2) * dst->stride[1];
        roofline->loop(a, b, ya, yb, uv, blocks);
        tail(a, b, ya, yb, uv, blocks, src->width);
    }
    end_slice();
}

static const char *const *variants(void)
{
    return names;
}

static void close_roofline(void *state)
{
    struct roofline *roofline = state;
    if (roofline)
        pool_close(roofline->pool);
    free(roofline);
}

static bool open_roofline(void **state, const struct contender_job *job, const char *variant, struct contender_reason *reason)
{
    struct roofline *roofline = calloc(1, sizeof(*roofline));
    size_t index = 0;
    (void)reason;
    while (names[index] && strcmp(names[index], variant))
        index++;
    if (!roofline || !(roofline->pool = pool_open(job->threads, slice, roofline))) {
        close_roofline(roofline);
        return false;
    }
    roofline->loop = find_loop(index);
    *state = roofline;
    return true;
}

static void run(void *state, const struct pixfer_image *src, const struct pixfer_image *dst)
{
    pool_run(((struct roofline *)state)->pool, src, dst);
}

const struct contender_kind contender_roofline = {
    .name = "roofline", .variants = variants, .open = open_roofline, .run = run, .close = close_roofline};

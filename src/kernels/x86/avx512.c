/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "../kernels.h"

#if defined(__x86_64__)

/* 512-bit vectors: see strip_template.h for what the functions mean. */

#include <immintrin.h>

#define NAMED(name) name##_avx512
#include "names_template.h"

#define TARGET __attribute__((target("avx2,fma,f16c,avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vnni")))
#define INLINE static inline __attribute__((always_inline)) TARGET
#define PIXELS 16

typedef __m512i vec;

struct words {
    vec pair, green;
};

struct products {
    vec even, odd;
};

INLINE vec v_set1_32(int32_t x)
{
    return _mm512_set1_epi32(x);
}

INLINE vec v_set1_64(uint64_t x)
{
    return _mm512_set1_epi64((long long)x);
}

INLINE vec v_set_lanes(const uint8_t bytes[16])
{
    return _mm512_broadcast_i32x4(_mm_loadu_si128((const void *)bytes));
}

INLINE vec v_add32(vec a, vec b)
{
    return _mm512_add_epi32(a, b);
}

INLINE vec v_sub64(vec a, vec b)
{
    return _mm512_sub_epi64(a, b);
}

INLINE vec v_dot(vec acc, vec a, vec b)
{
    return _mm512_dpwssd_epi32(acc, a, b);
}

INLINE vec v_swap(vec v)
{
    return _mm512_shuffle_epi32(v, _MM_PERM_CDAB);
}

INLINE vec v_shift_in(vec last, vec v)
{
    return _mm512_alignr_epi32(v, last, 15);
}

INLINE vec v_shuffle(vec v, vec table)
{
    return _mm512_shuffle_epi8(v, table);
}

INLINE vec v_mul_even(vec v, vec m)
{
    return _mm512_mul_epu32(v, m);
}

INLINE vec v_mul_odd(vec v, vec m)
{
    return _mm512_mul_epu32(_mm512_shuffle_epi32(v, _MM_PERM_DDBB), m);
}

INLINE vec v_high(struct products p)
{
    return _mm512_mask_shuffle_epi32(p.odd, 0x5555, p.even, _MM_PERM_DDBB);
}

/* Which quarter of the bytes is vector j's. Compilers that know these numbers make them anew for every block, or take apart the
 * instruction that v_pack8 is about. */
struct packing {
    __mmask64 quarter[4];
};

INLINE struct packing v_packing(void)
{
    struct packing packing;

    for (int j = 0; j < 4; j++) {
        packing.quarter[j] = (__mmask64)0xffff << (16 * j);
        __asm__("" : "+k"(packing.quarter[j]));
    }
    return packing;
}

/* A byte of the accumulator is an index until its quarter's turn comes: the permutation overwrites its table where the mask says
 * so, and nothing is left to be joined. */
INLINE void v_pack8(vec part[2], int j, struct products p, int byte, struct packing packing)
{
    const vec table =
        _mm512_add_epi8(_mm512_set1_epi8((char)byte),
                        _mm512_broadcast_i32x4(_mm_setr_epi8(0, 64, 8, 72, 16, 80, 24, 88, 32, 96, 40, 104, 48, 112, 56, 120)));

    part[0] = _mm512_mask2_permutex2var_epi8(p.even, j == 0 ? table : part[0], packing.quarter[j], p.odd);
}

INLINE vec v_pack8_end(vec part)
{
    return part;
}

INLINE vec v_pack16(vec acc, int j, vec v)
{
    static const uint16_t high[32] = {1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31,
                                      1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31};
    const vec table = _mm512_loadu_si512(high);

    return j == 0 ? _mm512_permutexvar_epi16(table, v) : _mm512_mask_permutexvar_epi16(acc, 0xffff0000u, table, v);
}

INLINE vec v_pack16_end(vec acc)
{
    return _mm512_and_si512(acc, _mm512_set1_epi16((short)0xffc0));
}

INLINE vec v_srl64(vec v, int n)
{
    return _mm512_srli_epi64(v, (unsigned)n);
}

INLINE vec v_srlv64(vec v, vec n)
{
    return _mm512_srlv_epi64(v, n);
}

INLINE vec v_sll32(vec v, int n)
{
    return _mm512_slli_epi32(v, (unsigned)n);
}

INLINE vec v_srlv32(vec v, vec n)
{
    return _mm512_srlv_epi32(v, n);
}

INLINE vec v_min32(vec a, vec b)
{
    return _mm512_min_epi32(a, b);
}

INLINE vec v_max32(vec a, vec b)
{
    return _mm512_max_epi32(a, b);
}

INLINE vec v_deinterleave8(vec v)
{
    const vec within =
        _mm512_shuffle_epi8(v, _mm512_broadcast_i32x4(_mm_setr_epi8(0, 2, 4, 6, 8, 10, 12, 14, 1, 3, 5, 7, 9, 11, 13, 15)));

    return _mm512_permutexvar_epi64(_mm512_setr_epi64(0, 2, 4, 6, 1, 3, 5, 7), within);
}

INLINE void v_interleave8(vec out[2], vec a, vec b)
{
    const vec low = _mm512_unpacklo_epi8(a, b), high = _mm512_unpackhi_epi8(a, b);

    out[0] = _mm512_permutex2var_epi64(low, _mm512_setr_epi64(0, 1, 8, 9, 2, 3, 10, 11), high);
    out[1] = _mm512_permutex2var_epi64(low, _mm512_setr_epi64(4, 5, 12, 13, 6, 7, 14, 15), high);
}

INLINE void v_store(uint8_t *to, vec v)
{
    _mm512_storeu_si512(to, v);
}

INLINE void v_stream(uint8_t *to, vec v)
{
    _mm512_stream_si512((void *)to, v);
}

INLINE void v_store_halves(uint8_t *lower, uint8_t *upper, vec v, bool stream)
{
    if (stream) {
        _mm256_stream_si256((void *)lower, _mm512_castsi512_si256(v));
        _mm256_stream_si256((void *)upper, _mm512_extracti64x4_epi64(v, 1));
    } else {
        _mm256_storeu_si256((void *)lower, _mm512_castsi512_si256(v));
        _mm256_storeu_si256((void *)upper, _mm512_extracti64x4_epi64(v, 1));
    }
}

INLINE bool v_equal(const uint8_t *at, int32_t pixel)
{
    const vec v = _mm512_set1_epi32(pixel);
    vec differing = _mm512_xor_si512(_mm512_loadu_si512(at), v);

    for (int j = 1; j < 4; j++)
        differing = _mm512_ternarylogic_epi32(differing, _mm512_loadu_si512(at + 64 * j), v, 0xf6);
    return !_mm512_test_epi32_mask(differing, differing);
}

/* Pixels of four bytes: red and blue are the even bytes. */
INLINE struct words split4(vec v)
{
    return (struct words){_mm512_and_si512(v, _mm512_set1_epi16(0xff)), _mm512_srli_epi16(v, 8)};
}

/* Words of three components of 10 bits: the first and the last go into the halves of a lane. */
INLINE struct words split10(vec v)
{
    const vec low = _mm512_set1_epi32(0x3ff), high = _mm512_set1_epi32(0x3ff0000);

    return (struct words){_mm512_or_si512(_mm512_and_si512(v, low), _mm512_and_si512(_mm512_srli_epi32(v, 4), high)),
                          _mm512_and_si512(_mm512_srli_epi32(v, 10), low)};
}

/* Pixels of three bytes. The last vector of a block is loaded so that it ends with the block. */
INLINE struct words split3(const uint8_t *block, int j)
{
    static const uint8_t pairs[64] = {
#define PAIR(p) 3 * (p), 0, 3 * (p) + 2, 0
        PAIR(0), PAIR(1), PAIR(2),  PAIR(3),  PAIR(4),  PAIR(5),  PAIR(6),  PAIR(7),
        PAIR(8), PAIR(9), PAIR(10), PAIR(11), PAIR(12), PAIR(13), PAIR(14), PAIR(15),
    };
    const vec skip = _mm512_set1_epi8(j == 3 ? 16 : 0), table = _mm512_add_epi8(_mm512_loadu_si512(pairs), skip);
    const vec v = _mm512_loadu_si512(block + (j == 3 ? 128 : 48 * j));

    return (struct words){_mm512_maskz_permutexvar_epi8(0x5555555555555555u, table, v),
                          _mm512_maskz_permutexvar_epi8(0x1111111111111111u, _mm512_add_epi8(table, _mm512_set1_epi8(1)), v)};
}

INLINE struct words join(const uint8_t *first, const uint8_t *second, const uint8_t *green)
{
    const vec low = _mm512_cvtepu8_epi32(_mm_loadu_si128((const void *)first));
    const vec high = _mm512_cvtepu8_epi32(_mm_loadu_si128((const void *)second));

    return (struct words){_mm512_or_si512(low, _mm512_slli_epi32(high, 16)),
                          _mm512_cvtepu8_epi32(_mm_loadu_si128((const void *)green))};
}

INLINE struct words v_load_words(enum pixfer_load load, const uint8_t *const row[3], size_t x, int j)
{
    const size_t i = x + (size_t)(PIXELS * j);

    if (load == PIXFER_LOAD_PACKED4)
        return split4(_mm512_loadu_si512(row[0] + 4 * i));
    if (load == PIXFER_LOAD_PACKED10)
        return split10(_mm512_loadu_si512(row[0] + 4 * i));
    if (load == PIXFER_LOAD_PACKED3)
        return split3(row[0] + 3 * x, j);
    return join(row[0] + i, row[1] + i, row[2] + i);
}

#include "strip_template.h"

pixfer_strip_kernel *pixfer_kernel_avx512(const struct pixfer_kernel_config *config)
{
    return find_kernel(config);
}

/* ---- What deep_template.h wants besides ---- */

typedef __m512d vecd;

INLINE vecd v_as_double(vec v)
{
    return _mm512_castsi512_pd(v);
}

INLINE vec v_as_bits(vecd v)
{
    return _mm512_castpd_si512(v);
}

INLINE vecd d_set1(double x)
{
    return _mm512_set1_pd(x);
}

INLINE vecd d_add(vecd a, vecd b)
{
    return _mm512_add_pd(a, b);
}

INLINE vecd d_sub(vecd a, vecd b)
{
    return _mm512_sub_pd(a, b);
}

INLINE vecd d_mul(vecd a, vecd b)
{
    return _mm512_mul_pd(a, b);
}

INLINE vecd d_fma(vecd a, vecd b, vecd c)
{
    return _mm512_fmadd_pd(a, b, c);
}

INLINE vec v_low64(vec v, vec bits)
{
    return _mm512_ternarylogic_epi64(v, _mm512_set1_epi64(0xffffffff), bits, 0xea); /* (v & mask) | bits */
}

INLINE vec v_or64(vec v, vec bits)
{
    return _mm512_or_si512(v, bits);
}

INLINE vec v_join64(vec even, vec odd)
{
    return _mm512_mask_shuffle_epi32(even, 0xaaaa, odd, _MM_PERM_CCAA);
}

INLINE vec v_sllv32(vec v, vec n)
{
    return _mm512_sllv_epi32(v, n);
}

INLINE vec v_words(vec a, vec b)
{
    static const uint16_t low[32] = {0,  2,  4,  6,  8,  10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30,
                                     32, 34, 36, 38, 40, 42, 44, 46, 48, 50, 52, 54, 56, 58, 60, 62};

    return _mm512_permutex2var_epi16(a, _mm512_loadu_si512(low), b);
}

INLINE vec v_bytes(vec a, vec b)
{
    static const uint8_t low[64] = {0,  4,  8,  12, 16, 20, 24, 28, 32, 36,  40,  44,  48,  52,  56,  60,
                                    64, 68, 72, 76, 80, 84, 88, 92, 96, 100, 104, 108, 112, 116, 120, 124};

    return _mm512_permutex2var_epi8(a, _mm512_loadu_si512(low), b);
}

INLINE void v_store_half(uint8_t *to, vec v)
{
    _mm256_storeu_si256((void *)to, _mm512_castsi512_si256(v));
}

INLINE void v_stream_half(uint8_t *to, vec v)
{
    _mm256_stream_si256((void *)to, _mm512_castsi512_si256(v));
}

INLINE bool v_equal64(const uint8_t *at, int64_t pixel)
{
    const vec v = _mm512_set1_epi64(pixel);
    vec differing = _mm512_xor_si512(_mm512_loadu_si512(at), v);

    for (int j = 1; j < 4; j++)
        differing = _mm512_ternarylogic_epi32(differing, _mm512_loadu_si512(at + 64 * j), v, 0xf6);
    return !_mm512_test_epi32_mask(differing, differing);
}

/* A half of 0 … 1 in 2^-24; the maximum takes its second operand where the first is not a number. */
INLINE vec from_halves(__m256i halves)
{
    const __m512 v = _mm512_min_ps(_mm512_max_ps(_mm512_cvtph_ps(halves), _mm512_setzero_ps()), _mm512_set1_ps(1));

    return _mm512_cvtps_epi32(_mm512_mul_ps(v, _mm512_set1_ps(16777216)));
}

/* Components in 32-bit lanes; of words the first and the last as the halves of lanes, less 32768, and green so. */
struct deep_words {
    vec first, green, last;
    vec pair, signed_green; /* words only */
};

/* Words 4p + a to the even words, words 4p + b to the odd ones. */
#define EVERY(p) 4 * (p)
#define EVERY_PAIR(a, b, p) EVERY(p) + (a), EVERY(p) + (b)
#define PAIRS(a, b)                                                                                                       \
    {                                                                                                                     \
        EVERY_PAIR(a, b, 0), EVERY_PAIR(a, b, 1), EVERY_PAIR(a, b, 2), EVERY_PAIR(a, b, 3), EVERY_PAIR(a, b, 4),          \
            EVERY_PAIR(a, b, 5), EVERY_PAIR(a, b, 6), EVERY_PAIR(a, b, 7), EVERY_PAIR(a, b, 8), EVERY_PAIR(a, b, 9),      \
            EVERY_PAIR(a, b, 10), EVERY_PAIR(a, b, 11), EVERY_PAIR(a, b, 12), EVERY_PAIR(a, b, 13), EVERY_PAIR(a, b, 14), \
            EVERY_PAIR(a, b, 15)                                                                                          \
    }

INLINE struct deep_words v_load_deep(enum pixfer_load load, const uint8_t *row, size_t x)
{
    static const uint16_t pairs[32] = PAIRS(0, 2), greens[32] = PAIRS(1, 1);
    static const uint16_t halves[32] = {0, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 44, 48, 52, 56, 60,
                                        1, 5, 9, 13, 17, 21, 25, 29, 33, 37, 41, 45, 49, 53, 57, 61};
    const vec a = _mm512_loadu_si512(row + 8 * x), b = _mm512_loadu_si512(row + 8 * x + 64);
    struct deep_words w;

    if (load == PIXFER_LOAD_HALF) {
        const vec table = _mm512_loadu_si512(halves), two = _mm512_permutex2var_epi16(a, table, b);
        const vec third = _mm512_permutex2var_epi16(a, _mm512_add_epi16(table, _mm512_set1_epi16(2)), b);

        w.first = from_halves(_mm512_castsi512_si256(two));
        w.green = from_halves(_mm512_extracti64x4_epi64(two, 1));
        w.last = from_halves(_mm512_castsi512_si256(third));
        w.pair = w.signed_green = w.first;
        return w;
    }
    const vec pair = _mm512_permutex2var_epi16(a, _mm512_loadu_si512(pairs), b);

    w.green = _mm512_maskz_permutex2var_epi16(0x55555555, a, _mm512_loadu_si512(greens), b);
    w.first = _mm512_and_si512(pair, _mm512_set1_epi32(0xffff));
    w.last = _mm512_srli_epi32(pair, 16);
    w.pair = _mm512_xor_si512(pair, _mm512_set1_epi16((short)0x8000));
    w.signed_green = _mm512_xor_si512(w.green, _mm512_set1_epi32(0x8000));
    return w;
}

#undef EVERY
#undef EVERY_PAIR
#undef PAIRS

#include "deep_template.h"

pixfer_strip_kernel *pixfer_kernel_deep_avx512(const struct pixfer_kernel_config *config)
{
    return deep_find_kernel(config);
}

#undef NAMED
#undef TARGET
#undef INLINE
#undef PIXELS
#undef BLOCK
#undef BLOCK_LOOP
#undef BY_FILTER
#undef LOOP
#undef LOOPS
#undef PREFETCH_DISTANCE
#undef UNROLL
#include "names_template.h"
#endif

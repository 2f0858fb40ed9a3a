/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "../kernels.h"

#if defined(__x86_64__)

/* 256-bit vectors: see strip_template.h for what the functions mean. Most byte shuffles stay within 16-byte lanes here, so the
 * packing works lane by lane and puts the lanes in order at its end. */

#include <immintrin.h>

#define NAMED(name) name##_avx2
#include "names_template.h"

#define TARGET __attribute__((target("avx2,fma,f16c")))
#define INLINE static inline __attribute__((always_inline)) TARGET
#define PIXELS 8

typedef __m256i vec;

struct words {
    vec pair, green;
};

struct products {
    vec even, odd;
};

INLINE vec v_set1_32(int32_t x)
{
    return _mm256_set1_epi32(x);
}

INLINE vec v_set1_64(uint64_t x)
{
    return _mm256_set1_epi64x((long long)x);
}

INLINE vec v_set_lanes(const uint8_t bytes[16])
{
    return _mm256_broadcastsi128_si256(_mm_loadu_si128((const void *)bytes));
}

INLINE vec v_add32(vec a, vec b)
{
    return _mm256_add_epi32(a, b);
}

INLINE vec v_sub64(vec a, vec b)
{
    return _mm256_sub_epi64(a, b);
}

INLINE vec v_dot(vec acc, vec a, vec b)
{
    return _mm256_add_epi32(acc, _mm256_madd_epi16(a, b));
}

INLINE vec v_swap(vec v)
{
    return _mm256_shuffle_epi32(v, 0xb1);
}

INLINE vec v_shift_in(vec last, vec v)
{
    return _mm256_alignr_epi8(v, _mm256_permute2x128_si256(last, v, 0x21), 12);
}

INLINE vec v_shuffle(vec v, vec table)
{
    return _mm256_shuffle_epi8(v, table);
}

INLINE vec v_mul_even(vec v, vec m)
{
    return _mm256_mul_epu32(v, m);
}

INLINE vec v_mul_odd(vec v, vec m)
{
    return _mm256_mul_epu32(_mm256_shuffle_epi32(v, 0xf5), m);
}

INLINE vec v_high(struct products p)
{
    return _mm256_blend_epi32(_mm256_srli_epi64(p.even, 32), p.odd, 0xaa);
}

/* The high bytes and the low bytes of words. */
struct packing {
    vec high, low;
};

INLINE struct packing v_packing(void)
{
    return (struct packing){_mm256_set1_epi16((short)0xff00), _mm256_set1_epi16(0xff)};
}

/* Byte 5 is the high byte of the products' word 2, byte 6 the low one of word 3. The upper halves of the products go together, in
 * the order 0 2 1 3 of a 16-byte lane; then two vectors' words, then four vectors' bytes, in the order 0 2 1 3 of vectors. */
INLINE void v_pack8(vec part[2], int j, struct products p, int byte, struct packing bytes)
{
    const vec upper =
        _mm256_castps_si256(_mm256_shuffle_ps(_mm256_castsi256_ps(p.even), _mm256_castsi256_ps(p.odd), _MM_SHUFFLE(3, 1, 3, 1)));

    if (j % 2 == 0)
        part[j / 2] = upper;
    else if (byte == 5)
        part[j / 2] = _mm256_blend_epi16(part[j / 2], _mm256_slli_epi32(upper, 16), 0xaa);
    else
        part[j / 2] = _mm256_blend_epi16(_mm256_srli_epi32(part[j / 2], 16), upper, 0xaa);
    if (j == 3 && byte == 5)
        part[0] = _mm256_or_si256(_mm256_srli_epi16(part[0], 8), _mm256_and_si256(part[1], bytes.high));
    else if (j == 3)
        part[0] = _mm256_or_si256(_mm256_and_si256(part[0], bytes.low), _mm256_slli_epi16(part[1], 8));
}

INLINE vec v_pack8_end(vec part)
{
    const vec within = _mm256_shuffle_epi8(
        part, _mm256_broadcastsi128_si256(_mm_setr_epi8(0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15)));

    return _mm256_permutevar8x32_epi32(within, _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7));
}

/* The high words of the first vector become the low words, those of the second stay. */
INLINE vec v_pack16(vec acc, int j, vec v)
{
    return j == 0 ? _mm256_srli_epi32(v, 16) : _mm256_blend_epi16(acc, v, 0xaa);
}

INLINE vec v_pack16_end(vec acc)
{
    const vec apart = _mm256_shuffle_epi8(
        acc, _mm256_broadcastsi128_si256(_mm_setr_epi8(0, 1, 4, 5, 8, 9, 12, 13, 2, 3, 6, 7, 10, 11, 14, 15)));

    return _mm256_and_si256(_mm256_permute4x64_epi64(apart, 0xd8), _mm256_set1_epi16((short)0xffc0));
}

INLINE vec v_srl64(vec v, int n)
{
    return _mm256_srli_epi64(v, n);
}

INLINE vec v_srlv64(vec v, vec n)
{
    return _mm256_srlv_epi64(v, n);
}

INLINE vec v_sll32(vec v, int n)
{
    return _mm256_slli_epi32(v, n);
}

INLINE vec v_srlv32(vec v, vec n)
{
    return _mm256_srlv_epi32(v, n);
}

INLINE vec v_min32(vec a, vec b)
{
    return _mm256_min_epi32(a, b);
}

INLINE vec v_max32(vec a, vec b)
{
    return _mm256_max_epi32(a, b);
}

INLINE vec v_deinterleave8(vec v)
{
    const vec within =
        _mm256_shuffle_epi8(v, _mm256_broadcastsi128_si256(_mm_setr_epi8(0, 2, 4, 6, 8, 10, 12, 14, 1, 3, 5, 7, 9, 11, 13, 15)));

    return _mm256_permute4x64_epi64(within, 0xd8);
}

INLINE void v_interleave8(vec out[2], vec a, vec b)
{
    const vec low = _mm256_unpacklo_epi8(a, b), high = _mm256_unpackhi_epi8(a, b);

    out[0] = _mm256_permute2x128_si256(low, high, 0x20);
    out[1] = _mm256_permute2x128_si256(low, high, 0x31);
}

INLINE void v_store(uint8_t *to, vec v)
{
    _mm256_storeu_si256((void *)to, v);
}

INLINE void v_stream(uint8_t *to, vec v)
{
    _mm256_stream_si256((void *)to, v);
}

INLINE void v_store_halves(uint8_t *lower, uint8_t *upper, vec v, bool stream)
{
    if (stream) {
        _mm_stream_si128((void *)lower, _mm256_castsi256_si128(v));
        _mm_stream_si128((void *)upper, _mm256_extracti128_si256(v, 1));
    } else {
        _mm_storeu_si128((void *)lower, _mm256_castsi256_si128(v));
        _mm_storeu_si128((void *)upper, _mm256_extracti128_si256(v, 1));
    }
}

INLINE bool v_equal(const uint8_t *at, int32_t pixel)
{
    const vec v = _mm256_set1_epi32(pixel);
    vec differing = _mm256_xor_si256(_mm256_loadu_si256((const void *)at), v);

    for (int j = 1; j < 4; j++)
        differing = _mm256_or_si256(differing, _mm256_xor_si256(_mm256_loadu_si256((const void *)(at + 32 * j)), v));
    return _mm256_testz_si256(differing, differing);
}

/* Pixels of four bytes: red and blue are the even bytes. */
INLINE struct words split4(vec v)
{
    return (struct words){_mm256_and_si256(v, _mm256_set1_epi16(0xff)), _mm256_srli_epi16(v, 8)};
}

/* Words of three components of 10 bits: the first and the last go into the halves of a lane. */
INLINE struct words split10(vec v)
{
    const vec low = _mm256_set1_epi32(0x3ff), high = _mm256_set1_epi32(0x3ff0000);

    return (struct words){_mm256_or_si256(_mm256_and_si256(v, low), _mm256_and_si256(_mm256_srli_epi32(v, 4), high)),
                          _mm256_and_si256(_mm256_srli_epi32(v, 10), low)};
}

/* Pixels of three bytes: four to a 16-byte lane, whose last load ends with the block. */
INLINE struct words split3(const uint8_t *block, int j)
{
    const int skip = j == 3 ? 4 : 0;
    const vec v = _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_loadu_si128((const void *)(block + 24 * j))),
                                          _mm_loadu_si128((const void *)(block + 24 * j + 12 - skip)), 1);
    const vec move = _mm256_setr_epi32(0, 0, 0, 0, 0x010001 * skip, 0x010001 * skip, 0x010001 * skip, 0x010001 * skip);
    const vec pairs =
        _mm256_broadcastsi128_si256(_mm_setr_epi8(0, -128, 2, -128, 3, -128, 5, -128, 6, -128, 8, -128, 9, -128, 11, -128));
    const vec greens = _mm256_broadcastsi128_si256(
        _mm_setr_epi8(1, -128, -128, -128, 4, -128, -128, -128, 7, -128, -128, -128, 10, -128, -128, -128));

    return (struct words){_mm256_shuffle_epi8(v, _mm256_add_epi8(pairs, move)),
                          _mm256_shuffle_epi8(v, _mm256_add_epi8(greens, move))};
}

INLINE struct words join(const uint8_t *first, const uint8_t *second, const uint8_t *green)
{
    const vec low = _mm256_cvtepu8_epi32(_mm_loadl_epi64((const void *)first));
    const vec high = _mm256_cvtepu8_epi32(_mm_loadl_epi64((const void *)second));

    return (struct words){_mm256_or_si256(low, _mm256_slli_epi32(high, 16)),
                          _mm256_cvtepu8_epi32(_mm_loadl_epi64((const void *)green))};
}

INLINE struct words v_load_words(enum pixfer_load load, const uint8_t *const row[3], size_t x, int j)
{
    const size_t i = x + (size_t)(PIXELS * j);

    if (load == PIXFER_LOAD_PACKED4)
        return split4(_mm256_loadu_si256((const void *)(row[0] + 4 * i)));
    if (load == PIXFER_LOAD_PACKED10)
        return split10(_mm256_loadu_si256((const void *)(row[0] + 4 * i)));
    if (load == PIXFER_LOAD_PACKED3)
        return split3(row[0] + 3 * x, j);
    return join(row[0] + i, row[1] + i, row[2] + i);
}

#include "strip_template.h"

pixfer_strip_kernel *pixfer_kernel_avx2(const struct pixfer_kernel_config *config)
{
    return find_kernel(config);
}

/* ---- What deep_template.h wants besides ---- */

typedef __m256d vecd;

INLINE vecd v_as_double(vec v)
{
    return _mm256_castsi256_pd(v);
}

INLINE vec v_as_bits(vecd v)
{
    return _mm256_castpd_si256(v);
}

INLINE vecd d_set1(double x)
{
    return _mm256_set1_pd(x);
}

INLINE vecd d_add(vecd a, vecd b)
{
    return _mm256_add_pd(a, b);
}

INLINE vecd d_sub(vecd a, vecd b)
{
    return _mm256_sub_pd(a, b);
}

INLINE vecd d_mul(vecd a, vecd b)
{
    return _mm256_mul_pd(a, b);
}

INLINE vecd d_fma(vecd a, vecd b, vecd c)
{
    return _mm256_fmadd_pd(a, b, c);
}

/* The high halves of `bits` are whole numbers of the kind that v's are not: they are taken as they are. */
INLINE vec v_low64(vec v, vec bits)
{
    return _mm256_blend_epi32(v, bits, 0xaa);
}

INLINE vec v_or64(vec v, vec bits)
{
    return _mm256_or_si256(v, bits);
}

INLINE vec v_join64(vec even, vec odd)
{
    return _mm256_blend_epi32(even, _mm256_slli_epi64(odd, 32), 0xaa);
}

INLINE vec v_sllv32(vec v, vec n)
{
    return _mm256_sllv_epi32(v, n);
}

INLINE vec v_words(vec a, vec b)
{
    return _mm256_permute4x64_epi64(_mm256_packus_epi32(a, b), 0xd8);
}

INLINE vec v_bytes(vec a, vec b)
{
    const vec words = _mm256_packus_epi32(a, b);

    return _mm256_permutevar8x32_epi32(_mm256_packus_epi16(words, words), _mm256_setr_epi32(0, 4, 1, 5, 0, 4, 1, 5));
}

INLINE void v_store_half(uint8_t *to, vec v)
{
    _mm_storeu_si128((void *)to, _mm256_castsi256_si128(v));
}

INLINE void v_stream_half(uint8_t *to, vec v)
{
    _mm_stream_si128((void *)to, _mm256_castsi256_si128(v));
}

INLINE bool v_equal64(const uint8_t *at, int64_t pixel)
{
    const vec v = _mm256_set1_epi64x(pixel);
    vec differing = _mm256_xor_si256(_mm256_loadu_si256((const void *)at), v);

    for (int j = 1; j < 4; j++)
        differing = _mm256_or_si256(differing, _mm256_xor_si256(_mm256_loadu_si256((const void *)(at + 32 * j)), v));
    return _mm256_testz_si256(differing, differing);
}

/* A half of 0 … 1 in 2^-24; the maximum takes its second operand where the first is not a number. */
INLINE vec from_halves(__m128i halves)
{
    const __m256 v = _mm256_min_ps(_mm256_max_ps(_mm256_cvtph_ps(halves), _mm256_setzero_ps()), _mm256_set1_ps(1));

    return _mm256_cvtps_epi32(_mm256_mul_ps(v, _mm256_set1_ps(16777216)));
}

/* Two pixels from each of two places. */
INLINE vec two_and_two(const uint8_t *lower, const uint8_t *upper)
{
    return _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_loadu_si128((const void *)lower)),
                                   _mm_loadu_si128((const void *)upper), 1);
}

/* Components in 32-bit lanes; of words the first and the last as the halves of lanes, less 32768, and green so. */
struct deep_words {
    vec first, green, last;
    vec pair, signed_green; /* words only */
};

INLINE struct deep_words v_load_deep(enum pixfer_load load, const uint8_t *row, size_t x)
{
    const vec a = two_and_two(row + 8 * x, row + 8 * x + 32), b = two_and_two(row + 8 * x + 16, row + 8 * x + 48);
    struct deep_words w;

    if (load == PIXFER_LOAD_HALF) {
        /* of a 16-byte lane's two pixels: both firsts, both greens, both lasts */
        const vec apart = _mm256_broadcastsi128_si256(_mm_setr_epi8(0, 1, 8, 9, 2, 3, 10, 11, 4, 5, 12, 13, 6, 7, 14, 15));
        const vec c = _mm256_shuffle_epi8(a, apart), d = _mm256_shuffle_epi8(b, apart);
        const vec two = _mm256_permute4x64_epi64(_mm256_unpacklo_epi32(c, d), 0xd8);
        const vec third = _mm256_permute4x64_epi64(_mm256_unpackhi_epi32(c, d), 0xd8);

        w.first = from_halves(_mm256_castsi256_si128(two));
        w.green = from_halves(_mm256_extracti128_si256(two, 1));
        w.last = from_halves(_mm256_castsi256_si128(third));
        w.pair = w.signed_green = w.first;
        return w;
    }
    /* of a lane's two pixels: two pairs, two greens */
    const vec apart = _mm256_broadcastsi128_si256(_mm_setr_epi8(0, 1, 4, 5, 8, 9, 12, 13, 2, 3, -128, -128, 10, 11, -128, -128));
    const vec c = _mm256_shuffle_epi8(a, apart), d = _mm256_shuffle_epi8(b, apart), pair = _mm256_unpacklo_epi64(c, d);

    w.green = _mm256_unpackhi_epi64(c, d);
    w.first = _mm256_and_si256(pair, _mm256_set1_epi32(0xffff));
    w.last = _mm256_srli_epi32(pair, 16);
    w.pair = _mm256_xor_si256(pair, _mm256_set1_epi16((short)0x8000));
    w.signed_green = _mm256_xor_si256(w.green, _mm256_set1_epi32(0x8000));
    return w;
}

#include "deep_template.h"

pixfer_strip_kernel *pixfer_kernel_deep_avx2(const struct pixfer_kernel_config *config)
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

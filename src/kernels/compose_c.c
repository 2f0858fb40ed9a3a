/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* Pixels over a background, piece by piece on the way into a kernel: a piece of each row that the kernel reads is composed on the stack,
 * where it stays in the first-level cache, and the kernel does the rest as if the picture had come so.
 *
 * A component of 8 bits over a background is (A·C + (255 - A)·B) / 255², which is a word with a white of 65025: nothing is rounded, and the
 * kernels of 16-bit words are exact for that white as for any other. Four components of a pixel are composed at once in the words of a
 * 64-bit number: no product is above 255², and no sum, so that none carries over. Components of 10 and 16 bits would need more than a word:
 * they are rounded to the nearest value of their own kind, and there is no tie, as 255 and 65535 are odd. */

#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "../core/image.h"
#include "kernels.h"

enum { COMPOSE_PIECE = 256, COMPOSE_OVERLAP = 2 };

/* ---- One row ---- */

/* Bytes into the words of a number, in the order that memory has, whichever end a machine begins at. */
static uint64_t compose_spread(uint32_t bytes)
{
    uint64_t v = bytes;

    v = (v | v << 16) & UINT64_C(0x0000ffff0000ffff);
    return (v | v << 8) & UINT64_C(0x00ff00ff00ff00ff);
}

#if defined(__SSE2__)
/* Two pixels of words; their alpha in every word of theirs. */
static __m128i compose_two(__m128i pixels, __m128i alpha, __m128i background)
{
    const __m128i rest = _mm_sub_epi16(_mm_set1_epi16(255), alpha);

    return _mm_add_epi16(_mm_mullo_epi16(pixels, alpha), _mm_mullo_epi16(background, rest));
}

static __m128i compose_two_behind(__m128i pixels, __m128i background)
{
    return compose_two(pixels, _mm_shufflehi_epi16(_mm_shufflelo_epi16(pixels, 0xff), 0xff), background);
}

static __m128i compose_two_in_front(__m128i pixels, __m128i background)
{
    return compose_two(_mm_srli_epi64(pixels, 16), _mm_shufflehi_epi16(_mm_shufflelo_epi16(pixels, 0), 0), background);
}

/* Four pixels at a time; how many have been done. */
static size_t compose_vectors(const struct pixfer_composition *c, const uint8_t *src, uint8_t *to, size_t n)
{
    const __m128i background = _mm_set1_epi64x((int64_t)c->words), zero = _mm_setzero_si128();
    size_t i = 0;

    for (; i + 4 <= n; i += 4) {
        const __m128i four = _mm_loadu_si128((const __m128i *)(const void *)(src + 4 * i));
        const __m128i low = _mm_unpacklo_epi8(four, zero), high = _mm_unpackhi_epi8(four, zero);
        __m128i *at = (__m128i *)(void *)(to + 8 * i);

        if (c->alpha) {
            _mm_storeu_si128(at, compose_two_behind(low, background));
            _mm_storeu_si128(at + 1, compose_two_behind(high, background));
        } else {
            _mm_storeu_si128(at, compose_two_in_front(low, background));
            _mm_storeu_si128(at + 1, compose_two_in_front(high, background));
        }
    }
    return i;
}
#else
static size_t compose_vectors(const struct pixfer_composition *c, const uint8_t *src, uint8_t *to, size_t n)
{
    (void)c, (void)src, (void)to, (void)n;
    return 0;
}
#endif

/* Alpha in front goes: the kernels of words want three components and then anything. */
static void compose_bytes(const struct pixfer_composition *c, const uint8_t *src, uint8_t *to, size_t n)
{
    const size_t first = c->alpha ? 0 : 1;

    for (size_t i = compose_vectors(c, src, to, n); i < n; i++) {
        const uint8_t *at = src + 4 * i + first, pixel[4] = {at[0], at[1], at[2], 0};
        const unsigned alpha = src[4 * i + c->alpha];
        uint32_t bytes;
        uint64_t words;

        memcpy(&bytes, pixel, 4);
        words = compose_spread(bytes) * alpha + c->words * (255 - alpha);
        memcpy(to + 8 * i, &words, 8);
    }
}

static void compose_words(const struct pixfer_composition *c, const uint8_t *src, uint8_t *to, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint16_t pixel[4];

        memcpy(pixel, src + 8 * i, 8);
        for (int k = 0; k < 3; k++) {
            const uint64_t sum =
                (uint64_t)pixel[3] * pixel[k] + (uint64_t)(65535 - pixel[3]) * (257u * (uint64_t)c->background[k]);

            pixel[k] = (uint16_t)((2 * sum + 65535) / (2 * 65535));
        }
        memcpy(to + 8 * i, pixel, 8);
    }
}

/* C / 1023 and B / 255 by alpha's thirds: (A·C·85 + (3 - A)·B·341) / 255 of 1023. */
static void compose_tens(const struct pixfer_composition *c, const uint8_t *src, uint8_t *to, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t pixel, composed = 0;

        memcpy(&pixel, src + 4 * i, 4);
        for (unsigned k = 0; k < 3; k++) {
            const uint32_t alpha = pixel >> 30, own = pixel >> 10 * k & 1023;
            const uint32_t sum = alpha * own * 85 + (3 - alpha) * c->background[k] * 341u;

            composed |= (2 * sum + 255) / 510 << 10 * k;
        }
        memcpy(to + 4 * i, &composed, 4);
    }
}

static void compose_row(const struct pixfer_composition *c, const uint8_t *src, uint8_t *to, size_t n)
{
    switch (c->load) {
    case PIXFER_LOAD_PACKED16:
        compose_words(c, src, to, n);
        break;
    case PIXFER_LOAD_PACKED10:
        compose_tens(c, src, to, n);
        break;
    default:
        compose_bytes(c, src, to, n);
        break;
    }
}

/* ---- A strip ---- */

/* The columns [x, x + width), as a strip of their own. */
static void compose_piece(const struct pixfer_kernels *kernels, const struct pixfer_strip *strip, size_t x, size_t width)
{
    const struct pixfer_kernel_config *config = &kernels->config;
    const struct pixfer_composition *c = &kernels->compose;
    const size_t sample = pixfer_store_is_wide(config->store) ? 2 : 1, step = config->filter == PIXFER_FILTER_444 ? 1 : 2;
    const size_t group = x / step * sample; /* where the piece's chroma begins; x is even */
    uint64_t rows[3][COMPOSE_PIECE + COMPOSE_OVERLAP];
    struct pixfer_strip piece = {.width = width};

    for (int row = 0; row < 3; row++) {
        piece.src[row][0] = (const uint8_t *)rows[row];
        if (row == 2 && strip->src[2][0] == strip->src[1][0])
            piece.src[2][0] = piece.src[1][0];
        else if (row > 0 || config->filter == PIXFER_FILTER_420_TOP_LEFT)
            compose_row(c, strip->src[row][0] + pixfer_load_bytes(c->load) * x, (uint8_t *)rows[row], width);
    }
    for (int i = 0; i < 2; i++)
        piece.y[i] = strip->y[i] + sample * x;
    if (pixfer_store_is_planar(config->store)) {
        piece.chroma[0] = strip->chroma[0] + group;
        piece.chroma[1] = strip->chroma[1] + group;
    } else {
        piece.chroma[0] = strip->chroma[0] + 2 * group;
    }
    kernels->strip(config, &piece);
}

/* From right to left, each piece with two columns of the one before it: a filter that looks to the left has at a piece's first column but
 * the edge, and what it makes there is written again, right, by the next piece. */
void pixfer_compose_strip(const struct pixfer_kernels *kernels, const struct pixfer_strip *strip)
{
    size_t end = strip->width;

    for (size_t x = (end - 1) / COMPOSE_PIECE * COMPOSE_PIECE;; x -= COMPOSE_PIECE) {
        const size_t start = x ? x - COMPOSE_OVERLAP : 0;

        compose_piece(kernels, strip, start, end - start);
        if (!x)
            return;
        end = x;
    }
}

/* ---- Opening ---- */

bool pixfer_compose_init(struct pixfer_kernels *kernels, enum pixfer_format src, enum pixfer_format dst,
                         const struct pixfer_color *color, uint32_t background)
{
    const struct pixfer_format_layout *from = pixfer_format_layout(src);
    struct pixfer_composition *c = &kernels->compose;
    struct pixfer_format_layout composed = *from;

    if (!pixfer_format_has_alpha(src) || from->real)
        return false;
    c->on = true;
    c->load = from->unit[0] == 8 ? PIXFER_LOAD_PACKED16 : from->depth == 10 ? PIXFER_LOAD_PACKED10 : PIXFER_LOAD_PACKED4;
    c->alpha = (uint8_t)(6 - from->order[0] - from->order[1] - from->order[2]);
    if (c->load == PIXFER_LOAD_PACKED4) {
        for (int i = 0; i < 3; i++)
            composed.order[i] = (uint8_t)(from->order[i] - !c->alpha);
        composed.unit[0] = 8;
        composed.depth = 16;
        composed.word = 2;
    }
    for (int i = 0; i < 3; i++)
        c->background[composed.order[i]] = (uint8_t)(background >> (16 - 8 * i));
    memcpy(&c->words, (const uint16_t[4]){c->background[0], c->background[1], c->background[2], 0}, 8);
    return pixfer_kernel_config_of(&kernels->config, &composed, pixfer_format_layout(dst), color,
                                   c->load == PIXFER_LOAD_PACKED4 ? 255 * 255 : (1 << from->depth) - 1);
}

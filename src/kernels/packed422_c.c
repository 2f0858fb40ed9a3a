/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* YUYV and UYVY to 4:2:0 of 8 bits. Luma is copied. Chroma has the even columns' place, and is the mean over the filter, of integers,
 * rounded once:
 *
 *     left      (a + b + 1) >> 1                    a, b: the two rows of the strip
 *     top-left  (above + 2·a + b + 2) >> 2
 *     centre    (3·(a + b) + (a' + b') + 4) >> 3    ': the next column of chroma; the sample moves a quarter of the way to it
 *
 * Plain loops of a fixed number of steps, without branches, over memory of their own: that compilers turn into vectors by themselves. */

#include <string.h>

#include "kernels.h"

#if defined(__GNUC__)
#define INLINE static inline __attribute__((always_inline))
#else
#define INLINE static inline
#endif

/* Samples of a row that are worked on at once: as many of luma as of chroma, Cb and Cr in turns. */
#define BLOCK 64

INLINE void split(const uint8_t *restrict pairs, uint8_t *restrict first, uint8_t *restrict second, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        first[i] = pairs[2 * i];
        second[i] = pairs[2 * i + 1];
    }
}

struct block {
    uint8_t luma[3][BLOCK], chroma[3][BLOCK]; /* by row of the strip */
    uint16_t sum[BLOCK + 2];                  /* over the rows, and the next column */
    uint8_t mean[BLOCK];
};

static unsigned chroma_at(const struct pixfer_kernel_config *config, const uint8_t *row, size_t i)
{
    return row[2 * i + !config->chroma_first];
}

/* Beyond the last column lies the last column. */
INLINE void add_next_column(const struct pixfer_kernel_config *config, const struct pixfer_strip *strip, struct block *b,
                            size_t at, size_t n, size_t count)
{
    for (size_t i = n; i < n + 2; i++)
        b->sum[i] = at + i < count
                        ? (uint16_t)(chroma_at(config, strip->src[1][0], at + i) + chroma_at(config, strip->src[2][0], at + i))
                        : b->sum[i - 2];
}

INLINE void average(const struct pixfer_kernel_config *config, const struct pixfer_strip *strip, struct block *b, size_t at,
                    size_t n, size_t count)
{
    if (config->filter == PIXFER_FILTER_420_TOP_LEFT) {
        for (size_t i = 0; i < n; i++)
            b->mean[i] = (uint8_t)((b->chroma[0][i] + 2 * b->chroma[1][i] + b->chroma[2][i] + 2) >> 2);
        return;
    }
    for (size_t i = 0; i < n; i++)
        b->sum[i] = (uint16_t)(b->chroma[1][i] + b->chroma[2][i]);
    if (config->filter == PIXFER_FILTER_420_LEFT) {
        for (size_t i = 0; i < n; i++)
            b->mean[i] = (uint8_t)((b->sum[i] + 1) >> 1);
        return;
    }
    add_next_column(config, strip, b, at, n, count);
    for (size_t i = 0; i < n; i++)
        b->mean[i] = (uint8_t)((3 * b->sum[i] + b->sum[i + 2] + 4) >> 3);
}

INLINE void store_chroma(const struct pixfer_kernel_config *config, const struct pixfer_strip *strip, struct block *b, size_t at,
                         size_t n)
{
    uint8_t half[2][BLOCK];
    const unsigned first = config->cr_first;

    if (config->store == PIXFER_STORE_SEMIPLANAR8 && !first) {
        memcpy(strip->chroma[0] + at, b->mean, n);
        return;
    }
    split(b->mean, half[0], half[1], n / 2);
    if (config->store == PIXFER_STORE_PLANAR8) {
        memcpy(strip->chroma[0] + at / 2, half[first], n / 2);
        memcpy(strip->chroma[1] + at / 2, half[!first], n / 2);
        return;
    }
    for (size_t i = 0; i < n / 2; i++) {
        b->mean[2 * i] = half[1][i];
        b->mean[2 * i + 1] = half[0][i];
    }
    memcpy(strip->chroma[0] + at, b->mean, n);
}

INLINE void convert_columns(const struct pixfer_kernel_config *config, const struct pixfer_strip *strip, size_t at, size_t n,
                            size_t count)
{
    const size_t pixels = strip->width - at < n ? strip->width - at : n;
    struct block b;

    for (int row = config->filter == PIXFER_FILTER_420_TOP_LEFT ? 0 : 1; row < 3; row++) {
        const uint8_t *src = strip->src[row][0] + 2 * at;

        split(src, config->chroma_first ? b.chroma[row] : b.luma[row], config->chroma_first ? b.luma[row] : b.chroma[row], n);
        if (row)
            memcpy(strip->y[row - 1] + at, b.luma[row], pixels);
    }
    average(config, strip, &b, at, n, count);
    store_chroma(config, strip, &b, at, n);
}

PIXFER_STRIP_KERNEL(pixfer_kernel_packed422)
{
    const size_t count = strip->width + strip->width % 2;
    size_t at = 0;

    for (; count - at >= BLOCK; at += BLOCK)
        convert_columns(config, strip, at, BLOCK, count);
    if (at < count)
        convert_columns(config, strip, at, count - at, count);
}

#undef INLINE
#undef BLOCK

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* What kernels have in common that take COLUMNS columns at a time: the bytes of a row, which rows a filter reads, a copy of the last
 * columns, and an instance for each filter and depth. Included behind kernels.h, <string.h> and INLINE; `unit` is the bytes of a pixel in
 * each of the source's `planes`. */

#define COLUMNS 16

/* The bytes that the chroma of n pixels takes in a row of one plane. */
INLINE size_t chroma_bytes(enum pixfer_filter filter, bool deep, bool planar, size_t n)
{
    const size_t samples_in_row = filter == PIXFER_FILTER_444 ? n : (n + 1) / 2;
    return planar ? samples_in_row : samples_in_row << (deep ? 2 : 1);
}

/* The rows of the source that a filter reads: first … last. */
INLINE int first_row(enum pixfer_filter filter)
{
    return filter == PIXFER_FILTER_420_TOP_LEFT ? 0 : 1;
}

INLINE int last_row(enum pixfer_filter filter)
{
    return pixfer_filter_is_420(filter) ? 2 : 1;
}

/* The last columns, fewer than COLUMNS, as a block of their own: its rows are copies in which the last pixel is repeated, which is
 * also what the last [1 2 1] or box wants to its right. */
struct scratch {
    uint8_t src[3][3][4 * COLUMNS], y[2][2 * COLUMNS], chroma[2][4 * COLUMNS];
};

static void scratch_in(struct scratch *scratch, struct pixfer_strip *at, int planes, size_t unit, enum pixfer_filter filter,
                       size_t n)
{
    for (int row = first_row(filter); row <= last_row(filter); row++)
        for (int plane = 0; plane < planes; plane++) {
            uint8_t *copy = scratch->src[row][plane];
            memcpy(copy, at->src[row][plane], n * unit);
            for (size_t i = n * unit; i < unit * COLUMNS; i++)
                copy[i] = copy[i - unit];
            at->src[row][plane] = copy;
        }
    for (int i = 0; i < 2; i++)
        at->y[i] = scratch->y[i], at->chroma[i] = scratch->chroma[i];
}

static void scratch_out(const struct scratch *scratch, const struct pixfer_strip *to, enum pixfer_filter filter, bool deep,
                        bool planar, size_t n)
{
    for (int i = 0; i < last_row(filter); i++)
        memcpy(to->y[i], scratch->y[i], n << deep);
    for (int i = 0; i < 1 + planar; i++)
        memcpy(to->chroma[i], scratch->chroma[i], chroma_bytes(filter, deep, planar, n));
}

/* INSTANCES(convert, name, how) defines the strip kernels that call convert(config, strip, how, filter, deep); ROW(name) lists them by
 * filter, the three of 10 bits behind. */
#define INSTANCE(convert, name, how, filter, deep) \
    static PIXFER_STRIP_KERNEL(name)               \
    {                                              \
        convert(config, strip, how, filter, deep); \
    }
#define INSTANCES(convert, name, how)                                              \
    INSTANCE(convert, name##_420_center, how, PIXFER_FILTER_420_CENTER, false)     \
    INSTANCE(convert, name##_420_left, how, PIXFER_FILTER_420_LEFT, false)         \
    INSTANCE(convert, name##_420_top_left, how, PIXFER_FILTER_420_TOP_LEFT, false) \
    INSTANCE(convert, name##_422_center, how, PIXFER_FILTER_422_CENTER, false)     \
    INSTANCE(convert, name##_422_left, how, PIXFER_FILTER_422_LEFT, false)         \
    INSTANCE(convert, name##_444, how, PIXFER_FILTER_444, false)                   \
    INSTANCE(convert, name##_420_center_10, how, PIXFER_FILTER_420_CENTER, true)   \
    INSTANCE(convert, name##_420_left_10, how, PIXFER_FILTER_420_LEFT, true)       \
    INSTANCE(convert, name##_420_top_left_10, how, PIXFER_FILTER_420_TOP_LEFT, true)

#define ROW(name)                                                                                                \
    {                                                                                                            \
        name##_420_center, name##_420_left, name##_420_top_left, name##_422_center, name##_422_left, name##_444, \
            name##_420_center_10, name##_420_left_10, name##_420_top_left_10                                     \
    }

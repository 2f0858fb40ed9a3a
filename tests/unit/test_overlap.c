/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "lines.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#if !defined(_WIN32)
#include <sys/mman.h>
#endif

#include "../../src/core/image.h"
#include "../common/random.h"

/* Memory that a call may not share, against a map of every byte; and strides and addresses at the ends of their types. */

#define MEMORY 400
#define FRAMES 12

static const struct pixfer_log silent = {.stderr_level = -1};

/* Which frame's plane writes a byte (1 and up), and whether one reads it. */
struct map {
    uint8_t memory[MEMORY];
    unsigned writer[MEMORY];
    bool read[MEMORY];
};

/* False if the bytes are another's. */
static bool mark(struct map *map, const struct pixfer_image *image, struct pixfer_rows rows, unsigned writer)
{
    const struct pixfer_format_layout *layout = pixfer_format_layout(image->format);
    bool free = true;

    for (unsigned plane = 0; plane < layout->planes; plane++) {
        const unsigned shift = plane ? layout->chroma_y : 0;
        size_t row_bytes, all;

        pixfer_plane_size(image->format, image->width, image->height, plane, &row_bytes, &all);
        for (uint32_t y = rows.first >> shift; y <= (rows.first + rows.count - 1) >> shift; y++) {
            const size_t at = (size_t)(image->plane[plane] + (ptrdiff_t)y * image->stride[plane] - map->memory);

            for (size_t i = at; i < at + row_bytes; i++) {
                free =
                    free && (writer ? !map->read[i] && (!map->writer[i] || map->writer[i] == writer + plane) : !map->writer[i]);
                if (writer)
                    map->writer[i] = writer + plane;
                else
                    map->read[i] = true;
            }
        }
    }
    return free;
}

/* Planes anywhere in `space` bytes, rows apart by anything or by multiples of each other. */
static struct pixfer_image place(struct rng *random, struct map *map, size_t first, size_t space, enum pixfer_format format,
                                 uint32_t width, uint32_t height)
{
    struct pixfer_image image = {.format = format, .width = width, .height = height};
    const size_t common = 1 + rng_below(random, 24);

    for (unsigned plane = 0; plane < pixfer_format_planes(format); plane++) {
        size_t row_bytes, rows, stride, size;

        pixfer_plane_size(format, width, height, plane, &row_bytes, &rows);
        do {
            stride = rng_below(random, 2) ? common * (1 + rng_below(random, 3)) : row_bytes + rng_below(random, 30);
            size = (rows - 1) * stride + row_bytes;
        } while (stride < row_bytes || size > space);
        image.stride[plane] = (ptrdiff_t)stride;
        image.plane[plane] = map->memory + first + rng_below(random, (uint32_t)(space - size + 1));
        if (rng_below(random, 3) == 0) {
            image.plane[plane] += (rows - 1) * stride;
            image.stride[plane] = -image.stride[plane];
        }
    }
    return image;
}

static enum pixfer_format source_format(struct rng *random)
{
    static const enum pixfer_format formats[] = {PIXFER_FORMAT_RGBA, PIXFER_FORMAT_RGB24, PIXFER_FORMAT_GBRP, PIXFER_FORMAT_YUYV};

    return formats[rng_below(random, 4)];
}

static enum pixfer_format target_format(struct rng *random)
{
    static const enum pixfer_format formats[] = {PIXFER_FORMAT_NV12, PIXFER_FORMAT_I420, PIXFER_FORMAT_I444,
                                                 PIXFER_FORMAT_NV24, PIXFER_FORMAT_I422, PIXFER_FORMAT_NV16};

    return formats[rng_below(random, 6)];
}

static void what_shares_no_byte_is_accepted(void **state)
{
    struct rng random = {1};
    unsigned accepted = 0, refused = 0, interleaved = 0;

    (void)state;
    for (int i = 0; i < 200000; i++) {
        struct map map = {0};
        const uint32_t width = 1 + rng_below(&random, 4), height = 1 + rng_below(&random, 6);
        const size_t space = 140 + rng_below(&random, MEMORY - 140);
        const struct pixfer_image src = place(&random, &map, 0, space, source_format(&random), width, height);
        const struct pixfer_image dst = place(&random, &map, 0, space, target_format(&random), width, height);
        struct pixfer_rows rows = {2 * rng_below(&random, (height + 1) / 2), 0}, src_rows;
        bool expected;

        rows.count = rng_below(&random, 2) ? height - rows.first : rows.first + 2 <= height ? 2 : 1;
        src_rows = rows;
        if (rows.first && rng_below(&random, 2)) {
            src_rows.first--;
            src_rows.count++;
        }
        mark(&map, &src, src_rows, 0);
        expected = mark(&map, &dst, rows, 1);
        assert_int_equal(pixfer_images_disjoint(&src, src_rows, &dst, rows, &silent), expected);
        accepted += expected;
        refused += !expected;
        interleaved += expected && dst.stride[0] == 2 * dst.stride[1] && dst.plane[1] > dst.plane[0] &&
                       dst.plane[1] < dst.plane[0] + (ptrdiff_t)(height - 1) * dst.stride[0];
    }
    assert_true(accepted > 5000 && refused > 50000 && interleaved > 5);
}

static void batches_are_checked_as_a_whole(void **state)
{
    struct rng random = {2};
    unsigned accepted = 0, refused = 0;

    (void)state;
    for (int i = 0; i < 100000; i++) {
        struct map map = {0};
        struct pixfer_image src[FRAMES], dst[FRAMES];
        const size_t count = 1 + rng_below(&random, FRAMES), own = MEMORY / 2 / count;
        const bool apart = own >= 16 && rng_below(&random, 4);
        const enum pixfer_format from = source_format(&random), to = target_format(&random);
        const uint32_t width = 1 + rng_below(&random, 2), height = 1 + rng_below(&random, 2);
        bool expected = true;

        for (size_t f = 0; f < count; f++) {
            src[f] = f && rng_below(&random, 2) ? src[f - 1] : place(&random, &map, 0, MEMORY / 2, from, width, height);
            dst[f] = apart ? place(&random, &map, MEMORY / 2 + f * own, own, to, width, height)
                           : place(&random, &map, 100, MEMORY - 100, to, width, height);
            mark(&map, &src[f], (struct pixfer_rows){0, height}, 0);
        }
        for (size_t f = 0; f < count; f++)
            expected = mark(&map, &dst[f], (struct pixfer_rows){0, height}, 1 + 3 * (unsigned)f) && expected;
        assert_int_equal(pixfer_batch_disjoint(src, dst, count, &silent), expected ? PIXFER_OK : PIXFER_ERR_INVALID);
        accepted += expected;
        refused += !expected;
    }
    assert_true(accepted > 5000 && refused > 5000);
}

/* One source, so many destinations that comparing each with each would take minutes. */
static void large_batches_are_checked(void **state)
{
    const size_t count = 200000;
    struct pixfer_image *src = calloc(count, sizeof(*src)), *dst = calloc(count, sizeof(*dst));
    uint8_t *memory = calloc(count, 6), rgba[16] = {0};
    struct lines lines = {0};
    const struct pixfer_log log = {lines_keep, &lines, -1};

    (void)state;
    for (size_t i = 0; i < count; i++) {
        pixfer_image_layout(&src[i], PIXFER_FORMAT_RGBA, 2, 2, rgba, 1);
        pixfer_image_layout(&dst[i], PIXFER_FORMAT_NV12, 2, 2, memory + i * 7919 % count * 6, 1);
    }
    assert_int_equal(pixfer_batch_disjoint(src, dst, count, &log), PIXFER_OK);
    dst[77].plane[1] = dst[4711].plane[0] + 2;
    assert_int_equal(pixfer_batch_disjoint(src, dst, count, &log), PIXFER_ERR_INVALID);
    EXPECT_ERROR(&lines, "dst[77].plane[1]", "dst[4711].plane[0]");
    free(src);
    free(dst);
    free(memory);
}

/* ---- The ends of the types, for the sanitizer of undefined behaviour ---- */

static struct pixfer_converter *open_one(enum pixfer_format to, uint32_t width, uint32_t height, struct lines *lines)
{
    struct pixfer_converter *converter;

    assert_int_equal(
        pixfer_converter_open(&converter,
                              &PIXFER_CONVERTER_PARAMS(.src_format = PIXFER_FORMAT_RGBA, .dst_format = to, .width = width,
                                                       .height = height, .threads = 1, .log = lines_keep, .log_opaque = lines)),
        PIXFER_OK);
    return converter;
}

/* What a single row's stride is, and what stands in planes that are not there, does not matter. */
static void strides_that_are_not_used_may_be_any(void **state)
{
    static const ptrdiff_t strides[] = {PTRDIFF_MAX, PTRDIFF_MIN, PTRDIFF_MIN + 1, PTRDIFF_MAX / 2 + 1, 64};
    struct lines lines = {0};
    struct pixfer_converter *converter = open_one(PIXFER_FORMAT_NV12, 16, 1, &lines);
    uint8_t rgba[64], y[16], uv[16];

    (void)state;
    memset(rgba, 255, sizeof(rgba));
    for (size_t i = 0; i < sizeof(strides) / sizeof(*strides); i++) {
        const ptrdiff_t s = strides[i];
        const struct pixfer_image src = {PIXFER_FORMAT_RGBA, 16, 1, {rgba, (uint8_t *)UINTPTR_MAX, rgba}, {s, s, s, s}};
        const struct pixfer_image dst = {PIXFER_FORMAT_NV12, 16, 1, {y, uv, (uint8_t *)UINTPTR_MAX}, {s, s, s, s}};

        memset(y, 0, sizeof(y));
        assert_int_equal(pixfer_convert(converter, &src, &dst), PIXFER_OK);
        assert_int_equal(y[15], 235);
    }
    pixfer_converter_close(&converter);
}

static void rows_beyond_memory_are_refused(void **state)
{
    struct lines lines = {0};
    struct pixfer_converter *converter = open_one(PIXFER_FORMAT_I444, 16, 3, &lines);
    uint8_t rgba[16 * 4 * 3], planes[3][16 * 3];
    const ptrdiff_t most = PTRDIFF_MAX / 3;
    struct pixfer_image src = {PIXFER_FORMAT_RGBA, 16, 3, {rgba}, {64}};
    const struct pixfer_image dst = {PIXFER_FORMAT_I444, 16, 3, {planes[0], planes[1], planes[2]}, {16, 16, 16}};

    (void)state;
    memset(rgba, 255, sizeof(rgba));
    src.stride[0] = most + 1;
    assert_int_equal(pixfer_convert(converter, &src, &dst), PIXFER_ERR_INVALID);
    EXPECT_ERROR(&lines, "src.stride[0]", "overflow");
    src.stride[0] = PTRDIFF_MIN;
    assert_int_equal(pixfer_convert(converter, &src, &dst), PIXFER_ERR_INVALID);
    EXPECT_ERROR(&lines, "src.stride[0]", "overflow");
    src.stride[0] = most;
    src.plane[0] = (uint8_t *)(UINTPTR_MAX - 200);
    assert_int_equal(pixfer_convert(converter, &src, &dst), PIXFER_ERR_INVALID);
    EXPECT_ERROR(&lines, "src.plane[0]", "end of memory");
    src.stride[0] = -64;
    src.plane[0] = (uint8_t *)(uintptr_t)100;
    assert_int_equal(pixfer_convert(converter, &src, &dst), PIXFER_ERR_INVALID);
    EXPECT_ERROR(&lines, "src.plane[0]", "end of memory");

    /* The last row alone of a frame whose first row is nowhere. */
    src.stride[0] = most;
    src.plane[0] = (uint8_t *)((uintptr_t)rgba - 2 * (uintptr_t)most);
    memset(planes, 0, sizeof(planes));
    assert_int_equal(pixfer_convert_rows(converter, &src, &dst, 2, 1), PIXFER_OK);
    assert_int_equal(planes[0][47], 235);
    assert_int_equal(planes[0][31], 0);
    pixfer_converter_close(&converter);
}

/* A frame whose rows lie further apart than swscale can count: it is refused in one line, and the CPU converts it. */
static void swscale_gets_no_stride_beyond_int(void **state)
{
#if defined(_WIN32)
    (void)state;
    skip();
#else
    const size_t stride = (size_t)INT_MAX + 1, size = 7 * stride + 32 * 4;
    struct lines lines = {0};
    struct pixfer_converter_info info = PIXFER_CONVERTER_INFO();
    struct pixfer_converter *converter;
    uint8_t nv12[32 * 12] = {0}, *rgba;

    (void)state;
    if (pixfer_backend_missing(PIXFER_BACKEND_SWSCALE))
        skip();
    rgba = mmap(NULL, size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (rgba == MAP_FAILED)
        skip();
    assert_int_equal(
        pixfer_converter_open(&converter,
                              &PIXFER_CONVERTER_PARAMS(.src_format = PIXFER_FORMAT_RGBA, .dst_format = PIXFER_FORMAT_NV12,
                                                       .width = 32, .height = 8, .threads = 1, .backend = PIXFER_BACKEND_SWSCALE,
                                                       .log = lines_keep, .log_opaque = &lines)),
        PIXFER_OK);
    const struct pixfer_image src = {PIXFER_FORMAT_RGBA, 32, 8, {rgba}, {(ptrdiff_t)stride}};
    const struct pixfer_image dst = {PIXFER_FORMAT_NV12, 32, 8, {nv12, nv12 + 32 * 8}, {32, 32}};
    assert_int_equal(pixfer_convert(converter, &src, &dst), PIXFER_OK);
    pixfer_converter_get_info(converter, &info);
    assert_int_equal(info.backend, PIXFER_BACKEND_CPU);
    assert_string_equal(info.fallback_reason, "swscale: src.stride[0] is 2147483648 bytes, expected at most 2147483647");
    assert_int_equal(nv12[255], 16);
    pixfer_converter_close(&converter);
    munmap(rgba, size);
#endif
}

/* 4:2:0 in one block: chroma to the right of every second row of luma. */
static void chroma_beside_every_second_row_is_legal(void **state)
{
    struct lines lines = {0};
    struct pixfer_converter *converter = open_one(PIXFER_FORMAT_NV12, 16, 16, &lines);
    uint8_t rgba[16 * 16 * 4], block[16 * 32], packed[16 * 24];
    const struct pixfer_image src = {PIXFER_FORMAT_RGBA, 16, 16, {rgba}, {64}};
    struct pixfer_image beside = {PIXFER_FORMAT_NV12, 16, 16, {block, block + 16}, {32, 64}}, plain;

    (void)state;
    for (size_t i = 0; i < sizeof(rgba); i++)
        rgba[i] = (uint8_t)(i * 41 + i / 7);
    pixfer_image_layout(&plain, PIXFER_FORMAT_NV12, 16, 16, packed, 1);
    assert_int_equal(pixfer_convert(converter, &src, &plain), PIXFER_OK);
    assert_int_equal(pixfer_convert(converter, &src, &beside), PIXFER_OK);
    for (size_t row = 0; row < 16; row++) {
        assert_memory_equal(block + 32 * row, packed + 16 * row, 16);
        if (row % 2 == 0)
            assert_memory_equal(block + 32 * row + 16, packed + 256 + 8 * row, 16);
    }
    beside.plane[1]--;
    assert_int_equal(pixfer_convert(converter, &src, &beside), PIXFER_ERR_INVALID);
    EXPECT_ERROR(&lines, "dst.plane[1]", "dst.plane[0]");
    pixfer_converter_close(&converter);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_shares_no_byte_is_accepted),
        cmocka_unit_test(batches_are_checked_as_a_whole),
        cmocka_unit_test(large_batches_are_checked),
        cmocka_unit_test(strides_that_are_not_used_may_be_any),
        cmocka_unit_test(rows_beyond_memory_are_refused),
        cmocka_unit_test(swscale_gets_no_stride_beyond_int),
        cmocka_unit_test(chroma_beside_every_second_row_is_legal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

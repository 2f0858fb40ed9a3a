/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "lines.h"

#include <stdlib.h>
#include <string.h>

/* What pixfer_convert and its siblings refuse, and that they touch nothing when they do. */

#define WIDTH 18
#define HEIGHT 10
#define UNTOUCHED 0xa5

struct fixture {
    struct lines lines;
    struct pixfer_converter *converter;
    uint8_t memory[2 * WIDTH * HEIGHT * 4];
    struct pixfer_image src, dst;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));
    const struct pixfer_converter_params params =
        PIXFER_CONVERTER_PARAMS(.src_format = PIXFER_FORMAT_RGBA, .dst_format = PIXFER_FORMAT_NV12, .width = WIDTH,
                                .height = HEIGHT, .threads = 1, .log = lines_keep, .log_opaque = &f->lines);

    *state = f;
    memset(f->memory, UNTOUCHED, sizeof(f->memory));
    pixfer_image_layout(&f->src, PIXFER_FORMAT_RGBA, WIDTH, HEIGHT, f->memory, 1);
    pixfer_image_layout(&f->dst, PIXFER_FORMAT_NV12, WIDTH, HEIGHT, f->memory + WIDTH * HEIGHT * 4, 1);
    return pixfer_converter_open(&f->converter, &params);
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    pixfer_converter_close(&f->converter);
    free(f);
    return 0;
}

static void assert_untouched(const struct fixture *f)
{
    for (size_t i = 0; i < sizeof(f->memory); i++)
        assert_int_equal(f->memory[i], UNTOUCHED);
}

/* Spoils one thing, expects a refusal by each of the three calls, and mends it. */
#define REFUSED(f, lvalue, value, ...)                                                                              \
    do {                                                                                                            \
        __typeof__(lvalue) kept = lvalue;                                                                           \
        lvalue = value;                                                                                             \
        assert_int_equal(pixfer_convert((f)->converter, &(f)->src, &(f)->dst), PIXFER_ERR_INVALID);                 \
        EXPECT_ERROR(&(f)->lines, __VA_ARGS__);                                                                     \
        assert_int_equal(pixfer_convert_rows((f)->converter, &(f)->src, &(f)->dst, 0, HEIGHT), PIXFER_ERR_INVALID); \
        EXPECT_ERROR(&(f)->lines, __VA_ARGS__);                                                                     \
        assert_int_equal(pixfer_convert_batch((f)->converter, &(f)->src, &(f)->dst, 1), PIXFER_ERR_INVALID);        \
        EXPECT_ERROR(&(f)->lines, __VA_ARGS__);                                                                     \
        assert_untouched(f);                                                                                        \
        lvalue = kept;                                                                                              \
    } while (0)

static void bad_images_are_refused(void **state)
{
    struct fixture *f = *state;

    REFUSED(f, f->src.format, PIXFER_FORMAT_BGRA, "src.format", "bgra", "rgba");
    REFUSED(f, f->dst.format, (enum pixfer_format)99, "dst.format", "99", "nv12");
    REFUSED(f, f->src.width, WIDTH + 1, "src", "19x10", "18x10");
    REFUSED(f, f->dst.height, HEIGHT - 1, "dst", "18x9", "18x10");
    REFUSED(f, f->src.plane[0], NULL, "src.plane[0]", "NULL");
    REFUSED(f, f->dst.plane[1], NULL, "dst.plane[1]", "NULL", "nv12");
    REFUSED(f, f->src.stride[0], WIDTH * 4 - 1, "src.stride[0]", "71", "72");
    REFUSED(f, f->src.stride[0], -(WIDTH * 4 - 1), "src.stride[0]", "-71", "72");
    REFUSED(f, f->src.stride[0], PTRDIFF_MIN, "src.stride[0]");
    REFUSED(f, f->src.stride[0], PTRDIFF_MAX, "src.stride[0]", "overflow");
    REFUSED(f, f->dst.stride[0], 0, "dst.stride[0]", "0 bytes", "18");
    REFUSED(f, f->dst.stride[1], 17, "dst.stride[1]", "17", "18");
    REFUSED(f, f->dst.plane[0], f->src.plane[0], "dst.plane[0]", "src.plane[0]");
    REFUSED(f, f->dst.plane[1], f->dst.plane[0], "dst.plane[1]", "dst.plane[0]");
    REFUSED(f, f->dst.plane[1], f->dst.plane[0] + WIDTH * HEIGHT - 1, "dst.plane[1]", "dst.plane[0]");
}

static void null_is_refused(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(pixfer_convert(NULL, &f->src, &f->dst), PIXFER_ERR_INVALID);
    assert_int_equal(pixfer_convert_rows(NULL, &f->src, &f->dst, 0, 2), PIXFER_ERR_INVALID);
    assert_int_equal(pixfer_convert_batch(NULL, &f->src, &f->dst, 1), PIXFER_ERR_INVALID);
    assert_int_equal(pixfer_convert(f->converter, NULL, &f->dst), PIXFER_ERR_INVALID);
    EXPECT_ERROR(&f->lines, "src", "NULL");
    assert_int_equal(pixfer_convert(f->converter, &f->src, NULL), PIXFER_ERR_INVALID);
    EXPECT_ERROR(&f->lines, "dst", "NULL");
    assert_int_equal(pixfer_convert_batch(f->converter, NULL, &f->dst, 2), PIXFER_ERR_INVALID);
    EXPECT_ERROR(&f->lines, "src", "NULL");
    assert_int_equal(pixfer_convert_batch(f->converter, NULL, NULL, 0), PIXFER_OK);
    assert_untouched(f);
}

static void bad_rows_are_refused(void **state)
{
    static const uint32_t bad[][2] = {
        {1, 2}, {0, 1}, {0, 3}, {0, 0}, {10, 2}, {8, 4}, {2, 9}, {0, 12}, {UINT32_MAX - 1, 2}, {2, UINT32_MAX}};
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        assert_int_equal(pixfer_convert_rows(f->converter, &f->src, &f->dst, bad[i][0], bad[i][1]), PIXFER_ERR_INVALID);
        EXPECT_ERROR(&f->lines, "rows", "even");
    }
    assert_untouched(f);
}

/* Planes that share rows but no byte are fine: U and V side by side. */
static void interleaved_rows_are_no_overlap(void **state)
{
    struct fixture *f = *state;
    struct pixfer_converter *converter;
    struct pixfer_image dst = {
        PIXFER_FORMAT_I420, WIDTH, HEIGHT, {f->dst.plane[0], f->dst.plane[1], f->dst.plane[1] + 9}, {18, 18, 18}};

    assert_int_equal(pixfer_converter_open(&converter, &PIXFER_CONVERTER_PARAMS(.src_format = PIXFER_FORMAT_RGBA,
                                                                                .dst_format = PIXFER_FORMAT_I420, .width = WIDTH,
                                                                                .height = HEIGHT, .threads = 1)),
                     PIXFER_OK);
    assert_int_equal(pixfer_convert(converter, &f->src, &dst), PIXFER_OK);
    dst.plane[2]--;
    assert_int_equal(pixfer_convert(converter, &f->src, &dst), PIXFER_ERR_INVALID);
    pixfer_converter_close(&converter);
}

/* Only the rows of the range need to exist: the source is a window of two rows that moves down the frame. */
static void a_window_of_rows_is_enough(void **state)
{
    struct fixture *f = *state;
    uint8_t window[2 * WIDTH * 4];
    uint8_t expected[WIDTH * HEIGHT * 3 / 2];
    struct pixfer_image src = f->src, whole;

    for (size_t i = 0; i < WIDTH * HEIGHT * 4; i++)
        f->memory[i] = (uint8_t)(i * 37 + i / 11);
    pixfer_image_layout(&whole, PIXFER_FORMAT_NV12, WIDTH, HEIGHT, expected, 1);
    assert_int_equal(pixfer_convert(f->converter, &f->src, &whole), PIXFER_OK);
    for (uint32_t row = 0; row < HEIGHT; row += 2) {
        memcpy(window, f->memory + row * WIDTH * 4, sizeof(window));
        src.plane[0] = (uint8_t *)((uintptr_t)window - row * WIDTH * 4);
        assert_int_equal(pixfer_convert_rows(f->converter, &src, &f->dst, row, 2), PIXFER_OK);
    }
    assert_memory_equal(f->dst.plane[0], expected, sizeof(expected));
}

static void frames_are_counted(void **state)
{
    struct fixture *f = *state;
    struct pixfer_converter_info info = PIXFER_CONVERTER_INFO();

    assert_int_equal(pixfer_convert(f->converter, &f->src, &f->dst), PIXFER_OK);
    assert_int_equal(pixfer_convert_rows(f->converter, &f->src, &f->dst, 0, 4), PIXFER_OK);
    assert_int_equal(pixfer_convert_rows(f->converter, &f->src, &f->dst, 4, HEIGHT - 4), PIXFER_OK);
    pixfer_converter_get_info(f->converter, &info);
    assert_int_equal(info.frames, 2);
}

static void batches_may_not_share_destinations(void **state)
{
    struct fixture *f = *state;
    const struct pixfer_image src[2] = {f->src, f->src}, dst[2] = {f->dst, f->dst};

    assert_int_equal(pixfer_convert_batch(f->converter, src, dst, 2), PIXFER_ERR_INVALID);
    EXPECT_ERROR(&f->lines, "overlaps");
    assert_untouched(f);
}

static void the_one_call_checks_too(void **state)
{
    struct fixture *f = *state;
    uint8_t *y = f->dst.plane[0], *uv = f->dst.plane[1];

    assert_int_equal(pixfer_rgba_to_nv12(NULL, 72, WIDTH, HEIGHT, y, 18, uv, 18), PIXFER_ERR_INVALID);
    assert_int_equal(pixfer_rgba_to_nv12(f->memory, 71, WIDTH, HEIGHT, y, 18, uv, 18), PIXFER_ERR_INVALID);
    assert_int_equal(pixfer_rgba_to_nv12(f->memory, 72, 0, HEIGHT, y, 18, uv, 18), PIXFER_ERR_INVALID);
    assert_int_equal(pixfer_rgba_to_nv12(f->memory, 72, WIDTH, HEIGHT, y, 18, y, 18), PIXFER_ERR_INVALID);
    assert_untouched(f);
    assert_int_equal(pixfer_rgba_to_nv12(f->memory, 72, WIDTH, HEIGHT, y, 18, uv, 18), PIXFER_OK);
}

int main(void)
{
#define CHECK(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        CHECK(bad_images_are_refused),
        CHECK(null_is_refused),
        CHECK(bad_rows_are_refused),
        CHECK(interleaved_rows_are_no_overlap),
        CHECK(a_window_of_rows_is_enough),
        CHECK(frames_are_counted),
        CHECK(batches_may_not_share_destinations),
        CHECK(the_one_call_checks_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

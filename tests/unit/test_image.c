/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "lines.h"

static void names_go_both_ways(void **state)
{
    (void)state;
    for (int format = PIXFER_FORMAT_RGBA; format <= PIXFER_FORMAT_I410; format++)
        assert_int_equal(pixfer_format_from_name(pixfer_format_name((enum pixfer_format)format)), format);
    assert_string_equal(pixfer_format_name(PIXFER_FORMAT_NONE), "none");
    assert_null(pixfer_format_name((enum pixfer_format)999));
    assert_null(pixfer_format_name((enum pixfer_format) - 1));
    assert_int_equal(pixfer_format_from_name("BGRX"), PIXFER_FORMAT_BGRA);
    assert_int_equal(pixfer_format_from_name("0rgb"), PIXFER_FORMAT_ARGB);
    assert_int_equal(pixfer_format_from_name("x2bgr10"), PIXFER_FORMAT_RGB10A2);
    assert_int_equal(pixfer_format_from_name("X2RGB10"), PIXFER_FORMAT_BGR10A2);
    assert_int_equal(pixfer_format_from_name("rgbaf16"), PIXFER_FORMAT_RGBAF16);
    assert_int_equal(pixfer_format_from_name("yuv420p10"), PIXFER_FORMAT_I010);
    assert_int_equal(pixfer_format_from_name("RGBA"), PIXFER_FORMAT_RGBA);
    assert_int_equal(pixfer_format_from_name("rgb"), PIXFER_FORMAT_NONE);
    assert_int_equal(pixfer_format_from_name("rgbaa"), PIXFER_FORMAT_NONE);
    assert_int_equal(pixfer_format_from_name(""), PIXFER_FORMAT_NONE);
    assert_int_equal(pixfer_format_from_name(NULL), PIXFER_FORMAT_NONE);
}

static void groups_of_pixels_are_no_rgb(void **state)
{
    (void)state;
    assert_false(pixfer_format_is_rgb(PIXFER_FORMAT_YUYV));
    assert_false(pixfer_format_is_rgb(PIXFER_FORMAT_UYVY));
    assert_int_equal(pixfer_format_planes(PIXFER_FORMAT_YUYV), 1);
    assert_int_equal(pixfer_format_planes(PIXFER_FORMAT_UYVY), 1);
}

static void planes_have_their_sizes(void **state)
{
    static const struct {
        enum pixfer_format format;
        unsigned plane;
        size_t row_bytes, rows;
    } expected[] = {
        {PIXFER_FORMAT_ARGB, 0, 28, 5},   {PIXFER_FORMAT_BGR24, 0, 21, 5},   {PIXFER_FORMAT_GBRP, 2, 7, 5},
        {PIXFER_FORMAT_NV12, 0, 7, 5},    {PIXFER_FORMAT_NV12, 1, 8, 3},     {PIXFER_FORMAT_I420, 1, 4, 3},
        {PIXFER_FORMAT_YV12, 2, 4, 3},    {PIXFER_FORMAT_P010, 0, 14, 5},    {PIXFER_FORMAT_P010, 1, 16, 3},
        {PIXFER_FORMAT_I444, 2, 7, 5},    {PIXFER_FORMAT_NV24, 1, 14, 5},    {PIXFER_FORMAT_I422, 1, 4, 5},
        {PIXFER_FORMAT_YUYV, 0, 16, 5},   {PIXFER_FORMAT_YUYV, 1, 0, 0},     {PIXFER_FORMAT_UYVY, 0, 16, 5},
        {PIXFER_FORMAT_NV16, 1, 8, 5},    {PIXFER_FORMAT_NV16, 2, 0, 0},     {PIXFER_FORMAT_NONE, 0, 0, 0},
        {PIXFER_FORMAT_RGBA64, 0, 56, 5}, {PIXFER_FORMAT_RGB10A2, 0, 28, 5}, {PIXFER_FORMAT_RGBA16F, 0, 56, 5},
        {PIXFER_FORMAT_GBRP10, 1, 14, 5}, {PIXFER_FORMAT_GBRPF32, 2, 28, 5}, {PIXFER_FORMAT_P016, 1, 16, 3},
        {PIXFER_FORMAT_I010, 2, 8, 3},    {PIXFER_FORMAT_I410, 2, 14, 5},    {PIXFER_FORMAT_P012, 0, 14, 5},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(expected) / sizeof(*expected); i++) {
        size_t row_bytes, rows;

        pixfer_plane_size(expected[i].format, 7, 5, expected[i].plane, &row_bytes, &rows);
        assert_int_equal(row_bytes, expected[i].row_bytes);
        assert_int_equal(rows, expected[i].rows);
    }
}

static void layout_places_planes_behind_each_other(void **state)
{
    struct pixfer_image image;
    uint8_t block[256];

    (void)state;
    assert_int_equal(pixfer_image_layout(&image, PIXFER_FORMAT_NV12, 7, 5, block, 1), 7 * 5 + 8 * 3);
    assert_ptr_equal(image.plane[1], block + 35);
    assert_int_equal(image.stride[1], 8);
    assert_int_equal(pixfer_image_layout(&image, PIXFER_FORMAT_UYVY, 7, 5, block, 1), 16 * 5);
    assert_int_equal(pixfer_image_layout(&image, PIXFER_FORMAT_I420, 7, 5, block, 16), 16 * 5 + 2 * 16 * 3);
    assert_ptr_equal(image.plane[2], block + 16 * 8);
}

static void layout_refuses_what_cannot_be(void **state)
{
    struct pixfer_image image;

    (void)state;
    assert_int_equal(pixfer_image_layout(&image, PIXFER_FORMAT_NV12, 0, 5, NULL, 1), 0);
    assert_int_equal(pixfer_image_layout(&image, PIXFER_FORMAT_NV12, 5, 0, NULL, 1), 0);
    assert_int_equal(pixfer_image_layout(&image, PIXFER_FORMAT_NONE, 5, 5, NULL, 1), 0);
    assert_int_equal(pixfer_image_layout(&image, PIXFER_FORMAT_NV12, 5, 5, NULL, 3), 0);
    assert_int_equal(pixfer_image_layout(&image, PIXFER_FORMAT_NV12, 5, 5, NULL, 0), 0);
    assert_int_equal(pixfer_image_layout(&image, PIXFER_FORMAT_RGBA, UINT32_MAX, UINT32_MAX, NULL, 1), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_go_both_ways),
        cmocka_unit_test(groups_of_pixels_are_no_rgb),
        cmocka_unit_test(planes_have_their_sizes),
        cmocka_unit_test(layout_places_planes_behind_each_other),
        cmocka_unit_test(layout_refuses_what_cannot_be),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "lines.h"

#include <stdlib.h>

/* The environment fills in what was left at its default, and only that. */

static enum pixfer_result open_with(const char *name, const char *value, const struct pixfer_converter_params *given,
                                    struct lines *lines, struct pixfer_converter_info *info)
{
    struct pixfer_converter_params params = *given;
    struct pixfer_converter *converter;
    enum pixfer_result result;

    params.struct_size = sizeof(params);
    params.src_format = PIXFER_FORMAT_RGBA;
    params.dst_format = PIXFER_FORMAT_NV12;
    params.width = params.height = 64;
    params.log = lines_keep;
    params.log_opaque = lines;
    environment_set(name, value);
    result = pixfer_converter_open(&converter, &params);
    environment_set(name, NULL);
    pixfer_converter_get_info(converter, info);
    pixfer_converter_close(&converter);
    return result;
}

static void cpu_is_taken_where_none_was_given(void **state)
{
    struct lines lines = {0};
    struct pixfer_converter_info info = PIXFER_CONVERTER_INFO();

    (void)state;
    assert_int_equal(open_with("PIXFER_CPU", "c", &(struct pixfer_converter_params){0}, &lines, &info), PIXFER_OK);
    assert_int_equal(open_with("PIXFER_CPU", "nonsense", &(struct pixfer_converter_params){.cpu = "c"}, &lines, &info),
                     PIXFER_OK);
    assert_int_equal(open_with("PIXFER_CPU", "nonsense", &(struct pixfer_converter_params){0}, &lines, &info),
                     PIXFER_ERR_INVALID);
    EXPECT_ERROR(&lines, "nonsense");
}

static void threads_are_taken_where_none_were_given(void **state)
{
    struct lines lines = {0};
    struct pixfer_converter_info info = PIXFER_CONVERTER_INFO();

    (void)state;
    assert_int_equal(open_with("PIXFER_THREADS", "3", &(struct pixfer_converter_params){0}, &lines, &info), PIXFER_OK);
    assert_int_equal(info.threads, 3);
    assert_int_equal(open_with("PIXFER_THREADS", "3", &(struct pixfer_converter_params){.threads = 1}, &lines, &info), PIXFER_OK);
    assert_int_equal(info.threads, 1);
    assert_int_equal(open_with("PIXFER_THREADS", "many", &(struct pixfer_converter_params){0}, &lines, &info),
                     PIXFER_ERR_INVALID);
    EXPECT_ERROR(&lines, "PIXFER_THREADS", "many");
    assert_int_equal(open_with("PIXFER_THREADS", "-1", &(struct pixfer_converter_params){0}, &lines, &info), PIXFER_ERR_INVALID);
    EXPECT_ERROR(&lines, "-1");
}

static void backend_is_taken_where_none_was_given(void **state)
{
    const struct pixfer_converter_params cpu = {.backend = PIXFER_BACKEND_CPU};
    struct lines lines = {0};
    struct pixfer_converter_info info = PIXFER_CONVERTER_INFO();

    (void)state;
    assert_int_equal(open_with("PIXFER_BACKEND", "d3d11", &(struct pixfer_converter_params){0}, &lines, &info),
                     PIXFER_ERR_UNAVAILABLE);
    EXPECT_ERROR(&lines, "d3d11");
    assert_int_equal(open_with("PIXFER_BACKEND", "d3d11", &cpu, &lines, &info), PIXFER_OK);
    assert_int_equal(open_with("PIXFER_BACKEND", "gpu", &(struct pixfer_converter_params){0}, &lines, &info), PIXFER_ERR_INVALID);
    EXPECT_ERROR(&lines, "gpu", "expected");
}

static void log_levels_are_checked(void **state)
{
    struct pixfer_converter *converter;
    const struct pixfer_converter_params params =
        PIXFER_CONVERTER_PARAMS(.src_format = PIXFER_FORMAT_RGBA, .dst_format = PIXFER_FORMAT_NV12, .width = 4, .height = 4);

    (void)state;
    environment_set("PIXFER_LOG", "loud");
    assert_int_equal(pixfer_converter_open(&converter, &params), PIXFER_ERR_INVALID);
    environment_set("PIXFER_LOG", "error");
    assert_int_equal(pixfer_converter_open(&converter, &params), PIXFER_OK);
    environment_set("PIXFER_LOG", NULL);
    pixfer_converter_close(&converter);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cpu_is_taken_where_none_was_given),
        cmocka_unit_test(threads_are_taken_where_none_were_given),
        cmocka_unit_test(backend_is_taken_where_none_was_given),
        cmocka_unit_test(log_levels_are_checked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

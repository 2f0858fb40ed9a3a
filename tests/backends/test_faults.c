/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* Every fault that the double can play ends in the right fallback with the right reason, and no frame is lost or replaced. */

#include "expected.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PICTURES 6

struct fault_case {
    const char *fault;
    long value;
    const char *reason; /* NULL: nothing is given up */
    long status;        /* of failing transfers, 0 = the double's default */
};

/* From the start: the system is like this when a converter is opened. */
static const struct fault_case lasting[] = {
    {"session", 1, "a transfer session could not be made, the system answered -12904", 0},
    {"property", 1, "a transfer session could not be made, the system answered -12900", 0},
    {"format", 1, "VTPixelTransferSessionTransferImage answered -12905, it does not convert between these formats", 0},
    {"source", 1, "CVPixelBufferCreateWithBytes answered -6680 for bgra", 0},
    {"transfer", 1, "VTPixelTransferSessionTransferImage answered -17691", 0},
    {"transfer", 1, "answered -12904, out of memory", -12904},
    {"lock", 1, "the destination buffer could not be locked, CoreVideo answered -6660", 0},
    {"unlock", 1, "the destination buffer could not be unlocked, CoreVideo answered -6660", 0},
    {"planes", 1, "the buffer has 1 planes, expected 2", 0},
    {"planes", 3, "the buffer has 3 planes, expected 2", 0},
    {"stride", 8, "has 8 bytes a row", 0},
    {"pool-memory", 1, "no destination buffer, the pool answered -6662", 0},
    {"green", 1, "self-test found 0 in plane 0 at column 4, row 4, expected 235 within 3", 0},
    {"swap", 1, "self-test found", 0},
    {"matrix", 1, "self-test found", 0},
    {"range", 1, "self-test found", 0},
    {"alpha", 1, "self-test found", 0},
    {"decimate", 1, "self-test found", 0},
    {"left", 1, "self-test found", 0},
    {"session-null", 1, "a transfer session could not be made, the system answered -12904", 0},
    {"keep-ever", 1, "the system retains the caller's bytes", 0},
    {"pool", 3, NULL, 0},
    {"keep", 1, NULL, 0},
    {"session", 3, NULL, 0}, /* the self-test's and the converter's are had */
};

/* In the middle: the converter has been opened and has converted frames. */
static const struct fault_case sudden[] = {
    {"transfer", 1, "VTPixelTransferSessionTransferImage answered -17691", 0},
    {"transfer", 3, "VTPixelTransferSessionTransferImage answered -17691", 0},
    {"transfer-once", 2, "VTPixelTransferSessionTransferImage answered -17691", 0},
    {"transfer", 2, "VTPixelTransferSessionTransferImage answered -12903, the session is no longer valid", -12903},
    {"transfer-once", 2, NULL, -12903}, /* a session that was lost is renewed */
    {"format", 1, "VTPixelTransferSessionTransferImage answered -12905", 0},
    {"source", 1, "CVPixelBufferCreateWithBytes answered -6680 for bgra", 0},
    {"lock", 2, "the destination buffer could not be locked, CoreVideo answered -6660", 0},
    {"unlock", 2, "the destination buffer could not be unlocked, CoreVideo answered -6660", 0},
    {"planes", 3, "the buffer has 3 planes, expected 2", 0},
    {"stride", 8, "has 8 bytes a row", 0},
    {"pool-memory", 1, "no destination buffer, the pool answered -6662", 0},
    {"pool", 100000, "no destination buffer, the pool answered -6689", 0},
    {"keep-ever", 1, "the system retains the caller's bytes", 0},
    {"pool", 5, NULL, 0},
    {"keep", 1, NULL, 0},
    {"session", 1, NULL, 0}, /* there is one already */
    {"green", 1, "a frame came out wrong: found 0 near", 0},
    {"green", 4, "a frame came out wrong: found 0 near", 0},
    {"swap", 1, "a frame came out wrong", 0},
};

static void play(const struct fault_case *fault)
{
    if (fault->status)
        assert_true(double_fault("status", fault->status));
    assert_true(double_fault(fault->fault, fault->value));
}

static void expect_fallback(const struct bench *bench, const struct fault_case *fault)
{
    const struct pixfer_converter_info info = bench_info(bench);

    if (!fault->reason) {
        assert_int_equal(info.backend, PIXFER_BACKEND_VIDEOTOOLBOX);
        assert_null(info.fallback_reason);
        return;
    }
    assert_int_equal(info.backend, PIXFER_BACKEND_CPU);
    assert_true(info.exact);
    expect_words(info.fallback_reason, "videotoolbox: ", &bench->told);
    expect_words(info.fallback_reason, fault->reason, &bench->told);
}

static void auto_refuses_a_system_that_is_wrong(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(lasting) / sizeof(*lasting); i++) {
        struct bench bench;

        print_message("  %s=%ld\n", lasting[i].fault, lasting[i].value);
        bench_init(&bench);
        play(&lasting[i]);
        assert_int_equal(bench_open(&bench), PIXFER_OK);
        expect_fallback(&bench, &lasting[i]);
        bench_convert(&bench);
        expect_fallback(&bench, &lasting[i]);
        assert_int_equal(bench.told.errors + bench.told.warnings, 0);
        expect_words(bench.told.text,
                     lasting[i].reason ? "first frame converted by cpu" : "first frame converted by videotoolbox", &bench.told);
        bench_end(&bench);
    }
}

/* Systems that take YUYV and UYVY, but not as they should. */
static void packed_422_that_is_wrong_is_refused(void **state)
{
    static const struct fault_case wrong[] = {
        {"format", 1, "it does not convert between these formats", 0},
        {"source", 1, "CVPixelBufferCreateWithBytes answered -6680 for", 0},
        {"green", 1, "self-test found", 0},
        {"swap", 1, "self-test found", 0},
        {"matrix", 1, "self-test found", 0},
        {"range", 1, "self-test found", 0},
        {"decimate", 1, "self-test found", 0},
        {"shift", 1, "self-test found", 0},
        {"keep", 1, NULL, 0},
    };

    (void)state;
    for (size_t i = 0; i < 2 * sizeof(wrong) / sizeof(*wrong); i++) {
        const struct fault_case *fault = &wrong[i / 2];
        struct bench bench;

        print_message("  %s=%ld\n", fault->fault, fault->value);
        bench_init(&bench);
        bench.params.src_format = i % 2 ? PIXFER_FORMAT_UYVY : PIXFER_FORMAT_YUYV;
        bench.params.color.siting = PIXFER_SITING_LEFT;
        play(fault);
        assert_int_equal(bench_open(&bench), PIXFER_OK);
        expect_fallback(&bench, fault);
        bench_convert(&bench);
        expect_fallback(&bench, fault);
        bench_end(&bench);
    }
}

static void packed_422_of_full_range_is_refused(void **state)
{
    struct bench bench;

    (void)state;
    bench_init(&bench);
    bench.params.src_format = PIXFER_FORMAT_UYVY;
    bench.params.color = (struct pixfer_color){.range = PIXFER_RANGE_FULL};
    assert_int_equal(bench_open(&bench), PIXFER_OK);
    expect_fallback(&bench, &(struct fault_case){.reason = "its uyvy is of limited range, full was asked for"});
    bench_convert(&bench);
    bench_end(&bench);
}

static void by_name_a_system_that_is_wrong_is_an_error(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(lasting) / sizeof(*lasting); i++) {
        struct bench bench;

        print_message("  %s=%ld\n", lasting[i].fault, lasting[i].value);
        bench_init(&bench);
        bench.params.backend = PIXFER_BACKEND_VIDEOTOOLBOX;
        play(&lasting[i]);
        assert_int_equal(bench_open(&bench) == PIXFER_OK, !lasting[i].reason);
        assert_int_equal(bench.told.errors, lasting[i].reason ? 1 : 0);
        if (lasting[i].reason)
            expect_words(bench.told.text, lasting[i].reason, &bench.told);
        else
            bench_convert(&bench);
        bench_end(&bench);
    }
}

static void break_down(const struct fault_case *fault, enum pixfer_backend backend)
{
    struct bench bench;

    bench_init(&bench);
    bench.params.backend = backend;
    assert_int_equal(bench_open(&bench), PIXFER_OK);
    assert_int_equal(bench_info(&bench).backend, PIXFER_BACKEND_VIDEOTOOLBOX);
    bench_convert(&bench);
    assert_int_equal(bench_info(&bench).backend, PIXFER_BACKEND_VIDEOTOOLBOX);
    play(fault);
    for (int i = 0; i < PICTURES; i++)
        bench_convert(&bench);
    expect_fallback(&bench, fault);
    assert_int_equal(bench_info(&bench).frames, PICTURES + 1);
    assert_int_equal(bench.told.errors, 0);
    assert_int_equal(bench.told.warnings, fault->reason ? 1 : 0);
    if (fault->reason)
        expect_words(bench.told.text, "; cpu continues with the same frame", &bench.told);
    bench_end(&bench);
}

static void the_cpu_takes_over_the_picture_that_failed(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(sudden) / sizeof(*sudden); i++) {
        print_message("  %s=%ld\n", sudden[i].fault, sudden[i].value);
        break_down(&sudden[i], PIXFER_BACKEND_AUTO);
        break_down(&sudden[i], PIXFER_BACKEND_VIDEOTOOLBOX);
    }
}

static void what_it_cannot_do_is_refused(void **state)
{
    static const struct {
        enum pixfer_format src, dst;
        enum pixfer_siting siting;
        const char *reason;
    } cases[] = {
        {PIXFER_FORMAT_BGRA, PIXFER_FORMAT_NV12, PIXFER_SITING_LEFT, "its chroma is centre-sited, left was asked for"},
        {PIXFER_FORMAT_BGRA, PIXFER_FORMAT_NV12, PIXFER_SITING_TOP_LEFT, "its chroma is centre-sited, top-left was asked for"},
        {PIXFER_FORMAT_BGRA, PIXFER_FORMAT_I420, PIXFER_SITING_CENTER, "does not convert bgra to i420"},
        {PIXFER_FORMAT_GBRP, PIXFER_FORMAT_NV12, PIXFER_SITING_CENTER, "does not convert gbrp to nv12"},
        {PIXFER_FORMAT_UYVY, PIXFER_FORMAT_NV12, PIXFER_SITING_CENTER,
         "its chroma of such sources is left-sited, centre was asked for"},
        {PIXFER_FORMAT_YUYV, PIXFER_FORMAT_NV12, PIXFER_SITING_TOP_LEFT,
         "its chroma of such sources is left-sited, top-left was asked for"},
        {PIXFER_FORMAT_YUYV, PIXFER_FORMAT_I420, PIXFER_SITING_LEFT, "does not convert yuyv to i420"},
        {PIXFER_FORMAT_RGBA, PIXFER_FORMAT_NV12, PIXFER_SITING_CENTER, "answered -12905"}, /* unless the system takes it */
        {PIXFER_FORMAT_ABGR, PIXFER_FORMAT_NV12, PIXFER_SITING_CENTER, "answered -12905"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct bench bench;

        bench_init(&bench);
        bench.params.src_format = cases[i].src;
        bench.params.dst_format = cases[i].dst;
        bench.params.color.siting = cases[i].siting;
        assert_int_equal(bench_open(&bench), PIXFER_OK);
        expect_fallback(&bench, &(struct fault_case){.reason = cases[i].reason});
        bench_convert(&bench);
        pixfer_converter_close(&bench.converter);
        bench.params.backend = PIXFER_BACKEND_VIDEOTOOLBOX;
        assert_int_equal(bench_open(&bench), PIXFER_ERR_UNSUPPORTED);
        expect_words(bench.told.text, cases[i].reason, &bench.told);
        bench_end(&bench);
    }
}

static void the_environment_allows_and_forbids(void **state)
{
    static const struct {
        const char *value;
        bool allowed;
    } cases[] = {{"0", false}, {"false", false}, {"off", false}, {"no", false}, {"OFF", false},
                 {"1", true},  {"true", true},   {"on", true},   {"yes", true}, {"", true}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        const struct fault_case expected = {.reason = cases[i].allowed ? NULL : "forbidden by CAP_VIDEOTOOLBOX_CONVERSION"};
        struct bench bench;

        bench_init(&bench);
        setenv("CAP_VIDEOTOOLBOX_CONVERSION", cases[i].value, 1);
        assert_int_equal(bench_open(&bench), PIXFER_OK);
        expect_fallback(&bench, &expected);
        bench_convert(&bench);
        pixfer_converter_close(&bench.converter);
        bench.params.backend = PIXFER_BACKEND_VIDEOTOOLBOX; /* it speaks of AUTO only */
        assert_int_equal(bench_open(&bench), PIXFER_OK);
        assert_int_equal(bench_info(&bench).backend, PIXFER_BACKEND_VIDEOTOOLBOX);
        pixfer_converter_close(&bench.converter);
        bench.params.backend = PIXFER_BACKEND_AUTO;
        setenv("PIXFER_BACKEND", "cpu", 1);
        assert_int_equal(bench_open(&bench), PIXFER_OK);
        assert_int_equal(bench_info(&bench).backend, PIXFER_BACKEND_CPU);
        unsetenv("PIXFER_BACKEND");
        unsetenv("CAP_VIDEOTOOLBOX_CONVERSION");
        bench_end(&bench);
    }
}

static void a_word_that_is_neither_is_an_error(void **state)
{
    struct bench bench;

    (void)state;
    bench_init(&bench);
    setenv("CAP_VIDEOTOOLBOX_CONVERSION", "perhaps", 1);
    assert_int_equal(bench_open(&bench), PIXFER_ERR_INVALID);
    unsetenv("CAP_VIDEOTOOLBOX_CONVERSION");
    expect_words(bench.told.text, "perhaps", &bench.told);
    bench_end(&bench);
}

/* A large frame may take another path through a driver than the small one of the self-test. */
static void a_fault_of_large_frames_is_seen_before_the_first(void **state)
{
    struct bench bench;

    (void)state;
    bench_init(&bench);
    bench.params.width = 200;
    double_fault("wide", 150);
    assert_int_equal(bench_open(&bench), PIXFER_OK);
    expect_fallback(&bench, &(struct fault_case){.reason = "self-test found"});
    bench_convert(&bench);
    bench_end(&bench);
}

/* Who does not want the comparison of every frame gets what the driver says. */
static void unchecked_frames_are_believed(void **state)
{
    struct bench bench;

    (void)state;
    bench_init(&bench);
    bench.params.unchecked = 1;
    assert_int_equal(bench_open(&bench), PIXFER_OK);
    bench_convert(&bench);
    double_fault("green", 1);
    assert_int_equal(pixfer_convert(bench.converter, &bench.src.image, &bench.dst.image), PIXFER_OK);
    assert_int_equal(bench_info(&bench).backend, PIXFER_BACKEND_VIDEOTOOLBOX);
    bench_end(&bench);
}

static void rows_belong_to_the_cpu(void **state)
{
    struct bench bench;

    (void)state;
    bench_init(&bench);
    assert_int_equal(bench_open(&bench), PIXFER_OK);
    bench_convert(&bench);
    for (uint32_t row = 0; row < bench.params.height; row += 2)
        assert_int_equal(pixfer_convert_rows(bench.converter, &bench.src.image, &bench.dst.image, row, 2), PIXFER_OK);
    expect_fallback(&bench, &(struct fault_case){.reason = "takes whole frames only, rows were asked for"});
    bench_check(&bench, &bench.src, &bench.dst, false);
    assert_int_equal(bench.told.warnings, 1);
    pixfer_converter_close(&bench.converter);

    bench.params.backend = PIXFER_BACKEND_VIDEOTOOLBOX;
    assert_int_equal(bench_open(&bench), PIXFER_OK);
    assert_int_equal(pixfer_convert_rows(bench.converter, &bench.src.image, &bench.dst.image, 0, 2), PIXFER_ERR_UNSUPPORTED);
    expect_words(bench.told.text, "videotoolbox converts whole frames", &bench.told);
    bench_end(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(auto_refuses_a_system_that_is_wrong),
        cmocka_unit_test(packed_422_that_is_wrong_is_refused),
        cmocka_unit_test(packed_422_of_full_range_is_refused),
        cmocka_unit_test(by_name_a_system_that_is_wrong_is_an_error),
        cmocka_unit_test(the_cpu_takes_over_the_picture_that_failed),
        cmocka_unit_test(what_it_cannot_do_is_refused),
        cmocka_unit_test(the_environment_allows_and_forbids),
        cmocka_unit_test(a_word_that_is_neither_is_an_error),
        cmocka_unit_test(a_fault_of_large_frames_is_seen_before_the_first),
        cmocka_unit_test(unchecked_frames_are_believed),
        cmocka_unit_test(rows_belong_to_the_cpu),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* What the VideoToolbox backend makes of the double: equal to the double's arithmetic for every format, size, stride and number of
 * threads, with sessions shared properly; and what it says of the time that transfers take. */

#include "expected.h"

#include <stdio.h>
#include <string.h>

static void every_pair_is_the_doubles_arithmetic(void **state)
{
    static const enum pixfer_format sources[] = {PIXFER_FORMAT_BGRA, PIXFER_FORMAT_ARGB, PIXFER_FORMAT_RGBA, PIXFER_FORMAT_ABGR};
    static const enum pixfer_matrix matrices[] = {PIXFER_MATRIX_BT709, PIXFER_MATRIX_BT601, PIXFER_MATRIX_SMPTE240M,
                                                  PIXFER_MATRIX_BT2020_NCL};

    (void)state;
    for (unsigned i = 0; i < 4 * 4 * 4; i++) {
        struct bench bench;

        bench_init(&bench);
        double_fault("take-rgba", 1);
        bench.params.src_format = sources[i % 4];
        bench.params.color.matrix = matrices[i / 4 % 4];
        bench.params.color.range = i & 16 ? PIXFER_RANGE_FULL : PIXFER_RANGE_LIMITED;
        bench.params.dst_format = i & 32 ? PIXFER_FORMAT_P010 : PIXFER_FORMAT_NV12;
        assert_int_equal(bench_open(&bench), PIXFER_OK);
        assert_int_equal(bench_info(&bench).backend, PIXFER_BACKEND_VIDEOTOOLBOX);
        assert_false(bench_info(&bench).exact);
        bench_convert(&bench);
        assert_int_equal(bench_info(&bench).backend, PIXFER_BACKEND_VIDEOTOOLBOX);
        bench_end(&bench);
    }
}

static void packed_422_is_exact_on_the_double(void **state)
{
    struct rng rng = {5};

    (void)state;
    for (unsigned i = 0; i < 24; i++) {
        struct bench bench;

        bench_init(&bench);
        bench.params.src_format = i % 2 ? PIXFER_FORMAT_UYVY : PIXFER_FORMAT_YUYV;
        bench.params.color = (struct pixfer_color){.matrix = i % 3 ? PIXFER_MATRIX_BT601 : PIXFER_MATRIX_BT709};
        bench.params.width = 1 + rng_below(&rng, 70);
        bench.params.height = 1 + rng_below(&rng, 12);
        assert_int_equal(bench_open(&bench), PIXFER_OK);
        assert_int_equal(bench_info(&bench).backend, PIXFER_BACKEND_VIDEOTOOLBOX);
        bench_convert(&bench);
        assert_int_equal(bench_info(&bench).backend, PIXFER_BACKEND_VIDEOTOOLBOX);
        bench_check(&bench, &bench.src, &bench.dst, false); /* the oracle's, too */
        bench_end(&bench);
    }
}

static void convert_with_layout(struct bench *bench, struct rng *rng)
{
    const struct pixfer_converter_params *p = &bench->params;
    const struct picture_layout from = picture_layout_random(rng), to = picture_layout_random(rng);

    picture_place(&bench->src, p->src_format, p->width, p->height, &from);
    picture_fill(&bench->src, PICTURE_RANDOM, rng);
    picture_place(&bench->dst, p->dst_format, p->width, p->height, &to);
    assert_int_equal(pixfer_convert(bench->converter, &bench->src.image, &bench->dst.image), PIXFER_OK);
    if (from.bottom_up && p->height % 2)
        expect_words(bench_info(bench).fallback_reason, "bottom-up and has an odd number of rows", &bench->told);
    else
        assert_null(bench_info(bench).fallback_reason);
    bench_check(bench, &bench->src, &bench->dst, bench_info(bench).backend == PIXFER_BACKEND_VIDEOTOOLBOX);
}

static void every_size_and_layout(void **state)
{
    struct rng rng = {7};

    (void)state;
    for (uint32_t width = 1; width <= 70; width++) {
        struct bench bench;
        const bool packed422 = width % 4 == 1;

        bench_init(&bench);
        bench.params.src_format = packed422 ? PIXFER_FORMAT_UYVY : PIXFER_FORMAT_BGRA;
        bench.params.color.siting = packed422 ? PIXFER_SITING_LEFT : PIXFER_SITING_CENTER;
        bench.params.width = width;
        bench.params.height = 1 + rng_below(&rng, 12);
        bench.params.dst_format = width % 3 || packed422 ? PIXFER_FORMAT_NV12 : PIXFER_FORMAT_P010;
        assert_int_equal(bench_open(&bench), PIXFER_OK);
        convert_with_layout(&bench, &rng);
        bench_end(&bench);
    }
}

#define BATCH 24

struct batch {
    struct picture src[BATCH], dst[BATCH];
    struct pixfer_image from[BATCH], to[BATCH];
};

static void batch_fill(struct batch *batch, struct bench *bench)
{
    const struct pixfer_converter_params *p = &bench->params;

    memset(batch, 0, sizeof(*batch));
    for (int i = 0; i < BATCH; i++) {
        picture_place(&batch->src[i], p->src_format, p->width, p->height, &(struct picture_layout){0});
        picture_fill(&batch->src[i], PICTURE_RANDOM, &bench->rng);
        picture_place(&batch->dst[i], p->dst_format, p->width, p->height, &(struct picture_layout){0});
        batch->from[i] = batch->src[i].image;
        batch->to[i] = batch->dst[i].image;
    }
}

static void batch_free(struct batch *batch)
{
    for (int i = 0; i < BATCH; i++) {
        picture_free(&batch->src[i]);
        picture_free(&batch->dst[i]);
    }
}

static void a_batch_keeps_several_transfers_in_flight(void **state)
{
    static struct batch batch;
    struct bench bench;

    (void)state;
    bench_init(&bench);
    bench.params.threads = 4;
    assert_int_equal(bench_open(&bench), PIXFER_OK);
    batch_fill(&batch, &bench);
    double_fault("sleep", 3000);
    double_fault("session", 0);
    assert_int_equal(pixfer_convert_batch(bench.converter, batch.from, batch.to, BATCH), PIXFER_OK);
    assert_null(bench_info(&bench).fallback_reason);
    for (int i = 0; i < BATCH; i++)
        bench_check(&bench, &batch.src[i], &batch.dst[i], true);
    /* One of the self-test, one of the converter, and at most three more: those that were in flight at once. */
    assert_in_range(double_count().sessions, 3, 5);
    assert_int_equal(bench_info(&bench).frames, BATCH);
    batch_free(&batch);
    bench_end(&bench);
}

/* A frame is right if it is right by the transfer's measure or by the exact one. */
static bool equals(struct bench *bench, const struct picture *src, const struct picture *dst)
{
    const struct pixfer_converter_params *p = &bench->params;
    struct pixfer_converter *cpu;
    struct pixfer_converter_params params = *p;
    unsigned plane;
    size_t x, y;

    params.backend = PIXFER_BACKEND_CPU;
    assert_int_equal(pixfer_converter_open(&cpu, &params), PIXFER_OK);
    picture_place(&bench->wanted, p->dst_format, p->width, p->height, &(struct picture_layout){0});
    assert_int_equal(pixfer_convert(cpu, &src->image, &bench->wanted.image), PIXFER_OK);
    pixfer_converter_close(&cpu);
    return !picture_difference(&bench->wanted, dst, &plane, &x, &y);
}

static void a_batch_loses_nothing_when_transfers_fail(void **state)
{
    static struct batch batch;
    struct bench bench;
    int exact = 0;

    (void)state;
    bench_init(&bench);
    bench.params.threads = 3;
    assert_int_equal(bench_open(&bench), PIXFER_OK);
    batch_fill(&batch, &bench);
    double_fault("transfer", 10);
    assert_int_equal(pixfer_convert_batch(bench.converter, batch.from, batch.to, BATCH), PIXFER_OK);
    for (int i = 0; i < BATCH; i++) {
        if (equals(&bench, &batch.src[i], &batch.dst[i]))
            exact++;
        else
            bench_check(&bench, &batch.src[i], &batch.dst[i], true);
    }
    assert_int_equal(exact, BATCH - 9);
    assert_int_equal(bench_info(&bench).frames, BATCH);
    assert_int_equal(bench.told.warnings, 1);
    expect_words(bench_info(&bench).fallback_reason, "-17691", &bench.told);
    batch_free(&batch);
    bench_end(&bench);
}

struct caller {
    struct bench *bench;
    const struct batch *batch;
    int first;
    enum pixfer_result result;
    pthread_t thread;
};

#define CALLERS 24

static void *call(void *opaque)
{
    struct caller *caller = opaque;

    for (int i = caller->first; i < BATCH && caller->result == PIXFER_OK; i += CALLERS)
        caller->result = pixfer_convert(caller->bench->converter, &caller->batch->from[i], &caller->batch->to[i]);
    return NULL;
}

/* More threads than sessions, with the given fault. */
static void call_from_many_threads(const char *fault, long value, bool all_transferred)
{
    static struct batch batch;
    struct caller callers[CALLERS];
    struct bench bench;

    bench_init(&bench);
    bench.params.threads = 2;
    assert_int_equal(bench_open(&bench), PIXFER_OK);
    batch_fill(&batch, &bench);
    double_fault("sleep", 500);
    double_fault(fault, value);
    for (int i = 0; i < CALLERS; i++) {
        callers[i] = (struct caller){.bench = &bench, .batch = &batch, .first = i};
        assert_int_equal(pthread_create(&callers[i].thread, NULL, call, &callers[i]), 0);
    }
    for (int i = 0; i < CALLERS; i++) {
        pthread_join(callers[i].thread, NULL);
        assert_int_equal(callers[i].result, PIXFER_OK);
    }
    for (int i = 0; i < BATCH; i++)
        if (all_transferred || !equals(&bench, &batch.src[i], &batch.dst[i]))
            bench_check(&bench, &batch.src[i], &batch.dst[i], true);
    assert_int_equal(!bench_info(&bench).fallback_reason, all_transferred);
    batch_free(&batch);
    bench_end(&bench);
}

static void threads_share_what_sessions_there_are(void **state)
{
    (void)state;
    call_from_many_threads("sleep", 500, true);
    /* Twelve turns of 120 ms: who waited for a session with a buffer in hand would keep the pool empty for more than a second. */
    call_from_many_threads("sleep", 120000, true);
    call_from_many_threads("session", 1, true); /* no second session: all share the first */
    call_from_many_threads("pool", 20, true);
    call_from_many_threads("keep", 1, true);
    call_from_many_threads("transfer", 8, false);
}

static void source_bytes_are_free_when_the_call_returns(void **state)
{
    struct bench bench;

    (void)state;
    bench_init(&bench);
    assert_int_equal(bench_open(&bench), PIXFER_OK);
    double_fault("keep", 1);
    bench_convert(&bench);
    /* The buffers that wrapped bytes are gone: what lives is a pool with an idle surface, its threshold's dictionary and number, and a
     * session. */
    assert_int_equal(double_count().live, 5);
    expect_words(bench.told.text, "the session retains the source", &bench.told);
    bench_end(&bench);
}

/* A system lets go on a thread of its own, a moment later: that is no reason to make a session for every frame. */
static void a_late_release_is_waited_for(void **state)
{
    struct bench bench;
    long sessions;

    (void)state;
    bench_init(&bench);
    assert_int_equal(bench_open(&bench), PIXFER_OK);
    sessions = double_count().sessions;
    double_fault("late", 2000);
    for (int i = 0; i < 5; i++)
        bench_convert(&bench);
    assert_int_equal(double_count().sessions, sessions);
    assert_null(strstr(bench.told.text, "renewed"));
    assert_null(bench_info(&bench).fallback_reason);
    bench_end(&bench);
}

/* ---- What is said of the time ---- */

static double last_wall_s;

static const char *said_of(const char *how, long microseconds, int pictures)
{
    static char word[32];
    struct pixfer_converter_info info = PIXFER_CONVERTER_INFO();
    struct bench bench;

    bench_init(&bench);
    assert_int_equal(bench_open(&bench), PIXFER_OK);
    info = bench_info(&bench);
    assert_string_equal(info.acceleration, "unknown");
    double_fault(how, microseconds);
    for (int i = 0; i < pictures; i++)
        bench_convert(&bench);
    info = bench_info(&bench);
    assert_true(info.wall_s >= 1e-6 * (double)microseconds * pictures);
    assert_true(info.process_cpu_s >= info.cpu_s);
    last_wall_s = info.wall_s;
    snprintf(word, sizeof(word), "%s", info.acceleration);
    bench_end(&bench);
    if (pictures >= 8)
        expect_words(bench.told.text, "of CPU time on the calling threads", &bench.told);
    return word;
}

/* Measured on a machine that others use too: one try in twenty must come out clean, and none may claim what is not so. */
static void expect_said(const char *how, long microseconds, int pictures, const char *word, const char *never)
{
    for (int i = 0; i < 20; i++) {
        const char *said = said_of(how, microseconds, pictures);

        assert_string_not_equal(said, never);
        if (!strcmp(said, word))
            return;
    }
    fail_msg("twenty times %d frames with \"%s\" were never \"%s\"", pictures, how, word);
}

static void only_what_was_measured_is_said(void **state)
{
    (void)state;
    expect_said("sleep", 4000, 10, "offloaded", "cpu-bound");
    expect_said("spin", 300, 150, "cpu-bound", "offloaded"); /* short enough to run in one piece now and then */
    expect_said("helper", 300, 150, "unknown", "offloaded"); /* CPU time, but not on the calling thread */
    assert_string_equal(said_of("sleep", 4000, 7), "unknown");
    if (strcmp(said_of("sleep", 100, 8),
               "unknown")) /* too little to say anything, unless a sanitizer or a busy machine made it more */
        assert_true(last_wall_s >= 0.02);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_pair_is_the_doubles_arithmetic),
        cmocka_unit_test(packed_422_is_exact_on_the_double),
        cmocka_unit_test(every_size_and_layout),
        cmocka_unit_test(a_batch_keeps_several_transfers_in_flight),
        cmocka_unit_test(a_batch_loses_nothing_when_transfers_fail),
        cmocka_unit_test(threads_share_what_sessions_there_are),
        cmocka_unit_test(source_bytes_are_free_when_the_call_returns),
        cmocka_unit_test(a_late_release_is_waited_for),
        cmocka_unit_test(only_what_was_measured_is_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* What the drop-in hands on has libswscale's bytes, and its answers. */

#include <sys/wait.h>
#include <unistd.h>

#include "common.h"

struct frames {
    struct frame src, dst, expected;
};

static struct frames frames_make(const struct ask *ask)
{
    return (struct frames){frame_make(ask->from, ask->width, ask->height, 9), frame_make(ask->to, ask->width, ask->height, 0),
                           frame_make(ask->to, ask->width, ask->height, 0)};
}

static void frames_free(struct frames *frames)
{
    frame_free(&frames->src);
    frame_free(&frames->dst);
    frame_free(&frames->expected);
}

/* Both of them, by turns, so that one that only looks at the first frame is found out. */
static void expect_plain(struct SwsContext *c, struct SwsContext *other, const struct ask *ask)
{
    for (int i = 0; i < 2; i++) {
        struct frames frames = frames_make(ask);
        int result;

        assert_non_null(c);
        assert_non_null(other);
        result = plain.scale(other, (const uint8_t *const *)frames.src.data, frames.src.stride, 0, ask->height,
                             frames.expected.data, frames.expected.stride);
        assert_int_equal(scale_whole(c, &frames.src, &frames.dst), result);
        assert_frames_equal(&frames.dst, &frames.expected);
        frames_free(&frames);
    }
    sws_freeContext(c);
    plain.freeContext(other);
}

static void expect_handed_on(const struct ask *ask)
{
    expect_plain(open_seen(ask), open_plain(ask), ask);
}

static void test_flags(void **state)
{
    static const int flags[] = {SWS_BICUBIC | SWS_BITEXACT,
                                SWS_BICUBIC | SWS_ACCURATE_RND | SWS_BITEXACT,
                                SWS_BICUBIC | SWS_ERROR_DIFFUSION,
                                SWS_BICUBIC | 1 << SWS_SRC_V_CHR_DROP_SHIFT,
                                SWS_POINT,
                                SWS_X,
                                SWS_GAUSS,
                                SWS_SINC,
                                SWS_LANCZOS,
                                SWS_SPLINE};

    (void)state;
    for (size_t i = 0; i < COUNT(flags); i++)
        expect_handed_on(&ASK(.flags = flags[i]));
}

static void test_options(void **state)
{
    static const struct {
        const char *name;
        int64_t value;
    } options[] = {{"param0", 1},        {"param1", 1},         {"sws_dither", 2},     {"sws_dither", 3},
                   {"gamma", 1},         {"alphablend", 1},     {"src_h_chr_pos", 64}, {"src_v_chr_pos", 64},
                   {"dst_v_chr_pos", 0}, {"dst_v_chr_pos", 64}, {"dst_h_chr_pos", 256}};

    (void)state;
    for (size_t i = 0; i < COUNT(options); i++)
        expect_handed_on(&ASK(.option = options[i].name, .value = options[i].value));
}

static void test_formats(void **state)
{
    static const enum AVPixelFormat pairs[][2] = {
        {AV_PIX_FMT_RGBA, AV_PIX_FMT_YUVA420P}, {AV_PIX_FMT_RGBA, AV_PIX_FMT_YUV410P},    {AV_PIX_FMT_RGBA, AV_PIX_FMT_YUYV422},
        {AV_PIX_FMT_RGBA, AV_PIX_FMT_GRAY8},    {AV_PIX_FMT_RGBA, AV_PIX_FMT_YUV420P10},  {AV_PIX_FMT_RGBA, AV_PIX_FMT_BGRA},
        {AV_PIX_FMT_RGBA, AV_PIX_FMT_RGB565},   {AV_PIX_FMT_NV12, AV_PIX_FMT_RGBA},       {AV_PIX_FMT_YUV420P, AV_PIX_FMT_NV12},
        {AV_PIX_FMT_RGB565, AV_PIX_FMT_NV12},   {AV_PIX_FMT_RGBA64, AV_PIX_FMT_NV12},     {AV_PIX_FMT_GRAY8, AV_PIX_FMT_NV12},
        {AV_PIX_FMT_YUYV422, AV_PIX_FMT_NV12},  {AV_PIX_FMT_GBRAP, AV_PIX_FMT_YUV444P},   {AV_PIX_FMT_GBRP10, AV_PIX_FMT_P010},
        {AV_PIX_FMT_YUV444P, AV_PIX_FMT_BGR24}, {AV_PIX_FMT_YUVA444P, AV_PIX_FMT_YUV420P}};

    (void)state;
    for (size_t i = 0; i < COUNT(pairs); i++)
        expect_handed_on(&ASK(.from = pairs[i][0], .to = pairs[i][1]));
}

static void test_colors(void **state)
{
    const struct ask ask = ASK(.matrix = 0);
    const int *fcc = sws_getCoefficients(SWS_CS_FCC), *bt601 = sws_getCoefficients(SWS_CS_ITU601),
              odd[4] = {104597, 132201, 25675, 53278};
    const struct {
        const int *table;
        int brightness, contrast, saturation;
    } details[] = {{fcc, 0, 1 << 16, 1 << 16},
                   {odd, 0, 1 << 16, 1 << 16},
                   {bt601, 1, 1 << 16, 1 << 16},
                   {bt601, 0, 1 << 15, 1 << 16},
                   {bt601, 0, 1 << 16, 1 << 15}};

    (void)state;
    for (size_t i = 0; i < COUNT(details); i++) {
        struct SwsContext *c = open_seen(&ask), *other = open_plain(&ask);

        assert_int_equal(sws_setColorspaceDetails(c, bt601, 0, details[i].table, 0, details[i].brightness, details[i].contrast,
                                                  details[i].saturation),
                         plain.setColorspaceDetails(other, bt601, 0, details[i].table, 0, details[i].brightness,
                                                    details[i].contrast, details[i].saturation));
        expect_plain(c, other, &ask);
    }
}

static void test_filters(void **state)
{
    const struct ask ask = ASK(.matrix = 0);
    SwsFilter *filter = sws_getDefaultFilter(1, 1, 0, 0, 0, 0, 0);
    struct SwsContext *c = sws_getContext(66, 35, ask.from, 66, 35, ask.to, SWS_BICUBIC, filter, NULL, NULL);
    struct SwsContext *other = plain.getContext(66, 35, ask.from, 66, 35, ask.to, SWS_BICUBIC, filter, NULL, NULL);

    (void)state;
    expect_plain(c, other, &ask);
    c = sws_getCachedContext(NULL, 66, 35, ask.from, 66, 35, ask.to, SWS_BICUBIC, NULL, filter, NULL);
    assert_true(c ==
                sws_getCachedContext(c, 66, 35, ask.from, 66, 35, ask.to, SWS_BICUBIC, NULL, NULL, NULL)); /* it keeps them */
    other = plain.getContext(66, 35, ask.from, 66, 35, ask.to, SWS_BICUBIC, NULL, filter, NULL);
    expect_plain(c, other, &ask);
    for (int i = 0; i < 2;
         i++) { /* flags of 0 never compare equal: one that has filters may come at the address of one that had none */
        c = sws_getCachedContext(i ? c : NULL, 66, 35, ask.from, 66, 35, ask.to, 0, NULL, i ? filter : NULL, NULL);
        if (!i) {
            struct frames frames = frames_make(&ask);

            scale_whole(c, &frames.src, &frames.dst);
            frames_free(&frames);
        }
    }
    expect_plain(c, plain.getContext(66, 35, ask.from, 66, 35, ask.to, 0, NULL, filter, NULL), &ask);
    sws_freeFilter(filter);
}

/* What is known of an address ends with the context. */
static void test_freed(void **state)
{
    const struct ask ask = ASK(.matrix = 0);
    struct frames frames = frames_make(&ask);
    struct SwsContext *c, *unseen;

    (void)state;
    by_plain(&ask, &frames.src, &frames.expected);
    c = open_seen(&ask);
    scale_whole(c, &frames.src, &frames.dst);
    sws_freeContext(c);
    unseen = open_plain(&ask);
    if (unseen != c)
        print_message("the address did not come again here\n");
    assert_int_equal(scale_whole(unseen, &frames.src, &frames.dst), 35);
    assert_frames_equal(&frames.dst, &frames.expected);
    plain.freeContext(unseen);
    frames_free(&frames);
}

static void test_scaling(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        struct frame src = frame_make(AV_PIX_FMT_RGBA, 66, 36, 4),
                     dst = frame_make(AV_PIX_FMT_NV12, 33 << (i & 1), 18 << (i & 1), 0);
        struct frame expected = frame_make(AV_PIX_FMT_NV12, dst.width, dst.height, 0);
        struct SwsContext *c, *other;

        c = sws_getCachedContext(NULL, 66, 36, AV_PIX_FMT_RGBA, 66, 36, AV_PIX_FMT_NV12, SWS_BICUBIC, NULL, NULL, NULL);
        dst.height -= i > 1;
        c = sws_getCachedContext(c, 66, 36, AV_PIX_FMT_RGBA, dst.width, dst.height, AV_PIX_FMT_NV12, SWS_BICUBIC, NULL, NULL,
                                 NULL);
        other = plain.getContext(66, 36, AV_PIX_FMT_RGBA, dst.width, dst.height, AV_PIX_FMT_NV12, SWS_BICUBIC, NULL, NULL, NULL);
        if (dst.width == src.width && dst.height == src.height) {
            const struct ask same = ASK(.height = 36);

            by_pixfer(&same, &src, &expected); /* taken in between */
        } else {
            plain.scale(other, (const uint8_t *const *)src.data, src.stride, 0, 36, expected.data, expected.stride);
        }
        assert_int_equal(scale_whole(c, &src, &dst), dst.height);
        assert_frames_equal(&dst, &expected);
        sws_freeContext(c);
        plain.freeContext(other);
        frame_free(&src);
        frame_free(&dst);
        frame_free(&expected);
    }
}

/* From the bottom to the top, and then whole again. */
static void test_bottom_first(void **state)
{
    static const int pieces[][2] = {{20, 16}, {10, 10}, {0, 10}};
    const struct ask ask = ASK(.height = 36);
    struct frames frames = frames_make(&ask);
    struct SwsContext *c = open_seen(&ask), *other = open_plain(&ask);

    (void)state;
    for (size_t i = 0; i < COUNT(pieces); i++) {
        const uint8_t *piece[4] = {frames.src.data[0] + pieces[i][0] * frames.src.stride[0]};

        assert_int_equal(sws_scale(c, piece, frames.src.stride, pieces[i][0], pieces[i][1], frames.dst.data, frames.dst.stride),
                         plain.scale(other, piece, frames.src.stride, pieces[i][0], pieces[i][1], frames.expected.data,
                                     frames.expected.stride));
    }
    assert_frames_equal(&frames.dst, &frames.expected);
    by_pixfer(&ask, &frames.src, &frames.expected);
    assert_int_equal(scale_whole(c, &frames.src, &frames.dst), 36);
    assert_frames_equal(&frames.dst, &frames.expected);
    sws_freeContext(c);
    plain.freeContext(other);
    frames_free(&frames);
}

/* Cb and Cr into the same memory, for one who wants luma only: pixfer refuses what overlaps, libswscale does it. */
static void test_shared_planes(void **state)
{
    const struct ask ask = ASK(.to = AV_PIX_FMT_YUV420P);
    struct frames frames = frames_make(&ask);
    struct SwsContext *c = open_seen(&ask), *other = open_plain(&ask);

    (void)state;
    frames.dst.data[2] = frames.dst.data[1];
    frames.expected.data[2] = frames.expected.data[1];
    plain.scale(other, (const uint8_t *const *)frames.src.data, frames.src.stride, 0, 35, frames.expected.data,
                frames.expected.stride);
    assert_int_equal(scale_whole(c, &frames.src, &frames.dst), 35);
    assert_frames_equal(&frames.dst, &frames.expected);
    sws_freeContext(c);
    plain.freeContext(other);
    frames_free(&frames);
}

/* ---- What no one should ask for ---- */

static void test_wrong_slices(void **state)
{
    const struct ask ask = ASK(.height = 36);
    struct frames frames = frames_make(&ask);
    struct SwsContext *c = open_seen(&ask), *other = open_plain(&ask);
    const uint8_t *const *src = (const uint8_t *const *)frames.src.data, *const nothing[4] = {NULL};
    uint8_t *const nowhere[4] = {frames.dst.data[0], NULL};
    const int zero[4] = {0}, *stride = frames.src.stride;
    const struct {
        const uint8_t *const *src;
        const int *src_stride;
        int y, h;
        uint8_t *const *dst;
        const int *dst_stride;
    } wrong[] = {
        {NULL, stride, 0, 36, frames.dst.data, frames.dst.stride},
        {src, NULL, 0, 36, frames.dst.data, frames.dst.stride},
        {src, stride, 0, 36, NULL, frames.dst.stride},
        {src, stride, 0, 36, frames.dst.data, NULL},
        {nothing, stride, 0, 36, frames.dst.data, frames.dst.stride},
        {src, zero, 0, 36, frames.dst.data, frames.dst.stride},
        {src, stride, 0, 36, nowhere, frames.dst.stride},
        {src, stride, 0, 36, frames.dst.data, zero},
        {src, stride, 0, 37, frames.dst.data, frames.dst.stride},
        {src, stride, 10, 27, frames.dst.data, frames.dst.stride},
        {src, stride, 10, 4, frames.dst.data, frames.dst.stride},
        {src, stride, 36, 2, frames.dst.data, frames.dst.stride},
        {src, stride, 4, 0, frames.dst.data, frames.dst.stride},
        {src, stride, -2, 4, frames.dst.data, frames.dst.stride},
    };

    (void)state;
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < COUNT(wrong); i++) {
            const int expected =
                plain.scale(other, wrong[i].src, wrong[i].src_stride, wrong[i].y, wrong[i].h, wrong[i].dst, wrong[i].dst_stride);

            /* At first as the first thing a context is asked, then amid a frame. */
            if (round)
                assert_int_equal(sws_scale(c, src, stride, 0, 7, frames.dst.data, frames.dst.stride), 6);
            assert_true(expected <= 0);
            assert_int_equal(
                sws_scale(c, wrong[i].src, wrong[i].src_stride, wrong[i].y, wrong[i].h, wrong[i].dst, wrong[i].dst_stride),
                expected);
        }
    by_pixfer(&ask, &frames.src, &frames.expected);
    assert_int_equal(scale_whole(c, &frames.src, &frames.dst), 36);
    assert_frames_equal(&frames.dst, &frames.expected);
    sws_freeContext(c);
    plain.freeContext(other);
    frames_free(&frames);
}

static void test_wrong_frames(void **state)
{
    const struct ask ask = ASK(.height = 36);
    struct SwsContext *c = open_seen(&ask), *other = open_plain(&ask);
    AVFrame *in = av_frame_alloc(), *empty = av_frame_alloc(), *out = av_frame_alloc(), *expected = av_frame_alloc();

    (void)state;
    in->format = ask.from;
    in->width = 66;
    in->height = 20; /* less than the context has */
    assert_int_equal(av_frame_get_buffer(in, 0), 0);
    out->format = ask.to;
    out->width = 66;
    out->height = 36;
    assert_int_equal(av_frame_get_buffer(out, 0), 0);
    assert_int_equal(sws_scale_frame(c, out, in), plain.scale_frame(other, out, in));
    assert_true(sws_scale_frame(c, out, in) < 0);
    assert_int_equal(sws_scale_frame(c, out, empty), plain.scale_frame(other, out, empty));
    av_frame_unref(in);
    in->format = ask.from;
    in->width = 128; /* more, which libswscale does not look at */
    in->height = 36;
    assert_int_equal(av_frame_get_buffer(in, 0), 0);
    for (int row = 0; row < 36; row++)
        for (int x = 0; x < 512; x++)
            in->data[0][row * in->linesize[0] + x] = (uint8_t)(x * x + row * 7 * x);
    assert_int_equal(sws_scale_frame(c, out, in), plain.scale_frame(other, expected, in));
    for (int row = 0; row < 36; row++)
        assert_memory_equal(out->data[0] + row * out->linesize[0], expected->data[0] + row * expected->linesize[0], 66);
    av_frame_free(&expected);
    av_frame_free(&in);
    av_frame_free(&empty);
    av_frame_free(&out);
    sws_freeContext(c);
    plain.freeContext(other);
}

static void test_wrong_contexts(void **state)
{
    struct SwsContext *c;

    (void)state;
    sws_freeContext(NULL);
    assert_null(sws_getContext(0, 35, AV_PIX_FMT_RGBA, 66, 35, AV_PIX_FMT_NV12, SWS_BICUBIC, NULL, NULL, NULL));
    assert_null(sws_getContext(66, 35, AV_PIX_FMT_RGBA, 66, 35, AV_PIX_FMT_NV12, SWS_BICUBIC | SWS_AREA, NULL, NULL, NULL));
    assert_null(sws_getCachedContext(NULL, 66, 35, AV_PIX_FMT_RGBA, 66, 35, AV_PIX_FMT_VAAPI, SWS_BICUBIC, NULL, NULL, NULL));
    c = sws_getCachedContext(NULL, 66, 35, AV_PIX_FMT_RGBA, 66, 35, AV_PIX_FMT_NV12, SWS_BICUBIC, NULL, NULL, NULL);
    assert_non_null(c);
    assert_null(sws_getCachedContext(c, 66, 35, AV_PIX_FMT_RGBA, 66, 35, AV_PIX_FMT_VAAPI, SWS_BICUBIC, NULL, NULL, NULL));
    c = sws_alloc_context();
    av_opt_set_int(c, "sws_flags", SWS_BICUBIC | SWS_AREA, 0);
    assert_true(sws_init_context(c, NULL, NULL) < 0);
    sws_freeContext(c);
}

/* A child of fork() converts, too. */
static void test_fork(void **state)
{
    const struct ask ask = ASK(.matrix = 0);
    struct SwsContext *c = open_seen(&ask);
    struct frames frames = frames_make(&ask);
    int status = 1;
    pid_t child;

    (void)state;
    by_pixfer(&ask, &frames.src, &frames.expected);
    child = fork();
    if (!child)
        _exit(scale_whole(c, &frames.src, &frames.dst) != 35 || !frame_equal(&frames.dst, &frames.expected));
    assert_true(child > 0 && waitpid(child, &status, 0) == child);
    assert_int_equal(status, 0);
    sws_freeContext(c);
    frames_free(&frames);
}

static int setup(void **state)
{
    (void)state;
    av_log_set_level(AV_LOG_QUIET);
    plain_open();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_flags),        cmocka_unit_test(test_options),      cmocka_unit_test(test_formats),
        cmocka_unit_test(test_colors),       cmocka_unit_test(test_filters),      cmocka_unit_test(test_scaling),
        cmocka_unit_test(test_freed),        cmocka_unit_test(test_bottom_first), cmocka_unit_test(test_shared_planes),
        cmocka_unit_test(test_wrong_slices), cmocka_unit_test(test_wrong_frames), cmocka_unit_test(test_wrong_contexts),
        cmocka_unit_test(test_fork),
    };

    return cmocka_run_group_tests(tests, setup, NULL);
}

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* What the drop-in takes over has pixfer's bytes, whichever way it is asked for. */

#include <libavutil/md5.h>
#include <pthread.h>

#include "common.h"

static const enum AVPixelFormat from_all[] = {AV_PIX_FMT_RGBA,  AV_PIX_FMT_BGRA,  AV_PIX_FMT_ARGB, AV_PIX_FMT_ABGR,
                                              AV_PIX_FMT_RGB0,  AV_PIX_FMT_BGR0,  AV_PIX_FMT_0RGB, AV_PIX_FMT_0BGR,
                                              AV_PIX_FMT_RGB24, AV_PIX_FMT_BGR24, AV_PIX_FMT_GBRP};
static const enum AVPixelFormat to_all[] = {AV_PIX_FMT_NV12,    AV_PIX_FMT_NV21,    AV_PIX_FMT_YUV420P, AV_PIX_FMT_P010,
                                            AV_PIX_FMT_YUV422P, AV_PIX_FMT_YUV444P, AV_PIX_FMT_NV24};

/* Converts a new frame with the context, and compares. */
static void expect_taken(struct SwsContext *c, const struct ask *ask)
{
    struct frame src = frame_make(ask->from, ask->width, ask->height, 7), dst = frame_make(ask->to, ask->width, ask->height, 0);
    struct frame expected = frame_make(ask->to, ask->width, ask->height, 0);

    assert_non_null(c);
    by_pixfer(ask, &src, &expected);
    assert_int_equal(scale_whole(c, &src, &dst), ask->height);
    assert_frames_equal(&dst, &expected);
    frame_free(&src);
    frame_free(&dst);
    frame_free(&expected);
}

static void test_formats(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(from_all); i++)
        for (size_t j = 0; j < COUNT(to_all); j++) {
            const struct ask ask = ASK(.from = from_all[i], .to = to_all[j]);
            struct SwsContext *c = open_seen(&ask);

            expect_taken(c, &ask);
            sws_freeContext(c);
        }
}

/* The frame and the sum of doc/bindings.md, by which all bindings are compared. */
static void test_reference(void **state)
{
    static const uint8_t expected[16] = {0x8d, 0x7f, 0x7d, 0x4e, 0x58, 0x67, 0xeb, 0x27,
                                         0x4d, 0xd1, 0x8a, 0x93, 0x18, 0x71, 0xce, 0x52};
    const struct ask ask = ASK(.width = 256, .height = 144, .matrix = PIXFER_MATRIX_BT709, .siting = PIXFER_SITING_LEFT);
    struct frame src = frame_make(ask.from, 256, 144, 0), dst = frame_make(ask.to, 256, 144, 0);
    struct SwsContext *c = open_seen(&ask);
    uint8_t nv12[256 * 144 * 3 / 2], sum[16];

    (void)state;
    for (int y = 0; y < 144; y++)
        for (int x = 0; x < 256; x++) {
            uint8_t *pixel = src.data[0] + y * src.stride[0] + 4 * x;

            pixel[0] = (uint8_t)x;
            pixel[1] = (uint8_t)(7 * y);
            pixel[2] = (uint8_t)(x * y);
            pixel[3] = 255;
        }
    assert_int_equal(scale_whole(c, &src, &dst), 144);
    for (int row = 0; row < 144 + 72; row++)
        memcpy(nv12 + row * 256, row < 144 ? dst.data[0] + row * dst.stride[0] : dst.data[1] + (row - 144) * dst.stride[1], 256);
    av_md5_sum(sum, nv12, sizeof(nv12));
    assert_memory_equal(sum, expected, sizeof(sum));
    sws_freeContext(c);
    frame_free(&src);
    frame_free(&dst);
}

static void test_three_ways(void **state)
{
    const struct ask ask = ASK(.width = 64);
    struct SwsContext *c = sws_getContext(64, 35, ask.from, 64, 35, ask.to, SWS_BILINEAR, NULL, NULL, NULL);

    (void)state;
    expect_taken(c, &ask);
    sws_freeContext(c);
    c = sws_getCachedContext(NULL, 64, 35, ask.from, 64, 35, ask.to, SWS_AREA, NULL, NULL, NULL);
    expect_taken(c, &ask);
    sws_freeContext(c);
    c = open_seen(&ask);
    expect_taken(c, &ask);
    sws_freeContext(c);
}

static void test_colors(void **state)
{
    static const enum pixfer_matrix matrices[] = {PIXFER_MATRIX_BT601, PIXFER_MATRIX_BT709, PIXFER_MATRIX_SMPTE240M,
                                                  PIXFER_MATRIX_BT2020_NCL};

    (void)state;
    for (size_t i = 0; i < COUNT(matrices); i++)
        for (int range = 0; range < 2; range++)
            for (int siting = 0; siting < 3; siting++)
                for (size_t j = 0; j < COUNT(to_all); j++) {
                    const struct ask ask = ASK(.to = to_all[j], .matrix = matrices[i], .range = range, .siting = siting);
                    struct SwsContext *c = open_seen(&ask);

                    expect_taken(c, &ask);
                    sws_freeContext(c);
                }
}

static void test_jpeg(void **state)
{
    const struct ask ask = ASK(.to = AV_PIX_FMT_YUVJ420P, .range = PIXFER_RANGE_FULL);
    struct SwsContext *c = sws_getContext(66, 35, ask.from, 66, 35, ask.to, SWS_BICUBIC, NULL, NULL, NULL);

    (void)state;
    expect_taken(c, &ask);
    sws_freeContext(c);
}

/* The options of a context that has threads are not what it uses, but what was asked for. */
static void test_threads_option(void **state)
{
    (void)state;
    for (int threads = 0; threads < 5; threads += 2) {
        const struct ask ask = ASK(.from = AV_PIX_FMT_BGR0, .option = "threads", .value = threads, .height = 600);
        const struct ask jpeg = ASK(.to = AV_PIX_FMT_YUVJ420P, .range = PIXFER_RANGE_FULL, .option = "threads", .value = threads);
        struct SwsContext *c = open_seen(&ask);

        expect_taken(c, &ask);
        sws_freeContext(c);
        c = open_seen(&jpeg);
        expect_taken(c, &jpeg);
        sws_freeContext(c);
    }
}

static void test_negative_strides(void **state)
{
    (void)state;
    for (int which = 1; which < 4; which++) {
        const struct ask ask = ASK(.siting = PIXFER_SITING_TOP_LEFT);
        struct frame src = frame_make(ask.from, ask.width, ask.height, 3), dst = frame_make(ask.to, ask.width, ask.height, 0);
        struct frame expected = frame_make(ask.to, ask.width, ask.height, 0);
        struct SwsContext *c = open_seen(&ask);

        if (which & 1)
            frame_flip(&src);
        if (which & 2)
            frame_flip(&dst);
        by_pixfer(&ask, &src, &expected);
        assert_int_equal(scale_whole(c, &src, &dst), ask.height);
        assert_frames_equal(&dst, &expected);
        sws_freeContext(c);
        frame_free(&src);
        frame_free(&dst);
        frame_free(&expected);
    }
}

/* ---- Pieces ---- */

/* Gives rows y .. y+h in memory that is gone afterwards. */
static int scale_piece(struct SwsContext *c, const struct frame *src, int y, int h, struct frame *dst)
{
    struct frame piece = frame_make(src->format, src->width, h, 0);
    int rows;

    for (int plane = 0; plane < 4 && src->data[plane]; plane++)
        for (int row = 0; row < h; row++)
            memcpy(piece.data[plane] + row * piece.stride[plane], src->data[plane] + (y + row) * src->stride[plane],
                   (size_t)src->row_bytes[plane]);
    if (y % 3 == 1)
        for (int row = 0; row < h / 2; row++) { /* a piece upside down in memory is the same piece */
            for (int plane = 0; plane < 4 && src->data[plane]; plane++)
                for (int x = 0; x < piece.stride[plane]; x++) {
                    uint8_t *a = piece.data[plane] + row * piece.stride[plane] + x;
                    uint8_t *b = piece.data[plane] + (h - 1 - row) * piece.stride[plane] + x, byte = *a;

                    *a = *b;
                    *b = byte;
                }
        }
    if (y % 3 == 1)
        frame_flip(&piece);
    rows = sws_scale(c, (const uint8_t *const *)piece.data, piece.stride, y, h, dst->data, dst->stride);
    frame_free(&piece);
    return rows;
}

/* Pieces of 1 to `most` rows. */
static void expect_pieces(const struct ask *ask, int most, bool even, unsigned seed)
{
    struct frame src = frame_make(ask->from, ask->width, ask->height, seed),
                 dst = frame_make(ask->to, ask->width, ask->height, 0);
    struct frame expected = frame_make(ask->to, ask->width, ask->height, 0);
    struct SwsContext *c = open_seen(ask);

    by_pixfer(ask, &src, &expected);
    for (int round = 0; round < 2; round++) {
        int sum = 0;

        for (int y = 0, h; y < ask->height; y += h) {
            int rows;

            seed = seed * 1664525 + 1013904223;
            h = 1 + (int)(seed >> 16) % most;
            if (even)
                h = (h + 1) & ~1;
            if (h > ask->height - y)
                h = ask->height - y;
            rows = scale_piece(c, &src, y, h, &dst);
            assert_true(rows >= 0 && rows <= h + 1);
            if (even)
                assert_int_equal(rows, h);
            sum += rows;
        }
        assert_int_equal(sum, ask->height);
        assert_frames_equal(&dst, &expected);
        for (int plane = 0; plane < 4 && dst.data[plane]; plane++)
            memset(dst.data[plane], 0xa5, (size_t)dst.stride[plane] * (size_t)dst.rows[plane]);
    }
    sws_freeContext(c);
    frame_free(&src);
    frame_free(&dst);
    frame_free(&expected);
}

static void test_pieces(void **state)
{
    (void)state;
    for (int siting = 0; siting < 3; siting++)
        for (size_t j = 0; j < COUNT(to_all); j++)
            for (int height = 34; height < 36; height++)
                for (int most = 1; most < 9; most++) {
                    const struct ask ask = ASK(.to = to_all[j], .siting = siting, .height = height,
                                               .from = j % 2 ? AV_PIX_FMT_GBRP : AV_PIX_FMT_BGRA);

                    expect_pieces(&ask, most, most == 8, 11 + (unsigned)most);
                }
}

static void test_restarted_pieces(void **state)
{
    const struct ask ask = ASK(.siting = PIXFER_SITING_TOP_LEFT);
    struct frame src = frame_make(ask.from, ask.width, ask.height, 5), dst = frame_make(ask.to, ask.width, ask.height, 0);
    struct frame expected = frame_make(ask.to, ask.width, ask.height, 0);
    struct SwsContext *c = open_seen(&ask);

    (void)state;
    by_pixfer(&ask, &src, &expected);
    assert_int_equal(scale_piece(c, &src, 0, 7, &dst), 6); /* a frame that is given up */
    assert_int_equal(scale_piece(c, &src, 0, 10, &dst), 10);
    assert_int_equal(scale_piece(c, &src, 10, 25, &dst), 25);
    assert_frames_equal(&dst, &expected);
    assert_int_equal(scale_piece(c, &src, 0, 7, &dst), 6);
    expect_taken(c, &ask); /* a whole frame, too */
    sws_freeContext(c);
    frame_free(&src);
    frame_free(&dst);
    frame_free(&expected);
}

/* ---- AVFrame ---- */

static AVFrame *av_frame(const struct frame *frame)
{
    AVFrame *f = av_frame_alloc();

    f->format = frame->format;
    f->width = frame->width;
    f->height = frame->height;
    assert_int_equal(av_frame_get_buffer(f, 0), 0);
    for (int plane = 0; plane < 4 && frame->data[plane]; plane++)
        for (int row = 0; row < frame->rows[plane]; row++)
            memcpy(f->data[plane] + row * f->linesize[plane], frame->data[plane] + row * frame->stride[plane],
                   (size_t)frame->row_bytes[plane]);
    return f;
}

static void assert_av_frame(const AVFrame *f, struct frame *expected)
{
    struct frame view = *expected;

    assert_int_equal(f->width, expected->width);
    assert_int_equal(f->height, expected->height);
    memcpy(view.data, f->data, sizeof(view.data));
    memcpy(view.stride, f->linesize, sizeof(view.stride));
    assert_frames_equal(&view, expected);
}

static void test_frames(void **state)
{
    (void)state;
    for (size_t j = 0; j < COUNT(to_all); j++)
        for (int threads = 1; threads < 3; threads++) {
            const struct ask ask = ASK(.to = to_all[j], .option = "threads", .value = threads);
            struct frame src = frame_make(ask.from, ask.width, ask.height, 5),
                         empty = frame_make(ask.to, ask.width, ask.height, 0);
            struct frame expected = frame_make(ask.to, ask.width, ask.height, 0);
            struct SwsContext *c = open_seen(&ask), *other = open_plain(&ask);
            AVFrame *in = av_frame(&src), *given = av_frame(&empty), *made = av_frame_alloc(), *by_other = av_frame(&empty);
            int result = plain.scale_frame(other, by_other, in);

            by_pixfer(&ask, &src, &expected);
            assert_int_equal(sws_scale_frame(c, given, in), result);
            assert_int_equal(sws_scale_frame(c, made, in), result);
            assert_av_frame(given, &expected);
            assert_av_frame(made, &expected);
            assert_int_equal(made->format, ask.to);
            av_frame_free(&in);
            av_frame_free(&given);
            av_frame_free(&made);
            av_frame_free(&by_other);
            sws_freeContext(c);
            plain.freeContext(other);
            frame_free(&src);
            frame_free(&empty);
            frame_free(&expected);
        }
}

static void expect_received(struct SwsContext *c, struct SwsContext *other, unsigned first, unsigned count)
{
    assert_int_equal(sws_receive_slice(c, first, count), plain.receive_slice(other, first, count));
}

/* A frame goes in, slices come out; the answers are the real library's. */
static void test_frame_slices(void **state)
{
    (void)state;
    for (size_t j = 0; j < COUNT(to_all); j++) {
        const struct ask ask = ASK(.to = to_all[j], .siting = j % 3);
        const unsigned step = j < 4 ? 6 : 7; /* the first four have two rows of luma to one of chroma */
        struct frame src = frame_make(ask.from, ask.width, ask.height, 5), empty = frame_make(ask.to, ask.width, ask.height, 0);
        struct frame expected = frame_make(ask.to, ask.width, ask.height, 0);
        struct SwsContext *c = open_seen(&ask), *other = open_plain(&ask);
        AVFrame *in = av_frame(&src), *out = av_frame(&empty), *by_other = av_frame(&empty);

        by_pixfer(&ask, &src, &expected);
        for (int round = 0; round < 2; round++) {
            assert_int_equal(sws_frame_start(c, out, in), plain.frame_start(other, by_other, in));
            expect_received(c, other, 0, 35);
            assert_int_equal(sws_send_slice(c, 0, 35), plain.send_slice(other, 0, 35));
            assert_int_equal(sws_send_slice(c, 3, 4), plain.send_slice(other, 3, 4)); /* refused: it was sent */
            for (unsigned first = 0; first + step <= 35; first += step)
                expect_received(c, other, first, step);
            expect_received(c, other, 1, 2);
            expect_received(c, other, 30, 5);
            expect_received(c, other, 35, 2);
            expect_received(c, other, 0, 36);
            if (round || j < 4)
                expect_received(c, other, 0, 35);
            assert_av_frame(out, &expected);
            sws_frame_end(c);
            plain.frame_end(other);
            expect_received(c, other, 0, 35);
        }
        av_frame_free(&in);
        av_frame_free(&out);
        av_frame_free(&by_other);
        sws_freeContext(c);
        plain.freeContext(other);
        frame_free(&src);
        frame_free(&empty);
        frame_free(&expected);
    }
}

/* The rest of a frame may come later. (libswscale 6 cannot put two slices together and would wait for ever.) */
static void test_frame_in_slices(void **state)
{
    const struct ask ask = ASK(.siting = PIXFER_SITING_TOP_LEFT);
    struct frame src = frame_make(ask.from, ask.width, ask.height, 5), empty = frame_make(ask.to, ask.width, ask.height, 0);
    struct frame expected = frame_make(ask.to, ask.width, ask.height, 0);
    struct SwsContext *c = open_seen(&ask);
    AVFrame *in = av_frame(&src), *out = av_frame(&empty);

    (void)state;
    by_pixfer(&ask, &src, &expected);
    assert_int_equal(sws_frame_start(c, out, in), 0);
    assert_true(sws_send_slice(c, 0, 10) >= 0);
    assert_true(sws_send_slice(c, 20, 15) >= 0);
    assert_int_equal(sws_receive_slice(c, 0, 35), AVERROR(EAGAIN)); /* something between is missing */
    sws_frame_end(c);
    assert_int_equal(sws_frame_start(c, out, in), 0);
    assert_true(sws_send_slice(c, 0, 20) >= 0);
    assert_int_equal(sws_receive_slice(c, 0, 35), AVERROR(EAGAIN));
    assert_true(sws_send_slice(c, 20, 15) >= 0);
    assert_true(sws_receive_slice(c, 0, 10) >= 0);
    assert_true(sws_receive_slice(c, 0, 35) >= 0);
    assert_av_frame(out, &expected);
    sws_frame_end(c);
    av_frame_free(&in);
    av_frame_free(&out);
    sws_freeContext(c);
    frame_free(&src);
    frame_free(&empty);
    frame_free(&expected);
}

/* ---- Contexts that change, and addresses that come again ---- */

static void test_colors_between(void **state)
{
    struct ask ask = ASK(.matrix = 0);
    struct SwsContext *c = open_seen(&ask);
    const int *bt709 = sws_getCoefficients(SWS_CS_ITU709);

    (void)state;
    expect_taken(c, &ask);
    assert_true(sws_setColorspaceDetails(c, bt709, 0, bt709, 1, 0, 1 << 16, 1 << 16) >= 0);
    ask.matrix = PIXFER_MATRIX_BT709;
    ask.range = PIXFER_RANGE_FULL;
    expect_taken(c, &ask);
    expect_taken(c, &ask);
    sws_freeContext(c);
}

/* In the middle of a frame new colours count from the next piece on; those that pixfer does not have from the next frame on. */
static void test_colors_amid(void **state)
{
    const struct ask first = ASK(.matrix = 0), second = ASK(.matrix = PIXFER_MATRIX_BT709);
    const int *bt709 = sws_getCoefficients(SWS_CS_ITU709), *fcc = sws_getCoefficients(SWS_CS_FCC);

    (void)state;
    for (int round = 0; round < 2; round++) {
        struct frame src = frame_make(first.from, 66, 35, 5), dst = frame_make(first.to, 66, 35, 0),
                     top = frame_make(first.to, 66, 35, 0);
        struct frame rest = frame_make(first.to, 66, 35, 0);
        struct SwsContext *c = open_seen(&first);
        const int *table = round ? fcc : bt709;

        by_pixfer(&first, &src, &top);
        by_pixfer(round ? &first : &second, &src, &rest);
        assert_int_equal(scale_piece(c, &src, 0, 10, &dst), 10);
        sws_setColorspaceDetails(c, table, 0, table, 0, 0, 1 << 16, 1 << 16);
        assert_int_equal(scale_piece(c, &src, 10, 25, &dst), 25);
        memcpy(rest.data[0], top.data[0], (size_t)(10 * rest.stride[0]));
        memcpy(rest.data[1], top.data[1], (size_t)(5 * rest.stride[1]));
        assert_frames_equal(&dst, &rest);
        assert_int_equal(scale_whole(c, &src, &dst), 35);
        by_pixfer(&second, &src, &rest);
        if (round)
            assert_frames_differ(&dst, &top); /* the real library's now */
        else
            assert_frames_equal(&dst, &rest);
        sws_freeContext(c);
        frame_free(&src);
        frame_free(&dst);
        frame_free(&top);
        frame_free(&rest);
    }
}

static void test_addresses_again(void **state)
{
    struct SwsContext *last = NULL;
    int again = 0;

    (void)state;
    for (int i = 0; i < 60; i++) {
        const struct ask ask = ASK(.width = 16 + 2 * (i % 3), .height = 8 + i % 5, .to = to_all[(size_t)i % COUNT(to_all)],
                                   .from = from_all[(size_t)i % COUNT(from_all)], .siting = i % 3, .range = i & 1);
        struct SwsContext *c = open_seen(&ask);

        again += c == last;
        last = c;
        if (i % 4 == 3) { /* freed in the middle of a frame */
            struct frame src = frame_make(ask.from, ask.width, ask.height, 5), dst = frame_make(ask.to, ask.width, ask.height, 0);

            scale_piece(c, &src, 0, 3, &dst);
            frame_free(&src);
            frame_free(&dst);
        } else {
            expect_taken(c, &ask);
        }
        sws_freeContext(c);
    }
    if (!again)
        print_message("no address came again here\n");
}

static void test_cached(void **state)
{
    struct SwsContext *c = NULL;
    const int *bt709 = sws_getCoefficients(SWS_CS_ITU709);

    (void)state;
    for (int i = 0; i < 40; i++) {
        struct ask ask = ASK(.width = 16 + 2 * (i / 4 % 3), .to = i / 8 % 2 ? AV_PIX_FMT_YUVJ420P : AV_PIX_FMT_NV12);
        const int flags = i / 3 % 2 ? SWS_BICUBIC : 0; /* 0 never compares equal, so that one is made anew */

        c = sws_getCachedContext(c, ask.width, 35, ask.from, ask.width, 35, ask.to, flags, NULL, NULL, NULL);
        ask.range = ask.to == AV_PIX_FMT_YUVJ420P ? PIXFER_RANGE_FULL : PIXFER_RANGE_LIMITED;
        if (i % 5 == 2) {
            sws_setColorspaceDetails(c, bt709, 0, bt709, ask.range, 0, 1 << 16, 1 << 16);
            ask.matrix = PIXFER_MATRIX_BT709;
            expect_taken(c, &ask);
            sws_freeContext(c);
            c = NULL;
            continue;
        }
        expect_taken(c, &ask);
    }
    sws_freeContext(c);
}

static void *work(void *argument)
{
    const int number = *(int *)argument;

    for (int i = 0; i < 12; i++) {
        const struct ask ask = ASK(.width = 32 + number, .height = 20 + i, .to = to_all[(size_t)(i + number) % COUNT(to_all)],
                                   .option = "threads", .value = 1 + i % 2);
        struct SwsContext *c = open_seen(&ask);

        for (int j = 0; j < 3; j++)
            expect_taken(c, &ask);
        sws_freeContext(c);
    }
    return NULL;
}

static void test_threads(void **state)
{
    pthread_t threads[4];
    int numbers[4];

    (void)state;
    for (int i = 0; i < 4; i++) {
        numbers[i] = i;
        assert_int_equal(pthread_create(&threads[i], NULL, work, &numbers[i]), 0);
    }
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
}

struct handed {
    struct SwsContext *c;
    const struct ask *ask;
};

static void *use(void *argument)
{
    const struct handed *handed = argument;

    expect_taken(handed->c, handed->ask);
    return NULL;
}

/* One context, used by one thread after another. */
static void test_handed_over(void **state)
{
    const struct ask ask = ASK(.width = 128);
    struct handed handed = {open_seen(&ask), &ask};

    (void)state;
    for (int i = 0; i < 4; i++) {
        pthread_t thread;

        assert_int_equal(pthread_create(&thread, NULL, use, &handed), 0);
        pthread_join(thread, NULL);
    }
    sws_freeContext(handed.c);
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
        cmocka_unit_test(test_formats),          cmocka_unit_test(test_reference),    cmocka_unit_test(test_three_ways),
        cmocka_unit_test(test_colors),           cmocka_unit_test(test_jpeg),         cmocka_unit_test(test_threads_option),
        cmocka_unit_test(test_negative_strides), cmocka_unit_test(test_pieces),       cmocka_unit_test(test_restarted_pieces),
        cmocka_unit_test(test_frames),           cmocka_unit_test(test_frame_slices), cmocka_unit_test(test_frame_in_slices),
        cmocka_unit_test(test_colors_between),   cmocka_unit_test(test_colors_amid),  cmocka_unit_test(test_addresses_again),
        cmocka_unit_test(test_cached),           cmocka_unit_test(test_threads),      cmocka_unit_test(test_handed_over),
    };

    return cmocka_run_group_tests(tests, setup, NULL);
}

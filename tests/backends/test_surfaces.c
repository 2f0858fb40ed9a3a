/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* Frames that lie in the encoder's own surfaces, beside an encoder that is as late as the system's may be: it retains the surface, its
 * caller frees the frame at once, and the surface is read afterwards. */

#include <libavutil/frame.h>
#include <stdbool.h> /* before FFmpeg 5.1's header, which needs it */

#include <libavutil/hwcontext_videotoolbox.h>
#include <pixfer/videotoolbox.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "../../src/exporter/encode/frame_pool.h"
#include "double.h"

enum { WIDTH = 70, HEIGHT = 46, FRAMES = 40 };

/* libavutil's on Apple's systems. This much of it is what the encoder is told. */
int av_vt_pixbuf_set_attachments(void *log, CVPixelBufferRef buffer, const struct AVFrame *frame)
{
    (void)log;
    if (frame->colorspace == AVCOL_SPC_BT709)
        CVBufferSetAttachment(buffer, kCVImageBufferYCbCrMatrixKey, kCVImageBufferYCbCrMatrix_ITU_R_709_2,
                              kCVAttachmentMode_ShouldPropagate);
    return 1;
}

struct late_encoder {
    CVPixelBufferRef queue[FRAMES];
    int sent, torn, untagged;
    uint8_t expected[FRAMES];
};

static void send(struct late_encoder *e, AVFrame *frame, uint8_t expected)
{
    assert_int_equal(frame->format, AV_PIX_FMT_VIDEOTOOLBOX);
    e->expected[e->sent] = expected;
    e->queue[e->sent++] = CVPixelBufferRetain((CVPixelBufferRef)(void *)frame->data[3]);
    av_frame_free(&frame);
}

static void read_back(struct late_encoder *e, int index)
{
    CVPixelBufferRef buffer = e->queue[index];
    assert_int_equal(CVPixelBufferLockBaseAddress(buffer, kCVPixelBufferLock_ReadOnly), kCVReturnSuccess);
    for (unsigned plane = 0; plane < 2; plane++) {
        const uint8_t *base = CVPixelBufferGetBaseAddressOfPlane(buffer, plane);
        size_t stride = CVPixelBufferGetBytesPerRowOfPlane(buffer, plane);
        for (size_t y = 0; y < CVPixelBufferGetHeightOfPlane(buffer, plane); y++)
            for (size_t x = 0; x < WIDTH; x++)
                e->torn += base[y * stride + x] != e->expected[index];
    }
    CVPixelBufferUnlockBaseAddress(buffer, kCVPixelBufferLock_ReadOnly);
    e->untagged += CVBufferGetAttachment(buffer, kCVImageBufferYCbCrMatrixKey, NULL) != kCVImageBufferYCbCrMatrix_ITU_R_709_2;
    CVPixelBufferRelease(buffer);
}

static void open_pool(struct frame_pool *pool)
{
    double_reset();
    *pool = (struct frame_pool){0};
    assert_int_equal(pixfer_frame_pool_init(pool, AV_PIX_FMT_NV12, WIDTH, HEIGHT), 0);
    assert_int_equal(pixfer_surface_open(pool), 0);
    pool->seal = pixfer_surface_seal;
}

static void close_pool(struct frame_pool *pool)
{
    pixfer_frame_pool_free(pool);
    assert_int_equal(double_count().live, 0);
    assert_int_equal(double_count().locked, 0);
    if (double_misuse())
        fail_msg("%s", double_misuse());
}

static void paint(AVFrame *frame, uint8_t value)
{
    for (int plane = 0; plane < 2; plane++)
        for (int y = 0; y < (plane ? HEIGHT / 2 : HEIGHT); y++)
            memset(frame->data[plane] + (ptrdiff_t)y * frame->linesize[plane], value, WIDTH);
    frame->colorspace = AVCOL_SPC_BT709;
}

/* The encoder is `behind` frames late. */
static void surfaces_are_not_written_while_they_are_read(void **state)
{
    (void)state;
    for (int behind = 0; behind < 6; behind++) {
        struct late_encoder encoder = {.sent = 0};
        struct frame_pool pool;
        open_pool(&pool);
        for (int i = 0; i < FRAMES; i++) {
            AVFrame *frame = pixfer_frame_pool_get(&pool);
            assert_non_null(frame);
            paint(frame, (uint8_t)(i + 1));
            assert_int_equal(pool.seal(&pool, &frame), 0);
            send(&encoder, frame, (uint8_t)(i + 1));
            if (i >= behind)
                read_back(&encoder, i - behind);
        }
        for (int i = FRAMES - behind; i < FRAMES; i++)
            read_back(&encoder, i);
        assert_int_equal(encoder.torn, 0);
        assert_int_equal(encoder.untagged, 0);
        close_pool(&pool);
    }
}

/* A decoder's own frame lies in no surface. */
static void a_frame_from_elsewhere_is_copied(void **state)
{
    struct late_encoder encoder = {.sent = 0};
    struct frame_pool pool;
    AVFrame *frame = av_frame_alloc();

    (void)state;
    open_pool(&pool);
    frame->format = AV_PIX_FMT_NV12;
    frame->width = WIDTH;
    frame->height = HEIGHT;
    assert_int_equal(av_frame_get_buffer(frame, 0), 0);
    paint(frame, 99);
    frame->pts = 7;
    assert_int_equal(pool.seal(&pool, &frame), 0);
    assert_int_equal(frame->pts, 7);
    send(&encoder, frame, 99);
    read_back(&encoder, 0);
    assert_int_equal(encoder.torn, 0);
    assert_int_equal(encoder.untagged, 0);
    close_pool(&pool);
}

/* Written by a transfer instead of the CPU: the lock is given back before and there again afterwards. */
static void a_transfer_writes_into_the_surface(void **state)
{
    static uint8_t bytes[WIDTH * HEIGHT * 4];
    struct pixfer_image image = {PIXFER_FORMAT_BGRA, WIDTH, HEIGHT, {bytes}, {WIDTH * 4}};
    struct pixfer_converter *c;
    struct late_encoder encoder = {.sent = 0};
    struct frame_pool pool;

    (void)state;
    open_pool(&pool);
    memset(bytes, 128, sizeof(bytes));
    assert_int_equal(
        pixfer_converter_open(&c, &PIXFER_CONVERTER_PARAMS(.src_format = PIXFER_FORMAT_BGRA, .dst_format = PIXFER_FORMAT_NV12,
                                                           .width = WIDTH, .height = HEIGHT, .color.siting = PIXFER_SITING_CENTER,
                                                           .backend = PIXFER_BACKEND_VIDEOTOOLBOX, .threads = 1)),
        PIXFER_OK);
    enum pixfer_result result = PIXFER_ERR_INVALID;
    AVFrame *frame = pixfer_frame_pool_get(&pool);
    assert_non_null(frame);
    assert_true(pixfer_surface_transfer(c, &image, frame, &result));
    assert_int_equal(result, PIXFER_OK);
    assert_int_equal(frame->data[0][0], 126);
    frame->colorspace = AVCOL_SPC_BT709;
    assert_int_equal(pool.seal(&pool, &frame), 0);
    CVPixelBufferRef buffer = (CVPixelBufferRef)(void *)frame->data[3];
    assert_ptr_equal(CVBufferGetAttachment(buffer, kCVImageBufferChromaLocationTopFieldKey, NULL),
                     kCVImageBufferChromaLocation_Center);
    send(&encoder, frame, 0);
    CVPixelBufferRelease(encoder.queue[0]);
    pixfer_converter_close(&c);
    close_pool(&pool);
}

/* What cannot be had is an error, and nothing is left. */
static void failures_leave_nothing(void **state)
{
    struct frame_pool pool;

    (void)state;
    open_pool(&pool);
    double_fault("lock", 1);
    assert_null(pixfer_frame_pool_get(&pool));
    double_fault("lock", 0);
    double_fault("pool-memory", 1);
    assert_null(pixfer_frame_pool_get(&pool));
    double_fault("pool-memory", 0);
    double_fault("planes", 3);
    assert_null(pixfer_frame_pool_get(&pool));
    double_fault("planes", 0);
    AVFrame *frame = pixfer_frame_pool_get(&pool);
    assert_non_null(frame);
    av_frame_free(&frame);
    close_pool(&pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(surfaces_are_not_written_while_they_are_read),
        cmocka_unit_test(a_frame_from_elsewhere_is_copied),
        cmocka_unit_test(a_transfer_writes_into_the_surface),
        cmocka_unit_test(failures_leave_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

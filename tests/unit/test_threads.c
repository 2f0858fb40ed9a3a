/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "lines.h"

#include <stdlib.h>
#include <string.h>

#include "../../src/platform/platform.h"
#include "oracle.h"
#include "random.h"

/* Slices, batches and callers' own threads all give the oracle's frame; run under the thread sanitizer they give no report. */

#define WIDTH 203
#define HEIGHT 131
#define PICTURES 5
#define CALLERS 4

struct frame {
    struct pixfer_image src, dst, truth;
    uint8_t *memory;
};

static const struct pixfer_color color = {PIXFER_MATRIX_BT709, PIXFER_RANGE_LIMITED, PIXFER_SITING_TOP_LEFT};

static void frame_init(struct frame *frame, uint64_t seed)
{
    struct rng rng = {seed};
    const size_t src = pixfer_image_layout(&frame->src, PIXFER_FORMAT_BGRA, WIDTH, HEIGHT, NULL, 1);
    const size_t dst = pixfer_image_layout(&frame->dst, PIXFER_FORMAT_NV12, WIDTH, HEIGHT, NULL, 1);

    frame->memory = malloc(src + 2 * dst);
    rng_fill(&rng, frame->memory, src);
    pixfer_image_layout(&frame->src, PIXFER_FORMAT_BGRA, WIDTH, HEIGHT, frame->memory, 1);
    pixfer_image_layout(&frame->dst, PIXFER_FORMAT_NV12, WIDTH, HEIGHT, frame->memory + src, 1);
    pixfer_image_layout(&frame->truth, PIXFER_FORMAT_NV12, WIDTH, HEIGHT, frame->memory + src + dst, 1);
    memset(frame->memory + src, 0, dst);
    oracle_convert(&frame->src, &frame->truth, &color);
}

static void frame_check(struct frame *frame)
{
    size_t size = pixfer_image_layout(&(struct pixfer_image){0}, PIXFER_FORMAT_NV12, WIDTH, HEIGHT, NULL, 1);

    assert_memory_equal(frame->dst.plane[0], frame->truth.plane[0], size);
    memset(frame->dst.plane[0], 0, size);
}

static struct pixfer_converter *open_converter(unsigned threads)
{
    struct pixfer_converter *converter;

    assert_int_equal(
        pixfer_converter_open(&converter,
                              &PIXFER_CONVERTER_PARAMS(.src_format = PIXFER_FORMAT_BGRA, .dst_format = PIXFER_FORMAT_NV12,
                                                       .width = WIDTH, .height = HEIGHT, .color = color, .threads = threads)),
        PIXFER_OK);
    return converter;
}

static void slices_make_the_whole(void **state)
{
    struct frame frame;

    (void)state;
    frame_init(&frame, 1);
    for (unsigned threads = 1; threads <= 64; threads = threads * 2 + 1) {
        struct pixfer_converter *converter = open_converter(threads);

        assert_int_equal(pixfer_convert(converter, &frame.src, &frame.dst), PIXFER_OK);
        frame_check(&frame);
        pixfer_converter_close(&converter);
    }
    free(frame.memory);
}

static void batches_convert_every_picture(void **state)
{
    struct frame frames[PICTURES];
    struct pixfer_image src[PICTURES], dst[PICTURES];
    struct pixfer_converter *converter = open_converter(3);
    struct pixfer_converter_info info = PIXFER_CONVERTER_INFO();

    (void)state;
    for (unsigned i = 0; i < PICTURES; i++) {
        frame_init(&frames[i], i + 1);
        src[i] = frames[i].src;
        dst[i] = frames[i].dst;
    }
    assert_int_equal(pixfer_convert_batch(converter, src, dst, PICTURES), PIXFER_OK);
    for (unsigned i = 0; i < PICTURES; i++) {
        frame_check(&frames[i]);
        free(frames[i].memory);
    }
    pixfer_converter_get_info(converter, &info);
    assert_int_equal(info.frames, PICTURES);
    pixfer_converter_close(&converter);
}

struct caller {
    struct pixfer_converter *converter;
    struct frame *frame;
    uint32_t first, count; /* count 0: the whole picture */
    pixfer_thread thread;
    struct pixfer_thread_start start;
    enum pixfer_result result;
};

static void call(void *argument)
{
    struct caller *caller = argument;

    if (caller->count)
        caller->result =
            pixfer_convert_rows(caller->converter, &caller->frame->src, &caller->frame->dst, caller->first, caller->count);
    else
        caller->result = pixfer_convert(caller->converter, &caller->frame->src, &caller->frame->dst);
}

static void run_callers(struct caller callers[CALLERS])
{
    for (int i = 0; i < CALLERS; i++) {
        callers[i].start = (struct pixfer_thread_start){call, &callers[i]};
        assert_true(pixfer_thread_create(&callers[i].thread, &callers[i].start));
    }
    for (int i = 0; i < CALLERS; i++) {
        pixfer_thread_join(callers[i].thread);
        assert_int_equal(callers[i].result, PIXFER_OK);
    }
}

static void callers_share_one_picture(void **state)
{
    struct pixfer_converter *converter = open_converter(1);
    struct caller callers[CALLERS];
    struct frame frame;

    (void)state;
    frame_init(&frame, 9);
    for (uint32_t i = 0; i < CALLERS; i++)
        callers[i] = (struct caller){converter, &frame, i * 34, i + 1 < CALLERS ? 34 : HEIGHT - 34 * i, .result = PIXFER_OK};
    run_callers(callers);
    frame_check(&frame);
    free(frame.memory);
    pixfer_converter_close(&converter);
}

static void callers_share_one_pool(void **state)
{
    struct pixfer_converter *converter = open_converter(3);
    struct caller callers[CALLERS];
    struct frame frames[CALLERS];

    (void)state;
    for (unsigned i = 0; i < CALLERS; i++) {
        frame_init(&frames[i], 20 + i);
        callers[i] = (struct caller){converter, &frames[i], .result = PIXFER_OK};
    }
    for (int round = 0; round < 10; round++)
        run_callers(callers);
    for (unsigned i = 0; i < CALLERS; i++) {
        frame_check(&frames[i]);
        free(frames[i].memory);
    }
    pixfer_converter_close(&converter);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slices_make_the_whole),
        cmocka_unit_test(batches_convert_every_picture),
        cmocka_unit_test(callers_share_one_picture),
        cmocka_unit_test(callers_share_one_pool),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

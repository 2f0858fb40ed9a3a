/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* The exporter's C interface: what it answers, what it leaves on disk, what it tells. */
#include <pthread.h>

#include "push_common.h"

static void test_success(void)
{
    struct pixfer_exporter_params p = params();
    struct pixfer_exporter_stats stats = PIXFER_EXPORTER_STATS();
    struct pixfer_exporter *e = NULL;
    CHECK(pixfer_exporter_open(&e, "push.mp4", &p) == PIXFER_OK && e);
    CHECK(exists("push.mp4.part") && !exists("push.mp4"));
    CHECK(push_some(e, 40) == PIXFER_OK);
    CHECK(pixfer_exporter_finish(e, &stats) == PIXFER_OK);
    CHECK(stats.frames == 40 && stats.converted == 40);
    CHECK(stats.bytes > 500 && stats.wall_s > 0 && stats.encode_s > 0 && stats.convert_s > 0 && *stats.encoder &&
          !stats.part_kept);
    CHECK(exists("push.mp4") && !exists("push.mp4.part"));
    CHECK(pixfer_exporter_finish(e, NULL) == PIXFER_ERR_INVALID && push_some(e, 1) == PIXFER_ERR_INVALID);
    pixfer_exporter_close(&e);
    CHECK(!e && exists("push.mp4") && !errors && !*pixfer_exporter_error(NULL));
    pixfer_exporter_close(&e);
    pixfer_exporter_close(NULL);

    p.overwrite = 0;
    CHECK(pixfer_exporter_open(&e, "push.mp4", &p) == PIXFER_ERR_IO && !e && errors == 1 &&
          strstr(last_error, "push.mp4 exists"));
    CHECK(!exists("push.mp4.part"));
    unlink("push.mp4");
}

/* Bad parameters are told before anything is created. */
static void refused(struct pixfer_exporter_params p, enum pixfer_result expected, const char *word)
{
    struct pixfer_exporter *e = (struct pixfer_exporter *)pixels;
    CHECK(pixfer_exporter_open(&e, "refused.mp4", &p) == expected);
    CHECK(!e && errors == 1 && strstr(last_error, word));
    CHECK(!exists("refused.mp4") && !exists("refused.mp4.part"));
}

static void test_refusals(void)
{
    struct pixfer_exporter_params p;
    p = params(), p.width = 0, refused(p, PIXFER_ERR_INVALID, "size is 0x48");
    p = params(), p.height = 20000, refused(p, PIXFER_ERR_INVALID, "size is 64x20000");
    p = params(), p.fps_num = 0, refused(p, PIXFER_ERR_INVALID, "frame rate is 0/1");
    p = params(), p.time_base_num = 1, refused(p, PIXFER_ERR_INVALID, "time base is 1/0");
    p = params(), p.rate = PIXFER_RATE_CRF, p.rate_value = 52, refused(p, PIXFER_ERR_INVALID, "crf is 52");
    p = params(), p.rate = PIXFER_RATE_BITS_PER_PIXEL, p.rate_value = 1e9, refused(p, PIXFER_ERR_INVALID, "1e+09 bits per pixel");
    p = params(), p.primaries = 300, refused(p, PIXFER_ERR_INVALID, "primaries 300");
    p = params(), p.transfer = -1, refused(p, PIXFER_ERR_INVALID, "transfer -1");
    p = params(), p.rate = PIXFER_RATE_BITRATE, refused(p, PIXFER_ERR_INVALID, "bit rate is 0");
    p = params(), p.channels = 2, refused(p, PIXFER_ERR_INVALID, "audio is 2 channels at 0 Hz");
    p = params(), p.format = PIXFER_FORMAT_NONE, refused(p, PIXFER_ERR_UNSUPPORTED, "frames are none");
    p = params(), p.encoder = "no_such", refused(p, PIXFER_ERR_UNAVAILABLE, "no encoder 'no_such'");
    p = params(), p.encoder = "mpeg4", refused(p, PIXFER_ERR_UNSUPPORTED, "makes mpeg4, expected an H.264, HEVC or AV1 encoder");
    struct pixfer_exporter *e;
    p = params();
    CHECK(pixfer_exporter_open(&e, "nowhere/x.mp4", &p) == PIXFER_ERR_IO && strstr(last_error, "nowhere/x.mp4.part"));
    CHECK(pixfer_exporter_open(NULL, "x.mp4", &p) == PIXFER_ERR_INVALID);
    CHECK(pixfer_exporter_open(&e, NULL, &p) == PIXFER_ERR_INVALID && !e && strstr(last_error, "path is NULL"));
    CHECK(pixfer_exporter_open(&e, "x.mp4", NULL) == PIXFER_ERR_INVALID && !e);
}

/* A bad frame is refused with a line, and the export goes on. */
static void bad_frame(const struct pixfer_image *frame, int64_t pts, const char *word)
{
    struct pixfer_exporter_params p = params();
    struct pixfer_exporter_stats stats = PIXFER_EXPORTER_STATS();
    struct pixfer_exporter *e;
    CHECK(pixfer_exporter_open(&e, "bad.mp4", &p) == PIXFER_OK && push_some(e, 60) == PIXFER_OK);
    CHECK(pixfer_exporter_push(e, frame, pts) == PIXFER_ERR_INVALID);
    CHECK(warnings == 1 && !errors && strstr(last_warning, word) && !*pixfer_exporter_error(e));
    CHECK(pixfer_exporter_try_push(e, frame, pts) == PIXFER_ERR_INVALID && warnings == 2);
    CHECK(push_at(e, 60) == PIXFER_OK);
    CHECK(pixfer_exporter_finish(e, &stats) == PIXFER_OK && !errors);
    CHECK(stats.frames == 61 && stats.refused == 2 && !stats.part_kept);
    pixfer_exporter_close(&e);
    struct movie m = read_movie("bad.mp4", false);
    CHECK(m.frames == 61);
    unlink("bad.mp4");
}

static void test_bad_frames(void)
{
    struct pixfer_image frame = image();
    bad_frame(NULL, 60, "image is NULL");
    bad_frame(&frame, 59, "pts is 59, expected more than the 59");
    bad_frame(&frame, -1, "pts is -1, expected more than the 59");
    bad_frame(&frame, INT64_MAX, "64 bits");
    frame.width--, bad_frame(&frame, 60, "frame 60 is rgba 63x48, expected rgba 64x48");
    frame = image(), frame.format = PIXFER_FORMAT_BGRA, bad_frame(&frame, 60, "is bgra");
    frame = image(), frame.stride[0] = 255, bad_frame(&frame, 60, "stride 255");
    frame = image(), frame.stride[0] = PTRDIFF_MIN, bad_frame(&frame, 60, "has stride -9");
    frame = image(), frame.plane[0] = NULL, bad_frame(&frame, 60, "plane 0 is NULL");
}

/* What a program does in the wrong order gets a line and leaves the export alone. */
static void test_order(void)
{
    struct pixfer_exporter_params p = params();
    struct pixfer_exporter_queue queue = PIXFER_EXPORTER_QUEUE();
    struct pixfer_exporter *e;
    float sample = 0;
    CHECK(pixfer_exporter_open(&e, "order.mp4", &p) == PIXFER_OK && push_some(e, 5) == PIXFER_OK);
    CHECK(pixfer_exporter_resume(e, 5) == PIXFER_ERR_INVALID && warnings == 1 && strstr(last_warning, "expected a pause"));
    CHECK(pixfer_exporter_push_audio(e, &sample, 1) == PIXFER_ERR_INVALID && warnings == 2 &&
          strstr(last_warning, "sample_rate"));
    CHECK(pixfer_exporter_finish(e, NULL) == PIXFER_OK);
    CHECK(pixfer_exporter_finish(e, NULL) == PIXFER_ERR_INVALID && warnings == 3 && strstr(last_warning, "finish: refused"));
    CHECK(push_at(e, 9) == PIXFER_ERR_INVALID && warnings == 4 && strstr(last_warning, "push: refused"));
    CHECK(pixfer_exporter_push_audio(e, &sample, 1) == PIXFER_ERR_INVALID && warnings == 5);
    CHECK(pixfer_exporter_push_audio_at(e, &sample, 1, 0) == PIXFER_ERR_INVALID && warnings == 5);
    CHECK(pixfer_exporter_pause(e, 9) == PIXFER_ERR_INVALID && warnings == 6);
    CHECK(pixfer_exporter_get_queue(e, &queue) == PIXFER_OK && queue.frames == 0);
    pixfer_exporter_cancel(e); /* too late: the file is there */
    pixfer_exporter_close(&e);
    CHECK(exists("order.mp4") && !errors);
    unlink("order.mp4");

    p = params();
    CHECK(pixfer_exporter_open(&e, "order.mp4", &p) == PIXFER_OK && push_some(e, 5) == PIXFER_OK);
    pixfer_exporter_cancel(e);
    CHECK(push_at(e, 5) == PIXFER_ERR_CANCELLED && pixfer_exporter_pause(e, 5) == PIXFER_ERR_CANCELLED);
    CHECK(pixfer_exporter_finish(e, NULL) == PIXFER_ERR_CANCELLED && !errors && !warnings);
    pixfer_exporter_close(&e);
    CHECK(!exists("order.mp4") && !exists("order.mp4.part"));
    CHECK(pixfer_exporter_push(NULL, NULL, 0) == PIXFER_ERR_INVALID && pixfer_exporter_finish(NULL, NULL) == PIXFER_ERR_INVALID);
    CHECK(pixfer_exporter_get_queue(NULL, &queue) == PIXFER_ERR_INVALID && pixfer_exporter_pause(NULL, 0) == PIXFER_ERR_INVALID);
    pixfer_exporter_cancel(NULL);
}

/* A program of another version: no byte is written behind the end of its structs. */
static void test_struct_sizes(void)
{
    struct {
        struct pixfer_exporter_stats stats;
        uint64_t behind;
    } longer = {.behind = 77};
    struct pixfer_exporter_stats whole, shorter;
    struct pixfer_exporter_params p = params();
    struct pixfer_exporter *e;
    memset(&whole, 0, sizeof(whole)); /* struct_size 0: as it was in 0.2.0 */
    memset(&shorter, 0x55, sizeof(shorter));
    shorter.struct_size = offsetof(struct pixfer_exporter_stats, wall_s);
    for (int i = 0; i < 3; i++) {
        longer.stats.struct_size = sizeof(longer);
        CHECK(pixfer_exporter_open(&e, "size.mp4", &p) == PIXFER_OK && push_some(e, 3) == PIXFER_OK);
        CHECK(pixfer_exporter_finish(e, i == 0 ? &whole : i == 1 ? &shorter : &longer.stats) == PIXFER_OK);
        pixfer_exporter_close(&e);
    }
    CHECK(longer.stats.frames == 3 && longer.behind == 77 && longer.stats.struct_size == sizeof(longer.stats));
    CHECK(whole.frames == 3 && *whole.encoder && whole.struct_size == sizeof(whole));
    CHECK(shorter.frames == 3);
    for (size_t i = shorter.struct_size; i < sizeof(shorter); i++)
        CHECK(((uint8_t *)&shorter)[i] == 0x55);
    unlink("size.mp4");
}

/* The line of an open that failed, also where there is no log. */
static void test_error_buffer(void)
{
    char error[200] = "before", tiny[5];
    struct pixfer_exporter_params p = params();
    struct pixfer_exporter *e;
    p.log = NULL, p.error = error, p.error_size = sizeof(error), p.fps_num = 0;
    CHECK(pixfer_exporter_open(&e, "x.mp4", &p) == PIXFER_ERR_INVALID && strstr(error, "frame rate is 0/1"));
    p.error = tiny, p.error_size = sizeof(tiny);
    CHECK(pixfer_exporter_open(&e, "x.mp4", &p) == PIXFER_ERR_INVALID && !strcmp(tiny, "expo"));
    p.fps_num = 30, p.error = error, p.error_size = sizeof(error);
    CHECK(pixfer_exporter_open(&e, NULL, &p) == PIXFER_ERR_INVALID && strstr(error, "path is NULL"));
    CHECK(pixfer_exporter_open(&e, "x.mp4", &p) == PIXFER_OK && !*error);
    pixfer_exporter_close(&e);
}

static void *cancel_soon(void *e)
{
    usleep(50 * 1000);
    pixfer_exporter_cancel(e);
    return NULL;
}

static void test_cancel(void)
{
    struct pixfer_exporter_params p = params();
    struct pixfer_exporter *e;
    pthread_t thread;
    CHECK(pixfer_exporter_open(&e, "cancel.mp4", &p) == PIXFER_OK);
    pthread_create(&thread, NULL, cancel_soon, e);
    CHECK(push_some(e, FOREVER) == PIXFER_ERR_CANCELLED);
    pthread_join(thread, NULL);
    CHECK(pixfer_exporter_finish(e, NULL) == PIXFER_ERR_CANCELLED);
    pixfer_exporter_close(&e);
    CHECK(!exists("cancel.mp4") && !exists("cancel.mp4.part"));

    CHECK(pixfer_exporter_open(&e, "close.mp4", &p) == PIXFER_OK && push_some(e, 90) == PIXFER_OK);
    pixfer_exporter_close(&e);
    CHECK(!exists("close.mp4") && !exists("close.mp4.part"));
    CHECK(pixfer_exporter_open(&e, "close.mp4", &p) == PIXFER_OK);
    CHECK(pixfer_exporter_finish(e, NULL) == PIXFER_ERR_INVALID && strstr(last_error, "no frame came"));
    pixfer_exporter_close(&e);
    CHECK(!exists("close.mp4") && !exists("close.mp4.part"));
}

struct watch {
    int calls, stop_at;
    enum pixfer_progress_action action;
    uint64_t frames;
};

static enum pixfer_progress_action watch(void *opaque, const struct pixfer_progress *progress)
{
    struct watch *w = opaque;
    CHECK(progress->frames >= w->frames && progress->stage && progress->seconds >= 0);
    w->frames = progress->frames;
    return ++w->calls >= w->stop_at ? w->action : PIXFER_PROGRESS_CONTINUE;
}

static void stop_by_callback(enum pixfer_progress_action action)
{
    struct watch w = {.stop_at = 3, .action = action};
    struct pixfer_exporter_params p = params();
    struct pixfer_exporter_stats stats = PIXFER_EXPORTER_STATS();
    struct pixfer_exporter *e;
    p.progress = watch;
    p.progress_opaque = &w;
    CHECK(pixfer_exporter_open(&e, "stop.mp4", &p) == PIXFER_OK);
    CHECK(push_some(e, FOREVER) == PIXFER_ERR_CANCELLED);
    CHECK(pixfer_exporter_finish(e, &stats) == PIXFER_ERR_CANCELLED && w.calls >= 3 && !errors);
    bool finished = action == PIXFER_PROGRESS_FINISH;
    CHECK(exists("stop.mp4") == finished && exists("stop.mp4.part") == !finished);
    CHECK(stats.frames > 0 && stats.part_kept == !finished);
    pixfer_exporter_close(&e);
    CHECK(exists("stop.mp4.part") == !finished);
    unlink("stop.mp4");
    unlink("stop.mp4.part");
}

/* Ahead of the frames by as much as there is: held back, cut at the end of the last frame. */
static void test_sound(void)
{
    static float samples[2 * 48000];
    struct pixfer_exporter_params p = params();
    struct pixfer_exporter *e;
    CHECK(pixfer_exporter_open(&e, "audio.mp4", &p) == PIXFER_OK);
    pixfer_exporter_close(&e);
    p = params(), p.sample_rate = 48000, p.channels = 2;
    CHECK(pixfer_exporter_open(&e, "audio.mp4", &p) == PIXFER_OK);
    CHECK(pixfer_exporter_push_audio(e, samples, 48000) == PIXFER_OK && push_some(e, 15) == PIXFER_OK);
    CHECK(pixfer_exporter_push_audio(e, NULL, 5) == PIXFER_ERR_INVALID && pixfer_exporter_push_audio(e, samples, 0) == PIXFER_OK);
    CHECK(pixfer_exporter_finish(e, NULL) == PIXFER_OK);
    pixfer_exporter_close(&e);
    unlink("audio.mp4");
}

static void test_machine(void)
{
    char reason[200];
    CHECK(pixfer_encoder_names()[0] && strstr(pixfer_exporter_libav_versions(), "libavcodec "));
    CHECK(!pixfer_encoder_works("no_such", reason, sizeof(reason)) && strstr(reason, "no_such"));
}

int main(void)
{
    begin_tests();
    pixfer_exporter_route_libav_log(NULL, NULL);
    test_success();
    test_refusals();
    test_bad_frames();
    test_order();
    test_struct_sizes();
    test_error_buffer();
    test_cancel();
    stop_by_callback(PIXFER_PROGRESS_FINISH);
    stop_by_callback(PIXFER_PROGRESS_ABORT);
    test_sound();
    test_machine();
    return end_tests();
}

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* The exporter's C interface: what it answers, what it leaves on disk, what it tells. */
#include <pixfer/exporter.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WIDTH = 64, HEIGHT = 48, FOREVER = 100000000 };
static uint8_t pixels[WIDTH * HEIGHT * 4];
static char last_error[512];
static int errors, failures;

static void check(bool good, int line, const char *condition)
{
    if (good)
        return;
    failures++;
    fprintf(stderr, "push.c:%d: not so: %s (last error: %s)\n", line, condition, last_error);
}
#define CHECK(condition) check(condition, __LINE__, #condition)

static void log_line(void *opaque, int level, const char *message)
{
    (void)opaque;
    if (level != PIXFER_LOG_ERROR)
        return;
    errors++;
    snprintf(last_error, sizeof(last_error), "%s", message);
}

static struct pixfer_exporter_params params(void)
{
    errors = 0;
    last_error[0] = 0;
    return PIXFER_EXPORTER_PARAMS(.format = PIXFER_FORMAT_RGBA, .width = WIDTH, .height = HEIGHT, .fps_num = 30, .overwrite = 1,
                                  .log = log_line);
}

static struct pixfer_image image(void)
{
    return (struct pixfer_image){PIXFER_FORMAT_RGBA, WIDTH, HEIGHT, {pixels}, {WIDTH * 4}};
}

static bool exists(const char *name)
{
    return access(name, F_OK) == 0;
}

static enum pixfer_result push_some(struct pixfer_exporter *e, int count)
{
    struct pixfer_image frame = image();
    enum pixfer_result result = PIXFER_OK;
    for (int i = 0; i < count && result == PIXFER_OK; i++) {
        memset(pixels, i * 3, sizeof(pixels));
        result = pixfer_exporter_push(e, &frame, i);
    }
    return result;
}

static void test_success(void)
{
    struct pixfer_exporter_params p = params();
    struct pixfer_exporter_stats stats;
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
    p = params(), p.rate = PIXFER_RATE_BITRATE, refused(p, PIXFER_ERR_INVALID, "bit rate is 0");
    p = params(), p.channels = 2, refused(p, PIXFER_ERR_INVALID, "audio is 2 channels at 0 Hz");
    p = params(), p.format = PIXFER_FORMAT_NONE, refused(p, PIXFER_ERR_UNSUPPORTED, "frames are none");
    p = params(), p.encoder = "no_such", refused(p, PIXFER_ERR_UNAVAILABLE, "no encoder 'no_such'");
    p = params(), p.encoder = "mpeg4", refused(p, PIXFER_ERR_UNSUPPORTED, "makes mpeg4, expected an H.264");
    struct pixfer_exporter *e;
    p = params();
    CHECK(pixfer_exporter_open(&e, "nowhere/x.mp4", &p) == PIXFER_ERR_IO && strstr(last_error, "nowhere/x.mp4.part"));
    CHECK(pixfer_exporter_open(NULL, "x.mp4", &p) == PIXFER_ERR_INVALID);
    CHECK(pixfer_exporter_open(&e, NULL, &p) == PIXFER_ERR_INVALID && !e);
    CHECK(pixfer_exporter_open(&e, "x.mp4", NULL) == PIXFER_ERR_INVALID && !e);
}

/* A bad frame is an error of the export: the first stays, the frames before it are kept in the part. */
static void bad_frame(struct pixfer_image frame, int64_t pts, const char *word)
{
    struct pixfer_exporter_params p = params();
    struct pixfer_exporter_stats stats;
    struct pixfer_exporter *e;
    CHECK(pixfer_exporter_open(&e, "bad.mp4", &p) == PIXFER_OK && push_some(e, 60) == PIXFER_OK);
    CHECK(pixfer_exporter_push(e, &frame, pts) == PIXFER_ERR_INVALID);
    CHECK(strstr(pixfer_exporter_error(e), word) && strstr(pixfer_exporter_error(e), "expected"));
    CHECK(push_some(e, 1) == PIXFER_ERR_INVALID);
    CHECK(pixfer_exporter_finish(e, &stats) == PIXFER_ERR_INVALID && errors == 1 && strstr(last_error, word));
    CHECK(stats.part_kept == exists("bad.mp4.part") && stats.frames == stats.part_frames && !exists("bad.mp4"));
    pixfer_exporter_close(&e);
    unlink("bad.mp4.part");
}

static void test_bad_frames(void)
{
    struct pixfer_image frame = image();
    bad_frame(frame, 59, "pts is 59, expected more than the 59");
    frame.width--, bad_frame(frame, 60, "frame 60 is rgba 63x48, expected rgba 64x48");
    frame = image(), frame.format = PIXFER_FORMAT_BGRA, bad_frame(frame, 60, "is bgra");
    frame = image(), frame.stride[0] = 255, bad_frame(frame, 60, "stride 255");
    frame = image(), frame.plane[0] = NULL, bad_frame(frame, 60, "plane 0 is NULL");
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
    struct pixfer_exporter_stats stats;
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
    CHECK(pixfer_exporter_push_audio(e, samples, 100) == PIXFER_ERR_INVALID && strstr(pixfer_exporter_error(e), "sample_rate"));
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
    char folder[] = "/tmp/pixfer-push.XXXXXX";
    if (!mkdtemp(folder) || chdir(folder))
        return EXIT_FAILURE;
    pixfer_exporter_route_libav_log(NULL, NULL);
    test_success();
    test_refusals();
    test_bad_frames();
    test_cancel();
    stop_by_callback(PIXFER_PROGRESS_FINISH);
    stop_by_callback(PIXFER_PROGRESS_ABORT);
    test_sound();
    test_machine();
    CHECK(chdir("/") == 0 && rmdir(folder) == 0); /* nothing may be left in it */
    return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}

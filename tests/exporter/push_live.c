/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#define _GNU_SOURCE

/* A recorder that runs live: several threads at once, a full queue, stops at any time, an encoder that does not return, fork. */
#include <dlfcn.h>
#include <errno.h>
#include <libavcodec/avcodec.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/wait.h>

#include "push_common.h"

/* In front of libavcodec's: it does not return while `hanging`, and fails while `refusing`. */
static atomic_bool hanging, refusing;

__attribute__((visibility("default"))) int avcodec_send_frame(AVCodecContext *codec, const AVFrame *frame)
{
    int (*real)(AVCodecContext *, const AVFrame *) =
        (int (*)(AVCodecContext *, const AVFrame *))(uintptr_t)dlsym(RTLD_NEXT, "avcodec_send_frame");
    while (codec->codec_type == AVMEDIA_TYPE_VIDEO && atomic_load(&hanging))
        usleep(1000);
    if (codec->codec_type == AVMEDIA_TYPE_VIDEO && atomic_load(&refusing))
        return AVERROR_EXTERNAL;
    return real(codec, frame);
}

/* Waits for those left alone: they end once the encoder does. */
static void release_encoders(void)
{
    atomic_store(&hanging, false);
    usleep(200 * 1000);
}

/* ---- Queue ----------------------------------------------------------------------------------------------------------------- */

static void test_queue(void)
{
    struct pixfer_exporter_params p = params();
    struct pixfer_exporter_stats stats = PIXFER_EXPORTER_STATS();
    struct pixfer_exporter_queue queue = PIXFER_EXPORTER_QUEUE();
    struct pixfer_exporter *e;
    struct pixfer_image frame = image();
    int64_t pts = 0;
    p.queue_bytes = 1;
    CHECK(pixfer_exporter_open(&e, "queue.mp4", &p) == PIXFER_OK);
    atomic_store(&hanging, true);
    enum pixfer_result result = PIXFER_OK;
    for (; pts < 100 && result == PIXFER_OK; pts++)
        result = pixfer_exporter_try_push(e, &frame, pts);
    CHECK(result == PIXFER_ERR_AGAIN && pts <= 3); /* one inside the encoder, one waiting */
    CHECK(pixfer_exporter_get_queue(e, &queue) == PIXFER_OK && queue.frames == 1 && queue.capacity == 1 && queue.bytes > 4608);
    CHECK(pixfer_exporter_try_push(e, &frame, pts - 1) == PIXFER_ERR_AGAIN && !warnings && !*pixfer_exporter_error(e));
    atomic_store(&hanging, false);
    CHECK(pixfer_exporter_push(e, &frame, pts - 1) == PIXFER_OK); /* nothing was taken before, so its pts is still free */
    CHECK(pixfer_exporter_finish(e, &stats) == PIXFER_OK && stats.frames == (uint64_t)pts && !stats.refused);
    pixfer_exporter_close(&e);
    unlink("queue.mp4");
}

/* ---- Stopping -------------------------------------------------------------------------------------------------------------- */

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void *cancel_soon(void *e)
{
    usleep(100 * 1000);
    pixfer_exporter_cancel(e);
    return NULL;
}

/* The caller has the exporter back although the encoder has not returned. */
static void test_encoder_hangs(bool finish)
{
    struct pixfer_exporter_params p = params();
    struct pixfer_exporter *e;
    pthread_t thread;
    CHECK(pixfer_exporter_open(&e, "hang.mp4", &p) == PIXFER_OK && push_some(e, 10) == PIXFER_OK);
    atomic_store(&hanging, true);
    double start = now();
    pthread_create(&thread, NULL, cancel_soon, e);
    if (finish)
        CHECK(pixfer_exporter_finish(e, NULL) == PIXFER_ERR_CANCELLED);
    pthread_join(thread, NULL);
    pixfer_exporter_close(&e);
    CHECK(atomic_load(&hanging) && now() - start < 20); /* without an end to wait for it would be here for ever */
    CHECK(!exists("hang.mp4") && !exists("hang.mp4.part") && !errors);
    release_encoders();
}

/* FINISH is no promise: the next answer may be ABORT, and nothing takes that back. */
static enum pixfer_progress_action finish_then_abort(void *opaque, const struct pixfer_progress *progress)
{
    int *calls = opaque;
    CHECK(progress->struct_size == sizeof(*progress));
    ++*calls;
    return *calls == 1 ? PIXFER_PROGRESS_FINISH : *calls == 2 ? PIXFER_PROGRESS_ABORT : PIXFER_PROGRESS_CONTINUE;
}

static void test_finish_then_abort(void)
{
    struct pixfer_exporter_params p = params();
    struct pixfer_exporter_stats stats = PIXFER_EXPORTER_STATS();
    struct pixfer_exporter *e;
    int calls = 0;
    p.progress = finish_then_abort, p.progress_opaque = &calls;
    CHECK(pixfer_exporter_open(&e, "stop.mp4", &p) == PIXFER_OK);
    CHECK(push_some(e, FOREVER) == PIXFER_ERR_CANCELLED && calls == 1);
    atomic_store(&hanging, true);
    CHECK(pixfer_exporter_finish(e, &stats) == PIXFER_ERR_CANCELLED && calls >= 2);
    CHECK(!exists("stop.mp4") && stats.part_kept == exists("stop.mp4.part"));
    pixfer_exporter_close(&e);
    release_encoders();
    unlink("stop.mp4.part");
}

static enum pixfer_progress_action call_back_in(void *opaque, const struct pixfer_progress *progress)
{
    struct pixfer_exporter *e = *(struct pixfer_exporter **)opaque;
    (void)progress;
    if (e)
        CHECK(push_at(e, 1) == PIXFER_ERR_INVALID && pixfer_exporter_finish(e, NULL) == PIXFER_ERR_INVALID &&
              !*pixfer_exporter_error(e));
    return e ? PIXFER_PROGRESS_FINISH : PIXFER_PROGRESS_CONTINUE;
}

static void test_calling_back_in(void)
{
    struct pixfer_exporter_params p = params();
    struct pixfer_exporter *e = NULL;
    p.progress = call_back_in, p.progress_opaque = &e;
    CHECK(pixfer_exporter_open(&e, "again.mp4", &p) == PIXFER_OK);
    CHECK(push_some(e, FOREVER) == PIXFER_ERR_CANCELLED && warnings >= 2 && strstr(last_warning, "another call is at work"));
    CHECK(pixfer_exporter_finish(e, NULL) == PIXFER_ERR_CANCELLED);
    pixfer_exporter_close(&e);
    CHECK(exists("again.mp4"));
    unlink("again.mp4");
}

/* ---- Threads --------------------------------------------------------------------------------------------------------------- */

struct recorder {
    struct pixfer_exporter *e;
    atomic_bool stop;
    atomic_int told;
};

static void *record_audio(void *opaque)
{
    static float samples[2 * 480];
    struct recorder *r = opaque;
    for (int64_t at = 0; !atomic_load(&r->stop); at += 480) {
        enum pixfer_result result = pixfer_exporter_push_audio_at(r->e, samples, 480, at);
        if (result == PIXFER_ERR_CANCELLED || *pixfer_exporter_error(r->e))
            break;
        usleep(100);
    }
    return NULL;
}

static void *look_at_it(void *opaque)
{
    struct recorder *r = opaque;
    while (!atomic_load(&r->stop)) {
        struct pixfer_exporter_queue queue = PIXFER_EXPORTER_QUEUE();
        const char *line = pixfer_exporter_error(r->e), *again = pixfer_exporter_error(r->e);
        CHECK(pixfer_exporter_get_queue(r->e, &queue) == PIXFER_OK && queue.frames <= 12);
        atomic_fetch_add(&r->told, strlen(line) + strlen(again) > 0);
    }
    return NULL;
}

static void ignore(void *opaque, int level, const char *message)
{
    (void)level, (void)message;
    atomic_fetch_add((atomic_int *)opaque, 1);
}

static void *reroute(void *opaque)
{
    struct recorder *r = opaque;
    while (!atomic_load(&r->stop)) {
        atomic_int *counter = malloc(sizeof(*counter));
        atomic_init(counter, 0);
        pixfer_exporter_route_libav_log(ignore, counter);
        usleep(50);
        pixfer_exporter_route_libav_log(NULL, NULL);
        free(counter); /* nothing may use it any more */
    }
    return NULL;
}

static void test_threads(int cancel_at) /* 0: it ends well */
{
    struct recorder r = {0};
    struct pixfer_exporter_params p = params();
    struct pixfer_exporter_stats stats = PIXFER_EXPORTER_STATS();
    void *(*const jobs[])(void *) = {record_audio, look_at_it, reroute};
    pthread_t threads[3];
    p.sample_rate = 48000, p.channels = 2;
    CHECK(pixfer_exporter_open(&r.e, "threads.mp4", &p) == PIXFER_OK);
    for (int i = 0; i < 3; i++)
        pthread_create(&threads[i], NULL, jobs[i], &r);
    for (int i = 0; i < 60; i++) {
        if (cancel_at && i == cancel_at) {
            pthread_t thread;
            pthread_create(&thread, NULL, cancel_soon, r.e);
            while (push_at(r.e, i++) == PIXFER_OK)
                ;
            pthread_join(thread, NULL);
            break;
        }
        CHECK(push_at(r.e, i) == PIXFER_OK);
        if (i == 30)
            CHECK(pixfer_exporter_pause(r.e, 31) == PIXFER_OK && pixfer_exporter_resume(r.e, 31) == PIXFER_OK);
    }
    enum pixfer_result result = pixfer_exporter_finish(r.e, &stats);
    CHECK(result == (cancel_at ? PIXFER_ERR_CANCELLED : PIXFER_OK));
    atomic_store(&r.stop, true);
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    pixfer_exporter_close(&r.e);
    CHECK(exists("threads.mp4") == !cancel_at && !exists("threads.mp4.part") && !errors);
    if (!cancel_at)
        CHECK(stats.frames == 60 && read_movie("threads.mp4", false).audio_end > 1.9);
    unlink("threads.mp4");
}

/* ---- Output to a callback --------------------------------------------------------------------------------------------------- */

struct sink {
    FILE *file;
    long bytes, fail_at;
};

static int write_bytes(void *opaque, const uint8_t *bytes, size_t size)
{
    struct sink *s = opaque;
    s->bytes += (long)size;
    if (s->fail_at && s->bytes > s->fail_at)
        return EPIPE;
    return fwrite(bytes, 1, size, s->file) == size ? 0 : EIO;
}

static void test_write(long fail_at)
{
    struct sink sink = {.file = fopen("sink.mp4", "wb"), .fail_at = fail_at};
    struct pixfer_exporter_params p = params();
    struct pixfer_exporter_stats stats = PIXFER_EXPORTER_STATS();
    struct pixfer_exporter *e;
    p.write = write_bytes, p.write_opaque = &sink, p.sample_rate = 48000, p.channels = 1;
    CHECK(pixfer_exporter_open(&e, NULL, &p) == PIXFER_OK);
    enum pixfer_result result = push_some(e, 90);
    CHECK(result == PIXFER_OK || (fail_at && result == PIXFER_ERR_IO));
    result = pixfer_exporter_finish(e, &stats);
    CHECK(result == (fail_at ? PIXFER_ERR_IO : PIXFER_OK) && errors == (fail_at > 0));
    CHECK(!fail_at || strstr(pixfer_exporter_error(e), "Broken pipe"));
    CHECK(!stats.part_kept && (fail_at || (stats.frames == 90 && stats.bytes == (uint64_t)sink.bytes)));
    pixfer_exporter_close(&e);
    fclose(sink.file);
    if (!fail_at)
        CHECK(read_movie("sink.mp4", false).frames == 90);
    unlink("sink.mp4");
}

/* ---- Errors ---------------------------------------------------------------------------------------------------------------- */

/* A program that closes at an error has kept what it had, and the log has the one line. */
static void test_close_after_error(void)
{
    struct pixfer_exporter_params p = params();
    struct pixfer_exporter *e;
    CHECK(pixfer_exporter_open(&e, "failed.mp4", &p) == PIXFER_OK && push_some(e, 90) == PIXFER_OK);
    usleep(300 * 1000);
    atomic_store(&refusing, true);
    enum pixfer_result result = PIXFER_OK;
    for (int i = 90; i < 10000 && result == PIXFER_OK; i++)
        result = push_at(e, i);
    CHECK(result == PIXFER_ERR_DEVICE && push_at(e, 20000) == PIXFER_ERR_DEVICE);
    CHECK(strstr(pixfer_exporter_error(e), "libx264 failed after"));
    pixfer_exporter_close(&e);
    atomic_store(&refusing, false);
    CHECK(errors == 1 && strstr(last_error, "libx264 failed after") && !exists("failed.mp4") && exists("failed.mp4.part"));
    unlink("failed.mp4.part");
}

/* ---- fork ------------------------------------------------------------------------------------------------------------------ */

/* A child has neither the threads nor the file. */
static int in_the_child(struct pixfer_exporter *e)
{
    struct pixfer_exporter_queue queue = PIXFER_EXPORTER_QUEUE();
    warnings = failures = 0;
    CHECK(push_at(e, 100) == PIXFER_ERR_INVALID && warnings == 1 && strstr(last_warning, "child process"));
    CHECK(pixfer_exporter_get_queue(e, &queue) == PIXFER_ERR_INVALID);
    CHECK(pixfer_exporter_pause(e, 100) == PIXFER_ERR_INVALID && pixfer_exporter_finish(e, NULL) == PIXFER_ERR_INVALID);
    pixfer_exporter_cancel(e);
    pixfer_exporter_close(&e);
    CHECK(!e && exists("fork.mp4.part"));
    return failures;
}

static void test_fork(void)
{
    struct pixfer_exporter_params p = params();
    struct pixfer_exporter_stats stats = PIXFER_EXPORTER_STATS();
    struct pixfer_exporter *e;
    int status = -1;
    CHECK(pixfer_exporter_open(&e, "fork.mp4", &p) == PIXFER_OK && push_some(e, 10) == PIXFER_OK);
    pid_t child = fork();
    if (!child)
        _exit(in_the_child(e));
    CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
    CHECK(push_at(e, 10) == PIXFER_OK && pixfer_exporter_finish(e, &stats) == PIXFER_OK && stats.frames == 11);
    pixfer_exporter_close(&e);
    unlink("fork.mp4");
}

int main(void)
{
    begin_tests();
    pixfer_exporter_route_libav_log(NULL, NULL);
    test_queue();
    test_encoder_hangs(true);
    test_encoder_hangs(false);
    test_finish_then_abort();
    test_calling_back_in();
    test_threads(0);
    test_threads(20);
    test_write(0);
    test_write(1);
    test_write(3000);
    test_close_after_error();
    test_fork();
    return end_tests();
}

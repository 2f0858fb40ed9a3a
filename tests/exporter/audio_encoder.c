/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* Audio that waits for its frames: where samples are put, what they cost, what is refused. */

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/exporter/encode/audio_encoder.h"
#include "../../src/exporter/encode/audio_format.h"
#include "../../src/exporter/encode/sample_queue.h"

static int failures;

static void check(bool good, int line, const char *condition)
{
    if (good)
        return;
    failures++;
    fprintf(stderr, "audio_encoder.c:%d: not so: %s\n", line, condition);
}
#define CHECK(condition) check(condition, __LINE__, #condition)

/* ---- The queue against an array ---------------------------------------------------------------------------------------------- */

enum { MOST = 200000 };
static float model[MOST * 2], out[MOST * 2], fresh[MOST * 2];

static unsigned next_random(void)
{
    static uint32_t state = 1;
    state = state * 1664525u + 1013904223u;
    return state >> 8;
}

static int64_t append(struct sample_queue *q, int64_t count)
{
    int64_t n = next_random() % 20000;
    if (count + n > MOST)
        return count;
    const bool silence = next_random() % 3 == 0;
    for (int64_t i = 0; i < 2 * n; i++)
        fresh[i] = silence ? 0 : (float)(next_random() % 1000) + 1;
    CHECK(pixfer_samples_append(q, silence ? NULL : fresh, n));
    memcpy(model + 2 * count, fresh, (size_t)(2 * n) * sizeof(float));
    return count + n;
}

static void test_queue(void)
{
    struct sample_queue q = {.channels = 2};
    int64_t count = 0;
    for (int turn = 0; turn < 2000; turn++) {
        int64_t n;
        switch (next_random() % 4) {
        case 0:
            n = count ? next_random() % (count + 1) : 0;
            pixfer_samples_take(&q, out, n);
            CHECK(!memcmp(out, model, (size_t)(2 * n) * sizeof(float)));
            memmove(model, model + 2 * n, (size_t)(2 * (count - n)) * sizeof(float));
            count -= n;
            break;
        case 1:
            if (next_random() % 4)
                break;
            count = count ? next_random() % (count + 1) : 0;
            pixfer_samples_keep(&q, count);
            break;
        default:
            count = append(&q, count);
        }
        CHECK(q.count == count && (count || !q.bytes));
    }
    pixfer_samples_keep(&q, 0);
    CHECK(!q.first && !q.last && !q.bytes);
}

/* ---- The encoder ------------------------------------------------------------------------------------------------------------- */

struct sink {
    struct audio_encoder *a;
    int64_t end;
    int packets, stop_after;
    size_t most_waiting;
};

static char warning[512];

static void log_line(void *opaque, int level, const char *line)
{
    (void)opaque;
    if (level <= PIXFER_LOG_WARNING)
        snprintf(warning, sizeof(warning), "%s", line);
}

static enum pixfer_result take_packet(void *opaque, AVPacket *packet, AVRational unit)
{
    struct sink *s = opaque;
    CHECK(packet->pts == s->end && packet->duration > 0 && unit.num == 1);
    s->end = packet->pts + packet->duration;
    s->packets++;
    av_packet_free(&packet);
    return PIXFER_OK;
}

static bool proceed(void *opaque)
{
    struct sink *s = opaque;
    const size_t waiting = pixfer_audio_waiting(s->a);
    if (waiting > s->most_waiting)
        s->most_waiting = waiting;
    return !s->stop_after || s->packets < s->stop_after;
}

static bool stopped(void *opaque)
{
    return opaque == NULL;
}

static struct report report;
static float samples[48000 * 2];

static struct audio_encoder *open_encoder(struct sink *sink)
{
    AVChannelLayout layout = AV_CHANNEL_LAYOUT_STEREO;
    const struct audio_host host = {&report, take_packet, proceed, stopped, sink};
    struct audio_encoder *a = NULL;
    *sink = (struct sink){.end = -1024}; /* the AAC encoder's delay */
    warning[0] = 0;
    CHECK(pixfer_audio_open(&a, &(struct audio_request){.sample_rate = 48000, .layout = &layout}, &host) == PIXFER_OK);
    return sink->a = a;
}

/* A second of audio and two hours of frames: silence is no memory, every packet is as much work as the one before, and the export can be
 * stopped between two. */
static void test_silent_tail(void)
{
    struct sink sink;
    struct audio_encoder *a = open_encoder(&sink);
    CHECK(pixfer_audio_push(a, samples, 48000) == PIXFER_OK);
    sink.stop_after = 2000;
    CHECK(pixfer_audio_finish(a, INT64_C(7200) * 48000) == PIXFER_ERR_CANCELLED);
    CHECK(sink.packets == 2000 && sink.most_waiting < 1000000);
    pixfer_audio_close(&a);
}

static void test_places(void)
{
    struct sink sink;
    struct audio_encoder *a = open_encoder(&sink);
    /* Times before the first frame are on the caller's clock; the first frame is at 100000. */
    CHECK(pixfer_audio_push_at(a, samples, 1000, 99500) == PIXFER_OK);
    CHECK(pixfer_audio_push(a, samples, 10) == PIXFER_ERR_INVALID && strstr(warning, "either all samples have times or none"));
    CHECK(pixfer_audio_set_origin(a, 100000) == PIXFER_OK);
    CHECK(pixfer_audio_written(a) == 500);
    CHECK(pixfer_audio_push_at(a, samples, 1000, 100400) == PIXFER_OK && pixfer_audio_written(a) == 1400);
    CHECK(pixfer_audio_push_at(a, samples, 1000, 105000) == PIXFER_OK && pixfer_audio_written(a) == 6000);
    CHECK(pixfer_audio_push_at(a, samples, 10, 101000) == PIXFER_OK && pixfer_audio_written(a) == 6000);
    CHECK(pixfer_audio_push(a, samples, 10) == PIXFER_OK && pixfer_audio_written(a) == 6000); /* follows the ten before */
    CHECK(pixfer_audio_set_origin(a, 0) == PIXFER_OK);
    CHECK(pixfer_audio_push_at(a, samples, 1, 106000) == PIXFER_OK && pixfer_audio_written(a) == 6001);
    CHECK(pixfer_audio_finish(a, 10000) == PIXFER_OK && sink.end == 10000);
    CHECK(pixfer_audio_push(a, samples, 1) == PIXFER_ERR_INVALID && strstr(warning, "being finished"));
    pixfer_audio_close(&a);
}

static void test_refusals(void)
{
    struct sink sink;
    struct audio_encoder *a = open_encoder(&sink);
    CHECK(pixfer_audio_push(a, samples, (size_t)1 << 63) == PIXFER_ERR_INVALID && strstr(warning, "at most 256 MB"));
    CHECK(pixfer_audio_push(a, samples, SIZE_MAX / 8 + 2) == PIXFER_ERR_INVALID);
    CHECK(pixfer_audio_push_at(a, samples, 1, INT64_MAX) == PIXFER_ERR_INVALID && strstr(warning, "out of range"));
    CHECK(pixfer_audio_push_at(a, samples, 1, INT64_MIN) == PIXFER_ERR_INVALID);
    CHECK(pixfer_audio_set_origin(a, 0) == PIXFER_OK);
    CHECK(pixfer_audio_push_at(a, samples, 1, INT64_C(2) * 3600 * 48000) == PIXFER_ERR_INVALID &&
          strstr(warning, "more than an hour"));
    CHECK(pixfer_audio_position(a, INT64_MAX, (AVRational){1, 1}) == INT64_MIN);
    CHECK(pixfer_audio_position(a, 3, (AVRational){1, 2}) == 72000);
    CHECK(pixfer_audio_written(a) == 0 && pixfer_report_result(&report) == PIXFER_OK);
    pixfer_audio_close(&a);
}

/* 600 s or a day before the first sample are a number. */
static void test_late_start(void)
{
    struct sink sink;
    struct audio_encoder *a = open_encoder(&sink);
    CHECK(pixfer_audio_push(a, NULL, (size_t)86400 * 48000) == PIXFER_OK && pixfer_audio_push(a, samples, 48000) == PIXFER_OK);
    CHECK(pixfer_audio_waiting(a) < 1000000);
    CHECK(pixfer_audio_finish(a, 48000) == PIXFER_OK && sink.end == 48000 && pixfer_audio_waiting(a) == 0);
    pixfer_audio_close(&a);
}

static void *push_fresh(void *encoder)
{
    return pixfer_audio_push(encoder, fresh, MOST) == PIXFER_OK ? encoder : NULL;
}

/* Audio ahead of its frames is at most 256 MB: one thread for both is told so, another one waits for the frames. */
static void test_most_audio(void)
{
    struct sink sink;
    struct audio_encoder *a = open_encoder(&sink);
    pthread_t other;
    void *waited = NULL;
    const int most = (256 << 20) / (int)sizeof(fresh);
    enum pixfer_result result = PIXFER_OK;
    int taken = 0;
    while (taken < 2 * most && (result = pixfer_audio_push(a, fresh, MOST)) == PIXFER_OK)
        taken++;
    CHECK(result == PIXFER_ERR_AGAIN && strstr(warning, "256 MB wait for their frames already"));
    CHECK(taken == most || taken == most - 1);
    CHECK(pixfer_audio_waiting(a) <= (size_t)256 << 20 && pixfer_audio_written(a) == (int64_t)taken * MOST);
    CHECK(!pthread_create(&other, NULL, push_fresh, a));
    for (int64_t end = MOST; pixfer_audio_written(a) == (int64_t)taken * MOST && end <= 4 * (int64_t)MOST; end += MOST)
        CHECK(pixfer_audio_advance(a, end) == PIXFER_OK);
    pthread_join(other, &waited);
    CHECK(waited && pixfer_audio_written(a) == (int64_t)(taken + 1) * MOST);
    pixfer_audio_truncate(a, 0);
    CHECK(pixfer_audio_finish(a, 5 * (int64_t)MOST) == PIXFER_OK && !pixfer_audio_waiting(a));
    pixfer_audio_close(&a);
}

static void layout_becomes(const char *from, const char *to)
{
    AVChannelLayout in = {0}, chosen = {0}, expected = {0};
    char name[64];
    CHECK(av_channel_layout_from_string(&in, from) >= 0 && av_channel_layout_from_string(&expected, to) >= 0);
    CHECK(pixfer_audio_layout_for(avcodec_find_encoder(AV_CODEC_ID_AAC), &in, &chosen) >= 0);
    av_channel_layout_describe(&chosen, name, sizeof(name));
    if (av_channel_layout_compare(&chosen, &expected))
        fprintf(stderr, "%s becomes %s, expected %s\n", from, name, to);
    CHECK(!av_channel_layout_compare(&chosen, &expected));
    av_channel_layout_uninit(&in);
    av_channel_layout_uninit(&chosen);
    av_channel_layout_uninit(&expected);
}

static void test_layouts(void)
{
    static const char *const same[] = {"mono", "stereo", "3.0", "4.0", "5.0", "5.1", "7.1"};
    for (size_t i = 0; i < sizeof(same) / sizeof(*same); i++)
        layout_becomes(same[i], same[i]);
    layout_becomes("5.1(side)", "5.1");
    layout_becomes("5.0(side)", "5.0");
    layout_becomes("quad", "5.0"); /* every speaker has its place; the others stay silent */
    layout_becomes("quad(side)", "5.0");
    layout_becomes("2.1", "5.1");
    layout_becomes("3.1", "5.1");
    layout_becomes("7.0", "7.1");
    layout_becomes("6.1", "5.1"); /* nothing has a place for all of it */
    layout_becomes("22.2", "7.1");
}

int main(void)
{
    pixfer_report_init(&report, log_line, NULL);
    test_queue();
    test_silent_tail();
    test_places();
    test_refusals();
    test_late_start();
    test_most_audio();
    test_layouts();
    pixfer_report_free(&report);
    return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* When frames and audio are shown: every pts survives into the file, to 1 / 90000 s, or is refused. */
#include <math.h>

#include "push_common.h"

/* Frames at these times, in units of 1 / base; the file has them at `expected` seconds. */
struct times {
    uint32_t base_num, base_den;
    int keep_start;
    const char *codec_preset;
    int count;
    int64_t pts[8];
    double expected[8];
};

static const struct times kept[] = {
    /* The first frame is time 0, whatever its pts. */
    {1, 1000, 0, "veryfast", 4, {0, 40, 1000, 1040}, {0, 0.04, 1, 1.04}},
    {1, 1000, 0, "veryfast", 4, {600000, 600040, 601000, 601040}, {0, 0.04, 1, 1.04}},
    {1, 1000, 0, "veryfast", 3, {-5000, -4000, 7000}, {0, 1, 12}},
    {1, 1000, 0, "ultrafast", 3, {INT64_MIN + 1, INT64_MIN + 41, INT64_MIN + 1001}, {0, 0.04, 1}},
    {1, 1000, 0, "ultrafast", 3, {INT64_MAX - 2000, INT64_MAX - 1000, INT64_MAX - 1}, {0, 1, 1.999}},
    /* Gaps beyond 31 bits of the unit; with and without B-frames. */
    {1, 1000000000, 0, "veryfast", 4, {0, 1000000000, 3500000000, 4500000000}, {0, 1, 3.5, 4.5}},
    {1, 1000000000, 0, "ultrafast", 4, {0, 1000000000, 3500000000, 4500000000}, {0, 1, 3.5, 4.5}},
    {1,
     1000000000,
     0,
     "veryfast",
     5,
     {5, 16666672, 600000000005, 600016666672, 1200000000005},
     {0, 0.016667, 600, 600.016667, 1200}},
    {1, 2147483647, 0, "ultrafast", 3, {0, 2147483647, 10737418235}, {0, 1, 5}},
    {1, 1000000, 0, "veryfast", 5, {0, 12, 24, 900000000, 1800000000}, {0, 0.000012, 0.000024, 900, 1800}},
    {1, 1000000, 0, "ultrafast", 3, {0, 7200000000, 14400000000}, {0, 7200, 14400}},
    {1, 90000, 0, "veryfast", 4, {0, 1, 2, 3}, {0, 1 / 90000., 2 / 90000., 3 / 90000.}},
    {1, 1000, 0, "ultrafast", 4, {0, 50000000, 100000000, 100000001}, {0, 50000, 100000, 100000.001}},
    /* Units longer than a frame, and odd ones. */
    {3600, 1, 0, "ultrafast", 3, {0, 1, 10}, {0, 3600, 36000}},
    {1001, 30000, 0, "veryfast", 4, {10, 11, 12, 42}, {0, 0.0333667, 0.0667333, 1.0677333}},
    {0, 0, 0, "veryfast", 4, {0, 1, 3, 90}, {0, 1 / 30., 0.1, 3}},
    /* Time 0 is pts 0. */
    {1, 1000, 1, "veryfast", 3, {0, 500, 1000}, {0, 0.5, 1}},
    {1, 1000, 1, "veryfast", 3, {2500, 3000, 4000}, {2.5, 3, 4}},
    {1, 1000, 1, "ultrafast", 3, {600000, 600040, 600080}, {600, 600.04, 600.08}},
};

static void test_kept(const struct times *t)
{
    struct pixfer_exporter_params p = params();
    struct pixfer_exporter *e;
    p.time_base_num = t->base_num, p.time_base_den = t->base_den, p.keep_start = t->keep_start, p.preset = t->codec_preset;
    CHECK(pixfer_exporter_open(&e, "time.mp4", &p) == PIXFER_OK);
    for (int i = 0; i < t->count; i++)
        CHECK(push_at(e, t->pts[i]) == PIXFER_OK);
    CHECK(pixfer_exporter_finish(e, NULL) == PIXFER_OK);
    pixfer_exporter_close(&e);
    struct movie m = read_movie("time.mp4", false);
    CHECK(m.frames == t->count);
    for (int i = 0; i < t->count && i < m.frames; i++)
        if (!(fabs(m.time[i] - t->expected[i]) < 6e-6)) {
            fprintf(stderr, "base %u/%u, keep_start %d, %s: frame %d is at %.6f s, expected %.6f\n", t->base_num, t->base_den,
                    t->keep_start, t->codec_preset, i, m.time[i], t->expected[i]);
            failures++;
        }
    unlink("time.mp4");
}

/* A frame lasts to the next; the last one 1 / fps. */
static void test_durations(void)
{
    struct pixfer_exporter_params p = params();
    struct pixfer_exporter *e;
    p.time_base_num = 1, p.time_base_den = 1000, p.fps_num = 25;
    CHECK(pixfer_exporter_open(&e, "time.mp4", &p) == PIXFER_OK);
    CHECK(push_at(e, 0) == PIXFER_OK && push_at(e, 1500) == PIXFER_OK && push_at(e, 2000) == PIXFER_OK);
    CHECK(pixfer_exporter_finish(e, NULL) == PIXFER_OK);
    pixfer_exporter_close(&e);
    struct movie m = read_movie("time.mp4", false);
    CHECK(m.frames == 3 && fabs(m.end - 2.04) < 1e-3);
    unlink("time.mp4");
}

struct refusal {
    uint32_t base_num, base_den;
    int keep_start;
    int64_t first, second, third; /* second is refused, third is not */
    const char *word;
};

static const struct refusal refused[] = {
    {0, 0, 0, 5, 5, 6, "pts is 5, expected more than the 5"},
    {0, 0, 0, 5, 4, 6, "pts is 4, expected more than the 5"},
    {0, 0, 0, 0, INT64_MAX, 1, "64 bits"},
    {0, 0, 0, 0, INT64_MIN, 1, "more than the 0"},
    {0, 0, 0, -5, INT64_MAX - 1, 1, "too far"},
    {1, 1000, 0, 0, INT64_C(1) << 60, 40, "expected at most 67108.864 s"},
    {1, 1000, 0, 0, 67108865, 67108864, "expected at most 67108.864 s"},
    {1, 1000000, 0, 0, 11930464800, 11930464700, "expected at most 11930.465 s"},
    {1, 1000000000, 0, 0, 300, 40000000, "counts 1/90000 s"},
    {1, 1000, 1, 0, -1, 1, "expected more than the 0"},
};

static void test_refused(const struct refusal *r)
{
    struct pixfer_exporter_params p = params();
    struct pixfer_exporter_stats stats = PIXFER_EXPORTER_STATS();
    struct pixfer_exporter *e;
    p.time_base_num = r->base_num, p.time_base_den = r->base_den, p.keep_start = r->keep_start, p.preset = "ultrafast";
    CHECK(pixfer_exporter_open(&e, "time.mp4", &p) == PIXFER_OK);
    CHECK(push_at(e, r->first) == PIXFER_OK && !warnings);
    CHECK(push_at(e, r->second) == PIXFER_ERR_INVALID && warnings == 1);
    if (!strstr(last_warning, r->word)) {
        fprintf(stderr, "found '%s', expected '%s'\n", last_warning, r->word);
        failures++;
    }
    CHECK(push_at(e, r->third) == PIXFER_OK && warnings == 1);
    CHECK(pixfer_exporter_finish(e, &stats) == PIXFER_OK && stats.frames == 2 && stats.refused == 1);
    pixfer_exporter_close(&e);
    unlink("time.mp4");
}

static void test_bad_bases(void)
{
    struct pixfer_exporter_params p = params();
    struct pixfer_exporter *e;
    p.time_base_num = INT32_MAX, p.time_base_den = 1;
    CHECK(pixfer_exporter_open(&e, "time.mp4", &p) == PIXFER_ERR_INVALID && strstr(last_error, "MP4 holds"));
    p = params(), p.fps_num = 1, p.fps_den = INT32_MAX;
    CHECK(pixfer_exporter_open(&e, "time.mp4", &p) == PIXFER_ERR_INVALID && strstr(last_error, "MP4 holds"));
    p = params(), p.keep_start = 1;
    CHECK(pixfer_exporter_open(&e, "time.mp4", &p) == PIXFER_OK);
    CHECK(push_at(e, -1) == PIXFER_ERR_INVALID && strstr(last_warning, "keep_start") && push_at(e, 0) == PIXFER_OK);
    CHECK(pixfer_exporter_finish(e, NULL) == PIXFER_OK);
    pixfer_exporter_close(&e);
    unlink("time.mp4");
}

/* What lies between pause and resume is not in the file, for frames and audio alike. */
static void test_pause(void)
{
    static const double expected[] = {0, 0.1, 0.5, 0.6, 0.600011, 1.600011};
    static float samples[48000];
    struct pixfer_exporter_params p = params();
    struct pixfer_exporter *e;
    p.time_base_num = 1, p.time_base_den = 1000000, p.sample_rate = 48000, p.channels = 1;
    CHECK(pixfer_exporter_open(&e, "time.mp4", &p) == PIXFER_OK);
    CHECK(push_at(e, 1000000) == PIXFER_OK && push_at(e, 1100000) == PIXFER_OK);
    CHECK(pixfer_exporter_push_audio_at(e, samples, 24000, 48000) == PIXFER_OK);
    CHECK(pixfer_exporter_pause(e, 1099999) == PIXFER_ERR_INVALID && warnings == 1);
    CHECK(pixfer_exporter_pause(e, 1500000) == PIXFER_OK && pixfer_exporter_pause(e, 1600000) == PIXFER_ERR_INVALID);
    CHECK(push_at(e, 2000000) == PIXFER_ERR_INVALID && warnings == 3 && strstr(last_warning, "pause"));
    CHECK(pixfer_exporter_push_audio(e, samples, 10) == PIXFER_ERR_INVALID && warnings == 4);
    CHECK(pixfer_exporter_push_audio_at(e, samples, 10, 96000) == PIXFER_ERR_INVALID && warnings == 5);
    CHECK(pixfer_exporter_resume(e, 1499999) == PIXFER_ERR_INVALID && warnings == 6);
    CHECK(pixfer_exporter_resume(e, 100000000) == PIXFER_OK);
    CHECK(push_at(e, 99999999) == PIXFER_ERR_INVALID && strstr(last_warning, "of resume"));
    CHECK(push_at(e, 100000000) == PIXFER_OK && push_at(e, 100100000) == PIXFER_OK);
    CHECK(pixfer_exporter_push_audio_at(e, samples, 9600, 4800000 - 4800) == PIXFER_OK); /* half of it before resume */
    /* At the last frame's own pts: it is there for a moment. */
    CHECK(pixfer_exporter_pause(e, 100100000) == PIXFER_OK && pixfer_exporter_resume(e, 100200000) == PIXFER_OK);
    CHECK(push_at(e, 100200000) == PIXFER_OK && push_at(e, 101199999) == PIXFER_OK);
    CHECK(pixfer_exporter_finish(e, NULL) == PIXFER_OK && !errors);
    pixfer_exporter_close(&e);
    struct movie m = read_movie("time.mp4", false);
    CHECK(m.frames == 6);
    for (int i = 0; i < 6; i++)
        CHECK(fabs(m.time[i] - expected[i]) < 6e-6);
    CHECK(fabs(m.audio_end - m.end) < 0.03 && fabs(m.end - 1.6333) < 0.03);
    unlink("time.mp4");
}

/* Audio keeps its distance to the frames: from its own clock's times, and without any. */
static void test_audio(bool early, int64_t first_pts)
{
    static float samples[48000];
    struct pixfer_exporter_params p = params();
    struct pixfer_exporter *e;
    p.sample_rate = 48000, p.channels = 1;
    CHECK(pixfer_exporter_open(&e, "time.mp4", &p) == PIXFER_OK);
    int64_t at = first_pts * 1600;
    if (early) /* before the first frame is there, and a tenth of a second before it is shown */
        CHECK(pixfer_exporter_push_audio_at(e, samples, 9600, at - 4800) == PIXFER_OK);
    for (int i = 0; i < 30; i++)
        CHECK(push_at(e, first_pts + i) == PIXFER_OK);
    CHECK(pixfer_exporter_push_audio_at(e, samples, 24000, at + 30 * 1600 - 24000) == PIXFER_OK);
    CHECK(pixfer_exporter_finish(e, NULL) == PIXFER_OK && !errors && !warnings);
    pixfer_exporter_close(&e);
    struct movie m = read_movie("time.mp4", false);
    CHECK(m.frames == 30 && m.time[0] == 0 && fabs(m.audio_end - 1) < 0.03 && fabs(m.audio_start) < 0.03);
    unlink("time.mp4");
}

int main(void)
{
    begin_tests();
    pixfer_exporter_route_libav_log(NULL, NULL);
    for (size_t i = 0; i < sizeof(kept) / sizeof(*kept); i++)
        test_kept(&kept[i]);
    for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++)
        test_refused(&refused[i]);
    test_durations();
    test_bad_bases();
    test_pause();
    test_audio(false, 0);
    test_audio(true, 0);
    test_audio(true, 18000);
    test_audio(true, -100);
    return end_tests();
}

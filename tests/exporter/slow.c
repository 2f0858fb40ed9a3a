/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* Renderers that are slow, all the time or now and then, with encoders that hold frames back: killed with -9, every frame that was pushed
 * more than about a second ago is in OUT.part; finished, all of them are in OUT. Each has its time and its content, and a renderer
 * that is slow from the beginning does not pay for that with key frames. */
#include "push_common.h"

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

enum { PHASES = 4, AFTER_MS = 1500 };

struct scenario {
    const char *what, *preset;
    unsigned threads;
    struct {
        int frames, gap_ms;
    } phases[PHASES];
    int most_key_frames; /* 0 = any number */
    int missing;         /* frames that may be missing at the end after a kill */
};

static const struct scenario scenarios[] = {
    {"slow", NULL, 0, {{5, 800}}, 1, 0},
    {"slow, one thread", NULL, 1, {{5, 800}}, 1, 0},
    {"slow, ultrafast", "ultrafast", 0, {{5, 800}}, 1, 0},
    {"slow, medium", "medium", 3, {{5, 800}}, 1, 0},
    {"slow at last", NULL, 0, {{40, 10}, {4, 800}}, 0, 0},
    {"slow at last, ultrafast", "ultrafast", 0, {{40, 10}, {4, 800}}, 2, 0},
    {"slow at first", NULL, 0, {{2, 800}, {80, 5}}, 2, 0},
    {"slow, quick, slow", NULL, 0, {{2, 800}, {75, 5}, {3, 800}}, 3, 0},
    {"slow, quick, slow, placebo", "placebo", 2, {{2, 800}, {40, 5}, {2, 800}, {38, 5}}, 4, 0},
    {"five a second", NULL, 0, {{25, 200}}, 0, 0},
};
enum { COUNT = sizeof(scenarios) / sizeof(scenarios[0]), RUNS = 2 * COUNT };

static int frames_of(const struct scenario *s)
{
    int count = 0;
    for (int i = 0; i < PHASES; i++)
        count += s->phases[i].frames;
    return count;
}

static void wait_ms(int ms)
{
    const struct timespec t = {ms / 1000, ms % 1000 * 1000000L};
    nanosleep(&t, NULL);
}

/* Frame i has pts i and is as bright as that makes it: fewer than 85, so that none looks like another scene. */
static void record(const struct scenario *s, const char *name, bool finish)
{
    struct pixfer_exporter *e = NULL;
    struct pixfer_exporter_params p = params();
    p.time_base_num = 1;
    p.time_base_den = 125;
    p.encoder = "libx264";
    p.preset = s->preset;
    p.encoder_threads = s->threads;
    if (pixfer_exporter_open(&e, name, &p) != PIXFER_OK)
        _exit(1);
    for (int phase = 0, i = 0; phase < PHASES; phase++)
        for (int n = 0; n < s->phases[phase].frames; n++, i++) {
            if (push_at(e, i) != PIXFER_OK)
                _exit(2);
            wait_ms(s->phases[phase].gap_ms);
        }
    if (!finish) {
        wait_ms(AFTER_MS);
        raise(SIGKILL);
    }
    enum pixfer_result result = pixfer_exporter_finish(e, NULL);
    pixfer_exporter_close(&e);
    _exit(result == PIXFER_OK && !errors && !warnings ? 0 : 3);
}

static int key_frames(const char *name)
{
    int count = 0;
    AVFormatContext *context = NULL;
    AVPacket *packet = av_packet_alloc();
    if (avformat_open_input(&context, name, NULL, NULL) >= 0)
        while (av_read_frame(context, packet) >= 0) {
            count += packet->flags & AV_PKT_FLAG_KEY ? 1 : 0;
            av_packet_unref(packet);
        }
    avformat_close_input(&context);
    av_packet_free(&packet);
    return count;
}

static bool looks_right(const struct movie *m, int i)
{
    const uint8_t *y = m->i420 + (size_t)i * WIDTH * HEIGHT * 3 / 2;
    const int expected = 16 + 3 * i * 219 / 255;
    int sum = 0;
    for (int k = 0; k < WIDTH * HEIGHT; k++)
        sum += y[k];
    return abs(sum / (WIDTH * HEIGHT) - expected) <= 3;
}

static void judge(const struct scenario *s, const char *name, bool finished)
{
    const int all = frames_of(s), before = failures;
    struct movie m = read_movie(name, true);
    CHECK(m.frames <= all && m.frames >= all - (finished ? 0 : s->missing));
    for (int i = 0; i < m.frames && i < all; i++) {
        CHECK(m.time[i] > 0.008 * i - 0.0001 && m.time[i] < 0.008 * i + 0.0001);
        CHECK(looks_right(&m, i));
        if (failures > before + 5)
            break;
    }
    CHECK(!s->most_key_frames || key_frames(name) <= s->most_key_frames);
    if (failures > before)
        fprintf(stderr, "%s, %s: %d of %d frames, %d key frames\n", s->what, finished ? "finished" : "killed", m.frames, all,
                key_frames(name));
    free_movie(&m);
}

int main(void)
{
    pid_t pids[RUNS];
    char name[32], part[40];
    if (!avcodec_find_encoder_by_name("libx264")) {
        puts("skipped: there is no libx264");
        return 77;
    }
    begin_tests();
    for (int i = 0; i < RUNS; i++) {
        snprintf(name, sizeof(name), "%d.mp4", i);
        fflush(NULL);
        if (!(pids[i] = fork()))
            record(&scenarios[i / 2], name, i % 2);
    }
    for (int i = 0; i < RUNS; i++) {
        int status = 0;
        CHECK(waitpid(pids[i], &status, 0) == pids[i]);
        const bool finish = i % 2;
        snprintf(name, sizeof(name), "%d.mp4", i);
        snprintf(part, sizeof(part), "%s.part", name);
        CHECK(finish ? WIFEXITED(status) && !WEXITSTATUS(status) : WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
        CHECK(exists(finish ? name : part) && !exists(finish ? part : name));
        judge(&scenarios[i / 2], finish ? name : part, finish);
        unlink(name);
        unlink(part);
    }
    return end_tests();
}

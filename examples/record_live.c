/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* A recorder that runs live for two seconds: frames when there is something new, with the times of a clock; audio from a thread of its
 * own on the same clock; a pause; Ctrl-C. Usage: record_live [OUT.mp4] */
#include <math.h>
#include <pixfer/exporter.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { WIDTH = 320, HEIGHT = 180, RATE = 48000, BLOCK = 480 };
static volatile sig_atomic_t interrupted;
static struct pixfer_exporter *exporter;

/* Microseconds of a clock that began at some time before the recording. */
static int64_t clock_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void wait_ms(int ms)
{
    nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000L}, NULL);
}

/* A tone in blocks of 10 ms, as a sound card delivers them: each with the time of its first sample. */
static void *record_audio(void *end)
{
    static float samples[BLOCK][2];
    int64_t at = clock_us() * RATE / 1000000;
    for (;; at += BLOCK) {
        while (clock_us() * RATE / 1000000 < at + BLOCK)
            wait_ms(1);
        for (int i = 0; i < BLOCK; i++)
            samples[i][0] = samples[i][1] = 0.1f * sinf(6.2831853f * 440 * (float)((at + i) % RATE) / RATE);
        enum pixfer_result result = pixfer_exporter_push_audio_at(exporter, &samples[0][0], BLOCK, at);
        if (result == PIXFER_ERR_CANCELLED || *pixfer_exporter_error(exporter) || clock_us() > *(int64_t *)end)
            return NULL; /* refused blocks, in the pause, are not the end */
    }
}

static void log_line(void *opaque, int level, const char *message)
{
    (void)opaque;
    if (level == PIXFER_LOG_ERROR) /* a warning is one refused frame or block of audio, as in the pause */
        fprintf(stderr, "%s\n", message);
}

static void interrupt(int number)
{
    (void)number;
    interrupted++;
}

/* The first Ctrl-C finishes the file, the second gives up and keeps OUT.part. */
static enum pixfer_progress_action progress(void *opaque, const struct pixfer_progress *p)
{
    (void)opaque, (void)p;
    return interrupted > 1 ? PIXFER_PROGRESS_ABORT : interrupted ? PIXFER_PROGRESS_FINISH : PIXFER_PROGRESS_CONTINUE;
}

static void render(uint8_t (*pixels)[WIDTH][4], int64_t t)
{
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++) {
            pixels[y][x][0] = (uint8_t)(x + t / 4000);
            pixels[y][x][1] = (uint8_t)(y + t / 8000);
            pixels[y][x][2] = 128;
        }
}

/* 30 frames a second at most; none while nothing changes; one is dropped where the encoder is behind. */
static enum pixfer_result record_frames(int64_t end)
{
    static uint8_t pixels[HEIGHT][WIDTH][4];
    const struct pixfer_image image = {PIXFER_FORMAT_RGBA, WIDTH, HEIGHT, {&pixels[0][0][0]}, {sizeof(pixels[0])}};
    enum pixfer_result result = PIXFER_OK;
    int64_t begin = clock_us(), now;
    int dropped = 0, paused = 0;
    while ((now = clock_us()) < end && result == PIXFER_OK) {
        if (!paused && now > begin + 1200000) {
            paused = pixfer_exporter_pause(exporter, now) == PIXFER_OK;
            wait_ms(300);
            pixfer_exporter_resume(exporter, clock_us());
        } else if (now < begin + 400000 || now > begin + 800000) { /* in between the screen stands still */
            render(pixels, now);
            result = pixfer_exporter_try_push(exporter, &image, now);
            dropped += result == PIXFER_ERR_AGAIN;
        }
        if (result == PIXFER_ERR_AGAIN || result == PIXFER_ERR_INVALID)
            result = PIXFER_OK; /* that frame is lost, and only that one */
        wait_ms(33);
    }
    printf("%d frames were dropped\n", dropped);
    return result;
}

int main(int argc, char **argv)
{
    char error[256];
    struct pixfer_exporter_stats stats = PIXFER_EXPORTER_STATS();
    const struct pixfer_metadata title = {"title", "A recording"};
    pthread_t audio;
    signal(SIGINT, interrupt);
    if (pixfer_exporter_open(&exporter, argc > 1 ? argv[1] : "recording.mp4",
                             &PIXFER_EXPORTER_PARAMS(.format = PIXFER_FORMAT_RGBA, .width = WIDTH, .height = HEIGHT,
                                                     .fps_num = 30, .time_base_num = 1, .time_base_den = 1000000,
                                                     .sample_rate = RATE, .channels = 2, .gop = 60, .metadata = &title,
                                                     .metadata_count = 1, .overwrite = 1, .log = log_line, .progress = progress,
                                                     .error = error, .error_size = sizeof(error))) != PIXFER_OK) {
        fprintf(stderr, "cannot record: %s\n", error);
        return EXIT_FAILURE;
    }
    int64_t end = clock_us() + 2000000;
    if (pthread_create(&audio, NULL, record_audio, &end)) {
        pixfer_exporter_close(&exporter);
        return EXIT_FAILURE;
    }
    record_frames(end);
    enum pixfer_result result = pixfer_exporter_finish(exporter, &stats);
    pthread_join(audio, NULL); /* before close: it still looks at the exporter */
    printf("%s: %llu frames\n", pixfer_strerror(result), (unsigned long long)stats.frames);
    pixfer_exporter_close(&exporter);
    return result == PIXFER_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}

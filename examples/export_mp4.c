/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* A renderer of forty lines: two seconds of a moving gradient, with a tone beside it, as an MP4. Usage: export_mp4 [OUT.mp4] */
#include <math.h>
#include <pixfer/exporter.h>
#include <stdio.h>
#include <stdlib.h>

enum { WIDTH = 640, HEIGHT = 360, FPS = 60, FRAMES = 120, RATE = 48000 };
static uint8_t pixels[HEIGHT][WIDTH][4];
static float tone[RATE / FPS][2];

static void render(int frame)
{
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++) {
            pixels[y][x][0] = (uint8_t)(x + 2 * frame);
            pixels[y][x][1] = (uint8_t)(y + frame);
            pixels[y][x][2] = (uint8_t)(255 - x / 3);
        }
    for (int i = 0; i < RATE / FPS; i++)
        tone[i][0] = tone[i][1] = 0.1f * sinf(6.2831853f * 440 * (float)(frame * (RATE / FPS) + i) / RATE);
}

static void print(void *opaque, int level, const char *message)
{
    (void)opaque;
    if (level <= PIXFER_LOG_INFO)
        fprintf(stderr, "%s\n", message);
}

int main(int argc, char **argv)
{
    struct pixfer_exporter *e;
    struct pixfer_exporter_stats stats = {0};
    struct pixfer_image image = {PIXFER_FORMAT_RGBA, WIDTH, HEIGHT, {&pixels[0][0][0]}, {sizeof(pixels[0])}};
    enum pixfer_result result = pixfer_exporter_open(
        &e, argc > 1 ? argv[1] : "gradient.mp4",
        &PIXFER_EXPORTER_PARAMS(.format = PIXFER_FORMAT_RGBA, .width = WIDTH, .height = HEIGHT, .fps_num = FPS,
                                .sample_rate = RATE, .channels = 2, .overwrite = 1, .log = print));
    for (int i = 0; i < FRAMES && result == PIXFER_OK; i++) {
        render(i);
        result = pixfer_exporter_push(e, &image, i);
        if (result == PIXFER_OK)
            result = pixfer_exporter_push_audio(e, &tone[0][0], RATE / FPS);
    }
    if (e)
        result = pixfer_exporter_finish(e, &stats);
    printf("%s: %llu frames, %.0f a second\n", pixfer_strerror(result), (unsigned long long)stats.frames, stats.fps);
    pixfer_exporter_close(&e);
    return result == PIXFER_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}

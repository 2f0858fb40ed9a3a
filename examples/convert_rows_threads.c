/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* A program that has threads of its own gives each a slice of the frame. The converter has no lock in the way. */

#include <pixfer/pixfer.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define THREADS 4
#define WIDTH 1280
#define HEIGHT 720

struct slice {
    struct pixfer_converter *converter;
    struct pixfer_image src, dst;
    uint32_t first, count;
    enum pixfer_result result;
};

static void *work(void *argument)
{
    struct slice *slice = argument;

    slice->result = pixfer_convert_rows(slice->converter, &slice->src, &slice->dst, slice->first, slice->count);
    return NULL;
}

int main(void)
{
    const uint32_t rows = HEIGHT / THREADS & ~1u; /* slices begin on even rows */
    uint8_t *bgra = calloc(WIDTH * HEIGHT, 4), *nv12 = malloc(WIDTH * HEIGHT * 3 / 2);
    struct slice slices[THREADS];
    pthread_t threads[THREADS];
    struct pixfer_converter *converter;
    enum pixfer_result result = pixfer_converter_open(
        &converter, &PIXFER_CONVERTER_PARAMS(.src_format = PIXFER_FORMAT_BGRA, .dst_format = PIXFER_FORMAT_NV12, .width = WIDTH,
                                             .height = HEIGHT, .threads = 1));

    if (result != PIXFER_OK || !bgra || !nv12)
        return 1;
    for (uint32_t i = 0; i < THREADS; i++) {
        slices[i] =
            (struct slice){.converter = converter, .first = i * rows, .count = i + 1 < THREADS ? rows : HEIGHT - i * rows};
        pixfer_image_layout(&slices[i].src, PIXFER_FORMAT_BGRA, WIDTH, HEIGHT, bgra, 1);
        pixfer_image_layout(&slices[i].dst, PIXFER_FORMAT_NV12, WIDTH, HEIGHT, nv12, 1);
        if (pthread_create(&threads[i], NULL, work, &slices[i]))
            return 1;
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        if (slices[i].result != PIXFER_OK)
            result = slices[i].result;
    }
    printf("%s; black is Y %d, Cb %d, Cr %d\n", pixfer_strerror(result), nv12[0], nv12[WIDTH * HEIGHT], nv12[WIDTH * HEIGHT + 1]);
    pixfer_converter_close(&converter);
    free(bgra);
    free(nv12);
    return result != PIXFER_OK;
}

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* One frame in memory, converted: the shortest use of the library. */

#include <pixfer/pixfer.h>
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
    const uint32_t width = 1920, height = 1080;
    uint8_t *rgba = malloc((size_t)width * height * 4), *nv12 = malloc((size_t)width * height * 3 / 2);
    enum pixfer_result result;

    if (!rgba || !nv12)
        return 1;
    /* Something to see: red grows to the right, green downwards. */
    for (uint32_t y = 0; y < height; y++)
        for (uint32_t x = 0; x < width; x++) {
            uint8_t *pixel = rgba + ((size_t)y * width + x) * 4;

            pixel[0] = (uint8_t)(x * 255 / (width - 1));
            pixel[1] = (uint8_t)(y * 255 / (height - 1));
            pixel[2] = 64;
            pixel[3] = 255;
        }
    result = pixfer_rgba_to_nv12(rgba, (ptrdiff_t)width * 4, width, height, nv12, width, nv12 + (size_t)width * height, width);
    printf("%s; the first pixel is Y %d, Cb %d, Cr %d\n", pixfer_strerror(result), nv12[0], nv12[width * height],
           nv12[width * height + 1]);
    free(rgba);
    free(nv12);
    return result != PIXFER_OK;
}

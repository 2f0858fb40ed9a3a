/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* A program outside the repository: one converter, one call, and samples worked out by hand from H.273. */

#include <pixfer/pixfer.h>
#include <stdio.h>
#include <string.h>

/* BT.709, limited: Y = 16 + 219·L/255, Cb = 128 + 224·(B − L)/(1.8556·255), Cr = 128 + 224·(R − L)/(1.5748·255). */
static const struct {
    uint8_t rgb[3], ycc[3];
} known[] = {
    {{255, 255, 255}, {235, 128, 128}}, {{0, 0, 0}, {16, 128, 128}},
    {{255, 0, 0}, {63, 102, 240}},      {{0, 255, 0}, {173, 42, 26}},
    {{0, 0, 255}, {32, 240, 118}},      {{200, 0, 0}, {53, 108, 216}}, /* Y = 52.5: a tie goes up */
};

int main(void)
{
    uint8_t bgra[2 * 2 * 4], nv12[6];
    struct pixfer_image src, dst;
    struct pixfer_converter *converter;

    pixfer_image_layout(&src, PIXFER_FORMAT_BGRA, 2, 2, bgra, 1);
    pixfer_image_layout(&dst, PIXFER_FORMAT_NV12, 2, 2, nv12, 1);
    if (pixfer_converter_open(&converter, &PIXFER_CONVERTER_PARAMS(.src_format = PIXFER_FORMAT_BGRA,
                                                                   .dst_format = PIXFER_FORMAT_NV12, .width = 2, .height = 2)) !=
        PIXFER_OK)
        return 1;
    for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
        const uint8_t *rgb = known[i].rgb, *ycc = known[i].ycc;

        for (int pixel = 0; pixel < 4; pixel++)
            memcpy(bgra + 4 * pixel, (const uint8_t[]){rgb[2], rgb[1], rgb[0], 77}, 4);
        if (pixfer_convert(converter, &src, &dst) != PIXFER_OK || nv12[3] != ycc[0] || nv12[4] != ycc[1] || nv12[5] != ycc[2]) {
            printf("%d,%d,%d: found %d,%d,%d, expected %d,%d,%d\n", rgb[0], rgb[1], rgb[2], nv12[3], nv12[4], nv12[5], ycc[0],
                   ycc[1], ycc[2]);
            return 1;
        }
    }
    pixfer_converter_close(&converter);
    if (pixfer_rgba_to_nv12(bgra, 8, 2, 2, nv12, 2, nv12 + 4, 2) != PIXFER_OK)
        return 1;
    printf("pixfer %s\n", pixfer_version());
    return strcmp(pixfer_strerror(PIXFER_OK), "success");
}

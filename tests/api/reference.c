/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* Writes the NV12 of the reference frame (doc/bindings.md), or with an argument its RGBA. */
#include <pixfer/pixfer.h>
#include <stdio.h>

enum { W = 256, H = 144 };
static uint8_t rgba[W * H * 4], nv12[W * H * 3 / 2];

int main(int argc, char **argv)
{
    (void)argv;
    for (unsigned y = 0; y < H; y++)
        for (unsigned x = 0; x < W; x++) {
            uint8_t *p = &rgba[(y * W + x) * 4];
            p[0] = (uint8_t)x;
            p[1] = (uint8_t)(7 * y);
            p[2] = (uint8_t)(x * y);
            p[3] = 255;
        }
    if (argc > 1)
        return fwrite(rgba, 1, sizeof(rgba), stdout) != sizeof(rgba);
    if (pixfer_rgba_to_nv12(rgba, W * 4, W, H, nv12, W, nv12 + W * H, W))
        return 1;
    return fwrite(nv12, 1, sizeof(nv12), stdout) != sizeof(nv12);
}

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include <math.h>

#include "hdr.h"

/* ---- Light, from the standards' equations in double -------------------------------------------------------------------------- */

static const double m1 = 2610.0 / 16384, m2 = 2523.0 / 32, c1 = 3424.0 / 4096, c2 = 2413.0 / 128, c3 = 2392.0 / 128;

static double pq_of(double nits)
{
    const double y = pow(fmax(nits, 0) / 10000, m1);
    return pow((c1 + c2 * y) / (1 + c3 * y), m2);
}

static double pq_light(double e)
{
    const double p = pow(fmax(e, 0), 1 / m2);
    return 10000 * pow(fmax(p - c1, 0) / (c2 - c3 * p), 1 / m1);
}

static double srgb_light(double e)
{
    return e <= 0.04045 ? e / 12.92 : pow((e + 0.055) / 1.055, 2.4);
}

/* BT.2100's display light of HLG on one of HLG_PEAK nits, whose gamma is 1.2. */
static void hlg_light(const double e[3], double nits[3])
{
    const double a = 0.17883277, b = 1 - 4 * a, c = 0.5 - a * log(4 * a);
    double scene[3];
    for (int i = 0; i < 3; i++)
        scene[i] = e[i] <= 0.5 ? fmax(e[i], 0) * fmax(e[i], 0) / 3 : (exp((e[i] - c) / a) + b) / 12;
    const double luminance = 0.2627 * scene[0] + 0.6780 * scene[1] + 0.0593 * scene[2];
    for (int i = 0; i < 3; i++)
        nits[i] = luminance > 0 ? HLG_PEAK * pow(luminance, 0.2) * scene[i] : 0;
}

static void to_bt2020(double rgb[3])
{
    /* From the chromaticities of H.273. */
    static const double m[3][3] = {{0.6274038959, 0.3292830384, 0.0433130657},
                                   {0.0690972894, 0.9195403951, 0.0113623156},
                                   {0.0163914389, 0.0880133079, 0.8955952532}};
    const double from[3] = {rgb[0], rgb[1], rgb[2]};
    for (int i = 0; i < 3; i++)
        rgb[i] = m[i][0] * from[0] + m[i][1] * from[1] + m[i][2] * from[2];
}

/* Nits in BT.2020's primaries of R'G'B' as the path's destination has it. */
static void light_of_code(const struct path *path, const double e[3], double nits[3])
{
    if (path->transfer == PIXFER_TRANSFER_HLG) {
        hlg_light(e, nits);
        return;
    }
    const bool pq = path->transfer == PIXFER_TRANSFER_PQ || !(path->white > 0);
    for (int i = 0; i < 3; i++)
        nits[i] = pq ? pq_light(e[i]) : path->white * srgb_light(e[i]);
    if (!pq)
        to_bt2020(nits);
}

static void light_of_source(const struct path *path, const double rgb[3], double nits[3])
{
    if (!path->transfer) {
        light_of_code(path, rgb, nits);
        return;
    }
    for (int i = 0; i < 3; i++)
        nits[i] = rgb[i] * SRC_WHITE;
    to_bt2020(nits);
}

/* BT.2100's ICtCp, with Ct halved as BT.2124 has it. */
static void itp_of(const double nits[3], double itp[3])
{
    const double l = pq_of((1688 * nits[0] + 2146 * nits[1] + 262 * nits[2]) / 4096);
    const double m = pq_of((683 * nits[0] + 2951 * nits[1] + 462 * nits[2]) / 4096);
    const double s = pq_of((99 * nits[0] + 309 * nits[1] + 3688 * nits[2]) / 4096);
    itp[0] = (l + m) / 2;
    itp[1] = (6610 * l - 13613 * m + 7003 * s) / 4096 / 2;
    itp[2] = (17933 * l - 17390 * m - 543 * s) / 4096;
}

/* ---- Frames ------------------------------------------------------------------------------------------------------------------ */

/* Cb or Cr at a pixel. Of 4:2:0 with siting left a sample lies on the even column between the rows 2y and 2y + 1. */
static double chroma_at(const struct pixfer_image *dst, unsigned component, uint32_t x, uint32_t y)
{
    if (dst->format == PIXFER_FORMAT_I410 || dst->format == PIXFER_FORMAT_I444)
        return frame_get(dst, component, x, y);
    const uint32_t right = (dst->width + 1) / 2 - 1, bottom = (dst->height + 1) / 2 - 1, cx = x / 2, cy = y / 2;
    const uint32_t next = x % 2 && cx < right ? cx + 1 : cx;
    const uint32_t other = y % 2 ? (cy < bottom ? cy + 1 : cy) : (cy ? cy - 1 : cy);
    const double near = frame_get(dst, component, cx, cy) + (double)frame_get(dst, component, next, cy);
    const double far = frame_get(dst, component, cx, other) + (double)frame_get(dst, component, next, other);
    return (3 * near + far) / 8;
}

static void decode(const struct path *path, const struct pixfer_image *dst, uint32_t x, uint32_t y, double e[3])
{
    const double unit = dst->format == PIXFER_FORMAT_NV12 || dst->format == PIXFER_FORMAT_I444 ? 1 : 4;
    const double kr = path->matrix == PIXFER_MATRIX_BT709 ? 0.2126 : 0.2627,
                 kb = path->matrix == PIXFER_MATRIX_BT709 ? 0.0722 : 0.0593;
    const double luma = (frame_get(dst, 0, x, y) / unit - 16) / 219;
    const double cb = (chroma_at(dst, 1, x, y) / unit - 128) / 224, cr = (chroma_at(dst, 2, x, y) / unit - 128) / 224;
    e[0] = luma + 2 * (1 - kr) * cr;
    e[2] = luma + 2 * (1 - kb) * cb;
    e[1] = (luma - kr * e[0] - kb * e[2]) / (1 - kr - kb);
    for (int i = 0; i < 3; i++)
        e[i] = fmin(fmax(e[i], 0), 1);
}

void distance_add(struct distance *distance, const struct path *path, const struct pixfer_image *src,
                  const struct pixfer_image *dst)
{
    for (uint32_t y = 0; y < src->height; y++)
        for (uint32_t x = 0; x < src->width; x++) {
            double rgb[3], e[3], nits[2][3], itp[2][3], sum = 0;
            frame_get_rgb(src, x, y, rgb);
            light_of_source(path, rgb, nits[0]);
            decode(path, dst, x, y, e);
            light_of_code(path, e, nits[1]);
            for (int i = 0; i < 3; i++) {
                const double off = pq_of(nits[0][i]) - pq_of(nits[1][i]);
                distance->squares += off * off;
            }
            itp_of(nits[0], itp[0]);
            itp_of(nits[1], itp[1]);
            for (int i = 0; i < 3; i++)
                sum += (itp[0][i] - itp[1][i]) * (itp[0][i] - itp[1][i]);
            distance->itp += 720 * sqrt(sum);
            distance->itp_max = fmax(distance->itp_max, 720 * sqrt(sum));
            distance->pixels++;
        }
}

double distance_psnr(const struct distance *distance)
{
    return distance->squares > 0 ? 10 * log10(3.0 * (double)distance->pixels / distance->squares) : INFINITY;
}

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* Sources of more than 8 bits on every instruction set of this machine: every half in every component; colours next to the threshold of
 * every sample, from both sides; floats that are a tie but for less than any float of that size can say; words with bits beyond the
 * sample; and what of a component is white.
 *
 *     test_deep [--step N]      N > 1 takes every Nth threshold only */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "convert.h"
#include "oracle.h"

static struct picture src, wanted, got;
static unsigned failures, thresholds;
static uint64_t checked;
static struct rng rng = {1};

static void check(enum pixfer_format format, const struct pixfer_color *color, const char *what)
{
    struct oracle_report report[3];
    unsigned plane;
    size_t x, y;

    picture_place(&wanted, format, src.image.width, src.image.height, &(struct picture_layout){0});
    oracle_convert(&src.image, &wanted.image, color);
    for (const char *const *cpu = pixfer_cpu_names(); *cpu; cpu++) {
        picture_place(&got, format, src.image.width, src.image.height, &(struct picture_layout){0});
        if (!convert_pinned(*cpu, &src.image, &got.image, color)) {
            failures++;
            continue;
        }
        checked++;
        if (!picture_difference(&wanted, &got, &plane, &x, &y))
            continue;
        oracle_compare(&src.image, &got.image, color, report);
        for (unsigned i = 0; i < 3; i++)
            if (report[i].differing && failures++ < 20)
                printf("FAIL %s, %s, %s to %s, %s: component %u (%u, %u) is %u, expected %u (%llu differ)\n", what, *cpu,
                       pixfer_format_name(src.image.format), pixfer_format_name(format), color_name(color), i, report[i].x,
                       report[i].y, report[i].got, report[i].expected, (unsigned long long)report[i].differing);
    }
}

static void put16(unsigned plane, size_t x, size_t y, size_t pixel, size_t word, uint16_t value)
{
    size_t bytes;
    memcpy(picture_row(&src, plane, y, &bytes) + pixel * x + 2 * word, &value, 2);
}

/* ---- Halves: all 65536 in each component, the others random, and in all three ---- */

static void test_halves(void)
{
    static const enum pixfer_format formats[] = {PIXFER_FORMAT_P010, PIXFER_FORMAT_NV12, PIXFER_FORMAT_P016, PIXFER_FORMAT_I410};
    const struct pixfer_color colors[] = {{PIXFER_MATRIX_BT709, PIXFER_RANGE_LIMITED, PIXFER_SITING_LEFT},
                                          {PIXFER_MATRIX_BT2020_NCL, PIXFER_RANGE_LIMITED, PIXFER_SITING_TOP_LEFT},
                                          {PIXFER_MATRIX_BT2020_NCL, PIXFER_RANGE_FULL, PIXFER_SITING_CENTER}};
    for (unsigned component = 0; component < 4; component++) {
        picture_place(&src, PIXFER_FORMAT_RGBA16F, 1024, 64, &(struct picture_layout){0});
        picture_fill(&src, PICTURE_RANDOM, &rng);
        for (unsigned i = 0; i < 65536; i++)
            for (unsigned c = 0; c < 3; c++)
                if (component == 3 || component == c)
                    put16(0, i % 1024, i / 1024, 8, c, (uint16_t)i);
        for (unsigned i = 0; i < 4 * 3; i++)
            check(formats[i / 3], &colors[i % 3], "halves");
    }
}

/* ---- Thresholds: flat colours that lie next to one ---- */

static int64_t white_of(enum pixfer_format format)
{
    return format == PIXFER_FORMAT_RGBA64 || format == PIXFER_FORMAT_GBRP16 ? 65535
           : format == PIXFER_FORMAT_GBRP12                                 ? 4095
           : format == PIXFER_FORMAT_RGBA16F                                ? 1 << 24
                                                                            : 1023;
}

/* The half next below a number of 2^-24. */
static uint16_t half_of(int64_t v)
{
    unsigned exponent = 0;
    while (v >= 2048)
        v >>= 1, exponent++;
    return (uint16_t)(v < 1024 ? v : (exponent + 1) << 10 | (v - 1024));
}

static int64_t value_of_half(uint16_t half)
{
    return half >> 10 ? (int64_t)(1024 + (half & 1023)) << ((half >> 10) - 1) : half;
}

static void set_color(size_t x, size_t y, const int64_t rgb[3])
{
    size_t bytes;
    switch (src.image.format) {
    case PIXFER_FORMAT_RGB10A2:
    case PIXFER_FORMAT_BGR10A2: {
        const bool swapped = src.image.format == PIXFER_FORMAT_BGR10A2;
        const uint32_t v = (uint32_t)(rgb[swapped ? 2 : 0] | rgb[1] << 10 | rgb[swapped ? 0 : 2] << 20) | rng_below(&rng, 4)
                                                                                                              << 30;
        memcpy(picture_row(&src, 0, y, &bytes) + 4 * x, &v, 4);
        break;
    }
    case PIXFER_FORMAT_RGBA64:
    case PIXFER_FORMAT_RGBA16F:
        for (unsigned c = 0; c < 3; c++)
            put16(0, x, y, 8, c, src.image.format == PIXFER_FORMAT_RGBA64 ? (uint16_t)rgb[c] : half_of(rgb[c]));
        put16(0, x, y, 8, 3, (uint16_t)rng_below(&rng, 65536));
        break;
    default: /* planes G, B, R; bits beyond the sample are anything */
        for (unsigned c = 0; c < 3; c++)
            put16((c + 2) % 3, x, y, 2, 0, (uint16_t)(rgb[c] | (rng_below(&rng, 65536) & ~(unsigned)white_of(src.image.format))));
    }
}

/* A colour with the component's value next to sample - 1/2, on the side asked for: two of its parts are random, the third is sought by
 * halving, over halves by their numbers. */
static bool seek(const struct pixfer_color *color, unsigned depth, enum oracle_component component, int64_t sample, bool below,
                 int64_t rgb[3])
{
    const bool half = src.image.format == PIXFER_FORMAT_RGBA16F;
    const int64_t white = white_of(src.image.format);
    const unsigned sought = rng_below(&rng, 3);
    int64_t least = 0, most = half ? 0x3c00 : white;

    for (unsigned i = 0; i < 3; i++)
        rgb[i] = half ? value_of_half((uint16_t)rng_below(&rng, 0x3c01)) : (int64_t)rng_below(&rng, (uint32_t)white + 1);
    const struct oracle_value zero = oracle_value_of_white(color, depth, component, 0, 0, 0, 1, white),
                              one =
                                  oracle_value_of_white(color, depth, component, sought == 0, sought == 1, sought == 2, 1, white);
    const bool rising = one.num > zero.num;
    while (least < most) { /* the last that is below where the value rises, the last that is not where it falls */
        const int64_t middle = (least + most + 1) / 2;
        rgb[sought] = half ? value_of_half((uint16_t)middle) : middle;
        const struct oracle_value v = oracle_value_of_white(color, depth, component, rgb[0], rgb[1], rgb[2], 1, white);
        const bool reached = 2 * v.num >= (2 * sample - 1) * v.den;
        if (reached == !rising)
            least = middle;
        else
            most = middle - 1;
    }
    const int64_t found = below == rising ? least : least + 1;
    rgb[sought] = half ? value_of_half((uint16_t)found) : found;
    return found <= (half ? 0x3c00 : white);
}

static void test_thresholds(enum pixfer_format from, enum pixfer_format to, struct pixfer_color color, unsigned step)
{
    enum { ACROSS = 128 };
    const unsigned depth = oracle_depth(to), top = 1u << depth, count = (top / step + 1) * 6;
    unsigned n = 0;

    picture_place(&src, from, ACROSS * 4, (count / ACROSS + 1) * 4, &(struct picture_layout){0});
    picture_fill(&src, PICTURE_RANDOM, &rng);
    for (unsigned sample = 1; sample < top; sample += step)
        for (unsigned i = 0; i < 6; i++) {
            int64_t rgb[3];
            if (!seek(&color, depth, (enum oracle_component)(i / 2), sample, i % 2, rgb))
                continue;
            for (unsigned p = 0; p < 16; p++) /* so wide that a filter's middle sees nothing else */
                set_color(n % ACROSS * 4 + p % 4, n / ACROSS * 4 + p / 4, rgb);
            n++;
        }
    thresholds += n;
    check(to, &color, "thresholds");
}

/* ---- Floats ---- */

static void set_floats(size_t x, float r, float g, float b)
{
    const float planes[3] = {g, b, r};
    size_t bytes;
    for (unsigned i = 0; i < 3; i++)
        memcpy(picture_row(&src, i, 0, &bytes) + 4 * x, &planes[i], 4);
}

/* Full range of 8 bits, BT.601: Y = 255·(0.299·R + 0.587·G + 0.114·B) is 127.5 for grey of 1/2, which is 128; a little less of one
 * component, however little, makes it 127. */
static void test_floats(void)
{
    const struct pixfer_color color = {PIXFER_MATRIX_BT601, PIXFER_RANGE_FULL, PIXFER_SITING_LEFT};
    const float half = 0.5f, less = nextafterf(0.5f, 0), odd[] = {NAN, -NAN, INFINITY, -INFINITY, -0.0f, -1, 2, 1e-45f, 0};
    enum { WIDTH = 64 };
    size_t bytes;

    picture_place(&src, PIXFER_FORMAT_GBRPF32, WIDTH, 1, &(struct picture_layout){0});
    for (unsigned x = 0; x < WIDTH; x++)
        set_floats(x, half, half, half);
    set_floats(2, less, half, half);
    set_floats(4, half, less, half);
    set_floats(6, half, half, less);
    for (unsigned i = 0; i < sizeof odd / sizeof *odd; i++)
        set_floats(8 + i, odd[i], odd[i], odd[i]);
    check(PIXFER_FORMAT_I444, &color, "floats");
    const unsigned expected[] = {128, 128, 127, 128, 127, 128, 127, 128, 0, 0, 255, 0, 0, 0, 255, 0, 0};
    for (unsigned x = 0; x < sizeof expected / sizeof *expected; x++)
        if (picture_row(&got, 0, 0, &bytes)[x] != expected[x] && failures++ < 20)
            printf("FAIL floats: column %u is %u, expected %u\n", x, picture_row(&got, 0, 0, &bytes)[x], expected[x]);
    /* 0.299·R = 0.5/255 - d and 0.587·G = d nearly: sums whose parts are of very different size */
    for (unsigned round = 0; round < 40; round++) {
        picture_place(&src, PIXFER_FORMAT_GBRPF32, 1024, 1, &(struct picture_layout){0});
        for (unsigned x = 0; x < 1024; x++) {
            const float tiny = ldexpf((float)rng_below(&rng, 1 << 24), -24 - (int)rng_below(&rng, 125));
            const float tie = ((float)rng_below(&rng, 255) + 0.5f) / 255;
            set_floats(x, rng_below(&rng, 2) ? tie : half, rng_below(&rng, 2) ? half : tiny, rng_below(&rng, 2) ? half : tiny);
        }
        check(round % 2 ? PIXFER_FORMAT_I444 : PIXFER_FORMAT_NV12, &color, "floats");
        check(PIXFER_FORMAT_P016, &color, "floats");
    }
}

int main(int argc, char **argv)
{
    static const enum pixfer_format from[] = {PIXFER_FORMAT_RGB10A2, PIXFER_FORMAT_BGR10A2, PIXFER_FORMAT_RGBA64,
                                              PIXFER_FORMAT_RGBA16F, PIXFER_FORMAT_GBRP10,  PIXFER_FORMAT_GBRP12,
                                              PIXFER_FORMAT_GBRP16};
    static const enum pixfer_format to[] = {PIXFER_FORMAT_P010, PIXFER_FORMAT_NV12, PIXFER_FORMAT_I410, PIXFER_FORMAT_P012,
                                            PIXFER_FORMAT_P016};
    const unsigned step = argc == 3 && !strcmp(argv[1], "--step") && atoi(argv[2]) > 0 ? (unsigned)atoi(argv[2]) : 1;

    test_halves();
    for (unsigned i = 0; i < 7 * 5 * COLORS; i += 1 + step / 8) {
        const enum pixfer_format format = to[i / COLORS % 5];
        test_thresholds(from[i / COLORS / 5], format, color_number(i % COLORS), step * (format == PIXFER_FORMAT_P016 ? 64 : 1));
    }
    test_floats();
    printf("deep: %u thresholds from both sides, %llu conversions, %u failures\n", thresholds, (unsigned long long)checked,
           failures);
    picture_free(&src), picture_free(&wanted), picture_free(&got);
    return failures != 0;
}

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* Sources in linear light on every instruction set of this machine, against the standards' equations: every half in each component; colours
 * in and out of the target's gamut, near and far beyond its peak; noise of every bit; greys; and what is black, white, or neither a number.
 * Says how near to a tie it came.
 *
 *     test_light [--all]      --all: every half with every curve, not with one of them */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "convert.h"
#include "light_oracle.h"

static struct picture src, got;
static unsigned failures, conversions;
static struct rng rng = {7};
static struct light_report total;

static struct light resolve(const struct pixfer_converter_params *p)
{
    const bool hdr = p->dst_transfer == PIXFER_TRANSFER_PQ || p->dst_transfer == PIXFER_TRANSFER_HLG;
    return (struct light){
        .src_primaries = p->src_primaries ? (int)p->src_primaries : 1,
        .dst_primaries = p->dst_primaries ? (int)p->dst_primaries
                         : hdr            ? 9
                                          : 1,
        .transfer = (int)p->dst_transfer,
        .mapped = p->tone_mapping == PIXFER_TONE_MAPPING_BT2390,
        .src_white = p->src_white > 0 ? p->src_white : 80,
        .src_peak = p->src_peak > 0 ? p->src_peak : 1000,
        .target = !hdr                                     ? (p->sdr_white > 0 ? p->sdr_white : 203)
                  : p->dst_peak > 0                        ? p->dst_peak
                  : p->dst_transfer == PIXFER_TRANSFER_HLG ? 1000
                                                           : 10000,
        .one = light_one(p->src_format),
    };
}

static void say(void *opaque, int level, const char *message)
{
    (void)opaque;
    if (level <= PIXFER_LOG_WARNING)
        printf("pixfer says: %s\n", message);
}

static void check(struct pixfer_converter_params p, enum pixfer_format to, struct pixfer_color color, const char *what)
{
    p.struct_size = sizeof p;
    p.src_format = src.image.format, p.dst_format = to;
    p.width = src.image.width, p.height = src.image.height;
    p.color = color;
    p.src_transfer = PIXFER_TRANSFER_LINEAR;
    p.threads = 1, p.log = say;
    const struct light light = resolve(&p);
    for (const char *const *cpu = pixfer_cpu_names(); *cpu; cpu++) {
        struct pixfer_converter *converter = NULL;
        struct pixfer_converter_info info = PIXFER_CONVERTER_INFO();
        p.cpu = *cpu;
        picture_place(&got, to, p.width, p.height, &(struct picture_layout){0});
        if (pixfer_converter_open(&converter, &p) != PIXFER_OK ||
            pixfer_convert(converter, &src.image, &got.image) != PIXFER_OK) {
            printf("FAIL %s: it is refused\n", what);
            failures++;
            continue;
        }
        pixfer_converter_get_info(converter, &info);
        if (!strcmp(info.isa, *cpu)) { /* else C has done it, which is seen to */
            struct light_report report = {0};
            light_compare(&src.image, &got.image, &color, &light, &report);
            conversions++;
            total.samples += report.samples, total.asked += report.asked, total.ties += report.ties;
            if (report.nearest > 0 && (!(total.nearest > 0) || report.nearest < total.nearest))
                total.nearest = report.nearest;
            if ((report.differing || picture_damage(&got) >= 0) && failures++ < 20)
                printf("FAIL %s, %s, %s to %s, %s, transfer %d: component %u (%u, %u) is %u, expected %u (%llu differ)\n", what,
                       *cpu, pixfer_format_name(p.src_format), pixfer_format_name(to), color_name(&color), light.transfer,
                       report.component, report.x, report.y, report.got, report.expected, (unsigned long long)report.differing);
        }
        pixfer_converter_close(&converter);
    }
}

/* Every curve, and what goes before it. */
static const struct pixfer_converter_params kinds[] = {
    {.dst_transfer = PIXFER_TRANSFER_PQ},
    {.dst_transfer = PIXFER_TRANSFER_HLG},
    {.dst_transfer = PIXFER_TRANSFER_SRGB},
    {.dst_transfer = PIXFER_TRANSFER_BT709, .src_primaries = PIXFER_PRIMARIES_BT2020, .src_white = 100, .sdr_white = 100},
    {.dst_transfer = PIXFER_TRANSFER_SRGB, .tone_mapping = PIXFER_TONE_MAPPING_BT2390},
    {.dst_transfer = PIXFER_TRANSFER_PQ, .tone_mapping = PIXFER_TONE_MAPPING_BT2390, .src_peak = 4000, .dst_peak = 600},
    {.dst_transfer = PIXFER_TRANSFER_HLG, .dst_peak = 4000, .src_primaries = PIXFER_PRIMARIES_P3_D65, .src_white = 10000},
    {.dst_transfer = PIXFER_TRANSFER_BT709, .tone_mapping = PIXFER_TONE_MAPPING_BT2390, .src_peak = 10000, .sdr_white = 40},
    {.dst_transfer = PIXFER_TRANSFER_PQ, .dst_primaries = PIXFER_PRIMARIES_BT709, .src_white = 203},
    {.dst_transfer = PIXFER_TRANSFER_HLG,
     .tone_mapping = PIXFER_TONE_MAPPING_BT2390,
     .src_peak = 2000,
     .dst_peak = 300,
     .src_primaries = PIXFER_PRIMARIES_BT2020},
    {.dst_transfer = PIXFER_TRANSFER_BT709, .dst_primaries = PIXFER_PRIMARIES_BT601_525},
    {.dst_transfer = PIXFER_TRANSFER_SRGB, .dst_primaries = PIXFER_PRIMARIES_BT601_625},
    {.dst_transfer = PIXFER_TRANSFER_SRGB, .tone_mapping = PIXFER_TONE_MAPPING_BT2390, .src_peak = 220, .src_white = 203},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

static void put16(size_t i, unsigned c, uint16_t value)
{
    size_t bytes;
    memcpy(picture_row(&src, 0, i / src.image.width, &bytes) + 8 * (i % src.image.width) + 2 * c, &value, 2);
}

static uint16_t half_of(double v)
{
    const double size = fabs(v);
    const uint16_t sign = v < 0 ? 0x8000 : 0;
    int exponent;
    if (size < ldexp(1, -14))
        return (uint16_t)(sign | (unsigned)(size * (1 << 24)));
    frexp(size, &exponent);
    return (uint16_t)(sign | (unsigned)(((exponent + 14) << 10) + (int)ldexp(size, 11 - exponent) - 1024));
}

static const struct pixfer_color limited = {PIXFER_MATRIX_BT2020_NCL, PIXFER_RANGE_LIMITED, PIXFER_SITING_LEFT},
                                 full = {PIXFER_MATRIX_BT709, PIXFER_RANGE_FULL, PIXFER_SITING_TOP_LEFT};

/* All 65536 in one component, the others so that the colour is ordinary, and in all three. */
static void test_halves(unsigned kind)
{
    for (unsigned component = 0; component < 4; component++) {
        picture_place(&src, PIXFER_FORMAT_RGBA16F, 256, 256, &(struct picture_layout){0});
        for (unsigned i = 0; i < 65536; i++)
            for (unsigned c = 0; c < 4; c++)
                put16(i, c, component == 3 || component == c ? (uint16_t)i : half_of(rng_below(&rng, 1000) / 300.0));
        check(kinds[kind], PIXFER_FORMAT_P010, limited, "halves");
    }
}

/* A screen's content: greys, colours beyond sRGB, highlights, pixels that repeat. */
static void test_colors(unsigned kind, enum pixfer_format to, struct pixfer_color color)
{
    uint16_t last[3] = {0};
    picture_place(&src, PIXFER_FORMAT_RGBA16F, 131, 37, &(struct picture_layout){0});
    for (unsigned i = 0; i < 131 * 37; i++) {
        const unsigned what = rng_below(&rng, 8);
        const double level = exp2(rng_below(&rng, 2000) / 100.0 - 12);
        for (unsigned c = 0; c < 3 && what; c++)
            last[c] = half_of(what == 1   ? level
                              : what == 2 ? rng_below(&rng, 2)
                              : what == 3 ? (rng_below(&rng, 1200) - 200.0) / 1000 * level
                              : what == 4 ? rng_below(&rng, 5) / 4.0
                                          : rng_below(&rng, 1000) / 1000.0 * level);
        for (unsigned c = 0; c < 3; c++)
            put16(i, c, last[c]);
        put16(i, 3, (uint16_t)rng_below(&rng, 65536));
    }
    check(kinds[kind], to, color, "colours");
    picture_fill(&src, PICTURE_RANDOM, &rng);
    check(kinds[kind], to, color, "noise");
}

static void test_formats(unsigned kind)
{
    static const enum pixfer_format from[] = {PIXFER_FORMAT_RGB10A2, PIXFER_FORMAT_BGR10A2, PIXFER_FORMAT_RGBA64,
                                              PIXFER_FORMAT_GBRP10,  PIXFER_FORMAT_GBRP12,  PIXFER_FORMAT_GBRP16,
                                              PIXFER_FORMAT_GBRPF32};
    for (unsigned i = 0; i < sizeof from / sizeof *from; i++) {
        picture_place(&src, from[i], 67, 9, &(struct picture_layout){0});
        picture_fill(&src, PICTURE_RANDOM, &rng);
        check(kinds[kind], destinations[(kind + i) % DESTINATIONS], color_number(kind * 7 + i), "formats");
    }
    picture_place(&src, PIXFER_FORMAT_GBRPF32, 64, 8, &(struct picture_layout){0});
    for (unsigned plane = 0; plane < 3; plane++)
        for (unsigned i = 0; i < 64 * 8; i++) {
            static const float odd[] = {NAN, INFINITY, -INFINITY, -0.0f, 1e-45f, 1e-38f, 65504, 3e38f, 1, 0, -1, 1e-20f};
            const float v = rng_below(&rng, 3) ? ldexpf((float)rng_below(&rng, 1 << 24), -24 - (int)rng_below(&rng, 40))
                                               : odd[rng_below(&rng, 12)];
            size_t bytes;
            memcpy(picture_row(&src, plane, i / 64, &bytes) + 4 * (i % 64), &v, 4);
        }
    check(kinds[kind], PIXFER_FORMAT_P016, limited, "floats");
}

/* Worked out elsewhere: 203 nits in PQ are 58.07 %, which BT.2408 prints as 58; 10000 are 1; black is 7.3·10^-7. HLG's reference white is
 * 75 %. sRGB's 0.18 is 0.46136. */
static void test_known(void)
{
    static const struct {
        struct pixfer_converter_params params;
        double light;
        unsigned y;
    } known[] = {
        {{.dst_transfer = PIXFER_TRANSFER_PQ, .src_white = 203}, 1, 573},   /* 64 + 876·0.58069 = 572.7 */
        {{.dst_transfer = PIXFER_TRANSFER_PQ, .src_white = 10000}, 1, 940}, /* the peak */
        {{.dst_transfer = PIXFER_TRANSFER_PQ}, 0, 64},
        {{.dst_transfer = PIXFER_TRANSFER_HLG, .src_white = 203}, 1, 721}, /* 64 + 876·0.75 = 721 */
        {{.dst_transfer = PIXFER_TRANSFER_HLG, .src_white = 1000}, 1, 940},
        {{.dst_transfer = PIXFER_TRANSFER_SRGB, .src_white = 203}, 1, 940},
        {{.dst_transfer = PIXFER_TRANSFER_SRGB, .src_white = 203}, 0.18, 468}, /* 64 + 876·0.46136 */
    };
    for (unsigned k = 0; k < sizeof known / sizeof *known; k++) {
        size_t bytes;
        uint16_t y;
        picture_place(&src, PIXFER_FORMAT_RGBA16F, 4, 2, &(struct picture_layout){0});
        for (unsigned i = 0; i < 8; i++)
            for (unsigned c = 0; c < 3; c++)
                put16(i, c, half_of(known[k].light));
        check(known[k].params, PIXFER_FORMAT_P010, limited, "known values");
        memcpy(&y, picture_row(&got, 0, 0, &bytes), 2);
        if (y >> 6 != known[k].y && failures++ < 20)
            printf("FAIL known value %u: %u, expected %u\n", k, y >> 6, known[k].y);
    }
}

/* Full range of 8 bits: yellow's Cb is 128 - 127.5 = 0.5, which is 1, and so is cyan's Cr. */
static void test_ties(void)
{
    const struct pixfer_color color = {PIXFER_MATRIX_BT709, PIXFER_RANGE_FULL, PIXFER_SITING_LEFT};
    const uint64_t before = total.ties;
    picture_place(&src, PIXFER_FORMAT_RGBA16F, 8, 1, &(struct picture_layout){0});
    for (unsigned i = 0; i < 8; i++)
        for (unsigned c = 0; c < 3; c++)
            put16(i, c, half_of(i >> c & 1));
    check((struct pixfer_converter_params){.dst_transfer = PIXFER_TRANSFER_SRGB, .src_white = 203}, PIXFER_FORMAT_I444, color,
          "ties");
    if (total.ties < before + 4 && failures++ < 20)
        printf("FAIL ties: %llu were met, expected 4 of each instruction set\n", (unsigned long long)(total.ties - before));
}

int main(int argc, char **argv)
{
    const bool all = argc == 2 && !strcmp(argv[1], "--all");

    if (!light_oracle_can()) {
        printf("skipped: this compiler has no numbers of 64 and 113 bits\n");
        return 77;
    }
    test_known();
    test_ties();
    for (unsigned kind = 0; kind < KINDS; kind++) {
        if (all || kind == 0)
            test_halves(kind);
        test_colors(kind, PIXFER_FORMAT_P010, limited);
        test_colors(kind, PIXFER_FORMAT_NV12, full);
        test_colors(kind, destinations[kind % DESTINATIONS], color_number(kind * 5));
        test_formats(kind);
    }
    printf("light: %u conversions, %llu samples, %llu of them asked of 113 bits, %llu ties, nearest to a tie %.3g; %u failures\n",
           conversions, (unsigned long long)total.samples, (unsigned long long)total.asked, (unsigned long long)total.ties,
           total.nearest, failures);
    picture_free(&src), picture_free(&got);
    return failures != 0;
}

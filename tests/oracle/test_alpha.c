/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* Alpha over a background on every instruction set of this machine, against the definition in convert.h: every value of alpha with every
 * value of a component; every destination, siting and matrix; widths around the pieces in which the library works; what is opaque is what
 * DROP gives; and what cannot be is refused. The arithmetic is the oracle's, with a white of 255², so that nothing is rounded in between. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "convert.h"
#include "oracle.h"

static struct picture src, got, other;
static unsigned failures;
static uint64_t compared;
static struct rng rng = {7};

enum { RED, GREEN, BLUE, ALPHA };

/* R, G, B and alpha of a pixel of the source, and the whites of both. */
static void read_pixel(size_t x, size_t y, int64_t c[4], int64_t *white, int64_t *full)
{
    static const unsigned places[4][4] = {{0, 1, 2, 3}, {2, 1, 0, 3}, {1, 2, 3, 0}, {3, 2, 1, 0}};
    const enum pixfer_format format = src.image.format;
    size_t bytes;
    const uint8_t *row = picture_row(&src, 0, y, &bytes);
    uint16_t words[4];
    uint32_t all;
    if (format == PIXFER_FORMAT_RGBA64) {
        memcpy(words, row + 8 * x, 8);
        for (int i = 0; i < 4; i++)
            c[i] = words[i];
        *white = *full = 65535;
    } else if (format == PIXFER_FORMAT_RGB10A2 || format == PIXFER_FORMAT_BGR10A2) {
        memcpy(&all, row + 4 * x, 4);
        for (int i = 0; i < 3; i++)
            c[format == PIXFER_FORMAT_RGB10A2 ? i : 2 - i] = all >> 10 * i & 1023;
        c[ALPHA] = all >> 30;
        *white = 1023;
        *full = 3;
    } else {
        for (int i = 0; i < 4; i++)
            c[i] = row[4 * x + places[format - PIXFER_FORMAT_RGBA][i]];
        *white = *full = 255;
    }
}

/* alpha · C + (1 - alpha) · B, times the white that is returned: 255² where nothing is rounded. */
static int64_t compose(size_t x, size_t y, uint32_t background, int64_t rgb[3])
{
    int64_t c[4], white, full;
    read_pixel(x, y, c, &white, &full);
    for (int i = 0; i < 3; i++) {
        const int64_t b = background >> (16 - 8 * i) & 255;
        /* C/white · A/full + B/255 · (full - A)/full, over white · full · 255 */
        const int64_t num = 255 * c[ALPHA] * c[i] + white * (full - c[ALPHA]) * b, den = 255 * full;
        rgb[i] = white == 255 ? num / 255 : (2 * num + den) / (2 * den);
    }
    return white == 255 ? 65025 : white;
}

static unsigned expected_sample(const struct pixfer_image *dst, const struct pixfer_color *color, enum oracle_component component,
                                uint32_t x, uint32_t y, uint32_t background)
{
    const unsigned depth = oracle_depth(dst->format);
    int64_t sum[3] = {0}, rgb[3], white = 255;
    int total = 1;
    if (component == ORACLE_Y) {
        white = compose(x, y, background, sum);
        return oracle_round(oracle_value_of_white(color, depth, component, sum[0], sum[1], sum[2], 1, white), depth);
    }
    const int64_t w = dst->width - 1, h = dst->height - 1;
    uint32_t samples, rows;
    oracle_component_size(dst->format, component, dst->width, dst->height, &samples, &rows);
    const int64_t left = samples == dst->width && samples > 1 ? x : 2 * (int64_t)x - 1,
                  top = rows == dst->height && rows > 1 ? y : 2 * (int64_t)y - 1;
    for (int64_t py = top; py < top + 3; py++)
        for (int64_t px = left; px < left + 3; px++) {
            const int weight = oracle_filter(dst->format, color->siting, x, y, px, py, &total);
            if (!weight)
                continue;
            white = compose((size_t)(px < 0 ? 0 : px > w ? w : px), (size_t)(py < 0 ? 0 : py > h ? h : py), background, rgb);
            for (int i = 0; i < 3; i++)
                sum[i] += weight * rgb[i];
        }
    return oracle_round(oracle_value_of_white(color, depth, component, sum[0], sum[1], sum[2], total, white), depth);
}

static bool convert(const char *cpu, const struct pixfer_image *dst, const struct pixfer_color *color, enum pixfer_alpha alpha,
                    uint32_t background, bool by_rows)
{
    struct pixfer_converter *c;
    bool good = pixfer_converter_open(&c, &PIXFER_CONVERTER_PARAMS(.src_format = src.image.format, .dst_format = dst->format,
                                                                   .width = dst->width, .height = dst->height, .color = *color,
                                                                   .threads = 1, .cpu = cpu, .alpha = alpha,
                                                                   .background = background)) == PIXFER_OK;
    for (uint32_t y = 0; good && by_rows && y < dst->height; y += 2)
        good = pixfer_convert_rows(c, &src.image, dst, y, dst->height - y < 2 ? 1 : 2) == PIXFER_OK;
    if (good && !by_rows)
        good = pixfer_convert(c, &src.image, dst) == PIXFER_OK;
    pixfer_converter_close(&c);
    if (!good && failures++ < 20)
        printf("FAIL %s: %s to %s is not converted\n", cpu, pixfer_format_name(src.image.format),
               pixfer_format_name(dst->format));
    return good;
}

static void check(enum pixfer_format format, const struct pixfer_color *color, uint32_t background, bool by_rows,
                  const char *what)
{
    const struct picture_layout layout = picture_layout_random(&rng);
    const uint32_t width = src.image.width, height = src.image.height;
    for (const char *const *cpu = pixfer_cpu_names(); *cpu; cpu++) {
        picture_place(&got, format, width, height, &layout);
        if (!convert(*cpu, &got.image, color, PIXFER_ALPHA_COMPOSE, background, by_rows))
            continue;
        if (picture_damage(&got) >= 0 && failures++ < 20)
            printf("FAIL %s, %s: bytes beside plane %d are touched\n", what, *cpu, picture_damage(&got));
        for (int k = ORACLE_Y; k <= ORACLE_CR; k++) {
            uint32_t samples, rows;
            oracle_component_size(format, (enum oracle_component)k, width, height, &samples, &rows);
            for (uint32_t y = 0; y < rows; y++)
                for (uint32_t x = 0; x < samples; x++) {
                    const unsigned sample = oracle_get(&got.image, (enum oracle_component)k, x, y),
                                   wanted = expected_sample(&got.image, color, (enum oracle_component)k, x, y, background);
                    compared++;
                    if (sample != wanted && failures++ < 20)
                        printf("FAIL %s, %s, %s to %s %ux%u, %s, over %06x: component %d (%u, %u) is %u, expected %u\n", what,
                               *cpu, pixfer_format_name(src.image.format), pixfer_format_name(format), width, height,
                               color_name(color), background, k, x, y, sample, wanted);
                }
        }
    }
}

static const enum pixfer_format with_alpha[] = {PIXFER_FORMAT_RGBA,   PIXFER_FORMAT_BGRA,   PIXFER_FORMAT_ARGB,
                                                PIXFER_FORMAT_ABGR,   PIXFER_FORMAT_RGBA64, PIXFER_FORMAT_RGB10A2,
                                                PIXFER_FORMAT_BGR10A2};
#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* Every alpha (across) with every value (down) of each component in turn, over backgrounds at the ends and between. */
static void test_every_pair(void)
{
    static const uint32_t backgrounds[] = {0x000000, 0xffffff, 0x12ab7f};
    const struct pixfer_color color = {PIXFER_MATRIX_BT709, PIXFER_RANGE_FULL, PIXFER_SITING_LEFT};
    for (unsigned turn = 0; turn < 4; turn++) {
        picture_place(&src, PIXFER_FORMAT_RGBA, 256, 256, &(struct picture_layout){0});
        picture_fill(&src, PICTURE_RANDOM, &rng);
        for (size_t y = 0; y < 256; y++)
            for (size_t x = 0; x < 256; x++) {
                size_t bytes;
                uint8_t *at = picture_row(&src, 0, y, &bytes) + 4 * x;
                at[3] = (uint8_t)x;
                for (unsigned c = 0; c < 3; c++)
                    if (turn == c || turn == 3)
                        at[c] = (uint8_t)y;
            }
        for (unsigned i = 0; i < COUNT(backgrounds); i++)
            check(i == 1 ? PIXFER_FORMAT_P010 : PIXFER_FORMAT_NV12, &color, backgrounds[i], false, "every pair");
    }
}

static void test_every_way(void)
{
    static const uint32_t widths[] = {1, 2, 3, 255, 256, 257, 258, 259, 511, 512, 513, 700};
    for (unsigned i = 0; i < COUNT(with_alpha); i++)
        for (unsigned d = 0; d < DESTINATIONS; d++)
            for (unsigned n = 0; n < 6; n++) {
                const struct pixfer_color color = color_number(rng_below(&rng, COLORS));
                const uint32_t width = widths[(i + d + n * 2) % COUNT(widths)], height = 1 + rng_below(&rng, 5);
                const struct picture_layout layout = picture_layout_random(&rng);
                picture_place(&src, with_alpha[i], width, height, &layout);
                picture_fill(&src, (enum picture_content)(n % PICTURE_CONTENTS), &rng);
                check(destinations[d], &color, rng_below(&rng, 1 << 24), n % 2, "every way");
            }
}

static void set_opaque(size_t x, size_t y)
{
    size_t bytes;
    uint8_t *row = picture_row(&src, 0, y, &bytes);
    switch ((int)src.image.format) {
    case PIXFER_FORMAT_RGBA:
    case PIXFER_FORMAT_BGRA:
        row[4 * x + 3] = 255;
        break;
    case PIXFER_FORMAT_ARGB:
    case PIXFER_FORMAT_ABGR:
        row[4 * x] = 255;
        break;
    case PIXFER_FORMAT_RGBA64:
        row[8 * x + 6] = row[8 * x + 7] = 255;
        break;
    default: {
        uint32_t all;
        memcpy(&all, row + 4 * x, 4);
        all |= UINT32_C(3) << 30;
        memcpy(row + 4 * x, &all, 4);
    }
    }
}

static void test_opaque(void)
{
    const struct pixfer_color color = {PIXFER_MATRIX_BT709, PIXFER_RANGE_LIMITED, PIXFER_SITING_LEFT};
    unsigned plane;
    size_t x, y;
    for (unsigned i = 0; i < COUNT(with_alpha); i++)
        for (unsigned d = 0; d < DESTINATIONS; d++) {
            picture_place(&src, with_alpha[i], 601, 7, &(struct picture_layout){0});
            picture_fill(&src, PICTURE_RANDOM, &rng);
            for (y = 0; y < 7; y++)
                for (x = 0; x < 601; x++)
                    set_opaque(x, y);
            picture_place(&got, destinations[d], 601, 7, &(struct picture_layout){0});
            picture_place(&other, destinations[d], 601, 7, &(struct picture_layout){0});
            if (convert(NULL, &got.image, &color, PIXFER_ALPHA_COMPOSE, 0xff0000, false) &&
                convert(NULL, &other.image, &color, PIXFER_ALPHA_DROP, 0, false) &&
                picture_difference(&got, &other, &plane, &x, &y) && failures++ < 20)
                printf("FAIL opaque %s to %s: plane %u (%zu, %zu) is not what DROP gives\n", pixfer_format_name(with_alpha[i]),
                       pixfer_format_name(destinations[d]), plane, x, y);
        }
}

struct refusal {
    enum pixfer_format format;
    enum pixfer_backend backend;
    int alpha;
    uint32_t background;
    enum pixfer_result result;
};

static void test_refusals(void)
{
    static const struct refusal all[] = {
        {PIXFER_FORMAT_RGBA, PIXFER_BACKEND_CPU, 2, 0, PIXFER_ERR_INVALID},
        {PIXFER_FORMAT_RGBA, PIXFER_BACKEND_CPU, -1, 0, PIXFER_ERR_INVALID},
        {PIXFER_FORMAT_RGBA, PIXFER_BACKEND_CPU, 1, 0x1000000, PIXFER_ERR_INVALID},
        {PIXFER_FORMAT_RGBA16F, PIXFER_BACKEND_CPU, 1, 0, PIXFER_ERR_UNSUPPORTED},
        {PIXFER_FORMAT_RGBA16F, PIXFER_BACKEND_CPU, 0, 0, PIXFER_OK},
        {PIXFER_FORMAT_RGB24, PIXFER_BACKEND_CPU, 1, 0, PIXFER_OK},
        {PIXFER_FORMAT_GBRP16, PIXFER_BACKEND_CPU, 1, 0, PIXFER_OK},
        {PIXFER_FORMAT_YUYV, PIXFER_BACKEND_CPU, 1, 0, PIXFER_OK},
        {PIXFER_FORMAT_RGBA, PIXFER_BACKEND_AUTO, 1, 0, PIXFER_OK},
        {PIXFER_FORMAT_RGBA, PIXFER_BACKEND_SWSCALE, 1, 0, PIXFER_ERR_UNSUPPORTED},
    };
    for (const struct refusal *r = all; r < all + COUNT(all); r++) {
        struct pixfer_converter *c;
        if (pixfer_backend_missing(r->backend))
            continue;
        const enum pixfer_result result = pixfer_converter_open(
            &c,
            &PIXFER_CONVERTER_PARAMS(.src_format = r->format, .dst_format = PIXFER_FORMAT_NV12, .width = 64, .height = 64,
                                     .color = {.siting = r->backend == PIXFER_BACKEND_SWSCALE ? PIXFER_SITING_CENTER
                                                                                              : PIXFER_SITING_LEFT},
                                     .backend = r->backend, .alpha = (enum pixfer_alpha)r->alpha, .background = r->background));
        if (result != r->result && failures++ < 20)
            printf("FAIL %s, alpha %d, background %x: found %s, expected %s\n", pixfer_format_name(r->format), r->alpha,
                   r->background, pixfer_strerror(result), pixfer_strerror(r->result));
        pixfer_converter_close(&c);
    }
    for (int f = 0; pixfer_format_name((enum pixfer_format)f); f++) {
        bool has = f == PIXFER_FORMAT_RGBA16F;
        for (unsigned i = 0; i < COUNT(with_alpha); i++)
            has |= f == (int)with_alpha[i];
        if (pixfer_format_has_alpha((enum pixfer_format)f) != has && failures++ < 20)
            printf("FAIL pixfer_format_has_alpha(%s)\n", pixfer_format_name((enum pixfer_format)f));
    }
}

int main(void)
{
    test_every_pair();
    test_every_way();
    test_opaque();
    test_refusals();
    printf("%llu samples of composed pixels compared, %u failures\n", (unsigned long long)compared, failures);
    picture_free(&src);
    picture_free(&got);
    picture_free(&other);
    return failures != 0;
}

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* One suite over every backend of this build that is present on this machine: exact ones must equal the oracle, approximate ones keep
 * within the table below, for every pair of formats, siting, matrix, range, size and layout that they accept. */

#include <stdlib.h>

#include "oracle.h"
#include "picture.h"
#include "told.h"

/* The largest difference from the exact sample, in steps of 8 bits (times four for ten bits). Edges are the first and last chroma
 * row and column where the siting is not centre: there swscale does not repeat the last sample as numerics ask. */
static const struct allowed {
    enum pixfer_backend backend;
    unsigned luma, chroma, edge;
} table[] = {
    {PIXFER_BACKEND_CPU, 0, 0, 0},          {PIXFER_BACKEND_VULKAN, 0, 0, 0},   {PIXFER_BACKEND_D3D11, 2, 3, 3},
    {PIXFER_BACKEND_VIDEOTOOLBOX, 3, 4, 4}, {PIXFER_BACKEND_SWSCALE, 1, 1, 40},
};

struct tally {
    unsigned converted, refused;
    unsigned worst[3]; /* luma, chroma, edge */
};

static bool at_edge(const struct pixfer_color *color, uint32_t x, uint32_t y, uint32_t samples, uint32_t rows)
{
    return color->siting != PIXFER_SITING_CENTER && (!x || !y || x + 1 == samples || y + 1 == rows);
}

static void judge(const struct pixfer_image *src, const struct pixfer_image *dst, const struct pixfer_color *color,
                  const struct allowed *allowed, struct tally *tally)
{
    const unsigned depth = oracle_depth(dst->format), limits[3] = {allowed->luma, allowed->chroma, allowed->edge};

    for (int component = ORACLE_Y; component <= ORACLE_CR; component++) {
        uint32_t samples, rows;

        oracle_component_size(dst->format, (enum oracle_component)component, dst->width, dst->height, &samples, &rows);
        for (uint32_t y = 0; y < rows; y++) {
            for (uint32_t x = 0; x < samples; x++) {
                const unsigned want =
                    oracle_round(oracle_value_at(src, dst->format, color, (enum oracle_component)component, x, y), depth);
                const unsigned got = oracle_get(dst, (enum oracle_component)component, x, y);
                const unsigned difference = want > got ? want - got : got - want;
                const int kind = component == ORACLE_Y ? 0 : at_edge(color, x, y, samples, rows) ? 2 : 1;

                if (difference > tally->worst[kind])
                    tally->worst[kind] = difference;
                if (difference > limits[kind] << (depth - 8))
                    fail_msg("%s: %s to %s, siting %d, %ux%u: component %d at %u,%u is %u, expected %u within %u",
                             pixfer_backend_name(allowed->backend), pixfer_format_name(src->format),
                             pixfer_format_name(dst->format), (int)color->siting, (unsigned)dst->width, (unsigned)dst->height,
                             component, (unsigned)x, (unsigned)y, got, want, limits[kind] << (depth - 8));
            }
        }
    }
}

static void convert(const struct allowed *allowed, const struct pixfer_converter_params *params, struct rng *rng,
                    struct tally *tally)
{
    struct pixfer_converter *converter;
    struct picture src = {0}, dst = {0};
    const struct picture_layout from = picture_layout_random(rng), to = picture_layout_random(rng);
    const enum pixfer_result result = pixfer_converter_open(&converter, params);

    if (result != PIXFER_OK) {
        /* What an approximate backend does not do, or does wrongly by its self-test, it must refuse. */
        assert_true(result == PIXFER_ERR_UNSUPPORTED || result == PIXFER_ERR_DEVICE);
        tally->refused++;
        return;
    }
    picture_place(&src, params->src_format, params->width, params->height, &from);
    picture_fill(&src, (enum picture_content)rng_below(rng, PICTURE_CONTENTS), rng);
    picture_place(&dst, params->dst_format, params->width, params->height, &to);
    assert_int_equal(pixfer_convert(converter, &src.image, &dst.image), PIXFER_OK);
    judge(&src.image, &dst.image, &params->color, allowed, tally);
    assert_int_equal(picture_damage(&dst), -1);
    tally->converted++;
    picture_free(&src);
    picture_free(&dst);
    pixfer_converter_close(&converter);
}

static void run(const struct allowed *allowed)
{
    static const enum pixfer_matrix matrices[] = {PIXFER_MATRIX_BT709, PIXFER_MATRIX_BT601, PIXFER_MATRIX_SMPTE240M,
                                                  PIXFER_MATRIX_BT2020_NCL};
    struct tally tally = {0};
    struct rng rng = {allowed->backend};

    for (int src = PIXFER_FORMAT_RGBA; src <= PIXFER_FORMAT_UYVY; src++) {
        if (pixfer_format_planes((enum pixfer_format)src) > 1 && !pixfer_format_is_rgb((enum pixfer_format)src))
            continue;
        for (int dst = PIXFER_FORMAT_NV12; dst <= PIXFER_FORMAT_NV16; dst++) {
            for (unsigned i = 0; i < 3 * 2 * 4; i++) {
                const struct pixfer_color color = {matrices[i / 6], (enum pixfer_range)(i / 3 % 2), (enum pixfer_siting)(i % 3)};

                convert(allowed,
                        &PIXFER_CONVERTER_PARAMS(.src_format = (enum pixfer_format)src, .dst_format = (enum pixfer_format)dst,
                                                 .width = 1 + rng_below(&rng, 80), .height = 1 + rng_below(&rng, 40),
                                                 .color = color, .backend = allowed->backend, .threads = 1 + i % 3),
                        &rng, &tally);
            }
        }
    }
    print_message("  %s: %u frames, %u refused; worst difference in luma %u, chroma %u, chroma at edges %u\n",
                  pixfer_backend_name(allowed->backend), tally.converted, tally.refused, tally.worst[0], tally.worst[1],
                  tally.worst[2]);
    assert_true(tally.converted > 0);
    if (allowed->backend == PIXFER_BACKEND_CPU)
        assert_int_equal(tally.refused, 2 * 5 * 24); /* YUYV and UYVY to what is not 4:2:0 of 8 bits */
}

static void every_backend_keeps_its_promise(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
        const char *missing = pixfer_backend_missing(table[i].backend);

        if (missing)
            print_message("  %s: %s\n", pixfer_backend_name(table[i].backend), missing);
        else
            run(&table[i]);
    }
}

static void a_missing_backend_says_so(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
        const char *missing = pixfer_backend_missing(table[i].backend);
        struct pixfer_converter *converter;
        struct told told = TOLD_INIT;
        const struct pixfer_converter_params params =
            PIXFER_CONVERTER_PARAMS(.src_format = PIXFER_FORMAT_BGRA, .dst_format = PIXFER_FORMAT_NV12, .width = 16, .height = 16,
                                    .backend = table[i].backend, .log = told_keep, .log_opaque = &told);

        if (!missing)
            continue;
        assert_int_equal(pixfer_converter_open(&converter, &params), PIXFER_ERR_UNAVAILABLE);
        assert_int_equal(told.errors, 1);
        expect_words(told.text, pixfer_backend_name(table[i].backend), &told);
        expect_words(told.text, missing, &told);
    }
}

static void swscale_is_never_chosen(void **state)
{
    struct pixfer_converter *converter;
    struct pixfer_converter_info info = PIXFER_CONVERTER_INFO();

    (void)state;
    setenv("CAP_VIDEOTOOLBOX_CONVERSION", "off", 1);
    assert_int_equal(
        pixfer_converter_open(&converter, &PIXFER_CONVERTER_PARAMS(.src_format = PIXFER_FORMAT_BGRA,
                                                                   .dst_format = PIXFER_FORMAT_NV12, .width = 16, .height = 16)),
        PIXFER_OK);
    unsetenv("CAP_VIDEOTOOLBOX_CONVERSION");
    pixfer_converter_get_info(converter, &info);
    assert_int_equal(info.backend, PIXFER_BACKEND_CPU);
    assert_true(info.exact);
    pixfer_converter_close(&converter);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_backend_keeps_its_promise),
        cmocka_unit_test(a_missing_backend_says_so),
        cmocka_unit_test(swscale_is_never_chosen),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

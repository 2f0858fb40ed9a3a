/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "lines.h"

#include <math.h>
#include <string.h>

#include "../common/arena.h"
#include "../common/random.h"

/* Each test spoils one parameter of these. */
static struct pixfer_converter_params good(struct lines *lines)
{
    return PIXFER_CONVERTER_PARAMS(.src_format = PIXFER_FORMAT_RGBA, .dst_format = PIXFER_FORMAT_NV12, .width = 16, .height = 16,
                                   .threads = 1, .log = lines_keep, .log_opaque = lines);
}

static enum pixfer_result open_close(const struct pixfer_converter_params *params)
{
    struct pixfer_converter *converter = (struct pixfer_converter *)1;
    enum pixfer_result result = pixfer_converter_open(&converter, params);

    assert_true((result == PIXFER_OK) == (converter != NULL));
    pixfer_converter_close(&converter);
    assert_null(converter);
    return result;
}

#define REFUSED(result, field, value, ...)                    \
    do {                                                      \
        struct lines lines = {0};                             \
        struct pixfer_converter_params params = good(&lines); \
        params.field = value;                                 \
        assert_int_equal(open_close(&params), result);        \
        EXPECT_ERROR(&lines, __VA_ARGS__);                    \
    } while (0)

static void bad_parameters_are_named(void **state)
{
    (void)state;
    REFUSED(PIXFER_ERR_INVALID, src_format, PIXFER_FORMAT_NONE, "src_format", "0");
    REFUSED(PIXFER_ERR_INVALID, src_format, (enum pixfer_format)4711, "src_format", "4711");
    REFUSED(PIXFER_ERR_INVALID, dst_format, (enum pixfer_format) - 3, "dst_format", "-3");
    REFUSED(PIXFER_ERR_UNSUPPORTED, src_format, PIXFER_FORMAT_NV12, "nv12 to nv12");
    REFUSED(PIXFER_ERR_UNSUPPORTED, dst_format, PIXFER_FORMAT_BGRA, "rgba to bgra");
    REFUSED(PIXFER_ERR_INVALID, width, 0, "width", "0", "16777216");
    REFUSED(PIXFER_ERR_INVALID, height, 0, "height", "0");
    REFUSED(PIXFER_ERR_INVALID, width, UINT32_MAX, "width", "4294967295");
    REFUSED(PIXFER_ERR_INVALID, color.matrix, (enum pixfer_matrix)2, "color.matrix", "2", "expected");
    REFUSED(PIXFER_ERR_INVALID, color.range, (enum pixfer_range)2, "color.range", "2");
    REFUSED(PIXFER_ERR_INVALID, color.siting, (enum pixfer_siting)3, "color.siting", "3");
    REFUSED(PIXFER_ERR_INVALID, backend, (enum pixfer_backend)77, "backend", "77");
    REFUSED(PIXFER_ERR_INVALID, threads, 257, "threads", "257", "256");
    REFUSED(PIXFER_ERR_INVALID, cpu, "sse9", "cpu", "sse9", "avx2");
    REFUSED(PIXFER_ERR_UNAVAILABLE, backend, PIXFER_BACKEND_D3D11, "d3d11");
#if defined(__x86_64__)
    REFUSED(PIXFER_ERR_UNAVAILABLE, cpu, "neon", "neon");
#else
    REFUSED(PIXFER_ERR_UNAVAILABLE, cpu, "avx2", "avx2");
#endif
}

/* Spoils one more parameter of a conversion from linear light that is good. */
#define LIGHT_REFUSED(field, value, ...)                           \
    do {                                                           \
        struct lines lines = {0};                                  \
        struct pixfer_converter_params params = good(&lines);      \
        params.src_format = PIXFER_FORMAT_RGBA16F;                 \
        params.src_transfer = PIXFER_TRANSFER_LINEAR;              \
        params.dst_transfer = PIXFER_TRANSFER_PQ;                  \
        assert_int_equal(open_close(&params), PIXFER_OK);          \
        lines = (struct lines){0};                                 \
        params.field = value;                                      \
        assert_int_equal(open_close(&params), PIXFER_ERR_INVALID); \
        EXPECT_ERROR(&lines, __VA_ARGS__);                         \
    } while (0)

static void bad_light_is_named(void **state)
{
    (void)state;
    LIGHT_REFUSED(src_format, PIXFER_FORMAT_RGBA, "src_format", "rgba", "more than 8 bits");
    LIGHT_REFUSED(src_format, PIXFER_FORMAT_YUYV, "src_format", "yuyv");
    LIGHT_REFUSED(src_transfer, PIXFER_TRANSFER_DEFAULT, "dst_transfer", "16", "expected 0");
    LIGHT_REFUSED(src_transfer, PIXFER_TRANSFER_PQ, "src_transfer", "16", "8 (linear)");
    LIGHT_REFUSED(dst_transfer, PIXFER_TRANSFER_DEFAULT, "dst_transfer", "0", "16 (PQ)");
    LIGHT_REFUSED(dst_transfer, PIXFER_TRANSFER_LINEAR, "dst_transfer", "8");
    LIGHT_REFUSED(src_primaries, (enum pixfer_primaries)11, "src_primaries", "11", "12");
    LIGHT_REFUSED(dst_primaries, (enum pixfer_primaries) - 1, "dst_primaries", "-1");
    LIGHT_REFUSED(tone_mapping, (enum pixfer_tone_mapping)2, "tone_mapping", "2", "BT.2390");
    LIGHT_REFUSED(alpha, PIXFER_ALPHA_COMPOSE, "alpha", "1", "linear");
    LIGHT_REFUSED(src_white, NAN, "src_white", "nan", "1 to 10000");
    LIGHT_REFUSED(src_white, -80, "src_white", "-80");
    LIGHT_REFUSED(src_white, INFINITY, "src_white", "inf");
    LIGHT_REFUSED(src_white, 1e-300, "src_white", "1e-300");
    LIGHT_REFUSED(src_peak, 1000, "src_peak", "1000", "expected 0", "clip");
    LIGHT_REFUSED(dst_peak, 39, "dst_peak", "39", "40 to 10000");
    LIGHT_REFUSED(dst_peak, 10001, "dst_peak", "10001");
    LIGHT_REFUSED(dst_peak, NAN, "dst_peak", "nan");
    LIGHT_REFUSED(sdr_white, 203, "sdr_white", "203", "expected 0");
    REFUSED(PIXFER_ERR_INVALID, src_primaries, PIXFER_PRIMARIES_BT2020, "src_primaries", "9", "expected 0");
    REFUSED(PIXFER_ERR_INVALID, dst_primaries, PIXFER_PRIMARIES_BT2020, "dst_primaries", "9", "expected 0");
    REFUSED(PIXFER_ERR_INVALID, tone_mapping, PIXFER_TONE_MAPPING_BT2390, "tone_mapping", "1", "expected 0");
    REFUSED(PIXFER_ERR_INVALID, src_white, 80, "src_white", "80", "expected 0");
    REFUSED(PIXFER_ERR_INVALID, sdr_white, NAN, "sdr_white", "nan", "expected 0");
}

/* Any bytes for the parameters of light: a converter or one line. */
static void light_of_any_bytes_opens_or_is_refused(void **state)
{
    const size_t first = offsetof(struct pixfer_converter_params, src_primaries);
    static const double nits[] = {0, 0, 1, 39.999, 40, 80, 203, 1000, 1000.5, 10000, 10001, -1, 1e300, 1e-300, NAN, INFINITY};
    static const int numbers[] = {0, 0, 1, 5, 6, 7, 8, 9, 12, 13, 16, 18, -1, 2};
    struct rng rng = {3};
    unsigned opened = 0;

    (void)state;
    for (unsigned round = 0; round < 4000; round++) {
        struct lines lines = {0};
        struct pixfer_converter_params params = good(&lines);
        double *light[] = {&params.src_white, &params.src_peak, &params.dst_peak, &params.sdr_white};

        params.src_format = PIXFER_FORMAT_RGBA16F;
        params.src_transfer = rng_below(&rng, 8) ? PIXFER_TRANSFER_LINEAR : (enum pixfer_transfer)numbers[rng_below(&rng, 14)];
        params.dst_transfer = (enum pixfer_transfer)numbers[rng_below(&rng, 14)];
        params.src_primaries = (enum pixfer_primaries)numbers[rng_below(&rng, 14)];
        params.dst_primaries = (enum pixfer_primaries)numbers[rng_below(&rng, 14)];
        params.tone_mapping = (enum pixfer_tone_mapping)(rng_below(&rng, 4) % 3);
        for (unsigned i = 0; i < 4; i++)
            *light[i] = rng_below(&rng, 2) ? nits[rng_below(&rng, 16)] : 0;
        if (round % 4 == 0)
            for (size_t i = first; i < sizeof(params); i++)
                ((uint8_t *)&params)[i] = (uint8_t)rng_below(&rng, 256);
        if (open_close(&params) == PIXFER_OK)
            opened++;
        else
            assert_int_equal(lines.errors, 1);
    }
    assert_true(opened > 10);
}

static void null_arguments_are_refused(void **state)
{
    struct pixfer_converter *converter = (struct pixfer_converter *)1;
    struct lines lines = {0};
    struct pixfer_converter_params params = good(&lines);

    (void)state;
    assert_int_equal(pixfer_converter_open(NULL, &params), PIXFER_ERR_INVALID);
    assert_int_equal(pixfer_converter_open(&converter, NULL), PIXFER_ERR_INVALID);
    assert_null(converter);
    pixfer_converter_close(NULL);
    pixfer_converter_close(&converter);
    pixfer_converter_get_info(NULL, NULL);
}

/* An older program knows fewer fields, a newer one more: the library reads what both know. */
static void struct_size_is_respected(void **state)
{
    struct {
        struct pixfer_converter_params params;
        uint8_t future[64];
    } newer;
    struct lines lines = {0};
    struct pixfer_converter_params params = good(&lines);

    (void)state;
    params.struct_size = 0;
    assert_int_equal(open_close(&params), PIXFER_ERR_INVALID);

    params.struct_size = offsetof(struct pixfer_converter_params, cpu);
    params.cpu = (const char *)1; /* would crash if it were read */
    params.log = NULL;
    assert_int_equal(open_close(&params), PIXFER_OK);

    memset(&newer, 0xee, sizeof(newer));
    newer.params = good(&lines);
    newer.params.struct_size = sizeof(newer);
    assert_int_equal(open_close(&newer.params), PIXFER_OK);
}

/* The parameters end where the page ends: what lies behind struct_size is not even mapped. A size that cuts a pointer in two leaves
 * it out. */
static void nothing_is_read_past_struct_size(void **state)
{
    const size_t sizes[] = {0,
                            1,
                            offsetof(struct pixfer_converter_params, color) - 1,
                            offsetof(struct pixfer_converter_params, color),
                            offsetof(struct pixfer_converter_params, cpu),
                            offsetof(struct pixfer_converter_params, cpu) + 4,
                            offsetof(struct pixfer_converter_params, log),
                            offsetof(struct pixfer_converter_params, log) + 4,
                            offsetof(struct pixfer_converter_params, log) + 7};
    struct arena arena = {0};

    (void)state;
    for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
        const size_t least = offsetof(struct pixfer_converter_params, color), place = sizes[i] < 8 ? 8 : sizes[i] & ~(size_t)7;
        struct lines lines = {0};
        struct pixfer_converter_params params = good(&lines);
        uint8_t *at = arena_place(&arena, ARENA_BACK, place, 0);

        params.struct_size = sizes[i];
        params.cpu = NULL;
        memset(&params.log, 0x11, sizeof(params.log));
        memcpy(at, &params, place);
        assert_int_equal(open_close((const struct pixfer_converter_params *)(const void *)at),
                         sizes[i] < least ? PIXFER_ERR_INVALID : PIXFER_OK);
        assert_int_equal(lines.errors, 0);
    }
    arena_free(&arena);
}

/* The library fills what the program knows and says how much that was. */
static void info_is_written_up_to_struct_size(void **state)
{
    const size_t whole = sizeof(struct pixfer_converter_info);
    const size_t sizes[][2] = {{0, whole},
                               {1, 1},
                               {7, 7},
                               {8, 8},
                               {offsetof(struct pixfer_converter_info, exact), offsetof(struct pixfer_converter_info, exact)},
                               {offsetof(struct pixfer_converter_info, frames), offsetof(struct pixfer_converter_info, frames)},
                               {whole, whole},
                               {whole + 64, whole},
                               {SIZE_MAX, whole}};
    struct lines lines = {0};
    struct pixfer_converter_params params = good(&lines);
    struct pixfer_converter *converter;
    struct arena arena = {0};

    (void)state;
    assert_int_equal(pixfer_converter_open(&converter, &params), PIXFER_OK);
    for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
        const size_t known = sizes[i][1] < whole ? sizes[i][1] : whole, place = known < 8 ? 8 : known;
        uint8_t *at = arena_place(&arena, ARENA_BACK, place, 0);
        size_t after;

        memcpy(at, &sizes[i][0], sizeof(size_t));
        pixfer_converter_get_info(converter, (struct pixfer_converter_info *)(void *)at);
        memcpy(&after, at, sizeof(after));
        assert_int_equal(after, sizes[i][1]);
        if (place > 16)
            assert_int_equal(((struct pixfer_converter_info *)(void *)at)->backend, PIXFER_BACKEND_CPU);
        assert_null(arena_damage(&arena));
    }
    arena_free(&arena);
    pixfer_converter_close(&converter);
}

static void info_describes_the_converter(void **state)
{
    struct lines lines = {0};
    struct pixfer_converter_params params = good(&lines);
    struct pixfer_converter *converter;
    struct pixfer_converter_info info = PIXFER_CONVERTER_INFO();

    (void)state;
    params.cpu = "c";
    assert_int_equal(pixfer_converter_open(&converter, &params), PIXFER_OK);
    pixfer_converter_get_info(converter, &info);
    assert_int_equal(info.backend, PIXFER_BACKEND_CPU);
    assert_string_equal(info.backend_name, "cpu");
    assert_string_equal(info.isa, "c");
    assert_int_equal(info.exact, 1);
    assert_null(info.fallback_reason);
    assert_int_equal(info.frames, 0);
    assert_int_equal(info.threads, 1);
    assert_int_equal(lines.infos, 1);
    pixfer_converter_close(&converter);
}

/* A program finds out what there is, without a list of its own. */
static void backends_describe_themselves(void **state)
{
    struct pixfer_backend_info info = PIXFER_BACKEND_INFO();
    enum pixfer_backend id = PIXFER_BACKEND_AUTO;
    unsigned found = 0;

    (void)state;
    assert_int_equal(pixfer_backend_get_info(id, &info), PIXFER_ERR_INVALID);
    assert_int_equal(pixfer_backend_get_info(PIXFER_BACKEND_CPU, NULL), PIXFER_ERR_INVALID);
    while (pixfer_backend_get_info(++id, &info) == PIXFER_OK) {
        assert_int_equal(info.struct_size, sizeof(info));
        assert_string_equal(info.name, pixfer_backend_name(id));
        assert_true(info.missing == pixfer_backend_missing(id));
        assert_true(info.missing || (info.sitings && info.sitings < 8));
        found++;
    }
    assert_null(pixfer_backend_name(id));
    assert_true(found >= 5);
    assert_int_equal(pixfer_backend_get_info(PIXFER_BACKEND_CPU, &info), PIXFER_OK);
    assert_true(info.exact && info.automatic && info.takes_rows && !info.hardware && !info.missing && info.sitings == 7);
    assert_int_equal(pixfer_backend_get_info(PIXFER_BACKEND_SWSCALE, &info), PIXFER_OK);
    assert_true(!info.exact && !info.automatic && !info.takes_rows);
    info.struct_size = offsetof(struct pixfer_backend_info, hardware);
    info.exact = 77;
    assert_int_equal(pixfer_backend_get_info(PIXFER_BACKEND_CPU, &info), PIXFER_OK);
    assert_int_equal(info.exact, 77);
}

static void every_cpu_name_can_be_pinned(void **state)
{
    (void)state;
    for (const char *const *name = pixfer_cpu_names(); *name; name++) {
        struct lines lines = {0};
        struct pixfer_converter_params params = good(&lines);

        params.cpu = *name;
        assert_int_equal(open_close(&params), PIXFER_OK);
    }
}

static void texts_are_never_null(void **state)
{
    (void)state;
    for (int result = -20; result < 3; result++)
        assert_non_null(pixfer_strerror((enum pixfer_result)result));
    for (int backend = PIXFER_BACKEND_AUTO; backend <= PIXFER_BACKEND_SWSCALE; backend++)
        assert_non_null(pixfer_backend_name((enum pixfer_backend)backend));
    assert_null(pixfer_backend_name((enum pixfer_backend)99));
    assert_null(pixfer_backend_missing(PIXFER_BACKEND_CPU));
    assert_non_null(pixfer_backend_missing(PIXFER_BACKEND_D3D11));
    assert_non_null(pixfer_backend_missing((enum pixfer_backend)99));
}

/* Every value has one name that means it, and what is no value or no name is told. */
static void colours_have_names(void **state)
{
    static const char *const matrices[][4] = {{"bt709", "709", "BT709"},
                                              {"bt601", "601", "Smpte170M", "bt470bg"},
                                              {"smpte240m", "240M"},
                                              {"bt2020", "2020", "bt2020nc"}};
    static const enum pixfer_matrix numbers[] = {PIXFER_MATRIX_BT709, PIXFER_MATRIX_BT601, PIXFER_MATRIX_SMPTE240M,
                                                 PIXFER_MATRIX_BT2020_NCL};
    static const char *const ranges[][3] = {{"limited", "TV", "mpeg"}, {"full", "pc", "JPEG"}};
    static const char *const sitings[][2] = {{"left", "LEFT"}, {"center", "Centre"}, {"top-left", "topleft"}};
    static const char *const wrong[] = {"", "bt70", "bt7099", "709 ", "601 smpte170m", "tvmpeg", "lef", "none", " "};
    enum pixfer_matrix matrix;
    enum pixfer_range range;
    enum pixfer_siting siting;

    (void)state;
    for (unsigned i = 0; i < 4; i++) {
        assert_string_equal(pixfer_matrix_name(numbers[i]), matrices[i][0]);
        for (unsigned k = 0; k < 4 && matrices[i][k]; k++)
            assert_true(pixfer_matrix_from_name(matrices[i][k], &matrix) && matrix == numbers[i]);
    }
    for (unsigned i = 0; i < 2; i++) {
        assert_string_equal(pixfer_range_name((enum pixfer_range)i), ranges[i][0]);
        for (unsigned k = 0; k < 3; k++)
            assert_true(pixfer_range_from_name(ranges[i][k], &range) && range == (enum pixfer_range)i);
    }
    for (unsigned i = 0; i < 3; i++) {
        assert_string_equal(pixfer_siting_name((enum pixfer_siting)i), sitings[i][0]);
        for (unsigned k = 0; k < 2; k++)
            assert_true(pixfer_siting_from_name(sitings[i][k], &siting) && siting == (enum pixfer_siting)i);
    }
    assert_string_equal(pixfer_matrix_name(PIXFER_MATRIX_DEFAULT), "bt709");
    for (int i = -2; i < 40; i++) {
        assert_true(i == 0 || i == 1 || i == 6 || i == 7 || i == 9 || !pixfer_matrix_name((enum pixfer_matrix)i));
        assert_true(i == 0 || i == 1 || !pixfer_range_name((enum pixfer_range)i));
        assert_true(i == 0 || i == 1 || i == 2 || !pixfer_siting_name((enum pixfer_siting)i));
    }
    matrix = PIXFER_MATRIX_SMPTE240M, range = PIXFER_RANGE_FULL, siting = PIXFER_SITING_TOP_LEFT;
    for (unsigned i = 0; i <= sizeof(wrong) / sizeof(*wrong); i++) {
        const char *name = i < sizeof(wrong) / sizeof(*wrong) ? wrong[i] : NULL;

        assert_false(pixfer_matrix_from_name(name, &matrix) || pixfer_range_from_name(name, &range) ||
                     pixfer_siting_from_name(name, &siting));
    }
    assert_true(matrix == PIXFER_MATRIX_SMPTE240M && range == PIXFER_RANGE_FULL && siting == PIXFER_SITING_TOP_LEFT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_parameters_are_named),
        cmocka_unit_test(bad_light_is_named),
        cmocka_unit_test(light_of_any_bytes_opens_or_is_refused),
        cmocka_unit_test(null_arguments_are_refused),
        cmocka_unit_test(struct_size_is_respected),
        cmocka_unit_test(info_describes_the_converter),
        cmocka_unit_test(nothing_is_read_past_struct_size),
        cmocka_unit_test(info_is_written_up_to_struct_size),
        cmocka_unit_test(backends_describe_themselves),
        cmocka_unit_test(every_cpu_name_can_be_pinned),
        cmocka_unit_test(texts_are_never_null),
        cmocka_unit_test(colours_have_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

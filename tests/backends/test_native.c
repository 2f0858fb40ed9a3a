/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* videotoolbox.h on the platform's own frames. The same source runs on a Mac against the real frameworks and elsewhere against the
 * double. Where VideoToolbox refuses (a Mac whose transfer does not pass the self-test), the CPU's exact way is what is tested. */

#include <CoreFoundation/CoreFoundation.h>
#include <pixfer/videotoolbox.h>
#include <string.h>

#include "oracle.h"
#include "random.h"
#include "told.h"

#define WIDTH 70
#define HEIGHT 46

static CVPixelBufferRef buffer_create(OSType type)
{
    CFDictionaryRef none =
        CFDictionaryCreate(NULL, NULL, NULL, 0, &kCFTypeDictionaryKeyCallBacks, &kCFTypeDictionaryValueCallBacks);
    const void *key = kCVPixelBufferIOSurfacePropertiesKey, *value = none;
    CFDictionaryRef attributes =
        CFDictionaryCreate(NULL, &key, &value, 1, &kCFTypeDictionaryKeyCallBacks, &kCFTypeDictionaryValueCallBacks);
    CVPixelBufferRef buffer = NULL;

    assert_int_equal(CVPixelBufferCreate(NULL, WIDTH, HEIGHT, type, attributes, &buffer), kCVReturnSuccess);
    CFRelease(attributes);
    CFRelease(none);
    return buffer;
}

/* Copies bytes into a BGRA buffer. */
static void fill(CVPixelBufferRef buffer, const uint8_t *bytes)
{
    assert_int_equal(CVPixelBufferLockBaseAddress(buffer, 0), kCVReturnSuccess);
    for (size_t y = 0; y < HEIGHT; y++)
        memcpy((uint8_t *)CVPixelBufferGetBaseAddress(buffer) + y * CVPixelBufferGetBytesPerRow(buffer), bytes + y * WIDTH * 4,
               WIDTH * 4);
    assert_int_equal(CVPixelBufferUnlockBaseAddress(buffer, 0), kCVReturnSuccess);
}

struct fixture {
    struct told told;
    struct pixfer_converter *converter;
    uint8_t bytes[WIDTH * HEIGHT * 4];
    struct pixfer_image image;
    CVPixelBufferRef src, dst;
    struct pixfer_color color;
};

static void fixture_init(struct fixture *f, enum pixfer_backend backend, struct pixfer_color color)
{
    struct rng rng = {3};

    *f = (struct fixture){.told = TOLD_INIT, .color = color};
    f->image = (struct pixfer_image){PIXFER_FORMAT_BGRA, WIDTH, HEIGHT, {f->bytes}, {WIDTH * 4}};
    rng_fill(&rng, f->bytes, sizeof(f->bytes));
    assert_int_equal(
        pixfer_converter_open(&f->converter,
                              &PIXFER_CONVERTER_PARAMS(.src_format = PIXFER_FORMAT_BGRA, .dst_format = PIXFER_FORMAT_NV12,
                                                       .width = WIDTH, .height = HEIGHT, .color = color, .backend = backend,
                                                       .threads = 1, .log = told_keep, .log_opaque = &f->told)),
        PIXFER_OK);
    f->src = buffer_create(kCVPixelFormatType_32BGRA);
    f->dst = buffer_create(kCVPixelFormatType_420YpCbCr8BiPlanarVideoRange);
    fill(f->src, f->bytes);
}

static void fixture_end(struct fixture *f)
{
    CVPixelBufferRelease(f->src);
    CVPixelBufferRelease(f->dst);
    pixfer_converter_close(&f->converter);
}

static void expect_attachment(CVPixelBufferRef buffer, CFStringRef key, CFStringRef expected)
{
#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wdeprecated-declarations" /* its successor is there from macOS 12 on only */
#endif
    CFTypeRef found = CVBufferGetAttachment(buffer, key, NULL);
#if defined(__clang__)
#pragma clang diagnostic pop
#endif

    assert_true(expected ? found && CFEqual(found, expected) : !found);
}

/* What the backend in charge promises, and the tags. */
static void expect_picture(struct fixture *f)
{
    struct pixfer_converter_info info = PIXFER_CONVERTER_INFO();
    struct oracle_report report[3];
    struct pixfer_image image = {.format = PIXFER_FORMAT_NV12, .width = WIDTH, .height = HEIGHT};

    pixfer_converter_get_info(f->converter, &info);
    assert_int_equal(CVPixelBufferLockBaseAddress(f->dst, kCVPixelBufferLock_ReadOnly), kCVReturnSuccess);
    for (unsigned plane = 0; plane < 2; plane++) {
        image.plane[plane] = CVPixelBufferGetBaseAddressOfPlane(f->dst, plane);
        image.stride[plane] = (ptrdiff_t)CVPixelBufferGetBytesPerRowOfPlane(f->dst, plane);
    }
    oracle_compare(&f->image, &image, &f->color, report);
    CVPixelBufferUnlockBaseAddress(f->dst, kCVPixelBufferLock_ReadOnly);
    assert_in_range(report[0].max, 0, info.exact ? 0 : 3);
    assert_in_range(report[1].max, 0, info.exact ? 0 : 4);
    assert_in_range(report[2].max, 0, info.exact ? 0 : 4);
    expect_attachment(f->dst, kCVImageBufferYCbCrMatrixKey, kCVImageBufferYCbCrMatrix_ITU_R_709_2);
    expect_attachment(f->dst, kCVImageBufferColorPrimariesKey, kCVImageBufferColorPrimaries_ITU_R_709_2);
    expect_attachment(f->dst, kCVImageBufferTransferFunctionKey, kCVImageBufferTransferFunction_ITU_R_709_2);
    expect_attachment(f->dst, kCVImageBufferChromaLocationTopFieldKey,
                      f->color.siting == PIXFER_SITING_CENTER ? kCVImageBufferChromaLocation_Center
                      : f->color.siting == PIXFER_SITING_LEFT ? kCVImageBufferChromaLocation_Left
                                                              : kCVImageBufferChromaLocation_TopLeft);
}

static void clear(CVPixelBufferRef buffer)
{
    CVPixelBufferLockBaseAddress(buffer, 0);
    for (size_t y = 0; y < HEIGHT; y++)
        memset((uint8_t *)CVPixelBufferGetBaseAddressOfPlane(buffer, 0) + y * CVPixelBufferGetBytesPerRowOfPlane(buffer, 0), 7,
               WIDTH);
    CVPixelBufferUnlockBaseAddress(buffer, 0);
}

static void every_source_in_every_way(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2 * 3; i++) {
        const enum pixfer_backend backend = i % 2 ? PIXFER_BACKEND_CPU : PIXFER_BACKEND_AUTO;
        struct fixture f;
        struct pixfer_converter_info info = PIXFER_CONVERTER_INFO();

        fixture_init(&f, backend, (struct pixfer_color){PIXFER_MATRIX_BT709, PIXFER_RANGE_LIMITED, (enum pixfer_siting)(i / 2)});
        assert_int_equal(pixfer_videotoolbox_convert(f.converter, f.src, f.dst), PIXFER_OK);
        expect_picture(&f);
        clear(f.dst);
        assert_int_equal(pixfer_videotoolbox_convert_surface(f.converter, CVPixelBufferGetIOSurface(f.src), f.dst), PIXFER_OK);
        expect_picture(&f);
        clear(f.dst);
        assert_int_equal(pixfer_videotoolbox_convert_image(f.converter, &f.image, f.dst), PIXFER_OK);
        expect_picture(&f);
        pixfer_converter_get_info(f.converter, &info);
        assert_int_equal(info.frames, 3);
        print_message("  siting %u: %s%s%s\n", i / 2, info.backend_name, info.fallback_reason ? "; " : "",
                      info.fallback_reason ? info.fallback_reason : "");
        fixture_end(&f);
    }
}

static void what_does_not_fit_is_refused(void **state)
{
    const struct pixfer_color color = {PIXFER_MATRIX_BT709, PIXFER_RANGE_LIMITED, PIXFER_SITING_CENTER};
    struct fixture f;

    (void)state;
    fixture_init(&f, PIXFER_BACKEND_AUTO, color);
    assert_int_equal(pixfer_videotoolbox_convert(NULL, f.src, f.dst), PIXFER_ERR_INVALID);
    assert_int_equal(pixfer_videotoolbox_convert(f.converter, NULL, f.dst), PIXFER_ERR_INVALID);
    expect_words(f.told.text, "src is NULL", &f.told);
    assert_int_equal(pixfer_videotoolbox_convert_surface(f.converter, NULL, f.dst), PIXFER_ERR_INVALID);
    assert_int_equal(pixfer_videotoolbox_convert_image(f.converter, NULL, f.dst), PIXFER_ERR_INVALID);
    assert_int_equal(pixfer_videotoolbox_convert(f.converter, f.src, NULL), PIXFER_ERR_INVALID);
    expect_words(f.told.text, "dst is NULL", &f.told);
    assert_int_equal(pixfer_videotoolbox_convert(f.converter, f.dst, f.dst), PIXFER_ERR_INVALID);
    expect_words(f.told.text, "src is a '420v' buffer (0x34323076), expected 'BGRA'", &f.told);
    f.image.height--;
    assert_int_equal(pixfer_videotoolbox_convert_image(f.converter, &f.image, f.dst), PIXFER_ERR_INVALID);
    expect_words(f.told.text, "src is bgra, 70x45 pixels, expected bgra, 70x46", &f.told);
    fixture_end(&f);
}

/* A screen's surfaces name the screen's primaries. What is converted is their bytes, and the source is left as it was. */
static void what_a_source_says_of_its_colours_changes_nothing(void **state)
{
    const struct pixfer_color color = {PIXFER_MATRIX_BT709, PIXFER_RANGE_LIMITED, PIXFER_SITING_CENTER};
    struct fixture f;

    (void)state;
    fixture_init(&f, PIXFER_BACKEND_AUTO, color);
    CVBufferSetAttachment(f.src, kCVImageBufferColorPrimariesKey, kCVImageBufferColorPrimaries_P3_D65,
                          kCVAttachmentMode_ShouldPropagate);
    assert_int_equal(pixfer_videotoolbox_convert(f.converter, f.src, f.dst), PIXFER_OK);
    expect_picture(&f);
    expect_attachment(f.src, kCVImageBufferColorPrimariesKey, kCVImageBufferColorPrimaries_P3_D65);
    expect_attachment(f.src, kCVImageBufferYCbCrMatrixKey, NULL);
    expect_attachment(f.src, kCVImageBufferChromaLocationTopFieldKey, NULL);
    fixture_end(&f);
}

#ifndef __APPLE__
#include "double.h"

static void expect_cpu(struct fixture *f, const char *reason)
{
    struct pixfer_converter_info info = PIXFER_CONVERTER_INFO();

    pixfer_converter_get_info(f->converter, &info);
    assert_int_equal(info.backend, PIXFER_BACKEND_CPU);
    expect_words(info.fallback_reason, reason, &f->told);
    expect_picture(f);
}

static void a_path_for_surfaces_that_is_wrong_is_seen(void **state)
{
    const struct pixfer_color color = {PIXFER_MATRIX_BT709, PIXFER_RANGE_LIMITED, PIXFER_SITING_CENTER};
    static const struct {
        const char *fault, *reason;
        int good; /* frames before it */
    } faults[] = {
        {"surface-swap", "self-test found", 0}, {"green", "self-test found", 0}, {"green", "a frame came out wrong", 1}};

    (void)state;
    for (size_t i = 0; i < sizeof(faults) / sizeof(*faults); i++) {
        struct fixture f;

        double_reset();
        fixture_init(&f, PIXFER_BACKEND_VIDEOTOOLBOX, color);
        for (int good = 0; good < faults[i].good; good++)
            assert_int_equal(pixfer_videotoolbox_convert(f.converter, f.src, f.dst), PIXFER_OK);
        double_fault(faults[i].fault, 1);
        assert_int_equal(pixfer_videotoolbox_convert(f.converter, f.src, f.dst), PIXFER_OK);
        expect_cpu(&f, faults[i].reason);
        fixture_end(&f);
        assert_int_equal(double_count().live, 0);
    }
    double_reset();
}

static void the_cpu_takes_over(void **state)
{
    const struct pixfer_color color = {PIXFER_MATRIX_BT709, PIXFER_RANGE_LIMITED, PIXFER_SITING_CENTER};

    (void)state;
    for (int way = 0; way < 3; way++) {
        struct fixture f;
        struct pixfer_converter_info info = PIXFER_CONVERTER_INFO();
        enum pixfer_result result;

        double_reset();
        fixture_init(&f, PIXFER_BACKEND_VIDEOTOOLBOX, color);
        double_fault("transfer", 1);
        result = way == 0   ? pixfer_videotoolbox_convert(f.converter, f.src, f.dst)
                 : way == 1 ? pixfer_videotoolbox_convert_surface(f.converter, CVPixelBufferGetIOSurface(f.src), f.dst)
                            : pixfer_videotoolbox_convert_image(f.converter, &f.image, f.dst);
        assert_int_equal(result, PIXFER_OK);
        pixfer_converter_get_info(f.converter, &info);
        assert_int_equal(info.backend, PIXFER_BACKEND_CPU);
        expect_words(info.fallback_reason, "-17691", &f.told);
        assert_int_equal(f.told.warnings, 1);
        expect_picture(&f);
        double_fault("lock", 1); /* now there is no other way */
        assert_int_equal(pixfer_videotoolbox_convert(f.converter, f.src, f.dst), PIXFER_ERR_DEVICE);
        expect_words(f.told.text, "could not be locked, CoreVideo answered -6660", &f.told);
        double_fault("lock", 0);
        fixture_end(&f);
        assert_int_equal(double_count().live, 0);
        assert_int_equal(double_count().locked, 0);
        if (double_misuse())
            fail_msg("%s", double_misuse());
        double_reset();
    }
}

static void nothing_is_left(void **state)
{
    (void)state;
    assert_int_equal(double_count().live, 0);
    assert_int_equal(double_count().locked, 0);
    if (double_misuse())
        fail_msg("%s", double_misuse());
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_source_in_every_way),
        cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(what_a_source_says_of_its_colours_changes_nothing),
#ifndef __APPLE__
        cmocka_unit_test(nothing_is_left),
        cmocka_unit_test(the_cpu_takes_over),
        cmocka_unit_test(a_path_for_surfaces_that_is_wrong_is_seen),
#endif
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

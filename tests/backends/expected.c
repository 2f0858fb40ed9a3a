/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "expected.h"

#include "oracle.h"

void bench_init(struct bench *bench)
{
    double_reset();
    *bench = (struct bench){.rng = {1}, .told = TOLD_INIT};
    bench->params = PIXFER_CONVERTER_PARAMS(.src_format = PIXFER_FORMAT_BGRA, .dst_format = PIXFER_FORMAT_NV12, .width = 51,
                                            .height = 22, .color.siting = PIXFER_SITING_CENTER, .threads = 1, .log = told_keep, );
}

enum pixfer_result bench_open(struct bench *bench)
{
    bench->params.log_opaque = &bench->told;
    return pixfer_converter_open(&bench->converter, &bench->params);
}

struct pixfer_converter_info bench_info(const struct bench *bench)
{
    struct pixfer_converter_info info = PIXFER_CONVERTER_INFO();

    pixfer_converter_get_info(bench->converter, &info);
    return info;
}

OSType double_type(enum pixfer_format format, enum pixfer_range range)
{
    const bool full = range == PIXFER_RANGE_FULL;

    switch (format) {
    case PIXFER_FORMAT_BGRA:
        return kCVPixelFormatType_32BGRA;
    case PIXFER_FORMAT_RGBA:
        return kCVPixelFormatType_32RGBA;
    case PIXFER_FORMAT_ARGB:
        return kCVPixelFormatType_32ARGB;
    case PIXFER_FORMAT_ABGR:
        return kCVPixelFormatType_32ABGR;
    case PIXFER_FORMAT_UYVY:
        return kCVPixelFormatType_422YpCbCr8;
    case PIXFER_FORMAT_YUYV:
        return kCVPixelFormatType_422YpCbCr8_yuvs;
    case PIXFER_FORMAT_NV12:
        return full ? kCVPixelFormatType_420YpCbCr8BiPlanarFullRange : kCVPixelFormatType_420YpCbCr8BiPlanarVideoRange;
    case PIXFER_FORMAT_P010:
        return full ? kCVPixelFormatType_420YpCbCr10BiPlanarFullRange : kCVPixelFormatType_420YpCbCr10BiPlanarVideoRange;
    default:
        return 0;
    }
}

static CFStringRef double_matrix(enum pixfer_matrix matrix)
{
    return matrix == PIXFER_MATRIX_BT601        ? kCVImageBufferYCbCrMatrix_ITU_R_601_4
           : matrix == PIXFER_MATRIX_SMPTE240M  ? kCVImageBufferYCbCrMatrix_SMPTE_240M_1995
           : matrix == PIXFER_MATRIX_BT2020_NCL ? kCVImageBufferYCbCrMatrix_ITU_R_2020
                                                : kCVImageBufferYCbCrMatrix_ITU_R_709_2;
}

void bench_check(struct bench *bench, const struct picture *src, const struct picture *dst, bool by_videotoolbox)
{
    const struct pixfer_converter_params *p = &bench->params;
    const struct pixfer_image *in = &src->image, *out;
    unsigned plane;
    size_t x, y;

    picture_place(&bench->wanted, p->dst_format, p->width, p->height, &(struct picture_layout){0});
    out = &bench->wanted.image;
    if (by_videotoolbox)
        double_arithmetic(double_type(in->format, PIXFER_RANGE_LIMITED), in->plane[0], in->stride[0],
                          double_type(p->dst_format, p->color.range), double_matrix(p->color.matrix), p->width, p->height,
                          (uint8_t *const[]){out->plane[0], out->plane[1]}, (const ptrdiff_t[]){out->stride[0], out->stride[1]});
    else
        oracle_convert(in, out, &p->color);
    if (picture_difference(&bench->wanted, dst, &plane, &x, &y))
        fail_msg("plane %u differs at byte %zu of row %zu from what %s must make of it; the log:\n%s", plane, x, y,
                 by_videotoolbox ? "the transfer" : "the CPU", bench->told.text);
    if (picture_damage(dst) >= 0)
        fail_msg("a byte between or around the rows of plane %d was written to", picture_damage(dst));
}

void bench_convert(struct bench *bench)
{
    const struct pixfer_converter_params *p = &bench->params;
    const struct picture_layout layout = {.padding = {12, 8, 0}};

    picture_place(&bench->src, p->src_format, p->width, p->height, &layout);
    picture_fill(&bench->src, PICTURE_RANDOM, &bench->rng);
    picture_place(&bench->dst, p->dst_format, p->width, p->height, &layout);
    assert_int_equal(pixfer_convert(bench->converter, &bench->src.image, &bench->dst.image), PIXFER_OK);
    bench_check(bench, &bench->src, &bench->dst, bench_info(bench).backend == PIXFER_BACKEND_VIDEOTOOLBOX);
}

void bench_end(struct bench *bench)
{
    struct double_counts counts;

    pixfer_converter_close(&bench->converter);
    picture_free(&bench->src);
    picture_free(&bench->dst);
    picture_free(&bench->wanted);
    double_fault("keep-ever", 0);
    counts = double_count();
    if (double_misuse())
        fail_msg("%s", double_misuse());
    assert_int_equal(counts.live, 0);
    assert_int_equal(counts.locked, 0);
    double_reset();
}

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "common.h"

#include <dlfcn.h>
#include <stdio.h>

struct plain plain;

static void load(void *library, const char *name, void *into)
{
    void *symbol = dlsym(library, name);

    assert_non_null(symbol);
    memcpy(into, &symbol, sizeof(symbol));
}

void plain_open(void)
{
    char name[64];
    void *library;

    snprintf(name, sizeof(name), "libswscale.so.%u", swscale_version() >> 16);
    library = dlopen(name, RTLD_LAZY | RTLD_NOLOAD);
    assert_non_null(library);
    load(library, "sws_getContext", &plain.getContext);
    load(library, "sws_init_context", &plain.init_context);
    load(library, "sws_freeContext", &plain.freeContext);
    load(library, "sws_setColorspaceDetails", &plain.setColorspaceDetails);
    load(library, "sws_scale", &plain.scale);
    load(library, "sws_scale_frame", &plain.scale_frame);
    load(library, "sws_frame_start", &plain.frame_start);
    load(library, "sws_send_slice", &plain.send_slice);
    load(library, "sws_receive_slice", &plain.receive_slice);
    load(library, "sws_frame_end", &plain.frame_end);
    assert_true((void *)(uintptr_t)plain.scale != (void *)(uintptr_t)sws_scale); /* else nothing is tested */
}

struct frame frame_make(enum AVPixelFormat format, int width, int height, unsigned seed)
{
    const AVPixFmtDescriptor *descriptor = av_pix_fmt_desc_get(format);
    struct frame frame = {.format = format, .width = width, .height = height};

    for (int plane = 0; plane < av_pix_fmt_count_planes(format); plane++) {
        const bool chroma = (plane == 1 || plane == 2) && !(descriptor->flags & AV_PIX_FMT_FLAG_RGB);
        const int samples = chroma ? AV_CEIL_RSHIFT(width, descriptor->log2_chroma_w) : width;
        size_t size;

        frame.rows[plane] = chroma ? AV_CEIL_RSHIFT(height, descriptor->log2_chroma_h) : height;
        for (int i = 0; i < descriptor->nb_components; i++)
            if (descriptor->comp[i].plane == plane)
                frame.row_bytes[plane] = samples * descriptor->comp[i].step;
        frame.stride[plane] = (frame.row_bytes[plane] + 63) & ~31;
        size = (size_t)frame.stride[plane] * (size_t)frame.rows[plane];
        frame.memory[plane] = frame.data[plane] = malloc(size);
        assert_non_null(frame.memory[plane]);
        memset(frame.memory[plane], 0xa5, size);
        for (size_t i = 0; seed && i < size; i++) {
            seed = seed * 1664525 + 1013904223;
            frame.memory[plane][i] = (uint8_t)(seed >> 24);
        }
    }
    return frame;
}

void frame_free(struct frame *frame)
{
    for (int plane = 0; plane < 4; plane++)
        free(frame->memory[plane]);
    *frame = (struct frame){0};
}

void frame_flip(struct frame *frame)
{
    for (int plane = 0; plane < 4 && frame->data[plane]; plane++) {
        frame->data[plane] += frame->stride[plane] * (frame->rows[plane] - 1);
        frame->stride[plane] = -frame->stride[plane];
    }
}

bool frame_equal(const struct frame *a, const struct frame *b)
{
    for (int plane = 0; plane < 4 && a->data[plane]; plane++)
        for (int row = 0; row < a->rows[plane]; row++)
            if (memcmp(a->data[plane] + row * a->stride[plane], b->data[plane] + row * b->stride[plane],
                       (size_t)a->row_bytes[plane]))
                return false;
    return true;
}

static const int *coefficients(enum pixfer_matrix matrix)
{
    switch (matrix) {
    case PIXFER_MATRIX_BT709:
        return sws_getCoefficients(SWS_CS_ITU709);
    case PIXFER_MATRIX_SMPTE240M:
        return sws_getCoefficients(SWS_CS_SMPTE240M);
    case PIXFER_MATRIX_BT2020_NCL:
        return sws_getCoefficients(SWS_CS_BT2020);
    default:
        return sws_getCoefficients(SWS_CS_ITU601);
    }
}

static struct SwsContext *prepare(const struct ask *ask)
{
    struct SwsContext *c = sws_alloc_context();

    assert_non_null(c);
    av_opt_set_int(c, "srcw", ask->width, 0);
    av_opt_set_int(c, "srch", ask->height, 0);
    av_opt_set_int(c, "dstw", ask->width, 0);
    av_opt_set_int(c, "dsth", ask->height, 0);
    av_opt_set_int(c, "src_format", ask->from, 0);
    av_opt_set_int(c, "dst_format", ask->to, 0);
    av_opt_set_int(c, "sws_flags", ask->flags ? ask->flags : SWS_BICUBIC, 0);
    if (ask->siting != PIXFER_SITING_CENTER)
        av_opt_set_int(c, "dst_h_chr_pos", 0, 0);
    if (ask->siting == PIXFER_SITING_TOP_LEFT)
        av_opt_set_int(c, "dst_v_chr_pos", 0, 0);
    if (ask->option)
        assert_int_equal(av_opt_set_int(c, ask->option, ask->value, 0), 0);
    return c;
}

static bool has_colors(const struct ask *ask)
{
    return ask->matrix || ask->range;
}

struct SwsContext *open_seen(const struct ask *ask)
{
    struct SwsContext *c = prepare(ask);
    const int *table = coefficients(ask->matrix);

    assert_true(sws_init_context(c, NULL, NULL) >= 0);
    if (has_colors(ask))
        assert_true(sws_setColorspaceDetails(c, table, 1, table, ask->range, 0, 1 << 16, 1 << 16) >= 0);
    return c;
}

struct SwsContext *open_plain(const struct ask *ask)
{
    struct SwsContext *c = prepare(ask);
    const int *table = coefficients(ask->matrix);

    assert_true(plain.init_context(c, NULL, NULL) >= 0);
    if (has_colors(ask))
        assert_true(plain.setColorspaceDetails(c, table, 1, table, ask->range, 0, 1 << 16, 1 << 16) >= 0);
    return c;
}

enum pixfer_format pixfer_format_of(enum AVPixelFormat format)
{
    switch (format) {
    case AV_PIX_FMT_YUV420P:
    case AV_PIX_FMT_YUVJ420P:
        return PIXFER_FORMAT_I420;
    case AV_PIX_FMT_YUV422P:
        return PIXFER_FORMAT_I422;
    case AV_PIX_FMT_YUV444P:
        return PIXFER_FORMAT_I444;
    case AV_PIX_FMT_P010:
        return PIXFER_FORMAT_P010;
    default:
        return pixfer_format_from_name(av_get_pix_fmt_name(format));
    }
}

static struct pixfer_image image_of(const struct frame *frame)
{
    struct pixfer_image image = {
        .format = pixfer_format_of(frame->format), .width = (uint32_t)frame->width, .height = (uint32_t)frame->height};

    for (int plane = 0; plane < 4; plane++) {
        image.plane[plane] = frame->data[plane];
        image.stride[plane] = frame->stride[plane];
    }
    return image;
}

void by_pixfer(const struct ask *ask, const struct frame *src, struct frame *dst)
{
    const struct pixfer_image from = image_of(src), to = image_of(dst);
    struct pixfer_converter *converter;
    struct pixfer_converter_params params =
        PIXFER_CONVERTER_PARAMS(.src_format = from.format, .dst_format = to.format, .width = from.width, .height = from.height,
                                .color = {.matrix = ask->matrix ? ask->matrix : PIXFER_MATRIX_BT601,
                                          .range = ask->range,
                                          .siting = ask->siting},
                                .backend = PIXFER_BACKEND_CPU, .threads = 1);

    assert_int_equal(pixfer_converter_open(&converter, &params), PIXFER_OK);
    assert_int_equal(pixfer_convert(converter, &from, &to), PIXFER_OK);
    pixfer_converter_close(&converter);
}

void by_plain(const struct ask *ask, const struct frame *src, struct frame *dst)
{
    struct SwsContext *c = open_plain(ask);

    assert_int_equal(plain.scale(c, (const uint8_t *const *)src->data, src->stride, 0, src->height, dst->data, dst->stride),
                     dst->height);
    plain.freeContext(c);
}

int scale_whole(struct SwsContext *c, const struct frame *src, struct frame *dst)
{
    return sws_scale(c, (const uint8_t *const *)src->data, src->stride, 0, src->height, dst->data, dst->stride);
}

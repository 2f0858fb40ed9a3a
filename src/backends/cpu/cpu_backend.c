/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* The exact backend: walks a frame strip by strip through one kernel. */

#include "../../core/backend.h"

#include <stdlib.h>

#include "../../core/image.h"
#include "../../core/params.h"
#include "../../kernels/kernels.h"

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

static const char *cpu_missing(void)
{
    return NULL;
}

static enum pixfer_result cpu_open(void **state, const struct pixfer_backend_config *config, struct pixfer_reason *reason)
{
    struct pixfer_kernels *kernels = calloc(1, sizeof(*kernels));

    if (!kernels) {
        pixfer_reason_set(reason, "out of memory");
        return PIXFER_ERR_NO_MEMORY;
    }
    if (config->compose
            ? !pixfer_compose_init(kernels, config->src_format, config->dst_format, &config->color, config->background)
            : !pixfer_kernel_config_init(&kernels->config, config->src_format, config->dst_format, &config->color)) {
        pixfer_reason_set(
            reason,
            "%s to %s is not a conversion that exists: expected RGB to YCbCr, or yuyv or uyvy to nv12, nv21, i420 or yv12",
            pixfer_format_name(config->src_format), pixfer_format_name(config->dst_format));
        free(kernels);
        return PIXFER_ERR_UNSUPPORTED;
    }
    if (!pixfer_kernels_init(kernels, config->cpu)) {
        pixfer_reason_set(reason, "this processor lacks the instruction set %s", config->cpu);
        free(kernels);
        return PIXFER_ERR_UNAVAILABLE;
    }
    kernels->stream = config->stream;
    kernels->stream_rows = config->stream_rows;
    *state = kernels;
    return PIXFER_OK;
}

static void cpu_close(void *state)
{
    free(state);
}

static void source_row(const uint8_t *row[3], const struct pixfer_image *image, uint32_t y)
{
    for (unsigned plane = 0; plane < 3; plane++)
        row[plane] = image->plane[plane] ? pixfer_row(image, plane, y) : NULL;
}

void pixfer_cpu_convert_rows(const struct pixfer_kernels *kernels, const struct pixfer_image *src, const struct pixfer_image *dst,
                             uint32_t first, uint32_t count, bool in_cache)
{
    const bool halved = pixfer_filter_is_420(kernels->config.filter);
    const uint32_t last = src->height - 1, step = halved ? 2 : 1;
    const bool stream = in_cache ? kernels->stream_rows : kernels->stream;
    struct pixfer_strip strip = {.width = src->width, .stream = stream};

    for (unsigned plane = 0; plane < 3 && !in_cache;
         plane++) /* of a single row, or a plane that is not there, it may be any number */
        strip.next[plane] = (ptrdiff_t)(step * (size_t)src->stride[plane]);

    for (uint32_t y = first; y - first < count; y += step) {
        const uint32_t second = halved && y < last ? y + 1 : y;

        source_row(strip.src[0], src, y && kernels->config.filter == PIXFER_FILTER_420_TOP_LEFT ? y - 1 : y);
        source_row(strip.src[1], src, y);
        source_row(strip.src[2], src, second);
        strip.y[0] = pixfer_row(dst, 0, y);
        strip.y[1] = pixfer_row(dst, 0, second);
        strip.chroma[0] = pixfer_row(dst, 1, y / step);
        if (pixfer_store_is_planar(kernels->config.store))
            strip.chroma[1] = pixfer_row(dst, 2, y / step);
        if (kernels->compose.on)
            pixfer_compose_strip(kernels, &strip);
        else
            kernels->strip(&kernels->config, &strip);
    }
#if defined(__x86_64__)
    if (stream)
        _mm_sfence(); /* before another thread is told that the rows are there */
#endif
}

static void cpu_convert_rows(void *state, const struct pixfer_image *src, const struct pixfer_image *dst, uint32_t first,
                             uint32_t count, bool in_cache)
{
    pixfer_cpu_convert_rows(state, src, dst, first, count, in_cache);
}

static void cpu_get_info(const void *state, struct pixfer_converter_info *info)
{
    info->isa = ((const struct pixfer_kernels *)state)->isa;
}

const struct pixfer_backend_ops pixfer_backend_cpu = {
    .id = PIXFER_BACKEND_CPU,
    .name = "cpu",
    .automatic = true,
    .last = true,
    .pinned = true,
    .exact = true,
    .composes = true,
    .sitings = PIXFER_ALL_SITINGS,
    .sitings_422 = PIXFER_ALL_SITINGS,
    .missing = cpu_missing,
    .open = cpu_open,
    .close = cpu_close,
    .convert_rows = cpu_convert_rows,
    .get_info = cpu_get_info,
};

/* ---- One call ---- */

enum pixfer_result pixfer_rgba_to_nv12(const uint8_t *rgba, ptrdiff_t rgba_stride, uint32_t width, uint32_t height, uint8_t *y,
                                       ptrdiff_t y_stride, uint8_t *uv, ptrdiff_t uv_stride)
{
    const struct pixfer_converter_params params =
        PIXFER_CONVERTER_PARAMS(.src_format = PIXFER_FORMAT_RGBA, .dst_format = PIXFER_FORMAT_NV12, .width = width,
                                .height = height, .threads = 1, .backend = PIXFER_BACKEND_CPU);
    const struct pixfer_image src = {PIXFER_FORMAT_RGBA, width, height, {pixfer_const_plane(rgba)}, {rgba_stride}};
    const struct pixfer_image dst = {PIXFER_FORMAT_NV12, width, height, {y, uv}, {y_stride, uv_stride}};
    const struct pixfer_rows all = {0, height};
    struct pixfer_settings settings;
    struct pixfer_kernels kernels;
    enum pixfer_result result = pixfer_settings_init(&settings, &params);

    if (result != PIXFER_OK)
        return result;
    if (!pixfer_image_check(&src, "rgba", &settings.log) || !pixfer_image_check(&dst, "y, uv", &settings.log) ||
        !pixfer_images_disjoint(&src, all, &dst, all, &settings.log))
        return PIXFER_ERR_INVALID;
    kernels.compose.on = false;
    pixfer_kernel_config_init(&kernels.config, src.format, dst.format, &settings.params.color);
    if (!pixfer_kernels_init(&kernels, settings.params.cpu))
        return PIXFER_ERR_UNAVAILABLE;
    kernels.stream = settings.stream;
    kernels.stream_rows = false;
    pixfer_cpu_convert_rows(&kernels, &src, &dst, 0, height, false);
    return PIXFER_OK;
}

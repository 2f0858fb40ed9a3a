/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include <string.h>

#include "../../core/color.h"
#include "../../core/image.h"
#include "../../kernels/kernels.h"
#include "gpu.h"

/* sample = (W·(r, g, b) + O) / D with r, g and b the sums over the filter: what color.h says, as one fraction. */
struct fraction {
    int64_t weight[3], offset, divisor;
};

static struct fraction fraction_of(const struct pixfer_sample_math *math)
{
    struct fraction f = {.offset = math->base * math->den + math->den / 2, .divisor = math->den};

    for (int i = 0; i < 3; i++)
        f.weight[i] = math->num * math->weight[i];
    return f;
}

/* The parts may wrap; the sum may not. */
static bool fraction_fits(const struct fraction *f, unsigned filter_sum)
{
    int64_t least = f->offset, most = f->offset;

    for (int i = 0; i < 3; i++)
        *(f->weight[i] < 0 ? &least : &most) += f->weight[i] * 255 * filter_sum;
    return least >= 0 && most <= UINT32_MAX && f->divisor <= UINT32_MAX;
}

bool pixfer_gpu_fits(const struct pixfer_color *color, unsigned depth, unsigned filter_sum)
{
    struct pixfer_color_math math;
    struct fraction f;
    bool fits;

    pixfer_color_math_init(&math, color, depth, filter_sum, 255);
    f = fraction_of(&math.y);
    fits = fraction_fits(&f, 1);
    for (int i = 0; i < 2; i++) {
        f = fraction_of(&math.chroma[i]);
        fits = fits && fraction_fits(&f, filter_sum);
    }
    return fits;
}

static void set_chroma(uint32_t words[4], const struct pixfer_sample_math *math)
{
    const struct fraction f = fraction_of(math);

    words[0] = (uint32_t)f.weight[0];
    words[1] = (uint32_t)f.weight[1];
    words[2] = (uint32_t)f.offset;
    words[3] = (uint32_t)f.divisor;
}

static uint32_t filter_flags(enum pixfer_filter filter)
{
    switch (filter) {
    case PIXFER_FILTER_420_CENTER:
        return PIXFER_GPU_HALF_X | PIXFER_GPU_HALF_Y;
    case PIXFER_FILTER_420_LEFT:
        return PIXFER_GPU_HALF_X | PIXFER_GPU_HALF_Y | PIXFER_GPU_THREE_X;
    case PIXFER_FILTER_420_TOP_LEFT:
        return PIXFER_GPU_HALF_X | PIXFER_GPU_HALF_Y | PIXFER_GPU_THREE_X | PIXFER_GPU_THREE_Y;
    case PIXFER_FILTER_422_CENTER:
        return PIXFER_GPU_HALF_X;
    case PIXFER_FILTER_422_LEFT:
        return PIXFER_GPU_HALF_X | PIXFER_GPU_THREE_X;
    default:
        return 0;
    }
}

enum pixfer_result pixfer_gpu_constants_init(struct pixfer_gpu_constants *k, const char *name,
                                             const struct pixfer_backend_config *config, struct pixfer_reason *reason)
{
    const struct pixfer_format_layout *from = pixfer_format_layout(config->src_format);
    const struct pixfer_format_layout *to = pixfer_format_layout(config->dst_format);
    struct pixfer_kernel_config kernel;
    struct pixfer_color_math math;
    struct fraction luma;
    unsigned sum;

    *k = (struct pixfer_gpu_constants){.frame = {0}};
    if (!from || !to || !pixfer_kernel_config_init(&kernel, config->src_format, config->dst_format, &config->color)) {
        pixfer_reason_set(reason, "%s: does not convert %s to %s", name, from ? from->name : "none", to ? to->name : "none");
        return PIXFER_ERR_UNSUPPORTED;
    }
    if (!from->rgb || from->depth != 8 || (to->depth != 8 && to->low != 6)) {
        pixfer_reason_set(reason, "%s: does not convert %s to %s, expected 8-bit RGB and 8 bits or p010", name, from->name,
                          to->name);
        return PIXFER_ERR_UNSUPPORTED;
    }
    sum = pixfer_filter_sum(kernel.filter);
    if (!pixfer_gpu_fits(&config->color, to->depth, sum)) {
        pixfer_reason_set(reason, "%s: %u-bit chroma of a filter with sum %u does not fit in 32 bits for this matrix and range",
                          name, to->depth, sum);
        return PIXFER_ERR_UNSUPPORTED;
    }
    pixfer_color_math_init(&math, &config->color, to->depth, sum, 255);
    luma = fraction_of(&math.y);
    k->frame[0] = config->width;
    k->frame[1] = config->height;
    k->frame[2] = filter_flags(kernel.filter) | (to->planes == 2 ? PIXFER_GPU_PAIRS : 0) |
                  (to->cr_first ? PIXFER_GPU_CR_FIRST : 0) | (to->depth > 8 ? PIXFER_GPU_DEEP : 0);
    k->frame[3] = (uint32_t)math.max;
    for (int i = 0; i < 3; i++)
        k->luma[i] = (uint32_t)luma.weight[i];
    k->luma[3] = (uint32_t)luma.offset;
    k->source[3] = (uint32_t)luma.divisor;
    set_chroma(k->cb, &math.chroma[0]);
    set_chroma(k->cr, &math.chroma[1]);
    return PIXFER_OK;
}

void pixfer_gpu_set_source(struct pixfer_gpu_constants *k, enum pixfer_format format, const uint32_t offset[3],
                           const uint32_t pitch[3])
{
    const struct pixfer_format_layout *layout = pixfer_format_layout(format);
    const bool packed = layout->planes == 1;
    const uint32_t step = packed ? layout->unit[0] : 1;

    for (unsigned i = 0; i < 3; i++) {
        const unsigned plane = packed ? 0 : layout->order[i];

        k->source[i] = offset[plane] + (packed ? layout->order[i] : 0);
        k->source_pitch[i] = pitch[plane];
    }
    k->frame[2] = (k->frame[2] & ~(7u | PIXFER_GPU_WORDS)) | step;
    if (step == 4 && !((offset[0] | pitch[0]) & 3))
        k->frame[2] |= PIXFER_GPU_WORDS;
}

void pixfer_gpu_set_target(struct pixfer_gpu_constants *k, const uint32_t offset[3], const uint32_t pitch[3])
{
    memcpy(k->target, offset, 3 * sizeof(*offset));
    memcpy(k->target_pitch, pitch, 3 * sizeof(*pitch));
}

void pixfer_gpu_set_texture(struct pixfer_gpu_constants *k, uint32_t x, uint32_t y)
{
    k->source[0] = x;
    k->source[1] = y;
}

static uint32_t groups_of(uint32_t threads, uint32_t size)
{
    return threads / size + (threads % size != 0);
}

/* A row of n bytes that begins within a word touches one word more. */
void pixfer_gpu_groups(const struct pixfer_gpu_constants *k, bool to_buffer, uint32_t groups[3])
{
    const uint32_t flags = k->frame[2], width = k->frame[0], odd = flags & PIXFER_GPU_HALF_X ? width & 1 : 0;
    uint32_t across = flags & PIXFER_GPU_PAIRS && !(flags & PIXFER_GPU_HALF_X) ? 2 * width : width + odd;

    if (to_buffer)
        across = (across * (flags & PIXFER_GPU_DEEP ? 2 : 1) + 2 * (PIXFER_GPU_BYTES - 1)) / PIXFER_GPU_BYTES;
    else
        across = width;
    groups[0] = groups_of(across, PIXFER_GPU_GROUP_X);
    groups[1] = groups_of(k->frame[1], PIXFER_GPU_GROUP_Y);
    groups[2] = to_buffer && !(flags & PIXFER_GPU_PAIRS) ? 3 : 2;
}

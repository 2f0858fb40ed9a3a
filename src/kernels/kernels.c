/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "kernels.h"

#include <string.h>

#include "../core/cpu.h"
#include "../core/image.h"

/* From R, G, B to the order of components in memory. */
static void reorder(struct pixfer_sample_math *math, const uint8_t order[3])
{
    int16_t weight[4] = {0};

    for (int i = 0; i < 3; i++)
        weight[order[i]] = math->weight[i];
    memcpy(math->weight, weight, sizeof(weight));
}

static enum pixfer_filter filter_of(const struct pixfer_format_layout *dst, enum pixfer_siting siting)
{
    if (!dst->chroma_x)
        return PIXFER_FILTER_444;
    if (!dst->chroma_y)
        return siting == PIXFER_SITING_CENTER ? PIXFER_FILTER_422_CENTER : PIXFER_FILTER_422_LEFT;
    if (siting == PIXFER_SITING_CENTER)
        return PIXFER_FILTER_420_CENTER;
    return siting == PIXFER_SITING_LEFT ? PIXFER_FILTER_420_LEFT : PIXFER_FILTER_420_TOP_LEFT;
}

unsigned pixfer_filter_sum(enum pixfer_filter filter)
{
    static const uint8_t sums[PIXFER_FILTER_COUNT] = {
        [PIXFER_FILTER_420_CENTER] = 4, [PIXFER_FILTER_420_LEFT] = 8, [PIXFER_FILTER_420_TOP_LEFT] = 16,
        [PIXFER_FILTER_422_CENTER] = 2, [PIXFER_FILTER_422_LEFT] = 4, [PIXFER_FILTER_444] = 1,
    };

    return sums[filter];
}

/* Samples are copied or averaged: the matrix and the range are the source's. */
static bool packed422_init(struct pixfer_kernel_config *config, const struct pixfer_format_layout *from,
                           const struct pixfer_format_layout *to, enum pixfer_siting siting)
{
    if (!to->chroma_y || to->depth != 8)
        return false;
    config->load = PIXFER_LOAD_PACKED422;
    config->deep = false;
    config->store = to->planes == 2 ? PIXFER_STORE_SEMIPLANAR8 : PIXFER_STORE_PLANAR8;
    config->filter = filter_of(to, siting);
    config->chroma_first = from->chroma_first;
    config->cr_first = to->cr_first;
    return true;
}

static enum pixfer_load load_of(const struct pixfer_format_layout *from)
{
    if (from->planes == 3)
        return from->real ? PIXFER_LOAD_FLOAT : from->depth > 8 ? PIXFER_LOAD_PLANAR16 : PIXFER_LOAD_PLANAR;
    if (from->unit[0] == 8)
        return from->real ? PIXFER_LOAD_HALF : PIXFER_LOAD_PACKED16;
    return from->depth > 8 ? PIXFER_LOAD_PACKED10 : from->unit[0] == 3 ? PIXFER_LOAD_PACKED3 : PIXFER_LOAD_PACKED4;
}

static enum pixfer_store store_of(const struct pixfer_format_layout *to)
{
    if (to->depth > 8)
        return to->planes == 2 ? PIXFER_STORE_SEMIPLANAR16 : PIXFER_STORE_PLANAR16;
    return to->planes == 2 ? PIXFER_STORE_SEMIPLANAR8 : PIXFER_STORE_PLANAR8;
}

#if !defined(__aarch64__) && !defined(__wasm_simd128__)
/* What the kernels that sum in 32-bit lanes do: components of 8 or 10 bits to samples of 8 bits or to P010. */
static bool in_lanes(const struct pixfer_kernel_config *config)
{
    return (!config->deep && config->load != PIXFER_LOAD_PACKED422) ||
           (config->load == PIXFER_LOAD_PACKED10 && config->store != PIXFER_STORE_PLANAR16 && config->math.max <= 1023);
}
#endif

bool pixfer_kernel_config_init(struct pixfer_kernel_config *config, enum pixfer_format src, enum pixfer_format dst,
                               const struct pixfer_color *color)
{
    const struct pixfer_format_layout *from = pixfer_format_layout(src), *to = pixfer_format_layout(dst);

    if (from && to && pixfer_format_is_packed422(src))
        return !to->rgb && to->planes > 1 && packed422_init(config, from, to, color->siting);
    return from && pixfer_kernel_config_of(config, from, to, color, from->real ? 1 << 24 : (1 << from->depth) - 1);
}

bool pixfer_kernel_config_of(struct pixfer_kernel_config *config, const struct pixfer_format_layout *from,
                             const struct pixfer_format_layout *to, const struct pixfer_color *color, int32_t white)
{
    if (!from->rgb || !to || to->rgb || to->planes < 2)
        return false;
    config->load = load_of(from);
    config->store = store_of(to);
    config->low = to->low;
    config->filter = filter_of(to, color->siting);
    config->white = white;
    config->deep = from->depth > 8 || to->depth > 10 || config->store == PIXFER_STORE_PLANAR16;
    pixfer_color_math_init(&config->math, color, to->depth, pixfer_filter_sum(config->filter), config->white);
    if (to->cr_first) {
        struct pixfer_sample_math cb = config->math.chroma[0];

        config->math.chroma[0] = config->math.chroma[1];
        config->math.chroma[1] = cb;
    }
    reorder(&config->math.y, from->order);
    reorder(&config->math.chroma[0], from->order);
    reorder(&config->math.chroma[1], from->order);
    if (config->deep)
        pixfer_deep_math_init(&config->real, config);
#if defined(__aarch64__)
    if (!config->deep)
        pixfer_neon_math_init(&config->neon, config);
#elif defined(__wasm_simd128__)
    if (!config->deep)
        pixfer_simd128_math_init(&config->simd128, config);
#else
    if (in_lanes(config))
        pixfer_lane_math_init(&config->lane, config);
#endif
    return true;
}

/* The ladder of this architecture; a step that it does not have is NULL. What has C only is C on every step. */
pixfer_strip_kernel *pixfer_kernel_of(enum pixfer_isa isa, const struct pixfer_kernel_config *config)
{
    pixfer_strip_kernel *kernel = NULL;

    switch (isa) {
    case PIXFER_ISA_C:
        break;
#if defined(__x86_64__)
    case PIXFER_ISA_AVX2:
        kernel = in_lanes(config) ? pixfer_kernel_avx2(config) : pixfer_kernel_deep_avx2(config);
        break;
    case PIXFER_ISA_AVX512:
        kernel = in_lanes(config) ? pixfer_kernel_avx512(config) : pixfer_kernel_deep_avx512(config);
        break;
#elif defined(__aarch64__)
    case PIXFER_ISA_NEON:
        kernel = config->load == PIXFER_LOAD_PACKED422 ? NULL
                 : config->deep                        ? pixfer_kernel_deep_neon(config)
                                                       : pixfer_kernel_neon(config);
        break;
#elif defined(__wasm_simd128__)
    case PIXFER_ISA_SIMD128:
        kernel = config->load == PIXFER_LOAD_PACKED422 || config->deep ? NULL : pixfer_kernel_simd128(config);
        break;
#endif
    default:
        return NULL;
    }
    return kernel ? kernel : pixfer_kernel_c(config);
}

bool pixfer_kernels_init(struct pixfer_kernels *kernels, const char *cpu)
{
    kernels->strip = NULL;
    for (int isa = PIXFER_ISA_C; isa < PIXFER_ISA_COUNT; isa++) {
        pixfer_strip_kernel *strip;

        if (cpu && strcmp(cpu, pixfer_isa_names[isa]))
            continue;
        if (pixfer_cpu_has((enum pixfer_isa)isa) && (strip = pixfer_kernel_of((enum pixfer_isa)isa, &kernels->config))) {
            kernels->strip = strip;
            kernels->isa = pixfer_isa_names[strip == pixfer_kernel_c(&kernels->config) ? PIXFER_ISA_C : isa];
        }
    }
    return kernels->strip != NULL;
}

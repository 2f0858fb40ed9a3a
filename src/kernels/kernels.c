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
    config->store = to->planes == 2 ? PIXFER_STORE_SEMIPLANAR8 : PIXFER_STORE_PLANAR8;
    config->filter = filter_of(to, siting);
    config->chroma_first = from->chroma_first;
    config->cr_first = to->cr_first;
    return true;
}

bool pixfer_kernel_config_init(struct pixfer_kernel_config *config, enum pixfer_format src, enum pixfer_format dst,
                               const struct pixfer_color *color)
{
    const struct pixfer_format_layout *from = pixfer_format_layout(src), *to = pixfer_format_layout(dst);

    if (!from || !to || to->rgb || to->planes < 2)
        return false;
    if (pixfer_format_is_packed422(src))
        return packed422_init(config, from, to, color->siting);
    if (!from->rgb)
        return false;
    config->load = from->planes == 3 ? PIXFER_LOAD_PLANAR : from->unit[0] == 3 ? PIXFER_LOAD_PACKED3 : PIXFER_LOAD_PACKED4;
    config->store = to->depth > 8 ? PIXFER_STORE_SEMIPLANAR16 : to->planes == 2 ? PIXFER_STORE_SEMIPLANAR8 : PIXFER_STORE_PLANAR8;
    config->filter = filter_of(to, color->siting);
    pixfer_color_math_init(&config->math, color, to->depth, pixfer_filter_sum(config->filter));
    if (to->cr_first) {
        struct pixfer_sample_math cb = config->math.chroma[0];

        config->math.chroma[0] = config->math.chroma[1];
        config->math.chroma[1] = cb;
    }
    reorder(&config->math.y, from->order);
    reorder(&config->math.chroma[0], from->order);
    reorder(&config->math.chroma[1], from->order);
#if defined(__aarch64__)
    pixfer_neon_math_init(&config->neon, config);
#elif defined(__wasm_simd128__)
    pixfer_simd128_math_init(&config->simd128, config);
#else
    pixfer_lane_math_init(&config->lane, config);
#endif
    return true;
}

/* The ladder of this architecture; a step that it does not have is NULL. What has C only is C on every step. */
static pixfer_strip_kernel *kernel_of(enum pixfer_isa isa, const struct pixfer_kernel_config *config)
{
    if (config->load == PIXFER_LOAD_PACKED422)
        return pixfer_kernel_c(config);
    switch (isa) {
    case PIXFER_ISA_C:
        return pixfer_kernel_c(config);
#if defined(__x86_64__)
    case PIXFER_ISA_AVX2:
        return pixfer_kernel_avx2(config);
    case PIXFER_ISA_AVX512:
        return pixfer_kernel_avx512(config);
#elif defined(__aarch64__)
    case PIXFER_ISA_NEON:
        return pixfer_kernel_neon(config);
#elif defined(__wasm_simd128__)
    case PIXFER_ISA_SIMD128:
        return pixfer_kernel_simd128(config);
#endif
    default:
        return NULL;
    }
}

bool pixfer_kernels_init(struct pixfer_kernels *kernels, const char *cpu)
{
    kernels->strip = NULL;
    for (int isa = PIXFER_ISA_C; isa < PIXFER_ISA_COUNT; isa++) {
        pixfer_strip_kernel *strip;

        if (cpu && strcmp(cpu, pixfer_isa_names[isa]))
            continue;
        if (pixfer_cpu_has((enum pixfer_isa)isa) && (strip = kernel_of((enum pixfer_isa)isa, &kernels->config))) {
            kernels->strip = strip;
            kernels->isa = pixfer_isa_names[kernels->config.load == PIXFER_LOAD_PACKED422 ? PIXFER_ISA_C : isa];
        }
    }
    return kernels->strip != NULL;
}

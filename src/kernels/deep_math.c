/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "deep_math.h"

#include "kernels.h"

static struct pixfer_deep_sample deep_sample_of(const struct pixfer_sample_math *math, const uint8_t component[3])
{
    struct pixfer_deep_sample s = {
        .num2 = 2 * math->num,
        .add = (2 * (int64_t)math->base + 1) * math->den,
        .den2 = 2 * math->den,
        .inverse = 1 / (2 * (double)math->den),
        .scale = (double)math->num / (double)math->den,
        .bias = math->base + 1 / (4 * (double)math->den),
    };

    for (int i = 0; i < 3; i++)
        s.weight[i] = math->weight[component[i]];
    return s;
}

/* 1 / (4·den) > 2^(depth - 52) */
static bool deep_is_exact(const struct pixfer_sample_math *math, int32_t max)
{
    return math->den < (INT64_C(1) << 50) / ((int64_t)max + 1);
}

void pixfer_deep_math_init(struct pixfer_deep_math *deep, const struct pixfer_kernel_config *config)
{
    const struct pixfer_color_math *math = &config->math;
    const int16_t *w = math->y.weight;
    const uint8_t first = !w[0], green = (uint8_t)(first + (w[first + 1] > w[first] && w[first + 1] > w[first + 2] ? 1
                                                            : w[first] > w[first + 2]                              ? 0
                                                                                                                   : 2));

    *deep = (struct pixfer_deep_math){
        .component = {(uint8_t)(green == first ? first + 1 : first), green,
                      (uint8_t)(green == first + 2 ? first + 1 : first + 2)},
        .exact = deep_is_exact(&math->y, math->max) && deep_is_exact(&math->chroma[0], math->max) &&
                 deep_is_exact(&math->chroma[1], math->max),
    };
    deep->y = deep_sample_of(&math->y, deep->component);
    for (int i = 0; i < 2; i++)
        deep->chroma[i] = deep_sample_of(&math->chroma[i], deep->component);
    for (int i = 0; i < 3; i++)
        deep->y_weight[i] = w[deep->component[i]];
}

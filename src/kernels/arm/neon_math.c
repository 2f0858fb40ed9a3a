/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "neon_math.h"

#include "../kernels.h"

/* What is searched for one sample. */
struct search {
    const struct pixfer_sample_math *math;
    int64_t t_least, t_most; /* the numerator's range */
    int64_t first, last;     /* the samples there; last may be max + 1, which is clamped */
    int32_t max;
    unsigned shift; /* of T·multiplier to the sample */
};

static int64_t divide_up(int64_t a, int64_t b)
{
    return a / b + (a % b > 0);
}

static int64_t sample_at(const struct pixfer_sample_math *math, int64_t t)
{
    return (t * math->multiplier + math->bias) >> PIXFER_SAMPLE_SHIFT;
}

/* The smallest offset with which floor((step·t + offset)·multiplier / 2^shift) is the sample for every t, or -1: where sample v begins
 * it must be reached, and not one t earlier. */
static int64_t exact_offset(const struct search *s, int64_t step, int64_t multiplier)
{
    int64_t least = -step * s->t_least, most = INT32_MAX - step * s->t_most;

    for (int64_t v = s->first; v <= s->last + 1 && v <= s->max && least <= most; v++) {
        const int64_t begin = divide_up((v << PIXFER_SAMPLE_SHIFT) - s->math->bias, s->math->multiplier);
        const int64_t t = begin < s->t_least ? s->t_least : begin > s->t_most ? s->t_most + 1 : begin;
        const int64_t reach = divide_up(v << s->shift, multiplier); /* the least T with sample v */

        if (v <= s->last && reach - step * t > least)
            least = reach - step * t;
        if (v > s->first && reach - 1 - step * (t - 1) < most)
            most = reach - 1 - step * (t - 1);
    }
    return least <= most ? least : -1;
}

static bool find(struct pixfer_neon_sample *out, const struct search *s, unsigned filter_sum)
{
    int32_t widest = 0;

    for (int i = 0; i < 3; i++)
        widest = out->weight[i] > widest ? out->weight[i] : -out->weight[i] > widest ? -out->weight[i] : widest;
    for (int32_t k = INT16_MAX / widest; k > 0; k--) {
        const int64_t step = (int64_t)k * (128 / filter_sum);
        const int64_t real = (s->math->multiplier << (s->shift - PIXFER_SAMPLE_SHIFT)) / step;

        for (int64_t i = 0; i < 6 && real < INT32_MAX - 3; i++) {
            /* real, then its neighbours: +1, -1, +2, -2, +3 */
            const int64_t multiplier = real + (i & 1 ? (i + 1) / 2 : -(i / 2)), offset = exact_offset(s, step, multiplier);

            if (offset < 0)
                continue;
            out->offset = (int32_t)offset;
            out->multiplier = (int32_t)multiplier;
            for (int j = 0; j < 3; j++)
                out->weight[j] = (int16_t)(k * out->weight[j]);
            return true;
        }
    }
    return false;
}

static bool find_sample(struct pixfer_neon_sample *out, const struct pixfer_sample_math *math, unsigned skip, int32_t max,
                        unsigned filter_sum)
{
    struct search s = {.math = math, .max = max, .shift = 31 + PIXFER_NEON_NARROW + (max == 255 ? 8 : 6)};

    for (int i = 0; i < 3; i++) {
        out->weight[i] = math->weight[i + skip];
        *(out->weight[i] < 0 ? &s.t_least : &s.t_most) += (int64_t)255 * filter_sum * out->weight[i];
    }
    s.first = sample_at(math, s.t_least);
    s.last = sample_at(math, s.t_most);
    return find(out, &s, filter_sum);
}

void pixfer_neon_math_init(struct pixfer_neon_math *neon, const struct pixfer_kernel_config *config)
{
    const struct pixfer_color_math *math = &config->math;
    const unsigned sum = pixfer_filter_sum(config->filter);

    *neon = (struct pixfer_neon_math){.alpha_first = !math->y.weight[0]};
    neon->exact = find_sample(&neon->sample[0], &math->y, neon->alpha_first, math->max, 1) &&
                  find_sample(&neon->sample[1], &math->chroma[0], neon->alpha_first, math->max, sum) &&
                  find_sample(&neon->sample[2], &math->chroma[1], neon->alpha_first, math->max, sum);
}

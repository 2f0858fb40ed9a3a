/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "adversary.h"

#include <stdlib.h>

/* num of a value is the linear form w·(sum of R, G, B) + zero. */
struct form {
    int64_t w[3], zero, den;
};

static struct form form_of(const struct pixfer_color *color, unsigned depth, enum oracle_component component, int sum)
{
    struct form form;
    const struct oracle_value zero = oracle_value_of(color, depth, component, 0, 0, 0, sum);
    for (int i = 0; i < 3; i++)
        form.w[i] = oracle_value_of(color, depth, component, i == 0, i == 1, i == 2, sum).num - zero.num;
    form.zero = zero.num;
    form.den = zero.den;
    return form;
}

static int64_t gcd(int64_t a, int64_t b)
{
    return b ? gcd(b, a % b) : llabs(a);
}

static int64_t floor_div(int64_t num, int64_t den)
{
    return num / den - ((num % den < 0) == (den > 0) && num % den != 0);
}

/* Sums s in 0..most for which w·s is the least from target on, or the greatest below it. The weights of chroma add up to zero,
 * so there are two differences p and q to s[2] to choose: each p has one best q. Returns the distance, -1 if there is none. */
static int64_t solve(const int64_t w[3], int64_t target, bool below, int64_t most, int64_t s[3], struct rng *rng)
{
    const int64_t start = rng_between(rng, 0, 2 * most), sign = below ? -1 : 1;
    int64_t best = -1;
    for (int64_t i = 0; i <= 2 * most && best != 0; i++) {
        const int64_t p = (start + i) % (2 * most + 1) - most, rest = (below ? target - 1 : target) - w[0] * p;
        /* w[1]·q >= rest or <= rest: q rounds towards the side that keeps it so */
        const bool up = (w[1] > 0) != below;
        const int64_t q = up ? -floor_div(-rest, w[1]) : floor_div(rest, w[1]), distance = sign * (w[1] * q - rest);
        const int64_t least = p < 0 || q < 0 ? -(p < q ? p : q) : 0, top = p > 0 || q > 0 ? most - (p > q ? p : q) : most;
        if (least > top || (best >= 0 && distance >= best))
            continue;
        best = distance;
        s[2] = rng_between(rng, least, top);
        s[0] = s[2] + p, s[1] = s[2] + q;
    }
    return best;
}

/* Component values with the given weighted sum, otherwise random: heavy pixels first, so that one of weight 1 fits last. */
static void spread(struct adversary *block, const int weight[9], int component, int64_t sum, int64_t weights, struct rng *rng)
{
    for (int heavy = 4; heavy; heavy /= 2)
        for (int i = 0; i < 9; i++) {
            if (weight[i] != heavy)
                continue;
            weights -= heavy;
            const int64_t over = sum - 255 * weights, least = over > 0 ? (over + heavy - 1) / heavy : 0;
            const int64_t most = sum / heavy < 255 ? sum / heavy : 255, value = rng_between(rng, least, most);
            block->pixel[i / 3][i % 3][component] = (uint8_t)value;
            sum -= heavy * value;
        }
}

bool adversary_find(struct adversary *block, enum pixfer_format format, const struct pixfer_color *color,
                    enum oracle_component component, unsigned sample, bool below, struct rng *rng)
{
    const bool wide = format != PIXFER_FORMAT_I444 && format != PIXFER_FORMAT_NV24;
    const bool high = wide && format != PIXFER_FORMAT_I422 && format != PIXFER_FORMAT_NV16;
    int weight[9], sum = 1;
    int64_t s[3], w[3];

    for (int i = 0; i < 9; i++)
        weight[i] = oracle_filter(format, color->siting, wide ? 1 : 2, high ? 1 : 2, 1 + i % 3, 1 + i / 3, &sum);
    const struct form form = form_of(color, oracle_depth(format), component, sum);
    const int64_t step = gcd(gcd(form.w[0], form.w[1]), form.w[2]);
    /* the least multiple of step at which 2·num + den reaches 2·den·sample */
    const int64_t target = -floor_div(2 * form.zero - (2 * (int64_t)sample - 1) * form.den, 2 * step);
    for (int i = 0; i < 3; i++)
        w[i] = form.w[i] / step;
    block->distance = solve(w, target, below, 255 * sum, s, rng);
    if (block->distance < 0)
        return false;
    rng_fill(rng, &block->pixel[0][0][0], sizeof block->pixel);
    for (int i = 0; i < 3; i++)
        spread(block, weight, i, s[i], sum, rng);
    return true;
}

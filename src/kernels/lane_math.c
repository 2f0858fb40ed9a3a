/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "lane_math.h"

#include <string.h>

#include "kernels.h"

/* The half-open interval of the added constants for which floor((k·t·multiplier + constant) / 2^shift) is the exact sample. */
struct window {
    int64_t low, end;
};

static int64_t ceil_div(int64_t a, int64_t b)
{
    return a / b + (a % b > 0);
}

/* The sample without its clamp: never below 0, see nv12_c.c. */
static int64_t exact_sample_at(const struct pixfer_sample_math *math, int64_t t)
{
    return (2 * math->num * t + (2 * math->base + 1) * math->den) / (2 * math->den);
}

/* t_least … t_most is the range of the numerator. At every step, from sample v - 1 to v, the last t below must stay below and the
 * first t above must reach it. |k·t| < 2^29 and multiplier < 2^32, so the products fit. */
static struct window exact_window(const struct pixfer_sample_math *math, int32_t max, int64_t k, int64_t multiplier,
                                  unsigned shift, int64_t t_least, int64_t t_most)
{
    const int64_t first = exact_sample_at(math, t_least), last = exact_sample_at(math, t_most);
    /* The ends: no sample beyond the first and the largest, but by one where there is a clamp. */
    const int clamped = pixfer_max_is_10_bit(max) && t_least < 0;
    struct window w = {((first - clamped) << shift) - k * t_least * multiplier,
                       ((int64_t)(max + 1 + clamped) << shift) - k * t_most * multiplier};

    for (int64_t v = first + 1; v <= last && v <= max; v++) {
        const int64_t t = ceil_div((2 * (v - math->base) - 1) * math->den, 2 * math->num); /* the first with sample v */
        const int64_t low = (v << shift) - k * t * multiplier, end = (v << shift) - k * (t - 1) * multiplier;

        if (low > w.low)
            w.low = low;
        if (end < w.end)
            w.end = end;
    }
    return w;
}

/* The multipliers worth trying are the integers around the real one. */
static uint32_t multiplier_near(const struct pixfer_sample_math *math, int64_t k, unsigned shift, int candidate)
{
    const int64_t multiplier = (math->num << shift) / (k * math->den) + candidate;

    return multiplier > 0 && multiplier <= UINT32_MAX ? (uint32_t)multiplier : 0;
}

/* How far u may be from filter_sum · offset on either side. */
static int64_t reach(const struct pixfer_lane_math *lane, int32_t white, unsigned filter_sum)
{
    return (int64_t)white * filter_sum * lane->chroma_weight;
}

/* The smallest offset with offset · multiplier in the window, give or take a multiple of 2^wrap, that keeps T and u within 32 bits. */
static bool find_offset(struct pixfer_lane_math *lane, struct window w, uint32_t multiplier, unsigned wrap, int32_t white,
                        unsigned filter_sum)
{
    const int64_t most = UINT32_MAX - (int64_t)white * lane->chroma_weight, far = reach(lane, white, filter_sum);

    for (; w.end <= INT64_MAX - (INT64_C(1) << wrap); w.low += INT64_C(1) << wrap, w.end += INT64_C(1) << wrap) {
        const int64_t offset = ceil_div(w.low, multiplier);
        const uint32_t middle = (uint32_t)offset * filter_sum;

        if (offset > most)
            return false;
        if (offset * multiplier < w.end && middle >= far && middle <= UINT32_MAX - far) {
            lane->offset = (uint32_t)offset;
            lane->y_multiplier = multiplier;
            return true;
        }
    }
    return false;
}

static bool find_luma(struct pixfer_lane_math *lane, const struct pixfer_kernel_config *config, int64_t k, int32_t one)
{
    const unsigned depth = pixfer_max_is_10_bit(config->math.max) ? 10 : 8,
                   shift = pixfer_luma_shift(config->white > 255, depth == 10), sum = pixfer_filter_sum(config->filter);

    for (int candidate = 0; candidate < 2; candidate++) {
        const uint32_t multiplier = multiplier_near(&config->math.y, k, shift, candidate);
        const struct window w =
            exact_window(&config->math.y, config->math.max, k, multiplier, shift, 0, (int64_t)config->white * one);

        if (multiplier && w.low < w.end && find_offset(lane, w, multiplier, shift + depth, config->white, sum))
            return true;
    }
    return false;
}

static bool find_chroma_at(struct pixfer_lane_math *lane, const struct pixfer_kernel_config *config, int64_t k, int i,
                           unsigned shift)
{
    const struct pixfer_sample_math *math = &config->math.chroma[i];
    const unsigned n = pixfer_filter_sum(config->filter);
    const int64_t t_most = (int64_t)config->white * n * math->weight[lane->alpha_first + lane->pair[lane->chroma_of_pair[i]]];

    for (int candidate = 0; candidate < 2; candidate++) {
        const uint32_t multiplier = multiplier_near(math, k, shift, candidate);
        const struct window w = exact_window(math, config->math.max, k, multiplier, shift, -t_most, t_most);

        if (!multiplier || w.low >= w.end)
            continue;
        lane->multiplier[i] = multiplier;
        lane->bias[i] = (uint64_t)(w.low + (w.end - w.low) / 2) + (uint64_t)(uint32_t)(n * lane->offset) * multiplier;
        lane->chroma_shift[i] = (uint8_t)shift;
        return true;
    }
    return false;
}

static bool find_chroma(struct pixfer_lane_math *lane, const struct pixfer_kernel_config *config, int64_t k, int i)
{
    if (pixfer_max_is_10_bit(config->math.max) || config->white > 255) {
        /* These samples are shifted into place anyway: the multiplier may have all the bits that fit. */
        for (unsigned shift = config->white > 255 ? PIXFER_CHROMA_SHIFT_MOST : PIXFER_CHROMA_SHIFT_420 + 2;
             shift >= PIXFER_CHROMA_SHIFT_444 - 2; shift--)
            if (find_chroma_at(lane, config, k, i, shift))
                return true;
        return false;
    }
    switch (config->filter) {
    case PIXFER_FILTER_444:
        return find_chroma_at(lane, config, k, i, PIXFER_CHROMA_SHIFT_444);
    case PIXFER_FILTER_422_CENTER:
    case PIXFER_FILTER_422_LEFT:
        return find_chroma_at(lane, config, k, i, PIXFER_CHROMA_SHIFT_422);
    default:
        return find_chroma_at(lane, config, k, i, PIXFER_CHROMA_SHIFT_420);
    }
}

/* Green weighs most in every matrix; each chroma sample is made from the one component that it weighs positively. */
static void find_components(struct pixfer_lane_math *lane, const struct pixfer_color_math *math)
{
    const int16_t *w = math->y.weight;

    lane->alpha_first = !w[0];
    w += lane->alpha_first;
    lane->green = w[1] > w[0] && w[1] > w[2] ? 1 : w[0] > w[2] ? 0 : 2;
    lane->pair[0] = lane->green == 0;
    lane->pair[1] = lane->green == 2 ? 1 : 2;
    for (int i = 0; i < 2; i++)
        lane->chroma_of_pair[i] = math->chroma[i].weight[lane->alpha_first + lane->pair[1]] > 0;
}

static bool find_all(struct pixfer_lane_math *lane, const struct pixfer_kernel_config *config, int64_t k, int32_t one)
{
    const int16_t *w = config->math.y.weight + lane->alpha_first;

    lane->green_weight = (int16_t)(k * w[lane->green]);
    lane->pair_weight[0] = (int16_t)(k * w[lane->pair[0]]);
    lane->pair_weight[1] = (int16_t)(k * w[lane->pair[1]]);
    lane->chroma_weight = (int16_t)(k * one);
    return find_luma(lane, config, k, one) && find_chroma(lane, config, k, 0) && find_chroma(lane, config, k, 1);
}

static uint32_t words_of(int16_t low, int16_t high)
{
    return (uint32_t)(uint16_t)high << 16 | (uint16_t)low;
}

static void fill_lanes(struct pixfer_lane_math *lane, enum pixfer_filter filter)
{
    /* Of two pixels' pair words, the component of the first chroma sample to the first 32-bit lane, that of the second to the
     * second; by which word the first one takes. */
    static const uint8_t pairings[2][16] = {
        {0, 1, 4, 5, 2, 3, 6, 7, 8, 9, 12, 13, 10, 11, 14, 15},
        {2, 3, 6, 7, 0, 1, 4, 5, 10, 11, 14, 15, 8, 9, 12, 13},
    };
    const int16_t d = (int16_t)-lane->chroma_weight;
    struct pixfer_lanes *lanes = &lane->lanes;

    lanes->offset = lane->offset;
    lanes->pair_weight = words_of(lane->pair_weight[0], lane->pair_weight[1]);
    lanes->green_weight = words_of(lane->green_weight, 0);
    lanes->y_multiplier = lane->y_multiplier;
    lanes->shift8[0] = (uint64_t)lane->chroma_shift[0] - 40;
    lanes->shift8[1] = (uint64_t)lane->chroma_shift[1] - 40;
    lanes->shift = (uint64_t)(lane->chroma_shift[1] - 32) << 32 | (uint64_t)(lane->chroma_shift[0] - 32);
    for (int i = 0; i < 2; i++) {
        const int high = lane->chroma_of_pair[i];

        lanes->multiplier[i] = lane->multiplier[i];
        lanes->bias[i] = lane->bias[i];
        lanes->chroma_weight[i] = filter != PIXFER_FILTER_444 ? words_of(d, d) : words_of(high ? 0 : d, high ? d : 0);
    }
    memcpy(lanes->pairing, pairings[lane->chroma_of_pair[0]], sizeof(lanes->pairing));
}

bool pixfer_lane_math_init(struct pixfer_lane_math *lane, const struct pixfer_kernel_config *config)
{
    const int16_t *w = config->math.y.weight;
    const int32_t one = w[0] + w[1] + w[2] + w[3];

    find_components(lane, &config->math);
    for (int64_t k = 1; k * one <= INT16_MAX; k++)
        if (find_all(lane, config, k, one)) {
            fill_lanes(lane, config->filter);
            return true;
        }
    *lane = (struct pixfer_lane_math){0};
    return false;
}

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "light_math.h"

#include <stdlib.h>

#include "../core/image.h"

/* ---- Primaries ---- */

/* H.273 table 2: x and y of red, green and blue in thousandths; white is D65. */
static const int16_t *chromaticities_of(enum pixfer_primaries primaries)
{
    static const int16_t bt709[] = {640, 330, 300, 600, 150, 60}, bt601_625[] = {640, 330, 290, 600, 150, 60},
                         bt601_525[] = {630, 340, 310, 595, 155, 70}, bt2020[] = {708, 292, 170, 797, 131, 46},
                         p3[] = {680, 320, 265, 690, 150, 60};

    switch (primaries) {
    case PIXFER_PRIMARIES_BT601_625:
        return bt601_625;
    case PIXFER_PRIMARIES_BT601_525:
        return bt601_525;
    case PIXFER_PRIMARIES_BT2020:
        return bt2020;
    case PIXFER_PRIMARIES_P3_D65:
        return p3;
    default:
        return bt709;
    }
}

struct light_matrix {
    struct pixfer_dd m[3][3];
};

static struct light_matrix inverse_of(const struct light_matrix *a)
{
    struct light_matrix r;
    struct pixfer_dd determinant = dd(0);

    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) {
            const int i1 = (i + 1) % 3, i2 = (i + 2) % 3, j1 = (j + 1) % 3, j2 = (j + 2) % 3;

            r.m[j][i] = dd_sub(dd_mul(a->m[i1][j1], a->m[i2][j2]), dd_mul(a->m[i1][j2], a->m[i2][j1]));
        }
    for (int j = 0; j < 3; j++)
        determinant = dd_add(determinant, dd_mul(a->m[0][j], r.m[j][0]));
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            r.m[i][j] = dd_div(r.m[i][j], determinant);
    return r;
}

/* RGB to XYZ: columns (x/y, 1, z/y) of the primaries, each as bright as it must be for white to be D65's. */
static struct light_matrix to_xyz(enum pixfer_primaries primaries)
{
    const int16_t *xy = chromaticities_of(primaries);
    const struct pixfer_dd white[3] = {dd_ratio(3127, 3290), dd(1), dd_ratio(10000 - 3127 - 3290, 3290)};
    struct light_matrix m, inverse;

    for (int c = 0; c < 3; c++) {
        const double x = xy[2 * c], y = xy[2 * c + 1];

        m.m[0][c] = dd_ratio(x, y);
        m.m[1][c] = dd(1);
        m.m[2][c] = dd_ratio(1000 - x - y, y);
    }
    inverse = inverse_of(&m);
    for (int c = 0; c < 3; c++) {
        struct pixfer_dd brightness = dd(0);

        for (int k = 0; k < 3; k++)
            brightness = dd_add(brightness, dd_mul(inverse.m[c][k], white[k]));
        for (int k = 0; k < 3; k++)
            m.m[k][c] = dd_mul(m.m[k][c], brightness);
    }
    return m;
}

static struct light_matrix between(enum pixfer_primaries from, enum pixfer_primaries to)
{
    const struct light_matrix a = to_xyz(from), target = to_xyz(to), b = inverse_of(&target);
    struct light_matrix r;

    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) {
            r.m[i][j] = dd(from == to && i == j);
            for (int k = 0; k < 3 && from != to; k++)
                r.m[i][j] = dd_add(r.m[i][j], dd_mul(b.m[i][k], a.m[k][j]));
        }
    return r;
}

/* ---- Curves, by definition ---- */

/* SMPTE ST 2084: m1 = 2610/16384, m2 = 2523/4096 · 128, c1 = 3424/4096, c2 = 2413/4096 · 32, c3 = 2392/4096 · 32. */
#define PQ_M1 dd(2610.0 / 16384)
#define PQ_M2 dd(2523.0 / 32)
#define PQ_C1 dd(3424.0 / 4096)
#define PQ_C2 dd(2413.0 / 128)
#define PQ_C3 dd(2392.0 / 128)

/* Of light in 10000 nits. */
static struct pixfer_dd pq_of(struct pixfer_dd x)
{
    const struct pixfer_dd y = x.hi > 0 ? dd_pow(x, PQ_M1) : dd(0);

    return dd_pow(dd_div(dd_add(PQ_C1, dd_mul(PQ_C2, y)), dd_add(dd(1), dd_mul(PQ_C3, y))), PQ_M2);
}

static struct pixfer_dd light_of_pq(struct pixfer_dd e)
{
    const struct pixfer_dd p = dd_pow(e, dd_div(dd(1), PQ_M2));

    return dd_pow(dd_div(dd_sub(p, PQ_C1), dd_sub(PQ_C2, dd_mul(PQ_C3, p))), dd_div(dd(1), PQ_M1));
}

/* BT.2100: a = 0.17883277, b = 1 - 4·a, c = 0.5 - a·ln(4·a). */
static struct pixfer_dd hlg_of(struct pixfer_dd x)
{
    const struct pixfer_dd a = dd_ratio(17883277, 100000000), a4 = dd_mul(dd(4), a);

    if (!dd_below(dd_ratio(1, 12), x))
        return dd_pow(dd_mul(dd(3), x), dd(0.5));
    /* a·ln((12·x - b) / (4·a)) + 0.5 */
    return dd_add(dd_mul(a, pixfer_dd_log(dd_div(dd_add(dd_sub(dd_mul(dd(12), x), dd(1)), a4), a4))), dd(0.5));
}

static struct pixfer_dd srgb_of(struct pixfer_dd x)
{
    if (dd_below(x, dd_ratio(31308, 10000000)))
        return dd_mul(dd_ratio(1292, 100), x);
    return dd_sub(dd_mul(dd_ratio(1055, 1000), dd_pow(x, dd_ratio(5, 12))), dd_ratio(55, 1000));
}

/* β is where α·β^0.45 - (α - 1) = 4.5·β and 0.45·α·β^-0.55 = 4.5, so that α = 1 + 5.5·β and β^0.55 = 0.1·α: Newton's steps. */
static struct pixfer_dd bt709_beta(void)
{
    const struct pixfer_dd p = dd_ratio(55, 100);
    struct pixfer_dd beta = dd(0.018);

    for (int i = 0; i < 6; i++) {
        const struct pixfer_dd power = dd_pow(beta, p),
                               value = dd_sub(power, dd_div(dd_add(dd(1), dd_mul(dd(5.5), beta)), dd(10))),
                               slope = dd_sub(dd_div(dd_mul(p, power), beta), dd_ratio(55, 100));

        beta = dd_sub(beta, dd_div(value, slope));
    }
    return beta;
}

static struct pixfer_dd bt709_of(struct pixfer_dd x, struct pixfer_dd beta)
{
    const struct pixfer_dd more = dd_mul(dd(5.5), beta);

    if (dd_below(x, beta))
        return dd_mul(dd(4.5), x);
    return dd_sub(dd_mul(dd_add(dd(1), more), dd_pow(x, dd_ratio(45, 100))), more);
}

/* BT.2390's EETF over its argument. Black is 0, so that E1 is PQ less black's, by the source's peak's. */
static struct pixfer_dd mapping_of(const struct pixfer_light *light, struct pixfer_dd x)
{
    const struct pixfer_dd black = light->map_black, in = dd_mul(x, light->unit);
    const struct pixfer_dd e1 = dd_div(dd_sub(pq_of(in), black), light->map_from), most = dd_div(light->map_to, light->map_from),
                           ks = light->knee;
    struct pixfer_dd t, t2, t3, e2;

    if (dd_below(e1, ks))
        return dd(1);
    t = dd_div(dd_sub(e1, ks), dd_sub(dd(1), ks));
    t2 = dd_mul(t, t);
    t3 = dd_mul(t2, t);
    e2 = dd_mul(dd_add(dd_sub(dd_mul(dd(2), t3), dd_mul(dd(3), t2)), dd(1)), ks);
    e2 = dd_add(e2, dd_mul(dd_add(dd_sub(t3, dd_mul(dd(2), t2)), t), dd_sub(dd(1), ks)));
    e2 = dd_add(e2, dd_mul(dd_sub(dd_mul(dd(3), t2), dd_mul(dd(2), t3)), most));
    return dd_div(light_of_pq(dd_add(dd_mul(e2, light->map_from), black)), in);
}

struct pixfer_dd pixfer_light_curve_of(const struct pixfer_light *light, enum pixfer_light_curve curve, struct pixfer_dd x)
{
    if (curve == PIXFER_LIGHT_MAPPING)
        return mapping_of(light, x);
    if (curve == PIXFER_LIGHT_OOTF)
        return dd_pow(x, light->ootf_exponent);
    switch (light->transfer) {
    case PIXFER_TRANSFER_PQ:
        return pq_of(x);
    case PIXFER_TRANSFER_HLG:
        return hlg_of(x);
    case PIXFER_TRANSFER_SRGB:
        return srgb_of(x);
    default:
        return bt709_of(x, light->bt709_beta);
    }
}

/* ---- A pixel, by definition ---- */

/* What is this much smaller than its parts is nothing: their sum is 0. */
#define NOTHING (1.0 / (INT64_C(1) << 45) / (INT64_C(1) << 45))

void pixfer_light_encode(const struct pixfer_light *light, const double component[3], struct pixfer_dd encoded[3])
{
    struct pixfer_dd rgb[3], most = dd(0);

    for (int i = 0; i < 3; i++) {
        double parts = 0;

        rgb[i] = dd(0);
        for (int j = 0; j < 3; j++) {
            rgb[i] = dd_add(rgb[i], dd_mul(light->matrix[i][j], dd(component[j])));
            parts += fabs(light->near_matrix[i][j] * component[j]);
        }
        rgb[i] = rgb[i].hi <= parts * NOTHING ? dd(0) : dd_min(rgb[i], light->top);
        if (dd_below(most, rgb[i]))
            most = rgb[i];
    }
    if (light->mapped && most.hi > 0) {
        const struct pixfer_dd factor = pixfer_light_curve_of(light, PIXFER_LIGHT_MAPPING, most);

        for (int i = 0; i < 3; i++)
            rgb[i] = dd_min(dd_mul(rgb[i], factor), light->end);
    }
    if (light->ootf && most.hi > 0) {
        const struct pixfer_dd luminance =
            dd_add(dd_add(dd_mul(dd_ratio(2627, 10000), rgb[0]), dd_mul(dd_ratio(6780, 10000), rgb[1])),
                   dd_mul(dd_ratio(593, 10000), rgb[2]));
        const struct pixfer_dd factor = pixfer_light_curve_of(light, PIXFER_LIGHT_OOTF, luminance);

        for (int i = 0; i < 3; i++)
            rgb[i] = dd_min(dd_mul(rgb[i], factor), dd(1));
    }
    for (int i = 0; i < 3; i++)
        encoded[i] = rgb[i].hi > 0 ? pixfer_light_curve_of(light, PIXFER_LIGHT_TRANSFER, rgb[i]) : light->black_exactly;
}

/* ---- Tables ---- */

#define NODES (PIXFER_LIGHT_DEGREE + 1)

/* The polynomial through the values at Chebyshev's nodes of (-1, 1), in powers of the argument. */
static void interpolate(double coefficient[NODES], const double value[NODES])
{
    const double pi = 3.14159265358979323846;
    double chebyshev[NODES], before[NODES] = {1}, now[NODES] = {0, 1};

    for (int k = 0; k < NODES; k++) {
        chebyshev[k] = 0;
        for (int j = 0; j < NODES; j++)
            chebyshev[k] += value[j] * cos(pi * k * (j + 0.5) / NODES) * (k ? 2.0 : 1.0) / NODES;
    }
    for (int i = 0; i < NODES; i++)
        coefficient[i] = chebyshev[0] * before[i] + chebyshev[1] * now[i];
    for (int k = 2; k < NODES; k++) { /* T(k) = 2·x·T(k - 1) - T(k - 2) */
        double next[NODES];

        for (int i = 0; i < NODES; i++)
            next[i] = 2 * (i ? now[i - 1] : 0) - before[i];
        for (int i = 0; i < NODES; i++) {
            before[i] = now[i];
            now[i] = next[i];
            coefficient[i] += chebyshev[k] * now[i];
        }
    }
}

/* Whether a piece is as near to the definition as PIXFER_LIGHT_DOUBT takes for granted, by where such polynomials are farthest from it. */
static bool fits(const struct pixfer_light *light, enum pixfer_light_curve which, const struct pixfer_curve_piece *piece)
{
    static const double places[] = {-0.995, -0.81, -0.31, 0, 0.31, 0.81, 0.995};
    double error = 0, largest = 0;

    for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
        const struct pixfer_dd x = dd_div(dd(piece->middle + places[i] / piece->inverse), dd(light->curve[which].scale));
        const struct pixfer_dd truth = pixfer_light_curve_of(light, which, x);

        error = fmax(error, fabs(pixfer_curve_piece_at(piece, places[i]) - truth.hi));
        largest = fmax(largest, fabs(truth.hi));
    }
    return error < largest / (INT64_C(1) << 41);
}

/* Up to `most`. A knot goes to the next power of two. */
static void curve_init(struct pixfer_light *light, enum pixfer_light_curve which, struct pixfer_dd knot, double most)
{
    const double pi = 3.14159265358979323846;
    struct pixfer_curve *curve = &light->curve[which];
    int exponent = 0;

    frexp(knot.hi, &exponent);
    curve->knot = knot.hi > 0 ? ldexp(1, exponent) : 0;
    curve->scale = knot.hi > 0 ? curve->knot / knot.hi : 1;
    for (int i = 0; i < PIXFER_LIGHT_PIECES; i++) {
        struct pixfer_curve_piece *piece = &curve->piece[i];
        const double low = ldexp(1 + i % 4 / 4.0, PIXFER_LIGHT_LEAST + i / 4), half = ldexp(1, PIXFER_LIGHT_LEAST + i / 4 - 3);
        double value[NODES];

        if (low > most * curve->scale)
            break;
        piece->middle = low + half;
        piece->inverse = 1 / half;
        for (int j = 0; j < NODES; j++)
            value[j] = pixfer_light_curve_of(light, which,
                                             dd_div(dd(piece->middle + half * cos(pi * (j + 0.5) / NODES)), dd(curve->scale)))
                           .hi;
        interpolate(piece->coefficient, value);
        if (!fits(light, which, piece)) /* the shoulder of a tone mapping that is shorter than the piece */
            piece->inverse = 0;
    }
}

/* γ of BT.2100 for a display of so many nits: 1.2 + 0.42·log10(L / 1000) from 400 to 2000, 1.2 · 1.111^log2(L / 1000) beyond. */
static struct pixfer_dd hlg_gamma(double nits)
{
    const struct pixfer_dd more = pixfer_dd_log(dd_ratio(nits, 1000));

    if (nits >= 400 && nits <= 2000)
        return dd_add(dd_ratio(12, 10), dd_div(dd_mul(dd_ratio(42, 100), more), pixfer_dd_log(dd(10))));
    return dd_mul(dd_ratio(12, 10), dd_pow(dd_ratio(1111, 1000), dd_div(more, pixfer_dd_log(dd(2)))));
}

static struct pixfer_light_sample light_sample_of(const struct pixfer_sample_math *math)
{
    struct pixfer_light_sample s = {.num = math->num, .den = math->den, .base = math->base};

    for (int i = 0; i < 3; i++) {
        s.weight[i] = math->weight[i];
        s.scaled[i] = (double)(math->weight[i] * math->num) / (double)math->den;
    }
    return s;
}

static void mapping_init(struct pixfer_light *light, const struct pixfer_light_params *params)
{
    const struct pixfer_dd black = pq_of(dd(0)), most = dd_sub(pq_of(dd_ratio(params->target, 10000)), black);

    light->map_from = dd_sub(pq_of(dd_ratio(params->peak, 10000)), black);
    light->map_to = most;
    light->knee = dd_sub(dd_mul(dd(1.5), dd_div(most, light->map_from)), dd(0.5));
    light->map_black = black;
}

struct pixfer_light *pixfer_light_open(const struct pixfer_light_params *params, const struct pixfer_kernel_config *config,
                                       enum pixfer_format src, enum pixfer_format dst, const struct pixfer_color *color)
{
    const struct pixfer_format_layout *from = pixfer_format_layout(src), *to = pixfer_format_layout(dst);
    const struct light_matrix m = between(params->src_primaries, params->dst_primaries);
    const double unit = params->transfer == PIXFER_TRANSFER_PQ ? 10000 : params->target;
    const struct pixfer_dd scale = dd_div(dd_ratio(params->white, unit), dd(from->real ? 1 : config->white));
    struct pixfer_light *light = calloc(1, sizeof(*light));
    struct pixfer_color_math math;
    struct pixfer_dd knot = dd(0);

    if (!light)
        return NULL;
    light->transfer = params->transfer;
    light->mapped = params->mapped && params->peak > params->target;
    light->ootf = params->transfer == PIXFER_TRANSFER_HLG;
    light->unit = dd_ratio(unit, 10000);
    light->end = dd_ratio(params->target, unit);
    light->top = light->mapped ? dd_ratio(params->peak, unit) : light->end;
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) {
            light->matrix[i][from->order[j]] = dd_mul(m.m[i][j], scale);
            light->near_matrix[i][from->order[j]] = light->matrix[i][from->order[j]].hi;
        }
    pixfer_color_math_init(&math, color, to->depth, pixfer_filter_sum(config->filter), 1);
    light->y = light_sample_of(&math.y);
    for (int i = 0; i < 2; i++)
        light->chroma[i] = light_sample_of(&math.chroma[to->cr_first ? 1 - i : i]);

    light->bt709_beta = bt709_beta();
    light->black_exactly = params->transfer == PIXFER_TRANSFER_PQ ? pq_of(dd(0)) : dd(0);
    if (params->transfer == PIXFER_TRANSFER_HLG)
        knot = dd_ratio(1, 12);
    else if (params->transfer == PIXFER_TRANSFER_SRGB)
        knot = dd_ratio(31308, 10000000);
    else if (params->transfer == PIXFER_TRANSFER_BT709)
        knot = light->bt709_beta;
    curve_init(light, PIXFER_LIGHT_TRANSFER, knot, 1);
    if (light->mapped) {
        mapping_init(light, params);
        knot = light_of_pq(dd_add(dd_mul(light->knee, light->map_from), light->map_black));
        curve_init(light, PIXFER_LIGHT_MAPPING, dd_div(knot, light->unit), light->top.hi);
    }
    if (light->ootf) {
        const struct pixfer_dd gamma = hlg_gamma(params->target);

        light->ootf_exponent = dd_div(dd_sub(dd(1), gamma), gamma);
        curve_init(light, PIXFER_LIGHT_OOTF, dd(0), 1);
    }
    return light;
}

#undef PQ_M1
#undef PQ_M2
#undef PQ_C1
#undef PQ_C2
#undef PQ_C3
#undef NOTHING
#undef NODES

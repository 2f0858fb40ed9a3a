/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* The equations of SMPTE ST 2084, BT.2100, BT.2390, IEC 61966-2-1 and H.273 for light, in the type REAL with LOG and EXP for it, under names
 * that end in _SUFFIX. light_oracle.c includes this once for each precision. */

#define CAT2(a, b) a##b
#define CAT(a, b) CAT2(a, b)
#define N(name) CAT(name, SUFFIX)

static REAL N(power)(REAL x, REAL y)
{
    return x > 0 ? EXP(y * LOG(x)) : 0;
}

/* ST 2084, equation 5.2, of light / 10000 nits. */
static REAL N(pq)(REAL light)
{
    const REAL m1 = (REAL)2610 / 4096 / 4, m2 = (REAL)2523 / 4096 * 128, c2 = (REAL)2413 / 4096 * 32, c3 = (REAL)2392 / 4096 * 32;
    const REAL y = N(power)(light, m1);
    return N(power)((c3 - c2 + 1 + c2 * y) / (1 + c3 * y), m2);
}

static REAL N(pq_inverse)(REAL e)
{
    const REAL m1 = (REAL)2610 / 4096 / 4, m2 = (REAL)2523 / 4096 * 128, c2 = (REAL)2413 / 4096 * 32, c3 = (REAL)2392 / 4096 * 32;
    const REAL p = N(power)(e, 1 / m2), over = p - (c3 - c2 + 1);
    return N(power)((over > 0 ? over : 0) / (c2 - c3 * p), 1 / m1);
}

/* BT.2100, table 5. */
static REAL N(hlg)(REAL e)
{
    const REAL a = (REAL)17883277 / 100000000, b = 1 - 4 * a, c = (REAL)1 / 2 - a * LOG(4 * a);
    return e * 12 <= 1 ? N(power)(3 * e, (REAL)1 / 2) : a * LOG(12 * e - b) + c;
}

static REAL N(srgb)(REAL l)
{
    return l < (REAL)31308 / 10000000 ? (REAL)1292 / 100 * l : (REAL)1055 / 1000 * N(power)(l, 10 / (REAL)24) - (REAL)55 / 1000;
}

/* H.273: alpha and beta make the two parts meet with one slope. beta by halving: 0.45·alpha·beta^-0.55 falls with beta. */
static REAL N(bt709)(REAL l)
{
    static REAL beta;
    if (beta == 0) {
        REAL low = (REAL)17 / 1000, high = (REAL)19 / 1000;
        for (int i = 0; i < 120; i++) {
            const REAL middle = (low + high) / 2, alpha = 1 + (REAL)11 / 2 * middle;
            if ((REAL)45 / 100 * alpha * N(power)(middle, -(REAL)55 / 100) > (REAL)9 / 2)
                low = middle;
            else
                high = middle;
        }
        beta = (low + high) / 2;
    }
    return l < beta ? (REAL)9 / 2 * l : (1 + (REAL)11 / 2 * beta) * N(power)(l, (REAL)45 / 100) - (REAL)11 / 2 * beta;
}

/* BT.2390, 5.4.1: the EETF, black at 0; in and out are nits. */
static REAL N(eetf)(REAL nits, REAL source_peak, REAL target_peak)
{
    const REAL black = N(pq)(0), range = N(pq)(source_peak / 10000) - black;
    const REAL e1 = (N(pq)(nits / 10000) - black) / range, most = (N(pq)(target_peak / 10000) - black) / range;
    const REAL ks = (REAL)3 / 2 * most - (REAL)1 / 2;
    if (e1 < ks)
        return nits;
    const REAL t = (e1 - ks) / (1 - ks);
    const REAL e2 =
        (2 * t * t * t - 3 * t * t + 1) * ks + (t * t * t - 2 * t * t + t) * (1 - ks) + (-2 * t * t * t + 3 * t * t) * most;
    return 10000 * N(pq_inverse)(e2 * range + black);
}

/* Gauss' elimination: solves m·x = v. */
static void N(solve)(REAL m[3][3], REAL v[3])
{
    for (int c = 0; c < 3; c++) {
        int pivot = c;
        for (int r = c; r < 3; r++)
            if ((m[r][c] < 0 ? -m[r][c] : m[r][c]) > (m[pivot][c] < 0 ? -m[pivot][c] : m[pivot][c]))
                pivot = r;
        for (int k = 0; k < 3; k++) {
            const REAL swapped = m[c][k];
            m[c][k] = m[pivot][k], m[pivot][k] = swapped;
        }
        const REAL swapped = v[c];
        v[c] = v[pivot], v[pivot] = swapped;
        for (int r = 0; r < 3; r++) {
            const REAL factor = r == c ? 0 : m[r][c] / m[c][c];
            for (int k = 0; k < 3; k++)
                m[r][k] -= factor * m[c][k];
            v[r] -= factor * v[c];
        }
    }
    for (int c = 0; c < 3; c++)
        v[c] /= m[c][c];
}

/* The XYZ of (r, g, b): the primaries' XYZ, so scaled that (1, 1, 1) is D65 with Y = 1. */
static void N(columns)(const int *xy, REAL m[3][3])
{
    REAL copy[3][3], s[3] = {(REAL)3127 / 3290, 1, (REAL)(10000 - 3127 - 3290) / 3290};
    for (int c = 0; c < 3; c++) {
        m[0][c] = (REAL)xy[2 * c] / 1000;
        m[1][c] = (REAL)xy[2 * c + 1] / 1000;
        m[2][c] = (REAL)(1000 - xy[2 * c] - xy[2 * c + 1]) / 1000;
        for (int r = 0; r < 3; r++)
            copy[r][c] = m[r][c];
    }
    N(solve)(copy, s);
    for (int c = 0; c < 3; c++)
        for (int r = 0; r < 3; r++)
            m[r][c] *= s[c];
}

/* R', G', B' of a pixel whose components are `c`. */
static void N(encode)(const struct light *l, const double c[3], REAL out[3])
{
    REAL rgb[3] = {c[0], c[1], c[2]}, white = (REAL)l->src_white / (REAL)l->one;
    const bool pq = l->transfer == 16, hlg = l->transfer == 18;
    const REAL peak = l->target;
    if (l->src_primaries != l->dst_primaries) {
        static REAL from[3][3], to[3][3];
        static int known_from = -1, known_to = -1;
        if (known_from != l->src_primaries || known_to != l->dst_primaries) {
            N(columns)(primaries_xy(known_from = l->src_primaries), from);
            N(columns)(primaries_xy(known_to = l->dst_primaries), to);
        }
        REAL xyz[3], copy[3][3];
        for (int i = 0; i < 3; i++)
            xyz[i] = from[i][0] * rgb[0] + from[i][1] * rgb[1] + from[i][2] * rgb[2];
        for (int i = 0; i < 9; i++)
            copy[i / 3][i % 3] = to[i / 3][i % 3];
        N(solve)(copy, xyz);
        for (int i = 0; i < 3; i++) {
            rgb[i] = xyz[i];
            if (c[0] == c[1] && c[1] == c[2])
                rgb[i] = c[0]; /* grey is grey: both whites are the same */
        }
    }
    REAL most = 0;
    for (int i = 0; i < 3; i++) {
        rgb[i] *= white;
        rgb[i] = rgb[i] > 0 ? rgb[i] : 0;
        const REAL end = l->mapped && l->src_peak > l->target ? (REAL)l->src_peak : peak;
        rgb[i] = rgb[i] < end ? rgb[i] : end;
        most = rgb[i] > most ? rgb[i] : most;
    }
    if (l->mapped && l->src_peak > l->target && most > 0) {
        const REAL mapped = N(eetf)(most, l->src_peak, l->target);
        for (int i = 0; i < 3; i++)
            rgb[i] = rgb[i] * mapped / most;
    }
    if (hlg) {
        REAL gamma = (REAL)12 / 10 + (REAL)42 / 100 * LOG(peak / 1000) / LOG(10);
        if (peak < 400 || peak > 2000)
            gamma = (REAL)12 / 10 * N(power)((REAL)1111 / 1000, LOG(peak / 1000) / LOG(2));
        const REAL yd = ((REAL)2627 * rgb[0] + (REAL)6780 * rgb[1] + (REAL)593 * rgb[2]) / 10000 / peak;
        for (int i = 0; i < 3; i++) {
            REAL e = yd > 0 ? N(power)(yd, (1 - gamma) / gamma) * rgb[i] / peak : 0;
            out[i] = N(hlg)(e < 1 ? e : 1);
        }
        return;
    }
    for (int i = 0; i < 3; i++)
        out[i] = pq ? N(pq)(rgb[i] / 10000) : l->transfer == 1 ? N(bt709)(rgb[i] / peak) : N(srgb)(rgb[i] / peak);
}

/* The value of a sample from the weighted mean of R', G', B'. */
static REAL N(value)(const struct pixfer_color *color, unsigned depth, enum oracle_component component, const REAL v[3])
{
    const struct oracle_value k[3] =
        {
            oracle_value_of_white(color, depth, component, 1, 0, 0, 1, 1),
            oracle_value_of_white(color, depth, component, 0, 1, 0, 1, 1),
            oracle_value_of_white(color, depth, component, 0, 0, 1, 1, 1),
        },
                              zero = oracle_value_of_white(color, depth, component, 0, 0, 0, 1, 1);
    REAL value = (REAL)zero.num;
    for (int i = 0; i < 3; i++)
        value += (REAL)(k[i].num - zero.num) * v[i];
    return value / (REAL)zero.den;
}

#undef CAT
#undef CAT2
#undef N

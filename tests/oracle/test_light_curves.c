/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* The two ways to a sample of a source in linear light, each by itself: the tables are as near to the definition as the bound on doubt takes
 * for granted, and the definition in double-double, which whole frames hardly ever ask, is BT.2100's for HLG. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../src/kernels/light_math.h"
#include "random.h"

static unsigned failures;

static struct pixfer_light *open_light(struct pixfer_light_params params)
{
    const struct pixfer_color color = {.matrix = PIXFER_MATRIX_BT2020_NCL};
    struct pixfer_kernel_config config;
    params.linear = true;
    if (!pixfer_kernel_config_init(&config, PIXFER_FORMAT_RGBA16F, PIXFER_FORMAT_P010, &color))
        return NULL;
    return pixfer_light_open(&params, &config, PIXFER_FORMAT_RGBA16F, PIXFER_FORMAT_P010, &color);
}

/* The largest distance of a piece from the definition, as a part of the piece's largest value. */
static double piece_error(const struct pixfer_light *light, enum pixfer_light_curve which, const struct pixfer_curve_piece *piece)
{
    enum { POINTS = 37 };
    double worst = 0, largest = 0;
    for (int i = 0; i <= POINTS; i++) {
        const double u = 2.0 * i / POINTS - 1, scaled = piece->middle + u / piece->inverse;
        if (fabs(scaled - light->curve[which].knot) < 1e-12 * scaled) /* sRGB jumps there; kernels ask the definition */
            continue;
        const struct pixfer_dd x = dd_div(dd(scaled), dd(light->curve[which].scale));
        const struct pixfer_dd truth = pixfer_light_curve_of(light, which, x);
        long double sum = piece->coefficient[PIXFER_LIGHT_DEGREE];
        for (int k = PIXFER_LIGHT_DEGREE - 1; k >= 0; k--)
            sum = sum * u + piece->coefficient[k];
        worst = fmax(worst, fabs((double)(sum - truth.hi - truth.lo)));
        largest = fmax(largest, fabs(truth.hi));
    }
    return worst / largest;
}

static void check_curves(const char *name, struct pixfer_light_params params)
{
    static const char *const curves[] = {"transfer", "tone mapping", "inverse OOTF"};
    struct pixfer_light *light = open_light(params);
    if (!light) {
        printf("FAIL %s does not open\n", name);
        failures++;
        return;
    }
    for (unsigned which = 0; which < PIXFER_LIGHT_CURVES; which++) {
        const struct pixfer_curve *curve = &light->curve[which];
        double worst = 0, at = 0;
        unsigned pieces = 0;
        for (unsigned i = 0; i < PIXFER_LIGHT_PIECES && curve->piece[i].middle > 0; i++) {
            if (!(curve->piece[i].inverse > 0))
                continue; /* the definition is asked */
            pieces++;
            const double error = piece_error(light, (enum pixfer_light_curve)which, &curve->piece[i]);
            if (error > worst)
                worst = error, at = curve->piece[i].middle / curve->scale;
        }
        if (!pieces)
            continue;
        const bool good = log2(worst) < -40.5;
        printf("%s %s, %s: 2^%.1f in %u pieces, worst about %g\n", good ? "ok  " : "FAIL", name, curves[which], log2(worst),
               pieces, at);
        failures += !good;
    }
    free(light);
}

/* BT.2100, tables 5 and 9, in long double. */
static long double hlg_of(const long double rgb[3], int i, long double gamma)
{
    const long double a = 0.17883277L, b = 1 - 4 * a, c = 0.5L - a * logl(4 * a);
    const long double luminance = 0.2627L * rgb[0] + 0.678L * rgb[1] + 0.0593L * rgb[2];
    const long double e = rgb[i] * powl(luminance, (1 - gamma) / gamma);
    return e <= 1 / 12.0L ? sqrtl(3 * e) : a * logl(12 * e - b) + c;
}

static void check_hlg_definition(void)
{
    struct rng rng = {11};
    double worst = 0;
    struct pixfer_light *light = open_light((struct pixfer_light_params){.wide = true,
                                                                         .src_primaries = PIXFER_PRIMARIES_BT2020,
                                                                         .dst_primaries = PIXFER_PRIMARIES_BT2020,
                                                                         .transfer = PIXFER_TRANSFER_HLG,
                                                                         .white = 1000,
                                                                         .target = 1000});
    for (int n = 0; light && n < 20000; n++) {
        double component[3];
        long double rgb[3];
        struct pixfer_dd encoded[3];
        for (int i = 0; i < 3; i++)
            rgb[i] = component[i] = (double)(rng_next(&rng) % 4096 + 1) / 8192; /* none beyond the peak after its factor */
        pixfer_light_encode(light, component, encoded);
        for (int i = 0; i < 3; i++)
            worst = fmax(worst, fabs((double)(hlg_of(rgb, i, 1.2L) - encoded[i].hi - encoded[i].lo)));
    }
    const bool good = light && worst < 1e-15;
    printf("%s HLG by definition: off by %g at most\n", good ? "ok  " : "FAIL", worst);
    failures += !good;
    free(light);
}

int main(void)
{
    const struct pixfer_light_params wide = {.wide = true,
                                             .src_primaries = PIXFER_PRIMARIES_BT709,
                                             .dst_primaries = PIXFER_PRIMARIES_BT2020,
                                             .white = 80,
                                             .target = 10000};
    struct pixfer_light_params p = wide;
    p.transfer = PIXFER_TRANSFER_PQ;
    check_curves("PQ", p);
    p.mapped = true, p.peak = 4000, p.target = 600;
    check_curves("PQ of 600 nits", p);
    p = wide, p.transfer = PIXFER_TRANSFER_HLG, p.target = 1000;
    check_curves("HLG", p);
    p.target = 4000;
    check_curves("HLG of 4000 nits", p);
    p = (struct pixfer_light_params){
        .src_primaries = PIXFER_PRIMARIES_BT709, .dst_primaries = PIXFER_PRIMARIES_BT709, .white = 80, .target = 203};
    p.transfer = PIXFER_TRANSFER_SRGB;
    check_curves("sRGB", p);
    p.transfer = PIXFER_TRANSFER_BT709, p.mapped = true, p.peak = 10000, p.target = 40;
    check_curves("BT.709 of 10000 nits in 40", p);
    /* Shoulders of all lengths. */
    static const double nits[] = {40, 41, 80, 203, 300, 1000, 4000, 9000};
    for (unsigned i = 0; i < sizeof(nits) / sizeof(*nits); i++)
        for (unsigned k = 0; k < 4; k++) {
            p = wide, p.transfer = PIXFER_TRANSFER_PQ, p.mapped = true;
            p.target = nits[i], p.peak = nits[i] * (const double[]){1.001, 1.08, 1.5, 8}[k];
            if (p.peak <= 10000)
                check_curves("a shoulder", p);
        }
    check_hlg_definition();
    return failures ? 1 : 0;
}

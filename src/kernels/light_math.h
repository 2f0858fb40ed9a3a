/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_SRC_KERNELS_LIGHT_MATH_H
#define PIXFER_SRC_KERNELS_LIGHT_MATH_H

/* Linear light to what is encoded: the definition (doc/hdr.md) in double-double, and tables of it for doubles.
 *
 * Light is counted in units of 10000 nits for PQ, of the nominal peak for HLG, of white for SDR. A curve is one function of a positive
 * number: the transfer function, and the two factors that light is multiplied by before it, tone mapping's (of the largest component) and
 * that of HLG's inverse OOTF (of luminance). In doubles it is a polynomial of degree 9 for each quarter of each octave, through values from
 * the definition. The functions are analytic but at 0, at HLG's b / 12 and at one knot, which the argument's scale puts on the border of two
 * pieces. A piece that is further than 2^-41 of its values from the definition, which is measured as it is made, is left to the definition:
 * tone mapping to a peak that is little lower has a shoulder shorter than a piece. oracle.light_curves finds no more than 2^-40.5.
 *
 * A transfer function shrinks a small relative error of its argument to half, so V is within 2^-40 of the truth, and a sample within
 * 2^(depth - 40) and what summing rounds; PIXFER_LIGHT_DOUBT is four times that. What lies closer to a tie than this is computed in
 * double-double; what lies closer than 2^-60 even then is taken for the tie that it is (a black, a peak, a straight piece of a curve), and
 * goes up. */

#include "../core/light.h"
#include "dd.h"
#include "kernels.h"

#define PIXFER_LIGHT_DOUBT (1.0 / (INT64_C(1) << 38))
#define PIXFER_LIGHT_LEAST (-64) /* exponent of the smallest argument that the tables know */
#define PIXFER_LIGHT_DEGREE 9
#define PIXFER_LIGHT_PIECES (4 * 75)

struct pixfer_curve {
    double scale; /* of the argument */
    double knot;  /* scaled; there and nearby the definition is asked; 0 = none */
    struct pixfer_curve_piece {
        double middle, inverse; /* of the half length; 0 = a polynomial would be too far from the definition here */
        double coefficient[PIXFER_LIGHT_DEGREE + 1];
    } piece[PIXFER_LIGHT_PIECES];
};

/* u from -1 to 1 over the piece. */
static inline double pixfer_curve_piece_at(const struct pixfer_curve_piece *piece, double u)
{
    double sum = piece->coefficient[PIXFER_LIGHT_DEGREE];

    for (int i = PIXFER_LIGHT_DEGREE - 1; i >= 0; i--)
        sum = sum * u + piece->coefficient[i];
    return sum;
}

struct pixfer_light_sample {
    int64_t weight[3], num, den; /* of R', G', B': a sample is num·t / den + base */
    double scaled[3];            /* weight·num / den */
    int32_t base;
};

enum pixfer_light_curve { PIXFER_LIGHT_TRANSFER, PIXFER_LIGHT_MAPPING, PIXFER_LIGHT_OOTF, PIXFER_LIGHT_CURVES };

struct pixfer_light {
    enum pixfer_transfer transfer;
    bool mapped, ootf;
    struct pixfer_dd matrix[3][3]; /* from components in memory to R, G, B in units of light */
    double near_matrix[3][3];
    struct pixfer_dd unit;          /* in 10000 nits */
    struct pixfer_dd top, end;      /* light ends there before tone mapping, and after it */
    struct pixfer_dd black_exactly; /* what 0 is encoded as */
    struct pixfer_dd bt709_beta, ootf_exponent;
    struct pixfer_dd map_black, map_from, map_to, knee; /* BT.2390: PQ of 0; of the two peaks, less that; KS */
    struct pixfer_light_sample y, chroma[2];
    struct pixfer_curve curve[PIXFER_LIGHT_CURVES];
};

/* From checked parameters, with config's load and filter set. NULL: no memory. The caller frees it. */
struct pixfer_light *pixfer_light_open(const struct pixfer_light_params *params, const struct pixfer_kernel_config *config,
                                       enum pixfer_format src, enum pixfer_format dst, const struct pixfer_color *color);

/* A curve's value by definition, x > 0 in units of light. */
struct pixfer_dd pixfer_light_curve_of(const struct pixfer_light *light, enum pixfer_light_curve curve, struct pixfer_dd x);

/* R', G', B' of a pixel by definition. */
void pixfer_light_encode(const struct pixfer_light *light, const double component[3], struct pixfer_dd encoded[3]);

#endif

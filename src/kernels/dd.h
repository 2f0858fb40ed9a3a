/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_SRC_KERNELS_DD_H
#define PIXFER_SRC_KERNELS_DD_H

/* Double-double: a number as the unevaluated sum of two doubles, some 106 bits (Dekker 1971, Knuth's two-sum). Relative errors are a few
 * 2^-104 for + - * /, and below 2^-94 for exp; log's absolute error is below 2^-96 for results of the size met here. It is for tables, when
 * a converter opens, and for the few samples that a double cannot decide. Wants doubles that are rounded as such: not the x87. */

#include <math.h>

struct pixfer_dd {
    double hi, lo;
};

static inline struct pixfer_dd dd(double v)
{
    return (struct pixfer_dd){v, 0};
}

/* |a| ≥ |b| */
static inline struct pixfer_dd dd_quick_sum(double a, double b)
{
    const double sum = a + b;

    return (struct pixfer_dd){sum, b - (sum - a)};
}

static inline struct pixfer_dd dd_two_sum(double a, double b)
{
    const double sum = a + b, part = sum - a;

    return (struct pixfer_dd){sum, (a - (sum - part)) + (b - part)};
}

static inline struct pixfer_dd dd_two_product(double a, double b)
{
    const double product = a * b, split = 134217729.0; /* 2^27 + 1 */
    const double ta = split * a, tb = split * b;
    const double ah = ta - (ta - a), al = a - ah, bh = tb - (tb - b), bl = b - bh;

    return (struct pixfer_dd){product, ((ah * bh - product) + ah * bl + al * bh) + al * bl};
}

static inline struct pixfer_dd dd_add(struct pixfer_dd a, struct pixfer_dd b)
{
    struct pixfer_dd s = dd_two_sum(a.hi, b.hi);
    const struct pixfer_dd t = dd_two_sum(a.lo, b.lo);

    s = dd_quick_sum(s.hi, s.lo + t.hi);
    return dd_quick_sum(s.hi, s.lo + t.lo);
}

static inline struct pixfer_dd dd_negative(struct pixfer_dd a)
{
    return (struct pixfer_dd){-a.hi, -a.lo};
}

static inline struct pixfer_dd dd_sub(struct pixfer_dd a, struct pixfer_dd b)
{
    return dd_add(a, dd_negative(b));
}

static inline struct pixfer_dd dd_mul(struct pixfer_dd a, struct pixfer_dd b)
{
    const struct pixfer_dd p = dd_two_product(a.hi, b.hi);

    return dd_quick_sum(p.hi, p.lo + (a.hi * b.lo + a.lo * b.hi));
}

static inline struct pixfer_dd dd_div(struct pixfer_dd a, struct pixfer_dd b)
{
    const double first = a.hi / b.hi;
    struct pixfer_dd rest = dd_sub(a, dd_mul(dd(first), b));
    const double second = rest.hi / b.hi;

    rest = dd_sub(rest, dd_mul(dd(second), b));
    return dd_add(dd_quick_sum(first, second), dd(rest.hi / b.hi));
}

static inline struct pixfer_dd dd_ratio(double a, double b)
{
    return dd_div(dd(a), dd(b));
}

static inline int dd_below(struct pixfer_dd a, struct pixfer_dd b)
{
    return a.hi < b.hi || (a.hi == b.hi && a.lo < b.lo);
}

static inline struct pixfer_dd dd_min(struct pixfer_dd a, struct pixfer_dd b)
{
    return dd_below(a, b) ? a : b;
}

struct pixfer_dd pixfer_dd_exp(struct pixfer_dd x); /* |x| < 700 */
struct pixfer_dd pixfer_dd_log(struct pixfer_dd x); /* x > 0 */

/* x^y, x > 0 */
static inline struct pixfer_dd dd_pow(struct pixfer_dd x, struct pixfer_dd y)
{
    return pixfer_dd_exp(dd_mul(y, pixfer_dd_log(x)));
}

#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "dd.h"

#define HALVINGS 9

/* exp(x) = 2^k · exp(r), r = x - k·ln 2. exp(r / 2^9) - 1 is a short series, and s → 2·s + s² doubles its argument. */
struct pixfer_dd pixfer_dd_exp(struct pixfer_dd x)
{
    static const struct pixfer_dd ln2 = {0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56};
    const double k = floor(x.hi / ln2.hi + 0.5);
    struct pixfer_dd r = dd_sub(x, dd_mul(dd(k), ln2)), s = dd(0);

    r.hi = ldexp(r.hi, -HALVINGS);
    r.lo = ldexp(r.lo, -HALVINGS);
    for (int n = 10; n > 0; n--) /* r·(1 + r/2·(1 + r/3·(…))): |r| < 2^-10.5, so that the eleventh term is below 2^-140 */
        s = dd_mul(dd_div(r, dd(n)), dd_add(dd(1), s));
    for (int i = 0; i < HALVINGS; i++)
        s = dd_add(dd_add(s, s), dd_mul(s, s));
    s = dd_add(s, dd(1));
    return (struct pixfer_dd){ldexp(s.hi, (int)k), ldexp(s.lo, (int)k)};
}

/* Newton's step from the double's logarithm: what is left is e = x·exp(-y) - 1, some 2^-52. */
struct pixfer_dd pixfer_dd_log(struct pixfer_dd x)
{
    const double y = log(x.hi);
    const struct pixfer_dd e = dd_sub(dd_mul(x, pixfer_dd_exp(dd(-y))), dd(1));

    return dd_add(dd(y), dd_sub(e, dd_mul(dd(0.5 * e.hi), e)));
}

#undef HALVINGS

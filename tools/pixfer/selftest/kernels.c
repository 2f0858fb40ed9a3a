/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include <string.h>

#include "../args.h"
#include "selftest.h"

/* Every kernel of this machine against the C kernel: all pairs of formats, matrices, ranges and sitings in two odd sizes, and the
 * sizes that are recorded. A right kernel is equal, bit for bit. */

static const enum pixfer_matrix matrices[] = {PIXFER_MATRIX_BT709, PIXFER_MATRIX_BT601, PIXFER_MATRIX_SMPTE240M,
                                              PIXFER_MATRIX_BT2020_NCL};

struct sweep {
    struct selftest *t;
    const char *isa;
    char area[24];
    size_t equal, different, none;
    bool failed;
};

/* True if both kernels exist and their results were compared. */
static bool compare(struct sweep *s, enum pixfer_format from, enum pixfer_format to, uint32_t width, uint32_t height,
                    struct pixfer_color color, unsigned threads, double *ms)
{
    struct test_frame src = {0}, expected = {0}, found = {0};
    struct attempt c = {.backend = PIXFER_BACKEND_CPU, .cpu = "c", .color = color};
    struct attempt isa = {.backend = PIXFER_BACKEND_CPU, .cpu = s->isa, .color = color, .threads = threads};
    bool compared = false;
    if (!test_frame_open(&src, from, width, height, 64) || !test_frame_open(&expected, to, width, height, 64) ||
        !test_frame_open(&found, to, width, height, 64)) {
        s->failed = true;
    } else {
        test_frame_draw(&src, width * 7919u + (uint32_t)from * 31u + (uint32_t)to);
        compared = attempt_convert(&c, &src.image, &expected.image) == PIXFER_OK;
        if (compared && attempt_convert(&isa, &src.image, &found.image) != PIXFER_OK) {
            selftest_add(s->t, VERDICT_DIFFERS, s->area, pixfer_format_name(from), "to %s failed: %s", pixfer_format_name(to),
                         isa.log);
            s->different++;
        } else if (compared) {
            struct difference d;
            test_frame_compare(&expected.image, &found.image, &d);
            bool same = !d.sum[0] && !d.sum[1];
            *(same ? &s->equal : &s->different) += 1;
            if (!same && s->different <= 8) {
                struct finding *f =
                    selftest_add(s->t, VERDICT_DIFFERS, s->area, pixfer_format_name(from),
                                 "to %s at %ux%u, matrix %s, range %s, siting %s: off by up to %g in luma and %g "
                                 "in chroma, expected equality with C",
                                 pixfer_format_name(to), width, height, pixfer_matrix_name(color.matrix),
                                 pixfer_range_name(color.range), pixfer_siting_name(color.siting), d.worst[0], d.worst[1]);
                if (f) {
                    f->worst_luma = d.worst[0];
                    f->worst_chroma = d.worst[1];
                    f->mean = difference_mean(&d);
                    f->picture = difference_picture(&expected.image, &found.image);
                }
            }
            *ms = isa.ms;
        }
    }
    test_frame_close(&src);
    test_frame_close(&expected);
    test_frame_close(&found);
    return compared;
}

static void sweep_pair(struct sweep *s, enum pixfer_format from, enum pixfer_format to)
{
    static const uint32_t sizes[][2] = {{67, 5}, {258, 34}};
    double ms;
    for (size_t m = 0; m < sizeof(matrices) / sizeof(*matrices); m++)
        for (int range = PIXFER_RANGE_LIMITED; range <= PIXFER_RANGE_FULL; range++)
            for (int siting = PIXFER_SITING_LEFT; siting <= PIXFER_SITING_TOP_LEFT; siting++)
                for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
                    struct pixfer_color color = {matrices[m], (enum pixfer_range)range, (enum pixfer_siting)siting};
                    if (!compare(s, from, to, sizes[i][0], sizes[i][1], color, 1, &ms)) {
                        s->none++;
                        return; /* no such conversion */
                    }
                }
}

static void sweep_sizes(struct sweep *s)
{
    static const uint32_t sizes[][2] = {{2, 2}, {64, 64}, {1920, 1080}, {3840, 2160}};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
        size_t equal = s->equal;
        double ms = -1;
        char name[32];
        struct pixfer_color left = {.siting = PIXFER_SITING_LEFT};
        compare(s, PIXFER_FORMAT_RGBA, PIXFER_FORMAT_NV12, sizes[i][0], sizes[i][1], left, 0, &ms);
        bool same =
            s->equal > equal && compare(s, PIXFER_FORMAT_BGRA, PIXFER_FORMAT_NV12, sizes[i][0], sizes[i][1], left, 1, &ms);
        snprintf(name, sizeof(name), "%ux%u", sizes[i][0], sizes[i][1]);
        struct finding *f = selftest_add(
            s->t, same ? VERDICT_WORKS : VERDICT_DIFFERS, s->area, name,
            same ? "rgba and bgra to nv12 equal to C; the first bgra frame took %.2f ms" : "not equal to C (%.2f ms)", ms);
        if (f)
            f->ms = ms;
    }
}

static void sweep(struct selftest *t, const char *isa)
{
    struct sweep s = {.t = t, .isa = isa};
    snprintf(s.area, sizeof(s.area), "kernel %s", isa);
    for (int from = 1; pixfer_format_name((enum pixfer_format)from); from++)
        for (int to = 1; is_source_format((enum pixfer_format)from) && pixfer_format_name((enum pixfer_format)to); to++)
            if (!is_source_format((enum pixfer_format)to))
                sweep_pair(&s, (enum pixfer_format)from, (enum pixfer_format)to);
    if (s.failed)
        selftest_add(t, VERDICT_NOTE, s.area, "all formats", "memory ran out for some of the frames");
    selftest_add(t, s.different ? VERDICT_DIFFERS : VERDICT_WORKS, s.area, "all formats",
                 "%zu conversions of every pair of formats, matrix, range and siting equal to C, %zu not", s.equal, s.different);
    sweep_sizes(&s);
}

void selftest_kernels(struct selftest *t)
{
    for (const char *const *isa = pixfer_cpu_names(); *isa; isa++)
        if (strcmp(*isa, "c"))
            sweep(t, *isa);
        else
            selftest_add(t, VERDICT_NOTE, "kernel c", "reference",
                         "what the others are compared with; its own proof is the test suite");
}

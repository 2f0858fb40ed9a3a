/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "../../../src/core/backend.h"
#include "../args.h"
#include "selftest.h"

/* What each backend but the CPU makes of every pair of formats, matrix and range, beside the exact result for each siting: the siting
 * that comes closest is the one that it has, whatever it says. */

static const enum pixfer_matrix matrices[] = {PIXFER_MATRIX_BT709, PIXFER_MATRIX_BT601, PIXFER_MATRIX_SMPTE240M,
                                              PIXFER_MATRIX_BT2020_NCL};
enum { SITINGS = 3 };

struct pair {
    struct selftest *t;
    enum pixfer_backend backend;
    enum pixfer_format from, to;
    char area[24];
    bool one_color;         /* BT.709, limited range, stands for all */
    size_t accepted, asked; /* of matrix and range */
    bool taken[SITINGS];
    char astray[64];         /* "asked for center, left fits best"; "" = each fits */
    char refusals[400];      /* the different ones */
    bool failed;             /* a refusal that is a fault, not a limit */
    bool measured;           /* there are errors to report, of frames that were accepted or of such a fault */
    struct difference worst; /* of all accepted ones, to the siting that fits best */
    double mean;
    char *picture;
    bool differs;
};

/* Mean errors below this come from rounding and filters; above it the colours mean something else. */
static double tolerance(const struct pair *p)
{
    return p->to == PIXFER_FORMAT_P010 ? 8 : 2;
}

static void keep_refusal(struct pair *p, const char *line)
{
    size_t length = strlen(p->refusals);
    if (!strstr(p->refusals, line))
        snprintf(p->refusals + length, sizeof(p->refusals) - length, "%s%s", length ? "; " : "", line);
}

/* The exact result for each siting; the index of the one that comes closest, -1 if none could be made. */
static int nearest_siting(const struct pair *p, const struct test_frame *src, const struct test_frame *found,
                          struct pixfer_color color, struct difference difference[SITINGS], char **picture)
{
    struct test_frame exact = {0};
    int best = -1;
    if (!test_frame_open(&exact, p->to, src->image.width, src->image.height, 64))
        return -1;
    for (int siting = 0; siting < SITINGS; siting++) {
        struct attempt cpu = {.backend = PIXFER_BACKEND_CPU, .color = {color.matrix, color.range, (enum pixfer_siting)siting}};
        if (attempt_convert(&cpu, &src->image, &exact.image) != PIXFER_OK)
            continue;
        test_frame_compare(&exact.image, &found->image, &difference[siting]);
        if (best < 0 || difference_mean(&difference[siting]) < difference_mean(&difference[best]))
            best = siting;
        if (siting == (int)color.siting && difference_mean(&difference[siting]) > tolerance(p) && !*picture)
            *picture = difference_picture(&exact.image, &found->image);
    }
    test_frame_close(&exact);
    return best;
}

static void judge(struct pair *p, const struct test_frame *src, const struct test_frame *found, struct pixfer_color color)
{
    struct difference d[SITINGS];
    memset(d, 0, sizeof(d));
    int best = nearest_siting(p, src, found, color, d, &p->picture);
    if (best < 0)
        return;
    double mean = difference_mean(&d[best]);
    p->taken[color.siting] = true;
    p->measured = true;
    if (best != (int)color.siting && difference_mean(&d[color.siting]) > mean + tolerance(p) / 8)
        snprintf(p->astray, sizeof(p->astray), "asked for %s, %s fits best", pixfer_siting_name(color.siting),
                 pixfer_siting_name((enum pixfer_siting)best));
    p->differs = p->differs || mean > tolerance(p);
    p->mean = mean > p->mean ? mean : p->mean;
    for (int i = 0; i < 2; i++)
        p->worst.worst[i] = d[best].worst[i] > p->worst.worst[i] ? d[best].worst[i] : p->worst.worst[i];
}

/* What a backend makes of a frame when the library's own test does not stand in front of it: how it fails is what is to be found out. */
static bool convert_untested(const struct pair *p, struct pixfer_color color, const struct pixfer_image *src,
                             const struct pixfer_image *dst)
{
    const struct pixfer_backend_ops *ops = pixfer_backend_find(p->backend);
    const struct pixfer_log silent = {0};
    struct pixfer_backend_config config = {.src_format = src->format,
                                           .dst_format = dst->format,
                                           .width = src->width,
                                           .height = src->height,
                                           .color = color,
                                           .threads = 1,
                                           .unchecked = true,
                                           .log = &silent};
    struct pixfer_reason reason = {""};
    void *state = NULL;
    if (!ops || !ops->open || !ops->convert || ops->open(&state, &config, &reason) != PIXFER_OK)
        return false;
    enum pixfer_result result = ops->convert(state, src, dst, &reason);
    ops->close(state);
    return result == PIXFER_OK;
}

static void try_color(struct pair *p, const struct test_frame *src, struct test_frame *found, enum pixfer_matrix matrix,
                      enum pixfer_range range)
{
    bool accepted = false;
    for (int siting = 0; siting < SITINGS; siting++) {
        struct attempt a = {.backend = p->backend, .color = {matrix, range, (enum pixfer_siting)siting}};
        enum pixfer_result result = attempt_convert(&a, &src->image, &found->image);
        if (result == PIXFER_OK) {
            accepted = true;
            judge(p, src, found, a.color);
        } else {
            if (result == PIXFER_ERR_DEVICE && convert_untested(p, a.color, &src->image, &found->image))
                judge(p, src, found, a.color);
            p->failed = p->failed || result == PIXFER_ERR_DEVICE;
            keep_refusal(p, a.log[0] ? a.log : pixfer_strerror(result));
        }
    }
    p->asked++;
    p->accepted += accepted;
}

/* "left, center" */
static void list_sitings(const struct pair *p, char text[48])
{
    *text = 0;
    for (int siting = 0; siting < SITINGS; siting++)
        if (p->taken[siting])
            snprintf(text + strlen(text), 48 - strlen(text), "%s%s", *text ? ", " : "",
                     pixfer_siting_name((enum pixfer_siting)siting));
}

/* Hands the picture over. */
static void set_measured(struct finding *f, struct pair *p, double ms)
{
    if (f) {
        f->worst_luma = p->worst.worst[0];
        f->worst_chroma = p->worst.worst[1];
        f->mean = p->mean;
        f->ms = ms;
        f->picture = p->picture;
        p->picture = NULL;
    }
    free(p->picture);
    p->picture = NULL;
}

static bool try_pair(struct pair *p)
{
    struct test_frame src = {0}, found = {0};
    char name[64], sitings[48];
    if (test_frame_open(&src, p->from, 64, 64, 64) && test_frame_open(&found, p->to, 64, 64, 64)) {
        test_frame_draw(&src, 1);
        for (size_t m = 0; m < (p->one_color ? 1 : sizeof(matrices) / sizeof(*matrices)); m++)
            for (int range = PIXFER_RANGE_LIMITED; range <= (p->one_color ? PIXFER_RANGE_LIMITED : PIXFER_RANGE_FULL); range++)
                try_color(p, &src, &found, matrices[m], (enum pixfer_range)range);
    }
    test_frame_close(&src);
    test_frame_close(&found);
    snprintf(name, sizeof(name), "%s to %s", pixfer_format_name(p->from), pixfer_format_name(p->to));
    if (!p->measured) {
        selftest_add(p->t, p->failed ? VERDICT_DIFFERS : VERDICT_REFUSED, p->area, name, "%s", p->refusals);
        return false;
    }
    list_sitings(p, sitings);
    bool good = !p->differs && !p->failed && !p->astray[0], some = p->refusals[0] != 0;
    struct finding *f =
        selftest_add(p->t, good ? VERDICT_WORKS : VERDICT_DIFFERS, p->area, name,
                     "%zu of %zu colours, siting %s%s%s, largest error %g in luma and %g in chroma, mean %.2f%s%s", p->accepted,
                     p->asked, sitings, p->astray[0] ? ", but " : "", p->astray, p->worst.worst[0], p->worst.worst[1], p->mean,
                     some ? "; else: " : "", some ? p->refusals : "");
    set_measured(f, p, -1);
    return p->accepted > 0;
}

/* Sizes and strides where other code may run, with the pair that every backend is there for. */
static void try_layout(struct selftest *t, const struct pair *p, uint32_t width, uint32_t height, size_t align, const char *name)
{
    struct pair one = {.t = t, .backend = p->backend, .from = p->from, .to = p->to};
    struct test_frame src = {0}, found = {0};
    struct attempt a = {.backend = p->backend};
    enum pixfer_result result = PIXFER_ERR_NO_MEMORY;
    if (test_frame_open(&src, p->from, width, height, align) && test_frame_open(&found, p->to, width, height, align)) {
        test_frame_draw(&src, 2);
        for (int siting = 0; siting < SITINGS && result != PIXFER_OK; siting++) {
            a.color.siting = (enum pixfer_siting)siting;
            result = attempt_convert(&a, &src.image, &found.image);
        }
        if (result == PIXFER_OK)
            judge(&one, &src, &found, a.color);
    }
    if (result != PIXFER_OK) {
        selftest_add(t, result == PIXFER_ERR_DEVICE ? VERDICT_DIFFERS : VERDICT_REFUSED, p->area, name, "%s",
                     a.log[0] ? a.log : pixfer_strerror(result));
    } else {
        struct finding *f = selftest_add(
            t, one.differs || one.astray[0] ? VERDICT_DIFFERS : VERDICT_WORKS, p->area, name,
            "largest error %g in luma and %g in chroma, mean %.2f%s%s; opened in %.2f ms, a first frame in %.2f ms",
            one.worst.worst[0], one.worst.worst[1], one.mean, one.astray[0] ? ", " : "", one.astray, a.open_ms, a.ms);
        set_measured(f, &one, a.ms);
    }
    free(one.picture);
    test_frame_close(&src);
    test_frame_close(&found);
}

static void try_backend(struct selftest *t, enum pixfer_backend backend)
{
    static const struct {
        uint32_t width, height;
        size_t align;
        const char *name;
    } layouts[] = {{2, 2, 1, "2x2"},
                   {65, 33, 1, "65x33, rows without gaps"},
                   {66, 34, 4, "66x34, rows of a multiple of 4 bytes"},
                   {66, 34, 16, "66x34, rows of a multiple of 16 bytes"},
                   {66, 34, 64, "66x34, rows of a multiple of 64 bytes"},
                   {1920, 1080, 64, "1920x1080"},
                   {3840, 2160, 64, "3840x2160"}};
    struct pair usable = {0};
    struct pixfer_backend_info info = PIXFER_BACKEND_INFO();
    char area[24];
    pixfer_backend_get_info(backend, &info);
    snprintf(area, sizeof(area), "backend %.15s", pixfer_backend_name(backend));
    for (int from = 1; pixfer_format_name((enum pixfer_format)from); from++)
        for (int to = 1; is_source_format((enum pixfer_format)from) && pixfer_format_name((enum pixfer_format)to); to++) {
            struct pair p = {.t = t, .backend = backend, .from = (enum pixfer_format)from, .to = (enum pixfer_format)to};
            memcpy(p.area, area, sizeof(area));
            if (is_source_format(p.to) || selftest_late(t))
                continue;
            bool wanted = p.to == PIXFER_FORMAT_NV12 && (p.from == PIXFER_FORMAT_BGRA || p.from == PIXFER_FORMAT_RGBA);
            /* What is exact has matrices and ranges as data of one program, and opening it compiles that program. */
            p.one_color = info.exact && !wanted;
            if (try_pair(&p) && wanted)
                usable = p;
        }
    for (size_t i = 0; usable.t && i < sizeof(layouts) / sizeof(*layouts) && !selftest_late(t); i++)
        try_layout(t, &usable, layouts[i].width, layouts[i].height, layouts[i].align, layouts[i].name);
    if (selftest_late(t))
        selftest_add(t, VERDICT_NOTE, area, "time", "the rest was left out: %.0f s are used up", t->budget_s);
}

void selftest_backends(struct selftest *t)
{
    for (int i = PIXFER_BACKEND_AUTO + 1; pixfer_backend_name((enum pixfer_backend)i); i++) {
        const char *missing = pixfer_backend_missing((enum pixfer_backend)i);
        char area[24];
        snprintf(area, sizeof(area), "backend %.15s", pixfer_backend_name((enum pixfer_backend)i));
        if (missing)
            selftest_add(t, VERDICT_ABSENT, area, "there", "%s", missing);
        else if (i != PIXFER_BACKEND_CPU) /* the kernels are the CPU backend's test */
            try_backend(t, (enum pixfer_backend)i);
        if (!missing && i == PIXFER_BACKEND_VIDEOTOOLBOX)
            selftest_videotoolbox(t);
    }
}

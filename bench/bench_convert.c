/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "../src/backends/vulkan/vulkan_measure.h"
#include "../src/platform/files.h"
#include "../tools/pixfer/args.h"
#include "../tools/pixfer/cmd.h"
#include "../tools/pixfer/machine.h"
#include "bench.h"
#include "measure.h"

enum { OPT_SIZE, OPT_CACHED, OPT_SITING, OPT_THREADS, OPT_ONLY, OPT_LIBYUV, OPT_SECONDS, OPT_JSON, OPT_MARKDOWN, OPT_HELP };

static const struct arg_option options[] = {
    [OPT_SIZE] = {"size", 's', "WxH", "only this size (default: 3840x2160 and 1920x1080 from\nmemory, 640x96 in the cache)"},
    [OPT_CACHED] = {"cached", 0, NULL, "with --size: one frame over and over, in the cache\nif it fits there"},
    [OPT_SITING] = {"siting", 0, "NAME", "only left, center or top-left (default: center, left)"},
    [OPT_THREADS] = {"threads", 0, "N", "only with N threads (default: 1 and all)"},
    [OPT_ONLY] = {"only", 0, "NAME",
                  "contenders whose name starts so (pixfer, roofline,\nlibyuv, swscale, 'pixfer avx2'); several with commas"},
    [OPT_LIBYUV] = {"libyuv", 0, "LABEL=FILE", "one more libyuv, from a shared library; may be\nrepeated"},
    [OPT_SECONDS] = {"seconds", 0, "S", "for each contender and case (default 0.5)"},
    [OPT_JSON] = {"json", 'j', "[FILE]", "write everything to FILE (default: standard output)"},
    [OPT_MARKDOWN] = {"markdown", 'm', NULL, "print the tables as Markdown"},
    [OPT_HELP] = {"help", 'h', NULL, "this text"},
    {NULL, 0, NULL, NULL},
};

enum { MAX_CASES = 16, MAX_ENTRANTS = 64, MAX_LIBYUVS = 8 };

struct bench {
    uint32_t width, height; /* 0 = the usual sizes */
    bool cached, any_siting, markdown;
    enum pixfer_siting siting;
    unsigned threads; /* 0 = 1 and all */
    bool threads_set;
    const char *only, *json;
    struct {
        char label[32];
        const char *file;
    } libyuv[MAX_LIBYUVS]; /* besides the one that the tool is linked with */
    size_t libyuv_count;
    double seconds;
    struct bench_case cases[MAX_CASES];
    size_t case_count;
};

static const struct contender_kind *const kinds[] = {
    &contender_pixfer,
    &contender_roofline,
    &contender_libyuv,
#if PIXFER_WITH_SWSCALE
    &contender_swscale,
#endif
};

/* ---- What is measured ---------------------------------------------------------------------------------------------------- */

static void add_case(struct bench *b, uint32_t width, uint32_t height, bool cached)
{
    static const enum pixfer_siting both[] = {PIXFER_SITING_CENTER, PIXFER_SITING_LEFT};
    for (size_t i = 0; i < (b->any_siting ? 2 : 1); i++)
        b->cases[b->case_count++] = (struct bench_case){width, height, b->any_siting ? both[i] : b->siting, cached, b->seconds};
}

static void choose_cases(struct bench *b)
{
    if (b->width) {
        add_case(b, b->width, b->height, b->cached);
        return;
    }
    add_case(b, 3840, 2160, false);
    add_case(b, 1920, 1080, false);
    add_case(b, 640, 96, true); /* 240 KB of source and 90 KB of result: inside the L2 cache of any core of the last ten years */
}

static bool is_wanted(const char *only, const char *name)
{
    if (!only)
        return true;
    while (*only) {
        size_t length = strcspn(only, ",");
        if (length && !strncmp(only, name, length))
            return true;
        only += length + (only[length] == ',');
    }
    return false;
}

static size_t add_entrants(const struct bench *b, struct entrant *entrants, unsigned threads)
{
    size_t count = 0;
    for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++)
        for (const char *const *variant = kinds[k]->variants(); *variant; variant++) {
            struct entrant entrant = {.kind = kinds[k], .variant = *variant, .threads = threads};
            snprintf(entrant.name, sizeof(entrant.name), "%s %s", kinds[k]->name, *variant);
            if (is_wanted(b->only, entrant.name) && count < MAX_ENTRANTS / 2)
                entrants[count++] = entrant;
        }
    return count;
}

/* Small frames are not worth a second thread: they only measure how long one takes to wake up. */
static size_t choose_entrants(const struct bench *b, const struct bench_case *job, struct entrant *entrants)
{
    unsigned all = machine_processors();
    if (b->threads_set)
        return add_entrants(b, entrants, b->threads ? b->threads : all);
    size_t count = add_entrants(b, entrants, 1);
    if (all > 1 && !job->cached)
        count += add_entrants(b, entrants + count, all);
    return count;
}

/* ---- Results ------------------------------------------------------------------------------------------------------------- */

/* The quickest entrant of a kind with so many threads; NULL if there is none. */
static const struct entrant *quickest(const struct measurement *m, const struct contender_kind *kind, unsigned threads)
{
    const struct entrant *best = NULL;
    for (size_t i = 0; i < m->count; i++) {
        const struct entrant *e = &m->entrants[i];
        if (e->kind == kind && e->threads == threads && e->state &&
            (!best || measure_quantile(m, e, 0.5) < measure_quantile(m, best, 0.5)))
            best = e;
    }
    return best;
}

/* What pixfer does here unless it is told otherwise: the first of its instruction sets that is there. */
static const struct entrant *unpinned(const struct measurement *m, unsigned threads)
{
    for (size_t i = 0; i < m->count; i++)
        if (m->entrants[i].kind == &contender_pixfer && m->entrants[i].threads == threads && m->entrants[i].state)
            return &m->entrants[i];
    return NULL;
}

static json_t *ratio(const struct measurement *m, const struct entrant *a, const struct entrant *b)
{
    return a && b ? json_real(measure_ratio(m, a, b)) : json_null();
}

static json_t *entrant_json(const struct measurement *m, const struct entrant *e)
{
    double pixels = (double)m->job->width * m->job->height, median = measure_quantile(m, e, 0.5);
    enum pixfer_siting siting = e->kind->center_only ? PIXFER_SITING_CENTER : m->job->siting;
    json_t *object =
        json_pack("{s:s, s:s, s:s, s:i, s:f, s:f, s:f, s:f, s:o, s:o}", "name", e->name, "kind", e->kind->name, "variant",
                  e->variant, "threads", (int)e->threads, "median_ms", median * 1e3, "min_ms", measure_quantile(m, e, 0) * 1e3,
                  "p90_ms", measure_quantile(m, e, 0.9) * 1e3, "gigabytes_per_s", pixels * 5.5 / median * 1e-9, "ratio_1",
                  ratio(m, e, unpinned(m, 1)), "ratio_same", ratio(m, e, unpinned(m, e->threads)));
    if (e->kind->converts)
        json_object_update_new(object,
                               json_pack("{s:s, s:s, s:{s:i, s:i}, s:{s:f, s:f}}", "siting", pixfer_siting_name(siting), "matrix",
                                         pixfer_matrix_name(e->kind->matrix), "max_error", "luma", (int)e->worst[0], "chroma",
                                         (int)e->worst[1], "samples_off", "luma", e->share_off[0], "chroma", e->share_off[1]));
    return object;
}

/* The figures that a reader looks for: the quickest of each kind beside pixfer as it comes. */
static json_t *summary_json(const struct measurement *m, unsigned threads)
{
    const struct entrant *ours = unpinned(m, threads);
    json_t *object = json_pack("{s:i}", "threads", (int)threads);
    if (!ours)
        return object;
    json_object_set_new(object, "pixfer", json_string(ours->variant));
    json_object_set_new(object, "pixfer_ms", json_real(measure_quantile(m, ours, 0.5) * 1e3));
    json_object_set_new(object, "pixfer_min_ms", json_real(measure_quantile(m, ours, 0) * 1e3));
    for (size_t k = 1; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
        const struct entrant *other = quickest(m, kinds[k], threads), *alone = quickest(m, kinds[k], 1);
        char key[32];
        snprintf(key, sizeof(key), "%s_ratio", kinds[k]->name);
        json_object_set_new(object, key, ratio(m, other, ours));
        snprintf(key, sizeof(key), "%s_min_ratio", kinds[k]->name);
        if (other)
            json_object_set_new(object, key, json_real(measure_quantile(m, other, 0) / measure_quantile(m, ours, 0)));
        snprintf(key, sizeof(key), "%s_1_ratio", kinds[k]->name);
        if (threads > 1)
            json_object_set_new(object, key, ratio(m, alone, ours));
    }
    return object;
}

static json_t *case_json(const struct measurement *m)
{
    json_t *present = json_array(), *absent = json_array(), *summary = json_array();
    unsigned last = 0;
    for (size_t i = 0; i < m->count; i++) {
        const struct entrant *e = &m->entrants[i];
        if (e->state)
            json_array_append_new(present, entrant_json(m, e));
        else
            json_array_append_new(
                absent, json_pack("{s:s, s:i, s:s}", "name", e->name, "threads", (int)e->threads, "reason", e->reason.text));
        if (e->threads != last)
            json_array_append_new(summary, summary_json(m, e->threads));
        last = e->threads;
    }
    return json_pack("{s:i, s:i, s:s, s:s, s:s, s:b, s:i, s:i, s:o, s:o, s:o}", "width", (int)m->job->width, "height",
                     (int)m->job->height, "source", "rgba", "destination", "nv12", "siting", pixfer_siting_name(m->job->siting),
                     "cached", m->job->cached, "frames", (int)m->frames, "rounds", (int)m->rounds, "summary", summary,
                     "contenders", present, "absent", absent);
}

/* What a frame costs on this machine's GPU, or why that is not known. */
static json_t *gpu_json(const struct bench *b, const struct bench_case *job)
{
    const struct pixfer_backend_config config = {.src_format = PIXFER_FORMAT_RGBA,
                                                 .dst_format = PIXFER_FORMAT_NV12,
                                                 .width = job->width,
                                                 .height = job->height,
                                                 .color = {.matrix = PIXFER_MATRIX_BT709, .siting = job->siting}};
    struct pixfer_vulkan_times t;
    struct pixfer_reason reason = {""};
    if (pixfer_vulkan_measure(&t, &config, b->seconds, &reason) != PIXFER_OK)
        return json_pack("{s:s, s:o}", "name", "vulkan", "reason", bench_json_text(reason.text));
    return json_pack("{s:s, s:o, s:s, s:i, s:f, s:f, s:f, s:f, s:f, s:f, s:f}", "name", "vulkan", "device",
                     bench_json_text(t.device), "type", t.type, "rounds", (int)t.rounds, "upload_ms", t.upload_s * 1e3,
                     "convert_ms", t.convert_s * 1e3, "read_back_ms", t.read_back_s * 1e3, "convert_then_read_back_ms",
                     t.convert_then_read_s * 1e3, "in_flight_ms", t.in_flight_s * 1e3, "read_back_then_convert_ms",
                     t.read_then_convert_s * 1e3, "record_ms", t.record_s * 1e3);
}

/* ---- The command --------------------------------------------------------------------------------------------------------- */

static int help(void)
{
    printf("Usage: pixfer bench convert [OPTION]...\n\n"
           "Measures the conversion of RGBA to NV12 beside other programs and the memory's\n"
           "limit. All contenders take turns in one run; times are medians, and ratios are\n"
           "medians of the ratios within a round. It wants a quiet machine: see the spread.\n\n");
    args_print_options(stdout, options);
    return EXIT_OK;
}

static bool take_libyuv(struct bench *b, const struct args *args)
{
    size_t length = strcspn(args->value, "=");
    if (!length || length >= sizeof(b->libyuv[0].label) || !args->value[length] || !args->value[length + 1]) {
        usage_error(args, "--libyuv: found '%s', expected LABEL=FILE such as r1962=build/libyuv.so, the label up to %zu bytes",
                    args->value, sizeof(b->libyuv[0].label) - 1);
        return false;
    }
    if (b->libyuv_count == MAX_LIBYUVS) {
        usage_error(args, "--libyuv: found it more than %d times", MAX_LIBYUVS);
        return false;
    }
    memcpy(b->libyuv[b->libyuv_count].label, args->value, length);
    b->libyuv[b->libyuv_count++].file = args->value + length + 1;
    return true;
}

static bool load_libyuvs(const struct bench *b)
{
    for (size_t i = 0; i < b->libyuv_count; i++) {
        struct contender_reason reason = {""};
        if (!contender_libyuv_load(b->libyuv[i].label, b->libyuv[i].file, &reason)) {
            failure("bench convert", "--libyuv %s: %s", b->libyuv[i].label, reason.text);
            return false;
        }
    }
    return true;
}

static bool take_option(struct bench *b, const struct args *args, int option)
{
    switch (option) {
    case OPT_SIZE:
        return parse_size(args, &b->width, &b->height);
    case OPT_CACHED:
        return b->cached = true;
    case OPT_SITING:
        b->any_siting = false;
        return parse_siting(args, &b->siting);
    case OPT_THREADS:
        b->threads_set = true;
        return parse_threads(args, &b->threads);
    case OPT_ONLY:
        b->only = args->value;
        return true;
    case OPT_LIBYUV:
        return take_libyuv(b, args);
    case OPT_SECONDS:
        return parse_number(args, 0.001, 3600, &b->seconds);
    case OPT_JSON:
        b->json = args->value ? args->value : "-";
        return true;
    case OPT_MARKDOWN:
        return b->markdown = true;
    case ARG_OPERAND:
        usage_error(args, "found '%s', expected no operand", args->value);
        return false;
    default:
        return false;
    }
}

static bool run_case(const struct bench *b, const struct bench_case *job, json_t *results)
{
    struct entrant *entrants = calloc(MAX_ENTRANTS, sizeof(*entrants));
    struct measurement m = {.job = job, .entrants = entrants};
    bool good = entrants != NULL;
    if (good)
        m.count = choose_entrants(b, job, entrants);
    good = good && (!m.count || measure(&m));
    if (good) {
        json_t *json = case_json(&m);
        if (!job->cached && is_wanted(b->only, "vulkan"))
            json_object_set_new(json, "gpu", gpu_json(b, job));
        json_array_append_new(results, json);
    } else
        failure("bench convert", "%s", pixfer_strerror(PIXFER_ERR_NO_MEMORY));
    measure_close(&m);
    free(entrants);
    return good;
}

static int run(struct bench *b)
{
    json_t *result = bench_record(), *cases = json_array();
    json_object_set_new(result, "cases", cases);
    choose_cases(b);
    bool good = true;
    for (size_t i = 0; good && i < b->case_count; i++) {
        if (pixfer_file_is_terminal(PIXFER_STDERR))
            fprintf(stderr, "case %zu of %zu ...\r", i + 1, b->case_count);
        good = run_case(b, &b->cases[i], cases);
    }
    if (good && !(b->json && !strcmp(b->json, "-")))
        bench_print_convert(stdout, result, b->markdown);
    if (good && b->json)
        good = bench_write_json(result, b->json);
    json_decref(result);
    return good && !fflush(stdout) ? EXIT_OK : EXIT_FAILED;
}

int bench_convert(int argc, char **argv)
{
    struct args args = ARGS("bench convert", argc, argv, options);
    struct bench b = {.any_siting = true, .seconds = 0.5};
    for (int option; (option = args_next(&args)) != ARG_END;) {
        if (option == OPT_HELP)
            return help();
        if (!take_option(&b, &args, option))
            return EXIT_USAGE;
    }
    if (b.cached && !b.width)
        return usage_error(&args, "--cached goes with --size");
    if (!load_libyuvs(&b))
        return EXIT_FAILED;
    struct entrant entrants[MAX_ENTRANTS];
    if (!add_entrants(&b, entrants, 1) && !is_wanted(b.only, "vulkan"))
        return usage_error(&args,
                           "--only: found '%s', expected the start of a name such as pixfer, roofline, libyuv, swscale or vulkan",
                           b.only);
    return run(&b);
}

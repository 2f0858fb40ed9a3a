/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include <string.h>

#include "bench.h"

static void set_ratio(struct table *t, unsigned column, const json_t *value)
{
    if (json_is_number(value))
        table_set(t, column, "%.2f", json_number_value(value));
    else
        table_set(t, column, "-");
}

static void print_contenders(FILE *out, const json_t *c, bool markdown)
{
    static const char *const heading[] = {"contender", "threads",    "median ms",     "min",       "p90",
                                          "GB/s",      "/ pixfer 1", "/ pixfer same", "worst Y, C"};
    static struct table t;
    size_t i;
    json_t *item;
    t = (struct table){.columns = sizeof(heading) / sizeof(heading[0]), .left = 1};
    for (unsigned column = 0; column < t.columns; column++)
        table_set(&t, column, "%s", heading[column]);
    table_next(&t);
    json_array_foreach (json_object_get(c, "contenders"), i, item) {
        const json_t *worst = json_object_get(item, "max_error");
        bool center = worst && strcmp(bench_text(item, "siting"), bench_text(c, "siting"));
        table_set(&t, 0, "%s%s", bench_text(item, "name"), center ? " (center)" : "");
        table_set(&t, 1, "%.0f", bench_number(item, "threads"));
        table_set(&t, 2, "%.3f", bench_number(item, "median_ms"));
        table_set(&t, 3, "%.3f", bench_number(item, "min_ms"));
        table_set(&t, 4, "%.3f", bench_number(item, "p90_ms"));
        table_set(&t, 5, "%.1f", bench_number(item, "gigabytes_per_s"));
        set_ratio(&t, 6, json_object_get(item, "ratio_1"));
        set_ratio(&t, 7, json_object_get(item, "ratio_same"));
        if (worst)
            table_set(&t, 8, "%.0f, %.0f", bench_number(worst, "luma"), bench_number(worst, "chroma"));
        table_next(&t);
    }
    table_print(out, &t, markdown);
}

static void print_ratios(FILE *out, const json_t *summary, const char *other)
{
    char same[32], least[32], alone[32];
    snprintf(same, sizeof(same), "%s_ratio", other);
    snprintf(least, sizeof(least), "%s_min_ratio", other);
    snprintf(alone, sizeof(alone), "%s_1_ratio", other);
    if (!json_is_number(json_object_get(summary, same)))
        return;
    fprintf(out, "; %s %.2f (minima %.2f", other, bench_number(summary, same), bench_number(summary, least));
    if (json_is_number(json_object_get(summary, alone)))
        fprintf(out, ", its 1 thread %.2f", bench_number(summary, alone));
    fprintf(out, ")");
}

/* What a reader looks for first: the quickest of each kind over pixfer as it comes. */
static void print_summary(FILE *out, const json_t *c, bool markdown)
{
    static const char *const others[] = {"libyuv", "swscale", "roofline"};
    size_t i;
    json_t *item;
    json_array_foreach (json_object_get(c, "summary"), i, item) {
        double threads = bench_number(item, "threads");
        if (!json_object_get(item, "pixfer"))
            continue;
        fprintf(out, "\n%s%.0f thread%s: pixfer %s %.2f ms", markdown ? "- " : "", threads, threads > 1 ? "s" : "",
                bench_text(item, "pixfer"), bench_number(item, "pixfer_ms"));
        for (size_t k = 0; k < sizeof(others) / sizeof(others[0]); k++)
            print_ratios(out, item, others[k]);
    }
    fprintf(out, "\n");
}

static void print_absent(FILE *out, const json_t *c)
{
    size_t i;
    json_t *item;
    json_array_foreach (json_object_get(c, "absent"), i, item)
        fprintf(out, "%sNot there: %s, threads %.0f: %s\n", i ? "" : "\n", bench_text(item, "name"),
                bench_number(item, "threads"), bench_text(item, "reason"));
}

static void print_gpu(FILE *out, const json_t *gpu)
{
    if (!gpu)
        return;
    if (json_object_get(gpu, "reason")) {
        fprintf(out, "\nGPU: %s: %s\n", bench_text(gpu, "name"), bench_text(gpu, "reason"));
        return;
    }
    fprintf(out, "\nGPU: %s on %s (%s), medians of %.0f rounds: upload %.2f ms, convert %.2f ms, read back %.2f ms\n",
            bench_text(gpu, "name"), bench_text(gpu, "device"), bench_text(gpu, "type"), bench_number(gpu, "rounds"),
            bench_number(gpu, "upload_ms"), bench_number(gpu, "convert_ms"), bench_number(gpu, "read_back_ms"));
    fprintf(out,
            "GPU: a frame on the device into host memory: convert, then read back %.2f ms (3 in flight: %.2f ms a frame);\n"
            "GPU: read back, then convert %.2f ms; recording takes the caller %.3f ms\n",
            bench_number(gpu, "convert_then_read_back_ms"), bench_number(gpu, "in_flight_ms"),
            bench_number(gpu, "read_back_then_convert_ms"), bench_number(gpu, "record_ms"));
}

void bench_print_convert(FILE *out, const json_t *result, bool markdown)
{
    size_t i;
    json_t *c;
    bench_print_record(out, result);
    json_array_foreach (json_object_get(result, "cases"), i, c) {
        bool cached = json_is_true(json_object_get(c, "cached"));
        fprintf(out, "\n%s%.0fx%.0f %s to %s, %s siting, %s (%.0f rounds)\n\n", markdown ? "## " : "", bench_number(c, "width"),
                bench_number(c, "height"), bench_text(c, "source"), bench_text(c, "destination"), bench_text(c, "siting"),
                cached ? "one frame in the cache" : "frames in memory", bench_number(c, "rounds"));
        print_contenders(out, c, markdown);
        print_summary(out, c, markdown);
        print_absent(out, c);
        print_gpu(out, json_object_get(c, "gpu"));
    }
    fprintf(out, "\n'/ pixfer 1' and '/ pixfer same' are the time over that of pixfer as it comes, with\n"
                 "one thread and with as many; so are the figures in the lines below the tables, each\n"
                 "for the quickest of its kind. GB/s counts RGBA read and NV12 written. 'worst' is the\n"
                 "largest difference from the exact result for noise, luma and chroma; swscale filters\n"
                 "chroma with kernels of its own. libyuv has BT.601 and center siting only.\n");
}

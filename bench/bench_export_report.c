/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "bench_export.h"

#include <errno.h>
#include <string.h>

#include "bench.h"
#include "chart.h"

enum { MAX_BARS = 8 };

static const char *const heading[] = {"",      "fps",     "conversion", "of ceiling", "x ffmpeg RGBA", "of ffmpeg NV12",
                                      "CPU s", "peak MB", "MB",         "PSNR dB",    "SSIM"};
enum { COLUMNS = sizeof(heading) / sizeof(heading[0]) };

static void set_number(struct table *t, unsigned column, const json_t *object, const char *key, const char *format, double scale)
{
    const json_t *value = json_object_get(object, key);
    if (!json_is_number(value))
        return;
    char text[TABLE_CELL];
    snprintf(text, sizeof(text), format, json_number_value(value) * scale);
    table_set(t, column, "%s", text);
}

static void fill_table(struct table *t, const json_t *result)
{
    size_t i;
    json_t *c;
    *t = (struct table){.columns = COLUMNS, .left = 1};
    for (unsigned column = 0; column < COLUMNS; column++)
        table_set(t, column, "%s", heading[column]);
    table_next(t);
    json_array_foreach (json_object_get(result, "contenders"), i, c) {
        table_set(t, 0, "%s", bench_text(c, "title"));
        set_number(t, 1, c, "fps", "%.1f", 1);
        set_number(t, 2, c, "convert_share", "%.1f %%", 100);
        set_number(t, 3, c, "share_of_ceiling", "%.1f %%", 100);
        set_number(t, 4, c, "speed_over_ffmpeg_rgba", "%.2f", 1);
        set_number(t, 5, c, "share_of_ffmpeg_ready", "%.1f %%", 100);
        set_number(t, 6, c, "cpu_s", "%.2f", 1);
        set_number(t, 7, c, "peak_rss_bytes", "%.0f", 1e-6);
        set_number(t, 8, c, "bytes", "%.1f", 1e-6);
        set_number(t, 9, c, "psnr_db", "%.2f", 1);
        set_number(t, 10, c, "ssim", "%.5f", 1);
        table_next(t);
    }
}

static const char *describe(const json_t *result)
{
    static char text[400];
    char clip[64] = "", runs[32] = "one run each";
    const json_t *s = json_object_get(result, "settings");
    if (bench_number(s, "frames") > bench_number(s, "clip_frames"))
        snprintf(clip, sizeof(clip), " (a clip of %.0f over and over)", bench_number(s, "clip_frames"));
    if (bench_number(s, "repeat") > 1)
        snprintf(runs, sizeof(runs), "medians of %.0f runs", bench_number(s, "repeat"));
    snprintf(text, sizeof(text), "%s: %.0f frames of %.0fx%.0f %s%s, encoder %s, preset %s, crf %g, %s", bench_text(s, "input"),
             bench_number(s, "frames"), bench_number(s, "width"), bench_number(s, "height"), bench_text(s, "format"), clip,
             bench_text(s, "encoder"), bench_text(s, "preset"), bench_number(s, "crf"), runs);
    return text;
}

static const char legend[] = "conversion: time in the converter over wall time. of ceiling: speed over that of the export of\n"
                             "ready NV12 by pixfer. x ffmpeg RGBA, of ffmpeg NV12: speed over the ffmpeg program's. CPU s and\n"
                             "peak MB: of the whole process, by the system's account. PSNR and SSIM: in RGB, of the decoded\n"
                             "export against the source.\n";

static void print_reasons(FILE *out, const json_t *result, const char *before, const char *after)
{
    size_t i;
    json_t *c;
    json_array_foreach (json_object_get(result, "absent"), i, c)
        fprintf(out, "%sNot there: %s: %s%s", before, bench_text(c, "title"), bench_text(c, "reason"), after);
    json_array_foreach (json_object_get(result, "contenders"), i, c)
        if (json_object_get(c, "quality_reason"))
            fprintf(out, "%sNo quality: %s: %s%s", before, bench_text(c, "title"), bench_text(c, "quality_reason"), after);
}

void bench_print_export(FILE *out, const json_t *result, bool markdown)
{
    static struct table t;
    fill_table(&t, result);
    bench_print_record(out, result);
    fprintf(out, "\n%s\n\n", describe(result));
    table_print(out, &t, markdown);
    fprintf(out, "\n");
    print_reasons(out, result, markdown ? "- " : "", "\n");
    fprintf(out, "%s", legend);
}

/* ---- The page ------------------------------------------------------------------------------------------------------------ */

static void escaped(FILE *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '<')
            fputs("&lt;", out);
        else if (*text == '&')
            fputs("&amp;", out);
        else
            fputc(*text, out);
    }
}

static void html_table(FILE *out, const json_t *result)
{
    static struct table t;
    fill_table(&t, result);
    fprintf(out, "<table>\n");
    for (unsigned row = 0; row < t.rows; row++) {
        fprintf(out, "<tr>");
        for (unsigned column = 0; column < t.columns; column++) {
            const char *tag = !row || !column ? "th" : "td";
            fprintf(out, "<%s>", tag);
            escaped(out, t.cell[row][column]);
            fprintf(out, "</%s>", tag);
        }
        fprintf(out, "</tr>\n");
    }
    fprintf(out, "</table>\n");
}

static bool html_chart(FILE *out, const json_t *result, const char *title, const char *key, double scale, const char *format,
                       const char *scratch)
{
    const char *labels[MAX_BARS];
    double values[MAX_BARS];
    char path[1024];
    size_t i, count = 0, highlight = MAX_BARS;
    json_t *c;
    json_array_foreach (json_object_get(result, "contenders"), i, c) {
        if (count == MAX_BARS || !json_is_number(json_object_get(c, key)))
            continue;
        if (!strcmp(bench_text(c, "name"), "pixfer"))
            highlight = count;
        labels[count] = bench_text(c, "title");
        values[count++] = bench_number(c, key) * scale;
    }
    if (!count)
        return true;
    snprintf(path, sizeof(path), "%s/chart.svg", scratch);
    struct chart chart = {title, labels, values, count, highlight, format};
    fprintf(out, "<figure>\n");
    bool good = chart_bars(out, &chart, path);
    fprintf(out, "</figure>\n");
    return good;
}

static bool write_page(FILE *out, const json_t *result, const char *scratch)
{
    fprintf(
        out,
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>pixfer bench export</title>\n"
        "<meta name=\"viewport\" content=\"width=device-width\">\n"
        "<style>body{font:16px/1.5 sans-serif;max-width:70em;margin:2em auto;padding:0 1em;color:#212529}"
        "table{border-collapse:collapse;font-variant-numeric:tabular-nums}td,th{padding:.3em .7em;text-align:right;"
        "border-bottom:1px solid #dee2e6}th:first-child{text-align:left}figure{margin:1.5em 0}svg{max-width:100%%;height:auto}"
        "pre{background:#f1f3f5;padding:1em;overflow:auto}</style></head><body>\n<h1>pixfer bench export</h1>\n<p>");
    escaped(out, describe(result));
    fprintf(out, "</p>\n");
    html_table(out, result);
    print_reasons(out, result, "<p>", "</p>\n");
    bool good =
        html_chart(out, result, "Frames per second", "fps", 1, "%.1f", scratch) &&
        html_chart(out, result, "Processor time, seconds", "cpu_s", 1, "%.1f", scratch) &&
        html_chart(out, result, "Peak memory, MB", "peak_rss_bytes", 1e-6, "%.0f", scratch) &&
        html_chart(out, result, "Time in the converter, share of the export, %", "convert_share", 100, "%.1f %%", scratch);
    fprintf(out, "<p>");
    escaped(out, legend);
    fprintf(out, "</p>\n<pre>");
    bench_print_record(out, result);
    fprintf(out, "</pre>\n</body></html>\n");
    return good;
}

bool bench_write_html(const json_t *result, const char *path, const char *scratch)
{
    FILE *file = fopen(path, "w");
    if (!file) {
        failure("bench export", "%s cannot be written: %s", path, strerror(errno));
        return false;
    }
    bool drawn = write_page(file, result, scratch);
    if (!drawn)
        failure("bench export", "%s: the charts are missing: gnuplot is not in PATH or has failed", path);
    if (!fclose(file))
        return drawn;
    failure("bench export", "%s: writing failed: %s", path, strerror(errno));
    return false;
}

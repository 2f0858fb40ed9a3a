/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "bench_export.h"

#include <errno.h>
#include <string.h>

#include "../src/platform/files.h"
#include "../tools/pixfer/text.h"
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

/* The line about one contender; false if there is nothing to say. */
static bool describe_reason(char *line, size_t size, const json_t *contender, bool absent)
{
    const char *key = absent ? "reason" : "quality_reason";
    snprintf(line, size, "%s: %s: %s", absent ? "Not there" : "No quality", bench_text(contender, "title"),
             bench_text(contender, key));
    return absent || json_object_get(contender, key);
}

static void print_reasons(FILE *out, const json_t *result, bool html, const char *before)
{
    static const char *const lists[] = {"absent", "contenders"};
    char line[1000];
    for (size_t list = 0; list < 2; list++) {
        size_t i;
        json_t *c;
        json_array_foreach (json_object_get(result, lists[list]), i, c) {
            if (!describe_reason(line, sizeof(line), c, !list))
                continue;
            fputs(html ? "<p>" : before, out);
            if (html)
                text_html(out, line);
            else
                fputs(line, out);
            fputs(html ? "</p>\n" : "\n", out);
        }
    }
}

void bench_print_export(FILE *out, const json_t *result, bool markdown)
{
    static struct table t;
    fill_table(&t, result);
    bench_print_record(out, result);
    fprintf(out, "\n%s\n\n", describe(result));
    table_print(out, &t, markdown);
    fprintf(out, "\n");
    print_reasons(out, result, false, markdown ? "- " : "");
    fprintf(out, "%s", legend);
}

/* ---- The page ------------------------------------------------------------------------------------------------------------ */

static void html_table(FILE *out, const json_t *result)
{
    static struct table t;
    fill_table(&t, result);
    fprintf(out, "<div class=\"wide\"><table>\n");
    for (unsigned row = 0; row < t.rows; row++) {
        fprintf(out, "<tr>");
        for (unsigned column = 0; column < t.columns; column++) {
            const char *tag = !row || !column ? "th" : "td";
            fprintf(out, "<%s>", tag);
            text_html(out, t.cell[row][column]);
            fprintf(out, "</%s>", tag);
        }
        fprintf(out, "</tr>\n");
    }
    fprintf(out, "</table></div>\n");
}

static bool draw_chart(FILE *out, const json_t *result, const char *key, double scale, const char *format, const char *scratch)
{
    const char *labels[MAX_BARS];
    double values[MAX_BARS];
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
    struct chart chart = {labels, values, count, highlight, format};
    return !count || chart_bars(out, &chart, scratch);
}

static bool html_chart(FILE *out, const json_t *result, const char *title, const char *key, double scale, const char *format,
                       const char *scratch)
{
    fprintf(out, "<figure><figcaption>");
    text_html(out, title);
    fprintf(out, "</figcaption>\n");
    bool good = draw_chart(out, result, key, scale, format, scratch);
    fprintf(out, "</figure>\n");
    return good;
}

/* One column that fits a telephone: charts shrink with it, and what is wider scrolls in a box of its own. Lines are short, as text checkers
 * take a page with long ones for something generated from a source that is not there. */
static const char page_head[] =
    "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>pixfer bench export</title>\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<style>body{font:16px/1.5 sans-serif;max-width:60em;margin:1.5em auto;padding:0 1em;color:#212529;overflow-wrap:anywhere}\n"
    "h1{font-size:1.5em;line-height:1.2}.wide,pre{overflow-x:auto}\n"
    "table{border-collapse:collapse;font-variant-numeric:tabular-nums;white-space:nowrap}\n"
    "td,th{padding:.3em .7em;text-align:right;border-bottom:1px solid #dee2e6}th:first-child{text-align:left}\n"
    "figure{margin:1.5em 0;max-width:36em}figcaption{font-weight:bold}svg{display:block;width:100%;height:auto}\n"
    "pre{background:#f1f3f5;padding:1em;font-size:14px}</style></head><body>\n<h1>pixfer bench export</h1>\n<p>";

static bool write_page(FILE *out, const json_t *result, const char *scratch)
{
    fputs(page_head, out);
    text_html(out, describe(result));
    fprintf(out, "</p>\n");
    html_table(out, result);
    print_reasons(out, result, true, "");
    bool good =
        html_chart(out, result, "Frames per second", "fps", 1, "%.1f", scratch) &&
        html_chart(out, result, "Processor time, seconds", "cpu_s", 1, "%.1f", scratch) &&
        html_chart(out, result, "Peak memory, MB", "peak_rss_bytes", 1e-6, "%.0f", scratch) &&
        html_chart(out, result, "Time in the converter, share of the export, %", "convert_share", 100, "%.1f %%", scratch);
    fprintf(out, "<p>");
    text_html(out, legend);
    fprintf(out, "</p>\n<pre>");
    text_html(out, bench_record_text(result));
    fprintf(out, "</pre>\n</body></html>\n");
    return good;
}

/* Frames per second alone, as an image. */
static bool write_image(FILE *out, const json_t *result, const char *scratch)
{
    fputs("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n", out);
    return draw_chart(out, result, "fps", 1, "%.1f", scratch);
}

static bool write_file(const json_t *result, const char *path, const char *scratch,
                       bool (*write)(FILE *out, const json_t *result, const char *scratch))
{
    FILE *file = pixfer_file_stream(path, "w");
    if (!file) {
        failure("bench export", "%s cannot be written: %s", path, strerror(errno));
        return false;
    }
    bool drawn = write(file, result, scratch);
    if (!drawn)
        failure("bench export", "%s: the charts are missing: gnuplot is not in PATH or has failed", path);
    if (!fclose(file))
        return drawn;
    failure("bench export", "%s: writing failed: %s", path, strerror(errno));
    return false;
}

bool bench_write_html(const json_t *result, const char *path, const char *scratch)
{
    return write_file(result, path, scratch, write_page);
}

bool bench_write_chart(const json_t *result, const char *path, const char *scratch)
{
    return write_file(result, path, scratch, write_image);
}

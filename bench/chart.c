/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "chart.h"

#include <string.h>

#include "../src/platform/files.h"
#include "../src/platform/process.h"

/* Between double quotes gnuplot runs what stands in backquotes, and knows backslashes. */
static void quoted(FILE *gnuplot, const char *text)
{
    fputc('"', gnuplot);
    for (; *text; text++)
        fputc(*text == '"' || *text == '`' || *text == '\\' || (unsigned char)*text < ' ' ? '?' : *text, gnuplot);
    fputc('"', gnuplot);
}

/* No name of a file is in it: gnuplot works in the scratch folder. */
static void write_script(FILE *gnuplot, const struct chart *chart)
{
    double largest = 0;
    fprintf(gnuplot, "$bars << END\n");
    for (size_t i = 0; i < chart->count; i++) {
        fprintf(gnuplot, "%zu %.9g \"", i, chart->values[i]);
        fprintf(gnuplot, chart->format, chart->values[i]);
        fprintf(gnuplot, "\" ");
        quoted(gnuplot, chart->labels[i]);
        fputc('\n', gnuplot);
        if (chart->values[i] > largest)
            largest = chart->values[i];
    }
    fprintf(gnuplot,
            "END\nset terminal svg dynamic noenhanced size 520,%zu font 'sans-serif,16' background 'white'\n"
            "set output 'chart.svg'\nunset key\nunset border\nunset xtics\n"
            "set style fill solid noborder\nset yrange [%zu.5:-0.5]\nset xrange [0:%.9g]\nset ytics scale 0\n"
            "set tmargin 0\nset bmargin 0\nset lmargin 24\n"
            "colour(i) = int(i) == %zu ? 0x2b8a3e : 0x868e96\n"
            "plot $bars using (0):1:(0):2:($1-0.35):($1+0.35):(colour($1)):ytic(4) with boxxyerror lc rgb variable, \\\n"
            "     $bars using 2:1:3 with labels left offset 0.5,0\n",
            24 + 38 * chart->count, chart->count - 1, largest * 1.15, chart->highlight);
}

/* Without the XML declaration and comments in front, which have no place inside a page. */
static bool copy_svg(FILE *out, const char *path)
{
    char line[4096];
    bool inside = false;
    FILE *svg = pixfer_file_stream(path, "r");
    while (svg && fgets(line, sizeof(line), svg)) {
        inside = inside || strstr(line, "<svg");
        if (inside)
            fputs(line, out);
    }
    if (svg)
        fclose(svg);
    return inside;
}

bool chart_bars(FILE *out, const struct chart *chart, const char *folder)
{
    char script[1100], image[1100], program[] = "gnuplot", name[] = "chart.gnuplot", *const argv[] = {program, name, NULL};
    struct process_result result;
    snprintf(script, sizeof(script), "%s/chart.gnuplot", folder);
    snprintf(image, sizeof(image), "%s/chart.svg", folder);
    FILE *file = pixfer_file_stream(script, "w");
    if (!file)
        return false;
    write_script(file, chart);
    bool good = !fclose(file) && pixfer_process_run(&result, folder, NULL, argv) && copy_svg(out, image);
    pixfer_file_unlink(script);
    pixfer_file_unlink(image);
    return good;
}

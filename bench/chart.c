/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE /* popen */
#define _DARWIN_C_SOURCE
#include "chart.h"

#include <string.h>
#include <unistd.h>

static void write_script(FILE *gnuplot, const struct chart *chart, const char *scratch)
{
    double largest = 0;
    fprintf(gnuplot, "$bars << END\n");
    for (size_t i = 0; i < chart->count; i++) {
        fprintf(gnuplot, "%zu %.9g \"", i, chart->values[i]);
        fprintf(gnuplot, chart->format, chart->values[i]);
        fprintf(gnuplot, "\" \"%s\"\n", chart->labels[i]);
        if (chart->values[i] > largest)
            largest = chart->values[i];
    }
    fprintf(gnuplot,
            "END\nset terminal svg noenhanced size 760,%zu font 'sans-serif,14' background 'white'\nset output '%s'\n"
            "set title '%s' font ',16'\nunset key\nunset border\nset grid xtics lc rgb '#dddddd'\n"
            "set style fill solid noborder\nset yrange [%zu.5:-0.5]\nset xrange [0:%.9g]\nset ytics scale 0\nset xtics scale 0\n"
            "set lmargin 24\n"
            "colour(i) = int(i) == %zu ? 0x2b8a3e : 0x868e96\n"
            "plot $bars using (0):1:(0):2:($1-0.35):($1+0.35):(colour($1)):ytic(4) with boxxyerror lc rgb variable, \\\n"
            "     $bars using 2:1:3 with labels left offset 0.5,0\n",
            80 + 34 * chart->count, scratch, chart->title, chart->count - 1, largest * 1.15, chart->highlight);
}

/* Without the XML declaration and comments in front, which have no place inside a page. */
static bool copy_svg(FILE *out, const char *scratch)
{
    char line[4096];
    bool inside = false;
    FILE *svg = fopen(scratch, "r");
    while (svg && fgets(line, sizeof(line), svg)) {
        inside = inside || strstr(line, "<svg");
        if (inside)
            fputs(line, out);
    }
    if (svg)
        fclose(svg);
    return inside;
}

bool chart_bars(FILE *out, const struct chart *chart, const char *scratch)
{
    FILE *gnuplot = popen("gnuplot 2>/dev/null", "w");
    if (!gnuplot)
        return false;
    write_script(gnuplot, chart, scratch);
    bool good = !pclose(gnuplot) && copy_svg(out, scratch);
    unlink(scratch);
    return good;
}

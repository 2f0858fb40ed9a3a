/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#define _DARWIN_C_SOURCE
#include <pixfer/pixfer.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "../src/platform/files.h"
#include "../src/platform/process.h"
#include "../tools/pixfer/args.h"
#include "../tools/pixfer/machine_json.h"
#include "../tools/pixfer/text.h"
#include "bench.h"

static char command[1024];

void bench_set_command(int argc, char **argv)
{
    size_t used = (size_t)snprintf(command, sizeof(command), "pixfer bench");
    for (int i = 1; i < argc && used < sizeof(command); i++) {
        const char *quote = strpbrk(argv[i], " '\"$*?") ? "'" : "";
        used += (size_t)snprintf(command + used, sizeof(command) - used, " %s%s%s", quote, argv[i], quote);
    }
}

json_t *bench_json_text(const char *text)
{
    char line[4096];
    return json_string(text_escape(line, sizeof(line), text));
}

/* The variables that change what the library does. */
static json_t *environment(void)
{
    static const char *const names[] = {"PIXFER_BACKEND", "PIXFER_CPU", "PIXFER_THREADS", "PIXFER_STREAM", "PIXFER_PREFETCH"};
    json_t *found = json_object();
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (getenv(names[i]))
            json_object_set_new(found, names[i], bench_json_text(getenv(names[i])));
    return found;
}

json_t *bench_record(void)
{
    return json_pack("{s:s, s:o, s:f, s:o, s:o}", "pixfer", pixfer_version(), "machine", machine_json(), "load_average",
                     pixfer_system_load(), "command", bench_json_text(command), "environment", environment());
}

const char *bench_record_text(const json_t *result)
{
    static char text[6000];
    const json_t *machine = json_object_get(result, "machine");
    snprintf(text, sizeof(text), "pixfer %s, %s\n%s, %.0f processors, %s, load %.2f at the start\n\n    %s\n",
             bench_text(result, "pixfer"), bench_text(machine, "compiler"), bench_text(machine, "cpu"),
             bench_number(machine, "processors"), bench_text(machine, "system"), bench_number(result, "load_average"),
             bench_text(result, "command"));
    return text;
}

void bench_print_record(FILE *out, const json_t *result)
{
    fputs(bench_record_text(result), out);
}

bool bench_write_json(const json_t *result, const char *path)
{
    size_t flags = JSON_INDENT(2) | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(6);
    FILE *file = strcmp(path, "-") ? pixfer_file_stream(path, "w") : stdout;
    bool good = file && !json_dumpf(result, file, flags) && fputc('\n', file) != EOF && !fflush(file);
    if (file && file != stdout)
        good = !fclose(file) && good;
    if (!good)
        failure("bench", "%s cannot be written", path);
    return good;
}

double bench_number(const json_t *object, const char *key)
{
    return json_number_value(json_object_get(object, key));
}

const char *bench_text(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

/* ---- Tables -------------------------------------------------------------------------------------------------------------- */

void table_set(struct table *table, unsigned column, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    vsnprintf(table->cell[table->rows][column], TABLE_CELL, format, list);
    va_end(list);
}

void table_next(struct table *table)
{
    if (table->rows < TABLE_ROWS - 1)
        table->rows++;
}

static int column_width(const struct table *table, unsigned column)
{
    size_t width = 0;
    for (unsigned row = 0; row < table->rows; row++)
        if (strlen(table->cell[row][column]) > width)
            width = strlen(table->cell[row][column]);
    return (int)width;
}

static void print_rule(FILE *out, const struct table *table)
{
    fprintf(out, "|");
    for (unsigned column = 0; column < table->columns; column++)
        fprintf(out, column < table->left ? "---|" : "---:|");
    fprintf(out, "\n");
}

void table_print(FILE *out, const struct table *table, bool markdown)
{
    for (unsigned row = 0; row < table->rows; row++) {
        for (unsigned column = 0; column < table->columns; column++) {
            int width = column_width(table, column);
            fprintf(out, "%s%*s",
                    markdown ? "| "
                    : column ? "  "
                             : "",
                    column < table->left ? -width : width, table->cell[row][column]);
            if (markdown)
                fprintf(out, " ");
        }
        fprintf(out, markdown ? "|\n" : "\n");
        if (markdown && !row)
            print_rule(out, table);
    }
}

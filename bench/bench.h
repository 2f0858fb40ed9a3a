/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_BENCH_H
#define PIXFER_BENCH_H

/* The parts of `pixfer bench`. Results are gathered as JSON first, and every other form is printed from it. */

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

int bench_convert(int argc, char **argv);
int bench_export(int argc, char **argv);

/* The command as it was typed, for the record. */
void bench_set_command(int argc, char **argv);

/* {"pixfer": version, "machine": ..., "load_average": ..., "command": ..., "environment": {PIXFER_...}} */
json_t *bench_record(void);

/* "pixfer bench convert on AMD EPYC, 2 processors, ..." */
void bench_print_record(FILE *out, const json_t *result);
const char *bench_record_text(const json_t *result); /* the same; valid until the next call */

/* A JSON string of names and messages from outside, escaped as in text.h: valid UTF-8 without control characters. */
json_t *bench_json_text(const char *text);

/* Writes the whole as indented JSON to a file, "-" for standard output. False after a message. */
bool bench_write_json(const json_t *result, const char *path);

/* The tables, as aligned text or as Markdown. */
void bench_print_convert(FILE *out, const json_t *result, bool markdown);

/* A number or string of an object; 0 or "" where there is none. */
double bench_number(const json_t *object, const char *key);
const char *bench_text(const json_t *object, const char *key);

/* ---- Tables: cells are given row by row, the first row is the heading ----------------------------------------------------- */

enum { TABLE_COLUMNS = 12, TABLE_ROWS = 80, TABLE_CELL = 64 };

struct table {
    unsigned columns, rows, left; /* the first `left` columns are aligned left, the others right */
    char cell[TABLE_ROWS][TABLE_COLUMNS][TABLE_CELL];
};

#if defined(__GNUC__)
__attribute__((format(printf, 3, 4)))
#endif
void table_set(struct table *table, unsigned column, const char *format, ...);
void table_next(struct table *table);
void table_print(FILE *out, const struct table *table, bool markdown);

#endif

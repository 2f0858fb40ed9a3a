/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_BENCH_EXPORT_H
#define PIXFER_BENCH_EXPORT_H

/* `pixfer bench export` in three parts: the command (bench_export.c), what is run and measured (bench_export_run.c), and how
 * it is shown (bench_export_report.c). */

#include <jansson.h>

#include "../tools/pixfer/args.h"
#include "video.h"

struct export_bench {
    struct clip clip;       /* RGB, as given or decoded into the scratch folder */
    struct clip ready;      /* the same as NV12 */
    uint64_t loops, frames; /* of the clip; frames of each export */
    const char *encoder, *preset, *only;
    double crf;
    unsigned repeat;
    bool decoded;      /* clip is ours to remove */
    char scratch[900]; /* a folder of our own */
};

/* Runs every contender `repeat` times in turns and gathers {"settings": ..., "contenders": [...], "absent": [...]} in result.
 * Returns an exit code. */
int export_bench_run(const struct export_bench *bench, json_t *result);

void bench_print_export(FILE *out, const json_t *result, bool markdown);

/* One self-contained page; charts by gnuplot. False after a message. */
bool bench_write_html(const json_t *result, const char *path, const char *scratch);
bool bench_write_chart(const json_t *result, const char *path, const char *scratch);

#endif

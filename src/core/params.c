/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#define __USE_MINGW_ANSI_STDIO 1 /* see log.h */
#include "params.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../platform/platform.h"
#include "backend.h"
#include "cpu.h"
#include "image.h"
#include "sized.h"

#define MAX_THREADS 256

/* Below this many pixels a thread waits longer for its start than its share takes. */
#define PIXELS_PER_THREAD (1u << 19)
#define MAX_CHOSEN_THREADS 8

static bool refuse(const struct pixfer_log *log, const char *what, long long found, const char *expected)
{
    pixfer_log_write(log, PIXFER_LOG_ERROR, "%s is %lld, expected %s", what, found, expected);
    return false;
}

static const char *environment(const char *name)
{
    const char *value = getenv(name);

    return value && *value ? value : NULL;
}

static bool equal_in_any_case(const char *value, const char *lower_case)
{
    while (*value && tolower((unsigned char)*value) == *lower_case) {
        value++;
        lower_case++;
    }
    return !*value && !*lower_case;
}

static bool backend_from_environment(struct pixfer_settings *s)
{
    const char *value = environment("PIXFER_BACKEND");
    char names[128] = "auto";

    if (!value || s->params.backend != PIXFER_BACKEND_AUTO || !strcmp(value, names))
        return true;
    for (const struct pixfer_backend_ops *const *ops = pixfer_backends; *ops; ops++) {
        if (!strcmp(value, (*ops)->name)) {
            s->params.backend = (*ops)->id;
            return true;
        }
        snprintf(names + strlen(names), sizeof(names) - strlen(names), "%s%s", ops[1] ? ", " : " or ", (*ops)->name);
    }
    pixfer_log_write(&s->log, PIXFER_LOG_ERROR, "PIXFER_BACKEND is \"%s\", expected %s", value, names);
    return false;
}

static bool threads_from_environment(struct pixfer_settings *s)
{
    const char *value = environment("PIXFER_THREADS");
    char *end;
    long threads;

    if (!value || s->params.threads)
        return true;
    errno = 0;
    threads = strtol(value, &end, 10);
    if (errno || *end || threads < 0 || threads > MAX_THREADS) {
        pixfer_log_write(&s->log, PIXFER_LOG_ERROR, "PIXFER_THREADS is \"%s\", expected a number from 0 to %d", value,
                         MAX_THREADS);
        return false;
    }
    s->params.threads = (unsigned)threads;
    return true;
}

/* 0 or 1 by the first or the second half of the words, -1 for another word. */
static int switch_value(const char *value)
{
    static const char *const words[] = {"0", "false", "off", "no", "1", "true", "on", "yes"};

    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
        if (equal_in_any_case(value, words[i]))
            return i >= 4;
    return -1;
}

static bool forbidden_from_environment(struct pixfer_settings *s)
{
    for (const struct pixfer_backend_ops *const *ops = pixfer_backends; *ops; ops++) {
        const char *value = (*ops)->forbidden_by ? environment((*ops)->forbidden_by) : NULL;
        const int allowed = value ? switch_value(value) : 1;

        if (allowed < 0) {
            pixfer_log_write(&s->log, PIXFER_LOG_ERROR, "%s is \"%s\", expected 0, false, off or no, or 1, true, on or yes",
                             (*ops)->forbidden_by, value);
            return false;
        }
        if (!allowed)
            s->forbidden |= 1u << (*ops)->id;
    }
    return true;
}

/* A frame that fits a core's share of the cache with its source is written into it, for whoever reads it next. A larger one would
 * only push out what is there, and each line written would first be read. Measured in doc/performance.md. */
#define STREAM_FROM_BYTES (8u << 20)

static bool choose_stream(struct pixfer_settings *s)
{
    const struct pixfer_converter_params *p = &s->params;
    const char *value = environment("PIXFER_STREAM");
    struct pixfer_image image;

    s->stream = pixfer_image_layout(&image, p->src_format, p->width, p->height, NULL, 1) +
                    pixfer_image_layout(&image, p->dst_format, p->width, p->height, NULL, 1) >=
                STREAM_FROM_BYTES;
    if (!value)
        return true;
    s->stream = *value == '1';
    if ((*value == '0' || *value == '1') && !value[1])
        return true;
    pixfer_log_write(&s->log, PIXFER_LOG_ERROR, "PIXFER_STREAM is \"%s\", expected 0 or 1", value);
    return false;
}

static bool check_cpu(struct pixfer_settings *s)
{
    if (!s->params.cpu)
        s->params.cpu = environment("PIXFER_CPU");
    if (!s->params.cpu)
        return true;
    for (int isa = 0; isa < PIXFER_ISA_COUNT; isa++) {
        if (!strcmp(s->params.cpu, pixfer_isa_names[isa])) {
            s->params.cpu = pixfer_isa_names[isa]; /* the caller's string may not live as long as the converter */
            return true;
        }
    }
    pixfer_log_write(&s->log, PIXFER_LOG_ERROR, "cpu is \"%s\", expected c, avx2, avx512, neon or simd128", s->params.cpu);
    return false;
}

static bool check_color(struct pixfer_settings *s)
{
    struct pixfer_color *color = &s->params.color;

    switch ((int)color->matrix) {
    case PIXFER_MATRIX_DEFAULT:
        color->matrix = PIXFER_MATRIX_BT709;
        break;
    case 5: /* BT.470BG: the same coefficients under another number */
        color->matrix = PIXFER_MATRIX_BT601;
        break;
    case PIXFER_MATRIX_BT709:
    case PIXFER_MATRIX_BT601:
    case PIXFER_MATRIX_SMPTE240M:
    case PIXFER_MATRIX_BT2020_NCL:
        break;
    default:
        return refuse(&s->log, "color.matrix", (int)color->matrix, "an H.273 number of 0 (default), 1, 5, 6, 7 or 9");
    }
    if ((unsigned)color->range > PIXFER_RANGE_FULL)
        return refuse(&s->log, "color.range", (int)color->range, "0 (limited) or 1 (full)");
    if ((unsigned)color->siting > PIXFER_SITING_TOP_LEFT)
        return refuse(&s->log, "color.siting", (int)color->siting, "0 (left), 1 (centre) or 2 (top-left)");
    return true;
}

static bool check_formats(const struct pixfer_settings *s)
{
    const struct pixfer_converter_params *p = &s->params;

    if (!pixfer_format_planes(p->src_format))
        return refuse(&s->log, "src_format", (int)p->src_format, "a format of enum pixfer_format");
    if (!pixfer_format_planes(p->dst_format))
        return refuse(&s->log, "dst_format", (int)p->dst_format, "a format of enum pixfer_format");
    return true;
}

static bool check_size(const struct pixfer_settings *s)
{
    const struct pixfer_converter_params *p = &s->params;
    struct pixfer_image image;

    if (!p->width || p->width > PIXFER_MAX_SIZE)
        return refuse(&s->log, "width", p->width, "1 to 16777216 pixels");
    if (!p->height || p->height > PIXFER_MAX_SIZE)
        return refuse(&s->log, "height", p->height, "1 to 16777216 pixels");
    if (!pixfer_image_layout(&image, p->src_format, p->width, p->height, NULL, 1) ||
        !pixfer_image_layout(&image, p->dst_format, p->width, p->height, NULL, 1)) {
        pixfer_log_write(&s->log, PIXFER_LOG_ERROR, "a frame of %ux%u pixels overflows memory, expected a smaller one",
                         (unsigned)p->width, (unsigned)p->height);
        return false;
    }
    return true;
}

static bool check_alpha(const struct pixfer_settings *s)
{
    const struct pixfer_converter_params *p = &s->params;

    if ((unsigned)p->alpha > PIXFER_ALPHA_COMPOSE)
        return refuse(&s->log, "alpha", (int)p->alpha, "0 (drop) or 1 (compose)");
    if (p->background > 0xffffff)
        return refuse(&s->log, "background", p->background, "0xRRGGBB, 0 to 16777215");
    return true;
}

static unsigned choose_threads(const struct pixfer_converter_params *p)
{
    const uint64_t useful = (uint64_t)p->width * p->height / PIXELS_PER_THREAD;
    unsigned threads = pixfer_cpu_count();

    if (threads > MAX_CHOSEN_THREADS)
        threads = MAX_CHOSEN_THREADS;
    if (threads > useful)
        threads = useful ? (unsigned)useful : 1;
    return threads;
}

enum pixfer_result pixfer_settings_init(struct pixfer_settings *s, const struct pixfer_converter_params *params)
{
    const size_t least = offsetof(struct pixfer_converter_params, color), size = params->struct_size;

    *s = (struct pixfer_settings){0};
    if (size >= least)
        pixfer_sized_read(&s->params, sizeof(s->params), params);
    if (pixfer_log_init(&s->log, s->params.log, s->params.log_opaque)) {
        pixfer_log_write(&s->log, PIXFER_LOG_ERROR, PIXFER_LOG_REFUSED, getenv("PIXFER_LOG"));
        return PIXFER_ERR_INVALID;
    }
    if (size < least) {
        pixfer_log_write(&s->log, PIXFER_LOG_ERROR, "params.struct_size is %zu, expected %zu: use PIXFER_CONVERTER_PARAMS", size,
                         sizeof(s->params));
        return PIXFER_ERR_INVALID;
    }
    if (!check_formats(s) || !check_size(s) || !check_color(s) || !check_alpha(s) || !check_cpu(s) || !choose_stream(s))
        return PIXFER_ERR_INVALID;
    if (s->params.backend != PIXFER_BACKEND_AUTO && !pixfer_backend_find(s->params.backend)) {
        refuse(&s->log, "backend", (int)s->params.backend, "a number of enum pixfer_backend");
        return PIXFER_ERR_INVALID;
    }
    if (s->params.threads > MAX_THREADS) {
        refuse(&s->log, "threads", s->params.threads, "0 (choose) to 256");
        return PIXFER_ERR_INVALID;
    }
    if (!backend_from_environment(s) || !threads_from_environment(s) || !forbidden_from_environment(s))
        return PIXFER_ERR_INVALID;
    if (!pixfer_has_threads())
        s->params.threads = 1;
    if (!s->params.threads)
        s->params.threads = choose_threads(&s->params);
    return PIXFER_OK;
}

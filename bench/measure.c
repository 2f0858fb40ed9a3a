/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE /* clock_gettime */
#include "measure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../src/platform/platform.h"

enum {
    MAX_ROUNDS = 4096,
    MIN_ROUNDS = 8,
    MAX_PERIOD = 8, /* everybody takes part in the first round, and in one of the least number */
    ALIGN = 64,
    PAGE = 4096,
    OUT_OF_CACHE = 128 << 20, /* bytes of source in rotation: several times the last-level cache that one core sees */
};
static const double turn_seconds = 0.008;

/* The pictures that all entrants share. */
struct pictures {
    unsigned count;
    struct pixfer_image *src, *dst;
    struct pixfer_image exact; /* what dst should be */
    uint8_t *block, *memory;   /* from the first whole page on */
};

static double now(void)
{
    return pixfer_now();
}

/* ---- Pictures ------------------------------------------------------------------------------------------------------------ */

static size_t rounded(size_t size)
{
    return (size + 4095) / 4096 * 4096;
}

/* Noise: the case in which no kernel can write plain areas again instead of computing them, so it flatters none. */
static void fill(uint8_t *at, size_t size)
{
    uint64_t state = 0x9e3779b97f4a7c15u;
    for (size_t i = 0; i < size; i++) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        at[i] = (uint8_t)(state >> 32);
    }
}

static void close_pictures(struct pictures *p)
{
    free(p->src);
    free(p->dst);
    free(p->block);
}

static bool open_pictures(struct pictures *p, const struct bench_case *job)
{
    struct pixfer_image probe;
    size_t source = rounded(pixfer_image_layout(&probe, PIXFER_FORMAT_RGBA, job->width, job->height, NULL, ALIGN));
    size_t result = rounded(pixfer_image_layout(&probe, PIXFER_FORMAT_NV12, job->width, job->height, NULL, ALIGN));
    if (!source || !result || source > SIZE_MAX / 8)
        return false;
    p->count = job->cached ? 1 : (unsigned)((OUT_OF_CACHE + source - 1) / source);
    if (!job->cached && p->count < 2)
        p->count = 2;
    p->src = calloc(p->count, sizeof(*p->src));
    p->dst = calloc(p->count, sizeof(*p->dst));
    p->block = malloc(p->count * (source + result) + result + PAGE - 1);
    if (!p->src || !p->dst || !p->block)
        return false;
    p->memory = p->block + (PAGE - (uintptr_t)p->block % PAGE) % PAGE;
    uint8_t *at = p->memory;
    for (unsigned i = 0; i < p->count; i++, at += source) {
        pixfer_image_layout(&p->src[i], PIXFER_FORMAT_RGBA, job->width, job->height, at, ALIGN);
        if (i)
            memcpy(at, p->memory, source);
        else
            fill(at, source);
    }
    for (unsigned i = 0; i < p->count; i++, at += result)
        pixfer_image_layout(&p->dst[i], PIXFER_FORMAT_NV12, job->width, job->height, at, ALIGN);
    pixfer_image_layout(&p->exact, PIXFER_FORMAT_NV12, job->width, job->height, at, ALIGN);
    memset(p->dst[0].plane[0], 0, p->count * result + result); /* page faults happen here */
    return true;
}

/* ---- Entrants ------------------------------------------------------------------------------------------------------------ */

static enum pixfer_siting siting_of(const struct measurement *m, const struct entrant *entrant)
{
    return entrant->kind->center_only ? PIXFER_SITING_CENTER : m->job->siting;
}

static bool exact_result(const struct measurement *m, const struct entrant *entrant, const struct pictures *p)
{
    struct pixfer_converter *converter;
    if (pixfer_converter_open(
            &converter, &PIXFER_CONVERTER_PARAMS(.src_format = PIXFER_FORMAT_RGBA, .dst_format = PIXFER_FORMAT_NV12,
                                                 .width = m->job->width, .height = m->job->height,
                                                 .color = {.matrix = entrant->kind->matrix, .siting = siting_of(m, entrant)},
                                                 .backend = PIXFER_BACKEND_CPU, .threads = 1, .cpu = "c")) != PIXFER_OK)
        return false;
    bool good = pixfer_convert(converter, &p->src[0], &p->exact) == PIXFER_OK;
    pixfer_converter_close(&converter);
    return good;
}

static void compare(struct entrant *entrant, const struct pixfer_image *found, const struct pixfer_image *exact)
{
    for (unsigned plane = 0; plane < 2; plane++) {
        size_t bytes, rows, off = 0;
        pixfer_plane_size(PIXFER_FORMAT_NV12, exact->width, exact->height, plane, &bytes, &rows);
        for (size_t y = 0; y < rows; y++) {
            const uint8_t *a = found->plane[plane] + y * (size_t)found->stride[plane];
            const uint8_t *b = exact->plane[plane] + y * (size_t)exact->stride[plane];
            for (size_t x = 0; x < bytes; x++) {
                unsigned difference = (unsigned)abs(a[x] - b[x]);
                off += difference != 0;
                if (difference > entrant->worst[plane])
                    entrant->worst[plane] = difference;
            }
        }
        entrant->share_off[plane] = (double)off / ((double)bytes * (double)rows);
    }
}

static void turn(const struct pictures *p, const struct entrant *entrant, unsigned *next)
{
    for (unsigned i = 0; i < entrant->calls; i++, *next = (*next + 1) % p->count)
        entrant->kind->run(entrant->state, &p->src[*next], &p->dst[*next]);
}

/* How many conversions make a turn. */
static void calibrate(struct entrant *entrant, const struct pictures *p, double turn_time)
{
    unsigned next = 0;
    double elapsed = 0;
    for (entrant->calls = 1; entrant->calls < 1 << 20; entrant->calls *= 2) {
        double start = now();
        turn(p, entrant, &next);
        elapsed = now() - start;
        if (elapsed >= turn_time / 2)
            break;
    }
    double wanted = entrant->calls * turn_time / elapsed;
    entrant->calls = wanted < 1 ? 1 : (unsigned)(wanted + 0.5);
    entrant->period = wanted * MAX_PERIOD < 1 ? MAX_PERIOD : wanted < 1 ? (unsigned)(1 / wanted + 0.5) : 1;
}

/* False if memory runs out; an entrant that cannot be opened is no failure. */
static bool open_entrant(const struct measurement *m, struct entrant *entrant, const struct pictures *p)
{
    struct contender_job job = {m->job->width, m->job->height, m->job->siting, entrant->threads};
    entrant->samples = calloc(MAX_ROUNDS, sizeof(*entrant->samples));
    if (!entrant->samples)
        return false;
    if (!entrant->kind->open(&entrant->state, &job, entrant->variant, &entrant->reason)) {
        entrant->state = NULL;
        return true;
    }
    if (entrant->kind->converts) {
        if (!exact_result(m, entrant, p))
            return false;
        entrant->kind->run(entrant->state, &p->src[0], &p->dst[0]);
        compare(entrant, &p->dst[0], &p->exact);
    }
    calibrate(entrant, p, m->job->seconds < turn_seconds ? m->job->seconds : turn_seconds);
    return true;
}

/* ---- Rounds -------------------------------------------------------------------------------------------------------------- */

/* One conversion before the clock starts brings an entrant's code and threads back from where the others have pushed them;
 * where a conversion is a whole turn that no longer matters. */
static double sample(const struct pictures *p, const struct entrant *entrant, unsigned *next)
{
    if (entrant->calls > 1) {
        entrant->kind->run(entrant->state, &p->src[*next], &p->dst[*next]);
        *next = (*next + 1) % p->count;
    }
    double start = now();
    turn(p, entrant, next);
    return (now() - start) / entrant->calls;
}

static void run_rounds(struct measurement *m, const struct pictures *p)
{
    unsigned next = 0;
    size_t present = 0;
    for (size_t i = 0; i < m->count; i++)
        present += m->entrants[i].state != NULL;
    double end = now() + m->job->seconds * (double)present;
    for (m->rounds = 0; m->rounds < MAX_ROUNDS && (m->rounds < MIN_ROUNDS || now() < end); m->rounds++)
        for (size_t i = 0; i < m->count; i++) {
            /* Every other round goes backwards, so that nobody always follows the same neighbour. */
            struct entrant *entrant = &m->entrants[m->rounds % 2 ? m->count - 1 - i : i];
            if (entrant->state && m->rounds % entrant->period == 0)
                entrant->samples[m->rounds] = sample(p, entrant, &next);
        }
}

bool measure(struct measurement *m)
{
    struct pictures p = {0};
    bool good = open_pictures(&p, m->job);
    m->frames = p.count;
    for (size_t i = 0; good && i < m->count; i++)
        good = open_entrant(m, &m->entrants[i], &p);
    if (good)
        run_rounds(m, &p);
    close_pictures(&p);
    return good;
}

void measure_close(struct measurement *m)
{
    for (size_t i = 0; i < m->count; i++) {
        if (m->entrants[i].state)
            m->entrants[i].kind->close(m->entrants[i].state);
        free(m->entrants[i].samples);
    }
}

/* ---- Statistics ---------------------------------------------------------------------------------------------------------- */

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double quantile_of(double *values, size_t count, double quantile)
{
    qsort(values, count, sizeof(*values), ascending);
    double at = quantile * (double)(count - 1);
    size_t below = (size_t)at;
    double above = below + 1 < count ? values[below + 1] : values[below];
    return values[below] + (at - (double)below) * (above - values[below]);
}

double measure_quantile(const struct measurement *m, const struct entrant *entrant, double quantile)
{
    static double values[MAX_ROUNDS];
    size_t count = 0;
    for (size_t i = 0; i < m->rounds; i++)
        if (entrant->samples[i] > 0)
            values[count++] = entrant->samples[i];
    return quantile_of(values, count, quantile);
}

double measure_ratio(const struct measurement *m, const struct entrant *a, const struct entrant *b)
{
    static double values[MAX_ROUNDS];
    size_t count = 0;
    for (size_t i = 0; i < m->rounds; i++)
        if (a->samples[i] > 0 && b->samples[i] > 0)
            values[count++] = a->samples[i] / b->samples[i];
    return quantile_of(values, count, 0.5);
}

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE /* clock_gettime, getloadavg */
#include "times.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "../bench.h"

enum { MAX_ENTRANTS = 12, MIN_ROUNDS = 7, MAX_ROUNDS = 301 };

struct entrant {
    const struct peer *peer;
    const char *variant;
    void *state;
    unsigned calls;                                /* conversions in a turn */
    double seconds[MAX_ROUNDS], ratio[MAX_ROUNDS]; /* ratio: to the quickest of pixfer in the same round */
};

/* Processor time of this thread: what waits for other programs is not in it. */
static double thread_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static double wall_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

double load_now(void)
{
    double load = 0;
    return getloadavg(&load, 1) == 1 ? load : 0;
}

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, unsigned count)
{
    qsort(values, count, sizeof *values, by_value);
    return values[count / 2];
}

static unsigned open_entrants(struct entrant *entrants, const struct job *job, const struct peer *const *peers,
                              unsigned peer_count, const struct pixfer_image *src)
{
    unsigned count = 0;
    for (unsigned p = 0; p < peer_count; p++)
        for (const char *const *variant = peers[p]->variants(); peers[p]->timed && *variant && count < MAX_ENTRANTS; variant++) {
            struct entrant *e = &entrants[count];
            struct reason reason;
            e->peer = peers[p], e->variant = *variant;
            if (!peers[p]->open(&e->state, job, *variant, &reason))
                continue;
            if (peers[p]->give(e->state, src) && peers[p]->run(e->state))
                count++; /* that was its first frame, which is not counted */
            else
                peers[p]->close(e->state);
        }
    return count;
}

/* Returns the rounds done. */
static unsigned take_turns(struct entrant *entrants, unsigned count, double seconds)
{
    const double start = wall_seconds();
    unsigned round = 0;
    for (; round < MAX_ROUNDS && (round < MIN_ROUNDS || wall_seconds() - start < seconds * count); round++) {
        double best = 0;
        for (unsigned i = 0; i < count; i++) {
            struct entrant *e = &entrants[round % 2 ? count - 1 - i : i];
            const double before = thread_seconds();
            for (unsigned call = 0; call < e->calls; call++)
                e->peer->run(e->state);
            e->seconds[round] = (thread_seconds() - before) / e->calls;
            if (e->peer == &peer_pixfer && (!(best > 0) || e->seconds[round] < best))
                best = e->seconds[round];
        }
        for (unsigned i = 0; i < count; i++)
            entrants[i].ratio[round] = entrants[i].seconds[round] / best;
    }
    return round;
}

static bool measure_path(const struct path *path, uint32_t width, uint32_t height, const struct peer *const *peers,
                         unsigned peer_count, double seconds, struct table *table)
{
    static struct entrant entrants[MAX_ENTRANTS];
    const struct job job = {path, path->dst, width, height};
    struct pixfer_image src;
    if (!frame_open(&src, path->src, width, height))
        return false;
    frame_fill(&src, path, CONTENT_NOISE, NULL);
    const unsigned count = open_entrants(entrants, &job, peers, peer_count, &src);
    frame_close(&src);
    /* What fits the cache stays there for a turn; larger frames are one a turn, between which the others' pass through it. */
    for (unsigned i = 0; i < count; i++)
        entrants[i].calls = (size_t)width * height < 100000 ? 40 : 1;
    const unsigned rounds = take_turns(entrants, count, seconds);
    for (unsigned i = 0; i < count; i++) {
        const double time = median(entrants[i].seconds, rounds);
        table_set(table, 0, "%s", path->name);
        table_set(table, 1, "%s %s", entrants[i].peer->name, entrants[i].variant);
        table_set(table, 2, "%u × %u", width, height);
        table_set(table, 3, time < 1e-3 ? "%.4f" : "%.2f", time * 1e3);
        table_set(table, 4, "%.3f", time * 1e9 / ((double)width * height));
        table_set(table, 5, "%.2f", median(entrants[i].ratio, rounds));
        table_set(table, 6, "%u", rounds);
        table_next(table);
        entrants[i].peer->close(entrants[i].state);
    }
    return true;
}

bool times_print(const struct path *paths, unsigned path_count, const struct peer *const *peers, unsigned peer_count,
                 double seconds)
{
    static struct table table;
    static const char *const heading[] = {"", "converter", "size", "ms", "ns a pixel", "to pixfer's best", "frames"};
    const double before = load_now();
    bool good = true;
    table.columns = 7, table.left = 3;
    for (unsigned i = 0; i < 7; i++)
        table_set(&table, i, "%s", heading[i]);
    table_next(&table);
    for (unsigned i = 0; good && i < path_count; i++)
        if (paths[i].matrix == PIXFER_MATRIX_BT709 || paths[i].transfer) /* BT.2020 of R'G'B' is the same work */
            good = measure_path(&paths[i], 3840, 2160, peers, peer_count, seconds, &table) &&
                   measure_path(&paths[i], 1920, 1080, peers, peer_count, seconds, &table) &&
                   (paths[i].transfer || measure_path(&paths[i], 640, 96, peers, peer_count, seconds / 4, &table));
    printf("\n## Times: noise, 4:2:0, one thread, processor time, medians; load %.2f before and %.2f after\n\n", before,
           load_now());
    table_print(stdout, &table, true);
    return good;
}

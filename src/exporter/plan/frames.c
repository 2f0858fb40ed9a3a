/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include "frames.h"

#include <stdlib.h>

static const int64_t farthest = INT64_C(1) << 62;
static const uint64_t most_frames = UINT64_C(1) << 40;

static bool append(struct frame_table *t, struct frame_run run)
{
    struct frame_run *last = t->count ? &t->runs[t->count - 1] : NULL;
    if (last && t->count > 1 && last->step == run.step && last->lasts == run.lasts) {
        last->count += run.count;
        return true;
    }
    if (!t->runs || t->count == t->capacity) {
        size_t capacity = t->capacity ? 2 * t->capacity : 16;
        struct frame_run *runs = realloc(t->runs, capacity * sizeof(*runs));
        if (!runs)
            return false;
        t->runs = runs;
        t->capacity = capacity;
    }
    t->runs[t->count++] = run;
    return true;
}

bool pixfer_frames_add(struct frame_table *t, int64_t ticks, int64_t lasts, uint64_t count, int64_t step)
{
    int64_t end;
    if (!count || count > most_frames || t->frames > most_frames || lasts < 0 || lasts > farthest || ticks < -farthest ||
        ticks > farthest || (t->frames && ticks <= t->last) || (count > 1 && step <= 0) ||
        __builtin_mul_overflow((int64_t)count - 1, step, &end) || __builtin_add_overflow(end, ticks, &end) || end > farthest)
        return false;
    const struct frame_run first = {ticks - (t->frames ? t->last : 0), lasts, 1}, rest = {step, lasts, count - 1};
    if (!append(t, first) || (count > 1 && !append(t, rest)))
        return false;
    t->frames += count;
    t->last = end;
    return true;
}

bool pixfer_frames_at(const struct frame_table *t, struct frame_cursor *c, uint64_t index, int64_t *ticks, int64_t *lasts)
{
    if (index >= t->frames)
        return false;
    if (index < c->before)
        *c = (struct frame_cursor){0};
    while (index - c->before >= t->runs[c->run].count) {
        const struct frame_run *run = &t->runs[c->run++];
        c->before += run->count;
        c->time += run->step * (int64_t)run->count;
    }
    const struct frame_run *run = &t->runs[c->run];
    *ticks = c->time + run->step * (int64_t)(index - c->before + 1);
    *lasts = run->lasts;
    return true;
}

void pixfer_frames_free(struct frame_table *t)
{
    free(t->runs);
    *t = (struct frame_table){0};
}
#endif

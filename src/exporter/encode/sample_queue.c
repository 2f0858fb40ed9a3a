/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include <stdlib.h>
#include <string.h>

#include "sample_queue.h"

/* Small, so that memory goes back as samples leave; many small pushes share one. */
static const size_t chunk_bytes = 64 * 1024;

struct sample_chunk {
    struct sample_chunk *next;
    int64_t first, count; /* samples that have left, and that are left */
    int64_t room;         /* 0 = silence */
    float samples[];
};

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static size_t size_of(const struct sample_queue *q, const struct sample_chunk *c)
{
    return sizeof(*c) + (size_t)c->room * q->channels * sizeof(float);
}

static struct sample_chunk *new_chunk(const struct sample_queue *q, bool silence)
{
    struct sample_chunk shape = {.room = silence ? 0 : (int64_t)(chunk_bytes / sizeof(float) / q->channels)};
    struct sample_chunk *c = malloc(size_of(q, &shape));
    if (c)
        *c = shape;
    return c;
}

static void link_chunk(struct sample_queue *q, struct sample_chunk *c)
{
    if (q->last)
        q->last->next = c;
    else
        q->first = c;
    q->last = c;
    q->bytes += size_of(q, c);
}

static void free_first(struct sample_queue *q)
{
    struct sample_chunk *c = q->first;
    q->first = c->next;
    if (!q->first)
        q->last = NULL;
    q->bytes -= size_of(q, c);
    free(c);
}

static bool append_silence(struct sample_queue *q, int64_t count)
{
    if (!q->last || q->last->room) {
        struct sample_chunk *c = new_chunk(q, true);
        if (!c)
            return false;
        link_chunk(q, c);
    }
    q->last->count += count;
    q->count += count;
    return true;
}

bool pixfer_samples_append(struct sample_queue *q, const float *samples, int64_t count)
{
    const int64_t before = q->count;
    if (count <= 0)
        return true;
    if (!samples)
        return append_silence(q, count);
    while (count) {
        struct sample_chunk *c = q->last;
        int64_t used = c ? c->first + c->count : 0;
        if (!c || !c->room || used == c->room) {
            if (!(c = new_chunk(q, false))) {
                pixfer_samples_keep(q, before);
                return false;
            }
            link_chunk(q, c);
            used = 0;
        }
        const int64_t part = smaller(count, c->room - used);
        memcpy(c->samples + (size_t)used * q->channels, samples, (size_t)part * q->channels * sizeof(float));
        samples += (size_t)part * q->channels;
        c->count += part;
        q->count += part;
        count -= part;
    }
    return true;
}

bool pixfer_samples_prepend_silence(struct sample_queue *q, int64_t count)
{
    struct sample_chunk *c = count > 0 ? new_chunk(q, true) : NULL;
    if (!c)
        return count <= 0;
    c->count = count;
    c->next = q->first;
    q->first = c;
    if (!q->last)
        q->last = c;
    q->bytes += size_of(q, c);
    q->count += count;
    return true;
}

void pixfer_samples_take(struct sample_queue *q, float *out, int64_t count)
{
    while (count > 0) {
        struct sample_chunk *c = q->first;
        const int64_t part = smaller(count, c->count);
        const size_t values = (size_t)part * q->channels;
        if (out && c->room)
            memcpy(out, c->samples + (size_t)c->first * q->channels, values * sizeof(float));
        else if (out)
            memset(out, 0, values * sizeof(float));
        if (out)
            out += values;
        if (c->room)
            c->first += part;
        c->count -= part;
        q->count -= part;
        count -= part;
        if (!c->count)
            free_first(q);
    }
}

void pixfer_samples_keep(struct sample_queue *q, int64_t count)
{
    struct sample_chunk *c = q->first, *last = NULL;
    int64_t left = count;
    if (count >= q->count)
        return;
    q->count = count;
    for (; c && left >= c->count; c = c->next) {
        left -= c->count;
        last = c;
    }
    if (c && left) {
        c->count = left;
        last = c;
        c = c->next;
    }
    while (c) {
        struct sample_chunk *next = c->next;
        q->bytes -= size_of(q, c);
        free(c);
        c = next;
    }
    if (last)
        last->next = NULL;
    else
        q->first = NULL;
    q->last = last;
}
#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include <libavutil/avutil.h>
#include <libavutil/mathematics.h>
#include <stdlib.h>

#include "timing.h"

void pixfer_timing_init(struct timing *t, AVRational fps, bool own_times, AVRational stream_base, AVRational nominal)
{
    *t = (struct timing){.fps = fps, .stream_base = stream_base, .own_times = own_times};
    t->time_base = own_times ? stream_base : av_inv_q(fps);
    if (!own_times || av_q2d(stream_base) <= 1.0 / 10000)
        return;
    /* The finer clock has room for both the grid and the times that are not on it. */
    AVRational rate = nominal.num > 0 && nominal.den > 0 && av_q2d(nominal) <= 1000 ? nominal : fps;
    int times = 1;
    while ((int64_t)rate.num * times < 20000)
        times *= 10;
    t->grid = av_inv_q(rate);
    t->time_base = (AVRational){1, rate.num * times};
}

/* Containers with coarse clocks (Matroska counts milliseconds) round the times of a constant rate. Times within that rounding of
 * the grid of the nominal rate are put back on it; all others are kept. */
static int64_t snap(const struct timing *t, int64_t ticks)
{
    int64_t kept = av_rescale_q(ticks, t->stream_base, t->time_base);
    if (!t->grid.num)
        return kept;
    int64_t on_grid = av_rescale_q(av_rescale_q(ticks, t->stream_base, t->grid), t->grid, t->time_base);
    int64_t rounding = av_rescale_q_rnd(1, t->stream_base, t->time_base, AV_ROUND_UP);
    return llabs(on_grid - kept) <= rounding ? on_grid : kept;
}

int64_t pixfer_timing_duration(const AVFrame *frame)
{
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(58, 2, 100)
    return frame->duration;
#else
    return frame->pkt_duration;
#endif
}

void pixfer_timing_next(struct timing *t, int64_t ticks, int64_t lasts, int64_t *pts, int64_t *duration)
{
    int64_t one = av_rescale_q(1, av_inv_q(t->fps), t->time_base);
    *duration = one > 0 ? one : 1;
    *pts = (int64_t)t->index * *duration;
    if (t->own_times) {
        if (ticks == AV_NOPTS_VALUE || (t->index && ticks <= t->last)) /* a broken stamp does not stop an export */
            ticks = t->index ? t->last + FFMAX(1, lasts) : 0;
        if (!t->index)
            t->first = ticks;
        t->last = ticks;
        *pts = snap(t, ticks - t->first);
        if (lasts > 0)
            *duration = FFMAX(1, snap(t, ticks - t->first + lasts) - *pts);
    }
    t->index++;
}
#endif

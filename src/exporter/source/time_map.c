/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include <libavutil/avutil.h>
#include <libavutil/mathematics.h>
#include <stdlib.h>
#include <string.h>

#include "time_map.h"

/* Decoding times only grow; what goes back further than this is no rounding. Times of display go back where frames are reordered: by
 * as many frames as H.264 and HEVC may hold, or this much where their duration is not known. */
static const int64_t back = AV_TIME_BASE / 10, back_display = 2 * AV_TIME_BASE, reordered = 16;
/* 140 years: what lies beyond is no time, and is not calculated with. */
static const int64_t beyond = (int64_t)1 << 52;

void pixfer_time_map_init(struct time_map *m, double max_gap)
{
    memset(m, 0, sizeof(*m));
    m->max_gap = (int64_t)((max_gap > 0 && max_gap < 1e9 ? max_gap : 10) * AV_TIME_BASE);
    m->shifts = 1;
}

static int64_t to_us(int64_t ticks, AVRational unit)
{
    if (ticks == AV_NOPTS_VALUE)
        return AV_NOPTS_VALUE;
    int64_t us = av_rescale_q(ticks, unit, AV_TIME_BASE_Q);
    return us > -beyond && us < beyond ? us : AV_NOPTS_VALUE;
}

static int64_t latest_end(const struct time_map *m)
{
    int64_t end = INT64_MIN;
    for (unsigned i = 0; i < TIME_MAP_STREAMS; i++)
        if (m->stream[i].begun && m->stream[i].end > end)
            end = m->stream[i].end;
    return end;
}

static int64_t earliest_start(const struct time_map *m)
{
    int64_t start = INT64_MAX;
    for (unsigned i = 0; i < TIME_MAP_STREAMS; i++)
        if (m->stream[i].begun && m->stream[i].start < start)
            start = m->stream[i].start;
    return start;
}

/* Does time `t`, moved by a shift, follow what the stream had before? Another stream may be ahead of it: that is no jump. One that has
 * not begun may begin before the others, but no further than a gap may be. */
static bool follows(const struct time_map *m, unsigned stream, int64_t t, int64_t tolerance)
{
    int64_t latest = latest_end(m);
    if (latest == INT64_MIN)
        return true;
    int64_t least = m->stream[stream].begun ? m->stream[stream].last - tolerance : earliest_start(m) - m->max_gap;
    return t >= least && t <= latest + m->max_gap;
}

/* The shift that makes `t` follow: one that is there, for the other stream has met the same jump, or a new one. */
static int64_t find_shift(struct time_map *m, unsigned stream, int64_t t, int64_t tolerance)
{
    unsigned *stretch = &m->stream[stream].stretch;
    for (unsigned i = m->shifts; i-- > 0;)
        if (follows(m, stream, t + m->shift[i], tolerance)) {
            *stretch = i;
            return m->shift[i];
        }
    int64_t here = t + m->shift[*stretch], latest = latest_end(m);
    int64_t to = here > latest ? latest + m->max_gap : latest;
    m->jumps++;
    m->jump = here - latest;
    m->at = latest;
    if (m->shifts == TIME_MAP_SHIFTS) { /* the oldest is not met again */
        memmove(m->shift, m->shift + 1, sizeof(m->shift) - sizeof(*m->shift));
        for (unsigned i = 0; i < TIME_MAP_STREAMS; i++)
            m->stream[i].stretch -= m->stream[i].stretch > 0;
        m->shifts--;
    }
    *stretch = m->shifts;
    return m->shift[m->shifts++] = to - t;
}

/* A container without decoding times gives the first packets only those of display. */
static int64_t tolerance_of(const struct time_map *m, unsigned stream, bool display, int64_t duration)
{
    if (!display && !m->stream[stream].display)
        return back;
    return duration * reordered > back_display ? duration * reordered : back_display;
}

static void move(int64_t *ticks, int64_t shift, AVRational unit)
{
    if (*ticks == AV_NOPTS_VALUE)
        return;
    int64_t us = to_us(*ticks, unit), by = av_rescale_q(shift, AV_TIME_BASE_Q, unit);
    *ticks = us == AV_NOPTS_VALUE || by == INT64_MIN ? AV_NOPTS_VALUE : *ticks + by;
}

bool pixfer_time_map_apply(struct time_map *m, unsigned stream, AVPacket *packet, AVRational unit)
{
    unsigned before = m->jumps;
    int64_t dts = to_us(packet->dts, unit), pts = to_us(packet->pts, unit), t = dts != AV_NOPTS_VALUE ? dts : pts;
    int64_t duration = packet->duration > 0 ? to_us(packet->duration, unit) : 0;
    if (duration == AV_NOPTS_VALUE || duration > m->max_gap) {
        packet->duration = duration == AV_NOPTS_VALUE ? 0 : av_rescale_q(m->max_gap, AV_TIME_BASE_Q, unit);
        duration = duration == AV_NOPTS_VALUE ? 0 : m->max_gap;
    }
    if (t == AV_NOPTS_VALUE) {
        m->without += packet->dts != AV_NOPTS_VALUE || packet->pts != AV_NOPTS_VALUE;
        packet->pts = packet->dts = AV_NOPTS_VALUE;
        return false;
    }
    const bool display = dts == AV_NOPTS_VALUE;
    int64_t tolerance = tolerance_of(m, stream, display, duration), shift = m->shift[m->stream[stream].stretch];
    if (!follows(m, stream, t + shift, tolerance))
        shift = find_shift(m, stream, t, tolerance);
    t += shift;
    /* A frame is shown some frames after it is decoded, not hours. */
    if (pts != AV_NOPTS_VALUE && dts != AV_NOPTS_VALUE && llabs(pts - dts) > m->max_gap)
        packet->pts = AV_NOPTS_VALUE;
    move(&packet->pts, shift, unit);
    move(&packet->dts, shift, unit);
    if (!m->stream[stream].begun)
        m->stream[stream].start = t;
    m->stream[stream].begun = true;
    m->stream[stream].display = display;
    m->stream[stream].last = t;
    m->stream[stream].end = t + duration;
    return m->jumps != before;
}
#endif

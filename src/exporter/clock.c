/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include "clock.h"

#include <libavutil/common.h>
#include <libavutil/mathematics.h>
#include <stdarg.h>
#include <stdio.h>

#include "report.h"

enum { finest = 90000 };

/* libavformat counts in 1 / den, doubled until that is a ten-thousandth of a second. */
void pixfer_clock_init(struct clock *c, AVRational given, bool keep_start)
{
    *c = (struct clock){.given = given,
                        .unit = given,
                        .keep_start = keep_start,
                        .last = INT64_MIN,
                        .paused_at = INT64_MIN,
                        .resumed_at = INT64_MIN};
    if ((int64_t)given.num * finest < given.den)
        c->unit = (AVRational){1, finest};
    for (c->scale = c->unit.den; c->scale < 10000;)
        c->scale *= 2;
}

/* MP4 has 32 bits for both; players, FFmpeg's among them, take offsets of 2^28 and more for garbage. */
int64_t pixfer_clock_limit(const struct clock *c, int reordering)
{
    return av_rescale(INT64_C(1) << (reordering > 1 ? 28 : 30), c->unit.den, c->scale * c->unit.num);
}

static bool refuse(struct clock_refusal *why, const char *format, ...) PIXFER_PRINTF(2, 3);
static bool refuse(struct clock_refusal *why, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    vsnprintf(why->text, sizeof(why->text), format, list);
    va_end(list);
    return false;
}

/* In the caller's unit: what two frames are apart at least. */
static int64_t shortest_step(const struct clock *c)
{
    return av_rescale_q_rnd(1, c->unit, c->given, AV_ROUND_UP);
}

static double seconds(const struct clock *c, int64_t units)
{
    return (double)units * av_q2d(c->unit);
}

/* Without the pauses. */
static bool shorten(const struct clock *c, int64_t pts, int64_t *shortened, struct clock_refusal *why)
{
    if (pts == INT64_MIN || pts == INT64_MAX || __builtin_sub_overflow(pts, c->removed, shortened))
        return refuse(why, "pts is %lld, expected a time within 64 bits", (long long)pts);
    return true;
}

static bool place(const struct clock *c, int64_t pts, int64_t *time, struct clock_refusal *why)
{
    int64_t shortened = 0, distance = 0;
    if (!shorten(c, pts, &shortened, why))
        return false;
    int64_t origin = c->keep_start ? 0 : c->started ? c->origin : shortened;
    if (__builtin_sub_overflow(shortened, origin, &distance) || (*time = av_rescale_q(distance, c->given, c->unit)) == INT64_MIN)
        return refuse(why, "pts is %lld, too far from the export's begin at %lld", (long long)pts, (long long)origin);
    return true;
}

int64_t pixfer_clock_latest(const struct clock *c)
{
    return c->count ? c->times[(c->count - 1) % 32] : 0;
}

/* With reordering a frame is decoded when the one that many before it is shown. */
bool pixfer_clock_fits(const struct clock *c, int64_t time, struct clock_refusal *why)
{
    uint64_t frames = FFMAX(FFMIN(c->reordering, 32), 1);
    frames = FFMIN(frames, c->count);
    int64_t distance = frames ? time - c->times[(c->count - frames) % 32] : time;
    int64_t limit = pixfer_clock_limit(c, c->reordering);
    if (distance <= limit)
        return true;
    char which[40] = "before it";
    if (frames > 1)
        snprintf(which, sizeof(which), "%llu before it", (unsigned long long)frames);
    return refuse(why, "%.3f s after the frame %s, expected at most %.3f s: a coarser time base holds more", seconds(c, distance),
                  which, seconds(c, limit));
}

bool pixfer_clock_frame(const struct clock *c, int64_t pts, int64_t *time, struct clock_refusal *why)
{
    if (c->paused)
        return refuse(why, "a frame with pts %lld during the pause that began at %lld, expected resume first", (long long)pts,
                      (long long)c->paused_at);
    if (c->last != INT64_MIN && pts <= c->last)
        return refuse(why, "pts is %lld, expected more than the %lld before", (long long)pts, (long long)c->last);
    if (c->resumed_at != INT64_MIN && pts < c->resumed_at)
        return refuse(why, "pts is %lld, expected at least the %lld of resume", (long long)pts, (long long)c->resumed_at);
    if (!place(c, pts, time, why))
        return false;
    if (*time < 0)
        return refuse(why, "pts is %lld, expected at least 0, where an export with keep_start begins", (long long)pts);
    if (c->started && *time <= pixfer_clock_latest(c))
        return refuse(why, "pts is %lld, which is the time of the %lld before in a file that counts 1/%d s", (long long)pts,
                      (long long)c->last, c->unit.den);
    struct clock_refusal distance;
    return pixfer_clock_fits(c, *time, &distance) || refuse(why, "pts is %lld, %s", (long long)pts, distance.text);
}

void pixfer_clock_take(struct clock *c, int64_t pts, int64_t time)
{
    if (!c->started)
        c->origin = c->keep_start ? 0 : pts - c->removed; /* place() has checked it */
    c->started = true;
    c->last = pts;
    c->times[c->count++ % 32] = time;
}

bool pixfer_clock_pause(struct clock *c, int64_t pts, struct clock_refusal *why)
{
    int64_t ignored;
    if (c->paused)
        return refuse(why, "pause at %lld during the pause that began at %lld", (long long)pts, (long long)c->paused_at);
    if ((c->last != INT64_MIN && pts < c->last) || (c->resumed_at != INT64_MIN && pts < c->resumed_at))
        return refuse(why, "pause is at %lld, expected at least %lld", (long long)pts,
                      (long long)(c->last > c->resumed_at ? c->last : c->resumed_at));
    if (!shorten(c, pts, &ignored, why))
        return false;
    c->paused = true;
    c->paused_at = pts;
    return true;
}

bool pixfer_clock_resume(struct clock *c, int64_t pts, struct clock_refusal *why)
{
    int64_t begin, length, removed;
    if (!c->paused)
        return refuse(why, "resume at %lld, expected a pause before", (long long)pts);
    if (pts < c->paused_at)
        return refuse(why, "resume is at %lld, expected at least the %lld of pause", (long long)pts, (long long)c->paused_at);
    /* The frame before the pause was there for a moment, even if the pause came at its own pts. */
    if (c->last == INT64_MIN || __builtin_add_overflow(c->last, shortest_step(c), &begin) || begin < c->paused_at)
        begin = c->paused_at;
    if (pts == INT64_MAX || __builtin_sub_overflow(pts, begin, &length) ||
        __builtin_add_overflow(c->removed, FFMAX(length, 0), &removed))
        return refuse(why, "resume is at %lld, expected a time within 64 bits", (long long)pts);
    c->removed = removed;
    c->resumed_at = pts;
    c->paused = false;
    return true;
}

static bool in_samples(const struct clock *c, int64_t pts, uint32_t rate, int64_t *samples)
{
    double about = (double)pts * av_q2d(c->given) * rate;
    if (!(about > -9e18 && about < 9e18)) /* av_rescale does not look */
        return false;
    *samples = av_rescale_q(pts, c->given, (AVRational){1, (int)rate});
    return true;
}

bool pixfer_clock_origin(const struct clock *c, uint32_t rate, int64_t *samples)
{
    return c->started && in_samples(c, c->origin, rate, samples);
}

bool pixfer_clock_audio(const struct clock *c, int64_t pts, uint32_t rate, int64_t *position, int64_t *cut,
                        struct clock_refusal *why)
{
    int64_t removed, resumed;
    if (c->paused)
        return refuse(why, "audio with pts %lld during the pause that began at %lld, expected resume first", (long long)pts,
                      (long long)c->paused_at);
    if (pts == INT64_MIN || pts == INT64_MAX || !in_samples(c, c->removed, rate, &removed) ||
        __builtin_sub_overflow(pts, removed, position))
        return refuse(why, "pts is %lld samples, expected a time within 64 bits", (long long)pts);
    *cut = 0;
    if (c->resumed_at != INT64_MIN && in_samples(c, c->resumed_at, rate, &resumed) && pts < resumed &&
        __builtin_sub_overflow(resumed, pts, cut))
        *cut = INT64_MAX;
    return true;
}
#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include "exporter.h"

/* When the progress callback is asked, and what its answers do. */

static const double progress_interval = 0.1, stall_warning = 10;

/* A stall is told once, with the stage that is waited for, so that an export that stands still says why. */
static void watch_for_stall(struct pixfer_exporter *e, double now, uint64_t frames, const char *waiting_for)
{
    if (frames != e->mark_frames || !e->stalled_since) {
        if (frames != e->mark_frames && e->waiting_for)
            pixfer_report_log(&e->report, PIXFER_LOG_INFO, "%s: moving again after %.0f s", e->waiting_for,
                              now - e->stalled_since);
        if (frames != e->mark_frames)
            e->waiting_for = NULL;
        e->stalled_since = now;
    } else if (!e->waiting_for && now - e->stalled_since > stall_warning) {
        e->waiting_for = waiting_for;
        pixfer_report_log(&e->report, PIXFER_LOG_WARNING, "%s: nothing has moved for %.0f s, after %llu frames; still waiting",
                          waiting_for, stall_warning, (unsigned long long)frames);
    }
}

static void ask(struct pixfer_exporter *e, double now, uint64_t frames, const char *waiting_for)
{
    struct pixfer_progress p = {.struct_size = sizeof(p),
                                .frames = frames,
                                .frames_total = e->frames_total,
                                .seconds = now - e->start,
                                .stage = waiting_for};
    p.fps = e->recent_fps > 0 ? e->recent_fps : p.seconds > 0 ? (double)frames / p.seconds : 0;
    if (e->fps.num) { /* else the input is still being opened */
        p.media_seconds = (double)atomic_load(&e->media_end) * av_q2d(e->time_base);
        p.speed = p.fps / av_q2d(e->fps);
    }
    p.bytes = atomic_load(&e->muxer.bytes);
    switch (e->params.progress(e->params.progress_opaque, &p)) {
    case PIXFER_PROGRESS_FINISH:
        pixfer_report_stop(&e->report, STOP_FINISH);
        break;
    case PIXFER_PROGRESS_ABORT:
        pixfer_report_stop(&e->report, STOP_ABORT);
        break;
    case PIXFER_PROGRESS_CONTINUE:
        break;
    }
}

bool pixfer_exporter_tick(struct pixfer_exporter *e, const char *waiting_for)
{
    double now = pixfer_now();
    if (now - e->last_tick >= progress_interval) {
        uint64_t frames = atomic_load(&e->encoded);
        e->last_tick = now;
        watch_for_stall(e, now, frames + e->pushed, waiting_for);
        e->mark_frames = frames + e->pushed;
        if (now - e->last_progress >= 1) { /* the rate of the last second or so, not of the beginning */
            double span = now - (e->last_progress > 0 ? e->last_progress : e->start);
            e->recent_fps = (double)(frames - e->progress_frames) / span;
            e->last_progress = now;
            e->progress_frames = frames;
        }
        if (e->params.progress)
            ask(e, now, frames, waiting_for);
    }
    return !pixfer_report_stopped(&e->report);
}
#endif

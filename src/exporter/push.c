/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include <stdio.h>

#include "../core/sized.h"
#include "exporter.h"

/* What a program calls while it records: frames and audio in, pauses, how full the queue is. What is wrong with one frame is the matter
 * of that frame: it is refused with a line in the log, and the export goes on. */

/* ---- Who calls ------------------------------------------------------------------------------------------------------------- */

/* The threads and the file are the parent's: a child of fork has neither. Its log may be, so nothing is locked here. */
bool pixfer_exporter_is_ours(struct pixfer_exporter *e, const char *call)
{
    if (e->owner == pixfer_process())
        return true;
    if (call && e->params.log) {
        char line[160];
        snprintf(line, sizeof(line), "%s: refused in a child process: the export belongs to process %lld, which opened it", call,
                 (long long)e->owner);
        e->params.log(e->params.log_opaque, PIXFER_LOG_WARNING, line);
    }
    return false;
}

/* Frames come from one thread, and no callback may call back in. */
bool pixfer_exporter_enter(struct pixfer_exporter *e, const char *call)
{
    if (!pixfer_exporter_is_ours(e, call))
        return false;
    if (atomic_exchange(&e->busy, true)) {
        pixfer_report_log(&e->report, PIXFER_LOG_WARNING,
                          "%s: refused while another call is at work, expected one thread for frames and finish", call);
        return false;
    }
    if (!atomic_load(&e->finished))
        return true;
    pixfer_report_log(&e->report, PIXFER_LOG_WARNING, "%s: refused: the export is finished already", call);
    atomic_store(&e->busy, false);
    return false;
}

enum pixfer_result pixfer_exporter_leave(struct pixfer_exporter *e, enum pixfer_result result)
{
    atomic_store(&e->busy, false);
    return result;
}

/* ---- Frames ---------------------------------------------------------------------------------------------------------------- */

bool pixfer_exporter_refuse(struct pixfer_exporter *e, const char *format, ...)
{
    char line[300];
    va_list list;
    va_start(list, format);
    vsnprintf(line, sizeof(line), format, list);
    va_end(list);
    e->refused++;
    pixfer_report_log(&e->report, PIXFER_LOG_WARNING, "push: refused, the export goes on: %s", line);
    return false;
}

static bool check_image(struct pixfer_exporter *e, const struct pixfer_image *image)
{
    const struct convert_stage *s = &e->stage;
    if (!image)
        return pixfer_exporter_refuse(e, "image is NULL");
    if (image->format != s->format || image->width != s->width || image->height != s->height) {
        const char *name = pixfer_format_name(image->format);
        return pixfer_exporter_refuse(e, "frame %llu is %s %ux%u, expected %s %ux%u", (unsigned long long)e->pushed,
                                      name ? name : "unknown", image->width, image->height, pixfer_format_name(s->format),
                                      s->width, s->height);
    }
    for (unsigned i = 0; i < pixfer_format_planes(image->format); i++) {
        size_t row_bytes, rows;
        pixfer_plane_size(image->format, image->width, image->height, i, &row_bytes, &rows);
        size_t stride = image->stride[i] < 0 ? -(size_t)image->stride[i] : (size_t)image->stride[i];
        if (!image->plane[i])
            return pixfer_exporter_refuse(e, "plane %u is NULL, expected %zu rows of %zu bytes", i, rows, row_bytes);
        if (stride < row_bytes || stride > PTRDIFF_MAX / rows)
            return pixfer_exporter_refuse(e, "plane %u has stride %lld, expected at least %zu", i, (long long)image->stride[i],
                                          row_bytes);
    }
    return true;
}

bool pixfer_exporter_check_time(struct pixfer_exporter *e, int64_t pts, int64_t *time)
{
    struct clock_refusal why;
    if (e->part.counted && (e->pushed == e->part.frames || pts != (int64_t)(e->part.first + e->pushed)))
        return pixfer_exporter_refuse(e, "pts is %lld, expected %llu, as the frames of a segment are numbered to %llu",
                                      (long long)pts, (unsigned long long)e->part.first + e->pushed,
                                      (unsigned long long)e->part.first + e->part.frames - 1);
    pixfer_lock_take(&e->clock_mutex);
    bool good = pixfer_clock_frame(&e->clock, pts, time, &why);
    pixfer_lock_drop(&e->clock_mutex);
    return good || pixfer_exporter_refuse(e, "%s", why.text);
}

/* The first frame says where time 0 is on the clock of audio that has times. */
enum pixfer_result pixfer_exporter_take_time(struct pixfer_exporter *e, int64_t pts, int64_t time)
{
    int64_t origin;
    pixfer_lock_take(&e->clock_mutex);
    bool first = !e->clock.started;
    pixfer_clock_take(&e->clock, pts, time);
    first = first && e->audio && pixfer_clock_origin(&e->clock, e->params.sample_rate, &origin);
    pixfer_lock_drop(&e->clock_mutex);
    return first ? pixfer_audio_set_origin(e->audio, origin) : PIXFER_OK;
}

static enum pixfer_result convert(struct pixfer_exporter *e, const struct pixfer_image *image, AVFrame **frame)
{
    *frame = pixfer_exporter_acquire(e);
    if (!*frame)
        return PIXFER_ERR_NO_MEMORY;
    enum pixfer_result result = pixfer_stage_frame(&e->stage, image, *frame);
    if (result == PIXFER_OK)
        pixfer_stage_finish_frame(&e->stage, *frame);
    else
        av_frame_free(frame);
    return result;
}

static enum pixfer_result push(struct pixfer_exporter *e, const struct pixfer_image *image, int64_t pts, bool wait)
{
    int64_t time = 0;
    AVFrame *frame;
    enum pixfer_result result = pixfer_report_result(&e->report);
    if (result != PIXFER_OK)
        return result;
    if (!check_image(e, image) || !pixfer_exporter_check_time(e, pts, &time))
        return PIXFER_ERR_INVALID;
    if (!wait && !pixfer_queue_has_room(&e->frames, e->encoder.frames.bytes)) {
        pixfer_exporter_tick(e, "encode");
        return PIXFER_ERR_AGAIN;
    }
    result = convert(e, image, &frame);
    if (result == PIXFER_OK)
        result = pixfer_exporter_take_time(e, pts, time);
    return result == PIXFER_OK ? pixfer_exporter_submit(e, frame, time, e->frame_duration) : result;
}

enum pixfer_result pixfer_exporter_push(struct pixfer_exporter *e, const struct pixfer_image *image, int64_t pts)
{
    if (!e || !pixfer_exporter_enter(e, "push"))
        return PIXFER_ERR_INVALID;
    return pixfer_exporter_leave(e, push(e, image, pts, true));
}

enum pixfer_result pixfer_exporter_try_push(struct pixfer_exporter *e, const struct pixfer_image *image, int64_t pts)
{
    if (!e || !pixfer_exporter_enter(e, "try_push"))
        return PIXFER_ERR_INVALID;
    return pixfer_exporter_leave(e, push(e, image, pts, false));
}

enum pixfer_result pixfer_exporter_get_queue(struct pixfer_exporter *e, struct pixfer_exporter_queue *queue)
{
    if (!e || !queue || !pixfer_exporter_is_ours(e, "get_queue"))
        return PIXFER_ERR_INVALID;
    size_t frames, bytes;
    pixfer_queue_state(&e->frames, &frames, &bytes);
    const struct pixfer_exporter_queue own = {.frames = (uint32_t)frames, .capacity = e->queue_capacity, .bytes = bytes};
    pixfer_sized_write(queue, &own, sizeof(own), PIXFER_QUEUE_0_2_0);
    return PIXFER_OK;
}

/* ---- Pauses ---------------------------------------------------------------------------------------------------------------- */

static enum pixfer_result pause_or_resume(struct pixfer_exporter *e, const char *call, int64_t pts,
                                          bool (*change)(struct clock *, int64_t, struct clock_refusal *))
{
    struct clock_refusal why;
    if (!e || !pixfer_exporter_enter(e, call))
        return PIXFER_ERR_INVALID;
    enum pixfer_result result = pixfer_report_result(&e->report);
    if (result != PIXFER_OK)
        return pixfer_exporter_leave(e, result);
    pixfer_lock_take(&e->clock_mutex);
    bool good = change(&e->clock, pts, &why);
    pixfer_lock_drop(&e->clock_mutex);
    if (!good)
        pixfer_report_log(&e->report, PIXFER_LOG_WARNING, "%s: refused, the export goes on: %s", call, why.text);
    return pixfer_exporter_leave(e, good ? PIXFER_OK : PIXFER_ERR_INVALID);
}

enum pixfer_result pixfer_exporter_pause(struct pixfer_exporter *e, int64_t pts)
{
    return pause_or_resume(e, "pause", pts, pixfer_clock_pause);
}

enum pixfer_result pixfer_exporter_resume(struct pixfer_exporter *e, int64_t pts)
{
    return pause_or_resume(e, "resume", pts, pixfer_clock_resume);
}

/* ---- Audio ----------------------------------------------------------------------------------------------------------------- */

static enum pixfer_result refuse_audio(struct pixfer_exporter *e, size_t count, const char *why)
{
    pixfer_report_log(&e->report, PIXFER_LOG_WARNING, "audio: %zu samples are refused, the export goes on: %s", count, why);
    return PIXFER_ERR_INVALID;
}

static enum pixfer_result check_audio(struct pixfer_exporter *e, const float *samples, size_t count)
{
    if (atomic_load(&e->finished)) {
        /* A thread that does not know yet goes on for a while: one line says all. */
        if (!atomic_exchange(&e->late_audio, true))
            pixfer_report_log(&e->report, PIXFER_LOG_WARNING, "audio: %zu samples are refused: the export is finished already",
                              count);
        return PIXFER_ERR_INVALID;
    }
    if (!e->audio)
        return refuse_audio(e, count, "expected sample_rate and channels in the parameters");
    if (!samples && count)
        return refuse_audio(e, count, "samples is NULL");
    return pixfer_report_result(&e->report);
}

enum pixfer_result pixfer_exporter_push_audio(struct pixfer_exporter *e, const float *samples, size_t count)
{
    if (!e || !pixfer_exporter_is_ours(e, "push_audio"))
        return PIXFER_ERR_INVALID;
    enum pixfer_result result = check_audio(e, samples, count);
    if (result != PIXFER_OK)
        return result;
    pixfer_lock_take(&e->clock_mutex);
    bool paused = e->clock.paused;
    pixfer_lock_drop(&e->clock_mutex);
    return paused ? refuse_audio(e, count, "the export is paused, expected resume first")
                  : pixfer_audio_push(e->audio, samples, count);
}

enum pixfer_result pixfer_exporter_push_audio_at(struct pixfer_exporter *e, const float *samples, size_t count, int64_t pts)
{
    struct clock_refusal why;
    int64_t position = 0, cut = 0;
    if (!e || !pixfer_exporter_is_ours(e, "push_audio_at"))
        return PIXFER_ERR_INVALID;
    enum pixfer_result result = check_audio(e, samples, count);
    if (result != PIXFER_OK)
        return result;
    pixfer_lock_take(&e->clock_mutex);
    bool good = pixfer_clock_audio(&e->clock, pts, e->params.sample_rate, &position, &cut, &why);
    pixfer_lock_drop(&e->clock_mutex);
    if (!good)
        return refuse_audio(e, count, why.text);
    if (cut >= (int64_t)count && count <= INT64_MAX)
        return PIXFER_OK; /* all of it belongs into the pause */
    return pixfer_audio_push_at(e->audio, samples + (size_t)cut * e->params.channels, count - (size_t)cut, position + cut);
}
#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include <stdio.h>
#include <string.h>

#include "../core/sized.h"
#include "export.h"
#include "export_audio.h"
#include "handover.h"
#include "samples.h"

/* pixfer_export: a source driven to its end. */

struct run {
    struct pixfer_input input;
    struct source_host host;
    struct source source;
    struct handover handover;
    struct export_audio *audio;
    struct pixfer_exporter *e;
    struct export_job *job; /* NULL: an export of its own */
    struct frame_cursor cursor;
    uint64_t index; /* of the next frame, over all passes */
    uint64_t pass;
    uint64_t in_pass; /* number of the next frame in this pass */
    int64_t offset;   /* what this pass adds to its frames' times */
    int64_t pass_end;
    int64_t origin, end; /* of the export, in such times: pts of its first frame; where the latest ends, from there */
    bool placed;         /* the audio of this pass */
};

/* ---- Opening --------------------------------------------------------------------------------------------------------------- */

static enum pixfer_result check(struct run *r)
{
    if (r->input.end && r->input.end <= r->input.first)
        return pixfer_report_fail(&r->e->report, PIXFER_ERR_INVALID, "export: frames %llu:%llu are none",
                                  (unsigned long long)r->input.first, (unsigned long long)r->input.end);
    return PIXFER_OK;
}

static uint64_t total_frames(const struct run *r)
{
    if (r->job)
        return r->job->end - r->job->first;
    uint64_t total = r->source.frames * (r->input.loop ? r->input.loop : 1);
    if (r->input.end && (total > r->input.end || !total))
        total = r->input.end;
    return total > r->input.first ? total - r->input.first : 0;
}

void pixfer_exporter_take_source(struct pixfer_exporter *e, const struct source *s)
{
    struct pixfer_exporter_params *p = &e->params;
    p->format = s->format;
    p->width = s->width;
    p->height = s->height;
    p->fps_num = (uint32_t)s->fps.num;
    p->fps_den = (uint32_t)s->fps.den;
    p->time_base_num = (uint32_t)s->time_base.num;
    p->time_base_den = (uint32_t)s->time_base.den;
    p->sample_rate = p->channels = 0;
    e->opaque = s->opaque;
    e->light = s->presentation.light;
    if (s->opaque)
        p->alpha = PIXFER_ALPHA_DROP;
}

const struct tags *pixfer_source_tags(const struct source *s, const struct pixfer_input *input)
{
    return !pixfer_format_is_rgb(s->format) && s->tagged && !input->color_given ? &s->tags : NULL;
}

static enum pixfer_result open_audio(struct run *r)
{
    const struct source *s = &r->source;
    const bool retimed = r->input.retime && r->input.fps_num && s->own_fps.num > 0;
    const struct export_audio_request request = {.input = &r->input,
                                                 .demuxer = s->demuxer,
                                                 .host = &r->host,
                                                 .unit = s->time_base,
                                                 .zero = s->zero,
                                                 .zero_unit = s->zero_unit,
                                                 .speed = retimed ? av_div_q(s->fps, s->own_fps) : (AVRational){1, 1}};
    return pixfer_export_audio_open(&r->audio, r->e, &request);
}

static bool proceed(void *opaque)
{
    struct run *r = opaque;
    return pixfer_exporter_tick(r->e, "source") && !pixfer_report_finishing(&r->e->report);
}

/* To the first frame of a segment. */
static enum pixfer_result go_to_place(struct run *r)
{
    const struct export_job *job = r->job;
    r->index = job->first - job->part.lead_in;
    r->pass = job->pass;
    r->in_pass = job->place.index;
    r->source.portable = true;
    if (r->source.ops->seek(&r->source, &job->place))
        return PIXFER_OK;
    if (!r->source.broken[0])
        return PIXFER_ERR_CANCELLED;
    return pixfer_report_fail(&r->e->report, PIXFER_ERR_IO, "%s", r->source.broken);
}

static enum pixfer_result open_source(struct run *r)
{
    if (r->job && r->job->pushed)
        return pixfer_source_open_counted(&r->source, &r->e->params, &r->e->report);
    enum pixfer_result result = pixfer_source_open(&r->source, &r->input, &r->host, &r->e->report);
    if (result == PIXFER_OK)
        pixfer_exporter_take_source(r->e, &r->source);
    return result;
}

/* The tags are part of the stream, so every segment has to have the same. */
static enum pixfer_result check_tags(struct run *r)
{
    if (!r->job || !memcmp(&r->job->tags, &r->e->tags, sizeof(r->e->tags)))
        return PIXFER_OK;
    char found[200], expected[200];
    pixfer_tags_describe(&r->e->tags, found, sizeof(found));
    pixfer_tags_describe(&r->job->tags, expected, sizeof(expected));
    return pixfer_report_fail(&r->e->report, PIXFER_ERR_INVALID, "plan: the frames of %s are %s, expected %s as planned",
                              r->input.name ? r->input.name : "the caller", found, expected);
}

static enum pixfer_result prepare(struct run *r, const char *path)
{
    const bool segment = r->job && !r->job->part.feed;
    enum pixfer_result result = pixfer_exporter_prepare(r->e, path, pixfer_source_tags(&r->source, &r->input));
    r->e->frames_total = total_frames(r);
    if (result == PIXFER_OK)
        result = check_tags(r);
    if (result == PIXFER_OK && !segment)
        result = pixfer_exporter_present(r->e, &r->source.presentation);
    if (result == PIXFER_OK)
        result = pixfer_muxer_check_input(&r->e->muxer, r->input.name);
    if (result == PIXFER_OK)
        result = pixfer_muxer_check_input(&r->e->muxer, r->input.audio);
    return result;
}

static enum pixfer_result open_run(struct run *r, const char *path)
{
    r->host = (struct source_host){proceed, r, pixfer_samples_can_be_deep(&r->e->params), r->e->params.chroma == 444,
                                   r->e->params.alpha == PIXFER_ALPHA_COMPOSE};
    r->handover = (struct handover){.source = &r->source, .e = r->e};
    enum pixfer_result result = check(r);
    if (result == PIXFER_OK)
        result = open_source(r);
    if (result == PIXFER_OK)
        result = prepare(r, path);
    if (result == PIXFER_OK)
        result = open_audio(r);
    if (result == PIXFER_OK && r->job && !r->job->part.feed)
        result = go_to_place(r);
    else if (result == PIXFER_OK && r->job && r->source.demuxer) /* the frames are there already */
        pixfer_demuxer_pass(r->source.demuxer, pixfer_demuxer_find(r->source.demuxer, AVMEDIA_TYPE_VIDEO));
    return result == PIXFER_OK ? pixfer_exporter_start(r->e) : result;
}

/* ---- Running --------------------------------------------------------------------------------------------------------------- */

static bool next_pass(struct run *r)
{
    if (++r->pass >= (r->input.loop ? r->input.loop : 1) || !r->pass_end)
        return false;
    r->offset += r->pass_end;
    r->pass_end = 0;
    r->in_pass = 0;
    enum pixfer_result result = PIXFER_OK;
    if (r->placed) /* some of its frames were wanted */
        result = pixfer_export_audio_end_pass(r->audio, r->offset - r->origin);
    r->placed = false;
    if (result == PIXFER_OK && r->source.ops->rewind(&r->source) && pixfer_export_audio_restart(r->audio) == PIXFER_OK)
        return true;
    if (pixfer_report_finishing(&r->e->report))
        return false;
    snprintf(r->source.broken, sizeof(r->source.broken), "source: %s cannot be read again to loop", r->input.name);
    return false;
}

/* In the join the plan says when the next frame is shown. */
static enum source_status assume_next(struct run *r)
{
    int64_t ticks, lasts;
    if (pixfer_report_finishing(&r->e->report))
        return SOURCE_STOPPED;
    if (!pixfer_frames_at(r->job->frames, &r->cursor, r->in_pass, &ticks, &lasts))
        return SOURCE_END;
    r->source.ops->assume(&r->source, ticks, lasts);
    return SOURCE_FRAME;
}

/* An image that is left out would make every later one another frame than in the segments around. */
static bool is_whole(struct run *r)
{
    const struct source *s = &r->source;
    if (s->ticking || !s->skipped)
        return true;
    snprintf(r->source.broken, sizeof(r->source.broken),
             "source: %.200s: an image before frame %llu cannot be decoded, and a plan counts images; export it in one piece, or "
             "mend it",
             r->input.name, (unsigned long long)r->index);
    return false;
}

/* Which frame of the input it is, is told by its time: nothing is taken for granted. */
static bool is_planned(struct run *r)
{
    int64_t ticks, lasts;
    const struct source *s = &r->source;
    if (!is_whole(r) || !pixfer_frames_at(r->job->frames, &r->cursor, r->in_pass, &ticks, &lasts))
        return false;
    if (!s->ticking || (s->ticks == ticks && s->lasts == lasts))
        return true;
    snprintf(r->source.broken, sizeof(r->source.broken),
             "source: %.200s: frame %llu is at %lld for %lld ticks, expected %lld for %lld as planned; plan it with --prove",
             r->input.name, (unsigned long long)r->index, (long long)s->ticks, (long long)s->lasts, (long long)ticks,
             (long long)lasts);
    return false;
}

static enum source_status next_frame(struct run *r, bool skip, AVFrame **frame)
{
    if (r->job && r->job->part.feed)
        return assume_next(r);
    enum source_status status = pixfer_handover_next(&r->handover, skip, frame);
    if (status != SOURCE_FRAME || !r->job || is_planned(r))
        return status;
    av_frame_free(frame);
    return r->source.broken[0] ? SOURCE_BROKEN : SOURCE_END;
}

/* A frame, or one that was passed over. */
static enum pixfer_result deliver_frame(struct run *r, AVFrame *frame, bool wanted)
{
    enum pixfer_result result = PIXFER_OK;
    int64_t pts = r->source.pts + r->offset;
    if (!wanted)
        return pixfer_export_audio_skip(r->audio, r->pass_end);
    if (r->origin == INT64_MIN)
        r->origin = pts;
    pts -= r->origin;
    if (!r->placed)
        result = pixfer_export_audio_place(r->audio, r->offset - r->origin, pts);
    r->placed = true;
    r->end = pts + r->source.duration;
    if (result != PIXFER_OK) {
        av_frame_free(&frame);
        return result;
    }
    result = pixfer_exporter_deliver(r->e, frame, pts, r->source.duration);
    return result == PIXFER_OK ? pixfer_export_audio_feed(r->audio, r->end) : result;
}

/* Frames behind a segment decide about its last ones, as in an export of one piece. A break there is the next segment's. */
static enum pixfer_result look_ahead(struct run *r)
{
    enum pixfer_result result = PIXFER_OK;
    for (uint32_t i = 0; result == PIXFER_OK && i < r->e->part.look_ahead; i++) {
        AVFrame *frame = NULL;
        const enum source_status status = next_frame(r, false, &frame);
        if (status != SOURCE_FRAME) {
            if (status == SOURCE_BROKEN)
                r->source.broken[0] = 0;
            break;
        }
        r->index++;
        r->in_pass++;
        result = pixfer_exporter_look_ahead(r->e, frame, r->source.pts + r->offset - r->origin, r->source.duration);
    }
    return result;
}

/* Frames of a range have the audio that belongs to them; an input as a whole may end in audio without frames. */
static enum pixfer_result finish_audio(struct run *r)
{
    const bool hold = !r->input.shortest && !r->input.end && !pixfer_report_finishing(&r->e->report) && !r->source.broken[0];
    return pixfer_export_audio_finish(r->audio, r->end, hold);
}

static enum pixfer_result deliver(struct run *r)
{
    enum pixfer_result result = PIXFER_OK;
    r->origin = INT64_MIN;
    while (result == PIXFER_OK && (!r->input.end || r->index < r->input.end)) {
        AVFrame *frame = NULL;
        const bool wanted = r->index >= r->input.first, leads = !wanted && r->e->part.lead_in;
        enum source_status status = next_frame(r, !wanted && !leads, &frame);
        if (status == SOURCE_END && next_pass(r))
            continue;
        if (status != SOURCE_FRAME)
            break;
        r->index++;
        r->in_pass++;
        r->pass_end = r->source.pts + r->source.duration;
        result = leads ? pixfer_exporter_lead_in(r->e, frame, r->input.first - r->index + 1) : deliver_frame(r, frame, wanted);
        if (pixfer_report_finishing(&r->e->report) ||
            (r->input.shortest && wanted && pixfer_export_audio_is_over(r->audio, r->end)))
            break;
    }
    if (result == PIXFER_OK && r->e->pushed == r->e->part.frames)
        result = look_ahead(r);
    if (r->e->pushed && (result == PIXFER_OK || result == PIXFER_ERR_CANCELLED) && !pixfer_report_stopped(&r->e->report))
        result = finish_audio(r);
    return result;
}

/* The frames before the break were good and are in the file: say both. */
static enum pixfer_result report_break(struct run *r, const struct pixfer_exporter_stats *stats, enum pixfer_result result)
{
    if (!r->source.broken[0] || result != PIXFER_OK)
        return result;
    result = pixfer_report_fail(&r->e->report, PIXFER_ERR_IO, "%s", r->source.broken);
    pixfer_report_flush(&r->e->report, "; %s holds the %llu frame%s before it", r->e->muxer.path,
                        (unsigned long long)stats->frames, stats->frames == 1 ? "" : "s");
    return result;
}

/* Frames that are missing in the middle are no failure, but are not passed over in silence. */
static void report_skipped(struct run *r, struct pixfer_exporter_stats *stats)
{
    uint64_t count = r->source.skipped;
    stats->skipped += count;
    if (r->source.damaged)
        pixfer_report_log(&r->e->report, PIXFER_LOG_WARNING,
                          "source: %llu frame%s of %s %s damaged: what is missing is covered up",
                          (unsigned long long)r->source.damaged, r->source.damaged == 1 ? "" : "s", r->input.name,
                          r->source.damaged == 1 ? "is" : "are");
    /* Decoders drop what refers to frames in front of the input without a word, and what they had no memory for. */
    if (r->source.unseen)
        pixfer_report_log(&r->e->report, PIXFER_LOG_INFO, "source: %llu packet%s of %s gave no frame",
                          (unsigned long long)r->source.unseen, r->source.unseen == 1 ? "" : "s", r->input.name);
    if (count && r->e->pushed)
        pixfer_report_log(&r->e->report, PIXFER_LOG_WARNING, "source: %llu packet%s of %s could not be decoded and %s left out",
                          (unsigned long long)count, count == 1 ? "" : "s", r->input.name, count == 1 ? "was" : "were");
}

/* Frames without all of their audio are less than what was asked for. */
static enum pixfer_result report_damaged_audio(struct run *r, struct pixfer_exporter_stats *stats, enum pixfer_result result)
{
    uint64_t skipped;
    const char *line = pixfer_export_audio_damage(r->audio, &skipped);
    stats->skipped += skipped;
    if (!*line || result != PIXFER_OK)
        return result;
    result = pixfer_report_fail(&r->e->report, PIXFER_ERR_IO, "%s", line);
    pixfer_report_flush(&r->e->report, "; %s holds all frames, and silence for %llu packet%s of audio", r->e->muxer.path,
                        (unsigned long long)skipped, skipped == 1 ? "" : "s");
    return result;
}

static enum pixfer_result run(struct run *r, struct pixfer_exporter_stats *stats)
{
    deliver(r);
    if (r->source.broken[0] && (!r->e->pushed || r->e->pushed < r->e->part.frames))
        pixfer_report_fail(&r->e->report, PIXFER_ERR_IO, "%s", r->source.broken);
    else if (!r->e->pushed && !pixfer_report_finishing(&r->e->report))
        pixfer_report_fail(&r->e->report, PIXFER_ERR_INVALID, "source: %s ended after %llu frames, expected %s", r->input.name,
                           (unsigned long long)r->index,
                           r->input.first ? "more than those that --frames leaves out" : "at least one");
    enum pixfer_result result = pixfer_exporter_finish(r->e, stats);
    report_skipped(r, stats);
    result = report_break(r, stats, result);
    return report_damaged_audio(r, stats, result);
}

enum pixfer_result pixfer_export_job(const char *path, const struct pixfer_input *input,
                                     const struct pixfer_exporter_params *params, struct pixfer_exporter_stats *stats,
                                     char *error, size_t error_size, struct export_job *job)
{
    struct run r = {.job = job};
    struct pixfer_exporter_stats own_stats = PIXFER_EXPORTER_STATS();
    if (!path || !input || !params)
        return PIXFER_ERR_INVALID;
    pixfer_sized_read(&r.input, sizeof(r.input), input);
    r.e = pixfer_exporter_create(params);
    if (!r.e)
        return PIXFER_ERR_NO_MEMORY;
    if (job) {
        r.e->part = job->part;
        job->exporter = r.e;
    }
    enum pixfer_result result = pixfer_report_result(&r.e->report);
    if (result == PIXFER_OK)
        result = open_run(&r, path);
    if (result == PIXFER_OK)
        result = run(&r, &own_stats);
    pixfer_report_flush(&r.e->report, "%s", "");
    if (stats)
        pixfer_sized_write(stats, &own_stats, sizeof(own_stats), PIXFER_STATS_0_2_0);
    if (error && error_size)
        snprintf(error, error_size, "%s", pixfer_report_error(&r.e->report));
    pixfer_handover_close(&r.handover);
    pixfer_export_audio_close(&r.audio); /* reads through the source's demuxer */
    pixfer_source_close(&r.source);
    pixfer_exporter_close(&r.e);
    return result;
}

enum pixfer_result pixfer_export(const char *path, const struct pixfer_input *input, const struct pixfer_exporter_params *params,
                                 struct pixfer_exporter_stats *stats, char *error, size_t error_size)
{
    return pixfer_export_job(path, input, params, stats, error, error_size, NULL);
}
#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include <stdio.h>
#include <string.h>

#include "exporter.h"
#include "handover.h"
#include "source/audio_input.h"

/* pixfer_export: a source driven to its end. */

struct run {
    struct pixfer_input input;
    struct source_host host;
    struct source source;
    struct handover handover;
    struct audio_input *audio;
    struct pixfer_exporter *e;
    uint64_t index; /* of the next frame, over all passes */
    uint64_t pass;
    int64_t offset; /* what this pass adds to its frames' times */
    int64_t pass_end;
    bool placed; /* the audio of this pass */
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
    uint64_t total = r->source.frames * (r->input.loop ? r->input.loop : 1);
    if (r->input.end && (total > r->input.end || !total))
        total = r->input.end;
    return total > r->input.first ? total - r->input.first : 0;
}

static void take_from_source(struct run *r)
{
    struct pixfer_exporter_params *p = &r->e->params;
    const struct source *s = &r->source;
    p->format = s->format;
    p->width = s->width;
    p->height = s->height;
    p->fps_num = (uint32_t)s->fps.num;
    p->fps_den = (uint32_t)s->fps.den;
    p->time_base_num = (uint32_t)s->time_base.num;
    p->time_base_den = (uint32_t)s->time_base.den;
    p->sample_rate = p->channels = 0;
}

static enum pixfer_result open_sound(struct run *r)
{
    const struct pixfer_input *in = &r->input;
    bool whole = in->loop <= 1 && !in->first && !in->end && !in->fps_num;
    if (in->no_audio)
        return PIXFER_OK;
    if (in->audio)
        return pixfer_audio_input_open(&r->audio, r->e, in->audio, true, false);
    if (in->width || !strcmp(in->name, "-"))
        return PIXFER_OK;
    return pixfer_audio_input_open(&r->audio, r->e, in->name, false, whole);
}

static bool proceed(void *opaque)
{
    struct run *r = opaque;
    return pixfer_exporter_tick(r->e, "source") && !pixfer_report_finishing(&r->e->report);
}

static enum pixfer_result open_run(struct run *r, const char *path)
{
    r->host = (struct source_host){proceed, r};
    r->handover = (struct handover){.source = &r->source, .e = r->e};
    enum pixfer_result result = check(r);
    if (result == PIXFER_OK)
        result = pixfer_source_open(&r->source, &r->input, &r->host, &r->e->report);
    if (result != PIXFER_OK)
        return result;
    take_from_source(r);
    bool rgb = pixfer_format_is_rgb(r->source.format);
    bool own_tags = !rgb && r->source.tagged && !r->input.color_given;
    result = pixfer_exporter_prepare(r->e, path, own_tags ? &r->source.tags : NULL);
    r->e->frames_total = total_frames(r);
    if (result == PIXFER_OK)
        result = pixfer_exporter_present(r->e, &r->source.presentation);
    if (result == PIXFER_OK)
        result = pixfer_muxer_check_input(&r->e->muxer, r->input.name);
    if (result == PIXFER_OK)
        result = pixfer_muxer_check_input(&r->e->muxer, r->input.audio);
    if (result == PIXFER_OK)
        result = open_sound(r);
    return result == PIXFER_OK ? pixfer_exporter_start(r->e) : result;
}

/* ---- Running --------------------------------------------------------------------------------------------------------------- */

static bool next_pass(struct run *r)
{
    if (++r->pass >= (r->input.loop ? r->input.loop : 1) || !r->pass_end)
        return false;
    r->offset += r->pass_end;
    r->pass_end = 0;
    r->placed = false;
    if (r->source.ops->rewind(&r->source))
        return true;
    snprintf(r->source.broken, sizeof(r->source.broken), "source: %s cannot be read again to loop", r->input.name);
    return false;
}

static double to_seconds(const struct run *r, int64_t pts)
{
    return (double)pts * av_q2d(r->source.time_base);
}

/* origin: what is shown at time 0 of the export. */
static enum pixfer_result feed_sound(struct run *r, int64_t pts, int64_t origin)
{
    enum pixfer_result result = PIXFER_OK;
    if (!r->audio)
        return PIXFER_OK;
    if (!r->placed && !(r->input.audio && r->pass)) {
        /* A file of its own begins with the export; the input's audio goes with its frames. */
        double output = to_seconds(r, r->offset - origin);
        result = r->input.audio ? pixfer_audio_input_place(r->audio, pixfer_audio_input_start(r->audio), 0)
                                : pixfer_audio_input_place(r->audio, r->source.start, output);
    }
    r->placed = true;
    return result == PIXFER_OK ? pixfer_audio_input_feed(r->audio, to_seconds(r, pts)) : result;
}

static enum pixfer_result deliver(struct run *r)
{
    int64_t origin = INT64_MIN, end = 0;
    enum pixfer_result result = PIXFER_OK;
    while (result == PIXFER_OK && (!r->input.end || r->index < r->input.end)) {
        AVFrame *frame = NULL;
        enum source_status status = pixfer_handover_next(&r->handover, r->index < r->input.first, &frame);
        if (status == SOURCE_END && next_pass(r))
            continue;
        if (status != SOURCE_FRAME)
            break;
        r->index++;
        r->pass_end = r->source.pts + r->source.duration;
        if (!frame)
            continue;
        int64_t pts = r->source.pts + r->offset, duration = r->source.duration;
        if (origin == INT64_MIN)
            origin = pts;
        pts -= origin;
        end = pts + duration;
        result = pixfer_exporter_deliver(r->e, frame, pts, duration);
        if (result == PIXFER_OK)
            result = feed_sound(r, end, origin);
        if (pixfer_report_finishing(&r->e->report))
            break;
    }
    if (r->audio && r->e->pushed && (result == PIXFER_OK || result == PIXFER_ERR_CANCELLED) &&
        !pixfer_report_stopped(&r->e->report))
        result = pixfer_audio_input_finish(r->audio, to_seconds(r, end));
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
    if (count && r->e->pushed)
        pixfer_report_log(&r->e->report, PIXFER_LOG_WARNING, "source: %llu packet%s of %s could not be decoded and %s left out",
                          (unsigned long long)count, count == 1 ? "" : "s", r->input.name, count == 1 ? "was" : "were");
}

static enum pixfer_result run(struct run *r, struct pixfer_exporter_stats *stats)
{
    deliver(r);
    if (!r->e->pushed && r->source.broken[0])
        pixfer_report_fail(&r->e->report, PIXFER_ERR_IO, "%s", r->source.broken);
    else if (!r->e->pushed && !pixfer_report_finishing(&r->e->report))
        pixfer_report_fail(&r->e->report, PIXFER_ERR_INVALID, "source: %s ended after %llu frames, expected %s", r->input.name,
                           (unsigned long long)r->index,
                           r->input.first ? "more than those that --frames leaves out" : "at least one");
    enum pixfer_result result = pixfer_exporter_finish(r->e, stats);
    report_skipped(r, stats);
    return report_break(r, stats, result);
}

enum pixfer_result pixfer_export(const char *path, const struct pixfer_input *input, const struct pixfer_exporter_params *params,
                                 struct pixfer_exporter_stats *stats, char *error, size_t error_size)
{
    struct run r = {0};
    struct pixfer_exporter_stats own_stats = PIXFER_EXPORTER_STATS();
    if (!path || !input || !params)
        return PIXFER_ERR_INVALID;
    memcpy(&r.input, input, input->struct_size < sizeof(r.input) ? input->struct_size : sizeof(r.input));
    r.e = pixfer_exporter_create(params);
    if (!r.e)
        return PIXFER_ERR_NO_MEMORY;
    enum pixfer_result result = pixfer_report_result(&r.e->report);
    if (result == PIXFER_OK)
        result = open_run(&r, path);
    if (result == PIXFER_OK)
        result = run(&r, &own_stats);
    pixfer_report_flush(&r.e->report, "%s", "");
    if (stats)
        pixfer_give(stats, PIXFER_STATS_0_2_0, &own_stats, sizeof(own_stats));
    if (error && error_size)
        snprintf(error, error_size, "%s", pixfer_report_error(&r.e->report));
    pixfer_handover_close(&r.handover);
    pixfer_source_close(&r.source);
    pixfer_audio_input_close(&r.audio);
    pixfer_exporter_close(&r.e);
    return result;
}
#endif

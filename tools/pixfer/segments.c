/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "segments.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/platform/files.h"
#include "../../src/platform/platform.h"

enum { FOLDER = 4200 };

struct farm;

/* One of the threads that make segments, and how far it is with its own. */
struct worker {
    struct farm *farm;
    pixfer_thread thread;
    struct pixfer_thread_start start;
    uint64_t frames, bytes;
};

struct farm {
    const struct segments_request *request;
    struct pixfer_plan *plan;
    struct pixfer_plan_info info;
    char folder[FOLDER];
    pixfer_lock mutex;
    pixfer_condition changed;
    struct worker *workers;
    unsigned count, running;
    uint32_t next, made;
    uint64_t frames, bytes; /* of segments that are done */
    bool stop;
    enum pixfer_result result;
    char error[1024];
    struct pixfer_exporter_stats sum;
    double start;
};

/* ---- Segments ---------------------------------------------------------------------------------------------------------------- */

/* What segments say of themselves is the same for each: warnings are enough. */
static void pass_log(void *opaque, int level, const char *message)
{
    const struct farm *f = opaque;
    const struct pixfer_exporter_params *p = &f->request->params;
    if (p->log)
        p->log(p->log_opaque, level == PIXFER_LOG_INFO ? PIXFER_LOG_DEBUG : level, message);
}

static enum pixfer_progress_action take_progress(void *opaque, const struct pixfer_progress *state)
{
    struct worker *w = opaque;
    struct farm *f = w->farm;
    pixfer_lock_take(&f->mutex);
    w->frames = state->frames;
    w->bytes = state->bytes;
    bool stop = f->stop;
    pixfer_lock_drop(&f->mutex);
    return stop ? PIXFER_PROGRESS_ABORT : PIXFER_PROGRESS_CONTINUE;
}

static void add_stats(struct farm *f, const struct pixfer_exporter_stats *s)
{
    f->sum.source_s += s->source_s;
    f->sum.convert_s += s->convert_s;
    f->sum.encode_s += s->encode_s;
    f->sum.mux_s += s->mux_s;
    f->sum.converted += s->converted;
    f->sum.skipped += s->skipped;
    f->sum.exact = s->exact;
    f->sum.backend = s->backend;
    memcpy(f->sum.backend_name, s->backend_name, sizeof(s->backend_name));
    memcpy(f->sum.isa, s->isa, sizeof(s->isa));
    memcpy(f->sum.encoder, s->encoder, sizeof(s->encoder));
}

/* With the mutex held. */
static void end_segment(struct worker *w, uint32_t index, enum pixfer_result result, const char *error,
                        const struct pixfer_exporter_stats *stats)
{
    struct farm *f = w->farm;
    uint64_t first = 0, end = 0;
    w->frames = w->bytes = 0;
    if (result == PIXFER_OK) {
        pixfer_plan_get_segment(f->plan, index, &first, &end);
        f->frames += end - first;
        f->bytes += stats->bytes;
        f->made++;
        add_stats(f, stats);
        return;
    }
    if (f->result == PIXFER_OK && !f->stop) {
        f->result = result;
        snprintf(f->error, sizeof(f->error), "%.1000s", error);
    }
    f->stop = true;
}

static void work(void *opaque)
{
    struct worker *w = opaque;
    struct farm *f = w->farm;
    char error[1024] = "";
    struct pixfer_plan_host host = PIXFER_PLAN_HOST(.folder = f->folder);
    host.convert_threads = f->request->params.convert_threads;
    host.log = pass_log;
    host.log_opaque = f;
    host.progress = take_progress;
    host.progress_opaque = w;
    host.error = error;
    host.error_size = sizeof(error);
    pixfer_lock_take(&f->mutex);
    while (!f->stop && f->next < f->info.segments) {
        uint32_t index = f->next++;
        struct pixfer_exporter_stats stats = PIXFER_EXPORTER_STATS();
        pixfer_lock_drop(&f->mutex);
        enum pixfer_result result = pixfer_plan_make_segment(f->plan, index, &host, NULL, &stats);
        pixfer_lock_take(&f->mutex);
        end_segment(w, index, result, error, &stats);
        pixfer_condition_wake_all(&f->changed);
    }
    f->running--;
    pixfer_condition_wake_all(&f->changed);
    pixfer_lock_drop(&f->mutex);
}

/* With the mutex held. */
static bool tell(struct farm *f)
{
    const struct pixfer_exporter_params *p = &f->request->params;
    struct pixfer_progress state = {.struct_size = sizeof(state), .frames = f->frames, .bytes = f->bytes, .stage = "encode"};
    for (unsigned i = 0; i < f->count; i++) {
        state.frames += f->workers[i].frames;
        state.bytes += f->workers[i].bytes;
    }
    state.frames_total = f->info.frames;
    state.seconds = pixfer_now() - f->start;
    state.fps = state.seconds > 0 ? (double)state.frames / state.seconds : 0;
    const double fps = (double)f->info.fps_num / (f->info.fps_den ? f->info.fps_den : 1);
    state.speed = fps > 0 ? state.fps / fps : 0;
    state.media_seconds = f->info.frames ? f->info.seconds * (double)state.frames / (double)f->info.frames : 0;
    return !p->progress || p->progress(p->progress_opaque, &state) == PIXFER_PROGRESS_CONTINUE;
}

static void watch(struct farm *f)
{
    while (f->running) {
        pixfer_condition_wait_for(&f->changed, &f->mutex, 0.1);
        if (!f->stop && !tell(f)) {
            f->stop = true;
            f->result = PIXFER_ERR_CANCELLED;
        }
    }
}

static enum pixfer_result make_segments(struct farm *f)
{
    f->count = f->request->options->jobs ? f->request->options->jobs : pixfer_cpu_count();
    if (f->count > f->info.segments)
        f->count = f->info.segments;
    f->workers = calloc(f->count, sizeof(*f->workers));
    if (!f->workers)
        return PIXFER_ERR_NO_MEMORY;
    pixfer_lock_take(&f->mutex);
    unsigned started = 0;
    for (; started < f->count; started++) {
        f->workers[started].farm = f;
        f->workers[started].start = (struct pixfer_thread_start){work, &f->workers[started]};
        if (!pixfer_thread_create_masked(&f->workers[started].thread, &f->workers[started].start))
            break;
        f->running++;
    }
    if (started)
        watch(f);
    else
        f->result = PIXFER_ERR_NO_MEMORY;
    pixfer_lock_drop(&f->mutex);
    for (unsigned i = 0; i < started; i++)
        pixfer_thread_join(f->workers[i].thread);
    free(f->workers);
    return f->result;
}

/* ---- The whole --------------------------------------------------------------------------------------------------------------- */

static enum pixfer_result fail(struct farm *f, enum pixfer_result result, const char *line)
{
    const struct pixfer_exporter_params *p = &f->request->params;
    snprintf(f->error, sizeof(f->error), "%.1000s", line);
    if (p->log)
        p->log(p->log_opaque, PIXFER_LOG_ERROR, line);
    return result;
}

static enum pixfer_result make_plan(struct farm *f)
{
    const struct export_options *o = f->request->options;
    struct pixfer_exporter_params params = f->request->params;
    struct pixfer_plan_params cut = o->cut;
    char line[2 * FOLDER];
    cut.output = o->output;
    params.error = f->error;
    params.error_size = sizeof(f->error);
    snprintf(f->folder, sizeof(f->folder), "%s.segments", o->output);
    if (!params.overwrite && pixfer_file_exists(o->output)) {
        snprintf(line, sizeof(line), "output: %s exists; --overwrite replaces it", o->output);
        return fail(f, PIXFER_ERR_IO, line);
    }
    return pixfer_plan_create(&f->plan, &o->input, &params, &cut);
}

static enum pixfer_result join(struct farm *f, struct pixfer_exporter_stats *stats)
{
    const struct pixfer_exporter_params *p = &f->request->params;
    struct pixfer_plan_host host = PIXFER_PLAN_HOST(.folder = f->folder, .remove = 1);
    host.log = p->log;
    host.log_opaque = p->log_opaque;
    host.progress = p->progress;
    host.progress_opaque = p->progress_opaque;
    host.error = f->error;
    host.error_size = sizeof(f->error);
    enum pixfer_result result = pixfer_plan_join(f->plan, NULL, &host, stats);
    if (result == PIXFER_OK)
        pixfer_folder_remove(f->folder);
    return result;
}

static void say_what_is_kept(struct farm *f)
{
    const struct pixfer_exporter_params *p = &f->request->params;
    char line[2 * FOLDER];
    snprintf(line, sizeof(line), "%u of %u segments are kept in %s; the same command goes on from there", f->made,
             f->info.segments, f->folder);
    if (f->made && p->log)
        p->log(p->log_opaque, PIXFER_LOG_WARNING, line);
}

static void finish_stats(const struct farm *f, struct pixfer_exporter_stats *stats)
{
    stats->source_s += f->sum.source_s;
    stats->convert_s = f->sum.convert_s;
    stats->encode_s = f->sum.encode_s;
    stats->mux_s += f->sum.mux_s;
    stats->converted = f->sum.converted;
    stats->skipped += f->sum.skipped;
    stats->exact = f->sum.exact;
    stats->backend = f->sum.backend;
    memcpy(stats->backend_name, f->sum.backend_name, sizeof(stats->backend_name));
    memcpy(stats->isa, f->sum.isa, sizeof(stats->isa));
    stats->wall_s = pixfer_now() - f->start;
    stats->fps = stats->wall_s > 0 ? (double)stats->frames / stats->wall_s : 0;
    stats->cpu_s = pixfer_cpu_time();
}

enum pixfer_result segments_export(const struct segments_request *request, struct pixfer_exporter_stats *stats, char *error,
                                   size_t error_size)
{
    struct farm f = {.request = request, .start = pixfer_now(), .info = PIXFER_PLAN_INFO()};
    if (!pixfer_lock_init(&f.mutex) || !pixfer_condition_init(&f.changed))
        return PIXFER_ERR_NO_MEMORY;
    enum pixfer_result result = make_plan(&f);
    if (result == PIXFER_OK) {
        pixfer_plan_get_info(f.plan, &f.info);
        result = make_segments(&f);
    }
    if (result == PIXFER_OK)
        result = join(&f, stats);
    if (result != PIXFER_OK)
        say_what_is_kept(&f);
    if (result != PIXFER_OK)
        pixfer_folder_remove(f.folder); /* if nothing is in it */
    finish_stats(&f, stats);
    snprintf(error, error_size, "%s", f.error);
    pixfer_plan_close(&f.plan);
    pixfer_condition_destroy(&f.changed);
    pixfer_lock_destroy(&f.mutex);
    return result;
}

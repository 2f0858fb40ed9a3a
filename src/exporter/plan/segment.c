/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include <errno.h>
#include <libavutil/common.h>
#include <libavutil/random_seed.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../../core/sized.h"
#include "../../platform/files.h"
#include "../export.h"
#include "plan.h"

/* A segment is an export of some of the frames, under names that belong to the plan: tasks do not ask each other, and what one that was
 * killed has left is nobody's. Each writes a file of its own, so that two on the same segment do not meet; the last to be ready gives
 * its file the name, and both are equal. */

/* A file that nobody holds, on a file system that cannot tell who holds what, is given up after this many seconds without a change. */
enum { ABANDONED = 3600, DIGITS = 5 };

/* ---- The host ---------------------------------------------------------------------------------------------------------------- */

void pixfer_plan_take_host(struct pixfer_plan_host *to, const struct pixfer_plan_host *from)
{
    *to = (struct pixfer_plan_host){0};
    if (from)
        pixfer_sized_read(to, sizeof(*to), from);
    if (!to->folder || !*to->folder)
        to->folder = ".";
}

void pixfer_plan_params_for(const struct pixfer_plan *p, const struct pixfer_plan_host *host,
                            struct pixfer_exporter_params *params)
{
    *params = p->params;
    params->convert_threads = host->convert_threads;
    params->queue_bytes = host->queue_bytes;
    params->log = host->log;
    params->log_opaque = host->log_opaque;
    params->progress = host->progress;
    params->progress_opaque = host->progress_opaque;
}

enum pixfer_result pixfer_plan_check_versions(const struct pixfer_plan *p, bool encoder, struct report *report)
{
    struct plan_versions here;
    bool works = pixfer_plan_versions(&here, encoder ? p->params.encoder : NULL);
    const char *planned = NULL, *found = NULL;
    if (strcmp(here.libav, p->versions.libav) != 0)
        planned = p->versions.libav, found = here.libav;
    else if (encoder && !works)
        return pixfer_report_fail(report, PIXFER_ERR_UNAVAILABLE, "plan: encoder %s does not encode a frame here",
                                  p->params.encoder);
    else if (encoder && strcmp(here.encoder, p->versions.encoder) != 0)
        planned = p->versions.encoder, found = here.encoder;
    if (!planned)
        return PIXFER_OK;
    return pixfer_report_fail(
        report, PIXFER_ERR_UNSUPPORTED, "plan: it was made with %s, and here is %s: every step needs the version that planned it",
        *planned ? planned : "an encoder that does not say which it is", *found ? found : "one that does not say");
}

/* ---- Inputs ------------------------------------------------------------------------------------------------------------------ */

static char *beside(const char *folder, const char *name)
{
    char *path = malloc(strlen(folder) + strlen(name) + 2);
    if (path)
        sprintf(path, "%s/%s", folder, name);
    return path;
}

/* The first of the places where it may be that holds the file of the plan. */
static enum pixfer_result find_file(const struct pixfer_plan *p, const char *given, const char *there, const char *name,
                                    const struct identity *planned, char **path, struct report *report)
{
    char why[240], found[240] = "";
    char *near = p->folder && name[0] != '/' ? beside(p->folder, name) : NULL;
    const char *const places[] = {given, given ? NULL : there, given ? NULL : name, given ? NULL : near};
    for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
        struct identity id;
        if (!places[i])
            continue;
        bool exists = pixfer_identity_of(places[i], &id, why, sizeof(why));
        if (exists && pixfer_identity_same(&id, planned, why, sizeof(why))) {
            *path = strdup(places[i]);
            free(near);
            return *path ? PIXFER_OK : pixfer_report_fail(report, PIXFER_ERR_NO_MEMORY, "plan: out of memory");
        }
        if (exists || !found[0])
            snprintf(found, sizeof(found), "%s", why);
    }
    free(near);
    return pixfer_report_fail(report, PIXFER_ERR_INVALID, "plan: %s is not the file that was planned: %s", given ? given : name,
                              found);
}

enum pixfer_result pixfer_plan_find_inputs(const struct pixfer_plan *p, const struct pixfer_plan_host *host, char **input,
                                           char **audio, struct report *report)
{
    enum pixfer_result result = PIXFER_OK;
    *input = *audio = NULL;
    if (p->input.name)
        result = find_file(p, host->input, p->input_path, p->input.name, &p->input_is, input, report);
    if (p->input.audio && result == PIXFER_OK)
        result = find_file(p, host->audio, p->audio_path, p->input.audio, &p->audio_is, audio, report);
    return result;
}

/* ---- Names ------------------------------------------------------------------------------------------------------------------- */

char *pixfer_plan_name(const struct pixfer_plan *p, const struct pixfer_plan_host *host, uint32_t index, const char *suffix)
{
    char *name = malloc(strlen(host->folder) + strlen(p->id_text) + strlen(suffix) + 16);
    if (name && index == PLAN_SEGMENTS)
        sprintf(name, "%s/%s", host->folder, p->id_text);
    else if (name)
        sprintf(name, "%s/%s/%0*u%s", host->folder, p->id_text, DIGITS, index, suffix);
    return name;
}

static enum pixfer_result make_folder(const struct pixfer_plan *p, const struct pixfer_plan_host *host, struct report *report)
{
    char *name = pixfer_plan_name(p, host, PLAN_SEGMENTS, "");
    int error = name ? 0 : ENOMEM;
    if (!error)
        error = pixfer_folder_make(host->folder);
    if (!error)
        error = pixfer_folder_make(name);
    free(name);
    return error ? pixfer_report_fail(report, PIXFER_ERR_IO, "plan: folder %s: %s", host->folder, pixfer_error_text(error))
                 : PIXFER_OK;
}

static bool ends_in(const char *name, const char *end)
{
    size_t length = strlen(name), tail = strlen(end);
    return length >= tail && !strcmp(name + length - tail, end);
}

/* Whoever writes a file holds a lock on it; where there are no locks, age has to tell. */
static bool is_abandoned(int fd)
{
    struct file_state state;
    int error = pixfer_file_lock_surely(fd);
    if (error != ENOTSUP)
        return !error;
    return !pixfer_file_state_of(fd, &state) && time(NULL) - state.changed / 1000000000 > ABANDONED;
}

static bool is_temporary(const char *name, const char *prefix, const char *tag)
{
    return !strncmp(name, prefix, strlen(prefix)) && strstr(name + strlen(prefix), tag) &&
           (ends_in(name, ".part") || ends_in(name, ".final"));
}

/* The file `name` of a folder, for reading; -1 if it is nothing of that kind. */
static int open_temporary(const char *folder, const char *name, char **path)
{
    int fd = -1;
    *path = beside(folder, name);
    if (*path && pixfer_file_kind(*path) == FILE_REGULAR && pixfer_file_open_to_read(*path, false, &fd))
        fd = -1;
    return fd;
}

struct clearing {
    const char *folder, *prefix, *tag;
};

static void clear_one(void *opaque, const char *name)
{
    const struct clearing *c = opaque;
    char *path = NULL;
    if (!is_temporary(name, c->prefix, c->tag))
        return;
    int fd = open_temporary(c->folder, name, &path);
    if (fd >= 0 && is_abandoned(fd))
        pixfer_file_unlink(path);
    pixfer_file_close(fd);
    free(path);
}

void pixfer_plan_clear(const char *folder, const char *prefix, const char *tag)
{
    struct clearing clearing = {folder, prefix, tag};
    pixfer_folder_list(folder, clear_one, &clearing);
}

static void clear_segment(const struct pixfer_plan *p, const struct pixfer_plan_host *host, uint32_t index)
{
    char prefix[16], *folder = pixfer_plan_name(p, host, PLAN_SEGMENTS, "");
    snprintf(prefix, sizeof(prefix), "%0*u.", DIGITS, index);
    if (folder)
        pixfer_plan_clear(folder, prefix, "");
    free(folder);
}

/* ---- What is there ----------------------------------------------------------------------------------------------------------- */

static struct seal seal_of(const struct pixfer_plan *p, uint32_t index)
{
    struct seal seal = {.index = index};
    memcpy(seal.id, p->id, sizeof(seal.id));
    return seal;
}

static enum seal_state look(const struct pixfer_plan *p, uint32_t index, const char *name, bool thorough, int64_t *bytes)
{
    const struct seal seal = seal_of(p, index);
    struct file_state file;
    enum seal_state state = SEAL_ERROR;
    int fd = -1, error = pixfer_file_open_to_read(name, false, &fd);
    *bytes = 0;
    if (!error)
        error = pixfer_file_state_of(fd, &file);
    if (!error) {
        *bytes = file.kind == FILE_REGULAR ? file.size : 0;
        state = file.kind == FILE_REGULAR ? pixfer_seal_check(&seal, fd, thorough) : SEAL_NONE;
    }
    pixfer_file_close(fd);
    return state;
}

struct search {
    const char *folder, *prefix;
    struct pixfer_segment_status *status;
    bool running;
};

static void look_for_running(void *opaque, const char *name)
{
    struct search *s = opaque;
    uint64_t counts[2] = {0, 0};
    char *path = NULL;
    if (!is_temporary(name, s->prefix, "") || !ends_in(name, ".part"))
        return;
    int fd = open_temporary(s->folder, name, &path);
    if (fd >= 0 && !is_abandoned(fd)) {
        s->running = true;
        pixfer_count_samples(fd, pixfer_file_size(fd), counts);
        s->status->frames = FFMAX(s->status->frames, counts[0]);
        s->status->bytes = FFMAX(s->status->bytes, (uint64_t)pixfer_file_size(fd));
    }
    pixfer_file_close(fd);
    free(path);
}

/* The furthest that a task has come which is at work on it. */
static bool find_running(const char *folder, const char *prefix, struct pixfer_segment_status *status)
{
    struct search search = {folder, prefix, status, false};
    pixfer_folder_list(folder, look_for_running, &search);
    return search.running;
}

enum pixfer_result pixfer_plan_get_status(const struct pixfer_plan *p, uint32_t index, const struct pixfer_plan_host *given,
                                          int thorough, struct pixfer_segment_status *status)
{
    struct pixfer_plan_host host;
    struct pixfer_segment_status own = {0};
    char prefix[16];
    if (!p || !status || index >= p->count)
        return PIXFER_ERR_INVALID;
    pixfer_plan_take_host(&host, given);
    char *name = pixfer_plan_name(p, &host, index, ".mp4"), *folder = pixfer_plan_name(p, &host, PLAN_SEGMENTS, "");
    int64_t bytes = 0;
    if (!name || !folder) {
        free(name);
        free(folder);
        return PIXFER_ERR_NO_MEMORY;
    }
    snprintf(prefix, sizeof(prefix), "%0*u.", DIGITS, index);
    const enum seal_state seal = look(p, index, name, thorough != 0, &bytes);
    if (seal == SEAL_GOOD)
        own = (struct pixfer_segment_status){
            .state = PIXFER_SEGMENT_DONE, .frames = p->segments[index].end - p->segments[index].first, .bytes = (uint64_t)bytes};
    else if (find_running(folder, prefix, &own))
        own.state = PIXFER_SEGMENT_RUNNING;
    else
        own.state = pixfer_file_exists(name) ? PIXFER_SEGMENT_FOREIGN : PIXFER_SEGMENT_MISSING;
    free(name);
    free(folder);
    pixfer_sized_write(status, &own, sizeof(own), sizeof(own));
    return PIXFER_OK;
}

/* ---- Making one -------------------------------------------------------------------------------------------------------------- */

/* What both ways of making a segment need. */
struct making {
    const struct pixfer_plan *plan;
    struct pixfer_plan_host host;
    struct report report;
    struct pixfer_exporter_params params;
    struct pixfer_input input;
    struct seal seal;
    char *name, *part, *input_path, *audio_path;
};

static void end_making(struct making *m)
{
    free(m->name);
    free(m->part);
    free(m->input_path);
    free(m->audio_path);
    pixfer_report_free(&m->report);
}

static enum pixfer_result check_call(struct making *m, uint32_t index, bool pushed)
{
    const struct pixfer_plan *p = m->plan;
    if (index >= p->count)
        return pixfer_report_fail(&m->report, PIXFER_ERR_INVALID, "plan: there is no segment %u, expected 0 to %u", index,
                                  p->count - 1);
    if (pushed == (p->input.name != NULL))
        return pixfer_report_fail(&m->report, PIXFER_ERR_INVALID, "plan: %s",
                                  pushed ? "its frames come from an input, and are not pushed"
                                         : "it has no input: its frames are pushed (pixfer_plan_open_segment)");
    return PIXFER_OK;
}

static enum pixfer_result make_names(struct making *m, uint32_t index)
{
    char suffix[32];
    snprintf(suffix, sizeof(suffix), ".%08x.part", av_get_random_seed());
    m->name = pixfer_plan_name(m->plan, &m->host, index, ".mp4");
    m->part = pixfer_plan_name(m->plan, &m->host, index, suffix);
    return m->name && m->part ? PIXFER_OK : pixfer_report_fail(&m->report, PIXFER_ERR_NO_MEMORY, "plan: out of memory");
}

static bool is_there(struct making *m, uint32_t index)
{
    static const char *const what[] = {"", "is no segment", "is of another plan", "is damaged", "cannot be read"};
    int64_t bytes;
    enum seal_state state = look(m->plan, index, m->name, true, &bytes);
    if (state != SEAL_GOOD && (state != SEAL_ERROR || pixfer_file_exists(m->name)))
        pixfer_report_log(&m->report, PIXFER_LOG_WARNING, "plan: what is there as %s %s: it is made again", m->name, what[state]);
    return state == SEAL_GOOD;
}

static enum pixfer_result prepare(struct making *m, uint32_t index, bool pushed)
{
    const struct pixfer_plan *p = m->plan;
    enum pixfer_result result = check_call(m, index, pushed);
    if (result == PIXFER_OK)
        result = pixfer_plan_check_versions(p, true, &m->report);
    if (result == PIXFER_OK)
        result = make_names(m, index);
    if (result == PIXFER_OK)
        result = make_folder(p, &m->host, &m->report);
    if (result != PIXFER_OK)
        return result;
    clear_segment(p, &m->host, index);
    m->seal = seal_of(p, index);
    pixfer_plan_params_for(p, &m->host, &m->params);
    m->params.overwrite = 1; /* the name is the plan's */
    m->params.keep_start = 0;
    m->params.metadata = NULL;
    m->params.metadata_count = 0;
    m->params.rotation = 0;
    return PIXFER_OK;
}

static bool is_on_key(const struct pixfer_plan *p, uint64_t frame)
{
    return frame && frame < p->total && p->params.gop && frame % p->params.gop == 0;
}

uint32_t pixfer_plan_lead_in(const struct pixfer_plan *p, const struct plan_segment *s)
{
    if (!is_on_key(p, s->first) || !p->frames.frames)
        return 0;
    return (uint32_t)FFMIN((p->input.first + s->first) % p->frames.frames, FFMIN(PLAN_LEAD_IN, s->first));
}

/* x264's two fastest presets, without a macroblock tree, give a key frame the quality that follows from how hard the frames before it were,
 * and copies of one frame are not hard: measured, the key frame is then further off than without. */
static bool learns_from_copies(const char *preset)
{
    return !preset || (strcmp(preset, "ultrafast") != 0 && strcmp(preset, "superfast") != 0);
}

static struct export_part part_of(const struct making *m, const struct plan_segment *s)
{
    return (struct export_part){.portable = true,
                                .keep_nothing = true,
                                .frames = s->end - s->first,
                                .first = s->first,
                                .look_ahead = is_on_key(m->plan, s->end) ? PLAN_LOOK_AHEAD : 0,
                                .part_name = m->part,
                                .seal = &m->seal};
}

/* The frame that a segment begins with, for a source. */
static void find_place(const struct pixfer_plan *p, const struct plan_segment *s, struct export_job *job)
{
    struct frame_cursor cursor = {0};
    struct source_place *place = &job->place;
    int64_t lasts;
    job->first = p->input.first + s->first;
    job->end = p->input.first + s->end;
    job->pass = job->first / p->frames.frames;
    place->index = job->first % p->frames.frames - job->part.lead_in;
    place->key = s->key;
    pixfer_frames_at(&p->frames, &cursor, 0, &place->first, &lasts);
    if (place->index)
        pixfer_frames_at(&p->frames, &cursor, place->index - 1, &place->before, &lasts);
    pixfer_frames_at(&p->frames, &cursor, place->index, &place->ticks, &lasts);
}

static enum pixfer_result encode(struct making *m, uint32_t index, struct pixfer_exporter_stats *stats, char *error,
                                 size_t error_size)
{
    const struct pixfer_plan *p = m->plan;
    struct export_job job = {.part = part_of(m, &p->segments[index]), .frames = &p->frames, .tags = p->tags};
    job.part.lead_in = pixfer_plan_lead_in(p, &p->segments[index]);
    find_place(p, &p->segments[index], &job);
    m->input = p->input;
    m->input.name = m->input_path;
    m->input.audio = NULL;
    m->input.no_audio = 1;
    m->input.first = job.first;
    m->input.end = job.end;
    return pixfer_export_job(m->name, &m->input, &m->params, stats, error, error_size, &job);
}

enum pixfer_result pixfer_plan_make_segment(const struct pixfer_plan *p, uint32_t index, const struct pixfer_plan_host *host,
                                            int *already, struct pixfer_exporter_stats *stats)
{
    struct making m = {.plan = p};
    char error[1024] = "";
    if (!p)
        return PIXFER_ERR_INVALID;
    pixfer_plan_take_host(&m.host, host);
    pixfer_report_init(&m.report, m.host.log, m.host.log_opaque);
    enum pixfer_result result = prepare(&m, index, false);
    bool there = result == PIXFER_OK && is_there(&m, index);
    if (already)
        *already = there;
    if (result == PIXFER_OK && !there)
        result = pixfer_plan_find_inputs(p, &m.host, &m.input_path, &m.audio_path, &m.report);
    if (result != PIXFER_OK || there)
        pixfer_plan_answer(&m.report, result, m.host.error, m.host.error_size);
    else
        result = encode(&m, index, stats, error, sizeof(error));
    if (*error && m.host.error && m.host.error_size)
        snprintf(m.host.error, m.host.error_size, "%s", error);
    end_making(&m);
    return result;
}

/* ---- Pushed frames ----------------------------------------------------------------------------------------------------------- */

enum pixfer_result pixfer_plan_open_segment(const struct pixfer_plan *p, uint32_t index, const struct pixfer_plan_host *host,
                                            struct pixfer_exporter **out)
{
    struct making m = {.plan = p};
    if (!out)
        return PIXFER_ERR_INVALID;
    *out = NULL;
    if (!p)
        return PIXFER_ERR_INVALID;
    pixfer_plan_take_host(&m.host, host);
    pixfer_report_init(&m.report, m.host.log, m.host.log_opaque);
    enum pixfer_result result = prepare(&m, index, true);
    if (result == PIXFER_OK) {
        struct export_part part = part_of(&m, &p->segments[index]);
        part.counted = true;
        part.warm_up = is_on_key(p, p->segments[index].first) && learns_from_copies(p->params.preset);
        m.params.error = m.host.error;
        m.params.error_size = m.host.error_size;
        result = pixfer_exporter_open_part(out, m.name, &m.params, &part);
    } else {
        pixfer_plan_answer(&m.report, result, m.host.error, m.host.error_size);
    }
    end_making(&m);
    return result;
}
#endif

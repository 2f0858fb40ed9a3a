/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include <errno.h>
#include <libavutil/common.h>
#include <libavutil/mathematics.h>
#include <libavutil/pixdesc.h>
#include <pixfer/pixfer.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../core/sized.h"
#include "../../platform/files.h"
#include "../export.h"
#include "../samples.h"
#include "plan.h"

/* What an export would decide while it runs is decided here, and written down. */

static const double shortest_task = 2; /* seconds */
static const uint64_t most_frames = UINT64_C(1) << 31;

struct creation {
    struct pixfer_plan *plan;
    struct pixfer_plan_params wanted;
    struct pixfer_exporter *e;
    struct source source;
    struct source_host host;
    struct scan scan;
};

/* ---- What is asked ----------------------------------------------------------------------------------------------------------- */

static enum pixfer_result check_wishes(const struct creation *c)
{
    const struct pixfer_plan_params *w = &c->wanted;
    const struct pixfer_plan *p = c->plan;
    struct report *report = &c->e->report;
    if ((w->tasks > 0) + (w->segments > 0) + (w->segment_seconds > 0) > 1)
        return pixfer_report_fail(report, PIXFER_ERR_INVALID,
                                  "plan: found more than one of tasks, segments and segment seconds, expected one");
    if (w->tasks > PLAN_SEGMENTS || w->segments > PLAN_SEGMENTS || !(w->segment_seconds >= 0 && w->segment_seconds <= 1e9))
        return pixfer_report_fail(report, PIXFER_ERR_INVALID,
                                  "plan: %u tasks, %u segments of %g s, expected at most %d, and seconds above 0", w->tasks,
                                  w->segments, w->segment_seconds, PLAN_SEGMENTS);
    if (p->params.write || (w->output && !strcmp(w->output, "-")))
        return pixfer_report_fail(report, PIXFER_ERR_INVALID, "plan: the output is a stream, expected the name of a file");
    if (p->params.metadata_count > PLAN_METADATA)
        return pixfer_report_fail(report, PIXFER_ERR_INVALID, "plan: %zu lines of metadata, expected at most %d",
                                  p->params.metadata_count, PLAN_METADATA);
    if (p->input.shortest)
        return pixfer_report_fail(
            report, PIXFER_ERR_UNSUPPORTED,
            "plan: 'shortest' ends where the audio does, which is known only once it is read; expected a range of frames");
    if (p->input.name && !strcmp(p->input.name, "-"))
        return pixfer_report_fail(
            report, PIXFER_ERR_UNSUPPORTED,
            "plan: standard input can be read only once, expected a file that every segment can be read from");
    if (!p->input.name && (!w->frames || w->frames > most_frames))
        return pixfer_report_fail(report, PIXFER_ERR_INVALID,
                                  "plan: there is no input, and %llu frames are to be pushed, expected 1 to %llu",
                                  (unsigned long long)w->frames, (unsigned long long)most_frames);
    if (!p->input.name && p->params.time_base_num)
        return pixfer_report_fail(report, PIXFER_ERR_INVALID,
                                  "plan: time base is %u/%u, expected 0/0: frames that are pushed are counted",
                                  p->params.time_base_num, p->params.time_base_den);
    return PIXFER_OK;
}

static char *absolute(const char *name)
{
    if (name && !strncmp(name, "file:", 5) && !pixfer_file_exists(name))
        name += 5;
    return name ? pixfer_path_from_root(name) : NULL;
}

static enum pixfer_result identify(struct creation *c, const char *name, struct identity *id)
{
    char why[200];
    if (!name || pixfer_identity_of(name, id, why, sizeof(why)))
        return PIXFER_OK;
    return pixfer_report_fail(&c->e->report, PIXFER_ERR_IO, "plan: %s: %s", name, why);
}

/* ---- What is found out ------------------------------------------------------------------------------------------------------- */

static bool proceed(void *opaque)
{
    struct creation *c = opaque;
    return pixfer_exporter_tick(c->e, "source") && !pixfer_report_finishing(&c->e->report);
}

static enum pixfer_result open_source(struct creation *c)
{
    c->host = (struct source_host){proceed, c, pixfer_samples_can_be_deep(&c->e->params), c->e->params.chroma == 444,
                                   c->e->params.alpha == PIXFER_ALPHA_COMPOSE};
    if (!c->plan->input.name)
        return pixfer_source_open_counted(&c->source, &c->e->params, &c->e->report);
    enum pixfer_result result = pixfer_source_open(&c->source, &c->plan->input, &c->host, &c->e->report);
    if (result == PIXFER_OK)
        pixfer_exporter_take_source(c->e, &c->source);
    return result;
}

/* Every "choose" becomes what was chosen. */
static void take_settings(struct creation *c)
{
    struct pixfer_plan *p = c->plan;
    const struct encoder *encoder = &c->e->encoder;
    struct pixfer_exporter_params *to = &p->params;
    struct pixfer_exporter_params resolved = c->e->params;
    const AVCodecContext *codec = encoder->codec;
    resolved.encoder = codec->codec->name;
    /* Where an encoder's own name for it is none that can be asked for, nothing stays nothing: the version decides. */
    if (encoder->settings.preset[0] && pixfer_encoder_knows_preset(encoder->family, encoder->settings.preset))
        resolved.preset = encoder->settings.preset;
    if (resolved.rate == PIXFER_RATE_DEFAULT && encoder->settings.quality >= 0) {
        resolved.rate = PIXFER_RATE_CRF;
        resolved.rate_value = encoder->settings.quality;
    }
    if (!resolved.gop && codec->gop_size > 0)
        resolved.gop = (uint32_t)codec->gop_size;
    else if (!resolved.gop && !strcmp(codec->codec->name, "libx264"))
        resolved.gop = 250; /* its own, which libavcodec leaves alone */
    resolved.codec = codec->codec_id == AV_CODEC_ID_HEVC  ? PIXFER_CODEC_HEVC
                     : codec->codec_id == AV_CODEC_ID_AV1 ? PIXFER_CODEC_AV1
                                                          : PIXFER_CODEC_H264;
    const AVPixFmtDescriptor *samples = av_pix_fmt_desc_get(encoder->frames.format);
    resolved.depth = samples->comp[0].depth > 8 ? 10 : 8;
    resolved.chroma = samples->log2_chroma_w ? 420 : 444;
    resolved.metadata = to->metadata;
    *to = resolved;
    p->tags = c->e->tags;
    p->reordering = c->e->clock.reordering;
    p->fps = c->e->fps;
    snprintf(p->settings, sizeof(p->settings), "%s", encoder->settings.text);
}

static enum pixfer_result learn_frames(struct creation *c)
{
    struct pixfer_plan *p = c->plan;
    struct pixfer_input *in = &p->input;
    if (!in->name) {
        pixfer_frames_add(&c->scan.frames, 0, 1, c->wanted.frames, 1);
    } else {
        enum pixfer_result result = pixfer_scan(&c->scan, &c->source, c->wanted.prove != 0);
        if (result != PIXFER_OK)
            return result;
    }
    p->frames = c->scan.frames;
    p->ticking = in->name && c->source.ticking;
    p->tick = p->ticking ? c->source.tick : (AVRational){0, 1};
    const uint64_t passes = in->loop ? in->loop : 1, one = p->frames.frames;
    const uint64_t all = one <= most_frames ? one * FFMIN(passes, most_frames) : most_frames + 1;
    const uint64_t end = in->end && in->end < all ? in->end : all;
    if (end <= in->first)
        return pixfer_report_fail(&c->e->report, PIXFER_ERR_INVALID,
                                  "source: %s ended after %llu frames, expected more than those that --frames leaves out",
                                  in->name, (unsigned long long)all);
    p->total = end - in->first;
    if (p->total <= most_frames)
        return PIXFER_OK;
    return pixfer_report_fail(&c->e->report, PIXFER_ERR_UNSUPPORTED, "plan: there are %llu frames, expected at most %llu",
                              (unsigned long long)p->total, (unsigned long long)most_frames);
}

/* ---- Times ------------------------------------------------------------------------------------------------------------------- */

/* A walk over the export's frames, as the export itself makes it. */
struct walk {
    struct source *source;
    const struct frame_table *frames;
    struct frame_cursor cursor;
    uint64_t in_pass;
    int64_t offset, pass_end;
};

/* Where the next frame ends and begins, in the source's time base. */
static int64_t step(struct walk *w, int64_t *begin)
{
    int64_t ticks = 0, lasts = 0;
    if (w->in_pass == w->frames->frames) {
        w->offset += w->pass_end;
        w->in_pass = 0;
    }
    pixfer_frames_at(w->frames, &w->cursor, w->in_pass++, &ticks, &lasts);
    w->source->ops->assume(w->source, ticks, lasts);
    w->pass_end = w->source->pts + w->source->duration;
    *begin = w->source->pts + w->offset;
    return w->pass_end + w->offset;
}

/* ---- Segments ---------------------------------------------------------------------------------------------------------------- */

static enum pixfer_result no_memory(struct creation *c)
{
    return pixfer_report_fail(&c->e->report, PIXFER_ERR_NO_MEMORY, "plan: out of memory");
}

static enum pixfer_result cut_evenly(struct creation *c, uint64_t count)
{
    struct pixfer_plan *p = c->plan;
    count = FFMIN(FFMAX(count, 1), FFMIN(p->total, (uint64_t)PLAN_SEGMENTS));
    p->segments = calloc(count, sizeof(*p->segments));
    if (!p->segments)
        return no_memory(c);
    p->count = (uint32_t)count;
    for (uint64_t k = 0; k < count; k++)
        p->segments[k] = (struct plan_segment){.first = p->total * k / count, .end = p->total * (k + 1) / count};
    return PIXFER_OK;
}

/* A segment begins with the first frame at or behind each multiple of the length. */
static enum pixfer_result cut_by_time(struct creation *c, double length)
{
    struct pixfer_plan *p = c->plan;
    const double unit = av_q2d(c->source.time_base);
    struct walk w = {.source = &c->source, .frames = &p->frames};
    int64_t begin = 0, origin = 0;
    double next = 0;
    size_t capacity = 0;
    for (uint64_t n = 0; n < p->input.first + p->total; n++) {
        step(&w, &begin);
        if (n < p->input.first)
            continue;
        if (n == p->input.first)
            origin = begin;
        const double at = (double)(begin - origin) * unit;
        if (at < next - unit / 2)
            continue;
        if (p->count == PLAN_SEGMENTS)
            return pixfer_report_fail(&c->e->report, PIXFER_ERR_INVALID, "plan: segments of %g s would be more than %d", length,
                                      PLAN_SEGMENTS);
        if (p->count == capacity) {
            capacity = capacity ? 2 * capacity : 16;
            struct plan_segment *segments = realloc(p->segments, capacity * sizeof(*segments));
            if (!segments)
                return no_memory(c);
            p->segments = segments;
        }
        p->segments[p->count++] = (struct plan_segment){.first = n - p->input.first, .end = p->total};
        if (p->count > 1)
            p->segments[p->count - 2].end = n - p->input.first;
        next = ((double)(uint64_t)((at + unit / 2) / length) + 1) * length;
    }
    return PIXFER_OK;
}

static void measure(struct creation *c)
{
    struct pixfer_plan *p = c->plan;
    struct walk w = {.source = &c->source, .frames = &p->frames};
    int64_t begin = 0, origin = 0, end = 0;
    for (uint64_t n = 0; n < p->input.first + p->total; n++) {
        end = step(&w, &begin);
        if (n == p->input.first)
            origin = begin;
    }
    p->seconds = (double)(end - origin) * av_q2d(c->source.time_base);
}

static enum pixfer_result cut(struct creation *c)
{
    struct pixfer_plan *p = c->plan;
    const struct pixfer_plan_params *w = &c->wanted;
    measure(c);
    enum pixfer_result result;
    if (w->segment_seconds > 0)
        result = cut_by_time(c, w->segment_seconds);
    else
        result = cut_evenly(c, w->tasks ? (uint64_t)FFMIN(w->tasks, FFMAX(p->seconds / shortest_task, 1)) : w->segments);
    p->tasks = FFMAX(w->tasks, p->count);
    return result == PIXFER_OK && p->input.name ? pixfer_scan_keys(&c->scan, p, &c->source) : result;
}

/* ---- All of it --------------------------------------------------------------------------------------------------------------- */

static void prepare_params(struct creation *c)
{
    struct pixfer_exporter_params *p = &c->e->params;
    p->fastest_converter = 0;
    if (p->converter == PIXFER_BACKEND_AUTO)
        p->converter = PIXFER_BACKEND_CPU; /* exact, and so the same everywhere */
    if (!p->encoder_threads)
        p->encoder_threads = 1;
    p->sample_rate = p->channels = 0;
    p->any_siting = 0;
    c->e->part.portable = true;
}

static enum pixfer_result create(struct creation *c)
{
    struct pixfer_plan *p = c->plan;
    enum pixfer_result result = pixfer_report_result(&c->e->report);
    if (result == PIXFER_OK)
        result = check_wishes(c);
    if (result == PIXFER_OK)
        result = identify(c, p->input.name, &p->input_is);
    if (result == PIXFER_OK)
        result = identify(c, p->input.audio, &p->audio_is);
    prepare_params(c);
    if (result == PIXFER_OK)
        result = open_source(c);
    if (result == PIXFER_OK)
        result = pixfer_exporter_resolve(c->e, pixfer_source_tags(&c->source, &p->input));
    if (result != PIXFER_OK)
        return result;
    take_settings(c);
    result = learn_frames(c);
    if (result == PIXFER_OK)
        result = cut(c);
    if (result == PIXFER_OK && !pixfer_plan_versions(&p->versions, p->params.encoder))
        result = pixfer_report_fail(&c->e->report, PIXFER_ERR_UNAVAILABLE, "plan: encoder %s does not encode a frame",
                                    p->params.encoder);
    return result == PIXFER_OK ? pixfer_manifest_write(p, &c->e->report) : result;
}

/* The plan that was put together points into what goes now: the one that is given away is read from its own text. */
static enum pixfer_result give(struct creation *c, struct pixfer_plan **out)
{
    struct pixfer_plan *copy = *out = calloc(1, sizeof(*copy));
    if (!copy)
        return no_memory(c);
    enum pixfer_result result = pixfer_manifest_parse(copy, c->plan->text, strlen(c->plan->text), &c->e->report);
    if (result != PIXFER_OK)
        pixfer_plan_close(out);
    return result;
}

enum pixfer_result pixfer_plan_create(struct pixfer_plan **out, const struct pixfer_input *input,
                                      const struct pixfer_exporter_params *params, const struct pixfer_plan_params *wanted)
{
    struct pixfer_plan plan = {0};
    struct creation c = {.plan = &plan};
    if (!out)
        return PIXFER_ERR_INVALID;
    *out = NULL;
    if (!params || !wanted)
        return PIXFER_ERR_INVALID;
    c.e = pixfer_exporter_create(params);
    if (!c.e)
        return PIXFER_ERR_NO_MEMORY;
    plan.params = c.e->params;
    pixfer_sized_read(&c.wanted, sizeof(c.wanted), wanted);
    if (input)
        pixfer_sized_read(&plan.input, sizeof(plan.input), input);
    char *input_path = absolute(plan.input.name), *audio_path = absolute(plan.input.audio);
    plan.input_path = input_path;
    plan.audio_path = audio_path;
    plan.output = c.wanted.output;
    enum pixfer_result result = create(&c);
    if (result == PIXFER_OK)
        result = give(&c, out);
    struct pixfer_exporter_params *p = &c.e->params;
    pixfer_plan_answer(&c.e->report, result, p->error, p->error_size);
    pixfer_source_close(&c.source);
    plan.frames = (struct frame_table){0}; /* the scan's */
    pixfer_scan_free(&c.scan);
    pixfer_exporter_close(&c.e);
    free(plan.segments);
    free(plan.text);
    free(input_path);
    free(audio_path);
    return result;
}

/* ---- What a plan is ---------------------------------------------------------------------------------------------------------- */

bool pixfer_plan_versions(struct plan_versions *v, const char *encoder)
{
    snprintf(v->pixfer, sizeof(v->pixfer), "%s", pixfer_version());
    snprintf(v->libav, sizeof(v->libav), "%s", pixfer_exporter_libav_versions());
    v->encoder[0] = 0;
    return !encoder || pixfer_encoder_version(encoder, v->encoder, sizeof(v->encoder));
}

enum pixfer_result pixfer_plan_answer(struct report *report, enum pixfer_result result, char *error, size_t error_size)
{
    pixfer_report_flush(report, "%s", "");
    if (error && error_size)
        snprintf(error, error_size, "%s", pixfer_report_error(report));
    return result;
}

enum pixfer_result pixfer_plan_parse(struct pixfer_plan **out, const char *text, size_t size, char *error, size_t error_size)
{
    if (error && error_size)
        *error = 0;
    if (!out)
        return PIXFER_ERR_INVALID;
    *out = NULL;
    if (!text)
        return PIXFER_ERR_INVALID;
    struct report report;
    struct pixfer_plan *plan = *out = calloc(1, sizeof(*plan));
    if (!plan)
        return PIXFER_ERR_NO_MEMORY;
    pixfer_report_init(&report, NULL, NULL);
    enum pixfer_result result = pixfer_manifest_parse(plan, text, size, &report);
    pixfer_plan_answer(&report, result, error, error_size);
    pixfer_report_free(&report);
    if (result != PIXFER_OK)
        pixfer_plan_close(out);
    return result;
}

/* A plan of days of irregular frames is some megabytes. */
static const size_t most_bytes = (size_t)256 << 20;

static int read_all(const char *path, char **text, size_t *size)
{
    FILE *file = !strcmp(path, "-") ? stdin : pixfer_file_stream(path, "rb");
    size_t capacity = 1 << 16, n = 1;
    int error = file ? 0 : errno;
    for (*size = 0, *text = NULL; !error && n; *size += n) {
        capacity = *size * 2 > capacity ? *size * 2 : capacity;
        char *more = *size < most_bytes ? realloc(*text, capacity) : NULL;
        if (!more) {
            error = *size < most_bytes ? ENOMEM : EFBIG;
            break;
        }
        *text = more;
        errno = 0;
        n = fread(more + *size, 1, capacity - *size, file);
        if (!n && ferror(file))
            error = errno ? errno : EIO;
    }
    if (file && file != stdin)
        fclose(file);
    return error;
}

enum pixfer_result pixfer_plan_read(struct pixfer_plan **out, const char *path, char *error, size_t error_size)
{
    char *text = NULL;
    size_t size = 0;
    if (!out)
        return PIXFER_ERR_INVALID;
    *out = NULL;
    if (!path)
        return PIXFER_ERR_INVALID;
    int number = read_all(path, &text, &size);
    enum pixfer_result result = number == ENOMEM ? PIXFER_ERR_NO_MEMORY : PIXFER_ERR_IO;
    if (number && error && error_size)
        snprintf(error, error_size, "plan: %s: %s", path, strerror(number));
    if (!number)
        result = pixfer_plan_parse(out, text, size, error, error_size);
    free(text);
    if (result == PIXFER_OK)
        (*out)->folder = pixfer_path_folder(path);
    return result;
}

void pixfer_plan_close(struct pixfer_plan **plan)
{
    if (!plan || !*plan)
        return;
    struct pixfer_plan *p = *plan;
    pixfer_frames_free(&p->frames);
    pixfer_manifest_free(p->json);
    free(p->segments);
    free(p->text);
    free(p->folder);
    free(p);
    *plan = NULL;
}

const char *pixfer_plan_text(const struct pixfer_plan *plan)
{
    return plan ? plan->text : "";
}

void pixfer_plan_get_info(const struct pixfer_plan *p, struct pixfer_plan_info *info)
{
    if (!p || !info)
        return;
    const struct pixfer_plan_info own = {.id = p->id_text,
                                         .segments = p->count,
                                         .tasks = p->tasks,
                                         .frames = p->total,
                                         .seconds = p->seconds,
                                         .width = p->params.width,
                                         .height = p->params.height,
                                         .fps_num = (uint32_t)p->fps.num,
                                         .fps_den = (uint32_t)p->fps.den,
                                         .input = p->input.name,
                                         .output = p->output,
                                         .encoder = p->params.encoder,
                                         .settings = p->settings};
    pixfer_sized_write(info, &own, sizeof(own), sizeof(own));
}

int pixfer_plan_get_segment(const struct pixfer_plan *p, uint32_t index, uint64_t *first, uint64_t *end)
{
    if (!p || index >= p->count)
        return 0;
    if (first)
        *first = p->segments[index].first;
    if (end)
        *end = p->segments[index].end;
    return 1;
}
#endif

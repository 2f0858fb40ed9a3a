/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* The module `exporter`: every call that may wait (open, push, audio, finish, close) is work on the pool and a promise; cancel is not.
 * index.js keeps to the header's rules: frames, finish and close one after the other, audio one after the other beside them. */

#include "common.h"

#include <pixfer/exporter.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define TEXTS 4
#define METADATA 16

struct export
{
    struct pixfer_exporter *exporter;
    struct pixfer_exporter_params params;
    char path[4096], text[TEXTS][64], error[512];
    int descriptor; /* where there is no path */
    struct pixfer_metadata metadata[METADATA];
    char *metadata_text[2 * METADATA];
    size_t stride;
    bool bottom_up;
    bool orphaned; /* by an environment that has ended */
    unsigned busy; /* calls on the pool; only the main thread counts */
    struct pixfer_exporter_stats stats;
    napi_threadsafe_function progress, log;
    atomic_flag calling; /* held by whoever calls one of the two, and to end that */
    bool silent;         /* they are gone */
};

/* From any thread. `data` is freed by the function, or here. */
static void tell(struct export *e, napi_threadsafe_function function, void *data)
{
    while (atomic_flag_test_and_set_explicit(&e->calling, memory_order_acquire))
        ;
    if (e->silent || napi_call_threadsafe_function(function, data, napi_tsfn_nonblocking) != napi_ok)
        free(data);
    atomic_flag_clear_explicit(&e->calling, memory_order_release);
}

/* On the main thread, while its environment is there. */
static void silence(struct export *e)
{
    while (atomic_flag_test_and_set_explicit(&e->calling, memory_order_acquire))
        ;
    if (!e->silent) {
        e->silent = true;
        if (e->progress)
            napi_release_threadsafe_function(e->progress, napi_tsfn_abort);
        if (e->log)
            napi_release_threadsafe_function(e->log, napi_tsfn_abort);
    }
    atomic_flag_clear_explicit(&e->calling, memory_order_release);
}

/* ---- From the exporter's threads to JavaScript ---- */

struct report {
    struct pixfer_progress progress;
    char stage[16];
};

static enum pixfer_progress_action on_progress(void *opaque, const struct pixfer_progress *progress)
{
    struct export *e = opaque;
    struct report *report = malloc(sizeof(*report));

    if (report) {
        report->progress = *progress;
        strncpy(report->stage, progress->stage, sizeof(report->stage) - 1);
        report->stage[sizeof(report->stage) - 1] = 0;
        tell(e, e->progress, report);
    }
    return PIXFER_PROGRESS_CONTINUE;
}

static void call_progress(napi_env env, napi_value function, void *context, void *data)
{
    struct report *report = data;
    napi_value object, undefined;

    (void)context;
    if (env && function && napi_create_object(env, &object) == napi_ok && napi_get_undefined(env, &undefined) == napi_ok) {
        set_number(env, object, "frames", (double)report->progress.frames);
        set_number(env, object, "seconds", report->progress.seconds);
        set_number(env, object, "fps", report->progress.fps);
        set_number(env, object, "speed", report->progress.speed);
        set_number(env, object, "bytes", (double)report->progress.bytes);
        set_number(env, object, "mediaSeconds", report->progress.media_seconds);
        set_text(env, object, "stage", report->stage);
        napi_call_function(env, undefined, function, 1, &object, NULL);
    }
    free(report);
}

struct line {
    int level;
    char text[512];
};

static void on_log(void *opaque, int level, const char *text)
{
    struct export *e = opaque;
    struct line *line = level <= PIXFER_LOG_INFO ? malloc(sizeof(*line)) : NULL;

    if (!line)
        return;
    line->level = level;
    strncpy(line->text, text, sizeof(line->text) - 1);
    line->text[sizeof(line->text) - 1] = 0;
    tell(e, e->log, line);
}

static void call_log(napi_env env, napi_value function, void *context, void *data)
{
    static const char *const levels[] = {"error", "warning", "info"};
    struct line *line = data;
    napi_value arguments[2], undefined;

    (void)context;
    if (env && function && napi_get_undefined(env, &undefined) == napi_ok &&
        napi_create_string_utf8(env, levels[line->level], NAPI_AUTO_LENGTH, &arguments[0]) == napi_ok &&
        napi_create_string_utf8(env, line->text, NAPI_AUTO_LENGTH, &arguments[1]) == napi_ok)
        napi_call_function(env, undefined, function, 2, arguments, NULL);
    free(line);
}

static bool to_javascript(napi_env env, napi_value callbacks, const char *name, napi_threadsafe_function_call_js call,
                          napi_threadsafe_function *out)
{
    napi_value function, text;

    return napi_get_named_property(env, callbacks, name, &function) == napi_ok &&
           napi_create_string_utf8(env, name, NAPI_AUTO_LENGTH, &text) == napi_ok &&
           napi_create_threadsafe_function(env, function, NULL, text, 0, 1, NULL, NULL, NULL, call, out) == napi_ok &&
           napi_unref_threadsafe_function(env, *out) == napi_ok;
}

/* ---- The handle ---- */

static void free_export(struct export *e)
{
    pixfer_exporter_close(&e->exporter);
    for (int i = 0; i < 2 * METADATA; i++)
        free(e->metadata_text[i]);
    free(e);
}

/* The process or the worker ends: before the functions above go. A call on the pool cannot be waited for here, so what it uses
 * stays. */
static void environment_ends(void *data)
{
    struct export *e = data;

    if (e->exporter)
        pixfer_exporter_cancel(e->exporter);
    silence(e);
    e->orphaned = true;
}

static void finalize(napi_env env, void *data, void *hint)
{
    struct export *e = data;

    (void)hint;
    if (e->orphaned) {
        if (!e->busy)
            free_export(e);
        return;
    }
    napi_remove_env_cleanup_hook(env, environment_ends, e);
    silence(e);
    free_export(e); /* work on the pool keeps the handle reachable */
}

static struct export *export_of(napi_env env, napi_value external, bool open)
{
    void *data = NULL;

    if (napi_get_value_external(env, external, &data) != napi_ok || (open && !((struct export *)data)->exporter)) {
        throw_error(env, "the exporter is closed, expected an open one");
        return NULL;
    }
    return data;
}

static bool read_metadata(napi_env env, napi_value options, struct export *e)
{
    napi_value list, value;
    uint32_t count = 0;
    bool is_array = false;

    if (napi_get_named_property(env, options, "metadata", &list) != napi_ok || napi_is_array(env, list, &is_array) != napi_ok ||
        !is_array)
        return true;
    if (napi_get_array_length(env, list, &count) != napi_ok || count > 2 * METADATA)
        return false;
    for (uint32_t i = 0; i < count; i++) {
        size_t length;

        if (napi_get_element(env, list, i, &value) != napi_ok ||
            napi_get_value_string_utf8(env, value, NULL, 0, &length) != napi_ok || !(e->metadata_text[i] = malloc(length + 1)) ||
            napi_get_value_string_utf8(env, value, e->metadata_text[i], length + 1, &length) != napi_ok)
            return false;
        *(i % 2 ? &e->metadata[i / 2].value : &e->metadata[i / 2].key) = e->metadata_text[i];
    }
    e->params.metadata = e->metadata;
    e->params.metadata_count = count / 2;
    return true;
}

static bool read_options(napi_env env, napi_value o, struct export *e)
{
    struct pixfer_exporter_params *p = &e->params;
    uint32_t format, matrix, range, siting, rate, overwrite, keep_start, bottom_up, codec, primaries, transfer, any_siting,
        converter, fastest, descriptor, alpha;
    int64_t stride, queue;

    *p = PIXFER_EXPORTER_PARAMS(.error = e->error, .error_size = sizeof(e->error), .progress = on_progress, .progress_opaque = e,
                                .log = on_log, .log_opaque = e);
    if (!get_u32(env, o, "format", &format) || !get_u32(env, o, "width", &p->width) || !get_u32(env, o, "height", &p->height) ||
        !get_u32(env, o, "fpsNum", &p->fps_num) || !get_u32(env, o, "fpsDen", &p->fps_den) ||
        !get_u32(env, o, "timeBaseNum", &p->time_base_num) || !get_u32(env, o, "timeBaseDen", &p->time_base_den) ||
        !get_u32(env, o, "matrix", &matrix) || !get_u32(env, o, "range", &range) || !get_u32(env, o, "siting", &siting) ||
        !get_u32(env, o, "rate", &rate) || !get_double(env, o, "rateValue", &p->rate_value) ||
        !get_u32(env, o, "encoderThreads", &p->encoder_threads) || !get_u32(env, o, "sampleRate", &p->sample_rate) ||
        !get_u32(env, o, "channels", &p->channels) || !get_i64(env, o, "queueBytes", &queue) || queue < 0 ||
        !get_u32(env, o, "overwrite", &overwrite) || !get_u32(env, o, "keepStart", &keep_start) ||
        !get_u32(env, o, "gop", &p->gop) || !get_u32(env, o, "audioBitrate", &p->audio_bitrate) ||
        !get_u32(env, o, "rotation", &p->rotation) || !get_u32(env, o, "bottomUp", &bottom_up) ||
        !get_i64(env, o, "stride", &stride) || stride < 0 || !get_text(env, o, "encoder", e->text[0], sizeof(e->text[0])) ||
        !get_text(env, o, "preset", e->text[1], sizeof(e->text[1])) ||
        !get_text(env, o, "audioCodec", e->text[2], sizeof(e->text[2])) || !get_text(env, o, "path", e->path, sizeof(e->path)) ||
        !get_text(env, o, "cpu", e->text[3], sizeof(e->text[3])) || !get_u32(env, o, "codec", &codec) ||
        !get_u32(env, o, "depth", &p->depth) || !get_u32(env, o, "chroma", &p->chroma) || !get_u32(env, o, "alpha", &alpha) ||
        !get_u32(env, o, "background", &p->background) || !get_u32(env, o, "primaries", &primaries) ||
        !get_u32(env, o, "transfer", &transfer) || !get_u32(env, o, "anySiting", &any_siting) ||
        !get_u32(env, o, "converter", &converter) || !get_u32(env, o, "fastestConverter", &fastest) ||
        !get_u32(env, o, "convertThreads", &p->convert_threads) || !get_u32(env, o, "aspectNum", &p->sample_aspect_num) ||
        !get_u32(env, o, "aspectDen", &p->sample_aspect_den) || !get_u32(env, o, "descriptor", &descriptor) ||
        !read_metadata(env, o, e))
        return false;
    p->format = (enum pixfer_format)format;
    p->color = (struct pixfer_color){(enum pixfer_matrix)matrix, (enum pixfer_range)range, (enum pixfer_siting)siting};
    p->rate = (enum pixfer_rate)rate;
    p->overwrite = overwrite != 0;
    p->keep_start = keep_start != 0;
    p->queue_bytes = (size_t)queue;
    p->encoder = *e->text[0] ? e->text[0] : NULL;
    p->preset = *e->text[1] ? e->text[1] : NULL;
    p->audio_codec = *e->text[2] ? e->text[2] : NULL;
    p->cpu = *e->text[3] ? e->text[3] : NULL;
    p->codec = (enum pixfer_codec)codec;
    p->alpha = (enum pixfer_alpha)alpha;
    p->primaries = (int)primaries;
    p->transfer = (int)transfer;
    p->any_siting = any_siting != 0;
    p->converter = (enum pixfer_backend)converter;
    p->fastest_converter = fastest != 0;
    if (!*e->path) {
        e->descriptor = (int)descriptor;
        p->write = pixfer_write_to_descriptor;
        p->write_opaque = &e->descriptor;
    }
    e->stride = (size_t)stride;
    e->bottom_up = bottom_up != 0;
    return true;
}

/* ---- Work ---- */

struct call {
    struct work work;
    struct pixfer_image image;
    const float *samples;
    size_t count;
    int64_t pts;
    bool with_pts;
};

/* The line of the error that ended the export, for the promise. */
static void answer(struct work *work, enum pixfer_result result)
{
    struct export *e = work->owner;

    work->status = result;
    if (result != PIXFER_OK && e->exporter)
        strncpy(work->message, pixfer_exporter_error(e->exporter), sizeof(work->message) - 1);
}

static void run_open(struct work *work)
{
    struct export *e = work->owner;

    work->status = pixfer_exporter_open(&e->exporter, *e->path ? e->path : NULL, &e->params);
    memcpy(work->message, e->error, sizeof(e->error));
}

static void run_push(struct work *work)
{
    struct call *call = (struct call *)work;

    answer(work, pixfer_exporter_push(((struct export *)work->owner)->exporter, &call->image, call->pts));
}

static void run_audio(struct work *work)
{
    struct call *call = (struct call *)work;
    struct pixfer_exporter *e = ((struct export *)work->owner)->exporter;

    answer(work, call->with_pts ? pixfer_exporter_push_audio_at(e, call->samples, call->count, call->pts)
                                : pixfer_exporter_push_audio(e, call->samples, call->count));
}

static void run_finish(struct work *work)
{
    struct export *e = work->owner;

    e->stats = (struct pixfer_exporter_stats)PIXFER_EXPORTER_STATS();
    answer(work, pixfer_exporter_finish(e->exporter, &e->stats));
}

static void run_close(struct work *work)
{
    pixfer_exporter_close(&((struct export *)work->owner)->exporter);
}

static napi_value stats_of(napi_env env, struct work *work)
{
    const struct pixfer_exporter_stats *s = &((struct export *)work->owner)->stats;
    napi_value o;

    if (napi_create_object(env, &o) != napi_ok)
        return NULL;
    set_number(env, o, "frames", (double)s->frames);
    set_number(env, o, "seconds", s->wall_s);
    set_number(env, o, "fps", s->fps);
    set_number(env, o, "convertSeconds", s->convert_s);
    set_number(env, o, "encodeSeconds", s->encode_s);
    set_number(env, o, "bytes", (double)s->bytes);
    set_number(env, o, "refused", (double)s->refused);
    set_text(env, o, "encoder", s->encoder);
    set_text(env, o, "backend", s->backend_name);
    set_text(env, o, "isa", s->isa);
    set_number(env, o, "exact", s->exact);
    return o;
}

static void settled(napi_env env, struct work *work)
{
    (void)env;
    ((struct export *)work->owner)->busy--;
}

static struct call *new_call(struct export *e, void (*run)(struct work *))
{
    struct call *call = calloc(1, sizeof(*call));

    if (call) {
        call->work.run = run;
        call->work.settled = settled;
        call->work.owner = e;
        e->busy++;
    }
    return call;
}

/* create(options, callbacks): the handle, which open() then opens */
static napi_value create(napi_env env, napi_callback_info info)
{
    size_t argc = 2;
    napi_value arguments[2], external;
    struct export *e;

    if (napi_get_cb_info(env, info, &argc, arguments, NULL, NULL) != napi_ok || argc < 2 || !(e = calloc(1, sizeof(*e))))
        return throw_error(env, "no memory");
    atomic_flag_clear(&e->calling);
    if (!read_options(env, arguments[0], e) || !to_javascript(env, arguments[1], "progress", call_progress, &e->progress) ||
        !to_javascript(env, arguments[1], "log", call_log, &e->log) ||
        napi_add_env_cleanup_hook(env, environment_ends, e) != napi_ok) {
        silence(e);
        free_export(e);
        return throw_error(env, "an option is out of range");
    }
    if (napi_create_external(env, e, finalize, NULL, &external) != napi_ok) {
        finalize(env, e, NULL);
        return throw_error(env, "no memory");
    }
    return external;
}

static napi_value start(napi_env env, napi_callback_info info, bool open, void (*run)(struct work *),
                        napi_value (*result)(napi_env, struct work *), void (*after)(napi_env, struct work *), const char *name)
{
    size_t argc = 1;
    napi_value external;
    struct export *e;
    struct call *call;

    if (napi_get_cb_info(env, info, &argc, &external, NULL, NULL) != napi_ok || argc < 1 || !(e = export_of(env, external, open)))
        return throw_error(env, "an exporter is expected");
    if (!(call = new_call(e, run)))
        return throw_error(env, "no memory");
    call->work.result = result;
    call->work.settled = after;
    return start_work(env, &call->work, name, external, NULL, NULL);
}

static napi_value open_exporter(napi_env env, napi_callback_info info)
{
    return start(env, info, false, run_open, NULL, settled, "pixfer.open");
}

static napi_value finish(napi_env env, napi_callback_info info)
{
    return start(env, info, true, run_finish, stats_of, settled, "pixfer.finish");
}

/* Nothing is told any more once the exporter is closed. */
static void closed(napi_env env, struct work *work)
{
    settled(env, work);
    silence(work->owner);
}

static napi_value close_exporter(napi_env env, napi_callback_info info)
{
    return start(env, info, false, run_close, NULL, closed, "pixfer.close");
}

/* push(exporter, frame, pts) */
static napi_value push(napi_env env, napi_callback_info info)
{
    size_t argc = 3, size;
    napi_value arguments[3];
    uint8_t *data;
    int64_t pts;
    struct export *e;
    struct call *call;
    struct pixfer_image image;

    if (napi_get_cb_info(env, info, &argc, arguments, NULL, NULL) != napi_ok || argc < 3 ||
        !(e = export_of(env, arguments[0], true)) || !get_bytes(env, arguments[1], &data, &size) ||
        napi_get_value_int64(env, arguments[2], &pts) != napi_ok)
        return throw_error(env, "a frame and its pts are expected");
    if (!describe(&image, e->params.format, e->params.width, e->params.height, data, size, e->stride, e->bottom_up))
        return throw_error(env, "the buffer is too short for a frame");
    if (!(call = new_call(e, run_push)))
        return throw_error(env, "no memory");
    call->image = image;
    call->pts = pts;
    return start_work(env, &call->work, "pixfer.push", arguments[0], arguments[1], NULL);
}

/* audio(exporter, samples, pts or undefined): samples is a Float32Array of interleaved channels */
static napi_value audio(napi_env env, napi_callback_info info)
{
    size_t argc = 3, length;
    napi_value arguments[3];
    napi_typedarray_type type;
    napi_valuetype pts_type;
    void *samples;
    int64_t pts = 0;
    struct export *e;
    struct call *call;

    if (napi_get_cb_info(env, info, &argc, arguments, NULL, NULL) != napi_ok || argc < 3 ||
        !(e = export_of(env, arguments[0], true)) ||
        napi_get_typedarray_info(env, arguments[1], &type, &length, &samples, NULL, NULL) != napi_ok ||
        type != napi_float32_array || napi_typeof(env, arguments[2], &pts_type) != napi_ok ||
        (pts_type == napi_number && napi_get_value_int64(env, arguments[2], &pts) != napi_ok))
        return throw_error(env, "a Float32Array is expected");
    if (!e->params.channels || length % e->params.channels)
        return throw_error(env, "as many samples are expected for each channel");
    if (!(call = new_call(e, run_audio)))
        return throw_error(env, "no memory");
    call->samples = samples;
    call->count = length / e->params.channels;
    call->pts = pts;
    call->with_pts = pts_type == napi_number;
    return start_work(env, &call->work, "pixfer.audio", arguments[0], arguments[1], NULL);
}

static napi_value cancel(napi_env env, napi_callback_info info)
{
    size_t argc = 1;
    napi_value external;
    struct export *e;

    if (napi_get_cb_info(env, info, &argc, &external, NULL, NULL) == napi_ok && argc == 1 && (e = export_of(env, external, true)))
        pixfer_exporter_cancel(e->exporter);
    return NULL;
}

NAPI_MODULE_INIT()
{
    set_function(env, exports, "create", create);
    set_function(env, exports, "open", open_exporter);
    set_function(env, exports, "push", push);
    set_function(env, exports, "audio", audio);
    set_function(env, exports, "finish", finish);
    set_function(env, exports, "cancel", cancel);
    set_function(env, exports, "close", close_exporter);
    set_text(env, exports, "versions", pixfer_exporter_libav_versions());
    return exports;
}

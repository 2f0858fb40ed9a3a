/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* The front door: checks arguments once for all backends, opens the chain of backends that will do, slices frames over the
 * threads, and hands a frame on when a backend fails. */

#define __USE_MINGW_ANSI_STDIO 1 /* see log.h */
#include <pixfer/convert.h>

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../platform/platform.h"
#include "backend.h"
#include "converter.h"
#include "image.h"
#include "params.h"
#include "selftest.h"
#include "sized.h"
#include "spotcheck.h"
#include "threads.h"

#define MAX_CHAIN 6
#define REASON_SIZE 1024

struct stage {
    const struct pixfer_backend_ops *ops;
    void *state;
    bool checked; /* frames are spot-checked */
    struct pixfer_spotcheck check;
};

struct pixfer_converter {
    struct pixfer_settings settings;
    struct pixfer_backend_config config;
    struct pixfer_pool *pool; /* NULL with one thread */

    /* Opened backends in the order of preference; the last is the CPU unless another was asked for and cannot fail. */
    struct stage chain[MAX_CHAIN];
    unsigned length;
    atomic_uint active;

    /* reasons[i] is why stage i is in charge. Texts are written once, before `active` says i, and never change. */
    char reasons[MAX_CHAIN][REASON_SIZE];
    pixfer_lock giving_up;

    atomic_uint_fast64_t frames;
};

/* ---- Opening ---- */

static void add_reason(char text[REASON_SIZE], const char *more)
{
    const size_t length = strlen(text);

    snprintf(text + length, REASON_SIZE - length, "%s%s", length ? "; " : "", more);
}

/* Sets the reason where the backend lacks the siting. */
static bool siting_fits(const struct pixfer_converter *c, const struct pixfer_backend_ops *ops, struct pixfer_reason *reason)
{
    static const char *const names[] = {"left", "centre", "top-left"};
    const bool packed422 = pixfer_format_is_packed422(c->config.src_format);
    const unsigned sitings = packed422 ? ops->sitings_422 : ops->sitings;
    unsigned first = 0;

    if (sitings & PIXFER_SITING_BIT(c->config.color.siting))
        return true;
    if (!sitings) {
        pixfer_reason_set(reason, "%s: does not convert from %s", ops->name, pixfer_format_name(c->config.src_format));
        return false;
    }
    while (first + 1 < sizeof(names) / sizeof(*names) && !(sitings & PIXFER_SITING_BIT(first)))
        first++;
    pixfer_reason_set(reason, "%s: its chroma %s %s-sited, %s was asked for", ops->name, packed422 ? "of such sources is" : "is",
                      names[first], names[c->config.color.siting]);
    return false;
}

static bool alpha_fits(const struct pixfer_converter *c, const struct pixfer_backend_ops *ops, struct pixfer_reason *reason)
{
    if (!c->config.compose || ops->composes)
        return true;
    pixfer_reason_set(reason, "%s: does not compose alpha over a background", ops->name);
    return false;
}

static enum pixfer_result open_stage(struct pixfer_converter *c, const struct pixfer_backend_ops *ops,
                                     struct pixfer_reason *reason)
{
    const char *missing = ops->missing();
    enum pixfer_result result;

    if (missing) {
        pixfer_reason_set(reason, "%s: %s", ops->name, missing);
        return PIXFER_ERR_UNAVAILABLE;
    }
    if (!siting_fits(c, ops, reason) || !alpha_fits(c, ops, reason))
        return PIXFER_ERR_UNSUPPORTED;
    if (!ops->exact && (result = pixfer_selftest(ops, &c->config, reason)) != PIXFER_OK)
        return result;
    result = ops->open(&c->chain[c->length].state, &c->config, reason);
    if (result == PIXFER_OK) {
        struct stage *stage = &c->chain[c->length++];

        stage->ops = ops;
        stage->checked = !ops->exact && !c->config.unchecked && pixfer_spotcheck_init(&stage->check, ops, &c->config);
    }
    return result;
}

static bool auto_may_use(const struct pixfer_converter *c, const struct pixfer_backend_ops *ops, struct pixfer_reason *reason)
{
    if (!(c->settings.forbidden >> ops->id & 1))
        return true;
    pixfer_reason_set(reason, "%s: forbidden by %s", ops->name, ops->forbidden_by);
    return false;
}

/* The candidates in order up to the last, which never refuses a conversion that exists. */
static enum pixfer_result open_auto(struct pixfer_converter *c)
{
    struct pixfer_reason reason = {""};
    enum pixfer_result result = PIXFER_ERR_UNAVAILABLE;

    for (const struct pixfer_backend_ops *const *ops = pixfer_backends; *ops; ops++) {
        if ((*ops)->last) {
            result = open_stage(c, *ops, &reason);
            break;
        }
        if (!(*ops)->open || !(*ops)->automatic || (c->config.cpu && !(*ops)->pinned))
            continue; /* not in this build, never chosen, or an instruction set is asked for, which it has none of */
        if (auto_may_use(c, *ops, &reason) && open_stage(c, *ops, &reason) == PIXFER_OK)
            continue;
        pixfer_log_write(c->config.log, PIXFER_LOG_INFO, "refused %s", reason.text);
        if (!c->length)
            add_reason(c->reasons[0], reason.text);
    }
    if (result != PIXFER_OK)
        pixfer_log_write(c->config.log, PIXFER_LOG_ERROR, "%s", reason.text);
    return result;
}

/* The one that was asked for, with the last behind it should it fail while running. */
static enum pixfer_result open_named(struct pixfer_converter *c, enum pixfer_backend id)
{
    struct pixfer_reason reason = {""};
    const struct pixfer_backend_ops *ops = pixfer_backend_find(id);
    enum pixfer_result result = open_stage(c, ops, &reason);

    if (result == PIXFER_OK && !ops->last)
        result = open_stage(c, pixfer_backend_last(), &reason);
    if (result != PIXFER_OK)
        pixfer_log_write(c->config.log, PIXFER_LOG_ERROR, "%s", reason.text);
    return result;
}

static enum pixfer_result open_threads(struct pixfer_converter *c)
{
    if (c->config.threads == 1)
        return PIXFER_OK;
    c->pool = pixfer_pool_create(c->config.threads - 1);
    if (!c->pool)
        pixfer_log_write(c->config.log, PIXFER_LOG_ERROR, "cannot start %u threads", c->config.threads - 1);
    return c->pool ? PIXFER_OK : PIXFER_ERR_NO_MEMORY;
}

static void fill_info(const struct pixfer_converter *c, struct pixfer_converter_info *info);

static void log_opened(const struct pixfer_converter *c)
{
    struct pixfer_converter_info info;

    fill_info(c, &info);
    pixfer_log_write(c->config.log, PIXFER_LOG_INFO, "converter: %s%s%s, %s to %s, %ux%u, %u thread%s%s%s", info.backend_name,
                     *info.isa ? " " : "", info.isa, pixfer_format_name(c->config.src_format),
                     pixfer_format_name(c->config.dst_format), (unsigned)c->config.width, (unsigned)c->config.height,
                     c->config.threads, c->config.threads == 1 ? "" : "s", info.fallback_reason ? "; " : "",
                     info.fallback_reason ? info.fallback_reason : "");
}

enum pixfer_result pixfer_converter_open(struct pixfer_converter **out, const struct pixfer_converter_params *params)
{
    struct pixfer_converter *c;
    enum pixfer_result result;

    if (!out)
        return PIXFER_ERR_INVALID;
    *out = NULL;
    if (!params)
        return PIXFER_ERR_INVALID;
    if (!(c = calloc(1, sizeof(*c))))
        return PIXFER_ERR_NO_MEMORY;
    if (!pixfer_lock_init(&c->giving_up)) {
        free(c);
        return PIXFER_ERR_NO_MEMORY;
    }
    if ((result = pixfer_settings_init(&c->settings, params)) != PIXFER_OK)
        goto fail;
    if (c->settings.params.alpha == PIXFER_ALPHA_COMPOSE && c->settings.params.src_format == PIXFER_FORMAT_RGBA16F) {
        pixfer_log_write(&c->settings.log, PIXFER_LOG_ERROR, "alpha of rgba16f is not composed, expected drop");
        result = PIXFER_ERR_UNSUPPORTED;
        goto fail;
    }
    c->config = (struct pixfer_backend_config){
        .src_format = c->settings.params.src_format,
        .dst_format = c->settings.params.dst_format,
        .width = c->settings.params.width,
        .height = c->settings.params.height,
        .color = c->settings.params.color,
        .cpu = c->settings.params.cpu,
        .threads = c->settings.params.threads,
        .stream = c->settings.stream,
        .stream_rows = c->settings.stream && c->settings.params.rows_read_later,
        .unchecked = c->settings.params.unchecked != 0,
        .compose = c->settings.params.alpha == PIXFER_ALPHA_COMPOSE && pixfer_format_has_alpha(c->settings.params.src_format),
        .background = c->settings.params.background,
        .log = &c->settings.log,
    };
    result = c->settings.params.backend == PIXFER_BACKEND_AUTO ? open_auto(c) : open_named(c, c->settings.params.backend);
    if (result != PIXFER_OK || (result = open_threads(c)) != PIXFER_OK)
        goto fail;
    log_opened(c);
    *out = c;
    return PIXFER_OK;

fail:
    pixfer_converter_close(&c);
    return result;
}

void pixfer_converter_close(struct pixfer_converter **c)
{
    if (!c || !*c)
        return;
    pixfer_pool_destroy((*c)->pool);
    while ((*c)->length--)
        (*c)->chain[(*c)->length].ops->close((*c)->chain[(*c)->length].state);
    pixfer_lock_destroy(&(*c)->giving_up);
    free(*c);
    *c = NULL;
}

/* ---- Checking ---- */

static bool image_matches(const struct pixfer_converter *c, const struct pixfer_image *image, const char *name)
{
    const struct pixfer_log *log = c->config.log;
    const enum pixfer_format expected = *name == 's' ? c->config.src_format : c->config.dst_format;

    if (!image) {
        pixfer_log_write(log, PIXFER_LOG_ERROR, "%s is NULL, expected an image", name);
        return false;
    }
    if (image->format != expected) {
        const char *found = pixfer_format_name(image->format);

        pixfer_log_write(log, PIXFER_LOG_ERROR, "%s.format is %s (%d), expected %s as the converter was opened", name,
                         found ? found : "unknown", (int)image->format, pixfer_format_name(expected));
        return false;
    }
    if (image->width != c->config.width || image->height != c->config.height) {
        pixfer_log_write(log, PIXFER_LOG_ERROR, "%s is %ux%u pixels, expected %ux%u as the converter was opened", name,
                         (unsigned)image->width, (unsigned)image->height, (unsigned)c->config.width, (unsigned)c->config.height);
        return false;
    }
    return pixfer_image_check(image, name, log);
}

/* Top-left siting looks at the row above the range. */
static struct pixfer_rows source_rows(const struct pixfer_converter *c, struct pixfer_rows rows)
{
    if (c->config.color.siting == PIXFER_SITING_TOP_LEFT && rows.first) {
        rows.first--;
        rows.count++;
    }
    return rows;
}

static bool images_fit(const struct pixfer_converter *c, const struct pixfer_image *src, const struct pixfer_image *dst,
                       struct pixfer_rows rows)
{
    return image_matches(c, src, "src") && image_matches(c, dst, "dst") &&
           pixfer_images_disjoint(src, source_rows(c, rows), dst, rows, c->config.log);
}

static bool rows_fit(const struct pixfer_converter *c, uint32_t first, uint32_t count)
{
    const uint32_t height = c->config.height;

    if (first < height && !(first & 1) && count && count <= height - first && (!(count & 1) || first + count == height))
        return true;
    pixfer_log_write(c->config.log, PIXFER_LOG_ERROR,
                     "rows %u+%u, expected an even first row and an even count, or one that ends at row %u", (unsigned)first,
                     (unsigned)count, (unsigned)height);
    return false;
}

/* ---- Converting ---- */

static void count_frames(struct pixfer_converter *c, unsigned stage, uint64_t frames)
{
    if (!atomic_fetch_add_explicit(&c->frames, frames, memory_order_relaxed))
        pixfer_log_write(c->config.log, PIXFER_LOG_INFO, "first frame converted by %s", c->chain[stage].ops->name);
}

/* Several threads may see the same stage fail: the first one moves on and reports it. */
static void give_up(struct pixfer_converter *c, unsigned stage, const struct pixfer_reason *reason)
{
    pixfer_lock_take(&c->giving_up);
    if (atomic_load(&c->active) == stage) {
        strcpy(c->reasons[stage + 1], c->reasons[stage]);
        add_reason(c->reasons[stage + 1], reason->text);
        atomic_store(&c->active, stage + 1);
        pixfer_log_write(c->config.log, PIXFER_LOG_WARNING, "%s; %s continues with the same frame", reason->text,
                         c->chain[stage + 1].ops->name);
    }
    pixfer_lock_drop(&c->giving_up);
}

/* A slice is a range of rows of one frame; enough of them that a thread that starts late or is interrupted gets fewer. */
#define SLICES_PER_THREAD 4

struct slices {
    const struct stage *stage;
    const struct pixfer_image *src, *dst;
    uint32_t rows; /* of each but the last slice; even */
};

static void convert_slice(void *context, size_t index)
{
    const struct slices *s = context;
    const uint32_t first = (uint32_t)index * s->rows, left = s->src->height - first;

    s->stage->ops->convert_rows(s->stage->state, s->src, s->dst, first, left < s->rows ? left : s->rows, false);
}

static enum pixfer_result convert_by(struct pixfer_converter *c, unsigned stage, const struct pixfer_image *src,
                                     const struct pixfer_image *dst, bool sliced, struct pixfer_reason *reason)
{
    struct slices slices = {&c->chain[stage], src, dst, src->height};
    size_t count = 1;

    if (!slices.stage->ops->convert_rows) {
        enum pixfer_result result = slices.stage->ops->convert(slices.stage->state, src, dst, reason);

        if (result == PIXFER_OK && slices.stage->checked &&
            !pixfer_spotcheck(&slices.stage->check, src, dst, atomic_load_explicit(&c->frames, memory_order_relaxed), reason))
            result = PIXFER_ERR_DEVICE;
        return result;
    }
    if (sliced && c->pool) {
        const uint32_t wanted = c->config.threads * SLICES_PER_THREAD;

        slices.rows = ((src->height + wanted - 1) / wanted + 1) & ~1u;
        count = (src->height + slices.rows - 1) / slices.rows;
    }
    pixfer_pool_run(sliced ? c->pool : NULL, convert_slice, &slices, count);
    return PIXFER_OK;
}

/* Converts a frame with the backend in charge, or the next, or the next. */
static enum pixfer_result convert_checked(struct pixfer_converter *c, const struct pixfer_image *src,
                                          const struct pixfer_image *dst, bool sliced)
{
    unsigned stage = atomic_load_explicit(&c->active, memory_order_acquire);

    for (;; stage++) {
        struct pixfer_reason reason = {""};
        enum pixfer_result result = convert_by(c, stage, src, dst, sliced, &reason);

        if (result == PIXFER_OK) {
            count_frames(c, stage, 1);
            return result;
        }
        if (stage + 1 == c->length) {
            pixfer_log_write(c->config.log, PIXFER_LOG_ERROR, "%s", reason.text);
            return result;
        }
        give_up(c, stage, &reason);
    }
}

enum pixfer_result pixfer_convert(struct pixfer_converter *c, const struct pixfer_image *src, const struct pixfer_image *dst)
{
    if (!c || !images_fit(c, src, dst, (struct pixfer_rows){0, c->config.height}))
        return PIXFER_ERR_INVALID;
    return convert_checked(c, src, dst, true);
}

enum pixfer_result pixfer_convert_rows(struct pixfer_converter *c, const struct pixfer_image *src, const struct pixfer_image *dst,
                                       uint32_t first, uint32_t count)
{
    unsigned stage;

    if (!c || !rows_fit(c, first, count) || !images_fit(c, src, dst, (struct pixfer_rows){first, count}))
        return PIXFER_ERR_INVALID;
    stage = atomic_load_explicit(&c->active, memory_order_acquire);
    if (!c->chain[stage].ops->convert_rows && c->settings.params.backend != PIXFER_BACKEND_AUTO) {
        pixfer_log_write(c->config.log, PIXFER_LOG_ERROR, "%s converts whole frames, expected pixfer_convert",
                         c->chain[stage].ops->name);
        return PIXFER_ERR_UNSUPPORTED;
    }
    for (; !c->chain[stage].ops->convert_rows; stage++) { /* the chain of AUTO ends at the CPU, which has it */
        struct pixfer_reason reason;

        pixfer_reason_set(&reason, "%s: takes whole frames only, rows were asked for", c->chain[stage].ops->name);
        give_up(c, stage, &reason);
    }
    c->chain[stage].ops->convert_rows(c->chain[stage].state, src, dst, first, count, true);
    if (first + count == c->config.height)
        count_frames(c, stage, 1);
    return PIXFER_OK;
}

const struct pixfer_backend_config *pixfer_converter_config(const struct pixfer_converter *c)
{
    return &c->config;
}

bool pixfer_converter_attempt(struct pixfer_converter *c, enum pixfer_backend id, pixfer_attempt *work, void *context)
{
    const unsigned stage = atomic_load_explicit(&c->active, memory_order_acquire);
    struct pixfer_reason reason = {""};

    if (c->chain[stage].ops->id != id)
        return false;
    if (work(c->chain[stage].state, context, &reason) == PIXFER_OK) {
        count_frames(c, stage, 1);
        return true;
    }
    give_up(c, stage, &reason);
    return false;
}

/* ---- Batches ---- */

struct batch {
    struct pixfer_converter *c;
    const struct pixfer_image *src, *dst;
    atomic_int result;
};

static void convert_whole(void *context, size_t index)
{
    struct batch *batch = context;
    enum pixfer_result result = convert_checked(batch->c, &batch->src[index], &batch->dst[index], false);

    if (result != PIXFER_OK)
        atomic_store(&batch->result, result);
}

static enum pixfer_result batch_fits(const struct pixfer_converter *c, const struct pixfer_image *src,
                                     const struct pixfer_image *dst, size_t count)
{
    if (!src || !dst) {
        pixfer_log_write(c->config.log, PIXFER_LOG_ERROR, "%s is NULL, expected an array of %zu images", src ? "dst" : "src",
                         count);
        return PIXFER_ERR_INVALID;
    }
    for (size_t i = 0; i < count; i++)
        if (!image_matches(c, &src[i], "src") || !image_matches(c, &dst[i], "dst"))
            return PIXFER_ERR_INVALID;
    return pixfer_batch_disjoint(src, dst, count, c->config.log);
}

enum pixfer_result pixfer_convert_batch(struct pixfer_converter *c, const struct pixfer_image *src,
                                        const struct pixfer_image *dst, size_t count)
{
    struct batch batch = {.c = c, .src = src, .dst = dst};
    enum pixfer_result result;

    if (!c)
        return PIXFER_ERR_INVALID;
    if (!count)
        return PIXFER_OK;
    if (count == 1 && src && dst)
        return pixfer_convert(c, src, dst);
    if ((result = batch_fits(c, src, dst, count)) != PIXFER_OK)
        return result;
    pixfer_pool_run(c->pool, convert_whole, &batch, count);
    return (enum pixfer_result)atomic_load(&batch.result);
}

/* ---- Reporting ---- */

static void fill_info(const struct pixfer_converter *c, struct pixfer_converter_info *info)
{
    unsigned active;

    *info = (struct pixfer_converter_info){.backend_name = "", .isa = "", .acceleration = ""};
    if (!c)
        return;
    active = atomic_load_explicit(&((struct pixfer_converter *)(uintptr_t)c)->active, memory_order_acquire);
    info->backend = c->chain[active].ops->id;
    info->backend_name = c->chain[active].ops->name;
    info->exact = c->chain[active].ops->exact;
    info->takes_rows = c->chain[active].ops->convert_rows != NULL;
    info->fallback_reason = c->reasons[active][0] ? c->reasons[active] : NULL;
    info->frames = atomic_load_explicit(&((struct pixfer_converter *)(uintptr_t)c)->frames, memory_order_relaxed);
    info->threads = c->config.threads;
    if (c->chain[active].ops->get_info)
        c->chain[active].ops->get_info(c->chain[active].state, info);
}

void pixfer_converter_get_info(const struct pixfer_converter *c, struct pixfer_converter_info *info)
{
    struct pixfer_converter_info own;

    if (!info)
        return;
    fill_info(c, &own);
    pixfer_sized_write(info, &own, sizeof(own), PIXFER_SIZE_UP_TO(struct pixfer_converter_info, takes_rows));
}

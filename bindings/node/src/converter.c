/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* The module `converter`: open, convert on this thread or on the pool, close. */

#include "common.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

struct handle {
    struct pixfer_converter *converter;
    enum pixfer_format from, to;
    uint32_t width, height;
    size_t stride;
    bool bottom_up, closed;
    unsigned busy; /* conversions on the pool; only the main thread counts */
};

struct conversion {
    struct work work;
    struct pixfer_image source, destination;
};

static void keep_line(void *opaque, int level, const char *line)
{
    char *text = opaque;

    if (level == PIXFER_LOG_ERROR && text) {
        strncpy(text, line, 511);
        text[511] = 0;
    }
}

static void close_unless_busy(struct handle *h)
{
    if (h->closed && !h->busy)
        pixfer_converter_close(&h->converter);
}

static void finalize(napi_env env, void *data, void *hint)
{
    struct handle *h = data;

    (void)env, (void)hint;
    /* Work on the pool keeps the handle alive, unless the process or the worker ends. */
    if (!h->busy) {
        pixfer_converter_close(&h->converter);
        free(h);
    }
}

static napi_value open_converter(napi_env env, napi_callback_info info)
{
    size_t argc = 1;
    napi_value o, external;
    uint32_t from, to, matrix, range, siting, threads, bottom_up, alpha, background;
    int64_t stride;
    char cpu[16], error[512] = "the converter cannot be opened";
    struct handle *h;

    if (napi_get_cb_info(env, info, &argc, &o, NULL, NULL) != napi_ok || argc < 1 || !(h = calloc(1, sizeof(*h))))
        return throw_error(env, "no memory");
    if (!get_u32(env, o, "from", &from) || !get_u32(env, o, "to", &to) || !get_u32(env, o, "width", &h->width) ||
        !get_u32(env, o, "height", &h->height) || !get_u32(env, o, "matrix", &matrix) || !get_u32(env, o, "range", &range) ||
        !get_u32(env, o, "siting", &siting) || !get_u32(env, o, "threads", &threads) ||
        !get_u32(env, o, "bottomUp", &bottom_up) || !get_u32(env, o, "alpha", &alpha) ||
        !get_u32(env, o, "background", &background) || !get_i64(env, o, "stride", &stride) || stride < 0 ||
        !get_text(env, o, "cpu", cpu, sizeof(cpu))) {
        free(h);
        return throw_error(env, "an option is out of range");
    }
    h->from = (enum pixfer_format)from;
    h->to = (enum pixfer_format)to;
    h->stride = (size_t)stride;
    h->bottom_up = bottom_up != 0;
    /* The log's target lives as long as this call, and a converter logs errors of later calls, too: so it is opened silent after
     * it was tried aloud. */
    struct pixfer_converter_params params =
        PIXFER_CONVERTER_PARAMS(.src_format = h->from, .dst_format = h->to, .width = h->width, .height = h->height,
                                .color = {(enum pixfer_matrix)matrix, (enum pixfer_range)range, (enum pixfer_siting)siting},
                                .threads = threads, .alpha = (enum pixfer_alpha)alpha, .background = background,
                                .cpu = *cpu ? cpu : NULL, .log = keep_line, .log_opaque = error);
    if (pixfer_converter_open(&h->converter, &params) != PIXFER_OK) {
        free(h);
        return throw_error(env, error);
    }
    pixfer_converter_close(&h->converter);
    params.log_opaque = NULL;
    if (pixfer_converter_open(&h->converter, &params) != PIXFER_OK ||
        napi_create_external(env, h, finalize, NULL, &external) != napi_ok) {
        pixfer_converter_close(&h->converter);
        free(h);
        return throw_error(env, error);
    }
    return external;
}

static struct handle *handle_of(napi_env env, napi_value external)
{
    void *data = NULL;

    if (napi_get_value_external(env, external, &data) != napi_ok || ((struct handle *)data)->closed) {
        throw_error(env, "the converter is closed, expected an open one");
        return NULL;
    }
    return data;
}

static bool frames_of(napi_env env, const struct handle *h, napi_value source, napi_value destination, struct pixfer_image *src,
                      struct pixfer_image *dst)
{
    uint8_t *from, *to;
    size_t from_size, to_size;

    if (!get_bytes(env, source, &from, &from_size) || !get_bytes(env, destination, &to, &to_size))
        return false;
    if (!describe(src, h->from, h->width, h->height, from, from_size, h->stride, h->bottom_up) ||
        !describe(dst, h->to, h->width, h->height, to, to_size, 0, false)) {
        throw_error(env, "a buffer is too short for its frame");
        return false;
    }
    return true;
}

/* convertSync(converter, source, destination) */
static napi_value convert_sync(napi_env env, napi_callback_info info)
{
    size_t argc = 3;
    napi_value arguments[3];
    struct pixfer_image src, dst;
    struct handle *h;

    if (napi_get_cb_info(env, info, &argc, arguments, NULL, NULL) != napi_ok || argc < 3 || !(h = handle_of(env, arguments[0])) ||
        !frames_of(env, h, arguments[1], arguments[2], &src, &dst))
        return throw_error(env, "three arguments are expected");
    const enum pixfer_result result = pixfer_convert(h->converter, &src, &dst);
    return result == PIXFER_OK ? NULL : throw_error(env, pixfer_strerror(result));
}

static void convert_now(struct work *work)
{
    struct conversion *c = (struct conversion *)work;

    work->status = pixfer_convert(((struct handle *)work->owner)->converter, &c->source, &c->destination);
}

static void converted(napi_env env, struct work *work)
{
    struct handle *h = work->owner;

    (void)env;
    h->busy--;
    close_unless_busy(h);
}

/* convert(converter, source, destination): a promise */
static napi_value convert(napi_env env, napi_callback_info info)
{
    size_t argc = 3;
    napi_value arguments[3];
    struct conversion *c;
    struct handle *h;

    if (napi_get_cb_info(env, info, &argc, arguments, NULL, NULL) != napi_ok || argc < 3 || !(h = handle_of(env, arguments[0])))
        return throw_error(env, "three arguments are expected");
    if (!(c = calloc(1, sizeof(*c))))
        return throw_error(env, "no memory");
    if (!frames_of(env, h, arguments[1], arguments[2], &c->source, &c->destination)) {
        free(c);
        return NULL;
    }
    c->work.run = convert_now;
    c->work.settled = converted;
    c->work.owner = h;
    h->busy++;
    return start_work(env, &c->work, "pixfer.convert", arguments[0], arguments[1], arguments[2]);
}

static napi_value close_converter(napi_env env, napi_callback_info info)
{
    size_t argc = 1;
    napi_value external;
    void *data = NULL;

    if (napi_get_cb_info(env, info, &argc, &external, NULL, NULL) == napi_ok && argc == 1 &&
        napi_get_value_external(env, external, &data) == napi_ok) {
        ((struct handle *)data)->closed = true;
        close_unless_busy(data);
    }
    return NULL;
}

static napi_value get_info(napi_env env, napi_callback_info info)
{
    struct pixfer_converter_info i = PIXFER_CONVERTER_INFO();
    size_t argc = 1;
    napi_value external, object;
    struct handle *h;

    if (napi_get_cb_info(env, info, &argc, &external, NULL, NULL) != napi_ok || argc < 1 || !(h = handle_of(env, external)) ||
        napi_create_object(env, &object) != napi_ok)
        return NULL;
    pixfer_converter_get_info(h->converter, &i);
    set_text(env, object, "backend", i.backend_name);
    set_text(env, object, "isa", i.isa);
    set_number(env, object, "exact", i.exact);
    set_number(env, object, "frames", (double)i.frames);
    set_number(env, object, "threads", i.threads);
    return object;
}

/* format(name): its number, 0 if it is none */
static napi_value format(napi_env env, napi_callback_info info)
{
    size_t argc = 1, length;
    napi_value name, number;
    char text[32];

    if (napi_get_cb_info(env, info, &argc, &name, NULL, NULL) != napi_ok || argc < 1 ||
        napi_get_value_string_utf8(env, name, text, sizeof(text), &length) != napi_ok ||
        napi_create_uint32(env, pixfer_format_from_name(text), &number) != napi_ok)
        return throw_error(env, "expected a name");
    return number;
}

/* layout(format, width, height): the planes of a frame without padding */
static napi_value layout(napi_env env, napi_callback_info info)
{
    size_t argc = 3, row, rows, offset = 0;
    napi_value arguments[3], array, plane;
    uint32_t n[3];

    if (napi_get_cb_info(env, info, &argc, arguments, NULL, NULL) != napi_ok || argc < 3)
        return throw_error(env, "expected a format and a size");
    for (int i = 0; i < 3; i++)
        if (napi_get_value_uint32(env, arguments[i], &n[i]) != napi_ok)
            return throw_error(env, "expected a format and a size");
    if (napi_create_array(env, &array) != napi_ok)
        return NULL;
    for (unsigned i = 0; i < pixfer_format_planes((enum pixfer_format)n[0]); i++) {
        pixfer_plane_size((enum pixfer_format)n[0], n[1], n[2], i, &row, &rows);
        if (napi_create_object(env, &plane) != napi_ok)
            return NULL;
        set_number(env, plane, "offset", (double)offset);
        set_number(env, plane, "stride", (double)row);
        set_number(env, plane, "rows", (double)rows);
        napi_set_element(env, array, i, plane);
        offset += row * rows;
    }
    return array;
}

/* backends: the names of converters, in the order of their numbers */
static void set_backends(napi_env env, napi_value exports)
{
    napi_value array, text;
    const char *name;

    if (napi_create_array(env, &array) != napi_ok)
        return;
    for (uint32_t i = 0; (name = pixfer_backend_name((enum pixfer_backend)i)); i++)
        if (napi_create_string_utf8(env, name, NAPI_AUTO_LENGTH, &text) == napi_ok)
            napi_set_element(env, array, i, text);
    napi_set_named_property(env, exports, "backends", array);
}

NAPI_MODULE_INIT()
{
    set_function(env, exports, "open", open_converter);
    set_function(env, exports, "convert", convert);
    set_function(env, exports, "convertSync", convert_sync);
    set_function(env, exports, "close", close_converter);
    set_function(env, exports, "info", get_info);
    set_function(env, exports, "format", format);
    set_function(env, exports, "layout", layout);
    set_backends(env, exports);
    set_text(env, exports, "version", pixfer_version());
    return exports;
}

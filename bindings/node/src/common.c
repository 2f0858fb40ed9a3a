/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "common.h"

#include <stdlib.h>
#include <string.h>

napi_value throw_error(napi_env env, const char *message)
{
    bool pending = false;

    napi_is_exception_pending(env, &pending);
    if (!pending)
        napi_throw_error(env, NULL, message);
    return NULL;
}

static bool property(napi_env env, napi_value object, const char *name, napi_value *out)
{
    napi_valuetype type;

    return napi_get_named_property(env, object, name, out) == napi_ok && napi_typeof(env, *out, &type) == napi_ok &&
           type != napi_undefined && type != napi_null;
}

bool get_u32(napi_env env, napi_value object, const char *name, uint32_t *out)
{
    napi_value value;

    *out = 0;
    return !property(env, object, name, &value) || napi_get_value_uint32(env, value, out) == napi_ok;
}

bool get_double(napi_env env, napi_value object, const char *name, double *out)
{
    napi_value value;

    *out = 0;
    return !property(env, object, name, &value) || napi_get_value_double(env, value, out) == napi_ok;
}

bool get_i64(napi_env env, napi_value object, const char *name, int64_t *out)
{
    napi_value value;

    *out = 0;
    return !property(env, object, name, &value) || napi_get_value_int64(env, value, out) == napi_ok;
}

bool get_text(napi_env env, napi_value object, const char *name, char *out, size_t size)
{
    napi_value value;
    size_t length = 0;

    *out = 0;
    if (!property(env, object, name, &value))
        return true;
    if (napi_get_value_string_utf8(env, value, NULL, 0, &length) != napi_ok || length >= size)
        return false;
    return napi_get_value_string_utf8(env, value, out, size, &length) == napi_ok;
}

void set_number(napi_env env, napi_value object, const char *name, double value)
{
    napi_value number;

    if (napi_create_double(env, value, &number) == napi_ok)
        napi_set_named_property(env, object, name, number);
}

void set_text(napi_env env, napi_value object, const char *name, const char *text)
{
    napi_value string;

    if (napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &string) == napi_ok)
        napi_set_named_property(env, object, name, string);
}

void set_function(napi_env env, napi_value object, const char *name, napi_callback callback)
{
    napi_value function;

    if (napi_create_function(env, name, NAPI_AUTO_LENGTH, callback, NULL, &function) == napi_ok)
        napi_set_named_property(env, object, name, function);
}

bool get_bytes(napi_env env, napi_value value, uint8_t **data, size_t *size)
{
    bool is_buffer = false;
    void *bytes = NULL;

    if (napi_is_buffer(env, value, &is_buffer) != napi_ok || !is_buffer ||
        napi_get_buffer_info(env, value, &bytes, size) != napi_ok) {
        throw_error(env, "expected a Buffer");
        return false;
    }
    *data = bytes;
    return true;
}

bool describe(struct pixfer_image *image, enum pixfer_format format, uint32_t width, uint32_t height, uint8_t *data, size_t size,
              size_t stride, bool bottom_up)
{
    size_t need = pixfer_image_layout(image, format, width, height, data, 1), row, rows;

    if (!need || !data)
        return false;
    pixfer_plane_size(format, width, height, 0, &row, &rows);
    if (stride && stride != row) {
        if (stride < row || stride > PTRDIFF_MAX || pixfer_format_planes(format) > 1 || (rows - 1) > (SIZE_MAX - row) / stride)
            return false;
        need = (rows - 1) * stride + row;
        image->stride[0] = (ptrdiff_t)stride;
    }
    if (size < need)
        return false;
    for (unsigned i = 0; bottom_up && i < pixfer_format_planes(format); i++) {
        pixfer_plane_size(format, width, height, i, &row, &rows);
        image->plane[i] += (ptrdiff_t)(rows - 1) * image->stride[i];
        image->stride[i] = -image->stride[i];
    }
    return true;
}

static void run_work(napi_env env, void *data)
{
    struct work *work = data;

    (void)env;
    work->run(work);
}

static void free_work(napi_env env, struct work *work)
{
    for (int i = 0; i < 3; i++)
        if (work->kept[i])
            napi_delete_reference(env, work->kept[i]);
    if (work->async)
        napi_delete_async_work(env, work->async);
    free(work);
}

static void settle(napi_env env, napi_status status, void *data)
{
    struct work *work = data;
    napi_handle_scope scope;
    napi_value value = NULL, message;

    napi_open_handle_scope(env, &scope);
    if (status == napi_cancelled) {
        work->status = PIXFER_ERR_CANCELLED;
        strcpy(work->message, "the process ends");
    }
    if (work->status == PIXFER_OK && work->result)
        value = work->result(env, work);
    if (work->settled)
        work->settled(env, work);
    if (work->status == PIXFER_OK) {
        if (!value)
            napi_get_undefined(env, &value);
        napi_resolve_deferred(env, work->deferred, value);
    } else {
        napi_create_string_utf8(env, *work->message ? work->message : pixfer_strerror(work->status), NAPI_AUTO_LENGTH, &message);
        napi_create_error(env, NULL, message, &value);
        set_number(env, value, "result", work->status);
        napi_reject_deferred(env, work->deferred, value);
    }
    napi_close_handle_scope(env, scope);
    free_work(env, work);
}

napi_value start_work(napi_env env, struct work *work, const char *name, napi_value keep0, napi_value keep1, napi_value keep2)
{
    const napi_value keep[3] = {keep0, keep1, keep2};
    napi_value promise, text;
    bool good = napi_create_string_utf8(env, name, NAPI_AUTO_LENGTH, &text) == napi_ok;

    for (int i = 0; good && i < 3; i++)
        good = !keep[i] || napi_create_reference(env, keep[i], 1, &work->kept[i]) == napi_ok;
    good = good && napi_create_async_work(env, NULL, text, run_work, settle, work, &work->async) == napi_ok &&
           napi_create_promise(env, &work->deferred, &promise) == napi_ok && napi_queue_async_work(env, work->async) == napi_ok;
    if (good)
        return promise;
    if (work->settled)
        work->settled(env, work);
    free_work(env, work);
    return throw_error(env, "the thread pool takes no work");
}

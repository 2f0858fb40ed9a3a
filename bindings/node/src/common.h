/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_NODE_COMMON_H
#define PIXFER_NODE_COMMON_H

/* What both modules share: arguments, frames in JavaScript's memory, and work on node's thread pool that settles a promise.
 * index.js has checked types and names; here only what memory safety depends on is checked again. */

#include <node_api.h>
#include <pixfer/pixfer.h>
#include <stdbool.h>

/* Ends a native function with a JavaScript exception; returns NULL for `return throw_error(...)`. */
napi_value throw_error(napi_env env, const char *message);

bool get_u32(napi_env env, napi_value object, const char *name, uint32_t *out);
bool get_double(napi_env env, napi_value object, const char *name, double *out);
bool get_i64(napi_env env, napi_value object, const char *name, int64_t *out);
/* Empty where there is none; false if it does not fit. */
bool get_text(napi_env env, napi_value object, const char *name, char *out, size_t size);

void set_number(napi_env env, napi_value object, const char *name, double value);
void set_text(napi_env env, napi_value object, const char *name, const char *text);
void set_function(napi_env env, napi_value object, const char *name, napi_callback callback);

/* The bytes of a Buffer or any other view, or false with an exception. */
bool get_bytes(napi_env env, napi_value value, uint8_t **data, size_t *size);

/* A frame without padding at `data`, or, packed, with rows of `stride` bytes (0: none), the lowest first if `bottom_up`. False if the
 * bytes are too few. */
bool describe(struct pixfer_image *image, enum pixfer_format format, uint32_t width, uint32_t height, uint8_t *data, size_t size,
              size_t stride, bool bottom_up);

/* Work for the pool. What it needs of JavaScript's memory is referenced until it has settled. */
struct work {
    napi_async_work async;
    napi_deferred deferred;
    napi_ref kept[3];
    void (*run)(struct work *work);                        /* on the pool: no call of napi */
    napi_value (*result)(napi_env env, struct work *work); /* on the main thread, where result is OK; NULL = undefined */
    void (*settled)(napi_env env, struct work *work);      /* on the main thread, always, last but one */
    void *owner;
    enum pixfer_result status;
    char message[512];
};

/* Queues it and returns the promise. `work` is freed when it has settled, with free(). */
napi_value start_work(napi_env env, struct work *work, const char *name, napi_value keep0, napi_value keep1, napi_value keep2);

#endif

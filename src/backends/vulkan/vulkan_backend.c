/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* The backend for frames in host memory, on a device of its own: up, through the shader, and down again. Frames that were rendered on
 * a GPU do not take this way, but that of vulkan.h, where they are. */

#include "../stub.h"

#if PIXFER_WITH_VULKAN
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "../../core/image.h"
#include "../../core/selftest.h"
#include "vulkan_device.h"
#include "vulkan_object.h"

/* More threads than this wait for each other: the device works on one frame at a time. */
#define MAX_UPLOADS 3

/* A driver that takes longer for a frame has failed. */
#define PATIENCE UINT64_C(10000000000)

struct upload {
    struct pixfer_vulkan_memory host, device; /* the second only where a copy there is quicker to read */
    bool taken;
};

/* A conversion of one size. */
struct work {
    struct pixfer_vulkan *v;
    struct pixfer_image frame; /* how a source lies in an upload */
    size_t bytes;
    struct upload uploads[MAX_UPLOADS];
    unsigned count;
    struct pixfer_reason *reason; /* that its lines go to, while one thread opens it */
    char refusal[256];
};

struct vulkan_state {
    struct pixfer_vulkan_device device;
    struct work work;
    pixfer_lock lock;
    pixfer_condition free;
    bool locked; /* the two above have been made */
};

/* ---- Work ---------------------------------------------------------------------------------------------------------------- */

/* Lines of the object are reasons of the backend. */
static void note(void *opaque, int level, const char *message)
{
    struct work *w = opaque;

    if (level == PIXFER_LOG_ERROR && w->reason)
        pixfer_reason_set(w->reason, "%s", message);
}

static enum pixfer_result open_uploads(struct work *w, bool unified)
{
    enum pixfer_result result = PIXFER_OK;

    for (unsigned i = 0; result == PIXFER_OK && i < w->count; i++) {
        struct upload *u = &w->uploads[i];

        result = pixfer_vulkan_memory_make(w->v, &u->host, (w->bytes + 3) & ~(size_t)3,
                                           VK_BUFFER_USAGE_STORAGE_BUFFER_BIT | VK_BUFFER_USAGE_TRANSFER_SRC_BIT,
                                           VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT, VK_MEMORY_PROPERTY_HOST_COHERENT_BIT);
        if (result == PIXFER_OK && !unified)
            result = pixfer_vulkan_memory_make(w->v, &u->device, (w->bytes + 3) & ~(size_t)3,
                                               VK_BUFFER_USAGE_STORAGE_BUFFER_BIT | VK_BUFFER_USAGE_TRANSFER_DST_BIT, 0,
                                               VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT);
    }
    return result;
}

static void close_work(struct work *w)
{
    w->reason = NULL;
    for (unsigned i = 0; w->v && i < w->count; i++) {
        pixfer_vulkan_memory_free(w->v, &w->uploads[i].host);
        pixfer_vulkan_memory_free(w->v, &w->uploads[i].device);
    }
    pixfer_vulkan_close(&w->v);
}

static enum pixfer_result open_work(struct work *w, const struct pixfer_vulkan_device *device,
                                    const struct pixfer_backend_config *config, uint32_t width, uint32_t height,
                                    struct pixfer_reason *reason)
{
    enum pixfer_result result;

    *w = (struct work){.reason = reason, .count = config->threads < MAX_UPLOADS ? config->threads : MAX_UPLOADS};
    w->bytes = pixfer_image_layout(&w->frame, config->src_format, width, height, NULL, 4);
    result = pixfer_vulkan_open(&w->v, &PIXFER_VULKAN_PARAMS(.get_instance_proc_addr = device->get, .instance = device->instance,
                                                             .physical_device = device->physical, .device = device->device,
                                                             .queue_family = device->family, .queue = device->queue,
                                                             .src_format = config->src_format, .dst_format = config->dst_format,
                                                             .width = width, .height = height, .color = config->color,
                                                             .recordings = 1, .frames = w->count, .log = note, .log_opaque = w));
    if (result == PIXFER_OK && (result = open_uploads(w, pixfer_vulkan_device_is_unified(device))) != PIXFER_OK)
        close_work(w);
    w->reason = NULL;
    return result;
}

static void copy_rows(uint8_t *to, ptrdiff_t to_stride, const uint8_t *from, ptrdiff_t from_stride, size_t row_bytes, size_t rows)
{
    for (size_t i = 0; i < rows; i++)
        memcpy(to + (ptrdiff_t)i * to_stride, from + (ptrdiff_t)i * from_stride, row_bytes);
}

static void copy_image(const struct pixfer_image *to, const struct pixfer_image *from)
{
    for (unsigned i = 0; i < pixfer_format_planes(from->format); i++) {
        size_t row_bytes, rows;

        pixfer_plane_size(from->format, from->width, from->height, i, &row_bytes, &rows);
        copy_rows(to->plane[i], to->stride[i], from->plane[i], from->stride[i], row_bytes, rows);
    }
}

static enum pixfer_result send(struct work *w, struct upload *u, const struct pixfer_image *src, uint64_t *ticket)
{
    struct pixfer_vulkan_source source = PIXFER_VULKAN_SOURCE(.buffer = u->device.buffer ? u->device.buffer : u->host.buffer);
    const struct pixfer_vulkan_copy copy = {u->host.buffer, u->device.buffer, (w->bytes + 3) & ~(size_t)3};
    struct pixfer_image frame = w->frame;
    size_t at = 0;
    enum pixfer_result result;

    for (unsigned i = 0; i < pixfer_format_planes(frame.format); i++) {
        size_t row_bytes, rows;

        pixfer_plane_size(frame.format, frame.width, frame.height, i, &row_bytes, &rows);
        frame.plane[i] = u->host.bytes + at;
        source.offset[i] = at;
        source.pitch[i] = (VkDeviceSize)frame.stride[i];
        at += rows * (size_t)frame.stride[i];
    }
    copy_image(&frame, src);
    if ((result = pixfer_vulkan_memory_flush(w->v, &u->host)) != PIXFER_OK)
        return result;
    return pixfer_vulkan_submit_with(w->v, &source, NULL, u->device.buffer ? &copy : NULL, ticket);
}

static enum pixfer_result convert_with(struct work *w, struct upload *u, const struct pixfer_image *src,
                                       const struct pixfer_image *dst, struct pixfer_reason *reason)
{
    struct pixfer_image frame;
    uint64_t ticket = 0;
    enum pixfer_result result = send(w, u, src, &ticket);

    if (result == PIXFER_OK)
        result = pixfer_vulkan_wait(w->v, ticket, PATIENCE, &frame);
    if (result == PIXFER_OK)
        copy_image(dst, &frame);
    else
        pixfer_reason_set(reason, "vulkan: a frame of %ux%u pixels failed: %s", (unsigned)src->width, (unsigned)src->height,
                          result == PIXFER_ERR_AGAIN ? "the device did not finish it within 10 seconds"
                                                     : pixfer_strerror(result));
    if (ticket)
        pixfer_vulkan_release(w->v, ticket);
    return result == PIXFER_ERR_AGAIN ? PIXFER_ERR_DEVICE : result;
}

/* ---- The backend --------------------------------------------------------------------------------------------------------- */

static atomic_bool processor; /* the device is the processor itself; known once the next has been asked */

static const char *vulkan_missing(void)
{
    static _Atomic(const char *) known; /* "" = it is there */
    const char *text = atomic_load(&known);

    if (!text) {
        struct pixfer_vulkan_device device;
        struct pixfer_reason reason;

        text = "";
        if (pixfer_vulkan_device_find(&device, &reason) == PIXFER_OK) {
            atomic_store(&processor, device.properties.deviceType == VK_PHYSICAL_DEVICE_TYPE_CPU);
            pixfer_vulkan_device_close(&device);
        } else
            text = strstr(reason.text, "loader")   ? "no Vulkan loader on this machine (libvulkan)"
                   : strstr(reason.text, "driver") ? "no Vulkan driver on this machine"
                                                   : "no Vulkan device with a compute queue on this machine";
        atomic_store(&known, text);
    }
    return *text ? text : NULL;
}

static bool vulkan_measured(void)
{
    return !atomic_load(&processor);
}

/* Pairs of formats that have been proven in this process: [destination], bits of sources. Colours are only other numbers. */
static atomic_uint_fast32_t proven[PIXFER_FORMAT_UYVY + 1];

/* A driver that answers "success" may still be wrong: a small frame of known colours must come back exact. */
static enum pixfer_result prove(struct vulkan_state *s, const struct pixfer_backend_config *config, struct pixfer_reason *reason)
{
    const uint32_t width = 64 + config->width % 2, height = 32 + config->height % 2;
    struct pixfer_image src, dst;
    const size_t src_size = pixfer_image_layout(&src, config->src_format, width, height, NULL, 1);
    const size_t dst_size = pixfer_image_layout(&dst, config->dst_format, width, height, NULL, 2);
    uint8_t *memory;
    struct work w;
    enum pixfer_result result;

    if (atomic_load(&proven[config->dst_format]) >> config->src_format & 1)
        return PIXFER_OK;
    if (!(memory = calloc(1, src_size + dst_size))) {
        pixfer_reason_set(reason, "vulkan: out of memory for the self-test");
        return PIXFER_ERR_NO_MEMORY;
    }
    pixfer_image_layout(&dst, config->dst_format, width, height, memory, 2);
    pixfer_image_layout(&src, config->src_format, width, height, memory + dst_size, 1);
    pixfer_selftest_draw(&src);
    if ((result = open_work(&w, &s->device, config, width, height, reason)) == PIXFER_OK) {
        result = convert_with(&w, &w.uploads[0], &src, &dst, reason);
        close_work(&w);
    }
    if (result == PIXFER_OK && !pixfer_selftest_judge(&pixfer_backend_vulkan, &config->color, &src, &dst, reason))
        result = PIXFER_ERR_DEVICE;
    if (result == PIXFER_OK)
        atomic_fetch_or(&proven[config->dst_format], (uint_fast32_t)1 << config->src_format);
    free(memory);
    return result;
}

static void vulkan_close(void *state)
{
    struct vulkan_state *s = state;

    close_work(&s->work);
    pixfer_vulkan_device_close(&s->device);
    if (s->locked) {
        pixfer_lock_destroy(&s->lock);
        pixfer_condition_destroy(&s->free);
    }
    free(s);
}

static bool make_locks(struct vulkan_state *s)
{
    if (!pixfer_lock_init(&s->lock))
        return false;
    if (pixfer_condition_init(&s->free))
        return s->locked = true;
    pixfer_lock_destroy(&s->lock);
    return false;
}

static enum pixfer_result vulkan_open(void **state, const struct pixfer_backend_config *config, struct pixfer_reason *reason)
{
    struct vulkan_state *s = calloc(1, sizeof(*s));
    struct pixfer_gpu_constants constants;
    enum pixfer_result result;

    if (!s || !make_locks(s)) {
        free(s);
        pixfer_reason_set(reason, "vulkan: out of memory");
        return PIXFER_ERR_NO_MEMORY;
    }
    /* Refused before a driver is loaded for it. */
    if ((result = pixfer_gpu_constants_init(&constants, "vulkan", config, reason)) == PIXFER_OK &&
        (result = pixfer_vulkan_device_open(&s->device, reason)) == PIXFER_OK && (result = prove(s, config, reason)) == PIXFER_OK)
        result = open_work(&s->work, &s->device, config, config->width, config->height, reason);
    if (result != PIXFER_OK) {
        vulkan_close(s);
        return result;
    }
    *state = s;
    return PIXFER_OK;
}

static struct upload *take_upload(struct vulkan_state *s)
{
    struct upload *u = NULL;

    pixfer_lock_take(&s->lock);
    for (;;) {
        for (unsigned i = 0; !u && i < s->work.count; i++)
            if (!s->work.uploads[i].taken)
                u = &s->work.uploads[i];
        if (u)
            break;
        pixfer_condition_wait(&s->free, &s->lock);
    }
    u->taken = true;
    pixfer_lock_drop(&s->lock);
    return u;
}

static enum pixfer_result vulkan_convert(void *state, const struct pixfer_image *src, const struct pixfer_image *dst,
                                         struct pixfer_reason *reason)
{
    struct vulkan_state *s = state;
    struct upload *u = take_upload(s);
    const enum pixfer_result result = convert_with(&s->work, u, src, dst, reason);

    pixfer_lock_take(&s->lock);
    u->taken = false;
    pixfer_condition_wake_all(&s->free);
    pixfer_lock_drop(&s->lock);
    return result;
}

const struct pixfer_backend_ops pixfer_backend_vulkan = {.id = PIXFER_BACKEND_VULKAN,
                                                         .name = "vulkan",
                                                         .hardware = true,
                                                         .exact = true,
                                                         .sitings = PIXFER_ALL_SITINGS,
                                                         .missing = vulkan_missing,
                                                         .measured = vulkan_measured,
                                                         .open = vulkan_open,
                                                         .close = vulkan_close,
                                                         .convert = vulkan_convert};
#endif

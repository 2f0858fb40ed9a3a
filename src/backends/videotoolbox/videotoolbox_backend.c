/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "../stub.h"

#if PIXFER_WITH_VIDEOTOOLBOX

/* Apple's VTPixelTransferSession: bytes in, bytes out. The source is wrapped where it lies; the destination comes from a pool
 * that IOSurfaces stand behind, and its rows are copied out because the caller wants them in his own memory. videotoolbox.h
 * does without that copy. */

#include "../../core/image.h"
#include "transfer.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* ---- What the cost says ---- */

/* Below these nothing is claimed. */
#define LEAST_TRANSFERS 8
#define LEAST_WALL_S 0.02

/* Each claim rests on the number that can carry it: what a transfer costs at least for cpu-bound, what it costs at most for offloaded. They
 * are compared with the fastest transfer: on a busy machine the others may have waited for a processor, which is not offloading. */
static const char *acceleration(const struct videotoolbox_cost *cost)
{
    const double fastest = cost->fastest * (double)cost->transfers;

    if (cost->transfers < LEAST_TRANSFERS || cost->wall < LEAST_WALL_S)
        return "unknown";
    if (cost->thread >= 0.8 * fastest)
        return "cpu-bound";
    return cost->process < 0.5 * fastest ? "offloaded" : "unknown";
}

static void vt_get_info(const void *state, struct pixfer_converter_info *info)
{
    struct videotoolbox *vt = (struct videotoolbox *)(uintptr_t)state;

    pthread_mutex_lock(&vt->lock);
    info->wall_s = vt->cost.wall;
    info->cpu_s = vt->cost.thread;
    info->process_cpu_s = vt->cost.process;
    info->acceleration = acceleration(&vt->cost);
    pthread_mutex_unlock(&vt->lock);
}

static void log_cost(const struct videotoolbox *vt)
{
    const struct videotoolbox_cost *cost = &vt->cost;

    if (cost->transfers >= LEAST_TRANSFERS)
        pixfer_log_write(vt->config.log, PIXFER_LOG_INFO,
                         "videotoolbox: %llu transfers took %.3f s, %.3f s of CPU time on the calling threads and %.3f s in the "
                         "whole process meanwhile: %s",
                         (unsigned long long)cost->transfers, cost->wall, cost->thread, cost->process, acceleration(cost));
}

/* ---- Opening ---- */

static const char *vt_missing(void)
{
    return NULL;
}

static enum pixfer_result check(const struct pixfer_backend_config *config, struct pixfer_reason *reason)
{
    const bool packed422 = pixfer_format_is_packed422(config->src_format);

    if (packed422 && config->color.range == PIXFER_RANGE_FULL) {
        pixfer_reason_set(reason, "videotoolbox: its %s is of limited range, full was asked for",
                          pixfer_format_name(config->src_format));
        return PIXFER_ERR_UNSUPPORTED;
    }
    if (pixfer_videotoolbox_src_type(config->src_format) && pixfer_videotoolbox_dst_type(config->dst_format, config->color.range))
        return PIXFER_OK;
    pixfer_reason_set(reason, "videotoolbox: does not convert %s to %s", pixfer_format_name(config->src_format),
                      pixfer_format_name(config->dst_format));
    return PIXFER_ERR_UNSUPPORTED;
}

static CFNumberRef number(uint32_t value)
{
    const int32_t word = (int32_t)value;

    return CFNumberCreate(kCFAllocatorDefault, kCFNumberSInt32Type, &word);
}

/* Takes over the values' references. NULL if one of them is missing. */
static CFDictionaryRef dictionary(const void **keys, const void **values, CFIndex count)
{
    CFDictionaryRef made = NULL;
    bool complete = true;

    for (CFIndex i = 0; i < count; i++)
        complete = complete && values[i];
    if (complete)
        made = CFDictionaryCreate(kCFAllocatorDefault, keys, values, count, &kCFTypeDictionaryKeyCallBacks,
                                  &kCFTypeDictionaryValueCallBacks);
    for (CFIndex i = 0; i < count; i++)
        if (values[i])
            CFRelease(values[i]);
    return made;
}

/* One buffer for each thread, and one that is being let go of. */
static enum pixfer_result open_pool(struct videotoolbox *vt, struct pixfer_reason *reason)
{
    const void *keys[] = {kCVPixelBufferPixelFormatTypeKey, kCVPixelBufferWidthKey, kCVPixelBufferHeightKey,
                          kCVPixelBufferIOSurfacePropertiesKey};
    const void *values[] = {number(vt->dst), number(vt->config.width), number(vt->config.height), dictionary(NULL, NULL, 0)};
    CFDictionaryRef attributes = dictionary(keys, values, 4);
    CVReturn status = kCVReturnAllocationFailed;

    vt->threshold = dictionary((const void *[]){kCVPixelBufferPoolAllocationThresholdKey},
                               (const void *[]){number(2 * vt->config.threads)}, 1);
    if (attributes && vt->threshold)
        status = CVPixelBufferPoolCreate(kCFAllocatorDefault, NULL, attributes, &vt->pool);
    if (attributes)
        CFRelease(attributes);
    if (status == kCVReturnSuccess)
        return PIXFER_OK;
    pixfer_reason_set(reason, "videotoolbox: CVPixelBufferPoolCreate answered %d", (int)status);
    return status == kCVReturnAllocationFailed ? PIXFER_ERR_NO_MEMORY : PIXFER_ERR_UNAVAILABLE;
}

static void vt_close(void *state)
{
    struct videotoolbox *vt = state;

    log_cost(vt);
    while (vt->idle_count)
        pixfer_videotoolbox_session_destroy(vt->idle[--vt->idle_count]);
    CVPixelBufferPoolRelease(vt->pool);
    if (vt->threshold)
        CFRelease(vt->threshold);
    pthread_mutex_destroy(&vt->surface_test);
    pthread_cond_destroy(&vt->changed);
    pthread_mutex_destroy(&vt->lock);
    free(vt);
}

/* The first session is made here, so that a system that has none is known at once. */
static enum pixfer_result vt_open(void **state, const struct pixfer_backend_config *config, struct pixfer_reason *reason)
{
    enum pixfer_result result = check(config, reason);
    struct videotoolbox *vt;
    OSStatus status;

    if (result != PIXFER_OK)
        return result;
    if (!(vt = calloc(1, sizeof(*vt) + config->threads * sizeof(vt->idle[0])))) {
        pixfer_reason_set(reason, "videotoolbox: out of memory");
        return PIXFER_ERR_NO_MEMORY;
    }
    vt->config = *config;
    vt->src = pixfer_videotoolbox_src_type(config->src_format);
    vt->dst = pixfer_videotoolbox_dst_type(config->dst_format, config->color.range);
    vt->most = config->threads;
    pthread_mutex_init(&vt->lock, NULL);
    pthread_cond_init(&vt->changed, NULL);
    pthread_mutex_init(&vt->surface_test, NULL);
    vt->checked = !config->unchecked && pixfer_spotcheck_init(&vt->check, &pixfer_backend_videotoolbox, config);
    if ((result = open_pool(vt, reason)) != PIXFER_OK)
        goto fail;
    if ((status = pixfer_videotoolbox_session_create(vt, &vt->idle[0])) != noErr) {
        pixfer_reason_set(reason, "videotoolbox: a transfer session could not be made, the system answered %d", (int)status);
        result = PIXFER_ERR_UNAVAILABLE;
        goto fail;
    }
    vt->made = vt->idle_count = 1;
    *state = vt;
    return PIXFER_OK;

fail:
    vt_close(vt);
    return result;
}

/* ---- Converting ---- */

/* The pool pushes back while too many of its buffers are out; they come back within a frame's time. */
enum pixfer_result pixfer_videotoolbox_take_buffer(const struct videotoolbox *vt, CVPixelBufferRef *buffer,
                                                   struct pixfer_reason *reason)
{
    CVReturn status = kCVReturnWouldExceedAllocationThreshold;

    for (int ms = 0; ms < 1000 && status == kCVReturnWouldExceedAllocationThreshold; ms++) {
        if (ms)
            nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
        status = CVPixelBufferPoolCreatePixelBufferWithAuxAttributes(kCFAllocatorDefault, vt->pool, vt->threshold, buffer);
    }
    if (status == kCVReturnSuccess)
        return PIXFER_OK;
    pixfer_reason_set(reason, "videotoolbox: no destination buffer, the pool answered %d", (int)status);
    return status == kCVReturnAllocationFailed ? PIXFER_ERR_NO_MEMORY : PIXFER_ERR_DEVICE;
}

enum pixfer_result pixfer_videotoolbox_make_source(const struct videotoolbox *vt, CVPixelBufferRef *buffer,
                                                   struct pixfer_reason *reason)
{
    CFDictionaryRef attributes =
        dictionary((const void *[]){kCVPixelBufferIOSurfacePropertiesKey}, (const void *[]){dictionary(NULL, NULL, 0)}, 1);
    CVReturn status = kCVReturnAllocationFailed;

    if (attributes) {
        status = CVPixelBufferCreate(kCFAllocatorDefault, vt->config.width, vt->config.height, vt->src, attributes, buffer);
        CFRelease(attributes);
    }
    if (status == kCVReturnSuccess)
        return PIXFER_OK;
    pixfer_reason_set(reason, "videotoolbox: no source buffer for the self-test, CoreVideo answered %d", (int)status);
    return status == kCVReturnAllocationFailed ? PIXFER_ERR_NO_MEMORY : PIXFER_ERR_DEVICE;
}

static void copy_rows(const struct pixfer_image *from, const struct pixfer_image *to, bool flipped)
{
    for (unsigned plane = 0; plane < pixfer_format_planes(to->format); plane++) {
        size_t row_bytes, rows;

        pixfer_plane_size(to->format, to->width, to->height, plane, &row_bytes, &rows);
        for (size_t row = 0; row < rows; row++)
            memcpy(to->plane[plane] + (ptrdiff_t)(flipped ? rows - 1 - row : row) * to->stride[plane],
                   from->plane[plane] + (ptrdiff_t)row * from->stride[plane], row_bytes);
    }
}

static enum pixfer_result copy_out(CVPixelBufferRef buffer, const struct pixfer_image *dst, bool flipped,
                                   struct pixfer_reason *reason)
{
    struct pixfer_image image;
    enum pixfer_result result;
    CVReturn status = CVPixelBufferLockBaseAddress(buffer, kCVPixelBufferLock_ReadOnly);

    if (status != kCVReturnSuccess) {
        pixfer_reason_set(reason, "videotoolbox: the destination buffer could not be locked, CoreVideo answered %d", (int)status);
        return PIXFER_ERR_DEVICE;
    }
    result = pixfer_videotoolbox_describe(buffer, dst->format, dst->width, dst->height, &image, reason);
    if (result == PIXFER_OK)
        copy_rows(&image, dst, flipped);
    status = CVPixelBufferUnlockBaseAddress(buffer, kCVPixelBufferLock_ReadOnly);
    if (result == PIXFER_OK && status != kCVReturnSuccess) {
        pixfer_reason_set(reason, "videotoolbox: the destination buffer could not be unlocked, CoreVideo answered %d",
                          (int)status);
        result = PIXFER_ERR_DEVICE;
    }
    return result;
}

static enum pixfer_result vt_convert(void *state, const struct pixfer_image *src, const struct pixfer_image *dst,
                                     struct pixfer_reason *reason)
{
    struct videotoolbox *vt = state;
    CVPixelBufferRef buffer = NULL;
    VTPixelTransferSessionRef session;
    enum pixfer_result result = pixfer_videotoolbox_begin(vt, &session, reason);
    bool flipped;

    if (result != PIXFER_OK)
        return result;
    if ((result = pixfer_videotoolbox_take_buffer(vt, &buffer, reason)) == PIXFER_OK)
        result = pixfer_videotoolbox_transfer_bytes(vt, &session, src, buffer, &flipped, reason);
    if (result == PIXFER_OK)
        result = copy_out(buffer, dst, flipped, reason);
    CVPixelBufferRelease(buffer);
    pixfer_videotoolbox_end(vt, session);
    return result;
}

const struct pixfer_backend_ops pixfer_backend_videotoolbox = {
    .id = PIXFER_BACKEND_VIDEOTOOLBOX,
    .name = "videotoolbox",
    .hardware = true,
    .automatic = true,
    .sitings = PIXFER_SITING_BIT(PIXFER_SITING_CENTER),
    .sitings_422 = PIXFER_SITING_BIT(PIXFER_SITING_LEFT),
    .forbidden_by = "CAP_VIDEOTOOLBOX_CONVERSION",
    .luma_tolerance = 3,
    .chroma_tolerance = 4,
    .missing = vt_missing,
    .open = vt_open,
    .close = vt_close,
    .convert = vt_convert,
    .get_info = vt_get_info,
};

#endif

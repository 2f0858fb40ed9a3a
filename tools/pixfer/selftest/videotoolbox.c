/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "selftest.h"

/* What only this diagnostic asks of VideoToolbox: surfaces, tagged and not, how long sessions and releases take, and what a session says
 * of its last conversion, by names that no header declares and that are looked up while running. */

#ifndef PIXFER_WITH_VIDEOTOOLBOX
#define PIXFER_WITH_VIDEOTOOLBOX 0
#endif
#if PIXFER_WITH_VIDEOTOOLBOX

#include <VideoToolbox/VideoToolbox.h>
#include <dlfcn.h>
#include <pixfer/videotoolbox.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char area[] = "backend videotoolbox";

static CVPixelBufferRef make_buffer(OSType type, uint32_t width, uint32_t height)
{
    CFDictionaryRef none =
        CFDictionaryCreate(kCFAllocatorDefault, NULL, NULL, 0, &kCFTypeDictionaryKeyCallBacks, &kCFTypeDictionaryValueCallBacks);
    const void *key = kCVPixelBufferIOSurfacePropertiesKey, *value = none;
    CFDictionaryRef attributes = none ? CFDictionaryCreate(kCFAllocatorDefault, &key, &value, 1, &kCFTypeDictionaryKeyCallBacks,
                                                           &kCFTypeDictionaryValueCallBacks)
                                      : NULL;
    CVPixelBufferRef buffer = NULL;
    if (attributes && CVPixelBufferCreate(kCFAllocatorDefault, width, height, type, attributes, &buffer) != kCVReturnSuccess)
        buffer = NULL;
    if (attributes)
        CFRelease(attributes);
    if (none)
        CFRelease(none);
    return buffer;
}

/* ---- Sessions -------------------------------------------------------------------------------------------------------------- */

static void say_property(struct selftest *t, VTPixelTransferSessionRef session, const char *name)
{
    const CFStringRef *key = (const CFStringRef *)dlsym(RTLD_DEFAULT, name);
    CFTypeRef value = NULL;
    char text[300] = "";
    if (!key) {
        selftest_add(t, VERDICT_NOTE, area, name, "this system has no such property");
        return;
    }
    OSStatus status = VTSessionCopyProperty(session, *key, kCFAllocatorDefault, &value);
    CFStringRef description = status == noErr && value ? CFCopyDescription(value) : NULL;
    if (description)
        CFStringGetCString(description, text, sizeof(text), kCFStringEncodingUTF8);
    selftest_add(t, VERDICT_NOTE, area, name, "status %d%s%s", (int)status, *text ? ", " : "", text);
    if (description)
        CFRelease(description);
    if (value)
        CFRelease(value);
}

static void bytes_released(void *refcon, const void *base)
{
    (void)base;
    atomic_store((atomic_bool *)refcon, true);
}

static void try_session(struct selftest *t)
{
    enum { WIDTH = 1920, HEIGHT = 1080, PATIENCE_MS = 500 };
    VTPixelTransferSessionRef session = NULL;
    atomic_bool released = false;
    double start = selftest_now();
    OSStatus status = VTPixelTransferSessionCreate(kCFAllocatorDefault, &session);
    if (status != noErr || !session) {
        selftest_add(t, VERDICT_REFUSED, area, "session", "VTPixelTransferSessionCreate answered %d", (int)status);
        return;
    }
    selftest_add(t, VERDICT_NOTE, area, "session", "made in %.2f ms", (selftest_now() - start) * 1e3);
    uint8_t *bytes = calloc(WIDTH * HEIGHT, 4);
    CVPixelBufferRef src = NULL, dst = make_buffer(kCVPixelFormatType_420YpCbCr8BiPlanarVideoRange, WIDTH, HEIGHT);
    if (bytes && dst &&
        CVPixelBufferCreateWithBytes(kCFAllocatorDefault, WIDTH, HEIGHT, kCVPixelFormatType_32BGRA, bytes, WIDTH * 4,
                                     bytes_released, &released, NULL, &src) == kCVReturnSuccess) {
        start = selftest_now();
        status = VTPixelTransferSessionTransferImage(session, src, dst);
        double transferred = selftest_now();
        CVPixelBufferRelease(src);
        while (!atomic_load(&released) && selftest_now() - transferred < PATIENCE_MS * 1e-3)
            nanosleep(&(struct timespec){.tv_nsec = 50000}, NULL);
        selftest_add(t, VERDICT_NOTE, area, "release",
                     "a 1080p transfer answered %d after %.2f ms; its source was %s after %.2f ms more", (int)status,
                     (transferred - start) * 1e3, atomic_load(&released) ? "let go of" : "still held",
                     (selftest_now() - transferred) * 1e3);
        say_property(t, session, "kVTPixelTransferPropertyKey_MostRecentConversionType");
        say_property(t, session, "kVTPixelTransferPropertyKey_MostRecentChainDescription");
    }
    VTPixelTransferSessionInvalidate(session);
    CFRelease(session);
    for (int ms = 0; src && !atomic_load(&released) && ms < PATIENCE_MS; ms++)
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    CVPixelBufferRelease(dst);
    if (!src || atomic_load(&released)) /* else the system may still read them */
        free(bytes);
}

/* ---- Surfaces -------------------------------------------------------------------------------------------------------------- */

static bool copy_rows(CVPixelBufferRef buffer, const struct pixfer_image *image, bool into_buffer)
{
    CVPixelBufferLockFlags flags = into_buffer ? 0 : kCVPixelBufferLock_ReadOnly;
    bool planar = CVPixelBufferGetPlaneCount(buffer) > 0;
    if (CVPixelBufferLockBaseAddress(buffer, flags) != kCVReturnSuccess)
        return false;
    for (unsigned plane = 0; plane < pixfer_format_planes(image->format); plane++) {
        uint8_t *base = planar ? CVPixelBufferGetBaseAddressOfPlane(buffer, plane) : CVPixelBufferGetBaseAddress(buffer);
        size_t stride = planar ? CVPixelBufferGetBytesPerRowOfPlane(buffer, plane) : CVPixelBufferGetBytesPerRow(buffer);
        size_t row_bytes, rows;
        pixfer_plane_size(image->format, image->width, image->height, plane, &row_bytes, &rows);
        for (size_t y = 0; y < rows && base && stride >= row_bytes; y++) {
            uint8_t *row = image->plane[plane] + (ptrdiff_t)y * image->stride[plane];
            memcpy(into_buffer ? base + y * stride : row, into_buffer ? row : base + y * stride, row_bytes);
        }
    }
    CVPixelBufferUnlockBaseAddress(buffer, flags);
    return true;
}

static void keep_error(void *opaque, int level, const char *message)
{
    if (level <= PIXFER_LOG_WARNING)
        snprintf(opaque, 400, "%s", message);
}

static void try_surface(struct selftest *t, uint32_t width, uint32_t height, CFStringRef primaries, const char *name)
{
    struct test_frame src = {0}, found = {0}, exact = {0};
    struct pixfer_color color = {.siting = PIXFER_SITING_CENTER};
    struct pixfer_converter *c = NULL;
    char error[400] = "";
    CVPixelBufferRef from = make_buffer(kCVPixelFormatType_32BGRA, width, height);
    CVPixelBufferRef to = make_buffer(kCVPixelFormatType_420YpCbCr8BiPlanarVideoRange, width, height);
    enum pixfer_result result = PIXFER_ERR_NO_MEMORY;
    double ms = -1;
    if (from && to && test_frame_open(&src, PIXFER_FORMAT_BGRA, width, height, 64) &&
        test_frame_open(&found, PIXFER_FORMAT_NV12, width, height, 64) &&
        test_frame_open(&exact, PIXFER_FORMAT_NV12, width, height, 64)) {
        test_frame_draw(&src, 3);
        copy_rows(from, &src.image, true);
        if (primaries)
            CVBufferSetAttachment(from, kCVImageBufferColorPrimariesKey, primaries, kCVAttachmentMode_ShouldPropagate);
        result = pixfer_converter_open(
            &c, &PIXFER_CONVERTER_PARAMS(.src_format = PIXFER_FORMAT_BGRA, .dst_format = PIXFER_FORMAT_NV12, .width = width,
                                         .height = height, .color = color, .backend = PIXFER_BACKEND_VIDEOTOOLBOX, .threads = 1,
                                         .log = keep_error, .log_opaque = error));
        for (int i = 0; i < 2 && result == PIXFER_OK; i++) { /* the first call tests the path of surfaces */
            double start = selftest_now();
            result = pixfer_videotoolbox_convert(c, from, to);
            ms = (selftest_now() - start) * 1e3;
        }
    }
    if (result != PIXFER_OK || error[0]) {
        selftest_add(t, VERDICT_DIFFERS, area, name, "%s", error[0] ? error : pixfer_strerror(result));
    } else {
        struct attempt cpu = {.backend = PIXFER_BACKEND_CPU, .color = color};
        struct difference d;
        copy_rows(to, &found.image, false);
        attempt_convert(&cpu, &src.image, &exact.image);
        test_frame_compare(&exact.image, &found.image, &d);
        bool good = difference_mean(&d) <= 2;
        struct finding *f = selftest_add(t, good ? VERDICT_WORKS : VERDICT_DIFFERS, area, name,
                                         "largest error %g in luma and %g in chroma, mean %.2f; %.2f ms a frame", d.worst[0],
                                         d.worst[1], difference_mean(&d), ms);
        if (f) {
            f->worst_luma = d.worst[0];
            f->worst_chroma = d.worst[1];
            f->mean = difference_mean(&d);
            f->ms = ms;
            f->picture = good ? NULL : difference_picture(&exact.image, &found.image);
        }
    }
    pixfer_converter_close(&c);
    test_frame_close(&src);
    test_frame_close(&found);
    test_frame_close(&exact);
    CVPixelBufferRelease(from);
    CVPixelBufferRelease(to);
}

void selftest_videotoolbox(struct selftest *t)
{
    static const uint32_t sizes[][2] = {{64, 64}, {1920, 1080}, {3840, 2160}};
    try_session(t);
    for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes) && !selftest_late(t); i++)
        for (int tagged = 0; tagged < 2; tagged++) {
            char name[64];
            snprintf(name, sizeof(name), "surface %ux%u, %s", sizes[i][0], sizes[i][1], tagged ? "named P3" : "untagged");
            try_surface(t, sizes[i][0], sizes[i][1], tagged ? kCVImageBufferColorPrimaries_P3_D65 : NULL, name);
        }
}

#else

void selftest_videotoolbox(struct selftest *t)
{
    (void)t; /* that it is absent is said with the other backends */
}
#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* Pixel buffers, the surfaces behind them, and pools. Every allocated row is padded, and the padding holds a canary. */

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

DOUBLE_STRING(kCVPixelBufferPixelFormatTypeKey);
DOUBLE_STRING(kCVPixelBufferWidthKey);
DOUBLE_STRING(kCVPixelBufferHeightKey);
DOUBLE_STRING(kCVPixelBufferIOSurfacePropertiesKey);
DOUBLE_STRING(kCVPixelBufferPoolMinimumBufferCountKey);
DOUBLE_STRING(kCVPixelBufferPoolAllocationThresholdKey);
DOUBLE_STRING(kCVImageBufferYCbCrMatrixKey);
DOUBLE_STRING(kCVImageBufferYCbCrMatrix_ITU_R_709_2);
DOUBLE_STRING(kCVImageBufferYCbCrMatrix_ITU_R_601_4);
DOUBLE_STRING(kCVImageBufferYCbCrMatrix_SMPTE_240M_1995);
DOUBLE_STRING(kCVImageBufferYCbCrMatrix_ITU_R_2020);
DOUBLE_STRING(kCVImageBufferColorPrimariesKey);
DOUBLE_STRING(kCVImageBufferColorPrimaries_ITU_R_709_2);
DOUBLE_STRING(kCVImageBufferColorPrimaries_SMPTE_C);
DOUBLE_STRING(kCVImageBufferColorPrimaries_ITU_R_2020);
DOUBLE_STRING(kCVImageBufferColorPrimaries_P3_D65);
DOUBLE_STRING(kCVImageBufferCGColorSpaceKey);
DOUBLE_STRING(kCVImageBufferICCProfileKey);
DOUBLE_STRING(kCVImageBufferTransferFunctionKey);
DOUBLE_STRING(kCVImageBufferTransferFunction_ITU_R_709_2);
DOUBLE_STRING(kCVImageBufferTransferFunction_SMPTE_240M_1995);
DOUBLE_STRING(kCVImageBufferTransferFunction_ITU_R_2020);
DOUBLE_STRING(kCVImageBufferChromaLocationTopFieldKey);
DOUBLE_STRING(kCVImageBufferChromaLocation_Left);
DOUBLE_STRING(kCVImageBufferChromaLocation_Center);
DOUBLE_STRING(kCVImageBufferChromaLocation_TopLeft);

enum { CANARY = 0xA5, PADDING = 64 };

bool format_is_422(OSType format)
{
    return format == kCVPixelFormatType_422YpCbCr8 || format == kCVPixelFormatType_422YpCbCr8_yuvs;
}

bool format_is_packed(OSType format)
{
    return format_is_422(format) || format == kCVPixelFormatType_32BGRA || format == kCVPixelFormatType_32RGBA ||
           format == kCVPixelFormatType_32ARGB || format == kCVPixelFormatType_32ABGR;
}

static size_t packed_bytes(OSType format, size_t width)
{
    return format_is_422(format) ? (width + 1) / 2 * 4 : 4 * width;
}

static size_t sample_bytes(OSType format)
{
    if (format == kCVPixelFormatType_420YpCbCr8BiPlanarVideoRange || format == kCVPixelFormatType_420YpCbCr8BiPlanarFullRange)
        return 1;
    return format == kCVPixelFormatType_420YpCbCr10BiPlanarVideoRange || format == kCVPixelFormatType_420YpCbCr10BiPlanarFullRange
               ? 2
               : 0;
}

/* Lays out the planes of a format; false if it is not known here. */
static bool layout(OSType format, size_t width, size_t height, unsigned *planes, struct buffer_plane plane[2])
{
    size_t bytes = sample_bytes(format);
    if (!bytes && !format_is_packed(format))
        return false;
    *planes = bytes ? 2 : 0;
    if (!bytes) {
        plane[0] = (struct buffer_plane){.width = width, .height = height, .bytes = packed_bytes(format, width)};
    } else {
        size_t cw = (width + 1) / 2, ch = (height + 1) / 2;
        plane[0] = (struct buffer_plane){.width = width, .height = height, .bytes = width * bytes};
        plane[1] = (struct buffer_plane){.width = cw, .height = ch, .bytes = 2 * cw * bytes};
    }
    for (int i = 0; i < 2; i++)
        plane[i].stride = (plane[i].bytes + PADDING - 1) / PADDING * PADDING + PADDING;
    return true;
}

static void check_padding(const struct __IOSurface *surface)
{
    for (unsigned i = 0; i < (surface->planes ? surface->planes : 1); i++) {
        const struct buffer_plane *plane = &surface->plane[i];
        for (size_t y = 0; y < plane->height; y++) {
            for (size_t x = plane->bytes; x < plane->stride; x++) {
                if (plane->base[y * plane->stride + x] != CANARY)
                    misuse("padding of plane %u, row %zu, byte %zu was written to", i, y, x);
            }
        }
    }
}

static void surface_destroy(void *object)
{
    struct __IOSurface *surface = object;
    check_padding(surface);
    free(surface->memory);
}

static IOSurfaceRef surface_new(OSType format, size_t width, size_t height)
{
    struct buffer_plane plane[2] = {{0}};
    unsigned planes;
    if (!layout(format, width, height, &planes, plane))
        return NULL;
    IOSurfaceRef surface = object_new(sizeof *surface, surface_destroy);
    size_t first = plane[0].stride * plane[0].height, size = first + plane[1].stride * plane[1].height;
    *surface = (struct __IOSurface){surface->object, format, width, height, planes, {plane[0], plane[1]}, malloc(size)};
    memset(surface->memory, CANARY, size);
    surface->plane[0].base = surface->memory;
    surface->plane[1].base = surface->memory + first;
    return surface;
}

enum { IDLE = 64 };

/* A pool allocates until its threshold, and gives the buffer that came back last to the next who asks, with what is in it. */
struct __CVPixelBufferPool {
    struct object object;
    OSType format;
    size_t width, height;
    pthread_mutex_t mutex;
    long allocated; /* out and idle */
    IOSurfaceRef idle[IDLE];
    unsigned idle_count;
};

/* Takes over the surface's reference. */
static void pool_take_back(CVPixelBufferPoolRef pool, IOSurfaceRef surface)
{
    pthread_mutex_lock(&pool->mutex);
    bool kept = pool->idle_count < IDLE;
    if (kept)
        pool->idle[pool->idle_count++] = surface;
    else
        pool->allocated--;
    pthread_mutex_unlock(&pool->mutex);
    if (!kept)
        CFRelease(surface);
}

void buffer_clear_attachments(CVPixelBufferRef buffer)
{
    for (int i = 0; i < ATTACHMENTS; i++) {
        if (buffer->attachment[i])
            CFRelease(buffer->attachment[i]);
        buffer->attachment[i] = NULL;
        buffer->attachment_key[i] = NULL;
    }
}

void buffer_copy_attachments(CVPixelBufferRef from, CVPixelBufferRef to)
{
    for (int i = 0; i < ATTACHMENTS; i++)
        if (from->attachment[i])
            CVBufferSetAttachment(to, from->attachment_key[i], from->attachment[i], kCVAttachmentMode_ShouldPropagate);
}

static void buffer_destroy(void *object)
{
    CVPixelBufferRef buffer = object;
    if (buffer->locks)
        misuse("a pixel buffer was destroyed with %ld locks held", (long)buffer->locks);
    buffer_clear_attachments(buffer);
    if (buffer->release)
        buffer->release(buffer->refcon, buffer->plane[0].base);
    if (buffer->pool) {
        pool_take_back(buffer->pool, buffer->surface);
        CFRelease(buffer->pool);
    } else if (buffer->surface) {
        CFRelease(buffer->surface);
    }
}

static CVReturn from_surface(IOSurfaceRef surface, CVPixelBufferRef *out)
{
    CVPixelBufferRef buffer = object_new(sizeof *buffer, buffer_destroy);
    buffer->format = surface->format;
    buffer->width = surface->width;
    buffer->height = surface->height;
    buffer->planes = surface->planes;
    memcpy(buffer->plane, surface->plane, sizeof buffer->plane);
    buffer->surface = (IOSurfaceRef)CFRetain(surface);
    *out = buffer;
    return kCVReturnSuccess;
}

CVReturn CVPixelBufferCreate(CFAllocatorRef allocator, size_t width, size_t height, OSType format, CFDictionaryRef attributes,
                             CVPixelBufferRef *out)
{
    (void)allocator;
    (void)attributes;
    IOSurfaceRef surface = surface_new(format, width, height);
    if (!surface)
        return kCVReturnInvalidPixelFormat;
    CVReturn result = from_surface(surface, out);
    CFRelease(surface);
    return result;
}

CVReturn CVPixelBufferCreateWithBytes(CFAllocatorRef allocator, size_t width, size_t height, OSType format, void *base,
                                      size_t bytes_per_row, CVPixelBufferReleaseBytesCallback release, void *refcon,
                                      CFDictionaryRef attributes, CVPixelBufferRef *out)
{
    (void)allocator;
    (void)attributes;
    if (fault_value("source") || !format_is_packed(format))
        return kCVReturnInvalidPixelFormat;
    if (!base || bytes_per_row < packed_bytes(format, width))
        return kCVReturnInvalidArgument;
    count(COUNT_WRAPS, 1);
    CVPixelBufferRef buffer = object_new(sizeof *buffer, buffer_destroy);
    buffer->format = format;
    buffer->width = width;
    buffer->height = height;
    buffer->plane[0] = (struct buffer_plane){base, bytes_per_row, width, height, packed_bytes(format, width)};
    buffer->release = release;
    buffer->refcon = refcon;
    *out = buffer;
    return kCVReturnSuccess;
}

CVReturn CVPixelBufferCreateWithIOSurface(CFAllocatorRef allocator, IOSurfaceRef surface, CFDictionaryRef attributes,
                                          CVPixelBufferRef *out)
{
    (void)allocator;
    (void)attributes;
    return from_surface(surface, out);
}

CVPixelBufferRef CVPixelBufferRetain(CVPixelBufferRef buffer)
{
    return buffer ? (CVPixelBufferRef)CFRetain(buffer) : NULL;
}

void CVPixelBufferRelease(CVPixelBufferRef buffer)
{
    if (buffer)
        CFRelease(buffer);
}

/* Locks for reading and for writing are counted in one number: a read-only lock adds one, a full one a million. */
static long lock_weight(CVPixelBufferLockFlags flags)
{
    return flags & kCVPixelBufferLock_ReadOnly ? 1 : 1000000;
}

CVReturn CVPixelBufferLockBaseAddress(CVPixelBufferRef buffer, CVPixelBufferLockFlags flags)
{
    if (fault_reached("lock"))
        return kCVReturnError;
    atomic_fetch_add(&buffer->locks, lock_weight(flags));
    count(COUNT_LOCKED, 1);
    return kCVReturnSuccess;
}

CVReturn CVPixelBufferUnlockBaseAddress(CVPixelBufferRef buffer, CVPixelBufferLockFlags flags)
{
    long weight = lock_weight(flags), held = atomic_fetch_sub(&buffer->locks, weight);
    if (weight == 1 ? held % 1000000 == 0 : held < 1000000)
        misuse("a pixel buffer was unlocked with flags %d that it was not locked with", (int)flags);
    count(COUNT_LOCKED, -1);
    return fault_reached("unlock") ? kCVReturnError : kCVReturnSuccess;
}

size_t CVPixelBufferGetWidth(CVPixelBufferRef buffer)
{
    return buffer->width;
}

size_t CVPixelBufferGetHeight(CVPixelBufferRef buffer)
{
    return buffer->height;
}

OSType CVPixelBufferGetPixelFormatType(CVPixelBufferRef buffer)
{
    return buffer->format;
}

size_t CVPixelBufferGetPlaneCount(CVPixelBufferRef buffer)
{
    long planes = buffer->planes ? fault_value("planes") : 0;
    return planes ? (size_t)planes : buffer->planes;
}

/* NULL for a plane that is not there, which stands for the undefined behaviour of the real one. */
static const struct buffer_plane *plane_at(CVPixelBufferRef buffer, size_t plane, const char *what)
{
    if (plane < buffer->planes)
        return &buffer->plane[plane];
    misuse("%s of plane %zu of a buffer with %u planes", what, plane, buffer->planes);
    return NULL;
}

size_t CVPixelBufferGetWidthOfPlane(CVPixelBufferRef buffer, size_t plane)
{
    const struct buffer_plane *at = plane_at(buffer, plane, "width");
    return at ? at->width : 0;
}

size_t CVPixelBufferGetHeightOfPlane(CVPixelBufferRef buffer, size_t plane)
{
    const struct buffer_plane *at = plane_at(buffer, plane, "height");
    return at ? at->height : 0;
}

size_t CVPixelBufferGetBytesPerRowOfPlane(CVPixelBufferRef buffer, size_t plane)
{
    const struct buffer_plane *at = plane_at(buffer, plane, "bytes per row");
    long stride = fault_value("stride");
    return stride ? (size_t)stride : at ? at->stride : 0;
}

void *CVPixelBufferGetBaseAddressOfPlane(CVPixelBufferRef buffer, size_t plane)
{
    const struct buffer_plane *at = plane_at(buffer, plane, "base address");
    if (!buffer->locks)
        misuse("base address of a plane without a lock");
    return at && buffer->locks ? at->base : NULL;
}

void *CVPixelBufferGetBaseAddress(CVPixelBufferRef buffer)
{
    if (!buffer->locks)
        misuse("base address without a lock");
    return buffer->locks ? buffer->plane[0].base : NULL;
}

size_t CVPixelBufferGetBytesPerRow(CVPixelBufferRef buffer)
{
    return buffer->plane[0].stride;
}

IOSurfaceRef CVPixelBufferGetIOSurface(CVPixelBufferRef buffer)
{
    return buffer->surface;
}

void CVBufferSetAttachment(CVBufferRef buffer, CFStringRef key, CFTypeRef value, CVAttachmentMode mode)
{
    if (mode != kCVAttachmentMode_ShouldPropagate)
        misuse("attachment %s would not reach the encoder: it does not propagate", key->name);
    for (int i = 0; i < ATTACHMENTS; i++) {
        if (buffer->attachment_key[i] && buffer->attachment_key[i] != key)
            continue;
        CFRetain(value);
        if (buffer->attachment[i])
            CFRelease(buffer->attachment[i]);
        buffer->attachment_key[i] = key;
        buffer->attachment[i] = value;
        return;
    }
    misuse("no room for attachment %s", key->name);
}

void CVBufferRemoveAttachment(CVBufferRef buffer, CFStringRef key)
{
    for (int i = 0; i < ATTACHMENTS; i++) {
        if (buffer->attachment_key[i] != key)
            continue;
        CFRelease(buffer->attachment[i]);
        buffer->attachment[i] = NULL;
        buffer->attachment_key[i] = NULL;
    }
}

CFTypeRef CVBufferGetAttachment(CVBufferRef buffer, CFStringRef key, CVAttachmentMode *mode)
{
    CFTypeRef value = CVBufferCopyAttachment(buffer, key, mode);
    if (value)
        CFRelease(value);
    return value;
}

CFTypeRef CVBufferCopyAttachment(CVBufferRef buffer, CFStringRef key, CVAttachmentMode *mode)
{
    if (mode)
        *mode = kCVAttachmentMode_ShouldPropagate;
    for (int i = 0; i < ATTACHMENTS; i++) {
        if (buffer->attachment_key[i] == key && buffer->attachment[i])
            return CFRetain(buffer->attachment[i]);
    }
    return NULL;
}

static void pool_destroy(void *object)
{
    CVPixelBufferPoolRef pool = object;
    while (pool->idle_count)
        CFRelease(pool->idle[--pool->idle_count]);
    pthread_mutex_destroy(&pool->mutex);
}

CVReturn CVPixelBufferPoolCreate(CFAllocatorRef allocator, CFDictionaryRef pool_attributes, CFDictionaryRef buffer_attributes,
                                 CVPixelBufferPoolRef *out)
{
    (void)allocator;
    (void)pool_attributes;
    CVPixelBufferPoolRef pool = object_new(sizeof *pool, pool_destroy);
    pthread_mutex_init(&pool->mutex, NULL);
    pool->format = (OSType)dictionary_number(buffer_attributes, kCVPixelBufferPixelFormatTypeKey);
    pool->width = (size_t)dictionary_number(buffer_attributes, kCVPixelBufferWidthKey);
    pool->height = (size_t)dictionary_number(buffer_attributes, kCVPixelBufferHeightKey);
    if (!dictionary_get(buffer_attributes, kCVPixelBufferIOSurfacePropertiesKey))
        misuse("a pool whose buffers no surface stands behind");
    *out = pool;
    return kCVReturnSuccess;
}

void CVPixelBufferPoolRelease(CVPixelBufferPoolRef pool)
{
    if (pool)
        CFRelease(pool);
}

CVReturn CVPixelBufferPoolCreatePixelBufferWithAuxAttributes(CFAllocatorRef allocator, CVPixelBufferPoolRef pool,
                                                             CFDictionaryRef auxiliary, CVPixelBufferRef *out)
{
    (void)allocator;
    *out = NULL;
    if (fault_value("pool-memory"))
        return kCVReturnAllocationFailed;
    long threshold = auxiliary ? dictionary_number(auxiliary, kCVPixelBufferPoolAllocationThresholdKey) : 0;
    if (fault_take("pool"))
        return kCVReturnWouldExceedAllocationThreshold;
    pthread_mutex_lock(&pool->mutex);
    IOSurfaceRef surface = pool->idle_count ? pool->idle[--pool->idle_count] : NULL;
    bool exceeded = !surface && threshold && pool->allocated >= threshold;
    if (!surface && !exceeded && (surface = surface_new(pool->format, pool->width, pool->height)))
        pool->allocated++;
    pthread_mutex_unlock(&pool->mutex);
    if (!surface)
        return exceeded ? kCVReturnWouldExceedAllocationThreshold : kCVReturnInvalidPixelFormat;
    CVReturn result = from_surface(surface, out);
    CFRelease(surface);
    if (result == kCVReturnSuccess) {
        (*out)->pool = (CVPixelBufferPoolRef)CFRetain(pool);
        count(COUNT_POOLED, 1);
    }
    return result;
}

CVReturn CVPixelBufferPoolCreatePixelBuffer(CFAllocatorRef allocator, CVPixelBufferPoolRef pool, CVPixelBufferRef *out)
{
    return CVPixelBufferPoolCreatePixelBufferWithAuxAttributes(allocator, pool, NULL, out);
}

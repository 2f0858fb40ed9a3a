/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* Transfer sessions, and the double's arithmetic. */

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "internal.h"

DOUBLE_STRING(kVTPixelTransferPropertyKey_DownsamplingMode);
DOUBLE_STRING(kVTDownsamplingMode_Decimate);
DOUBLE_STRING(kVTDownsamplingMode_Average);
DOUBLE_STRING(kVTPixelTransferPropertyKey_DestinationYCbCrMatrix);
DOUBLE_STRING(kVTPixelTransferPropertyKey_DestinationColorPrimaries);
DOUBLE_STRING(kVTPixelTransferPropertyKey_DestinationTransferFunction);
DOUBLE_STRING(kVTPixelTransferPropertyKey_RealTime);

enum { PROPERTY_NOT_SUPPORTED = -12900, SESSION_MALFUNCTION = -17691 };

struct OpaqueVTPixelTransferSession {
    struct object object;
    atomic_bool busy, invalid;
    bool average;
    CFStringRef matrix; /* a constant */
    CVPixelBufferRef kept;
};

static void let_go(VTPixelTransferSessionRef session)
{
    CVPixelBufferRelease(session->kept);
    session->kept = NULL;
}

static void session_destroy(void *object)
{
    let_go(object);
}

OSStatus VTPixelTransferSessionCreate(CFAllocatorRef allocator, VTPixelTransferSessionRef *out)
{
    (void)allocator;
    *out = NULL;
    if (fault_reached("session"))
        return kVTAllocationFailedErr;
    if (fault_reached("session-null"))
        return noErr;
    VTPixelTransferSessionRef session = object_new(sizeof *session, session_destroy);
    session->matrix = kCVImageBufferYCbCrMatrix_ITU_R_601_4; /* an unset property must show */
    count(COUNT_SESSIONS, 1);
    *out = session;
    return noErr;
}

void VTPixelTransferSessionInvalidate(VTPixelTransferSessionRef session)
{
    session->invalid = true;
    let_go(session);
}

/* It has no property that can be read. */
OSStatus VTSessionCopyProperty(VTSessionRef ref, CFStringRef key, CFAllocatorRef allocator, void *value)
{
    (void)ref, (void)key, (void)allocator;
    *(CFTypeRef *)value = NULL;
    return PROPERTY_NOT_SUPPORTED;
}

OSStatus VTSessionSetProperty(VTSessionRef ref, CFStringRef key, CFTypeRef value)
{
    VTPixelTransferSessionRef session = (VTPixelTransferSessionRef)ref;
    if (fault_value("property"))
        return PROPERTY_NOT_SUPPORTED;
    if (key == kVTPixelTransferPropertyKey_DownsamplingMode)
        session->average = value == kVTDownsamplingMode_Average;
    else if (key == kVTPixelTransferPropertyKey_DestinationYCbCrMatrix)
        session->matrix = value;
    else if (key != kVTPixelTransferPropertyKey_RealTime)
        misuse("property %s was set", key->name);
    else if (value != kCFBooleanFalse)
        misuse("the real-time property was turned on");
    return noErr;
}

/* Kr and Kb in units of 1 / 10000. */
static void matrix_weights(CFStringRef matrix, double *kr, double *kb)
{
    *kr = .2126, *kb = .0722;
    if (matrix == kCVImageBufferYCbCrMatrix_ITU_R_601_4)
        *kr = .299, *kb = .114;
    else if (matrix == kCVImageBufferYCbCrMatrix_SMPTE_240M_1995)
        *kr = .212, *kb = .087;
    else if (matrix == kCVImageBufferYCbCrMatrix_ITU_R_2020)
        *kr = .2627, *kb = .0593;
}

struct arithmetic {
    int32_t y[3], cb[3], cr[3]; /* 16 fraction bits, R, G, B */
    int32_t base, half, most;
    int offset[4]; /* of R, G, B, A */
    bool ten, decimate, alpha, left;
    int luma; /* of Y'CbCr sources: the byte at which Y begins, else -1 */
    bool swap, rescale, shift;
};

static int32_t fixed(double value)
{
    return (int32_t)(value * 65536 + (value < 0 ? -.5 : .5));
}

static void arithmetic_init(struct arithmetic *a, OSType src, OSType dst, CFStringRef matrix)
{
    bool full = dst == kCVPixelFormatType_420YpCbCr8BiPlanarFullRange || dst == kCVPixelFormatType_420YpCbCr10BiPlanarFullRange;
    bool ten = dst == kCVPixelFormatType_420YpCbCr10BiPlanarVideoRange || dst == kCVPixelFormatType_420YpCbCr10BiPlanarFullRange;
    full ^= fault_value("range") != 0;
    double kr, kb, unit = ten ? 4 : 1;
    matrix_weights(matrix, &kr, &kb);
    double kg = 1 - kr - kb, top = ten ? 1023 : 255;
    double luma = (full ? top : 219 * unit) / 255, chroma = (full ? top : 224 * unit) / 255;
    for (int i = 0; i < 3; i++) {
        double k[3] = {kr, kg, kb};
        a->y[i] = fixed(luma * k[i]);
        a->cb[i] = fixed(chroma * ((i == 2) - k[i]) / (2 * (1 - kb)));
        a->cr[i] = fixed(chroma * ((i == 0) - k[i]) / (2 * (1 - kr)));
    }
    a->base = full ? 0 : (int32_t)(16 * unit);
    a->half = (int32_t)(128 * unit);
    a->most = (int32_t)top;
    a->ten = ten;
    static const int orders[4][4] = {{2, 1, 0, 3}, {0, 1, 2, 3}, {1, 2, 3, 0}, {3, 2, 1, 0}};
    int order = src == kCVPixelFormatType_32BGRA   ? 0
                : src == kCVPixelFormatType_32RGBA ? 1
                : src == kCVPixelFormatType_32ARGB ? 2
                                                   : 3;
    memcpy(a->offset, orders[order], sizeof a->offset);
    if (fault_value("swap")) {
        a->offset[0] = orders[order][2];
        a->offset[2] = orders[order][0];
    }
    a->luma = src == kCVPixelFormatType_422YpCbCr8_yuvs ? 0 : src == kCVPixelFormatType_422YpCbCr8 ? 1 : -1;
    a->swap = fault_value("swap") != 0;
    a->shift = fault_value("shift") != 0; /* half a column of luma to the right, as for centre siting */
    a->rescale = full;                    /* such sources are of limited range */
    a->decimate = fault_value("decimate") != 0;
    a->alpha = fault_value("alpha") != 0;
    a->left = fault_value("left") != 0;
}

static void fetch(const struct arithmetic *a, const uint8_t *pixel, int32_t rgb[3])
{
    for (int i = 0; i < 3; i++) {
        rgb[i] = pixel[a->offset[i]];
        if (a->alpha)
            rgb[i] = rgb[i] * pixel[a->offset[3]] / 255;
    }
}

static void store(const struct arithmetic *a, uint8_t *row, size_t index, int32_t base, const int32_t weight[3],
                  const int32_t rgb[3])
{
    int64_t sum = 32768;
    for (int i = 0; i < 3; i++)
        sum += (int64_t)weight[i] * rgb[i];
    int64_t value = base + (sum >> 16);
    value = value < 0 ? 0 : value > a->most ? a->most : value;
    if (a->ten)
        ((uint16_t *)row)[index] = (uint16_t)(value << 6);
    else
        row[index] = (uint8_t)value;
}

/* [1 2 1] around the first column of the pair, over both rows. */
static void chroma_left(const struct arithmetic *a, const uint8_t *row0, const uint8_t *row1, uint32_t x0, uint32_t x1,
                        int32_t mean[3])
{
    const uint32_t column[4] = {x0 ? x0 - 1 : 0, x0, x0, x1};
    int32_t rgb[3], sum[3] = {4, 4, 4};
    for (int i = 0; i < 8; i++) {
        fetch(a, (i < 4 ? row0 : row1) + 4 * column[i % 4], rgb);
        for (int j = 0; j < 3; j++)
            sum[j] += rgb[j];
    }
    for (int j = 0; j < 3; j++)
        mean[j] = sum[j] >> 3;
}

static void chroma_mean(const struct arithmetic *a, const uint8_t *row0, const uint8_t *row1, uint32_t x0, uint32_t x1,
                        int32_t mean[3])
{
    const uint8_t *corner[4] = {row0 + 4 * x0, row0 + 4 * x1, row1 + 4 * x0, row1 + 4 * x1};
    int32_t rgb[3];
    if (a->left) {
        chroma_left(a, row0, row1, x0, x1, mean);
        return;
    }
    fetch(a, corner[0], mean);
    if (a->decimate)
        return;
    for (int i = 1; i < 4; i++) {
        fetch(a, corner[i], rgb);
        for (int j = 0; j < 3; j++)
            mean[j] += rgb[j];
    }
    for (int j = 0; j < 3; j++)
        mean[j] = (mean[j] + 2) >> 2;
}

static void run(const struct arithmetic *a, const uint8_t *src, ptrdiff_t src_stride, uint32_t width, uint32_t height,
                uint8_t *const plane[2], const ptrdiff_t stride[2])
{
    int32_t rgb[3];
    for (uint32_t y = 0; y < height; y++) {
        for (uint32_t x = 0; x < width; x++) {
            fetch(a, src + y * src_stride + 4 * x, rgb);
            store(a, plane[0] + y * stride[0], x, a->base, a->y, rgb);
        }
    }
    for (uint32_t y = 0; y < height; y += 2) {
        const uint8_t *row0 = src + y * src_stride, *row1 = y + 1 < height ? row0 + src_stride : row0;
        for (uint32_t x = 0; x < width; x += 2) {
            chroma_mean(a, row0, row1, x, x + 1 < width ? x + 1 : x, rgb);
            store(a, plane[1] + y / 2 * stride[1], x, a->half, a->cb, rgb);
            store(a, plane[1] + y / 2 * stride[1], x + 1, a->half, a->cr, rgb);
        }
    }
}

/* Y'CbCr to Y'CbCr: luma is copied, chroma keeps its columns, and of two rows there is the mean. */
static void run_422(const struct arithmetic *a, const uint8_t *src, ptrdiff_t src_stride, uint32_t width, uint32_t height,
                    uint8_t *const plane[2], const ptrdiff_t stride[2])
{
    const int32_t one[3] = {(a->rescale ? 65536 * 255 / 219 : 65536) << (a->ten ? 2 : 0)};
    for (uint32_t y = 0; y < height; y++) {
        const uint8_t *row = src + y * src_stride, *below = y + 1 < height ? row + src_stride : row;
        for (uint32_t x = 0; x < width; x++)
            store(a, plane[0] + y * stride[0], x, 0, one, (const int32_t[]){row[2 * x + (uint32_t)a->luma], 0, 0});
        for (uint32_t x = 0; y % 2 == 0 && x < (width + 1) / 2 * 2; x++) {
            const uint32_t from = 2 * (a->swap ? x ^ 1 : x) + !a->luma;
            const uint32_t next = from + (x + 2 < (width + 1) / 2 * 2 ? 4 : 0);
            int32_t mean = a->decimate ? row[from] : (row[from] + below[from] + 1) / 2;
            if (a->shift)
                mean = (6 * mean + row[next] + below[next] + 4) / 8;
            store(a, plane[1] + y / 2 * stride[1], x, 0, one, (const int32_t[]){mean, 0, 0});
        }
    }
}

void double_arithmetic(OSType src_format, const uint8_t *src, ptrdiff_t src_stride, OSType dst_format, CFStringRef matrix,
                       uint32_t width, uint32_t height, uint8_t *const plane[2], const ptrdiff_t stride[2])
{
    struct arithmetic a;
    arithmetic_init(&a, src_format, dst_format, matrix);
    (a.luma < 0 ? run : run_422)(&a, src, src_stride, width, height, plane, stride);
}

static void spin(long microseconds)
{
    struct timespec start, now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &start);
    do
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    while ((now.tv_sec - start.tv_sec) * 1000000 + (now.tv_nsec - start.tv_nsec) / 1000 < microseconds);
}

static void *helper(void *microseconds)
{
    spin(*(long *)microseconds);
    return NULL;
}

static void take_time(void)
{
    long busy = fault_value("spin"), elsewhere = fault_value("helper"), idle = fault_value("sleep");
    pthread_t thread;
    if (busy)
        spin(busy);
    if (elsewhere && !pthread_create(&thread, NULL, helper, &elsewhere))
        pthread_join(thread, NULL);
    if (idle)
        nanosleep(&(struct timespec){idle / 1000000, idle % 1000000 * 1000}, NULL);
}

static OSStatus refusal(const struct OpaqueVTPixelTransferSession *session, CVPixelBufferRef source, CVPixelBufferRef destination)
{
    if (session->invalid)
        return kVTInvalidSessionErr;
    bool common = format_is_422(source->format) || source->format == kCVPixelFormatType_32BGRA ||
                  source->format == kCVPixelFormatType_32ARGB;
    if (fault_value("format") || !format_is_packed(source->format) || destination->planes != 2 ||
        (!common && !fault_value("take-rgba")))
        return kVTPixelTransferNotSupportedErr;
    if (fault_once("transfer-once") || fault_reached("transfer"))
        return (OSStatus)(fault_value("status") ? fault_value("status") : SESSION_MALFUNCTION);
    return noErr;
}

/* NULL if the buffer does not say. */
static CFTypeRef attached(CVPixelBufferRef buffer, CFStringRef key)
{
    for (int i = 0; i < ATTACHMENTS; i++)
        if (buffer->attachment_key[i] == key)
            return buffer->attachment[i];
    return NULL;
}

/* Primaries that are not those of the matrix that is asked for: a system that matches colours changes them. */
static bool needs_matching(CVPixelBufferRef source)
{
    CFTypeRef primaries = attached(source, kCVImageBufferColorPrimariesKey);
    return attached(source, kCVImageBufferCGColorSpaceKey) || attached(source, kCVImageBufferICCProfileKey) ||
           (primaries && primaries == kCVImageBufferColorPrimaries_P3_D65);
}

static void exchange(int offset[4])
{
    int first = offset[0];
    offset[0] = offset[2];
    offset[2] = first;
}

static void transfer(const struct OpaqueVTPixelTransferSession *session, CVPixelBufferRef source, CVPixelBufferRef destination)
{
    uint8_t *const plane[2] = {destination->plane[0].base, destination->plane[1].base};
    const ptrdiff_t stride[2] = {(ptrdiff_t)destination->plane[0].stride, (ptrdiff_t)destination->plane[1].stride};
    CFStringRef matrix = session->matrix;
    if (fault_value("matrix"))
        matrix = matrix == kCVImageBufferYCbCrMatrix_ITU_R_601_4 ? kCVImageBufferYCbCrMatrix_ITU_R_709_2
                                                                 : kCVImageBufferYCbCrMatrix_ITU_R_601_4;
    struct arithmetic a;
    arithmetic_init(&a, source->format, destination->format, matrix);
    a.decimate |= !session->average;
    if (fault_value("wide") && source->width >= (size_t)fault_value("wide"))
        exchange(a.offset);
    if (fault_value("surface-swap") && source->surface)
        exchange(a.offset);
    if (needs_matching(source)) /* stands for another set of primaries: red takes from green */
        a.y[0] -= a.y[0] / 8, a.y[1] += a.y[0] / 8;
    if (a.luma >= 0 && !source->surface && attached(source, kCVImageBufferYCbCrMatrixKey) != matrix)
        a.swap = !a.swap; /* stands for what a conversion from one matrix to another does */
    (a.luma < 0 ? run : run_422)(&a, source->plane[0].base, (ptrdiff_t)source->plane[0].stride, (uint32_t)source->width,
                                 (uint32_t)source->height, plane, stride);
}

static void zero(CVPixelBufferRef buffer)
{
    for (unsigned i = 0; i < buffer->planes; i++) {
        for (size_t y = 0; y < buffer->plane[i].height; y++)
            memset(buffer->plane[i].base + y * buffer->plane[i].stride, 0, buffer->plane[i].bytes);
    }
}

static void keep(VTPixelTransferSessionRef session, CVPixelBufferRef source)
{
    let_go(session);
    if (fault_value("keep"))
        session->kept = CVPixelBufferRetain(source);
    if (fault_value("late"))
        keep_for(source, fault_value("late"));
    if (fault_value("keep-ever"))
        keep_for_ever(source);
}

OSStatus VTPixelTransferSessionTransferImage(VTPixelTransferSessionRef session, CVPixelBufferRef source,
                                             CVPixelBufferRef destination)
{
    if (atomic_exchange(&session->busy, true))
        misuse("two threads use one transfer session at once");
    if (source->width != destination->width || source->height != destination->height)
        misuse("a transfer would scale %zux%zu to %zux%zu", source->width, source->height, destination->width,
               destination->height);
    if (destination->locks)
        misuse("a transfer into a buffer that is locked");
    count(COUNT_TRANSFERS, 1);
    OSStatus status = refusal(session, source, destination);
    if (status == noErr) {
        take_time();
        if (fault_reached("green"))
            zero(destination);
        else
            transfer(session, source, destination);
        buffer_clear_attachments(destination);
        buffer_copy_attachments(source, destination);
        keep(session, source);
    }
    session->busy = false;
    return status;
}

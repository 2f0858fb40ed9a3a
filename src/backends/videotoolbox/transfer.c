/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "../stub.h"

#if PIXFER_WITH_VIDEOTOOLBOX

#include "../../core/image.h"
#include "../../platform/platform.h"
#include "transfer.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

/* How long to wait for the system to let go of the caller's bytes before the session is renewed to make it, and then before giving up. A
 * release on a thread of the system's comes some of a millisecond after the transfer; a session costs more than that to make. */
#define RELEASE_MS 20
#define PATIENCE_MS 1000

OSType pixfer_videotoolbox_src_type(enum pixfer_format format)
{
    switch (format) {
    case PIXFER_FORMAT_BGRA:
        return kCVPixelFormatType_32BGRA;
    case PIXFER_FORMAT_RGBA:
        return kCVPixelFormatType_32RGBA;
    case PIXFER_FORMAT_ARGB:
        return kCVPixelFormatType_32ARGB;
    case PIXFER_FORMAT_ABGR:
        return kCVPixelFormatType_32ABGR;
    case PIXFER_FORMAT_UYVY:
        return kCVPixelFormatType_422YpCbCr8;
    case PIXFER_FORMAT_YUYV:
        return kCVPixelFormatType_422YpCbCr8_yuvs;
    default:
        return 0;
    }
}

OSType pixfer_videotoolbox_dst_type(enum pixfer_format format, enum pixfer_range range)
{
    const bool full = range == PIXFER_RANGE_FULL;

    switch (format) {
    case PIXFER_FORMAT_NV12:
        return full ? kCVPixelFormatType_420YpCbCr8BiPlanarFullRange : kCVPixelFormatType_420YpCbCr8BiPlanarVideoRange;
    case PIXFER_FORMAT_P010:
        return full ? kCVPixelFormatType_420YpCbCr10BiPlanarFullRange : kCVPixelFormatType_420YpCbCr10BiPlanarVideoRange;
    default:
        return 0;
    }
}

/* ---- Sessions ---- */

static CFStringRef matrix_name(enum pixfer_matrix matrix)
{
    switch (matrix) {
    case PIXFER_MATRIX_BT601:
        return kCVImageBufferYCbCrMatrix_ITU_R_601_4;
    case PIXFER_MATRIX_SMPTE240M:
        return kCVImageBufferYCbCrMatrix_SMPTE_240M_1995;
    case PIXFER_MATRIX_BT2020_NCL:
        return kCVImageBufferYCbCrMatrix_ITU_R_2020;
    default:
        return kCVImageBufferYCbCrMatrix_ITU_R_709_2;
    }
}

/* Primaries and transfer function stay unset: setting them is documented to risk a slow colour-matching pass. */
OSStatus pixfer_videotoolbox_session_create(const struct videotoolbox *vt, VTPixelTransferSessionRef *session)
{
    OSStatus status = VTPixelTransferSessionCreate(kCFAllocatorDefault, session);

    if (status == noErr && !*session)
        status = kVTAllocationFailedErr; /* success without a session */
    if (status != noErr) {
        *session = NULL;
        return status;
    }
    status = VTSessionSetProperty(*session, kVTPixelTransferPropertyKey_DownsamplingMode, kVTDownsamplingMode_Average);
    if (status == noErr)
        status = VTSessionSetProperty(*session, kVTPixelTransferPropertyKey_DestinationYCbCrMatrix,
                                      matrix_name(vt->config.color.matrix));
    /* A hint only: an older system that does not know it is as good. */
    VTSessionSetProperty(*session, kVTPixelTransferPropertyKey_RealTime, kCFBooleanFalse);
    if (status != noErr) {
        pixfer_videotoolbox_session_destroy(*session);
        *session = NULL;
    }
    return status;
}

void pixfer_videotoolbox_session_destroy(VTPixelTransferSessionRef session)
{
    VTPixelTransferSessionInvalidate(session);
    CFRelease(session);
}

/* The system gives no more sessions than there are: threads share those, and with none left the next call tries again. */
static void session_lost(struct videotoolbox *vt)
{
    vt->made--;
    vt->most = vt->made ? vt->made : 1;
    pthread_cond_broadcast(&vt->changed);
}

static VTPixelTransferSessionRef take_session(struct videotoolbox *vt, OSStatus *status)
{
    VTPixelTransferSessionRef session = NULL;

    pthread_mutex_lock(&vt->lock);
    while (!session) {
        if (vt->idle_count) {
            session = vt->idle[--vt->idle_count];
        } else if (vt->made == vt->most) {
            pthread_cond_wait(&vt->changed, &vt->lock);
        } else {
            vt->made++;
            pthread_mutex_unlock(&vt->lock);
            *status = pixfer_videotoolbox_session_create(vt, &session);
            pthread_mutex_lock(&vt->lock);
            if (*status != noErr) {
                session_lost(vt);
                if (!vt->made)
                    break;
            }
        }
    }
    pthread_mutex_unlock(&vt->lock);
    if (session)
        *status = noErr;
    return session;
}

/* NULL says that it could not be renewed. */
static void give_back_session(struct videotoolbox *vt, VTPixelTransferSessionRef session)
{
    pthread_mutex_lock(&vt->lock);
    if (session)
        vt->idle[vt->idle_count++] = session;
    else
        session_lost(vt);
    pthread_cond_signal(&vt->changed);
    pthread_mutex_unlock(&vt->lock);
}

static OSStatus renew_session(const struct videotoolbox *vt, VTPixelTransferSessionRef *session)
{
    if (*session)
        pixfer_videotoolbox_session_destroy(*session);
    *session = NULL;
    return pixfer_videotoolbox_session_create(vt, session);
}

/* ---- Measuring ---- */

/* Nested, so that no clock counts less than the ones inside it. */
static void start_clocks(struct videotoolbox_cost *at)
{
    at->wall = pixfer_now();
    at->process = pixfer_cpu_time();
    at->thread = pixfer_thread_time();
}

static void stop_clocks(struct videotoolbox_cost *at)
{
    at->thread = pixfer_thread_time();
    at->process = pixfer_cpu_time();
    at->wall = pixfer_now();
}

static void add(struct videotoolbox_cost *sum, const struct videotoolbox_cost *from, const struct videotoolbox_cost *to)
{
    const double wall = to->wall - from->wall;

    if (!sum->transfers++ || wall < sum->fastest)
        sum->fastest = wall;
    sum->wall += wall;
    sum->thread += to->thread - from->thread;
    sum->process += to->process - from->process;
}

/* ---- Transfers ---- */

static enum pixfer_result refused(struct pixfer_reason *reason, const char *call, OSStatus status)
{
    const char *meaning = status == kVTPixelTransferNotSupportedErr ? ", it does not convert between these formats"
                          : status == kVTInvalidSessionErr          ? ", the session is no longer valid"
                          : status == kVTAllocationFailedErr        ? ", out of memory"
                                                                    : "";

    pixfer_reason_set(reason, "videotoolbox: %s answered %d%s", call, (int)status, meaning);
    return status == kVTPixelTransferNotSupportedErr ? PIXFER_ERR_UNSUPPORTED
           : status == kVTAllocationFailedErr        ? PIXFER_ERR_NO_MEMORY
                                                     : PIXFER_ERR_DEVICE;
}

/* A session is lost when an application on iOS goes to the background; a new one does. */
static enum pixfer_result transfer_with(struct videotoolbox *vt, VTPixelTransferSessionRef *session, CVPixelBufferRef src,
                                        CVPixelBufferRef dst, struct pixfer_reason *reason)
{
    struct videotoolbox_cost from, to;
    OSStatus status;

    start_clocks(&from);
    status = VTPixelTransferSessionTransferImage(*session, src, dst);
    if (status == kVTInvalidSessionErr && renew_session(vt, session) == noErr)
        status = VTPixelTransferSessionTransferImage(*session, src, dst);
    stop_clocks(&to);
    if (status != noErr)
        return refused(reason, "VTPixelTransferSessionTransferImage", status);
    pthread_mutex_lock(&vt->lock);
    add(&vt->cost, &from, &to);
    pthread_mutex_unlock(&vt->lock);
    return PIXFER_OK;
}

enum pixfer_result pixfer_videotoolbox_begin(struct videotoolbox *vt, VTPixelTransferSessionRef *session,
                                             struct pixfer_reason *reason)
{
    OSStatus status = noErr;

    *session = take_session(vt, &status);
    return *session ? PIXFER_OK : refused(reason, "VTPixelTransferSessionCreate", status);
}

void pixfer_videotoolbox_end(struct videotoolbox *vt, VTPixelTransferSessionRef session)
{
    give_back_session(vt, session);
}

enum pixfer_result pixfer_videotoolbox_transfer(struct videotoolbox *vt, VTPixelTransferSessionRef *session, CVPixelBufferRef src,
                                                CVPixelBufferRef dst, struct pixfer_reason *reason)
{
    return transfer_with(vt, session, src, dst, reason);
}

/* ---- The caller's bytes ---- */

/* Says whether the system still holds a buffer that wraps the caller's bytes. It belongs to the call and to the buffer, and the
 * last of them frees it: a buffer that outlives the call must not write into a stack that is gone. */
struct guard {
    atomic_bool released;
    atomic_int owners;
};

static void guard_drop(struct guard *guard)
{
    if (atomic_fetch_sub(&guard->owners, 1) == 1)
        free(guard);
}

static void bytes_released(void *refcon, const void *base)
{
    struct guard *guard = refcon;

    (void)base;
    atomic_store(&guard->released, true);
    guard_drop(guard);
}

static bool released_within(const struct guard *guard, long ms)
{
    long waited = 0, nap = 50; /* microseconds */

    while (!atomic_load(&guard->released) && waited < ms * 1000) {
        nanosleep(&(struct timespec){.tv_nsec = nap * 1000}, NULL);
        waited += nap;
        nap = nap < 1000 ? 2 * nap : 1000;
    }
    return atomic_load(&guard->released);
}

/* A session may retain its last source beyond the transfer. It has to let go before the caller may reuse the memory. */
static enum pixfer_result wait_for_release(struct videotoolbox *vt, const struct guard *guard, VTPixelTransferSessionRef *session,
                                           struct pixfer_reason *reason)
{
    bool logged;

    if (released_within(guard, RELEASE_MS))
        return PIXFER_OK;
    pthread_mutex_lock(&vt->lock);
    logged = vt->renewal_logged;
    vt->renewal_logged = true;
    pthread_mutex_unlock(&vt->lock);
    if (!logged)
        pixfer_log_write(vt->config.log, PIXFER_LOG_INFO,
                         "videotoolbox: the session retains the source for more than %d ms after the transfer and is renewed for "
                         "every frame",
                         RELEASE_MS);
    renew_session(vt, session);
    if (released_within(guard, PATIENCE_MS))
        return PIXFER_OK;
    pixfer_reason_set(reason, "videotoolbox: the system retains the caller's bytes %d ms after the transfer", PATIENCE_MS);
    return PIXFER_ERR_DEVICE;
}

static enum pixfer_result wrap(const struct videotoolbox *vt, const struct pixfer_image *src, struct guard *guard,
                               CVPixelBufferRef *buffer, bool *flipped, struct pixfer_reason *reason)
{
    const ptrdiff_t stride = src->stride[0];
    uint8_t *base = src->plane[0];
    CVReturn status;

    /* CoreVideo knows no negative strides. Upside down, the rows pair up for chroma in the same way if their number is even. */
    if (stride < 0 && (!flipped || src->height % 2)) {
        pixfer_reason_set(reason, "videotoolbox: the source is stored bottom-up%s",
                          flipped ? " and has an odd number of rows" : "");
        return PIXFER_ERR_UNSUPPORTED;
    }
    if (flipped)
        *flipped = stride < 0;
    if (stride < 0)
        base += (ptrdiff_t)(src->height - 1) * stride;
    status = CVPixelBufferCreateWithBytes(kCFAllocatorDefault, src->width, src->height, vt->src, base,
                                          (size_t)(stride < 0 ? -stride : stride), bytes_released, guard, NULL, buffer);
    /* A source that names the destination's matrix, primaries and transfer function is not brought from others to them. */
    if (status == kCVReturnSuccess)
        pixfer_videotoolbox_tag(*buffer, &vt->config.color);
    if (status == kCVReturnSuccess)
        return PIXFER_OK;
    pixfer_reason_set(reason, "videotoolbox: CVPixelBufferCreateWithBytes answered %d for %s", (int)status,
                      pixfer_format_name(src->format));
    return status == kCVReturnInvalidPixelFormat ? PIXFER_ERR_UNSUPPORTED : PIXFER_ERR_DEVICE;
}

enum pixfer_result pixfer_videotoolbox_transfer_bytes(struct videotoolbox *vt, VTPixelTransferSessionRef *session,
                                                      const struct pixfer_image *src, CVPixelBufferRef dst, bool *flipped,
                                                      struct pixfer_reason *reason)
{
    struct guard *guard = malloc(sizeof(*guard));
    CVPixelBufferRef buffer;
    enum pixfer_result result, released;

    if (!guard) {
        pixfer_reason_set(reason, "videotoolbox: out of memory");
        return PIXFER_ERR_NO_MEMORY;
    }
    atomic_init(&guard->released, false);
    atomic_init(&guard->owners, 1);
    if ((result = wrap(vt, src, guard, &buffer, flipped, reason)) == PIXFER_OK) {
        atomic_fetch_add(&guard->owners, 1);
        result = transfer_with(vt, session, buffer, dst, reason);
        CVPixelBufferRelease(buffer);
        released = wait_for_release(vt, guard, session, reason);
        if (result == PIXFER_OK)
            result = released;
    }
    guard_drop(guard);
    return result;
}

/* ---- Tags ---- */

void pixfer_videotoolbox_tag(CVPixelBufferRef buffer, const struct pixfer_color *color)
{
    CFStringRef matrix = kCVImageBufferYCbCrMatrix_ITU_R_709_2, primaries = kCVImageBufferColorPrimaries_ITU_R_709_2;
    CFStringRef transfer_function = kCVImageBufferTransferFunction_ITU_R_709_2, location = kCVImageBufferChromaLocation_Left;

    if (color->matrix == PIXFER_MATRIX_BT601) {
        matrix = kCVImageBufferYCbCrMatrix_ITU_R_601_4;
        primaries = kCVImageBufferColorPrimaries_SMPTE_C;
    } else if (color->matrix == PIXFER_MATRIX_SMPTE240M) {
        matrix = kCVImageBufferYCbCrMatrix_SMPTE_240M_1995;
        primaries = kCVImageBufferColorPrimaries_SMPTE_C;
        transfer_function = kCVImageBufferTransferFunction_SMPTE_240M_1995;
    } else if (color->matrix == PIXFER_MATRIX_BT2020_NCL) {
        matrix = kCVImageBufferYCbCrMatrix_ITU_R_2020;
        primaries = kCVImageBufferColorPrimaries_ITU_R_2020;
        transfer_function = kCVImageBufferTransferFunction_ITU_R_2020;
    }
    if (color->siting != PIXFER_SITING_LEFT)
        location =
            color->siting == PIXFER_SITING_CENTER ? kCVImageBufferChromaLocation_Center : kCVImageBufferChromaLocation_TopLeft;
    CVBufferRemoveAttachment(buffer, kCVImageBufferCGColorSpaceKey);
    CVBufferRemoveAttachment(buffer, kCVImageBufferICCProfileKey);
    CVBufferSetAttachment(buffer, kCVImageBufferYCbCrMatrixKey, matrix, kCVAttachmentMode_ShouldPropagate);
    CVBufferSetAttachment(buffer, kCVImageBufferColorPrimariesKey, primaries, kCVAttachmentMode_ShouldPropagate);
    CVBufferSetAttachment(buffer, kCVImageBufferTransferFunctionKey, transfer_function, kCVAttachmentMode_ShouldPropagate);
    CVBufferSetAttachment(buffer, kCVImageBufferChromaLocationTopFieldKey, location, kCVAttachmentMode_ShouldPropagate);
}

/* ---- Describing ---- */

static bool describe_plane(CVPixelBufferRef buffer, unsigned plane, struct pixfer_image *image, struct pixfer_reason *reason)
{
    const bool planar = CVPixelBufferGetPlaneCount(buffer) != 0;
    size_t row_bytes, rows, stride, height;

    pixfer_plane_size(image->format, image->width, image->height, plane, &row_bytes, &rows);
    stride = planar ? CVPixelBufferGetBytesPerRowOfPlane(buffer, plane) : CVPixelBufferGetBytesPerRow(buffer);
    height = planar ? CVPixelBufferGetHeightOfPlane(buffer, plane) : CVPixelBufferGetHeight(buffer);
    image->plane[plane] = planar ? CVPixelBufferGetBaseAddressOfPlane(buffer, plane) : CVPixelBufferGetBaseAddress(buffer);
    image->stride[plane] = (ptrdiff_t)stride;
    if (image->plane[plane] && stride >= row_bytes && height >= rows)
        return true;
    pixfer_reason_set(reason, "videotoolbox: plane %u of the buffer has %zu bytes a row, %zu rows and %s, expected %zu and %zu",
                      plane, stride, height, image->plane[plane] ? "an address" : "no address", row_bytes, rows);
    return false;
}

enum pixfer_result pixfer_videotoolbox_describe(CVPixelBufferRef buffer, enum pixfer_format format, uint32_t width,
                                                uint32_t height, struct pixfer_image *image, struct pixfer_reason *reason)
{
    const unsigned planes = pixfer_format_planes(format);
    const size_t expected = planes > 1 ? planes : 0, found = CVPixelBufferGetPlaneCount(buffer);

    *image = (struct pixfer_image){.format = format, .width = width, .height = height};
    if (found != expected) {
        pixfer_reason_set(reason, "videotoolbox: the buffer has %zu planes, expected %zu", found, expected);
        return PIXFER_ERR_DEVICE;
    }
    for (unsigned plane = 0; plane < planes; plane++)
        if (!describe_plane(buffer, plane, image, reason))
            return PIXFER_ERR_DEVICE;
    return PIXFER_OK;
}

#endif

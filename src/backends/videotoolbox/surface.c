/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "../stub.h"

#if PIXFER_WITH_VIDEOTOOLBOX

/* videotoolbox.h: the system's own frames. Way (a) is a transfer; way (b), where VideoToolbox is not or no longer in charge, locks
 * the buffers and lets pixfer_convert work on their memory. */

#include <pixfer/videotoolbox.h>

#include "../../core/converter.h"
#include "../../core/image.h"
#include "transfer.h"

/* What a source can be; one of the two is set. */
struct work {
    CVPixelBufferRef src;
    const struct pixfer_image *image;
    CVPixelBufferRef dst;
};

static enum pixfer_result transfer(void *state, void *context, struct pixfer_reason *reason)
{
    const struct work *work = context;

    return work->image ? pixfer_videotoolbox_transfer_bytes(state, work->image, work->dst, NULL, reason)
                       : pixfer_videotoolbox_transfer(state, work->src, work->dst, reason);
}

/* ---- Checking ---- */

static void spell(OSType type, char text[5])
{
    for (int i = 0; i < 4; i++) {
        const char c = (char)(type >> (24 - 8 * i));

        text[i] = c >= ' ' && c <= '~' ? c : '?';
    }
    text[4] = 0;
}

static bool buffer_matches(const struct pixfer_backend_config *config, CVPixelBufferRef buffer, OSType type, const char *name)
{
    char found[5], expected[5];

    if (!buffer) {
        pixfer_log_write(config->log, PIXFER_LOG_ERROR, "%s is NULL, expected a pixel buffer", name);
        return false;
    }
    if (CVPixelBufferGetPixelFormatType(buffer) != type) {
        spell(CVPixelBufferGetPixelFormatType(buffer), found);
        spell(type, expected);
        pixfer_log_write(config->log, PIXFER_LOG_ERROR,
                         "%s is a '%s' buffer (%#x), expected '%s' (%#x) as the converter was opened", name, found,
                         (unsigned)CVPixelBufferGetPixelFormatType(buffer), expected, (unsigned)type);
        return false;
    }
    if (CVPixelBufferGetWidth(buffer) == config->width && CVPixelBufferGetHeight(buffer) == config->height)
        return true;
    pixfer_log_write(config->log, PIXFER_LOG_ERROR, "%s is %zux%zu pixels, expected %ux%u as the converter was opened", name,
                     CVPixelBufferGetWidth(buffer), CVPixelBufferGetHeight(buffer), (unsigned)config->width,
                     (unsigned)config->height);
    return false;
}

static bool image_matches(const struct pixfer_backend_config *config, const struct pixfer_image *image)
{
    if (image->format == config->src_format && image->width == config->width && image->height == config->height)
        return pixfer_image_check(image, "src", config->log);
    pixfer_log_write(config->log, PIXFER_LOG_ERROR, "src is %s, %ux%u pixels, expected %s, %ux%u as the converter was opened",
                     pixfer_format_name(image->format) ? pixfer_format_name(image->format) : "of unknown format",
                     (unsigned)image->width, (unsigned)image->height, pixfer_format_name(config->src_format),
                     (unsigned)config->width, (unsigned)config->height);
    return false;
}

static enum pixfer_result check(const struct pixfer_backend_config *config, const struct work *work)
{
    const OSType src = pixfer_videotoolbox_src_type(config->src_format);
    const OSType dst = pixfer_videotoolbox_dst_type(config->dst_format, config->color.range);

    if (!dst || !(src || work->image)) {
        pixfer_log_write(config->log, PIXFER_LOG_ERROR, "CoreVideo has no pixel format for %s",
                         pixfer_format_name(dst ? config->src_format : config->dst_format));
        return PIXFER_ERR_UNSUPPORTED;
    }
    if (!(work->image ? image_matches(config, work->image) : buffer_matches(config, work->src, src, "src")))
        return PIXFER_ERR_INVALID;
    return buffer_matches(config, work->dst, dst, "dst") ? PIXFER_OK : PIXFER_ERR_INVALID;
}

/* ---- Way (b) ---- */

static enum pixfer_result lock(CVPixelBufferRef buffer, CVPixelBufferLockFlags flags, struct pixfer_reason *reason)
{
    const CVReturn status = CVPixelBufferLockBaseAddress(buffer, flags);

    if (status == kCVReturnSuccess)
        return PIXFER_OK;
    pixfer_reason_set(reason, "videotoolbox: a pixel buffer could not be locked, CoreVideo answered %d", (int)status);
    return PIXFER_ERR_DEVICE;
}

static enum pixfer_result convert_into(struct pixfer_converter *c, const struct pixfer_image *src, CVPixelBufferRef dst,
                                       struct pixfer_reason *reason)
{
    const struct pixfer_backend_config *config = pixfer_converter_config(c);
    struct pixfer_image image;
    enum pixfer_result result = lock(dst, 0, reason);

    if (result != PIXFER_OK)
        return result;
    result = pixfer_videotoolbox_describe(dst, config->dst_format, config->width, config->height, &image, reason);
    if (result == PIXFER_OK)
        result = pixfer_convert(c, src, &image);
    CVPixelBufferUnlockBaseAddress(dst, 0);
    return result;
}

static enum pixfer_result convert_locked(struct pixfer_converter *c, const struct work *work, struct pixfer_reason *reason)
{
    const struct pixfer_backend_config *config = pixfer_converter_config(c);
    struct pixfer_image image;
    enum pixfer_result result;

    if (work->image)
        return convert_into(c, work->image, work->dst, reason);
    if ((result = lock(work->src, kCVPixelBufferLock_ReadOnly, reason)) != PIXFER_OK)
        return result;
    result = pixfer_videotoolbox_describe(work->src, config->src_format, config->width, config->height, &image, reason);
    if (result == PIXFER_OK)
        result = convert_into(c, &image, work->dst, reason);
    CVPixelBufferUnlockBaseAddress(work->src, kCVPixelBufferLock_ReadOnly);
    return result;
}

/* ---- Tags ---- */

/* A transfer removes what the destination carried, so this comes after it. */
static void tag(CVPixelBufferRef buffer, const struct pixfer_color *color)
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
    CVBufferSetAttachment(buffer, kCVImageBufferYCbCrMatrixKey, matrix, kCVAttachmentMode_ShouldPropagate);
    CVBufferSetAttachment(buffer, kCVImageBufferColorPrimariesKey, primaries, kCVAttachmentMode_ShouldPropagate);
    CVBufferSetAttachment(buffer, kCVImageBufferTransferFunctionKey, transfer_function, kCVAttachmentMode_ShouldPropagate);
    CVBufferSetAttachment(buffer, kCVImageBufferChromaLocationTopFieldKey, location, kCVAttachmentMode_ShouldPropagate);
}

/* ---- The calls ---- */

static enum pixfer_result convert(struct pixfer_converter *c, struct work work)
{
    struct pixfer_reason reason = {""};
    enum pixfer_result result;

    if (!c)
        return PIXFER_ERR_INVALID;
    if ((result = check(pixfer_converter_config(c), &work)) != PIXFER_OK)
        return result;
    if (!pixfer_converter_attempt(c, PIXFER_BACKEND_VIDEOTOOLBOX, transfer, &work))
        result = convert_locked(c, &work, &reason);
    if (*reason.text)
        pixfer_log_write(pixfer_converter_config(c)->log, PIXFER_LOG_ERROR, "%s", reason.text);
    if (result == PIXFER_OK)
        tag(work.dst, &pixfer_converter_config(c)->color);
    return result;
}

enum pixfer_result pixfer_videotoolbox_convert(struct pixfer_converter *c, CVPixelBufferRef src, CVPixelBufferRef dst)
{
    return convert(c, (struct work){.src = src, .dst = dst});
}

enum pixfer_result pixfer_videotoolbox_convert_image(struct pixfer_converter *c, const struct pixfer_image *src,
                                                     CVPixelBufferRef dst)
{
    static const struct pixfer_image
        none; /* of no format: refused with a message, where NULL would mean the other kind of source */

    return convert(c, (struct work){.image = src ? src : &none, .dst = dst});
}

enum pixfer_result pixfer_videotoolbox_convert_surface(struct pixfer_converter *c, IOSurfaceRef src, CVPixelBufferRef dst)
{
    CVPixelBufferRef buffer;
    CVReturn status;
    enum pixfer_result result;

    if (!c)
        return PIXFER_ERR_INVALID;
    if (!src) {
        pixfer_log_write(pixfer_converter_config(c)->log, PIXFER_LOG_ERROR, "src is NULL, expected a surface");
        return PIXFER_ERR_INVALID;
    }
    status = CVPixelBufferCreateWithIOSurface(kCFAllocatorDefault, src, NULL, &buffer);
    if (status != kCVReturnSuccess) {
        pixfer_log_write(pixfer_converter_config(c)->log, PIXFER_LOG_ERROR,
                         "videotoolbox: CVPixelBufferCreateWithIOSurface answered %d", (int)status);
        return PIXFER_ERR_DEVICE;
    }
    result = pixfer_videotoolbox_convert(c, buffer, dst);
    CVPixelBufferRelease(buffer);
    return result;
}

#endif

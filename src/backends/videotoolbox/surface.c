/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "../stub.h"

#if PIXFER_WITH_VIDEOTOOLBOX

/* videotoolbox.h: the system's own frames. Way (a) is a transfer; way (b), where VideoToolbox is not or no longer in charge, locks
 * the buffers and lets pixfer_convert work on their memory. */

#include <pixfer/videotoolbox.h>

#include "../../core/converter.h"
#include "../../core/image.h"
#include "../../core/selftest.h"
#include "transfer.h"

/* What a source can be; one of the two is set. */
struct work {
    CVPixelBufferRef src;
    const struct pixfer_image *image;
    CVPixelBufferRef dst;
};

/* ---- The descriptions of a source's colours ---- */

/* A session may match the colours of a source that names other primaries, or a profile, to those of the destination: a screen's picture is
 * to be converted as the bytes say, not as the screen shows them. So for the time of a transfer the source names the destination's. */
struct descriptions {
    CFTypeRef value[5]; /* retained; NULL = it had none */
};

static CFStringRef description_key(int i)
{
    const CFStringRef keys[] = {kCVImageBufferYCbCrMatrixKey, kCVImageBufferColorPrimariesKey, kCVImageBufferTransferFunctionKey,
                                kCVImageBufferCGColorSpaceKey, kCVImageBufferICCProfileKey};

    return keys[i];
}

#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wdeprecated-declarations" /* its successor copies, and is there from macOS 12 on only */
#endif
static CFTypeRef attachment(CVPixelBufferRef buffer, CFStringRef key)
{
    CFTypeRef value = CVBufferGetAttachment(buffer, key, NULL);

    return value ? CFRetain(value) : NULL;
}
#if defined(__clang__)
#pragma clang diagnostic pop
#endif

static void replace_descriptions(CVPixelBufferRef buffer, const struct pixfer_color *color, struct descriptions *saved)
{
    for (int i = 0; i < 5; i++)
        saved->value[i] = attachment(buffer, description_key(i));
    pixfer_videotoolbox_tag(buffer, color);
}

static void restore_descriptions(CVPixelBufferRef buffer, struct descriptions *saved)
{
    CVBufferRemoveAttachment(buffer, kCVImageBufferChromaLocationTopFieldKey); /* sources have whole pixels, and no such thing */
    for (int i = 0; i < 5; i++) {
        if (saved->value[i]) {
            CVBufferSetAttachment(buffer, description_key(i), saved->value[i], kCVAttachmentMode_ShouldPropagate);
            CFRelease(saved->value[i]);
        } else {
            CVBufferRemoveAttachment(buffer, description_key(i));
        }
    }
}

/* ---- Way (a) ---- */

static enum pixfer_result lock(CVPixelBufferRef buffer, CVPixelBufferLockFlags flags, struct pixfer_reason *reason)
{
    const CVReturn status = CVPixelBufferLockBaseAddress(buffer, flags);

    if (status == kCVReturnSuccess)
        return PIXFER_OK;
    pixfer_reason_set(reason, "videotoolbox: a pixel buffer could not be locked, CoreVideo answered %d", (int)status);
    return PIXFER_ERR_DEVICE;
}

/* What is done with the bytes of a source and of what was made of it. */
typedef bool look(const struct videotoolbox *vt, const struct pixfer_image *src, const struct pixfer_image *dst,
                  struct pixfer_reason *reason);

static bool spot_check(const struct videotoolbox *vt, const struct pixfer_image *src, const struct pixfer_image *dst,
                       struct pixfer_reason *reason)
{
    return pixfer_spotcheck(&vt->check, src, dst, vt->cost.transfers, reason);
}

static bool judge(const struct videotoolbox *vt, const struct pixfer_image *src, const struct pixfer_image *dst,
                  struct pixfer_reason *reason)
{
    return pixfer_selftest_judge(&pixfer_backend_videotoolbox, &vt->config.color, src, dst, reason);
}

/* image NULL: the source's bytes are in `src`. */
static enum pixfer_result look_at(const struct videotoolbox *vt, CVPixelBufferRef src, const struct pixfer_image *image,
                                  CVPixelBufferRef dst, look *at, struct pixfer_reason *reason)
{
    const struct pixfer_backend_config *config = &vt->config;
    struct pixfer_image from, to;
    enum pixfer_result result = PIXFER_OK;

    if (!image && (result = lock(src, kCVPixelBufferLock_ReadOnly, reason)) != PIXFER_OK)
        return result;
    if (!image)
        result = pixfer_videotoolbox_describe(src, config->src_format, config->width, config->height, &from, reason);
    if (result == PIXFER_OK && (result = lock(dst, kCVPixelBufferLock_ReadOnly, reason)) == PIXFER_OK) {
        result = pixfer_videotoolbox_describe(dst, config->dst_format, config->width, config->height, &to, reason);
        if (result == PIXFER_OK && !at(vt, image ? image : &from, &to, reason))
            result = PIXFER_ERR_DEVICE;
        CVPixelBufferUnlockBaseAddress(dst, kCVPixelBufferLock_ReadOnly);
    }
    if (!image)
        CVPixelBufferUnlockBaseAddress(src, kCVPixelBufferLock_ReadOnly);
    return result;
}

static enum pixfer_result transfer_surface(struct videotoolbox *vt, VTPixelTransferSessionRef *session, CVPixelBufferRef src,
                                           CVPixelBufferRef dst, struct pixfer_reason *reason)
{
    struct descriptions saved;
    enum pixfer_result result;

    replace_descriptions(src, &vt->config.color, &saved);
    result = pixfer_videotoolbox_transfer(vt, session, src, dst, reason);
    restore_descriptions(src, &saved);
    return result;
}

static enum pixfer_result draw(const struct videotoolbox *vt, CVPixelBufferRef buffer, struct pixfer_reason *reason)
{
    struct pixfer_image image;
    enum pixfer_result result = lock(buffer, 0, reason);

    if (result != PIXFER_OK)
        return result;
    result = pixfer_videotoolbox_describe(buffer, vt->config.src_format, vt->config.width, vt->config.height, &image, reason);
    if (result == PIXFER_OK)
        pixfer_selftest_draw(&image);
    CVPixelBufferUnlockBaseAddress(buffer, 0);
    return result;
}

/* A session may take another path for a surface than for wrapped bytes, so what was tried with bytes when the converter opened is tried
 * here once more: a known frame of the real size, from a surface that names other primaries, as a screen's does. */
static enum pixfer_result test_surfaces(struct videotoolbox *vt, VTPixelTransferSessionRef *session, struct pixfer_reason *reason)
{
    CVPixelBufferRef src = NULL, dst = NULL;
    enum pixfer_result result = pixfer_videotoolbox_make_source(vt, &src, reason);

    if (result == PIXFER_OK)
        result = draw(vt, src, reason);
    if (result == PIXFER_OK) {
        CVBufferSetAttachment(src, kCVImageBufferColorPrimariesKey, kCVImageBufferColorPrimaries_P3_D65,
                              kCVAttachmentMode_ShouldPropagate);
        result = pixfer_videotoolbox_take_buffer(vt, &dst, reason);
    }
    if (result == PIXFER_OK)
        result = transfer_surface(vt, session, src, dst, reason);
    if (result == PIXFER_OK)
        result = look_at(vt, src, NULL, dst, judge, reason);
    CVPixelBufferRelease(src);
    CVPixelBufferRelease(dst);
    return result;
}

/* The first caller tests; those who come meanwhile wait. */
static enum pixfer_result trust_surfaces(struct videotoolbox *vt, VTPixelTransferSessionRef *session,
                                         struct pixfer_reason *reason)
{
    enum pixfer_result result = PIXFER_OK;

    pthread_mutex_lock(&vt->surface_test);
    if (!vt->surfaces_tested && (result = test_surfaces(vt, session, reason)) == PIXFER_OK)
        vt->surfaces_tested = true;
    pthread_mutex_unlock(&vt->surface_test);
    return result;
}

static enum pixfer_result transfer(void *state, void *context, struct pixfer_reason *reason)
{
    const struct work *work = context;
    struct videotoolbox *vt = state;
    VTPixelTransferSessionRef session;
    enum pixfer_result result = pixfer_videotoolbox_begin(vt, &session, reason);

    if (result != PIXFER_OK)
        return result;
    if (work->image)
        result = pixfer_videotoolbox_transfer_bytes(vt, &session, work->image, work->dst, NULL, reason);
    else if ((result = trust_surfaces(vt, &session, reason)) == PIXFER_OK)
        result = transfer_surface(vt, &session, work->src, work->dst, reason);
    if (result == PIXFER_OK && vt->checked)
        result = look_at(vt, work->src, work->image, work->dst, spot_check, reason);
    pixfer_videotoolbox_end(vt, session);
    return result;
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
        pixfer_videotoolbox_tag(work.dst, &pixfer_converter_config(c)->color); /* a transfer removes what was attached */
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

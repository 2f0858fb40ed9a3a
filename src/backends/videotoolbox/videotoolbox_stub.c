/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "../stub.h"

#if !PIXFER_WITH_VIDEOTOOLBOX
static const char *vt_missing(void)
{
    return "VideoToolbox is Apple's; this build is for another platform or has PIXFER_VIDEOTOOLBOX off";
}

/* The variable is read everywhere, so that a value that cannot be understood is refused everywhere. */
const struct pixfer_backend_ops pixfer_backend_videotoolbox = {
    .id = PIXFER_BACKEND_VIDEOTOOLBOX,
    .name = "videotoolbox",
    .missing = vt_missing,
    .forbidden_by = "CAP_VIDEOTOOLBOX_CONVERSION",
};

/* Where the header can be included, what it declares is there. */
#if defined(__APPLE__) && defined(__has_include) && !defined(PIXFER_AMALGAMATED)
#if __has_include(<CoreVideo/CoreVideo.h>)
#include <pixfer/videotoolbox.h>

enum pixfer_result pixfer_videotoolbox_convert(struct pixfer_converter *c, CVPixelBufferRef src, CVPixelBufferRef dst)
{
    (void)c, (void)src, (void)dst;
    return PIXFER_ERR_UNAVAILABLE;
}

enum pixfer_result pixfer_videotoolbox_convert_surface(struct pixfer_converter *c, IOSurfaceRef src, CVPixelBufferRef dst)
{
    (void)c, (void)src, (void)dst;
    return PIXFER_ERR_UNAVAILABLE;
}

enum pixfer_result pixfer_videotoolbox_convert_image(struct pixfer_converter *c, const struct pixfer_image *src,
                                                     CVPixelBufferRef dst)
{
    (void)c, (void)src, (void)dst;
    return PIXFER_ERR_UNAVAILABLE;
}
#endif
#endif
#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "../stub.h"

#if !PIXFER_WITH_VIDEOTOOLBOX
PIXFER_BACKEND_STUB(videotoolbox, PIXFER_BACKEND_VIDEOTOOLBOX,
                    "VideoToolbox is Apple's; this build is for another platform or has PIXFER_VIDEOTOOLBOX off")

/* Where the header can be included, what it declares is there. */
#if defined(__APPLE__) && defined(__has_include)
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

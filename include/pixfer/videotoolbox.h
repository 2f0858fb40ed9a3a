/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_VIDEOTOOLBOX_H
#define PIXFER_VIDEOTOOLBOX_H

/**
 * Apple's own frames as sources and destinations, for a renderer that draws into an IOSurface and an encoder that takes a
 * CVPixelBuffer: nothing is read back and nothing is copied. This header includes the platform's, so it exists on Apple systems
 * only.
 *
 * The converter is an ordinary one, opened by pixfer_converter_open, and its rules hold:
 *  - With VideoToolbox in charge (siting must be centre), the transfer session reads the source and writes the destination.
 *  - With the CPU in charge, its exact kernel reads and writes the buffers' memory, which is locked for the time of the call.
 *    On machines where processor and GPU share memory that costs no copy either; which way is quicker is a measurement.
 *  - Should VideoToolbox fail, the CPU converts the same frame and stays in charge (see fallback_reason).
 *
 * Formats and size must be the converter's: BGRA is 'BGRA', RGBA 'RGBA', ARGB 0x20, ABGR 'ABGR'; NV12 is '420v' with limited
 * range and '420f' with full, P010 'x420' and 'xf20'. When a call succeeds the destination carries the attachments that say
 * what it holds: matrix, primaries, transfer function and chroma location, so that an encoder tags its stream accordingly. The
 * primaries and the transfer function are those that go with the matrix; set others afterwards where you know better.
 *
 * Buffers are neither retained nor released beyond the call. Thread-safety: as pixfer_convert.
 */

#include <CoreVideo/CoreVideo.h>
#include <IOSurface/IOSurfaceRef.h>
#include <pixfer/convert.h>

#ifdef __cplusplus
extern "C" {
#endif

/** From one pixel buffer to another. */
PIXFER_API enum pixfer_result pixfer_videotoolbox_convert(struct pixfer_converter *c, CVPixelBufferRef src, CVPixelBufferRef dst);

/** From a surface, such as a renderer's target. The GPU must have finished drawing. */
PIXFER_API enum pixfer_result pixfer_videotoolbox_convert_surface(struct pixfer_converter *c, IOSurfaceRef src,
                                                                  CVPixelBufferRef dst);

/** From the caller's bytes, for the frame that lies in ordinary memory and is to be encoded. */
PIXFER_API enum pixfer_result pixfer_videotoolbox_convert_image(struct pixfer_converter *c, const struct pixfer_image *src,
                                                                CVPixelBufferRef dst);

#ifdef __cplusplus
}
#endif
#endif

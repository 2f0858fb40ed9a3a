/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_PIXFER_H
#define PIXFER_PIXFER_H

/**
 * pixfer turns the pixels that programs render (RGBA and its relatives) into the pixels that video encoders take (NV12 and
 * its relatives). Every 8-bit or 10-bit sample it writes is the real-number result of Rec. ITU-T H.273 rounded once, to
 * nearest: not "close", not "within 1". The result does not depend on the instruction set, the number of threads or the
 * size of the frame.
 *
 *     #include <pixfer/pixfer.h>
 *
 *     struct pixfer_converter *converter;
 *     enum pixfer_result result = pixfer_converter_open(&converter,
 *        &PIXFER_CONVERTER_PARAMS(.src_format = PIXFER_FORMAT_RGBA, .dst_format = PIXFER_FORMAT_NV12,
 *                                  .width = 3840, .height = 2160));
 *     struct pixfer_image src = {PIXFER_FORMAT_RGBA, 3840, 2160, {rgba}, {3840 * 4}};
 *     struct pixfer_image dst = {PIXFER_FORMAT_NV12, 3840, 2160, {y, uv}, {3840, 3840}};
 *     if (result == PIXFER_OK)
 *         result = pixfer_convert(converter, &src, &dst);
 *     if (result != PIXFER_OK)
 *         fprintf(stderr, "%s\n", pixfer_strerror(result));
 *     pixfer_converter_close(&converter);
 *
 * Where to read on:
 *  - image.h     what a frame in memory is: formats, planes, strides.
 *  - convert.h   the converter: colour, backends, threads.
 *  - exporter.h  frames in, H.264 MP4 out (library `pixfer-exporter`; not included from here).
 *  - vulkan.h    conversion on your own Vulkan device, into your command buffer (not included from here).
 *  - d3d11.h     the same on your own Direct3D 11 device (not included from here).
 *  - videotoolbox.h  Apple's native surfaces as sources and destinations (not included from here).
 *
 * The library depends on libc, libm and threads. It never prints, aborts or exits; PIXFER_LOG in the environment is the one
 * way to make it speak on stderr (see convert.h).
 */
#include <pixfer/common.h>
#include <pixfer/convert.h>
#include <pixfer/image.h>
#include <pixfer/version.h>

#endif

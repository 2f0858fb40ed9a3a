/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_IMAGE_H
#define PIXFER_IMAGE_H

#include <pixfer/common.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Pixel formats. Packed formats are named by the order of bytes in memory: PIXFER_FORMAT_BGRA has blue at the lowest
 * address on every machine. (libyuv calls that one "ARGB", Windows "B8G8R8A8", FFmpeg "bgra".) The alpha byte is ignored unless it
 * is asked for (enum pixfer_alpha), so RGBX, BGRX, XRGB and XBGR are the same layouts.
 *
 * With width w and height h in pixels, cw = (w + 1) / 2 and ch = (h + 1) / 2, the planes are:
 *
 *   format      plane 0        plane 1                  plane 2        unit
 *   RGBA…ABGR   w·4 × h                                                byte
 *   RGB24…BGR24 w·3 × h                                                byte
 *   GBRP        w × h G        w × h B                  w × h R        byte
 *   NV12, NV21  w × h Y        cw pairs × ch (UV, VU)                  byte
 *   I420        w × h Y        cw × ch U                cw × ch V      byte
 *   YV12        w × h Y        cw × ch V                cw × ch U      byte
 *   I444        w × h Y        w × h U                  w × h V        byte
 *   NV24        w × h Y        w pairs × h (UV)                        byte
 *   I422        w × h Y        cw × h U                 cw × h V       byte
 *   NV16        w × h Y        cw pairs × h (UV)                       byte
 *   YUYV, UYVY  cw groups × h                                          4 bytes: Y0 Cb Y1 Cr, Cb Y0 Cr Y1
 *   P010        w × h Y        cw pairs × ch (UV)                      16-bit word, sample in its 10 high bits
 *
 *   RGB10A2     w·4 × h                                                32-bit word: R in bits 0 to 9, G 10 to 19, B 20 to 29, A 30 and 31
 *   BGR10A2     w·4 × h                                                the same with B in bits 0 to 9 and R in bits 20 to 29
 *   RGBA64      w·8 × h                                                16-bit words R, G, B, A
 *   RGBA16F     w·8 × h                                                the same as half-precision floats (IEEE 754 binary16)
 *   GBRP10      w × h G        w × h B                  w × h R        16-bit word, sample in its 10 low bits
 *   GBRP12      w × h G        w × h B                  w × h R        16-bit word, sample in its 12 low bits
 *   GBRP16      w × h G        w × h B                  w × h R        16-bit word
 *   GBRPF32     w × h G        w × h B                  w × h R        float (IEEE 754 binary32)
 *   P012        w × h Y        cw pairs × ch (UV)                      16-bit word, sample in its 12 high bits
 *   P016        w × h Y        cw pairs × ch (UV)                      16-bit word
 *   I010        w × h Y        cw × ch U                cw × ch V      16-bit word, sample in its 10 low bits
 *   I410        w × h Y        w × h U                  w × h V        16-bit word, sample in its 10 low bits
 *
 * U is Cb and V is Cr of Rec. ITU-T H.273. YUYV and UYVY are sources only; with an odd width the second Y of a row's last group
 * is ignored.
 *
 * Words of 16 and 32 bits and floats are in the byte order of the machine. RGB10A2 is Windows' R10G10B10A2 (DXGI), Vulkan's A2B10G10R10,
 * FFmpeg's x2bgr10 and DRM's XB30; BGR10A2 is Vulkan's A2R10G10B10, FFmpeg's x2rgb10, DRM's XR30 and macOS's "l10r". I410 is FFmpeg's
 * yuv444p10. A component of 10, 12 or 16 bits is its value / 1023, / 4095 or / 65535; where a source's word is longer than its sample,
 * the other bits are ignored, and a destination has 0 there. Floats and halves are R', G' and B' as they are: 0 is black, 1 is white,
 * values beyond are clamped to 0 … 1, and not-a-number is 0.
 */
enum pixfer_format {
    PIXFER_FORMAT_NONE = 0,
    PIXFER_FORMAT_RGBA,
    PIXFER_FORMAT_BGRA,
    PIXFER_FORMAT_ARGB,
    PIXFER_FORMAT_ABGR,
    PIXFER_FORMAT_RGB24,
    PIXFER_FORMAT_BGR24,
    PIXFER_FORMAT_GBRP,
    PIXFER_FORMAT_NV12,
    PIXFER_FORMAT_NV21,
    PIXFER_FORMAT_I420,
    PIXFER_FORMAT_YV12,
    PIXFER_FORMAT_P010,
    PIXFER_FORMAT_I444,
    PIXFER_FORMAT_NV24,
    PIXFER_FORMAT_I422,
    PIXFER_FORMAT_NV16,
    PIXFER_FORMAT_YUYV,
    PIXFER_FORMAT_UYVY,
    PIXFER_FORMAT_RGBA64,
    PIXFER_FORMAT_RGB10A2,
    PIXFER_FORMAT_BGR10A2,
    PIXFER_FORMAT_RGBA16F,
    PIXFER_FORMAT_GBRP10,
    PIXFER_FORMAT_GBRP12,
    PIXFER_FORMAT_GBRP16,
    PIXFER_FORMAT_GBRPF32,
    PIXFER_FORMAT_P012,
    PIXFER_FORMAT_P016,
    PIXFER_FORMAT_I010,
    PIXFER_FORMAT_I410,
    PIXFER_FORMAT_RGBAF16 = PIXFER_FORMAT_RGBA16F /**< another name of it */
};

/**
 * A frame in memory. It describes bytes and owns none: the caller keeps them alive for the length of a call.
 * Planes that the format does not have are ignored.
 *
 * Thread-safety: plain data.
 */
struct pixfer_image {
    enum pixfer_format format;
    uint32_t width, height; /**< pixels, at least 1 */
    uint8_t *plane[4]; /**< the first byte of the top visual row; any alignment, but even for formats of 16-bit words and halves,
                                 and a multiple of 4 for floats */
    ptrdiff_t stride[4]; /**< bytes from a row to the one below it; negative = stored bottom-up; at least one row long; even for
                                 formats of 16-bit words and halves, and a multiple of 4 for floats */
};

/**
 * A plane that is only read, for the description of a source: {PIXFER_FORMAT_RGBA, w, h, {pixfer_const_plane(pixels)}, {w * 4}}.
 * The library never writes through a source's planes.
 */
static inline uint8_t *pixfer_const_plane(const uint8_t *plane)
{
#ifdef __cplusplus
    return const_cast<uint8_t *>(plane);
#else
    return (uint8_t *)(uintptr_t)plane;
#endif
}

/** The format's name in lower case ("rgba", "nv12"), "none" for PIXFER_FORMAT_NONE, NULL for a number that is no format. */
PIXFER_API const char *pixfer_format_name(enum pixfer_format format);

/**
 * The format of a name, in any case; "rgbx", "bgrx", "xrgb", "xbgr", "rgb0", "bgr0", "0rgb", "0bgr" are accepted for their layouts, and
 * "x2bgr10", "x2rgb10", "rgbaf16", "rgba16", "yuv420p10", "yuv444p10", "gbrp32f" for theirs. PIXFER_FORMAT_NONE if there is no such name.
 */
PIXFER_API enum pixfer_format pixfer_format_from_name(const char *name);

/** The number of planes (1..3), 0 for PIXFER_FORMAT_NONE or a number that is no format. */
PIXFER_API unsigned pixfer_format_planes(enum pixfer_format format);

/** 1 if the format holds R, G and B, 0 if it holds Y, Cb and Cr or is no format. */
PIXFER_API int pixfer_format_is_rgb(enum pixfer_format format);

/** 1 if its pixels have room for alpha, as RGBA's, RGBA64's and RGB10A2's do, whatever stands there. */
PIXFER_API int pixfer_format_has_alpha(enum pixfer_format format);

/** Bytes of one row and number of rows of a plane, without padding. Both are set to 0 for a plane the format does not have. */
PIXFER_API void pixfer_plane_size(enum pixfer_format format, uint32_t width, uint32_t height, unsigned plane, size_t *row_bytes,
                                  size_t *rows);

/**
 * Describes a frame whose planes follow each other in one block, each row padded to a multiple of `align` bytes (a power of
 * two, 1 for none): the layout of raw files and pipes with align = 1. Returns the size of the block in bytes, or 0 if the
 * format, a size of zero or an overflow makes that impossible. `base` may be NULL to learn the size only.
 */
PIXFER_API size_t pixfer_image_layout(struct pixfer_image *image, enum pixfer_format format, uint32_t width, uint32_t height,
                                      uint8_t *base, size_t align);

#ifdef __cplusplus
}
#endif
#endif

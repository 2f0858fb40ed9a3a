/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_CONVERT_H
#define PIXFER_CONVERT_H

#include <pixfer/common.h>
#include <pixfer/image.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Colour: the numbers are those of Rec. ITU-T H.273, so that they can be written into a stream as they are ------------ */

/** MatrixCoefficients. All are of the non-constant luminance kind: Y = Kr·R + (1 − Kr − Kb)·G + Kb·B. */
enum pixfer_matrix {
    PIXFER_MATRIX_DEFAULT = 0,   /**< BT.709 */
    PIXFER_MATRIX_BT709 = 1,     /**< Kr 0.2126, Kb 0.0722 */
    PIXFER_MATRIX_BT601 = 6,     /**< Kr 0.299,  Kb 0.114 */
    PIXFER_MATRIX_SMPTE240M = 7, /**< Kr 0.212,  Kb 0.087 */
    PIXFER_MATRIX_BT2020_NCL = 9 /**< Kr 0.2627, Kb 0.0593 */
};

/** video_full_range_flag: limited is Y 16..235 and Cb, Cr 16..240 of 255 (64..940, 64..960 of 1023, and so on), full is 0..255 (0..1023). */
enum pixfer_range { PIXFER_RANGE_LIMITED = 0, PIXFER_RANGE_FULL = 1 };

/**
 * chroma_sample_loc_type: where a chroma sample lies among the luma samples, which is the filter that makes it. For 4:2:0:
 *  - left:     between two rows, on the even column: horizontally [1 2 1] / 4, vertically [1 1] / 2. What an untagged
 *              H.264 stream means.
 *  - centre:   in the middle of 2 × 2 pixels: their mean. What libyuv computes.
 *  - top-left: on the even column of the even row: [1 2 1] / 4 both ways. What BT.2020 video uses.
 * 4:2:2 has the horizontal part only (top-left is the same as left there), 4:4:4 none. Edges are replicated. The weighted
 * mean is taken of the real Cb and Cr values and rounded once.
 *
 * YUYV and UYVY are Y'CbCr already, of the color's matrix and range, with chroma on the even columns: luma is copied, and what siting
 * asks for is made of the source's chroma: [1 1] / 2 of the two rows (left), [1 2 1] / 4 of three (top-left), or (centre) the two
 * rows' mean a quarter of the way to the next column of chroma.
 */
enum pixfer_siting { PIXFER_SITING_LEFT = 0, PIXFER_SITING_CENTER = 1, PIXFER_SITING_TOP_LEFT = 2 };

/** {0} is BT.709, limited range, left. */
struct pixfer_color {
    enum pixfer_matrix matrix;
    enum pixfer_range range;
    enum pixfer_siting siting;
};

/**
 * What becomes of alpha. COMPOSE puts the picture over a background: a component is α·C + (1 − α)·B, C and the background's B from 0 to 1,
 * all three as they are encoded (no light is added up), α straight: 0 to 1, not multiplied into C. Of 8-bit formats that is a real number
 * which the conversion goes on with, so that each sample is still rounded once, from it. Of formats of 10 and 16 bits it is rounded to the
 * nearest multiple of 1/1023 or 1/65535 first. What is opaque is as with DROP. RGBA16F cannot be composed; formats without alpha are opaque.
 *
 * Frames whose components are multiplied by α already, as window systems have them, are over black as they are: that is DROP.
 */
enum pixfer_alpha { PIXFER_ALPHA_DROP = 0, PIXFER_ALPHA_COMPOSE = 1 };

/* ---- Backends ------------------------------------------------------------------------------------------------------------ */

/** What does the work. AUTO walks the ones that fit, best first, and ends at the CPU, which always works; doc/backends.md tells the order. */
enum pixfer_backend {
    PIXFER_BACKEND_AUTO = 0,
    PIXFER_BACKEND_CPU,          /**< exact, everywhere */
    PIXFER_BACKEND_VIDEOTOOLBOX, /**< Apple's VTPixelTransferSession; approximate, centre siting only (YUYV, UYVY: left only) */
    PIXFER_BACKEND_VULKAN,       /**< exact, by name only; frames that are on a GPU: vulkan.h */
    PIXFER_BACKEND_D3D11,        /**< not yet */
    PIXFER_BACKEND_SWSCALE       /**< libswscale, for comparison; approximate, never chosen by AUTO */
};

/** "auto", "cpu", "videotoolbox", "vulkan", "d3d11", "swscale"; NULL for a number that is no backend. */
PIXFER_API const char *pixfer_backend_name(enum pixfer_backend backend);

/** NULL if this build on this machine has the backend, else one line that says why not. Thread-safety: safe. */
PIXFER_API const char *pixfer_backend_missing(enum pixfer_backend backend);

/** What a backend is, and why this build on this machine may not have it. */
struct pixfer_backend_info {
    size_t struct_size; /**< set by PIXFER_BACKEND_INFO, see pixfer_converter_info; 0 = the size in 0.2.0 */
    const char *name;
    const char *missing;  /**< as pixfer_backend_missing; where it is not NULL the members below are 0 */
    int hardware;         /**< 1: it works beside the processor */
    int automatic;        /**< 1: AUTO may choose it */
    int exact;            /**< 1: every sample is the correctly rounded value */
    int takes_rows;       /**< 1: pixfer_convert_rows is done by it */
    unsigned sitings;     /**< those it can do, as bits 1 << siting */
    unsigned sitings_422; /**< the same for YUYV and UYVY */
    int measured; /**< 1: AUTO never takes it by itself, but where it is asked to measure, as pixfer_exporter_params.fastest_converter
                               does: a GPU that is there need not be quicker. 0 also where the device is the processor itself */
};

/** An empty one, to be filled. */
#define PIXFER_BACKEND_INFO() PIXFER_SIZED_EMPTY(pixfer_backend_info)

/** 1 if AUTO may choose the backend where it is there. Unlike the two calls around it this looks at nothing of the machine. Thread-safety: safe. */
PIXFER_API int pixfer_backend_automatic(enum pixfer_backend backend);

/** Backends count from 1: PIXFER_ERR_INVALID for AUTO and for a number that is no backend ends a loop over them. Thread-safety: safe. */
PIXFER_API enum pixfer_result pixfer_backend_get_info(enum pixfer_backend backend, struct pixfer_backend_info *info);

/**
 * The instruction sets that a converter can be pinned to on this machine, best first, as a NULL-terminated list that ends in
 * "c". Thread-safety: safe.
 */
PIXFER_API const char *const *pixfer_cpu_names(void);

/* ---- The converter ------------------------------------------------------------------------------------------------------- */

/**
 * Converts frames of one size from one format to another. Opening it checks everything that can be checked once, chooses
 * the kernels and starts the worker threads; converting allocates nothing.
 *
 * Thread-safety: a converter may be used by several threads at once. pixfer_convert_rows is made for that: threads of the
 * caller's own convert slices of one frame with no lock between them. pixfer_convert and pixfer_convert_batch use the
 * converter's own workers; when two threads call them at once one gets the workers and the other does its work itself.
 * Open and close are calls of one thread each, which need not be the same one, and nothing may be running when close is called.
 */
struct pixfer_converter;

struct pixfer_converter_params {
    size_t struct_size;            /**< set by PIXFER_CONVERTER_PARAMS; the library reads no further than this */
    enum pixfer_format src_format; /**< any RGB format; YUYV, UYVY */
    enum pixfer_format dst_format; /**< any YCbCr format but YUYV and UYVY; NV12, NV21, I420, YV12 from those two */
    uint32_t width, height;        /**< pixels, any parity, 1 to 2^24; every plane must fit in memory */
    struct pixfer_color color;
    enum pixfer_backend backend;
    unsigned
        threads; /**< how many convert one frame: 0 = choose, 1 = the caller's thread only, at most 256; WebAssembly has one */
    /** NULL = best; "c", "avx2", "avx512", "neon", "simd128" pins one: PIXFER_ERR_UNAVAILABLE if this CPU lacks it. For some pairs,
     * YUYV and UYVY among them, there is "c" only, which then does the work whatever is pinned: see isa of pixfer_converter_info. */
    const char *cpu;
    pixfer_log_callback log; /**< NULL = silent */
    void *log_opaque;
    int rows_read_later; /**< 1: what pixfer_convert_rows writes is read much later, as a queued frame is: large frames are then
                              written past the cache by it, too */
    int unchecked; /**< 0: some blocks of every frame that a backend without exactness delivers are compared with the exact result, which
                        takes some 20 µs, and a backend that fails is given up for that very frame; 1: it is believed */
    enum pixfer_alpha alpha; /**< COMPOSE is done by the CPU only */
    uint32_t background;     /**< of COMPOSE: 0xRRGGBB, R'G'B' of 8 bits */
};

/**
 * Parameters as a value, the unnamed ones zero, which is a sensible default for all but formats and size:
 * pixfer_converter_open(&c, &PIXFER_CONVERTER_PARAMS(.src_format = PIXFER_FORMAT_RGBA, .dst_format = PIXFER_FORMAT_NV12,
 *                                                    .width = 1920, .height = 1080));
 * C++ keeps the value in a variable first, and before C++20 names nothing between the parentheses (see PIXFER_SIZED).
 */
#define PIXFER_CONVERTER_PARAMS(...) PIXFER_SIZED(pixfer_converter_params, __VA_ARGS__)

/**
 * Opens a converter. On failure *out is NULL and the log says why in one line.
 *
 * The environment overrides what was left at its default:
 *   PIXFER_BACKEND  a backend's name, where backend is AUTO
 *   PIXFER_CPU      an instruction set, where cpu is NULL
 *   PIXFER_THREADS  a number, where threads is 0
 *   PIXFER_STREAM   1: whole frames are written past the cache, 0: into it; chosen by size otherwise, see doc/performance.md
 *   PIXFER_LOG      error, warning, info or debug: lines up to that level go to stderr, where log is NULL
 *   CAP_VIDEOTOOLBOX_CONVERSION  0, false, off or no forbids AUTO to choose VideoToolbox (macOS)
 * A value that cannot be understood is PIXFER_ERR_INVALID, not ignored.
 *
 * Errors: INVALID, UNSUPPORTED (this pair of formats, or siting on this backend), NO_MEMORY, UNAVAILABLE (the backend or
 * instruction set asked for).
 */
PIXFER_API enum pixfer_result pixfer_converter_open(struct pixfer_converter **out, const struct pixfer_converter_params *params);

/**
 * Converts one frame. Every argument is checked before a byte is written: formats and sizes must be the converter's, no
 * stride shorter than a row, and no byte of a destination plane may belong to another plane or to the source. Bytes between
 * rows are not touched. Should a hardware backend fail, the same frame is converted by the next backend, which stays in
 * charge from then on (see fallback_reason).
 */
PIXFER_API enum pixfer_result pixfer_convert(struct pixfer_converter *c, const struct pixfer_image *src,
                                             const struct pixfer_image *dst);

/**
 * Converts the rows [first, first + count) of a frame on the calling thread: the luma rows of that range and the chroma
 * rows made from them. `first` is even, `count` is even unless the range ends the frame.
 *
 * Only the rows concerned are touched: of the source the range, and with top-left siting the row above it; of the destination
 * the range. So `src` may describe a frame of which just these rows exist in memory (plane = rows − first · stride).
 * Backends that only take whole frames leave this to the CPU, or answer UNSUPPORTED when they were asked for by name.
 */
PIXFER_API enum pixfer_result pixfer_convert_rows(struct pixfer_converter *c, const struct pixfer_image *src,
                                                  const struct pixfer_image *dst, uint32_t first, uint32_t count);

/**
 * Converts `count` frames, whole frames in parallel on the converter's threads: more throughput than slices of one. All
 * arguments are checked before the first byte is written. On failure the destinations are undefined.
 */
PIXFER_API enum pixfer_result pixfer_convert_batch(struct pixfer_converter *c, const struct pixfer_image *src,
                                                   const struct pixfer_image *dst, size_t count);

/** Waits for nothing, frees everything; NULL-safe in both senses, and sets *c to NULL. */
PIXFER_API void pixfer_converter_close(struct pixfer_converter **c);

/** What a converter is and has done. Strings belong to the converter and live as long as it does. */
struct pixfer_converter_info {
    /** Set by PIXFER_CONVERTER_INFO: the library writes no further, and leaves here how many bytes it knew. 0 = the size in 0.2.0 */
    size_t struct_size;
    enum pixfer_backend backend; /**< the one in charge now */
    const char *backend_name;    /**< "cpu", "videotoolbox", ... */
    const char *isa;             /**< "avx512", "avx2", "neon", "simd128", "c", or "" where the backend has none */
    int exact;                   /**< 1: every sample is the correctly rounded value */
    const char *fallback_reason; /**< NULL, or why a preferred backend was not used or was given up */
    uint64_t frames;             /**< conversions done; for pixfer_convert_rows, ranges that ended a frame */
    unsigned threads;            /**< how many convert one frame */
    double wall_s;               /**< time spent in a hardware backend's transfers, measured around them; 0 for the others */
    double cpu_s;                /**< CPU time of the calling threads meanwhile: what the transfers cost at least */
    /**
     * What was measured, and nothing else, in one word. With the time that the fastest transfer took on the clock: "cpu-bound"
     * (cpu_s per transfer is at least 0.8 of it), "offloaded" (process_cpu_s per transfer is below half of it) or "unknown"
     * (neither, or fewer than 8 transfers or 20 ms); "" for backends that are not measured.
     */
    const char *acceleration;
    double process_cpu_s; /**< CPU time of the whole process meanwhile: what the transfers cost at most */
    int takes_rows;       /**< 1: pixfer_convert_rows is done by the backend in charge */
};

/** An empty one, to be filled: struct pixfer_converter_info info = PIXFER_CONVERTER_INFO(); */
#define PIXFER_CONVERTER_INFO() PIXFER_SIZED_EMPTY(pixfer_converter_info)

/** Thread-safety: safe beside conversions. */
PIXFER_API void pixfer_converter_get_info(const struct pixfer_converter *c, struct pixfer_converter_info *info);

/**
 * One call: RGBA bytes to NV12 planes, BT.709, limited range, left siting, on the calling thread. Width and height of any
 * parity; the chroma plane has (width + 1) / 2 pairs by (height + 1) / 2 rows. Strides in bytes, negative = bottom-up.
 * For more than a frame now and then open a converter: it checks and chooses once.
 */
PIXFER_API enum pixfer_result pixfer_rgba_to_nv12(const uint8_t *rgba, ptrdiff_t rgba_stride, uint32_t width, uint32_t height,
                                                  uint8_t *y, ptrdiff_t y_stride, uint8_t *uv, ptrdiff_t uv_stride);

#ifdef __cplusplus
}
#endif
#endif

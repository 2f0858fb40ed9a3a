/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_D3D11_H
#define PIXFER_D3D11_H

/**
 * Conversion on the caller's own Direct3D 11 device, for frames that were drawn or captured there: a shader writes the planes that an
 * encoder takes, and 12 MB of a 4K frame have to be read back instead of 33. Every sample is the correctly rounded value, as from the CPU.
 *
 * There are two ways, for an object that was opened for one conversion:
 *
 *  - pixfer_d3d11_record puts the conversion into a context of the caller's, immediate or deferred, and leaves its state as it was.
 *    That is all it does: no thread, no wait, no flush.
 *
 *        struct pixfer_d3d11 *d;
 *        pixfer_d3d11_open(&d, &PIXFER_D3D11_PARAMS(.device = device, .dst_format = PIXFER_FORMAT_NV12, .width = 1920, .height = 1080));
 *        ...                                                                     // draw into `texture`
 *        pixfer_d3d11_record(d, context, &PIXFER_D3D11_SOURCE(.texture = texture),
 *                            &PIXFER_D3D11_TARGET(.texture = {luma, chroma}));   // R8_UNORM and R8G8_UNORM
 *
 *  - pixfer_d3d11_submit converts a frame on the immediate context and returns a ticket; pixfer_d3d11_wait gives the finished frame as
 *    bytes in host memory, pixfer_d3d11_release takes them back. Up to three frames (params.frames) are under way at a time.
 *
 *        pixfer_d3d11_submit(d, &PIXFER_D3D11_SOURCE(.texture = texture), &ticket);
 *        ...                                                                     // draw the next frame, into the same texture
 *        struct pixfer_image image;
 *        if (pixfer_d3d11_wait(d, ticket, UINT64_MAX, &image) == PIXFER_OK)
 *            use(&image);                                                        // its planes are valid until release
 *        pixfer_d3d11_release(d, ticket);
 *
 * This header needs no other: the interfaces of <d3d11.h> are named, not included. The functions are there on every system; where pixfer was
 * built without Direct3D 11, pixfer_d3d11_open answers UNSUPPORTED. pixfer links no Direct3D library.
 *
 * What the device needs is one of these, whatever features it has beside:
 *  - Feature level 11_0 or above: sources and targets of every kind below.
 *  - Feature level 10_0 or 10_1: sources that are textures; targets that are textures with D3D11_BIND_RENDER_TARGET; submission. Buffers
 *    are UNSUPPORTED. Frames are at most 8192 pixels wide and high.
 *
 * What is carried: sources of 8-bit RGB; every destination format of convert.h; every matrix, range and siting; any size and parity. Only
 * P010 in full range is refused (UNSUPPORTED) where its chroma does not fit in 32-bit integers: BT.709 with left and top-left siting, and
 * BT.2020 with any. YUYV and UYVY are no sources here.
 *
 * Errors: what is wrong with an argument is PIXFER_ERR_INVALID with one line in the log, and nothing has been recorded or submitted.
 * E_OUTOFMEMORY is PIXFER_ERR_NO_MEMORY: the object stays as it was, and the call may be tried again. DXGI_ERROR_DEVICE_REMOVED,
 * _RESET, _HUNG and _DRIVER_INTERNAL_ERROR are PIXFER_ERR_DEVICE, for that call and every later one but release and close; a device does
 * not come back, so close the object and open one on another device. Textures, buffers and contexts of another device are INVALID.
 *
 * Lifetime: the object holds a reference to the device and to its immediate context until it is closed. Textures and buffers are referred
 * to by what Direct3D has yet to execute, and by nothing else: a swap chain can be resized after any call. Any number of objects may live on one
 * device, with different conversions, at the same time.
 */

#include <pixfer/convert.h>

struct ID3D11Device;
struct ID3D11DeviceContext;
struct ID3D11Texture2D;
struct ID3D11Buffer;

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Opening ------------------------------------------------------------------------------------------------------------- */

/** A conversion on a device. */
struct pixfer_d3d11;

/** Called around every use of the immediate context; see params.lock_context. */
typedef void (*pixfer_d3d11_context_callback)(void *opaque, struct ID3D11DeviceContext *context);

struct pixfer_d3d11_params {
    size_t struct_size; /**< set by PIXFER_D3D11_PARAMS; the library reads no further than this */

    /** Not made with D3D11_CREATE_DEVICE_SINGLETHREADED. */
    struct ID3D11Device *device;

    /** Of sources that are buffers: RGBA, BGRA, ARGB, ABGR, RGB24, BGR24, GBRP. NONE: sources are textures, which tell by their
     * DXGI_FORMAT; textures may be sources in any case. */
    enum pixfer_format src_format;
    enum pixfer_format dst_format; /**< NV12, NV21, I420, YV12, P010, I444, NV24, I422, NV16 */
    uint32_t width, height;        /**< pixels, any parity; as far as the device's textures and buffers go */
    struct pixfer_color color;     /**< {0} is BT.709, limited range, left siting */

    /**
     * How other threads are kept from the immediate context, which knows one thread at a time. Both NULL: the object switches the
     * device's own protection on (ID3D10Multithread::SetMultithreadProtected, which stays on) and holds it while it works; whoever makes
     * several calls that belong together holds it, too, by ID3D10Multithread::Enter and Leave. Else these two lock and unlock
     * a lock of the caller's, on the thread that calls pixfer, for one short piece of work at a time and never while anything is waited for:
     * the thread must not hold the lock then. Both or neither is NULL.
     */
    pixfer_d3d11_context_callback lock_context, unlock_context;
    void *context_opaque;

    /** Submitted and not yet released, at most; 0 = 3, up to 16. Each takes host memory of the size of a frame when it is first used. */
    uint32_t frames;

    pixfer_log_callback log; /**< NULL = silent, see PIXFER_LOG in convert.h */
    void *log_opaque;
};

/** Parameters as a value, the unnamed ones zero. */
#define PIXFER_D3D11_PARAMS(...) PIXFER_SIZED(pixfer_d3d11_params, __VA_ARGS__)

/**
 * Makes what a conversion needs: shaders, a buffer of constants. On failure *out is NULL, everything that was made has been released, and
 * the log says why in one line.
 *
 * Errors: INVALID; UNSUPPORTED (a conversion that is not carried; a frame beyond the device's limits; a feature level below 10_0; a build
 * without Direct3D 11); UNAVAILABLE (a device without protection for threads, and no callbacks); NO_MEMORY; DEVICE.
 * Thread-safety: safe.
 */
PIXFER_API enum pixfer_result pixfer_d3d11_open(struct pixfer_d3d11 **out, const struct pixfer_d3d11_params *params);

/**
 * Releases all of it; NULL-safe in both senses, and sets *d to NULL. Nothing is waited for: what was recorded or submitted is
 * executed, and frames that are out are gone. Thread-safety: no other call may be at work.
 */
PIXFER_API void pixfer_d3d11_close(struct pixfer_d3d11 **d);

/* ---- What is read and written -------------------------------------------------------------------------------------------- */

/**
 * The frame to convert: a texture or a buffer.
 *
 * Texture: one sample per pixel (resolve others first), of any usage. The frame is the rectangle of params.width × params.height at
 * (x, y), which must lie within the subresource; at its edges its own pixels are replicated, so it is a crop. Components are read as
 * they are stored, also from sRGB formats; alpha is ignored. Its format is one of
 *
 *     DXGI_FORMAT_R8G8B8A8_UNORM, _UNORM_SRGB, _TYPELESS
 *     DXGI_FORMAT_B8G8R8A8_UNORM, _UNORM_SRGB, _TYPELESS
 *     DXGI_FORMAT_B8G8R8X8_UNORM, _UNORM_SRGB, _TYPELESS
 *
 * Others are UNSUPPORTED by name, R10G10B10A2 and R16G16B16A16_FLOAT among them. A texture with D3D11_BIND_SHADER_RESOURCE that is
 * UNORM or TYPELESS, no array and no staging texture is read where it is, at mip level 0; of all others the rectangle is copied first, by
 * CopySubresourceRegion on the same context, into a texture that the object keeps. Whoever shares a texture by a keyed mutex holds it.
 *
 * Buffer (feature level 11): with D3D11_BIND_SHADER_RESOURCE and D3D11_RESOURCE_MISC_BUFFER_ALLOW_RAW_VIEWS, planes of
 * params.src_format at `offset` with rows `pitch` bytes apart. Any offset and any pitch will do; RGBA, BGRA, ARGB and ABGR are quicker
 * where both are multiples of 4. The buffer must reach to the next multiple of 4 bytes behind the frame.
 */
struct pixfer_d3d11_source {
    size_t struct_size; /**< set by PIXFER_D3D11_SOURCE */

    struct ID3D11Texture2D *texture;
    uint32_t subresource; /**< mip level + array slice × mip levels, as D3D11CalcSubresource has it */
    uint32_t x, y;        /**< pixels from the left and the top of that subresource */

    struct ID3D11Buffer *buffer; /**< where texture is NULL */
    uint64_t offset[3];          /**< bytes, of each plane of params.src_format */
    uint64_t pitch[3];           /**< bytes from a row to the one below; 0 = rows without gaps */
};
#define PIXFER_D3D11_SOURCE(...) PIXFER_SIZED(pixfer_d3d11_source, __VA_ARGS__)

/**
 * Where the planes of params.dst_format go: a buffer, a texture for each plane, or a texture of two planes. Nothing beyond the samples is
 * written.
 *
 * Buffer (feature level 11): of D3D11_USAGE_DEFAULT, with D3D11_BIND_UNORDERED_ACCESS and D3D11_RESOURCE_MISC_BUFFER_ALLOW_RAW_VIEWS.
 * Any offset and pitch will do; bytes between rows keep what they hold. The buffer must reach to the next multiple of 4 bytes behind
 * the frame. To read it on the CPU, copy it into a staging buffer, or use pixfer_d3d11_submit.
 *
 * A texture for each plane: texture[0] is Y. For NV12, NV21, NV24, NV16 and P010 texture[1] is the pairs of chroma; formats are
 * R8_UNORM and R8G8_UNORM, for P010 R16_UNORM and R16G16_UNORM, or their TYPELESS ones. For I420, YV12, I422 and I444 texture[1] and
 * texture[2] are the planes in the format's order, all R8_UNORM. Each is of D3D11_USAGE_DEFAULT, no array, one sample per pixel,
 * at least as large as its plane (params.width × height, subsampled and rounded up), and is written from pixel (0, 0) of mip level 0 on. With
 * D3D11_BIND_RENDER_TARGET it is drawn into, if the source is a texture; with D3D11_BIND_UNORDERED_ACCESS, on feature level 11, a compute
 * shader writes into it, if there are pairs. All have the same one of the two, or both.
 *
 * A texture of two planes: texture[0] alone, of format NV12 for NV12, of P010 or P016 for P010, with D3D11_BIND_RENDER_TARGET (then
 * it may be an array, as the pools of decoders and encoders are, and `slice` says which) or D3D11_BIND_UNORDERED_ACCESS. Its size is that
 * of the frame or larger, and even. Where the driver cannot make views of its planes the answer is UNSUPPORTED.
 */
struct pixfer_d3d11_target {
    size_t struct_size; /**< set by PIXFER_D3D11_TARGET */

    struct ID3D11Buffer *buffer;
    uint64_t offset
        [3]; /**< bytes, of each plane; for planes after the first 0 = right behind the plane before, after height × pitch bytes */
    uint64_t pitch[3]; /**< bytes from a row to the one below; 0 = rows without gaps */

    struct ID3D11Texture2D *texture[3]; /**< where buffer is NULL */
    uint32_t slice;                     /**< of the texture of two planes, where it is an array */
};
#define PIXFER_D3D11_TARGET(...) PIXFER_SIZED(pixfer_d3d11_target, __VA_ARGS__)

/* ---- Recording ----------------------------------------------------------------------------------------------------------- */

/**
 * Records the conversion of one frame into a context: the immediate one, or a deferred one of the same device. NULL is the immediate one.
 *
 * The context's state is the same afterwards as before, predication included; with an ID3D11DeviceContext1 on the immediate context it
 * is exchanged by SwapDeviceContextState, else it is read and set again, as far as the conversion touches it. In that second case
 * Direct3D itself takes a target away from where it is bound for reading.
 *
 * Source and target are different resources. With a texture to be copied first, or of another kind than was used before, something is made
 * at the first use; after that a recording makes nothing but views, which takes microseconds.
 *
 * Errors: INVALID, UNSUPPORTED, NO_MEMORY, DEVICE. After an error the context has nothing of it.
 * Thread-safety: several threads may record into different contexts; a deferred one is the caller's to protect, the immediate one
 * is protected as params.lock_context says.
 */
PIXFER_API enum pixfer_result pixfer_d3d11_record(struct pixfer_d3d11 *d, struct ID3D11DeviceContext *context,
                                                  const struct pixfer_d3d11_source *source,
                                                  const struct pixfer_d3d11_target *target);

/* ---- Submitting ---------------------------------------------------------------------------------------------------------- */

/**
 * Converts a frame on the immediate context, into host memory of the object's own, sends it to the device (Flush) and returns at once.
 * The immediate context executes in order: what it is told after this call may draw into the source again. `ticket` numbers
 * submissions from 1; on failure it is set to 0.
 *
 * Errors: AGAIN, without a line, where params.frames frames are submitted and not released; INVALID, UNSUPPORTED, NO_MEMORY, DEVICE.
 * Thread-safety: safe, beside wait and release, too.
 */
PIXFER_API enum pixfer_result pixfer_d3d11_submit(struct pixfer_d3d11 *d, const struct pixfer_d3d11_source *source,
                                                  uint64_t *ticket);

/**
 * Waits for a submitted frame, at most `timeout` nanoseconds (0 = only asks, UINT64_MAX = as long as it takes), and describes it: a frame
 * of params.dst_format. Its rows are multiples of 64 bytes apart, on feature level 10 as far apart as the driver has them. The device is
 * asked now and then, and the immediate context is held while it is asked only. The bytes are the object's, may be read and written, and stay
 * valid until release. A ticket may be waited for more than once, and tickets in any order.
 *
 * Errors: AGAIN, without a line, where it is not finished by then; INVALID (no ticket of a frame that is out), NO_MEMORY, DEVICE.
 * On failure *image is empty. Thread-safety: safe; but not while the same ticket is released.
 */
PIXFER_API enum pixfer_result pixfer_d3d11_wait(struct pixfer_d3d11 *d, uint64_t ticket, uint64_t timeout,
                                                struct pixfer_image *image);

/**
 * Gives a frame's memory back, whether it was waited for or not. A frame that failed must be released, too. INVALID where the ticket is
 * none of a frame that is out. Thread-safety: safe.
 */
PIXFER_API enum pixfer_result pixfer_d3d11_release(struct pixfer_d3d11 *d, uint64_t ticket);

#ifdef __cplusplus
}
#endif
#endif

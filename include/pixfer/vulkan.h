/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_VULKAN_H
#define PIXFER_VULKAN_H

/**
 * Conversion on the caller's own Vulkan device, for frames that were rendered there: a compute shader writes the planes that an encoder
 * takes, and 12 MB of a 4K frame have to be read back instead of 33. Every sample is the correctly rounded value, as from the CPU.
 *
 * There are two ways, for an object that was opened for one conversion:
 *
 *  - pixfer_vulkan_record puts the conversion into a command buffer of the caller's. That is all it does: no queue, no thread, no
 *    instance and no wait of its own.
 *
 *        struct pixfer_vulkan *v;
 *        pixfer_vulkan_open(&v, &PIXFER_VULKAN_PARAMS(.get_instance_proc_addr = vkGetInstanceProcAddr, .instance = instance,
 *                                                     .physical_device = gpu, .device = device, .queue_family = family,
 *                                                     .dst_format = PIXFER_FORMAT_NV12, .width = 1920, .height = 1080));
 *        vkBeginCommandBuffer(cmd, &begin);
 *        ...                                                          // draw into `image`
 *        pixfer_vulkan_record(v, cmd,
 *                             &PIXFER_VULKAN_SOURCE(.image = image, .format = VK_FORMAT_B8G8R8A8_UNORM,
 *                                                   .layout = VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL),
 *                             &PIXFER_VULKAN_TARGET(.buffer = nv12));  // Y rows, then pairs of Cb and Cr, no gaps
 *        vkEndCommandBuffer(cmd);
 *
 *  - pixfer_vulkan_submit sends a frame to a queue of the caller's and returns a ticket; pixfer_vulkan_wait gives the finished frame as
 *    bytes in cached host memory, pixfer_vulkan_release takes them back. Up to three frames (params.frames) are under way at a time.
 *
 *        pixfer_vulkan_submit(v, &source, &PIXFER_VULKAN_SYNC(.wait = drawn, .wait_value = n), &ticket);
 *        ...                                                          // draw the next frame
 *        struct pixfer_image image;
 *        if (pixfer_vulkan_wait(v, ticket, UINT64_MAX, &image) == PIXFER_OK)
 *            use(&image);                                             // its planes are valid until release
 *        pixfer_vulkan_release(v, ticket);
 *
 * exporter_vulkan.h pushes such frames into an MP4. This header includes <vulkan/vulkan.h> (1.2 or later; define VK_NO_PROTOTYPES or
 * VK_USE_PLATFORM_... before as you need it). pixfer itself links no Vulkan library: it calls what get_instance_proc_addr gives.
 *
 * What the device needs:
 *  - Vulkan 1.0. No extension and no feature has to be enabled for sources of any kind and for buffers as targets.
 *  - The feature shaderStorageImageWriteWithoutFormat where targets are images.
 *  - The feature samplerYcbcrConversion or Vulkan 1.1 where the target is an image of two planes.
 *  - The feature timelineSemaphore (Vulkan 1.2) where a semaphore given to submit is a timeline.
 *  - A queue family with VK_QUEUE_COMPUTE_BIT, which every graphics family of desktop drivers has.
 *
 * What is carried: sources of 8-bit RGB; every destination format of convert.h; every matrix, range and siting; any size and parity. Only
 * P010 in full range is refused (UNSUPPORTED) where its chroma does not fit in 32-bit integers: BT.709 with left and top-left siting, and
 * BT.2020 with any. YUYV and UYVY are no sources here.
 *
 * Errors: what is wrong with an argument is PIXFER_ERR_INVALID with one line in the log, and nothing has been recorded or submitted.
 * VK_ERROR_OUT_OF_HOST_MEMORY and VK_ERROR_OUT_OF_DEVICE_MEMORY are PIXFER_ERR_NO_MEMORY: the object stays as it was, and the call may be
 * tried again. VK_ERROR_DEVICE_LOST is PIXFER_ERR_DEVICE, for that call and every later one but release and close; a device does not
 * come back, so close the object and open one on another device. Handles are not checked beyond VK_NULL_HANDLE: Vulkan has no means to.
 *
 * Lifetime: instance, device and queue outlive the object; the device is not waited for or destroyed by it. Any number of objects may
 * live on one device, with different conversions, at the same time.
 */

#include <pixfer/convert.h>
#include <vulkan/vulkan.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Opening ------------------------------------------------------------------------------------------------------------- */

/** A conversion on a device. */
struct pixfer_vulkan;

/** Called around every use of params.queue; see there. */
typedef void (*pixfer_vulkan_queue_callback)(void *opaque, VkQueue queue);

struct pixfer_vulkan_params {
    size_t struct_size; /**< set by PIXFER_VULKAN_PARAMS; the library reads no further than this */

    PFN_vkGetInstanceProcAddr get_instance_proc_addr; /**< the loader's, or a wrapper's */
    VkInstance instance;
    VkPhysicalDevice physical_device;
    VkDevice device;
    /** Of the queue that command buffers with recorded conversions are submitted to, and of `queue`. It must have
     * VK_QUEUE_COMPUTE_BIT. Images and buffers belong to this family when a conversion executes, or are VK_SHARING_MODE_CONCURRENT. */
    uint32_t queue_family;

    /** Of sources that are buffers: RGBA, BGRA, ARGB, ABGR, RGB24, BGR24, GBRP. NONE: sources are images, which tell by their VkFormat;
     * images may be sources in any case. */
    enum pixfer_format src_format;
    enum pixfer_format dst_format; /**< NV12, NV21, I420, YV12, P010, I444, NV24, I422, NV16 */
    uint32_t width, height; /**< pixels, any parity; 1 to 524280, as far as the device's limits allow the work groups of 16 × 8 */
    struct pixfer_color color; /**< {0} is BT.709, limited range, left siting */

    /**
     * How many recordings keep their descriptors; 0 = 16, at most 1024. The recording with number n (of pixfer_vulkan_record calls on this
     * object) uses those of number n − recordings again. By then the command buffer with that older one must have finished executing and
     * will not be submitted again. With one recording a frame and three frames in flight the default leaves plenty. To record once and
     * submit for ever, record at most this often.
     */
    uint32_t recordings;

    /** For pixfer_vulkan_submit, of queue_family; VK_NULL_HANDLE: there is record only, and submit answers INVALID. */
    VkQueue queue;
    /**
     * Where other threads use `queue`, too: the two callbacks lock and unlock it for one vkQueueSubmit at a time, on the thread that calls
     * submit (or pixfer_exporter_push_vulkan). That thread must not hold the lock then. Both or neither is NULL. pixfer calls no
     * other function that uses a queue, and none that waits for a queue or a device.
     */
    pixfer_vulkan_queue_callback lock_queue, unlock_queue;
    void *queue_opaque;
    uint32_t
        frames; /**< submitted and not yet released, at most; 0 = 3, up to 16. Each has host memory of the size of a frame. */

    VkPipelineCache
        pipeline_cache; /**< of the device; VK_NULL_HANDLE = none. Used while opening and at the first use of a kind of source or
                                         target, under Vulkan's rules for its external synchronisation */
    pixfer_log_callback log; /**< NULL = silent, see PIXFER_LOG in convert.h */
    void *log_opaque;
};

/** Parameters as a value, the unnamed ones zero. */
#define PIXFER_VULKAN_PARAMS(...) PIXFER_SIZED(pixfer_vulkan_params, __VA_ARGS__)

/**
 * Makes what a conversion needs: a descriptor pool, a layout, and the pipeline from images (src_format NONE) or from buffers to buffers.
 * Other kinds of source and target get their pipelines when they are first used, which takes as long as the driver's compiler takes
 * (milliseconds); after that a recording costs some microseconds and allocates nothing but the image views that were not given.
 * On failure *out is NULL, everything that was made has been destroyed, and the log says why in one line.
 *
 * Errors: INVALID, UNSUPPORTED (a conversion that is not carried; a frame beyond the device's limits), UNAVAILABLE (a function that
 * Vulkan 1.0 has cannot be found), NO_MEMORY, DEVICE. Thread-safety: safe.
 */
PIXFER_API enum pixfer_result pixfer_vulkan_open(struct pixfer_vulkan **out, const struct pixfer_vulkan_params *params);

/**
 * Destroys all of it; NULL-safe in both senses, and sets *v to NULL. What was submitted is waited for. Command buffers with recordings must
 * have finished; they are invalid from then on. Thread-safety: no other call may be at work.
 */
PIXFER_API void pixfer_vulkan_close(struct pixfer_vulkan **v);

/* ---- What is read and written -------------------------------------------------------------------------------------------- */

/**
 * The frame to convert: an image or a buffer.
 *
 * Image: of type 2D, one sample per pixel, optimal or linear, with VK_IMAGE_USAGE_SAMPLED_BIT (or, with `storage`,
 * VK_IMAGE_USAGE_STORAGE_BIT). The frame is the rectangle of params.width × params.height at (x, y), which must lie within the image;
 * at its edges its own pixels are replicated, so it is a crop. Components are read as they are stored, also from sRGB formats; alpha
 * is ignored. `format` is one of these (the second column is the format of the view that reads it):
 *
 *     R8G8B8A8_UNORM, A8B8G8R8_UNORM_PACK32, B8G8R8A8_UNORM, R8G8B8_UNORM, B8G8R8_UNORM     the same
 *     the same five with SRGB           the UNORM one: the image needs VK_IMAGE_CREATE_MUTABLE_FORMAT_BIT
 *
 * where the device can sample it (else UNSUPPORTED); R8G8B8A8_UNORM and _SRGB where `storage` is set.
 *
 * Buffer: with VK_BUFFER_USAGE_STORAGE_BUFFER_BIT, planes of params.src_format at `offset` with rows `pitch` bytes apart. Any offset and
 * any pitch will do, those of vkCmdCopyImageToBuffer and 256-byte pitches among them; RGBA, BGRA, ARGB and ABGR are quicker where both
 * are multiples of 4. All of a frame must lie within limits.maxStorageBufferRange, and its buffer must reach to the next
 * multiple of 4 bytes behind it.
 */
struct pixfer_vulkan_source {
    size_t struct_size; /**< set by PIXFER_VULKAN_SOURCE */

    VkImage image;
    VkFormat format; /**< that the image was created with */
    /** The layout that the image is in when the conversion executes; any but UNDEFINED, and PREINITIALIZED only with final_layout. GENERAL
     * and SHADER_READ_ONLY_OPTIMAL are read in place (with `storage` GENERAL). From others it is brought into SHADER_READ_ONLY_OPTIMAL
     * (GENERAL) before and into final_layout after. */
    VkImageLayout layout;
    VkImageLayout final_layout; /**< that it is left in; UNDEFINED (0) = `layout` */
    uint32_t mip_level, array_layer;
    uint32_t x, y; /**< pixels from the left and the top of that level */
    int storage;   /**< 1: read as a storage image, for images without VK_IMAGE_USAGE_SAMPLED_BIT */
    /** VK_NULL_HANDLE = made when recording and kept as long as the descriptors are (params.recordings). Else a 2D view of that level and
     * layer, in the view format above, with identity swizzle, which must live as long as the command buffer is used. */
    VkImageView view;

    VkBuffer buffer;        /**< where image is VK_NULL_HANDLE */
    VkDeviceSize offset[3]; /**< bytes, of each plane of params.src_format */
    VkDeviceSize pitch[3];  /**< bytes from a row to the one below; 0 = rows without gaps */

    /** What used the frame last, in commands before this one in submission order, or is made available by a semaphore that the submission
     * waits for: the first scope of the barrier. 0 = VK_PIPELINE_STAGE_ALL_COMMANDS_BIT and VK_ACCESS_MEMORY_WRITE_BIT. */
    VkPipelineStageFlags before_stages;
    VkAccessFlags before_access;
    /** What uses it next: the second scope. 0 = ALL_COMMANDS, and MEMORY_READ | MEMORY_WRITE. */
    VkPipelineStageFlags after_stages;
    VkAccessFlags after_access;
};
#define PIXFER_VULKAN_SOURCE(...) PIXFER_SIZED(pixfer_vulkan_source, __VA_ARGS__)

/**
 * Where the planes of params.dst_format go: a buffer, two images, or an image of two planes. Nothing beyond the samples is written:
 * bytes between rows keep what they hold.
 *
 * Buffer: with VK_BUFFER_USAGE_STORAGE_BUFFER_BIT. Any offset and pitch will do; where they are no multiples of 4, words at the ends of
 * rows are written by atomic operations. It must reach to the next multiple of 4 bytes behind the frame, and all of the frame must lie
 * within limits.maxStorageBufferRange. Memory of any kind: what a host is to read is best in HOST_VISIBLE | HOST_CACHED memory.
 *
 * Two images (image[0] is Y, image[1] pairs of chroma), for NV12, NV21, NV24, NV16 and P010: of type 2D, with
 * VK_IMAGE_USAGE_STORAGE_BIT, at least as large as their planes (params.width × height, and for NV12, NV21 and P010 half of it, rounded up).
 * Their formats are R8_UNORM and R8G8_UNORM, for P010 R16_UNORM and R16G16_UNORM. The planes begin at pixel (0, 0).
 *
 * One image of two planes (image[0], with `format` set): G8_B8R8_2PLANE_420_UNORM for NV12, _422_ for NV16, _444_ for NV24,
 * G10X6_B10X6R10X6_2PLANE_420_UNORM_3PACK16 or G16_B16R16_2PLANE_420_UNORM for P010, with VK_IMAGE_USAGE_STORAGE_BIT and the flags
 * VK_IMAGE_CREATE_MUTABLE_FORMAT_BIT | VK_IMAGE_CREATE_EXTENDED_USAGE_BIT, optimal tiling. Few devices have it: where
 * vkGetPhysicalDeviceImageFormatProperties2 does not, the answer is UNSUPPORTED (drivers that do not have it make such images all
 * the same, and lose what is written).
 */
struct pixfer_vulkan_target {
    size_t struct_size; /**< set by PIXFER_VULKAN_TARGET */

    VkBuffer buffer;
    VkDeviceSize offset
        [3]; /**< bytes, of each plane; for planes after the first 0 = right behind the plane before, after height × pitch bytes */
    VkDeviceSize pitch[3]; /**< bytes from a row to the one below; 0 = rows without gaps */

    VkImage image[2]; /**< where buffer is VK_NULL_HANDLE */
    VkFormat format;  /**< of the image of two planes; VK_FORMAT_UNDEFINED (0): there are two images */
    /** The layout of the images when the conversion executes; UNDEFINED (0) will do, what was in them is then lost. They are written in
     * GENERAL. */
    VkImageLayout layout;
    VkImageLayout final_layout; /**< that they are left in; UNDEFINED (0) = GENERAL */
    /** VK_NULL_HANDLE = made when recording. Else 2D views in the formats R8_UNORM and R8G8_UNORM (R16_UNORM and R16G16_UNORM), of an image
     * of two planes with the aspects PLANE_0 and PLANE_1. Both or neither. */
    VkImageView view[2];

    /** As those of the source. The default of what comes after includes the host: VK_PIPELINE_STAGE_HOST_BIT, so that after a fence
     * mapped memory can be read (invalidate it first where it is not HOST_COHERENT). */
    VkPipelineStageFlags before_stages;
    VkAccessFlags before_access;
    VkPipelineStageFlags after_stages;
    VkAccessFlags after_access;
};
#define PIXFER_VULKAN_TARGET(...) PIXFER_SIZED(pixfer_vulkan_target, __VA_ARGS__)

/* ---- Recording ----------------------------------------------------------------------------------------------------------- */

/**
 * Records the conversion of one frame: one vkCmdPipelineBarrier (source and target: before → COMPUTE_SHADER, with the layouts' changes),
 * vkCmdBindPipeline, vkCmdBindDescriptorSets, vkCmdPushConstants, vkCmdDispatch, one vkCmdPipelineBarrier (COMPUTE_SHADER → after). There
 * is no other synchronisation: with the defaults nothing before or after it needs more. Of the command buffer's state the compute
 * bind point changes: its pipeline, descriptor set 0 and all push constants.
 *
 * `cmd` is in the recording state, outside a render pass, primary or secondary, from a pool of params.queue_family, and not protected.
 * After an error that came once recording had begun (NO_MEMORY, DEVICE) the command buffer holds nothing of it.
 *
 * Source and target may be parts of one buffer, if their bytes are different ones.
 *
 * Errors: INVALID, UNSUPPORTED (a format that the device cannot read or write so), NO_MEMORY, DEVICE.
 * Thread-safety: several threads may record into different command buffers; `cmd` and its pool are the caller's to protect.
 */
PIXFER_API enum pixfer_result pixfer_vulkan_record(struct pixfer_vulkan *v, VkCommandBuffer cmd,
                                                   const struct pixfer_vulkan_source *source,
                                                   const struct pixfer_vulkan_target *target);

/* ---- Submitting ---------------------------------------------------------------------------------------------------------- */

/** What a submission waits for and signals. */
struct pixfer_vulkan_sync {
    size_t struct_size;    /**< set by PIXFER_VULKAN_SYNC */
    VkSemaphore wait;      /**< before the frame is read; VK_NULL_HANDLE = what was submitted to the queue before */
    uint64_t wait_value;   /**< of a timeline semaphore; 0: it is a binary one */
    VkSemaphore signal;    /**< once the frame has been read and may be drawn into again; VK_NULL_HANDLE = none */
    uint64_t signal_value; /**< of a timeline semaphore; 0: it is a binary one */
};
#define PIXFER_VULKAN_SYNC(...) PIXFER_SIZED(pixfer_vulkan_sync, __VA_ARGS__)

/**
 * Converts a frame on params.queue, into host memory of the object's own, and returns at once. `sync` may be NULL. The source must stay
 * as it is until the semaphore is signalled or pixfer_vulkan_wait has given the frame; commands that are submitted to the same queue after
 * this call may write it without either, as the barrier behind the conversion orders them. `ticket` numbers submissions from 1; on failure it is
 * set to 0, and neither semaphore is waited for or signalled.
 *
 * Errors: AGAIN, without a line, where params.frames frames are submitted and not released; INVALID, UNSUPPORTED, NO_MEMORY, DEVICE.
 * Thread-safety: safe, beside wait and release, too.
 */
PIXFER_API enum pixfer_result pixfer_vulkan_submit(struct pixfer_vulkan *v, const struct pixfer_vulkan_source *source,
                                                   const struct pixfer_vulkan_sync *sync, uint64_t *ticket);

/**
 * Waits for a submitted frame, at most `timeout` nanoseconds (0 = only asks, UINT64_MAX = as long as it takes), and describes it: a frame
 * of params.dst_format whose rows are multiples of 64 bytes apart. The bytes are the object's, may be read and written, and stay valid
 * until release. A ticket may be waited for more than once, and tickets in any order.
 *
 * Errors: AGAIN, without a line, where it is not finished by then; INVALID (no ticket of a frame that is out), NO_MEMORY, DEVICE.
 * On failure *image is empty. Thread-safety: safe; but not while the same ticket is released.
 */
PIXFER_API enum pixfer_result pixfer_vulkan_wait(struct pixfer_vulkan *v, uint64_t ticket, uint64_t timeout,
                                                 struct pixfer_image *image);

/**
 * Gives a frame's memory back, whether it was waited for or not: then it is used again once the device has finished with it. A frame
 * that failed must be released, too. INVALID where the ticket is none of a frame that is out. Thread-safety: safe.
 */
PIXFER_API enum pixfer_result pixfer_vulkan_release(struct pixfer_vulkan *v, uint64_t ticket);

#ifdef __cplusplus
}
#endif
#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_EXPORTER_VULKAN_H
#define PIXFER_EXPORTER_VULKAN_H

/**
 * Frames that were rendered on a Vulkan device, into an MP4 (library `pixfer-exporter`). The device writes the planes into host memory
 * which the encoder then reads: nothing is copied between the two, and the renderer does not wait for either.
 *
 *     pixfer_exporter_open(&e, "out.mp4", &PIXFER_EXPORTER_PARAMS(.format = PIXFER_FORMAT_RGBA, .width = 1920, .height = 1080,
 *                                                                 .fps_num = 60));
 *     pixfer_exporter_attach_vulkan(e, &PIXFER_VULKAN_PARAMS(.get_instance_proc_addr = vkGetInstanceProcAddr, .instance = instance,
 *                                                            .physical_device = gpu, .device = device, .queue_family = family,
 *                                                            .queue = queue));
 *     for (int64_t i = 0; i < 600; i++) {
 *         ...                                                      // draw into `image`, signal `drawn` with i + 1
 *         pixfer_exporter_push_vulkan(e, &PIXFER_VULKAN_SOURCE(.image = image, .format = VK_FORMAT_R8G8B8A8_UNORM,
 *                                                              .layout = VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL),
 *                                     &PIXFER_VULKAN_SYNC(.wait = drawn, .wait_value = i + 1, .signal = read, .signal_value = i + 1), i);
 *     }
 *     pixfer_exporter_finish(e, NULL);
 *     pixfer_exporter_close(&e);                                   // before the device is destroyed
 */

#include <pixfer/exporter.h>
#include <pixfer/vulkan.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Gives an open exporter a device, before its first pixfer_exporter_push_vulkan and once. Of the parameters the exporter sets dst_format, width,
 * height, color, frames, log and log_opaque by itself, from its own. `queue` must be given. src_format is that of sources which are
 * buffers; NONE where they are images, whatever the exporter's params.format is: that must be an RGB format, and frames pushed by
 * pixfer_exporter_push, which may come in between, have it.
 *
 * The device must live until pixfer_exporter_close has returned. (Should an encoder hang, so that its thread is left alone, see
 * pixfer_exporter_cancel, then the frames it holds are never given back to the device, and the program must keep the device.)
 *
 * Errors: those of pixfer_vulkan_open, with its line in the log; INVALID also for an exporter whose frames are not RGB, that has a device
 * already, or no queue. The export goes on in any case. Thread-safety: with the frames.
 */
PIXFER_API enum pixfer_result pixfer_exporter_attach_vulkan(struct pixfer_exporter *e, const struct pixfer_vulkan_params *params);

/**
 * Hands over one frame, as pixfer_exporter_push does, but returns once its conversion has been submitted. The source must stay as it is until
 * sync's semaphore is signalled; commands that are submitted to the same queue after this call may draw into it without one, as the
 * barrier behind the conversion orders them. Waits while the encoder is behind by the queue's budget.
 *
 * Errors: INVALID and UNSUPPORTED where source, sync or pts are refused, with one line, counted in stats.refused: nothing is submitted, neither
 * semaphore is waited for or signalled, and the export goes on. NO_MEMORY and DEVICE end the export, also when the device is found
 * lost while the frame is waited for: a later call tells. CANCELLED and the rest as for pixfer_exporter_push.
 *
 * Thread-safety: with the frames.
 */
PIXFER_API enum pixfer_result pixfer_exporter_push_vulkan(struct pixfer_exporter *e, const struct pixfer_vulkan_source *source,
                                                          const struct pixfer_vulkan_sync *sync, int64_t pts);

#ifdef __cplusplus
}
#endif
#endif

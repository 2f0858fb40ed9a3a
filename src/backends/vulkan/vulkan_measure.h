/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_SRC_BACKENDS_VULKAN_MEASURE_H
#define PIXFER_SRC_BACKENDS_VULKAN_MEASURE_H

/* What frames cost on this machine's Vulkan device: for `pixfer info` and `pixfer bench convert`, which link the core's objects. */

#include "../../core/backend.h"

struct pixfer_vulkan_times {
    char device[256];
    const char *type; /* "discrete GPU", "processor", ... */
    bool processor;   /* the device is the processor itself */
    unsigned rounds;

    /* Medians, in seconds a frame, each waited for: from host memory to the device's, there into planes, of planes to host memory. */
    double upload_s, convert_s, read_back_s;
    /* A frame on the device that is wanted as planes in host memory: the shader's planes, one after the other and three under way; and the
     * frame itself with the processor's kernel behind it. */
    double convert_then_read_s, in_flight_s, read_then_convert_s;
    double record_s; /* of pixfer_vulkan_record, for the caller's thread */
};

/* At least three rounds (on the processor itself one), then until `seconds` have passed. config: of a converter; threads are those of the processor's kernel. */
enum pixfer_result pixfer_vulkan_measure(struct pixfer_vulkan_times *times, const struct pixfer_backend_config *config,
                                         double seconds, struct pixfer_reason *reason);

#endif

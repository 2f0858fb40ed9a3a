/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_TOOL_INFO_H
#define PIXFER_TOOL_INFO_H

/* What `pixfer info` shows, as text (cmd_info.c) and as JSON (info_json.c). */

#include <pixfer/pixfer.h>
#include <stdbool.h>
#include <stdio.h>

#include "../../src/backends/vulkan/vulkan_measure.h"
#include "measure_backend.h"

enum { INFO_BACKENDS = 16, INFO_WIDTH = 1920, INFO_HEIGHT = 1080 };

struct info_backend {
    const char *name;
    bool available, measured;
    char reason[512]; /* why it is not available */
    struct transfers transfers;
    struct pixfer_vulkan_times vulkan; /* rounds 0: this is another backend, or it could not be measured */
};

/* Every backend; a hardware one is available if it also passes its self-test. Returns how many there are. */
unsigned info_backends(struct info_backend list[INFO_BACKENDS]);

/* What a converter for this pair and siting runs on; NULL if there is none. The string is one of pixfer_cpu_names(). */
const char *info_isa(enum pixfer_format source, enum pixfer_format destination, enum pixfer_siting siting);

/* The next format of the kind behind `format`, 0 after the last. */
int info_next_format(int format, bool source);

/* All of it as one JSON object. False if memory runs out. */
bool info_print_json(FILE *out);

#endif

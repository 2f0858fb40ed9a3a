/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "info.h"

#include <string.h>

#include "args.h"

static void describe(enum pixfer_backend backend, struct info_backend *out)
{
    const char *missing = pixfer_backend_missing(backend);
    *out = (struct info_backend){.name = pixfer_backend_name(backend), .available = !missing};
    if (missing) {
        snprintf(out->reason, sizeof(out->reason), "%s", missing);
    } else if (backend != PIXFER_BACKEND_CPU) { /* what it is worth is measured, not believed */
        out->measured = measure_backend(backend, &out->transfers, out->reason, sizeof(out->reason));
        out->available = !*out->reason;
    }
    if (backend == PIXFER_BACKEND_VULKAN && out->available) {
        const struct pixfer_backend_config config = {.src_format = PIXFER_FORMAT_RGBA,
                                                     .dst_format = PIXFER_FORMAT_NV12,
                                                     .width = INFO_WIDTH,
                                                     .height = INFO_HEIGHT,
                                                     .color.matrix = PIXFER_MATRIX_BT709,
                                                     .threads = 0};
        struct pixfer_reason reason = {""};
        pixfer_vulkan_measure(&out->vulkan, &config, 0, &reason);
    }
}

unsigned info_backends(struct info_backend list[INFO_BACKENDS])
{
    unsigned count = 0;
    for (int i = PIXFER_BACKEND_AUTO + 1; count < INFO_BACKENDS && pixfer_backend_name((enum pixfer_backend)i); i++)
        describe((enum pixfer_backend)i, &list[count++]);
    return count;
}

const char *info_isa(enum pixfer_format source, enum pixfer_format destination, enum pixfer_siting siting)
{
    struct pixfer_converter *converter;
    struct pixfer_converter_info info = PIXFER_CONVERTER_INFO();
    const char *isa = NULL;
    if (pixfer_converter_open(&converter, &PIXFER_CONVERTER_PARAMS(.src_format = source, .dst_format = destination, .width = 64,
                                                                   .height = 64, .color = {.siting = siting},
                                                                   .backend = PIXFER_BACKEND_CPU, .threads = 1)) != PIXFER_OK)
        return NULL;
    pixfer_converter_get_info(converter, &info);
    for (const char *const *name = pixfer_cpu_names(); *name; name++)
        if (!strcmp(*name, info.isa))
            isa = *name;
    pixfer_converter_close(&converter);
    return isa;
}

int info_next_format(int format, bool source)
{
    while (pixfer_format_name((enum pixfer_format)++ format))
        if (is_source_format((enum pixfer_format)format) == source)
            return format;
    return 0;
}

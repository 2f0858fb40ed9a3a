/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_SRC_BACKENDS_GPU_SHADERS_H
#define PIXFER_SRC_BACKENDS_GPU_SHADERS_H

/* convert.hlsl compiled by scripts/shaders, so that a build needs no compiler of shaders. */

#include <stddef.h>
#include <stdint.h>

/* A module by what it reads and what it writes. */
enum pixfer_gpu_source { PIXFER_GPU_FROM_BUFFER, PIXFER_GPU_FROM_TEXTURE, PIXFER_GPU_SOURCE_COUNT };
enum pixfer_gpu_target { PIXFER_GPU_TO_BUFFER, PIXFER_GPU_TO_IMAGES, PIXFER_GPU_TARGET_COUNT };

/* SPIR-V 1.0 of Vulkan 1.0; the entry points are "to_buffer" and "to_images". gpu_spirv.c */
struct pixfer_gpu_module {
    const uint32_t *words;
    size_t bytes;
};
extern const struct pixfer_gpu_module pixfer_gpu_spirv[PIXFER_GPU_SOURCE_COUNT][PIXFER_GPU_TARGET_COUNT];

#endif

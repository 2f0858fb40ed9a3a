/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_SRC_BACKENDS_GPU_SHADERS_H
#define PIXFER_SRC_BACKENDS_GPU_SHADERS_H

/* convert.hlsl compiled by scripts/shaders, so that a build needs no compiler of shaders. */

#include <stddef.h>
#include <stdint.h>

/* A module by what it reads and what it writes. */
enum pixfer_gpu_source { PIXFER_GPU_FROM_BUFFER, PIXFER_GPU_FROM_TEXTURE, PIXFER_GPU_FROM_STORAGE, PIXFER_GPU_SOURCE_COUNT };
enum pixfer_gpu_target { PIXFER_GPU_TO_BUFFER, PIXFER_GPU_TO_IMAGES, PIXFER_GPU_TARGET_COUNT };

/* SPIR-V 1.0 of Vulkan 1.0; the entry points are "to_buffer" and "to_images". Bindings of set 0: 0 a storage buffer,
 * 1 a sampled or 2 a storage image (R8G8B8A8_UNORM) as the source; 3 a storage buffer or 4 and 5 two storage images as the target, which
 * need shaderStorageImageWriteWithoutFormat. gpu_spirv.c */
struct pixfer_gpu_module {
    const uint32_t *words;
    size_t bytes;
};
extern const struct pixfer_gpu_module pixfer_gpu_spirv[PIXFER_GPU_SOURCE_COUNT][PIXFER_GPU_TARGET_COUNT];

#endif

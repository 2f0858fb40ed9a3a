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

/* DXBC: compute shaders of profile cs_5_0 (feature level 11) by source, which is no storage image, and target. Constants are in b0, the
 * source in t0, as a raw buffer or a texture; the target is a raw buffer in u0, or images in u0 and u1. gpu_dxbc.c */
extern const struct pixfer_gpu_module pixfer_gpu_dxbc[PIXFER_GPU_FROM_STORAGE][PIXFER_GPU_TARGET_COUNT];

/* Profiles vs_4_0 and ps_4_0 (feature level 10): a triangle over the whole target, without vertex buffers, and the pixels of Y and of the
 * pairs of chroma, from a texture in t0. */
extern const struct pixfer_gpu_module pixfer_gpu_dxbc_triangle;
extern const struct pixfer_gpu_module pixfer_gpu_dxbc_planes[2];

#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_SRC_BACKENDS_GPU_H
#define PIXFER_SRC_BACKENDS_GPU_H

/* What the drivers of GPUs share: the numbers that convert.hlsl works with. The shader itself, compiled, is in gpu_shaders.h. */

#include "../../core/backend.h"

/* The flags of convert.hlsl; the lowest three bits are the bytes from pixel to pixel. */
enum pixfer_gpu_flags {
    PIXFER_GPU_WORDS = 1 << 3,
    PIXFER_GPU_HALF_X = 1 << 4,
    PIXFER_GPU_HALF_Y = 1 << 5,
    PIXFER_GPU_THREE_X = 1 << 6,
    PIXFER_GPU_THREE_Y = 1 << 7,
    PIXFER_GPU_PAIRS = 1 << 8,
    PIXFER_GPU_CR_FIRST = 1 << 9,
    PIXFER_GPU_DEEP = 1 << 10
};

/* The constants of convert.hlsl, as they lie in its buffer: 128 bytes, which every Vulkan device takes as push constants. */
struct pixfer_gpu_constants {
    uint32_t frame[4];        /* width, height, flags, the largest sample */
    uint32_t luma[4];         /* Wr, Wg, Wb, O */
    uint32_t cb[4], cr[4];    /* Wr, Wg, O, D */
    uint32_t source[4];       /* offsets of R, G and B, or x and y; D of luma */
    uint32_t source_pitch[4]; /* for R, G and B */
    uint32_t target[4], target_pitch[4];
};

/* Threads of a group, and how many bytes of a row each of to_buffer makes. */
#define PIXFER_GPU_GROUP_X 16u
#define PIXFER_GPU_GROUP_Y 8u
#define PIXFER_GPU_BYTES 4u

/* One colour's conversion in 32 bits: whether the sums stay within them, for luma and both kinds of chroma. */
bool pixfer_gpu_fits(const struct pixfer_color *color, unsigned depth, unsigned filter_sum);

/* Sets all but the places: source and target, for the formats that the shader carries. UNSUPPORTED, with the reason that begins with
 * `name`, for the others. */
enum pixfer_result pixfer_gpu_constants_init(struct pixfer_gpu_constants *k, const char *name,
                                             const struct pixfer_backend_config *config, struct pixfer_reason *reason);

/* Where the planes of a frame begin in a buffer, and their pitches; both may wrap below 0, as those of a frame stored bottom-up do. */
void pixfer_gpu_set_source(struct pixfer_gpu_constants *k, enum pixfer_format format, const uint32_t offset[3],
                           const uint32_t pitch[3]);
void pixfer_gpu_set_target(struct pixfer_gpu_constants *k, const uint32_t offset[3], const uint32_t pitch[3]);

/* The frame is part of a texture, from this pixel on. */
void pixfer_gpu_set_texture(struct pixfer_gpu_constants *k, uint32_t x, uint32_t y);

/* Groups to dispatch: for to_buffer, else for to_images. */
void pixfer_gpu_groups(const struct pixfer_gpu_constants *k, bool to_buffer, uint32_t groups[3]);

#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_SRC_KERNELS_H
#define PIXFER_SRC_KERNELS_H

/* A kernel converts one strip: as many luma rows as share a chroma row (two for 4:2:0, one otherwise) and that chroma row.
 * backends/cpu walks a picture strip by strip. The order of R, G, B and A in a packed pixel and the order of Cb and Cr in the
 * output are data (weights and pointers), not code: one body serves them all. */

#include <pixfer/convert.h>
#include <stdbool.h>

#include "../core/color.h"
#include "../core/cpu.h"
#include "arm/neon_math.h"
#include "deep_math.h"
#include "lane_math.h"
#include "wasm/simd128_math.h"

/* How source bytes are stored. PACKED422 is no RGB: its one kernel is that of packed422_c.c, on every machine. */
enum pixfer_load {
    PIXFER_LOAD_PACKED4,
    PIXFER_LOAD_PACKED3,
    PIXFER_LOAD_PLANAR,
    PIXFER_LOAD_PACKED10, /* three components of 10 bits in a word of 32, the first one lowest */
    PIXFER_LOAD_PACKED422,
    PIXFER_LOAD_PACKED16, /* four words of 16 bits */
    PIXFER_LOAD_HALF,     /* four halves */
    PIXFER_LOAD_PLANAR16, /* words of 16 bits */
    PIXFER_LOAD_FLOAT,    /* planes of floats */
    PIXFER_LOAD_COUNT
};

/* Bytes from a pixel to the next, in each plane. */
static inline size_t pixfer_load_bytes(enum pixfer_load load)
{
    static const uint8_t bytes[PIXFER_LOAD_COUNT] = {4, 3, 1, 4, 2, 8, 8, 2, 4};

    return bytes[load];
}

/* How destination samples are stored: chroma interleaved or in planes, bytes or words of 16 bits. */
enum pixfer_store {
    PIXFER_STORE_SEMIPLANAR8,
    PIXFER_STORE_PLANAR8,
    PIXFER_STORE_SEMIPLANAR16,
    PIXFER_STORE_PLANAR16,
    PIXFER_STORE_COUNT
};

static inline bool pixfer_store_is_planar(enum pixfer_store store)
{
    return store == PIXFER_STORE_PLANAR8 || store == PIXFER_STORE_PLANAR16;
}

static inline bool pixfer_store_is_wide(enum pixfer_store store)
{
    return store == PIXFER_STORE_SEMIPLANAR16 || store == PIXFER_STORE_PLANAR16;
}

/* The chroma filter, named after the shape and siting; see numerics in doc/exactness.md. */
enum pixfer_filter {
    PIXFER_FILTER_420_CENTER,   /* 2 x 2 box, sum of weights 4 */
    PIXFER_FILTER_420_LEFT,     /* [1 2 1] x [1 1], 8 */
    PIXFER_FILTER_420_TOP_LEFT, /* [1 2 1] x [1 2 1], 16 */
    PIXFER_FILTER_422_CENTER,   /* [1 1], 2 */
    PIXFER_FILTER_422_LEFT,     /* [1 2 1], 4 */
    PIXFER_FILTER_444,          /* none, 1 */
    PIXFER_FILTER_COUNT
};

/* Whether two luma rows share a chroma row. */
static inline bool pixfer_filter_is_420(enum pixfer_filter filter)
{
    return filter <= PIXFER_FILTER_420_TOP_LEFT;
}

/* Everything that selects a kernel, and the numbers it works with. Component i of a pixel is, for packed sources, the byte
 * at offset i of its 3 or 4 bytes (alpha has weight 0), for planar ones the byte of plane i. Chroma sample 0 goes to the
 * lower address or the first chroma plane of the format, sample 1 to the other: NV21 and YV12 swap weights, not pointers. */
struct pixfer_kernel_config {
    enum pixfer_load load;
    enum pixfer_store store;
    enum pixfer_filter filter;
    bool chroma_first, cr_first;   /* PACKED422 only: the order of its bytes, and of the destination's chroma samples */
    struct pixfer_color_math math; /* weights in component order: see above; not for PACKED422 */
    /* The same for x86, NEON and WebAssembly; each is set on its own architecture only. */
    struct pixfer_lane_math lane;
    struct pixfer_neon_math neon;
    struct pixfer_simd128_math simd128;
    bool deep;     /* the reference is deep_c.c: anything but 8 bits to 8 bits or P010 */
    uint8_t low;   /* zero bits below a sample in its word */
    int32_t white; /* the value of a component that stands for 1; halves are counted in 2^-24, floats are not counted */
    struct pixfer_deep_math real; /* deep only */
};

struct pixfer_strip {
    /* Source rows by [row][plane]: 0 is the row above the strip (top-left siting only), 1 the first row, 2 the second row
     * (4:2:0 only). Edges are already replicated: at the top row 0 is row 1, at an odd bottom row 2 is row 1. */
    const uint8_t *src[3][3];
    uint8_t *y[2];      /* at an odd bottom y[1] is y[0]: the same samples are written twice */
    uint8_t *chroma[2]; /* semi-planar: [0] only */
    size_t width;       /* luma samples in a row, at least 1 */
    bool stream;        /* write past the cache, where the kernel can; backends/cpu adds the fence */

    /* Bytes from a source row to the same row of the next strip, by plane, for prefetching. 0: rows are in cache already. */
    ptrdiff_t next[3];
};

/* The one signature: writes width luma samples to each row and the chroma row, reads and writes no byte beyond. */
#define PIXFER_STRIP_KERNEL(name) void name(const struct pixfer_kernel_config *config, const struct pixfer_strip *strip)
typedef PIXFER_STRIP_KERNEL(pixfer_strip_kernel);

/* Pixels over a background, on their way into the kernel: compose_c.c. */
struct pixfer_composition {
    bool on;
    enum pixfer_load load; /* of the source; config's is that of what has been composed */
    uint8_t alpha;         /* PACKED4: the byte of a pixel that holds it, 0 or 3 */
    uint8_t background[3]; /* in the order of the components of what is composed */
    uint64_t words;        /* the same as the words of a pixel */
};

/* What a converter holds: set to C, then raised by the ISA ladder in kernels.c when it opens. */
struct pixfer_kernels {
    struct pixfer_composition compose;
    struct pixfer_kernel_config config;
    pixfer_strip_kernel *strip;
    const char *isa;
    bool stream;      /* whole pictures are written past the cache */
    bool stream_rows; /* and so are pieces of them */
};

/* Describes how a pair of formats is converted. False if this pair is none. */
bool pixfer_kernel_config_init(struct pixfer_kernel_config *config, enum pixfer_format src, enum pixfer_format dst,
                               const struct pixfer_color *color);

/* The same for layouts, and for a white that is not the source's. */
struct pixfer_format_layout;
bool pixfer_kernel_config_of(struct pixfer_kernel_config *config, const struct pixfer_format_layout *from,
                             const struct pixfer_format_layout *to, const struct pixfer_color *color, int32_t white);

/* In its place where alpha is composed over 0xRRGGBB. False where src has no alpha that can be, or the pair is none. */
bool pixfer_compose_init(struct pixfer_kernels *kernels, enum pixfer_format src, enum pixfer_format dst,
                         const struct pixfer_color *color, uint32_t background);
/* In place of kernels->strip. */
void pixfer_compose_strip(const struct pixfer_kernels *kernels, const struct pixfer_strip *strip);

/* The sum of a filter's weights: 1 to 16. */
unsigned pixfer_filter_sum(enum pixfer_filter filter);

/* Fills the table for this machine; cpu pins an instruction set or is NULL. False if this machine lacks it. */
bool pixfer_kernels_init(struct pixfer_kernels *kernels, const char *cpu);

/* Converts rows of checked images; in_cache: of a piece that is in the cache and shall stay there. In backends/cpu. */
void pixfer_cpu_convert_rows(const struct pixfer_kernels *kernels, const struct pixfer_image *src, const struct pixfer_image *dst,
                             uint32_t first, uint32_t count, bool in_cache);

/* The kernel of an instruction set of this architecture, which is C's where it has none of its own; NULL for another architecture's. */
pixfer_strip_kernel *pixfer_kernel_of(enum pixfer_isa isa, const struct pixfer_kernel_config *config);

/* The ladder: each returns its kernel for a config, or NULL if it has none. */
PIXFER_STRIP_KERNEL(pixfer_kernel_packed422);
PIXFER_STRIP_KERNEL(pixfer_kernel_deep);
pixfer_strip_kernel *pixfer_kernel_c(const struct pixfer_kernel_config *config);
pixfer_strip_kernel *pixfer_kernel_avx2(const struct pixfer_kernel_config *config);
pixfer_strip_kernel *pixfer_kernel_avx512(const struct pixfer_kernel_config *config);
pixfer_strip_kernel *pixfer_kernel_neon(const struct pixfer_kernel_config *config);
pixfer_strip_kernel *pixfer_kernel_simd128(const struct pixfer_kernel_config *config);

/* The same for what is deep. */
pixfer_strip_kernel *pixfer_kernel_deep_avx2(const struct pixfer_kernel_config *config);
pixfer_strip_kernel *pixfer_kernel_deep_avx512(const struct pixfer_kernel_config *config);
pixfer_strip_kernel *pixfer_kernel_deep_neon(const struct pixfer_kernel_config *config);

#endif

// SPDX-FileCopyrightText: the pixfer authors
// SPDX-License-Identifier: MIT
//
// The conversion for every GPU: scripts/shaders makes SPIR-V, DXBC and MSL of this one file. What it computes is
//
//     sample = min((Wr * R + Wg * G + Wb * B + O) / D, max)
//
// in wrapping 32-bit integers, R, G and B being the sums over the siting filter: exact wherever the sum itself fits in 32 bits, whatever
// its parts do on the way (gpu_constants.c decides that for a configuration). Division of integers is exact on every driver, unlike that
// of floats; W, O and D come from core/color.c.
//
// Entry points, the macros that select them, and what they are for:
//   to_buffer  (cs_5_0, SPIR-V)    planes in a buffer of bytes; a thread makes one word of one plane. Group 16 x 8, z is the plane
//   to_images  (cs_5_0, SPIR-V)    planes in images R8 + R8G8 (R16 + R16G16); a thread makes one sample or pair. The same groups, z too
//   triangle_vs, luma_ps, chroma_ps  (vs_4_0, ps_4_0)  the same images as render targets, where there are no compute shaders
// With SOURCE_TEXTURE the frame is a texture of normalised components, with SOURCE_STORAGE an image without a sampler (SPIR-V only), else
// bytes in a buffer. Every source and target has a binding of its own in SPIR-V, so that one layout of a descriptor set serves all.

#ifdef SPIRV
#define AT(n) [[vk::binding(n)]]
#define CONSTANTS [[vk::push_constant]] cbuffer constants
#else
#define AT(n)
#define CONSTANTS cbuffer constants : register(b0)
#endif

// struct pixfer_gpu_constants
CONSTANTS
{
    uint4 frame;        // width, height, flags, largest sample
    uint4 luma;         // Wr, Wg, Wb, O
    uint4 cb;           // Wr, Wg, O, D; the weights of chroma add up to 0
    uint4 cr;
    uint4 source;       // where R, G and B of the first pixel are: bytes; or x and y in the texture. D of luma
    uint4 source_pitch; // bytes from row to row, for R, G and B
    uint4 target;       // where the planes begin: bytes
    uint4 target_pitch; // bytes from row to row
};

// flags
#define STEP(flags) ((flags)&7u)           // bytes from pixel to pixel
#define WORDS(flags) (((flags) >> 3) & 1u) // a pixel is a word of the buffer
#define HALF_X(flags) (((flags) >> 4) & 1u)
#define HALF_Y(flags) (((flags) >> 5) & 1u)
#define THREE_X(flags) (((flags) >> 6) & 1u) // [1 2 1] instead of [1 1]
#define THREE_Y(flags) (((flags) >> 7) & 1u)
#define PAIRS(flags) (((flags) >> 8) & 1u) // one plane of chroma, else two
#define CR_FIRST(flags) (((flags) >> 9) & 1u)
#define DEEP(flags) (((flags) >> 10) & 1u) // samples of 10 bits, in the high bits of 16

#if defined(SOURCE_TEXTURE)
AT(1) Texture2D<float4> picture : register(t0);

uint3 pixel(uint x, uint y)
{
    return (uint3)(picture.Load(int3(x + source.x, y + source.y, 0)).rgb * 255.0 + 0.5);
}
#elif defined(SOURCE_STORAGE)
AT(2) RWTexture2D<float4> picture;

uint3 pixel(uint x, uint y)
{
    return (uint3)(picture[uint2(x + source.x, y + source.y)].rgb * 255.0 + 0.5);
}
#else
AT(0) ByteAddressBuffer picture : register(t0);

uint byte_at(uint at)
{
    return (picture.Load(at & ~3u) >> (8u * (at & 3u))) & 255u;
}

uint3 pixel(uint x, uint y)
{
    const uint3 at = source.xyz + y * source_pitch.xyz + x * STEP(frame.z);

    if (WORDS(frame.z))
        return (picture.Load(at.x & ~3u) >> (8u * (at & 3u))) & 255u;
    return uint3(byte_at(at.x), byte_at(at.y), byte_at(at.z));
}
#endif

uint luma_at(uint x, uint y)
{
    const uint3 p = pixel(x, y);

    return min((luma.x * p.r + luma.y * p.g + luma.z * p.b + luma.w) / source.w, frame.w);
}

// The sums over the filter of a chroma sample; edges are replicated.
uint3 chroma_sums(uint x, uint y)
{
    const int left = (int)(x << HALF_X(frame.z)), top = (int)(y << HALF_Y(frame.z));
    const int x0 = -(int)THREE_X(frame.z), x1 = (int)HALF_X(frame.z), y0 = -(int)THREE_Y(frame.z), y1 = (int)HALF_Y(frame.z);
    const int last_x = (int)frame.x - 1, last_y = (int)frame.y - 1;
    uint3 sums = uint3(0, 0, 0);

    for (int j = y0; j <= y1; j++) {
        const uint row = (uint)clamp(top + j, 0, last_y);
        const uint down = y0 != 0 && j == 0 ? 2u : 1u;

        for (int i = x0; i <= x1; i++)
            sums += pixel((uint)clamp(left + i, 0, last_x), row) * (x0 != 0 && i == 0 ? 2u * down : down);
    }
    return sums;
}

uint chroma_of(uint3 sums, uint4 weights)
{
    return min((weights.x * sums.r + weights.y * sums.g - (weights.x + weights.y) * sums.b + weights.z) / weights.w, frame.w);
}

// The two samples of a pair in their order in memory.
uint2 pair_at(uint x, uint y)
{
    const uint3 sums = chroma_sums(x, y);
    const uint2 samples = uint2(chroma_of(sums, cb), chroma_of(sums, cr));

    return CR_FIRST(frame.z) ? samples.yx : samples;
}

uint2 chroma_size()
{
    return (frame.xy + uint2(HALF_X(frame.z), HALF_Y(frame.z))) >> uint2(HALF_X(frame.z), HALF_Y(frame.z));
}

#ifdef TO_BUFFER
AT(3) RWByteAddressBuffer planes : register(u0);

// A sample of a plane: x counts samples, so that pairs are two.
uint sample_at(uint plane, uint x, uint y)
{
    if (plane == 0)
        return luma_at(x, y);
    if (PAIRS(frame.z)) {
        const uint2 samples = pair_at(x >> 1, y);

        return x & 1u ? samples.y : samples.x;
    }
    if ((plane == 1) != (CR_FIRST(frame.z) != 0))
        return chroma_of(chroma_sums(x, y), cb);
    return chroma_of(chroma_sums(x, y), cr);
}

// The bytes [first, first + 4) of a row, of which those beyond its ends are 0: all of one word of the buffer.
uint word_at(uint plane, int first, int bytes, uint y)
{
    const int size = 1 << DEEP(frame.z);
    uint word = 0;

    if (plane != 0 && PAIRS(frame.z) && (first & (2 * size - 1)) == 0) {
        for (int at = 0; at < 4; at += 2 * size) {
            if (first + at < bytes) {
                const uint2 samples = pair_at((uint)(first + at) / (uint)(2 * size), y) << (6u * DEEP(frame.z));

                word |= (samples.x | samples.y << (8 * size)) << (8 * at);
            }
        }
        return word;
    }
    // The first sample may begin before the word.
    for (int at = -(first & (size - 1)); at < 4; at += size) {
        if (first + at >= 0 && first + at < bytes) {
            const uint value = sample_at(plane, (uint)(first + at) >> DEEP(frame.z), y) << (6u * DEEP(frame.z));

            word |= at < 0 ? value >> 8 : value << (8 * at);
        }
    }
    return word;
}

// A row may begin and end within a word, the rest of which belongs to another row, another plane or the caller: such a word
// gets its bytes, and no others, by atomic operations.
[numthreads(16, 8, 1)] void to_buffer(uint3 id : SV_DispatchThreadID)
{
    const uint plane = id.z;
    const uint2 small = chroma_size();
    const uint samples = plane == 0 ? frame.x : PAIRS(frame.z) ? small.x * 2u : small.x;
    const uint rows = plane == 0 ? frame.y : small.y;
    const uint begin = plane == 0 ? target.x : plane == 1 ? target.y : target.z;
    const uint pitch = plane == 0 ? target_pitch.x : plane == 1 ? target_pitch.y : target_pitch.z;
    const uint row = begin + id.y * pitch;
    const int bytes = (int)(samples << DEEP(frame.z));
    const int first = (int)(id.x * 4u) - (int)(row & 3u);

    if (id.y >= rows || first >= bytes)
        return;

    const uint word = word_at(plane, first, bytes, id.y);
    const uint at = (row & ~3u) + id.x * 4u;

    if (first >= 0 && first + 4 <= bytes) {
        planes.Store(at, word);
    } else {
        const int before = max(-first, 0), after = max(first + 4 - bytes, 0);
        const uint mask = (0xffffffffu << (8 * before)) & (0xffffffffu >> (8 * after));
        uint old;

        planes.InterlockedAnd(at, ~mask, old);
        planes.InterlockedOr(at, word & mask, old);
    }
}
#endif

float scaled(uint value)
{
    return DEEP(frame.z) ? (float)(value << 6) / 65535.0 : (float)value / 255.0;
}

#ifdef TO_IMAGES
#ifdef SPIRV
AT(4) RWTexture2D<float> luma_plane; // scripts/shaders takes their formats away: 8 and 16 bits are the same shader
AT(5) RWTexture2D<float2> chroma_plane;
#else
RWTexture2D<unorm float> luma_plane : register(u0);
RWTexture2D<unorm float2> chroma_plane : register(u1);
#endif

[numthreads(16, 8, 1)] void to_images(uint3 id : SV_DispatchThreadID)
{
    const uint2 size = id.z == 0 ? frame.xy : chroma_size();

    if (id.x >= size.x || id.y >= size.y)
        return;
    if (id.z == 0) {
        luma_plane[id.xy] = scaled(luma_at(id.x, id.y));
    } else {
        const uint2 samples = pair_at(id.x, id.y);

        chroma_plane[id.xy] = float2(scaled(samples.x), scaled(samples.y));
    }
}
#endif

#ifdef RASTER
float4 triangle_vs(uint id : SV_VertexID) : SV_Position
{
    return float4(id == 1 ? 3.0 : -1.0, id == 2 ? 3.0 : -1.0, 0.0, 1.0);
}

float luma_ps(float4 position : SV_Position) : SV_Target
{
    return scaled(luma_at((uint)position.x, (uint)position.y));
}

float2 chroma_ps(float4 position : SV_Position) : SV_Target
{
    const uint2 samples = pair_at((uint)position.x, (uint)position.y);

    return float2(scaled(samples.x), scaled(samples.y));
}
#endif

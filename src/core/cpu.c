/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "cpu.h"

#include <pixfer/convert.h>
#include <stdatomic.h>
#include <stdint.h>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

const char *const pixfer_isa_names[PIXFER_ISA_COUNT] = {"c", "simd128", "neon", "avx2", "avx512"};

#if defined(__x86_64__)

/* Intel SDM vol. 2, CPUID: leaf 7, subleaf 0. */
#define EBX_AVX2 (1u << 5)
#define EBX_AVX512F (1u << 16)
#define EBX_AVX512DQ (1u << 17)
#define EBX_AVX512BW (1u << 30)
#define EBX_AVX512VL (1u << 31)
#define ECX_VBMI (1u << 1)
#define ECX_VNNI (1u << 11)
#define ECX1_FMA (1u << 12)
#define ECX1_OSXSAVE (1u << 27)
#define ECX1_F16C (1u << 29)

/* XCR0: which registers the operating system saves. */
#define XCR0_AVX 0x6u
#define XCR0_AVX512 0xe6u

static uint64_t xcr0(void)
{
    uint32_t low, high;

    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return (uint64_t)high << 32 | low;
}

static unsigned detect(void)
{
    const uint32_t avx512_ebx = EBX_AVX512F | EBX_AVX512DQ | EBX_AVX512BW | EBX_AVX512VL, avx512_ecx = ECX_VBMI | ECX_VNNI;
    const uint32_t ecx1 = ECX1_FMA | ECX1_OSXSAVE | ECX1_F16C; /* what all processors with AVX2 but some by VIA have */
    unsigned eax, ebx, ecx, edx, found = 1u << PIXFER_ISA_C;

#if defined(__MINGW32__) && !defined(__clang__)
    /* GCC bug 54412: it does not align the stack for vectors of 32 bytes and more there, and spills would crash. */
    return found;
#endif
    if (!__get_cpuid(1, &eax, &ebx, &ecx, &edx) || (ecx & ecx1) != ecx1 || !__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx))
        return found;
    if ((ebx & EBX_AVX2) && (xcr0() & XCR0_AVX) == XCR0_AVX)
        found |= 1u << PIXFER_ISA_AVX2;
    /* VBMI and VNNI leave out the first processors with AVX-512. That 512-bit vectors gain on all others is measured on Zen 4 only. */
    if ((ebx & avx512_ebx) == avx512_ebx && (ecx & avx512_ecx) == avx512_ecx && (xcr0() & XCR0_AVX512) == XCR0_AVX512)
        found |= 1u << PIXFER_ISA_AVX512;
    return found;
}

/* CPUID traps in virtual machines (some 10 µs a time), so its answer, which never changes, is kept. Two threads that ask at
 * once store the same number. */
bool pixfer_cpu_has(enum pixfer_isa isa)
{
    static atomic_uint kept;
    unsigned found = atomic_load_explicit(&kept, memory_order_relaxed);

    if (!found) {
        found = detect();
        atomic_store_explicit(&kept, found, memory_order_relaxed);
    }
    return found >> isa & 1;
}

#else

bool pixfer_cpu_has(enum pixfer_isa isa)
{
#if defined(__aarch64__)
    if (isa == PIXFER_ISA_NEON)
        return true; /* part of the base architecture */
#elif defined(__wasm_simd128__)
    if (isa == PIXFER_ISA_SIMD128)
        return true; /* a module with vectors does not load where there are none */
#endif
    return isa == PIXFER_ISA_C;
}

#endif

/* The lists are the suffixes of a ladder. */
const char *const *pixfer_cpu_names(void)
{
    static const char *const x86[] = {"avx512", "avx2", "c", NULL};
    static const char *const arm[] = {"neon", "c", NULL};
    static const char *const wasm[] = {"simd128", "c", NULL};

    if (pixfer_cpu_has(PIXFER_ISA_NEON))
        return arm;
    if (pixfer_cpu_has(PIXFER_ISA_SIMD128))
        return wasm;
    return x86 + (pixfer_cpu_has(PIXFER_ISA_AVX512) ? 0 : pixfer_cpu_has(PIXFER_ISA_AVX2) ? 1 : 2);
}

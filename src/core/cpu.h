/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_SRC_CPU_H
#define PIXFER_SRC_CPU_H

#include <stdbool.h>

/* The instruction sets that kernels are written for, in the order of the ladder. */
enum pixfer_isa { PIXFER_ISA_C, PIXFER_ISA_SIMD128, PIXFER_ISA_NEON, PIXFER_ISA_AVX2, PIXFER_ISA_AVX512, PIXFER_ISA_COUNT };

extern const char *const pixfer_isa_names[PIXFER_ISA_COUNT];

/* What this processor and its operating system offer. */
bool pixfer_cpu_has(enum pixfer_isa isa);

#endif

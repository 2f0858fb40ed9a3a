/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_TESTS_CHECKASM_H
#define PIXFER_TESTS_CHECKASM_H

#include "../../src/core/cpu.h"
#include "../../src/kernels/kernels.h"
#include "convert.h"

/* The loads that have a component in every plane. */
static inline bool pixfer_load_is_planar(enum pixfer_load load)
{
    return load == PIXFER_LOAD_PLANAR || load == PIXFER_LOAD_PLANAR16 || load == PIXFER_LOAD_FLOAT;
}

struct options {
    uint64_t seed;
    unsigned step;    /* every step-th case only */
    const char *isa;  /* NULL = all of this machine */
    const char *only; /* NULL, or a part of the kernel's name */
    bool bench, plain;
};

/* Whether an instruction set is asked for and here; its kernel for a configuration. */
bool isa_wanted(const struct options *options, enum pixfer_isa isa);
pixfer_strip_kernel *isa_kernel(enum pixfer_isa isa, const struct pixfer_kernel_config *config);

/* A kernel by what it converts: "rgba-nv12-left". */
struct kernel_name {
    char text[48];
};
struct kernel_name kernel_name(enum pixfer_format src, enum pixfer_format dst, enum pixfer_siting siting);
bool name_wanted(const struct options *options, enum pixfer_format src, enum pixfer_format dst, enum pixfer_siting siting);

/* What runs now, for the message when a guard page is hit. */
#if defined(__GNUC__)
__attribute__((format(printf, 1, 2)))
#endif
void now(const char *format, ...);

/* Counts a failure of what now() said; true if it is one of those to be printed. */
bool failed(void);

/* Each returns the number of cases it ran. */
unsigned long check_strips(const struct options *options);
unsigned long check_pictures(const struct options *options);
void bench_strips(const struct options *options);

#endif

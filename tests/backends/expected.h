/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_TESTS_EXPECTED_H
#define PIXFER_TESTS_EXPECTED_H

#include "double.h"
#include "picture.h"
#include "told.h"

/* A converter on the double, the frames it works on, and what must come out of it. */
struct bench {
    struct pixfer_converter_params params;
    struct pixfer_converter *converter;
    struct picture src, dst, wanted;
    struct rng rng;
    struct told told;
};

/* 51 x 22 pixels of BGRA to NV12, BT.709, limited, centre, one thread; resets the double. */
void bench_init(struct bench *bench);

enum pixfer_result bench_open(struct bench *bench);

/* Converts a new random frame and fails unless it is, to the bit and with no stray write, what the backend in charge afterwards must
 * make of it: the double's arithmetic for VideoToolbox, the oracle's for the CPU. */
void bench_convert(struct bench *bench);

/* The same check for a frame that was converted elsewhere. */
void bench_check(struct bench *bench, const struct picture *src, const struct picture *dst, bool by_videotoolbox);

struct pixfer_converter_info bench_info(const struct bench *bench);

/* Closes everything and fails if the double saw misuse, or if an object is alive or a lock held. */
void bench_end(struct bench *bench);

OSType double_type(enum pixfer_format format, enum pixfer_range range);

#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_TESTS_ORACLE_H
#define PIXFER_TESTS_ORACLE_H

/* What every sample must be, computed from the definition (doc/exactness.md) in plain integers. Nothing here comes from the
 * library but the declarations of its public headers: the two can only agree by both being right. It is slow and obvious. */

#include <pixfer/convert.h>

enum oracle_component { ORACLE_Y, ORACLE_CB, ORACLE_CR };

/* A real number, exactly: num / den, den > 0. */
struct oracle_value {
    int64_t num, den;
};

/* The value of a component of the colour (r, g, b) / weight, where r, g and b are sums of 8-bit components whose filter weights
 * add up to `weight` (1..16): Y, Cb and Cr are linear, so the mean of the values is the value of the mean. depth is 8 or 10. */
struct oracle_value oracle_value_of(const struct pixfer_color *color, unsigned depth, enum oracle_component component, int64_t r,
                                    int64_t g, int64_t b, int64_t weight);

/* The same where a component that stands for 1 is `white` instead of 255, at most 2^24; depth is 8, 10, 12 or 16. */
struct oracle_value oracle_value_of_white(const struct pixfer_color *color, unsigned depth, enum oracle_component component,
                                          int64_t r, int64_t g, int64_t b, int64_t weight, int64_t white);

/* clamp(floor(value + 1/2), 0, 2^depth - 1) */
unsigned oracle_round(struct oracle_value value, unsigned depth);

/* Bits of a sample of a YCbCr format: 8, 10, 12 or 16. */
unsigned oracle_depth(enum pixfer_format format);

/* Samples of a component in a frame of that format and size. */
void oracle_component_size(enum pixfer_format format, enum oracle_component component, uint32_t width, uint32_t height,
                           uint32_t *samples, uint32_t *rows);

/* How much pixel (px, py) of the frame counts for chroma sample (x, y) of a `format` destination, before edges are replicated:
 * the filter, of which *sum is the sum. */
int oracle_filter(enum pixfer_format format, enum pixfer_siting siting, int64_t x, int64_t y, int64_t px, int64_t py, int *sum);

/* The exact value of sample (x, y) of a component when src is converted to `format`; not for floats. */
struct oracle_value oracle_value_at(const struct pixfer_image *src, enum pixfer_format format, const struct pixfer_color *color,
                                    enum oracle_component component, uint32_t x, uint32_t y);

/* The sample that a frame must have there, of any source. */
unsigned oracle_sample_at(const struct pixfer_image *src, enum pixfer_format format, const struct pixfer_color *color,
                          enum oracle_component component, uint32_t x, uint32_t y);

/* A sample of a frame: its value without the shift of P010 and P012. (Bits of the word that must be 0 come on top, as garbage, so that
 * words with wrong ones never compare equal to a right sample.) */
unsigned oracle_get(const struct pixfer_image *image, enum oracle_component component, uint32_t x, uint32_t y);

/* Converts a frame: what pixfer_convert must do. */
void oracle_convert(const struct pixfer_image *src, const struct pixfer_image *dst, const struct pixfer_color *color);

/* How a component of a converted frame differs from the right one. */
struct oracle_report {
    uint64_t samples, differing;
    unsigned max;           /* the largest difference */
    int64_t sum;            /* of got - expected */
    uint32_t x, y;          /* the first that differs */
    unsigned got, expected; /* there */
    double max_error;       /* the largest |got - real value|: at most 0.5 where nothing differs */
};

/* Fills a report for Y, Cb and Cr; returns the number of differing samples in all. */
uint64_t oracle_compare(const struct pixfer_image *src, const struct pixfer_image *dst, const struct pixfer_color *color,
                        struct oracle_report report[3]);

#endif

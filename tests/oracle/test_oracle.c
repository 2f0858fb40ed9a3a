/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* The oracle against values worked out by hand, against the definition in floating point (away from ties), and its filters
 * against a table. Nothing of the library runs here. */

#include "oracle.h"

#include <math.h>
#include <stdio.h>

static int failures;

static void expect(const char *what, double got, double wanted)
{
    if (got == wanted)
        return;
    printf("FAIL %s: %.17g, expected %.17g\n", what, got, wanted);
    failures++;
}

static unsigned sample(enum pixfer_matrix matrix, enum pixfer_range range, unsigned depth, enum oracle_component component, int r,
                       int g, int b)
{
    const struct pixfer_color color = {matrix, range, PIXFER_SITING_LEFT};
    return oracle_round(oracle_value_of(&color, depth, component, r, g, b, 1), depth);
}

/* Anchors every text on video agrees on, the one clamp of full range, and a few worked out by hand. */
static void test_known_values(void)
{
    static const enum pixfer_matrix matrices[] = {PIXFER_MATRIX_DEFAULT, PIXFER_MATRIX_BT709, PIXFER_MATRIX_BT601,
                                                  PIXFER_MATRIX_SMPTE240M, PIXFER_MATRIX_BT2020_NCL};
    for (unsigned i = 0; i < sizeof matrices / sizeof *matrices; i++) {
        const enum pixfer_matrix m = matrices[i];
        expect("limited black", sample(m, 0, 8, ORACLE_Y, 0, 0, 0), 16);
        expect("limited white", sample(m, 0, 8, ORACLE_Y, 255, 255, 255), 235);
        expect("limited grey Cb", sample(m, 0, 8, ORACLE_CB, 77, 77, 77), 128);
        expect("limited grey Cr", sample(m, 0, 8, ORACLE_CR, 200, 200, 200), 128);
        expect("limited blue", sample(m, 0, 8, ORACLE_CB, 0, 0, 255), 240);
        expect("limited yellow", sample(m, 0, 8, ORACLE_CB, 255, 255, 0), 16);
        expect("limited red", sample(m, 0, 8, ORACLE_CR, 255, 0, 0), 240);
        expect("limited cyan", sample(m, 0, 8, ORACLE_CR, 0, 255, 255), 16);
        expect("full white", sample(m, 1, 8, ORACLE_Y, 255, 255, 255), 255);
        expect("full blue: 255.5 clamps", sample(m, 1, 8, ORACLE_CB, 0, 0, 255), 255);
        expect("full yellow: 0.5 goes up", sample(m, 1, 8, ORACLE_CB, 255, 255, 0), 1);
        expect("limited white, 10 bit", sample(m, 0, 10, ORACLE_Y, 255, 255, 255), 940);
        expect("limited black, 10 bit", sample(m, 0, 10, ORACLE_Y, 0, 0, 0), 64);
        expect("limited red, 10 bit", sample(m, 0, 10, ORACLE_CR, 255, 0, 0), 960);
        expect("full white, 10 bit", sample(m, 1, 10, ORACLE_Y, 255, 255, 255), 1023);
        expect("full red, 10 bit: 1023.5 clamps", sample(m, 1, 10, ORACLE_CR, 255, 0, 0), 1023);
    }
    /* 1063·51 + 3576·43 + 361·13 = 212674; 73·212674/425000 + 16 = 52.5299 */
    expect("BT.709 luma just above a tie", sample(PIXFER_MATRIX_BT709, 0, 8, ORACLE_Y, 51, 43, 13), 53);
    expect("BT.709 red", sample(PIXFER_MATRIX_BT709, 0, 8, ORACLE_Y, 255, 0, 0), 63);
    expect("BT.709 green", sample(PIXFER_MATRIX_BT709, 0, 8, ORACLE_Y, 0, 255, 0), 173);
    expect("BT.709 blue", sample(PIXFER_MATRIX_BT709, 0, 8, ORACLE_Y, 0, 0, 255), 32);
    expect("BT.601 red", sample(PIXFER_MATRIX_BT601, 0, 8, ORACLE_Y, 255, 0, 0), 81);
    expect("BT.601 green Cb", sample(PIXFER_MATRIX_BT601, 0, 8, ORACLE_CB, 0, 255, 0), 54);
}

/* Colours whose BT.709 limited luma is a tie, found by search over all 2^24: 5000 · 42.5 = 212500. Each must go up. */
static void test_ties(void)
{
    const struct pixfer_color color = {PIXFER_MATRIX_BT709, PIXFER_RANGE_LIMITED, PIXFER_SITING_LEFT};
    int ties = 0;
    for (int r = 0; r < 256; r++)
        for (int g = 0; g < 256; g++)
            for (int b = 0; b < 256; b++) {
                if (1063 * r + 3576 * g + 361 * b != 212500)
                    continue;
                const struct oracle_value v = oracle_value_of(&color, 8, ORACLE_Y, r, g, b, 1);
                expect("a tie is one", 2 * v.num == 105 * v.den, 1);
                expect("a tie goes up", oracle_round(v, 8), 53);
                ties++;
            }
    expect("ties exist", ties > 0, 1);
}

/* The equations as numerics print them, in long double: same value to 15 digits, same sample away from ties. */
static long double literal(int matrix, int full, int depth, int component, int r, int g, int b)
{
    const long double kr = matrix == 6 ? 0.299L : matrix == 7 ? 0.212L : matrix == 9 ? 0.2627L : 0.2126L;
    const long double kb = matrix == 6 ? 0.114L : matrix == 7 ? 0.087L : matrix == 9 ? 0.0593L : 0.0722L;
    const long double er = r / 255.0L, eg = g / 255.0L, eb = b / 255.0L, ey = kr * er + (1 - kr - kb) * eg + kb * eb;
    const long double e = component == ORACLE_Y    ? ey
                          : component == ORACLE_CB ? (eb - ey) / (2 * (1 - kb))
                                                   : (er - ey) / (2 * (1 - kr));
    const int unit = 1 << (depth - 8);
    if (full)
        return ((1 << depth) - 1) * e + (component == ORACLE_Y ? 0 : 128 * unit);
    return component == ORACLE_Y ? (219 * e + 16) * unit : (224 * e + 128) * unit;
}

static void test_literal(void)
{
    static const int matrices[] = {0, 1, 6, 7, 9};
    for (int i = 0; i < 5 * 2 * 2 * 3; i++) {
        const int matrix = matrices[i % 5], full = i / 5 % 2, depth = i / 10 % 2 ? 10 : 8, component = i / 20;
        const struct pixfer_color color = {(enum pixfer_matrix)matrix, (enum pixfer_range)full, PIXFER_SITING_LEFT};
        for (unsigned n = 0; n < 40000; n++) {
            const unsigned c = n * 2654435761u >> 8;
            const int r = c & 255, g = c >> 8 & 255, b = c >> 16;
            const long double wanted = literal(matrix, full, depth, component, r, g, b);
            const struct oracle_value v = oracle_value_of(&color, (unsigned)depth, (enum oracle_component)component, r, g, b, 1);
            expect("value", fabsl((long double)v.num / v.den - wanted) < 1e-9L, 1);
            const long double fraction = wanted + 0.5L - floorl(wanted + 0.5L);
            if (fraction > 1e-9L && fraction < 1 - 1e-9L)
                expect("sample", oracle_round(v, (unsigned)depth), (double)floorl(wanted + 0.5L));
        }
    }
}

/* The weights of the pixels around (4, 4), rows 3..5 and columns 3..5, for chroma sample (2, 2); 4:4:4 takes (4, 4) itself. */
static void test_filters(void)
{
    static const struct {
        enum pixfer_format format;
        enum pixfer_siting siting;
        int x, y, sum, weight[9];
    } filters[] = {
        {PIXFER_FORMAT_NV12, PIXFER_SITING_CENTER, 2, 2, 4, {0, 0, 0, 0, 1, 1, 0, 1, 1}},
        {PIXFER_FORMAT_NV12, PIXFER_SITING_LEFT, 2, 2, 8, {0, 0, 0, 1, 2, 1, 1, 2, 1}},
        {PIXFER_FORMAT_NV12, PIXFER_SITING_TOP_LEFT, 2, 2, 16, {1, 2, 1, 2, 4, 2, 1, 2, 1}},
        {PIXFER_FORMAT_P010, PIXFER_SITING_LEFT, 2, 2, 8, {0, 0, 0, 1, 2, 1, 1, 2, 1}},
        {PIXFER_FORMAT_I422, PIXFER_SITING_CENTER, 2, 4, 2, {0, 0, 0, 0, 1, 1, 0, 0, 0}},
        {PIXFER_FORMAT_NV16, PIXFER_SITING_LEFT, 2, 4, 4, {0, 0, 0, 1, 2, 1, 0, 0, 0}},
        {PIXFER_FORMAT_I422, PIXFER_SITING_TOP_LEFT, 2, 4, 4, {0, 0, 0, 1, 2, 1, 0, 0, 0}},
        {PIXFER_FORMAT_NV24, PIXFER_SITING_CENTER, 4, 4, 1, {0, 0, 0, 0, 1, 0, 0, 0, 0}},
        {PIXFER_FORMAT_I444, PIXFER_SITING_TOP_LEFT, 4, 4, 1, {0, 0, 0, 0, 1, 0, 0, 0, 0}},
    };
    for (unsigned i = 0; i < sizeof filters / sizeof *filters; i++)
        for (int p = 0; p < 49; p++) {
            const int px = 1 + p % 7, py = 1 + p / 7, inside = px >= 3 && px <= 5 && py >= 3 && py <= 5;
            int sum;
            const int got = oracle_filter(filters[i].format, filters[i].siting, filters[i].x, filters[i].y, px, py, &sum);
            expect("filter weight", got, inside ? filters[i].weight[(py - 3) * 3 + px - 3] : 0);
            expect("filter sum", sum, filters[i].sum);
        }
}

int main(void)
{
    test_known_values();
    test_ties();
    test_literal();
    test_filters();
    printf("%s\n", failures ? "oracle: wrong" : "oracle: ok");
    return failures != 0;
}

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* What can be pinned on this machine, and that nothing else can.
 *
 *     pins [NAME...]      the instruction sets this machine must have, best first; without any, whatever it says it has */

#include <stdio.h>
#include <string.h>

#include "convert.h"

static int failures;

static void fail(const char *what, const char *name)
{
    printf("FAIL %s: %s\n", name ? name : "NULL", what);
    failures++;
}

static bool listed(const char *name)
{
    for (const char *const *cpu = pixfer_cpu_names(); *cpu; cpu++)
        if (!strcmp(*cpu, name))
            return true;
    return false;
}

/* Opens for a pin, and converts a picture that no instruction set does in whole vectors. */
static enum pixfer_result try(const char *cpu, const char *expected)
{
    enum { WIDTH = 201, HEIGHT = 3 };
    static uint8_t in[WIDTH * HEIGHT * 4], out[WIDTH * HEIGHT * 2 + WIDTH + 4];
    struct pixfer_image src, dst;
    struct pixfer_converter_info info = PIXFER_CONVERTER_INFO();
    struct pixfer_converter *converter;
    const enum pixfer_result result = pixfer_converter_open(
        &converter, &PIXFER_CONVERTER_PARAMS(.src_format = PIXFER_FORMAT_RGBA, .dst_format = PIXFER_FORMAT_NV12, .width = WIDTH,
                                             .height = HEIGHT, .backend = PIXFER_BACKEND_CPU, .threads = 1, .cpu = cpu));
    if (result != PIXFER_OK)
        return result;
    pixfer_converter_get_info(converter, &info);
    if (strcmp(info.isa, expected))
        fail(info.isa, cpu);
    pixfer_image_layout(&src, PIXFER_FORMAT_RGBA, WIDTH, HEIGHT, in, 1);
    if (pixfer_image_layout(&dst, PIXFER_FORMAT_NV12, WIDTH, HEIGHT, out, 1) > sizeof out)
        fail("the test's buffer is too small", cpu);
    else if (pixfer_convert(converter, &src, &dst) != PIXFER_OK || out[0] != 16 || out[WIDTH * HEIGHT] != 128)
        fail("black does not become black", cpu);
    pixfer_converter_close(&converter);
    return PIXFER_OK;
}

int main(int argc, char **argv)
{
    static const char *const all[] = {"c", "simd128", "neon", "avx2", "avx512"};
    const char *const *cpus = pixfer_cpu_names();

    for (int i = 1; i < argc; i++)
        if (!cpus[i - 1] || strcmp(cpus[i - 1], argv[i])) {
            fail("expected here, not found", argv[i]);
            return 1;
        }
    if (argc > 1 && cpus[argc - 1])
        fail("not expected", cpus[argc - 1]);
    for (unsigned i = 0; i < sizeof all / sizeof *all; i++)
        if (try(all[i], all[i]) != (listed(all[i]) ? PIXFER_OK : PIXFER_ERR_UNAVAILABLE))
            fail(listed(all[i]) ? "does not open" : "opens, though this machine lacks it", all[i]);
    if (try(NULL, cpus[0]) != PIXFER_OK)
        fail("does not open", NULL);
    printf("pins: best is %s, %d failures\n", cpus[0], failures);
    return failures != 0;
}

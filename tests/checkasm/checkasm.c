/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* Every kernel of every instruction set on this machine against the C kernel, which oracle.* proves.
 *
 *     checkasm [--isa NAME] [--only PART-OF-A-KERNEL'S-NAME] [--seed N] [--step N] [--bench [--plain]]
 *
 * A kernel is named after what it does: rgba-nv12-left. A failure names the kernel, the case and the first sample that differs;
 * the same seed runs the same cases. --bench measures instead: the time of a strip of noise, or of one
 * colour with --plain, instruction sets taking turns. */

#include "checkasm.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char current[256];
static unsigned failures;

void now(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(current, sizeof current, format, arguments);
    va_end(arguments);
}

bool failed(void)
{
    if (failures++ >= 10)
        return false;
    printf("FAIL %s\n", current);
    return true;
}

/* A guard page was hit: stdio is not safe here, but nothing else is going to happen. */
static void crashed(int signal_number)
{
    printf("FAIL %s: signal %d: a byte outside the rows was touched, or an aligned access was not\n", current, signal_number);
    fflush(stdout);
    _Exit(1);
}

bool isa_wanted(const struct options *options, enum pixfer_isa isa)
{
    return pixfer_cpu_has(isa) && (!options->isa || !strcmp(options->isa, pixfer_isa_names[isa]));
}

pixfer_strip_kernel *isa_kernel(enum pixfer_isa isa, const struct pixfer_kernel_config *config)
{
    return pixfer_kernel_of(isa, config);
}

struct kernel_name kernel_name(enum pixfer_format src, enum pixfer_format dst, enum pixfer_siting siting)
{
    static const char *const sitings[] = {"left", "center", "top-left"};
    struct kernel_name name;
    snprintf(name.text, sizeof name.text, "%s-%s-%s", pixfer_format_name(src), pixfer_format_name(dst), sitings[siting]);
    return name;
}

bool name_wanted(const struct options *options, enum pixfer_format src, enum pixfer_format dst, enum pixfer_siting siting)
{
    const struct kernel_name name = kernel_name(src, dst, siting);
    return !options->only || strstr(name.text, options->only);
}

static int usage(void)
{
    fprintf(stderr, "usage: checkasm [--isa NAME] [--only PART] [--seed N] [--step N] [--bench [--plain]]\n");
    return 2;
}

static bool parse(struct options *options, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "--bench")) {
            options->bench = true;
            continue;
        }
        if (!strcmp(argv[i], "--plain")) {
            options->plain = true;
            continue;
        }
        if (i + 1 == argc)
            return false;
        if (!strcmp(argv[i], "--isa"))
            options->isa = argv[i + 1];
        else if (!strcmp(argv[i], "--only"))
            options->only = argv[i + 1];
        else if (!strcmp(argv[i], "--seed"))
            options->seed = strtoull(argv[i + 1], NULL, 0);
        else if (!strcmp(argv[i], "--step"))
            options->step = (unsigned)atoi(argv[i + 1]);
        else
            return false;
        i++;
    }
    return options->step > 0;
}

static void run(const struct options *options)
{
    printf("checkasm: seed %llu;", (unsigned long long)options->seed);
    for (enum pixfer_isa isa = PIXFER_ISA_C; isa < PIXFER_ISA_COUNT; isa++)
        if (isa_wanted(options, isa))
            printf(" %s", pixfer_isa_names[isa]);
    printf("\n");
    fflush(stdout);
    if (options->bench) {
        bench_strips(options);
        return;
    }
    const unsigned long strips = check_strips(options), pictures = check_pictures(options);
    printf("checkasm: %lu strips, %lu pictures, %u failures\n", strips, pictures, failures);
}

int main(int argc, char **argv)
{
    struct options options = {.seed = 1, .step = 1};
    bool any = false;

    if (!parse(&options, argc, argv))
        return usage();
    for (enum pixfer_isa isa = PIXFER_ISA_C; isa < PIXFER_ISA_COUNT; isa++)
        any |= isa_wanted(&options, isa);
    if (!any) {
        printf("checkasm: this machine has no %s\n", options.isa);
        return 77;
    }
    signal(SIGSEGV, crashed);
#if defined(SIGBUS)
    signal(SIGBUS, crashed);
#endif
    signal(SIGILL, crashed);
    run(&options);
    return failures != 0;
}

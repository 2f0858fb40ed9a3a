/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include <pixfer/exporter.h>
#include <string.h>

#include "args.h"
#include "cmd.h"
#include "info.h"
#include "json.h"
#include "machine.h"

enum { OPT_JSON, OPT_HELP };

static const struct arg_option options[] = {
    [OPT_JSON] = {"json", 'j', NULL, "as one JSON object"},
    [OPT_HELP] = {"help", 'h', NULL, "this text"},
    {NULL, 0, NULL, NULL},
};

static int help(void)
{
    printf("Usage: pixfer info [OPTION]...\n\n"
           "Shows the version, the processor, which instruction set converts which formats,\n"
           "and which backends and encoders are there, or why not.\n\n");
    args_print_options(stdout, options);
    return EXIT_OK;
}

static void print_instruction_sets(void)
{
    printf("Instruction sets:");
    for (const char *const *name = pixfer_cpu_names(); *name; name++)
        printf(" %s", *name);
    printf("\n");
}

static void print_present(const char *name, bool present, const char *reason)
{
    printf("  %-18s %s%s%s\n", name, present ? "yes" : "no", present ? "" : ": ", present ? "" : reason);
}

static double milliseconds(const struct transfers *t, double seconds)
{
    return seconds * 1e3 / t->frames;
}

static void print_vulkan(const struct pixfer_vulkan_times *t)
{
    printf("  vulkan: %s (%s). A 1080p frame, measured: upload %.2f ms, convert %.2f ms, read back %.2f ms\n", t->device, t->type,
           t->upload_s * 1e3, t->convert_s * 1e3, t->read_back_s * 1e3);
    printf("  vulkan: a 1080p frame on the device into host memory: convert, then read back %.2f ms (3 in flight: %.2f ms a "
           "frame);\n"
           "  read back, then convert %.2f ms; recording it takes the caller %.3f ms%s\n",
           t->convert_then_read_s * 1e3, t->in_flight_s * 1e3, t->read_then_convert_s * 1e3, t->record_s * 1e3,
           t->processor ? "; auto never takes it: the device is the processor" : "");
}

static void print_backends(void)
{
    struct info_backend all[INFO_BACKENDS];
    unsigned count = info_backends(all);
    printf("\nBackends:\n");
    for (const struct info_backend *b = all; b < all + count; b++)
        print_present(b->name, b->available, b->reason);
    for (const struct info_backend *b = all; b < all + count; b++) {
        const struct transfers *t = &b->transfers;
        if (b->measured)
            printf("  %s transfers, measured: %.2f ms for a 1080p frame, of which %.2f ms of CPU time at least and %.2f ms at "
                   "most: %s\n",
                   b->name, milliseconds(t, t->wall_s), milliseconds(t, t->cpu_s), milliseconds(t, t->process_cpu_s),
                   t->acceleration);
        if (b->vulkan.rounds)
            print_vulkan(&b->vulkan);
    }
}

static const char *isa_of(int source, int destination, int siting)
{
    const char *isa = info_isa((enum pixfer_format)source, (enum pixfer_format)destination, (enum pixfer_siting)siting);
    return isa ? isa : "-";
}

static void print_kernel_table(int siting)
{
    printf("  %-5s", "");
    for (int d = 0; (d = info_next_format(d, false));)
        printf(" %-7s", pixfer_format_name((enum pixfer_format)d));
    for (int s = 0; (s = info_next_format(s, true));) {
        printf("\n  %-5s", pixfer_format_name((enum pixfer_format)s));
        for (int d = 0; (d = info_next_format(d, false));)
            printf(" %-7s", isa_of(s, d, siting));
    }
    printf("\n");
}

/* True if siting makes no difference to what is chosen. */
static bool same_for_every_siting(void)
{
    for (int siting = PIXFER_SITING_LEFT; siting <= PIXFER_SITING_TOP_LEFT; siting++)
        for (int s = 0; (s = info_next_format(s, true));)
            for (int d = 0; (d = info_next_format(d, false));)
                if (strcmp(isa_of(s, d, siting), isa_of(s, d, PIXFER_SITING_LEFT)))
                    return false;
    return true;
}

static void print_kernels(void)
{
    if (same_for_every_siting()) {
        printf("\nKernels, the same for every siting:\n");
        print_kernel_table(PIXFER_SITING_LEFT);
        return;
    }
    for (int siting = PIXFER_SITING_LEFT; siting <= PIXFER_SITING_TOP_LEFT; siting++) {
        printf("\nKernels for %s siting:\n", pixfer_siting_name((enum pixfer_siting)siting));
        print_kernel_table(siting);
    }
}

static void print_encoders(void)
{
    printf("\n%s\nEncoders, in the order in which auto tries them:\n", pixfer_exporter_libav_versions());
    for (const char *const *name = pixfer_encoder_names(); *name; name++) {
        char reason[256] = "";
        bool works = pixfer_encoder_works(*name, reason, sizeof(reason));
        print_present(*name, works, reason);
    }
}

static void print_text(void)
{
    printf("pixfer %s, built with %s\n", pixfer_version(), machine_compiler());
    printf("CPU: %s, %u logical processors, %s\n", machine_cpu_name(), machine_processors(), machine_system());
    print_instruction_sets();
    printf("Chosen for rgba to nv12: %s\n", isa_of(PIXFER_FORMAT_RGBA, PIXFER_FORMAT_NV12, PIXFER_SITING_LEFT));
    print_backends();
    print_kernels();
    print_encoders();
}

int cmd_info(int argc, char **argv)
{
    struct args args = ARGS("info", argc, argv, options);
    bool json = false;
    for (int option; (option = args_next(&args)) != ARG_END;) {
        if (option == OPT_HELP)
            return help();
        if (option == OPT_JSON && !json_allowed(&args))
            return EXIT_USAGE;
        if (option == OPT_JSON)
            json = true;
        else if (option == ARG_OPERAND)
            return usage_error(&args, "found '%s', expected no operand", args.value);
        else
            return EXIT_USAGE;
    }
    pixfer_exporter_route_libav_log(NULL, NULL); /* what it says while encoders are tried is in the reasons */
    bool good = true;
    if (json)
        good = info_print_json(stdout);
    else
        print_text();
    return good ? EXIT_OK : failure("info", "no memory");
}

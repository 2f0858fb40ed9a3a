/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include <jansson.h>
#include <pixfer/exporter.h>
#include <string.h>

#include "args.h"
#include "cmd.h"
#include "machine.h"
#include "measure_backend.h"

enum { OPT_JSON, OPT_HELP };

static const struct arg_option options[] = {
    [OPT_JSON] = {"json", 'j', NULL, "as one JSON object"},
    [OPT_HELP] = {"help", 'h', NULL, "this text"},
    {NULL, 0, NULL, NULL},
};

static int help(void)
{
    printf("Usage: pixfer info [OPTION]...\n\n"
           "Tells the version, the processor, which instruction set converts which formats,\n"
           "and which backends and encoders are there, or why not.\n\n");
    args_print_options(stdout, options);
    return EXIT_OK;
}

/* What a converter for this pair and siting runs on; NULL if there is none. The string is one of pixfer_cpu_names(). */
static const char *chosen_isa(enum pixfer_format source, enum pixfer_format destination, enum pixfer_siting siting)
{
    struct pixfer_converter *converter;
    struct pixfer_converter_info info = PIXFER_CONVERTER_INFO();
    const char *isa = NULL;
    if (pixfer_converter_open(&converter, &PIXFER_CONVERTER_PARAMS(.src_format = source, .dst_format = destination, .width = 64,
                                                                   .height = 64, .color = {.siting = siting},
                                                                   .backend = PIXFER_BACKEND_CPU, .threads = 1)) != PIXFER_OK)
        return NULL;
    pixfer_converter_get_info(converter, &info);
    for (const char *const *name = pixfer_cpu_names(); *name; name++)
        if (!strcmp(*name, info.isa))
            isa = *name;
    pixfer_converter_close(&converter);
    return isa;
}

/* ---- JSON: everything is gathered here, and the text is printed from it --------------------------------------------------- */

static json_t *instruction_sets(void)
{
    json_t *list = json_array();
    for (const char *const *name = pixfer_cpu_names(); *name; name++)
        json_array_append_new(list, json_string(*name));
    return list;
}

/* A hardware backend is there if it also passes its self-test; what it is worth is measured, not believed. */
static json_t *backend_json(enum pixfer_backend backend)
{
    char refusal[512] = "";
    const char *missing = pixfer_backend_missing(backend), *name = pixfer_backend_name(backend);
    json_t *transfers = missing || backend == PIXFER_BACKEND_CPU ? NULL : measure_backend(backend, refusal, sizeof(refusal));
    if (!missing && *refusal)
        missing = refusal;
    json_t *json = json_pack("{s:s, s:b, s:s?}", "name", name, "available", !missing, "reason", missing);
    if (transfers)
        json_object_set_new(json, "transfers", transfers);
    return json;
}

static json_t *backends(void)
{
    json_t *list = json_array();
    for (int i = PIXFER_BACKEND_AUTO + 1; pixfer_backend_name((enum pixfer_backend)i); i++)
        json_array_append_new(list, backend_json((enum pixfer_backend)i));
    return list;
}

static json_t *encoders(void)
{
    json_t *list = json_array();
    pixfer_exporter_route_libav_log(NULL, NULL); /* what it says while encoders are tried is in the reasons */
    for (const char *const *name = pixfer_encoder_names(); *name; name++) {
        char reason[256] = "";
        int works = pixfer_encoder_works(*name, reason, sizeof(reason));
        json_array_append_new(list,
                              json_pack("{s:s, s:b, s:s?}", "name", *name, "works", works, "reason", works ? NULL : reason));
    }
    return list;
}

/* The next format of the kind behind `format`, 0 after the last. */
static int next_format(int format, bool source)
{
    while (pixfer_format_name((enum pixfer_format)++ format))
        if (is_source_format((enum pixfer_format)format) == source)
            return format;
    return 0;
}

static json_t *kernels(void)
{
    json_t *list = json_array();
    for (int siting = PIXFER_SITING_LEFT; siting <= PIXFER_SITING_TOP_LEFT; siting++)
        for (int source = 0; (source = next_format(source, true));)
            for (int destination = 0; (destination = next_format(destination, false));) {
                const char *isa =
                    chosen_isa((enum pixfer_format)source, (enum pixfer_format)destination, (enum pixfer_siting)siting);
                if (isa)
                    json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s}", "source",
                                                          pixfer_format_name((enum pixfer_format)source), "destination",
                                                          pixfer_format_name((enum pixfer_format)destination), "siting",
                                                          siting_name((enum pixfer_siting)siting), "isa", isa));
            }
    return list;
}

static json_t *gather(void)
{
    const char *best = chosen_isa(PIXFER_FORMAT_RGBA, PIXFER_FORMAT_NV12, PIXFER_SITING_LEFT);
    return json_pack("{s:s, s:s, s:o, s:o, s:s?, s:o, s:o, s:o}", "version", pixfer_version(), "libav",
                     pixfer_exporter_libav_versions(), "machine", machine_json(), "instruction_sets", instruction_sets(),
                     "chosen", best, "backends", backends(), "kernels", kernels(), "encoders", encoders());
}

/* ---- Text ---------------------------------------------------------------------------------------------------------------- */

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

static void print_list(const char *title, const json_t *list)
{
    size_t i;
    json_t *item;
    printf("%s", title);
    json_array_foreach (list, i, item)
        printf("%s%s", i ? " " : "", json_string_value(item));
    printf("\n");
}

static void print_present(const char *title, const json_t *list, const char *flag)
{
    size_t i;
    json_t *item;
    printf("\n%s:\n", title);
    json_array_foreach (list, i, item) {
        bool present = json_is_true(json_object_get(item, flag));
        printf("  %-18s %s%s%s\n", text_of(item, "name"), present ? "yes" : "no", present ? "" : ": ", text_of(item, "reason"));
    }
}

static const char *isa_of(const json_t *list, const char *source, const char *destination, const char *siting)
{
    size_t i;
    json_t *item;
    json_array_foreach (list, i, item)
        if (!strcmp(text_of(item, "source"), source) && !strcmp(text_of(item, "destination"), destination) &&
            !strcmp(text_of(item, "siting"), siting))
            return text_of(item, "isa");
    return "-";
}

static void print_kernel_table(const json_t *list, const char *siting)
{
    printf("  %-5s", "");
    for (int d = 0; (d = next_format(d, false));)
        printf(" %-7s", pixfer_format_name((enum pixfer_format)d));
    for (int s = 0; (s = next_format(s, true));) {
        const char *source = pixfer_format_name((enum pixfer_format)s);
        printf("\n  %-5s", source);
        for (int d = 0; (d = next_format(d, false));)
            printf(" %-7s", isa_of(list, source, pixfer_format_name((enum pixfer_format)d), siting));
    }
    printf("\n");
}

/* True if siting makes no difference to what was chosen. */
static bool same_for_every_siting(const json_t *list)
{
    size_t i;
    json_t *item;
    json_array_foreach (list, i, item)
        if (strcmp(text_of(item, "isa"), isa_of(list, text_of(item, "source"), text_of(item, "destination"), "left")))
            return false;
    return true;
}

static void print_kernels(const json_t *list)
{
    if (same_for_every_siting(list)) {
        printf("\nKernels, the same for every siting:\n");
        print_kernel_table(list, "left");
        return;
    }
    for (int siting = PIXFER_SITING_LEFT; siting <= PIXFER_SITING_TOP_LEFT; siting++) {
        printf("\nKernels for %s siting:\n", siting_name((enum pixfer_siting)siting));
        print_kernel_table(list, siting_name((enum pixfer_siting)siting));
    }
}

static double milliseconds(const json_t *transfers, const char *key)
{
    return json_real_value(json_object_get(transfers, key)) * 1e3 /
           (double)json_integer_value(json_object_get(transfers, "frames"));
}

static void print_transfers(const json_t *list)
{
    size_t i;
    json_t *item, *transfers;
    json_array_foreach (list, i, item)
        if ((transfers = json_object_get(item, "transfers")))
            printf("  %s transfers, measured: %.2f ms for a 1080p frame, of which %.2f ms of CPU time at least and %.2f ms at "
                   "most: %s\n",
                   text_of(item, "name"), milliseconds(transfers, "wall_s"), milliseconds(transfers, "cpu_s"),
                   milliseconds(transfers, "process_cpu_s"), text_of(transfers, "acceleration"));
}

static void print_text(const json_t *info)
{
    const json_t *machine = json_object_get(info, "machine");
    printf("pixfer %s, built with %s\n", text_of(info, "version"), text_of(machine, "compiler"));
    printf("CPU: %s, %u logical processors, %s\n", text_of(machine, "cpu"), machine_processors(), text_of(machine, "system"));
    print_list("Instruction sets: ", json_object_get(info, "instruction_sets"));
    printf("Chosen for rgba to nv12: %s\n", text_of(info, "chosen"));
    print_present("Backends", json_object_get(info, "backends"), "available");
    print_transfers(json_object_get(info, "backends"));
    print_kernels(json_object_get(info, "kernels"));
    printf("\n%s", text_of(info, "libav"));
    print_present("Encoders, in the order in which auto tries them", json_object_get(info, "encoders"), "works");
}

int cmd_info(int argc, char **argv)
{
    struct args args = ARGS("info", argc, argv, options);
    bool json = false;
    for (int option; (option = args_next(&args)) != ARG_END;) {
        if (option == OPT_HELP)
            return help();
        if (option == OPT_JSON)
            json = true;
        else if (option == ARG_OPERAND)
            return usage_error(&args, "found '%s', expected no operand", args.value);
        else
            return EXIT_USAGE;
    }
    json_t *info = gather();
    if (json && info)
        json_dumpf(info, stdout, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
    if (json)
        printf("\n");
    else if (info)
        print_text(info);
    json_decref(info);
    return info ? EXIT_OK : failure("info", "no memory");
}

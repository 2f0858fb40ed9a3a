/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include <pixfer/exporter.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "cmd.h"
#include "output.h"
#include "selftest/selftest.h"

enum { OPT_ONLY, OPT_REPORT, OPT_OVERWRITE, OPT_QUIET, OPT_HELP };

static const struct part {
    const char *name;
    void (*run)(struct selftest *t);
} parts[] = {{"kernels", selftest_kernels}, {"encoders", selftest_encoders}, {"backends", selftest_backends}};

static const struct arg_option options[] = {
    [OPT_ONLY] = {"only", 0, "PART", "kernels, encoders or backends, and nothing else"},
    [OPT_REPORT] = {"report", 0, "FILE", "write everything to FILE: .json, or .html with pictures"},
    [OPT_OVERWRITE] = {"overwrite", 'y', NULL, "replace an existing FILE"},
    [OPT_QUIET] = {"quiet", 'q', NULL, "print the last line only"},
    [OPT_HELP] = {"help", 'h', NULL, "this text"},
    {NULL, 0, NULL, NULL},
};

static const double budget_s = 100;

static int help(void)
{
    printf("Usage: pixfer selftest [OPTION]...\n\n"
           "Tries every kernel, backend and encoder of this machine against what it\n"
           "promises, in less than two minutes, and prints a line for each finding: ok,\n"
           "DIFFERS (it ran, and the result is wrong), refused (it says why), absent, note.\n"
           "The last line says what works here and what will be used. A report of it belongs\n"
           "into every bug report.\n\n"
           "Exit status: 0 nothing differs, 1 something does or the report cannot be\n"
           "written, 2 wrong usage.\n\n");
    args_print_options(stdout, options);
    return EXIT_OK;
}

static int run(const struct part *only, const char *report, bool overwrite, bool quiet)
{
    struct selftest t = {.terminal = quiet ? NULL : stdout, .started = selftest_now(), .budget_s = budget_s};
    struct output output;
    int status = report ? output_open(&output, "selftest", report, overwrite) : EXIT_OK;
    if (status)
        return status;
    setvbuf(stdout, NULL, _IOLBF, 0);
    pixfer_exporter_route_libav_log(NULL, NULL); /* what it says while encoders are tried is in the reasons */
    selftest_system(&t);
    for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
        if (!only || only == &parts[i])
            parts[i].run(&t);
    t.terminal = stdout;
    selftest_conclude(&t);
    status = t.differs ? EXIT_FAILED : EXIT_OK;
    if (report) {
        char *text = selftest_report(&t, report);
        if (!text) {
            output_discard(&output);
            status = failure("selftest", "no memory for the report");
        } else if (!output_write(&output, text, strlen(text)) || !output_commit(&output)) {
            output_discard(&output);
            status = EXIT_FAILED;
        }
        free(text);
    }
    selftest_free(&t);
    if (fflush(stdout) || ferror(stdout))
        return failure("selftest", "writing failed");
    return status;
}

static const struct part *find_part(const struct args *args)
{
    for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
        if (!strcmp(args->value, parts[i].name))
            return &parts[i];
    usage_error(args, "--only: found '%s', expected kernels, encoders or backends", args->value);
    return NULL;
}

int cmd_selftest(int argc, char **argv)
{
    struct args args = ARGS("selftest", argc, argv, options);
    const struct part *only = NULL;
    const char *report = NULL;
    bool overwrite = false, quiet = false;
    for (int option; (option = args_next(&args)) != ARG_END;) {
        if (option == OPT_HELP)
            return help();
        if (option == OPT_ONLY) {
            if (!(only = find_part(&args)))
                return EXIT_USAGE;
        } else if (option == OPT_REPORT) {
            if (!selftest_report_check(&args))
                return EXIT_USAGE;
            report = args.value;
        } else if (option == OPT_OVERWRITE)
            overwrite = true;
        else if (option == OPT_QUIET)
            quiet = true;
        else if (option == ARG_OPERAND)
            return usage_error(&args, "found '%s', expected no operand", args.value);
        else
            return EXIT_USAGE;
    }
    return run(only, report, overwrite, quiet);
}

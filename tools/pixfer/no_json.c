/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* In place of the *_json.c files, in a build without jansson. */

#include "info.h"
#include "json.h"
#include "selftest/selftest.h"
#include "stats_json.h"

bool json_allowed(const struct args *args)
{
    usage_error(args, "%s: this build has no JSON", args->name);
    return false;
}

bool info_print_json(FILE *out)
{
    (void)out;
    return false;
}

bool stats_write(const struct pixfer_exporter_stats *stats, const char *name, const char *result, struct output *output)
{
    (void)stats, (void)name, (void)result, (void)output;
    return false;
}

char *selftest_report_json(const struct selftest *t)
{
    (void)t;
    return NULL;
}

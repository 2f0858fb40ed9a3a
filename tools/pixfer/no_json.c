/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* In place of the *_json.c files, in a build without jansson. */

#include "info.h"
#include "json.h"
#include "stats_json.h"

bool json_allowed(const struct args *args)
{
    usage_error(args, "%s %s: this build has no JSON", args->name, args->value ? args->value : "");
    return false;
}

bool info_print_json(FILE *out)
{
    (void)out;
    return false;
}

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_TOOL_JSON_H
#define PIXFER_TOOL_JSON_H

/* JSON is what the *_json.c files write; a build without jansson has no_json.c in their place (PIXFER_JSON). */

#include <stdbool.h>

#include "args.h"

/* False after one line in a build without JSON; args is at the option that asks for it. */
bool json_allowed(const struct args *args);

#endif

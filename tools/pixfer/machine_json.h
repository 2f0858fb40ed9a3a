/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_TOOL_MACHINE_JSON_H
#define PIXFER_TOOL_MACHINE_JSON_H

#include <jansson.h>

/* {"cpu": ..., "processors": ..., "system": ..., "compiler": ...} */
json_t *machine_json(void);

#endif

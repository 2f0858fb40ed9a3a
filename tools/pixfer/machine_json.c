/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "machine_json.h"

#include "machine.h"

json_t *machine_json(void)
{
    return json_pack("{s:s, s:i, s:s, s:s}", "cpu", machine_cpu_name(), "processors", (int)machine_processors(), "system",
                     machine_system(), "compiler", machine_compiler());
}

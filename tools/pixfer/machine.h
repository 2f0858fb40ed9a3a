/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_TOOL_MACHINE_H
#define PIXFER_TOOL_MACHINE_H

/* What this program runs on and was built with: for `pixfer info`, and beside every measurement. */

/* "AMD EPYC 9R14", as the processor calls itself, or "unknown". */
const char *machine_cpu_name(void);

/* Logical processors that this process may use, at least 1. */
unsigned machine_processors(void);

/* "gcc 12.2.0" */
const char *machine_compiler(void);

/* "Linux 6.1.0 x86_64" */
const char *machine_system(void);

#endif

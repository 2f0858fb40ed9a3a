/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_TOOL_CMD_H
#define PIXFER_TOOL_CMD_H

/* What the tool answers to its caller; 128 + the signal's number is left to a run that a signal ended. */
enum { EXIT_OK = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_INTERRUPTED = 130 };

/* The commands. argv[0] is the command's own name; each prints its messages itself and returns the exit code. */
int cmd_export(int argc, char **argv);
int cmd_plan(int argc, char **argv);
int cmd_segment(int argc, char **argv);
int cmd_join(int argc, char **argv);
int cmd_convert(int argc, char **argv);
int cmd_info(int argc, char **argv);
int cmd_selftest(int argc, char **argv);
int cmd_bench(int argc, char **argv);

#endif

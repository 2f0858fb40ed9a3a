/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_TOOL_STREAMS_H
#define PIXFER_TOOL_STREAMS_H

/* Standard input, output and error, as a program finds and leaves them. */

/* First thing in main: arguments in UTF-8 on every system; descriptors 0 to 2 that are closed become ones that fail, so that no file that
 * is opened later takes their number and has messages written into it. */
void streams_open(int *argc, char ***argv);

/* Last thing in main: what is still on its way to standard output is written. Returns `code`, or EXIT_FAILED after a line where that
 * fails and the code was EXIT_OK. */
int streams_close(int code);

#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_SRC_PROCESS_H
#define PIXFER_SRC_PROCESS_H

/* The process as a command-line program sees it: its arguments, its streams, what asks it to end, the programs it runs. The libraries
 * need none of this. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- Start ---- */

/* Arguments in UTF-8; standard streams that carry bytes as they are; closed ones in the care of /dev/null, opened the wrong way round, so
 * that reading the first and writing the others fails. Once, first of all. */
bool pixfer_process_start(int *argc, char ***argv);
/* The end without ceremony, which a signal handler may ask for. */
_Noreturn void pixfer_process_leave(int status);

/* ---- What asks it to end ---- */

/* Ctrl-C, a request to end, a terminal that goes away: SIGINT, SIGTERM and SIGHUP, or the events of a console. `arrived` is called for
 * each at once, where only atomics, pixfer_file_unlink and pixfer_process_leave may be used, and several at once. False with errno set:
 * nothing has changed. Writing to a pipe that nobody reads, or beyond a limit, fails from here on without a signal. */
bool pixfer_interrupts_catch(void (*arrived)(void));
/* The number of the first that has arrived (SIGINT 2, SIGTERM 15; on a console 2), 0 = none. Signal handlers may ask. */
int pixfer_interrupts_first(void);
/* Waits until one has arrived since the last call, in a thread that takes no signals. False: it cannot. */
bool pixfer_interrupts_wait(void);
/* Each ends the process, `before` having been called, with the status that a shell expects. */
void pixfer_interrupts_end_process(void (*before)(void));
/* The end, by a signal, of a program whose reader has gone; also where whoever started it ignores that. */
void pixfer_interrupts_default_for_pipes(void);

/* ---- The terminal of standard error ---- */

bool pixfer_terminal_draws(void);       /* a line can be drawn over: it knows "\r" and "\033[K" */
unsigned pixfer_terminal_columns(void); /* 0 = not known */

/* ---- Other programs ---- */

/* The file of the running program, links resolved; argv[0] helps where the system does not tell. The caller frees it; NULL = not known. */
char *pixfer_process_file(const char *argv0);
/* Becomes the program `file`, or runs it to its end and leaves with its status. Comes back only if it cannot be run: an errno. */
int pixfer_process_become(const char *file, char **argv);

/* What a shared library, looked at before others of the same names, calls `symbol`; NULL with a line that says why not. It stays open. */
void *pixfer_library_own_symbol(const char *path, const char *symbol, char *why, size_t size);

struct process_result {
    int status;    /* exit status, or 128 + the signal that ended it */
    double wall_s; /* from start to end of the process */
    double cpu_s;  /* user and system time of all its threads */
    uint64_t peak_rss_bytes;
};

/* Runs a program, found by PATH, in `folder` (NULL = here); argv ends in NULL. It reads nothing, what it prints goes to the file
 * `printed` (NULL = thrown away). False if it cannot be started; status is 127 where there is no such program. */
bool pixfer_process_run(struct process_result *result, const char *folder, const char *printed, char *const argv[]);
/* Runs work(opaque, answer) in a process of its own; what it writes to `answer` is what the caller finds there. The caller has no other
 * threads. False if that is not possible or the answer is incomplete. */
bool pixfer_process_call(struct process_result *result, int (*work)(void *opaque, void *answer), void *opaque, void *answer,
                         size_t answer_size);
/* From now on what asks this process to end ends the child at work, and is remembered. */
void pixfer_process_watch(void);
bool pixfer_process_interrupted(void);

/* ---- The machine ---- */

/* "Linux 6.1.0 x86_64" */
void pixfer_system_name(char *text, size_t size);
double pixfer_system_load(void);                 /* of the last minute; below 0 = not known */
uint64_t pixfer_folder_free(const char *folder); /* bytes that may be written there; UINT64_MAX = not known */
char *pixfer_path_absolute(const char *path);    /* links resolved; the caller frees it; NULL with errno set */

#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_BENCH_CHILD_H
#define PIXFER_BENCH_CHILD_H

/* Work in a process of its own, so that its processor time and its peak of memory are its own. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct child_result {
    int status;    /* exit status, or 128 + the signal that ended it */
    double wall_s; /* from start to end of the process */
    double cpu_s;  /* user and system time of all its threads */
    uint64_t peak_rss_bytes;
};

/* Runs work(opaque, answer) in a forked process; what it wrote to answer is what the caller finds there. The caller must have no
 * threads. False if the process cannot be started or its answer is incomplete; status tells about the rest. */
bool child_call(struct child_result *result, int (*work)(void *opaque, void *answer), void *opaque, void *answer,
                size_t answer_size);

/* Runs a program, found by PATH; argv ends in NULL. It works in folder (NULL = here), what it prints goes to the file `printed`
 * there (NULL = thrown away). False if it cannot be started or fails; status is 127 where there is no such program. */
bool child_program(struct child_result *result, const char *folder, const char *printed, char *const argv[]);

/* From now on SIGINT and SIGTERM end the child at work, and are remembered; the caller cleans up and stops. */
void child_watch_signals(void);
bool child_interrupted(void);

#endif

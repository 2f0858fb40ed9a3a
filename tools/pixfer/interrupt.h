/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_TOOL_INTERRUPT_H
#define PIXFER_TOOL_INTERRUPT_H

/* SIGINT, SIGTERM and SIGHUP, as an export takes them: the first asks it to finish the file, the second to stop at once, the third
 * ends the process. Each is answered by a thread of its own, whatever the others wait for. */

#include <stdbool.h>

struct interrupt_answers {
    void (*finishing)(void *opaque); /* after the first */
    void (*stuck)(void *opaque);     /* a second after the second, where the work has not ended: the process exits after this */
    void *opaque;
    bool by_signal; /* the exit status of a process that is ended here is 128 + the first signal's number, else 130 */
};

/* `answers` has to stay. False with errno set: nothing will answer. SIGPIPE and SIGXFSZ are ignored from here on: a write that
 * fails says so. */
bool interrupt_catch(const struct interrupt_answers *answers);

/* How many there were. */
int interrupt_count(void);

/* The number of the first, 0 if there was none. */
int interrupt_signal(void);

/* The work has ended: no answer is given any more. */
void interrupt_end(void);

/* A file to be removed when the process ends by a signal; NULL = none. The text has to stay. */
void interrupt_remove(const char *path);

#endif

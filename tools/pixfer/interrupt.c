/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "interrupt.h"

#include <stdatomic.h>
#include <stddef.h>

#include "../../src/platform/files.h"
#include "../../src/platform/platform.h"
#include "../../src/platform/process.h"
#include "cmd.h"

static const double patience = 1; /* seconds */

static atomic_int count; /* handlers of several threads add to it at once */
static const char *_Atomic doomed;
static pixfer_lock mutex = PIXFER_LOCK_INIT;
static bool ended, answered;
static const struct interrupt_answers *answers;

static void leave(void)
{
    const char *path = atomic_load(&doomed);
    if (path)
        pixfer_file_unlink(path);
    pixfer_process_leave(answers->by_signal ? 128 + pixfer_interrupts_first() : EXIT_INTERRUPTED);
}

static void arrived(void)
{
    if (atomic_fetch_add(&count, 1) >= 2)
        leave();
}

/* With the mutex held. */
static void answer(void)
{
    if (!ended && !answered && atomic_load(&count))
        answers->finishing(answers->opaque);
    answered = answered || atomic_load(&count);
}

/* Holds the mutex until the process is gone, so that whoever ends the work just now adds nothing. */
static void give_up(void)
{
    pixfer_lock_take(&mutex);
    if (!ended) {
        answers->stuck(answers->opaque);
        leave();
    }
    pixfer_lock_drop(&mutex);
}

static void watch(void *opaque)
{
    (void)opaque;
    while (atomic_load(&count) < 2) {
        if (!pixfer_interrupts_wait())
            return;
        pixfer_lock_take(&mutex);
        answer();
        pixfer_lock_drop(&mutex);
    }
    pixfer_sleep(patience);
    give_up();
}

/* Signals go to the threads of the work: a system call that waits there comes back. */
static bool start_watch(void)
{
    static const struct pixfer_thread_start start = {watch, NULL};
    pixfer_thread thread;
    bool started = pixfer_thread_create_masked(&thread, &start);
    if (started)
        pixfer_thread_detach(thread);
    return started;
}

bool interrupt_catch(const struct interrupt_answers *to_give)
{
    answers = to_give;
    return pixfer_interrupts_catch(arrived) && start_watch();
}

int interrupt_signal(void)
{
    return pixfer_interrupts_first();
}

int interrupt_count(void)
{
    return atomic_load(&count);
}

void interrupt_end(void)
{
    pixfer_lock_take(&mutex);
    if (answers)
        answer(); /* the work may end before the thread has said a word */
    ended = true;
    pixfer_lock_drop(&mutex);
}

void interrupt_remove(const char *path)
{
    atomic_store(&doomed, path);
}

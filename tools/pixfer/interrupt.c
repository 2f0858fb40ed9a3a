/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE /* sigaction */
#define _DARWIN_C_SOURCE
#include "interrupt.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <unistd.h>

#include "cmd.h"

enum { PATIENCE_MS = 1000 };

static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
enum { SIGNALS = sizeof(signals) / sizeof(signals[0]) };

static atomic_int first_signal;
static atomic_int count; /* handlers of several threads add to it at once */
static int wake[2];
static const char *_Atomic doomed;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static bool ended, answered;
static const struct interrupt_answers *answers;

static void leave(void)
{
    const char *path = atomic_load(&doomed);
    if (path)
        unlink(path);
    _exit(answers->by_signal ? 128 + atomic_load(&first_signal) : EXIT_INTERRUPTED);
}

static void on_signal(int number)
{
    int error = errno, none = 0;
    char byte = 0;
    atomic_compare_exchange_strong(&first_signal, &none, number);
    if (atomic_fetch_add(&count, 1) >= 2)
        leave();
    if (write(wake[1], &byte, 1) < 0) {
        /* the pipe holds thousands, and the count is what is asked */
    }
    errno = error;
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
    pthread_mutex_lock(&mutex);
    if (!ended) {
        answers->stuck(answers->opaque);
        leave();
    }
    pthread_mutex_unlock(&mutex);
}

static void *watch(void *opaque)
{
    char byte;
    while (atomic_load(&count) < 2) {
        if (read(wake[0], &byte, 1) < 0 && errno != EINTR)
            return NULL;
        pthread_mutex_lock(&mutex);
        answer();
        pthread_mutex_unlock(&mutex);
    }
    poll(NULL, 0, PATIENCE_MS);
    give_up();
    return opaque;
}

/* Signals go to the threads of the work: a system call that waits there comes back. */
static bool start_watch(void)
{
    pthread_t thread;
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    errno = pthread_create(&thread, NULL, watch, NULL);
    bool started = !errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (started)
        pthread_detach(thread);
    return started;
}

bool interrupt_catch(const struct interrupt_answers *to_give)
{
    struct sigaction action = {.sa_handler = on_signal}, old; /* no SA_RESTART */
    if (pipe(wake))
        return false;
    for (int i = 0; i < 2; i++)
        fcntl(wake[i], F_SETFD, FD_CLOEXEC);
    fcntl(wake[1], F_SETFL, O_NONBLOCK);
    answers = to_give;
    if (!start_watch())
        return false;
    for (size_t i = 0; i < SIGNALS; i++) {
        if (signals[i] == SIGHUP && !sigaction(SIGHUP, NULL, &old) && old.sa_handler == SIG_IGN)
            continue; /* nohup; but a shell's background jobs come with SIGINT ignored, and are interrupted all the same */
        sigaction(signals[i], &action, NULL);
    }
    signal(SIGPIPE, SIG_IGN);
#ifdef SIGXFSZ
    signal(SIGXFSZ, SIG_IGN);
#endif
    return true;
}

int interrupt_signal(void)
{
    return atomic_load(&first_signal);
}

int interrupt_count(void)
{
    return atomic_load(&count);
}

void interrupt_end(void)
{
    pthread_mutex_lock(&mutex);
    if (answers)
        answer(); /* the work may end before the thread has said a word */
    ended = true;
    pthread_mutex_unlock(&mutex);
}

void interrupt_remove(const char *path)
{
    atomic_store(&doomed, path);
}

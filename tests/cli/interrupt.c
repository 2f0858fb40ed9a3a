/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* Signals beside work that never ends: a child that only waits is answered, and is gone after the second or third signal. */
#define _DEFAULT_SOURCE
#define _DARWIN_C_SOURCE
#include "interrupt.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static int failures, to_parent;

static void expect(const char *what, int found, int expected)
{
    if (found == expected)
        return;
    failures++;
    fprintf(stderr, "%s: found %d, expected %d\n", what, found, expected);
}

static void say(char letter)
{
    if (write(to_parent, &letter, 1) != 1)
        _exit(1);
}

static void finishing(void *opaque)
{
    (void)opaque;
    say('f');
}

static void stuck(void *opaque)
{
    (void)opaque;
    say('s');
}

/* The next letter of the child, 0 when it is gone. */
static int letter(int from)
{
    char c = 0;
    return read(from, &c, 1) == 1 ? c : 0;
}

static pid_t start(int *from, const char *doomed)
{
    static const struct interrupt_answers answers = {finishing, stuck, NULL, false};
    int ends[2];
    if (pipe(ends))
        exit(EXIT_FAILURE);
    pid_t pid = fork();
    if (!pid) {
        close(ends[0]);
        to_parent = ends[1];
        alarm(60);
        if (!interrupt_catch(&answers))
            _exit(1);
        interrupt_remove(doomed);
        say('r');
        for (;;)
            pause();
    }
    close(ends[1]);
    *from = ends[0];
    expect("ready", letter(*from), 'r');
    return pid;
}

static void ended(pid_t pid, const char *what)
{
    int status = 0;
    waitpid(pid, &status, 0);
    expect(what, WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status), 130);
}

int main(void)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    char doomed[] = "interrupt.XXXXXX";
    int from;
    if (mkstemp(doomed) < 0)
        return EXIT_FAILURE;
    for (int i = 0; i < 3; i++) {
        pid_t pid = start(&from, i ? NULL : doomed);
        kill(pid, signals[i]);
        expect("after the first signal", letter(from), 'f');
        kill(pid, signals[(i + 1) % 3]);
        expect("after the second signal", letter(from), 's');
        ended(pid, "exit status after two signals");
        expect("nothing more is said", letter(from), 0);
        close(from);
    }
    expect("a file that was to be removed is there", !access(doomed, F_OK), 0);
    unlink(doomed);
    for (int i = 0; i < 20; i++) { /* three at once: no answer has to come before the end */
        pid_t pid = start(&from, NULL);
        for (int j = 0; j < 3; j++)
            kill(pid, signals[j]);
        ended(pid, "exit status after three signals");
        close(from);
    }
    return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}

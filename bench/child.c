/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE /* wait4 */
#define _DARWIN_C_SOURCE
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t interrupted;
static volatile pid_t current;

static void on_signal(int number)
{
    interrupted = 1;
    if (current > 0)
        kill(current, number);
}

void child_watch_signals(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof(action));
    action.sa_handler = on_signal;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

bool child_interrupted(void)
{
    return interrupted;
}

static pid_t start_child(void)
{
    fflush(NULL); /* else both processes write what is buffered */
    pid_t pid = fork();
    if (pid) {
        current = pid;
        return pid;
    }
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    return 0;
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static double seconds(struct timeval t)
{
    return (double)t.tv_sec + (double)t.tv_usec * 1e-6;
}

static bool read_all(int fd, void *data, size_t size)
{
    size_t done = 0;
    while (done < size) {
        ssize_t got = read(fd, (char *)data + done, size - done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        done += (size_t)got;
    }
    return true;
}

static bool collect(struct child_result *result, pid_t pid, double start)
{
    struct rusage usage;
    int status;
    while (wait4(pid, &status, 0, &usage) < 0)
        if (errno != EINTR)
            return false;
    current = 0;
    result->wall_s = now() - start;
    result->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    result->cpu_s = seconds(usage.ru_utime) + seconds(usage.ru_stime);
#if defined(__APPLE__)
    result->peak_rss_bytes = (uint64_t)usage.ru_maxrss;
#else
    result->peak_rss_bytes = (uint64_t)usage.ru_maxrss * 1024;
#endif
    return true;
}

bool child_call(struct child_result *result, int (*work)(void *opaque, void *answer), void *opaque, void *answer,
                size_t answer_size)
{
    int ends[2];
    double start = now();
    memset(result, 0, sizeof(*result));
    if (pipe(ends))
        return false;
    pid_t pid = start_child();
    if (!pid) {
        close(ends[0]);
        int status = work(opaque, answer);
        fflush(NULL);
        _exit(write(ends[1], answer, answer_size) == (ssize_t)answer_size ? status : 1); /* answers fit in a pipe */
    }
    close(ends[1]);
    bool good = pid > 0 && read_all(ends[0], answer, answer_size);
    close(ends[0]);
    return pid > 0 && collect(result, pid, start) && good;
}

bool child_program(struct child_result *result, const char *folder, const char *printed, char *const argv[])
{
    double start = now();
    memset(result, 0, sizeof(*result));
    pid_t pid = start_child();
    if (!pid) {
        if (folder && chdir(folder))
            _exit(126);
        dup2(open("/dev/null", O_RDONLY), STDIN_FILENO);
        dup2(open(printed ? printed : "/dev/null", O_WRONLY | O_CREAT | O_TRUNC, 0666), STDOUT_FILENO);
        execvp(argv[0], argv);
        _exit(127);
    }
    return pid > 0 && collect(result, pid, start) && !result->status;
}

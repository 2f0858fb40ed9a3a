/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#if defined(PIXFER_WITH_EXPORTER) && !defined(_WIN32)

#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE /* wait4, realpath, getloadavg */
#elif !defined(_DARWIN_C_SOURCE)
#define _DARWIN_C_SOURCE
#endif
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "platform.h"
#include "process.h"

/* ---- Start ----------------------------------------------------------------------------------------------------------------- */

bool pixfer_process_start(int *argc, char ***argv)
{
    static const int modes[] = {O_WRONLY, O_RDONLY, O_RDONLY};
    (void)argc, (void)argv;
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 && errno == EBADF && open("/dev/null", modes[fd]) != fd)
            return false;
    return true;
}

void pixfer_process_leave(int status)
{
    _exit(status);
}

/* ---- What asks it to end --------------------------------------------------------------------------------------------------- */

static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
enum { SIGNALS = sizeof(signals) / sizeof(signals[0]) };

static int wake[2] = {-1, -1};
static void (*on_interrupt)(void);
static volatile sig_atomic_t first_interrupt;

int pixfer_interrupts_first(void)
{
    return first_interrupt;
}

static void interrupted_by(int number)
{
    int error = errno;
    char byte = 0;
    if (!first_interrupt)
        first_interrupt = number;
    on_interrupt();
    if (write(wake[1], &byte, 1) < 0) {
        /* the pipe holds thousands, and one is enough */
    }
    errno = error;
}

bool pixfer_interrupts_catch(void (*arrived)(void))
{
    struct sigaction action = {.sa_handler = interrupted_by}, old; /* no SA_RESTART */
    if (pipe(wake))
        return false;
    for (int i = 0; i < 2; i++)
        fcntl(wake[i], F_SETFD, FD_CLOEXEC);
    fcntl(wake[1], F_SETFL, O_NONBLOCK);
    on_interrupt = arrived;
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

bool pixfer_interrupts_wait(void)
{
    char byte;
    ssize_t n;
    do
        n = read(wake[0], &byte, 1);
    while (n < 0 && errno == EINTR);
    return n > 0;
}

static void (*before_end)(void);

static void end_by(int number)
{
    before_end();
    _exit(128 + number);
}

void pixfer_interrupts_end_process(void (*before)(void))
{
    struct sigaction action = {.sa_handler = end_by}, old;
    before_end = before;
    for (size_t i = 0; i < SIGNALS; i++)
        if (!sigaction(signals[i], NULL, &old) && old.sa_handler != SIG_IGN) /* nohup stays nohup */
            sigaction(signals[i], &action, NULL);
}

void pixfer_interrupts_default_for_pipes(void)
{
    signal(SIGPIPE, SIG_DFL);
}

/* ---- The terminal ---------------------------------------------------------------------------------------------------------- */

bool pixfer_terminal_draws(void)
{
    const char *terminal = getenv("TERM");
    return isatty(STDERR_FILENO) && (!terminal || strcmp(terminal, "dumb"));
}

unsigned pixfer_terminal_columns(void)
{
    struct winsize size;
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) ? 0 : size.ws_col;
}

/* ---- Other programs -------------------------------------------------------------------------------------------------------- */

/* The first of the folders of PATH that holds the program, as a shell looks for it. */
static char *resolve_by_path(const char *name)
{
    const char *path = getenv("PATH");
    char candidate[4096];
    while (path && *path) {
        size_t length = strcspn(path, ":");
        int size = snprintf(candidate, sizeof(candidate), "%.*s/%s", length ? (int)length : 1, length ? path : ".", name);
        if (size > 0 && size < (int)sizeof(candidate) && !access(candidate, X_OK))
            return realpath(candidate, NULL);
        path += length + (path[length] == ':');
    }
    return NULL;
}

char *pixfer_process_file(const char *argv0)
{
    char *file = realpath("/proc/self/exe", NULL); /* Linux; elsewhere it is where the shell found it */
    if (!file)
        file = strchr(argv0, '/') ? realpath(argv0, NULL) : resolve_by_path(argv0);
    return file;
}

int pixfer_process_become(const char *file, char **argv)
{
    execv(file, argv);
    return errno;
}

/* Address Sanitizer refuses the flag. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1
#endif
#endif
#if defined(RTLD_DEEPBIND) && !defined(__SANITIZE_ADDRESS__)
#define OWN_NAMES_FIRST RTLD_DEEPBIND
#else
#define OWN_NAMES_FIRST 0
#endif

void *pixfer_library_own_symbol(const char *path, const char *symbol, char *why, size_t size)
{
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL | OWN_NAMES_FIRST);
    void *found = library ? dlsym(library, symbol) : NULL;
    if (!library)
        snprintf(why, size, "%s", dlerror());
    else if (!found)
        snprintf(why, size, "%s exports no %s", path, symbol);
    if (library && !found)
        dlclose(library);
    return found;
}

static volatile sig_atomic_t interrupted;
static volatile pid_t current;

static void on_signal(int number)
{
    interrupted = 1;
    if (current > 0)
        kill(current, number);
}

void pixfer_process_watch(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

bool pixfer_process_interrupted(void)
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

static bool collect(struct process_result *result, pid_t pid, double start)
{
    struct rusage usage;
    int status;
    while (wait4(pid, &status, 0, &usage) < 0)
        if (errno != EINTR)
            return false;
    current = 0;
    result->wall_s = pixfer_now() - start;
    result->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    result->cpu_s = seconds(usage.ru_utime) + seconds(usage.ru_stime);
#if defined(__APPLE__)
    result->peak_rss_bytes = (uint64_t)usage.ru_maxrss;
#else
    result->peak_rss_bytes = (uint64_t)usage.ru_maxrss * 1024;
#endif
    return true;
}

bool pixfer_process_call(struct process_result *result, int (*work)(void *opaque, void *answer), void *opaque, void *answer,
                         size_t answer_size)
{
    int ends[2];
    double start = pixfer_now();
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

bool pixfer_process_run(struct process_result *result, const char *folder, const char *printed, char *const argv[])
{
    double start = pixfer_now();
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

/* ---- The machine ----------------------------------------------------------------------------------------------------------- */

void pixfer_system_name(char *text, size_t size)
{
    struct utsname system;
    if (uname(&system))
        snprintf(text, size, "unknown");
    else
        snprintf(text, size, "%.60s %.60s %.60s", system.sysname, system.release, system.machine);
}

double pixfer_system_load(void)
{
    double load;
    return getloadavg(&load, 1) == 1 ? load : -1;
}

uint64_t pixfer_folder_free(const char *folder)
{
    struct statvfs status;
    return statvfs(folder, &status) ? UINT64_MAX : (uint64_t)status.f_bavail * status.f_frsize;
}

char *pixfer_path_absolute(const char *path)
{
    return realpath(path, NULL);
}

#else
typedef int pixfer_posix_process_is_not_here; /* ISO C wants something in every file */
#endif

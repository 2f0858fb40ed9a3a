/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include <libavutil/error.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "report.h"

/* The same switch as the converter's: see PIXFER_LOG in convert.h. */
static int level_from_environment(void)
{
    static const char *const names[] = {"error", "warning", "info", "debug"};
    const char *value = getenv("PIXFER_LOG");
    for (int i = 0; value && i < 4; i++)
        if (!strcmp(value, names[i]))
            return i;
    return -1;
}

void pixfer_report_init(struct report *r, pixfer_log_callback log, void *opaque)
{
    memset(r, 0, sizeof(*r));
    r->log = log;
    r->opaque = opaque;
    r->stderr_level = level_from_environment();
    pthread_mutex_init(&r->sending, NULL);
    pthread_mutex_init(&r->mutex, NULL);
}

static void send(struct report *r, int level, const char *line)
{
    pthread_mutex_lock(&r->sending);
    if (r->log)
        r->log(r->opaque, level, line);
    else if (level <= r->stderr_level)
        fprintf(stderr, "pixfer: %s\n", line);
    pthread_mutex_unlock(&r->sending);
}

void pixfer_report_mute(struct report *r)
{
    pthread_mutex_lock(&r->sending);
    r->log = NULL;
    r->stderr_level = -1;
    pthread_mutex_unlock(&r->sending);
}

void pixfer_report_log(struct report *r, int level, const char *format, ...)
{
    char line[512];
    va_list list;
    va_start(list, format);
    vsnprintf(line, sizeof(line), format, list);
    va_end(list);
    send(r, level, line);
}

void pixfer_report_free(struct report *r)
{
    pthread_mutex_destroy(&r->sending);
    pthread_mutex_destroy(&r->mutex);
}

/* A line is written before a pointer to it is published, and never again. */
enum pixfer_result pixfer_report_fail(struct report *r, enum pixfer_result result, const char *format, ...)
{
    char line[sizeof(r->error)];
    va_list list;
    va_start(list, format);
    vsnprintf(line, sizeof(line), format, list);
    va_end(list);

    pthread_mutex_lock(&r->mutex);
    bool first = r->result == PIXFER_OK;
    if (first) {
        r->result = result;
        memcpy(r->error, line, sizeof(line));
        atomic_store(&r->line, r->error);
        atomic_store(&r->failed, true);
    }
    pthread_mutex_unlock(&r->mutex);
    if (!first)
        send(r, PIXFER_LOG_DEBUG, line);
    return result;
}

void pixfer_report_flush(struct report *r, const char *format, ...)
{
    va_list list;
    pthread_mutex_lock(&r->mutex);
    bool due = r->result != PIXFER_OK && !r->reported;
    if (due) {
        r->reported = true;
        int length = snprintf(r->complete, sizeof(r->complete), "%s", r->error);
        va_start(list, format);
        vsnprintf(r->complete + length, sizeof(r->complete) - (size_t)length, format, list);
        va_end(list);
        atomic_store(&r->line, r->complete);
    }
    pthread_mutex_unlock(&r->mutex);
    if (due)
        send(r, PIXFER_LOG_ERROR, r->complete);
}

const char *pixfer_report_error(const struct report *r)
{
    const char *line = atomic_load(&r->line);
    return line ? line : "";
}

enum pixfer_result pixfer_report_result(const struct report *r)
{
    if (atomic_load(&r->failed)) /* result is not written again after that */
        return r->result;
    return atomic_load(&r->stop) != STOP_NONE ? PIXFER_ERR_CANCELLED : PIXFER_OK;
}

void pixfer_report_stop(struct report *r, enum stop stop)
{
    int before = atomic_load(&r->stop);
    while (before < (int)stop && !atomic_compare_exchange_weak(&r->stop, &before, (int)stop)) {
    }
}

bool pixfer_report_finishing(const struct report *r)
{
    return atomic_load(&r->stop) >= STOP_FINISH || atomic_load(&r->failed);
}

bool pixfer_report_stopped(const struct report *r)
{
    return atomic_load(&r->stop) >= STOP_ABORT || atomic_load(&r->failed);
}

const char *pixfer_av_error(int error)
{
    static _Thread_local char text[AV_ERROR_MAX_STRING_SIZE];
    av_strerror(error, text, sizeof(text));
    return text;
}

static double seconds(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

double pixfer_now(void)
{
    return seconds(CLOCK_MONOTONIC);
}

double pixfer_cpu_time(void)
{
    return seconds(CLOCK_PROCESS_CPUTIME_ID);
}

double pixfer_thread_time(void)
{
    return seconds(CLOCK_THREAD_CPUTIME_ID);
}

/* Linux keeps ru_maxrss across exec: it would tell of the program that started this one. */
static uint64_t high_water_mark(void)
{
    char line[128];
    uint64_t kilobytes = 0;
    FILE *file = fopen("/proc/self/status", "r");
    while (file && fgets(line, sizeof(line), file))
        if (!strncmp(line, "VmHWM:", 6))
            kilobytes = strtoull(line + 6, NULL, 10);
    if (file)
        fclose(file);
    return kilobytes * 1024;
}

uint64_t pixfer_peak_rss(void)
{
    uint64_t bytes = high_water_mark();
    struct rusage usage;
    if (bytes || getrusage(RUSAGE_SELF, &usage))
        return bytes;
#if defined(__APPLE__)
    return (uint64_t)usage.ru_maxrss;
#else
    return (uint64_t)usage.ru_maxrss * 1024;
#endif
}
#endif

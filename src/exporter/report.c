/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include <libavutil/error.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"

void pixfer_report_init(struct report *r, pixfer_log_callback log, void *opaque)
{
    memset(r, 0, sizeof(*r));
    pixfer_lock_init(&r->sending);
    pixfer_lock_init(&r->mutex);
    if (pixfer_log_init(&r->log, log, opaque))
        pixfer_report_fail(r, PIXFER_ERR_INVALID, PIXFER_LOG_REFUSED, getenv("PIXFER_LOG"));
}

static void send(struct report *r, int level, const char *line)
{
    pixfer_lock_take(&r->sending);
    pixfer_log_send(&r->log, level, line);
    pixfer_lock_drop(&r->sending);
}

void pixfer_report_mute(struct report *r)
{
    pixfer_lock_take(&r->sending);
    r->log.callback = NULL;
    r->log.stderr_level = -1;
    pixfer_lock_drop(&r->sending);
}

void pixfer_report_log(struct report *r, int level, const char *format, ...)
{
    char line[PIXFER_LOG_LINE];
    va_list list;
    va_start(list, format);
    pixfer_log_format(line, sizeof(line), format, list);
    va_end(list);
    send(r, level, line);
}

void pixfer_report_free(struct report *r)
{
    pixfer_lock_destroy(&r->sending);
    pixfer_lock_destroy(&r->mutex);
}

/* A line is written before a pointer to it is published, and never again. */
enum pixfer_result pixfer_report_fail(struct report *r, enum pixfer_result result, const char *format, ...)
{
    char line[sizeof(r->error)];
    va_list list;
    va_start(list, format);
    pixfer_log_format(line, sizeof(line), format, list);
    va_end(list);

    pixfer_lock_take(&r->mutex);
    bool first = r->result == PIXFER_OK;
    if (first) {
        r->result = result;
        memcpy(r->error, line, sizeof(line));
        atomic_store(&r->line, r->error);
        atomic_store(&r->failed, true);
    }
    pixfer_lock_drop(&r->mutex);
    if (!first)
        send(r, PIXFER_LOG_DEBUG, line);
    return result;
}

void pixfer_report_flush(struct report *r, const char *format, ...)
{
    va_list list;
    pixfer_lock_take(&r->mutex);
    bool due = r->result != PIXFER_OK && !r->reported;
    if (due) {
        r->reported = true;
        int length = snprintf(r->complete, sizeof(r->complete), "%s", r->error);
        va_start(list, format);
        pixfer_log_format(r->complete + length, sizeof(r->complete) - (size_t)length, format, list);
        va_end(list);
        atomic_store(&r->line, r->complete);
    }
    pixfer_lock_drop(&r->mutex);
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
#endif

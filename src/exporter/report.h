/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_EXPORTER_REPORT_H
#define PIXFER_EXPORTER_REPORT_H

/* Report: the log, the first error, the wish to stop. */

#include <pixfer/common.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "../core/log.h"
#include "../platform/platform.h"

/* How an export is asked to end. It only rises: what came first is never taken back by something weaker. */
enum stop {
    STOP_NONE,
    STOP_FINISH, /* no more frames, finalise what is there */
    STOP_ABORT,  /* at once; OUT.part stays */
    STOP_CANCEL  /* at once; nothing stays */
};

struct report {
    struct pixfer_log log;
    pixfer_lock sending; /* held while a line is on its way to the log */
    pixfer_lock mutex;
    enum pixfer_result result;      /* the first error */
    char error[640], complete[768]; /* its line; and with what became of the output */
    _Atomic(const char *) line;     /* NULL, error or complete: what it points to does not change any more */
    bool reported;
    atomic_bool failed;
    atomic_int stop;
};

/* A PIXFER_LOG that is no level is the first error. */
void pixfer_report_init(struct report *r, pixfer_log_callback log, void *opaque);
void pixfer_report_free(struct report *r);
/* From now on nothing reaches the log, and nothing is on its way there. */
void pixfer_report_mute(struct report *r);
void pixfer_report_log(struct report *r, int level, const char *format, ...) PIXFER_PRINTF(3, 4);

/* Records the first error, which pixfer_report_flush logs; later ones are consequences and go to debug. Returns result. */
enum pixfer_result pixfer_report_fail(struct report *r, enum pixfer_result result, const char *format, ...) PIXFER_PRINTF(3, 4);
/* Logs the first error, once, with what became of the output; "" for nothing to add. */
void pixfer_report_flush(struct report *r, const char *format, ...) PIXFER_PRINTF(2, 3);
/* The line of the first error, "" if there is none. It stays as it is until the report is freed. */
const char *pixfer_report_error(const struct report *r);
/* OK, the first error, or CANCELLED. */
enum pixfer_result pixfer_report_result(const struct report *r);

/* Raises the wish to stop. */
void pixfer_report_stop(struct report *r, enum stop stop);
/* No more frames are wanted. */
bool pixfer_report_finishing(const struct report *r);
/* Everything is to stop at once. */
bool pixfer_report_stopped(const struct report *r);

/* FFmpeg's text for an error number; valid until this thread's next call. */
const char *pixfer_av_error(int error);

#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_EXPORTER_REPORT_H
#define PIXFER_EXPORTER_REPORT_H

/* Report: the log, the first error, the wish to stop. Clocks and memory use of the process stand here too. */

#include <pixfer/common.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#if defined(__GNUC__)
#define PIXFER_PRINTF(string, first) __attribute__((format(printf, string, first)))
#else
#define PIXFER_PRINTF(string, first)
#endif

struct report {
    pixfer_log_callback log;
    void *opaque;
    int stderr_level;
    pthread_mutex_t mutex;
    enum pixfer_result result; /* the first error */
    char error[768];
    bool told;
    atomic_bool failed, aborted, finishing, cancelled;
};

void pixfer_report_init(struct report *r, pixfer_log_callback log, void *opaque);
void pixfer_report_log(struct report *r, int level, const char *format, ...) PIXFER_PRINTF(3, 4);

/* Records the first error, which pixfer_report_tell logs; later ones are consequences and go to debug. Returns result. */
enum pixfer_result pixfer_report_fail(struct report *r, enum pixfer_result result, const char *format, ...) PIXFER_PRINTF(3, 4);
/* Logs the first error, once, with what became of the output; "" for nothing to add. */
void pixfer_report_tell(struct report *r, const char *format, ...) PIXFER_PRINTF(2, 3);

/* FFmpeg's text for an error number; valid until this thread's next call. */
const char *pixfer_av_error(int error);

double pixfer_now(void);         /* seconds, monotonic */
double pixfer_cpu_time(void);    /* of the process */
double pixfer_thread_time(void); /* of this thread */
uint64_t pixfer_peak_rss(void);

#endif

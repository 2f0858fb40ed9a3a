/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_TOOL_SELFTEST_H
#define PIXFER_TOOL_SELFTEST_H

/* `pixfer selftest`: findings about this machine, one line each on the terminal as they are made, all of them in the report. A finding
 * never ends the run: what does not work here is what the report is for. */

#include <pixfer/pixfer.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "../args.h"

enum verdict {
    VERDICT_WORKS,
    VERDICT_DIFFERS, /* it ran, and what came out is not what it promises */
    VERDICT_REFUSED, /* it says that it cannot, and why */
    VERDICT_ABSENT,  /* this build or machine does not have it */
    VERDICT_NOTE     /* a fact or a time */
};

struct finding {
    char area[24]; /* "system", "kernel avx2", "backend swscale", "encoder libx264", "choice" */
    char name[96]; /* what was looked at */
    enum verdict verdict;
    char text[480];
    double worst_luma, worst_chroma, mean; /* in steps of the destination's samples; negative = not measured */
    double ms;                             /* of one conversion or frame; negative = not measured */
    char *picture;                         /* a data: URI of what differs, or NULL; owned */
};

struct selftest {
    FILE *terminal; /* NULL = silent */
    struct finding *findings;
    size_t count, capacity;
    size_t works, differs, refused, absent;
    bool incomplete; /* memory ran out for a finding */
    double started, budget_s;
    char conclusion[480];
};

#if defined(__GNUC__)
#define SELFTEST_PRINTF(string, first) __attribute__((format(printf, string, first)))
#else
#define SELFTEST_PRINTF(string, first)
#endif

/* Appends a finding and prints its line. The pointer is valid until the next call; NULL if memory ran out. */
struct finding *selftest_add(struct selftest *t, enum verdict verdict, const char *area, const char *name, const char *format,
                             ...) SELFTEST_PRINTF(5, 6);
void selftest_free(struct selftest *t);

/* Seconds since the start of an unnamed epoch, monotonic; and whether the run has used up its time, after which tests are cut short and
 * say so. */
double selftest_now(void);
bool selftest_late(const struct selftest *t);

const char *verdict_name(enum verdict verdict);

/* The parts. */
void selftest_system(struct selftest *t);
void selftest_kernels(struct selftest *t);
void selftest_backends(struct selftest *t);
void selftest_videotoolbox(struct selftest *t);
void selftest_encoders(struct selftest *t);
/* What works here and what will be used; also the run's last line. */
void selftest_conclude(struct selftest *t);

/* The report, by the ending of its file's name: .json or .html. The text is the caller's to free; NULL if memory ran out. */
char *selftest_report(const struct selftest *t, const char *path);
char *selftest_report_json(const struct selftest *t);

/* True if the value of the option just read is such a name; prints why not. */
bool selftest_report_check(const struct args *args);

/* ---- Frames (frames.c) ---------------------------------------------------------------------------------------------------- */

struct test_frame {
    struct pixfer_image image;
    uint8_t *memory;
};

/* Rows aligned to `align` bytes. False if memory ran out. */
bool test_frame_open(struct test_frame *f, enum pixfer_format format, uint32_t width, uint32_t height, size_t align);
void test_frame_close(struct test_frame *f);
/* Smooth areas, edges, saturated colours and noise; what a wrong siting, matrix or range changes most. Any source format. */
void test_frame_draw(struct test_frame *f, uint32_t seed);

struct difference {
    double worst[2], sum[2]; /* luma, chroma */
    size_t samples[2];
};
void test_frame_compare(const struct pixfer_image *expected, const struct pixfer_image *found, struct difference *d);
double difference_mean(const struct difference *d);

/* Converts by one backend or instruction set; log receives the last line at level error, or what was fallen back from. */
struct attempt {
    enum pixfer_backend backend;
    const char *cpu;
    struct pixfer_color color;
    unsigned threads;
    double ms, open_ms; /* of the conversion and of opening the converter */
    char log[400];
};
enum pixfer_result attempt_convert(struct attempt *a, const struct pixfer_image *src, const struct pixfer_image *dst);

/* A picture of luma, or of the first chroma plane if that differs more: expected, found and eight times the difference beside each other, at most 480 pixels wide each. NULL if memory ran
 * out. */
char *difference_picture(const struct pixfer_image *expected, const struct pixfer_image *found);

#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* Faults, counters and the record of misuse. */

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "internal.h"

static struct fault {
    const char *name;
    long value, events;
} faults[] = {
    {.name = "session"},      {.name = "property"},      {.name = "format"}, {.name = "take-rgba"},   {.name = "source"},
    {.name = "transfer"},     {.name = "transfer-once"}, {.name = "status"}, {.name = "lock"},        {.name = "unlock"},
    {.name = "planes"},       {.name = "stride"},        {.name = "pool"},   {.name = "pool-memory"}, {.name = "green"},
    {.name = "swap"},         {.name = "matrix"},        {.name = "range"},  {.name = "alpha"},       {.name = "decimate"},
    {.name = "keep"},         {.name = "keep-ever"},     {.name = "spin"},   {.name = "helper"},      {.name = "sleep"},
    {.name = "shift"},        {.name = "left"},          {.name = "wide"},   {.name = "late"},        {.name = "session-null"},
    {.name = "surface-swap"},
};
enum { FAULTS = sizeof faults / sizeof *faults };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static atomic_long counters[COUNTERS];
static char first_misuse[256];

static struct fault *find(const char *name, size_t length)
{
    for (int i = 0; i < FAULTS; i++) {
        if (strlen(faults[i].name) == length && !strncmp(faults[i].name, name, length))
            return &faults[i];
    }
    return NULL;
}

/* A misspelt fault must not pass for a passed test. */
static void read_environment(void)
{
    const char *text = getenv("PIXFER_APPLE_DOUBLE");
    while (text && *text) {
        size_t length = strcspn(text, "=,");
        struct fault *fault = find(text, length);
        if (!fault) {
            fprintf(stderr, "PIXFER_APPLE_DOUBLE: no fault is called \"%.*s\"\n", (int)length, text);
            abort();
        }
        fault->value = 1;
        text += length;
        if (*text == '=')
            fault->value = strtol(text + 1, (char **)&text, 0);
        text += *text == ',';
    }
}

static CVPixelBufferRef kept;

/* Releases that are still to come, each on a thread of its own. */
static atomic_long releases;

struct release {
    CVPixelBufferRef buffer;
    long microseconds;
};

static void *release_late(void *opaque)
{
    struct release *release = opaque;
    nanosleep(&(struct timespec){release->microseconds / 1000000, release->microseconds % 1000000 * 1000}, NULL);
    CVPixelBufferRelease(release->buffer);
    free(release);
    atomic_fetch_sub(&releases, 1);
    return NULL;
}

void keep_for(CVPixelBufferRef buffer, long microseconds)
{
    struct release *release = malloc(sizeof *release);
    pthread_t thread;
    *release = (struct release){CVPixelBufferRetain(buffer), microseconds};
    atomic_fetch_add(&releases, 1);
    if (pthread_create(&thread, NULL, release_late, release))
        release_late(release);
    else
        pthread_detach(thread);
}

void double_settle(void)
{
    while (atomic_load(&releases))
        nanosleep(&(struct timespec){.tv_nsec = 200000}, NULL);
}

static void let_go(void)
{
    pthread_mutex_lock(&lock);
    CVPixelBufferRef buffer = kept;
    kept = NULL;
    pthread_mutex_unlock(&lock);
    CVPixelBufferRelease(buffer);
}

void keep_for_ever(CVPixelBufferRef buffer)
{
    pthread_mutex_lock(&lock);
    if (!kept)
        kept = CVPixelBufferRetain(buffer);
    pthread_mutex_unlock(&lock);
}

bool double_fault(const char *name, long value)
{
    pthread_once(&once, read_environment);
    if (!strcmp(name, "keep-ever") && !value)
        let_go();
    pthread_mutex_lock(&lock);
    struct fault *fault = find(name, strlen(name));
    if (fault) {
        fault->value = value;
        fault->events = 0;
    }
    pthread_mutex_unlock(&lock);
    return fault != NULL;
}

enum how { PEEK, REACHED, ONCE, TAKE };

static long ask(const char *name, enum how how)
{
    pthread_once(&once, read_environment);
    pthread_mutex_lock(&lock);
    struct fault *fault = find(name, strlen(name));
    long result = fault->value;
    if (result && how != PEEK) {
        fault->events++;
        if (how == REACHED)
            result = fault->events >= fault->value;
        else if (how == ONCE)
            result = fault->events == fault->value;
        else
            fault->value--;
    }
    pthread_mutex_unlock(&lock);
    return result;
}

long fault_value(const char *name)
{
    return ask(name, PEEK);
}

bool fault_reached(const char *name)
{
    return ask(name, REACHED);
}

bool fault_once(const char *name)
{
    return ask(name, ONCE);
}

bool fault_take(const char *name)
{
    return ask(name, TAKE);
}

void count(enum counter counter, long difference)
{
    atomic_fetch_add(&counters[counter], difference);
}

struct double_counts double_count(void)
{
    return (struct double_counts){.live = counters[COUNT_LIVE],
                                  .locked = counters[COUNT_LOCKED],
                                  .sessions = counters[COUNT_SESSIONS],
                                  .transfers = counters[COUNT_TRANSFERS],
                                  .wraps = counters[COUNT_WRAPS],
                                  .pooled = counters[COUNT_POOLED]};
}

void misuse(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    pthread_mutex_lock(&lock);
    if (!*first_misuse)
        vsnprintf(first_misuse, sizeof first_misuse, format, arguments);
    pthread_mutex_unlock(&lock);
    va_end(arguments);
}

const char *double_misuse(void)
{
    pthread_mutex_lock(&lock);
    const char *text = *first_misuse ? first_misuse : NULL;
    pthread_mutex_unlock(&lock);
    return text;
}

void double_reset(void)
{
    pthread_once(&once, read_environment);
    double_settle();
    let_go();
    pthread_mutex_lock(&lock);
    for (int i = 0; i < FAULTS; i++)
        faults[i].value = faults[i].events = 0;
    read_environment();
    *first_misuse = 0;
    pthread_mutex_unlock(&lock);
    for (int i = COUNT_SESSIONS; i < COUNTERS; i++)
        counters[i] = 0;
}

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef DOUBLE_INTERNAL_H
#define DOUBLE_INTERNAL_H

#include <VideoToolbox/VideoToolbox.h>
#include <stdatomic.h>

#include "double.h"

/* What every object begins with. A constant has refs < 0: it is never counted. */
struct object {
    atomic_long refs;
    void (*destroy)(void *object);
};

/* Zeroed, with one reference, counted as live. */
void *object_new(size_t size, void (*destroy)(void *object));

/* A CFString constant is an object with a name for messages; equality is identity. */
struct __CFString {
    struct object object;
    const char *name;
};
#define DOUBLE_STRING(constant)                                                               \
    static struct __CFString constant##_object = {.object = {.refs = -1}, .name = #constant}; \
    const CFStringRef constant = &constant##_object

/* NULL if the key is absent; not retained. */
CFTypeRef dictionary_get(CFDictionaryRef dictionary, CFStringRef key);
/* 0 if absent. */
long dictionary_number(CFDictionaryRef dictionary, CFStringRef key);

struct buffer_plane {
    uint8_t *base;
    size_t stride, width, height, bytes; /* bytes = of a row without padding */
};

struct __IOSurface {
    struct object object;
    OSType format;
    size_t width, height;
    unsigned planes;
    struct buffer_plane plane[2];
    uint8_t *memory;
};

enum { ATTACHMENTS = 8 };

struct __CVBuffer {
    struct object object;
    OSType format;
    size_t width, height;
    unsigned planes; /* 0 = packed, in plane[0] */
    struct buffer_plane plane[2];
    atomic_long locks;
    IOSurfaceRef surface; /* owns the memory, unless the caller does */
    CVPixelBufferReleaseBytesCallback release;
    void *refcon;
    CVPixelBufferPoolRef pool;
    CFStringRef attachment_key[ATTACHMENTS];
    CFTypeRef attachment[ATTACHMENTS];
};

void buffer_clear_attachments(CVPixelBufferRef buffer);
void buffer_copy_attachments(CVPixelBufferRef from, CVPixelBufferRef to);
bool format_is_packed(OSType format);
bool format_is_422(OSType format); /* two pixels in four bytes; packed, too */

/* The value of a fault, 0 = off. */
long fault_value(const char *name);
/* Counts one event of a fault whose value is N: true for the Nth and all later ones. */
bool fault_reached(const char *name);
/* Likewise, true for the Nth only. */
bool fault_once(const char *name);
/* Takes one from a fault's value if there is any left. */
bool fault_take(const char *name);

/* Retains the buffer, and releases it on a thread of its own after this long. */
void keep_for(CVPixelBufferRef buffer, long microseconds);

/* What "keep-ever" retains. */
void keep_for_ever(CVPixelBufferRef buffer);

enum counter { COUNT_LIVE, COUNT_LOCKED, COUNT_SESSIONS, COUNT_TRANSFERS, COUNT_WRAPS, COUNT_POOLED, COUNTERS };
void count(enum counter counter, long difference);

/* Records the first misuse; printf. */
__attribute__((format(printf, 1, 2))) void misuse(const char *format, ...);

#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_COMMON_H
#define PIXFER_COMMON_H

#include <stddef.h>
#include <stdint.h>

/* PIXFER_API marks what a shared library shows; everything else stays hidden. Define PIXFER_SHARED when linking against a DLL.
 * PIXFER_STATIC, when pixfer's own sources are compiled into a library of yours, shows nothing of it: compile both with
 * -DPIXFER_STATIC -fvisibility=hidden. */
#if defined(PIXFER_STATIC)
#define PIXFER_API
#elif defined(_WIN32) && defined(PIXFER_BUILD_SHARED)
#define PIXFER_API __declspec(dllexport)
#elif defined(_WIN32) && defined(PIXFER_SHARED)
#define PIXFER_API __declspec(dllimport)
#elif defined(__GNUC__)
#define PIXFER_API __attribute__((visibility("default")))
#else
#define PIXFER_API
#endif

/* Structures that may grow begin with struct_size, which says how much of one the program knows. PIXFER_SIZED makes such a
 * structure: its size set, the members named, all others zero. Designators are C, and C++ from C++20 on; older C++ sets the members
 * afterwards: auto p = PIXFER_CONVERTER_PARAMS(); p.width = 1920; PIXFER_SIZED_EMPTY names no member in any language. */
#ifndef __cplusplus
#define PIXFER_SIZED_EMPTY(type)           \
    (struct type)                          \
    {                                      \
        .struct_size = sizeof(struct type) \
    }
#define PIXFER_SIZED(type, ...)                         \
    (struct type)                                       \
    {                                                   \
        .struct_size = sizeof(struct type), __VA_ARGS__ \
    }
#else
extern "C++" {
template <typename T> inline T pixfer_sized()
{
    T sized = T();
    sized.struct_size = sizeof(T);
    return sized;
}
}
#define PIXFER_SIZED_EMPTY(type) pixfer_sized<type>()
#if __cplusplus >= 202002L || (defined(_MSVC_LANG) && _MSVC_LANG >= 202002L)
#define PIXFER_SIZED(type, ...)                  \
    type                                         \
    {                                            \
        .struct_size = sizeof(type), __VA_ARGS__ \
    }
#else
#define PIXFER_SIZED(type, ...) pixfer_sized<type>(__VA_ARGS__)
#endif
#endif

#ifdef __cplusplus
extern "C" {
#endif

/**
 * What every call that can fail answers: zero is success, negative is failure.
 * A failed call has written nothing that the caller could mistake for a result, unless its own text says so.
 */
enum pixfer_result {
    PIXFER_OK = 0,
    PIXFER_ERR_INVALID = -1,     /**< an argument is wrong; the log line says which, what was found and what was expected */
    PIXFER_ERR_UNSUPPORTED = -2, /**< the argument is meaningful, but this build or backend cannot do it */
    PIXFER_ERR_NO_MEMORY = -3,
    PIXFER_ERR_UNAVAILABLE = -4, /**< the hardware, instruction set or backend is absent here */
    PIXFER_ERR_DEVICE = -5,      /**< the hardware or its driver failed while running */
    PIXFER_ERR_IO = -6,
    PIXFER_ERR_CANCELLED = -7,
    PIXFER_ERR_AGAIN = -8 /**< nothing is wrong, but it cannot be done now without waiting */
};

/** One short English phrase for a result, also for numbers that are not in the list. Never NULL. Thread-safety: safe. */
PIXFER_API const char *pixfer_strerror(enum pixfer_result r);

/** How loud a log line is. A callback receives every line and decides by itself. */
enum pixfer_log_level { PIXFER_LOG_ERROR = 0, PIXFER_LOG_WARNING = 1, PIXFER_LOG_INFO = 2, PIXFER_LOG_DEBUG = 3 };

/**
 * Receives one line without a newline; `message` is valid during the call only.
 * Thread-safety: may be called from any thread that calls into pixfer and from its workers, so it must be thread-safe itself;
 * it must not call back into the object that logs.
 */
typedef void (*pixfer_log_callback)(void *opaque, int level, const char *message);

#ifdef __cplusplus
}
#endif
#endif

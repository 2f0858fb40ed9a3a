/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "native.h"

/* ---- Classes of pixfer._types --------------------------------------------------------------------------------------------------- */

int types_init(struct types *types)
{
    types->module = PyImport_ImportModule("pixfer._types");
    return types->module ? 0 : -1;
}

int types_traverse(struct types *types, visitproc visit, void *arg)
{
    Py_VISIT(types->module);
    return 0;
}

void types_clear(struct types *types)
{
    Py_CLEAR(types->module);
}

PyObject *types_make(const struct types *types, const char *name, PyObject *keywords)
{
    PyObject *class = NULL, *none = NULL, *made = NULL;

    if (keywords && types->module) {
        class = PyObject_GetAttrString(types->module, name);
        none = PyTuple_New(0);
        if (class && none)
            made = PyObject_Call(class, none, keywords);
    }
    Py_XDECREF(class);
    Py_XDECREF(none);
    Py_XDECREF(keywords);
    return made;
}

/* ---- Log lines ------------------------------------------------------------------------------------------------------------------ */

struct line {
    struct line *next;
    int level;
    char text[];
};

struct log_lines {
    PyObject *callback;
    int stderr_level; /* what PIXFER_LOG asks for where there is no callback; -1 = nothing */
    PyThread_type_lock lock;
    struct line *first, **last;
    unsigned count;
};

/* More lines than this wait for no one. */
enum { MOST_LINES = 10000 };

static PIXFER_THREAD_LOCAL struct call *current;

struct log_lines *log_lines_new(PyObject *callback)
{
    static const char *const levels[] = {"error", "warning", "info", "debug"};
    const char *wanted = getenv("PIXFER_LOG");
    struct log_lines *lines = PyMem_Calloc(1, sizeof(*lines));

    if (lines)
        lines->lock = PyThread_allocate_lock();
    if (!lines || !lines->lock) {
        PyMem_Free(lines);
        PyErr_NoMemory();
        return NULL;
    }
    lines->last = &lines->first;
    lines->stderr_level = -1;
    if (callback && callback != Py_None) {
        if (!PyCallable_Check(callback)) {
            PyErr_Format(PyExc_TypeError, "log: found %R, expected a callable that takes a level and a line", callback);
            log_lines_free(lines);
            return NULL;
        }
        Py_INCREF(callback);
        lines->callback = callback;
    } else if (wanted && *wanted) {
        for (int level = 0; level < 4; level++)
            if (!strcmp(wanted, levels[level]))
                lines->stderr_level = level;
        if (lines->stderr_level < 0) {
            PyErr_Format(PyExc_ValueError, "PIXFER_LOG is \"%.60s\", expected error, warning, info or debug", wanted);
            log_lines_free(lines);
            return NULL;
        }
    }
    return lines;
}

static void free_lines(struct line *line)
{
    while (line) {
        struct line *next = line->next;

        free(line);
        line = next;
    }
}

void log_lines_free(struct log_lines *lines)
{
    if (!lines)
        return;
    Py_CLEAR(lines->callback);
    free_lines(lines->first);
    PyThread_free_lock(lines->lock);
    PyMem_Free(lines);
}

int log_lines_traverse(struct log_lines *lines, visitproc visit, void *arg)
{
    if (lines)
        Py_VISIT(lines->callback);
    return 0;
}

void log_lines_clear(struct log_lines *lines)
{
    if (lines)
        Py_CLEAR(lines->callback);
}

static void write_line(void *opaque, int level, const char *message)
{
    struct log_lines *lines = opaque;
    struct call *call = current;
    struct line *line;
    size_t length = strlen(message);

    /* An error explains a call's failure; where only a warning was given, that does. */
    if (call && level <= PIXFER_LOG_WARNING && (!*call->line || level < call->level)) {
        snprintf(call->line, sizeof(call->line), "%s", message);
        call->level = level;
    }
    if (level <= lines->stderr_level)
        fprintf(stderr, "pixfer: %s\n", message);
    if (!lines->callback)
        return;
    line = malloc(sizeof(*line) + length + 1);
    if (!line)
        return;
    line->next = NULL;
    line->level = level;
    memcpy(line->text, message, length + 1);
    PyThread_acquire_lock(lines->lock, WAIT_LOCK);
    if (lines->count < MOST_LINES) {
        *lines->last = line;
        lines->last = &line->next;
        lines->count++;
        line = NULL;
    }
    PyThread_release_lock(lines->lock);
    free(line);
}

pixfer_log_callback log_lines_callback(void)
{
    return write_line;
}

int log_lines_deliver(struct log_lines *lines)
{
    /* Python's own numbers, so that the method `log` of a logging.Logger is a callback. */
    static const int levels[] = {40, 30, 20, 10};
    PyObject *type, *value, *trace, *callback = lines->callback;
    struct line *first;
    int result = 0;

    if (!callback)
        return 0;
    PyThread_acquire_lock(lines->lock, WAIT_LOCK);
    first = lines->first;
    lines->first = NULL;
    lines->last = &lines->first;
    lines->count = 0;
    PyThread_release_lock(lines->lock);
    if (!first)
        return 0;
    PyErr_Fetch(&type, &value, &trace);
    Py_INCREF(callback);
    for (struct line *line = first; line && !result; line = line->next) {
        PyObject *text = PyUnicode_DecodeUTF8(line->text, (Py_ssize_t)strlen(line->text), "replace");
        PyObject *answer = text ? PyObject_CallFunction(callback, "iO", levels[line->level & 3], text) : NULL;

        Py_XDECREF(text);
        Py_XDECREF(answer);
        result = answer ? 0 : -1;
    }
    Py_DECREF(callback);
    free_lines(first);
    if (type) {
        if (result)
            PyErr_WriteUnraisable(callback);
        PyErr_Restore(type, value, trace);
        return 0;
    }
    return result;
}

/* ---- Calls ---------------------------------------------------------------------------------------------------------------------- */

void call_begin(struct call *call, const void *owner)
{
    call->owner = owner;
    call->line[0] = 0;
    call->level = 0;
    call->raised = false;
    call->outer = current;
    current = call;
    call->thread = PyEval_SaveThread();
}

void call_end(struct call *call)
{
    PyEval_RestoreThread(call->thread);
    current = call->outer;
}

struct call *call_current(void)
{
    return current;
}

bool call_within(const void *owner)
{
    for (const struct call *call = current; call; call = call->outer)
        if (call->owner == owner)
            return true;
    return false;
}

PyObject *raise_result(const struct types *types, enum pixfer_result result, const char *line)
{
    static const char *const classes[] = {
        [-PIXFER_ERR_UNSUPPORTED] = "UnsupportedError", [-PIXFER_ERR_UNAVAILABLE] = "UnavailableError",
        [-PIXFER_ERR_DEVICE] = "DeviceError",           [-PIXFER_ERR_IO] = "OutputError",
        [-PIXFER_ERR_CANCELLED] = "CancelledError",     [-PIXFER_ERR_AGAIN] = "QueueFullError"};
    const unsigned index = (unsigned)-(int)result;
    PyObject *class, *text;

    if (!line || !*line)
        line = pixfer_strerror(result);
    text = PyUnicode_DecodeUTF8(line, (Py_ssize_t)strlen(line), "replace");
    if (!text)
        return NULL;
    if (result == PIXFER_ERR_NO_MEMORY) {
        PyErr_SetObject(PyExc_MemoryError, text);
    } else if (types->module && index < sizeof(classes) / sizeof(*classes) && classes[index]) {
        class = PyObject_GetAttrString(types->module, classes[index]);
        if (class)
            PyErr_SetObject(class, text);
        Py_XDECREF(class);
    } else {
        PyErr_SetObject(PyExc_ValueError, text);
    }
    Py_DECREF(text);
    return NULL;
}

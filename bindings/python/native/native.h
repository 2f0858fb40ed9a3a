/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_PYTHON_NATIVE_H
#define PIXFER_PYTHON_NATIVE_H

/* What both extension modules share: names, exceptions, log lines, and frames in Python objects. Everything is of the stable ABI, whose
 * buffer protocol begins with Python 3.11. */
#ifndef Py_LIMITED_API
#define Py_LIMITED_API 0x030B0000
#endif
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <pixfer/pixfer.h>
#include <stdbool.h>

#if defined(_MSC_VER)
#define PIXFER_THREAD_LOCAL __declspec(thread)
#else
#define PIXFER_THREAD_LOCAL _Thread_local
#endif

enum { LINE_SIZE = 512 };

/* ---- Names -------------------------------------------------------------------------------------------------------------------- */

/* Whether `text` is the lower-case name `known`, in any case. */
bool same_name(const char *known, const char *text);
/* Each sets an exception that names the known ones, and answers -1, where `text` is not one of them. */
int read_format(const char *text, const char *argument, enum pixfer_format *out);
int read_matrix(const char *text, enum pixfer_matrix *out);
int read_range(const char *text, enum pixfer_range *out);
int read_siting(const char *text, enum pixfer_siting *out);
int read_backend(const char *text, const char *argument, enum pixfer_backend *out);
/* The numbers of a colour by their names; each may be NULL for the default. */
int read_color(const char *matrix, const char *range, const char *siting, struct pixfer_color *out);
/* What alpha is composed over, 0xRRGGBB; nothing where `object` is NULL or None. 0, or -1 with an exception. */
int read_background(PyObject *object, enum pixfer_alpha *alpha, uint32_t *background);
/* A whole number from `least` to `most`; not bool, not float. */
int read_number(PyObject *object, const char *argument, long long least, long long most, long long *out);

/* ---- Calls of the library ----------------------------------------------------------------------------------------------------- */

/* The classes of pixfer._types: exceptions, and what calls answer. One for each module object, so that interpreters share nothing. */
struct types {
    PyObject *module;
};
int types_init(struct types *types);
int types_traverse(struct types *types, visitproc visit, void *arg);
void types_clear(struct types *types);
/* An object of the class `name`, made of `keywords`, which is stolen and may be NULL with an exception set. */
PyObject *types_make(const struct types *types, const char *name, PyObject *keywords);

/* Lines that the library logs. They come from any thread, so none calls Python: they wait until a call that can deliver them ends. */
struct log_lines;
/* `callback` is a callable that takes a level and a line, or NULL. */
struct log_lines *log_lines_new(PyObject *callback);
void log_lines_free(struct log_lines *lines);
int log_lines_traverse(struct log_lines *lines, visitproc visit, void *arg);
void log_lines_clear(struct log_lines *lines);
pixfer_log_callback log_lines_callback(void);
/* Calls the callable with what has gathered. Keeps an exception that is set; an exception of the callable's is set else, and -1. */
int log_lines_deliver(struct log_lines *lines);

/* One call of the library without the interpreter's lock. */
struct call {
    PyThreadState *thread;
    struct call *outer;
    const void *owner;    /* the object that calls */
    char line[LINE_SIZE]; /* the first error that was logged on this thread, or warning where there is no error */
    int level;
    bool raised; /* a callback has set an exception on the way */
};
void call_begin(struct call *call, const void *owner);
void call_end(struct call *call);
struct call *call_current(void);
/* Whether this thread is inside a call of `owner`: in a callback of its. */
bool call_within(const void *owner);

/* Sets the exception for a result below 0 with `line`, or the result's own words where that is "" or NULL. Answers NULL. */
PyObject *raise_result(const struct types *types, enum pixfer_result result, const char *line);

/* ---- Frames in Python objects -------------------------------------------------------------------------------------------------- */

/* The memory of an object, held as long as `views` are. */
struct planes {
    struct pixfer_image image;
    Py_buffer views[4];
    int count;
    bool mirrored; /* channels are stored the other way round: image.format is then the format of that order */
};

enum planes_use { PLANES_READ, PLANES_READ_MIRRORED /* a reversed channel axis is welcome */, PLANES_WRITE };

/* Finds the planes of a frame in `object`, without a copy. 0, or -1 with an exception and nothing held. `argument` is its name in
 * messages. */
int planes_get(struct planes *planes, PyObject *object, const char *argument, enum pixfer_format format, uint32_t width,
               uint32_t height, enum planes_use use);
void planes_release(struct planes *planes);

/* The size of the frame in `object`, from its shape or from attributes named width and height. */
int planes_size(PyObject *object, const char *argument, enum pixfer_format format, long long *width, long long *height);

/* What NumPy calls the items of a buffer of this format, in `text`. */
const char *describe_items(const char *format, Py_ssize_t size, char *text, size_t text_size);
/* "its buffer cannot be used" and why, for the exception that PyObject_GetBuffer has set. Answers -1. */
int refuse_buffer(const char *argument, PyObject *object, bool write);
/* The exception for an object that is no buffer. Answers NULL. */
PyObject *refuse_type(const char *argument, PyObject *object, const char *or_else);

/* Bytes of an item of a plane, and items that belong together there: 2 where Cb and Cr alternate, 3 or 4 for packed formats. */
void plane_unit(enum pixfer_format format, unsigned plane, int *item, int *together);
/* The letter of such an item in buffers. */
char item_letter(enum pixfer_format format);

#endif

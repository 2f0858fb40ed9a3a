/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "view.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

const struct item bytes_item = {"Bc", "uint8", 1}, pixels_item = {"IL", "uint32", 4};
static const struct item words_item = {"H", "uint16", 2}, halves_item = {"eH", "float16", 2}, floats_item = {"f", "float32", 4};

const struct item *item_of(enum pixfer_format format)
{
    switch (format) {
    case PIXFER_FORMAT_P010:
    case PIXFER_FORMAT_P012:
    case PIXFER_FORMAT_P016:
    case PIXFER_FORMAT_I010:
    case PIXFER_FORMAT_I410:
    case PIXFER_FORMAT_RGBA64:
    case PIXFER_FORMAT_GBRP10:
    case PIXFER_FORMAT_GBRP12:
    case PIXFER_FORMAT_GBRP16:
        return &words_item;
    case PIXFER_FORMAT_RGBA16F:
        return &halves_item;
    case PIXFER_FORMAT_RGB10A2:
    case PIXFER_FORMAT_BGR10A2:
        return &pixels_item;
    case PIXFER_FORMAT_GBRPF32:
        return &floats_item;
    default:
        return &bytes_item;
    }
}

char item_letter(enum pixfer_format format)
{
    return *item_of(format)->letters;
}

void plane_unit(enum pixfer_format format, unsigned plane, int *item, int *together)
{
    const unsigned planes = pixfer_format_planes(format);
    size_t row, rows;

    pixfer_plane_size(format, 1, 1, plane, &row, &rows);
    *item = item_of(format)->size;
    *together = (int)row / *item;
    if (planes == 3)
        *together = 1;
}

/* ---- Messages ------------------------------------------------------------------------------------------------------------------- */

static const char *describe_shape(const struct view *view, char *text, size_t size)
{
    size_t at = (size_t)snprintf(text, size, "(");

    for (int i = 0; i < view->dimensions; i++)
        at += (size_t)snprintf(text + at, size - at, i ? ", %zd" : "%zd", view->shape[i]);
    snprintf(text + at, size - at, view->dimensions == 1 ? ",)" : ")");
    return text;
}

const char *describe_items(const char *format, Py_ssize_t size, char *text, size_t text_size)
{
    const char *kind = format;

    while (*kind && strchr("@=<>!|", *kind))
        kind++;
    if (kind[0] && !kind[1] && strchr("bhilqn", *kind))
        snprintf(text, text_size, "%sint%d", strchr(format, '>') ? "big-endian " : "", (int)(size * 8));
    else if (kind[0] && !kind[1] && strchr("BHILQN", *kind))
        snprintf(text, text_size, "%suint%d", strchr(format, '>') ? "big-endian " : "", (int)(size * 8));
    else if (kind[0] && !kind[1] && strchr("efdg", *kind))
        snprintf(text, text_size, "float%d", (int)(size * 8));
    else if (!strcmp(kind, "?"))
        snprintf(text, text_size, "bool");
    else
        snprintf(text, text_size, "items of format '%.30s'", format);
    return text;
}

int refuse_shape(const struct view *view, enum pixfer_format format, uint32_t width, uint32_t height, const char *expected)
{
    char found[96];

    describe_shape(view, found, sizeof(found));
    PyErr_Format(PyExc_ValueError, "%s: found shape %s%s, expected %s for %ux%u %s", view->argument, found,
                 item_of(format)->size > view->buffer->itemsize ? " of uint8" : "", expected, (unsigned)width, (unsigned)height,
                 pixfer_format_name(format));
    return -1;
}

PyObject *refuse_type(const char *argument, PyObject *object, const char *or_else)
{
    PyObject *name = PyType_GetName(Py_TYPE(object));

    if (name)
        PyErr_Format(PyExc_TypeError,
                     "%s: found an object of type %.100U, expected one with the buffer protocol, such as a NumPy array%s",
                     argument, name, or_else);
    Py_XDECREF(name);
    return NULL;
}

int refuse_stride(const struct view *view, const char *what, Py_ssize_t found, Py_ssize_t expected)
{
    if (found == -expected)
        PyErr_Format(PyExc_ValueError,
                     "%s: found %s that are flipped (%zd bytes apart), expected %zd: only rows can be flipped without a copy, "
                     "numpy.ascontiguousarray makes one",
                     view->argument, what, found, expected);
    else
        PyErr_Format(PyExc_ValueError,
                     "%s: found %s that are %zd bytes apart, expected %zd: numpy.ascontiguousarray makes such a copy",
                     view->argument, what, found, expected);
    return -1;
}

/* ---- Buffers --------------------------------------------------------------------------------------------------------------------- */

/* Whether a buffer's items are those of a format, in the machine's order, or bytes. */
static bool items_are(const Py_buffer *buffer, const struct item *item)
{
    const uint16_t probe = 1;
    const bool little = *(const uint8_t *)&probe == 1;
    const char *format = buffer->format ? buffer->format : "B";
    bool native = true;

    if (*format == '@' || *format == '=' || *format == '|') {
        format++;
    } else if (*format == '<' || *format == '>' || *format == '!') {
        native = (*format == '<') == little;
        format++;
    }
    if (!*format || format[1])
        return false;
    if (buffer->itemsize == 1)
        return strchr(bytes_item.letters, *format) != NULL;
    return native && buffer->itemsize == item->size && strchr(item->letters, *format);
}

int refuse_buffer(const char *argument, PyObject *object, bool write)
{
    PyObject *type, *value, *trace;
    Py_buffer readable;

    PyErr_Fetch(&type, &value, &trace);
    if (!PyErr_GivenExceptionMatches(type, PyExc_Exception) || PyErr_GivenExceptionMatches(type, PyExc_MemoryError)) {
        PyErr_Restore(type, value, trace); /* an interrupt stays one */
        return -1;
    }
    if (write && !PyObject_GetBuffer(object, &readable, PyBUF_FULL_RO)) {
        const bool readonly = readable.readonly;

        PyBuffer_Release(&readable);
        if (readonly) {
            PyErr_Format(PyExc_ValueError, "%s: found a read-only buffer, expected a writable one", argument);
            goto done;
        }
    }
    PyErr_Clear();
    PyErr_Format(PyExc_ValueError, "%s: its buffer cannot be used: %S", argument, value ? value : type);
done:
    Py_XDECREF(type);
    Py_XDECREF(value);
    Py_XDECREF(trace);
    return -1;
}

int view_init(struct view *view, const Py_buffer *buffer, const char *argument, const struct item *item)
{
    Py_ssize_t bytes = buffer->itemsize;
    char found[64];

    *view = (struct view){buffer, argument, buffer->ndim, {0}, {0}};
    if (!items_are(buffer, item)) {
        PyErr_Format(PyExc_TypeError, "%s: found %s, expected %s", argument,
                     describe_items(buffer->format ? buffer->format : "B", buffer->itemsize, found, sizeof(found)), item->name);
        return -1;
    }
    for (int i = 0; buffer->suboffsets && i < buffer->ndim; i++) {
        if (buffer->suboffsets[i] >= 0) {
            PyErr_Format(PyExc_ValueError, "%s: found rows behind pointers, expected rows at one distance", argument);
            return -1;
        }
    }
    if (buffer->ndim < 1 || buffer->ndim > MAX_DIMENSIONS || !buffer->shape) {
        PyErr_Format(PyExc_ValueError, "%s: found %d dimensions, expected 1 to %d", argument, buffer->ndim, MAX_DIMENSIONS);
        return -1;
    }
    for (int i = buffer->ndim - 1; i >= 0; i--) {
        view->shape[i] = buffer->shape[i];
        view->stride[i] = buffer->strides ? buffer->strides[i] : bytes;
        if (view->shape[i] < 0 || (view->shape[i] && bytes > PY_SSIZE_T_MAX / view->shape[i])) {
            PyErr_Format(PyExc_ValueError, "%s: found a length of %zd, expected one that fits in memory", argument,
                         view->shape[i]);
            return -1;
        }
        bytes *= view->shape[i];
    }
    if (bytes != buffer->len) {
        PyErr_Format(PyExc_ValueError, "%s: found a buffer of %zd bytes whose shape makes %zd", argument, buffer->len, bytes);
        return -1;
    }
    if (bytes && !buffer->buf) {
        PyErr_Format(PyExc_ValueError, "%s: found a buffer without memory", argument);
        return -1;
    }
    return 0;
}
bool view_contiguous(const struct view *view)
{
    Py_ssize_t expected = view->buffer->itemsize;

    for (int i = view->dimensions - 1; i >= 0; i--) {
        if (view->shape[i] > 1 && view->stride[i] != expected)
            return false;
        expected *= view->shape[i];
    }
    return true;
}

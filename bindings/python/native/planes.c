/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "view.h"

/* Adds a buffer to those that are held. */
static int hold(struct planes *planes, PyObject *object, const char *argument, bool write)
{
    if (PyObject_GetBuffer(object, &planes->views[planes->count], write ? PyBUF_RECORDS : PyBUF_RECORDS_RO))
        return refuse_buffer(argument, object, write);
    planes->count++;
    if (write && planes->views[planes->count - 1].readonly) {
        PyErr_Format(PyExc_ValueError, "%s: found a read-only buffer, expected a writable one", argument);
        return -1;
    }
    return 0;
}

static void set_plane(struct planes *planes, unsigned plane, void *at, Py_ssize_t stride)
{
    size_t row, rows;

    pixfer_plane_size(planes->image.format, planes->image.width, planes->image.height, plane, &row, &rows);
    planes->image.plane[plane] = at;
    planes->image.stride[plane] = rows == 1 ? (ptrdiff_t)row : stride; /* where there is one row, nobody keeps its stride */
}

/* ---- Shapes ---------------------------------------------------------------------------------------------------------------------- */

static enum pixfer_format mirror(enum pixfer_format format)
{
    switch (format) {
    case PIXFER_FORMAT_RGBA:
        return PIXFER_FORMAT_ABGR;
    case PIXFER_FORMAT_ABGR:
        return PIXFER_FORMAT_RGBA;
    case PIXFER_FORMAT_BGRA:
        return PIXFER_FORMAT_ARGB;
    case PIXFER_FORMAT_ARGB:
        return PIXFER_FORMAT_BGRA;
    case PIXFER_FORMAT_RGB24:
        return PIXFER_FORMAT_BGR24;
    case PIXFER_FORMAT_BGR24:
        return PIXFER_FORMAT_RGB24;
    default:
        return PIXFER_FORMAT_NONE;
    }
}

/* Rows of `units` of `together` items each, in the last two dimensions of `view`. */
static int check_units(const struct view *view, int first, Py_ssize_t units, int together)
{
    const Py_ssize_t item = view->buffer->itemsize;

    if (together > 1 && view->stride[first + 1] != item)
        return refuse_stride(view, "channels", view->stride[first + 1], item);
    if (units > 1 && view->stride[first] != together * item)
        return refuse_stride(view, together > 1 ? "pixels" : "columns", view->stride[first], together * item);
    return 0;
}

/* A plane of its own: (rows, items), (rows, units, items of a unit), or flat; flat with padded rows where `line_size` is not 0. */
static int plane_from(struct planes *planes, const struct view *view, unsigned plane, Py_ssize_t line_size)
{
    const struct pixfer_image *image = &planes->image;
    char expected[96];
    size_t row, rows;
    int item, together, length;
    Py_ssize_t units, items;

    plane_unit(image->format, plane, &item, &together);
    pixfer_plane_size(image->format, image->width, image->height, plane, &row, &rows);
    items = (Py_ssize_t)row / view->buffer->itemsize;
    together = together * item / (int)view->buffer->itemsize;
    units = items / together;
    if (view->dimensions == 1 && line_size) {
        if (line_size < (Py_ssize_t)row || view->stride[0] != view->buffer->itemsize || view->buffer->len < (Py_ssize_t)row ||
            (rows > 1 && line_size > (view->buffer->len - (Py_ssize_t)row) / (Py_ssize_t)(rows - 1))) {
            PyErr_Format(PyExc_ValueError, "%s: found %zd bytes in lines of %zd, expected %zu lines of %zu", view->argument,
                         view->buffer->len, line_size, rows, row);
            return -1;
        }
        set_plane(planes, plane, view->buffer->buf, line_size);
        return 0;
    }
    if (view->dimensions == 1 && view->shape[0] == items * (Py_ssize_t)rows && view_contiguous(view)) {
        set_plane(planes, plane, view->buffer->buf, (Py_ssize_t)row);
        return 0;
    }
    if (view->dimensions == 2 && view->shape[0] == (Py_ssize_t)rows && view->shape[1] == items) {
        if (check_units(view, 1, items, 1))
            return -1;
    } else if (view->dimensions == 3 && together > 1 && view->shape[0] == (Py_ssize_t)rows && view->shape[1] == units &&
               view->shape[2] == together) {
        if (check_units(view, 1, units, together))
            return -1;
    } else {
        plane_unit(image->format, plane, &item, &together);
        items = (Py_ssize_t)row / item;
        length = 0;
        if (together > 1)
            length = snprintf(expected, sizeof(expected), "(%zu, %zd, %d) or ", rows, items / together, together);
        snprintf(expected + length, sizeof(expected) - (size_t)length, "(%zu, %zd)%s%s", rows, items, item > 1 ? " of " : "",
                 item > 1 ? item_of(image->format)->name : "");
        return refuse_shape(view, image->format, image->width, image->height, expected);
    }
    set_plane(planes, plane, view->buffer->buf, view->stride[0]);
    return 0;
}

/* A packed frame as (height, width, channels); YUYV and UYVY also as (height, width, 2). */
static int packed_from(struct planes *planes, const struct view *view, enum planes_use use)
{
    struct pixfer_image *image = &planes->image;
    const enum pixfer_format other = mirror(image->format);
    uint8_t *at = view->buffer->buf;
    struct view turned = *view;
    int item, together;
    size_t row, rows;

    if (view->dimensions != 3)
        return plane_from(planes, view, 0, 0);
    plane_unit(image->format, 0, &item, &together);
    if (other == PIXFER_FORMAT_NONE) {
        pixfer_plane_size(image->format, image->width, image->height, 0, &row, &rows);
        if (!pixfer_format_is_rgb(image->format) && !(image->width & 1) && view->shape[2] == 2 &&
            view->shape[1] == image->width && view->shape[0] == image->height) {
            if (check_units(view, 1, image->width, 2))
                return -1;
            set_plane(planes, 0, at, view->stride[0]);
            return 0;
        }
        return plane_from(planes, view, 0, 0);
    }
    if (view->shape[0] == image->height && view->shape[1] == image->width && view->shape[2] == together) {
        if (view->stride[2] == -1 && use == PLANES_READ_MIRRORED) {
            turned.stride[2] = 1;
            at -= together - 1;
            planes->mirrored = true;
        } else if (view->stride[2] == -1) {
            PyErr_Format(PyExc_ValueError, "%s: found reversed channels, expected them as they lie in memory: that is %s",
                         view->argument, pixfer_format_name(other));
            return -1;
        }
        if (check_units(&turned, 1, image->width, together))
            return -1;
        if (planes->mirrored)
            image->format = other;
        set_plane(planes, 0, at, view->stride[0]);
        return 0;
    }
    return plane_from(planes, view, 0, 0);
}

/* All planes in one buffer. */
static int whole_from(struct planes *planes, const struct view *view, enum planes_use use)
{
    struct pixfer_image *image = &planes->image;
    const unsigned count = pixfer_format_planes(image->format);
    const Py_ssize_t item_size = view->buffer->itemsize;
    Py_ssize_t total_rows = 0, at = 0;
    bool equal_rows = true, equal_planes = true;
    struct pixfer_image flat;
    size_t total, row, rows, first_row = 0, first_rows = 0;
    char expected[160];
    int length, item, together;

    total = pixfer_image_layout(&flat, image->format, image->width, image->height, view->buffer->buf, 1);
    if (!total) {
        PyErr_Format(PyExc_ValueError, "%s: a frame of %ux%u pixels of %s overflows memory", view->argument,
                     (unsigned)image->width, (unsigned)image->height, pixfer_format_name(image->format));
        return -1;
    }
    if (count == 1 && view->dimensions > 1)
        return packed_from(planes, view, use);
    for (unsigned plane = 0; plane < count; plane++) {
        pixfer_plane_size(image->format, image->width, image->height, plane, &row, &rows);
        if (!plane)
            first_row = row, first_rows = rows;
        total_rows += (Py_ssize_t)rows;
        equal_rows &= row == first_row;
        equal_planes &= row == first_row && rows == first_rows;
    }
    if (view->dimensions == 3 && count == 3 && equal_planes && view->shape[0] == 3 && view->shape[1] == (Py_ssize_t)first_rows &&
        view->shape[2] * item_size == (Py_ssize_t)first_row) {
        if (check_units(view, 2, view->shape[2], 1))
            return -1;
        for (unsigned plane = 0; plane < count; plane++)
            set_plane(planes, plane, (uint8_t *)view->buffer->buf + (Py_ssize_t)plane * view->stride[0], view->stride[1]);
        return 0;
    }
    if (view->dimensions == 2 && equal_rows && view->shape[0] == total_rows &&
        view->shape[1] * item_size == (Py_ssize_t)first_row) {
        if (check_units(view, 1, view->shape[1], 1))
            return -1;
        for (unsigned plane = 0; plane < count; plane++) {
            pixfer_plane_size(image->format, image->width, image->height, plane, &row, &rows);
            set_plane(planes, plane, (uint8_t *)view->buffer->buf + at * view->stride[0], view->stride[0]);
            at += (Py_ssize_t)rows;
        }
        return 0;
    }
    /* What OpenCV calls I420 is (height * 3 / 2, width), with two rows of chroma in one row of the array. */
    if (view->buffer->len == (Py_ssize_t)total && view_contiguous(view) &&
        (view->dimensions == 1 || (view->dimensions == 2 && view->shape[1] * item_size == (Py_ssize_t)first_row))) {
        *image = flat;
        return 0;
    }
    pixfer_plane_size(image->format, image->width, image->height, 0, &row, &rows);
    plane_unit(image->format, 0, &item, &together);
    length = 0;
    if (count == 1 && together > 1)
        length = snprintf(expected, sizeof(expected), "(%zu, %zd, %d)", rows, (Py_ssize_t)row / (item * together), together);
    else if (count == 3 && equal_planes)
        length = snprintf(expected, sizeof(expected), "(3, %zu, %zd)", rows, (Py_ssize_t)row / item);
    if (total % row == 0)
        length += snprintf(expected + length, sizeof(expected) - (size_t)length, "%s(%zu, %zd)", length ? " or " : "",
                           total / row, (Py_ssize_t)row / item);
    length += snprintf(expected + length, sizeof(expected) - (size_t)length, "%s(%zd,)%s%s", length ? " or " : "",
                       (Py_ssize_t)total / item, item > 1 ? " of " : "", item > 1 ? item_of(image->format)->name : "");
    if (count > 1)
        snprintf(expected + length, sizeof(expected) - (size_t)length, ", contiguous, or a tuple of %u planes", count);
    return refuse_shape(view, image->format, image->width, image->height, expected);
}

/* ---- Objects --------------------------------------------------------------------------------------------------------------------- */

/* An attribute, or NULL without an exception. */
static PyObject *attribute(PyObject *object, const char *name)
{
    PyObject *value = PyObject_GetAttrString(object, name);

    if (!value && PyErr_ExceptionMatches(PyExc_Exception))
        PyErr_Clear();
    return value;
}

/* A number above 0 in an attribute, 0 if there is none. */
static long long attribute_number(PyObject *object, const char *name)
{
    PyObject *value = attribute(object, name);
    long long number = 0;

    if (value && PyLong_Check(value))
        number = PyLong_AsLongLong(value);
    if (PyErr_Occurred())
        PyErr_Clear();
    Py_XDECREF(value);
    return number > 0 ? number : 0;
}

/* Objects of FFmpeg's name their format and size: those must be right. */
static int check_frame(PyObject *frame, const char *argument, const struct pixfer_image *image)
{
    static const char *const names[][2] = {{"yuv420p", "i420"}, {"yuvj420p", "i420"}, {"yuv422p", "i422"}, {"yuvj422p", "i422"},
                                           {"yuv444p", "i444"}, {"yuvj444p", "i444"}, {"yuyv422", "yuyv"}, {"uyvy422", "uyvy"}};
    static const char *const order = PY_LITTLE_ENDIAN ? "le" : "be"; /* ends the names of formats with longer items */
    const long long width = attribute_number(frame, "width"), height = attribute_number(frame, "height");
    PyObject *format = attribute(frame, "format"), *name = format ? attribute(format, "name") : NULL;
    const char *text = name && PyUnicode_Check(name) ? PyUnicode_AsUTF8AndSize(name, NULL) : NULL, *known = text;
    const size_t length = text ? strlen(text) : 0;
    char native[16];
    int result = 0;

    if (length > 2 && length < sizeof(native) + 2 && !strcmp(text + length - 2, order)) {
        snprintf(native, sizeof(native), "%.*s", (int)length - 2, text);
        known = native;
    }
    for (size_t i = 0; text && i < sizeof(names) / sizeof(*names); i++)
        if (!strcmp(text, names[i][0]))
            known = names[i][1];
    if (PyErr_Occurred())
        PyErr_Clear();
    if (width && height && (width != image->width || height != image->height)) {
        PyErr_Format(PyExc_ValueError, "%s: found a frame of %lldx%lld, expected %ux%u", argument, width, height,
                     (unsigned)image->width, (unsigned)image->height);
        result = -1;
    } else if (known && pixfer_format_from_name(known) != image->format) {
        PyErr_Format(PyExc_ValueError, "%s: found a frame of %.40s, expected %s", argument, text,
                     pixfer_format_name(image->format));
        result = -1;
    }
    Py_XDECREF(name);
    Py_XDECREF(format);
    return result;
}

static int from_sequence(struct planes *planes, PyObject *sequence, const char *argument, enum planes_use use)
{
    const unsigned count = pixfer_format_planes(planes->image.format);
    PyObject *tuple = PySequence_Tuple(sequence);
    int result = 0;

    if (!tuple)
        return -1;
    if (PyTuple_Size(tuple) != (Py_ssize_t)count) {
        PyErr_Format(PyExc_ValueError, "%s: found %zd planes, expected %u for %s", argument, PyTuple_Size(tuple), count,
                     pixfer_format_name(planes->image.format));
        result = -1;
    }
    for (unsigned plane = 0; !result && plane < count; plane++) {
        PyObject *object = PyTuple_GetItem(tuple, (Py_ssize_t)plane);
        char name[64];
        struct view view;

        snprintf(name, sizeof(name), "%s[%u]", argument, plane);
        if (!PyObject_CheckBuffer(object)) {
            refuse_type(name, object, "");
            result = -1;
        } else if (hold(planes, object, name, use == PLANES_WRITE) ||
                   view_init(&view, &planes->views[planes->count - 1], name, item_of(planes->image.format)) ||
                   (count == 1 && view.dimensions == 3
                        ? packed_from(planes, &view, use)
                        : plane_from(planes, &view, plane, (Py_ssize_t)attribute_number(object, "line_size")))) {
            result = -1;
        }
    }
    Py_DECREF(tuple);
    return result;
}

/* Pillow's images have no buffer protocol, but give their pixels as bytes: `data` of __array_interface__. */
static int from_array_interface(struct planes *planes, PyObject *interface, const char *argument, enum planes_use use)
{
    PyObject *data = PyMapping_GetItemString(interface, "data"), *shape = PyMapping_GetItemString(interface, "shape");
    PyObject *strides = PyMapping_GetItemString(interface, "strides");
    PyObject *type = PyMapping_GetItemString(interface, "typestr"), *tuple = shape ? PySequence_Tuple(shape) : NULL;
    const char *kind = type && PyUnicode_Check(type) ? PyUnicode_AsUTF8AndSize(type, NULL) : NULL;
    Py_ssize_t lengths[MAX_DIMENSIONS];
    Py_buffer made;
    struct view view;
    int result = -1, dimensions = tuple ? (int)PyTuple_Size(tuple) : 0;

    PyErr_Clear();
    if (!data || !kind || (strides && strides != Py_None) || dimensions < 1 || dimensions > MAX_DIMENSIONS ||
        !PyObject_CheckBuffer(data)) {
        PyErr_Format(PyExc_TypeError,
                     "%s: found an array interface that is not one block of bytes, expected an object with the buffer protocol",
                     argument);
    } else if (strlen(kind) != 3 || strcmp(kind + 1, "u1") != 0) {
        PyErr_Format(PyExc_TypeError, "%s: found items of type '%.20s', expected uint8", argument, kind);
    } else if (!hold(planes, data, argument, false)) {
        made = planes->views[planes->count - 1];
        made.ndim = dimensions;
        made.shape = lengths;
        made.strides = NULL;
        for (int i = 0; i < dimensions; i++)
            lengths[i] = PyLong_AsSsize_t(PyTuple_GetItem(tuple, i));
        if (!PyErr_Occurred() && !view_init(&view, &made, argument, &bytes_item))
            result = whole_from(planes, &view, use);
    }
    Py_XDECREF(data);
    Py_XDECREF(strides);
    Py_XDECREF(shape);
    Py_XDECREF(type);
    Py_XDECREF(tuple);
    return result;
}

static int from_object(struct planes *planes, PyObject *object, const char *argument, enum planes_use use)
{
    PyObject *inner;
    struct view view;
    int result;

    if (PyTuple_Check(object) || PyList_Check(object))
        return from_sequence(planes, object, argument, use);
    if (PyObject_CheckBuffer(object)) {
        if (hold(planes, object, argument, use == PLANES_WRITE) ||
            view_init(&view, &planes->views[0], argument, item_of(planes->image.format)))
            return -1;
        return whole_from(planes, &view, use);
    }
    inner = attribute(object, "planes");
    if (inner) {
        result = check_frame(object, argument, &planes->image) || from_sequence(planes, inner, argument, use) ? -1 : 0;
        Py_DECREF(inner);
        return result;
    }
    inner = use == PLANES_WRITE || PyErr_Occurred() ? NULL : attribute(object, "__array_interface__");
    if (inner) {
        result = from_array_interface(planes, inner, argument, use);
        Py_DECREF(inner);
        return result;
    }
    if (!PyErr_Occurred())
        refuse_type(argument, object, ", or a tuple of planes");
    return -1;
}

int planes_get(struct planes *planes, PyObject *object, const char *argument, enum pixfer_format format, uint32_t width,
               uint32_t height, enum planes_use use)
{
    *planes = (struct planes){.image = {.format = format, .width = width, .height = height}};
    if (!from_object(planes, object, argument, use))
        return 0;
    planes_release(planes);
    return -1;
}

void planes_release(struct planes *planes)
{
    while (planes->count)
        PyBuffer_Release(&planes->views[--planes->count]);
}

int planes_size(PyObject *object, const char *argument, enum pixfer_format format, long long *width, long long *height)
{
    const bool packed = pixfer_format_planes(format) == 1;
    PyObject *plane = NULL;
    Py_buffer buffer;
    bool found = true;

    *width = attribute_number(object, "width");
    *height = attribute_number(object, "height");
    if (*width && *height)
        return 0;
    if ((PyTuple_Check(object) || PyList_Check(object)) && PySequence_Size(object) > 0)
        plane = PySequence_GetItem(object, 0);
    if (!PyObject_CheckBuffer(plane ? plane : object) || PyObject_GetBuffer(plane ? plane : object, &buffer, PyBUF_RECORDS_RO)) {
        PyErr_Clear();
        found = false;
    } else {
        if (buffer.shape && buffer.ndim == 3 && packed) {
            *height = buffer.shape[0];
            *width = buffer.shape[1];
            if (!pixfer_format_is_rgb(format) && buffer.shape[2] == 4)
                *width *= 2;
        } else if (buffer.shape && buffer.ndim == 2 && packed && item_of(format) == &pixels_item && buffer.itemsize == 4) {
            *height = buffer.shape[0];
            *width = buffer.shape[1];
        } else if (buffer.shape && buffer.ndim == 3 && !plane && pixfer_format_planes(format) == 3) {
            *height = buffer.shape[1];
            *width = buffer.shape[2];
        } else if (buffer.shape && buffer.ndim == 2 && plane && !packed) {
            *height = buffer.shape[0];
            *width = buffer.shape[1];
        } else {
            found = false;
        }
        PyBuffer_Release(&buffer);
    }
    Py_XDECREF(plane);
    if (!found) {
        if (!PyObject_CheckBuffer(object) && !PyTuple_Check(object) && !PyList_Check(object))
            refuse_type(argument, object, ", or a tuple of planes");
        else
            PyErr_Format(PyExc_ValueError, "%s: its shape does not tell the size of a frame of %s: give width and height",
                         argument, pixfer_format_name(format));
        return -1;
    }
    if (*width < 1 || *height < 1 || *width > UINT32_MAX || *height > UINT32_MAX) {
        PyErr_Format(PyExc_ValueError, "%s: found a frame of %lldx%lld, expected at least 1x1", argument, *width, *height);
        return -1;
    }
    return 0;
}

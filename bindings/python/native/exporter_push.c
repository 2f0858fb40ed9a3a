/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include <string.h>

#include "exporter.h"

static PyObject *push(struct exporter *self, PyObject *arguments, PyObject *keywords, bool wait)
{
    static char *names[] = {"frame", "pts", NULL};
    PyObject *frame, *pts_object = NULL;
    enum pixfer_result result;
    struct planes planes;
    struct call call;
    long long pts = self->next_pts;
    int failed;

    if (!PyArg_ParseTupleAndKeywords(arguments, keywords, wait ? "O|O:push" : "O|O:try_push", names, &frame, &pts_object) ||
        !exporter_usable(self))
        return NULL;
    if (given(pts_object)) {
        if (read_number(pts_object, "pts", INT64_MIN, INT64_MAX, &pts))
            return NULL;
    } else if (self->own_times) {
        PyErr_SetString(PyExc_ValueError, "pts: found none, expected a time in units of time_base");
        return NULL;
    }
    exporter_use(self);
    failed = planes_get(&planes, frame, "frame", self->format, self->width, self->height, PLANES_READ);
    if (!failed && !exporter_usable(self)) { /* taking the frame may have run code of the caller's */
        planes_release(&planes);
        failed = -1;
    }
    if (failed) {
        exporter_unuse(self);
        return NULL;
    }
    call_begin(&call, self);
    result = (wait ? pixfer_exporter_push : pixfer_exporter_try_push)(self->e, &planes.image, pts);
    call_end(&call);
    planes_release(&planes);
    if (result == PIXFER_OK)
        self->next_pts = pts < INT64_MAX ? pts + 1 : pts;
    failed = exporter_conclude(self, &call, result == PIXFER_ERR_AGAIN ? PIXFER_OK : result);
    exporter_unuse(self);
    if (failed)
        return NULL;
    if (wait)
        Py_RETURN_NONE;
    return PyBool_FromLong(result == PIXFER_OK);
}

PyObject *exporter_push(PyObject *object, PyObject *arguments, PyObject *keywords)
{
    return push((struct exporter *)object, arguments, keywords, true);
}

PyObject *exporter_try_push(PyObject *object, PyObject *arguments, PyObject *keywords)
{
    return push((struct exporter *)object, arguments, keywords, false);
}

/* The number of samples for each channel in `buffer`, or -1 with an exception. */
static Py_ssize_t check_samples(const struct exporter *self, const Py_buffer *buffer)
{
    const char *format = buffer->format ? buffer->format : "B",
               *kind = format + (*format == '@' || *format == '=' || *format == '|');
    const Py_ssize_t channels = (Py_ssize_t)self->channels;
    char found[64];

#if PY_LITTLE_ENDIAN
    kind += kind == format && *format == '<';
#else
    kind += kind == format && (*format == '>' || *format == '!');
#endif
    if (strcmp(kind, "f") != 0 || buffer->itemsize != 4) {
        PyErr_Format(PyExc_TypeError, "samples: found %s, expected float32 from -1 to 1",
                     describe_items(format, buffer->itemsize, found, sizeof(found)));
        return -1;
    }
    if (!channels) {
        PyErr_SetString(PyExc_ValueError, "samples: found audio, expected none: the exporter was made without sample_rate");
        return -1;
    }
    if (!PyBuffer_IsContiguous(buffer, 'C')) {
        PyErr_SetString(PyExc_ValueError, "samples: found an array with gaps or in another order, expected channels interleaved: "
                                          "numpy.ascontiguousarray makes such a copy");
        return -1;
    }
    if (buffer->ndim == 2 && buffer->shape && buffer->shape[1] == channels)
        return buffer->shape[0];
    if (buffer->ndim == 1 && buffer->len / 4 % channels == 0)
        return buffer->len / 4 / channels;
    if (buffer->ndim == 2 && buffer->shape)
        PyErr_Format(PyExc_ValueError, "samples: found shape (%zd, %zd), expected (samples, %zd)", buffer->shape[0],
                     buffer->shape[1], channels);
    else
        PyErr_Format(PyExc_ValueError, "samples: found %zd numbers in %d dimensions, expected (samples, %zd)", buffer->len / 4,
                     buffer->ndim, channels);
    return -1;
}

PyObject *exporter_push_audio(PyObject *object, PyObject *arguments, PyObject *keywords)
{
    static char *names[] = {"samples", "pts", NULL};
    static const float nothing = 0;
    struct exporter *self = (struct exporter *)object;
    PyObject *samples, *pts_object = NULL;
    enum pixfer_result result;
    struct call call;
    Py_buffer buffer;
    Py_ssize_t count;
    long long pts = 0;
    const float *data;
    int failed;

    if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "O|O:push_audio", names, &samples, &pts_object) ||
        !exporter_usable(self) || (given(pts_object) && read_number(pts_object, "pts", INT64_MIN, INT64_MAX, &pts)))
        return NULL;
    if (!PyObject_CheckBuffer(samples))
        return refuse_type("samples", samples, "");
    exporter_use(self);
    if (PyObject_GetBuffer(samples, &buffer, PyBUF_RECORDS_RO)) {
        refuse_buffer("samples", samples, false);
        exporter_unuse(self);
        return NULL;
    }
    count = check_samples(self, &buffer);
    if (count < 0 || !exporter_usable(self)) {
        PyBuffer_Release(&buffer);
        exporter_unuse(self);
        return NULL;
    }
    data = buffer.buf ? buffer.buf : &nothing;
    call_begin(&call, self);
    result = given(pts_object) ? pixfer_exporter_push_audio_at(self->e, data, (size_t)count, pts)
                               : pixfer_exporter_push_audio(self->e, data, (size_t)count);
    call_end(&call);
    PyBuffer_Release(&buffer);
    failed = exporter_conclude(self, &call, result);
    exporter_unuse(self);
    if (failed)
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *at_time(struct exporter *self, PyObject *pts_object,
                         enum pixfer_result (*function)(struct pixfer_exporter *e, int64_t pts))
{
    enum pixfer_result result;
    struct call call;
    long long pts;
    int failed;

    if (!exporter_usable(self) || read_number(pts_object, "pts", INT64_MIN, INT64_MAX, &pts))
        return NULL;
    exporter_use(self);
    call_begin(&call, self);
    result = function(self->e, pts);
    call_end(&call);
    failed = exporter_conclude(self, &call, result);
    exporter_unuse(self);
    if (failed)
        return NULL;
    Py_RETURN_NONE;
}

PyObject *exporter_pause(PyObject *object, PyObject *pts)
{
    return at_time((struct exporter *)object, pts, pixfer_exporter_pause);
}

PyObject *exporter_resume(PyObject *object, PyObject *pts)
{
    return at_time((struct exporter *)object, pts, pixfer_exporter_resume);
}

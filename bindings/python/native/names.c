/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include <string.h>

#include "native.h"

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool same_name(const char *known, const char *text)
{
    while (*known && *known == lower(*text))
        known++, text++;
    return !*known && !*text;
}

static int refuse_name(const char *argument, const char *text, const char *expected)
{
    PyErr_Format(PyExc_ValueError, "%s: found '%.60s', expected %s", argument, text, expected);
    return -1;
}

/* Into a list with commas, as long as there is room. */
static void add_name(char *list, size_t size, const char *name)
{
    if (strlen(list) + strlen(name) + 3 < size)
        strcat(strcat(list, *list ? ", " : ""), name);
}

int read_format(const char *text, const char *argument, enum pixfer_format *out)
{
    const char *name;
    char known[320] = "";

    *out = pixfer_format_from_name(text);
    if (*out != PIXFER_FORMAT_NONE)
        return 0;
    for (int i = PIXFER_FORMAT_NONE + 1; (name = pixfer_format_name((enum pixfer_format)i)); i++)
        add_name(known, sizeof(known), name);
    PyErr_Format(PyExc_ValueError, "%s: found '%.60s', expected one of %s", argument, text, known);
    return -1;
}

int read_matrix(const char *text, enum pixfer_matrix *out)
{
    return pixfer_matrix_from_name(text, out) ? 0 : refuse_name("matrix", text, "bt709, bt601, smpte240m or bt2020");
}

int read_range(const char *text, enum pixfer_range *out)
{
    return pixfer_range_from_name(text, out) ? 0 : refuse_name("range", text, "limited or full");
}

int read_siting(const char *text, enum pixfer_siting *out)
{
    return pixfer_siting_from_name(text, out) ? 0 : refuse_name("siting", text, "left, center or top-left");
}

int read_backend(const char *text, const char *argument, enum pixfer_backend *out)
{
    const char *name;
    char known[160] = "";

    for (int i = 0; (name = pixfer_backend_name((enum pixfer_backend)i)); i++) {
        if (same_name(name, text)) {
            *out = (enum pixfer_backend)i;
            return 0;
        }
        add_name(known, sizeof(known), name);
    }
    PyErr_Format(PyExc_ValueError, "%s: found '%.60s', expected one of %s", argument, text, known);
    return -1;
}

int read_color(const char *matrix, const char *range, const char *siting, struct pixfer_color *out)
{
    *out = (struct pixfer_color){PIXFER_MATRIX_BT709, PIXFER_RANGE_LIMITED, PIXFER_SITING_LEFT};
    if ((matrix && read_matrix(matrix, &out->matrix)) || (range && read_range(range, &out->range)) ||
        (siting && read_siting(siting, &out->siting)))
        return -1;
    return 0;
}

int read_number(PyObject *object, const char *argument, long long least, long long most, long long *out)
{
    PyObject *number = PyBool_Check(object) ? NULL : PyNumber_Index(object);
    PyObject *repr;

    if (!number) {
        if (PyErr_Occurred() && !PyErr_ExceptionMatches(PyExc_TypeError))
            return -1;
        PyErr_Clear();
        PyErr_Format(PyExc_TypeError, "%s: found %R, expected a whole number", argument, object);
        return -1;
    }
    *out = PyLong_AsLongLong(number);
    if ((*out == -1 && PyErr_Occurred()) || *out < least || *out > most) {
        PyErr_Clear();
        repr = PyObject_Repr(number);
        if (repr)
            PyErr_Format(PyExc_ValueError, "%s: found %.60U, expected %lld to %lld", argument, repr, least, most);
        Py_XDECREF(repr);
        Py_DECREF(number);
        return -1;
    }
    Py_DECREF(number);
    return 0;
}

int read_background(PyObject *object, enum pixfer_alpha *alpha, uint32_t *background)
{
    long long color = 0;

    if (!object || object == Py_None)
        return 0;
    if (read_number(object, "background", 0, 0xffffff, &color))
        return -1;
    *alpha = PIXFER_ALPHA_COMPOSE;
    *background = (uint32_t)color;
    return 0;
}

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include <string.h>

#include "native.h"

struct name {
    const char *text;
    int value;
};

/* The names of the tool's options. The first of a value is the one that is given back. */
static const struct name matrices[] = {
    {"bt709", PIXFER_MATRIX_BT709},         {"709", PIXFER_MATRIX_BT709},           {"bt601", PIXFER_MATRIX_BT601},
    {"601", PIXFER_MATRIX_BT601},           {"smpte170m", PIXFER_MATRIX_BT601},     {"bt470bg", PIXFER_MATRIX_BT601},
    {"smpte240m", PIXFER_MATRIX_SMPTE240M}, {"240m", PIXFER_MATRIX_SMPTE240M},      {"bt2020", PIXFER_MATRIX_BT2020_NCL},
    {"2020", PIXFER_MATRIX_BT2020_NCL},     {"bt2020nc", PIXFER_MATRIX_BT2020_NCL}, {NULL, 0}};
static const struct name ranges[] = {{"limited", PIXFER_RANGE_LIMITED},
                                     {"tv", PIXFER_RANGE_LIMITED},
                                     {"mpeg", PIXFER_RANGE_LIMITED},
                                     {"full", PIXFER_RANGE_FULL},
                                     {"pc", PIXFER_RANGE_FULL},
                                     {"jpeg", PIXFER_RANGE_FULL},
                                     {NULL, 0}};
static const struct name sitings[] = {{"left", PIXFER_SITING_LEFT},        {"center", PIXFER_SITING_CENTER},
                                      {"centre", PIXFER_SITING_CENTER},    {"top-left", PIXFER_SITING_TOP_LEFT},
                                      {"topleft", PIXFER_SITING_TOP_LEFT}, {NULL, 0}};

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool equal(const char *known, const char *text)
{
    while (*known && *known == lower(*text))
        known++, text++;
    return !*known && !*text;
}

static int read_name(const struct name *names, const char *argument, const char *text, const char *expected, int *out)
{
    for (; names->text; names++) {
        if (equal(names->text, text)) {
            *out = names->value;
            return 0;
        }
    }
    PyErr_Format(PyExc_ValueError, "%s: found '%.60s', expected %s", argument, text, expected);
    return -1;
}

static const char *name_of(const struct name *names, int value)
{
    for (; names->text; names++)
        if (names->value == value)
            return names->text;
    return "?";
}

int read_format(const char *text, const char *argument, enum pixfer_format *out)
{
    *out = pixfer_format_from_name(text);
    if (*out != PIXFER_FORMAT_NONE)
        return 0;
    PyErr_Format(
        PyExc_ValueError,
        "%s: found '%.60s', expected rgba, bgra, argb, abgr, rgb24, bgr24, gbrp, nv12, nv21, i420, yv12, p010, i444, nv24, "
        "i422, nv16, yuyv or uyvy",
        argument, text);
    return -1;
}

int read_matrix(const char *text, enum pixfer_matrix *out)
{
    int value = 0, result = read_name(matrices, "matrix", text, "bt709, bt601, smpte240m or bt2020", &value);

    *out = (enum pixfer_matrix)value;
    return result;
}

int read_range(const char *text, enum pixfer_range *out)
{
    int value = 0, result = read_name(ranges, "range", text, "limited or full", &value);

    *out = (enum pixfer_range)value;
    return result;
}

int read_siting(const char *text, enum pixfer_siting *out)
{
    int value = 0, result = read_name(sitings, "siting", text, "left, center or top-left", &value);

    *out = (enum pixfer_siting)value;
    return result;
}

int read_backend(const char *text, const char *argument, enum pixfer_backend *out)
{
    const char *name;
    char known[160] = "";

    for (int i = 0; (name = pixfer_backend_name((enum pixfer_backend)i)); i++) {
        if (equal(name, text)) {
            *out = (enum pixfer_backend)i;
            return 0;
        }
        if (strlen(known) + strlen(name) + 3 < sizeof(known))
            strcat(strcat(known, i ? ", " : ""), name);
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

const char *matrix_name(enum pixfer_matrix matrix)
{
    return name_of(matrices, (int)matrix);
}

const char *range_name(enum pixfer_range range)
{
    return name_of(ranges, (int)range);
}

const char *siting_name(enum pixfer_siting siting)
{
    return name_of(sitings, (int)siting);
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

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_PYTHON_CORE_H
#define PIXFER_PYTHON_CORE_H

#include "native.h"

/* The state of one module object. */
struct core {
    struct types types;
    PyObject *frame_type, *plane_type, *converter_type;
};

extern PyType_Spec converter_spec;

/* The functions convert and rgba_to_nv12. */
PyObject *function_convert(PyObject *module, PyObject *arguments, PyObject *keywords);
PyObject *function_rgba_to_nv12(PyObject *module, PyObject *arguments, PyObject *keywords);

#endif

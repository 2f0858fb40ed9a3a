/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_PYTHON_FRAME_H
#define PIXFER_PYTHON_FRAME_H

#include "native.h"

/* pixfer.Frame: one block of memory that holds the planes one after another, without padding. It never moves. */
extern PyType_Spec frame_spec, plane_spec;

/* A new frame; `zeroed` or with whatever the memory held. `plane_type` is the type made of plane_spec. */
PyObject *frame_new(PyTypeObject *type, PyObject *plane_type, enum pixfer_format format, uint32_t width, uint32_t height,
                    bool zeroed);

#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_PYTHON_VIEW_H
#define PIXFER_PYTHON_VIEW_H

/* A buffer of Python's, as frames are found in it: its numbers checked, and what is wrong with it in words. */
#include "native.h"

enum { MAX_DIMENSIONS = 3 };

/* One buffer, its numbers checked against each other. */
struct view {
    const Py_buffer *buffer;
    const char *argument;
    int dimensions;
    Py_ssize_t shape[MAX_DIMENSIONS], stride[MAX_DIMENSIONS];
};

/* What a number in a plane is: its letter in buffers, its name in NumPy, its bytes. */
struct item {
    char letters[3]; /* the first is the one that frames of pixfer's own have */
    const char *name;
    int size;
};
extern const struct item bytes_item, pixels_item; /* a byte, and a whole pixel of 32 bits */
const struct item *item_of(enum pixfer_format format);

/* Checks what a buffer says of itself. 0, or -1 with an exception. */
int view_init(struct view *view, const Py_buffer *buffer, const char *argument, const struct item *item);
bool view_contiguous(const struct view *view);

/* The exceptions for a shape, and for a distance in memory, that cannot be used. Both answer -1. */
int refuse_shape(const struct view *view, enum pixfer_format format, uint32_t width, uint32_t height, const char *expected);
int refuse_stride(const struct view *view, const char *what, Py_ssize_t found, Py_ssize_t expected);

#endif

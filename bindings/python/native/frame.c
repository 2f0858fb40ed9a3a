/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "frame.h"

#include <stdint.h>
#include <string.h>

#include "core.h"

enum { ALIGNMENT = 64, MAX_SIZE = 1 << 24 };

struct frame {
    PyObject_HEAD struct pixfer_image image;
    PyObject *plane_type;
    void *memory;
    uint8_t *bytes;
    Py_ssize_t size, items, item; /* bytes; items of the format's size; bytes of one */
    char letter[2];
};

/* The exporter behind the memoryview of one plane. */
struct plane {
    PyObject_HEAD struct frame *frame;
    unsigned index;
    int dimensions;
    Py_ssize_t shape[3], stride[3];
};

/* What a consumer did not ask for stays out. Everything here is contiguous in C's order. */
static int fill(Py_buffer *buffer, int flags, PyObject *owner, struct frame *frame, void *bytes, Py_ssize_t size, int dimensions,
                Py_ssize_t *shape, Py_ssize_t *stride)
{
    if (dimensions > 1 && (flags & PyBUF_F_CONTIGUOUS) == PyBUF_F_CONTIGUOUS) {
        buffer->obj = NULL;
        PyErr_SetString(PyExc_BufferError, "found a frame in C's order, expected Fortran's");
        return -1;
    }
    memset(buffer, 0, sizeof(*buffer));
    Py_INCREF(owner);
    buffer->obj = owner;
    buffer->buf = bytes;
    buffer->len = size;
    buffer->itemsize = frame->item;
    buffer->format = flags & PyBUF_FORMAT ? frame->letter : NULL;
    buffer->ndim = dimensions;
    buffer->shape = flags & PyBUF_ND ? shape : NULL;
    buffer->strides = (flags & PyBUF_STRIDES) == PyBUF_STRIDES ? stride : NULL;
    return 0;
}

/* ---- A plane -------------------------------------------------------------------------------------------------------------------- */

static int plane_buffer(PyObject *object, Py_buffer *buffer, int flags)
{
    struct plane *plane = (struct plane *)object;
    const struct pixfer_image *image = &plane->frame->image;
    size_t row, rows;

    pixfer_plane_size(image->format, image->width, image->height, plane->index, &row, &rows);
    return fill(buffer, flags, object, plane->frame, image->plane[plane->index], (Py_ssize_t)(row * rows), plane->dimensions,
                plane->shape, plane->stride);
}

static PyObject *plane_view(struct frame *frame, unsigned index)
{
    struct plane *plane = PyObject_New(struct plane, (PyTypeObject *)frame->plane_type);
    PyObject *view;
    size_t row, rows;
    int item, together;

    if (!plane)
        return NULL;
    Py_INCREF((PyObject *)frame);
    plane->frame = frame;
    plane->index = index;
    plane_unit(frame->image.format, index, &item, &together);
    pixfer_plane_size(frame->image.format, frame->image.width, frame->image.height, index, &row, &rows);
    plane->dimensions = together > 1 ? 3 : 2;
    plane->shape[0] = (Py_ssize_t)rows;
    plane->shape[1] = (Py_ssize_t)row / (item * together);
    plane->shape[2] = together;
    plane->stride[0] = (Py_ssize_t)row;
    plane->stride[1] = (Py_ssize_t)item * together;
    plane->stride[2] = item;
    view = PyMemoryView_FromObject((PyObject *)plane);
    Py_DECREF(plane);
    return view;
}

static void plane_free(PyObject *object)
{
    PyTypeObject *type = Py_TYPE(object);

    Py_DECREF((PyObject *)((struct plane *)object)->frame);
    PyObject_Free(object);
    Py_DECREF(type);
}

static PyType_Slot plane_slots[] = {{Py_tp_dealloc, plane_free}, {Py_bf_getbuffer, plane_buffer}, {0, NULL}};
PyType_Spec plane_spec = {"pixfer._core.Plane", sizeof(struct plane), 0,
                          Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE, plane_slots};

/* ---- A frame -------------------------------------------------------------------------------------------------------------------- */

PyObject *frame_new(PyTypeObject *type, PyObject *plane_type, enum pixfer_format format, uint32_t width, uint32_t height,
                    bool zeroed)
{
    struct pixfer_image image;
    const size_t size = pixfer_image_layout(&image, format, width, height, NULL, 1);
    struct frame *frame;
    int item, together;

    if (!size || size > PY_SSIZE_T_MAX - ALIGNMENT) {
        PyErr_Format(PyExc_ValueError, "found a frame of %ux%u pixels of %s, expected one that fits in memory", (unsigned)width,
                     (unsigned)height, pixfer_format_name(format));
        return NULL;
    }
    frame = PyObject_New(struct frame, type);
    if (!frame)
        return NULL;
    frame->memory = zeroed ? PyMem_Calloc(1, size + ALIGNMENT) : PyMem_Malloc(size + ALIGNMENT);
    Py_INCREF(plane_type);
    frame->plane_type = plane_type;
    frame->bytes = frame->memory ? (uint8_t *)frame->memory + (ALIGNMENT - (uintptr_t)frame->memory % ALIGNMENT) : NULL;
    frame->size = (Py_ssize_t)size;
    plane_unit(format, 0, &item, &together);
    frame->item = item;
    frame->letter[0] = item_letter(format);
    frame->letter[1] = 0;
    frame->items = frame->size / frame->item;
    if (!frame->memory) {
        Py_DECREF((PyObject *)frame);
        PyErr_Format(PyExc_MemoryError, "no memory for a frame of %zu bytes", size);
        return NULL;
    }
    pixfer_image_layout(&frame->image, format, width, height, frame->bytes, 1);
    return (PyObject *)frame;
}

static void frame_free(PyObject *object)
{
    struct frame *frame = (struct frame *)object;
    PyTypeObject *type = Py_TYPE(object);

    PyMem_Free(frame->memory);
    Py_XDECREF(frame->plane_type);
    PyObject_Free(object);
    Py_DECREF(type);
}

static PyObject *frame_make(PyTypeObject *type, PyObject *arguments, PyObject *keywords)
{
    static char *names[] = {"format", "width", "height", NULL};
    const struct core *core = PyType_GetModuleState(type);
    PyObject *width_object, *height_object;
    enum pixfer_format format;
    long long width, height;
    const char *name;

    if (!core || !PyArg_ParseTupleAndKeywords(arguments, keywords, "sOO:Frame", names, &name, &width_object, &height_object) ||
        read_format(name, "format", &format) || read_number(width_object, "width", 1, MAX_SIZE, &width) ||
        read_number(height_object, "height", 1, MAX_SIZE, &height))
        return NULL;
    return frame_new(type, core->plane_type, format, (uint32_t)width, (uint32_t)height, true);
}

static int frame_buffer(PyObject *object, Py_buffer *buffer, int flags)
{
    struct frame *frame = (struct frame *)object;

    return fill(buffer, flags, object, frame, frame->bytes, frame->size, 1, &frame->items, &frame->item);
}

static Py_ssize_t frame_length(PyObject *object)
{
    return (Py_ssize_t)pixfer_format_planes(((struct frame *)object)->image.format);
}

static PyObject *frame_item(PyObject *object, Py_ssize_t index)
{
    if (index < 0 || index >= frame_length(object)) {
        PyErr_Format(PyExc_IndexError, "found plane %zd, expected 0 to %zd", index, frame_length(object) - 1);
        return NULL;
    }
    return plane_view((struct frame *)object, (unsigned)index);
}

static PyObject *frame_planes(PyObject *object, void *unused)
{
    (void)unused;
    return PySequence_Tuple(object);
}

static PyObject *frame_format(PyObject *object, void *unused)
{
    (void)unused;
    return PyUnicode_FromString(pixfer_format_name(((struct frame *)object)->image.format));
}

static PyObject *frame_width(PyObject *object, void *unused)
{
    (void)unused;
    return PyLong_FromUnsignedLong(((struct frame *)object)->image.width);
}

static PyObject *frame_height(PyObject *object, void *unused)
{
    (void)unused;
    return PyLong_FromUnsignedLong(((struct frame *)object)->image.height);
}

static PyObject *frame_bytes(PyObject *object, void *unused)
{
    (void)unused;
    return PyLong_FromSsize_t(((struct frame *)object)->size);
}

static PyObject *frame_repr(PyObject *object)
{
    const struct pixfer_image *image = &((struct frame *)object)->image;

    return PyUnicode_FromFormat("<pixfer.Frame %s %ux%u>", pixfer_format_name(image->format), (unsigned)image->width,
                                (unsigned)image->height);
}

static PyGetSetDef frame_members[] = {
    {"format", frame_format, NULL, "The pixel format's name.", NULL},
    {"width", frame_width, NULL, "Pixels.", NULL},
    {"height", frame_height, NULL, "Pixels.", NULL},
    {"nbytes", frame_bytes, NULL, "Bytes of all planes.", NULL},
    {"planes", frame_planes, NULL,
     "A memoryview for each plane: (rows, columns), or (rows, columns, 2) where Cb and Cr alternate.", NULL},
    {NULL, NULL, NULL, NULL, NULL}};

static PyType_Slot frame_slots[] = {
    {Py_tp_doc,
     "Frame(format, width, height)\n--\n\n"
     "A frame in memory of its own, all zeros at first: its planes one after another without padding, as in a raw file.\n\n"
     "It supports the buffer protocol as a whole, one-dimensional and writable: bytes(frame), numpy.asarray(frame), "
     "file.write(frame).\n"
     "It is a sequence of its planes, too, which are memoryviews: y, uv = frame; numpy.asarray(frame[0]) has the shape (height, "
     "width)."},
    {Py_tp_new, frame_make},
    {Py_tp_dealloc, frame_free},
    {Py_tp_repr, frame_repr},
    {Py_tp_getset, frame_members},
    {Py_bf_getbuffer, frame_buffer},
    {Py_sq_length, frame_length},
    {Py_sq_item, frame_item},
    {0, NULL}};
PyType_Spec frame_spec = {"pixfer.Frame", sizeof(struct frame), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE, frame_slots};

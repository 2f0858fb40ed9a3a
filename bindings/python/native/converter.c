/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include <string.h>

#include "core.h"
#include "frame.h"

enum { MAX_SIZE = 1 << 24, MAX_THREADS = 256 };

struct converter {
    PyObject_HEAD struct core *core;
    PyObject *module; /* keeps `core` */
    struct pixfer_converter_params params;
    struct pixfer_converter *c;
    struct pixfer_converter *mirrored; /* for sources whose channels are reversed; opened by the first of them */
    struct log_lines *lines;
    unsigned users; /* calls that use it without the interpreter's lock: the last one closes what was closed meanwhile */
    bool closed;
};

/* ---- Life ------------------------------------------------------------------------------------------------------------------------ */

/* `cpu` may be NULL. The strings of `params` are the library's own or gone after the call. */
static enum pixfer_result open_converter(struct pixfer_converter **out, const struct pixfer_converter_params *params,
                                         struct call *call)
{
    enum pixfer_result result;

    call_begin(call, NULL);
    result = pixfer_converter_open(out, params);
    call_end(call);
    return result;
}

static void close_converters(struct converter *self)
{
    struct pixfer_converter *c = self->c, *mirrored = self->mirrored;
    struct call call;

    self->c = self->mirrored = NULL;
    if (!c && !mirrored)
        return;
    call_begin(&call, self);
    pixfer_converter_close(&c);
    pixfer_converter_close(&mirrored);
    call_end(&call);
}

static bool usable(struct converter *self)
{
    if (self->c && !self->closed)
        return true;
    PyErr_SetString(PyExc_ValueError, "the converter is closed");
    return false;
}

static void use(struct converter *self)
{
    Py_INCREF((PyObject *)self);
    self->users++;
}

static void unuse(struct converter *self)
{
    if (!--self->users && self->closed)
        close_converters(self);
    Py_DECREF((PyObject *)self);
}

struct settings {
    const char *matrix, *range, *siting, *backend, *cpu;
    PyObject *threads, *log, *background;
};

/* Fills `params` from what Python gave. */
static int read_settings(const struct settings *settings, struct pixfer_converter_params *params)
{
    long long threads = 0;

    if (read_color(settings->matrix, settings->range, settings->siting, &params->color) ||
        (settings->backend && read_backend(settings->backend, "backend", &params->backend)) ||
        read_background(settings->background, &params->alpha, &params->background) ||
        (settings->threads && read_number(settings->threads, "threads", 0, MAX_THREADS, &threads)))
        return -1;
    params->threads = (unsigned)threads;
    params->cpu = settings->cpu;
    return 0;
}

static struct converter *converter_open(struct core *core, PyObject *module, const struct pixfer_converter_params *params,
                                        PyObject *log)
{
    struct log_lines *lines = log_lines_new(log);
    struct converter *self;
    enum pixfer_result result;
    struct call call;

    if (!lines)
        return NULL;
    self = PyObject_GC_New(struct converter, (PyTypeObject *)core->converter_type);
    if (!self) {
        log_lines_free(lines);
        return NULL;
    }
    self->core = core;
    Py_INCREF(module);
    self->module = module;
    self->params = *params;
    self->params.log = log_lines_callback();
    self->params.log_opaque = lines;
    self->c = self->mirrored = NULL;
    self->lines = lines;
    self->users = 0;
    self->closed = false;
    PyObject_GC_Track((PyObject *)self);
    result = open_converter(&self->c, &self->params, &call);
    if (result != PIXFER_OK)
        raise_result(&core->types, result, call.line);
    else if (self->params.cpu) /* the caller's string is gone later on: keep the library's */
        for (const char *const *cpu = pixfer_cpu_names(); *cpu; cpu++)
            if (!strcmp(*cpu, self->params.cpu))
                self->params.cpu = *cpu;
    if (log_lines_deliver(lines) || result != PIXFER_OK) {
        Py_DECREF((PyObject *)self);
        return NULL;
    }
    return self;
}

static PyObject *converter_make(PyTypeObject *type, PyObject *arguments, PyObject *keywords)
{
    static char *names[] = {"src_format", "dst_format", "width", "height", "matrix",     "range", "siting",
                            "backend",    "threads",    "cpu",   "log",    "background", NULL};
    struct core *core = PyType_GetModuleState(type);
    struct pixfer_converter_params params = PIXFER_SIZED_EMPTY(pixfer_converter_params);
    struct settings settings = {0};
    PyObject *width_object, *height_object;
    const char *src, *dst;
    long long width, height;

    if (!core ||
        !PyArg_ParseTupleAndKeywords(arguments, keywords, "ssOO|$ssssOzOO:Converter", names, &src, &dst, &width_object,
                                     &height_object, &settings.matrix, &settings.range, &settings.siting, &settings.backend,
                                     &settings.threads, &settings.cpu, &settings.log, &settings.background))
        return NULL;
    if (read_format(src, "src_format", &params.src_format) || read_format(dst, "dst_format", &params.dst_format) ||
        read_number(width_object, "width", 1, MAX_SIZE, &width) || read_number(height_object, "height", 1, MAX_SIZE, &height) ||
        read_settings(&settings, &params))
        return NULL;
    params.width = (uint32_t)width;
    params.height = (uint32_t)height;
    return (PyObject *)converter_open(core, PyType_GetModule(type), &params, settings.log);
}

static int converter_traverse(PyObject *object, visitproc visit, void *arg)
{
    struct converter *self = (struct converter *)object;

    Py_VISIT(Py_TYPE(object));
    Py_VISIT(self->module);
    return log_lines_traverse(self->lines, visit, arg);
}

static int converter_clear(PyObject *object)
{
    log_lines_clear(((struct converter *)object)->lines);
    return 0;
}

static void converter_free(PyObject *object)
{
    struct converter *self = (struct converter *)object;
    PyTypeObject *type = Py_TYPE(object);

    PyObject_GC_UnTrack(object);
    close_converters(self);
    log_lines_free(self->lines);
    Py_XDECREF(self->module);
    PyObject_GC_Del(object);
    Py_DECREF(type);
}

static PyObject *converter_close(PyObject *object, PyObject *unused)
{
    struct converter *self = (struct converter *)object;

    (void)unused;
    self->closed = true;
    if (!self->users)
        close_converters(self);
    Py_RETURN_NONE;
}

static PyObject *converter_enter(PyObject *object, PyObject *unused)
{
    (void)unused;
    if (!usable((struct converter *)object))
        return NULL;
    Py_INCREF(object);
    return object;
}

static PyObject *converter_exit(PyObject *object, PyObject *arguments)
{
    (void)arguments;
    return converter_close(object, NULL);
}

/* ---- Converting ------------------------------------------------------------------------------------------------------------------ */

/* The library's converter for a source: reversed channels have one of their own. */
static struct pixfer_converter *converter_for(struct converter *self, const struct planes *src)
{
    struct pixfer_converter_params params = self->params;
    struct pixfer_converter *opened = NULL;
    enum pixfer_result result;
    struct call call;

    if (!src->mirrored || self->mirrored)
        return src->mirrored ? self->mirrored : self->c;
    params.src_format = src->image.format;
    result = open_converter(&opened, &params, &call);
    if (result != PIXFER_OK) {
        raise_result(&self->core->types, result, call.line);
        return NULL;
    }
    if (self->mirrored) { /* another thread came first */
        call_begin(&call, self);
        pixfer_converter_close(&opened);
        call_end(&call);
    } else {
        self->mirrored = opened;
    }
    return self->mirrored;
}

static int source_planes(struct converter *self, struct planes *planes, PyObject *object, const char *argument)
{
    return planes_get(planes, object, argument, self->params.src_format, self->params.width, self->params.height,
                      PLANES_READ_MIRRORED);
}

/* The destination's planes; where `object` is None a new frame is made. Gives a new reference to what the caller gets back. */
static PyObject *destination_planes(struct converter *self, struct planes *planes, PyObject *object, const char *argument)
{
    const struct pixfer_converter_params *p = &self->params;

    if (!object || object == Py_None)
        object =
            frame_new((PyTypeObject *)self->core->frame_type, self->core->plane_type, p->dst_format, p->width, p->height, false);
    else
        Py_INCREF(object);
    if (object && planes_get(planes, object, argument, p->dst_format, p->width, p->height, PLANES_WRITE)) {
        Py_DECREF(object);
        object = NULL;
    }
    return object;
}

static PyObject *convert_one(struct converter *self, PyObject *src_object, PyObject *out)
{
    struct planes src, dst;
    struct pixfer_converter *c;
    enum pixfer_result result = PIXFER_OK;
    PyObject *answer = NULL;
    struct call call;

    if (!usable(self))
        return NULL;
    use(self); /* objects of the caller's may run code that closes it */
    if (source_planes(self, &src, src_object, "src"))
        goto unuse;
    answer = destination_planes(self, &dst, out, "out");
    if (!answer)
        goto release;
    c = usable(self) ? converter_for(self, &src) : NULL;
    if (c) {
        call_begin(&call, self);
        result = pixfer_convert(c, &src.image, &dst.image);
        call_end(&call);
    }
    planes_release(&dst);
    if (result != PIXFER_OK)
        raise_result(&self->core->types, result, call.line);
    if (!c || log_lines_deliver(self->lines) || result != PIXFER_OK)
        Py_CLEAR(answer);
release:
    planes_release(&src);
unuse:
    unuse(self);
    return answer;
}

static PyObject *converter_convert(PyObject *object, PyObject *arguments, PyObject *keywords)
{
    static char *names[] = {"src", "out", NULL};
    PyObject *src, *out = NULL;

    if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "O|O:convert", names, &src, &out))
        return NULL;
    return convert_one((struct converter *)object, src, out);
}

static PyObject *converter_convert_rows(PyObject *object, PyObject *arguments, PyObject *keywords)
{
    static char *names[] = {"src", "out", "first", "count", NULL};
    struct converter *self = (struct converter *)object;
    PyObject *src_object, *out, *first_object, *count_object, *answer = NULL;
    long long first, count;
    struct pixfer_converter *c;
    struct planes src, dst;
    enum pixfer_result result = PIXFER_OK;
    struct call call;

    if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "OOOO:convert_rows", names, &src_object, &out, &first_object,
                                     &count_object) ||
        !usable(self) || read_number(first_object, "first", 0, MAX_SIZE, &first) ||
        read_number(count_object, "count", 0, MAX_SIZE, &count))
        return NULL;
    use(self);
    if (source_planes(self, &src, src_object, "src"))
        goto unuse;
    if (planes_get(&dst, out, "out", self->params.dst_format, self->params.width, self->params.height, PLANES_WRITE))
        goto release;
    c = usable(self) ? converter_for(self, &src) : NULL;
    if (c) {
        call_begin(&call, self);
        result = pixfer_convert_rows(c, &src.image, &dst.image, (uint32_t)first, (uint32_t)count);
        call_end(&call);
    }
    planes_release(&dst);
    if (result != PIXFER_OK)
        raise_result(&self->core->types, result, call.line);
    if (c && !log_lines_deliver(self->lines) && result == PIXFER_OK) {
        Py_INCREF(Py_None);
        answer = Py_None;
    }
release:
    planes_release(&src);
unuse:
    unuse(self);
    return answer;
}

static PyObject *converter_convert_batch(PyObject *object, PyObject *arguments, PyObject *keywords)
{
    static char *names[] = {"sources", "outs", NULL};
    struct converter *self = (struct converter *)object;
    PyObject *sources, *outs = NULL, *source_tuple = NULL, *out_tuple = NULL, *answer = NULL, *item;
    struct planes *planes = NULL;
    struct pixfer_image *images = NULL;
    struct pixfer_converter *c = NULL;
    enum pixfer_result result = PIXFER_OK;
    Py_ssize_t count = 0, held = 0;
    struct call call;
    char name[40];

    if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "O|O:convert_batch", names, &sources, &outs) || !usable(self))
        return NULL;
    use(self);
    if (PyObject_CheckBuffer(sources)) /* its items would be frames only by accident */
        PyErr_SetString(PyExc_TypeError, "sources: found one buffer, expected a list of frames: list(array) makes one");
    else
        source_tuple = PySequence_Tuple(sources);
    if (!source_tuple)
        goto done;
    count = PyTuple_Size(source_tuple);
    if (outs && outs != Py_None) {
        out_tuple = PySequence_Tuple(outs);
        if (out_tuple && PyTuple_Size(out_tuple) != count)
            PyErr_Format(PyExc_ValueError, "outs: found %zd frames, expected %zd, as there are sources", PyTuple_Size(out_tuple),
                         count);
        if (PyErr_Occurred())
            goto done;
    }
    answer = PyList_New(0);
    planes = PyMem_Calloc((size_t)count * 2 + 1, sizeof(*planes));
    images = PyMem_Calloc((size_t)count * 2 + 1, sizeof(*images));
    if (!answer || !planes || !images) {
        PyErr_NoMemory();
        goto failed;
    }
    for (Py_ssize_t i = 0; i < count; i++) {
        PyOS_snprintf(name, sizeof(name), "sources[%zd]", i);
        if (source_planes(self, &planes[held], PyTuple_GetItem(source_tuple, i), name))
            goto failed;
        if (planes[held++].mirrored) {
            PyErr_Format(PyExc_ValueError, "%s: found reversed channels, expected them as they lie in memory", name);
            goto failed;
        }
        PyOS_snprintf(name, sizeof(name), "outs[%zd]", i);
        item = destination_planes(self, &planes[held], out_tuple ? PyTuple_GetItem(out_tuple, i) : NULL, name);
        if (!item)
            goto failed;
        images[i] = planes[held - 1].image;
        images[count + i] = planes[held].image;
        held++;
        if (PyList_Append(answer, item)) {
            Py_DECREF(item);
            goto failed;
        }
        Py_DECREF(item);
    }
    if (!usable(self))
        goto failed;
    c = self->c;
    call_begin(&call, self);
    result = pixfer_convert_batch(c, images, images + count, (size_t)count);
    call_end(&call);
    if (result != PIXFER_OK)
        raise_result(&self->core->types, result, call.line);
    if (!log_lines_deliver(self->lines) && result == PIXFER_OK)
        goto done;
failed:
    Py_CLEAR(answer);
done:
    for (Py_ssize_t i = 0; i < held; i++)
        planes_release(&planes[i]);
    PyMem_Free(planes);
    PyMem_Free(images);
    Py_XDECREF(source_tuple);
    Py_XDECREF(out_tuple);
    unuse(self);
    return answer;
}

/* ---- What it is ------------------------------------------------------------------------------------------------------------------ */

static PyObject *converter_info(PyObject *object, void *unused)
{
    struct converter *self = (struct converter *)object;
    struct pixfer_converter_info info = PIXFER_CONVERTER_INFO();
    struct pixfer_converter_info other = PIXFER_CONVERTER_INFO();

    (void)unused;
    if (!usable(self))
        return NULL;
    pixfer_converter_get_info(self->c, &info);
    if (self->mirrored)
        pixfer_converter_get_info(self->mirrored, &other);
    return types_make(&self->core->types, "ConverterInfo",
                      Py_BuildValue("{s:s,s:s,s:N,s:z,s:K,s:I,s:N}", "backend", info.backend_name, "isa", info.isa, "exact",
                                    PyBool_FromLong(info.exact), "fallback_reason", info.fallback_reason, "frames",
                                    (unsigned long long)(info.frames + other.frames), "threads", info.threads, "takes_rows",
                                    PyBool_FromLong(info.takes_rows)));
}

static PyObject *text_or_none(const char *text)
{
    if (text)
        return PyUnicode_FromString(text);
    Py_RETURN_NONE;
}

static PyObject *converter_text(PyObject *object, void *which)
{
    const struct pixfer_converter_params *p = &((struct converter *)object)->params;

    switch (*(const char *)which) {
    case 's':
        return text_or_none(pixfer_format_name(p->src_format));
    case 'd':
        return text_or_none(pixfer_format_name(p->dst_format));
    case 'm':
        return text_or_none(pixfer_matrix_name(p->color.matrix));
    case 'r':
        return text_or_none(pixfer_range_name(p->color.range));
    default:
        return text_or_none(pixfer_siting_name(p->color.siting));
    }
}

static PyObject *converter_width(PyObject *object, void *unused)
{
    (void)unused;
    return PyLong_FromUnsignedLong(((struct converter *)object)->params.width);
}

static PyObject *converter_height(PyObject *object, void *unused)
{
    (void)unused;
    return PyLong_FromUnsignedLong(((struct converter *)object)->params.height);
}

static PyObject *converter_closed(PyObject *object, void *unused)
{
    (void)unused;
    return PyBool_FromLong(((struct converter *)object)->closed);
}

static PyObject *converter_repr(PyObject *object)
{
    const struct converter *self = (struct converter *)object;
    const struct pixfer_converter_params *p = &self->params;

    return PyUnicode_FromFormat("<pixfer.Converter %ux%u %s to %s, %s, %s range, siting %s%s>", (unsigned)p->width,
                                (unsigned)p->height, pixfer_format_name(p->src_format), pixfer_format_name(p->dst_format),
                                pixfer_matrix_name(p->color.matrix), pixfer_range_name(p->color.range),
                                pixfer_siting_name(p->color.siting), self->closed ? ", closed" : "");
}

static PyGetSetDef converter_members[] = {{"src_format", converter_text, NULL, "Name of the source's format.", "s"},
                                          {"dst_format", converter_text, NULL, "Name of the destination's format.", "d"},
                                          {"width", converter_width, NULL, "Pixels.", NULL},
                                          {"height", converter_height, NULL, "Pixels.", NULL},
                                          {"matrix", converter_text, NULL, "Name of the matrix.", "m"},
                                          {"range", converter_text, NULL, "Name of the range.", "r"},
                                          {"siting", converter_text, NULL, "Name of the chroma siting.", "c"},
                                          {"closed", converter_closed, NULL, "Whether close() was called.", NULL},
                                          {"info", converter_info, NULL, "What it is and has done, as a ConverterInfo.", NULL},
                                          {NULL, NULL, NULL, NULL, NULL}};

static PyMethodDef converter_methods[] = {
    {"convert", (PyCFunction)(void (*)(void))converter_convert, METH_VARARGS | METH_KEYWORDS,
     "convert($self, /, src, out=None)\n--\n\n"
     "Converts one frame and returns `out`, or a new Frame where that is None.\n\n"
     "`src` and `out` are arrays of the whole frame or tuples of planes; README.md lists the shapes. Nothing is copied on the "
     "way, and\n"
     "nothing is written before every argument is found right. Other threads run meanwhile."},
    {"convert_rows", (PyCFunction)(void (*)(void))converter_convert_rows, METH_VARARGS | METH_KEYWORDS,
     "convert_rows($self, /, src, out, first, count)\n--\n\n"
     "Converts the rows [first, first + count) of a frame on the calling thread, for slices on threads of your own. `first` is "
     "even,\n"
     "`count` is even unless the range ends the frame."},
    {"convert_batch", (PyCFunction)(void (*)(void))converter_convert_batch, METH_VARARGS | METH_KEYWORDS,
     "convert_batch($self, /, sources, outs=None)\n--\n\n"
     "Converts many frames, whole ones in parallel on the converter's threads, and returns a list of the destinations. On "
     "failure\n"
     "these are undefined."},
    {"close", converter_close, METH_NOARGS,
     "close($self, /)\n--\n\nFrees the converter; after calls that are still at work on other threads. May be called again."},
    {"__enter__", converter_enter, METH_NOARGS, "__enter__($self, /)\n--\n\n"},
    {"__exit__", converter_exit, METH_VARARGS, "__exit__($self, /, *exception)\n--\n\n"},
    {NULL, NULL, 0, NULL}};

static PyType_Slot converter_slots[] = {
    {Py_tp_doc,
     "Converter(src_format, dst_format, width, height, *, matrix='bt709', range='limited', siting='left', backend='auto', "
     "threads=0, "
     "cpu=None, background=None, log=None)\n--\n\n"
     "Converts frames of one size from one format to another. It checks and chooses once, so it is the one to keep for many "
     "frames.\n\n"
     "Formats, matrices, ranges and sitings are names: SOURCE_FORMATS, DESTINATION_FORMATS, MATRICES, RANGES and SITINGS list "
     "them.\n"
     "`threads` convert one frame: 0 chooses, 1 is the caller's only. `cpu` pins an instruction set, see cpu_names(). `log` is "
     "called\n"
     "as log(level, line), level 40 for errors, 30, 20, 10, before a call returns; logging.getLogger('pixfer').log fits.\n"
     "A converter may be used by several threads at once."},
    {Py_tp_new, converter_make},
    {Py_tp_dealloc, converter_free},
    {Py_tp_traverse, converter_traverse},
    {Py_tp_clear, converter_clear},
    {Py_tp_repr, converter_repr},
    {Py_tp_getset, converter_members},
    {Py_tp_methods, converter_methods},
    {0, NULL}};
PyType_Spec converter_spec = {"pixfer.Converter", sizeof(struct converter), 0,
                              Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE, converter_slots};

/* ---- One frame ------------------------------------------------------------------------------------------------------------------- */

static PyObject *convert_once(PyObject *module, PyObject *src, PyObject *out, PyObject *width_object, PyObject *height_object,
                              struct pixfer_converter_params *params)
{
    struct core *core = PyModule_GetState(module);
    struct converter *self;
    long long width = 0, height = 0;
    PyObject *answer;

    if (width_object == Py_None)
        width_object = NULL;
    if (height_object == Py_None)
        height_object = NULL;
    if (!width_object != !height_object) {
        PyErr_SetString(PyExc_TypeError, "found width or height, expected both or none");
        return NULL;
    }
    if (width_object ? read_number(width_object, "width", 1, MAX_SIZE, &width) ||
                           read_number(height_object, "height", 1, MAX_SIZE, &height)
                     : planes_size(src, "src", params->src_format, &width, &height))
        return NULL;
    params->width = (uint32_t)width;
    params->height = (uint32_t)height;
    self = converter_open(core, module, params, NULL);
    if (!self)
        return NULL;
    answer = convert_one(self, src, out);
    Py_DECREF((PyObject *)self);
    return answer;
}

PyObject *function_convert(PyObject *module, PyObject *arguments, PyObject *keywords)
{
    static char *names[] = {"src",   "src_format", "dst_format", "out",     "width", "height",     "matrix",
                            "range", "siting",     "backend",    "threads", "cpu",   "background", NULL};
    struct pixfer_converter_params params = PIXFER_SIZED_EMPTY(pixfer_converter_params);
    struct settings settings = {0};
    PyObject *src, *out = NULL, *width = NULL, *height = NULL;
    const char *src_format, *dst_format;

    if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "Oss|O$OOssssOzO:convert", names, &src, &src_format, &dst_format, &out,
                                     &width, &height, &settings.matrix, &settings.range, &settings.siting, &settings.backend,
                                     &settings.threads, &settings.cpu, &settings.background) ||
        read_format(src_format, "src_format", &params.src_format) || read_format(dst_format, "dst_format", &params.dst_format) ||
        read_settings(&settings, &params))
        return NULL;
    if (!settings.threads)
        params.threads = 1;
    return convert_once(module, src, out, width, height, &params);
}

PyObject *function_rgba_to_nv12(PyObject *module, PyObject *arguments, PyObject *keywords)
{
    static char *names[] = {"rgba", "out", "width", "height", "matrix", "range", "siting", "threads", NULL};
    struct pixfer_converter_params params =
        PIXFER_CONVERTER_PARAMS(.src_format = PIXFER_FORMAT_RGBA, .dst_format = PIXFER_FORMAT_NV12);
    struct settings settings = {0};
    PyObject *src, *out = NULL, *width = NULL, *height = NULL;

    if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "O|O$OOsssO:rgba_to_nv12", names, &src, &out, &width, &height,
                                     &settings.matrix, &settings.range, &settings.siting, &settings.threads) ||
        read_settings(&settings, &params))
        return NULL;
    if (!settings.threads)
        params.threads = 1;
    return convert_once(module, src, out, width, height, &params);
}

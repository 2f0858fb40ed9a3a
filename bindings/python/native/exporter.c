/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* pixfer._exporter: frames in, H.264 MP4 out. */
#include <pixfer/exporter.h>
#include <stdio.h>
#include <string.h>

#include "native.h"

enum { MAX_SIDE = 16384, MAX_INT = 0x7fffffff };

struct module {
    struct types types;
    PyObject *exporter_type;
};

struct exporter {
    PyObject_HEAD struct module *state;
    PyObject *module;   /* keeps `state` */
    PyObject *path;     /* bytes, or a number */
    PyObject *progress; /* a callable, or NULL */
    PyObject *report;   /* what finish answered, or NULL */
    struct pixfer_exporter *e;
    struct log_lines *lines;
    enum pixfer_format format;
    uint32_t width, height, channels;
    long long next_pts;
    enum pixfer_progress_action asked; /* the strongest that a callback asked for */
    int descriptor;                    /* where `path` is a number */
    bool own_times;                    /* a time base was given: pts are not counted */
    bool finishing, finished, closed;
    unsigned users;
};

/* ---- Arguments ------------------------------------------------------------------------------------------------------------------- */

/* Numerator and denominator of a number, a Fraction, text such as "30000/1001" or a pair. Floats are taken as the nearest fraction whose
 * denominator is `finest` at most. */
static int read_ratio(PyObject *object, const char *argument, long finest, uint32_t *num, uint32_t *den)
{
    PyObject *fractions = PyImport_ImportModule("fractions"), *fraction = NULL, *near, *part;
    long long value = 0;
    int result = -1;

    if (!fractions)
        return -1;
    if (PyBool_Check(object))
        PyErr_SetNone(PyExc_TypeError);
    else if (PyTuple_Check(object) && PyTuple_Size(object) == 2)
        fraction = PyObject_CallMethod(fractions, "Fraction", "OO", PyTuple_GetItem(object, 0), PyTuple_GetItem(object, 1));
    else
        fraction = PyObject_CallMethod(fractions, "Fraction", "(O)", object);
    if (fraction && PyFloat_Check(object)) {
        near = PyObject_CallMethod(fraction, "limit_denominator", "l", finest);
        Py_DECREF(fraction);
        fraction = near;
    }
    Py_DECREF(fractions);
    if (!fraction) {
        if (PyErr_ExceptionMatches(PyExc_TypeError) || PyErr_ExceptionMatches(PyExc_ValueError) ||
            PyErr_ExceptionMatches(PyExc_ArithmeticError)) {
            PyObject *class = PyErr_ExceptionMatches(PyExc_TypeError) ? PyExc_TypeError : PyExc_ValueError;

            PyErr_Clear();
            PyErr_Format(class, "%s: found %R, expected a number, a Fraction or a tuple of two whole numbers", argument, object);
        }
        return -1;
    }
    part = PyObject_GetAttrString(fraction, "numerator");
    if (part && !read_number(part, argument, 1, MAX_INT, &value)) {
        *num = (uint32_t)value;
        Py_DECREF(part);
        part = PyObject_GetAttrString(fraction, "denominator");
        if (part && !read_number(part, argument, 1, MAX_INT, &value)) {
            *den = (uint32_t)value;
            result = 0;
        }
    }
    Py_XDECREF(part);
    Py_DECREF(fraction);
    return result;
}

/* What Python gave; NULL where it gave nothing. */
struct arguments {
    PyObject *path, *width, *height, *fps;
    const char *format, *matrix, *range, *siting;
    int any_siting, keep_start, overwrite, fastest_converter;
    PyObject *primaries, *transfer, *time_base;
    const char *encoder, *preset;
    PyObject *crf, *bitrate, *bits_per_pixel, *gop, *encoder_threads;
    PyObject *sample_rate, *channels;
    const char *audio_codec;
    PyObject *audio_bitrate, *rotation, *sample_aspect, *metadata;
    const char *converter, *cpu;
    PyObject *convert_threads, *queue_bytes, *progress, *log;
};

static bool given(PyObject *object)
{
    return object && object != Py_None;
}

static int read_optional(PyObject *object, const char *argument, long long least, long long most, uint32_t *out)
{
    long long value = 0;

    if (given(object) && read_number(object, argument, least, most, &value))
        return -1;
    if (given(object))
        *out = (uint32_t)value;
    return 0;
}

static int read_rate(const struct arguments *a, struct pixfer_exporter_params *p)
{
    PyObject *const values[] = {a->crf, a->bitrate, a->bits_per_pixel};
    static const char *const names[] = {"crf", "bitrate", "bits_per_pixel"};

    for (int i = 0; i < 3; i++) {
        if (!given(values[i]))
            continue;
        if (p->rate != PIXFER_RATE_DEFAULT) {
            PyErr_Format(PyExc_TypeError, "found %s and %s, expected one of crf, bitrate and bits_per_pixel",
                         names[p->rate - PIXFER_RATE_CRF], names[i]);
            return -1;
        }
        p->rate = (enum pixfer_rate)(PIXFER_RATE_CRF + i);
        p->rate_value = PyFloat_AsDouble(values[i]);
        if (PyErr_Occurred()) {
            PyErr_Clear();
            PyErr_Format(PyExc_TypeError, "%s: found %R, expected a number", names[i], values[i]);
            return -1;
        }
    }
    return 0;
}

static int read_arguments(const struct arguments *a, struct pixfer_exporter_params *p)
{
    uint32_t primaries = 0, transfer = 0, encoder_threads = 0, convert_threads = 0;
    long long queue_bytes = 0;

    p->format = PIXFER_FORMAT_RGBA;
    p->channels = given(a->sample_rate) ? 2 : 0;
    if ((a->format && read_format(a->format, "format", &p->format)) || read_optional(a->width, "width", 1, MAX_SIDE, &p->width) ||
        read_optional(a->height, "height", 1, MAX_SIDE, &p->height) ||
        read_ratio(a->fps, "fps", 1001, &p->fps_num, &p->fps_den) || read_color(a->matrix, a->range, a->siting, &p->color) ||
        read_optional(a->primaries, "primaries", 0, 255, &primaries) ||
        read_optional(a->transfer, "transfer", 0, 255, &transfer) ||
        (given(a->time_base) && read_ratio(a->time_base, "time_base", 1000000, &p->time_base_num, &p->time_base_den)) ||
        read_rate(a, p) || read_optional(a->gop, "gop", 0, MAX_INT, &p->gop) ||
        read_optional(a->encoder_threads, "encoder_threads", 0, 1024, &encoder_threads) ||
        read_optional(a->sample_rate, "sample_rate", 1, MAX_INT, &p->sample_rate) ||
        read_optional(a->channels, "channels", 1, 8, &p->channels) ||
        read_optional(a->audio_bitrate, "audio_bitrate", 0, MAX_INT, &p->audio_bitrate) ||
        read_optional(a->rotation, "rotation", 0, 270, &p->rotation) ||
        (given(a->sample_aspect) &&
         read_ratio(a->sample_aspect, "sample_aspect", 1001, &p->sample_aspect_num, &p->sample_aspect_den)) ||
        (a->converter && read_backend(a->converter, "converter", &p->converter)) ||
        read_optional(a->convert_threads, "convert_threads", 0, 256, &convert_threads) ||
        (given(a->queue_bytes) && read_number(a->queue_bytes, "queue_bytes", 0, PY_SSIZE_T_MAX, &queue_bytes)))
        return -1;
    if (given(a->channels) && !given(a->sample_rate)) {
        PyErr_SetString(PyExc_TypeError, "found channels without sample_rate, expected both for audio");
        return -1;
    }
    p->primaries = (int)primaries;
    p->transfer = (int)transfer;
    p->encoder_threads = encoder_threads;
    p->convert_threads = convert_threads;
    p->queue_bytes = (size_t)queue_bytes;
    p->any_siting = a->any_siting;
    p->keep_start = a->keep_start;
    p->overwrite = a->overwrite;
    p->fastest_converter = a->fastest_converter;
    p->encoder = a->encoder;
    p->preset = a->preset;
    p->audio_codec = a->audio_codec;
    p->cpu = a->cpu;
    return 0;
}

/* The lines of a dict of text; `keep` holds their strings. NULL with an exception where it is no such dict. */
static struct pixfer_metadata *read_metadata(PyObject *object, PyObject **keep, size_t *count)
{
    PyObject *items = PyDict_Check(object) ? PyDict_Items(object) : NULL;
    struct pixfer_metadata *lines;

    if (!items) {
        if (!PyErr_Occurred())
            PyErr_Format(PyExc_TypeError, "metadata: found %R, expected a dict of text", object);
        return NULL;
    }
    *keep = items;
    *count = (size_t)PyList_Size(items);
    lines = PyMem_Calloc(*count + 1, sizeof(*lines));
    if (!lines)
        PyErr_NoMemory();
    for (size_t i = 0; lines && i < *count; i++) {
        PyObject *pair = PyList_GetItem(items, (Py_ssize_t)i);
        const char *texts[2] = {NULL, NULL};

        for (int side = 0; side < 2; side++) {
            PyObject *text = PyTuple_GetItem(pair, side);
            Py_ssize_t length = 0;

            if (PyUnicode_Check(text))
                texts[side] = PyUnicode_AsUTF8AndSize(text, &length);
            if (!texts[side] || strlen(texts[side]) != (size_t)length) {
                PyErr_Clear();
                PyErr_Format(PyExc_TypeError, "metadata: found %R, expected text without NUL", text);
                PyMem_Free(lines);
                return NULL;
            }
        }
        lines[i] = (struct pixfer_metadata){texts[0], texts[1]};
    }
    return lines;
}

/* ---- Progress -------------------------------------------------------------------------------------------------------------------- */

static enum pixfer_progress_action read_answer(PyObject *answer)
{
    static const char *const words[] = {"continue", "finish", "abort"};

    if (answer == Py_None)
        return PIXFER_PROGRESS_CONTINUE;
    for (int i = 0; i < 3; i++)
        if (PyUnicode_Check(answer) && !PyUnicode_CompareWithASCIIString(answer, words[i]))
            return (enum pixfer_progress_action)i;
    PyErr_Format(PyExc_ValueError, "progress: it answered %R, expected None, 'continue', 'finish' or 'abort'", answer);
    return PIXFER_PROGRESS_FINISH;
}

static PyObject *make_progress(struct exporter *self, const struct pixfer_progress *p)
{
    return types_make(&self->state->types, "Progress",
                      Py_BuildValue("{s:K,s:d,s:d,s:d,s:K,s:d,s:s}", "frames", (unsigned long long)p->frames, "seconds",
                                    p->seconds, "fps", p->fps, "speed", p->speed, "bytes", (unsigned long long)p->bytes,
                                    "media_seconds", p->media_seconds, "stage", p->stage));
}

/* On the thread that pushes or finishes, without the interpreter's lock: it is taken for the callable and for Ctrl-C. An exception waits
 * until the call has ended, which is made to be soon: no more frames are taken, and what is being finalised is given up. */
static enum pixfer_progress_action on_progress(void *opaque, const struct pixfer_progress *p)
{
    struct exporter *self = opaque;
    struct call *call = call_current();
    enum pixfer_progress_action action;
    PyObject *progress, *answer;

    if (!call || call->raised)
        return self->asked;
    PyEval_RestoreThread(call->thread);
    if (PyErr_CheckSignals()) {
        call->raised = true;
    } else if (self->progress) {
        progress = make_progress(self, p);
        answer = progress ? PyObject_CallFunctionObjArgs(self->progress, progress, NULL) : NULL;
        action = answer ? read_answer(answer) : PIXFER_PROGRESS_CONTINUE;
        if (action > self->asked)
            self->asked = action;
        call->raised = PyErr_Occurred() != NULL;
        Py_XDECREF(progress);
        Py_XDECREF(answer);
    }
    if (call->raised) {
        action = self->finishing ? PIXFER_PROGRESS_ABORT : PIXFER_PROGRESS_FINISH;
        if (action > self->asked)
            self->asked = action;
    }
    call->thread = PyEval_SaveThread();
    return self->asked;
}

/* ---- Life ------------------------------------------------------------------------------------------------------------------------ */

static void close_exporter(struct exporter *self)
{
    struct pixfer_exporter *e = self->e;
    struct call call;

    self->e = NULL;
    if (!e)
        return;
    call_begin(&call, NULL);
    pixfer_exporter_close(&e);
    call_end(&call);
}

static bool usable(struct exporter *self)
{
    if (call_within(self)) {
        PyErr_SetString(PyExc_ValueError,
                        "the exporter was called from its own progress callback, expected cancel(), error or queue only");
        return false;
    }
    if (self->e && !self->closed)
        return true;
    PyErr_SetString(PyExc_ValueError, "the exporter is closed");
    return false;
}

static void use(struct exporter *self)
{
    Py_INCREF((PyObject *)self);
    self->users++;
}

static void unuse(struct exporter *self)
{
    if (!--self->users && self->closed)
        close_exporter(self);
    Py_DECREF((PyObject *)self);
}

/* The line of an error names the tool's option, which here is an argument. */
static void translate(char *line, size_t size)
{
    static const char option[] = "--overwrite", argument[] = "overwrite=True";
    const size_t longer = sizeof(argument) - sizeof(option);
    char *at = strstr(line, option);

    if (!at || strlen(line) + longer >= size)
        return;
    memmove(at + sizeof(argument) - 1, at + sizeof(option) - 1, strlen(at + sizeof(option) - 1) + 1);
    memcpy(at, argument, sizeof(argument) - 1);
}

/* After a call: what was logged goes out, and an exception is set where the call failed. */
static int conclude(struct exporter *self, const struct call *call, enum pixfer_result result)
{
    const char *line = call->line;

    if (result != PIXFER_OK && result != PIXFER_ERR_INVALID && !*line && self->e)
        line = pixfer_exporter_error(self->e);
    if (call->raised)
        log_lines_deliver(self->lines);
    else if (result != PIXFER_OK) {
        raise_result(&self->state->types, result, line);
        log_lines_deliver(self->lines);
    } else
        return log_lines_deliver(self->lines);
    return -1;
}

static int set_path(struct exporter *self, PyObject *path, struct pixfer_exporter_params *params)
{
    long long descriptor;

    if (PyLong_Check(path)) {
        if (read_number(path, "path", 0, MAX_INT, &descriptor))
            return -1;
        self->descriptor = (int)descriptor;
        params->write = pixfer_write_to_descriptor;
        params->write_opaque = &self->descriptor;
        Py_INCREF(path);
        self->path = path;
        return 0;
    }
    return PyUnicode_FSConverter(path, &self->path) ? 0 : -1;
}

static PyObject *exporter_make(PyTypeObject *type, PyObject *positional, PyObject *keywords)
{
    static char *names[] = {"path",
                            "width",
                            "height",
                            "fps",
                            "format",
                            "matrix",
                            "range",
                            "siting",
                            "any_siting",
                            "primaries",
                            "transfer",
                            "time_base",
                            "keep_start",
                            "encoder",
                            "preset",
                            "crf",
                            "bitrate",
                            "bits_per_pixel",
                            "gop",
                            "encoder_threads",
                            "sample_rate",
                            "channels",
                            "audio_codec",
                            "audio_bitrate",
                            "rotation",
                            "sample_aspect",
                            "metadata",
                            "converter",
                            "fastest_converter",
                            "cpu",
                            "convert_threads",
                            "queue_bytes",
                            "overwrite",
                            "progress",
                            "log",
                            NULL};
    struct module *state = PyType_GetModuleState(type);
    struct pixfer_exporter_params params = PIXFER_SIZED_EMPTY(pixfer_exporter_params);
    struct pixfer_metadata *metadata = NULL;
    struct arguments a = {0};
    PyObject *kept = NULL;
    struct exporter *self = NULL;
    enum pixfer_result result = PIXFER_ERR_INVALID;
    char error[LINE_SIZE] = "";
    struct call call;

    if (!state || !PyArg_ParseTupleAndKeywords(positional, keywords, "OOOO|$sssspOOOpzzOOOOOOOzOOOOspzOOpOO:Exporter", names,
                                               &a.path, &a.width, &a.height, &a.fps, &a.format, &a.matrix, &a.range, &a.siting,
                                               &a.any_siting, &a.primaries, &a.transfer, &a.time_base, &a.keep_start, &a.encoder,
                                               &a.preset, &a.crf, &a.bitrate, &a.bits_per_pixel, &a.gop, &a.encoder_threads,
                                               &a.sample_rate, &a.channels, &a.audio_codec, &a.audio_bitrate, &a.rotation,
                                               &a.sample_aspect, &a.metadata, &a.converter, &a.fastest_converter, &a.cpu,
                                               &a.convert_threads, &a.queue_bytes, &a.overwrite, &a.progress, &a.log))
        return NULL;
    if (a.width == Py_None || a.height == Py_None) {
        PyErr_SetString(PyExc_TypeError, "width, height: found None, expected whole numbers");
        return NULL;
    }
    if (read_arguments(&a, &params))
        return NULL;
    if (given(a.progress) && !PyCallable_Check(a.progress)) {
        PyErr_Format(PyExc_TypeError, "progress: found %R, expected a callable that takes a Progress", a.progress);
        return NULL;
    }
    self = PyObject_GC_New(struct exporter, type);
    if (!self)
        return NULL;
    /* All but the head, which is the interpreter's. */
    memset((char *)self + sizeof(PyObject), 0, sizeof(*self) - sizeof(PyObject));
    self->state = state;
    self->module = PyType_GetModule(type);
    Py_INCREF(self->module);
    self->format = params.format;
    self->width = params.width;
    self->height = params.height;
    self->channels = params.channels;
    self->own_times = params.time_base_num != 0;
    if (given(a.progress)) {
        Py_INCREF(a.progress);
        self->progress = a.progress;
    }
    PyObject_GC_Track((PyObject *)self);
    self->lines = log_lines_new(a.log);
    if (!self->lines || set_path(self, a.path, &params))
        goto failed;
    if (given(a.metadata)) {
        metadata = read_metadata(a.metadata, &kept, &params.metadata_count);
        if (!metadata)
            goto failed;
        params.metadata = metadata;
    }
    params.log = log_lines_callback();
    params.log_opaque = self->lines;
    params.progress = on_progress;
    params.progress_opaque = self;
    params.error = error;
    params.error_size = sizeof(error);
    call_begin(&call, self);
    result = pixfer_exporter_open(&self->e, params.write ? NULL : PyBytes_AsString(self->path), &params);
    call_end(&call);
    if (*error)
        snprintf(call.line, sizeof(call.line), "%s", error);
    translate(call.line, sizeof(call.line));
    result = conclude(self, &call, result) ? PIXFER_ERR_INVALID : PIXFER_OK;
failed:
    PyMem_Free(metadata);
    Py_XDECREF(kept);
    if (result != PIXFER_OK)
        Py_CLEAR(self);
    return (PyObject *)self;
}

static int exporter_traverse(PyObject *object, visitproc visit, void *arg)
{
    struct exporter *self = (struct exporter *)object;

    Py_VISIT(Py_TYPE(object));
    Py_VISIT(self->module);
    Py_VISIT(self->progress);
    Py_VISIT(self->report);
    return log_lines_traverse(self->lines, visit, arg);
}

static int exporter_clear(PyObject *object)
{
    struct exporter *self = (struct exporter *)object;

    Py_CLEAR(self->progress);
    log_lines_clear(self->lines);
    return 0;
}

static void exporter_free(PyObject *object)
{
    struct exporter *self = (struct exporter *)object;
    PyTypeObject *type = Py_TYPE(object);
    PyObject *kind, *value, *trace;

    PyObject_GC_UnTrack(object);
    PyErr_Fetch(&kind, &value, &trace);
    if (self->e && !self->finished && !self->closed &&
        PyErr_ResourceWarning(NULL, 1, "an exporter of %R was neither finished nor closed", self->path))
        PyErr_WriteUnraisable(NULL);
    close_exporter(self);
    PyErr_Restore(kind, value, trace);
    log_lines_free(self->lines);
    Py_XDECREF(self->path);
    Py_XDECREF(self->progress);
    Py_XDECREF(self->report);
    Py_XDECREF(self->module);
    PyObject_GC_Del(object);
    Py_DECREF(type);
}

static PyObject *exporter_close(PyObject *object, PyObject *unused)
{
    struct exporter *self = (struct exporter *)object;

    (void)unused;
    if (self->closed)
        Py_RETURN_NONE;
    self->closed = true;
    if (!self->users)
        close_exporter(self);
    else if (!self->finishing && !self->finished)
        pixfer_exporter_cancel(self->e); /* a call is at work: it ends soon, and closes */
    if (log_lines_deliver(self->lines))
        return NULL;
    Py_RETURN_NONE;
}

/* ---- Frames and audio ------------------------------------------------------------------------------------------------------------ */

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
        !usable(self))
        return NULL;
    if (given(pts_object)) {
        if (read_number(pts_object, "pts", INT64_MIN, INT64_MAX, &pts))
            return NULL;
    } else if (self->own_times) {
        PyErr_SetString(PyExc_ValueError, "pts: found none, expected a time in units of time_base");
        return NULL;
    }
    use(self);
    failed = planes_get(&planes, frame, "frame", self->format, self->width, self->height, PLANES_READ);
    if (!failed && !usable(self)) { /* taking the frame may have run code of the caller's */
        planes_release(&planes);
        failed = -1;
    }
    if (failed) {
        unuse(self);
        return NULL;
    }
    call_begin(&call, self);
    result = (wait ? pixfer_exporter_push : pixfer_exporter_try_push)(self->e, &planes.image, pts);
    call_end(&call);
    planes_release(&planes);
    if (result == PIXFER_OK)
        self->next_pts = pts < INT64_MAX ? pts + 1 : pts;
    failed = conclude(self, &call, result == PIXFER_ERR_AGAIN ? PIXFER_OK : result);
    unuse(self);
    if (failed)
        return NULL;
    if (wait)
        Py_RETURN_NONE;
    return PyBool_FromLong(result == PIXFER_OK);
}

static PyObject *exporter_push(PyObject *object, PyObject *arguments, PyObject *keywords)
{
    return push((struct exporter *)object, arguments, keywords, true);
}

static PyObject *exporter_try_push(PyObject *object, PyObject *arguments, PyObject *keywords)
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

static PyObject *exporter_push_audio(PyObject *object, PyObject *arguments, PyObject *keywords)
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

    if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "O|O:push_audio", names, &samples, &pts_object) || !usable(self) ||
        (given(pts_object) && read_number(pts_object, "pts", INT64_MIN, INT64_MAX, &pts)))
        return NULL;
    if (!PyObject_CheckBuffer(samples))
        return refuse_type("samples", samples, "");
    use(self);
    if (PyObject_GetBuffer(samples, &buffer, PyBUF_RECORDS_RO)) {
        refuse_buffer("samples", samples, false);
        unuse(self);
        return NULL;
    }
    count = check_samples(self, &buffer);
    if (count < 0 || !usable(self)) {
        PyBuffer_Release(&buffer);
        unuse(self);
        return NULL;
    }
    data = buffer.buf ? buffer.buf : &nothing;
    call_begin(&call, self);
    result = given(pts_object) ? pixfer_exporter_push_audio_at(self->e, data, (size_t)count, pts)
                               : pixfer_exporter_push_audio(self->e, data, (size_t)count);
    call_end(&call);
    PyBuffer_Release(&buffer);
    failed = conclude(self, &call, result);
    unuse(self);
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

    if (!usable(self) || read_number(pts_object, "pts", INT64_MIN, INT64_MAX, &pts))
        return NULL;
    use(self);
    call_begin(&call, self);
    result = function(self->e, pts);
    call_end(&call);
    failed = conclude(self, &call, result);
    unuse(self);
    if (failed)
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *exporter_pause(PyObject *object, PyObject *pts)
{
    return at_time((struct exporter *)object, pts, pixfer_exporter_pause);
}

static PyObject *exporter_resume(PyObject *object, PyObject *pts)
{
    return at_time((struct exporter *)object, pts, pixfer_exporter_resume);
}

/* ---- The end --------------------------------------------------------------------------------------------------------------------- */

static PyObject *make_report(struct exporter *self, const struct pixfer_exporter_stats *s)
{
    return types_make(
        &self->state->types, "Report",
        Py_BuildValue("{s:K,s:d,s:d,s:d,s:d,s:d,s:d,s:K,s:s,s:s,s:N,s:z,s:K,s:s,s:K,s:N,s:K,s:K,s:s}", "frames",
                      (unsigned long long)s->frames, "wall_s", s->wall_s, "fps", s->fps, "convert_s", s->convert_s, "encode_s",
                      s->encode_s, "mux_s", s->mux_s, "cpu_s", s->cpu_s, "peak_rss_bytes", (unsigned long long)s->peak_rss_bytes,
                      "backend", s->backend == PIXFER_BACKEND_AUTO ? "" : s->backend_name, "isa", s->isa, "exact",
                      PyBool_FromLong(s->exact), "fallback_reason", *s->fallback_reason ? s->fallback_reason : NULL, "converted",
                      (unsigned long long)s->converted, "encoder", s->encoder, "bytes", (unsigned long long)s->bytes, "part_kept",
                      PyBool_FromLong(s->part_kept), "part_frames", (unsigned long long)s->part_frames, "refused",
                      (unsigned long long)s->refused, "measured", s->measured));
}

static PyObject *exporter_finish(PyObject *object, PyObject *unused)
{
    struct exporter *self = (struct exporter *)object;
    struct pixfer_exporter_stats stats = PIXFER_EXPORTER_STATS();
    enum pixfer_result result;
    PyObject *report, *kind, *value, *trace;
    struct call call;
    int failed;

    (void)unused;
    if (!usable(self))
        return NULL;
    if (self->finishing) {
        PyErr_SetString(PyExc_ValueError, "finish: another thread is finishing the export already");
        return NULL;
    }
    use(self);
    self->finishing = true;
    call_begin(&call, self);
    result = pixfer_exporter_finish(self->e, &stats);
    call_end(&call);
    self->finishing = false;
    /* A callback that asked for the end gets what it asked for. */
    if (result == PIXFER_ERR_CANCELLED && self->asked == PIXFER_PROGRESS_FINISH && stats.bytes && !stats.part_kept)
        result = PIXFER_OK;
    failed = conclude(self, &call, result);
    PyErr_Fetch(&kind, &value, &trace);
    if (self->finished && failed) {
        report = NULL; /* a second finish was refused: the first one's report stays */
    } else {
        self->finished = true;
        report = make_report(self, &stats);
        if (report) {
            Py_XDECREF(self->report);
            self->report = report;
            Py_INCREF(report);
        }
    }
    if (failed) {
        Py_CLEAR(report);
        PyErr_Clear();
        PyErr_Restore(kind, value, trace);
    }
    unuse(self);
    return report;
}

static PyObject *exporter_cancel(PyObject *object, PyObject *unused)
{
    struct exporter *self = (struct exporter *)object;

    (void)unused;
    if (self->e && !self->closed) {
        struct call call;

        use(self);
        call_begin(&call, NULL);
        pixfer_exporter_cancel(self->e);
        call_end(&call);
        unuse(self);
    }
    Py_RETURN_NONE;
}

static PyObject *exporter_enter(PyObject *object, PyObject *unused)
{
    (void)unused;
    if (!usable((struct exporter *)object))
        return NULL;
    Py_INCREF(object);
    return object;
}

static PyObject *exporter_exit(PyObject *object, PyObject *arguments)
{
    struct exporter *self = (struct exporter *)object;
    PyObject *kind = PyTuple_Size(arguments) > 0 ? PyTuple_GetItem(arguments, 0) : Py_None, *cancelled, *done = NULL;
    PyObject *type, *value, *trace;
    bool finish = kind == Py_None, swallow = false;

    if (!finish && self->asked != PIXFER_PROGRESS_CONTINUE && self->state->types.module) {
        /* The callback asked for the end, and push said so. */
        cancelled = PyObject_GetAttrString(self->state->types.module, "CancelledError");
        finish = swallow = cancelled && PyErr_GivenExceptionMatches(kind, cancelled);
        Py_XDECREF(cancelled);
    }
    if (finish && !self->finished && !self->closed && self->e) {
        done = exporter_finish(object, NULL);
        if (!done) {
            PyErr_Fetch(&type, &value, &trace);
            Py_XDECREF(exporter_close(object, NULL));
            PyErr_Clear();
            PyErr_Restore(type, value, trace);
            return NULL;
        }
        Py_DECREF(done);
    } else {
        swallow = false;
    }
    done = exporter_close(object, NULL);
    if (!done)
        return NULL;
    Py_DECREF(done);
    return PyBool_FromLong(swallow);
}

/* ---- What it is ------------------------------------------------------------------------------------------------------------------ */

static PyObject *exporter_error(PyObject *object, void *unused)
{
    struct exporter *self = (struct exporter *)object;
    const char *line = self->e ? pixfer_exporter_error(self->e) : "";

    (void)unused;
    if (*line)
        return PyUnicode_DecodeUTF8(line, (Py_ssize_t)strlen(line), "replace");
    Py_RETURN_NONE;
}

static PyObject *exporter_queue(PyObject *object, void *unused)
{
    struct exporter *self = (struct exporter *)object;
    struct pixfer_exporter_queue queue = PIXFER_EXPORTER_QUEUE();
    enum pixfer_result result;

    (void)unused;
    if (!self->e || self->closed) {
        PyErr_SetString(PyExc_ValueError, "the exporter is closed");
        return NULL;
    }
    result = pixfer_exporter_get_queue(self->e, &queue);
    if (result != PIXFER_OK)
        return raise_result(&self->state->types, result, NULL);
    return types_make(&self->state->types, "Queue",
                      Py_BuildValue("{s:I,s:I,s:K}", "frames", (unsigned)queue.frames, "capacity", (unsigned)queue.capacity,
                                    "bytes", (unsigned long long)queue.bytes));
}

static PyObject *exporter_report(PyObject *object, void *unused)
{
    PyObject *report = ((struct exporter *)object)->report;

    (void)unused;
    report = report ? report : Py_None;
    Py_INCREF(report);
    return report;
}

static PyObject *exporter_closed(PyObject *object, void *unused)
{
    (void)unused;
    return PyBool_FromLong(((struct exporter *)object)->closed);
}

static PyObject *exporter_format(PyObject *object, void *unused)
{
    (void)unused;
    return PyUnicode_FromString(pixfer_format_name(((struct exporter *)object)->format));
}

static PyObject *exporter_width(PyObject *object, void *unused)
{
    (void)unused;
    return PyLong_FromUnsignedLong(((struct exporter *)object)->width);
}

static PyObject *exporter_height(PyObject *object, void *unused)
{
    (void)unused;
    return PyLong_FromUnsignedLong(((struct exporter *)object)->height);
}

static PyObject *path_text(const struct exporter *self)
{
    if (PyBytes_Check(self->path))
        return PyUnicode_DecodeFSDefault(PyBytes_AsString(self->path));
    Py_INCREF(self->path);
    return self->path;
}

static PyObject *exporter_path(PyObject *object, void *unused)
{
    (void)unused;
    return path_text((struct exporter *)object);
}

static PyObject *exporter_repr(PyObject *object)
{
    struct exporter *self = (struct exporter *)object;
    PyObject *path = path_text(self), *text = NULL;

    if (path)
        text = PyUnicode_FromFormat("<pixfer.Exporter %R %ux%u %s%s>", path, (unsigned)self->width, (unsigned)self->height,
                                    pixfer_format_name(self->format),
                                    self->closed     ? ", closed"
                                    : self->finished ? ", finished"
                                                     : "");
    Py_XDECREF(path);
    return text;
}

static PyGetSetDef exporter_members[] = {
    {"path", exporter_path, NULL, "The file's name, or the descriptor.", NULL},
    {"format", exporter_format, NULL, "Name of the frames' format.", NULL},
    {"width", exporter_width, NULL, "Pixels.", NULL},
    {"height", exporter_height, NULL, "Pixels.", NULL},
    {"closed", exporter_closed, NULL, "Whether close() was called.", NULL},
    {"error", exporter_error, NULL, "The line of the error that ended the export, or None.", NULL},
    {"queue", exporter_queue, NULL, "How full the queue before the encoder is, as a Queue.", NULL},
    {"report", exporter_report, NULL, "What finish() answered, as a Report; None before. It is there after a failed finish, too.",
     NULL},
    {NULL, NULL, NULL, NULL, NULL}};

static PyMethodDef exporter_methods[] = {
    {"push", (PyCFunction)(void (*)(void))exporter_push, METH_VARARGS | METH_KEYWORDS,
     "push($self, /, frame, pts=None)\n--\n\n"
     "Converts a frame into the encoder's own; waits while the encoder is behind. `frame` may be changed as soon as it "
     "returns.\n\n"
     "`pts` is its time in units of `time_base`, and must grow; without a time_base it is the frame's number, and None counts "
     "on.\n"
     "A frame that does not fit raises ValueError or TypeError, and is lost alone; CancelledError comes once the export is "
     "cancelled."},
    {"try_push", (PyCFunction)(void (*)(void))exporter_try_push, METH_VARARGS | METH_KEYWORDS,
     "try_push($self, /, frame, pts=None)\n--\n\nAs push, but False at once, and nothing taken, where the queue is full."},
    {"push_audio", (PyCFunction)(void (*)(void))exporter_push_audio, METH_VARARGS | METH_KEYWORDS,
     "push_audio($self, /, samples, pts=None)\n--\n\n"
     "Hands over float32 samples of the shape (samples, channels), or interleaved in one dimension, that follow the ones "
     "before.\n\n"
     "`pts`, in samples on the clock of the frames, says when the first is heard. It may come from a thread of its own."},
    {"pause", exporter_pause, METH_O,
     "pause($self, pts, /)\n--\n\nTakes the time from here to resume(), on the clock of the frames' pts, out of the export."},
    {"resume", exporter_resume, METH_O, "resume($self, pts, /)\n--\n\nEnds a pause."},
    {"finish", exporter_finish, METH_NOARGS,
     "finish($self, /)\n--\n\n"
     "Encodes what is waiting, makes the file complete and returns a Report. The end of a with block does it."},
    {"cancel", exporter_cancel, METH_NOARGS,
     "cancel($self, /)\n--\n\nGives the export up, from any thread: calls that wait raise CancelledError, and no file stays."},
    {"close", exporter_close, METH_NOARGS,
     "close($self, /)\n--\n\n"
     "Frees the exporter. Without finish() the file is removed, unless an error ended the export: then what plays is kept as "
     ".part."},
    {"__enter__", exporter_enter, METH_NOARGS, "__enter__($self, /)\n--\n\n"},
    {"__exit__", exporter_exit, METH_VARARGS, "__exit__($self, /, *exception)\n--\n\n"},
    {NULL, NULL, 0, NULL}};

static PyType_Slot exporter_slots[] = {
    {Py_tp_doc,
     "Exporter(path, width, height, fps, *, format='rgba', matrix='bt709', range='limited', siting='left', any_siting=False, "
     "primaries=0, transfer=0, time_base=None, keep_start=False, encoder=None, preset=None, crf=None, bitrate=None, "
     "bits_per_pixel=None, "
     "gop=0, encoder_threads=0, sample_rate=None, channels=None, audio_codec=None, audio_bitrate=0, rotation=0, "
     "sample_aspect=None, "
     "metadata=None, converter='auto', fastest_converter=False, cpu=None, convert_threads=0, queue_bytes=0, overwrite=False, "
     "progress=None, log=None)\n--\n\n"
     "Frames in, an H.264 MP4 out. `path` is a file's name, or a descriptor that a fragmented MP4 is written to.\n\n"
     "    with pixfer.Exporter('out.mp4', 1920, 1080, 60) as out:\n"
     "        for array in frames:\n"
     "            out.push(array)\n"
     "    print(out.report)\n\n"
     "The end of the block finishes the file; an exception in it leaves no file. README.md explains every argument."},
    {Py_tp_new, exporter_make},
    {Py_tp_dealloc, exporter_free},
    {Py_tp_traverse, exporter_traverse},
    {Py_tp_clear, exporter_clear},
    {Py_tp_repr, exporter_repr},
    {Py_tp_getset, exporter_members},
    {Py_tp_methods, exporter_methods},
    {0, NULL}};
static PyType_Spec exporter_spec = {"pixfer.Exporter", sizeof(struct exporter), 0,
                                    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE, exporter_slots};

/* ---- The module ------------------------------------------------------------------------------------------------------------------- */

static PyObject *function_encoder_names(PyObject *module, PyObject *unused)
{
    PyObject *list = PyList_New(0);

    (void)module, (void)unused;
    for (const char *const *encoder = pixfer_encoder_names(); list && *encoder; encoder++) {
        PyObject *name = PyUnicode_FromString(*encoder);

        if (!name || PyList_Append(list, name))
            Py_CLEAR(list);
        Py_XDECREF(name);
    }
    return list;
}

static PyObject *function_encoder_missing(PyObject *module, PyObject *name)
{
    const char *text = PyUnicode_Check(name) ? PyUnicode_AsUTF8AndSize(name, NULL) : NULL;
    char reason[LINE_SIZE] = "";
    struct call call;
    int works;

    (void)module;
    if (!text) {
        if (!PyErr_Occurred())
            PyErr_Format(PyExc_TypeError, "name: found %R, expected text", name);
        return NULL;
    }
    call_begin(&call, NULL);
    works = pixfer_encoder_works(text, reason, sizeof(reason));
    call_end(&call);
    if (works)
        Py_RETURN_NONE;
    return PyUnicode_DecodeUTF8(reason, (Py_ssize_t)strlen(reason), "replace");
}

static PyObject *function_libav_versions(PyObject *module, PyObject *unused)
{
    (void)module, (void)unused;
    return PyUnicode_FromString(pixfer_exporter_libav_versions());
}

static PyMethodDef functions[] = {{"encoder_names", function_encoder_names, METH_NOARGS,
                                   "encoder_names($module, /)\n--\n\nThe H.264 encoders that encoder=None tries, in its order."},
                                  {"encoder_missing", function_encoder_missing, METH_O,
                                   "encoder_missing($module, name, /)\n--\n\nNone if the encoder works on this machine, which is "
                                   "tried, else a line that says why not."},
                                  {"libav_versions", function_libav_versions, METH_NOARGS,
                                   "libav_versions($module, /)\n--\n\nThe versions of the FFmpeg libraries in use."},
                                  {NULL, NULL, 0, NULL}};

static int execute(PyObject *module)
{
    struct module *state = PyModule_GetState(module);

    if (types_init(&state->types))
        return -1;
    state->exporter_type = PyType_FromModuleAndSpec(module, &exporter_spec, NULL);
    return state->exporter_type ? PyModule_AddObjectRef(module, "Exporter", state->exporter_type) : -1;
}

static int traverse(PyObject *module, visitproc visit, void *arg)
{
    struct module *state = PyModule_GetState(module);

    Py_VISIT(state->exporter_type);
    return types_traverse(&state->types, visit, arg);
}

static int clear(PyObject *module)
{
    struct module *state = PyModule_GetState(module);

    Py_CLEAR(state->exporter_type);
    types_clear(&state->types);
    return 0;
}

static void free_module(void *module)
{
    clear(module);
}

static PyModuleDef_Slot slots[] = {{Py_mod_exec, execute}, {0, NULL}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT,
                                        "_exporter",
                                        "The exporter of pixfer.",
                                        sizeof(struct module),
                                        functions,
                                        slots,
                                        traverse,
                                        clear,
                                        free_module};

PyMODINIT_FUNC PyInit__exporter(void);
PyMODINIT_FUNC PyInit__exporter(void)
{
    return PyModuleDef_Init(&definition);
}

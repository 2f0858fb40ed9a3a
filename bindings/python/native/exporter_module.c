/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include <string.h>

#include "exporter.h"

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
     "primaries=0, transfer=0, time_base=None, keep_start=False, codec=None, depth=0, chroma=0, background=None, encoder=None, "
     "preset=None, crf=None, "
     "bitrate=None, "
     "bits_per_pixel=None, "
     "gop=0, encoder_threads=0, sample_rate=None, channels=None, audio_codec=None, audio_bitrate=0, rotation=0, "
     "sample_aspect=None, "
     "metadata=None, converter='auto', fastest_converter=False, cpu=None, convert_threads=0, queue_bytes=0, overwrite=False, "
     "progress=None, log=None)\n--\n\n"
     "Frames in, an H.264, HEVC or AV1 MP4 out. `path` is a file's name, or a descriptor that a fragmented MP4 is written to.\n\n"
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

/* ---- The module ----------------------------------------------------------------------------------------------------------------- */

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

static PyMethodDef functions[] = {
    {"encoder_names", function_encoder_names, METH_NOARGS,
     "encoder_names($module, /)\n--\n\nThe encoders that are tried where neither codec nor encoder is named, in its order."},
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

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "exporter.h"

#include <stdio.h>
#include <string.h>

/* ---- Progress ------------------------------------------------------------------------------------------------------------------- */

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

/* ---- Life ----------------------------------------------------------------------------------------------------------------------- */

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

bool exporter_usable(struct exporter *self)
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

void exporter_use(struct exporter *self)
{
    Py_INCREF((PyObject *)self);
    self->users++;
}

void exporter_unuse(struct exporter *self)
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

int exporter_conclude(struct exporter *self, const struct call *call, enum pixfer_result result)
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

PyObject *exporter_make(PyTypeObject *type, PyObject *positional, PyObject *keywords)
{
    struct module *state = PyType_GetModuleState(type);
    struct pixfer_exporter_params params = PIXFER_SIZED_EMPTY(pixfer_exporter_params);
    struct pixfer_metadata *metadata = NULL;
    struct arguments a = {0};
    PyObject *kept = NULL;
    struct exporter *self = NULL;
    enum pixfer_result result = PIXFER_ERR_INVALID;
    char error[LINE_SIZE] = "";
    struct call call;

    if (!state || exporter_arguments(positional, keywords, &a, &params))
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
        metadata = exporter_metadata(a.metadata, &kept, &params.metadata_count);
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
    result = exporter_conclude(self, &call, result) ? PIXFER_ERR_INVALID : PIXFER_OK;
failed:
    PyMem_Free(metadata);
    Py_XDECREF(kept);
    if (result != PIXFER_OK)
        Py_CLEAR(self);
    return (PyObject *)self;
}

int exporter_traverse(PyObject *object, visitproc visit, void *arg)
{
    struct exporter *self = (struct exporter *)object;

    Py_VISIT(Py_TYPE(object));
    Py_VISIT(self->module);
    Py_VISIT(self->progress);
    Py_VISIT(self->report);
    return log_lines_traverse(self->lines, visit, arg);
}

int exporter_clear(PyObject *object)
{
    struct exporter *self = (struct exporter *)object;

    Py_CLEAR(self->progress);
    log_lines_clear(self->lines);
    return 0;
}

void exporter_free(PyObject *object)
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

PyObject *exporter_close(PyObject *object, PyObject *unused)
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

/* ---- The end -------------------------------------------------------------------------------------------------------------------- */

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

PyObject *exporter_finish(PyObject *object, PyObject *unused)
{
    struct exporter *self = (struct exporter *)object;
    struct pixfer_exporter_stats stats = PIXFER_EXPORTER_STATS();
    enum pixfer_result result;
    PyObject *report, *kind, *value, *trace;
    struct call call;
    int failed;

    (void)unused;
    if (!exporter_usable(self))
        return NULL;
    if (self->finishing) {
        PyErr_SetString(PyExc_ValueError, "finish: another thread is finishing the export already");
        return NULL;
    }
    exporter_use(self);
    self->finishing = true;
    call_begin(&call, self);
    result = pixfer_exporter_finish(self->e, &stats);
    call_end(&call);
    self->finishing = false;
    /* A callback that asked for the end gets what it asked for. */
    if (result == PIXFER_ERR_CANCELLED && self->asked == PIXFER_PROGRESS_FINISH && stats.bytes && !stats.part_kept)
        result = PIXFER_OK;
    failed = exporter_conclude(self, &call, result);
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
    exporter_unuse(self);
    return report;
}

PyObject *exporter_cancel(PyObject *object, PyObject *unused)
{
    struct exporter *self = (struct exporter *)object;

    (void)unused;
    if (self->e && !self->closed) {
        struct call call;

        exporter_use(self);
        call_begin(&call, NULL);
        pixfer_exporter_cancel(self->e);
        call_end(&call);
        exporter_unuse(self);
    }
    Py_RETURN_NONE;
}

PyObject *exporter_enter(PyObject *object, PyObject *unused)
{
    (void)unused;
    if (!exporter_usable((struct exporter *)object))
        return NULL;
    Py_INCREF(object);
    return object;
}

PyObject *exporter_exit(PyObject *object, PyObject *arguments)
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

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_PYTHON_EXPORTER_H
#define PIXFER_PYTHON_EXPORTER_H

/* pixfer._exporter: what its files share. exporter_module.c has the type and the module, exporter.c its life from open to close,
 * exporter_push.c frames and audio, exporter_arguments.c what Python gives. */
#include <pixfer/exporter.h>

#include "native.h"

enum { MAX_INT = 0x7fffffff };

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

/* ---- Arguments ----------------------------------------------------------------------------------------------------------------- */

/* What Python gave; NULL where it gave nothing. */
struct arguments {
    PyObject *path, *width, *height, *fps;
    const char *format, *matrix, *range, *siting;
    int any_siting, keep_start, overwrite, fastest_converter;
    PyObject *primaries, *transfer, *time_base;
    const char *codec, *encoder, *preset;
    PyObject *depth, *chroma, *background;
    PyObject *crf, *bitrate, *bits_per_pixel, *gop, *encoder_threads;
    PyObject *sample_rate, *channels;
    const char *audio_codec;
    PyObject *audio_bitrate, *rotation, *sample_aspect, *metadata;
    const char *converter, *cpu;
    PyObject *convert_threads, *queue_bytes, *progress, *log;
};

static inline bool given(PyObject *object)
{
    return object && object != Py_None;
}

/* All arguments of Exporter(), and the parameters that they mean, but for path, metadata and callbacks. 0, or -1 with an exception. */
int exporter_arguments(PyObject *positional, PyObject *keywords, struct arguments *a, struct pixfer_exporter_params *p);
/* The lines of a dict of text; `keep` holds their strings. NULL with an exception where it is no such dict. */
struct pixfer_metadata *exporter_metadata(PyObject *object, PyObject **keep, size_t *count);

/* ---- Calls ----------------------------------------------------------------------------------------------------------------------- */

/* Whether a call is possible, else an exception. Between use() and unuse() the exporter stays, whoever closes it. */
bool exporter_usable(struct exporter *self);
void exporter_use(struct exporter *self);
void exporter_unuse(struct exporter *self);
/* After a call: what was logged goes out, and an exception is set where the call failed. */
int exporter_conclude(struct exporter *self, const struct call *call, enum pixfer_result result);

PyObject *exporter_make(PyTypeObject *type, PyObject *positional, PyObject *keywords);
int exporter_traverse(PyObject *object, visitproc visit, void *arg);
int exporter_clear(PyObject *object);
void exporter_free(PyObject *object);

/* ---- Methods --------------------------------------------------------------------------------------------------------------------- */

PyObject *exporter_push(PyObject *object, PyObject *arguments, PyObject *keywords);
PyObject *exporter_try_push(PyObject *object, PyObject *arguments, PyObject *keywords);
PyObject *exporter_push_audio(PyObject *object, PyObject *arguments, PyObject *keywords);
PyObject *exporter_pause(PyObject *object, PyObject *pts);
PyObject *exporter_resume(PyObject *object, PyObject *pts);
PyObject *exporter_finish(PyObject *object, PyObject *unused);
PyObject *exporter_cancel(PyObject *object, PyObject *unused);
PyObject *exporter_close(PyObject *object, PyObject *unused);
PyObject *exporter_enter(PyObject *object, PyObject *unused);
PyObject *exporter_exit(PyObject *object, PyObject *arguments);

#endif

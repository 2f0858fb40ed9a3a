/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include <string.h>

#include "exporter.h"

enum { MAX_SIDE = 16384 };

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

static int read_codec(const char *text, enum pixfer_codec *out)
{
    static const char *const names[] = {[PIXFER_CODEC_H264] = "h264", [PIXFER_CODEC_HEVC] = "hevc", [PIXFER_CODEC_AV1] = "av1"};

    for (int i = PIXFER_CODEC_H264; i <= PIXFER_CODEC_AV1; i++) {
        if (same_name(names[i], text)) {
            *out = (enum pixfer_codec)i;
            return 0;
        }
    }
    PyErr_Format(PyExc_ValueError, "codec: found '%.60s', expected h264, hevc or av1", text);
    return -1;
}

static int read_arguments(const struct arguments *a, struct pixfer_exporter_params *p)
{
    uint32_t primaries = 0, transfer = 0, encoder_threads = 0, convert_threads = 0, depth = 0, chroma = 0;
    long long queue_bytes = 0;

    p->format = PIXFER_FORMAT_RGBA;
    p->channels = given(a->sample_rate) ? 2 : 0;
    if ((a->format && read_format(a->format, "format", &p->format)) || read_optional(a->width, "width", 1, MAX_SIDE, &p->width) ||
        read_optional(a->height, "height", 1, MAX_SIDE, &p->height) ||
        read_ratio(a->fps, "fps", 1001, &p->fps_num, &p->fps_den) || read_color(a->matrix, a->range, a->siting, &p->color) ||
        read_optional(a->primaries, "primaries", 0, 255, &primaries) ||
        read_optional(a->transfer, "transfer", 0, 255, &transfer) ||
        (given(a->time_base) && read_ratio(a->time_base, "time_base", 1000000, &p->time_base_num, &p->time_base_den)) ||
        (a->codec && read_codec(a->codec, &p->codec)) || read_optional(a->depth, "depth", 0, 10, &depth) ||
        read_optional(a->chroma, "chroma", 0, 444, &chroma) || read_background(a->background, &p->alpha, &p->background) ||
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
    p->depth = depth;
    p->chroma = chroma;
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

struct pixfer_metadata *exporter_metadata(PyObject *object, PyObject **keep, size_t *count)
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

int exporter_arguments(PyObject *positional, PyObject *keywords, struct arguments *a, struct pixfer_exporter_params *p)
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
                            "codec",
                            "depth",
                            "chroma",
                            "background",
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

    if (!PyArg_ParseTupleAndKeywords(
            positional, keywords, "OOOO|$sssspOOOpzOOOzzOOOOOOOzOOOOspzOOpOO:Exporter", names, &a->path, &a->width, &a->height,
            &a->fps, &a->format, &a->matrix, &a->range, &a->siting, &a->any_siting, &a->primaries, &a->transfer, &a->time_base,
            &a->keep_start, &a->codec, &a->depth, &a->chroma, &a->background, &a->encoder, &a->preset, &a->crf, &a->bitrate,
            &a->bits_per_pixel, &a->gop, &a->encoder_threads, &a->sample_rate, &a->channels, &a->audio_codec, &a->audio_bitrate,
            &a->rotation, &a->sample_aspect, &a->metadata, &a->converter, &a->fastest_converter, &a->cpu, &a->convert_threads,
            &a->queue_bytes, &a->overwrite, &a->progress, &a->log))
        return -1;
    if (a->width == Py_None || a->height == Py_None) {
        PyErr_SetString(PyExc_TypeError, "width, height: found None, expected whole numbers");
        return -1;
    }
    return read_arguments(a, p);
}

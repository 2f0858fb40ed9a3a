/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "demuxer_formats.h"
#include "input_file.h"
#include "source.h"

/* Rows that are read at a time: enough to make a system call cheap, few enough to be in the second-level cache still when they are
 * converted. Measured on 4K RGBA in the page cache, reading and converting a frame: 128 KB 5.4 ms, 256 KB 5.1, 512 KB 4.7. A mapped
 * file takes 4.5, but converts from memory, and dies of a file that is truncated meanwhile. */
static const size_t chunk_bytes = 512 * 1024;

struct raw {
    struct input_file file;
    bool checked;    /* what a pipe begins with has been looked at */
    uint64_t index;  /* of the next frame, in this pass */
    size_t got;      /* bytes of the frame that is being read */
    uint8_t *buffer; /* a row, and the rows of a chunk behind it */
};

/* ---- What it is ---------------------------------------------------------------------------------------------------------------- */

enum { HEAD = 4096 };

/* Raw frames are noise to every demuxer; a media file given as raw frames would be encoded as noise. */
static const AVInputFormat *recognise(const uint8_t *bytes, size_t count, int least)
{
    uint8_t head[HEAD + AVPROBE_PADDING_SIZE] = {0};
    AVProbeData data = {.filename = "", .buf = head, .buf_size = (int)(count < HEAD ? count : HEAD)};
    int score = 0;
    memcpy(head, bytes, (size_t)data.buf_size);
    const AVInputFormat *format = av_probe_input_format3(&data, 1, &score);
    return format && score >= least && pixfer_demuxer_takes(format) ? format : NULL;
}

static const char *long_name(const AVInputFormat *format)
{
    return format->long_name ? format->long_name : format->name;
}

/* A pipe does not say how much will come, so only what cannot be anything else counts: 1 in 100 that a frame looks like it is too many. */
static bool begins_raw(struct source *s, struct raw *r, const uint8_t *bytes, size_t count)
{
    const AVInputFormat *format = r->checked || r->file.regular ? NULL : recognise(bytes, count, AVPROBE_SCORE_MAX - 1);
    r->checked = true;
    if (format)
        snprintf(s->broken, sizeof(s->broken),
                 "source: %.200s is %s, not raw frames of %ux%u: give its name, or /dev/stdin, without --size to have it decoded",
                 s->input->name, long_name(format), s->width, s->height);
    return !format;
}

/* ---- Reading --------------------------------------------------------------------------------------------------------------- */

static enum source_status broken(struct source *s, int64_t result)
{
    struct raw *r = s->state;
    if (result == -ECANCELED)
        return SOURCE_STOPPED;
    if (result < 0)
        snprintf(s->broken, sizeof(s->broken), "source: %s: frame %llu cannot be read: %s", s->input->name,
                 (unsigned long long)r->index, pixfer_error_text((int)-result));
    else if (r->got)
        snprintf(s->broken, sizeof(s->broken), "source: %s: frame %llu is truncated: found %zu bytes, expected %zu",
                 s->input->name, (unsigned long long)r->index, r->got, s->frame_bytes);
    return s->broken[0] ? SOURCE_BROKEN : SOURCE_END;
}

static enum source_status read_piece(struct source *s, uint8_t *to, size_t bytes)
{
    struct raw *r = s->state;
    for (size_t done = 0; done < bytes;) {
        int64_t n = pixfer_input_file_read(&r->file, to + done, bytes - done);
        if (n <= 0)
            return broken(s, n);
        done += (size_t)n;
        r->got += (size_t)n;
    }
    return begins_raw(s, r, to, bytes) ? SOURCE_FRAME : SOURCE_BROKEN;
}

static enum source_status end_frame(struct source *s)
{
    struct raw *r = s->state;
    s->pts = (int64_t)r->index++;
    s->duration = 1;
    r->got = 0;
    return SOURCE_FRAME;
}

static uint32_t rows_at_a_time(const struct source *s)
{
    uint32_t rows = (uint32_t)(chunk_bytes / (size_t)s->layout.stride[0]) & ~1u;
    return rows ? rows : 2;
}

static bool make_buffer(struct source *s)
{
    struct raw *r = s->state;
    size_t bytes = (rows_at_a_time(s) + (size_t)1) * (size_t)s->layout.stride[0];
    if (!r->buffer)
        r->buffer = pixfer_memory_get(bytes, 4096);
    if (!r->buffer)
        pixfer_report_fail(s->report, PIXFER_ERR_NO_MEMORY, "source: no memory for %zu bytes", bytes);
    return r->buffer != NULL;
}

/* ---- Frames ---------------------------------------------------------------------------------------------------------------- */

/* The buffer holds one row more than a chunk: the last one of the chunk before, for filters that look up. */
static enum source_status rows(struct source *s, uint32_t first, uint32_t above, struct pixfer_image *window, uint32_t *count)
{
    struct raw *r = s->state;
    size_t stride = (size_t)s->layout.stride[0];
    uint32_t most = rows_at_a_time(s);
    if (!make_buffer(s))
        return SOURCE_STOPPED;
    uint8_t *fresh = r->buffer + stride;
    if (first && above) /* every chunk but the last is a full one */
        memcpy(r->buffer, fresh + (most - 1) * stride, stride);
    *count = s->height - first < most ? s->height - first : most;
    enum source_status status = read_piece(s, fresh, *count * stride);
    if (status != SOURCE_FRAME)
        return status;
    *window = s->layout;
    window->plane[0] = (uint8_t *)((uintptr_t)fresh - (uintptr_t)first * stride);
    return first + *count == s->height ? end_frame(s) : SOURCE_FRAME;
}

static enum source_status fill(struct source *s, const struct pixfer_image *image)
{
    for (unsigned i = 0; i < pixfer_format_planes(s->format); i++) {
        size_t row_bytes, rows;
        pixfer_plane_size(s->format, s->width, s->height, i, &row_bytes, &rows);
        size_t stride = (size_t)s->layout.stride[i], step = stride == (size_t)image->stride[i] ? rows : 1;
        for (size_t y = 0; y < rows; y += step) {
            enum source_status status =
                read_piece(s, (uint8_t *)image->plane[i] + (ptrdiff_t)y * image->stride[i], step * stride);
            if (status != SOURCE_FRAME)
                return status;
        }
    }
    return end_frame(s);
}

/* A regular file is not read for what is passed over. */
static bool jump(struct source *s)
{
    struct raw *r = s->state;
    int64_t at = pixfer_file_seek(r->file.fd, 0, SEEK_CUR);
    return at >= 0 && pixfer_file_size(r->file.fd) - at >= (int64_t)s->frame_bytes &&
           pixfer_file_seek(r->file.fd, (int64_t)s->frame_bytes, SEEK_CUR) >= 0;
}

static enum source_status skip(struct source *s)
{
    struct raw *r = s->state;
    size_t piece = rows_at_a_time(s) * (size_t)s->layout.stride[0];
    if (r->file.regular)
        return jump(s) ? end_frame(s) : SOURCE_END;
    if (!make_buffer(s))
        return SOURCE_STOPPED;
    while (r->got < s->frame_bytes) {
        size_t left = s->frame_bytes - r->got;
        enum source_status status = read_piece(s, r->buffer, left < piece ? left : piece);
        if (status != SOURCE_FRAME)
            return status;
    }
    return end_frame(s);
}

static bool rewind_raw(struct source *s)
{
    struct raw *r = s->state;
    r->index = r->got = 0;
    return r->file.regular && pixfer_file_seek(r->file.fd, r->file.start, SEEK_SET) == r->file.start;
}

/* A segment is part of what the plan has counted: the frame is there, or the file is another one. */
static bool seek_raw(struct source *s, const struct source_place *place)
{
    struct raw *r = s->state;
    const uint64_t at = place->index * s->frame_bytes;
    r->got = 0;
    r->index = place->index;
    if (r->file.regular && place->index < s->frames && pixfer_file_seek(r->file.fd, r->file.start + (int64_t)at, SEEK_SET) >= 0)
        return true;
    snprintf(s->broken, sizeof(s->broken), "source: %s has no frame %llu", s->input->name, (unsigned long long)place->index);
    return false;
}

static void assume_raw(struct source *s, int64_t ticks, int64_t lasts)
{
    (void)ticks, (void)lasts;
    end_frame(s);
}

static void close_raw(struct source *s)
{
    struct raw *r = s->state;
    pixfer_input_file_close(&r->file);
    pixfer_memory_free(r->buffer);
    free(r);
}

static const struct source_ops raw_ops = {
    .rows = rows, .fill = fill, .skip = skip, .rewind = rewind_raw, .seek = seek_raw, .assume = assume_raw, .close = close_raw};

/* ---- Opening --------------------------------------------------------------------------------------------------------------- */

static enum pixfer_result check_format(struct source *s)
{
    const struct pixfer_input *in = s->input;
    const char *name = pixfer_format_name(in->format);
    if (!in->width || !in->height)
        return pixfer_report_fail(s->report, PIXFER_ERR_INVALID,
                                  "source: %s holds raw frames: their size must be given (--size WxH)", in->name);
    s->format = in->format ? in->format : PIXFER_FORMAT_RGBA;
    s->width = in->width;
    s->height = in->height;
    bool planar_yuv = s->format == PIXFER_FORMAT_NV12 || s->format == PIXFER_FORMAT_I420 || s->format == PIXFER_FORMAT_I010 ||
                      s->format == PIXFER_FORMAT_P010 || s->format == PIXFER_FORMAT_I444 || s->format == PIXFER_FORMAT_I410;
    if (!planar_yuv && !pixfer_converter_takes(s->format))
        return pixfer_report_fail(
            s->report, PIXFER_ERR_UNSUPPORTED,
            "source: raw frames of format %s are not taken; RGB formats, yuyv, uyvy, nv12, i420, i444, i010, p010 and i410 are",
            name ? name : "unknown");
    return PIXFER_OK;
}

static enum pixfer_result check_layout(struct source *s)
{
    const struct pixfer_input *in = s->input;
    const char *name = pixfer_format_name(s->format);
    s->frame_bytes = pixfer_image_layout(&s->layout, s->format, s->width, s->height, NULL, 1);
    if (!s->frame_bytes)
        return pixfer_report_fail(s->report, PIXFER_ERR_INVALID, "source: a %s frame of %ux%u does not fit in memory", name,
                                  s->width, s->height);
    if (!in->stride)
        return PIXFER_OK;
    if (pixfer_format_planes(s->format) != 1)
        return pixfer_report_fail(s->report, PIXFER_ERR_UNSUPPORTED, "source: a stride needs a packed format, found %s", name);
    size_t least = (size_t)s->layout.stride[0];
    if (in->stride < least || in->stride > PTRDIFF_MAX / s->height)
        return pixfer_report_fail(s->report, PIXFER_ERR_INVALID, "source: stride is %zu bytes, expected at least %zu", in->stride,
                                  least);
    s->layout.stride[0] = (ptrdiff_t)in->stride;
    s->frame_bytes = in->stride * s->height;
    return PIXFER_OK;
}

static const AVInputFormat *recognise_file(const struct input_file *file)
{
    uint8_t head[HEAD];
    int64_t n = pixfer_file_read(file->fd, file->start, head, sizeof(head));
    return n > 0 ? recognise(head, (size_t)n, AVPROBE_SCORE_EXTENSION) : NULL;
}

static enum pixfer_result measure(struct source *s, const struct input_file *file)
{
    const char *name = s->input->name;
    uint64_t bytes = (uint64_t)file->size, surplus = bytes % s->frame_bytes;
    const AVInputFormat *format = surplus || !bytes ? recognise_file(file) : NULL;
    if (format)
        return pixfer_report_fail(s->report, PIXFER_ERR_INVALID,
                                  "source: %s is %s, not raw frames of %ux%u: leave out --size to have it decoded", name,
                                  long_name(format), s->width, s->height);
    s->frames = bytes / s->frame_bytes;
    if (!s->frames)
        return pixfer_report_fail(s->report, PIXFER_ERR_INVALID,
                                  "source: %s has %llu bytes, expected at least the %zu of one %s frame of %ux%u", name,
                                  (unsigned long long)bytes, s->frame_bytes, pixfer_format_name(s->format), s->width, s->height);
    if (surplus)
        pixfer_report_log(
            s->report, PIXFER_LOG_WARNING,
            "source: %s has %llu bytes, expected a multiple of the %zu of one %s frame of %ux%u: %llu frames and %llu bytes",
            name, (unsigned long long)bytes, s->frame_bytes, pixfer_format_name(s->format), s->width, s->height,
            (unsigned long long)s->frames, (unsigned long long)surplus);
    return PIXFER_OK;
}

static enum pixfer_result open_file(struct source *s, struct input_file *file)
{
    const char *name = s->input->name;
    int error = pixfer_input_file_open(file, name, strcmp(name, "-") ? -1 : PIXFER_STDIN, s->host);
    if (error == EISDIR)
        return pixfer_report_fail(s->report, PIXFER_ERR_IO, "source: %s is a folder, expected a file", name);
    if (error)
        return pixfer_report_fail(s->report, PIXFER_ERR_IO, "source: %s: %s", name, pixfer_error_text(error));
    if (file->regular)
        return measure(s, file);
    if (s->input->loop > 1)
        return pixfer_report_fail(s->report, PIXFER_ERR_UNSUPPORTED,
                                  "source: %s is no file that can be read again: it cannot loop", name);
    return PIXFER_OK;
}

enum pixfer_result pixfer_source_open_raw(struct source *s)
{
    const struct pixfer_input *in = s->input;
    struct raw *r = calloc(1, sizeof(*r));
    if (!r)
        return pixfer_report_fail(s->report, PIXFER_ERR_NO_MEMORY, "source: out of memory");
    r->file.fd = -1;
    s->state = r;
    s->ops = &raw_ops;
    enum pixfer_result result = check_format(s);
    if (result == PIXFER_OK)
        result = check_layout(s);
    if (result == PIXFER_OK)
        result = open_file(s, &r->file);
    s->fps = (AVRational){in->fps_num ? (int)in->fps_num : 30, in->fps_num && in->fps_den ? (int)in->fps_den : 1};
    if (!in->fps_num && result == PIXFER_OK)
        pixfer_report_log(s->report, PIXFER_LOG_INFO,
                          "source: raw frames carry no rate: 30 per second assumed; --fps says otherwise");
    s->time_base = av_inv_q(s->fps);
    return result;
}
#endif

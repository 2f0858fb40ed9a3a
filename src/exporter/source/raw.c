/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../convert/copy_planes.h"
#include "../exporter.h"
#include "source.h"

/* Rows that are read at a time: enough to make a system call cheap, few enough to be in the second-level cache still when they are
 * converted. Measured on 4K RGBA in the page cache, reading and converting a frame: 128 KB 5.4 ms, 256 KB 5.1, 512 KB 4.7. A mapped
 * file takes 4.5, but converts from memory, and dies of a file that is truncated meanwhile. */
static const size_t chunk_bytes = 512 * 1024;

struct raw {
    int fd;
    bool own_fd, regular;
    size_t frame_bytes, stride;
    off_t start;    /* of the first frame: standard input may have been read from before */
    uint64_t index; /* of the next frame, in this pass */
    uint8_t *buffer;
    struct pixfer_image layout; /* of a whole frame, at address 0 */
    struct pixfer_exporter *e;
    bool stopped;
};

/* ---- Reading --------------------------------------------------------------------------------------------------------------- */

/* A pipe may stay silent for long: look up now and then. False: stop. */
static bool wait_for_data(struct raw *r)
{
    struct pollfd poll_fd = {.fd = r->fd, .events = POLLIN};
    while (!r->regular) {
        int ready = poll(&poll_fd, 1, 100);
        if (ready > 0 || (ready < 0 && errno != EINTR))
            break;
        if (!pixfer_exporter_tick(r->e, "source") || pixfer_report_finishing(&r->e->report)) {
            r->stopped = true;
            return false;
        }
    }
    return true;
}

/* Bytes read: fewer than asked for at the end of the input. -1: stopped, or errno. */
static ssize_t read_fully(struct raw *r, uint8_t *to, size_t bytes)
{
    size_t done = 0;
    while (done < bytes) {
        if (!wait_for_data(r))
            return -1;
        ssize_t n = read(r->fd, to + done, bytes - done);
        if (n < 0 && errno != EINTR)
            return -1;
        if (n == 0)
            break;
        done += n > 0 ? (size_t)n : 0;
    }
    return (ssize_t)done;
}

struct progress {
    size_t got; /* bytes of this frame */
    enum source_status status;
};

static bool read_piece(struct source *s, struct progress *p, uint8_t *to, size_t bytes)
{
    struct raw *r = s->state;
    double start = pixfer_now();
    ssize_t n = read_fully(r, to, bytes);
    r->e->source_s += pixfer_now() - start;
    if (n == (ssize_t)bytes) {
        p->got += bytes;
        return true;
    }
    if (r->stopped) {
        p->status = SOURCE_STOPPED;
        return false;
    }
    if (n < 0) {
        p->status = SOURCE_BROKEN;
        snprintf(s->broken, sizeof(s->broken), "source: %s: frame %llu cannot be read: %s", s->input->name,
                 (unsigned long long)r->index, strerror(errno));
        return false;
    }
    p->got += (size_t)n;
    p->status = p->got ? SOURCE_BROKEN : SOURCE_END;
    if (p->got)
        snprintf(s->broken, sizeof(s->broken), "source: %s: frame %llu is truncated: found %zu bytes, expected %zu",
                 s->input->name, (unsigned long long)r->index, p->got, r->frame_bytes);
    return false;
}

/* ---- Frames in pieces ------------------------------------------------------------------------------------------------------ */

/* RGB by rows. The buffer holds one row more than a chunk: the last one of the chunk before, for filters that look up. */
static bool read_rows(struct source *s, struct progress *p, struct pixfer_exporter *e, AVFrame *frame)
{
    struct raw *r = s->state;
    uint32_t rows = (uint32_t)(chunk_bytes / r->stride) & ~1u;
    rows = rows ? rows : 2;
    struct pixfer_image window = {.format = s->format, .width = s->width, .height = s->height, .stride = {(ptrdiff_t)r->stride}};
    for (uint32_t y = 0; y < s->height; y += rows) {
        uint32_t count = s->height - y < rows ? s->height - y : rows;
        uint8_t *fresh = r->buffer + r->stride;
        if (!read_piece(s, p, fresh, count * r->stride))
            return false;
        window.plane[0] = (uint8_t *)((uintptr_t)fresh - (uintptr_t)y * r->stride);
        if (pixfer_stage_rows(&e->stage, &window, frame, y, count) != PIXFER_OK) {
            p->status = SOURCE_STOPPED;
            return false;
        }
        if (e->stage.lag)
            memcpy(r->buffer, fresh + (count - 1) * r->stride, r->stride);
    }
    return true;
}

/* A format that the encoder takes as it is: straight into its planes. */
static bool read_planes(struct source *s, struct progress *p, AVFrame *frame)
{
    for (unsigned i = 0; i < pixfer_format_planes(s->format); i++) {
        size_t row_bytes, rows;
        pixfer_plane_size(s->format, s->width, s->height, i, &row_bytes, &rows);
        if ((size_t)frame->linesize[i] == row_bytes) {
            if (!read_piece(s, p, frame->data[i], row_bytes * rows))
                return false;
            continue;
        }
        for (size_t y = 0; y < rows; y++)
            if (!read_piece(s, p, frame->data[i] + (ptrdiff_t)y * frame->linesize[i], row_bytes))
                return false;
    }
    return true;
}

/* Whole, for a converter that only takes whole frames or a chroma layout that has to be rearranged. */
static bool read_whole(struct source *s, struct progress *p, struct pixfer_exporter *e, AVFrame *frame)
{
    struct raw *r = s->state;
    struct pixfer_image image = r->layout;
    if (!read_piece(s, p, r->buffer, r->frame_bytes))
        return false;
    for (unsigned i = 0; i < pixfer_format_planes(s->format); i++)
        image.plane[i] = r->buffer + (uintptr_t)r->layout.plane[i];
    if (pixfer_stage_frame(&e->stage, &image, frame) == PIXFER_OK)
        return true;
    p->status = SOURCE_STOPPED;
    return false;
}

static bool make_buffer(struct raw *r, bool by_rows)
{
    size_t rows = chunk_bytes / r->stride;
    size_t bytes = by_rows ? (rows > 2 ? rows + 2 : 4) * r->stride : r->frame_bytes;
    if (!r->buffer && posix_memalign((void **)&r->buffer, 4096, bytes))
        r->buffer = NULL;
    return r->buffer != NULL;
}

static bool pass_over(struct source *s, struct progress *p)
{
    struct raw *r = s->state;
    struct stat st;
    if (!r->regular) {
        while (p->got < r->frame_bytes) {
            size_t left = r->frame_bytes - p->got;
            if (!read_piece(s, p, r->buffer, left < chunk_bytes ? left : chunk_bytes))
                return false;
        }
        return true;
    }
    p->status = SOURCE_END;
    return !fstat(r->fd, &st) && st.st_size - lseek(r->fd, 0, SEEK_CUR) >= (off_t)r->frame_bytes &&
           lseek(r->fd, (off_t)r->frame_bytes, SEEK_CUR) >= 0;
}

static enum source_status next(struct source *s, struct pixfer_exporter *e, bool skip, AVFrame **out, int64_t *pts,
                               int64_t *duration)
{
    struct raw *r = s->state;
    struct progress p = {0, SOURCE_FRAME};
    bool direct = s->format == e->stage.target;
    r->e = e;
    if (!make_buffer(r, e->stage.by_rows || direct)) {
        pixfer_report_fail(s->report, PIXFER_ERR_NO_MEMORY, "source: out of memory");
        return SOURCE_STOPPED;
    }
    AVFrame *frame = NULL;
    bool good;
    if (skip) {
        good = pass_over(s, &p);
    } else {
        frame = pixfer_exporter_acquire(e);
        if (!frame)
            return SOURCE_STOPPED;
        good = e->stage.by_rows ? read_rows(s, &p, e, frame) : direct ? read_planes(s, &p, frame) : read_whole(s, &p, e, frame);
    }
    if (!good) {
        av_frame_free(&frame);
        return p.status;
    }
    if (frame)
        pixfer_stage_finish_frame(&e->stage, frame);
    *out = frame;
    *pts = (int64_t)r->index++;
    *duration = 1;
    return SOURCE_FRAME;
}

static bool rewind_raw(struct source *s)
{
    struct raw *r = s->state;
    r->index = 0;
    return r->regular && lseek(r->fd, r->start, SEEK_SET) == r->start;
}

static void close_raw(struct source *s)
{
    struct raw *r = s->state;
    if (r->own_fd)
        close(r->fd);
    free(r->buffer);
    free(r);
}

static const struct source_ops raw_ops = {next, rewind_raw, close_raw};

/* ---- Opening --------------------------------------------------------------------------------------------------------------- */

static enum pixfer_result check_layout(struct source *s, struct raw *r)
{
    const struct pixfer_input *in = s->input;
    const char *name = pixfer_format_name(in->format);
    if (!in->width || !in->height)
        return pixfer_report_fail(s->report, PIXFER_ERR_INVALID,
                                  "source: %s holds raw frames: their size must be given (--size WxH)", in->name);
    s->format = in->format ? in->format : PIXFER_FORMAT_RGBA;
    s->width = in->width;
    s->height = in->height;
    bool planar_yuv = s->format == PIXFER_FORMAT_NV12 || s->format == PIXFER_FORMAT_I420;
    if (!planar_yuv && !pixfer_converter_takes(s->format))
        return pixfer_report_fail(s->report, PIXFER_ERR_UNSUPPORTED,
                                  "source: raw frames of format %s are not taken; RGB formats, yuyv, uyvy, nv12 and i420 are",
                                  name ? name : "unknown");
    r->frame_bytes = pixfer_image_layout(&r->layout, s->format, s->width, s->height, NULL, 1);
    if (!r->frame_bytes)
        return pixfer_report_fail(s->report, PIXFER_ERR_INVALID, "source: a %s frame of %ux%u does not fit in memory", name,
                                  s->width, s->height);
    r->stride = (size_t)r->layout.stride[0];
    if (!in->stride)
        return PIXFER_OK;
    if (pixfer_format_planes(s->format) != 1)
        return pixfer_report_fail(s->report, PIXFER_ERR_UNSUPPORTED, "source: a stride needs a packed format, found %s", name);
    if (in->stride < r->stride || in->stride > SIZE_MAX / s->height)
        return pixfer_report_fail(s->report, PIXFER_ERR_INVALID, "source: stride is %zu bytes, expected at least %zu", in->stride,
                                  r->stride);
    r->stride = in->stride;
    r->layout.stride[0] = (ptrdiff_t)in->stride;
    r->frame_bytes = in->stride * s->height;
    return PIXFER_OK;
}

static enum pixfer_result open_fd(struct source *s, struct raw *r)
{
    const char *name = s->input->name;
    struct stat st;
    bool standard_input = !strcmp(name, "-");
    r->fd = standard_input ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC);
    r->own_fd = !standard_input && r->fd >= 0;
    if (r->fd < 0 || fstat(r->fd, &st))
        return pixfer_report_fail(s->report, PIXFER_ERR_IO, "source: %s: %s", name, strerror(errno));
    if (S_ISDIR(st.st_mode))
        return pixfer_report_fail(s->report, PIXFER_ERR_IO, "source: %s is a folder, expected a file", name);
    r->regular = S_ISREG(st.st_mode);
    if (!r->regular) {
#ifdef F_SETPIPE_SZ
        fcntl(r->fd, F_SETPIPE_SZ, 1 << 20); /* fewer switches between the renderer and this */
#endif
        if (s->input->loop > 1)
            return pixfer_report_fail(s->report, PIXFER_ERR_UNSUPPORTED,
                                      "source: %s is no file that can be read again: it cannot loop", name);
        return PIXFER_OK;
    }
    r->start = lseek(r->fd, 0, SEEK_CUR);
    off_t left = st.st_size > r->start ? st.st_size - r->start : 0;
    s->frames = (uint64_t)left / r->frame_bytes;
    uint64_t surplus = (uint64_t)left % r->frame_bytes;
    if (!s->frames)
        return pixfer_report_fail(s->report, PIXFER_ERR_INVALID,
                                  "source: %s has %lld bytes, expected at least the %zu of one %s frame of %ux%u", name,
                                  (long long)left, r->frame_bytes, pixfer_format_name(s->format), s->width, s->height);
    if (surplus)
        pixfer_report_log(
            s->report, PIXFER_LOG_WARNING,
            "source: %s has %lld bytes, expected a multiple of the %zu of one %s frame of %ux%u: %llu frames and %llu bytes",
            name, (long long)left, r->frame_bytes, pixfer_format_name(s->format), s->width, s->height,
            (unsigned long long)s->frames, (unsigned long long)surplus);
    return PIXFER_OK;
}

enum pixfer_result pixfer_source_open_raw(struct source *s)
{
    const struct pixfer_input *in = s->input;
    struct raw *r = calloc(1, sizeof(*r));
    if (!r)
        return pixfer_report_fail(s->report, PIXFER_ERR_NO_MEMORY, "source: out of memory");
    s->state = r;
    s->ops = &raw_ops;
    enum pixfer_result result = check_layout(s, r);
    if (result == PIXFER_OK)
        result = open_fd(s, r);
    s->fps = (AVRational){in->fps_num ? (int)in->fps_num : 30, in->fps_num && in->fps_den ? (int)in->fps_den : 1};
    if (!in->fps_num && result == PIXFER_OK)
        pixfer_report_log(s->report, PIXFER_LOG_INFO,
                          "source: raw frames carry no rate: 30 per second assumed; --fps says otherwise");
    s->time_base = av_inv_q(s->fps);
    s->constant = true;
    return result;
}
#endif

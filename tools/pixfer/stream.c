/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "stream.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/platform/platform.h"
#include "cmd.h"
#include "text.h"
#include "y4m.h"

enum {
    FRAMES = 2,
    PREFIX = 64,               /* room in front of a frame for y4m's line, which keeps the planes aligned */
    CACHED_BYTES = 256 * 1024, /* rows read at a time: well inside any L2 cache, and enough for one system call */
};

struct stream {
    struct input *input;
    struct output *output;
    const struct stream_params *params;
    struct pixfer_converter *converter;
    struct pixfer_image source; /* strides as in the file; the planes are NULL when it is taken by rows */
    size_t source_size;
    uint32_t rows; /* at a time */
    uint8_t *buffer;

    struct pixfer_image frame[FRAMES];
    uint8_t *memory[FRAMES];
    size_t frame_size, prefix;

    pixfer_thread writer;
    struct pixfer_thread_start writer_start;
    bool writer_runs;
    pixfer_lock mutex;
    pixfer_condition changed;
    uint64_t converted, written; /* frames so far: at most FRAMES apart */
    bool ended, failed;
};

/* ---- The writing thread -------------------------------------------------------------------------------------------------- */

static void write_frames(void *opaque)
{
    struct stream *s = opaque;
    pixfer_lock_take(&s->mutex);
    for (;;) {
        while (s->written == s->converted && !s->ended)
            pixfer_condition_wait(&s->changed, &s->mutex);
        if (s->written == s->converted)
            break;
        const uint8_t *data = s->memory[s->written % FRAMES] + PREFIX - s->prefix;
        pixfer_lock_drop(&s->mutex);
        bool good = output_write(s->output, data, s->prefix + s->frame_size);
        pixfer_lock_take(&s->mutex);
        if (!good) {
            s->failed = true;
            pixfer_condition_wake_all(&s->changed);
            break;
        }
        s->written++;
        pixfer_condition_wake_all(&s->changed);
    }
    pixfer_lock_drop(&s->mutex);
}

/* Waits until a frame is free. NULL after a failure of the writer. */
static const struct pixfer_image *acquire(struct stream *s)
{
    pixfer_lock_take(&s->mutex);
    while (s->converted - s->written == FRAMES && !s->failed)
        pixfer_condition_wait(&s->changed, &s->mutex);
    bool failed = s->failed;
    pixfer_lock_drop(&s->mutex);
    return failed ? NULL : &s->frame[s->converted % FRAMES];
}

static void publish(struct stream *s)
{
    pixfer_lock_take(&s->mutex);
    s->converted++;
    pixfer_condition_wake_all(&s->changed);
    pixfer_lock_drop(&s->mutex);
}

/* Lets the writer finish what was published. */
static void stop_writer(struct stream *s)
{
    if (!s->writer_runs)
        return;
    pixfer_lock_take(&s->mutex);
    s->ended = true;
    pixfer_condition_wake_all(&s->changed);
    pixfer_lock_drop(&s->mutex);
    pixfer_thread_join(s->writer);
    s->writer_runs = false;
}

/* ---- Reading and converting ---------------------------------------------------------------------------------------------- */

static bool report(struct stream *s, enum pixfer_result result)
{
    if (result != PIXFER_OK)
        failure(s->input->command, "conversion failed: %s", pixfer_strerror(result));
    return result == PIXFER_OK;
}

/* What a short read means: nothing at a frame's first byte, a truncated frame anywhere else. Returns an exit code. */
static int end_of_input(struct stream *s, size_t of_frame)
{
    uint64_t count = s->converted, first = s->params->span.first;
    if (of_frame)
        return failure(s->input->command,
                       "%s: frame %" PRIu64 " is truncated: found %zu bytes, expected %zu; %" PRIu64
                       " complete frames were converted",
                       s->input->path, first + count, of_frame, s->source_size, count);
    if (count)
        return EXIT_OK;
    if (first)
        return failure(s->input->command, "%s ends before frame %" PRIu64, s->input->path, first);
    return failure(s->input->command, "%s is empty, expected frames of %zu bytes", s->input->path, s->source_size);
}

/* The rows of one frame through the cache. The row above the ones at hand is kept in front of them for top-left siting.
 * Returns 1 after a whole frame, 0 where the input ends (*got bytes into the frame), -1 after a failure. */
static int convert_by_rows(struct stream *s, const struct pixfer_image *frame, size_t *got)
{
    size_t stride = (size_t)s->source.stride[0];
    uint8_t *rows = s->buffer + stride;
    *got = 0;
    for (uint32_t first = 0; first < s->source.height; first += s->rows) {
        uint32_t count = s->source.height - first < s->rows ? s->source.height - first : s->rows;
        if (first)
            memcpy(s->buffer, rows + (s->rows - 1) * stride, stride);
        ptrdiff_t size = input_read(s->input, rows, count * stride);
        if (size < 0)
            return -1;
        *got += (size_t)size;
        if ((size_t)size < count * stride)
            return 0;
        struct pixfer_image source = s->source;
        source.plane[0] = (uint8_t *)((uintptr_t)rows - (uintptr_t)first * stride);
        if (!report(s, pixfer_convert_rows(s->converter, &source, frame, first, count)))
            return -1;
    }
    return 1;
}

static int convert_whole(struct stream *s, const struct pixfer_image *frame, size_t *got)
{
    ptrdiff_t size = input_read(s->input, s->buffer, s->source_size);
    *got = size < 0 ? 0 : (size_t)size;
    if (size < 0)
        return -1;
    if (*got < s->source_size)
        return 0;
    return report(s, pixfer_convert(s->converter, &s->source, frame)) ? 1 : -1;
}

static int convert_frames(struct stream *s)
{
    const struct frame_span *span = &s->params->span;
    if (span->first && (span->first > UINT64_MAX / s->source_size || !input_skip(s->input, span->first * s->source_size)))
        return EXIT_FAILED;
    for (uint64_t n = span->first; n < span->end; n++) {
        size_t got;
        const struct pixfer_image *frame = acquire(s);
        if (!frame)
            return EXIT_FAILED;
        int result = s->source.plane[0] ? convert_whole(s, frame, &got) : convert_by_rows(s, frame, &got);
        if (result < 0)
            return EXIT_FAILED;
        if (!result)
            return end_of_input(s, got);
        publish(s);
    }
    return EXIT_OK;
}

/* ---- Opening ------------------------------------------------------------------------------------------------------------- */

struct log_filter {
    const char *command;
    int level;
};

static void print_log(void *opaque, int level, const char *message)
{
    const struct log_filter *filter = opaque;
    if (level <= filter->level)
        failure(filter->command, "%s", message);
}

static bool open_converter(struct stream *s, struct log_filter *filter)
{
    struct pixfer_converter_params params = s->params->converter;
    params.struct_size = sizeof(params);
    params.log = print_log;
    params.log_opaque = filter;
    return pixfer_converter_open(&s->converter, &params) == PIXFER_OK; /* else its log line has said why */
}

/* Describes the source as it lies in the file, and decides whether it can be taken by rows. */
static bool plan_source(struct stream *s)
{
    const struct pixfer_converter_params *c = &s->params->converter;
    struct pixfer_converter_info info = PIXFER_CONVERTER_INFO();
    size_t row_bytes, rows;
    pixfer_converter_get_info(s->converter, &info);
    s->source = (struct pixfer_image){.format = c->src_format, .width = c->width, .height = c->height};
    pixfer_plane_size(c->src_format, c->width, c->height, 0, &row_bytes, &rows);
    size_t stride = s->params->stride ? s->params->stride : row_bytes;
    unsigned planes = pixfer_format_planes(c->src_format);
    if (stride < row_bytes || stride > PTRDIFF_MAX / rows / planes) {
        failure(s->input->command, "--stride: found %zu, expected at least %zu bytes for a row of %u pixels", stride, row_bytes,
                c->width);
        return false;
    }
    for (unsigned i = 0; i < planes; i++)
        s->source.stride[i] = (ptrdiff_t)stride;
    s->source_size = stride * rows * planes;
    bool by_rows = planes == 1 && info.takes_rows && info.threads <= 1;
    uint32_t fit = (uint32_t)(CACHED_BYTES / stride) & ~1u;
    s->rows = fit < 2 ? 2 : fit;
    s->buffer = malloc(by_rows ? (s->rows + 1) * stride : s->source_size);
    for (unsigned i = 0; !by_rows && s->buffer && i < planes; i++)
        s->source.plane[i] = s->buffer + i * stride * rows;
    if (!s->buffer)
        failure(s->input->command, "%s", pixfer_strerror(PIXFER_ERR_NO_MEMORY));
    return s->buffer != NULL;
}

static bool plan_frames(struct stream *s)
{
    const struct pixfer_converter_params *c = &s->params->converter;
    s->frame_size = pixfer_image_layout(&s->frame[0], c->dst_format, c->width, c->height, NULL, 1);
    s->prefix = s->params->y4m ? strlen(Y4M_FRAME) : 0;
    for (int i = 0; i < FRAMES; i++) {
        if (!s->frame_size || s->frame_size > SIZE_MAX - PREFIX || !(s->memory[i] = malloc(PREFIX + s->frame_size))) {
            failure(s->input->command, "%s", pixfer_strerror(PIXFER_ERR_NO_MEMORY));
            return false;
        }
        memcpy(s->memory[i] + PREFIX - s->prefix, Y4M_FRAME, s->prefix);
        pixfer_image_layout(&s->frame[i], c->dst_format, c->width, c->height, s->memory[i] + PREFIX, 1);
    }
    return true;
}

static bool write_header(struct stream *s)
{
    char header[Y4M_HEADER_SIZE];
    if (!s->params->y4m)
        return true;
    return output_write(s->output, header, y4m_header(header, &s->params->converter, s->params->rate));
}

static bool start_writer(struct stream *s)
{
    s->writer_start = (struct pixfer_thread_start){write_frames, s};
    s->writer_runs = pixfer_thread_create(&s->writer, &s->writer_start);
    if (!s->writer_runs)
        failure(s->input->command, "the writing thread cannot be started");
    return s->writer_runs;
}

static void print_summary(struct stream *s)
{
    struct pixfer_converter_info info = PIXFER_CONVERTER_INFO();
    pixfer_converter_get_info(s->converter, &info);
    text_line("pixfer %s: %" PRIu64 " frames %ux%u %s to %s by %s%s%s, %s%s%s", s->input->command, s->written, s->source.width,
              s->source.height, pixfer_format_name(s->params->converter.src_format),
              pixfer_format_name(s->params->converter.dst_format), info.backend_name, *info.isa ? " " : "", info.isa,
              info.exact ? "exact" : "approximate", info.fallback_reason ? "; " : "",
              info.fallback_reason ? info.fallback_reason : "");
}

int stream_convert(struct input *input, struct output *output, const struct stream_params *params, uint64_t *frames)
{
    struct log_filter filter = {input->command, params->verbose ? PIXFER_LOG_INFO : PIXFER_LOG_WARNING};
    struct stream s = {.input = input, .output = output, .params = params};
    int status = EXIT_FAILED;
    pixfer_lock_init(&s.mutex);
    pixfer_condition_init(&s.changed);
    if (open_converter(&s, &filter) && plan_source(&s) && plan_frames(&s) && write_header(&s) && start_writer(&s))
        status = convert_frames(&s);
    stop_writer(&s);
    if (s.failed)
        status = EXIT_FAILED;
    *frames = s.failed ? 0 : s.written;
    if (params->verbose && s.converter)
        print_summary(&s);
    for (int i = 0; i < FRAMES; i++)
        free(s.memory[i]);
    free(s.buffer);
    pixfer_converter_close(&s.converter);
    pixfer_condition_destroy(&s.changed);
    pixfer_lock_destroy(&s.mutex);
    return status;
}

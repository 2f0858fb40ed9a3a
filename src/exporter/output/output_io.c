/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include <errno.h>
#include <libavutil/intreadwrite.h>
#include <libavutil/mem.h>
#include <string.h>

#include "../libav_log.h"
#include "output_io.h"
#include "part_file.h"

enum { WRITE_BUFFER = 256 * 1024, READ_BUFFER = 32 * 1024 };

/* ---- Writing --------------------------------------------------------------------------------------------------------------- */

/* The callbacks' signature changed from uint8_t * to const uint8_t * in libavformat 61. */
#if LIBAVFORMAT_VERSION_MAJOR >= 61
static int write_bytes(void *opaque, const uint8_t *data, int size)
#else
static int write_bytes(void *opaque, uint8_t *data, int size)
#endif
{
    struct output *o = opaque;
    if (!o->error)
        o->error = o->write ? o->write(o->opaque, data, (size_t)size) : pixfer_file_write(o->fd, o->at, data, (size_t)size);
    if (o->error)
        return AVERROR(o->error);
    o->at += size;
    o->bytes = FFMAX(o->bytes, o->at);
    return size;
}

static int64_t seek_output(void *opaque, int64_t offset, int whence)
{
    struct output *o = opaque;
    if (whence == AVSEEK_SIZE)
        return o->bytes;
    whence &= ~AVSEEK_FORCE;
    int64_t at = offset + (whence == SEEK_CUR ? o->at : whence == SEEK_END ? o->bytes : 0);
    return at < 0 ? AVERROR(EINVAL) : (o->at = at);
}

static AVIOContext *make_io(int size, int writable, void *opaque, int (*read)(void *, uint8_t *, int),
                            int64_t (*seek)(void *, int64_t, int))
{
    unsigned char *buffer = av_malloc((size_t)size);
    AVIOContext *io =
        buffer ? avio_alloc_context(buffer, size, writable, opaque, read, writable ? write_bytes : NULL, seek) : NULL;
    if (!io)
        av_free(buffer);
    return io;
}

static void free_io(AVIOContext **io)
{
    if (*io)
        av_freep(&(*io)->buffer);
    avio_context_free(io);
}

int pixfer_output_open(struct output *o, int fd, pixfer_write_callback write, void *opaque)
{
    *o = (struct output){.fd = fd, .write = write, .opaque = opaque};
    o->io = make_io(WRITE_BUFFER, 1, o, NULL, fd < 0 ? NULL : seek_output);
    return o->io ? 0 : AVERROR(ENOMEM);
}

int pixfer_output_close(struct output *o)
{
    int error = o->io ? pixfer_file_close(o->fd) : 0;
    free_io(&o->io);
    *o = (struct output){.fd = -1};
    return error;
}

/* ---- Reading again --------------------------------------------------------------------------------------------------------- */

static int read_bytes(void *opaque, uint8_t *data, int size)
{
    struct reader *r = opaque;
    int64_t n = FFMIN(size, r->end - r->at);
    if (n <= 0)
        return AVERROR_EOF;
    if (r->at >= r->skip)
        memset(data, 0, (size_t)n);
    else
        n = pixfer_file_read(r->fd, r->at, data, (size_t)n);
    if (n > 0)
        r->at += n;
    return n > 0 ? (int)n : n < 0 ? AVERROR((int)-n) : AVERROR_EOF;
}

static int64_t seek_reader(void *opaque, int64_t offset, int whence)
{
    struct reader *r = opaque;
    if (whence == AVSEEK_SIZE)
        return r->end;
    whence &= ~AVSEEK_FORCE;
    int64_t at = offset + (whence == SEEK_CUR ? r->at : whence == SEEK_END ? r->end : 0);
    return at < 0 ? AVERROR(EINVAL) : (r->at = at);
}

int pixfer_reader_open(struct reader *r, int fd, int64_t end, bool raw)
{
    *r = (struct reader){.fd = fd, .end = end, .skip = INT64_MAX};
    AVDictionary *options = NULL;
    AVFormatContext *context = avformat_alloc_context();
    AVIOContext *io = make_io(READ_BUFFER, 0, r, read_bytes, seek_reader);
    int error = context && io ? 0 : AVERROR(ENOMEM);
    if (!error && raw)
        error = av_dict_set(&options, "ignore_editlist", "1", 0);
    if (error < 0) {
        avformat_free_context(context);
        free_io(&io);
        return error;
    }
    pixfer_libav_adopt_format(context);
    context->pb = io;
    context->flags |= AVFMT_FLAG_CUSTOM_IO | (raw ? AVFMT_FLAG_NOPARSE : 0);
    error = avformat_open_input(&context, NULL, av_find_input_format("mp4"), &options);
    av_dict_free(&options);
    r->context = context;
    if (error < 0) /* libavformat has freed the context, but not what it reads from */
        free_io(&io);
    return error < 0 ? error : 0;
}

void pixfer_reader_close(struct reader *r)
{
    AVIOContext *io = r->context ? r->context->pb : NULL;
    avformat_close_input(&r->context);
    free_io(&io);
}

static uint64_t whole_samples(AVStream *stream, int64_t end)
{
    uint64_t whole = 0;
    int count = avformat_index_get_entries_count(stream);
    for (int i = 0; i < count; i++) {
        const AVIndexEntry *entry = avformat_index_get_entry(stream, i);
        whole += entry && entry->pos >= 0 && entry->pos + entry->size <= end;
    }
    return whole;
}

/* Only the tables are read: nobody asks for a packet of a stream that is discarded. */
int pixfer_reader_count(struct reader *r, uint64_t counts[2])
{
    AVPacket *packet = av_packet_alloc();
    int error = packet ? 0 : AVERROR(ENOMEM);
    for (unsigned i = 0; i < r->context->nb_streams; i++)
        r->context->streams[i]->discard = AVDISCARD_ALL;
    while (error >= 0 && (error = av_read_frame(r->context, packet)) >= 0)
        av_packet_unref(packet);
    av_packet_free(&packet);
    if (error == AVERROR(ENOMEM))
        return error;
    counts[0] = counts[1] = 0;
    for (unsigned i = 0; i < r->context->nb_streams; i++) {
        AVStream *stream = r->context->streams[i];
        if (stream->codecpar->codec_type == AVMEDIA_TYPE_VIDEO)
            counts[0] += whole_samples(stream, r->end);
        else if (stream->codecpar->codec_type == AVMEDIA_TYPE_AUDIO)
            counts[1] += whole_samples(stream, r->end);
    }
    return 0;
}

int pixfer_count_samples(int fd, int64_t end, uint64_t counts[2])
{
    struct reader r;
    counts[0] = counts[1] = 0;
    pixfer_libav_quiet(true); /* it may be anything */
    int error = pixfer_reader_open(&r, fd, end, true);
    if (!error)
        error = pixfer_reader_count(&r, counts);
    pixfer_reader_close(&r);
    pixfer_libav_quiet(false);
    return error;
}

bool pixfer_boxes_fit(int fd, int64_t start, int64_t end)
{
    uint8_t header[16] = {0};
    while (start < end) {
        if (pixfer_file_read(fd, start, header, sizeof(header)) < 8)
            return false;
        int64_t size = AV_RB32(header);
        if (size == 1)
            size = (int64_t)AV_RB64(header + 8);
        if (size < 8 || size > end - start)
            return false;
        start += size;
    }
    return true;
}
#endif

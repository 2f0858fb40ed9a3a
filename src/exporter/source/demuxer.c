/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include <errno.h>
#include <libavutil/adler32.h>
#include <libavutil/imgutils.h>
#include <libavutil/intreadwrite.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../libav_log.h"
#include "cut.h"
#include "demuxer.h"
#include "demuxer_formats.h"
#include "input_file.h"
#include "sequence.h"
#include "time_map.h"

enum { KINDS = 2, IO_BYTES = 64 * 1024 };
static const enum AVMediaType kinds[KINDS] = {AVMEDIA_TYPE_VIDEO, AVMEDIA_TYPE_AUDIO};

/* Packets that wait. Containers interleave within a second or so; one that does not is refused rather than held in memory. */
static const size_t queue_limit = (size_t)256 << 20, packet_overhead = 256;

struct waiting {
    struct waiting *next;
    AVPacket *packet;
};

struct packet_queue {
    struct waiting *first, **last;
};

struct demuxer {
    struct demuxer_options options;
    char *name;
    const struct source_host *host;
    struct report *report;
    AVFormatContext *context;
    AVIOContext *io; /* of a file, a pipe or a URL; NULL for a sequence, whose files libavformat opens */
    struct input_file file;
    bool is_file, stopped, recognised;
    int stream[KINDS];
    struct packet_queue queue[KINDS];
    size_t waiting_bytes;
    struct time_map times;
    int64_t packets[KINDS]; /* read so far */
    bool passed[KINDS];     /* packets are not kept */
    uint64_t skip;          /* numbered images before the first that is read */
    int error;              /* that ended the reading, for both streams */
    char why[320];
    char met[200]; /* the latest complaint while its streams were looked at */
};

/* ---- The bytes -------------------------------------------------------------------------------------------------------------- */

static int interrupted(void *opaque)
{
    struct demuxer *d = opaque;
    d->stopped = d->stopped || !pixfer_host_proceeds(d->host);
    return d->stopped;
}

static int read_bytes(void *opaque, uint8_t *to, int bytes)
{
    struct demuxer *d = opaque;
    int64_t n = interrupted(d) ? -ECANCELED : pixfer_input_file_read(&d->file, to, (size_t)bytes);
    if (n == -ECANCELED)
        d->stopped = true;
    return n > 0 ? (int)n : n == 0 ? AVERROR_EOF : d->stopped ? AVERROR_EXIT : AVERROR((int)-n);
}

static int64_t seek_bytes(void *opaque, int64_t offset, int whence)
{
    struct demuxer *d = opaque;
    whence &= ~AVSEEK_FORCE;
    if (whence == AVSEEK_SIZE)
        return d->file.size;
    int64_t at = pixfer_file_seek(d->file.fd, whence == SEEK_SET ? d->file.start + offset : offset, whence);
    return at < 0 ? AVERROR((int)-at) : at - d->file.start;
}

static int make_io(struct demuxer *d)
{
    uint8_t *buffer = av_malloc(IO_BYTES);
    d->io = buffer ? avio_alloc_context(buffer, IO_BYTES, 0, d, read_bytes, NULL, d->file.regular ? seek_bytes : NULL) : NULL;
    if (d->io)
        return 0;
    av_free(buffer);
    return AVERROR(ENOMEM);
}

static void close_io(struct demuxer *d)
{
    if (d->io && d->is_file) {
        av_freep(&d->io->buffer);
        avio_context_free(&d->io);
    }
    if (d->io)
        avio_closep(&d->io);
    pixfer_input_file_close(&d->file);
}

static bool is_url(const char *name)
{
    return !strncmp(name, "http://", 7) || !strncmp(name, "https://", 8);
}

static int open_url(struct demuxer *d)
{
    AVDictionary *options = NULL;
    AVIOInterruptCB callback = {interrupted, d};
    av_dict_set(&options, "protocol_whitelist", "http,https,httpproxy,tls,tcp", 0);
    int error = avio_open2(&d->io, d->name, AVIO_FLAG_READ, &callback, &options);
    av_dict_free(&options);
    return error;
}

static int open_file(struct demuxer *d)
{
    const char *path = d->name;
    int fd = -1;
    if (!strncmp(path, "pipe:", 5) && !pixfer_file_exists(path)) {
        fd = path[5] ? (int)strtol(path + 5, NULL, 10) : PIXFER_STDIN;
        if (fd < 0)
            return AVERROR(EBADF);
    } else if (!strncmp(path, "file:", 5) && !pixfer_file_exists(path)) {
        path += 5;
    }
    int error = pixfer_input_file_open(&d->file, path, fd, d->host);
    d->is_file = true;
    return error ? AVERROR(error) : make_io(d);
}

/* ---- Opening --------------------------------------------------------------------------------------------------------------- */

/* What a file names inside itself is not opened: a playlist would make others' files part of the export. */
static int refuse_to_open(AVFormatContext *context, AVIOContext **io, const char *url, int flags, AVDictionary **options)
{
    (void)context, (void)io, (void)url, (void)flags, (void)options;
    return AVERROR(EPERM);
}

bool pixfer_demuxer_takes_size(struct demuxer *d, int width, int height)
{
    const uint64_t pixels = (uint64_t)FFMAX(width, 0) * (uint64_t)FFMAX(height, 0);
    const char *limit = "";
    if (d->options.max_pixels && pixels > d->options.max_pixels)
        limit = " (--max-pixels)";
    else if (pixels && av_image_check_size((unsigned)width, (unsigned)height, AV_LOG_MAX_OFFSET, NULL) < 0)
        limit = ", which is as far as libavcodec counts";
    if (!*limit)
        return true;
    snprintf(d->why, sizeof(d->why), "its frames are %dx%d, expected at most %llu pixels%s", width, height,
             *limit == ',' ? 16255ull * 16255 : (unsigned long long)d->options.max_pixels, limit);
    return false;
}

/* The decoder of a single image is asked for its size by libavformat, and complains in its own words. */
static int check_picture(struct demuxer *d, const AVInputFormat *format)
{
    uint8_t head[24] = {0};
    if (strcmp(format->name, "png_pipe"))
        return 0;
    const int64_t at = avio_tell(d->io);
    const int count = avio_read(d->io, head, sizeof(head));
    if (avio_seek(d->io, at, SEEK_SET) < 0)
        return AVERROR(EIO);
    const uint32_t width = AV_RB32(head + 16), height = AV_RB32(head + 20);
    if (count < (int)sizeof(head) || width > INT_MAX || height > INT_MAX)
        return 0;
    return pixfer_demuxer_takes_size(d, (int)width, (int)height) ? 0 : AVERROR(EINVAL);
}

static int recognise(struct demuxer *d, const AVInputFormat **format)
{
    int error = av_probe_input_buffer2(d->io, format, d->name, d->context, 0, 0); /* which says what it is unsure of */
    if (error < 0)
        return error;
    d->recognised = true;
    if (pixfer_demuxer_takes(*format))
        return check_picture(d, *format);
    snprintf(d->why, sizeof(d->why), "it is %s (%s), which pixfer does not read, expected video, audio or an image",
             (*format)->long_name ? (*format)->long_name : "of another kind", (*format)->name);
    return AVERROR(EINVAL);
}

static int open_sequence(struct demuxer *d, int first)
{
    AVDictionary *options = NULL;
    char rate[32], *url = pixfer_sequence_url(d->name);
    int error = AVERROR(ENOMEM);
    snprintf(rate, sizeof(rate), "%d/%d", d->options.sequence_rate.num, d->options.sequence_rate.den);
    av_dict_set_int(&options, "start_number", first + (int64_t)d->skip, 0);
    av_dict_set(&options, "framerate", rate, 0);
    av_dict_set(&options, "protocol_whitelist", "file", 0);
    av_dict_set(&options, "pattern_type", "sequence", 0);
    if (url)
        error = avformat_open_input(&d->context, url, av_find_input_format("image2"), &options);
    free(url);
    av_dict_free(&options);
    return error;
}

/* Some demuxers take an allocation that fails for the end of the file, or look for the next part of it behind what they could not
 * store. The C library still says so; `error` otherwise. */
static int without_memory(int error)
{
    return errno == ENOMEM ? AVERROR(ENOMEM) : error;
}

/* libavformat decodes frames to learn what is in a file: these, too, have a limit. */
static int find_streams(struct demuxer *d)
{
    unsigned count = d->context->nb_streams;
    AVDictionary **options = count ? av_calloc(count, sizeof(*options)) : NULL;
    for (unsigned i = 0; options && i < count; i++) {
        if (d->options.max_pixels)
            av_dict_set_int(&options[i], "max_pixels", (int64_t)d->options.max_pixels, 0);
        av_dict_set_int(&options[i], "log_level_offset", PIXFER_LIBAV_MUTED, 0);
    }
    errno = 0;
    int error = avformat_find_stream_info(d->context, options);
    if (error >= 0)
        error = without_memory(error);
    for (unsigned i = 0; options && i < count; i++)
        av_dict_free(&options[i]);
    av_free(options);
    return error;
}

static int open_context(struct demuxer *d)
{
    const AVInputFormat *format = NULL;
    int first = 0, error = 0;
    bool sequence = pixfer_sequence_first(d->name, &first);
    d->context = avformat_alloc_context();
    if (!d->context)
        return AVERROR(ENOMEM);
    pixfer_libav_adopt_format(d->context);
    d->context->interrupt_callback = (AVIOInterruptCB){interrupted, d};
    if (!sequence && !d->io)
        error = is_url(d->name) ? open_url(d) : open_file(d);
    if (error >= 0 && !sequence)
        error = recognise(d, &format);
    if (error < 0)
        return error;
    if (sequence)
        return open_sequence(d, first);
    d->context->pb = d->io;
    d->context->flags |= AVFMT_FLAG_CUSTOM_IO;
    d->context->io_open = refuse_to_open;
    return avformat_open_input(&d->context, d->name, format, NULL);
}

static void choose_streams(struct demuxer *d)
{
    bool wanted[KINDS] = {d->options.video, d->options.audio};
    for (int k = 0; k < KINDS; k++)
        d->stream[k] = wanted[k] ? av_find_best_stream(d->context, kinds[k], -1, -1, NULL, 0) : AVERROR_STREAM_NOT_FOUND;
    for (unsigned i = 0; i < d->context->nb_streams; i++)
        d->context->streams[i]->discard = (int)i == d->stream[0] || (int)i == d->stream[1] ? AVDISCARD_DEFAULT : AVDISCARD_ALL;
}

/* Images say how long each is shown, and sequences have no clock: their gaps are meant. */
static double longest_gap(const struct demuxer *d)
{
    const char *format = d->context->iformat->name;
    return !strcmp(format, "image2") || !strcmp(format, "gif") || !strcmp(format, "apng") ? 1e8 : d->options.max_gap;
}

static int open_input(struct demuxer *d)
{
    d->why[0] = 0;
    d->error = 0;
    pixfer_libav_quiet(true); /* what goes wrong is told by whoever asked */
    int error = open_context(d);
    if (error >= 0)
        error = find_streams(d);
    snprintf(d->met, sizeof(d->met), "%s", pixfer_libav_last_error());
    pixfer_libav_quiet(false);
    if (d->stopped)
        return AVERROR_EXIT;
    if (error >= 0) {
        choose_streams(d);
        pixfer_time_map_init(&d->times, longest_gap(d));
        memset(d->packets, 0, sizeof(d->packets));
    }
    return error;
}

static enum pixfer_result cannot_open(struct demuxer *d, int error)
{
    if (d->stopped)
        return PIXFER_ERR_CANCELLED;
    if (error == AVERROR(ENOMEM))
        return pixfer_report_fail(d->report, PIXFER_ERR_NO_MEMORY, "%s: %s: out of memory", d->options.stage, d->name);
    if (error == AVERROR_INVALIDDATA && !d->recognised)
        return pixfer_report_fail(d->report, PIXFER_ERR_IO,
                                  "%s: %s is no media file that libavformat knows; raw frames need --size WxH and --format",
                                  d->options.stage, d->name);
    return pixfer_report_fail(d->report, PIXFER_ERR_IO, "%s: %s: %s", d->options.stage, d->name, pixfer_demuxer_error(d, error));
}

enum pixfer_result pixfer_demuxer_open(struct demuxer **out, const struct demuxer_options *options,
                                       const struct source_host *host, struct report *report)
{
    struct demuxer *d = *out = calloc(1, sizeof(*d));
    if (!d || !(d->name = strdup(options->name))) {
        pixfer_demuxer_close(out);
        return pixfer_report_fail(report, PIXFER_ERR_NO_MEMORY, "%s: out of memory", options->stage);
    }
    d->options = *options;
    d->host = host;
    d->report = report;
    d->file.fd = -1;
    for (int k = 0; k < KINDS; k++) {
        d->queue[k].last = &d->queue[k].first;
        d->stream[k] = AVERROR_STREAM_NOT_FOUND;
    }
    int error = open_input(d);
    if (error >= 0)
        return PIXFER_OK;
    enum pixfer_result result = cannot_open(d, error);
    pixfer_demuxer_close(out);
    return result;
}

/* ---- Streams --------------------------------------------------------------------------------------------------------------- */

int pixfer_demuxer_find(const struct demuxer *d, enum AVMediaType type)
{
    return d->stream[type == kinds[0] ? 0 : 1];
}

AVFormatContext *pixfer_demuxer_context(const struct demuxer *d)
{
    return d->context;
}

AVStream *pixfer_demuxer_stream(const struct demuxer *d, int stream)
{
    return d->context->streams[stream];
}

static int kind_of(const struct demuxer *d, int stream)
{
    for (int k = 0; k < KINDS; k++)
        if (stream >= 0 && d->stream[k] == stream)
            return k;
    return -1;
}

static AVPacket *take(struct demuxer *d, int kind)
{
    struct packet_queue *q = &d->queue[kind];
    struct waiting *item = q->first;
    if (!item)
        return NULL;
    AVPacket *packet = item->packet;
    q->first = item->next;
    if (!q->first)
        q->last = &q->first;
    d->waiting_bytes -= (size_t)packet->size + packet_overhead;
    free(item);
    return packet;
}

static void empty(struct demuxer *d, int kind)
{
    AVPacket *packet;
    while ((packet = take(d, kind)))
        av_packet_free(&packet);
}

void pixfer_demuxer_drop(struct demuxer *d, int stream)
{
    int kind = kind_of(d, stream);
    if (kind < 0)
        return;
    empty(d, kind);
    d->stream[kind] = AVERROR_STREAM_NOT_FOUND;
    d->context->streams[stream]->discard = AVDISCARD_ALL;
    if (kinds[kind] == AVMEDIA_TYPE_VIDEO)
        d->options.video = false;
    else
        d->options.audio = false;
}

/* ---- Packets --------------------------------------------------------------------------------------------------------------- */

static int put(struct demuxer *d, int kind, AVPacket *packet)
{
    size_t bytes = (size_t)packet->size + packet_overhead;
    if (d->waiting_bytes + bytes > queue_limit) {
        snprintf(d->why, sizeof(d->why), "its video and audio lie more than %zu MB apart in the file", queue_limit >> 20);
        return AVERROR(ENOSPC);
    }
    struct waiting *item = calloc(1, sizeof(*item));
    if (item)
        item->packet = av_packet_alloc();
    if (!item || !item->packet) {
        free(item);
        return AVERROR(ENOMEM);
    }
    av_packet_move_ref(item->packet, packet);
    *d->queue[kind].last = item;
    d->queue[kind].last = &item->next;
    d->waiting_bytes += bytes;
    return 0;
}

/* An end that comes too early. */
static bool is_cut(struct demuxer *d)
{
    const char *format = d->context->iformat->name;
    const AVCodecParameters *par = d->stream[0] >= 0 ? d->context->streams[d->stream[0]]->codecpar : NULL;
    if (!d->is_file)
        return false;
    if (d->file.regular || strncmp(format, "mov,", 4)) {
        int bytes = par && par->width > 0 ? av_image_get_buffer_size(par->format, par->width, par->height, 1) : 0;
        return pixfer_file_is_cut(&d->file, format, bytes > 0 ? (size_t)bytes : 0, d->why, sizeof(d->why));
    }
    /* A pipe cannot be looked through again; MP4 says in front how many frames there are. */
    int64_t expected = par ? d->context->streams[d->stream[0]]->nb_frames : 0;
    if (d->packets[0] >= expected)
        return false;
    snprintf(d->why, sizeof(d->why), "it is cut off: it says that it has %lld frames", (long long)expected);
    return true;
}

/* An MP4 whose index was written last. */
static bool lies_behind(const struct demuxer *d)
{
    return d->is_file && !d->file.regular && !strncmp(d->context->iformat->name, "mov,", 4) && !d->packets[0] && !d->packets[1];
}

static int read_next(struct demuxer *d, AVPacket *packet)
{
    int error;
    errno = 0;
    do {
        error = interrupted(d) ? AVERROR_EXIT : av_read_frame(d->context, packet);
    } while (error == AVERROR(EAGAIN));
    if (error >= 0 || error == AVERROR_EOF)
        error = without_memory(error);
    if (d->stopped)
        return AVERROR_EXIT;
    if (error == AVERROR_INVALIDDATA && lies_behind(d))
        snprintf(d->why, sizeof(d->why), "its index lies behind its frames, and a pipe cannot go back to them");
    return error == AVERROR_EOF && is_cut(d) ? AVERROR_INVALIDDATA : error;
}

static void correct_times(struct demuxer *d, int kind, AVPacket *packet)
{
    unsigned without = d->times.without;
    bool jumped = pixfer_time_map_apply(&d->times, (unsigned)kind, packet, d->context->streams[packet->stream_index]->time_base);
    if (!without && d->times.without)
        pixfer_report_log(d->report, PIXFER_LOG_WARNING,
                          "%s: %s: a packet's time is more than 140 years away; it follows the one before", d->options.stage,
                          d->name);
    if (!jumped)
        return;
    /* One line for the first; those of a broken input would be one a packet. */
    pixfer_report_log(d->report, d->times.jumps == 1 ? PIXFER_LOG_WARNING : PIXFER_LOG_DEBUG,
                      "%s: %s: its times jump by %+.1f s at %.1f s; %s", d->options.stage, d->name, (double)d->times.jump * 1e-6,
                      (double)d->times.at * 1e-6, d->times.jump > 0 ? "the gap is shortened" : "what follows goes on from there");
}

int pixfer_demuxer_read(struct demuxer *d, int stream, AVPacket *packet)
{
    return pixfer_demuxer_read_within(d, stream, packet, SIZE_MAX);
}

int pixfer_demuxer_read_within(struct demuxer *d, int stream, AVPacket *packet, size_t bytes)
{
    int wanted = kind_of(d, stream);
    if (wanted < 0)
        return AVERROR_STREAM_NOT_FOUND;
    av_packet_unref(packet);
    AVPacket *there = take(d, wanted);
    if (there) {
        av_packet_move_ref(packet, there);
        av_packet_free(&there);
        return 0;
    }
    while (d->error >= 0) {
        if (d->waiting_bytes > bytes)
            return AVERROR(EAGAIN);
        int error = read_next(d, packet), kind = error < 0 ? -1 : kind_of(d, packet->stream_index);
        if (kind >= 0) {
            d->packets[kind]++;
            correct_times(d, kind, packet);
        }
        if (error >= 0 && kind == wanted)
            return 0;
        if (kind >= 0 && !d->passed[kind])
            error = put(d, kind, packet);
        av_packet_unref(packet);
        d->error = error < 0 ? error : 0;
    }
    return d->error;
}

const char *pixfer_demuxer_complaint(const struct demuxer *d)
{
    return d->met;
}

const char *pixfer_demuxer_error(struct demuxer *d, int error)
{
    if (!d->why[0]) {
        const char *line = pixfer_libav_last_error();
        snprintf(d->why, sizeof(d->why), "%s%s%.200s", pixfer_av_error(error), *line ? ": " : "", line);
    }
    return d->why;
}

/* ---- Going to a packet ------------------------------------------------------------------------------------------------------ */

struct packet_mark pixfer_packet_mark(const AVPacket *packet)
{
    uint32_t sum = (uint32_t)av_adler32_update(1, packet->data, (unsigned)packet->size);
    return (struct packet_mark){packet->pts, packet->size, sum};
}

static bool is_marked(const AVPacket *packet, const struct packet_mark *mark)
{
    return packet->pts == mark->pts && packet->size == mark->size && pixfer_packet_mark(packet).sum == mark->sum;
}

void pixfer_demuxer_pass(struct demuxer *d, int stream)
{
    int kind = kind_of(d, stream);
    if (kind < 0)
        return;
    empty(d, kind);
    d->passed[kind] = true;
}

unsigned pixfer_demuxer_jumps(const struct demuxer *d)
{
    return d->times.jumps;
}

static void forget_packets(struct demuxer *d)
{
    for (int k = 0; k < KINDS; k++)
        empty(d, k);
    d->error = 0;
    d->why[0] = 0;
    pixfer_time_map_init(&d->times, longest_gap(d));
}

/* Reads on from where a seek has landed. EAGAIN: the packet must lie before that. */
static int find_marked(struct demuxer *d, int kind, const struct packet_mark *mark)
{
    AVPacket *packet = av_packet_alloc();
    int error = packet ? 0 : AVERROR(ENOMEM);
    while (error >= 0 && (error = read_next(d, packet)) >= 0) {
        if (kind_of(d, packet->stream_index) == kind) {
            if (is_marked(packet, mark)) {
                correct_times(d, kind, packet);
                error = put(d, kind, packet);
                break;
            }
            /* No key frame that is shown later is decoded earlier. */
            if (packet->flags & AV_PKT_FLAG_KEY && packet->pts != AV_NOPTS_VALUE && packet->pts > mark->pts)
                error = AVERROR(EAGAIN);
        }
        av_packet_unref(packet);
    }
    av_packet_free(&packet);
    return error == AVERROR_EOF ? AVERROR(EAGAIN) : error;
}

/* Where a seek lands is the container's affair, so the packet itself is looked for, from further ahead each time. */
int pixfer_demuxer_seek(struct demuxer *d, int stream, const struct packet_mark *mark)
{
    const AVRational unit = d->context->streams[stream]->time_base;
    int64_t back = 0;
    int kind = kind_of(d, stream), error = AVERROR(EAGAIN);
    for (int attempt = 0; error == AVERROR(EAGAIN) && attempt < 8; attempt++) {
        forget_packets(d);
        pixfer_libav_quiet(true);
        error = av_seek_frame(d->context, stream, mark->pts - av_rescale_q(back, AV_TIME_BASE_Q, unit), AVSEEK_FLAG_BACKWARD);
        pixfer_libav_quiet(false);
        if (error < 0)
            break;
        error = find_marked(d, kind, mark);
        back = back ? 4 * back : AV_TIME_BASE / 2;
    }
    return d->stopped ? AVERROR_EXIT : error == AVERROR(ENOMEM) ? error : error < 0 ? AVERROR(ESPIPE) : 0;
}

/* ---- The end --------------------------------------------------------------------------------------------------------------- */

bool pixfer_demuxer_can_rewind(const struct demuxer *d)
{
    return !d->is_file || d->file.regular;
}

static void close_context(struct demuxer *d)
{
    for (int k = 0; k < KINDS; k++)
        if (d->queue[k].last)
            empty(d, k);
    avformat_close_input(&d->context);
}

int pixfer_demuxer_rewind(struct demuxer *d)
{
    if (!pixfer_demuxer_can_rewind(d))
        return AVERROR(ESPIPE);
    close_context(d);
    if (!d->is_file)
        close_io(d);
    else if (avio_seek(d->io, 0, SEEK_SET) < 0)
        return AVERROR(ESPIPE);
    if (d->io)
        d->io->error = 0;
    int before[KINDS] = {d->stream[0], d->stream[1]}, error = open_input(d);
    for (int k = 0; error >= 0 && k < KINDS; k++)
        if (d->stream[k] != before[k])
            error = AVERROR_STREAM_NOT_FOUND;
    return error;
}

void pixfer_demuxer_close(struct demuxer **demuxer)
{
    struct demuxer *d = *demuxer;
    if (!d)
        return;
    close_context(d);
    close_io(d);
    free(d->name);
    free(d);
    *demuxer = NULL;
}

int pixfer_demuxer_skip_images(struct demuxer *d, uint64_t skip)
{
    if (skip > INT32_MAX)
        return AVERROR(ERANGE);
    d->skip = skip;
    return pixfer_demuxer_rewind(d);
}
#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include <errno.h>
#include <libavutil/mem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "muxer.h"

/* OUT.part carries the bytes; the times come from memory, where they are exact whatever a demuxer makes of edit lists. */

/* An upper bound for the index of the whole file, so that room can be left for it in front and nothing has to be moved: 44 bytes a
 * frame (size, composition offset, duration, key frame, chunk), 32 a packet of audio. */
static int64_t index_bound(const struct muxer *m)
{
    int64_t bytes = 8192 + pixfer_presentation_size(&m->presentation);
    for (unsigned i = 0; i < m->track_count; i++)
        bytes += (int64_t)m->tracks[i].count * (i == 0 ? 44 : 32) + m->tracks[i].par->extradata_size;
    return bytes;
}

/* The configuration records are those of OUT.part: written there, NAL units have their lengths in front, and AAC in ADTS has lost
 * its headers. */
static int copy_parameters(AVCodecParameters *to, const AVCodecParameters *ours, const AVCodecParameters *in_part)
{
    int error = avcodec_parameters_copy(to, ours);
    if (error < 0 || !in_part->extradata_size)
        return error;
    av_freep(&to->extradata);
    to->extradata_size = 0;
    to->extradata = av_mallocz((size_t)in_part->extradata_size + AV_INPUT_BUFFER_PADDING_SIZE);
    if (!to->extradata)
        return AVERROR(ENOMEM);
    memcpy(to->extradata, in_part->extradata, (size_t)in_part->extradata_size);
    to->extradata_size = in_part->extradata_size;
    to->codec_tag = 0;
    return 0;
}

/* In µs. */
static int64_t video_end(const struct muxer *m)
{
    const struct track *video = &m->tracks[0];
    int64_t end = 0;
    for (size_t i = 0; i < video->count; i++)
        end = FFMAX(end, video->stamps[i].pts + video->stamps[i].duration);
    return av_rescale_q(end, video->time_base, AV_TIME_BASE_Q);
}

static int open_final(struct muxer *m, AVFormatContext *context, struct output *out, const AVFormatContext *part)
{
    AVDictionary *options = NULL;
    context->pb = out->io;
    context->flags |= AVFMT_FLAG_CUSTOM_IO;
    for (unsigned i = 0; i < m->track_count; i++) {
        AVStream *stream = avformat_new_stream(context, NULL);
        if (!stream || i >= part->nb_streams ||
            copy_parameters(stream->codecpar, m->tracks[i].par, part->streams[i]->codecpar) < 0)
            return AVERROR(ENOMEM);
        stream->time_base = m->tracks[i].time_base;
        if (i == 0)
            stream->avg_frame_rate = m->tracks[0].rate;
    }
    int error = pixfer_presentation_apply(&m->presentation, context, video_end(m));
    av_dict_set_int(&options, "moov_size", index_bound(m), 0);
    if (error >= 0)
        error = avformat_write_header(context, &options);
    av_dict_free(&options);
    return error < 0 ? error : 0;
}

static int copy_packet(struct muxer *m, AVFormatContext *to, AVPacket *packet, size_t *next)
{
    unsigned i = (unsigned)packet->stream_index;
    if (i >= m->track_count || next[i] >= m->tracks[i].count) {
        av_packet_unref(packet);
        return 0;
    }
    const struct stamp *stamp = &m->tracks[i].stamps[next[i]++];
    packet->pts = stamp->pts;
    packet->dts = stamp->dts;
    packet->duration = stamp->duration;
    packet->pos = -1;
    av_packet_rescale_ts(packet, m->tracks[i].time_base, to->streams[i]->time_base);
    return av_interleaved_write_frame(to, packet);
}

static int copy_packets(struct muxer *m, AVFormatContext *from, AVFormatContext *to, queue_tick tick, void *opaque)
{
    size_t next[2] = {0, 0};
    int error = 0;
    AVPacket *packet = av_packet_alloc();
    if (!packet)
        return AVERROR(ENOMEM);
    for (unsigned n = 0; !error && (error = av_read_frame(from, packet)) >= 0; n++) {
        error = copy_packet(m, to, packet, next);
        if (!error && n % 64 == 0 && !tick(opaque))
            error = AVERROR_EXIT;
    }
    av_packet_free(&packet);
    for (unsigned i = 0; i < m->track_count && error == AVERROR_EOF; i++)
        if (next[i] != m->tracks[i].count)
            return AVERROR_INVALIDDATA; /* the part lost something: do not pretend */
    return error == AVERROR_EOF ? 0 : error;
}

static int copy_to(struct muxer *m, struct output *out, queue_tick tick, void *opaque)
{
    AVFormatContext *from = NULL, *to = NULL;
    int error = avformat_open_input(&from, m->part, av_find_input_format("mp4"), NULL);
    if (error >= 0)
        error = avformat_alloc_output_context2(&to, NULL, "mp4", NULL);
    if (error >= 0)
        error = open_final(m, to, out, from);
    if (error >= 0)
        error = copy_packets(m, from, to, tick, opaque);
    if (error >= 0)
        error = av_write_trailer(to);
    avio_flush(out->io);
    avformat_close_input(&from);
    avformat_free_context(to);
    if (!out->error && error >= 0)
        out->error = pixfer_output_sync(out);
    return out->error ? AVERROR(out->error) : error < 0 ? error : 0;
}

static enum pixfer_result finalise_failed(struct muxer *m, int error)
{
    char text[160];
    if (error == AVERROR_EXIT)
        return PIXFER_ERR_CANCELLED;
    const char *what = error == AVERROR(ENOSPC) || error == AVERROR(EEXIST) || error == AVERROR(EFBIG) || error == AVERROR(EACCES)
                           ? pixfer_errno_text(AVUNERROR(error), text, sizeof(text))
                           : pixfer_av_error(error);
    return pixfer_report_fail(m->report, PIXFER_ERR_IO, "finalise: %s: %s", m->path, what);
}

enum pixfer_result pixfer_muxer_finalise(struct muxer *m, queue_tick tick, void *opaque)
{
    char *name = malloc(strlen(m->path) + 8);
    struct output out;
    if (!name)
        return finalise_failed(m, AVERROR(ENOMEM));
    sprintf(name, "%s.final", m->path);
    int error = AVERROR(pixfer_output_open(&out, name, true));
    if (!error) {
        error = copy_to(m, &out, tick, opaque);
        int64_t bytes = out.bytes;
        int late = pixfer_output_close(&out);
        if (!error && late)
            error = AVERROR(late);
        if (!error)
            error = AVERROR(pixfer_output_rename(name, m->path, m->overwrite));
        if (error)
            unlink(name);
        else
            atomic_store(&m->bytes, (unsigned long long)bytes);
    }
    free(name);
    if (error)
        return finalise_failed(m, error);
    pixfer_muxer_discard(m);
    return PIXFER_OK;
}
#endif

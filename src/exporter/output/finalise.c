/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include <errno.h>
#include <libavutil/mem.h>
#include <stdlib.h>
#include <string.h>

#include "../libav_log.h"
#include "muxer.h"

/* OUT.part carries the bytes; the times come from memory, where they are exact whatever a demuxer makes of edit lists. */

/* ---- Writing --------------------------------------------------------------------------------------------------------------- */

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
    to->codec_tag = to->codec_id == AV_CODEC_ID_HEVC ? ours->codec_tag : 0;
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

static int add_streams(struct muxer *m, AVFormatContext *context, const AVFormatContext *part)
{
    for (unsigned i = 0; i < m->track_count; i++) {
        AVStream *stream = i < part->nb_streams ? avformat_new_stream(context, NULL) : NULL;
        int error = stream ? copy_parameters(stream->codecpar, m->tracks[i].par, part->streams[i]->codecpar) : AVERROR(ENOMEM);
        if (error < 0)
            return error;
        stream->time_base = m->tracks[i].time_base;
        stream->avg_frame_rate = m->tracks[i].rate;
    }
    return 0;
}

static int write_header(struct muxer *m, AVFormatContext *context, const AVFormatContext *part)
{
    AVDictionary *options = NULL;
    int error = add_streams(m, context, part);
    if (error >= 0)
        error = pixfer_presentation_apply(&m->presentation, context, video_end(m));
    if (error >= 0)
        error = pixfer_muxer_times(m, &options);
    if (error >= 0)
        error = av_dict_set_int(&options, "moov_size", index_bound(m), 0);
    if (error >= 0)
        error = avformat_write_header(context, &options);
    av_dict_free(&options);
    return error < 0 ? error : 0;
}

/* How far a track has been copied: the number of the next packet, and where in OUT.part the one before lies. */
struct copied {
    size_t next;
    int64_t pos;
};

static int copy_packet(struct muxer *m, AVFormatContext *to, AVPacket *packet, struct copied *copied)
{
    unsigned i = (unsigned)packet->stream_index;
    if (i >= m->track_count) {
        av_packet_unref(packet);
        return 0;
    }
    /* Without memory a demuxer may read one in part, leave one out, or give one twice. */
    if (packet->flags & AV_PKT_FLAG_CORRUPT || copied[i].next >= m->tracks[i].count || packet->pos <= copied[i].pos) {
        av_packet_unref(packet);
        return AVERROR_EXTERNAL;
    }
    copied[i].pos = packet->pos;
    const struct stamp *stamp = &m->tracks[i].stamps[copied[i].next++];
    packet->pts = stamp->pts;
    packet->dts = stamp->dts;
    packet->duration = stamp->duration;
    packet->pos = -1;
    av_packet_rescale_ts(packet, m->tracks[i].time_base, to->streams[i]->time_base);
    return av_interleaved_write_frame(to, packet);
}

static int copy_packets(struct muxer *m, AVFormatContext *from, AVFormatContext *to, queue_tick tick, void *opaque)
{
    struct copied copied[2] = {{0, 0}, {0, 0}};
    int error = 0;
    AVPacket *packet = av_packet_alloc();
    if (!packet)
        return AVERROR(ENOMEM);
    for (unsigned n = 0; !error && (error = av_read_frame(from, packet)) >= 0; n++) {
        error = copy_packet(m, to, packet, copied);
        if (!error && n % 64 == 0 && !tick(opaque))
            error = AVERROR_EXIT;
    }
    av_packet_free(&packet);
    for (unsigned i = 0; i < m->track_count && error == AVERROR_EOF; i++)
        if (copied[i].next != m->tracks[i].count)
            return AVERROR_EXTERNAL; /* the part lost something: do not pretend */
    return error == AVERROR_EOF ? 0 : error;
}

static int write_final(struct muxer *m, struct output *out, queue_tick tick, void *opaque)
{
    AVFormatContext *to = NULL;
    struct reader part;
    int error = pixfer_reader_open(&part, m->out.fd, m->out.bytes, false);
    if (error >= 0)
        error = avformat_alloc_output_context2(&to, NULL, "mp4", NULL);
    if (error >= 0) {
        pixfer_libav_adopt_format(to);
        to->pb = out->io;
        to->flags |= AVFMT_FLAG_CUSTOM_IO;
        error = write_header(m, to, part.context);
    }
    if (error >= 0)
        error = copy_packets(m, part.context, to, tick, opaque);
    if (error >= 0)
        error = av_write_trailer(to);
    avio_flush(out->io);
    pixfer_reader_close(&part);
    avformat_free_context(to);
    if (!out->error && error >= 0)
        out->error = pixfer_file_sync(out->fd);
    return out->error ? AVERROR(out->error) : error >= 0 && out->io->error < 0 ? out->io->error : error < 0 ? error : 0;
}

/* ---- Reading it again ------------------------------------------------------------------------------------------------------ */

/* Where memory was short, libavformat may leave a table out without a word. */
static bool as_remembered(const struct track *track, const AVStream *stream, const AVPacket *packet, size_t index, int64_t first)
{
    const struct stamp *stamp = &track->stamps[index];
    if (packet->flags & AV_PKT_FLAG_CORRUPT || packet->size <= 0)
        return false;
    return av_cmp_q(stream->time_base, track->time_base) ||
           (packet->pts - packet->dts == stamp->pts - stamp->dts && packet->dts - first == stamp->dts - track->stamps[0].dts);
}

/* -1 for what is not ours, a track of chapters. */
static int track_of(const struct muxer *m, const AVStream *stream)
{
    for (unsigned i = 0; i < m->track_count; i++)
        if (stream->codecpar->codec_type == m->tracks[i].par->codec_type)
            return (int)i;
    return -1;
}

static int compare_packets(const struct muxer *m, AVFormatContext *context, queue_tick tick, void *opaque)
{
    size_t next[2] = {0, 0};
    int64_t first[2] = {0, 0}, index = index_bound(m); /* for which there is room in front of the packets */
    int error = 0;
    AVPacket *packet = av_packet_alloc();
    if (!packet)
        return AVERROR(ENOMEM);
    for (unsigned n = 0; error >= 0 && (error = av_read_frame(context, packet)) >= 0; n++) {
        const AVStream *stream = context->streams[packet->stream_index];
        int i = track_of(m, stream);
        if (i >= 0 && !next[i])
            first[i] = packet->dts;
        if (i >= 0 && (packet->pos < index || next[i] == m->tracks[i].count ||
                       !as_remembered(&m->tracks[i], stream, packet, next[i]++, first[i])))
            error = AVERROR_EXTERNAL;
        else if (n % 1024 == 0 && !tick(opaque))
            error = AVERROR_EXIT;
        av_packet_unref(packet);
    }
    av_packet_free(&packet);
    for (unsigned i = 0; i < m->track_count && error == AVERROR_EOF; i++)
        if (next[i] != m->tracks[i].count)
            return AVERROR_EXTERNAL;
    return error == AVERROR_EOF ? 0 : error;
}

/* What `part` says is said again, but for what tells the two kinds of MP4 apart. */
static bool says(const AVDictionary *part, const AVDictionary *final)
{
    const AVDictionaryEntry *entry = NULL;
    while ((entry = av_dict_get(part, "", entry, AV_DICT_IGNORE_SUFFIX))) {
        const AVDictionaryEntry *found = av_dict_get(final, entry->key, NULL, AV_DICT_MATCH_CASE);
        bool kind = !strcmp(entry->key, "major_brand") || !strcmp(entry->key, "minor_version") ||
                    !strcmp(entry->key, "compatible_brands");
        if (!kind && (!found || strcmp(found->value, entry->value)))
            return false;
    }
    return true;
}

static bool chapters_are_there(const struct muxer *m, const AVFormatContext *final)
{
    const struct presentation *p = &m->presentation;
    unsigned tracks = m->tracks[1].count ? 2 : 1, expected = 0; /* a track without packets is left out of OUT */
    for (int64_t end = video_end(m); expected < p->chapter_count && p->chapters[expected].start < end;)
        expected++;
    for (unsigned i = 0; i < expected && i < final->nb_chapters; i++) {
        const AVDictionaryEntry *title = av_dict_get(final->chapters[i]->metadata, "title", NULL, 0);
        if (strcmp(title ? title->value : "", p->chapters[i].title))
            return false;
    }
    if (final->nb_chapters != expected || final->nb_streams != tracks + (expected > 0))
        return false;
    return !expected || avformat_index_get_entries_count(final->streams[tracks]) == (int)expected;
}

static int compare_presentation(struct muxer *m, const AVFormatContext *final)
{
    struct reader part;
    int error = pixfer_reader_open(&part, m->out.fd, m->out.bytes, true);
    bool same = !error && chapters_are_there(m, final) && says(part.context->metadata, final->metadata);
    for (unsigned i = 0; same && i < m->track_count && i < final->nb_streams && i < part.context->nb_streams; i++)
        same = says(part.context->streams[i]->metadata, final->streams[i]->metadata);
    pixfer_reader_close(&part);
    return error ? error : same ? 0 : AVERROR_EXTERNAL;
}

/* Before OUT.part goes, the finished file is read again: every packet of every track is there, at its time. The bytes inside the
 * packets are not looked at. */
static int check_final(struct muxer *m, const struct output *out, queue_tick tick, void *opaque)
{
    struct reader r;
    if (!pixfer_boxes_fit(out->fd, 0, out->bytes))
        return AVERROR_EXTERNAL;
    int error = pixfer_reader_open(&r, out->fd, out->bytes, true);
    if (error >= 0)
        error = compare_presentation(m, r.context);
    if (error >= 0)
        r.skip = avio_tell(r.context->pb);
    if (error >= 0)
        error = compare_packets(m, r.context, tick, opaque);
    pixfer_reader_close(&r);
    return error;
}

/* ---- OUT ------------------------------------------------------------------------------------------------------------------- */

static enum pixfer_result finalise_failed(struct muxer *m, int error)
{
    char text[160];
    if (error == AVERROR_EXIT)
        return PIXFER_ERR_CANCELLED;
    return pixfer_report_fail(m->report, error == AVERROR(ENOMEM) ? PIXFER_ERR_NO_MEMORY : PIXFER_ERR_IO, "finalise: %s: %s",
                              m->path, pixfer_output_error(error, text, sizeof(text)));
}

static int make_final(struct muxer *m, const char *name, struct output *out, queue_tick tick, void *opaque)
{
    int error = write_final(m, out, tick, opaque);
    if (!error)
        error = check_final(m, out, tick, opaque);
    if (!error && m->seal)
        error = pixfer_seal_put(m->seal, out);
    if (!error)
        error = AVERROR(pixfer_file_rename(name, m->path, m->overwrite));
    return error;
}

enum pixfer_result pixfer_muxer_finalise(struct muxer *m, queue_tick tick, void *opaque)
{
    struct output out;
    char *name = NULL;
    int fd = -1;
    if (m->to_callback)
        return PIXFER_OK;
    int error = AVERROR(pixfer_file_create_beside(m->path, m->final, &fd, &name));
    if (error)
        return finalise_failed(m, error);
    error = pixfer_output_open(&out, fd, NULL, NULL);
    if (!error) {
        pixfer_file_take_mode(fd, m->path);
        error = make_final(m, name, &out, tick, opaque);
        if (!error)
            atomic_store(&m->bytes, (unsigned long long)out.bytes);
    }
    if (error)
        pixfer_file_remove(name, fd);
    if (out.io)
        pixfer_output_close(&out);
    else
        pixfer_file_close(fd);
    free(name);
    if (error)
        return finalise_failed(m, error);
    pixfer_muxer_discard(m);
    return PIXFER_OK;
}
#endif

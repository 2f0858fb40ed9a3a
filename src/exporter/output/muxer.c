/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include <errno.h>
#include <libavutil/mem.h>
#include <libavutil/opt.h>
#include <stdlib.h>
#include <string.h>

#include "muxer.h"

/* A fragment is cut after half a second of video, or when something has waited this long for the disk, so that a crash takes no more
 * than about a second. */
static const double fragment_media = 0.5, fragment_wall = 0.8;

/* Or after this many bytes: a small disk then keeps more than nothing of a large frame. */
static const int64_t fragment_bytes = 256 * 1024;

/* What may be collected in memory while the header waits for a track. */
static const int64_t most_pending = 256 * 1024 * 1024;

/* ---- Tracks ---------------------------------------------------------------------------------------------------------------- */

static struct track *add_track(struct muxer *m, const AVCodecParameters *par, AVRational unit)
{
    struct track *track = &m->tracks[m->track_count];
    if (!(track->par = avcodec_parameters_alloc()) || avcodec_parameters_copy(track->par, par) < 0 ||
        !(track->held = av_packet_alloc()))
        return NULL;
    track->unit = unit;
    m->track_count++;
    return track;
}

/* The wrapper of libx264 writes every tag; others leave some out, so the stream itself is corrected. */
static int make_tag_writer(struct muxer *m, AVCodecParameters *par)
{
    const AVBitStreamFilter *filter = av_bsf_get_by_name(par->codec_id == AV_CODEC_ID_HEVC ? "hevc_metadata" : "h264_metadata");
    if (!filter || par->codec_id == AV_CODEC_ID_AV1)
        return 0;
    int error = av_bsf_alloc(filter, &m->bsf);
    if (error < 0)
        return error;
    void *options = m->bsf->priv_data;
    if (par->chroma_location != AVCHROMA_LOC_UNSPECIFIED)
        av_opt_set_int(options, "chroma_sample_loc_type", par->chroma_location - 1, 0);
    if (par->color_range != AVCOL_RANGE_UNSPECIFIED)
        av_opt_set_int(options, "video_full_range_flag", par->color_range == AVCOL_RANGE_JPEG, 0);
    av_opt_set_int(options, "colour_primaries", par->color_primaries, 0);
    av_opt_set_int(options, "transfer_characteristics", par->color_trc, 0);
    av_opt_set_int(options, "matrix_coefficients", par->color_space, 0);
    error = avcodec_parameters_copy(m->bsf->par_in, par);
    if (!error)
        error = av_bsf_init(m->bsf);
    return error ? error : avcodec_parameters_copy(par, m->bsf->par_out);
}

enum pixfer_result pixfer_muxer_add_video(struct muxer *m, const AVCodecContext *codec, uint32_t true_width, uint32_t true_height,
                                          bool fix_tags)
{
    AVCodecParameters *par = avcodec_parameters_alloc();
    int error = par ? avcodec_parameters_from_context(par, codec) : AVERROR(ENOMEM);
    if (!error && fix_tags)
        error = make_tag_writer(m, par);
    struct track *track = NULL;
    if (!error) {
        /* An odd size cannot be said in 4:2:0 H.264. Said by the container it is shown: decoders crop to it. */
        if (par->codec_id == AV_CODEC_ID_HEVC)
            par->codec_tag = MKTAG('h', 'v', 'c', '1'); /* parameter sets in the header only: the one that Apple's players take */
        par->width = (int)true_width;
        par->height = (int)true_height;
        track = add_track(m, par, codec->time_base);
    }
    avcodec_parameters_free(&par);
    if (!track)
        return pixfer_report_fail(m->report, PIXFER_ERR_NO_MEMORY, "output: no video track: %s", pixfer_av_error(error));
    track->rate = codec->framerate;
    return PIXFER_OK;
}

enum pixfer_result pixfer_muxer_add_packets(struct muxer *m, const AVCodecParameters *par, AVRational unit, AVRational rate)
{
    struct track *track = add_track(m, par, unit);
    if (!track)
        return pixfer_report_fail(m->report, PIXFER_ERR_NO_MEMORY, "output: no video track: out of memory");
    track->rate = rate;
    return PIXFER_OK;
}

enum pixfer_result pixfer_muxer_add_audio(struct muxer *m, const AVCodecParameters *par, AVRational time_base)
{
    struct track *track = add_track(m, par, time_base);
    if (!track)
        return pixfer_report_fail(m->report, PIXFER_ERR_NO_MEMORY, "output: no audio track: out of memory");
    track->par->codec_tag = 0;
    return PIXFER_OK;
}

enum pixfer_result pixfer_muxer_present(struct muxer *m, const struct presentation *presentation)
{
    pixfer_presentation_free(&m->presentation);
    if (pixfer_presentation_copy(&m->presentation, presentation) < 0)
        return pixfer_report_fail(m->report, PIXFER_ERR_NO_MEMORY, "output: out of memory");
    return PIXFER_OK;
}

int pixfer_muxer_add_headers(struct muxer *m, const AVCodecContext *codec)
{
    AVCodecParameters *par = m->tracks[0].par;
    const size_t size = (size_t)par->extradata_size + (size_t)codec->extradata_size;
    uint8_t *both = av_mallocz(size + AV_INPUT_BUFFER_PADDING_SIZE);
    if (!both)
        return AVERROR(ENOMEM);
    memcpy(both, par->extradata, (size_t)par->extradata_size);
    memcpy(both + par->extradata_size, codec->extradata, (size_t)codec->extradata_size);
    av_free(par->extradata);
    par->extradata = both;
    par->extradata_size = (int)size;
    return 0;
}

/* ---- Fragments ------------------------------------------------------------------------------------------------------------- */

static enum pixfer_result write_failed(struct muxer *m, int error)
{
    char text[160];
    long long bytes = m->out.bytes;
    if (m->out.error)
        error = AVERROR(m->out.error);
    pixfer_output_error(error, text, sizeof(text));
    if (m->out.error)
        return pixfer_report_fail(m->report, PIXFER_ERR_IO, "write: %s: after %lld bytes: %s", m->part, bytes, text);
    return pixfer_report_fail(m->report, error == AVERROR(ENOMEM) ? PIXFER_ERR_NO_MEMORY : PIXFER_ERR_IO, "write: %s: %s",
                              m->part, text);
}

/* Frame times of nanoseconds would leave no room for a gap of three seconds in the 32 bits of a duration. Edits are counted in the
 * movie's unit: with the video's, a first frame later than 0 is shown at its very time. */
int pixfer_muxer_times(const struct muxer *m, AVDictionary **options)
{
    int64_t scale = m->tracks[0].unit.den;
    int error = 0;
    if (scale > 1000000)
        error = av_dict_set_int(options, "video_track_timescale", scale = 90000, 0);
    while (scale < 10000) /* as libavformat does it */
        scale *= 2;
    if (error >= 0 && scale <= 100000 && !m->presentation.chapter_count)
        error = av_dict_set_int(options, "movie_timescale", scale, 0);
    for (unsigned i = 0; error >= 0 && i < m->track_count; i++)
        if (m->tracks[i].par->codec_id == AV_CODEC_ID_FLAC) /* older libavformat asks for it */
            error = av_dict_set(options, "strict", "experimental", 0);
    return error < 0 ? error : 0;
}

static int add_streams(struct muxer *m)
{
    for (unsigned i = 0; i < m->track_count; i++) {
        AVStream *stream = avformat_new_stream(m->context, NULL);
        int error = stream ? avcodec_parameters_copy(stream->codecpar, m->tracks[i].par) : AVERROR(ENOMEM);
        if (error < 0)
            return error;
        stream->time_base = m->tracks[i].unit;
        stream->avg_frame_rate = m->tracks[i].rate;
    }
    return 0;
}

/* The bytes of the movie header come with the first fragment: only then the delays of B-frames and of the audio's encoder are known. */
static int write_header(struct muxer *m)
{
    AVDictionary *options = NULL;
    int error = m->to_callback || m->part_is_ours ? 0 : AVERROR(pixfer_file_truncate(m->out.fd, 0));
    if (error)
        return error;
    m->part_is_ours = !m->to_callback;
    error = add_streams(m);
    if (error >= 0)
        error = pixfer_presentation_apply(&m->presentation, m->context, INT64_MAX);
    if (error >= 0)
        error = pixfer_muxer_times(m, &options);
    if (error >= 0)
        error = av_dict_set(&options, "movflags", "empty_moov+delay_moov+default_base_moof+frag_custom+skip_trailer", 0);
    if (error >= 0)
        error = avformat_write_header(m->context, &options);
    av_dict_free(&options);
    for (unsigned i = 0; error >= 0 && i < m->track_count; i++)
        m->tracks[i].time_base = m->context->streams[i]->time_base;
    m->header_written = error >= 0;
    m->last_sync = pixfer_now();
    return error < 0 ? error : 0;
}

/* The held packet goes to libavformat. */
static int put(struct muxer *m, struct track *track)
{
    AVPacket *packet = track->held;
    if (!packet->data)
        return 0;
    if (m->movie_written && !track->put && packet->dts < 0)
        track->shift = -packet->dts;
    if (track == m->tracks && m->fragment_start == AV_NOPTS_VALUE)
        m->fragment_start = packet->dts;
    packet->dts += track->shift;
    packet->pts += track->shift;
    m->pending += packet->size;
    track->put++;
    int error = av_write_frame(m->context, packet);
    av_packet_unref(packet);
    return error < 0 ? error : 0;
}

static int put_all(struct muxer *m, bool only_first)
{
    int error = 0;
    for (unsigned i = 0; !error && i < m->track_count; i++)
        if (!only_first || !m->tracks[i].put)
            error = put(m, &m->tracks[i]);
    return error;
}

/* libavformat does not tell everything that goes wrong while it writes a fragment. */
static int check_fragment(struct muxer *m)
{
    uint64_t counts[2];
    if (m->out.error || m->out.io->error < 0)
        return m->out.error ? AVERROR(m->out.error) : m->out.io->error;
    if (m->to_callback)
        return 0;
    if (!pixfer_boxes_fit(m->out.fd, m->safe_bytes, m->out.bytes))
        return AVERROR_EXTERNAL;
    if (m->movie_written)
        return 0;
    int error = pixfer_count_samples(m->out.fd, m->out.bytes, counts);
    if (!error && (counts[0] != m->tracks[0].put || counts[1] != m->tracks[1].put))
        error = AVERROR_EXTERNAL;
    return error;
}

static int flush_fragment(struct muxer *m)
{
    int error = av_write_frame(m->context, NULL);
    if (error >= 0 && !m->movie_written) /* the first call writes the movie header only */
        error = av_write_frame(m->context, NULL);
    avio_flush(m->out.io);
    int found = check_fragment(m);
    if (error >= 0)
        error = found;
    if (error < 0)
        return error;
    /* From now on a fragment begins at the time of its first packet, not where the packet before was thought to end. */
    return av_opt_set(m->context->priv_data, "movflags", "+frag_discont", 0);
}

static int sync_sometimes(struct muxer *m)
{
    double now = pixfer_now();
    if (m->to_callback || now - m->last_sync < 1.0) /* what a power loss may take */
        return 0;
    m->out.error = pixfer_file_sync(m->out.fd);
    m->last_sync = pixfer_now();
    return AVERROR(m->out.error);
}

static int cut_fragment(struct muxer *m)
{
    int error = m->movie_written ? 0 : put_all(m, true);
    if (error >= 0)
        error = flush_fragment(m);
    if (error >= 0)
        error = sync_sometimes(m);
    if (error < 0)
        return error;
    m->movie_written = true;
    m->fragment_start = AV_NOPTS_VALUE;
    m->pending = 0;
    m->safe_bytes = m->out.bytes;
    m->unsafe_since = 0;
    for (unsigned i = 0; i < m->track_count; i++) {
        m->tracks[i].safe = m->tracks[i].put;
        if (m->tracks[i].held && m->tracks[i].held->data)
            m->unsafe_since = pixfer_now();
    }
    atomic_store(&m->bytes, (unsigned long long)m->out.bytes);
    return 0;
}

static bool fragment_is_due(const struct muxer *m, int64_t dts)
{
    if (m->fragment_start == AV_NOPTS_VALUE)
        return false;
    return (double)(dts - m->fragment_start) * av_q2d(m->tracks[0].time_base) >= fragment_media || m->pending >= fragment_bytes ||
           pixfer_now() - m->unsafe_since >= fragment_wall;
}

/* ---- Packets --------------------------------------------------------------------------------------------------------------- */

static int remember(struct track *track, const AVPacket *packet)
{
    if (track->count == track->capacity) {
        size_t capacity = track->capacity ? track->capacity * 2 : 1024;
        struct stamp *stamps = realloc(track->stamps, capacity * sizeof(*stamps));
        if (!stamps)
            return AVERROR(ENOMEM);
        track->stamps = stamps;
        track->capacity = capacity;
    }
    track->stamps[track->count++] = (struct stamp){packet->pts, packet->dts, packet->duration};
    return 0;
}

/* In the fragments the packet before lasts until this one; how long its frame is shown, which its stamp tells, is another question where
 * frames are reordered. Where the track's unit is coarser than the times were, two times may have become one. */
static int follow(struct track *track, AVPacket *packet)
{
    if (!track->count)
        return 0;
    int64_t last = track->stamps[track->count - 1].dts;
    packet->dts = FFMAX(packet->dts, last + 1);
    packet->pts = FFMAX(packet->pts, packet->dts);
    track->held->duration = packet->dts - last;
    return track->held->duration > INT32_MAX ? AVERROR(ERANGE) : 0;
}

static int filter_tags(struct muxer *m, AVPacket *packet)
{
    int error = av_bsf_send_packet(m->bsf, packet);
    return error < 0 ? error : av_bsf_receive_packet(m->bsf, packet);
}

static int take_packet(struct muxer *m, AVPacket *packet)
{
    struct track *track = &m->tracks[packet->stream_index];
    int error = m->bsf && track == m->tracks ? filter_tags(m, packet) : 0;
    if (error < 0)
        return error;
    av_packet_rescale_ts(packet, packet->time_base, track->time_base);
    error = follow(track, packet);
    if (error >= 0)
        error = put(m, track);
    if (error >= 0)
        error = remember(track, packet);
    if (error < 0)
        return error;
    int64_t dts = packet->dts;
    av_packet_move_ref(track->held, packet);
    if (m->unsafe_since <= 0)
        m->unsafe_since = pixfer_now();
    /* Also where audio goes on for hours after the last frame. */
    const bool due =
        track == m->tracks ? !m->early_count && fragment_is_due(m, dts) : m->movie_written && m->pending >= fragment_bytes;
    return due ? cut_fragment(m) : 0;
}

/* ---- The beginning --------------------------------------------------------------------------------------------------------- */

static bool needs_packet(const struct track *track)
{
    return track->par->codec_id == AV_CODEC_ID_AC3 || track->par->codec_id == AV_CODEC_ID_EAC3;
}

/* The header says when each track starts, and for some codecs what is in their first packet. Other tracks are waited for a second;
 * when a later one starts is then told by its first fragment. */
static bool tracks_are_known(const struct muxer *m)
{
    bool patient = pixfer_now() - m->unsafe_since < fragment_wall;
    for (unsigned i = 1; i < m->track_count; i++)
        if (!m->tracks[i].seen && (patient || needs_packet(&m->tracks[i])))
            return false;
    return m->tracks[0].seen;
}

static int begin(struct muxer *m)
{
    int error = write_header(m);
    for (size_t i = 0; i < m->early_count; i++) {
        if (error >= 0)
            error = take_packet(m, m->early[i]);
        av_packet_free(&m->early[i]);
    }
    m->early_count = 0;
    return error;
}

static int keep_early(struct muxer *m, AVPacket *packet)
{
    AVPacket **early = av_realloc_array(m->early, m->early_count + 1, sizeof(*early));
    if (!early)
        return AVERROR(ENOMEM);
    m->early = early;
    AVPacket *copy = early[m->early_count] = av_packet_alloc();
    if (!copy)
        return AVERROR(ENOMEM);
    m->early_count++;
    av_packet_move_ref(copy, packet);
    m->pending += copy->size;
    m->tracks[copy->stream_index].seen = true;
    if (m->unsafe_since <= 0)
        m->unsafe_since = pixfer_now();
    if (tracks_are_known(m))
        return begin(m);
    return m->pending < most_pending ? 0 : AVERROR(ENOBUFS);
}

/* ---- What the writer's thread calls ---------------------------------------------------------------------------------------- */

enum pixfer_result pixfer_muxer_write(struct muxer *m, AVPacket *packet, AVRational unit)
{
    packet->time_base = unit;
    int error = m->header_written ? take_packet(m, packet) : keep_early(m, packet);
    av_packet_unref(packet);
    return error < 0 ? write_failed(m, error) : pixfer_muxer_idle(m); /* audio that goes on may hide that no frame comes */
}

enum pixfer_result pixfer_muxer_flush(struct muxer *m)
{
    if (m->unsafe_since <= 0)
        return PIXFER_OK;
    if (!m->header_written && !tracks_are_known(m))
        return PIXFER_OK;
    int error = m->header_written ? 0 : begin(m);
    /* The next frame may come sooner than the rate says, and libavformat would move it behind where it thinks this one ends. */
    if (m->tracks[0].held->data)
        m->tracks[0].held->duration = 1;
    if (error >= 0)
        error = put_all(m, false);
    if (error >= 0)
        error = cut_fragment(m);
    return error < 0 ? write_failed(m, error) : PIXFER_OK;
}

enum pixfer_result pixfer_muxer_idle(struct muxer *m)
{
    return m->unsafe_since > 0 && pixfer_now() - m->unsafe_since >= fragment_wall ? pixfer_muxer_flush(m) : PIXFER_OK;
}

void pixfer_muxer_hold(struct muxer *m, int64_t end, AVRational unit)
{
    m->hold_end = end;
    m->hold_unit = unit;
}

/* A sample of MP4 lasts 2^31 units at most. */
static void hold_last_frame(struct muxer *m)
{
    struct track *track = &m->tracks[0];
    if (!m->hold_unit.num || !track->count)
        return;
    struct stamp *first = track->stamps, *last = &track->stamps[track->count - 1];
    const int64_t end = av_rescale_q(m->hold_end, m->hold_unit, track->time_base);
    /* It is the last to be decoded, and may not be the last that is shown: track and edit list are both to reach the end. */
    const int64_t wanted = FFMAX(end - first->pts - (last->dts - first->dts), end - last->pts);
    const int64_t duration = FFMIN(wanted, INT32_MAX);
    if (duration > last->duration)
        last->duration = track->held->duration = duration;
}

enum pixfer_result pixfer_muxer_end(struct muxer *m)
{
    if (!m->header_written && m->track_count > 1 && !m->tracks[1].seen && needs_packet(&m->tracks[1])) {
        m->track_count = 1;
        pixfer_report_log(m->report, PIXFER_LOG_WARNING, "audio: no packet of it belongs to these frames; left out");
    }
    int error = m->header_written ? 0 : begin(m);
    if (error >= 0)
        hold_last_frame(m);
    if (error >= 0)
        error = put_all(m, false);
    if (error >= 0)
        error = cut_fragment(m);
    if (error >= 0)
        error = av_write_trailer(m->context);
    return error < 0 ? write_failed(m, error) : PIXFER_OK;
}
#endif

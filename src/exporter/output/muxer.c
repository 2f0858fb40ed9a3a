/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include <errno.h>
#include <libavcodec/bsf.h>
#include <libavutil/opt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "muxer.h"

/* OUT.part is a fragmented MP4. A fragment is cut after half a second of video, so that what is held here and in the fragment
 * being written stays below a second together, or after a second of waiting where the export is slower than that. */
static const double fragment_media = 0.5, fragment_wall = 1.0;

/* Or after this many bytes: a small disk then keeps more than nothing of a large frame. */
static const int64_t fragment_bytes = 256 * 1024;

static char *with_suffix(const char *path, const char *suffix)
{
    char *name = malloc(strlen(path) + strlen(suffix) + 1);
    if (name)
        sprintf(name, "%s%s", path, suffix);
    return name;
}

/* ---- Opening --------------------------------------------------------------------------------------------------------------- */

static enum pixfer_result part_exists(struct muxer *m)
{
    return pixfer_report_fail(
        m->report, PIXFER_ERR_IO,
        "output: %s exists: an export that is running, or what was kept of one that ended early (it plays); "
        "rename or remove it, or replace it with --overwrite",
        m->part);
}

/* Everything that would make the last step fail is asked before the first. */
static enum pixfer_result check_target(struct muxer *m)
{
    char text[160];
    struct stat st;
    if (!stat(m->path, &st)) {
        if (S_ISDIR(st.st_mode))
            return pixfer_report_fail(m->report, PIXFER_ERR_IO, "output: %s is a folder, expected a file name", m->path);
        if (!S_ISREG(st.st_mode))
            return pixfer_report_fail(m->report, PIXFER_ERR_IO, "output: %s is no regular file, expected a name for an MP4 file",
                                      m->path);
        if (!m->overwrite)
            return pixfer_report_fail(m->report, PIXFER_ERR_IO, "output: %s exists; --overwrite replaces it", m->path);
        if (access(m->path, W_OK))
            return pixfer_report_fail(m->report, PIXFER_ERR_IO, "output: %s: %s", m->path,
                                      pixfer_errno_text(errno, text, sizeof(text)));
    }
    return access(m->part, F_OK) || m->overwrite ? PIXFER_OK : part_exists(m);
}

enum pixfer_result pixfer_muxer_open(struct muxer *m, const char *path, bool overwrite, struct report *report)
{
    memset(m, 0, sizeof(*m));
    m->report = report;
    m->overwrite = overwrite;
    m->fragment_start = AV_NOPTS_VALUE;
    m->path = strdup(path);
    m->part = with_suffix(path, ".part");
    if (!m->path || !m->part)
        return pixfer_report_fail(report, PIXFER_ERR_NO_MEMORY, "output: out of memory");
    return check_target(m);
}

enum pixfer_result pixfer_muxer_create(struct muxer *m)
{
    char text[160];
    int error = pixfer_output_open(&m->out, m->part, m->overwrite);
    if (error == EEXIST)
        return part_exists(m);
    if (error)
        return pixfer_report_fail(m->report, PIXFER_ERR_IO, "output: %s: %s", m->part,
                                  pixfer_errno_text(error, text, sizeof(text)));
    if (avformat_alloc_output_context2(&m->context, NULL, "mp4", m->part) < 0)
        return pixfer_report_fail(m->report, PIXFER_ERR_NO_MEMORY, "output: this libavformat cannot write MP4");
    m->context->pb = m->out.io;
    m->context->flags |= AVFMT_FLAG_CUSTOM_IO;
    return PIXFER_OK;
}

static struct track *add_track(struct muxer *m, const AVCodecParameters *par, AVRational time_base)
{
    AVStream *stream = avformat_new_stream(m->context, NULL);
    struct track *track = &m->tracks[m->track_count];
    if (!stream || !(track->par = avcodec_parameters_alloc()) || avcodec_parameters_copy(track->par, par) < 0 ||
        avcodec_parameters_copy(stream->codecpar, track->par) < 0)
        return NULL;
    stream->time_base = track->time_base = time_base;
    track->cut = INT64_MAX;
    m->track_count++;
    return track;
}

/* The wrapper of libx264 writes every tag; others leave some out, so the stream itself is corrected. */
static int make_tag_writer(struct muxer *m, AVCodecParameters *par)
{
    const AVBitStreamFilter *filter = av_bsf_get_by_name("h264_metadata");
    if (!filter)
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
        par->width = (int)true_width;
        par->height = (int)true_height;
        track = add_track(m, par, codec->time_base);
    }
    avcodec_parameters_free(&par);
    if (!track)
        return pixfer_report_fail(m->report, PIXFER_ERR_NO_MEMORY, "output: no video track: %s", pixfer_av_error(error));
    track->rate = codec->framerate;
    m->context->streams[0]->avg_frame_rate = codec->framerate;
    return PIXFER_OK;
}

enum pixfer_result pixfer_muxer_add_audio(struct muxer *m, const AVCodecParameters *par, AVRational time_base)
{
    struct track *track = add_track(m, par, time_base);
    if (!track)
        return pixfer_report_fail(m->report, PIXFER_ERR_NO_MEMORY, "output: no audio track: out of memory");
    track->par->codec_tag = 0;
    m->context->streams[m->track_count - 1]->codecpar->codec_tag = 0;
    return PIXFER_OK;
}

enum pixfer_result pixfer_muxer_present(struct muxer *m, const struct presentation *presentation)
{
    pixfer_presentation_free(&m->presentation);
    if (pixfer_presentation_copy(&m->presentation, presentation) < 0)
        return pixfer_report_fail(m->report, PIXFER_ERR_NO_MEMORY, "output: out of memory");
    return PIXFER_OK;
}

/* ---- Writing --------------------------------------------------------------------------------------------------------------- */

static enum pixfer_result write_failed(struct muxer *m, int error)
{
    char text[160];
    if (!m->out.error)
        return pixfer_report_fail(m->report, PIXFER_ERR_IO, "write: %s: %s", m->part, pixfer_av_error(error));
    return pixfer_report_fail(m->report, PIXFER_ERR_IO, "write: %s: after %lld bytes: %s", m->part, (long long)m->out.bytes,
                              pixfer_errno_text(m->out.error, text, sizeof(text)));
}

/* The movie header waits for the first fragment: only then it can tell the delays of B-frames and of the audio's encoder. */
static int write_header(struct muxer *m)
{
    AVDictionary *options = NULL;
    av_dict_set(&options, "movflags", "empty_moov+delay_moov+default_base_moof+frag_custom+skip_trailer", 0);
    int error = pixfer_presentation_apply(&m->presentation, m->context, INT64_MAX);
    if (error >= 0)
        error = avformat_write_header(m->context, &options);
    av_dict_free(&options);
    for (unsigned i = 0; error >= 0 && i < m->track_count; i++)
        m->tracks[i].time_base = m->context->streams[i]->time_base;
    m->header_written = error >= 0;
    m->last_flush = m->last_sync = pixfer_now();
    return error < 0 ? error : 0;
}

static int cut_fragment(struct muxer *m)
{
    int error = av_write_frame(m->context, NULL);
    avio_flush(m->out.io);
    if (error >= 0 && !m->safe_bytes) { /* the first call writes the movie header only */
        error = av_write_frame(m->context, NULL);
        avio_flush(m->out.io);
    }
    if (error >= 0)
        error = m->out.error ? AVERROR(m->out.error) : m->out.io->error;
    if (error < 0)
        return error;
    double now = pixfer_now();
    if (now - m->last_sync >= 1.0) { /* what a power loss may take */
        m->out.error = pixfer_output_sync(&m->out);
        m->last_sync = pixfer_now();
    }
    m->last_flush = now;
    m->fragment_start = AV_NOPTS_VALUE;
    m->pending = 0;
    m->safe_bytes = m->out.bytes;
    for (unsigned i = 0; i < m->track_count; i++)
        m->tracks[i].safe = m->tracks[i].count;
    atomic_store(&m->bytes, (unsigned long long)m->out.bytes);
    return m->out.error ? AVERROR(m->out.error) : 0;
}

static bool fragment_is_due(struct muxer *m, int64_t dts)
{
    if (m->fragment_start == AV_NOPTS_VALUE)
        return false;
    return (double)(dts - m->fragment_start) * av_q2d(m->tracks[0].time_base) >= fragment_media || m->pending >= fragment_bytes ||
           pixfer_now() - m->last_flush >= fragment_wall;
}

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

static int filter_tags(struct muxer *m, AVPacket *packet)
{
    int error = av_bsf_send_packet(m->bsf, packet);
    return error < 0 ? error : av_bsf_receive_packet(m->bsf, packet);
}

enum pixfer_result pixfer_muxer_write(struct muxer *m, AVPacket *packet, AVRational unit)
{
    struct track *track = &m->tracks[packet->stream_index];
    int error = m->header_written ? 0 : write_header(m);
    if (!error && m->bsf && track == m->tracks)
        error = filter_tags(m, packet);
    if (error < 0)
        goto fail;
    av_packet_rescale_ts(packet, unit, track->time_base);
    if (track == m->tracks) {
        if (fragment_is_due(m, packet->dts) && (error = cut_fragment(m)) < 0)
            goto fail;
        if (m->fragment_start == AV_NOPTS_VALUE)
            m->fragment_start = packet->dts;
    }
    m->pending += packet->size;
    error = remember(track, packet);
    if (error >= 0)
        error = av_write_frame(m->context, packet);
    if (error >= 0) {
        av_packet_unref(packet);
        return PIXFER_OK;
    }
fail:
    av_packet_unref(packet);
    return write_failed(m, error);
}

enum pixfer_result pixfer_muxer_end(struct muxer *m)
{
    int error = m->header_written ? cut_fragment(m) : write_header(m);
    if (error >= 0)
        error = av_write_trailer(m->context);
    m->finished = true;
    return error < 0 ? write_failed(m, error) : PIXFER_OK;
}

/* ---- The end --------------------------------------------------------------------------------------------------------------- */

uint64_t pixfer_muxer_keep_part(struct muxer *m)
{
    uint64_t frames = m->tracks[0].safe;
    if (!m->out.path)
        return 0;
    if (!frames) {
        pixfer_muxer_discard(m);
        return 0;
    }
    if (ftruncate(m->out.fd, m->safe_bytes))
        pixfer_report_log(m->report, PIXFER_LOG_DEBUG, "write: %s ends in an incomplete fragment", m->part);
    pixfer_output_sync(&m->out);
    return frames;
}

void pixfer_muxer_discard(struct muxer *m)
{
    if (m->out.path)
        unlink(m->part);
}

void pixfer_muxer_close(struct muxer *m)
{
    avformat_free_context(m->context);
    av_bsf_free(&m->bsf);
    pixfer_output_close(&m->out);
    for (unsigned i = 0; i < m->track_count; i++) {
        avcodec_parameters_free(&m->tracks[i].par);
        free(m->tracks[i].stamps);
    }
    pixfer_presentation_free(&m->presentation);
    free(m->path);
    free(m->part);
    memset(m, 0, sizeof(*m));
}
#endif

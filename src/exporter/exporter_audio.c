/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include "encode/audio_format.h"
#include "exporter.h"

/* The audio of an export: what ties its encoder to the frames' clock, the writer and the progress. */

static enum pixfer_result pass_packet(void *opaque, AVPacket *packet, AVRational unit)
{
    return pixfer_exporter_packet(opaque, packet, unit);
}

static bool proceed(void *opaque)
{
    return pixfer_exporter_tick(opaque, "encode");
}

static bool stopped(void *opaque)
{
    struct pixfer_exporter *e = opaque;
    return pixfer_report_finishing(&e->report);
}

enum pixfer_result pixfer_exporter_open_audio(struct pixfer_exporter *e, const struct audio_request *request)
{
    const struct audio_host host = {&e->report, pass_packet, proceed, stopped, e};
    enum pixfer_result result = pixfer_audio_open(&e->audio, request, &host);
    if (result != PIXFER_OK)
        return result;
    AVCodecParameters *par = avcodec_parameters_alloc();
    result = PIXFER_ERR_NO_MEMORY;
    if (par && avcodec_parameters_from_context(par, pixfer_audio_codec(e->audio)) >= 0)
        result = pixfer_muxer_add_audio(&e->muxer, par, pixfer_audio_codec(e->audio)->time_base);
    avcodec_parameters_free(&par);
    return result;
}

enum pixfer_result pixfer_exporter_open_pushed_audio(struct pixfer_exporter *e)
{
    const struct pixfer_exporter_params *p = &e->params;
    AVChannelLayout layout = {0};
    pixfer_audio_layout_of_count(&layout, (int)p->channels);
    return pixfer_exporter_open_audio(
        e, &(struct audio_request){
               .codec = p->audio_codec, .bitrate = p->audio_bitrate, .sample_rate = (int)p->sample_rate, .layout = &layout});
}

static int64_t end_of_frames(const struct pixfer_exporter *e)
{
    return pixfer_audio_position(e->audio, e->end_pts, e->time_base);
}

enum pixfer_result pixfer_exporter_advance_audio(struct pixfer_exporter *e)
{
    return e->audio ? pixfer_audio_advance(e->audio, end_of_frames(e)) : PIXFER_OK;
}

enum pixfer_result pixfer_exporter_finish_audio(struct pixfer_exporter *e)
{
    return e->audio ? pixfer_audio_finish(e->audio, e->audio_end ? e->audio_end : end_of_frames(e)) : PIXFER_OK;
}

void pixfer_exporter_hold(struct pixfer_exporter *e, int64_t samples, int rate)
{
    const int64_t end = av_rescale_q_rnd(samples, (AVRational){1, rate}, e->time_base, AV_ROUND_UP);
    pixfer_report_log(&e->report, PIXFER_LOG_INFO, "audio: it ends %.3f s after the last frame, which is held until then",
                      (double)(end - e->end_pts) * av_q2d(e->time_base));
    e->audio_end = samples;
    e->end_pts = end;
    pixfer_muxer_hold(&e->muxer, end, e->time_base);
}
#endif

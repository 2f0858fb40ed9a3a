/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include <libavutil/avstring.h>
#include <libavutil/display.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "describe.h"

struct losses {
    char text[300];
};

static void lose(struct losses *l, unsigned count, const char *what)
{
    size_t length = strlen(l->text);
    if (count)
        snprintf(l->text + length, sizeof(l->text) - length, "%s%u %s%s", length ? ", " : "", count, what, count == 1 ? "" : "s");
}

/* ---- How frames are shown -------------------------------------------------------------------------------------------------- */

static const int32_t *stream_matrix(const AVStream *stream)
{
    size_t size;
    const uint8_t *data = pixfer_stream_data(stream, AV_PKT_DATA_DISPLAYMATRIX, &size);
    return size >= 9 * sizeof(int32_t) ? (const int32_t *)(const void *)data : NULL;
}

/* A phone's container turns its clips, a camera's EXIF its photographs. */
static void read_rotation(struct presentation *p, const AVStream *stream, const AVFrame *frame, struct losses *lost)
{
    const AVFrameSideData *data = av_frame_get_side_data(frame, AV_FRAME_DATA_DISPLAYMATRIX);
    const int32_t *matrix = data && data->size >= 9 * sizeof(int32_t) ? (const int32_t *)data->data : stream_matrix(stream);
    if (!matrix)
        return;
    int32_t turn[9];
    memcpy(turn, matrix, sizeof(turn));
    p->mirrored = (double)matrix[0] * matrix[4] - (double)matrix[1] * matrix[3] < 0;
    if (p->mirrored)
        av_display_matrix_flip(turn, 1, 0);
    double angle = -av_display_rotation_get(turn), quarters = angle / 90;
    if (isnan(angle))
        return;
    if (fabs(quarters - round(quarters)) > 0.01)
        lose(lost, 1, "rotation that is no quarter turn");
    p->rotation = (uint32_t)(((int)lround(quarters) % 4 + 4) % 4) * 90;
}

/* ---- Titles and chapters --------------------------------------------------------------------------------------------------- */

static int copy_metadata(AVDictionary **to, const AVDictionary *from, const char *const *keys, bool only)
{
    const AVDictionaryEntry *entry = NULL;
    int error = 0;
    while (error >= 0 && (entry = av_dict_get(from, "", entry, AV_DICT_IGNORE_SUFFIX))) {
        bool listed = false;
        for (const char *const *key = keys; *key; key++)
            listed = listed || !av_strcasecmp(*key, entry->key);
        if (listed == only)
            error = av_dict_set(to, entry->key, entry->value, 0);
    }
    return error < 0 ? error : 0;
}

static int copy_chapters(struct presentation *p, const AVFormatContext *context, int64_t start)
{
    int error = 0;
    for (unsigned i = 0; i < context->nb_chapters && error >= 0; i++) {
        const AVChapter *chapter = context->chapters[i];
        const AVDictionaryEntry *title = av_dict_get(chapter->metadata, "title", NULL, 0);
        int64_t from = av_rescale_q(chapter->start, chapter->time_base, AV_TIME_BASE_Q) - start,
                to = av_rescale_q(chapter->end, chapter->time_base, AV_TIME_BASE_Q) - start;
        error = pixfer_presentation_add_chapter(p, from < 0 ? 0 : from, to, title ? title->value : NULL);
    }
    return error;
}

/* ---- What is left out ------------------------------------------------------------------------------------------------------ */

static void count_tracks(const struct describe_request *r, const AVFormatContext *context, struct losses *lost)
{
    unsigned video = 0, covers = 0, audio = 0, subtitles = 0, others = 0;
    int kept_video = pixfer_demuxer_find(r->demuxer, AVMEDIA_TYPE_VIDEO),
        kept_audio = pixfer_demuxer_find(r->demuxer, AVMEDIA_TYPE_AUDIO);
    for (unsigned i = 0; i < context->nb_streams; i++) {
        const AVStream *stream = context->streams[i];
        enum AVMediaType type = stream->codecpar->codec_type;
        if ((int)i == kept_video || (int)i == kept_audio)
            continue;
        if (type == AVMEDIA_TYPE_VIDEO)
            *(stream->disposition & AV_DISPOSITION_ATTACHED_PIC ? &covers : &video) += 1;
        else if (type == AVMEDIA_TYPE_AUDIO)
            audio += r->audio;
        else if (type == AVMEDIA_TYPE_SUBTITLE)
            subtitles++;
        else
            others += type == AVMEDIA_TYPE_ATTACHMENT;
    }
    lose(lost, video, "further video track");
    lose(lost, covers, "cover image");
    lose(lost, audio, kept_audio >= 0 ? "further audio track" : "audio track");
    lose(lost, subtitles, "subtitle track");
    lose(lost, others, "attachment");
}

int pixfer_describe_input(struct presentation *p, const struct describe_request *r)
{
    static const char *const of_container[] = {"major_brand", "minor_version", "compatible_brands", "encoder", "duration", NULL};
    static const char *const of_track[] = {"language", "title", "handler_name", NULL};
    AVFormatContext *context = pixfer_demuxer_context(r->demuxer);
    int video = pixfer_demuxer_find(r->demuxer, AVMEDIA_TYPE_VIDEO), audio = pixfer_demuxer_find(r->demuxer, AVMEDIA_TYPE_AUDIO);
    AVStream *stream = pixfer_demuxer_stream(r->demuxer, video);
    struct losses lost = {""};
    read_rotation(p, stream, r->frame, &lost);
    pixfer_light_read(&p->light, stream, r->frame);
    p->sample_aspect = av_guess_sample_aspect_ratio(context, stream, (AVFrame *)r->frame);
    int error = copy_metadata(&p->metadata, context->metadata, of_container, false);
    if (error >= 0)
        error = copy_metadata(&p->video_metadata, stream->metadata, of_track, true);
    if (error >= 0 && audio >= 0)
        error = copy_metadata(&p->audio_metadata, pixfer_demuxer_stream(r->demuxer, audio)->metadata, of_track, true);
    if (error >= 0 && r->chapters)
        error = copy_chapters(p, context, r->start);
    else
        lose(&lost, context->nb_chapters, "chapter");
    count_tracks(r, context, &lost);
    if (*lost.text)
        pixfer_report_log(r->report, PIXFER_LOG_WARNING, "source: %s: left out: %s", r->name, lost.text);
    return error < 0 ? error : 0;
}
#endif

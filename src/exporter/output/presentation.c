/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include <errno.h>
#include <libavcodec/packet.h>
#include <libavutil/mem.h>
#include <string.h>

#include "presentation.h"

enum { MAX_TITLE = 255 }; /* what the older of MP4's two kinds of chapters can hold */

/* ---- A value --------------------------------------------------------------------------------------------------------------- */

/* Cuts between characters, not inside one. */
static char *copy_title(const char *title)
{
    size_t length = title ? strlen(title) : 0;
    if (length > MAX_TITLE) {
        length = MAX_TITLE;
        while (length && ((unsigned char)title[length] & 0xc0) == 0x80)
            length--;
    }
    return av_strndup(title ? title : "", length);
}

int pixfer_presentation_add_chapter(struct presentation *p, int64_t start, int64_t end, const char *title)
{
    if (end <= start || start < 0 || (p->chapter_count && start <= p->chapters[p->chapter_count - 1].start))
        return 0;
    struct chapter *chapters = av_realloc_array(p->chapters, p->chapter_count + 1, sizeof(*chapters));
    if (!chapters)
        return AVERROR(ENOMEM);
    p->chapters = chapters;
    char *copy = copy_title(title);
    if (!copy)
        return AVERROR(ENOMEM);
    p->chapters[p->chapter_count++] = (struct chapter){start, end, copy};
    return 0;
}

int pixfer_presentation_copy(struct presentation *to, const struct presentation *from)
{
    *to = (struct presentation){
        .rotation = from->rotation, .mirrored = from->mirrored, .sample_aspect = from->sample_aspect, .light = from->light};
    int error = av_dict_copy(&to->metadata, from->metadata, 0);
    if (error >= 0)
        error = av_dict_copy(&to->video_metadata, from->video_metadata, 0);
    if (error >= 0)
        error = av_dict_copy(&to->audio_metadata, from->audio_metadata, 0);
    for (unsigned i = 0; error >= 0 && i < from->chapter_count; i++)
        error = pixfer_presentation_add_chapter(to, from->chapters[i].start, from->chapters[i].end, from->chapters[i].title);
    if (error < 0)
        pixfer_presentation_free(to);
    return error < 0 ? error : 0;
}

void pixfer_presentation_free(struct presentation *p)
{
    av_dict_free(&p->metadata);
    av_dict_free(&p->video_metadata);
    av_dict_free(&p->audio_metadata);
    for (unsigned i = 0; i < p->chapter_count; i++)
        av_free(p->chapters[i].title);
    av_free(p->chapters);
    *p = (struct presentation){0};
}

/* ---- Said by a file -------------------------------------------------------------------------------------------------------- */

/* Turned around its corner the frame would lie beside the screen: it is moved back, which players of phone clips rely on. */
static int apply_rotation(const struct presentation *p, AVStream *stream)
{
    static const int turns[4][4] = {{1, 0, 0, 1}, {0, 1, -1, 0}, {-1, 0, 0, -1}, {0, -1, 1, 0}};
    unsigned quarter = p->rotation / 90 % 4;
    const int *t = turns[quarter];
    if (!quarter && !p->mirrored)
        return 0;
    AVRational aspect = stream->sample_aspect_ratio;
    int width = stream->codecpar->width, height = stream->codecpar->height;
    if (aspect.num > 0 && aspect.den > 0)
        width = (int)av_rescale(width, aspect.num, aspect.den);
    int x = quarter == 1 ? height : quarter == 2 ? width : 0, y = quarter == 2 ? height : quarter == 3 ? width : 0;
    if (p->mirrored)
        x = (quarter % 2 ? height : width) - x;
    const int32_t one = 1 << 16, across = p->mirrored ? -one : one;
    const int32_t matrix[9] = {
        t[0] * across, t[1] * one, 0, t[2] * across, t[3] * one, 0, FFMIN(x, INT16_MAX) * one, FFMIN(y, INT16_MAX) * one,
        1 << 30};
    return pixfer_stream_add_data(stream, AV_PKT_DATA_DISPLAYMATRIX, matrix, sizeof(matrix));
}

static int apply_chapter(const struct chapter *chapter, int64_t end, int id, AVChapter **out)
{
    AVChapter *c = *out = av_mallocz(sizeof(*c));
    if (!c)
        return AVERROR(ENOMEM);
    c->id = id;
    c->time_base = AV_TIME_BASE_Q;
    c->start = chapter->start;
    c->end = FFMIN(chapter->end, end);
    return av_dict_set(&c->metadata, "title", chapter->title, 0);
}

static int apply_chapters(const struct presentation *p, AVFormatContext *context, int64_t end)
{
    if (!p->chapter_count)
        return 0;
    context->chapters = av_calloc(p->chapter_count, sizeof(*context->chapters));
    if (!context->chapters)
        return AVERROR(ENOMEM);
    int error = 0;
    for (unsigned i = 0; error >= 0 && i < p->chapter_count && p->chapters[i].start < end; i++)
        error = apply_chapter(&p->chapters[i], end, (int)i, &context->chapters[context->nb_chapters++]);
    if (error < 0 && !context->chapters[context->nb_chapters - 1])
        context->nb_chapters--;
    return error;
}

/* libavformat puts its own name under "encoder", and the writer of MP4 takes another one from "encoding_tool". */
static int apply_metadata(const struct presentation *p, AVFormatContext *context)
{
    const AVDictionaryEntry *encoder = av_dict_get(p->metadata, "encoder", NULL, 0);
    int error = av_dict_copy(&context->metadata, p->metadata, 0);
    if (error >= 0 && encoder)
        error = av_dict_set(&context->metadata, "encoding_tool", encoder->value, 0);
    for (unsigned i = 0; error >= 0 && i < context->nb_streams; i++)
        error = av_dict_copy(&context->streams[i]->metadata, i == 0 ? p->video_metadata : p->audio_metadata, 0);
    return error;
}

int pixfer_presentation_apply(const struct presentation *p, AVFormatContext *context, int64_t end)
{
    AVStream *video = context->streams[0];
    if (p->sample_aspect.num > 0 && p->sample_aspect.den > 0)
        video->sample_aspect_ratio = video->codecpar->sample_aspect_ratio = p->sample_aspect;
    int error = apply_rotation(p, video);
    if (error >= 0)
        error = pixfer_light_to_stream(&p->light, video);
    if (error >= 0)
        error = apply_metadata(p, context);
    if (error >= 0)
        error = apply_chapters(p, context, end);
    return error < 0 ? error : 0;
}

static int64_t size_of(const AVDictionary *dictionary)
{
    const AVDictionaryEntry *entry = NULL;
    int64_t bytes = 0;
    while ((entry = av_dict_get(dictionary, "", entry, AV_DICT_IGNORE_SUFFIX)))
        bytes += 64 + 2 * (int64_t)strlen(entry->value);
    return bytes;
}

int64_t pixfer_presentation_size(const struct presentation *p)
{
    /* A chapter is there twice: in a list, and as a sample of a track of text. */
    int64_t bytes = p->chapter_count ? 2048 + (int64_t)p->chapter_count * (2 * MAX_TITLE + 128) : 0;
    return bytes + size_of(p->metadata) + size_of(p->video_metadata) + size_of(p->audio_metadata);
}
#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include "light.h"

#include <libavcodec/version.h>
#include <libavutil/mastering_display_metadata.h>
#include <stdio.h>
#include <string.h>

enum { LIGHT_XY = 50000, LIGHT_CD = 10000, LIGHT_MOST = 100000000 };

/* ---- Text ------------------------------------------------------------------------------------------------------------------- */

/* Digits only, no more than a value can have. */
static bool read_number(const char **at, uint32_t most, uint32_t *out)
{
    const char *start = *at;
    uint64_t value = 0;
    while (**at >= '0' && **at <= '9' && *at - start < 10)
        value = value * 10 + (uint64_t)(*(*at)++ - '0');
    *out = (uint32_t)value;
    return *at > start && value <= most;
}

static bool read_pair(const char **at, const char *name, uint32_t most, uint32_t *first, uint32_t *second)
{
    const size_t length = strlen(name);
    if (strncmp(*at, name, length) != 0 || (*at)[length] != '(')
        return false;
    *at += length + 1;
    if (!read_number(at, most, first) || *(*at)++ != ',' || !read_number(at, most, second))
        return false;
    return *(*at)++ == ')';
}

bool pixfer_light_parse(struct light *light, const char *text)
{
    struct light own = *light;
    const char *at = text;
    bool good = read_pair(&at, "G", LIGHT_XY, &own.x[LIGHT_GREEN], &own.y[LIGHT_GREEN]) &&
                read_pair(&at, "B", LIGHT_XY, &own.x[LIGHT_BLUE], &own.y[LIGHT_BLUE]) &&
                read_pair(&at, "R", LIGHT_XY, &own.x[LIGHT_RED], &own.y[LIGHT_RED]) &&
                read_pair(&at, "WP", LIGHT_XY, &own.x[LIGHT_WHITE], &own.y[LIGHT_WHITE]) &&
                read_pair(&at, "L", LIGHT_MOST, &own.max, &own.min) && !*at && own.max > own.min;
    own.mastered = true;
    if (good)
        *light = own;
    return good;
}

void pixfer_light_describe(const struct light *l, const char *display, const char *levels, char *text, size_t size)
{
    size_t length = 0;
    *text = 0;
    if (l->mastered)
        length = (size_t)snprintf(text, size, ":%s=G(%u,%u)B(%u,%u)R(%u,%u)WP(%u,%u)L(%u,%u)", display, l->x[LIGHT_GREEN],
                                  l->y[LIGHT_GREEN], l->x[LIGHT_BLUE], l->y[LIGHT_BLUE], l->x[LIGHT_RED], l->y[LIGHT_RED],
                                  l->x[LIGHT_WHITE], l->y[LIGHT_WHITE], l->max, l->min);
    if (l->levelled && length < size)
        snprintf(text + length, size - length, ":%s=%u,%u", levels, l->cll, l->fall);
}

/* ---- libavutil's -------------------------------------------------------------------------------------------------------------- */

/* Rounded; false for what is no value. */
static bool to_units(AVRational value, int units, uint32_t most, uint32_t *out)
{
    if (value.den <= 0 || value.num < 0)
        return false;
    const int64_t rounded = av_rescale(value.num, units, value.den);
    *out = (uint32_t)rounded;
    return rounded <= most;
}

static void take_display(struct light *light, const AVMasteringDisplayMetadata *m)
{
    struct light own = *light;
    bool good = m->has_primaries && m->has_luminance;
    for (int i = 0; i < 4 && good; i++) {
        const AVRational *xy = i == LIGHT_WHITE ? m->white_point : m->display_primaries[i];
        good = to_units(xy[0], LIGHT_XY, LIGHT_XY, &own.x[i]) && to_units(xy[1], LIGHT_XY, LIGHT_XY, &own.y[i]);
    }
    good = good && to_units(m->max_luminance, LIGHT_CD, LIGHT_MOST, &own.max) &&
           to_units(m->min_luminance, LIGHT_CD, LIGHT_MOST, &own.min) && own.max > own.min;
    own.mastered = true;
    if (good)
        *light = own;
}

static void take_levels(struct light *light, const AVContentLightMetadata *c)
{
    if (!c->MaxCLL || c->MaxCLL > UINT16_MAX || c->MaxFALL > UINT16_MAX)
        return;
    light->levelled = true;
    light->cll = c->MaxCLL;
    light->fall = c->MaxFALL;
}

static void fill_display(AVMasteringDisplayMetadata *m, const struct light *light)
{
    for (int i = 0; i < 4; i++) {
        AVRational *xy = i == LIGHT_WHITE ? m->white_point : m->display_primaries[i];
        xy[0] = (AVRational){(int)light->x[i], LIGHT_XY};
        xy[1] = (AVRational){(int)light->y[i], LIGHT_XY};
    }
    m->max_luminance = (AVRational){(int)light->max, LIGHT_CD};
    m->min_luminance = (AVRational){(int)light->min, LIGHT_CD};
    m->has_primaries = m->has_luminance = 1;
}

void pixfer_light_read(struct light *light, const AVStream *stream, const AVFrame *frame)
{
    const AVFrameSideData *display = av_frame_get_side_data(frame, AV_FRAME_DATA_MASTERING_DISPLAY_METADATA),
                          *levels = av_frame_get_side_data(frame, AV_FRAME_DATA_CONTENT_LIGHT_LEVEL);
    size_t size;
    const uint8_t *data = pixfer_stream_data(stream, AV_PKT_DATA_MASTERING_DISPLAY_METADATA, &size);
    if (display && display->size >= sizeof(AVMasteringDisplayMetadata))
        take_display(light, (const AVMasteringDisplayMetadata *)(const void *)display->data);
    else if (data && size >= sizeof(AVMasteringDisplayMetadata))
        take_display(light, (const AVMasteringDisplayMetadata *)(const void *)data);
    data = pixfer_stream_data(stream, AV_PKT_DATA_CONTENT_LIGHT_LEVEL, &size);
    if (levels && levels->size >= sizeof(AVContentLightMetadata))
        take_levels(light, (const AVContentLightMetadata *)(const void *)levels->data);
    else if (data && size >= sizeof(AVContentLightMetadata))
        take_levels(light, (const AVContentLightMetadata *)(const void *)data);
}

int pixfer_light_to_frame(const struct light *light, AVFrame *frame)
{
    av_frame_remove_side_data(frame, AV_FRAME_DATA_MASTERING_DISPLAY_METADATA); /* a decoder's */
    av_frame_remove_side_data(frame, AV_FRAME_DATA_CONTENT_LIGHT_LEVEL);
    if (light->mastered) {
        AVMasteringDisplayMetadata *m = av_mastering_display_metadata_create_side_data(frame);
        if (!m)
            return AVERROR(ENOMEM);
        fill_display(m, light);
    }
    if (light->levelled) {
        AVContentLightMetadata *c = av_content_light_metadata_create_side_data(frame);
        if (!c)
            return AVERROR(ENOMEM);
        c->MaxCLL = light->cll;
        c->MaxFALL = light->fall;
    }
    return 0;
}

int pixfer_light_to_stream(const struct light *light, AVStream *stream)
{
    AVMasteringDisplayMetadata m = {0};
    const AVContentLightMetadata c = {light->cll, light->fall};
    int error = 0;
    fill_display(&m, light);
    if (light->mastered)
        error = pixfer_stream_add_data(stream, AV_PKT_DATA_MASTERING_DISPLAY_METADATA, &m, sizeof(m));
    if (light->levelled && !error)
        error = pixfer_stream_add_data(stream, AV_PKT_DATA_CONTENT_LIGHT_LEVEL, &c, sizeof(c));
    return error;
}

/* ---- Side data of streams ---------------------------------------------------------------------------------------------------- */

const uint8_t *pixfer_stream_data(const AVStream *stream, enum AVPacketSideDataType type, size_t *size)
{
#if LIBAVFORMAT_VERSION_INT >= AV_VERSION_INT(60, 15, 100)
    const AVCodecParameters *par = stream->codecpar;
    const AVPacketSideData *data = av_packet_side_data_get(par->coded_side_data, par->nb_coded_side_data, type);
    *size = data ? data->size : 0;
    return data ? data->data : NULL;
#else
    *size = 0;
    return av_stream_get_side_data(stream, type, size);
#endif
}

int pixfer_stream_add_data(AVStream *stream, enum AVPacketSideDataType type, const void *bytes, size_t size)
{
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(60, 31, 102)
    AVCodecParameters *par = stream->codecpar;
    AVPacketSideData *data = av_packet_side_data_new(&par->coded_side_data, &par->nb_coded_side_data, type, size, 0);
    uint8_t *to = data ? data->data : NULL;
#else
    uint8_t *to = av_stream_new_side_data(stream, type, size);
#endif
    if (!to)
        return AVERROR(ENOMEM);
    memcpy(to, bytes, size);
    return 0;
}
#endif

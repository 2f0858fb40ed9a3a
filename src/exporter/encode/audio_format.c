/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include <libavutil/channel_layout.h>

#include "audio_format.h"

/* The channel configurations that MPEG-4 has a number for. libavcodec's encoder takes more and describes them in a program config
 * element, which many players do not read. */
static const AVChannelLayout aac_layouts[] = {
    AV_CHANNEL_LAYOUT_MONO,         AV_CHANNEL_LAYOUT_STEREO,       AV_CHANNEL_LAYOUT_SURROUND, AV_CHANNEL_LAYOUT_4POINT0,
    AV_CHANNEL_LAYOUT_5POINT0_BACK, AV_CHANNEL_LAYOUT_5POINT1_BACK, AV_CHANNEL_LAYOUT_7POINT1,  {0}};
/* Of a codec without a list. */
static const AVChannelLayout common_layouts[] = {
    AV_CHANNEL_LAYOUT_MONO,    AV_CHANNEL_LAYOUT_STEREO,       AV_CHANNEL_LAYOUT_SURROUND,
    AV_CHANNEL_LAYOUT_QUAD,    AV_CHANNEL_LAYOUT_5POINT0_BACK, AV_CHANNEL_LAYOUT_5POINT1_BACK,
    AV_CHANNEL_LAYOUT_6POINT1, AV_CHANNEL_LAYOUT_7POINT1,      {0}};

static const void *supported(const AVCodec *codec, bool layouts)
{
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(61, 13, 100)
    const void *list = NULL;
    const enum AVCodecConfig config = layouts ? AV_CODEC_CONFIG_CHANNEL_LAYOUT : AV_CODEC_CONFIG_SAMPLE_RATE;
    return avcodec_get_supported_config(NULL, codec, config, 0, &list, NULL) >= 0 ? list : NULL;
#else
    return layouts ? (const void *)codec->ch_layouts : (const void *)codec->supported_samplerates;
#endif
}

int pixfer_audio_rate_for(const AVCodec *codec, int rate, bool exact)
{
    const int *rates = supported(codec, false);
    const int limit = exact || rate <= 48000 ? rate : 48000;
    int above = 0, highest = 0;
    if (!rates)
        return limit;
    for (; *rates; rates++) {
        if (*rates == limit)
            return limit;
        if (*rates > limit && (!above || *rates < above))
            above = *rates;
        if (*rates > highest)
            highest = *rates;
    }
    return above ? above : highest;
}

/* Surround speakers are at the side in one layout and at the back in another; where there is one pair it is the same. */
static uint64_t places(const AVChannelLayout *layout)
{
    const uint64_t sides = AV_CH_SIDE_LEFT | AV_CH_SIDE_RIGHT, backs = AV_CH_BACK_LEFT | AV_CH_BACK_RIGHT;
    uint64_t mask = layout->order == AV_CHANNEL_ORDER_NATIVE ? layout->u.mask : 0;
    if ((mask & sides) == sides && !(mask & backs))
        mask = (mask & ~sides) | backs;
    return mask;
}

static const AVChannelLayout *choose(const AVChannelLayout *list, const AVChannelLayout *in)
{
    const AVChannelLayout *best = NULL, *mix = list;
    const uint64_t wanted = places(in);
    for (; list->nb_channels; list++) {
        if (!av_channel_layout_compare(list, in))
            return list;
        if (wanted && !(wanted & ~places(list)) && (!best || list->nb_channels < best->nb_channels))
            best = list;
        if (list->nb_channels > mix->nb_channels && list->nb_channels <= in->nb_channels)
            mix = list;
    }
    return best ? best : mix;
}

int pixfer_audio_layout_for(const AVCodec *codec, const AVChannelLayout *in, AVChannelLayout *out)
{
    const AVChannelLayout *list = codec->id == AV_CODEC_ID_AAC ? aac_layouts : supported(codec, true);
    return av_channel_layout_copy(out, choose(list ? list : common_layouts, in));
}

void pixfer_audio_layout_of_count(AVChannelLayout *layout, int channels)
{
    if (channels == 3)
        *layout = (AVChannelLayout)AV_CHANNEL_LAYOUT_SURROUND;
    else
        av_channel_layout_default(layout, channels);
}
#endif

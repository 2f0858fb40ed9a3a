/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_EXPORTER_AUDIO_FORMAT_H
#define PIXFER_EXPORTER_AUDIO_FORMAT_H

/* What rates and layouts an audio encoder takes. */

#include <libavcodec/avcodec.h>
#include <stdbool.h>

/* `rate` itself where the codec takes it, else the next one above it, else its highest; 48000 at most unless `rate` is exact. */
int pixfer_audio_rate_for(const AVCodec *codec, int rate, bool exact);

/* The smallest of the codec's layouts that has a place for every speaker of `in`; else the one that `in` is mixed to. `out` is empty at
 * the call. An AVERROR on failure. */
int pixfer_audio_layout_for(const AVCodec *codec, const AVChannelLayout *in, AVChannelLayout *out);

/* What `channels` pushed samples are: mono, stereo, 3.0, 4.0, 5.0, 5.1, 6.1, 7.1. */
void pixfer_audio_layout_of_count(AVChannelLayout *layout, int channels);

#endif

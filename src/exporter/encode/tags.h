/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_EXPORTER_TAGS_H
#define PIXFER_EXPORTER_TAGS_H

/* Colour tags: what a conversion is called in the H.264 VUI and the colr box. */

#include <libavcodec/avcodec.h>
#include <pixfer/convert.h>
#include <stdbool.h>

struct tags {
    enum AVColorSpace matrix;
    enum AVColorPrimaries primaries;
    enum AVColorTransferCharacteristic transfer;
    enum AVColorRange range;
    enum AVChromaLocation location;
};

/* What a conversion to `color` is called; primaries and transfer 0 = the ones that go with the matrix. */
struct tags pixfer_tags_make(const struct pixfer_color *color, int primaries, int transfer);
/* A source's own; what is not 0 takes their place. */
struct tags pixfer_tags_over(const struct tags *tags, int primaries, int transfer);
bool pixfer_tags_is_hdr(int transfer); /* PQ or HLG */
void pixfer_tags_to_frame(const struct tags *tags, AVFrame *frame);
void pixfer_tags_to_codec(const struct tags *tags, AVCodecContext *codec);
void pixfer_tags_describe(const struct tags *tags, char *text, size_t size);

/* PIXFER_FORMAT_NONE where there is no counterpart. */
enum pixfer_format pixfer_from_av_format(enum AVPixelFormat format);

#endif

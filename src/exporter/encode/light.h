/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_EXPORTER_LIGHT_H
#define PIXFER_EXPORTER_LIGHT_H

/* What HDR says of its light beside its curve: the display it was mastered on (SMPTE ST 2086) and its brightest pixel and frame
 * (CTA-861.3), in the units of HEVC's messages and MP4's `mdcv` and `clli`. */

#include <libavformat/avformat.h>
#include <stdbool.h>
#include <stdint.h>

enum light_color { LIGHT_RED, LIGHT_GREEN, LIGHT_BLUE, LIGHT_WHITE };

/* All zero says nothing. */
struct light {
    bool mastered, levelled;
    uint32_t x[4], y[4]; /* by light_color, in 1/50000 */
    uint32_t max, min;   /* of the display, in 1/10000 cd/m² */
    uint32_t cll, fall;  /* cd/m² */
};

/* "G(x,y)B(x,y)R(x,y)WP(x,y)L(max,min)", as x265 has it, into the display of `light`. False, and nothing is changed, for another text. */
bool pixfer_light_parse(struct light *light, const char *text);
#define PIXFER_LIGHT_SYNTAX \
    "G(x,y)B(x,y)R(x,y)WP(x,y)L(max,min), x and y in 1/50000 up to 50000, max above min in 1/10000 cd/m2, max up to 100000000"

/* For an encoder's options: ":display=G(...)...:levels=1000,400" with those of the two that there are, under the names given. */
void pixfer_light_describe(const struct light *light, const char *display, const char *levels, char *text, size_t size);

/* What a container says of a stream, or a decoder of a frame. */
void pixfer_light_read(struct light *light, const AVStream *stream, const AVFrame *frame);
/* Tell them. Return 0 or an AVERROR. */
int pixfer_light_to_frame(const struct light *light, AVFrame *frame);
int pixfer_light_to_stream(const struct light *light, AVStream *stream);

/* Side data of a stream. */
const uint8_t *pixfer_stream_data(const AVStream *stream, enum AVPacketSideDataType type, size_t *size);
int pixfer_stream_add_data(AVStream *stream, enum AVPacketSideDataType type, const void *bytes, size_t size);

#endif

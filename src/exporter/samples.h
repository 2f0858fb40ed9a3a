/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_EXPORTER_SAMPLES_H
#define PIXFER_EXPORTER_SAMPLES_H

/* What the samples of the encoded frames are: how many bits, chroma for every pixel or every four, and of which curve. */

#include <libavcodec/avcodec.h>
#include <pixfer/exporter.h>
#include <stdbool.h>

#include "encode/light.h"
#include "encode/tags.h"
#include "report.h"

struct samples {
    enum AVCodecID codec; /* NONE where it is left to the encoder that is named, which this libavcodec may lack */
    bool deep;            /* 10 bits */
    bool full;            /* 4:4:4 */
};

/* Refuses what cannot be, and says what becomes of more than 8 bits and of HDR. */
enum pixfer_result pixfer_samples_choose(struct samples *samples, const struct pixfer_exporter_params *params,
                                         const struct tags *tags, struct report *report);

/* What is said of the light: what the parameters ask for, else what the source has, in `light`, where the curve is one of HDR's. */
enum pixfer_result pixfer_samples_light(struct light *light, const struct pixfer_exporter_params *params, const struct tags *tags,
                                        struct report *report);

/* Whether Y'CbCr of more than 8 bits keeps 10: HEVC or AV1, and no depth of 8 asked for. */
bool pixfer_samples_can_be_deep(const struct pixfer_exporter_params *params);

#endif

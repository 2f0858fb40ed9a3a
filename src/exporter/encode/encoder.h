/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_EXPORTER_ENCODER_H
#define PIXFER_EXPORTER_ENCODER_H

/* The video encoder. encoder.c: the families and the walk through them; options.c: what a user's wishes are called in each. */

#include <libavcodec/avcodec.h>
#include <pixfer/exporter.h>
#include <stdbool.h>

#include "../report.h"
#include "frame_pool.h"
#include "tags.h"

struct encoder_request {
    const char *name; /* NULL = auto */
    const char *preset;
    enum pixfer_rate rate;
    double rate_value;
    unsigned threads;
    int width, height; /* even */
    AVRational fps, time_base;
    struct tags tags;
    enum AVPixelFormat wanted; /* what frames would best be: NV12, or YUV420P where they arrive so */
};

struct encoder_family {
    const char *name;
    bool hardware;
    enum AVPixelFormat formats[3]; /* that it takes from memory, best first, ends in NONE */
    enum AVHWDeviceType device;    /* frames are uploaded to it; NONE = they are not */
    enum AVPixelFormat surface;    /* the format of such a frame */
    int (*options)(AVCodecContext *codec, const struct encoder_request *request, AVDictionary **options, char *told, size_t size);
};

struct encoder {
    const struct encoder_family *family;
    AVCodecContext *codec;
    struct frame_pool frames;
    char told[160]; /* settings, for the log */
};

extern const struct encoder_family pixfer_encoder_families[]; /* in the order of auto; ends with name NULL */
int pixfer_encoder_options_x264(AVCodecContext *codec, const struct encoder_request *request, AVDictionary **options, char *told,
                                size_t size);
int pixfer_encoder_options_openh264(AVCodecContext *codec, const struct encoder_request *request, AVDictionary **options,
                                    char *told, size_t size);
int pixfer_encoder_options_videotoolbox(AVCodecContext *codec, const struct encoder_request *request, AVDictionary **options,
                                        char *told, size_t size);
int pixfer_encoder_options_nvenc(AVCodecContext *codec, const struct encoder_request *request, AVDictionary **options, char *told,
                                 size_t size);
int pixfer_encoder_options_qsv(AVCodecContext *codec, const struct encoder_request *request, AVDictionary **options, char *told,
                               size_t size);
int pixfer_encoder_options_vaapi(AVCodecContext *codec, const struct encoder_request *request, AVDictionary **options, char *told,
                                 size_t size);
int pixfer_encoder_options_mf(AVCodecContext *codec, const struct encoder_request *request, AVDictionary **options, char *told,
                              size_t size);
int pixfer_encoder_options_other(AVCodecContext *codec, const struct encoder_request *request, AVDictionary **options, char *told,
                                 size_t size);

enum pixfer_result pixfer_encoder_open(struct encoder *e, const struct encoder_request *request, struct report *report);
void pixfer_encoder_close(struct encoder *e);

#endif

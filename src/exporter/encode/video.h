/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_EXPORTER_VIDEO_H
#define PIXFER_EXPORTER_VIDEO_H

/* The video encoder. video.c opens one; families.c is the table of those that are known, options.c what a user's wishes are called
 * in each. */

#include <libavcodec/avcodec.h>
#include <pixfer/exporter.h>
#include <stdbool.h>

#include "../report.h"
#include "frame_pool.h"
#include "mastering.h"
#include "tags.h"

struct encoder_request {
    const char *name; /* NULL = auto */
    const char *preset;
    enum pixfer_rate rate;
    double rate_value;
    unsigned threads;
    bool portable;                            /* the same stream on every processor */
    int gop;                                  /* 0 = the default of video.c */
    int width, height;                        /* even */
    int true_width, true_height;              /* for encoders that can say them in their stream; 0 = as above */
    AVRational fps, time_base, sample_aspect; /* 0/0: square */
    struct tags tags;
    struct light light;
    /* For one that takes over from another, see pixfer_encoder_reopen. */
    bool again, at_once;
    enum AVPixelFormat wanted; /* what frames of 8 bits and 4:2:0 would best be: NV12, or YUV420P where they arrive so */
    enum AVCodecID codec;      /* NONE = that of the encoder that is named, else H.264 */
    bool deep;                 /* samples of 10 bits */
    bool full;                 /* 4:4:4 */
};

struct encoder_settings {
    char text[160]; /* what was asked for, in the encoder's own words, for the log */
    /* It may be followed by another one in mid-stream; both understand the same parameter sets, or have numbers of their own for them. */
    bool reopens, same_headers;
    char preset[32]; /* "" = it has none */
    double quality;  /* constant quality on x264's scale; below 0 = that was not asked for */
    /* It is told that the multiples of this are key frames, besides those that it chooses: left alone, x264 and x265 count from the latest
     * one, which may be a scene's. 0 = it is not told. */
    uint32_t key_interval;
};

typedef void (*encoder_options)(AVCodecContext *codec, const struct encoder_request *request, AVDictionary **options,
                                struct encoder_settings *settings);

struct encoder_family {
    const char *name;
    bool hardware;
    enum AVPixelFormat formats[3]; /* that it takes from memory, best first, ends in NONE */
    enum AVHWDeviceType device;    /* frames are uploaded to it; NONE = they are not */
    enum AVPixelFormat surface;    /* the format of such a frame */
    const char *const *presets;    /* its own, beside x264's, which every family takes; ends with NULL. NULL = anything goes */
    encoder_options options;
    enum AVCodecID codec;
    enum AVPixelFormat deep;    /* that it takes from memory with 10 bits a sample; NONE = nothing */
    enum AVPixelFormat full[2]; /* 4:4:4, of 8 and of 10 bits; NONE = not */
    bool hangs_unfed;           /* it does not return from being drained or closed before its first frame */
};

struct encoder {
    const struct encoder_family *family;
    const char *name; /* also while the codec is being replaced */
    AVCodecContext *codec;
    bool fed;                       /* it has been sent a frame */
    struct encoder_request request; /* as reopen needs it */
    char preset[32];
    struct frame_pool frames;
    struct encoder_settings settings;
};

extern const struct encoder_family pixfer_encoder_families[]; /* in the order of auto; ends with name NULL */
/* Never NULL: an encoder that is none of them is tried as it is. */
const struct encoder_family *pixfer_encoder_family(const char *name);

/* x264's names, from ultrafast to placebo, ends with NULL. */
extern const char *const pixfer_x264_presets[];
/* Whether a family knows a preset; NULL is known. */
bool pixfer_encoder_knows_preset(const struct encoder_family *family, const char *preset);
void pixfer_encoder_list_presets(const struct encoder_family *family, char *text, size_t size);

void pixfer_encoder_options_x264(AVCodecContext *codec, const struct encoder_request *request, AVDictionary **options,
                                 struct encoder_settings *settings);
void pixfer_encoder_options_x265(AVCodecContext *codec, const struct encoder_request *request, AVDictionary **options,
                                 struct encoder_settings *settings);
void pixfer_encoder_options_aom(AVCodecContext *codec, const struct encoder_request *request, AVDictionary **options,
                                struct encoder_settings *settings);
void pixfer_encoder_options_svt(AVCodecContext *codec, const struct encoder_request *request, AVDictionary **options,
                                struct encoder_settings *settings);
void pixfer_encoder_options_openh264(AVCodecContext *codec, const struct encoder_request *request, AVDictionary **options,
                                     struct encoder_settings *settings);
void pixfer_encoder_options_videotoolbox(AVCodecContext *codec, const struct encoder_request *request, AVDictionary **options,
                                         struct encoder_settings *settings);
void pixfer_encoder_options_nvenc(AVCodecContext *codec, const struct encoder_request *request, AVDictionary **options,
                                  struct encoder_settings *settings);
void pixfer_encoder_options_qsv(AVCodecContext *codec, const struct encoder_request *request, AVDictionary **options,
                                struct encoder_settings *settings);
void pixfer_encoder_options_vaapi(AVCodecContext *codec, const struct encoder_request *request, AVDictionary **options,
                                  struct encoder_settings *settings);
void pixfer_encoder_options_mf(AVCodecContext *codec, const struct encoder_request *request, AVDictionary **options,
                               struct encoder_settings *settings);
void pixfer_encoder_options_other(AVCodecContext *codec, const struct encoder_request *request, AVDictionary **options,
                                  struct encoder_settings *settings);

enum pixfer_result pixfer_encoder_open(struct encoder *e, const struct encoder_request *request, struct report *report);
/* Where settings.reopens: another encoder takes the place of the one that is there, which has been drained or is given up; the next frame
 * is a key frame. at_once: each frame comes out as soon as it is in, without look-ahead and B-frames. Returns 0 or an AVERROR. */
int pixfer_encoder_reopen(struct encoder *e, bool at_once);
/* avcodec_send_frame; NULL drains it. */
int pixfer_encoder_send(struct encoder *e, const AVFrame *frame);
void pixfer_encoder_close(struct encoder *e);
/* What an encoder says of its own version in its stream, "" if it says nothing. False if it does not work. */
bool pixfer_encoder_version(const char *name, char *text, size_t size);

#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include <libavutil/common.h>
#include <libavutil/opt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "video.h"

/* What the wish for a quality is called by each family of encoders. These are settings for files that are kept: no low-latency
 * tuning, B-frames where the encoder has them by default. */

/* -1 for a name that is not x264's: then it is the encoder's own and passed on. */
static int preset_index(const char *name)
{
    for (int i = 0; pixfer_x264_presets[i]; i++)
        if (!strcmp(name, pixfer_x264_presets[i]))
            return i;
    return -1;
}

static const char *translate(const struct encoder_request *r, const char *const *own, const char *fallback)
{
    int i = r->preset ? preset_index(r->preset) : -1;
    return i >= 0 ? own[i] : r->preset ? r->preset : fallback;
}

static double pixels_per_second(const struct encoder_request *r)
{
    return (double)r->width * r->height * av_q2d(r->fps);
}

static bool wants_quality(const struct encoder_request *r)
{
    return r->rate == PIXFER_RATE_DEFAULT || r->rate == PIXFER_RATE_CRF;
}

static double quality(const struct encoder_request *r)
{
    return r->rate == PIXFER_RATE_CRF ? r->rate_value : 20;
}

/* 0 means lossless to x264; others have another word for it. */
static bool is_lossless(const struct encoder_request *r)
{
    return r->rate == PIXFER_RATE_CRF && r->rate_value <= 0;
}

/* Encoders without a constant quality get the bits that screen content of about that quality takes: halved for every 6 steps,
 * as quantisers are. */
static double bitrate(const struct encoder_request *r)
{
    const double least = 1000; /* x264 counts in these: less would be its default */
    if (r->rate == PIXFER_RATE_BITRATE)
        return FFMAX(r->rate_value, least);
    if (r->rate == PIXFER_RATE_BITS_PER_PIXEL)
        return FFMAX(r->rate_value * pixels_per_second(r), least);
    double per_pixel = 0.15;
    for (double q = quality(r); q > 20; q -= 6)
        per_pixel /= 2;
    for (double q = quality(r); q <= 14; q += 6)
        per_pixel *= 2;
    return FFMAX(per_pixel * pixels_per_second(r), least);
}

static void set_bitrate(AVCodecContext *codec, const struct encoder_request *r)
{
    codec->bit_rate = (int64_t)bitrate(r);
    codec->rc_max_rate = codec->bit_rate * 2;
    codec->rc_buffer_size = (int)FFMIN(codec->bit_rate * 2, INT32_MAX);
}

/* `preset` as the encoder has it; one that was asked for and has no counterpart is not passed over in silence. */
static void describe(struct encoder_settings *settings, const struct encoder_request *r, const char *preset, const char *rate,
                     double value)
{
    char first[64] = "", number[32];
    snprintf(settings->preset, sizeof(settings->preset), "%s", preset ? preset : "");
    settings->quality = wants_quality(r) ? quality(r) : -1;
    if (preset)
        snprintf(first, sizeof(first), "preset %s, ", preset);
    else if (r->preset)
        snprintf(first, sizeof(first), "no presets, so not %s, ", r->preset);
    snprintf(number, sizeof(number), value >= 1e5 ? "%.0f" : "%.6g", value);
    bool stands_in = wants_quality(r) && !strcmp(rate, "bitrate");
    snprintf(settings->text, sizeof(settings->text), "%s%s %s", first, rate, number);
    if (stands_in) {
        size_t length = strlen(settings->text);
        snprintf(settings->text + length, sizeof(settings->text) - length, ", for want of a constant quality like crf %.6g",
                 quality(r));
    }
}

static void set_double(AVDictionary **options, const char *key, double value)
{
    char text[32];
    snprintf(text, sizeof(text), "%.6g", value);
    av_dict_set(options, key, text, 0);
}

/* Frames leave x264 at once where nothing looks ahead, none is a B-frame, its threads share each frame, and the next one's time is not
 * waited for. The slices then need parameter sets of their own. */
static void set_x264_params(AVDictionary **options, const struct encoder_request *r, bool fastest)
{
    char text[400] = "", light[200];
    if (r->at_once)
        snprintf(text, sizeof(text), "bframes=0:rc-lookahead=0:sync-lookahead=0:sliced-threads=1:force-cfr=1%s",
                 fastest ? "" : ":sps-id=1");
    else if (fastest) /* without look-ahead its thread only holds frames: the same stream for a tenth less memory */
        snprintf(text, sizeof(text), "sync-lookahead=0");
    if (r->again) /* two key frames in a row may have the same number: a delimiter tells them apart */
        snprintf(text + strlen(text), sizeof(text) - strlen(text), "%saud=1", *text ? ":" : "");
    /* Its macroblock tree is a little different on every kind of processor otherwise, for a little speed. */
    if (r->portable)
        snprintf(text + strlen(text), sizeof(text) - strlen(text), "%scpu-independent=1", *text ? ":" : "");
    pixfer_light_describe(&r->light, "mastering-display", "cll", light, sizeof(light));
    snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s", *text || !*light ? light : light + 1);
    if (*text)
        av_dict_set(options, "x264-params", text, 0);
}

void pixfer_encoder_options_x264(AVCodecContext *codec, const struct encoder_request *r, AVDictionary **options,
                                 struct encoder_settings *settings)
{
    const char *preset = r->preset ? r->preset : "veryfast";
    av_dict_set(options, "preset", preset, 0);
    /* Slices of the fastest preset, which has neither B-frames nor look-ahead, read the same whether frames are held or not. */
    settings->reopens = !r->portable; /* how fast frames come must not show */
    settings->same_headers = !strcmp(preset, "ultrafast");
    set_x264_params(options, r, settings->same_headers);
    if (wants_quality(r)) {
        set_double(options, "crf", quality(r));
        describe(settings, r, preset, "crf", quality(r));
    } else {
        codec->bit_rate = (int64_t)bitrate(r);
        describe(settings, r, preset, "bitrate", bitrate(r));
    }
}

/* The wrapper leaves the library its own voice on stderr. Its crf looks like x264's of the same number at smaller files. */
void pixfer_encoder_options_x265(AVCodecContext *codec, const struct encoder_request *r, AVDictionary **options,
                                 struct encoder_settings *settings)
{
    const char *preset = r->preset ? r->preset : "veryfast";
    char text[300], light[200];
    pixfer_light_describe(&r->light, "master-display", "max-cll", light, sizeof(light));
    /* Its tree of blocks writes beyond a row of fewer than four of 16 pixels (x265 3.5). */
    snprintf(text, sizeof(text), "log-level=none%s%s%s", r->width < 64 ? ":cutree=0" : "", is_lossless(r) ? ":lossless=1" : "",
             light);
    av_dict_set(options, "preset", preset, 0);
    av_dict_set(options, "x265-params", text, 0);
    codec->codec_tag = MKTAG('h', 'v', 'c', '1');
    if (wants_quality(r)) {
        set_double(options, "crf", quality(r));
        describe(settings, r, preset, "crf", quality(r));
    } else {
        codec->bit_rate = (int64_t)bitrate(r);
        describe(settings, r, preset, "bitrate", bitrate(r));
    }
}

/* AV1's scale goes to 63: x264's 20 is about 30 there. */
static double av1_quality(const struct encoder_request *r)
{
    return FFMIN(63, quality(r) * 1.5);
}

void pixfer_encoder_options_aom(AVCodecContext *codec, const struct encoder_request *r, AVDictionary **options,
                                struct encoder_settings *settings)
{
    static const char *const own[] = {"8", "8", "8", "7", "6", "5", "4", "3", "2", "1"};
    const char *preset = translate(r, own, "8");
    codec->gop_size = (int)(4 * av_q2d(r->fps) + 0.5);
    av_dict_set(options, "cpu-used", preset, 0);
    av_dict_set(options, "row-mt", "1", 0);
    if (is_lossless(r))
        av_dict_set(options, "aom-params", "lossless=1", 0);
    if (wants_quality(r)) {
        set_double(options, "crf", (int)av1_quality(r));
        describe(settings, r, preset, "crf", (int)av1_quality(r));
    } else {
        codec->bit_rate = (int64_t)bitrate(r);
        describe(settings, r, preset, "bitrate", bitrate(r));
    }
}

void pixfer_encoder_options_svt(AVCodecContext *codec, const struct encoder_request *r, AVDictionary **options,
                                struct encoder_settings *settings)
{
    static const char *const own[] = {"12", "11", "10", "9", "8", "7", "6", "5", "4", "3"};
    const char *preset = translate(r, own, "10");
    codec->gop_size = (int)(4 * av_q2d(r->fps) + 0.5);
    av_dict_set(options, "preset", preset, 0);
    if (wants_quality(r)) {
        set_double(options, "crf", FFMAX(1, (int)av1_quality(r)));
        describe(settings, r, preset, "crf", FFMAX(1, (int)av1_quality(r)));
    } else {
        codec->bit_rate = (int64_t)bitrate(r);
        describe(settings, r, preset, "bitrate", bitrate(r));
    }
}

void pixfer_encoder_options_openh264(AVCodecContext *codec, const struct encoder_request *r, AVDictionary **options,
                                     struct encoder_settings *settings)
{
    codec->bit_rate = (int64_t)bitrate(r);
    codec->gop_size = (int)(4 * av_q2d(r->fps) + 0.5);
    av_dict_set(options, "rc_mode", "bitrate", 0);
    av_dict_set(options, "allow_skip_frames", "0", 0); /* a frame is never dropped unasked */
    describe(settings, r, NULL, "bitrate", bitrate(r));
}

void pixfer_encoder_options_videotoolbox(AVCodecContext *codec, const struct encoder_request *r, AVDictionary **options,
                                         struct encoder_settings *settings)
{
    codec->gop_size = (int)(4 * av_q2d(r->fps) + 0.5);
    av_dict_set(options, "realtime", "0", 0); /* realtime makes an export slower */
    /* Software behind a hardware name is no use to anybody, as libx264 is better at it, but to a test on a virtual machine. */
    const char *software = getenv("PIXFER_VIDEOTOOLBOX_SOFTWARE");
    av_dict_set(options, "allow_sw", software && !strcmp(software, "1") ? "1" : "0", 0);
    const char *preset = r->preset && preset_index(r->preset) >= 0 && preset_index(r->preset) <= 2 ? "prio_speed" : NULL;
    if (preset)
        av_dict_set(options, preset, "1", 0);
#if defined(__aarch64__)
    if (wants_quality(r)) { /* constant quality exists on Apple silicon only: 0..100, about 65 looks like crf 20 */
        double q = FFMAX(1, FFMIN(100, 100 - 1.75 * quality(r)));
        codec->flags |= AV_CODEC_FLAG_QSCALE;
        codec->global_quality = (int)(q * FF_QP2LAMBDA);
        describe(settings, r, preset, "quality", q);
        return;
    }
#endif
    codec->bit_rate = (int64_t)bitrate(r); /* without rc_max_rate: its data rate limits halve the speed and have hung */
    describe(settings, r, preset, "bitrate", bitrate(r));
}

void pixfer_encoder_options_nvenc(AVCodecContext *codec, const struct encoder_request *r, AVDictionary **options,
                                  struct encoder_settings *settings)
{
    static const char *const own[] = {"p1", "p1", "p2", "p3", "p3", "p4", "p5", "p6", "p7", "p7"};
    const char *preset = translate(r, own, "p4");
    codec->gop_size = (int)(4 * av_q2d(r->fps) + 0.5);
    av_dict_set(options, "preset", preset, 0);
    av_dict_set(options, "tune", "hq", 0);
    av_dict_set(options, "rc", "vbr", 0);
    if (wants_quality(r)) {
        codec->bit_rate = 0;
        set_double(options, "cq", FFMAX(quality(r), 1)); /* 0 means automatic there */
        describe(settings, r, preset, "cq", FFMAX(quality(r), 1));
    } else {
        set_bitrate(codec, r);
        describe(settings, r, preset, "bitrate", bitrate(r));
    }
}

void pixfer_encoder_options_qsv(AVCodecContext *codec, const struct encoder_request *r, AVDictionary **options,
                                struct encoder_settings *settings)
{
    static const char *const own[] = {"veryfast", "veryfast", "veryfast", "faster",   "fast",
                                      "medium",   "slow",     "slower",   "veryslow", "veryslow"};
    const char *preset = translate(r, own, "medium");
    codec->gop_size = (int)(4 * av_q2d(r->fps) + 0.5);
    av_dict_set(options, "preset", preset, 0);
    if (wants_quality(r)) {
        codec->global_quality = (int)FFMAX(quality(r), 1);
        describe(settings, r, preset, "global_quality", FFMAX(quality(r), 1));
    } else {
        set_bitrate(codec, r);
        describe(settings, r, preset, "bitrate", bitrate(r));
    }
}

void pixfer_encoder_options_vaapi(AVCodecContext *codec, const struct encoder_request *r, AVDictionary **options,
                                  struct encoder_settings *settings)
{
    codec->gop_size = (int)(4 * av_q2d(r->fps) + 0.5);
    if (wants_quality(r)) {
        av_dict_set(options, "rc_mode", "CQP", 0); /* the mode every driver has */
        codec->global_quality = (int)FFMAX(quality(r), 1);
        describe(settings, r, NULL, "qp", FFMAX(quality(r), 1));
    } else {
        set_bitrate(codec, r);
        describe(settings, r, NULL, "bitrate", bitrate(r));
    }
}

void pixfer_encoder_options_mf(AVCodecContext *codec, const struct encoder_request *r, AVDictionary **options,
                               struct encoder_settings *settings)
{
    codec->gop_size = (int)(4 * av_q2d(r->fps) + 0.5);
    av_dict_set(options, "hw_encoding", "1", 0);
    av_dict_set(options, "scenario", "archive", 0);
    if (wants_quality(r)) {
        double q = FFMAX(1, FFMIN(100, 100 - 1.75 * quality(r)));
        av_dict_set(options, "rate_control", "quality", 0);
        set_double(options, "quality", (int)q);
        describe(settings, r, NULL, "quality", (int)q);
    } else {
        set_bitrate(codec, r);
        describe(settings, r, NULL, "bitrate", bitrate(r));
    }
}

void pixfer_encoder_options_other(AVCodecContext *codec, const struct encoder_request *r, AVDictionary **options,
                                  struct encoder_settings *settings)
{
    codec->gop_size = (int)(4 * av_q2d(r->fps) + 0.5);
    if (r->preset)
        av_dict_set(options, "preset", r->preset, 0);
    set_bitrate(codec, r);
    describe(settings, r, r->preset, "bitrate", bitrate(r));
}
#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include <libavcodec/bsf.h>
#include <libavutil/hwcontext.h>
#include <libavutil/mem.h>
#include <libavutil/pixdesc.h>
#include <stdio.h>
#include <string.h>

#include "../libav_log.h"
#include "video.h"

/* ---- Opening one ---------------------------------------------------------------------------------------------------------- */

static int open_device(struct encoder *e)
{
    struct frame_pool *s = &e->frames;
    int error = av_hwdevice_ctx_create(&s->device, e->family->device, NULL, NULL, 0);
    if (error < 0)
        return error;
    s->surfaces = av_hwframe_ctx_alloc(s->device);
    if (!s->surfaces)
        return AVERROR(ENOMEM);
    AVHWFramesContext *frames = (AVHWFramesContext *)s->surfaces->data;
    frames->format = e->family->surface;
    frames->sw_format = s->format;
    frames->width = s->width;
    frames->height = s->height;
    frames->initial_pool_size = 20; /* drivers fix the number when they start; references and look-ahead included */
    if (e->family->device == AV_HWDEVICE_TYPE_VIDEOTOOLBOX)
        frames->initial_pool_size = 0; /* its pool grows */
    error = av_hwframe_ctx_init(s->surfaces);
    if (error < 0)
        return error;
    bool mapped = e->family->device == AV_HWDEVICE_TYPE_VIDEOTOOLBOX;
    if (mapped && (error = pixfer_surface_open(s)) < 0)
        return error;
    s->seal = mapped ? pixfer_surface_seal : pixfer_surface_upload;
    e->codec->hw_frames_ctx = av_buffer_ref(s->surfaces);
    return e->codec->hw_frames_ctx ? 0 : AVERROR(ENOMEM);
}

/* VideoToolbox takes frames from memory as well, by a copy: that is the way for what its surfaces are not made for here. */
static bool wants_device(const struct encoder *e, const struct encoder_request *r, enum AVPixelFormat format)
{
    if (e->family->device != AV_HWDEVICE_TYPE_VIDEOTOOLBOX)
        return e->family->device != AV_HWDEVICE_TYPE_NONE;
    return format == AV_PIX_FMT_NV12 && r->tags.range != AVCOL_RANGE_JPEG;
}

static void close_device(struct frame_pool *s)
{
    s->seal = NULL;
    pixfer_surface_close(s);
    av_buffer_unref(&s->surfaces);
    av_buffer_unref(&s->device);
}

/* Four seconds, and no fewer frames than are decoded at once, nor more than x264 would have: what a player has to decode, at most, to go
 * anywhere. */
static int default_gop(AVRational fps)
{
    enum { LEAST = 60, MOST = 250 };
    const double frames = 4 * av_q2d(fps) + 0.5;
    return frames >= LEAST ? (int)FFMIN(frames, MOST) : LEAST; /* a rate that is none is not, either */
}

/* With its frames ready. */
static int start_codec(struct encoder *e, const AVCodec *codec, const struct encoder_request *r, enum AVPixelFormat format)
{
    AVDictionary *options = NULL;
    e->codec->width = e->frames.width;
    e->codec->height = e->frames.height;
    e->codec->pix_fmt = e->frames.surfaces ? e->family->surface : format;
    e->codec->time_base = r->time_base;
    e->codec->framerate = r->fps;
    e->codec->sample_aspect_ratio = r->sample_aspect.num ? r->sample_aspect : (AVRational){1, 1};
    e->codec->thread_count = (int)r->threads;
    /* Asked for global headers, libavcodec 59 makes them through a buffer of the session's pool, and ends the program where a session
     * that was opened for surfaces has none. The trial's packet has them, too. */
    if (!e->frames.native)
        e->codec->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    pixfer_tags_to_codec(&r->tags, e->codec);
    pixfer_libav_adopt_codec(e->codec);
    e->codec->gop_size = r->gop ? r->gop : default_gop(r->fps);
    e->family->options(e->codec, r, &options, &e->settings);
    int error = avcodec_open2(e->codec, codec, &options);
    const AVDictionaryEntry *left = av_dict_get(options, "", NULL, AV_DICT_IGNORE_SUFFIX);
    if (!error && left && r->preset && !strcmp(left->key, "preset"))
        error = AVERROR_OPTION_NOT_FOUND; /* the one option that came from the user */
    av_dict_free(&options);
    return error;
}

/* H.264 and HEVC crop in units of the chroma, so that 4:2:0 cannot say an odd size and 4:4:4 can; AV1 says any,
 * and libaom takes it. What hardware makes of it is not tried. */
static bool says_any_size(const struct encoder_family *family, const struct encoder_request *r)
{
    return r->true_width && !family->hardware && (r->full || family->options == pixfer_encoder_options_aom);
}

static int open_codec(struct encoder *e, const AVCodec *codec, const struct encoder_request *r, enum AVPixelFormat format)
{
    e->codec = avcodec_alloc_context3(codec);
    if (!e->codec)
        return AVERROR(ENOMEM);
    const bool any = says_any_size(e->family, r);
    int error = pixfer_frame_pool_init(&e->frames, format, any ? r->true_width : r->width, any ? r->true_height : r->height);
    if (!error && wants_device(e, r, format)) {
        error = open_device(e);
        if (error < 0 && e->family->device == AV_HWDEVICE_TYPE_VIDEOTOOLBOX) {
            close_device(&e->frames);
            error = 0;
        }
    }
    return error < 0 ? error : start_codec(e, codec, r, format);
}

static AVFrame *blank_frame(struct encoder *e)
{
    AVFrame *frame = pixfer_frame_pool_get(&e->frames);
    const AVPixFmtDescriptor *shape = av_pix_fmt_desc_get(e->frames.format);
    for (int i = 0; frame && i < 3 && frame->data[i]; i++)
        memset(frame->data[i], 128,
               (size_t)frame->linesize[i] * (size_t)AV_CEIL_RSHIFT(e->frames.height, i ? shape->log2_chroma_h : 0));
    if (frame)
        frame->pts = 0;
    return frame;
}

int pixfer_encoder_send(struct encoder *e, const AVFrame *frame)
{
    if (!frame && !e->fed && e->family->hangs_unfed)
        return AVERROR_EOF;
    e->fed = e->fed || frame;
    return avcodec_send_frame(e->codec, frame);
}

/* Hardware encoders can open and still fail at the first frame: believe them after a packet came out. */
static int try_a_frame(struct encoder *e, AVPacket *packet)
{
    AVFrame *frame = blank_frame(e);
    int error = AVERROR(ENOMEM);
    if (!frame)
        return error;
    error = e->frames.seal ? e->frames.seal(&e->frames, &frame) : 0;
    if (!error)
        error = pixfer_encoder_send(e, frame);
    if (!error)
        error = pixfer_encoder_send(e, NULL);
    if (!error)
        error = avcodec_receive_packet(e->codec, packet);
    if (!error && !packet->size)
        error = AVERROR_EXTERNAL;
    av_frame_free(&frame);
    return error;
}

/* The parameter sets in front of a packet, for an encoder that has none beside its packets. */
static int take_headers(AVCodecContext *codec, AVPacket *packet)
{
    const AVBitStreamFilter *filter = av_bsf_get_by_name("extract_extradata");
    AVBSFContext *bsf = NULL;
    size_t size = 0;
    int error = filter ? av_bsf_alloc(filter, &bsf) : AVERROR_BSF_NOT_FOUND;
    if (!error)
        error = avcodec_parameters_from_context(bsf->par_in, codec);
    if (error >= 0)
        error = av_bsf_init(bsf);
    if (error >= 0)
        error = av_bsf_send_packet(bsf, packet);
    if (error >= 0)
        error = av_bsf_receive_packet(bsf, packet);
    const uint8_t *data = error >= 0 ? av_packet_get_side_data(packet, AV_PKT_DATA_NEW_EXTRADATA, &size) : NULL;
    av_bsf_free(&bsf);
    if (error < 0 || !data)
        return error < 0 ? error : AVERROR_INVALIDDATA;
    codec->extradata = av_mallocz(size + AV_INPUT_BUFFER_PADDING_SIZE);
    if (!codec->extradata)
        return AVERROR(ENOMEM);
    memcpy(codec->extradata, data, size);
    codec->extradata_size = (int)size;
    return 0;
}

static int open_format(struct encoder *e, const AVCodec *codec, const struct encoder_request *r, enum AVPixelFormat format)
{
    const struct encoder_family *family = e->family;
    int error = open_codec(e, codec, r, format);
    if (error || !family->hardware)
        return error;
    AVPacket *packet = av_packet_alloc();
    error = packet ? try_a_frame(e, packet) : AVERROR(ENOMEM);
    if (!error) {
        pixfer_encoder_close(e); /* a drained encoder takes no more frames */
        e->family = family;
        error = open_codec(e, codec, r, format);
    }
    if (!error && e->frames.native && !e->codec->extradata)
        error = take_headers(e->codec, packet);
    av_packet_free(&packet);
    return error;
}

/* What an encoder takes where that is not the common 8 bits and 4:2:0. */
static enum AVPixelFormat special_format(const struct encoder_family *family, const struct encoder_request *r)
{
    return r->full ? family->full[r->deep] : family->deep;
}

static bool takes_samples(const struct encoder_family *family, const struct encoder_request *r)
{
    return (!r->deep && !r->full) || special_format(family, r) != AV_PIX_FMT_NONE;
}

static int open_family(struct encoder *e, const AVCodec *codec, const struct encoder_request *r,
                       const struct encoder_family *family)
{
    int error = AVERROR(EINVAL);
    bool wanted = false;
    if (r->deep || r->full) {
        e->family = family;
        error = takes_samples(family, r) ? open_format(e, codec, r, special_format(family, r)) : AVERROR(ENOSYS);
        if (error)
            pixfer_encoder_close(e);
        return error;
    }
    for (int i = 0; family->formats[i] != AV_PIX_FMT_NONE; i++)
        wanted |= family->formats[i] == r->wanted;
    for (int i = 0; family->formats[i] != AV_PIX_FMT_NONE; i++) {
        enum AVPixelFormat format = family->formats[i];
        if (wanted && i < 2) /* the wanted one first, then the other */
            format = i == 0 ? r->wanted : r->wanted == AV_PIX_FMT_NV12 ? AV_PIX_FMT_YUV420P : AV_PIX_FMT_NV12;
        e->family = family;
        error = open_format(e, codec, r, format);
        if (!error)
            return 0;
        pixfer_encoder_close(e);
    }
    return error;
}

/* ---- The walk -------------------------------------------------------------------------------------------------------------- */

static const char *why(int error)
{
    const char *line = pixfer_libav_last_error();
    return *line ? line : pixfer_av_error(error);
}

static int try_family(struct encoder *e, const AVCodec *codec, const struct encoder_request *r,
                      const struct encoder_family *family)
{
    pixfer_libav_quiet(true);
    int error = open_family(e, codec, r, family);
    pixfer_libav_quiet(false);
    if (!error)
        e->name = codec->name;
    return error;
}

/* Asked before anything is opened: an encoder's own words for it name neither what was found nor what was expected. */
static enum pixfer_result unknown_preset(const struct encoder_request *r, const struct encoder_family *family,
                                         struct report *report)
{
    char names[240];
    pixfer_encoder_list_presets(family, names, sizeof(names));
    return pixfer_report_fail(report, PIXFER_ERR_INVALID, "encoder: preset is '%s', expected %s", r->preset, names);
}

static enum pixfer_result open_named(struct encoder *e, const struct encoder_request *r, struct report *report)
{
    const struct encoder_family *family = pixfer_encoder_family(r->name);
    const AVCodec *codec = avcodec_find_encoder_by_name(r->name);
    if (!codec)
        return pixfer_report_fail(report, PIXFER_ERR_UNAVAILABLE, "encoder: this libavcodec has no encoder '%s'", r->name);
    if (r->codec != AV_CODEC_ID_NONE && codec->id != r->codec)
        return pixfer_report_fail(report, PIXFER_ERR_UNSUPPORTED, "encoder: '%s' makes %s, expected an encoder of %s", r->name,
                                  avcodec_get_name(codec->id), avcodec_get_name(r->codec));
    if (codec->id != AV_CODEC_ID_H264 && codec->id != AV_CODEC_ID_HEVC && codec->id != AV_CODEC_ID_AV1)
        return pixfer_report_fail(report, PIXFER_ERR_UNSUPPORTED,
                                  "encoder: '%s' makes %s, expected an H.264, HEVC or AV1 encoder", r->name,
                                  avcodec_get_name(codec->id));
    if (!takes_samples(family, r) && r->full)
        return pixfer_report_fail(report, PIXFER_ERR_UNSUPPORTED,
                                  "encoder: '%s' is asked for 4:4:4 of %d bits a sample, expected 4:2:0%s", r->name,
                                  r->deep ? 10 : 8, r->deep && family->full[0] != AV_PIX_FMT_NONE ? " or 8 bits" : "");
    if (!takes_samples(family, r))
        return pixfer_report_fail(report, PIXFER_ERR_UNSUPPORTED, "encoder: '%s' is asked for 10 bits a sample, expected 8",
                                  r->name);
    if (!pixfer_encoder_knows_preset(family, r->preset))
        return unknown_preset(r, family, report);
    int error = try_family(e, codec, r, family);
    if (error)
        return pixfer_report_fail(report, PIXFER_ERR_UNAVAILABLE, "encoder: %s does not open for %dx%d: %s", r->name, r->width,
                                  r->height, why(error));
    return PIXFER_OK;
}

static bool one_knows_preset(const char *preset)
{
    for (const struct encoder_family *f = pixfer_encoder_families; f->name; f++)
        if (pixfer_encoder_knows_preset(f, preset))
            return true;
    return false;
}

static enum pixfer_result open_auto(struct encoder *e, const struct encoder_request *r, struct report *report)
{
    if (!one_knows_preset(r->preset))
        return unknown_preset(r, NULL, report);
    for (const struct encoder_family *f = pixfer_encoder_families; f->name; f++) {
        const AVCodec *codec = avcodec_find_encoder_by_name(f->name);
        if (f->codec != (r->codec == AV_CODEC_ID_NONE ? AV_CODEC_ID_H264 : r->codec) || !takes_samples(f, r))
            continue;
        if (!codec) {
            pixfer_report_log(report, PIXFER_LOG_DEBUG, "encoder %s: not in this libavcodec", f->name);
            continue;
        }
        if (!pixfer_encoder_knows_preset(f, r->preset)) {
            pixfer_report_log(report, PIXFER_LOG_DEBUG, "encoder %s not used: it has no preset '%s'", f->name, r->preset);
            continue;
        }
        int error = try_family(e, codec, r, f);
        if (!error)
            return PIXFER_OK;
        pixfer_report_log(report, PIXFER_LOG_DEBUG, "encoder %s not used: %s", f->name, why(error));
    }
    const bool other = r->codec != AV_CODEC_ID_NONE && r->codec != AV_CODEC_ID_H264;
    return pixfer_report_fail(report, PIXFER_ERR_UNAVAILABLE,
                              "encoder: none %s%sopens for %dx%d%s%s; install an FFmpeg with %s or name one with --encoder",
                              other ? "of " : "",
                              !other                         ? ""
                              : r->codec == AV_CODEC_ID_HEVC ? "HEVC "
                                                             : "AV1 ",
                              r->width, r->height, r->preset ? " with preset " : "", r->preset ? r->preset : "",
                              !other                         ? "libx264"
                              : r->codec == AV_CODEC_ID_HEVC ? "libx265"
                                                             : "libaom");
}

enum pixfer_result pixfer_encoder_open(struct encoder *e, const struct encoder_request *r, struct report *report)
{
    enum pixfer_result result = r->name ? open_named(e, r, report) : open_auto(e, r, report);
    if (result != PIXFER_OK)
        return result;
    e->request = *r; /* but for the caller's strings */
    e->request.name = e->name;
    snprintf(e->preset, sizeof(e->preset), "%s", r->preset ? r->preset : "");
    e->request.preset = r->preset ? e->preset : NULL;
    return PIXFER_OK;
}

int pixfer_encoder_reopen(struct encoder *e, bool at_once)
{
    const AVCodec *codec = e->codec->codec;
    avcodec_free_context(&e->codec);
    e->request.again = true;
    e->request.at_once = at_once;
    if (!(e->codec = avcodec_alloc_context3(codec)))
        return AVERROR(ENOMEM);
    pixfer_libav_quiet(true);
    int error = start_codec(e, codec, &e->request, (enum AVPixelFormat)e->frames.format);
    pixfer_libav_quiet(false);
    return error;
}

/* False: without memory for the frame that it has to have, the encoder is left as it is. */
static bool feed_before_close(struct encoder *e)
{
    if (!e->codec || !avcodec_is_open(e->codec) || !e->family->hangs_unfed || e->fed)
        return true;
    AVFrame *frame = blank_frame(e);
    const bool good = frame && pixfer_encoder_send(e, frame) >= 0;
    av_frame_free(&frame);
    return good;
}

void pixfer_encoder_close(struct encoder *e)
{
    if (feed_before_close(e))
        avcodec_free_context(&e->codec);
    pixfer_frame_pool_free(&e->frames);
    memset(e, 0, sizeof(*e));
}

/* ---- Which one it is -------------------------------------------------------------------------------------------------------- */

/* x264 and x265 write name, build and revision into the first frame: "x264 - core 164 r3095 baee400 - H.264/MPEG-4 AVC codec - ...". */
static void find_version(const AVPacket *packet, char *text, size_t size)
{
    static const char *const names[] = {"x264 - core ", "x265 (build "};
    for (int at = 0; at + 16 < packet->size; at++)
        for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
            if (memcmp(packet->data + at, names[i], 12) != 0)
                continue;
            const char *begin = (const char *)packet->data + at;
            size_t length = 0, most = FFMIN((size_t)(packet->size - at), size - 1);
            while (length < most && begin[length] >= ' ' && begin[length] < 0x7f && strncmp(begin + length, " - H.26", 7) != 0)
                length++;
            snprintf(text, size, "%.*s", (int)length, begin);
            return;
        }
}

bool pixfer_encoder_version(const char *name, char *text, size_t size)
{
    struct encoder e = {0};
    struct report report;
    const struct encoder_request r = {.name = name,
                                      .width = 640,
                                      .height = 360,
                                      .fps = {30, 1},
                                      .time_base = {1, 30},
                                      .threads = 1,
                                      .tags = pixfer_tags_make(&(struct pixfer_color){0}, 0, 0),
                                      .wanted = AV_PIX_FMT_NV12};
    *text = 0;
    pixfer_report_init(&report, NULL, NULL);
    pixfer_report_mute(&report);
    AVPacket *packet = av_packet_alloc();
    bool good = packet && pixfer_encoder_open(&e, &r, &report) == PIXFER_OK && !try_a_frame(&e, packet);
    if (good)
        find_version(packet, text, size);
    av_packet_free(&packet);
    pixfer_encoder_close(&e);
    pixfer_report_free(&report);
    return good;
}

/* ---- What the tool shows --------------------------------------------------------------------------------------------------- */

int pixfer_encoder_works(const char *name, char *reason, size_t size)
{
    struct encoder e = {0};
    struct report report;
    struct encoder_request r = {
        .name = name, .width = 640, .height = 360, .fps = {30, 1}, .time_base = {1, 30}, .wanted = AV_PIX_FMT_NV12};
    r.tags = pixfer_tags_make(&(struct pixfer_color){0}, 0, 0);
    pixfer_report_init(&report, NULL, NULL);
    pixfer_report_mute(&report);
    enum pixfer_result result = pixfer_encoder_open(&e, &r, &report);
    if (size)
        snprintf(reason, size, "%s", pixfer_report_error(&report));
    pixfer_encoder_close(&e);
    pixfer_report_free(&report);
    return result == PIXFER_OK;
}
#endif

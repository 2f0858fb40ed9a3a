/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include "samples.h"

#include <libavutil/pixdesc.h>

static bool has_more_than_8_bits(enum pixfer_format format)
{
    return format >= PIXFER_FORMAT_RGBA64 && format <= PIXFER_FORMAT_GBRPF32;
}

static bool has_10_bits(enum pixfer_format format)
{
    return format == PIXFER_FORMAT_I010 || format == PIXFER_FORMAT_P010 || format == PIXFER_FORMAT_I410;
}

static bool is_full(enum pixfer_format format)
{
    return format == PIXFER_FORMAT_I444 || format == PIXFER_FORMAT_I410;
}

static enum AVCodecID wanted_codec(const struct pixfer_exporter_params *p)
{
    static const enum AVCodecID ids[] = {AV_CODEC_ID_NONE, AV_CODEC_ID_H264, AV_CODEC_ID_HEVC, AV_CODEC_ID_AV1};
    const AVCodec *named = p->encoder ? avcodec_find_encoder_by_name(p->encoder) : NULL;
    return p->codec ? ids[p->codec] : named ? named->id : AV_CODEC_ID_NONE;
}

bool pixfer_samples_can_be_deep(const struct pixfer_exporter_params *p)
{
    const enum AVCodecID codec = (unsigned)p->codec <= PIXFER_CODEC_AV1 ? wanted_codec(p) : AV_CODEC_ID_NONE;
    return p->depth != 8 && (codec == AV_CODEC_ID_HEVC || codec == AV_CODEC_ID_AV1);
}

static enum pixfer_result choose_depth(struct samples *s, const struct pixfer_exporter_params *p, struct report *report)
{
    const bool is_rgb = pixfer_format_is_rgb(p->format), has_ten = has_10_bits(p->format), can = pixfer_samples_can_be_deep(p);
    const char *name = pixfer_format_name(p->format);
    s->deep = can && (p->depth == 10 || has_more_than_8_bits(p->format) || has_ten);
    if (p->depth == 10 && !can)
        return pixfer_report_fail(
            report, PIXFER_ERR_UNSUPPORTED,
            "export: depth is 10, expected 8 for H.264, of which players decode no other; HEVC and AV1 have 10");
    if (s->deep && !is_rgb && !has_ten)
        return pixfer_report_fail(report, PIXFER_ERR_UNSUPPORTED, "export: depth is 10, expected 8 for frames of %s", name);
    if (has_ten && !can)
        return pixfer_report_fail(report, PIXFER_ERR_UNSUPPORTED,
                                  "export: frames are %s, expected HEVC or AV1 of 10 bits for them", name);
    return PIXFER_OK;
}

static enum pixfer_result choose_chroma(struct samples *s, const struct pixfer_exporter_params *p, struct report *report)
{
    s->full = p->chroma == 444;
    if (pixfer_format_is_rgb(p->format) || is_full(p->format) == s->full)
        return PIXFER_OK;
    return pixfer_report_fail(report, PIXFER_ERR_UNSUPPORTED, "export: chroma is %u, expected %u for frames of %s",
                              s->full ? 444 : 420, s->full ? 420 : 444, pixfer_format_name(p->format));
}

/* What is said of 8 bits where there were more comes as a warning where nobody asked for it. */
static void report_depth(const struct samples *s, const struct pixfer_exporter_params *p, struct report *report)
{
    const char *name = pixfer_format_name(p->format);
    if (!has_more_than_8_bits(p->format))
        return;
    if (s->deep)
        pixfer_report_log(report, PIXFER_LOG_INFO, "convert: %s becomes 10 bits a sample", name);
    else
        pixfer_report_log(report, p->depth ? PIXFER_LOG_INFO : PIXFER_LOG_WARNING, "convert: %s becomes 8 bits a sample%s", name,
                          p->depth ? "" : "; --codec hevc or av1 keeps 10");
}

static void report_hdr(const struct samples *s, const struct tags *tags, struct report *report)
{
    if (!pixfer_tags_is_hdr((int)tags->transfer))
        return;
    const char *curve = tags->transfer == AVCOL_TRC_SMPTE2084 ? "PQ" : "HLG";
    if (s->deep)
        pixfer_report_log(report, PIXFER_LOG_INFO, "output is HDR: %s of 10 bits, as the frames are; nothing is mapped to SDR",
                          curve);
    else
        pixfer_report_log(report, PIXFER_LOG_WARNING,
                          "output is HDR: %s of 8 bits, as the frames are: bands may show, and nothing is mapped to SDR; "
                          "--codec hevc or av1 with --depth 10 has more",
                          curve);
}

enum pixfer_result pixfer_samples_choose(struct samples *s, const struct pixfer_exporter_params *p, const struct tags *tags,
                                         struct report *report)
{
    *s = (struct samples){.codec = wanted_codec(p)};
    enum pixfer_result result = choose_depth(s, p, report);
    if (result == PIXFER_OK)
        result = choose_chroma(s, p, report);
    if (result != PIXFER_OK)
        return result;
    report_depth(s, p, report);
    report_hdr(s, tags, report);
    return PIXFER_OK;
}

/* ---- Light ----------------------------------------------------------------------------------------------------------------- */

static enum pixfer_result check_light(const struct pixfer_exporter_params *p, const struct tags *tags, struct report *report)
{
    const char *curve = av_color_transfer_name(tags->transfer);
    if (p->measure_light && (p->max_cll || p->max_fall))
        return pixfer_report_fail(report, PIXFER_ERR_INVALID, "export: MaxCLL is %u and to be measured, expected one of them",
                                  p->max_cll);
    if (p->max_cll > UINT16_MAX || p->max_fall > p->max_cll)
        return pixfer_report_fail(report, PIXFER_ERR_INVALID,
                                  "export: MaxCLL is %u, MaxFALL %u, expected 1 to 65535, and MaxFALL no more than MaxCLL",
                                  p->max_cll, p->max_fall);
    if (!pixfer_tags_is_hdr((int)tags->transfer))
        return pixfer_report_fail(report, PIXFER_ERR_UNSUPPORTED,
                                  "export: mastering display and content light are said of PQ and HLG, found transfer %s",
                                  curve ? curve : "unknown");
    if (p->measure_light && (tags->transfer != AVCOL_TRC_SMPTE2084 || !pixfer_format_is_rgb(p->format)))
        return pixfer_report_fail(report, PIXFER_ERR_UNSUPPORTED, "export: light is measured of RGB frames of PQ, found %s of %s",
                                  pixfer_format_name(p->format), curve ? curve : "unknown");
    if (p->measure_light && p->alpha == PIXFER_ALPHA_COMPOSE)
        return pixfer_report_fail(report, PIXFER_ERR_UNSUPPORTED, "export: light of composed frames is not measured");
    return PIXFER_OK;
}

enum pixfer_result pixfer_samples_light(struct light *light, const struct pixfer_exporter_params *p, const struct tags *tags,
                                        struct report *report)
{
    const bool asked = p->mastering_display || p->max_cll || p->max_fall || p->measure_light;
    enum pixfer_result result = asked ? check_light(p, tags, report) : PIXFER_OK;
    if (result != PIXFER_OK)
        return result;
    if (!pixfer_tags_is_hdr((int)tags->transfer))
        *light = (struct light){0};
    if (p->mastering_display && !pixfer_light_parse(light, p->mastering_display))
        return pixfer_report_fail(report, PIXFER_ERR_INVALID,
                                  "export: mastering display is '%.100s', expected " PIXFER_LIGHT_SYNTAX, p->mastering_display);
    if (p->measure_light)
        light->levelled = false;
    if (!p->max_cll)
        return PIXFER_OK;
    light->levelled = true;
    light->cll = p->max_cll;
    light->fall = p->max_fall;
    return PIXFER_OK;
}
#endif

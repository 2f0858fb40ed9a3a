/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#define __USE_MINGW_ANSI_STDIO 1 /* see log.h */
#include "light.h"

#include "image.h"

#define MOST_NITS 10000.0

static bool refuse_light(const struct pixfer_log *log, const char *what, int found, const char *expected)
{
    pixfer_log_write(log, PIXFER_LOG_ERROR, "%s is %d, expected %s", what, found, expected);
    return false;
}

/* 0 becomes the default; a number that is none is out of every range. */
static bool nits_fit(const struct pixfer_log *log, const char *what, double *nits, double least, double most, double otherwise)
{
    if (*nits == 0) {
        *nits = otherwise;
        return true;
    }
    if (*nits >= least && *nits <= most)
        return true;
    pixfer_log_write(log, PIXFER_LOG_ERROR, "%s is %g nits, expected %g to %g, or 0 for %g", what, *nits, least, most, otherwise);
    return false;
}

/* Of a parameter that has no meaning here. */
static bool nits_absent(const struct pixfer_log *log, const char *what, double nits, const char *why)
{
    if (nits == 0)
        return true;
    pixfer_log_write(log, PIXFER_LOG_ERROR, "%s is %g nits, expected 0 %s", what, nits, why);
    return false;
}

static bool primaries_fit(const struct pixfer_log *log, const char *what, enum pixfer_primaries *primaries,
                          enum pixfer_primaries otherwise)
{
    switch ((int)*primaries) {
    case PIXFER_PRIMARIES_DEFAULT:
        *primaries = otherwise;
        return true;
    case 7: /* SMPTE 240M: the same chromaticities under another number */
        *primaries = PIXFER_PRIMARIES_BT601_525;
        return true;
    case PIXFER_PRIMARIES_BT709:
    case PIXFER_PRIMARIES_BT601_625:
    case PIXFER_PRIMARIES_BT601_525:
    case PIXFER_PRIMARIES_BT2020:
    case PIXFER_PRIMARIES_P3_D65:
        return true;
    default:
        return refuse_light(log, what, (int)*primaries, "an H.273 number of 0 (default), 1, 5, 6, 7, 9 or 12");
    }
}

/* A gamma-encoded source: whoever says more has forgotten src_transfer. */
static bool nothing_said(const struct pixfer_converter_params *p, const struct pixfer_log *log)
{
    static const char why[] = "where src_transfer is 0 (components are R', G', B')";

    if (p->src_primaries)
        return refuse_light(log, "src_primaries", (int)p->src_primaries, "0 where src_transfer is 0 (components are R', G', B')");
    if (p->dst_primaries)
        return refuse_light(log, "dst_primaries", (int)p->dst_primaries, "0 where src_transfer is 0 (components are R', G', B')");
    if (p->dst_transfer)
        return refuse_light(log, "dst_transfer", (int)p->dst_transfer, "0 where src_transfer is 0 (components are R', G', B')");
    if (p->tone_mapping)
        return refuse_light(log, "tone_mapping", (int)p->tone_mapping, "0 where src_transfer is 0 (components are R', G', B')");
    return nits_absent(log, "src_white", p->src_white, why) && nits_absent(log, "src_peak", p->src_peak, why) &&
           nits_absent(log, "dst_peak", p->dst_peak, why) && nits_absent(log, "sdr_white", p->sdr_white, why);
}

static bool peaks_fit(struct pixfer_light_params *light, const struct pixfer_converter_params *p, const struct pixfer_log *log)
{
    const bool hdr = light->transfer == PIXFER_TRANSFER_PQ || light->transfer == PIXFER_TRANSFER_HLG;

    light->white = p->src_white;
    light->peak = p->src_peak;
    light->target = hdr ? p->dst_peak : p->sdr_white;
    if (!nits_fit(log, "src_white", &light->white, 1, MOST_NITS, 80))
        return false;
    if (light->mapped ? !nits_fit(log, "src_peak", &light->peak, 40, MOST_NITS, 1000)
                      : !nits_absent(log, "src_peak", light->peak, "where tone_mapping is 0 (clip)"))
        return false;
    if (hdr)
        return nits_absent(log, "sdr_white", p->sdr_white, "where dst_transfer is 16 (PQ) or 18 (HLG)") &&
               nits_fit(log, "dst_peak", &light->target, 40, MOST_NITS,
                        light->transfer == PIXFER_TRANSFER_HLG ? 1000 : MOST_NITS);
    return nits_absent(log, "dst_peak", p->dst_peak, "where dst_transfer is 1 (BT.709) or 13 (sRGB): see sdr_white") &&
           nits_fit(log, "sdr_white", &light->target, 40, 1000, 203);
}

bool pixfer_light_params_init(struct pixfer_light_params *light, const struct pixfer_converter_params *p,
                              const struct pixfer_log *log)
{
    const struct pixfer_format_layout *src = pixfer_format_layout(p->src_format);
    bool hdr;

    *light = (struct pixfer_light_params){
        .transfer = p->dst_transfer, .src_primaries = p->src_primaries, .dst_primaries = p->dst_primaries};
    if (p->src_transfer == PIXFER_TRANSFER_DEFAULT)
        return nothing_said(p, log);
    if (!PIXFER_HAS_LIGHT)
        return refuse_light(log, "src_transfer", (int)p->src_transfer, "0: this build has no linear light");
    if (p->src_transfer != PIXFER_TRANSFER_LINEAR)
        return refuse_light(log, "src_transfer", (int)p->src_transfer, "0 (components are R', G', B') or 8 (linear)");
    if (!src->rgb || src->depth == 8) {
        pixfer_log_write(log, PIXFER_LOG_ERROR,
                         "src_format is %s, expected RGB of more than 8 bits where src_transfer is 8 (linear)", src->name);
        return false;
    }
    if (p->alpha)
        return refuse_light(log, "alpha", (int)p->alpha, "0 (drop) where src_transfer is 8 (linear)");
    switch ((int)p->dst_transfer) {
    case PIXFER_TRANSFER_BT709:
    case PIXFER_TRANSFER_SRGB:
    case PIXFER_TRANSFER_PQ:
    case PIXFER_TRANSFER_HLG:
        break;
    default:
        return refuse_light(log, "dst_transfer", (int)p->dst_transfer,
                            "1 (BT.709), 13 (sRGB), 16 (PQ) or 18 (HLG) where src_transfer is 8 (linear)");
    }
    if ((unsigned)p->tone_mapping > PIXFER_TONE_MAPPING_BT2390)
        return refuse_light(log, "tone_mapping", (int)p->tone_mapping, "0 (clip) or 1 (BT.2390)");
    hdr = p->dst_transfer == PIXFER_TRANSFER_PQ || p->dst_transfer == PIXFER_TRANSFER_HLG;
    light->mapped = p->tone_mapping == PIXFER_TONE_MAPPING_BT2390;
    if (!primaries_fit(log, "src_primaries", &light->src_primaries, PIXFER_PRIMARIES_BT709) ||
        !primaries_fit(log, "dst_primaries", &light->dst_primaries, hdr ? PIXFER_PRIMARIES_BT2020 : PIXFER_PRIMARIES_BT709) ||
        !peaks_fit(light, p, log))
        return false;
    light->linear = true;
    light->wide = hdr && light->dst_primaries == PIXFER_PRIMARIES_BT2020;
    return true;
}

#undef MOST_NITS

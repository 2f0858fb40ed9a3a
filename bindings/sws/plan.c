/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* What a context of libswscale asks for, through its public interface alone, and whether pixfer does exactly that. */

#include <string.h>
#include <unistd.h>

#include "context.h"

/* Pixel formats by FFmpeg's names: their numbers change from version to version. */
struct format {
    const char *name;
    enum pixfer_format format;
    bool subsampled, both_ways;
};

static const struct format sources[] = {
    {.name = "rgba", .format = PIXFER_FORMAT_RGBA},   {.name = "bgra", .format = PIXFER_FORMAT_BGRA},
    {.name = "argb", .format = PIXFER_FORMAT_ARGB},   {.name = "abgr", .format = PIXFER_FORMAT_ABGR},
    {.name = "rgb0", .format = PIXFER_FORMAT_RGBA},   {.name = "bgr0", .format = PIXFER_FORMAT_BGRA},
    {.name = "0rgb", .format = PIXFER_FORMAT_ARGB},   {.name = "0bgr", .format = PIXFER_FORMAT_ABGR},
    {.name = "rgb24", .format = PIXFER_FORMAT_RGB24}, {.name = "bgr24", .format = PIXFER_FORMAT_BGR24},
    {.name = "gbrp", .format = PIXFER_FORMAT_GBRP},   {.name = NULL},
};

static const struct format destinations[] = {
    {"nv12", PIXFER_FORMAT_NV12, true, true},      {"nv21", PIXFER_FORMAT_NV21, true, true},
    {"yuv420p", PIXFER_FORMAT_I420, true, true},   {"yuvj420p", PIXFER_FORMAT_I420, true, true},
    {"p010", PIXFER_FORMAT_P010, true, true},      {"yuv422p", PIXFER_FORMAT_I422, true, false},
    {"yuv444p", PIXFER_FORMAT_I444, false, false}, {"yuvj444p", PIXFER_FORMAT_I444, false, false},
    {"nv24", PIXFER_FORMAT_NV24, false, false},    {.name = NULL},
};

/* Flags that change nothing that would be asked of an exact conversion. */
#define HARMLESS (SWS_PRINT_INFO | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP | SWS_DIRECT_BGR | SWS_ACCURATE_RND)
/* Scalers that average what lies under a sample of chroma, and those that are chosen for another look. */
#define PLAIN_SCALERS (SWS_FAST_BILINEAR | SWS_BILINEAR | SWS_BICUBIC | SWS_AREA | SWS_BICUBLIN)
#define OTHER_SCALERS (SWS_X | SWS_POINT | SWS_GAUSS | SWS_SINC | SWS_LANCZOS | SWS_SPLINE)

enum { DITHER_NONE = 0, DITHER_AUTO = 1 };

bool pixfer_sws_read_making(const struct real *real, struct SwsContext *key, struct making *making)
{
    const struct {
        const char *name;
        int64_t *value;
    } options[] = {
        {"srcw", &making->src_w},
        {"srch", &making->src_h},
        {"dstw", &making->dst_w},
        {"dsth", &making->dst_h},
        {"src_format", &making->src_format},
        {"dst_format", &making->dst_format},
        {"sws_flags", &making->flags},
        {"param0", &making->param[0]},
        {"param1", &making->param[1]},
        {"src_h_chr_pos", &making->src_h_pos},
        {"src_v_chr_pos", &making->src_v_pos},
        {"dst_h_chr_pos", &making->dst_h_pos},
        {"dst_v_chr_pos", &making->dst_v_pos},
        {"sws_dither", &making->dither},
        {"gamma", &making->gamma},
        {"alphablend", &making->alphablend},
        {"threads", &making->threads},
    };

    memset(making, 0, sizeof(*making));
    if (!real->complete)
        return false;
    for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++)
        if (real->opt_get_int(key, options[i].name, 0, options[i].value) < 0)
            return false;
    return true;
}

bool pixfer_sws_same_making(const struct context *context)
{
    struct making now;

    return context->readable && pixfer_sws_read_making(context->real, context->key, &now) &&
           !memcmp(&now, &context->making, sizeof(now));
}

bool pixfer_sws_read_colors(const struct context *context, struct colors *colors)
{
    int *inverse, *table = NULL, src_range;

    memset(colors, 0, sizeof(*colors));
    if (!context->readable ||
        context->real->getColorspaceDetails(context->key, &inverse, &src_range, &table, &colors->range, &colors->brightness,
                                            &colors->contrast, &colors->saturation) < 0)
        return false;
    if (table)
        memcpy(colors->table, table, sizeof(colors->table));
    return table != NULL;
}

static const struct format *find_format(const struct real *real, const struct format *formats, int64_t number)
{
    for (; number >= 0 && formats->name; formats++)
        if ((int64_t)real->get_pix_fmt(formats->name) == number)
            return formats;
    return NULL;
}

static bool find_matrix(const struct real *real, const int table[4], enum pixfer_matrix *matrix)
{
    static const struct {
        int number;
        enum pixfer_matrix matrix;
    } known[] = {
        {SWS_CS_ITU601, PIXFER_MATRIX_BT601},
        {SWS_CS_ITU709, PIXFER_MATRIX_BT709},
        {SWS_CS_SMPTE240M, PIXFER_MATRIX_SMPTE240M},
        {SWS_CS_BT2020, PIXFER_MATRIX_BT2020_NCL},
    };

    for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
        const int *coefficients = real->getCoefficients(known[i].number);

        if (coefficients && !memcmp(coefficients, table, 4 * sizeof(*table))) {
            *matrix = known[i].matrix;
            return true;
        }
    }
    return false;
}

/* Positions are counted in 1/256 of a luma sample. One that is not given means the middle of the samples that share the chroma. */
static bool is_unset(int64_t position)
{
    return position == -1 || position <= -513;
}

static bool is_middle(int64_t position)
{
    return is_unset(position) || position == 128;
}

static bool find_siting(const struct format *to, const struct making *making, enum pixfer_siting *siting)
{
    const bool left = making->dst_h_pos == 0, top = to->both_ways && making->dst_v_pos == 0;
    const bool middle = !to->both_ways || is_middle(making->dst_v_pos);

    *siting = PIXFER_SITING_CENTER;
    if (!to->subsampled || (is_middle(making->dst_h_pos) && middle))
        return true;
    *siting = top ? PIXFER_SITING_TOP_LEFT : PIXFER_SITING_LEFT;
    return left && (top || middle);
}

static const char *plan_flags(const struct format *to, const struct making *making)
{
    if (making->flags & SWS_BITEXACT)
        return "bitexact asks for libswscale's own bytes";
    if (making->flags & ~(int64_t)(HARMLESS | PLAIN_SCALERS | OTHER_SCALERS))
        return "flags that pixfer does not know";
    if (to->subsampled && (making->flags & OTHER_SCALERS))
        return "a scaler is asked for that filters chroma its own way";
    if (making->param[0] != SWS_PARAM_DEFAULT || making->param[1] != SWS_PARAM_DEFAULT)
        return "the scaler has parameters";
    if (making->dither != DITHER_NONE && making->dither != DITHER_AUTO)
        return "dithering is asked for";
    if (making->gamma)
        return "gamma is asked for";
    if (making->alphablend)
        return "alpha is to be blended";
    return NULL;
}

/* FFmpeg's filters ask for one thread more than there are processors. */
static unsigned choose_threads(int64_t wanted)
{
    const long processors = sysconf(_SC_NPROCESSORS_ONLN);

    return (unsigned)(wanted > 1 && processors > 0 && wanted > processors ? processors : wanted);
}

const char *pixfer_sws_plan(const struct context *context, const struct colors *colors, struct pixfer_converter_params *params)
{
    const struct making *making = &context->making;
    const struct format *from = find_format(context->real, sources, making->src_format);
    const struct format *to = find_format(context->real, destinations, making->dst_format);
    const char *against;

    *params = PIXFER_CONVERTER_PARAMS(.backend = PIXFER_BACKEND_CPU);
    if (!from || !to)
        return "not a conversion from RGB to Y'CbCr that pixfer has";
    if (making->src_w != making->dst_w || making->src_h != making->dst_h)
        return "it scales";
    if (context->filtered)
        return "it has filters";
    if ((against = plan_flags(to, making)) != NULL)
        return against;
    if (!is_unset(making->src_h_pos) || !is_unset(making->src_v_pos))
        return "the source has a chroma position";
    if (!find_siting(to, making, &params->color.siting))
        return "no chroma position that pixfer has";
    if (!find_matrix(context->real, colors->table, &params->color.matrix))
        return "no matrix that pixfer has";
    if (colors->brightness != 0 || colors->contrast != 1 << 16 || colors->saturation != 1 << 16)
        return "brightness, contrast or saturation is to be changed";
    params->src_format = from->format;
    params->dst_format = to->format;
    params->width = (uint32_t)making->src_w;
    params->height = (uint32_t)making->src_h;
    params->color.range = colors->range ? PIXFER_RANGE_FULL : PIXFER_RANGE_LIMITED;
    params->threads = choose_threads(making->threads);
    return NULL;
}

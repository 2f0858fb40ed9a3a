/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "caps.h"

#include <string.h>

/* ---- Formats --------------------------------------------------------------------------------------------------------------- */

struct format {
    GstVideoFormat gst;
    enum pixfer_format pixfer;
};

/* Words are in the machine's order. */
#define NATIVE(name) (G_BYTE_ORDER == G_LITTLE_ENDIAN ? GST_VIDEO_FORMAT_##name##LE : GST_VIDEO_FORMAT_##name##BE)

static const struct format rgb[] = {
    {GST_VIDEO_FORMAT_RGBA, PIXFER_FORMAT_RGBA},
    {GST_VIDEO_FORMAT_RGBx, PIXFER_FORMAT_RGBA},
    {GST_VIDEO_FORMAT_BGRA, PIXFER_FORMAT_BGRA},
    {GST_VIDEO_FORMAT_BGRx, PIXFER_FORMAT_BGRA},
    {GST_VIDEO_FORMAT_ARGB, PIXFER_FORMAT_ARGB},
    {GST_VIDEO_FORMAT_xRGB, PIXFER_FORMAT_ARGB},
    {GST_VIDEO_FORMAT_ABGR, PIXFER_FORMAT_ABGR},
    {GST_VIDEO_FORMAT_xBGR, PIXFER_FORMAT_ABGR},
    {GST_VIDEO_FORMAT_RGB, PIXFER_FORMAT_RGB24},
    {GST_VIDEO_FORMAT_BGR, PIXFER_FORMAT_BGR24},
    {GST_VIDEO_FORMAT_GBR, PIXFER_FORMAT_GBRP},
    {GST_VIDEO_FORMAT_GBRA, PIXFER_FORMAT_GBRP},
#if G_BYTE_ORDER == G_LITTLE_ENDIAN /* there is no other order of these two */
    {GST_VIDEO_FORMAT_RGB10A2_LE, PIXFER_FORMAT_RGB10A2},
    {GST_VIDEO_FORMAT_BGR10A2_LE, PIXFER_FORMAT_BGR10A2},
#endif
    {NATIVE(RGBA64_), PIXFER_FORMAT_RGBA64},
    {NATIVE(GBR_10), PIXFER_FORMAT_GBRP10},
    {NATIVE(GBRA_10), PIXFER_FORMAT_GBRP10},
    {NATIVE(GBR_12), PIXFER_FORMAT_GBRP12},
    {NATIVE(GBRA_12), PIXFER_FORMAT_GBRP12},
    {GST_VIDEO_FORMAT_UNKNOWN, 0},
};

/* Y'CbCr 4:2:2 in one plane, of which only chroma is made anew. */
static const struct format packed[] = {
    {GST_VIDEO_FORMAT_YUY2, PIXFER_FORMAT_YUYV},
    {GST_VIDEO_FORMAT_UYVY, PIXFER_FORMAT_UYVY},
    {GST_VIDEO_FORMAT_UNKNOWN, 0},
};

/* What comes out, best first where it is all the same to everybody else: 8 bits and 4:2:0 is what every decoder plays. */
static const struct format made[] = {
    {GST_VIDEO_FORMAT_NV12, PIXFER_FORMAT_NV12}, {GST_VIDEO_FORMAT_I420, PIXFER_FORMAT_I420},
    {GST_VIDEO_FORMAT_YV12, PIXFER_FORMAT_YV12}, {GST_VIDEO_FORMAT_NV21, PIXFER_FORMAT_NV21},
    {NATIVE(P010_10), PIXFER_FORMAT_P010},       {NATIVE(I420_10), PIXFER_FORMAT_I010},
    {NATIVE(P012_), PIXFER_FORMAT_P012},         {NATIVE(P016_), PIXFER_FORMAT_P016},
    {GST_VIDEO_FORMAT_NV16, PIXFER_FORMAT_NV16}, {GST_VIDEO_FORMAT_Y42B, PIXFER_FORMAT_I422},
    {GST_VIDEO_FORMAT_NV24, PIXFER_FORMAT_NV24}, {GST_VIDEO_FORMAT_Y444, PIXFER_FORMAT_I444},
    {NATIVE(Y444_10), PIXFER_FORMAT_I410},       {GST_VIDEO_FORMAT_UNKNOWN, 0},
};

static const struct format *find(const struct format *table, GstVideoFormat format)
{
    for (; table->gst != GST_VIDEO_FORMAT_UNKNOWN; table++)
        if (table->gst == format)
            return table;
    return NULL;
}

/* What packed 4:2:2 becomes: the first four above. */
static gboolean is_8bit_420(GstVideoFormat format)
{
    const struct format *f = find(made, format);
    return f && f - made < 4;
}

/* How far a format is from what every decoder plays: more bits, then finer chroma. */
static int rank(GstVideoFormat format)
{
    const GstVideoFormatInfo *info = gst_video_format_get_info(format);
    return 4 * GST_VIDEO_FORMAT_INFO_DEPTH(info, 0) - 2 * GST_VIDEO_FORMAT_INFO_W_SUB(info, 1) -
           GST_VIDEO_FORMAT_INFO_H_SUB(info, 1);
}

static void append_string(GValue *list, const char *text)
{
    GValue value = G_VALUE_INIT;
    g_value_init(&value, G_TYPE_STRING);
    g_value_set_string(&value, text);
    gst_value_list_append_and_take_value(list, &value);
}

static void append_formats(GValue *list, const struct format *table, gboolean only_8bit_420)
{
    for (; table->gst != GST_VIDEO_FORMAT_UNKNOWN; table++)
        if (!only_8bit_420 || is_8bit_420(table->gst))
            append_string(list, gst_video_format_to_string(table->gst));
}

GstCaps *pixfer_gst_template_caps(void)
{
    GstCaps *caps = gst_caps_from_string("video/x-raw, width = " GST_VIDEO_SIZE_RANGE ", height = " GST_VIDEO_SIZE_RANGE
                                         ", framerate = " GST_VIDEO_FPS_RANGE);
    GValue list = G_VALUE_INIT;
    gst_value_list_init(&list, 32);
    append_formats(&list, rgb, FALSE);
    append_formats(&list, packed, FALSE);
    append_formats(&list, made, FALSE);
    gst_structure_take_value(gst_caps_get_structure(caps, 0), "format", &list);
    return caps;
}

/* ---- Fields that hold a string, or a list of strings ------------------------------------------------------------------------ */

static const char *nth_string(const GstStructure *s, const char *field, guint n)
{
    const GValue *value = gst_structure_get_value(s, field);
    if (value && GST_VALUE_HOLDS_LIST(value)) {
        value = n < gst_value_list_get_size(value) ? gst_value_list_get_value(value, n) : NULL;
        n = 0;
    }
    return value && n == 0 && G_VALUE_HOLDS_STRING(value) ? g_value_get_string(value) : NULL;
}

/* Interlaced frames are refused: rows of two moments share the chroma of 4:2:0. A field that is not there means progressive. */
static gboolean make_progressive(GstStructure *s)
{
    const char *mode;
    if (!gst_structure_has_field(s, "interlace-mode"))
        return TRUE;
    for (guint n = 0; (mode = nth_string(s, "interlace-mode", n)); n++) {
        if (!strcmp(mode, "progressive")) {
            gst_structure_set(s, "interlace-mode", G_TYPE_STRING, "progressive", NULL);
            return TRUE;
        }
    }
    return FALSE;
}

/* ---- Colour ---------------------------------------------------------------------------------------------------------------- */

static const struct {
    enum pixfer_matrix pixfer;
    GstVideoColorMatrix gst;
    GstVideoColorPrimaries primaries; /* that belong to it */
    GstVideoTransferFunction transfer;
} matrices[] = {
    {PIXFER_MATRIX_BT709, GST_VIDEO_COLOR_MATRIX_BT709, GST_VIDEO_COLOR_PRIMARIES_BT709, GST_VIDEO_TRANSFER_BT709},
    {PIXFER_MATRIX_BT601, GST_VIDEO_COLOR_MATRIX_BT601, GST_VIDEO_COLOR_PRIMARIES_SMPTE170M, GST_VIDEO_TRANSFER_BT601},
    {PIXFER_MATRIX_SMPTE240M, GST_VIDEO_COLOR_MATRIX_SMPTE240M, GST_VIDEO_COLOR_PRIMARIES_SMPTE240M,
     GST_VIDEO_TRANSFER_SMPTE240M},
    {PIXFER_MATRIX_BT2020_NCL, GST_VIDEO_COLOR_MATRIX_BT2020, GST_VIDEO_COLOR_PRIMARIES_BT2020, GST_VIDEO_TRANSFER_BT2020_10},
};

/* The index of the matrix that a source's primaries go with: BT.709 for those of screens and whatever is not said. */
static size_t matrix_of_primaries(GstVideoColorPrimaries primaries)
{
    if (primaries == GST_VIDEO_COLOR_PRIMARIES_BT470BG) /* BT.601 with 625 lines */
        primaries = GST_VIDEO_COLOR_PRIMARIES_SMPTE170M;
    for (size_t i = 0; i < G_N_ELEMENTS(matrices); i++)
        if (matrices[i].primaries == primaries)
            return i;
    return 0;
}

static gboolean read_matrix(const GstVideoColorimetry *color, enum pixfer_matrix *matrix)
{
    for (size_t i = 0; i < G_N_ELEMENTS(matrices); i++) {
        if (matrices[i].gst == color->matrix) {
            *matrix = matrices[i].pixfer;
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean read_range(const GstVideoColorimetry *color, enum pixfer_range *range)
{
    *range = color->range == GST_VIDEO_COLOR_RANGE_0_255 ? PIXFER_RANGE_FULL : PIXFER_RANGE_LIMITED;
    return color->range == GST_VIDEO_COLOR_RANGE_0_255 || color->range == GST_VIDEO_COLOR_RANGE_16_235;
}

static gboolean read_siting(GstVideoChromaSite site, gboolean rows_too, enum pixfer_siting *siting)
{
    switch (site) {
    case GST_VIDEO_CHROMA_SITE_NONE:
        *siting = PIXFER_SITING_CENTER;
        return TRUE;
    case GST_VIDEO_CHROMA_SITE_V_COSITED: /* every row has its chroma in 4:2:2 */
        *siting = PIXFER_SITING_CENTER;
        return !rows_too;
    case GST_VIDEO_CHROMA_SITE_H_COSITED:
        *siting = PIXFER_SITING_LEFT;
        return TRUE;
    case GST_VIDEO_CHROMA_SITE_COSITED:
        *siting = PIXFER_SITING_TOP_LEFT;
        return TRUE;
    default:
        return FALSE;
    }
}

static const char *siting_string(enum pixfer_siting siting)
{
    static const char *const names[] = {
        [PIXFER_SITING_LEFT] = "mpeg2", [PIXFER_SITING_CENTER] = "jpeg", [PIXFER_SITING_TOP_LEFT] = "cosited"};
    return names[siting];
}

static gboolean has_chroma_rows(GstVideoFormat format)
{
    return GST_VIDEO_FORMAT_INFO_H_SUB(gst_video_format_get_info(format), 1) != 0;
}

static gboolean is_subsampled(GstVideoFormat format)
{
    return GST_VIDEO_FORMAT_INFO_W_SUB(gst_video_format_get_info(format), 1) != 0;
}

/* One of these colorimetries and sites can be the result of a conversion. */
static gboolean colour_can_be_made(const GstStructure *s)
{
    const char *text;
    gboolean colour = !gst_structure_has_field(s, "colorimetry"), site = !gst_structure_has_field(s, "chroma-site");
    GstVideoColorimetry parsed;
    enum pixfer_matrix matrix;
    enum pixfer_range range;
    enum pixfer_siting siting;

    for (guint n = 0; !colour && (text = nth_string(s, "colorimetry", n)); n++)
        colour = gst_video_colorimetry_from_string(&parsed, text) && read_matrix(&parsed, &matrix) && read_range(&parsed, &range);
    for (guint n = 0; !site && (text = nth_string(s, "chroma-site", n)); n++)
        site = read_siting(gst_video_chroma_site_from_string(text), FALSE, &siting);
    return colour && site;
}

/* Packed 4:2:2 is taken with its chroma on the even columns, where nearly all of it lies; not said means there. */
static gboolean chroma_on_even_columns(const GstStructure *s)
{
    const char *text;
    if (!gst_structure_has_field(s, "chroma-site"))
        return TRUE;
    for (guint n = 0; (text = nth_string(s, "chroma-site", n)); n++)
        if (gst_video_chroma_site_from_string(text) & GST_VIDEO_CHROMA_SITE_H_COSITED)
            return TRUE;
    return FALSE;
}

/* ---- Caps of one side for those of the other --------------------------------------------------------------------------------- */

/* Formats of a structure that are in the tables, by kind. */
struct kinds {
    gboolean rgb, packed, made, made_420;
};

static struct kinds look_at(const GstStructure *s)
{
    struct kinds k = {0};
    const char *name;
    if (!gst_structure_has_field(s, "format"))
        return (struct kinds){TRUE, TRUE, TRUE, TRUE};
    for (guint n = 0; (name = nth_string(s, "format", n)); n++) {
        GstVideoFormat format = gst_video_format_from_string(name);
        k.rgb |= find(rgb, format) != NULL;
        k.packed |= find(packed, format) != NULL;
        k.made |= find(made, format) != NULL;
        k.made_420 |= is_8bit_420(format);
    }
    return k;
}

/* A copy of `s` in these formats; the colour of RGB says nothing of that of Y'CbCr, that of packed 4:2:2 stays. */
static void append_converted(GstCaps *caps, const GstStructure *s, const struct format *formats, gboolean only_8bit_420,
                             gboolean from_rgb)
{
    GstStructure *copy = gst_structure_copy(s);
    GValue list = G_VALUE_INIT;
    gst_value_list_init(&list, 16);
    append_formats(&list, formats, only_8bit_420);
    gst_structure_take_value(copy, "format", &list);
    gst_structure_remove_field(copy, "chroma-site");
    if (from_rgb)
        gst_structure_remove_field(copy, "colorimetry");
    gst_caps_append_structure(caps, copy);
}

GstCaps *pixfer_gst_transform_caps(GstPadDirection direction, GstCaps *caps)
{
    GstCaps *result = gst_caps_new_empty(), *converted = gst_caps_new_empty();
    for (guint i = 0; i < gst_caps_get_size(caps); i++) {
        GstCapsFeatures *features = gst_caps_get_features(caps, i);
        if (features && !gst_caps_features_is_equal(features, GST_CAPS_FEATURES_MEMORY_SYSTEM_MEMORY))
            continue;
        GstStructure *s = gst_structure_copy(gst_caps_get_structure(caps, i));
        struct kinds k = look_at(s);
        if (!make_progressive(s)) {
            gst_structure_free(s);
            continue;
        }
        if (direction == GST_PAD_SINK) {
            if (k.rgb)
                append_converted(converted, s, made, FALSE, TRUE);
            if (k.packed && chroma_on_even_columns(s))
                append_converted(converted, s, made, TRUE, FALSE);
        } else if (colour_can_be_made(s)) {
            if (k.made)
                append_converted(converted, s, rgb, FALSE, TRUE);
            if (k.made_420)
                append_converted(converted, s, packed, FALSE, FALSE);
        }
        gst_caps_append_structure(result, s);
    }
    gst_caps_append(result, converted);
    return gst_caps_simplify(result);
}

/* ---- The choice -------------------------------------------------------------------------------------------------------------- */

/* What the source says of its colour; what it does not say is unknown. */
static GstVideoColorimetry source_colour(const GstCaps *caps)
{
    GstVideoColorimetry color = {0};
    const char *text = gst_structure_get_string(gst_caps_get_structure(caps, 0), "colorimetry");
    if (!text || !gst_video_colorimetry_from_string(&color, text))
        color = (GstVideoColorimetry){0};
    return color;
}

/* Conversion changes neither primaries nor transfer, so the source's are stated; where it states none, those that go with the matrix. */
static GstVideoColorimetry wanted_colour(const GstVideoColorimetry *source, const struct pixfer_gst_wish *wish)
{
    size_t m = matrix_of_primaries(source->primaries);
    for (size_t i = 0; i < G_N_ELEMENTS(matrices); i++)
        if (wish->matrix == (int)matrices[i].pixfer)
            m = i;
    return (GstVideoColorimetry){
        .range = wish->range == PIXFER_RANGE_FULL ? GST_VIDEO_COLOR_RANGE_0_255 : GST_VIDEO_COLOR_RANGE_16_235,
        .matrix = matrices[m].gst,
        .transfer = source->transfer ? source->transfer : matrices[m].transfer,
        .primaries = source->primaries ? source->primaries : matrices[m].primaries,
    };
}

/* What the properties asked for and does not hold is out of the question. */
static gboolean grants(const GstVideoColorimetry *color, const struct pixfer_gst_wish *wish)
{
    enum pixfer_matrix matrix;
    enum pixfer_range range;
    return read_matrix(color, &matrix) && read_range(color, &range) && (wish->matrix < 0 || wish->matrix == (int)matrix) &&
           (wish->range < 0 || wish->range == (int)range);
}

static void choose_colorimetry(GstStructure *s, const GstVideoColorimetry *source, const struct pixfer_gst_wish *wish)
{
    GstVideoColorimetry wanted = wanted_colour(source, wish), color;
    const char *text, *best = NULL;
    int most = -1;

    if (!gst_structure_has_field(s, "colorimetry")) {
        gchar *name = gst_video_colorimetry_to_string(&wanted);
        gst_structure_set(s, "colorimetry", G_TYPE_STRING, name, NULL);
        g_free(name);
        return;
    }
    for (guint n = 0; (text = nth_string(s, "colorimetry", n)); n++) {
        if (!gst_video_colorimetry_from_string(&color, text) || !grants(&color, wish))
            continue;
        int points = 8 * (color.range == wanted.range) + 4 * (color.matrix == wanted.matrix) +
                     2 * (color.primaries == wanted.primaries) + (color.transfer == wanted.transfer);
        if (points > most) {
            most = points;
            best = text;
        }
    }
    if (best) {
        gchar *name = g_strdup(best); /* it lies in what is overwritten */
        gst_structure_set(s, "colorimetry", G_TYPE_STRING, name, NULL);
        g_free(name);
    }
}

/* What GStreamer means by caps of Y'CbCr that say nothing, so that it is said: without it gst_video_info_from_caps overlooks the
 * chroma-site, too. */
static void state_default_colour(GstStructure *s, GstCaps *source)
{
    GstVideoInfo info;
    gchar *name = gst_video_info_from_caps(&info, source) ? gst_video_colorimetry_to_string(&info.colorimetry) : NULL;
    if (name)
        gst_structure_set(s, "colorimetry", G_TYPE_STRING, name, NULL);
    g_free(name);
}

static void choose_site(GstStructure *s, GstVideoFormat format, const struct pixfer_gst_wish *wish)
{
    enum pixfer_siting wanted = wish->siting < 0 ? PIXFER_SITING_LEFT : (enum pixfer_siting)wish->siting, siting;
    const char *text;
    gchar *best = NULL;

    if (!is_subsampled(format))
        return;
    if (!gst_structure_has_field(s, "chroma-site")) {
        gst_structure_set(s, "chroma-site", G_TYPE_STRING, siting_string(wanted), NULL);
        return;
    }
    for (guint n = 0; (text = nth_string(s, "chroma-site", n)); n++) {
        if (!read_siting(gst_video_chroma_site_from_string(text), has_chroma_rows(format), &siting))
            continue;
        if (siting == wanted || (!best && wish->siting < 0)) {
            g_free(best);
            best = g_strdup(text);
            if (siting == wanted)
                break;
        }
    }
    if (best)
        gst_structure_set(s, "chroma-site", G_TYPE_STRING, best, NULL);
    g_free(best);
}

/* The structure and format of `caps` that a source of this format is best made into: the least rank, then the first. */
static GstStructure *choose_format(GstCaps *caps, GstVideoFormat source, GstVideoFormat *chosen)
{
    GstStructure *best = NULL;
    const char *name;
    for (guint i = 0; i < gst_caps_get_size(caps); i++) {
        GstStructure *s = gst_caps_get_structure(caps, i);
        for (guint n = 0; (name = nth_string(s, "format", n)); n++) {
            GstVideoFormat format = gst_video_format_from_string(name);
            if (!find(made, format) || (find(packed, source) && !is_8bit_420(format)))
                continue;
            if (!best || rank(format) < rank(*chosen)) {
                best = s;
                *chosen = format;
            }
        }
    }
    return best;
}

GstCaps *pixfer_gst_fixate(GstCaps *caps, GstCaps *othercaps, const struct pixfer_gst_wish *wish)
{
    GstVideoFormat source = gst_video_format_from_string(gst_structure_get_string(gst_caps_get_structure(caps, 0), "format")),
                   chosen = 0;
    GstVideoColorimetry colour = source_colour(caps);

    if (gst_caps_is_subset(caps, othercaps)) { /* nothing to do is the best that can be done */
        gst_caps_unref(othercaps);
        return gst_caps_ref(caps);
    }
    GstStructure *s = choose_format(othercaps, source, &chosen);
    if (!s)
        return gst_caps_fixate(othercaps);
    GstCaps *result = gst_caps_new_full(gst_structure_copy(s), NULL);
    gst_caps_unref(othercaps);
    s = gst_caps_get_structure(result, 0);
    gst_structure_set(s, "format", G_TYPE_STRING, gst_video_format_to_string(chosen), NULL);
    if (find(rgb, source))
        choose_colorimetry(s, &colour, wish);
    else if (!gst_structure_has_field(s, "colorimetry"))
        state_default_colour(s, caps);
    choose_site(s, chosen, wish);
    return gst_caps_fixate(result);
}

/* ---- The converter of two fixed caps ------------------------------------------------------------------------------------------ */

static gchar *colour_text(const GstVideoColorimetry *color)
{
    gchar *name = gst_video_colorimetry_to_string(color);
    return name ? name : g_strdup("unknown");
}

static gchar *refuse_colour(const GstVideoColorimetry *found, const struct pixfer_gst_wish *wish)
{
    gchar *name = colour_text(found);
    gchar *line =
        wish->matrix >= 0 || wish->range >= 0
            ? g_strdup_printf("colorimetry of the src pad is %s, expected that of the properties matrix and range", name)
            : g_strdup_printf("colorimetry of the src pad is %s, expected a matrix of bt709, bt601, smpte240m or bt2020", name);
    g_free(name);
    return line;
}

gchar *pixfer_gst_params(const GstVideoInfo *in, const GstVideoInfo *out, const struct pixfer_gst_wish *wish,
                         struct pixfer_converter_params *params)
{
    GstVideoFormat from = GST_VIDEO_INFO_FORMAT(in), to = GST_VIDEO_INFO_FORMAT(out);
    const struct format *source = find(rgb, from), *target = find(made, to);
    gboolean is_rgb = source != NULL;
    struct pixfer_color color = {0};

    if (!source)
        source = find(packed, from);
    if (!source || !target || (!is_rgb && !is_8bit_420(to)))
        return g_strdup_printf("%s is not converted to %s", gst_video_format_to_string(from), gst_video_format_to_string(to));
    if (GST_VIDEO_INFO_IS_INTERLACED(in) || GST_VIDEO_INFO_IS_INTERLACED(out))
        return g_strdup_printf("interlace-mode is %s, expected progressive",
                               gst_video_interlace_mode_to_string(GST_VIDEO_INFO_INTERLACE_MODE(in)));
    if (is_rgb) {
        if (!grants(&out->colorimetry, wish))
            return refuse_colour(&out->colorimetry, wish);
        read_matrix(&out->colorimetry, &color.matrix);
        read_range(&out->colorimetry, &color.range);
    } else if (!gst_video_colorimetry_is_equal(&in->colorimetry, &out->colorimetry)) {
        gchar *a = colour_text(&in->colorimetry), *b = colour_text(&out->colorimetry);
        gchar *line = g_strdup_printf("colorimetry is %s on the sink and %s on the src pad, expected the same", a, b);
        g_free(a);
        g_free(b);
        return line;
    }
    if (is_subsampled(to) && (!read_siting(out->chroma_site, has_chroma_rows(to), &color.siting) ||
                              (wish->siting >= 0 && wish->siting != (int)color.siting))) {
        gchar *site = gst_video_chroma_site_to_string(out->chroma_site);
        gchar *line =
            g_strdup_printf("chroma-site of the src pad is %s, expected %s", site ? site : "unknown",
                            wish->siting >= 0 ? siting_string((enum pixfer_siting)wish->siting) : "mpeg2, jpeg or cosited");
        g_free(site);
        return line;
    }
    *params = PIXFER_CONVERTER_PARAMS(.src_format = source->pixfer, .dst_format = target->pixfer,
                                      .width = (uint32_t)GST_VIDEO_INFO_WIDTH(in), .height = (uint32_t)GST_VIDEO_INFO_HEIGHT(in),
                                      .color = color, .backend = PIXFER_BACKEND_CPU);
    return NULL;
}

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/**
 * SECTION:element-pixferconvert
 *
 * Converts RGB to Y'CbCr; every sample is the correctly rounded value of Rec. ITU-T H.273.
 *
 * |[
 * gst-launch-1.0 videotestsrc ! video/x-raw,format=RGBA ! pixferconvert ! x264enc ! mp4mux ! filesink location=out.mp4
 * ]|
 */
#include "convert.h"

#include <pixfer/convert.h>

#include "caps.h"

GST_DEBUG_CATEGORY_STATIC(pixfer_gst_debug);
#define GST_CAT_DEFAULT pixfer_gst_debug

enum { MOST_THREADS = 256, MESSAGE = 512, AUTO = -1 };
enum { PROP_0, PROP_MATRIX, PROP_RANGE, PROP_SITING, PROP_THREADS };

struct _PixferGstConvert {
    GstVideoFilter parent;
    /* Under the object's lock. */
    struct pixfer_gst_wish wish;
    guint threads;
    char message[MESSAGE]; /* the last error of the library */
    /* Of the streaming thread. */
    struct pixfer_converter *converter;
    enum pixfer_format from, to;
    gboolean converted; /* the frame at hand */
};

G_DEFINE_FINAL_TYPE_WITH_CODE(PixferGstConvert, pixfer_gst_convert, GST_TYPE_VIDEO_FILTER,
                              GST_DEBUG_CATEGORY_INIT(pixfer_gst_debug, "pixferconvert", 0, "exact RGB to Y'CbCr conversion"))

/* ---- Properties -------------------------------------------------------------------------------------------------------------- */

static GType matrix_type(void)
{
    static const GEnumValue values[] = {
        {AUTO, "What downstream asks for, else that of the source's primaries, else BT.709", "auto"},
        {PIXFER_MATRIX_BT709, "BT.709", "bt709"},
        {PIXFER_MATRIX_BT601, "BT.601", "bt601"},
        {PIXFER_MATRIX_SMPTE240M, "SMPTE 240M", "smpte240m"},
        {PIXFER_MATRIX_BT2020_NCL, "BT.2020, non-constant luminance", "bt2020"},
        {0, NULL, NULL},
    };
    static gsize type;
    if (g_once_init_enter(&type))
        g_once_init_leave(&type, g_enum_register_static("PixferGstMatrix", values));
    return (GType)type;
}

static GType range_type(void)
{
    static const GEnumValue values[] = {
        {AUTO, "What downstream asks for, else limited", "auto"},
        {PIXFER_RANGE_LIMITED, "Y 16 to 235, Cb and Cr 16 to 240", "limited"},
        {PIXFER_RANGE_FULL, "0 to 255", "full"},
        {0, NULL, NULL},
    };
    static gsize type;
    if (g_once_init_enter(&type))
        g_once_init_leave(&type, g_enum_register_static("PixferGstRange", values));
    return (GType)type;
}

static GType siting_type(void)
{
    static const GEnumValue values[] = {
        {AUTO, "What downstream asks for, else left", "auto"},
        {PIXFER_SITING_LEFT, "chroma-site=mpeg2: what an untagged H.264 stream means", "left"},
        {PIXFER_SITING_CENTER, "chroma-site=jpeg: in the middle of 2 by 2 pixels", "center"},
        {PIXFER_SITING_TOP_LEFT, "chroma-site=cosited: what BT.2020 video uses", "top-left"},
        {0, NULL, NULL},
    };
    static gsize type;
    if (g_once_init_enter(&type))
        g_once_init_leave(&type, g_enum_register_static("PixferGstSiting", values));
    return (GType)type;
}

static void set_property(GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
    PixferGstConvert *self = PIXFER_GST_CONVERT(object);
    GST_OBJECT_LOCK(self);
    switch (id) {
    case PROP_MATRIX:
        self->wish.matrix = g_value_get_enum(value);
        break;
    case PROP_RANGE:
        self->wish.range = g_value_get_enum(value);
        break;
    case PROP_SITING:
        self->wish.siting = g_value_get_enum(value);
        break;
    case PROP_THREADS:
        self->threads = g_value_get_uint(value);
        break;
    default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
    }
    GST_OBJECT_UNLOCK(self);
    gst_base_transform_reconfigure_src(GST_BASE_TRANSFORM(self));
}

static void get_property(GObject *object, guint id, GValue *value, GParamSpec *spec)
{
    PixferGstConvert *self = PIXFER_GST_CONVERT(object);
    GST_OBJECT_LOCK(self);
    switch (id) {
    case PROP_MATRIX:
        g_value_set_enum(value, self->wish.matrix);
        break;
    case PROP_RANGE:
        g_value_set_enum(value, self->wish.range);
        break;
    case PROP_SITING:
        g_value_set_enum(value, self->wish.siting);
        break;
    case PROP_THREADS:
        g_value_set_uint(value, self->threads);
        break;
    default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
    }
    GST_OBJECT_UNLOCK(self);
}

/* ---- Caps -------------------------------------------------------------------------------------------------------------------- */

static GstCaps *transform_caps(GstBaseTransform *transform, GstPadDirection direction, GstCaps *caps, GstCaps *filter)
{
    GstCaps *result = pixfer_gst_transform_caps(direction, caps);
    if (filter) {
        GstCaps *both = gst_caps_intersect_full(filter, result, GST_CAPS_INTERSECT_FIRST);
        gst_caps_unref(result);
        result = both;
    }
    GST_DEBUG_OBJECT(transform, "%" GST_PTR_FORMAT " is for the other side %" GST_PTR_FORMAT, caps, result);
    return result;
}

static GstCaps *fixate_caps(GstBaseTransform *transform, GstPadDirection direction, GstCaps *caps, GstCaps *othercaps)
{
    PixferGstConvert *self = PIXFER_GST_CONVERT(transform);
    struct pixfer_gst_wish wish;
    if (direction == GST_PAD_SRC)
        return gst_caps_fixate(othercaps);
    GST_OBJECT_LOCK(self);
    wish = self->wish;
    GST_OBJECT_UNLOCK(self);
    return pixfer_gst_fixate(caps, othercaps, &wish);
}

static void log_line(void *opaque, int level, const char *message)
{
    static const GstDebugLevel levels[] = {GST_LEVEL_ERROR, GST_LEVEL_WARNING, GST_LEVEL_INFO, GST_LEVEL_DEBUG};
    PixferGstConvert *self = opaque;
    GST_CAT_LEVEL_LOG(GST_CAT_DEFAULT, levels[CLAMP(level, 0, 3)], self, "%s", message);
    if (level == PIXFER_LOG_ERROR) {
        GST_OBJECT_LOCK(self);
        g_strlcpy(self->message, message, sizeof(self->message));
        GST_OBJECT_UNLOCK(self);
    }
}

/* The last error as a copy. */
static gchar *last_error(PixferGstConvert *self, enum pixfer_result result)
{
    GST_OBJECT_LOCK(self);
    gchar *line = g_strdup(self->message[0] ? self->message : pixfer_strerror(result));
    self->message[0] = 0;
    GST_OBJECT_UNLOCK(self);
    return line;
}

static gboolean set_info(GstVideoFilter *filter, GstCaps *in_caps, GstVideoInfo *in, GstCaps *out_caps, GstVideoInfo *out)
{
    PixferGstConvert *self = PIXFER_GST_CONVERT(filter);
    struct pixfer_converter_params params;
    struct pixfer_gst_wish wish;
    enum pixfer_result result;
    guint threads;
    gchar *line;

    pixfer_converter_close(&self->converter);
    if (gst_caps_is_equal(in_caps, out_caps))
        return TRUE; /* the base class hands frames on */
    GST_OBJECT_LOCK(self);
    wish = self->wish;
    threads = self->threads;
    GST_OBJECT_UNLOCK(self);
    line = pixfer_gst_params(in, out, &wish, &params);
    if (!line) {
        params.threads = threads;
        params.log = log_line;
        params.log_opaque = self;
        result = pixfer_converter_open(&self->converter, &params);
        if (result)
            line = last_error(self, result);
    }
    if (line) {
        /* Not refused here: sources and filters that are told so by caps negotiate again, without an end. The first frame ends it. */
        GST_ELEMENT_ERROR(self, CORE, NEGOTIATION, ("%s", line), ("%" GST_PTR_FORMAT " to %" GST_PTR_FORMAT, in_caps, out_caps));
        g_free(line);
        return TRUE;
    }
    self->from = params.src_format;
    self->to = params.dst_format;
    return TRUE;
}

static gboolean stop(GstBaseTransform *transform)
{
    pixfer_converter_close(&PIXFER_GST_CONVERT(transform)->converter);
    return TRUE;
}

/* ---- Frames ------------------------------------------------------------------------------------------------------------------ */

/* Strides are those of the buffer's GstVideoMeta, where it has one. */
static void describe(const GstVideoFrame *frame, enum pixfer_format format, struct pixfer_image *image)
{
    *image = (struct pixfer_image){
        .format = format, .width = (uint32_t)GST_VIDEO_FRAME_WIDTH(frame), .height = (uint32_t)GST_VIDEO_FRAME_HEIGHT(frame)};
    for (unsigned i = 0; i < pixfer_format_planes(format); i++) {
        image->plane[i] = GST_VIDEO_FRAME_PLANE_DATA(frame, i);
        image->stride[i] = GST_VIDEO_FRAME_PLANE_STRIDE(frame, i);
    }
}

static GstFlowReturn transform_frame(GstVideoFilter *filter, GstVideoFrame *in, GstVideoFrame *out)
{
    PixferGstConvert *self = PIXFER_GST_CONVERT(filter);
    struct pixfer_image src, dst;
    enum pixfer_result result;

    if (!self->converter)
        return GST_FLOW_ERROR; /* set_info has said why */
    describe(in, self->from, &src);
    describe(out, self->to, &dst);
    result = pixfer_convert(self->converter, &src, &dst);
    self->converted = !result;
    if (result) {
        gchar *line = last_error(self, result);
        GST_ELEMENT_ERROR(self, STREAM, FAILED, ("a frame cannot be converted: %s", line), (NULL));
        g_free(line);
        return GST_FLOW_ERROR;
    }
    return GST_FLOW_OK;
}

/* A buffer that does not hold what its caps say is left out by a GstVideoFilter with a warning, and what would have been its result
 * goes on unwritten: it shall not. */
static GstFlowReturn transform(GstBaseTransform *base, GstBuffer *in, GstBuffer *out)
{
    PixferGstConvert *self = PIXFER_GST_CONVERT(base);
    GstFlowReturn result;
    self->converted = FALSE;
    result = GST_BASE_TRANSFORM_CLASS(pixfer_gst_convert_parent_class)->transform(base, in, out);
    return result == GST_FLOW_OK && !self->converted ? GST_BASE_TRANSFORM_FLOW_DROPPED : result;
}

/* What speaks of time, size and orientation stays true; what speaks of memory or colour may not. */
static gboolean transform_meta(GstBaseTransform *transform, GstBuffer *out, GstMeta *meta, GstBuffer *in)
{
    const gchar *const *tags = gst_meta_api_type_get_tags(meta->info->api);
    static const gchar *const kept[] = {GST_META_TAG_VIDEO_STR, GST_META_TAG_VIDEO_ORIENTATION_STR, GST_META_TAG_VIDEO_SIZE_STR,
                                        NULL};
    for (; tags && *tags; tags++)
        if (!g_strv_contains(kept, *tags))
            return GST_BASE_TRANSFORM_CLASS(pixfer_gst_convert_parent_class)->transform_meta(transform, out, meta, in);
    return TRUE;
}

/* ---- The class --------------------------------------------------------------------------------------------------------------- */

static void pixfer_gst_convert_class_init(PixferGstConvertClass *klass)
{
    GObjectClass *object = G_OBJECT_CLASS(klass);
    GstElementClass *element = GST_ELEMENT_CLASS(klass);
    GstBaseTransformClass *base = GST_BASE_TRANSFORM_CLASS(klass);
    const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_PLAYING;
    GstCaps *caps = pixfer_gst_template_caps();

    object->set_property = set_property;
    object->get_property = get_property;
    g_object_class_install_property(
        object, PROP_MATRIX,
        g_param_spec_enum("matrix", "Matrix", "Matrix coefficients of what RGB is converted to", matrix_type(), AUTO, flags));
    g_object_class_install_property(
        object, PROP_RANGE, g_param_spec_enum("range", "Range", "Range of what RGB is converted to", range_type(), AUTO, flags));
    g_object_class_install_property(
        object, PROP_SITING, g_param_spec_enum("siting", "Siting", "Where chroma samples are put", siting_type(), AUTO, flags));
    g_object_class_install_property(
        object, PROP_THREADS,
        g_param_spec_uint("n-threads", "Threads", "Threads that convert one frame (0 = choose)", 0, MOST_THREADS, 1, flags));

    gst_element_class_set_static_metadata(element, "Exact RGB to Y'CbCr converter", "Filter/Converter/Video/Colorspace",
                                          "Converts RGB to NV12 and its relatives, every sample rounded correctly",
                                          "the pixfer authors");
    gst_element_class_add_pad_template(element, gst_pad_template_new("sink", GST_PAD_SINK, GST_PAD_ALWAYS, caps));
    gst_element_class_add_pad_template(element, gst_pad_template_new("src", GST_PAD_SRC, GST_PAD_ALWAYS, caps));
    gst_caps_unref(caps);
    gst_type_mark_as_plugin_api(matrix_type(), 0);
    gst_type_mark_as_plugin_api(range_type(), 0);
    gst_type_mark_as_plugin_api(siting_type(), 0);

    base->transform_caps = transform_caps;
    base->fixate_caps = fixate_caps;
    base->transform = transform;
    base->transform_meta = transform_meta;
    base->stop = stop;
    base->passthrough_on_same_caps = TRUE;
    GST_VIDEO_FILTER_CLASS(klass)->set_info = set_info;
    GST_VIDEO_FILTER_CLASS(klass)->transform_frame = transform_frame;
}

static void pixfer_gst_convert_init(PixferGstConvert *self)
{
    self->wish = (struct pixfer_gst_wish){AUTO, AUTO, AUTO};
    self->threads = 1;
}

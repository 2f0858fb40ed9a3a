/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* pixferconvert in a harness: what it negotiates, and that its frames are the library's, byte for byte. */
#include <gst/check/gstharness.h>
#include <gst/video/video.h>
#include <pixfer/convert.h>
#include <string.h>

#include "../../bindings/gstreamer/caps.h"
#include "../../bindings/gstreamer/convert.h"

struct name {
    const char *gst;
    enum pixfer_format pixfer;
};

static const struct name sources[] = {
    {"RGBA", PIXFER_FORMAT_RGBA},          {"RGBx", PIXFER_FORMAT_RGBA},          {"BGRA", PIXFER_FORMAT_BGRA},
    {"BGRx", PIXFER_FORMAT_BGRA},          {"ARGB", PIXFER_FORMAT_ARGB},          {"xRGB", PIXFER_FORMAT_ARGB},
    {"ABGR", PIXFER_FORMAT_ABGR},          {"xBGR", PIXFER_FORMAT_ABGR},          {"RGB", PIXFER_FORMAT_RGB24},
    {"BGR", PIXFER_FORMAT_BGR24},          {"GBR", PIXFER_FORMAT_GBRP},           {"GBRA", PIXFER_FORMAT_GBRP},
    {"YUY2", PIXFER_FORMAT_YUYV},          {"UYVY", PIXFER_FORMAT_UYVY},
#if G_BYTE_ORDER == G_LITTLE_ENDIAN
    {"RGB10A2_LE", PIXFER_FORMAT_RGB10A2}, {"BGR10A2_LE", PIXFER_FORMAT_BGR10A2}, {"RGBA64_LE", PIXFER_FORMAT_RGBA64},
    {"GBR_10LE", PIXFER_FORMAT_GBRP10},    {"GBRA_10LE", PIXFER_FORMAT_GBRP10},   {"GBR_12LE", PIXFER_FORMAT_GBRP12},
    {"GBRA_12LE", PIXFER_FORMAT_GBRP12},
#endif
};
static const struct name made[] = {
    {"NV12", PIXFER_FORMAT_NV12},      {"I420", PIXFER_FORMAT_I420},    {"YV12", PIXFER_FORMAT_YV12},
    {"NV21", PIXFER_FORMAT_NV21},      {"NV16", PIXFER_FORMAT_NV16},    {"Y42B", PIXFER_FORMAT_I422},
    {"NV24", PIXFER_FORMAT_NV24},      {"Y444", PIXFER_FORMAT_I444},    {"P010_10LE", PIXFER_FORMAT_P010},
#if G_BYTE_ORDER == G_LITTLE_ENDIAN
    {"I420_10LE", PIXFER_FORMAT_I010}, {"P012_LE", PIXFER_FORMAT_P012}, {"P016_LE", PIXFER_FORMAT_P016},
    {"Y444_10LE", PIXFER_FORMAT_I410},
#endif
};

static gchar *caps_text(const char *format, int width, int height, const char *more)
{
    return g_strdup_printf("video/x-raw,format=%s,width=%d,height=%d,framerate=30/1,pixel-aspect-ratio=1/1%s%s", format, width,
                           height, *more ? "," : "", more);
}

/* A harness of the element without caps. `properties` as gst_parse_launch reads them. */
static GstHarness *open_element(const char *properties)
{
    gchar *line = g_strdup_printf("pixferconvert %s", properties);
    GstHarness *h = gst_harness_new_parse(line);
    g_free(line);
    return h;
}

static GstHarness *open_with(const char *properties, const char *in, const char *out)
{
    GstHarness *h = open_element(properties);
    gst_harness_set_sink_caps_str(h, out);
    gst_harness_set_src_caps_str(h, in);
    return h;
}

static void fill(guint8 *data, gsize size, guint32 seed)
{
    for (gsize i = 0; i < size; i++) {
        seed = seed * 1664525u + 1013904223u;
        data[i] = (guint8)(seed >> 24);
    }
}

/* A frame of noise with rows `padding` bytes longer than they need, which its GstVideoMeta says; 0: the default layout, no meta. */
static GstBuffer *make_frame(const char *caps, gsize padding, guint32 seed)
{
    GstVideoInfo info;
    GstCaps *parsed = gst_caps_from_string(caps);
    GstBuffer *buffer;
    GstMapInfo map;
    g_assert_true(gst_video_info_from_caps(&info, parsed));
    gst_caps_unref(parsed);
    if (!padding) {
        buffer = gst_buffer_new_allocate(NULL, GST_VIDEO_INFO_SIZE(&info), NULL);
    } else {
        gsize offset[GST_VIDEO_MAX_PLANES] = {0}, end = padding;
        gint stride[GST_VIDEO_MAX_PLANES] = {0};
        for (guint i = 0; i < GST_VIDEO_INFO_N_PLANES(&info); i++) {
            offset[i] = end;
            stride[i] = GST_VIDEO_INFO_PLANE_STRIDE(&info, i) + (gint)padding;
            end += (gsize)stride[i] * (gsize)GST_VIDEO_INFO_HEIGHT(&info);
        }
        buffer = gst_buffer_new_allocate(NULL, end, NULL);
        gst_buffer_add_video_meta_full(buffer, GST_VIDEO_FRAME_FLAG_NONE, GST_VIDEO_INFO_FORMAT(&info),
                                       (guint)GST_VIDEO_INFO_WIDTH(&info), (guint)GST_VIDEO_INFO_HEIGHT(&info),
                                       GST_VIDEO_INFO_N_PLANES(&info), offset, stride);
    }
    g_assert_true(gst_buffer_map(buffer, &map, GST_MAP_WRITE));
    fill(map.data, map.size, seed);
    gst_buffer_unmap(buffer, &map);
    GST_BUFFER_PTS(buffer) = seed * GST_SECOND;
    return buffer;
}

static GstVideoInfo info_of(GstHarness *h, gboolean sink)
{
    GstVideoInfo info;
    GstCaps *caps = gst_pad_get_current_caps(sink ? h->sinkpad : h->srcpad);
    g_assert_nonnull(caps);
    g_assert_true(gst_video_info_from_caps(&info, caps));
    gst_caps_unref(caps);
    return info;
}

static struct pixfer_image image_of(const GstVideoFrame *frame, enum pixfer_format format)
{
    struct pixfer_image image = {
        .format = format, .width = (guint)GST_VIDEO_FRAME_WIDTH(frame), .height = (guint)GST_VIDEO_FRAME_HEIGHT(frame)};
    for (guint i = 0; i < pixfer_format_planes(format); i++) {
        image.plane[i] = GST_VIDEO_FRAME_PLANE_DATA(frame, i);
        image.stride[i] = GST_VIDEO_FRAME_PLANE_STRIDE(frame, i);
    }
    return image;
}

/* `out` holds what the library makes of `in`, row by row; the plane order of YV12 is memory's in both. */
static void check_frame(GstHarness *h, GstBuffer *in, GstBuffer *out, const struct name *from, const struct name *to,
                        struct pixfer_color color)
{
    GstVideoInfo in_info = info_of(h, FALSE), out_info = info_of(h, TRUE);
    GstVideoFrame a, b;
    g_assert_cmpint(GST_VIDEO_INFO_FORMAT(&out_info), ==, gst_video_format_from_string(to->gst));
    g_assert_true(gst_video_frame_map(&a, &in_info, in, GST_MAP_READ));
    g_assert_true(gst_video_frame_map(&b, &out_info, out, GST_MAP_READ));
    struct pixfer_image src = image_of(&a, from->pixfer), dst, found = image_of(&b, to->pixfer);
    struct pixfer_converter *c;
    gsize size = pixfer_image_layout(&dst, to->pixfer, src.width, src.height, NULL, 1);
    guint8 *memory = g_malloc(size);
    pixfer_image_layout(&dst, to->pixfer, src.width, src.height, memory, 1);
    g_assert_cmpint(pixfer_converter_open(&c, &PIXFER_CONVERTER_PARAMS(.src_format = from->pixfer, .dst_format = to->pixfer,
                                                                       .width = src.width, .height = src.height, .color = color,
                                                                       .threads = 1, .cpu = "c")),
                    ==, 0);
    g_assert_cmpint(pixfer_convert(c, &src, &dst), ==, 0);
    pixfer_converter_close(&c);
    for (guint p = 0; p < pixfer_format_planes(to->pixfer); p++) {
        size_t row, rows;
        pixfer_plane_size(to->pixfer, src.width, src.height, p, &row, &rows);
        for (size_t y = 0; y < rows; y++)
            g_assert_cmpmem(found.plane[p] + (ptrdiff_t)y * found.stride[p], row, dst.plane[p] + (ptrdiff_t)y * dst.stride[p],
                            row);
    }
    g_free(memory);
    gst_video_frame_unmap(&b);
    gst_video_frame_unmap(&a);
}

/* Pushes a frame and checks what comes. */
static void convert_one(GstHarness *h, const char *in, gsize padding, const struct name *from, const struct name *to,
                        struct pixfer_color color, guint32 seed)
{
    GstBuffer *frame = make_frame(in, padding, seed), *kept = gst_buffer_copy_deep(frame), *result;
    gst_buffer_ref(frame); /* two owners: nobody may write into it */
    g_assert_false(gst_buffer_is_writable(frame));
    g_assert_cmpint(gst_harness_push(h, frame), ==, GST_FLOW_OK);
    result = gst_harness_pull(h);
    g_assert_nonnull(result);
    g_assert_cmpuint(GST_BUFFER_PTS(result), ==, seed * GST_SECOND);
    check_frame(h, kept, result, from, to, color);
    GstMapInfo a, b;
    gst_buffer_map(frame, &a, GST_MAP_READ);
    gst_buffer_map(kept, &b, GST_MAP_READ);
    g_assert_cmpmem(a.data, a.size, b.data, b.size);
    gst_buffer_unmap(kept, &b);
    gst_buffer_unmap(frame, &a);
    gst_buffer_unref(frame);
    gst_buffer_unref(kept);
    gst_buffer_unref(result);
}

static gboolean pair_exists(const struct name *from, const struct name *to)
{
    struct pixfer_converter *c;
    gboolean exists = !pixfer_converter_open(&c, &PIXFER_CONVERTER_PARAMS(.src_format = from->pixfer, .dst_format = to->pixfer,
                                                                          .width = 2, .height = 2, .threads = 1, .cpu = "c"));
    pixfer_converter_close(&c);
    return exists;
}

/* ---- Frames ------------------------------------------------------------------------------------------------------------------- */

/* Every pair of formats that the library has, of odd size, in the default layout and with padded rows; and no other pair. */
static void test_pairs(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(sources); i++)
        for (gsize j = 0; j < G_N_ELEMENTS(made); j++) {
            gchar *in = caps_text(sources[i].gst, 37, 11, ""), *out = g_strdup_printf("video/x-raw,format=%s", made[j].gst);
            GstCaps *caps = gst_caps_from_string(in), *others = pixfer_gst_transform_caps(GST_PAD_SINK, caps);
            GstCaps *wanted = gst_caps_from_string(out);
            g_assert_cmpint(gst_caps_can_intersect(others, wanted), ==, pair_exists(&sources[i], &made[j]));
            gst_caps_unref(wanted);
            gst_caps_unref(others);
            gst_caps_unref(caps);
            if (pair_exists(&sources[i], &made[j])) {
                GstHarness *h = open_with("", in, out);
                convert_one(h, in, 0, &sources[i], &made[j], (struct pixfer_color){0}, 1);
                convert_one(h, in, 24, &sources[i], &made[j], (struct pixfer_color){0}, 2);
                gst_harness_teardown(h);
            }
            g_free(in);
            g_free(out);
        }
}

static const struct name *const rgba = &sources[0], *const nv12 = &made[0];

static void test_sizes(void)
{
    static const int sizes[][2] = {{1, 1}, {2, 1}, {1, 2}, {3, 5}, {17, 1}, {639, 359}, {640, 360}, {1921, 3}};
    for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++) {
        gchar *in = caps_text("RGBA", sizes[i][0], sizes[i][1], "");
        GstHarness *h = open_with(i % 2 ? "n-threads=3" : "", in, "video/x-raw,format=NV12");
        convert_one(h, in, 0, rgba, nv12, (struct pixfer_color){0}, 7);
        convert_one(h, in, 4, rgba, nv12, (struct pixfer_color){0}, 8);
        gst_harness_teardown(h);
        g_free(in);
    }
}

/* Size, format and colour change in the middle of the stream. */
static void test_renegotiation(void)
{
    gchar *first = caps_text("RGBA", 64, 48, ""), *second = caps_text("BGRx", 31, 17, ""), *third = caps_text("NV12", 16, 16, "");
    GstHarness *h = open_with("", first, "video/x-raw,format=NV12");
    convert_one(h, first, 0, rgba, nv12, (struct pixfer_color){0}, 1);
    gst_harness_set_src_caps_str(h, second);
    convert_one(h, second, 8, &sources[3], nv12, (struct pixfer_color){0}, 2);
    gst_harness_set_src_caps_str(h, third); /* nothing to do: the very buffer comes out */
    GstBuffer *frame = make_frame(third, 0, 3), *result;
    g_assert_cmpint(gst_harness_push(h, gst_buffer_ref(frame)), ==, GST_FLOW_OK);
    result = gst_harness_pull(h);
    g_assert_true(result == frame);
    gst_buffer_unref(result);
    gst_buffer_unref(frame);
    gst_harness_set_src_caps_str(h, first);
    convert_one(h, first, 0, rgba, nv12, (struct pixfer_color){0}, 4);
    /* A property that is changed meanwhile counts from the next frame on. */
    gst_harness_set(h, "pixferconvert", "matrix", PIXFER_MATRIX_BT601, "range", PIXFER_RANGE_FULL, "siting", PIXFER_SITING_CENTER,
                    NULL);
    convert_one(h, first, 0, rgba, nv12, (struct pixfer_color){PIXFER_MATRIX_BT601, PIXFER_RANGE_FULL, PIXFER_SITING_CENTER}, 5);
    gst_harness_teardown(h);
    g_free(first);
    g_free(second);
    g_free(third);
}

static void test_flush_and_eos(void)
{
    gchar *in = caps_text("RGBA", 64, 48, "");
    GstHarness *h = open_with("", in, "video/x-raw,format=NV12");
    convert_one(h, in, 0, rgba, nv12, (struct pixfer_color){0}, 1);
    g_assert_true(gst_harness_push_event(h, gst_event_new_flush_start()));
    g_assert_cmpint(gst_harness_push(h, make_frame(in, 0, 2)), ==, GST_FLOW_FLUSHING);
    g_assert_true(gst_harness_push_event(h, gst_event_new_flush_stop(TRUE)));
    GstSegment segment;
    gst_segment_init(&segment, GST_FORMAT_TIME);
    g_assert_true(gst_harness_push_event(h, gst_event_new_segment(&segment)));
    convert_one(h, in, 0, rgba, nv12, (struct pixfer_color){0}, 3);
    g_assert_true(gst_harness_push_event(h, gst_event_new_eos()));
    g_assert_cmpint(gst_harness_push(h, make_frame(in, 0, 4)), ==, GST_FLOW_EOS);
    gst_harness_teardown(h);
    g_free(in);
}

/* Downstream's answer to what it has to offer. */
static GstPadProbeReturn offer_pool(GstPad *pad, GstPadProbeInfo *probe, gpointer pool)
{
    GstQuery *query = GST_PAD_PROBE_INFO_QUERY(probe);
    GstCaps *caps;
    GstVideoInfo info;
    (void)pad;
    if (GST_QUERY_TYPE(query) != GST_QUERY_ALLOCATION)
        return GST_PAD_PROBE_OK;
    gst_query_parse_allocation(query, &caps, NULL);
    g_assert_true(gst_video_info_from_caps(&info, caps));
    gst_query_add_allocation_pool(query, pool, (guint)info.size, 2, 2);
    gst_query_add_allocation_meta(query, GST_VIDEO_META_API_TYPE, NULL);
    return GST_PAD_PROBE_HANDLED;
}

/* Frames are written into the buffers that downstream offers, with their strides, and the pool of two is given back each time. */
static void test_pool(void)
{
    gchar *in = caps_text("RGBA", 37, 11, "");
    GstHarness *h = open_element("");
    GstBufferPool *pool = gst_video_buffer_pool_new();
    GstStructure *config = gst_buffer_pool_get_config(pool);
    GstVideoAlignment align;
    gst_video_alignment_reset(&align);
    align.padding_left = align.padding_top = 16;
    align.padding_right = 32;
    for (guint i = 0; i < GST_VIDEO_MAX_PLANES; i++)
        align.stride_align[i] = 63;
    GstCaps *caps = gst_caps_from_string("video/x-raw,format=NV12,width=37,height=11,framerate=30/1");
    gst_buffer_pool_config_set_params(config, caps, 1000, 2, 2);
    gst_buffer_pool_config_add_option(config, GST_BUFFER_POOL_OPTION_VIDEO_META);
    gst_buffer_pool_config_add_option(config, GST_BUFFER_POOL_OPTION_VIDEO_ALIGNMENT);
    gst_buffer_pool_config_set_video_alignment(config, &align);
    g_assert_true(gst_buffer_pool_set_config(pool, config));
    gst_pad_add_probe(h->sinkpad, GST_PAD_PROBE_TYPE_QUERY_DOWNSTREAM, offer_pool, pool, NULL);
    gst_harness_set_sink_caps_str(h, "video/x-raw,format=NV12");
    gst_harness_set_src_caps_str(h, in);
    for (guint32 i = 0; i < 5; i++) {
        GstBuffer *frame = make_frame(in, i % 2 * 16, i), *result;
        g_assert_cmpint(gst_harness_push(h, gst_buffer_ref(frame)), ==, GST_FLOW_OK);
        result = gst_harness_pull(h);
        g_assert_true(result->pool == pool);
        GstVideoMeta *meta = gst_buffer_get_video_meta(result);
        g_assert_nonnull(meta);
        g_assert_cmpint(meta->stride[0], >=, 37 + 16 + 32);
        g_assert_cmpint(meta->stride[0] % 64, ==, 0);
        check_frame(h, frame, result, rgba, nv12, (struct pixfer_color){0});
        gst_buffer_unref(frame);
        gst_buffer_unref(result);
    }
    gst_harness_teardown(h);
    gst_object_unref(pool);
    gst_caps_unref(caps);
    g_free(in);
}

/* ---- Negotiation --------------------------------------------------------------------------------------------------------------- */

/* What the element makes of `in` where downstream takes `out`, as the src pad's caps; NULL where there is no way. */
static gchar *negotiated(const char *properties, const char *in, const char *out)
{
    GstHarness *h = open_with(properties, in, out);
    gchar *text = NULL;
    if (gst_harness_push(h, make_frame(in, 0, 1)) == GST_FLOW_OK) {
        GstCaps *caps = gst_pad_get_current_caps(h->sinkpad);
        GstStructure *s = gst_caps_get_structure(caps, 0);
        const char *colorimetry = gst_structure_get_string(s, "colorimetry"), *site = gst_structure_get_string(s, "chroma-site");
        text = g_strdup_printf("%s %s %s", gst_structure_get_string(s, "format"), colorimetry ? colorimetry : "-",
                               site ? site : "-");
        gst_caps_unref(caps);
    }
    gst_harness_teardown(h);
    return text;
}

static void test_negotiation(void)
{
    static const struct {
        const char *properties, *format, *more, *out, *expected;
    } cases[] = {
        /* What all decoders play, NV12 first; 4:4:4 and 10 bits only if there is nothing else. */
        {"", "RGBA", "", "video/x-raw,format={Y444,Y42B,I420,YV12,NV12,Y444_10LE}", "NV12 bt709 mpeg2"},
        {"", "RGBA", "", "video/x-raw,format={Y444,Y42B,YV12,I420}", "I420 bt709 mpeg2"},
        {"", "RGBA", "", "video/x-raw,format={NV24,P010_10LE,NV12,I420}", "NV12 bt709 mpeg2"},
        {"", "BGRx", "", "video/x-raw,format={Y444,NV16}", "NV16 bt709 mpeg2"},
        {"", "BGRx", "", "video/x-raw,format={Y444}", "Y444 bt709 -"},
        {"", "BGRx", "", "video/x-raw,format={RGBx,BGRx,NV12}", "BGRx - -"},
        {"", "RGB", "", "video/x-raw,format={P010_10LE,Y444}", "Y444 bt709 -"},
        /* Colour: what downstream asks for; the source's primaries and transfer; the properties. */
        {"", "RGBA", "", "video/x-raw,format=NV12,colorimetry=bt601", "NV12 bt601 mpeg2"},
        {"", "RGBA", "", "video/x-raw,format=NV12,colorimetry={(string)bt601,(string)bt709}", "NV12 bt709 mpeg2"},
        {"", "RGBA", "", "video/x-raw,format=NV12,colorimetry=1:4:16:4,chroma-site=jpeg", "NV12 1:4:16:4 jpeg"},
        {"", "RGBA", "", "video/x-raw,format=I420,chroma-site={(string)jpeg,(string)cosited}", "I420 bt709 jpeg"},
        {"siting=top-left", "RGBA", "", "video/x-raw,format=I420,chroma-site={(string)jpeg,(string)cosited}",
         "I420 bt709 cosited"},
        {"", "RGBA", "colorimetry=sRGB", "video/x-raw,format=NV12", "NV12 2:3:7:1 mpeg2"},
        {"", "RGBA", "colorimetry=1:1:14:7", "video/x-raw,format=P010_10LE", "P010_10LE bt2100-pq mpeg2"},
        {"", "RGBA", "colorimetry=1:1:7:4", "video/x-raw,format=NV12", "NV12 2:4:7:4 mpeg2"},
        {"matrix=bt2020", "RGBA", "", "video/x-raw,format=P010_10LE", "P010_10LE bt2020-10 mpeg2"},
        {"matrix=smpte240m siting=center range=full", "RGBA", "", "video/x-raw,format=NV12", "NV12 1:5:6:5 jpeg"},
        {"matrix=bt601", "RGBA", "", "video/x-raw,format=NV12,colorimetry={(string)bt709,(string)bt601}", "NV12 bt601 mpeg2"},
        /* Packed 4:2:2 keeps its colour; its chroma lies on the even columns. */
        {"", "YUY2", "colorimetry=bt601", "video/x-raw,format={Y444,I420}", "I420 bt601 mpeg2"},
        {"siting=center", "UYVY", "colorimetry=bt709,chroma-site=mpeg2", "video/x-raw,format=NV12", "NV12 bt709 jpeg"},
        {"", "YUY2", "", "video/x-raw,format=NV12", "NV12 bt601 mpeg2"},
        /* What has no way. */
        {"", "YUY2", "", "video/x-raw,format={Y444,P010_10LE,NV16}", NULL},
        {"", "YUY2", "chroma-site=jpeg", "video/x-raw,format=NV12", NULL},
        {"", "YUY2", "colorimetry=bt601", "video/x-raw,format=NV12,colorimetry=bt709", NULL},
        {"", "RGBA", "interlace-mode=interleaved", "video/x-raw,format=NV12", NULL},
        {"", "RGBA", "interlace-mode=mixed", "video/x-raw", NULL},
        {"", "NV12", "interlace-mode=interleaved", "video/x-raw", NULL},
        {"", "NV12", "", "video/x-raw,format=RGBA", NULL},
        {"", "NV12", "", "video/x-raw,format=I420", NULL},
        {"", "RGBA", "", "video/x-raw,format=NV12,colorimetry=2:2:5:1", NULL},
        {"", "RGBA", "", "video/x-raw,format=NV12,width=32", NULL},
        {"matrix=bt709", "RGBA", "", "video/x-raw,format=NV12,colorimetry=bt601", NULL},
        {"siting=left", "RGBA", "", "video/x-raw,format=NV12,chroma-site=jpeg", NULL},
        {"", "RGBA", "", "video/x-raw,format=NV12,chroma-site=dv", NULL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        gchar *in = caps_text(cases[i].format, 64, 48, cases[i].more);
        gchar *found = negotiated(cases[i].properties, in, cases[i].out);
        if (g_strcmp0(found, cases[i].expected))
            g_error("%s %s to %s: found %s, expected %s", cases[i].properties, in, cases[i].out, found ? found : "no way",
                    cases[i].expected ? cases[i].expected : "no way");
        g_free(found);
        g_free(in);
    }
}

/* An interlaced stream that says so in the middle ends it. */
static void test_interlaced_later(void)
{
    gchar *in = caps_text("RGBA", 64, 48, ""), *later = caps_text("RGBA", 64, 48, "interlace-mode=interleaved");
    GstHarness *h = open_with("", in, "video/x-raw,format=NV12");
    convert_one(h, in, 0, rgba, nv12, (struct pixfer_color){0}, 1);
    gst_harness_set_src_caps_str(h, later);
    g_assert_cmpint(gst_harness_push(h, make_frame(in, 0, 2)), ==, GST_FLOW_NOT_NEGOTIATED);
    gst_harness_teardown(h);
    g_free(in);
    g_free(later);
}

static void test_colours(void)
{
    static const struct {
        const char *caps;
        struct pixfer_color color;
    } cases[] = {
        {"colorimetry=bt709,chroma-site=mpeg2", {PIXFER_MATRIX_BT709, PIXFER_RANGE_LIMITED, PIXFER_SITING_LEFT}},
        {"colorimetry=bt601,chroma-site=jpeg", {PIXFER_MATRIX_BT601, PIXFER_RANGE_LIMITED, PIXFER_SITING_CENTER}},
        {"colorimetry=smpte240m,chroma-site=cosited", {PIXFER_MATRIX_SMPTE240M, PIXFER_RANGE_LIMITED, PIXFER_SITING_TOP_LEFT}},
        {"colorimetry=bt2020,chroma-site=cosited", {PIXFER_MATRIX_BT2020_NCL, PIXFER_RANGE_LIMITED, PIXFER_SITING_TOP_LEFT}},
        {"colorimetry=1:3:5:1,chroma-site=jpeg", {PIXFER_MATRIX_BT709, PIXFER_RANGE_FULL, PIXFER_SITING_CENTER}},
    };
    gchar *in = caps_text("RGBA", 37, 12, "");
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        gchar *out = g_strdup_printf("video/x-raw,format=NV12,%s", cases[i].caps);
        GstHarness *h = open_with("", in, out);
        convert_one(h, in, 0, rgba, nv12, cases[i].color, (guint32)i);
        gst_harness_teardown(h);
        g_free(out);
    }
    g_free(in);
}

/* ---- What comes from outside and is wrong -------------------------------------------------------------------------------------- */

/* The message that the element posted; what it says is one line. */
static gchar *posted_error(GstHarness *h)
{
    GstBus *bus = gst_element_get_bus(h->element);
    GstMessage *message = gst_bus_pop_filtered(bus, GST_MESSAGE_ERROR);
    GError *error = NULL;
    gchar *text;
    gst_object_unref(bus);
    if (!message)
        return NULL;
    gst_message_parse_error(message, &error, NULL);
    text = g_strdup(error->message);
    g_error_free(error);
    gst_message_unref(message);
    return text;
}

static GstHarness *with_bus(GstHarness *h)
{
    GstBus *bus = gst_bus_new();
    gst_element_set_bus(h->element, bus);
    gst_object_unref(bus);
    return h;
}

/* Messages on the bus hold the element, which holds the bus. */
static void close_with_bus(GstHarness *h)
{
    GstBus *bus = gst_element_get_bus(h->element);
    gst_bus_set_flushing(bus, TRUE);
    gst_object_unref(bus);
    gst_harness_teardown(h);
}

static void test_hostile(void)
{
    gchar *in = caps_text("RGBA", 64, 48, "");
    /* A buffer too small for its caps is left out, as by every GstVideoFilter. */
    GstHarness *h = with_bus(open_with("", in, "video/x-raw,format=NV12"));
    g_assert_cmpint(gst_harness_push(h, gst_buffer_new_allocate(NULL, 64, NULL)), ==, GST_FLOW_OK);
    g_assert_cmpuint(gst_harness_buffers_received(h), ==, 0);
    close_with_bus(h);

    /* Rows that overlap: a stride shorter than a row. */
    h = with_bus(open_with("", in, "video/x-raw,format=NV12"));
    GstBuffer *frame = gst_buffer_new_allocate(NULL, 64 * 48 * 4, NULL);
    gsize offset[GST_VIDEO_MAX_PLANES] = {0};
    gint stride[GST_VIDEO_MAX_PLANES] = {100};
    gst_buffer_memset(frame, 0, 1, gst_buffer_get_size(frame));
    gst_buffer_add_video_meta_full(frame, GST_VIDEO_FRAME_FLAG_NONE, GST_VIDEO_FORMAT_RGBA, 64, 48, 1, offset, stride);
    g_assert_cmpint(gst_harness_push(h, frame), ==, GST_FLOW_ERROR);
    gchar *text = posted_error(h);
    g_assert_nonnull(text);
    g_assert_nonnull(strstr(text, "stride"));
    g_assert_null(strchr(text, '\n'));
    g_free(text);
    close_with_bus(h);

    /* The library refuses: one error, and the stream ends. */
    g_setenv("PIXFER_CPU", "none", TRUE);
    h = with_bus(open_element(""));
    gst_harness_set_sink_caps_str(h, "video/x-raw,format=NV12");
    gst_harness_set_src_caps_str(h, in);
    g_assert_cmpint(gst_harness_push(h, make_frame(in, 0, 1)), ==, GST_FLOW_ERROR);
    text = posted_error(h);
    g_assert_nonnull(text);
    g_assert_nonnull(strstr(text, "\"none\""));
    g_free(text);
    g_unsetenv("PIXFER_CPU");
    close_with_bus(h);
    g_free(in);
}

/* Metas that speak of time and place come along, those of memory do not. */
static void test_metas(void)
{
    gchar *in = caps_text("RGBA", 64, 48, "");
    GstHarness *h = open_with("", in, "video/x-raw,format=NV12");
    GstBuffer *frame = make_frame(in, 8, 1), *result;
    GstCaps *clock = gst_caps_from_string("timestamp/x-test");
    gst_buffer_add_reference_timestamp_meta(frame, clock, 5, GST_CLOCK_TIME_NONE);
    gst_buffer_add_video_crop_meta(frame)->width = 32;
    g_assert_cmpint(gst_harness_push(h, frame), ==, GST_FLOW_OK);
    result = gst_harness_pull(h);
    g_assert_nonnull(gst_buffer_get_reference_timestamp_meta(result, clock));
    g_assert_nonnull(gst_buffer_get_video_crop_meta(result));
    GstVideoMeta *meta = gst_buffer_get_video_meta(result);
    g_assert_true(!meta || meta->format == GST_VIDEO_FORMAT_NV12);
    gst_caps_unref(clock);
    gst_buffer_unref(result);
    gst_harness_teardown(h);
    g_free(in);
}

int main(int argc, char **argv)
{
    gst_init(&argc, &argv);
    g_test_init(&argc, &argv, NULL);
    /* Refusals are logged, which is no failure. */
    g_log_set_always_fatal(G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_ERROR | G_LOG_FLAG_RECURSION);
    gst_element_register(NULL, "pixferconvert", GST_RANK_NONE, PIXFER_TYPE_GST_CONVERT);
    g_test_add_func("/frames/pairs", test_pairs);
    g_test_add_func("/frames/sizes", test_sizes);
    g_test_add_func("/frames/colours", test_colours);
    g_test_add_func("/frames/renegotiation", test_renegotiation);
    g_test_add_func("/frames/flush-and-eos", test_flush_and_eos);
    g_test_add_func("/frames/pool", test_pool);
    g_test_add_func("/frames/metas", test_metas);
    g_test_add_func("/negotiation/choices", test_negotiation);
    g_test_add_func("/negotiation/interlaced-later", test_interlaced_later);
    g_test_add_func("/hostile", test_hostile);
    return g_test_run();
}

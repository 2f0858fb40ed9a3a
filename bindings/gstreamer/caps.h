/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_GSTREAMER_CAPS_H
#define PIXFER_GSTREAMER_CAPS_H

/* Which caps become which: the only place that knows the names of GStreamer's formats, colorimetry and chroma-site. */

#include <gst/video/video.h>
#include <pixfer/convert.h>

/* What the properties ask for; -1 where the caps decide. */
struct pixfer_gst_wish {
    int matrix, range, siting;
};

/* The caps of both pads' templates: what is converted, and what comes out, which passes untouched as a source. */
GstCaps *pixfer_gst_template_caps(void);

/* The caps of the other side for `caps` of the side `direction`: the same, and what they are converted to or from. */
GstCaps *pixfer_gst_transform_caps(GstPadDirection direction, GstCaps *caps);

/* Chooses among `othercaps`, which it takes, what the source side's fixed `caps` become. */
GstCaps *pixfer_gst_fixate(GstCaps *caps, GstCaps *othercaps, const struct pixfer_gst_wish *wish);

/* What a converter between these needs. NULL, or a line that says why there is none, for g_free. */
gchar *pixfer_gst_params(const GstVideoInfo *in, const GstVideoInfo *out, const struct pixfer_gst_wish *wish,
                         struct pixfer_converter_params *params);

#endif

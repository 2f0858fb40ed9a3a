/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_GSTREAMER_CONVERT_H
#define PIXFER_GSTREAMER_CONVERT_H

#include <gst/video/gstvideofilter.h>

/* The element pixferconvert. */
#define PIXFER_TYPE_GST_CONVERT (pixfer_gst_convert_get_type())
G_DECLARE_FINAL_TYPE(PixferGstConvert, pixfer_gst_convert, PIXFER, GST_CONVERT, GstVideoFilter)

#endif

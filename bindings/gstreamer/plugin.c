/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#define PACKAGE "pixfer"
#include <gst/gst.h>
#include <pixfer/version.h>

#include "convert.h"

#define VERSION                       \
    G_STRINGIFY(PIXFER_VERSION_MAJOR) \
    "." G_STRINGIFY(PIXFER_VERSION_MINOR) "." G_STRINGIFY(PIXFER_VERSION_PATCH)

static gboolean plugin_init(GstPlugin *plugin)
{
    return gst_element_register(plugin, "pixferconvert", GST_RANK_NONE, PIXFER_TYPE_GST_CONVERT);
}

GST_PLUGIN_DEFINE(GST_VERSION_MAJOR, GST_VERSION_MINOR, pixfer, "Exact RGB to Y'CbCr conversion", plugin_init, VERSION, "MIT/X11",
                  "pixfer", "pixfer")

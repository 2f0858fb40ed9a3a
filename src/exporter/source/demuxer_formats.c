/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include <string.h>

#include "demuxer_formats.h"

/* Containers and elementary streams whose bytes are the media. Playlists and scripts (hls, dash, concat, sdp, imf, avisynth), devices and
 * generators (lavfi) are not here: they would read what their author chose, not what the user named. */
static const char *const containers[] = {
    "3g2",       "aac",  "ac3",      "adts",   "aiff",      "alac",      "amr",   "ape",        "apng",        "asf",  "au",
    "av1",       "avi",  "avs2",     "avs3",   "caf",       "cavsvideo", "dirac", "dnxhd",      "dsf",         "dts",  "dtshd",
    "dv",        "eac3", "evc",      "flac",   "flv",       "gif",       "gxf",   "h261",       "h263",        "h264", "hevc",
    "ingenient", "ivf",  "live_flv", "loas",   "m4v",       "matroska",  "mjpeg", "mjpeg_2000", "mlp",         "mov",  "mp3",
    "mpc",       "mpc8", "mpeg",     "mpegts", "mpegvideo", "mpjpeg",    "mxf",   "nsv",        "nut",         "nuv",  "obu",
    "ogg",       "rm",   "rso",      "smjpeg", "spdif",     "swf",       "tak",   "truehd",     "tta",         "vc1",  "vc1test",
    "voc",       "vvc",  "w64",      "wav",    "wtv",       "wv",        "xwma",  "y41p",       "yuv4mpegpipe"};

static const char *first_name(const char *names, size_t *length)
{
    *length = strcspn(names, ",");
    return names;
}

bool pixfer_demuxer_takes(const AVInputFormat *format)
{
    static const char pipe[] = "_pipe";
    size_t length, suffix = sizeof(pipe) - 1;
    const char *name = first_name(format->name, &length);
    for (size_t i = 0; i < sizeof(containers) / sizeof(*containers); i++)
        if (strlen(containers[i]) == length && !memcmp(containers[i], name, length))
            return true;
    /* Single images. An SVG may name other files. */
    return length > suffix && !memcmp(name + length - suffix, pipe, suffix) && strncmp(name, "svg", 3) != 0;
}
#endif

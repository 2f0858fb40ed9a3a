/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_EXPORTER_LIBAV_LOG_H
#define PIXFER_EXPORTER_LIBAV_LOG_H

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <stdbool.h>

/* FFmpeg's log is one for the process and belongs to the program: only pixfer_exporter_route_libav_log sets its callback. What our own
 * contexts say is none of the program's business: adopted, they speak at levels that no callback prints, FFmpeg's own least of all, and
 * where the log is routed here it comes back at the levels it was meant at. Before avcodec_open2. */
enum { PIXFER_LIBAV_ADOPTED = 100, PIXFER_LIBAV_MUTED = 160 }; /* their log_level_offset: of what writes, and of what reads */
void pixfer_libav_adopt_codec(AVCodecContext *codec);
/* The same for a muxer or demuxer, before it is opened. Uses its `opaque`. */
void pixfer_libav_adopt_format(AVFormatContext *format);

/* While quiet, FFmpeg's complaints on this thread are expected (an encoder is being tried): they go to debug. Starting to be
 * quiet forgets the last error; it may be nested. */
void pixfer_libav_quiet(bool quiet);

/* FFmpeg's last error line on this thread since then, "" if none or if its log is not routed here: better than its error numbers. */
const char *pixfer_libav_last_error(void);

#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_EXPORTER_DEMUXER_FORMATS_H
#define PIXFER_EXPORTER_DEMUXER_FORMATS_H

#include <libavformat/avformat.h>
#include <stdbool.h>

/* True for a format that holds its media itself. */
bool pixfer_demuxer_takes(const AVInputFormat *format);

#endif

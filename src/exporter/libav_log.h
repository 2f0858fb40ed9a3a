/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_EXPORTER_LIBAV_LOG_H
#define PIXFER_EXPORTER_LIBAV_LOG_H

#include <stdbool.h>

/* While quiet, FFmpeg's complaints on this thread are expected (an encoder is being tried): they go to debug. Starting to be
 * quiet forgets the last error. */
void pixfer_libav_quiet(bool quiet);

/* FFmpeg's last error line on this thread since then, "" if none or if its log is not routed here: better than its error numbers. */
const char *pixfer_libav_last_error(void);

#endif

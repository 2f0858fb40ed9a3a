/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/log.h>
#include <pixfer/exporter.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "../core/log.h"
#include "../platform/platform.h"
#include "libav_log.h"

/* Above all of FFmpeg's levels, and small enough that the sum fits into the eight bits that it looks at. Whoever reads an input reports
 * what is wrong with it in a line of its own: what FFmpeg says of that is for debugging. */
enum { ADOPTED = PIXFER_LIBAV_ADOPTED, MUTED = PIXFER_LIBAV_MUTED };

static pixfer_shared_lock route_lock = PIXFER_SHARED_LOCK_INIT; /* held while a line is on its way */
static pixfer_log_callback route;
static void *route_opaque;
static _Thread_local unsigned quiet_depth;
static _Thread_local char last_error[200];

static int our_level(int level, bool muted)
{
    if (quiet_depth || muted || level > AV_LOG_WARNING)
        return PIXFER_LOG_DEBUG;
    return level > AV_LOG_ERROR ? PIXFER_LOG_INFO : PIXFER_LOG_WARNING;
}

static void pass_on(const char *line, int level, bool muted)
{
    if (level <= AV_LOG_ERROR) {
        const char *text = strstr(line, "] "); /* behind "[h264_nvenc @ 0x...] " */
        snprintf(last_error, sizeof(last_error), "%.*s", (int)sizeof(last_error) - 1, text ? text + 2 : line);
    }
    pixfer_shared_lock_read(&route_lock);
    if (route)
        pixfer_log_write(&(struct pixfer_log){route, route_opaque, -1}, our_level(level, muted), "%s", line);
    pixfer_shared_lock_end_read(&route_lock);
}

static void receive(void *object, int level, const char *format, va_list list)
{
    static _Thread_local int prefix = 1;
    static _Thread_local char line[400]; /* some come in pieces */
    const bool muted = level >= MUTED;
    level -= muted ? MUTED : level >= ADOPTED ? ADOPTED : 0;
    if (level > AV_LOG_INFO)
        return;
    const size_t before = strlen(line);
    av_log_format_line2(object, level, format, list, line + before, (int)(sizeof(line) - before), &prefix);
    if (!prefix && strlen(line) < sizeof(line) - 1)
        return;
    line[strcspn(line, "\r\n")] = 0;
    if (*line)
        pass_on(line, level, muted);
    *line = 0;
}

void pixfer_exporter_route_libav_log(pixfer_log_callback log, void *opaque)
{
    pixfer_shared_lock_write(&route_lock);
    route = log;
    route_opaque = opaque;
    pixfer_shared_lock_end_write(&route_lock);
    av_log_set_callback(receive);
}

void pixfer_libav_adopt_codec(AVCodecContext *codec)
{
    codec->log_level_offset = av_codec_is_decoder(codec->codec) ? MUTED : ADOPTED;
}

/* libavformat's class has no place for an offset: a copy of it has, in the context's `opaque`, which is the user's. */
static AVClass adopted_format;
static pixfer_lock adopted_format_lock = PIXFER_LOCK_INIT;
static bool adopted_format_made;

static void make_adopted_format(void)
{
    pixfer_lock_take(&adopted_format_lock);
    if (!adopted_format_made) {
        adopted_format = *avformat_get_class();
        adopted_format.log_level_offset_offset = offsetof(AVFormatContext, opaque);
        adopted_format_made = true;
    }
    pixfer_lock_drop(&adopted_format_lock);
}

void pixfer_libav_adopt_format(AVFormatContext *format)
{
    const int offset = format->oformat ? ADOPTED : MUTED;
    make_adopted_format();
    memcpy(&format->opaque, &offset, sizeof(offset));
    format->av_class = &adopted_format;
}

void pixfer_libav_quiet(bool quiet)
{
    if (quiet && !quiet_depth)
        last_error[0] = 0;
    quiet_depth += quiet ? 1u : -1u;
}

const char *pixfer_libav_last_error(void)
{
    return last_error;
}

const char *pixfer_exporter_libav_versions(void)
{
    static char text[160];
    static pixfer_lock mutex = PIXFER_LOCK_INIT;
    unsigned c = avcodec_version(), f = avformat_version(), u = avutil_version();
    pixfer_lock_take(&mutex);
    if (!*text) /* once: others may be reading it */
        snprintf(text, sizeof(text), "libavcodec %u.%u.%u, libavformat %u.%u.%u, libavutil %u.%u.%u", c >> 16, c >> 8 & 255,
                 c & 255, f >> 16, f >> 8 & 255, f & 255, u >> 16, u >> 8 & 255, u & 255);
    pixfer_lock_drop(&mutex);
    return text;
}
#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#define _GNU_SOURCE

/* Preloaded, it stands in front of libavcodec. It refuses the frame with the number in PIXFER_TEST_FAIL_AT, as hardware does whose driver
 * has gone; and gives packets back PIXFER_TEST_OFF units from the time of their frame, as hardware does that counts in units of its own. */
#include <dlfcn.h>
#include <libavcodec/avcodec.h>
#include <stdlib.h>

__attribute__((visibility("default"))) int avcodec_send_frame(AVCodecContext *codec, const AVFrame *frame)
{
    static int pictures;
    int (*real)(AVCodecContext *, const AVFrame *) =
        (int (*)(AVCodecContext *, const AVFrame *))(uintptr_t)dlsym(RTLD_NEXT, "avcodec_send_frame");
    const char *at = getenv("PIXFER_TEST_FAIL_AT");
    if (codec->codec_type == AVMEDIA_TYPE_VIDEO && frame && at && ++pictures > atoi(at))
        return AVERROR_EXTERNAL;
    return real(codec, frame);
}

__attribute__((visibility("default"))) int avcodec_receive_packet(AVCodecContext *codec, AVPacket *packet)
{
    int (*real)(AVCodecContext *, AVPacket *) =
        (int (*)(AVCodecContext *, AVPacket *))(uintptr_t)dlsym(RTLD_NEXT, "avcodec_receive_packet");
    const char *off = getenv("PIXFER_TEST_OFF");
    const int error = real(codec, packet);
    if (!error && off && codec->codec_type == AVMEDIA_TYPE_VIDEO && packet->pts > 0) { /* 0 is rounded to 0 */
        packet->pts += atoi(off);
        packet->dts += atoi(off);
    }
    return error;
}

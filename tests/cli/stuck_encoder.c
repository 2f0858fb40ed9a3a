/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#define _GNU_SOURCE

/* Preloaded, it stands in front of libavcodec and does not come back from the frame with the number in PIXFER_TEST_STICK_AT, as
 * hardware does whose driver hangs. */
#include <dlfcn.h>
#include <libavcodec/avcodec.h>
#include <stdlib.h>
#include <unistd.h>

__attribute__((visibility("default"))) int avcodec_send_frame(AVCodecContext *codec, const AVFrame *frame)
{
    static int frames;
    int (*real)(AVCodecContext *, const AVFrame *) =
        (int (*)(AVCodecContext *, const AVFrame *))(uintptr_t)dlsym(RTLD_NEXT, "avcodec_send_frame");
    const char *at = getenv("PIXFER_TEST_STICK_AT");
    if (codec->codec_type == AVMEDIA_TYPE_VIDEO && frame && at && ++frames > atoi(at))
        for (;;)
            pause();
    return real(codec, frame);
}

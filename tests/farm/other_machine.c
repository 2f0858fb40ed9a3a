/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#define _GNU_SOURCE

/* Preloaded, it makes this machine another one. PIXFER_TEST_PROCESSOR: x264 finds a processor with SSE2 and no more.
 * PIXFER_TEST_LIBAV: libavcodec is of another version. PIXFER_TEST_X264: x264 says that it is another build. */
#include <dlfcn.h>
#include <libavcodec/avcodec.h>
#include <libavutil/opt.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHOWN __attribute__((visibility("default")))

SHOWN unsigned avcodec_version(void)
{
    unsigned (*real)(void) = (unsigned (*)(void))(uintptr_t)dlsym(RTLD_NEXT, "avcodec_version");
    return getenv("PIXFER_TEST_LIBAV") ? AV_VERSION_INT(1, 2, 3) : real();
}

SHOWN int avcodec_open2(AVCodecContext *codec, const AVCodec *what, AVDictionary **options)
{
    int (*real)(AVCodecContext *, const AVCodec *, AVDictionary **) =
        (int (*)(AVCodecContext *, const AVCodec *, AVDictionary **))(uintptr_t)dlsym(RTLD_NEXT, "avcodec_open2");
    if (getenv("PIXFER_TEST_PROCESSOR") && what && !strcmp(what->name, "libx264")) {
        const AVDictionaryEntry *given = av_dict_get(*options, "x264-params", NULL, 0);
        char text[400];
        snprintf(text, sizeof(text), "%s%sasm=SSE2", given ? given->value : "", given ? ":" : "");
        av_dict_set(options, "x264-params", text, 0);
    }
    return real(codec, what, options);
}

SHOWN int avcodec_receive_packet(AVCodecContext *codec, AVPacket *packet)
{
    int (*real)(AVCodecContext *, AVPacket *) =
        (int (*)(AVCodecContext *, AVPacket *))(uintptr_t)dlsym(RTLD_NEXT, "avcodec_receive_packet");
    int error = real(codec, packet);
    char *at = error >= 0 && getenv("PIXFER_TEST_X264") ? memmem(packet->data, (size_t)packet->size, "core 164", 8) : NULL;
    if (at)
        memcpy(at, "core 999", 8);
    return error;
}

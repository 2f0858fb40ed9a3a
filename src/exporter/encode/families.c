/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include <stdio.h>
#include <string.h>

#include "video.h"

/* The encoders that are known: adding one is a row here and its words in options.c. */

#define NV12 AV_PIX_FMT_NV12
#define I420 AV_PIX_FMT_YUV420P
#define NONE AV_PIX_FMT_NONE
#define P010 AV_PIX_FMT_P010
#define I010 AV_PIX_FMT_YUV420P10
#define I444 AV_PIX_FMT_YUV444P
#define I410 AV_PIX_FMT_YUV444P10
#define H264 AV_CODEC_ID_H264
#define HEVC AV_CODEC_ID_HEVC
#define AV1 AV_CODEC_ID_AV1
#define MEMORY AV_HWDEVICE_TYPE_NONE, NONE /* no device, no surfaces */

const char *const pixfer_x264_presets[] = {"ultrafast", "superfast", "veryfast", "faster",  "fast", "medium",
                                           "slow",      "slower",    "veryslow", "placebo", NULL};
static const char *const no_presets[] = {NULL};
static const char *const nvenc_presets[] = {"p1", "p2", "p3", "p4", "p5", "p6", "p7", "default", "hp", "hq", "lossless", NULL};

/* In the order of auto. Names that this libavcodec lacks are passed over. */
const struct encoder_family pixfer_encoder_families[] = {
    {"h264_videotoolbox",
     true,
     {NV12, I420, NONE},
     AV_HWDEVICE_TYPE_VIDEOTOOLBOX,
     AV_PIX_FMT_VIDEOTOOLBOX,
     no_presets,
     pixfer_encoder_options_videotoolbox,
     H264,
     NONE,
     {NONE, NONE},
     false},
    {"h264_nvenc",
     true,
     {NV12, I420, NONE},
     MEMORY,
     nvenc_presets,
     pixfer_encoder_options_nvenc,
     H264,
     NONE,
     {I444, NONE},
     false},
    {"h264_qsv", true, {NV12, NONE}, MEMORY, no_presets, pixfer_encoder_options_qsv, H264, NONE, {NONE, NONE}, false},
    {"h264_vaapi",
     true,
     {NV12, NONE},
     AV_HWDEVICE_TYPE_VAAPI,
     AV_PIX_FMT_VAAPI,
     no_presets,
     pixfer_encoder_options_vaapi,
     H264,
     NONE,
     {NONE, NONE},
     false},
    {"h264_mf", true, {NV12, I420, NONE}, MEMORY, no_presets, pixfer_encoder_options_mf, H264, NONE, {NONE, NONE}, false},
    {"libx264", false, {NV12, I420, NONE}, MEMORY, no_presets, pixfer_encoder_options_x264, H264, NONE, {I444, NONE}, false},
    {"libopenh264", false, {I420, NONE}, MEMORY, no_presets, pixfer_encoder_options_openh264, H264, NONE, {NONE, NONE}, false},
    {"hevc_videotoolbox",
     true,
     {NV12, I420, NONE},
     AV_HWDEVICE_TYPE_VIDEOTOOLBOX,
     AV_PIX_FMT_VIDEOTOOLBOX,
     no_presets,
     pixfer_encoder_options_videotoolbox,
     HEVC,
     P010,
     {NONE, NONE},
     false},
    {"hevc_nvenc",
     true,
     {NV12, I420, NONE},
     MEMORY,
     nvenc_presets,
     pixfer_encoder_options_nvenc,
     HEVC,
     P010,
     {I444, NONE},
     false},
    {"hevc_qsv", true, {NV12, NONE}, MEMORY, no_presets, pixfer_encoder_options_qsv, HEVC, P010, {NONE, NONE}, false},
    {"hevc_vaapi",
     true,
     {NV12, NONE},
     AV_HWDEVICE_TYPE_VAAPI,
     AV_PIX_FMT_VAAPI,
     no_presets,
     pixfer_encoder_options_vaapi,
     HEVC,
     P010,
     {NONE, NONE},
     false},
    {"hevc_mf", true, {NV12, I420, NONE}, MEMORY, no_presets, pixfer_encoder_options_mf, HEVC, P010, {NONE, NONE}, false},
    {"libx265", false, {I420, NONE}, MEMORY, no_presets, pixfer_encoder_options_x265, HEVC, I010, {I444, I410}, false},
    {"av1_nvenc", true, {NV12, I420, NONE}, MEMORY, nvenc_presets, pixfer_encoder_options_nvenc, AV1, P010, {NONE, NONE}, false},
    {"av1_qsv", true, {NV12, NONE}, MEMORY, no_presets, pixfer_encoder_options_qsv, AV1, P010, {NONE, NONE}, false},
    {"av1_vaapi",
     true,
     {NV12, NONE},
     AV_HWDEVICE_TYPE_VAAPI,
     AV_PIX_FMT_VAAPI,
     no_presets,
     pixfer_encoder_options_vaapi,
     AV1,
     P010,
     {NONE, NONE},
     false},
    {"libaom-av1", false, {I420, NONE}, MEMORY, no_presets, pixfer_encoder_options_aom, AV1, I010, {I444, I410}, false},
    {.name = NULL},
};

/* Not for auto: it writes to stderr itself, which nobody can stop but by its environment. Closed or drained before its first frame it waits
 * for ever for threads of its own that have not begun (SVT-AV1 1.4). */
static const struct encoder_family named_only = {"libsvtav1", false, {I420, NONE}, MEMORY, no_presets, pixfer_encoder_options_svt,
                                                 AV1,         I010,  {NONE, NONE}, true};

/* What an encoder that was asked for by name and is none of these takes is found out by trying. */
static const struct encoder_family unknown_family = {
    "", true, {NV12, I420, NONE}, MEMORY, NULL, pixfer_encoder_options_other, AV_CODEC_ID_NONE, NONE, {NONE, NONE}, false};

const struct encoder_family *pixfer_encoder_family(const char *name)
{
    for (const struct encoder_family *f = pixfer_encoder_families; f->name; f++)
        if (!strcmp(f->name, name))
            return f;
    return !strcmp(named_only.name, name) ? &named_only : &unknown_family;
}

static bool contains(const char *const *list, const char *name)
{
    while (*list && strcmp(*list, name))
        list++;
    return *list != NULL;
}

bool pixfer_encoder_knows_preset(const struct encoder_family *family, const char *preset)
{
    return !preset || !family->presets || contains(pixfer_x264_presets, preset) || contains(family->presets, preset);
}

static void append(char *text, size_t size, const char *const *list)
{
    for (size_t length; *list; list++) {
        length = strlen(text);
        snprintf(text + length, size - length, "%s%s", length ? ", " : "", *list);
    }
}

void pixfer_encoder_list_presets(const struct encoder_family *family, char *text, size_t size)
{
    *text = 0;
    append(text, size, pixfer_x264_presets);
    if (family && family->presets)
        append(text, size, family->presets);
}

static const char *names[sizeof(pixfer_encoder_families) / sizeof(*pixfer_encoder_families)];
static pixfer_lock names_lock = PIXFER_LOCK_INIT;

const char *const *pixfer_encoder_names(void)
{
    pixfer_lock_take(&names_lock);
    if (!names[0])
        for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
            names[i] = pixfer_encoder_families[i].name;
    pixfer_lock_drop(&names_lock);
    return names;
}
#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_BENCH_VIDEO_H
#define PIXFER_BENCH_VIDEO_H

/* What `pixfer bench export` has the ffmpeg program do for it: turn any video into raw frames, and tell how far an export is
 * from its source. A program and not libavfilter, because that library brings so many others that every other command of the
 * tool would start slower and weigh more for it. */

#include <pixfer/image.h>
#include <stdbool.h>

/* Raw frames in a file, rows without gaps unless stride says otherwise. */
struct clip {
    char path[1024]; /* absolute */
    enum pixfer_format format;
    uint32_t width, height;
    size_t stride; /* 0 = no gaps */
    uint32_t fps_num, fps_den;
    uint64_t frames;
};

/* One line; what ffmpeg itself says has gone to standard error. */
struct video_error {
    char text[256];
};

/* Bytes of one frame of the file. */
size_t clip_frame_bytes(const struct clip *clip);

/* Size and rate of a video. scratch is a folder for files that are removed again. */
bool video_probe(const char *path, const char *scratch, struct clip *clip, struct video_error *error);

/* Decodes up to max frames into clip->path as RGBA of the size that video_probe has found, and counts them. */
bool video_decode(const char *path, uint64_t max, struct clip *clip, struct video_error *error);

struct video_quality {
    uint64_t frames;
    double psnr_db; /* of the mean squared error of all frames; INFINITY where nothing differs */
    double ssim;
};

/* Compares the first clip->frames frames of a BT.709 limited-range export with the clip it was made from, in RGB. All exports
 * go back to RGB through the same careful filter, so that the figure is the loss of conversion, 4:2:0 and encoding together. */
bool video_compare(const char *path, const char *scratch, const struct clip *clip, struct video_quality *quality,
                   struct video_error *error);

#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "video.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../src/platform/files.h"
#include "../src/platform/process.h"

#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
static bool
fail(struct video_error *error, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    vsnprintf(error->text, sizeof(error->text), format, list);
    va_end(list);
    return false;
}

static bool run(const char *folder, const char *printed, char *const argv[], struct video_error *error)
{
    struct process_result result;
    if (pixfer_process_run(&result, folder, printed, argv))
        return true;
    if (result.status == 127)
        return fail(error, "there is no %s program in PATH", argv[0]);
    return fail(error, "the %s program ended with status %d", argv[0], result.status);
}

/* ---- Files in the scratch folder ----------------------------------------------------------------------------------------- */

static FILE *open_scratch(const char *scratch, const char *name)
{
    char path[1100];
    snprintf(path, sizeof(path), "%s/%s", scratch, name);
    return pixfer_file_stream(path, "r");
}

static void remove_scratch(const char *scratch, const char *name)
{
    char path[1100];
    snprintf(path, sizeof(path), "%s/%s", scratch, name);
    pixfer_file_unlink(path);
}

/* Sums what follows `key` on every line of a filter's statistics; returns the number of lines that have it. */
static uint64_t sum_lines(const char *scratch, const char *name, const char *key, uint64_t max, double *sum)
{
    char line[512];
    uint64_t count = 0;
    FILE *file = open_scratch(scratch, name);
    *sum = 0;
    while (file && count < max && fgets(line, sizeof(line), file)) {
        const char *at = strstr(line, key);
        if (!at)
            continue;
        *sum += strtod(at + strlen(key), NULL);
        count++;
    }
    if (file)
        fclose(file);
    remove_scratch(scratch, name);
    return count;
}

/* ---- Raw frames ---------------------------------------------------------------------------------------------------------- */

size_t clip_frame_bytes(const struct clip *clip)
{
    struct pixfer_image image;
    size_t row, rows, size = pixfer_image_layout(&image, clip->format, clip->width, clip->height, NULL, 1);
    pixfer_plane_size(clip->format, clip->width, clip->height, 0, &row, &rows);
    return clip->stride ? clip->stride * rows * pixfer_format_planes(clip->format) : size;
}

bool video_probe(const char *path, const char *scratch, struct clip *clip, struct video_error *error)
{
    static const char printed[] = "probe.txt";
    char absolute[1200];
    snprintf(absolute, sizeof(absolute), "%s/%s", scratch, printed);
    /* clang-format off */
    char *argv[] = {"ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries", "stream=width,height,r_frame_rate",
                    "-of", "csv=p=0", (char *)path, NULL};
    /* clang-format on */
    bool good = run(NULL, absolute, argv, error);
    FILE *file = good ? open_scratch(scratch, printed) : NULL;
    clip->fps_num = clip->fps_den = 0;
    if (good && (!file || fscanf(file, "%" SCNu32 ",%" SCNu32 ",%" SCNu32 "/%" SCNu32, &clip->width, &clip->height,
                                 &clip->fps_num, &clip->fps_den) != 4))
        good = fail(error, "%s has no video", path);
    if (file)
        fclose(file);
    remove_scratch(scratch, printed);
    clip->format = PIXFER_FORMAT_RGBA;
    clip->stride = 0;
    if (good && (!clip->fps_num || !clip->fps_den)) {
        clip->fps_num = 60;
        clip->fps_den = 1;
    }
    return good;
}

bool video_decode(const char *path, uint64_t max, struct clip *clip, struct video_error *error)
{
    char count[32];
    struct file_state state;
    snprintf(count, sizeof(count), "%" PRIu64, max < 1000000000 ? max : 1000000000); /* ffmpeg reads a double */
    /* clang-format off */
    char *argv[] = {"ffmpeg", "-v", "error", "-nostdin", "-y", "-noautorotate", "-i", (char *)path, "-map", "0:v:0",
                    "-frames:v", count, "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "rgba", clip->path, NULL};
    /* clang-format on */
    if (!run(NULL, NULL, argv, error))
        return false;
    if (pixfer_file_state(clip->path, &state) || !state.size || (uint64_t)state.size % clip_frame_bytes(clip))
        return fail(error, "%s does not decode to whole frames of %ux%u", path, clip->width, clip->height);
    clip->frames = (uint64_t)state.size / clip_frame_bytes(clip);
    return true;
}

/* ---- Quality ------------------------------------------------------------------------------------------------------------- */

bool video_compare(const char *path, const char *scratch, const struct clip *clip, struct video_quality *quality,
                   struct video_error *error)
{
    char size[32], rate[32], frames[32], graph[512];
    double mse, ssim;
    if (clip->stride)
        return fail(error, "the ffmpeg program takes no raw rows with gaps");
    snprintf(size, sizeof(size), "%ux%u", clip->width, clip->height);
    snprintf(rate, sizeof(rate), "%u/%u", clip->fps_num, clip->fps_den);
    snprintf(frames, sizeof(frames), "%" PRIu64, clip->frames);
    /* Frames are matched by their number. swscale takes unmarked chroma for centered; ours is left, as the stream says. */
    snprintf(graph, sizeof(graph),
             "[0:v]scale=in_color_matrix=bt709:in_range=tv:out_range=pc:in_h_chr_pos=0:in_v_chr_pos=128:flags=accurate_rnd+"
             "full_chroma_int+bicubic,format=gbrp,settb=%u/%u,setpts=N[export];[1:v]format=gbrp,settb=%u/%u,setpts=N,split[a][b];"
             "[export][a]psnr=stats_file=psnr.txt:shortest=1[p];[p][b]ssim=stats_file=ssim.txt:shortest=1",
             clip->fps_den, clip->fps_num, clip->fps_den, clip->fps_num);
    char *format = (char *)pixfer_format_name(clip->format); /* ffmpeg has the same names for the RGB formats */
    /* clang-format off */
    char *argv[] = {"ffmpeg", "-v", "error", "-nostdin", "-i", (char *)path,
                    "-f", "rawvideo", "-pix_fmt", format, "-s", size, "-r", rate, "-i", (char *)clip->path,
                    "-lavfi", graph, "-frames:v", frames, "-f", "null", "-", NULL};
    /* clang-format on */
    bool good = run(scratch, NULL, argv, error);
    uint64_t count = sum_lines(scratch, "psnr.txt", "mse_avg:", clip->frames, &mse);
    if (sum_lines(scratch, "ssim.txt", "All:", clip->frames, &ssim) != count || (good && count != clip->frames))
        good = good && fail(error, "found %" PRIu64 " frames to compare, expected %" PRIu64, count, clip->frames);
    if (!good)
        return false;
    mse /= (double)count;
    *quality = (struct video_quality){count, mse > 0 ? 10 * log10(255 * 255 / mse) : INFINITY, ssim / (double)count};
    return true;
}

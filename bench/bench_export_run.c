/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <math.h>
#include <pixfer/exporter.h>
#include <stdlib.h>
#include <string.h>

#include "../src/platform/files.h"
#include "../src/platform/process.h"
#include "../tools/pixfer/cmd.h"
#include "bench.h"
#include "bench_export.h"

enum { MAX_RUNS = 99 };

struct sample {
    struct process_result process;
    struct pixfer_exporter_stats stats; /* of our own exports only */
};

struct contender {
    const char *name, *title;
    enum pixfer_backend converter; /* for our own exports */
    bool ready, ffmpeg;            /* takes NV12; is the ffmpeg program */
    struct sample *samples;
    char output[1024], reason[256]; /* why it is not there */
    struct video_quality quality;
    char quality_reason[256];
};

/* The order is that of the report; the charts colour the second. */
static const struct contender all[] = {
    {.name = "swscale", .title = "RGBA through swscale", .converter = PIXFER_BACKEND_SWSCALE},
    {.name = "pixfer", .title = "RGBA through pixfer", .converter = PIXFER_BACKEND_CPU},
    {.name = "ready", .title = "ready NV12: the ceiling", .ready = true},
    {.name = "ffmpeg-rgba", .title = "ffmpeg program, RGBA", .ffmpeg = true},
    {.name = "ffmpeg-ready", .title = "ffmpeg program, ready NV12", .ffmpeg = true, .ready = true},
};
enum { CONTENDERS = sizeof(all) / sizeof(all[0]), CEILING = 2, FFMPEG_RGBA = 3, FFMPEG_READY = 4 };

struct job {
    const struct export_bench *bench;
    struct contender *contender;
};

/* ---- Our own exports ----------------------------------------------------------------------------------------------------- */

struct answer {
    enum pixfer_result result;
    struct pixfer_exporter_stats stats;
    char error[256];
};

static int run_export(void *opaque, void *reply)
{
    const struct job *job = opaque;
    const struct export_bench *b = job->bench;
    const struct clip *clip = job->contender->ready ? &b->ready : &b->clip;
    struct answer *answer = reply;
    struct pixfer_input input = PIXFER_INPUT(.name = clip->path, .format = clip->format, .width = clip->width,
                                             .height = clip->height, .stride = clip->stride, .fps_num = clip->fps_num,
                                             .fps_den = clip->fps_den, .loop = b->loops, .end = b->frames, .no_audio = 1);
    struct pixfer_exporter_params params =
        PIXFER_EXPORTER_PARAMS(.converter = job->contender->converter, .encoder = b->encoder, .preset = b->preset,
                               .rate = PIXFER_RATE_CRF, .rate_value = b->crf, .overwrite = 1);
    pixfer_exporter_route_libav_log(NULL, NULL);
    answer->result = pixfer_export(job->contender->output, &input, &params, &answer->stats, answer->error, sizeof(answer->error));
    return answer->result == PIXFER_OK ? 0 : 1;
}

static bool sample_export(struct job *job, struct sample *sample)
{
    struct answer answer = {0};
    struct contender *c = job->contender;
    bool good = pixfer_process_call(&sample->process, run_export, job, &answer, sizeof(answer));
    sample->stats = answer.stats;
    if (good && answer.result == PIXFER_OK && answer.stats.frames == job->bench->frames)
        return true;
    if (good && answer.result == PIXFER_OK)
        snprintf(c->reason, sizeof(c->reason), "exported %" PRIu64 " frames, expected %" PRIu64, answer.stats.frames,
                 job->bench->frames);
    else
        snprintf(c->reason, sizeof(c->reason), "%s",
                 answer.error[0] ? answer.error
                 : good          ? pixfer_strerror(answer.result)
                                 : "its process failed");
    return false;
}

/* ---- The ffmpeg program, with the same encoder settings, colours and tags --------------------------------------------------- */

static bool sample_ffmpeg(struct job *job, struct sample *sample)
{
    const struct export_bench *b = job->bench;
    struct contender *c = job->contender;
    const struct clip *clip = c->ready ? &b->ready : &b->clip;
    char size[32], rate[32], loop[32], frames[32], crf[32];
    snprintf(size, sizeof(size), "%ux%u", clip->width, clip->height);
    snprintf(rate, sizeof(rate), "%u/%u", clip->fps_num, clip->fps_den);
    snprintf(loop, sizeof(loop), "%" PRIu64, b->loops - 1);
    snprintf(frames, sizeof(frames), "%" PRIu64, b->frames);
    snprintf(crf, sizeof(crf), "%g", b->crf);
    char *format = (char *)pixfer_format_name(clip->format); /* ffmpeg has the same names for NV12 and the RGB formats */
    char *filter = c->ready ? "null" : "scale=out_color_matrix=bt709:out_range=tv:out_h_chr_pos=0:out_v_chr_pos=128,format=nv12";
    /* clang-format off */
    char *argv[] = {"ffmpeg", "-v", "error", "-nostdin", "-y", "-stream_loop", loop,
                    "-f", "rawvideo", "-pix_fmt", format, "-s", size, "-r", rate, "-i", (char *)clip->path,
                    "-frames:v", frames, "-vf", filter, "-c:v", (char *)b->encoder, "-preset", (char *)b->preset, "-crf", crf,
                    "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv",
                    "-chroma_sample_location", "left", "-movflags", "+faststart", c->output, NULL};
    /* clang-format on */
    if (pixfer_process_run(&sample->process, NULL, NULL, argv))
        return true;
    if (sample->process.status == 127)
        snprintf(c->reason, sizeof(c->reason), "there is no ffmpeg program in PATH");
    else
        snprintf(c->reason, sizeof(c->reason), "the ffmpeg program ended with status %d", sample->process.status);
    return false;
}

/* Why a contender cannot take part, before anything is run; NULL if it can. */
static const char *excuse(const struct export_bench *b, const struct contender *c)
{
    if (c->ffmpeg && (!b->encoder || strcmp(b->encoder, "libx264")))
        return "its options are given here for libx264 only";
    if (c->ffmpeg && b->clip.stride)
        return "the ffmpeg program takes no raw rows with gaps";
    return c->ready || c->ffmpeg ? NULL : pixfer_backend_missing(c->converter);
}

/* ---- Turns --------------------------------------------------------------------------------------------------------------- */

static int run_all(const struct export_bench *b, struct contender *contenders)
{
    for (unsigned run = 0; run < b->repeat; run++)
        for (unsigned i = 0; i < CONTENDERS; i++) {
            struct contender *c = &contenders[run % 2 ? CONTENDERS - 1 - i : i]; /* nobody always follows the same neighbour */
            struct job job = {b, c};
            if (c->reason[0])
                continue;
            if (pixfer_file_is_terminal(PIXFER_STDERR))
                fprintf(stderr, "\r\033[Krun %u of %u: %s ...", run + 1, b->repeat, c->title);
            if (c->ffmpeg)
                sample_ffmpeg(&job, &c->samples[run]);
            else
                sample_export(&job, &c->samples[run]);
            if (pixfer_process_interrupted())
                return EXIT_INTERRUPTED;
        }
    return EXIT_OK;
}

/* The first pass over the clip says it all: later ones repeat it. */
static int compare_all(const struct export_bench *b, struct contender *contenders)
{
    struct clip clip = b->clip;
    if (clip.frames > b->frames)
        clip.frames = b->frames;
    for (unsigned i = 0; i < CONTENDERS; i++) {
        struct contender *c = &contenders[i];
        struct video_error error;
        if (c->reason[0])
            continue;
        if (pixfer_file_is_terminal(PIXFER_STDERR))
            fprintf(stderr, "\r\033[Kquality: %s ...", c->title);
        if (!video_compare(c->output, b->scratch, &clip, &c->quality, &error))
            snprintf(c->quality_reason, sizeof(c->quality_reason), "%s", error.text);
        if (pixfer_process_interrupted())
            return EXIT_INTERRUPTED;
    }
    return EXIT_OK;
}

/* ---- Results ------------------------------------------------------------------------------------------------------------- */

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, unsigned count)
{
    qsort(values, count, sizeof(*values), ascending);
    return (values[(count - 1) / 2] + values[count / 2]) / 2;
}

enum figure { WALL, CPU, RSS, CONVERT, SHARE };

static double figure_of(const struct sample *s, enum figure figure)
{
    switch (figure) {
    case WALL:
        return s->process.wall_s;
    case CPU:
        return s->process.cpu_s;
    case RSS:
        return (double)s->process.peak_rss_bytes;
    case CONVERT:
        return s->stats.convert_s;
    default:
        return s->stats.wall_s > 0 ? s->stats.convert_s / s->stats.wall_s : 0;
    }
}

static double median_of(const struct export_bench *b, const struct contender *c, enum figure figure)
{
    double values[MAX_RUNS];
    for (unsigned i = 0; i < b->repeat; i++)
        values[i] = figure_of(&c->samples[i], figure);
    return median(values, b->repeat);
}

/* How many times as fast as the other: the ratio of the frames per second that stand in the same table. Medians of the ratios within a
 * turn once contradicted them: "101.5 % of the ceiling" beside 56.9 and 60.4 frames a second. */
static json_t *speed_over(const struct export_bench *b, const struct contender *c, const struct contender *other)
{
    if (other->reason[0])
        return json_null();
    return json_real(median_of(b, other, WALL) / median_of(b, c, WALL));
}

static json_t *runs_json(const struct export_bench *b, const struct contender *c)
{
    json_t *list = json_array();
    for (unsigned i = 0; i < b->repeat; i++) {
        const struct sample *s = &c->samples[i];
        json_t *run = json_pack("{s:f, s:f, s:I}", "wall_s", s->process.wall_s, "cpu_s", s->process.cpu_s, "peak_rss_bytes",
                                (json_int_t)s->process.peak_rss_bytes);
        if (!c->ffmpeg)
            json_object_update_new(run, json_pack("{s:f, s:f, s:f, s:f}", "source_s", s->stats.source_s, "convert_s",
                                                  s->stats.convert_s, "encode_s", s->stats.encode_s, "mux_s", s->stats.mux_s));
        json_array_append_new(list, run);
    }
    return list;
}

static void add_quality(json_t *object, const struct contender *c)
{
    if (c->quality_reason[0])
        json_object_set_new(object, "quality_reason", bench_json_text(c->quality_reason));
    else
        json_object_update_new(object, json_pack("{s:o, s:f, s:I}", "psnr_db",
                                                 isfinite(c->quality.psnr_db) ? json_real(c->quality.psnr_db) : json_null(),
                                                 "ssim", c->quality.ssim, "quality_frames", (json_int_t)c->quality.frames));
}

static json_t *contender_json(const struct export_bench *b, const struct contender *contenders, const struct contender *c)
{
    struct file_state state = {.size = 0};
    double wall = median_of(b, c, WALL);
    pixfer_file_state(c->output, &state);
    json_t *object = json_pack(
        "{s:s, s:s, s:f, s:f, s:f, s:I, s:I, s:o, s:o, s:o}", "name", c->name, "title", c->title, "fps", (double)b->frames / wall,
        "wall_s", wall, "cpu_s", median_of(b, c, CPU), "peak_rss_bytes", (json_int_t)median_of(b, c, RSS), "bytes",
        (json_int_t)state.size, "share_of_ceiling", speed_over(b, c, &contenders[CEILING]), "share_of_ffmpeg_ready",
        speed_over(b, c, &contenders[FFMPEG_READY]), "speed_over_ffmpeg_rgba", speed_over(b, c, &contenders[FFMPEG_RGBA]));
    if (!c->ffmpeg) {
        json_object_update_new(object,
                               json_pack("{s:f, s:f, s:s, s:s, s:s}", "convert_s", median_of(b, c, CONVERT), "convert_share",
                                         median_of(b, c, SHARE), "converter", c->samples[0].stats.backend_name, "isa",
                                         c->samples[0].stats.isa, "encoder", c->samples[0].stats.encoder));
    }
    add_quality(object, c);
    json_object_set_new(object, "runs", runs_json(b, c));
    return object;
}

static void gather(const struct export_bench *b, const struct contender *contenders, json_t *result)
{
    json_t *present = json_array(), *absent = json_array();
    for (unsigned i = 0; i < CONTENDERS; i++) {
        const struct contender *c = &contenders[i];
        if (c->reason[0])
            json_array_append_new(
                absent, json_pack("{s:s, s:s, s:o}", "name", c->name, "title", c->title, "reason", bench_json_text(c->reason)));
        else
            json_array_append_new(present, contender_json(b, contenders, c));
    }
    json_object_set_new(result, "contenders", present);
    json_object_set_new(result, "absent", absent);
}

static bool is_wanted(const char *only, const char *name)
{
    size_t length = strlen(name);
    for (const char *at = only; at && (at = strstr(at, name)); at += length)
        if ((at == only || at[-1] == ',') && (!at[length] || at[length] == ','))
            return true;
    return !only;
}

static bool prepare(const struct export_bench *b, struct contender *contenders)
{
    memcpy(contenders, all, sizeof(all));
    for (unsigned i = 0; i < CONTENDERS; i++) {
        struct contender *c = &contenders[i];
        const char *why = is_wanted(b->only, c->name) ? excuse(b, c) : "left out by --only";
        snprintf(c->reason, sizeof(c->reason), "%s", why ? why : "");
        snprintf(c->output, sizeof(c->output), "%s/%s.mp4", b->scratch, c->name);
        c->samples = calloc(b->repeat, sizeof(*c->samples));
        if (!c->samples)
            return false;
    }
    return true;
}

static void clean_up(struct contender *contenders)
{
    char part[1100];
    for (unsigned i = 0; i < CONTENDERS; i++) {
        snprintf(part, sizeof(part), "%s.part", contenders[i].output);
        if (contenders[i].output[0]) {
            pixfer_file_unlink(contenders[i].output);
            pixfer_file_unlink(part);
        }
        free(contenders[i].samples);
    }
}

int export_bench_run(const struct export_bench *bench, json_t *result)
{
    struct contender contenders[CONTENDERS];
    int status = prepare(bench, contenders) ? EXIT_OK : failure("bench export", "%s", pixfer_strerror(PIXFER_ERR_NO_MEMORY));
    if (!status)
        status = run_all(bench, contenders);
    if (!status)
        status = compare_all(bench, contenders);
    if (pixfer_file_is_terminal(PIXFER_STDERR))
        fprintf(stderr, "\r\033[K");
    if (!status)
        gather(bench, contenders, result);
    clean_up(contenders);
    return status;
}

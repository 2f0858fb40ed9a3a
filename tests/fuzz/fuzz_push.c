/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* The exporter's push interface under random calls in random order: sizes, formats, times, audio, pauses, stops, an output that fails.
 * What it promises is checked: what is refused is not in the file, success has every frame, nothing else is left behind. */

#include <errno.h>
#include <pixfer/exporter.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct input {
    const uint8_t *data;
    size_t size;
};

static uint64_t take(struct input *in, unsigned bytes)
{
    uint64_t value = 0;
    for (; bytes && in->size; bytes--, in->size--)
        value = value << 8 | *in->data++;
    return value;
}

/* A number below `count`. */
static unsigned below(struct input *in, unsigned count)
{
    return (unsigned)(take(in, 1) % count);
}

enum { SIDE = 40, SAMPLES = 4096 };
static uint8_t pixels[SIDE * SIDE * 8];
static float samples[SAMPLES * 8];
static char folder[] = "/tmp/pixfer-fuzz.XXXXXX", path[64], part[72];

struct run {
    struct input in;
    struct pixfer_exporter_params params;
    struct pixfer_exporter *e;
    struct pixfer_image image;
    int64_t pts;
    uint64_t accepted, refused;
    size_t written, fail_at;
    bool cancelled, failed;
};

static void tidy(void)
{
    rmdir(folder);
}

static void give_up(const char *what)
{
    fprintf(stderr, "fuzz_push: %s\n", what);
    abort();
}

static int write_bytes(void *opaque, const uint8_t *bytes, size_t size)
{
    struct run *r = opaque;
    volatile uint8_t sum = 0; /* the bytes are there */
    for (size_t i = 0; i < size; i++)
        sum = (uint8_t)(sum + bytes[i]);
    r->written += size;
    return r->fail_at && r->written > r->fail_at ? ENOSPC : 0;
}

static void ignore(void *opaque, int level, const char *message)
{
    (void)opaque;
    for (; *message; message++)
        if (level <= PIXFER_LOG_DEBUG && (unsigned char)*message < 0x20)
            give_up("a control character is logged");
}

static void choose(struct run *r)
{
    static const enum pixfer_format formats[] = {PIXFER_FORMAT_RGBA, PIXFER_FORMAT_NV12, PIXFER_FORMAT_I420, PIXFER_FORMAT_RGB24,
                                                 PIXFER_FORMAT_GBRP, PIXFER_FORMAT_YUYV, PIXFER_FORMAT_P010};
    static const uint32_t good_bases[] = {0, 1000, 90000, 1000000000};
    static const uint32_t units[] = {0, 1, 1, 1001, 3600, UINT32_MAX},
                          bases[] = {0, 1, 1000, 90000, 1000000000, INT32_MAX, UINT32_MAX};
    static const char *const words[] = {"title", "comment", "\xff\n\x1b", "x"};
    static struct pixfer_metadata line;
    struct input *in = &r->in;
    struct pixfer_exporter_params *p = &r->params;
    line = (struct pixfer_metadata){words[below(in, 4)], words[below(in, 4)]};
    *p =
        PIXFER_EXPORTER_PARAMS(.format = formats[below(in, 7)],
                               .width = below(in, 16) ? 1 + below(in, SIDE) : below(in, 2) * 20000, .height = 1 + below(in, SIDE),
                               .fps_num = below(in, 16) ? 1 + below(in, 240) : below(in, 2) * UINT32_MAX,
                               .fps_den = below(in, 3) ? 1 : below(in, 255), .encoder = "libx264", .overwrite = 1, .log = ignore);
    p->preset = below(in, 8) ? "ultrafast" : "veryfast";
    if (below(in, 8)) {
        p->time_base_den = good_bases[below(in, 4)];
        p->time_base_num = p->time_base_den ? 1 : 0;
    } else {
        p->time_base_num = units[below(in, 6)];
        p->time_base_den = bases[below(in, 7)];
    }
    p->keep_start = below(in, 4) == 0;
    p->rate = (enum pixfer_rate)below(in, 4);
    p->rate_value = (double)(p->rate == PIXFER_RATE_CRF ? take(in, 1) % 64 : take(in, 3));
    p->gop = below(in, 4) ? 0 : (uint32_t)take(in, 1);
    p->queue_bytes = 1 + (size_t)take(in, 2);
    p->rotation = below(in, 8) ? 0 : below(in, 5) * 90;
    p->sample_aspect_num = p->sample_aspect_den = below(in, 3);
    p->metadata = &line;
    p->metadata_count = below(in, 2);
    p->fastest_converter = below(in, 16) == 0;
    if (below(in, 2)) {
        p->channels = 1 + below(in, 9);
        p->sample_rate = below(in, 8) ? 8000 : 44100;
    }
    if (p->time_base_den && p->time_base_num / p->time_base_den > 60) /* a frame of an hour has an hour of silence */
        p->channels = p->sample_rate = 0;
    if (below(in, 2)) {
        p->write = write_bytes;
        p->write_opaque = r;
        r->fail_at = below(in, 3) ? 0 : 1 + (size_t)take(in, 2);
    }
    pixfer_image_layout(&r->image, p->format, p->width <= SIDE ? p->width : 1, p->height, pixels, 1);
}

/* Mostly the next; sometimes anything. Where audio has to fill it, a file stays short. */
static int64_t next_pts(struct run *r)
{
    struct input *in = &r->in;
    static const int64_t steps[] = {
        0, -1, 2, 1000, 1000000, INT64_C(1) << 31, INT64_C(1) << 33, INT64_C(1) << 40, INT64_C(1) << 62};
    const struct pixfer_exporter_params *p = &r->params;
    const double unit = p->time_base_num ? (double)p->time_base_num / p->time_base_den : (double)p->fps_den / p->fps_num;
    int64_t step = below(in, 4) ? 1 + below(in, 3) : below(in, 8) ? steps[below(in, 9)] : (int64_t)take(in, 8);
    if (p->channels && (step < -1 || (double)step * unit > 0.3))
        step = unit > 0.3 ? 0 : 1;
    int64_t pts = (int64_t)((uint64_t)r->pts + (uint64_t)step);
    if (!r->accepted && below(in, 4) == 0 && !p->keep_start)
        pts = (int64_t)take(in, 8);
    return pts;
}

static void push(struct run *r)
{
    struct pixfer_image image = r->image;
    const int64_t pts = next_pts(r);
    const unsigned wrong = below(&r->in, 24);
    image.width += wrong == 1;
    image.stride[0] = wrong == 2 ? PTRDIFF_MIN : wrong == 3 ? 0 : image.stride[0];
    image.plane[0] = wrong == 4 ? NULL : image.plane[0];
    image.format = wrong == 5 ? (enum pixfer_format)below(&r->in, 256) : image.format;
    pixels[below(&r->in, 255)]++;
    const enum pixfer_result result = below(&r->in, 4) ? pixfer_exporter_push(r->e, wrong == 6 ? NULL : &image, pts)
                                                       : pixfer_exporter_try_push(r->e, &image, pts);
    if (result == PIXFER_OK) {
        if (wrong >= 1 && wrong <= 4)
            give_up("a wrong frame is taken");
        r->accepted++;
        r->pts = pts;
    } else if (result == PIXFER_ERR_INVALID && !*pixfer_exporter_error(r->e)) {
        r->refused++;
    } else if (result != PIXFER_ERR_AGAIN) {
        if (!r->cancelled && !*pixfer_exporter_error(r->e))
            give_up("a frame is refused without a reason");
        r->failed = true;
    }
}

static void push_audio(struct run *r)
{
    const struct pixfer_exporter_params *p = &r->params;
    const size_t count = below(&r->in, 16) ? (size_t)take(&r->in, 2) % SAMPLES : SIZE_MAX - below(&r->in, 3);
    const float *from = below(&r->in, 16) ? samples : NULL;
    if (below(&r->in, 2)) {
        pixfer_exporter_push_audio(r->e, from, count);
        return;
    }
    const double unit = p->time_base_num ? (double)p->time_base_num / p->time_base_den : (double)p->fps_den / p->fps_num;
    const double at = (double)r->pts * unit * p->sample_rate + (double)take(&r->in, 2) - 20000;
    int64_t pts = at > -9e18 && at < 9e18 ? (int64_t)at : (int64_t)take(&r->in, 8);
    pixfer_exporter_push_audio_at(r->e, from, count, below(&r->in, 16) ? pts : (int64_t)take(&r->in, 8));
}

static void look(struct run *r)
{
    struct pixfer_exporter_queue queue = PIXFER_EXPORTER_QUEUE();
    if (pixfer_exporter_get_queue(r->e, &queue) != PIXFER_OK || queue.frames > 12 || !queue.capacity)
        give_up("the queue holds more than it can");
}

static void act(struct run *r)
{
    switch (below(&r->in, 16)) {
    case 0:
    case 1:
    case 2:
        push_audio(r);
        break;
    case 3:
        look(r);
        break;
    case 4:
        pixfer_exporter_pause(r->e, r->pts + below(&r->in, 3) - 1);
        break;
    case 5:
        pixfer_exporter_resume(r->e, r->pts + below(&r->in, 8));
        break;
    case 6:
        if (below(&r->in, 8) == 0) {
            pixfer_exporter_cancel(r->e);
            r->cancelled = true;
        }
        break;
    default:
        push(r);
    }
}

static void finish(struct run *r)
{
    struct pixfer_exporter_stats stats = PIXFER_EXPORTER_STATS();
    const enum pixfer_result result = pixfer_exporter_finish(r->e, &stats);
    if (result == PIXFER_OK && (r->cancelled || r->failed || !r->accepted || stats.frames != r->accepted))
        give_up("success is reported for what is not there");
    if (result != PIXFER_OK && !r->cancelled && !*pixfer_exporter_error(r->e))
        give_up("a failure has no reason");
    if (stats.refused != r->refused)
        give_up("frames that are refused are not counted");
    if (!r->params.write && (result == PIXFER_OK) != (access(path, F_OK) == 0))
        give_up("the file is there without success, or not there with it");
    if (pixfer_exporter_finish(r->e, NULL) != PIXFER_ERR_INVALID)
        give_up("a second finish is taken");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct run r = {.in = {data, size}};
    if (!*path && (!mkdtemp(folder) || atexit(tidy))) /* no working directory: libFuzzer keeps there what it finds */
        give_up("no folder to work in");
    snprintf(path, sizeof(path), "%s/fuzz.mp4", folder);
    snprintf(part, sizeof(part), "%s.part", path);
    choose(&r);
    if (pixfer_exporter_open(&r.e, path, &r.params) == PIXFER_OK) {
        while (r.in.size)
            act(&r);
        if (data[size - 1] % 4)
            finish(&r);
        pixfer_exporter_close(&r.e);
    } else if (r.e) {
        give_up("a failed open gives an exporter");
    }
    if (unlink(part) == 0 && (r.cancelled || r.params.write))
        give_up("a part is left that nobody asked for");
    unlink(path);
    if (rmdir(folder) || mkdir(folder, 0700))
        give_up("something is left behind");
    return 0;
}

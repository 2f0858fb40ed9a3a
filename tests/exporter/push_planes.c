/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* What is pushed is what a lossless file gives back, sample for sample; and what the parameters ask for is in the file. */
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <stdatomic.h>

#include "push_common.h"

static uint8_t expected[WIDTH * HEIGHT * 3 / 2], memory[2 * WIDTH * HEIGHT * 3];

static void fill(int seed)
{
    uint32_t state = (uint32_t)seed * 77 + 1;
    for (size_t i = 0; i < sizeof(expected); i++) {
        state = state * 1664525 + 1013904223;
        expected[i] = (uint8_t)(state >> 24);
    }
}

/* The samples of `expected`, an I420 of that size without gaps, as a frame whose rows lie `gap` bytes apart or upside down. */
static struct pixfer_image lay_out(enum pixfer_format format, uint32_t width, uint32_t height, int gap, bool upside_down)
{
    struct pixfer_image im = {.format = format, .width = width, .height = height};
    const size_t chroma_width = (width + 1) / 2, chroma_height = (height + 1) / 2, samples = chroma_width * chroma_height;
    const uint8_t *from[3] = {expected, expected + (size_t)width * height, expected + (size_t)width * height + samples};
    uint8_t *at = memory;
    const unsigned planes = format == PIXFER_FORMAT_NV12 ? 2 : 3;
    for (unsigned p = 0; p < planes; p++) {
        const size_t row = !p                             ? width
                           : format == PIXFER_FORMAT_NV12 ? 2 * chroma_width
                                                          : chroma_width,
                     rows = p ? chroma_height : height;
        im.stride[p] = (ptrdiff_t)row + gap;
        im.plane[p] = at;
        for (size_t y = 0; y < rows; y++)
            for (size_t x = 0; x < row; x++)
                at[y * (row + (size_t)gap) + x] =
                    p && format == PIXFER_FORMAT_NV12 ? from[1 + x % 2][y * chroma_width + x / 2] : from[p][y * row + x];
        at += rows * (row + (size_t)gap);
    }
    /* Upside down in memory: the last row first, and a negative stride. */
    for (unsigned p = 0; p < planes && upside_down; p++) {
        const size_t rows = p ? chroma_height : height;
        uint8_t *first = (uint8_t *)im.plane[p], row[4 * WIDTH];
        const size_t size = (size_t)im.stride[p];
        for (size_t y = 0; y < rows / 2; y++) {
            memcpy(row, first + y * size, size);
            memcpy(first + y * size, first + (rows - 1 - y) * size, size);
            memcpy(first + (rows - 1 - y) * size, row, size);
        }
        im.plane[p] = first + (rows - 1) * size;
        im.stride[p] = -im.stride[p];
    }
    return im;
}

static void test_planes(const char *encoder, enum pixfer_format format, uint32_t width, uint32_t height, int gap,
                        bool upside_down)
{
    struct pixfer_exporter_params p = params();
    struct pixfer_exporter *e;
    const size_t size = (size_t)width * height + 2 * ((size_t)(width + 1) / 2) * ((height + 1) / 2);
    p.format = format, p.width = width, p.height = height, p.encoder = encoder, p.rate = PIXFER_RATE_CRF, p.rate_value = 0;
    CHECK(pixfer_exporter_open(&e, "planes.mp4", &p) == PIXFER_OK);
    for (int i = 0; i < 4; i++) {
        fill(i);
        struct pixfer_image im = lay_out(format, width, height, gap, upside_down);
        CHECK(pixfer_exporter_push(e, &im, i) == PIXFER_OK);
        memset(memory, 0xee, sizeof(memory)); /* it is not used afterwards */
    }
    CHECK(pixfer_exporter_finish(e, NULL) == PIXFER_OK);
    pixfer_exporter_close(&e);
    struct movie m = read_movie("planes.mp4", true);
    CHECK(m.frames == 4 && m.width == (int)width && m.height == (int)height);
    for (int i = 0; i < 4 && m.i420; i++) {
        fill(i);
        if (memcmp(m.i420 + (size_t)i * size, expected, size)) {
            fprintf(stderr, "%s, %s %ux%u, gap %d%s: frame %d came back changed\n", encoder, pixfer_format_name(format), width,
                    height, gap, upside_down ? ", upside down" : "", i);
            failures++;
        }
    }
    free_movie(&m);
    unlink("planes.mp4");
}

/* ---- What was asked for ---------------------------------------------------------------------------------------------------- */

static long file_size(struct pixfer_exporter_params p)
{
    struct pixfer_exporter_stats stats = PIXFER_EXPORTER_STATS();
    struct pixfer_exporter *e;
    struct pixfer_image frame = image();
    uint32_t state = 1;
    CHECK(pixfer_exporter_open(&e, "rate.mp4", &p) == PIXFER_OK);
    for (int i = 0; i < 120; i++) {
        for (size_t k = 0; k < sizeof(pixels); k++)
            pixels[k] = (uint8_t)((state = state * 1664525 + 1013904223) >> 26);
        CHECK(pixfer_exporter_push(e, &frame, i) == PIXFER_OK);
    }
    CHECK(pixfer_exporter_finish(e, &stats) == PIXFER_OK);
    pixfer_exporter_close(&e);
    unlink("rate.mp4");
    return (long)stats.bytes;
}

static void test_rates(void)
{
    struct pixfer_exporter_params p = params();
    p.encoder = "libx264";
    p.rate = PIXFER_RATE_BITRATE, p.rate_value = 400000; /* four seconds: 200 kB */
    long bytes = file_size(p);
    CHECK(bytes > 140000 && bytes < 260000);
    p.rate = PIXFER_RATE_BITS_PER_PIXEL, p.rate_value = 4; /* 64 x 48 x 30 x 4 = 369 kbit/s */
    bytes = file_size(p);
    CHECK(bytes > 125000 && bytes < 250000);
    p.rate = PIXFER_RATE_CRF, p.rate_value = 10;
    long good = file_size(p);
    p.rate_value = 40;
    CHECK(good > 2 * file_size(p));
}

static void test_fastest(void)
{
    struct pixfer_exporter_params p = params();
    struct pixfer_exporter_stats stats = PIXFER_EXPORTER_STATS();
    struct pixfer_exporter *e;
    p.fastest_converter = 1;
    CHECK(pixfer_exporter_open(&e, "fastest.mp4", &p) == PIXFER_OK && push_some(e, 3) == PIXFER_OK);
    CHECK(pixfer_exporter_finish(e, &stats) == PIXFER_OK && stats.converted == 3 && strstr(stats.measured, "cpu "));
    CHECK(strstr(stats.measured, stats.backend_name) && strstr(stats.measured, " ms"));
    pixfer_exporter_close(&e);
    unlink("fastest.mp4");
}

static void test_presets(void)
{
    struct pixfer_exporter_params p = params();
    struct pixfer_exporter *e;
    p.preset = "ultrafats";
    CHECK(pixfer_exporter_open(&e, "preset.mp4", &p) == PIXFER_ERR_INVALID && errors == 1);
    CHECK(strstr(last_error, "preset is 'ultrafats', expected ultrafast, superfast") && strstr(last_error, "placebo"));
    errors = 0, p.encoder = "libx264";
    CHECK(pixfer_exporter_open(&e, "preset.mp4", &p) == PIXFER_ERR_INVALID && errors == 1 && strstr(last_error, "'ultrafats'"));
    CHECK(!exists("preset.mp4.part") && !exists("preset.mp4"));
}

/* Key frames, names, rotation and the shape of a pixel. */
static void test_presentation(void)
{
    static const struct pixfer_metadata lines[] = {{"title", "Ein Titel – №1"}, {"comment", "two\nlines"}};
    struct pixfer_exporter_params p = params();
    struct pixfer_exporter *e;
    AVFormatContext *context = NULL;
    AVPacket *packet = av_packet_alloc();
    p.gop = 7, p.rotation = 90, p.sample_aspect_num = 4, p.sample_aspect_den = 3, p.metadata = lines, p.metadata_count = 2;
    CHECK(pixfer_exporter_open(&e, "shown.mp4", &p) == PIXFER_OK && push_some(e, 50) == PIXFER_OK);
    CHECK(infos == 1 && pixfer_exporter_finish(e, NULL) == PIXFER_OK && !warnings && !errors && infos == 1);
    pixfer_exporter_close(&e);
    CHECK(avformat_open_input(&context, "shown.mp4", NULL, NULL) == 0 && avformat_find_stream_info(context, NULL) >= 0);
    int keys = 0, since = 0;
    while (av_read_frame(context, packet) >= 0) {
        since = packet->flags & AV_PKT_FLAG_KEY ? 1 : since + 1;
        keys += since == 1;
        CHECK(since <= 7);
        av_packet_unref(packet);
    }
    const AVStream *stream = context->streams[0];
    CHECK(keys >= 8 && stream->sample_aspect_ratio.num == 4 && stream->sample_aspect_ratio.den == 3);
    const AVDictionaryEntry *title = av_dict_get(context->metadata, "title", NULL, 0);
    CHECK(title && !strcmp(title->value, lines[0].value));
    const AVDictionaryEntry *comment = av_dict_get(context->metadata, "comment", NULL, 0);
    CHECK(comment && !strcmp(comment->value, lines[1].value));
    avformat_close_input(&context);
    av_packet_free(&packet);
    unlink("shown.mp4");

    p = params(), p.rotation = 45;
    CHECK(pixfer_exporter_open(&e, "shown.mp4", &p) == PIXFER_ERR_INVALID && strstr(last_error, "rotation is 45"));
    p = params(), p.sample_aspect_num = 4;
    CHECK(pixfer_exporter_open(&e, "shown.mp4", &p) == PIXFER_ERR_INVALID && strstr(last_error, "sample aspect is 4/0"));
    p = params(), p.metadata_count = 1;
    CHECK(pixfer_exporter_open(&e, "shown.mp4", &p) == PIXFER_ERR_INVALID && strstr(last_error, "metadata is NULL"));
}

/* ---- Silence --------------------------------------------------------------------------------------------------------------- */

static atomic_int heard;

static void host_log(void *object, int level, const char *format, va_list list)
{
    (void)object, (void)format, (void)list;
    atomic_fetch_add(&heard, level <= AV_LOG_INFO);
}

/* log = NULL is silent, FFmpeg's libraries included; and the program's own use of them is as it was. */
static void test_silence(void)
{
    struct pixfer_exporter_params p = params();
    struct pixfer_exporter *e;
    float samples[100] = {0};
    p.log = NULL, p.sample_rate = 48000, p.channels = 1;
    int kept = dup(STDERR_FILENO);
    CHECK(freopen("stderr", "w", stderr) != NULL);
    for (int own = 0; own < 2; own++) {
        if (own)
            av_log_set_callback(host_log);
        bool good = pixfer_exporter_open(&e, "silent.mp4", &p) == PIXFER_OK && push_some(e, 5) == PIXFER_OK &&
                    pixfer_exporter_push_audio(e, samples, 100) == PIXFER_OK && pixfer_exporter_finish(e, NULL) == PIXFER_OK;
        failures += !good;
        pixfer_exporter_close(&e);
    }
    fflush(stderr);
    long bytes = lseek(STDERR_FILENO, 0, SEEK_END);
    dup2(kept, STDERR_FILENO);
    close(kept);
    CHECK(bytes == 0 && heard == 0);
    av_log(NULL, AV_LOG_ERROR, "the program's own\n");
    CHECK(heard == 1);
    av_log_set_callback(av_log_default_callback);
    unlink("stderr");
    unlink("silent.mp4");
}

/* What AAC cannot be is refused before work starts; a thread that pushes on after the end fills no log. */
static void test_audio_limits(void)
{
    static const uint32_t rates[] = {1, 999, 1000, 10000000, 10000001, UINT32_MAX};
    struct pixfer_exporter *e;
    float samples[100] = {0};
    for (size_t i = 0; i < sizeof(rates) / sizeof(*rates); i++) {
        struct pixfer_exporter_params p = params();
        const bool good = rates[i] >= 1000 && rates[i] <= 10000000;
        p.sample_rate = 48000, p.channels = 2, p.audio_bitrate = rates[i];
        CHECK((pixfer_exporter_open(&e, "limits.mp4", &p) == PIXFER_OK) == good);
        CHECK(good || strstr(last_error, "audio bit rate is "));
        pixfer_exporter_close(&e);
    }
    struct pixfer_exporter_params p = params();
    p.sample_rate = 48000, p.channels = 1;
    CHECK(pixfer_exporter_open(&e, "limits.mp4", &p) == PIXFER_OK && push_some(e, 5) == PIXFER_OK);
    CHECK(pixfer_exporter_finish(e, NULL) == PIXFER_OK && warnings == 0);
    for (int i = 0; i < 100; i++)
        CHECK(pixfer_exporter_push_audio(e, samples, 100) == PIXFER_ERR_INVALID);
    CHECK(warnings == 1 && strstr(last_warning, "finished already"));
    pixfer_exporter_close(&e);
    unlink("limits.mp4");
}

int main(void)
{
    begin_tests();
    test_silence();
    pixfer_exporter_route_libav_log(NULL, NULL);
    for (int i = 0; i < 2; i++) {
        const enum pixfer_format format = i ? PIXFER_FORMAT_I420 : PIXFER_FORMAT_NV12;
        test_planes("libx264", format, 64, 48, 0, false);
        test_planes("libx264", format, 62, 46, 13, false);
        test_planes("libx264", format, 63, 47, 0, false);
        test_planes("libx264", format, 61, 45, 7, true);
        test_planes("libx264", format, 64, 48, 0, true);
        if (avcodec_find_encoder_by_name("libx265")) { /* which takes no NV12: U and V are separated on the way */
            test_planes("libx265", format, 64, 48, 13, false);
            test_planes("libx265", format, 64, 48, 7, true);
        }
    }
    test_audio_limits();
    test_rates();
    test_fastest();
    test_presets();
    test_presentation();
    return end_tests();
}

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* Drives the writer (src/exporter/output) with encoders that every libavcodec has, one command a line on standard input:
 *
 *   open [overwrite|callback]     rotation 90       aspect 4 3      meta KEY TEXT     language eng     chapter START END TITLE
 *   audio ac3|aac           mpeg4 1           base 1 1000     (before start)
 *   start                   video PTS         sound PTS       wait MS           idle
 *   end finalise keep kill fork
 *   refuse N                the Nth allocation from now on, with faulty_system preloaded; exit status 3 where fewer followed
 *
 * Times are in the units of `base` (default 1/30); sound PTS in samples at 48 kHz. Exit status 1 with a line where a step fails. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <inttypes.h>
#include <libavutil/channel_layout.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../src/exporter/output/muxer.h"

static struct report report;
static struct muxer muxer;
static struct presentation presentation;
static AVCodecContext *video, *audio;
static AVRational base = {1, 30};
static int b_frames;

static void log_line(void *opaque, int level, const char *line)
{
    (void)opaque;
    if (level <= PIXFER_LOG_INFO)
        fprintf(stderr, "%s\n", line);
}

static void need(int condition, const char *what)
{
    if (condition)
        return;
    pixfer_report_flush(&report, "%s", "");
    fprintf(stderr, "driver: %s failed\n", what);
    exit(1);
}

static void open_video(void)
{
    video = avcodec_alloc_context3(avcodec_find_encoder(AV_CODEC_ID_MPEG4));
    video->width = 64;
    video->height = 48;
    video->pix_fmt = AV_PIX_FMT_YUV420P;
    video->time_base = (AVRational){1, 30};
    video->framerate = (AVRational){30, 1};
    video->max_b_frames = b_frames;
    video->gop_size = 30;
    video->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    need(avcodec_open2(video, NULL, NULL) >= 0, "the encoder of video");
    video->time_base = base;
}

static void open_audio(const char *name)
{
    audio = avcodec_alloc_context3(avcodec_find_encoder_by_name(name));
    need(audio != NULL, name);
    audio->sample_rate = 48000;
    audio->sample_fmt = AV_SAMPLE_FMT_FLTP;
    av_channel_layout_default(&audio->ch_layout, 2);
    audio->time_base = (AVRational){1, 48000};
    audio->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    need(avcodec_open2(audio, NULL, NULL) >= 0, name);
}

/* One packet comes out sooner or later; its time is what the caller says. */
static AVPacket *encode(AVCodecContext *codec, int64_t pts)
{
    static int64_t fed[2];
    AVPacket *packet = av_packet_alloc();
    while (avcodec_receive_packet(codec, packet) < 0) {
        AVFrame *frame = av_frame_alloc();
        frame->format = codec == video ? (int)codec->pix_fmt : (int)codec->sample_fmt;
        frame->width = codec->width;
        frame->height = codec->height;
        frame->nb_samples = codec->frame_size;
        if (codec != video)
            av_channel_layout_copy(&frame->ch_layout, &codec->ch_layout);
        need(av_frame_get_buffer(frame, 0) >= 0, "a frame");
        for (int i = 0; i < 8 && frame->buf[i]; i++)
            memset(frame->buf[i]->data, codec == video ? (int)(pts * 3) : 0, frame->buf[i]->size);
        frame->pts = fed[codec == video] += codec == video ? 1 : codec->frame_size;
        need(avcodec_send_frame(codec, frame) >= 0, "encoding");
        av_frame_free(&frame);
    }
    packet->pts = packet->dts = pts;
    packet->stream_index = codec != video;
    packet->duration = codec == video ? av_rescale_q(1, (AVRational){1, 30}, base) : codec->frame_size;
    return packet;
}

static void write_packet(AVCodecContext *codec, int64_t pts)
{
    AVPacket *packet = encode(codec, pts);
    need(pixfer_muxer_write(&muxer, packet, codec == video ? base : (AVRational){1, 48000}) == PIXFER_OK, "write");
    av_packet_free(&packet);
}

static void start(void)
{
    need(pixfer_muxer_create(&muxer) == PIXFER_OK, "create");
    open_video();
    need(pixfer_muxer_add_video(&muxer, video, 64, 48, false) == PIXFER_OK, "the video track");
    if (audio) {
        AVCodecParameters *par = avcodec_parameters_alloc();
        avcodec_parameters_from_context(par, audio);
        need(pixfer_muxer_add_audio(&muxer, par, audio->time_base) == PIXFER_OK, "the audio track");
        avcodec_parameters_free(&par);
    }
    need(pixfer_muxer_present(&muxer, &presentation) == PIXFER_OK, "the presentation");
}

static bool tick(void *opaque)
{
    (void)opaque;
    return true;
}

static void close_in_child(void)
{
    pid_t child = fork();
    if (!child) {
        alarm(10);
        pixfer_muxer_keep_part(&muxer);
        pixfer_muxer_discard(&muxer);
        pixfer_muxer_close(&muxer);
        _exit(0);
    }
    int status = 0;
    need(waitpid(child, &status, 0) == child && WIFEXITED(status) && !WEXITSTATUS(status), "closing in a child");
}

/* Both are in faulty_system.c, where that is preloaded. */
static void refuse_memory(long number)
{
    void (*refuse)(long) = (void (*)(long))(uintptr_t)dlsym(RTLD_DEFAULT, "pixfer_test_refuse");
    need(refuse != NULL, "finding faulty_system");
    refuse(number);
}

static long memory_left(void)
{
    long (*left)(void) = (long (*)(void))(uintptr_t)dlsym(RTLD_DEFAULT, "pixfer_test_left");
    return left ? left() : 0;
}

static void describe(char *line)
{
    char text[256];
    int used = 0;
    long long a = 0, b = 0;
    if (sscanf(line, "rotation %u", &presentation.rotation) == 1)
        return;
    if (sscanf(line, "aspect %d %d", &presentation.sample_aspect.num, &presentation.sample_aspect.den) == 2)
        return;
    if (sscanf(line, "meta %63s %n", text, &used) == 1)
        need(av_dict_set(&presentation.metadata, text, line + used, 0) >= 0, line);
    else if (sscanf(line, "language %63s", text) == 1)
        need(av_dict_set(&presentation.audio_metadata, "language", text, 0) >= 0, line);
    else if (sscanf(line, "chapter %lld %lld %n", &a, &b, &used) == 2)
        need(pixfer_presentation_add_chapter(&presentation, a, b, line + used) >= 0, line);
    else
        need(0, line);
}

static void open_muxer(const char *path, const char *how)
{
    static int output = 1;
    struct muxer_target target = {.path = path, .overwrite = !strcmp(how, " overwrite")};
    if (!strcmp(how, " callback"))
        target = (struct muxer_target){.write = pixfer_write_to_descriptor, .opaque = &output};
    need(pixfer_muxer_open(&muxer, &target, &report) == PIXFER_OK, "open");
}

static void obey(const char *path, char *line)
{
    char text[64];
    long long number;
    if (!strncmp(line, "open", 4))
        open_muxer(path, line + 4);
    else if (sscanf(line, "audio %63s", text) == 1)
        open_audio(text);
    else if (sscanf(line, "base %d %d", &base.num, &base.den) == 2 || sscanf(line, "mpeg4 %d", &b_frames) == 1)
        return;
    else if (!strcmp(line, "start"))
        start();
    else if (sscanf(line, "video %lld", &number) == 1)
        write_packet(video, number);
    else if (sscanf(line, "sound %lld", &number) == 1)
        write_packet(audio, number);
    else if (sscanf(line, "wait %lld", &number) == 1)
        usleep((useconds_t)number * 1000);
    else if (!strcmp(line, "end"))
        need(pixfer_muxer_end(&muxer) == PIXFER_OK, "end");
    else if (!strcmp(line, "finalise"))
        need(pixfer_muxer_finalise(&muxer, tick, NULL) == PIXFER_OK, "finalise");
    else if (!strcmp(line, "idle"))
        need(pixfer_muxer_idle(&muxer) == PIXFER_OK, "idle");
    else if (!strcmp(line, "keep"))
        printf("%" PRIu64 "\n", pixfer_muxer_keep_part(&muxer));
    else if (sscanf(line, "refuse %lld", &number) == 1)
        refuse_memory((long)number);
    else if (!strcmp(line, "kill"))
        kill(getpid(), SIGKILL);
    else if (!strcmp(line, "fork"))
        close_in_child();
    else
        describe(line);
}

int main(int argc, char **argv)
{
    char line[1024];
    if (argc != 2)
        return 2;
    av_log_set_level(AV_LOG_ERROR);
    pixfer_report_init(&report, log_line, NULL);
    while (fgets(line, sizeof(line), stdin)) {
        line[strcspn(line, "\n")] = 0;
        if (*line)
            obey(argv[1], line);
    }
    bool too_far = memory_left() > 0;
    pixfer_muxer_close(&muxer);
    pixfer_presentation_free(&presentation);
    avcodec_free_context(&video);
    avcodec_free_context(&audio);
    return too_far ? 3 : 0;
}

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "push_common.h"

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/imgutils.h>
#include <pthread.h>

uint8_t pixels[WIDTH * HEIGHT * 4];
char last_error[512], last_warning[512];
int errors, warnings, infos, failures;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static char folder[] = "/tmp/pixfer-push.XXXXXX";

void check(bool good, const char *file, int line, const char *condition)
{
    if (good)
        return;
    failures++;
    const char *name = strrchr(file, '/');
    fprintf(stderr, "%s:%d: not so: %s (last error: %s; last warning: %s)\n", name ? name + 1 : file, line, condition, last_error,
            last_warning);
}

static void log_line(void *opaque, int level, const char *message)
{
    (void)opaque;
    pthread_mutex_lock(&mutex);
    if (level == PIXFER_LOG_ERROR) {
        errors++;
        snprintf(last_error, sizeof(last_error), "%s", message);
    } else if (level == PIXFER_LOG_WARNING) {
        warnings++;
        snprintf(last_warning, sizeof(last_warning), "%s", message);
    } else if (level == PIXFER_LOG_INFO) {
        infos++;
    }
    pthread_mutex_unlock(&mutex);
}

struct pixfer_exporter_params params(void)
{
    errors = warnings = infos = 0;
    last_error[0] = last_warning[0] = 0;
    return PIXFER_EXPORTER_PARAMS(.format = PIXFER_FORMAT_RGBA, .width = WIDTH, .height = HEIGHT, .fps_num = 30, .overwrite = 1,
                                  .log = log_line);
}

struct pixfer_image image(void)
{
    return (struct pixfer_image){PIXFER_FORMAT_RGBA, WIDTH, HEIGHT, {pixels}, {WIDTH * 4}};
}

bool exists(const char *name)
{
    return access(name, F_OK) == 0;
}

enum pixfer_result push_at(struct pixfer_exporter *e, int64_t pts)
{
    struct pixfer_image frame = image();
    memset(pixels, (int)(pts * 3), sizeof(pixels));
    return pixfer_exporter_push(e, &frame, pts);
}

enum pixfer_result push_some(struct pixfer_exporter *e, int count)
{
    enum pixfer_result result = PIXFER_OK;
    for (int i = 0; i < count && result == PIXFER_OK; i++)
        result = push_at(e, i);
    return result;
}

/* ---- Reading --------------------------------------------------------------------------------------------------------------- */

static int earlier(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static void note(struct movie *m, const AVStream *stream, const AVPacket *packet)
{
    const double unit = av_q2d(stream->time_base), start = (double)packet->pts * unit,
                 end = (double)(packet->pts + packet->duration) * unit;
    if (stream->codecpar->codec_type == AVMEDIA_TYPE_VIDEO) {
        if (m->frames < (int)(sizeof(m->time) / sizeof(*m->time)))
            m->time[m->frames] = start;
        m->frames++;
    } else if (!(packet->flags & AV_PKT_FLAG_DISCARD)) {
        m->audio_start = start < m->audio_start ? start : m->audio_start;
        m->audio_end = end > m->audio_end ? end : m->audio_end;
    }
}

static void take_frames(struct movie *m, AVCodecContext *decoder, const AVPacket *packet)
{
    AVFrame *frame = av_frame_alloc();
    if (avcodec_send_packet(decoder, packet) < 0)
        CHECK(!"a packet cannot be decoded");
    while (avcodec_receive_frame(decoder, frame) >= 0) {
        static int count;
        count = m->i420 ? count : 0;
        const int size = av_image_get_buffer_size(AV_PIX_FMT_YUV420P, m->width, m->height, 1);
        CHECK(frame->format == AV_PIX_FMT_YUV420P || frame->format == AV_PIX_FMT_YUVJ420P);
        m->i420 = realloc(m->i420, (size_t)size * (size_t)(count + 1));
        av_image_copy_to_buffer(m->i420 + (size_t)size * (size_t)count++, size, (const uint8_t *const *)frame->data,
                                frame->linesize, AV_PIX_FMT_YUV420P, m->width, m->height, 1);
        av_frame_unref(frame);
    }
    av_frame_free(&frame);
}

struct movie read_movie(const char *name, bool decode)
{
    struct movie m = {.audio_start = 1e9};
    AVFormatContext *context = NULL;
    AVPacket *packet = av_packet_alloc();
    AVCodecContext *decoder = NULL;
    if (avformat_open_input(&context, name, NULL, NULL) < 0 || avformat_find_stream_info(context, NULL) < 0) {
        CHECK(!"the file does not open");
        av_packet_free(&packet);
        return m;
    }
    int video = av_find_best_stream(context, AVMEDIA_TYPE_VIDEO, -1, -1, NULL, 0);
    m.end = (double)context->duration / AV_TIME_BASE;
    m.width = context->streams[video]->codecpar->width;
    m.height = context->streams[video]->codecpar->height;
    if (decode) {
        decoder = avcodec_alloc_context3(avcodec_find_decoder(context->streams[video]->codecpar->codec_id));
        avcodec_parameters_to_context(decoder, context->streams[video]->codecpar);
        CHECK(avcodec_open2(decoder, NULL, NULL) == 0);
    }
    while (av_read_frame(context, packet) >= 0) {
        note(&m, context->streams[packet->stream_index], packet);
        if (decode && packet->stream_index == video)
            take_frames(&m, decoder, packet);
        av_packet_unref(packet);
    }
    if (decode)
        take_frames(&m, decoder, NULL);
    qsort(m.time, (size_t)m.frames, sizeof(*m.time), earlier);
    avcodec_free_context(&decoder);
    avformat_close_input(&context);
    av_packet_free(&packet);
    return m;
}

void free_movie(struct movie *m)
{
    free(m->i420);
    m->i420 = NULL;
}

/* ---- The folder ------------------------------------------------------------------------------------------------------------ */

void begin_tests(void)
{
    if (!mkdtemp(folder) || chdir(folder))
        exit(EXIT_FAILURE);
}

int end_tests(void)
{
    CHECK(chdir("/") == 0 && rmdir(folder) == 0);
    return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}

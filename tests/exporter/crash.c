/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* crash [RUNS [SEED]]: recorders that are killed with -9 at a random moment. What is left in OUT.part has to play, with the times that
 * the frames were given, and all frames but those of about the last second have to be in it. Statistics are printed. */
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <pixfer/exporter.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { WIDTH = 64, HEIGHT = 48, MOST_FRAMES = 512, AT_ONCE = 8, RATE = 48000 };

struct recording {
    uint32_t seed;
    int audio, slow, quick; /* slow: fewer than one frame a second; quick: as many as the encoder takes */
    double life;            /* seconds until it is killed */
    char name[64];
    volatile int pushed; /* these two are the child's */
    struct {
        double at; /* when it had been pushed */
        int64_t pts;
    } frames[MOST_FRAMES];
};

static int failures;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

/* ---- The recorder ---------------------------------------------------------------------------------------------------------- */

static void record(struct recording *r)
{
    static uint8_t pixels[WIDTH * HEIGHT * 4];
    static float silence[RATE * 2 * 2]; /* as long as the longest step */
    struct pixfer_exporter *e;
    struct pixfer_image image = {
        .format = PIXFER_FORMAT_RGBA, .width = WIDTH, .height = HEIGHT, .plane = {pixels}, .stride = {WIDTH * 4}};
    struct pixfer_exporter_params params =
        PIXFER_EXPORTER_PARAMS(.format = PIXFER_FORMAT_RGBA, .width = WIDTH, .height = HEIGHT, .fps_num = 30, .time_base_num = 1,
                               .time_base_den = 1000, .encoder = "libx264", .preset = "ultrafast", .encoder_threads = 1,
                               .sample_rate = r->audio ? RATE : 0, .channels = r->audio ? 2 : 0);
    uint32_t state = r->seed;
    if (pixfer_exporter_open(&e, r->name, &params) != PIXFER_OK)
        _exit(1);
    double start = now();
    int64_t pts = 0;
    for (int i = 0; i < MOST_FRAMES; i++) {
        for (size_t k = 0; k < sizeof(pixels); k += 97)
            pixels[k] = (uint8_t)next_random(&state);
        if (pixfer_exporter_push(e, &image, pts) != PIXFER_OK)
            _exit(1);
        r->frames[i].pts = pts;
        r->frames[i].at = now();
        r->pushed = i + 1;
        int64_t step = r->slow ? 1000 + next_random(&state) % 1000 : 5 + next_random(&state) % 60;
        if (r->audio && pixfer_exporter_push_audio(e, silence, (size_t)(step * RATE / 1000)) != PIXFER_OK)
            _exit(1);
        pts += step;
        double wait = start + (double)pts / 1000 - now();
        if (!r->quick && wait > 0)
            usleep((useconds_t)(wait * 1e6));
    }
    pause();
}

/* ---- What it leaves -------------------------------------------------------------------------------------------------------- */

struct found {
    int frames, wrong_times, errors;
    int64_t next; /* where the next frame belongs */
};

static void look_at_packet(const struct recording *r, const AVStream *stream, const AVPacket *packet, struct found *f)
{
    int64_t pts = av_rescale_q(packet->pts, stream->time_base, (AVRational){1, 1000});
    if (f->frames >= MOST_FRAMES || pts != r->frames[f->frames].pts)
        f->wrong_times++;
    f->frames++;
}

/* ultrafast has no B-frames: packets are in the order of the frames. */
static struct found read_part(const struct recording *r, const char *part)
{
    struct found f = {0};
    AVFormatContext *context = NULL;
    AVPacket *packet = av_packet_alloc();
    AVFrame *frame = av_frame_alloc();
    AVCodecContext *decoder = avcodec_alloc_context3(avcodec_find_decoder(AV_CODEC_ID_H264));
    int decoded = 0;
    decoder->err_recognition = AV_EF_EXPLODE;
    if (avformat_open_input(&context, part, NULL, NULL) < 0)
        goto end;
    avcodec_parameters_to_context(decoder, context->streams[0]->codecpar);
    f.errors += avcodec_open2(decoder, NULL, NULL) < 0;
    while (av_read_frame(context, packet) >= 0) {
        if (packet->stream_index == 0) {
            look_at_packet(r, context->streams[0], packet, &f);
            f.errors += avcodec_send_packet(decoder, packet) < 0;
            while (avcodec_receive_frame(decoder, frame) >= 0)
                decoded++;
        }
        av_packet_unref(packet);
    }
    avcodec_send_packet(decoder, NULL);
    while (avcodec_receive_frame(decoder, frame) >= 0)
        decoded++;
    f.errors += decoded != f.frames;
end:
    avformat_close_input(&context);
    avcodec_free_context(&decoder);
    av_packet_free(&packet);
    av_frame_free(&frame);
    return f;
}

/* Seconds of recording that are gone: since the first frame that is not there had been encoded. x264 encodes a frame when the next one
 * has come, which tells it how long this one lasts. */
static double judge(struct recording *r, double killed)
{
    char part[80];
    snprintf(part, sizeof(part), "%s.part", r->name);
    struct found f = read_part(r, part);
    double lost = f.frames + 1 < r->pushed ? killed - r->frames[f.frames + 1].at : 0;
    if (f.errors || f.wrong_times || !access(r->name, F_OK)) {
        fprintf(stderr, "seed %u: %s%s%s: %d frames, %d errors, %d wrong times%s\n", r->seed, r->slow ? "slow" : "",
                r->quick ? "quick" : "", r->audio ? " audio" : "", f.frames, f.errors, f.wrong_times,
                access(r->name, F_OK) ? "" : ", and there is an OUT");
        failures++;
    }
    if (lost > 1.2)
        printf("seed %u:%s%s%s: %d of %d frames after %.2f s, %.2f s lost\n", r->seed, r->slow ? " slow" : "",
               r->quick ? " quick" : "", r->audio ? " with audio" : "", f.frames, r->pushed, r->life, lost);
    unlink(part);
    unlink(r->name);
    return lost;
}

/* ---- The whole ------------------------------------------------------------------------------------------------------------- */

static pid_t start(struct recording *r, uint32_t seed)
{
    uint32_t state = seed;
    *r = (struct recording){.seed = seed};
    r->audio = next_random(&state) % 2;
    r->slow = next_random(&state) % 4 == 0;
    r->quick = !r->slow && next_random(&state) % 4 == 0;
    r->life = 0.3 + next_random(&state) % 3000 / 1000.0;
    snprintf(r->name, sizeof(r->name), "crash-%d-%u.mp4", (int)getpid(), seed);
    pid_t pid = fork();
    if (!pid) {
        record(r);
        _exit(0);
    }
    return pid;
}

static void run_batch(struct recording *recordings, int count, uint32_t *state, double *lost)
{
    pid_t pids[AT_ONCE];
    int running = count;
    double begin = now();
    for (int i = 0; i < count; i++)
        pids[i] = start(&recordings[i], next_random(state));
    for (; running; usleep(1000))
        for (int i = 0; i < count; i++) {
            struct recording *r = &recordings[i];
            if (!pids[i] || now() - begin < r->life)
                continue;
            int status = 0;
            double killed = now();
            kill(pids[i], SIGKILL);
            waitpid(pids[i], &status, 0);
            if (!WIFSIGNALED(status)) {
                fprintf(stderr, "seed %u: the recorder ended by itself\n", r->seed);
                failures++;
            }
            pids[i] = 0;
            running--;
            lost[i] = r->pushed ? judge(r, killed) : 0;
        }
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    int runs = argc > 1 ? atoi(argv[1]) : AT_ONCE;
    uint32_t seed = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : (uint32_t)time(NULL), state = seed;
    double *lost = calloc((size_t)runs + AT_ONCE, sizeof(*lost));
    struct recording *shared = mmap(NULL, AT_ONCE * sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (!lost || shared == MAP_FAILED)
        return 1;
    if (!avcodec_find_encoder_by_name("libx264")) {
        puts("skipped: there is no libx264");
        return 77;
    }
    av_log_set_level(AV_LOG_FATAL);
    for (int i = 0; i < runs; i += AT_ONCE)
        run_batch(shared, runs - i < AT_ONCE ? runs - i : AT_ONCE, &state, lost + i);
    qsort(lost, (size_t)runs, sizeof(*lost), compare);
    printf("%d runs, seed %u: lost %.2f s in the median, %.2f s at 95 %%, %.2f s at most\n", runs, seed, lost[runs / 2],
           lost[runs * 95 / 100], lost[runs - 1]);
    /* A second is what is promised where the machine keeps up; this one may be busy with other things. */
    if (lost[runs / 2] > 1.5 || lost[runs - 1] > 5)
        failures++;
    free(lost);
    return failures != 0;
}

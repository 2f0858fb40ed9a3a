/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* Bytes become calls of the audio encoder: pushes with wild counts and times, frames that advance, an origin that comes late, a finish. What
 * it takes it must encode: packets follow each other without a hole from 0 to the end of the last frame, and memory goes back. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/exporter/encode/audio_encoder.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SAMPLES = 4096, LONGEST = 400000 };

struct input {
    const uint8_t *data;
    size_t left;
};

static uint8_t byte(struct input *in)
{
    if (!in->left)
        return 0;
    in->left--;
    return *in->data++;
}

static int64_t wide(struct input *in)
{
    uint64_t v = 0;
    for (int i = 0; i < 8; i++)
        v = v << 8 | byte(in);
    return (int64_t)v;
}

/* Mostly near to what is reasonable. */
static int64_t wild(struct input *in)
{
    static const int64_t edges[] = {
        0, 1, -1, INT64_MAX, INT64_MIN, INT64_MAX / 4, INT64_C(1) << 48, -(INT64_C(1) << 48), INT32_MAX, INT32_MIN};
    const uint8_t kind = byte(in);
    if (kind < 32)
        return edges[kind % (sizeof(edges) / sizeof(*edges))];
    return kind < 48 ? wide(in) : (int64_t)(byte(in) << 8 | byte(in)) - 8192;
}

struct sink {
    int64_t end;
    bool wrong;
};

static enum pixfer_result take_packet(void *opaque, AVPacket *packet, AVRational unit)
{
    struct sink *s = opaque;
    (void)unit;
    s->wrong = s->wrong || packet->pts != s->end || packet->duration <= 0;
    s->end = packet->pts + packet->duration;
    av_packet_free(&packet);
    return PIXFER_OK;
}

static bool always(void *opaque)
{
    return opaque != NULL;
}

static bool never(void *opaque)
{
    return opaque == NULL;
}

static void no_log(void *opaque, int level, const char *line)
{
    (void)opaque, (void)level, (void)line;
}

static void give_up(const char *what)
{
    fprintf(stderr, "fuzz_audio: %s\n", what);
    abort();
}

static void call(struct input *in, struct audio_encoder *a, int64_t *frames)
{
    static float samples[SAMPLES * 2];
    const int64_t n = wild(in);
    /* What is read is there: a larger count must be refused before it is. */
    const bool honest = n >= 0 && n <= SAMPLES;
    const size_t count = honest ? (size_t)n : (size_t)n | (size_t)1 << 40;
    switch (byte(in) % 6) {
    case 0:
        pixfer_audio_push(a, samples, count);
        break;
    case 1:
    case 2:
        pixfer_audio_push_at(a, samples, count, wild(in));
        break;
    case 3:
        pixfer_audio_set_origin(a, wild(in) % (INT64_C(1) << 47));
        break;
    case 4:
        pixfer_audio_truncate(a, pixfer_audio_written(a) - byte(in));
        break;
    default:
        *frames += byte(in) * 16;
        if (*frames > LONGEST)
            *frames = LONGEST;
        pixfer_audio_advance(a, *frames);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = {data, size};
    struct sink sink = {-1024, false}; /* the AAC encoder's delay */
    struct report report;
    struct audio_encoder *a = NULL;
    AVChannelLayout layout = AV_CHANNEL_LAYOUT_STEREO;
    int64_t frames = 0;
    pixfer_report_init(&report, no_log, NULL);
    const struct audio_host host = {&report, take_packet, always, never, &sink};
    if (pixfer_audio_open(&a, &(struct audio_request){.sample_rate = 48000, .layout = &layout}, &host) != PIXFER_OK)
        give_up("there is no AAC encoder");
    while (in.left)
        call(&in, a, &frames);
    frames += 1000;
    if (pixfer_audio_finish(a, frames) != PIXFER_OK)
        give_up(pixfer_report_error(&report));
    if (sink.wrong || sink.end != frames)
        give_up("packets leave a hole, or do not end with the frames");
    if (pixfer_audio_waiting(a))
        give_up("samples are left");
    pixfer_audio_close(&a);
    pixfer_report_free(&report);
    return 0;
}

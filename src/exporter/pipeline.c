/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include <errno.h>
#include <libavutil/common.h>
#include <stdlib.h>
#include <string.h>

#include "exporter.h"

/* Two threads beside the caller's: one feeds the encoder, one writes. Each passes a NULL on when it has done its last. */

enum { MAX_FRAMES = 12, MAX_PACKETS = 512 };
/* Seconds that an encoder has to return in once the export is given up. */
static const double patience = 0.5;
/* At 4K three frames: one being converted, one waiting, one being encoded. */
static const size_t default_frame_budget = 40u << 20, packet_budget = 32u << 20;

static void give_up(struct pixfer_exporter *e)
{
    pixfer_queue_close(&e->frames);
    pixfer_queue_close(&e->packets);
    pixfer_queue_close(&e->done);
}

/* ---- Encoder thread -------------------------------------------------------------------------------------------------------- */

/* How long the frames inside the encoder are shown: it gives packets back in another order. */
struct durations {
    struct duration {
        int64_t pts, duration;
    } * items;
    size_t count, capacity;
    int64_t last;
};

static bool remember(struct durations *d, const AVFrame *frame)
{
    if (d->count == d->capacity) {
        size_t capacity = d->capacity ? d->capacity * 2 : 64;
        struct duration *items = realloc(d->items, capacity * sizeof(*items));
        if (!items)
            return false;
        d->items = items;
        d->capacity = capacity;
    }
    d->last = FRAME_DURATION(frame);
    d->items[d->count++] = (struct duration){frame->pts, d->last};
    return true;
}

static int64_t recall(struct durations *d, int64_t pts)
{
    for (size_t i = 0; i < d->count; i++)
        if (d->items[i].pts == pts) {
            int64_t duration = d->items[i].duration;
            d->count--;
            memmove(d->items + i, d->items + i + 1, (d->count - i) * sizeof(*d->items));
            return duration;
        }
    return d->last;
}

static void count_encoding(struct pixfer_exporter *e, double start)
{
    atomic_fetch_add(&e->encode_ns, (unsigned long long)((pixfer_now() - start) * 1e9));
}

static bool out_of_memory(struct pixfer_exporter *e)
{
    pixfer_report_fail(&e->report, PIXFER_ERR_NO_MEMORY, "encode: out of memory");
    return false;
}

static bool pass_packet(struct pixfer_exporter *e, AVPacket *packet, struct durations *durations)
{
    AVPacket *item = av_packet_alloc();
    if (!item)
        return out_of_memory(e);
    packet->stream_index = 0;
    packet->duration = recall(durations, packet->pts);
    av_packet_move_ref(item, packet);
    int64_t end = item->pts + item->duration;
    if (!pixfer_queue_push(&e->packets, item, (size_t)item->size, NULL, NULL)) {
        av_packet_free(&item);
        return false;
    }
    atomic_fetch_add(&e->encoded, 1);
    if (end > atomic_load(&e->media_end))
        atomic_store(&e->media_end, end);
    return true;
}

/* frame NULL: drain. Time that is spent waiting for the writer does not count as encoding. */
static bool encode(struct pixfer_exporter *e, AVFrame *frame, AVPacket *packet, struct durations *durations)
{
    AVCodecContext *codec = e->encoder.codec;
    double start = pixfer_now();
    int error = avcodec_send_frame(codec, frame);
    while (error >= 0) {
        error = avcodec_receive_packet(codec, packet);
        if (error < 0)
            break;
        count_encoding(e, start);
        if (!pass_packet(e, packet, durations))
            return false;
        start = pixfer_now();
    }
    count_encoding(e, start);
    if (error == AVERROR(EAGAIN) || error == AVERROR_EOF)
        return true;
    pixfer_report_fail(&e->report, error == AVERROR(ENOMEM) ? PIXFER_ERR_NO_MEMORY : PIXFER_ERR_DEVICE,
                       "encode: %s failed after %llu frames: %s", e->encoder.codec->codec->name,
                       (unsigned long long)atomic_load(&e->encoded), pixfer_av_error(error));
    return false;
}

static bool encode_next(struct pixfer_exporter *e, AVFrame *frame, AVPacket *packet, struct durations *durations)
{
    if (!remember(durations, frame)) {
        av_frame_free(&frame);
        return out_of_memory(e);
    }
    int error = e->encoder.frames.seal ? e->encoder.frames.seal(&e->encoder.frames, &frame) : 0;
    bool good = !error && encode(e, frame, packet, durations);
    if (error)
        pixfer_report_fail(&e->report, PIXFER_ERR_DEVICE, "encode: a frame cannot be handed to the hardware: %s",
                           pixfer_av_error(error));
    av_frame_free(&frame);
    return good;
}

/* Says that this thread needs nothing of the owner's any more, and gives up what it shares with it. */
static void end_encoding(struct pixfer_exporter *e)
{
    pixfer_lock_take(&e->ended_mutex);
    e->encoder_ended = true;
    pixfer_condition_wake_all(&e->ended);
    pixfer_lock_drop(&e->ended_mutex);
    pixfer_exporter_release(e);
}

static void encode_main(void *opaque)
{
    struct pixfer_exporter *e = opaque;
    AVPacket *packet = av_packet_alloc();
    struct durations durations = {0};
    void *item = NULL;
    bool good = packet || out_of_memory(e);
    while (good && (good = pixfer_queue_pop(&e->frames, &item, NULL, NULL)) && item)
        good = encode_next(e, item, packet, &durations);
    if (good)
        good = encode(e, NULL, packet, &durations) && pixfer_queue_push(&e->packets, NULL, 0, NULL, NULL);
    if (!good)
        give_up(e);
    av_packet_free(&packet);
    free(durations.items);
    end_encoding(e);
}

/* ---- Writer thread --------------------------------------------------------------------------------------------------------- */

static bool write_packet(struct pixfer_exporter *e, AVPacket *packet)
{
    double start = pixfer_now();
    AVRational unit = packet->time_base;
    bool good = pixfer_muxer_write(&e->muxer, packet, unit.num ? unit : e->time_base) == PIXFER_OK;
    av_packet_free(&packet);
    e->mux_s += pixfer_now() - start;
    return good;
}

static bool tick_writer(void *opaque)
{
    struct pixfer_exporter *e = opaque;
    return pixfer_muxer_idle(&e->muxer) == PIXFER_OK;
}

static void mux_main(void *opaque)
{
    struct pixfer_exporter *e = opaque;
    void *item = NULL;
    bool good = true;
    while (good && (good = pixfer_queue_pop(&e->packets, &item, tick_writer, e)) && item)
        good = write_packet(e, item);
    double start = pixfer_now();
    if (good)
        good = pixfer_muxer_end(&e->muxer) == PIXFER_OK && pixfer_queue_push(&e->done, NULL, 0, NULL, NULL);
    e->mux_s += pixfer_now() - start;
    if (!good)
        give_up(e);
}

/* ---- Start and stop --------------------------------------------------------------------------------------------------------- */

/* Signals are the business of the caller's threads: a read that Ctrl-C is to interrupt happens there. */
static int start_thread(pixfer_thread *thread, struct pixfer_thread_start *start, void (*run)(void *), struct pixfer_exporter *e)
{
    *start = (struct pixfer_thread_start){run, e};
    return pixfer_thread_create_masked(thread, start) ? 0 : errno;
}

static int make_queues(struct pixfer_exporter *e)
{
    size_t budget = e->params.queue_bytes ? e->params.queue_bytes : default_frame_budget;
    size_t one = e->encoder.frames.bytes, outside = 2 * one; /* being converted, being encoded */
    size_t waiting = budget > outside ? budget - outside : 0;
    e->queue_capacity = (uint32_t)FFMIN(FFMAX(waiting / one, 1), MAX_FRAMES); /* the queue takes one whatever is left */
    int error = pixfer_queue_init(&e->frames, MAX_FRAMES, waiting);
    int packets = pixfer_queue_init(&e->packets, MAX_PACKETS, packet_budget);
    int done = pixfer_queue_init(&e->done, 1, 1);
    e->queues_ready = true;
    return error ? error : packets ? packets : done;
}

static int start_threads(struct pixfer_exporter *e)
{
    int error = start_thread(&e->mux_thread, &e->mux_start, mux_main, e);
    if (error)
        return error;
    atomic_fetch_add(&e->references, 1);
    error = start_thread(&e->encode_thread, &e->encode_start, encode_main, e);
    if (!error)
        return 0;
    atomic_fetch_sub(&e->references, 1);
    give_up(e);
    pixfer_thread_join(e->mux_thread);
    return error;
}

enum pixfer_result pixfer_pipeline_start(struct pixfer_exporter *e)
{
    int error = make_queues(e);
    if (!error)
        error = start_threads(e);
    e->threads_running = !error;
    if (error)
        return pixfer_report_fail(&e->report, PIXFER_ERR_NO_MEMORY, "export: no threads: %s", strerror(error));
    return PIXFER_OK;
}

static bool tick(void *opaque)
{
    return pixfer_exporter_tick(opaque, "encode");
}

/* An encoder that has its last frame from us may be at it for long, or for ever if its driver hangs, and no call of libavcodec can be
 * interrupted. Where the export is given up nobody waits for that: the thread goes on alone, with its own reference to what it works
 * with, and frees it when the encoder returns. */
static void leave_encoder(struct pixfer_exporter *e)
{
    double until = pixfer_now() + patience;
    pixfer_lock_take(&e->ended_mutex);
    while (!e->encoder_ended && pixfer_now() < until)
        pixfer_condition_wait_for(&e->ended, &e->ended_mutex, 0.02);
    bool ended = e->encoder_ended;
    pixfer_lock_drop(&e->ended_mutex);
    if (ended) {
        pixfer_thread_join(e->encode_thread);
        return;
    }
    pixfer_thread_detach(e->encode_thread);
    pixfer_report_log(&e->report, PIXFER_LOG_WARNING, "encode: %s is still at work and is not waited for",
                      e->encoder.codec->codec->name);
}

void pixfer_pipeline_stop(struct pixfer_exporter *e, bool drop)
{
    void *item;
    if (e->threads_running) {
        drop = drop || !pixfer_queue_push(&e->frames, NULL, 0, tick, e) || !pixfer_queue_pop(&e->done, &item, tick, e);
        if (drop)
            give_up(e);
        pixfer_thread_join(e->mux_thread);
        if (drop)
            leave_encoder(e);
        else
            pixfer_thread_join(e->encode_thread);
        e->threads_running = false;
    }
    while (e->queues_ready && pixfer_queue_take(&e->frames, &item)) {
        AVFrame *frame = item;
        av_frame_free(&frame);
    }
    while (e->queues_ready && pixfer_queue_take(&e->packets, &item)) {
        AVPacket *packet = item;
        av_packet_free(&packet);
    }
}
#endif

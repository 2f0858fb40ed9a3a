/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include <errno.h>
#include <signal.h>
#include <string.h>

#include "exporter.h"

/* Two threads beside the caller's: one feeds the encoder, one writes. Each passes a NULL on when it has done its last. */

enum { MAX_FRAMES = 12, MAX_PACKETS = 512 };
/* At 4K three frames: one being converted, one waiting, one being encoded. */
static const size_t default_frame_budget = 40u << 20, packet_budget = 32u << 20;

static void give_up(struct pixfer_exporter *e)
{
    pixfer_queue_close(&e->frames);
    pixfer_queue_close(&e->packets);
    pixfer_queue_close(&e->done);
}

/* ---- Encoder thread -------------------------------------------------------------------------------------------------------- */

static bool pass_packet(struct pixfer_exporter *e, AVPacket *packet, int64_t duration)
{
    packet->stream_index = 0;
    packet->duration = duration;
    AVPacket *item = av_packet_alloc();
    if (!item) {
        pixfer_report_fail(&e->report, PIXFER_ERR_NO_MEMORY, "encode: out of memory");
        return false;
    }
    av_packet_move_ref(item, packet);
    int64_t end = item->pts + duration;
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
static bool encode(struct pixfer_exporter *e, AVFrame *frame, AVPacket *packet, int64_t duration)
{
    AVCodecContext *codec = e->encoder.codec;
    double start = pixfer_now();
    int error = avcodec_send_frame(codec, frame);
    while (error >= 0) {
        error = avcodec_receive_packet(codec, packet);
        if (error < 0)
            break;
        e->encode_s += pixfer_now() - start;
        if (!pass_packet(e, packet, duration))
            return false;
        start = pixfer_now();
    }
    e->encode_s += pixfer_now() - start;
    if (error == AVERROR(EAGAIN) || error == AVERROR_EOF)
        return true;
    pixfer_report_fail(&e->report, error == AVERROR(ENOMEM) ? PIXFER_ERR_NO_MEMORY : PIXFER_ERR_DEVICE,
                       "encode: %s failed after %llu frames: %s", e->encoder.codec->codec->name,
                       (unsigned long long)atomic_load(&e->encoded), pixfer_av_error(error));
    return false;
}

static bool encode_next(struct pixfer_exporter *e, AVFrame *frame, AVPacket *packet, int64_t *duration)
{
    *duration = (int64_t)(intptr_t)frame->opaque;
    frame->opaque = NULL;
    int error = e->encoder.frames.seal ? e->encoder.frames.seal(&e->encoder.frames, &frame) : 0;
    bool good = !error && encode(e, frame, packet, *duration);
    if (error)
        pixfer_report_fail(&e->report, PIXFER_ERR_DEVICE, "encode: a frame cannot be handed to the hardware: %s",
                           pixfer_av_error(error));
    av_frame_free(&frame);
    return good;
}

static void *encode_main(void *opaque)
{
    struct pixfer_exporter *e = opaque;
    AVPacket *packet = av_packet_alloc();
    void *item = NULL;
    int64_t duration = 0;
    bool good = packet != NULL;
    while (good && (good = pixfer_queue_pop(&e->frames, &item, NULL, NULL)) && item)
        good = encode_next(e, item, packet, &duration);
    if (good)
        good = encode(e, NULL, packet, duration) && pixfer_queue_push(&e->packets, NULL, 0, NULL, NULL);
    if (!good)
        give_up(e);
    av_packet_free(&packet);
    return NULL;
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

static void *mux_main(void *opaque)
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
    return NULL;
}

/* ---- Start and stop --------------------------------------------------------------------------------------------------------- */

/* Signals are the business of the caller's threads: a read that Ctrl-C is to interrupt happens there. */
static int start_thread(pthread_t *thread, void *(*run)(void *), void *opaque)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    int error = pthread_create(thread, NULL, run, opaque);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return error;
}

enum pixfer_result pixfer_pipeline_start(struct pixfer_exporter *e)
{
    size_t budget = e->params.queue_bytes ? e->params.queue_bytes : default_frame_budget;
    size_t outside = 2 * e->encoder.frames.bytes; /* the queue itself takes one frame whatever is left */
    int error = pixfer_queue_init(&e->frames, MAX_FRAMES, budget > outside ? budget - outside : 0);
    if (!error)
        error = pixfer_queue_init(&e->packets, MAX_PACKETS, packet_budget);
    if (!error)
        error = pixfer_queue_init(&e->done, 1, 1);
    e->queues_ready = true;
    if (!error)
        error = start_thread(&e->encode_thread, encode_main, e);
    if (!error && (error = start_thread(&e->mux_thread, mux_main, e))) {
        give_up(e);
        pthread_join(e->encode_thread, NULL);
    }
    e->threads_running = !error;
    if (error)
        return pixfer_report_fail(&e->report, PIXFER_ERR_NO_MEMORY, "export: no threads: %s", strerror(error));
    return PIXFER_OK;
}

static bool tick(void *opaque)
{
    return pixfer_exporter_tick(opaque, "encode");
}

void pixfer_pipeline_stop(struct pixfer_exporter *e, bool drop)
{
    void *item;
    if (e->threads_running) {
        drop = drop || !pixfer_queue_push(&e->frames, NULL, 0, tick, e) || !pixfer_queue_pop(&e->done, &item, tick, e);
        if (drop)
            give_up(e);
        pthread_join(e->encode_thread, NULL);
        pthread_join(e->mux_thread, NULL);
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

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include <errno.h>
#include <libavutil/common.h>
#include <stdlib.h>
#include <string.h>

#include "encode/held.h"
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

/* What the encoder's thread works with. */
struct encoding {
    struct pixfer_exporter *e;
    AVPacket *packet;
    struct held held;
    AVFrame *first;  /* as long as nothing has come out of the encoder and no second frame has gone in */
    bool open;       /* the encoder takes frames: it has not been drained */
    bool at_once;    /* it is one that holds nothing */
    bool can_change; /* frames of both kinds of encoder can be decoded with what the file's header says */
    bool begun;      /* a packet has come out */
    uint64_t frames; /* that have come */
    /* When the first and the last frame of the part are shown: packets outside are of frames that only lead in, or were to be looked at. */
    int64_t since, until;
    bool
        placed; /* there are such frames: only of encoders whose packets have their frame's time, which hardware's may miss by one */
};

static void count_encoding(struct pixfer_exporter *e, double start)
{
    atomic_fetch_add(&e->encode_ns, (unsigned long long)((pixfer_now() - start) * 1e9));
}

static bool out_of_memory(struct pixfer_exporter *e)
{
    pixfer_report_fail(&e->report, PIXFER_ERR_NO_MEMORY, "encode: out of memory");
    return false;
}

static bool pass_packet(struct encoding *c)
{
    struct pixfer_exporter *e = c->e;
    if (c->placed && (c->packet->pts < c->since || c->packet->pts > c->until)) {
        av_packet_unref(c->packet);
        return true;
    }
    AVPacket *item = av_packet_alloc();
    if (!item)
        return out_of_memory(e);
    c->packet->stream_index = 0;
    c->packet->duration = pixfer_held_remove(&c->held, c->packet->pts);
    c->begun = true;
    av_packet_move_ref(item, c->packet);
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

static bool encoder_failed(struct pixfer_exporter *e, int error)
{
    pixfer_report_fail(&e->report, error == AVERROR(ENOMEM) ? PIXFER_ERR_NO_MEMORY : PIXFER_ERR_DEVICE,
                       "encode: %s failed after %llu frames: %s", e->encoder.name, (unsigned long long)atomic_load(&e->encoded),
                       pixfer_av_error(error));
    return false;
}

/* frame NULL: drain. Time that is spent waiting for the writer does not count as encoding. */
static bool encode(struct encoding *c, AVFrame *frame)
{
    struct pixfer_exporter *e = c->e;
    double start = pixfer_now();
    int error = pixfer_encoder_send(&e->encoder, frame);
    while (error >= 0) {
        error = avcodec_receive_packet(e->encoder.codec, c->packet);
        if (error < 0)
            break;
        count_encoding(e, start);
        if (!pass_packet(c))
            return false;
        start = pixfer_now();
    }
    count_encoding(e, start);
    return error == AVERROR(EAGAIN) || error == AVERROR_EOF || encoder_failed(e, error);
}

static bool drain(struct encoding *c)
{
    bool good = !c->open || encode(c, NULL);
    c->open = false;
    return good;
}

static bool reopen(struct encoding *c, bool at_once)
{
    int error = pixfer_encoder_reopen(&c->e->encoder, at_once);
    if (error < 0)
        return encoder_failed(c->e, error);
    c->open = true;
    c->at_once = at_once;
    pixfer_report_log(&c->e->report, PIXFER_LOG_DEBUG, "encode: frames come %s, so the encoder %s after %llu frames",
                      at_once ? "slowly" : "quickly", at_once ? "holds none of them back" : "looks ahead again",
                      (unsigned long long)atomic_load(&c->e->encoded));
    return true;
}

/* Nothing has been written: the whole file may be one of an encoder that holds nothing, and its header have what both need. */
static bool begin_again(struct encoding *c)
{
    AVFrame *first = c->first;
    c->first = NULL;
    bool good = reopen(c, true);
    if (good && !c->can_change && pixfer_muxer_add_headers(&c->e->muxer, c->e->encoder.codec) < 0)
        good = out_of_memory(c->e);
    c->can_change = true;
    good = good && encode(c, first);
    av_frame_free(&first);
    return good;
}

/* The writer does not wait for the next packet to know how long this one lasts. */
static bool write_now(struct encoding *c)
{
    AVPacket *mark = av_packet_alloc();
    if (!mark)
        return out_of_memory(c->e);
    if (pixfer_queue_push(&c->e->packets, mark, 0, NULL, NULL))
        return true;
    av_packet_free(&mark);
    return false;
}

/* While no frame comes. What an encoder holds for its look-ahead, its B-frames and its threads would be lost with the process. */
static bool let_go(void *opaque)
{
    struct encoding *c = opaque;
    if (!c->e->encoder.settings.reopens || !pixfer_held_too_long(&c->held, pixfer_now()))
        return true;
    return (c->first ? begin_again(c) : drain(c)) && write_now(c);
}

/* For the frame that has come: after a drain, or because frames have become quick. */
static bool choose_encoder(struct encoding *c)
{
    if (c->open && !(c->at_once && pixfer_held_is_quick(&c->held)))
        return true;
    return drain(c) && reopen(c, c->can_change && !pixfer_held_is_quick(&c->held));
}

static bool keep_first(struct encoding *c, const AVFrame *frame)
{
    const bool first = c->e->encoder.settings.reopens && !c->begun && !c->held.count;
    av_frame_free(&c->first);
    c->first = first ? av_frame_clone(frame) : NULL;
    return !first || c->first;
}

/* ---- Segments as if they were one ---- */

/* x264 gives its very first frame another quality than later key frames, which follow what it has learnt until then. */
enum { COPIES = 8 };

static bool warm_up(struct encoding *c, const AVFrame *first)
{
    bool good = true;
    for (int i = COPIES; good && i > 0; i--) {
        AVFrame *copy = av_frame_clone(first);
        if (!copy)
            return out_of_memory(c->e);
        copy->pts -= i * FRAME_DURATION(first);
        good = encode(c, copy);
        av_frame_free(&copy);
    }
    return good;
}

/* Which packets are kept, and which frames are key frames. */
static bool place_frame(struct encoding *c, AVFrame *frame)
{
    const struct export_part *part = &c->e->part;
    const uint32_t interval = c->e->encoder.settings.key_interval;
    const uint64_t number = c->frames++, begin = part->lead_in;
    if (number == begin)
        c->since = frame->pts;
    if (number >= begin && (!part->frames || number < begin + part->frames))
        c->until = frame->pts;
    if (!number && part->warm_up && !warm_up(c, frame))
        return false;
    if (interval && (part->first + number - begin) % interval == 0)
        frame->pict_type = AV_PICTURE_TYPE_I;
    return true;
}

static bool encode_next(struct encoding *c, AVFrame *frame)
{
    struct pixfer_exporter *e = c->e;
    if (frame->opaque && !pixfer_vulkan_frame_finish(e, frame)) {
        av_frame_free(&frame);
        return false;
    }
    if (!keep_first(c, frame) || !pixfer_held_add(&c->held, frame, pixfer_now())) {
        av_frame_free(&frame);
        return out_of_memory(e);
    }
    int error = e->encoder.frames.seal ? e->encoder.frames.seal(&e->encoder.frames, &frame) : 0;
    bool good = !error && choose_encoder(c) && place_frame(c, frame) && encode(c, frame);
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

static bool next_frame(struct encoding *c, void **item)
{
    pixfer_held_wait(&c->held, pixfer_now());
    return pixfer_queue_pop(&c->e->frames, item, let_go, c);
}

static void encode_main(void *opaque)
{
    struct pixfer_exporter *e = opaque;
    struct encoding c = {
        .e = e, .packet = av_packet_alloc(), .open = true, .can_change = e->encoder.settings.same_headers, .since = INT64_MAX};
    c.placed = e->part.lead_in || e->part.warm_up || e->part.look_ahead;
    void *item = NULL;
    bool good = c.packet || out_of_memory(e);
    while (good && (good = next_frame(&c, &item)) && item)
        good = encode_next(&c, item);
    if (good)
        good = drain(&c) && pixfer_queue_push(&e->packets, NULL, 0, NULL, NULL);
    if (!good)
        give_up(e);
    av_packet_free(&c.packet);
    av_frame_free(&c.first);
    pixfer_held_free(&c.held);
    end_encoding(e);
}

/* ---- Writer thread --------------------------------------------------------------------------------------------------------- */

static bool write_packet(struct pixfer_exporter *e, AVPacket *packet)
{
    double start = pixfer_now();
    AVRational unit = packet->time_base;
    bool good = (packet->data ? pixfer_muxer_write(&e->muxer, packet, unit.num ? unit : e->time_base)
                              : pixfer_muxer_flush(&e->muxer)) == PIXFER_OK;
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
    e->queue_capacity = one ? (uint32_t)FFMIN(FFMAX(waiting / one, 1), MAX_FRAMES) : 1; /* the queue takes one whatever is left */
    int error = pixfer_queue_init(&e->frames, MAX_FRAMES, waiting);
    int packets = pixfer_queue_init(&e->packets, MAX_PACKETS, packet_budget);
    int done = pixfer_queue_init(&e->done, 1, 1);
    e->queues_ready = true;
    return error ? error : packets ? packets : done;
}

static int start_threads(struct pixfer_exporter *e)
{
    int error = start_thread(&e->mux_thread, &e->mux_start, mux_main, e);
    if (error || e->part.feed)
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
    pixfer_report_log(&e->report, PIXFER_LOG_WARNING, "encode: %s is still at work and is not waited for", e->encoder.name);
}

void pixfer_pipeline_stop(struct pixfer_exporter *e, bool drop)
{
    void *item;
    if (e->threads_running) {
        struct queue *first = e->part.feed ? &e->packets : &e->frames;
        drop = drop || !pixfer_queue_push(first, NULL, 0, tick, e) || !pixfer_queue_pop(&e->done, &item, tick, e);
        if (drop)
            give_up(e);
        pixfer_thread_join(e->mux_thread);
        if (drop && !e->part.feed)
            leave_encoder(e);
        else if (!e->part.feed)
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

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_EXPORTER_PRIVATE_H
#define PIXFER_EXPORTER_PRIVATE_H

/* The exporter: the stages of an export and what passes between them.
 *
 *   source/ (or the caller who pushes) -> convert/ -> [queue of AVFrame] -> encode/ -> [queue of AVPacket] -> output/muxer.c
 *   -> OUT.part -> output/finalise.c -> OUT
 *
 * Source and convert stage share the caller's thread, encoder and muxer have one each (pipeline.c). exporter.c opens, finishes and
 * closes, push.c is what a recorder calls in between, clock.c what its times mean, export.c (pull) drives a source. */

#include <pixfer/exporter.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "clock.h"
#include "convert/stage.h"
#include "encode/audio_encoder.h"
#include "encode/tags.h"
#include "encode/video.h"
#include "output/muxer.h"
#include "queue.h"
#include "report.h"

/* What stats and queue were in 0.2.0: the size of one whose struct_size is 0. */
enum {
    PIXFER_STATS_0_2_0 = offsetof(struct pixfer_exporter_stats, refused) + sizeof(uint64_t),
    PIXFER_QUEUE_0_2_0 = offsetof(struct pixfer_exporter_queue, bytes) + sizeof(uint64_t)
};

/* In place of an encoder: what joins segments is told when each frame is shown, and sends its packets (pixfer_exporter_send). */
struct packet_feed {
    const AVCodecParameters *par; /* of the packets */
    const char *encoder;          /* that made them */
    int reordering;               /* as in struct clock */
    enum pixfer_result (*frame)(void *opaque, int64_t time, int64_t duration);
    void *opaque;
};

/* What an export is within a plan (plan/): one segment, or the join. All zero: neither. */
struct export_part {
    bool portable;            /* the encoder gives the same stream on every processor */
    bool keep_nothing;        /* OUT.part does not outlive a failure */
    uint64_t frames;          /* that it has to have; 0 = any number */
    uint64_t first;           /* number of the first of them, which a caller's pts count from */
    bool counted;             /* pts of pushed frames are their numbers, none left out */
    const char *part_name;    /* in place of OUT.part */
    const char *final_suffix; /* as in struct muxer_target */
    const struct seal *seal;  /* that OUT ends with */
    const struct packet_feed *feed;
};

struct pixfer_exporter {
    struct pixfer_exporter_params params;
    struct export_part part;
    struct seal own_seal; /* where the part's are copied */
    char *own_part_name;
    struct report report;
    struct tags tags;
    struct light light; /* the source's, until it is opened */
    bool opaque;        /* what the source's format has for alpha is none */
    struct convert_stage stage;
    struct encoder encoder;
    struct muxer muxer;
    struct queue frames, packets, done;
    uint32_t queue_capacity;
    pixfer_thread encode_thread, mux_thread;
    struct pixfer_thread_start encode_start, mux_start;
    bool threads_running, queues_ready;
    atomic_int references; /* the owner's, and the encoder's thread's, which may outlive it */
    pixfer_lock ended_mutex;
    pixfer_condition ended; /* encoder_ended was set */
    bool encoder_ended;
    int64_t owner; /* threads and files are this process's */
    atomic_bool busy, finished, late_audio;
    bool opened, complete;
    pixfer_lock clock_mutex; /* frames and audio may come from two threads */
    struct clock clock;
    AVRational fps, time_base; /* time_base: the export's, clock.unit */
    int64_t frame_duration;    /* 1 / fps in time_base */
    struct audio_encoder *audio;
    int64_t audio_end; /* in its samples, where the last frame is held for it; else 0 */
    int64_t end_pts;   /* where the last frame ends, in time_base */
    uint64_t pushed, refused;
    atomic_ullong encoded, encode_ns;
    atomic_llong media_end; /* in time_base */
    double start, cpu_start, mux_s, source_s;
    uint64_t frames_total;
    double last_tick, last_progress, recent_fps;
    uint64_t mark_frames, progress_frames;
    const char *waiting_for;
    double stalled_since;
    struct pixfer_exporter_stats stats;
    struct vulkan_frames *vulkan; /* of pixfer_exporter_attach_vulkan, or NULL */
};

/* How an exporter is opened from within: it is there, with log, progress and stopping, before its input is, whose frames decide on
 * format, size and rate; these are set in its params before prepare. `tags`: those that the parameters cannot say, or NULL. */
struct pixfer_exporter *pixfer_exporter_create(const struct pixfer_exporter_params *params);
/* pixfer_exporter_open for a segment, whose strings are copied; part NULL: for an export of its own. */
enum pixfer_result pixfer_exporter_open_part(struct pixfer_exporter **out, const char *path,
                                             const struct pixfer_exporter_params *params, const struct export_part *part);
enum pixfer_result pixfer_exporter_prepare(struct pixfer_exporter *e, const char *path, const struct tags *tags);
/* The first half of prepare: converter and encoder are opened, and nothing is created. */
enum pixfer_result pixfer_exporter_resolve(struct pixfer_exporter *e, const struct tags *tags);
/* How the file is to be shown, what it is called: the parameters' say on top of the input's, which may be NULL. Before start. */
enum pixfer_result pixfer_exporter_present(struct pixfer_exporter *e, const struct presentation *input);
enum pixfer_result pixfer_exporter_start(struct pixfer_exporter *e); /* after tracks have been added */
/* A writable encoder frame, and its way into the queue. submit takes the reference. */
AVFrame *pixfer_exporter_acquire(struct pixfer_exporter *e);
enum pixfer_result pixfer_exporter_submit(struct pixfer_exporter *e, AVFrame *frame, int64_t time, int64_t duration);
/* The same for a source's times, which are in the parameters' time base. */
enum pixfer_result pixfer_exporter_deliver(struct pixfer_exporter *e, AVFrame *frame, int64_t pts, int64_t duration);
/* An encoded packet of video, with times in the export's time base. Takes the packet. */
enum pixfer_result pixfer_exporter_send(struct pixfer_exporter *e, AVPacket *packet);
/* An encoded packet of audio for track 1, with times in `unit`. Takes the packet. */
enum pixfer_result pixfer_exporter_packet(struct pixfer_exporter *e, AVPacket *packet, AVRational unit);
/* Calls the progress callback if it is time to; false once the export is to stop. */
bool pixfer_exporter_tick(struct pixfer_exporter *e, const char *waiting_for);

/* exporter_audio.c: audio that is encoded. open adds its track, and comes before start. */
enum pixfer_result pixfer_exporter_open_audio(struct pixfer_exporter *e, const struct audio_request *request);
enum pixfer_result pixfer_exporter_open_pushed_audio(struct pixfer_exporter *e); /* as the parameters have it */
/* Encodes what belongs to the frames that have been submitted; what is left, cut or filled to the end of the last. */
enum pixfer_result pixfer_exporter_advance_audio(struct pixfer_exporter *e);
enum pixfer_result pixfer_exporter_finish_audio(struct pixfer_exporter *e);
/* The last frame is shown until `samples` of audio at `rate` have been heard; after the last submit. */
void pixfer_exporter_hold(struct pixfer_exporter *e, int64_t samples, int rate);

enum pixfer_result pixfer_pipeline_start(struct pixfer_exporter *e);
/* Lets the queues run empty and waits for the threads; with `drop` what is queued is thrown away, and an encoder that does not return
 * is left to itself after half a second. */
void pixfer_pipeline_stop(struct pixfer_exporter *e, bool drop);
/* Gives up a reference; the last one frees what the encoder's thread works with, and the exporter. */
void pixfer_exporter_release(struct pixfer_exporter *e);

/* Around the calls of the frames' thread. enter: false after a line in the log that says why this call is refused. */
bool pixfer_exporter_enter(struct pixfer_exporter *e, const char *call);
enum pixfer_result pixfer_exporter_leave(struct pixfer_exporter *e, enum pixfer_result result);
/* One frame's matter: a line, and it is counted. Always false. */
PIXFER_PRINTF(2, 3)
bool pixfer_exporter_refuse(struct pixfer_exporter *e, const char *format, ...);
/* What a frame's pts is in the export, or a refusal; and that a frame with it has come. */
bool pixfer_exporter_check_time(struct pixfer_exporter *e, int64_t pts, int64_t *time);
enum pixfer_result pixfer_exporter_take_time(struct pixfer_exporter *e, int64_t pts, int64_t time);

/* push_vulkan.c. A frame that a device is still at work on has its `opaque` set: finish waits, on the encoder's thread, and gives it its
 * planes. False: the export has failed, or is given up. close: no frame of it is in a queue any more. */
bool pixfer_vulkan_frame_finish(struct pixfer_exporter *e, AVFrame *frame);
void pixfer_vulkan_frames_detach(struct pixfer_exporter *e);
void pixfer_vulkan_frames_count(const struct pixfer_exporter *e, struct pixfer_exporter_stats *stats);

/* False in a child of the process that opened it, after a line in the log unless call is NULL. */
bool pixfer_exporter_is_ours(struct pixfer_exporter *e, const char *call);

void pixfer_stats_fill(struct pixfer_exporter *e, struct pixfer_exporter_stats *stats);

#endif

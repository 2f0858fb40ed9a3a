/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_EXPORTER_PRIVATE_H
#define PIXFER_EXPORTER_PRIVATE_H

/* The exporter: the stages of an export and what passes between them.
 *
 *   source/ (or the caller who pushes) -> convert/ -> [queue of AVFrame] -> encode/ -> [queue of AVPacket] -> output/muxer.c
 *   -> OUT.part -> output/finalise.c -> OUT
 *
 * Source and convert stage share the caller's thread, encoder and muxer have one each (pipeline.c). */

#include <pixfer/exporter.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "convert/stage.h"
#include "encode/audio_encoder.h"
#include "encode/encoder.h"
#include "encode/tags.h"
#include "output/muxer.h"
#include "queue.h"
#include "report.h"

struct pixfer_exporter {
    struct pixfer_exporter_params params;
    struct report report;
    struct tags tags;
    struct convert_stage stage;
    struct encoder encoder;
    struct muxer muxer;
    struct queue frames, packets, done;
    pthread_t encode_thread, mux_thread;
    bool threads_running, queues_ready;
    bool finished, complete;
    AVRational fps, time_base;
    struct audio_encoder *audio;
    int64_t last_pts, end_pts; /* of the frames pushed; end_pts: the time the last one ends */
    uint64_t pushed;
    atomic_ullong encoded;
    atomic_llong media_end; /* in time_base */
    double start, cpu_start, encode_s, mux_s, source_s;
    uint64_t frames_total;
    double last_tick, last_progress, recent_fps;
    uint64_t mark_frames, progress_frames;
    const char *waiting_for;
    double stalled_since;
    struct pixfer_exporter_stats stats;
};

/* How an exporter is opened from within: it is there, with log, progress and stopping, before its input is, whose frames decide on
 * format, size and rate; these are set in its params before prepare. `tags`: those that the parameters cannot say, or NULL. */
struct pixfer_exporter *pixfer_exporter_create(const struct pixfer_exporter_params *params);
enum pixfer_result pixfer_exporter_prepare(struct pixfer_exporter *e, const char *path, const struct tags *tags);
enum pixfer_result pixfer_exporter_start(struct pixfer_exporter *e); /* after tracks have been added */
/* A writable encoder frame, and its way into the queue. submit takes the reference. */
AVFrame *pixfer_exporter_acquire(struct pixfer_exporter *e);
enum pixfer_result pixfer_exporter_submit(struct pixfer_exporter *e, AVFrame *frame, int64_t pts, int64_t duration);
/* An encoded packet of audio for track 1, with times in `unit`. Takes the packet. */
enum pixfer_result pixfer_exporter_packet(struct pixfer_exporter *e, AVPacket *packet, AVRational unit);
/* Calls the progress callback if it is time to; false once the export is to stop. */
bool pixfer_exporter_tick(struct pixfer_exporter *e, const char *waiting_for);
static inline enum pixfer_result pixfer_exporter_result(struct pixfer_exporter *e)
{
    return pixfer_report_result(&e->report);
}

/* exporter_audio.c: audio that is encoded. open adds its track, and comes before start. */
enum pixfer_result pixfer_exporter_open_audio(struct pixfer_exporter *e, const struct audio_request *request);
enum pixfer_result pixfer_exporter_open_pushed_audio(struct pixfer_exporter *e); /* as the parameters have it */
/* Encodes what belongs to the frames that have been submitted; what is left, cut or filled to the end of the last. */
enum pixfer_result pixfer_exporter_advance_audio(struct pixfer_exporter *e);
enum pixfer_result pixfer_exporter_finish_audio(struct pixfer_exporter *e);

enum pixfer_result pixfer_pipeline_start(struct pixfer_exporter *e);
/* Lets the queues run empty and waits for the threads; with `drop` what is queued is thrown away. */
void pixfer_pipeline_stop(struct pixfer_exporter *e, bool drop);

void pixfer_stats_fill(struct pixfer_exporter *e, struct pixfer_exporter_stats *stats);

#endif

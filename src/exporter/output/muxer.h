/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_EXPORTER_MUXER_H
#define PIXFER_EXPORTER_MUXER_H

/* The MP4. target.c: the files OUT and OUT.part; muxer.c: fragments, for OUT.part or a callback; finalise.c: the ordinary MP4 that
 * becomes OUT. */

#include <libavcodec/avcodec.h>
#include <libavcodec/bsf.h>
#include <libavformat/avformat.h>
#include <pixfer/exporter.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "../queue.h"
#include "../report.h"
#include "output_io.h"
#include "part_file.h"
#include "presentation.h"
#include "seal.h"

struct stamp {
    int64_t pts, dts, duration; /* in the stream's time base of the muxer */
};

struct track {
    AVCodecParameters *par;
    AVRational unit, time_base, rate; /* unit: asked for; time_base: what libavformat made of it */
    bool seen;                        /* a packet of it has come */
    AVPacket *held;                   /* the latest packet, until the next one tells how long it lasts; empty if there is none */
    int64_t shift; /* added to its times in the fragments, which cannot begin before time 0 once the header is written */
    struct stamp *stamps;
    size_t count, capacity;
    size_t put, safe; /* of those, handed to libavformat; in complete fragments */
};

/* Where it goes: to the file `path`, or to `write`, and `path` then only names it in messages and may be NULL. */
struct muxer_target {
    const char *path;
    const char *part;  /* in place of path.part; NULL = that */
    const char *final; /* what the name of the file that becomes OUT ends in; NULL = ".final". It has to stay. */
    bool overwrite;
    pixfer_write_callback write;
    void *opaque;
    const struct seal *seal; /* that the file ends with; NULL = none */
};

struct muxer {
    struct report *report;
    char *path, *part;
    bool overwrite, to_callback;
    const struct seal *seal;
    const char *final;    /* suffix */
    int64_t process;      /* that opened it: a child after fork() owns no file */
    bool part_is_named;   /* by the caller, who may replace what is there */
    bool part_is_ours;    /* created, found empty, or emptied: what an earlier export left is no more */
    uint64_t part_frames; /* what pixfer_muxer_keep_part found */
    bool part_left, part_checked;
    struct output out;
    struct presentation presentation;
    AVFormatContext *context;
    struct track tracks[2];
    unsigned track_count;
    AVPacket **early; /* until the first packet of every track is there */
    size_t early_count;
    bool header_written, movie_written; /* the streams are known to libavformat; the `moov` box is in the file */
    int64_t fragment_start;             /* dts in the video track's time base, AV_NOPTS_VALUE = empty */
    int64_t pending;                    /* bytes of the fragment being collected */
    int64_t safe_bytes;                 /* where the last complete fragment ends */
    double unsafe_since;                /* when the oldest packet came that a crash would take; 0 = none */
    double last_sync;
    int64_t hold_end; /* until then the last frame is shown; hold_unit.num 0 = for as long as it came with */
    AVRational hold_unit;
    AVBSFContext *bsf; /* writes the colour tags that an encoder leaves out */
    atomic_ullong bytes;
};

/* Looks at everything that could make the last step fail; creates nothing. */
enum pixfer_result pixfer_muxer_open(struct muxer *m, const struct muxer_target *target, struct report *report);
/* Creates and locks OUT.part. What an earlier export left in it stays until the first packet comes. */
enum pixfer_result pixfer_muxer_create(struct muxer *m);
/* After create: refuses an input that is the output. */
enum pixfer_result pixfer_muxer_check_input(struct muxer *m, const char *name);
/* Before the first write. true_width and true_height are what players show. */
enum pixfer_result pixfer_muxer_add_video(struct muxer *m, const AVCodecContext *codec, uint32_t true_width, uint32_t true_height,
                                          bool fix_tags);
/* Video that is encoded already: `par` is what an MP4 of ours said of it. */
enum pixfer_result pixfer_muxer_add_packets(struct muxer *m, const AVCodecParameters *par, AVRational unit, AVRational rate);
enum pixfer_result pixfer_muxer_add_audio(struct muxer *m, const AVCodecParameters *par, AVRational time_base);
/* Before the first write; what it says is copied. */
enum pixfer_result pixfer_muxer_present(struct muxer *m, const struct presentation *presentation);
/* The packet's times are in `unit`; its stream_index is the track. Takes the reference. The first packet of a track may come long
 * before its time, and the sooner the better: AC-3's has to be known before anything can be written. */
enum pixfer_result pixfer_muxer_write(struct muxer *m, AVPacket *packet, AVRational unit);
/* Before the first write of a packet: what else its frames need to be decoded. Returns 0 or an AVERROR. */
int pixfer_muxer_add_headers(struct muxer *m, const AVCodecContext *codec);
/* What has come goes to the disk now: no packet follows soon. */
enum pixfer_result pixfer_muxer_flush(struct muxer *m);
/* To be called some times a second while no packet comes: nothing waits longer than about a second for the disk. */
enum pixfer_result pixfer_muxer_idle(struct muxer *m);
/* The last frame is shown until `end`, if that is later than its own end. Before the last packet has been queued. */
void pixfer_muxer_hold(struct muxer *m, int64_t end, AVRational unit);
/* Completes OUT.part, or what goes to the callback. */
enum pixfer_result pixfer_muxer_end(struct muxer *m);
/* Turns the complete OUT.part into OUT; nothing to do for a callback. `tick` is asked now and then and may abort. */
enum pixfer_result pixfer_muxer_finalise(struct muxer *m, queue_tick tick, void *opaque);
/* Cuts OUT.part to its last complete fragment and reads it again, or removes it if it holds no frame; the number of frames kept. */
uint64_t pixfer_muxer_keep_part(struct muxer *m);
/* "OUT.part keeps 30 frames and plays": what became of it, after pixfer_muxer_keep_part. */
const char *pixfer_muxer_describe_part(const struct muxer *m, char *text, size_t size);
/* Removes OUT.part. Does nothing where keep_part has kept it. */
void pixfer_muxer_discard(struct muxer *m);
void pixfer_muxer_close(struct muxer *m);

/* The options of libavformat's muxer that have to be the same for OUT.part and OUT. */
int pixfer_muxer_times(const struct muxer *m, AVDictionary **options);

#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_EXPORTER_MUXER_H
#define PIXFER_EXPORTER_MUXER_H

/* The MP4. muxer.c: fragments in OUT.part; finalise.c: the ordinary MP4 called OUT. */

#include <libavcodec/avcodec.h>
#include <libavcodec/bsf.h>
#include <libavformat/avformat.h>
#include <pixfer/common.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "../queue.h"
#include "../report.h"
#include "part_file.h"
#include "presentation.h"

struct stamp {
    int64_t pts, dts, duration; /* in the stream's time base of the muxer */
};

struct track {
    AVCodecParameters *par;
    AVRational time_base, rate;
    int64_t cut; /* the audio's end in time_base; INT64_MAX = none */
    struct stamp *stamps;
    size_t count, capacity, safe; /* safe: those in complete fragments */
};

struct muxer {
    struct report *report;
    char *path, *part;
    bool overwrite;
    struct output out;
    struct presentation presentation;
    AVFormatContext *context;
    struct track tracks[2];
    unsigned track_count;
    bool header_written, finished;
    int64_t fragment_start; /* dts in the video track's time base, AV_NOPTS_VALUE = empty */
    int64_t pending;        /* bytes of the fragment being collected */
    int64_t safe_bytes;     /* where the last complete fragment ends */
    double last_flush, last_sync;
    AVBSFContext *bsf; /* writes the colour tags that an encoder leaves out */
    atomic_ullong bytes;
};

/* Looks at everything that could make the last step fail; creates nothing. */
enum pixfer_result pixfer_muxer_open(struct muxer *m, const char *path, bool overwrite, struct report *report);
enum pixfer_result pixfer_muxer_create(struct muxer *m);
/* Before the first write. true_width and true_height are what players show. */
enum pixfer_result pixfer_muxer_add_video(struct muxer *m, const AVCodecContext *codec, uint32_t true_width, uint32_t true_height,
                                          bool fix_tags);
enum pixfer_result pixfer_muxer_add_audio(struct muxer *m, const AVCodecParameters *par, AVRational time_base);
/* Before the first write; what it says is copied. */
enum pixfer_result pixfer_muxer_present(struct muxer *m, const struct presentation *presentation);
/* The packet's times are in `unit`; its stream_index is the track. Takes the reference. */
enum pixfer_result pixfer_muxer_write(struct muxer *m, AVPacket *packet, AVRational unit);
/* Completes OUT.part. */
enum pixfer_result pixfer_muxer_end(struct muxer *m);
/* Turns the complete OUT.part into OUT. `tick` is asked now and then and may abort. */
enum pixfer_result pixfer_muxer_finalise(struct muxer *m, queue_tick tick, void *opaque);
/* Cuts OUT.part to its last complete fragment, removes it if it holds no frame; the number of frames kept. */
uint64_t pixfer_muxer_keep_part(struct muxer *m);
void pixfer_muxer_discard(struct muxer *m);
void pixfer_muxer_close(struct muxer *m);
/* "No space left on device" and what to do about it. */
const char *pixfer_errno_text(int error, char *text, size_t size);

#endif

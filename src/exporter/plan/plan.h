/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_EXPORTER_PLAN_PRIVATE_H
#define PIXFER_EXPORTER_PLAN_PRIVATE_H

/* A plan in memory. create.c makes one, scan.c learns the frames for it, manifest.c turns it into JSON and back, fields.c knows the
 * settings, identity.c the input; segment.c and join.c do what it says, through pixfer_export_job. */

#include <pixfer/plan.h>

#include "../encode/tags.h"
#include "../output/seal.h"
#include "../report.h"
#include "../source/demuxer.h"
#include "frames.h"
#include "identity.h"

enum { PLAN_SEGMENTS = 100000, PLAN_METADATA = 64, PLAN_VERSION = 160 };

/* Where key frames lie as in an export of one piece, the frames between them are to be the same, too: the encoder's decisions follow from
 * frames before the segment, and the last ones' from frames behind it. So many take the difference below half a decibel. */
enum { PLAN_LEAD_IN = 20, PLAN_LOOK_AHEAD = 16 };

struct plan_segment {
    uint64_t first, end;    /* of the export's frames */
    struct packet_mark key; /* to decode from; size 0: the first packet */
};

struct plan_versions {
    char pixfer[32], libav[PLAN_VERSION], encoder[PLAN_VERSION]; /* encoder: what it says of itself, "" if nothing */
};

struct pixfer_plan {
    struct pixfer_input input; /* name NULL: frames are pushed */
    struct pixfer_exporter_params params;
    struct pixfer_metadata metadata[PLAN_METADATA];
    const char *output, *input_path, *audio_path; /* _path: absolute, where the plan was made */
    struct identity input_is, audio_is;
    struct plan_versions versions;
    char settings[160];
    struct tags tags;
    int reordering;
    struct frame_table frames; /* of one pass */
    bool ticking;              /* they have times of their own */
    AVRational fps, tick;
    uint64_t total; /* frames of the export; the first is number input.first of all passes */
    double seconds;
    struct plan_segment *segments;
    uint32_t count, tasks;
    uint8_t id[SEAL_ID];
    char id_text[2 * SEAL_ID + 1];
    void *json; /* that the strings lie in */
    char *text;
    char *folder; /* of the file it was read from; NULL: of none */
};

/* ---- create.c, segment.c ---- */

/* Of this program; for the encoder called `encoder`, NULL: it is not asked. False: it does not work. */
bool pixfer_plan_versions(struct plan_versions *v, const char *encoder);
/* Whether this machine does as planned. */
enum pixfer_result pixfer_plan_check_versions(const struct pixfer_plan *p, bool encoder, struct report *report);
/* Where the input and its audio file are here; the caller frees both. They are those of the plan. */
enum pixfer_result pixfer_plan_find_inputs(const struct pixfer_plan *p, const struct pixfer_plan_host *host, char **input,
                                           char **audio, struct report *report);
/* FOLDER/ID/00007.mp4, or .part in place of .mp4; the caller frees it. index PLAN_SEGMENTS: the folder. */
char *pixfer_plan_name(const struct pixfer_plan *p, const struct pixfer_plan_host *host, uint32_t index, const char *suffix);
/* A copy of what the caller knows of the struct. */
void pixfer_plan_take_host(struct pixfer_plan_host *to, const struct pixfer_plan_host *from);
/* Ends a call: the error's line to its places. */
enum pixfer_result pixfer_plan_answer(struct report *report, enum pixfer_result result, char *error, size_t error_size);
/* An exporter's parameters for a step on that host. */
void pixfer_plan_params_for(const struct pixfer_plan *p, const struct pixfer_plan_host *host,
                            struct pixfer_exporter_params *params);
/* Removes files in `folder` whose names begin so, contain `tag` and end in .part or .final, but for those that somebody holds. */
void pixfer_plan_clear(const char *folder, const char *prefix, const char *tag);

/* ---- scan.c ---- */

struct source;
struct source_host;

struct scan_key {
    int64_t pts;
    struct packet_mark mark;
};

/* The frames of an input, and the packets that decoding may begin at, by time; the first of all is not among them. */
struct scan {
    struct frame_table frames;
    struct scan_key *keys;
    size_t key_count;
    bool timeless;  /* packets without times: nothing can be found again */
    unsigned jumps; /* of the input's clock */
};

enum pixfer_result pixfer_scan(struct scan *scan, struct source *source, bool prove);
/* How many frames before its first a segment is decoded and encoded from. */
uint32_t pixfer_plan_lead_in(const struct pixfer_plan *p, const struct plan_segment *s);
/* Sets the key of each segment, after trying that seeking leads to it. */
enum pixfer_result pixfer_scan_keys(const struct scan *scan, struct pixfer_plan *p, struct source *source);
void pixfer_scan_free(struct scan *scan);

/* ---- manifest.c ---- */

/* Writes p->text and p->id_text. */
enum pixfer_result pixfer_manifest_write(struct pixfer_plan *p, struct report *report);
enum pixfer_result pixfer_manifest_parse(struct pixfer_plan *p, const char *text, size_t size, struct report *report);
void pixfer_manifest_free(void *json);

#endif

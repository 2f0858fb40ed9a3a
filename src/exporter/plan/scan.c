/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include <libavutil/intreadwrite.h>
#include <stdlib.h>
#include <string.h>

#include "../source/sequence.h"
#include "../source/source.h"
#include "plan.h"

/* The packets of a container say how many frames there are, and when, without being decoded: where one packet is one frame, and they all
 * carry times. Where that is not certain the input is decoded. */

struct packet_times {
    int64_t pts, lasts;
};

struct packets {
    struct packet_times *items;
    size_t count, capacity;
    bool clean; /* each is a frame, as far as they tell */
};

/* ---- What is known of codecs ------------------------------------------------------------------------------------------------ */

struct codec_facts {
    enum AVCodecID id;
    bool frames; /* a packet is a frame */
};

/* Of these a packet that is flagged as key can be decoded without any before it, exactly. */
static const struct codec_facts known[] = {
    {AV_CODEC_ID_H264, true},        {AV_CODEC_ID_HEVC, true},
    {AV_CODEC_ID_AV1, true},         {AV_CODEC_ID_VP9, true},
    {AV_CODEC_ID_VP8, false},        {AV_CODEC_ID_FFV1, true},
    {AV_CODEC_ID_MJPEG, true},       {AV_CODEC_ID_PNG, true},
    {AV_CODEC_ID_RAWVIDEO, true},    {AV_CODEC_ID_HUFFYUV, true},
    {AV_CODEC_ID_FFVHUFF, true},     {AV_CODEC_ID_UTVIDEO, true},
    {AV_CODEC_ID_PRORES, true},      {AV_CODEC_ID_DNXHD, true},
    {AV_CODEC_ID_V210, true},        {AV_CODEC_ID_MAGICYUV, true},
    {AV_CODEC_ID_MPEG4, false},      {AV_CODEC_ID_MPEG2VIDEO, false},
    {AV_CODEC_ID_MPEG1VIDEO, false}, {AV_CODEC_ID_THEORA, false},
    {AV_CODEC_ID_DVVIDEO, true},     {AV_CODEC_ID_WRAPPED_AVFRAME, true},
};

static const struct codec_facts *facts_of(enum AVCodecID id)
{
    for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
        if (known[i].id == id)
            return &known[i];
    return NULL;
}

/* Containers whose times are those of frames, not made up from a rate. */
static bool keeps_times(const char *format)
{
    return !strncmp(format, "mov,", 4) || !strncmp(format, "matroska,", 9);
}

/* An H.264 packet may be flagged as key for a recovery point, from which on the frames become right by and by. */
static bool has_idr(const AVCodecParameters *par, const AVPacket *packet)
{
    const uint8_t *data = packet->data;
    const int size = packet->size, length = par->extradata_size > 4 && par->extradata[0] == 1 ? (par->extradata[4] & 3) + 1 : 0;
    if (!length) {
        for (int at = 0; at + 3 < size; at++)
            if (!data[at] && !data[at + 1] && data[at + 2] == 1 && (data[at + 3] & 31) == 5)
                return true;
        return false;
    }
    for (int64_t at = 0; at + length < size;) {
        int64_t bytes = 0;
        for (int i = 0; i < length; i++)
            bytes = bytes << 8 | data[at + i];
        if ((data[at + length] & 31) == 5)
            return true;
        at += length + bytes;
    }
    return false;
}

/* ---- Packets ----------------------------------------------------------------------------------------------------------------- */

static bool keep(struct packets *p, const AVPacket *packet)
{
    if (p->count == p->capacity) {
        size_t capacity = p->capacity ? 2 * p->capacity : 1024;
        struct packet_times *items = realloc(p->items, capacity * sizeof(*items));
        if (!items)
            return false;
        p->items = items;
        p->capacity = capacity;
    }
    p->items[p->count++] = (struct packet_times){packet->pts, packet->duration > 0 ? packet->duration : 0};
    return true;
}

static bool keep_key(struct scan *scan, const AVPacket *packet)
{
    if (!(scan->key_count & (scan->key_count + 1))) {
        struct scan_key *keys = realloc(scan->keys, (2 * scan->key_count + 2) * sizeof(*keys));
        if (!keys)
            return false;
        scan->keys = keys;
    }
    scan->keys[scan->key_count++] = (struct scan_key){packet->pts, pixfer_packet_mark(packet)};
    return true;
}

static int take(struct scan *scan, struct packets *p, const AVPacket *packet, const AVStream *stream)
{
    const struct codec_facts *facts = facts_of(stream->codecpar->codec_id);
    if (packet->pts == AV_NOPTS_VALUE) {
        scan->timeless = true;
        p->clean = false;
        return 0;
    }
    if (packet->flags & AV_PKT_FLAG_CORRUPT)
        p->clean = false;
    bool key = facts && packet->flags & AV_PKT_FLAG_KEY && p->count;
    if (key && stream->codecpar->codec_id == AV_CODEC_ID_H264)
        key = has_idr(stream->codecpar, packet);
    if (key && !keep_key(scan, packet))
        return AVERROR(ENOMEM);
    if (packet->flags & AV_PKT_FLAG_DISCARD) /* decoded, and not shown */
        return 0;
    return keep(p, packet) ? 0 : AVERROR(ENOMEM);
}

static int by_pts(const void *a, const void *b)
{
    const int64_t x = ((const struct packet_times *)a)->pts, y = ((const struct packet_times *)b)->pts;
    return (x > y) - (x < y);
}

static int by_key(const void *a, const void *b)
{
    const int64_t x = ((const struct scan_key *)a)->pts, y = ((const struct scan_key *)b)->pts;
    return (x > y) - (x < y);
}

static enum pixfer_result no_memory(const struct source *s)
{
    return pixfer_report_fail(s->report, PIXFER_ERR_NO_MEMORY, "plan: out of memory");
}

/* Both streams are read, as their times are corrected together. */
static enum pixfer_result read_packets(struct scan *scan, struct packets *p, struct source *s, struct demuxer *d)
{
    const int video = pixfer_demuxer_find(d, AVMEDIA_TYPE_VIDEO);
    AVPacket *packet = av_packet_alloc();
    int error = packet ? 0 : AVERROR(ENOMEM);
    pixfer_demuxer_pass(d, pixfer_demuxer_find(d, AVMEDIA_TYPE_AUDIO));
    while (error >= 0 && (error = pixfer_demuxer_read(d, video, packet)) >= 0) {
        error = take(scan, p, packet, pixfer_demuxer_stream(d, video));
        av_packet_unref(packet);
    }
    av_packet_free(&packet);
    scan->jumps = pixfer_demuxer_jumps(d);
    if (error == AVERROR(ENOMEM))
        return no_memory(s);
    if (error == AVERROR_EXIT)
        return PIXFER_ERR_CANCELLED;
    if (error != AVERROR_EOF)
        return pixfer_report_fail(s->report, PIXFER_ERR_IO, "plan: %s: frame %zu cannot be read: %.200s", s->input->name,
                                  p->count, pixfer_demuxer_error(d, error));
    if (p->count)
        qsort(p->items, p->count, sizeof(*p->items), by_pts);
    if (scan->key_count)
        qsort(scan->keys, scan->key_count, sizeof(*scan->keys), by_key);
    return PIXFER_OK;
}

/* Whether they tell what the frames are; then these are taken from them. */
static bool tell_frames(struct scan *scan, const struct packets *p, const struct source *s)
{
    const AVStream *stream = pixfer_demuxer_stream(s->demuxer, pixfer_demuxer_find(s->demuxer, AVMEDIA_TYPE_VIDEO));
    const AVCodecParameters *par = stream->codecpar;
    const struct codec_facts *facts = facts_of(par->codec_id);
    const bool whole = par->field_order == AV_FIELD_UNKNOWN || par->field_order == AV_FIELD_PROGRESSIVE;
    if (!facts || !facts->frames || !p->clean || !p->count || !whole || s->skipped || s->damaged || p->items[0].pts != s->zero ||
        !keeps_times(pixfer_demuxer_context(s->demuxer)->iformat->name))
        return false;
    for (size_t i = 0; i < p->count; i++)
        if (!pixfer_frames_add(&scan->frames, p->items[i].pts, p->items[i].lasts, 1, 0)) {
            pixfer_frames_free(&scan->frames);
            return false;
        }
    return true;
}

/* ---- Frames ------------------------------------------------------------------------------------------------------------------ */

static enum pixfer_result decode_frames(struct scan *scan, struct source *s)
{
    enum source_status status;
    AVFrame *frame = NULL;
    pixfer_report_log(s->report, PIXFER_LOG_INFO, "plan: %s is decoded to learn its frames", s->input->name);
    pixfer_demuxer_pass(s->demuxer, pixfer_demuxer_find(s->demuxer, AVMEDIA_TYPE_AUDIO));
    while ((status = s->ops->decode(s, true, &frame)) == SOURCE_FRAME) {
        if (s->ticks != AV_NOPTS_VALUE && pixfer_frames_add(&scan->frames, s->ticks, s->lasts > 0 ? s->lasts : 0, 1, 0))
            continue;
        return pixfer_report_fail(
            s->report, PIXFER_ERR_UNSUPPORTED,
            "plan: frame %llu of %s has no time, or none behind that of the frame before, so that it cannot be found "
            "again: export it in one piece, or remux it first (ffmpeg -i IN -c copy OUT.mkv)",
            (unsigned long long)scan->frames.frames, s->input->name);
    }
    if (status == SOURCE_BROKEN)
        return pixfer_report_fail(s->report, PIXFER_ERR_IO, "%s", s->broken);
    return status == SOURCE_END ? PIXFER_OK : PIXFER_ERR_CANCELLED;
}

static enum pixfer_result scan_container(struct scan *scan, struct source *s, bool prove)
{
    struct packets p = {.clean = true};
    struct demuxer *d = NULL;
    const struct pixfer_input *in = s->input;
    const struct demuxer_options options = {.name = in->name,
                                            .stage = "plan",
                                            .video = true,
                                            .audio = !in->no_audio && !in->audio,
                                            .max_pixels = in->max_pixels,
                                            .max_gap = in->max_gap};
    enum pixfer_result result = pixfer_demuxer_open(&d, &options, s->host, s->report);
    if (result == PIXFER_OK)
        result = read_packets(scan, &p, s, d);
    if (result == PIXFER_OK && (prove || !tell_frames(scan, &p, s)))
        result = decode_frames(scan, s);
    pixfer_demuxer_close(&d);
    free(p.items);
    return result;
}

static enum pixfer_result scan_sequence(struct scan *scan, struct source *s)
{
    const uint64_t count = pixfer_sequence_count(s->input->name);
    const char *gap = pixfer_sequence_gap(s->input->name, count);
    if (*gap)
        return pixfer_report_fail(s->report, PIXFER_ERR_IO, "%s", gap);
    return pixfer_frames_add(&scan->frames, 0, 1, count, 1) ? PIXFER_OK : no_memory(s);
}

enum pixfer_result pixfer_scan(struct scan *scan, struct source *s, bool prove)
{
    *scan = (struct scan){0};
    if (!s->ops->decode)
        return pixfer_frames_add(&scan->frames, 0, 1, s->frames, 1) ? PIXFER_OK : no_memory(s);
    return s->ticking ? scan_container(scan, s, prove) : scan_sequence(scan, s);
}

void pixfer_scan_free(struct scan *scan)
{
    pixfer_frames_free(&scan->frames);
    free(scan->keys);
    *scan = (struct scan){0};
}

/* ---- Seeking ----------------------------------------------------------------------------------------------------------------- */

static enum pixfer_result cannot_seek(const struct source *s, uint64_t frame, const char *why)
{
    return pixfer_report_fail(s->report, PIXFER_ERR_UNSUPPORTED,
                              "plan: %s cannot be entered at frame %llu: %s; export it in one piece, or remux it first "
                              "(ffmpeg -i IN -c copy OUT.mkv)",
                              s->input->name, (unsigned long long)frame, why);
}

static const struct scan_key *key_before(const struct scan *scan, int64_t ticks)
{
    size_t low = 0, high = scan->key_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (scan->keys[middle].pts <= ticks)
            low = middle + 1;
        else
            high = middle;
    }
    return low ? &scan->keys[low - 1] : NULL;
}

static enum pixfer_result try_key(const struct scan *scan, struct plan_segment *segment, uint64_t index, struct source *s,
                                  struct demuxer *d)
{
    struct frame_cursor cursor = {0};
    int64_t ticks, lasts;
    if (!index || !pixfer_frames_at(&scan->frames, &cursor, index, &ticks, &lasts))
        return PIXFER_OK;
    const struct scan_key *key = key_before(scan, ticks);
    if (!key)
        return PIXFER_OK; /* from the first packet on: exact, if slow */
    int error = pixfer_demuxer_seek(d, pixfer_demuxer_find(d, AVMEDIA_TYPE_VIDEO), &key->mark);
    if (error == AVERROR_EXIT)
        return PIXFER_ERR_CANCELLED;
    if (error < 0)
        return cannot_seek(s, index, "seeking does not lead to the key frame before it");
    segment->key = key->mark;
    return PIXFER_OK;
}

enum pixfer_result pixfer_scan_keys(const struct scan *scan, struct pixfer_plan *p, struct source *s)
{
    struct demuxer *d = NULL;
    if (!s->ticking || p->count <= 1)
        return PIXFER_OK;
    if (scan->timeless)
        return cannot_seek(s, p->segments[1].first, "its packets carry no times");
    if (scan->jumps)
        return cannot_seek(s, p->segments[1].first, "its clock jumps (a gap is kept with --max-gap)");
    const struct demuxer_options options = {
        .name = s->input->name, .stage = "plan", .video = true, .max_pixels = s->input->max_pixels, .max_gap = s->input->max_gap};
    enum pixfer_result result = pixfer_demuxer_open(&d, &options, s->host, s->report);
    for (uint32_t k = 0; k < p->count && result == PIXFER_OK; k++)
        result = try_key(scan, &p->segments[k],
                         (p->input.first + p->segments[k].first) % scan->frames.frames - pixfer_plan_lead_in(p, &p->segments[k]),
                         s, d);
    pixfer_demuxer_close(&d);
    return result;
}
#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include <errno.h>
#include <libavutil/common.h>
#include <libavutil/mathematics.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../platform/files.h"
#include "../export.h"
#include "plan.h"

/* The join is an export whose packets are there already: pixfer_export_job walks over the frames as the plan has them, so that times and
 * audio are those of an export in one piece, and tells here when each is shown. A packet goes on its way as soon as the times that it
 * needs are known. Decoding times are made for the whole as x264 makes them: frame n is decoded when the frame `delay` before it is
 * shown, which grows over all joins. */

struct joined_packet {
    uint32_t rank; /* of its frame among those of the segment, as they are shown */
    int64_t pts;   /* in the segment, from its first */
};

struct join {
    const struct pixfer_plan *plan;
    struct pixfer_plan_host host;
    struct report report;
    struct export_job job;
    struct packet_feed feed;
    AVCodecParameters *par;
    AVRational unit;               /* of the segments' tracks */
    struct joined_packet *packets; /* of all segments, as they are decoded */
    uint64_t delay;
    int64_t *times, *lengths; /* of the frames, as they are shown */
    uint64_t known, sent;
    uint32_t segment; /* that packets come from now: */
    int fd;
    struct reader reader;
    AVPacket *packet;
};

/* ---- Looking at a segment ---------------------------------------------------------------------------------------------------- */

static enum pixfer_result bad_segment(struct join *j, uint32_t index, const char *why)
{
    return pixfer_report_fail(&j->report, PIXFER_ERR_INVALID,
                              "join: segment %u: %s; make it again: pixfer segment PLAN --index %u", index, why, index);
}

static void close_segment(struct join *j)
{
    if (j->reader.context)
        pixfer_reader_close(&j->reader);
    if (j->fd >= 0)
        pixfer_file_close(j->fd);
    j->reader.context = NULL;
    j->fd = -1;
}

static int video_of(const AVFormatContext *context)
{
    return context->nb_streams == 1 && context->streams[0]->codecpar->codec_type == AVMEDIA_TYPE_VIDEO ? 0 : -1;
}

static enum pixfer_result open_segment(struct join *j, uint32_t index)
{
    char *name = pixfer_plan_name(j->plan, &j->host, index, ".mp4");
    close_segment(j);
    if (!name || pixfer_file_open_to_read(name, false, &j->fd))
        j->fd = -1;
    free(name);
    if (j->fd < 0)
        return bad_segment(j, index, "it cannot be opened");
    if (pixfer_reader_open(&j->reader, j->fd, pixfer_file_size(j->fd), true) < 0) {
        j->reader.context = NULL;
        return bad_segment(j, index, "it is no MP4 that can be read");
    }
    if (video_of(j->reader.context) < 0)
        return bad_segment(j, index, "it has other tracks than one of video");
    return PIXFER_OK;
}

/* Every segment has the same parameter sets, as one track has one of each. */
static enum pixfer_result compare_parameters(struct join *j, uint32_t index)
{
    const AVStream *stream = j->reader.context->streams[0];
    const AVCodecParameters *par = stream->codecpar;
    if (!j->par) {
        j->par = avcodec_parameters_alloc();
        j->unit = stream->time_base;
        return j->par && avcodec_parameters_copy(j->par, par) >= 0
                   ? PIXFER_OK
                   : pixfer_report_fail(&j->report, PIXFER_ERR_NO_MEMORY, "join: out of memory");
    }
    if (par->codec_id == j->par->codec_id && par->width == j->par->width && par->height == j->par->height &&
        par->extradata_size == j->par->extradata_size &&
        !memcmp(par->extradata, j->par->extradata, (size_t)par->extradata_size) && !av_cmp_q(stream->time_base, j->unit))
        return PIXFER_OK;
    return bad_segment(j, index, "its parameter sets are others than those of the first segment");
}

/* A picture after which none needs any before it. */
static bool is_closed(const AVCodecParameters *par, const AVPacket *packet)
{
    if (!(packet->flags & AV_PKT_FLAG_KEY))
        return false;
    const int length = par->extradata_size > 4 && par->extradata[0] == 1 ? (par->extradata[4] & 3) + 1 : 4;
    if (par->codec_id != AV_CODEC_ID_H264)
        return true;
    for (int64_t at = 0; at + length < packet->size;) {
        int64_t bytes = 0;
        for (int i = 0; i < length; i++)
            bytes = bytes << 8 | packet->data[at + i];
        const int type = packet->data[at + length] & 31;
        if (type >= 1 && type <= 5)
            return type == 5;
        at += length + bytes;
    }
    return false;
}

struct ranked {
    int64_t pts;
    uint32_t at;
};

static int by_pts(const void *a, const void *b)
{
    const int64_t x = ((const struct ranked *)a)->pts, y = ((const struct ranked *)b)->pts;
    return (x > y) - (x < y);
}

/* How many frames lie between decoding and showing one, by the encoder's own times. */
static void measure_delay(struct join *j, const struct ranked *sorted, const struct joined_packet *packets, uint64_t count,
                          int64_t lead)
{
    uint64_t delay = 0;
    for (uint64_t i = 0; i < count; i++)
        if (i > packets[i].rank)
            delay = FFMAX(delay, i - packets[i].rank);
    for (uint64_t i = delay; i < FFMIN(count, 32); i++)
        if (sorted[i].pts - sorted[0].pts == lead)
            delay = i;
    j->delay = FFMAX(j->delay, delay);
}

static enum pixfer_result rank_packets(struct join *j, uint32_t index, struct ranked *sorted, uint64_t count, int64_t lead)
{
    const struct plan_segment *s = &j->plan->segments[index];
    struct joined_packet *packets = j->packets + s->first;
    qsort(sorted, count, sizeof(*sorted), by_pts);
    for (uint64_t i = 0; i < count; i++) {
        if (i && sorted[i].pts == sorted[i - 1].pts)
            return bad_segment(j, index, "two of its frames are shown at once");
        packets[sorted[i].at] = (struct joined_packet){(uint32_t)i, sorted[i].pts - sorted[0].pts};
    }
    if (packets[0].rank)
        return bad_segment(j, index, "its first picture is not the first that is shown");
    measure_delay(j, sorted, packets, count, lead);
    return PIXFER_OK;
}

static enum pixfer_result read_segment(struct join *j, uint32_t index, struct ranked *sorted, uint64_t expected)
{
    AVFormatContext *context = j->reader.context;
    char why[80];
    uint64_t count = 0;
    int64_t lead = 0;
    int error;
    while ((error = av_read_frame(context, j->packet)) >= 0) {
        if (!count && !is_closed(context->streams[0]->codecpar, j->packet))
            error = AVERROR_INVALIDDATA;
        if (!count)
            lead = j->packet->pts - j->packet->dts;
        if (count < expected)
            sorted[count] = (struct ranked){j->packet->pts, (uint32_t)count};
        count++;
        av_packet_unref(j->packet);
        if (error < 0)
            return bad_segment(j, index, "its first picture is not one that decoding can begin with");
    }
    snprintf(why, sizeof(why), "it has %llu frames, expected %llu", (unsigned long long)count, (unsigned long long)expected);
    if (error != AVERROR_EOF || count != expected)
        return bad_segment(j, index, why);
    return rank_packets(j, index, sorted, count, lead);
}

static enum pixfer_result look_at_segment(struct join *j, uint32_t index)
{
    const struct plan_segment *s = &j->plan->segments[index];
    const uint64_t expected = s->end - s->first;
    enum pixfer_result result = open_segment(j, index);
    if (result == PIXFER_OK)
        result = compare_parameters(j, index);
    if (result != PIXFER_OK)
        return result;
    /* The plan may say anything; the file has so many bytes. */
    if ((int64_t)expected > pixfer_file_size(j->fd))
        return bad_segment(j, index, "it is too short for its frames");
    struct ranked *sorted = malloc(expected * sizeof(*sorted));
    struct joined_packet *packets = realloc(j->packets, s->end * sizeof(*packets));
    j->packets = packets ? packets : j->packets;
    result = sorted && packets ? read_segment(j, index, sorted, expected)
                               : pixfer_report_fail(&j->report, PIXFER_ERR_NO_MEMORY, "join: out of memory");
    free(sorted);
    return result;
}

/* ---- All of them ------------------------------------------------------------------------------------------------------------- */

static const char *state_text(enum pixfer_segment_state state)
{
    return state == PIXFER_SEGMENT_RUNNING   ? "is being made"
           : state == PIXFER_SEGMENT_FOREIGN ? "is not of this plan, or damaged"
                                             : "is missing";
}

/* All that are missing are told at once, with what makes them. */
static enum pixfer_result check_presence(struct join *j)
{
    const struct pixfer_plan *p = j->plan;
    uint32_t missing = 0, first = 0;
    for (uint32_t k = 0; k < p->count; k++) {
        struct pixfer_segment_status status = PIXFER_SEGMENT_STATUS();
        enum pixfer_result result = pixfer_plan_get_status(p, k, &j->host, 1, &status);
        if (result != PIXFER_OK)
            return pixfer_report_fail(&j->report, result, "join: segment %u cannot be looked at: %s", k, pixfer_strerror(result));
        if (status.state == PIXFER_SEGMENT_DONE)
            continue;
        pixfer_report_log(&j->report, PIXFER_LOG_ERROR, "join: segment %u %s: pixfer segment PLAN --index %u -C %s", k,
                          state_text(status.state), k, j->host.folder);
        first = missing++ ? first : k;
    }
    if (!missing)
        return PIXFER_OK;
    return pixfer_report_fail(&j->report, PIXFER_ERR_INVALID,
                              "join: %u of %u segments %s not there, the first is %u: nothing was written", missing, p->count,
                              missing == 1 ? "is" : "are", first);
}

static enum pixfer_result look_at_all(struct join *j)
{
    enum pixfer_result result = check_presence(j);
    for (uint32_t k = 0; k < j->plan->count && result == PIXFER_OK; k++)
        result = look_at_segment(j, k);
    close_segment(j);
    return result;
}

/* ---- Sending ----------------------------------------------------------------------------------------------------------------- */

static int64_t decoding_time(const struct join *j, uint64_t i)
{
    return i >= j->delay ? j->times[i - j->delay] : j->times[i] - (j->times[j->delay] - j->times[0]);
}

/* The next packet as it lies in its segment; NULL after the report has the reason. */
static AVPacket *next_packet(struct join *j)
{
    const struct pixfer_plan *p = j->plan;
    AVPacket *packet = av_packet_alloc();
    if (j->sent == p->segments[j->segment].end)
        j->segment++;
    if (packet && j->sent == p->segments[j->segment].first && open_segment(j, j->segment) != PIXFER_OK)
        av_packet_free(&packet);
    else if (packet && av_read_frame(j->reader.context, packet) < 0) {
        bad_segment(j, j->segment, "it has changed while it was read");
        av_packet_free(&packet);
    } else if (!packet)
        pixfer_report_fail(&j->report, PIXFER_ERR_NO_MEMORY, "join: out of memory");
    return packet;
}

/* The segment's own times and the plan's are the same, but for what a coarser unit rounds. */
static bool fits(const struct join *j, const struct joined_packet *packet, uint64_t first)
{
    const struct pixfer_exporter *e = j->job.exporter;
    const int64_t planned = av_rescale_q(j->times[first + packet->rank] - j->times[first], e->time_base, j->unit);
    const int64_t rounding = av_rescale_q_rnd(1, e->time_base, j->unit, AV_ROUND_UP);
    return llabs(planned - packet->pts) <= rounding;
}

static enum pixfer_result send(struct join *j)
{
    const uint64_t i = j->sent;
    AVPacket *packet = next_packet(j);
    if (!packet)
        return pixfer_report_fail(&j->job.exporter->report, PIXFER_ERR_IO, "%s", pixfer_report_error(&j->report));
    const uint64_t first = j->plan->segments[j->segment].first, frame = first + j->packets[i].rank;
    if (!fits(j, &j->packets[i], first)) {
        av_packet_free(&packet);
        bad_segment(j, j->segment, "its frames are not at the times of the plan");
        return pixfer_report_fail(&j->job.exporter->report, PIXFER_ERR_INVALID, "%s", pixfer_report_error(&j->report));
    }
    packet->pts = j->times[frame];
    packet->dts = decoding_time(j, i);
    packet->duration = j->lengths[frame];
    packet->pos = -1;
    j->sent++;
    return pixfer_exporter_send(j->job.exporter, packet);
}

static bool is_ready(const struct join *j)
{
    const uint64_t i = j->sent;
    if (i == j->plan->total)
        return false;
    const uint32_t segment = i == j->plan->segments[j->segment].end ? j->segment + 1 : j->segment;
    const uint64_t frame = j->plan->segments[segment].first + j->packets[i].rank;
    return FFMAX(FFMAX(frame, i), FFMIN(j->delay, j->plan->total - 1)) < j->known;
}

static enum pixfer_result take_frame(void *opaque, int64_t time, int64_t duration)
{
    struct join *j = opaque;
    enum pixfer_result result = PIXFER_OK;
    if (j->known == j->plan->total)
        return pixfer_report_fail(&j->job.exporter->report, PIXFER_ERR_INVALID, "join: more frames than planned");
    j->times[j->known] = time;
    j->lengths[j->known++] = duration;
    while (result == PIXFER_OK && is_ready(j))
        result = send(j);
    return result;
}

/* ---- The whole --------------------------------------------------------------------------------------------------------------- */

static enum pixfer_result prepare_feed(struct join *j)
{
    const struct pixfer_plan *p = j->plan;
    const struct pixfer_exporter_params *params = &p->params;
    j->delay = FFMIN(j->delay, p->total - 1);
    j->times = calloc(p->total, sizeof(*j->times));
    j->lengths = calloc(p->total, sizeof(*j->lengths));
    if (!j->times || !j->lengths)
        return pixfer_report_fail(&j->report, PIXFER_ERR_NO_MEMORY, "join: out of memory");
    /* As the encoder has them in an export in one piece. */
    j->par->color_space = p->tags.matrix;
    j->par->color_primaries = p->tags.primaries;
    j->par->color_trc = p->tags.transfer;
    j->par->color_range = p->tags.range;
    j->par->chroma_location = p->tags.location;
    j->par->sample_aspect_ratio = params->sample_aspect_num
                                      ? (AVRational){(int)params->sample_aspect_num, (int)params->sample_aspect_den}
                                      : (AVRational){1, 1};
    j->par->video_delay = (int)j->delay;
    j->feed = (struct packet_feed){
        .par = j->par, .encoder = params->encoder, .reordering = p->reordering, .frame = take_frame, .opaque = j};
    j->job.frames = &p->frames;
    j->job.first = p->input.first;
    j->job.end = p->input.first + p->total;
    j->job.pushed = !p->input.name;
    j->job.tags = p->tags;
    j->job.part = (struct export_part){.portable = true, .keep_nothing = true, .frames = p->total, .feed = &j->feed};
    return PIXFER_OK;
}

/* What an earlier join of this plan left behind. */
static void clear_output(const char *path, const char *tag)
{
    const char *base = pixfer_path_base(path);
    char *folder = pixfer_path_folder(path), *prefix = malloc(strlen(base) + 2);
    if (folder && prefix) {
        sprintf(prefix, "%s.", base);
        pixfer_plan_clear(folder, prefix, tag);
    }
    free(folder);
    free(prefix);
}

static enum pixfer_result write_output(struct join *j, const char *path, const char *input, const char *audio,
                                       struct pixfer_exporter_stats *stats, char *error, size_t error_size)
{
    const struct pixfer_plan *p = j->plan;
    struct pixfer_exporter_params params;
    struct pixfer_input in = p->input;
    char tag[16], final[32], *part = malloc(strlen(path) + 32);
    if (!part)
        return pixfer_report_fail(&j->report, PIXFER_ERR_NO_MEMORY, "join: out of memory");
    snprintf(tag, sizeof(tag), ".%.8s.", p->id_text);
    snprintf(final, sizeof(final), "%sfinal", tag);
    sprintf(part, "%s%spart", path, tag);
    clear_output(path, tag);
    pixfer_plan_params_for(p, &j->host, &params);
    params.overwrite |= j->host.overwrite;
    in.name = input;
    in.audio = audio;
    j->job.part.part_name = part;
    j->job.part.final_suffix = final;
    enum pixfer_result result = pixfer_export_job(path, &in, &params, stats, error, error_size, &j->job);
    free(part);
    return result;
}

static void remove_segments(const struct join *j)
{
    char *folder = pixfer_plan_name(j->plan, &j->host, PLAN_SEGMENTS, "");
    for (uint32_t k = 0; k < j->plan->count; k++) {
        char *name = pixfer_plan_name(j->plan, &j->host, k, ".mp4");
        if (name)
            pixfer_file_unlink(name);
        free(name);
    }
    if (folder) {
        pixfer_plan_clear(folder, "", "");
        pixfer_folder_remove(folder);
    }
    free(folder);
}

static enum pixfer_result join(struct join *j, const char *path, struct pixfer_exporter_stats *stats, char *error,
                               size_t error_size)
{
    char *input = NULL, *audio = NULL;
    enum pixfer_result result = PIXFER_OK;
    if (!path || !*path || !strcmp(path, "-"))
        return pixfer_report_fail(&j->report, PIXFER_ERR_INVALID, "join: the output has no name, expected that of a file");
    result = pixfer_plan_check_versions(j->plan, false, &j->report);
    if (result == PIXFER_OK)
        result = pixfer_plan_find_inputs(j->plan, &j->host, &input, &audio, &j->report);
    if (result == PIXFER_OK)
        result = look_at_all(j);
    if (result == PIXFER_OK)
        result = prepare_feed(j);
    if (result == PIXFER_OK)
        result = write_output(j, path, input, audio, stats, error, error_size);
    free(input);
    free(audio);
    return result;
}

enum pixfer_result pixfer_plan_join(const struct pixfer_plan *p, const char *path, const struct pixfer_plan_host *host,
                                    struct pixfer_exporter_stats *stats)
{
    struct join j = {.plan = p, .fd = -1, .packet = av_packet_alloc()};
    char error[1024] = "";
    if (!p || !j.packet) {
        av_packet_free(&j.packet);
        return p ? PIXFER_ERR_NO_MEMORY : PIXFER_ERR_INVALID;
    }
    pixfer_plan_take_host(&j.host, host);
    pixfer_report_init(&j.report, j.host.log, j.host.log_opaque);
    enum pixfer_result result = join(&j, path ? path : p->output, stats, error, sizeof(error));
    if (!*error)
        pixfer_plan_answer(&j.report, result, error, sizeof(error));
    if (j.host.error && j.host.error_size)
        snprintf(j.host.error, j.host.error_size, "%s", error);
    close_segment(&j);
    if (result == PIXFER_OK && j.host.remove)
        remove_segments(&j);
    av_packet_free(&j.packet);
    avcodec_parameters_free(&j.par);
    free(j.packets);
    free(j.times);
    free(j.lengths);
    pixfer_report_free(&j.report);
    return result;
}
#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include <errno.h>
#include <inttypes.h>
#include <libavutil/mem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../libav_log.h"
#include "muxer.h"

static const char part_suffix[] = ".part";

/* ---- Before work starts ---------------------------------------------------------------------------------------------------- */

static enum pixfer_result refuse(struct muxer *m, const char *name, int error)
{
    char text[160];
    return pixfer_report_fail(m->report, error == ENOMEM ? PIXFER_ERR_NO_MEMORY : PIXFER_ERR_IO, "output: %s: %s", name,
                              pixfer_output_error(AVERROR(error), text, sizeof(text)));
}

/* A name says what a file holds: MP4 under the name of another container is a file that some programs cannot open. */
static enum pixfer_result check_name(struct muxer *m)
{
    static const char *const fitting[] = {"mp4", "ipod", "mov"};
    const AVOutputFormat *format = av_guess_format(NULL, m->path, NULL);
    if (!format)
        return PIXFER_OK;
    for (size_t i = 0; i < sizeof(fitting) / sizeof(*fitting); i++)
        if (!strcmp(format->name, fitting[i]))
            return PIXFER_OK;
    const char *dot = strrchr(m->path, '.');
    return pixfer_report_fail(m->report, PIXFER_ERR_INVALID,
                              "output: %s: the name ends in %s, expected .mp4, which is what is written", m->path,
                              dot ? dot : m->path);
}

static enum pixfer_result check_existing(struct muxer *m)
{
    switch (pixfer_file_kind(m->path)) {
    case FILE_FREE:
        return PIXFER_OK;
    case FILE_FOLDER:
        return pixfer_report_fail(m->report, PIXFER_ERR_IO, "output: %s is a folder, expected a file name", m->path);
    case FILE_OTHER:
        return pixfer_report_fail(m->report, PIXFER_ERR_IO, "output: %s is no regular file, expected a name for an MP4 file",
                                  m->path);
    case FILE_LINK:
        return m->overwrite
                   ? PIXFER_OK
                   : pixfer_report_fail(m->report, PIXFER_ERR_IO,
                                        "output: %s exists, a symbolic link; --overwrite replaces the link itself", m->path);
    case FILE_REGULAR:
        break;
    }
    if (!m->overwrite)
        return pixfer_report_fail(m->report, PIXFER_ERR_IO, "output: %s exists; --overwrite replaces it", m->path);
    int error = pixfer_file_check_writable(m->path);
    return error ? refuse(m, m->path, error) : PIXFER_OK;
}

enum pixfer_result pixfer_muxer_open(struct muxer *m, const struct muxer_target *target, struct report *report)
{
    memset(m, 0, sizeof(*m));
    m->report = report;
    m->overwrite = target->overwrite;
    m->to_callback = target->write != NULL;
    m->process = pixfer_process();
    m->fragment_start = AV_NOPTS_VALUE;
    m->out = (struct output){.fd = -1, .write = target->write, .opaque = target->opaque};
    const char *path = target->path && *target->path ? target->path : "the caller's output";
    m->path = strdup(path);
    m->seal = target->seal;
    m->final = target->final ? target->final : ".final";
    m->part_is_named = target->part != NULL;
    m->part = malloc(strlen(target->part ? target->part : path) + sizeof(part_suffix));
    if (!m->path || !m->part)
        return refuse(m, path, ENOMEM);
    sprintf(m->part, "%s%s", target->part ? target->part : path, target->part || m->to_callback ? "" : part_suffix);
    if (m->to_callback)
        return PIXFER_OK;
    enum pixfer_result result = check_name(m);
    if (result == PIXFER_OK)
        result = check_existing(m);
    if (result != PIXFER_OK)
        return result;
    int error = pixfer_file_check_folder(m->path, strlen(part_suffix));
    return error ? refuse(m, m->part, error) : PIXFER_OK;
}

/* ---- OUT.part -------------------------------------------------------------------------------------------------------------- */

/* What an earlier export left may be the only copy of something; that is told as exactly as it can be found out. */
static enum pixfer_result refuse_part(struct muxer *m, int fd, int64_t bytes)
{
    uint64_t counts[2];
    char found[120];
    int error = pixfer_count_samples(fd, bytes, counts);
    if (!error && counts[0])
        snprintf(found, sizeof(found), "what was kept of an export that ended early: it holds %" PRIu64 " frames and plays",
                 counts[0]);
    else
        snprintf(found, sizeof(found), "%" PRId64 " bytes without a complete fragment", bytes);
    return pixfer_report_fail(m->report, PIXFER_ERR_IO,
                              "output: %s exists, %s; rename or remove it, or replace it with --overwrite", m->part, found);
}

static enum pixfer_result take_part(struct muxer *m, int *fd)
{
    bool created = false;
    int error = pixfer_file_open_locked(m->part, fd, &created);
    if (error == EEXIST)
        return pixfer_report_fail(m->report, PIXFER_ERR_IO, "output: %s exists and is no regular file; rename or remove it",
                                  m->part);
    if (error)
        return refuse(m, m->part, error);
    int64_t bytes = created ? 0 : pixfer_file_size(*fd);
    m->part_is_ours = !bytes;
    if (bytes && !m->overwrite && !m->part_is_named)
        return refuse_part(m, *fd, bytes);
    /* Another export may have finished while this one was about to lock. */
    return check_existing(m);
}

static enum pixfer_result open_part(struct muxer *m)
{
    int fd = -1;
    enum pixfer_result result = take_part(m, &fd);
    if (result == PIXFER_OK && pixfer_output_open(&m->out, fd, NULL, NULL))
        result = refuse(m, m->part, ENOMEM);
    if (result == PIXFER_OK) {
        pixfer_file_take_mode(fd, m->path);
        return PIXFER_OK;
    }
    if (m->part_is_ours)
        pixfer_file_remove(m->part, fd);
    pixfer_file_close(fd);
    m->out.fd = -1;
    return result;
}

enum pixfer_result pixfer_muxer_create(struct muxer *m)
{
    enum pixfer_result result = PIXFER_OK;
    if (!m->to_callback)
        result = open_part(m);
    else if (pixfer_output_open(&m->out, -1, m->out.write, m->out.opaque))
        result = refuse(m, m->path, ENOMEM);
    if (result != PIXFER_OK)
        return result;
    if (avformat_alloc_output_context2(&m->context, NULL, "mp4", NULL) < 0)
        return pixfer_report_fail(m->report, PIXFER_ERR_NO_MEMORY, "output: this libavformat cannot write MP4");
    pixfer_libav_adopt_format(m->context);
    m->context->pb = m->out.io;
    m->context->flags |= AVFMT_FLAG_CUSTOM_IO;
    m->context->flush_packets = 0; /* a fragment reaches the disk in one piece, its header not before it */
    return PIXFER_OK;
}

enum pixfer_result pixfer_muxer_check_input(struct muxer *m, const char *name)
{
    if (!name || m->to_callback)
        return PIXFER_OK;
    const char *file = !strncmp(name, "file:", 5) ? name + 5 : name;
    if (!pixfer_file_is(file, m->out.fd) && !pixfer_file_same(file, m->path))
        return PIXFER_OK;
    return pixfer_report_fail(m->report, PIXFER_ERR_INVALID, "export: input and output are the same file, %s", name);
}

/* ---- The end --------------------------------------------------------------------------------------------------------------- */

static bool owns_part(const struct muxer *m)
{
    return m->out.fd >= 0 && m->part_is_ours && m->process == pixfer_process();
}

uint64_t pixfer_muxer_keep_part(struct muxer *m)
{
    uint64_t counts[2];
    if (!owns_part(m))
        return 0;
    m->part_frames = m->tracks[0].safe;
    if (!m->part_frames) {
        pixfer_muxer_discard(m);
        return 0;
    }
    m->part_left = true;
    if (pixfer_file_truncate(m->out.fd, m->safe_bytes))
        pixfer_report_log(m->report, PIXFER_LOG_DEBUG, "write: %s ends in an incomplete fragment", m->part);
    pixfer_file_sync(m->out.fd);
    m->part_checked = !pixfer_count_samples(m->out.fd, m->safe_bytes, counts) && counts[0];
    if (m->part_checked)
        m->part_frames = counts[0];
    return m->part_frames;
}

const char *pixfer_muxer_describe_part(const struct muxer *m, char *text, size_t size)
{
    if (!m->part_left)
        snprintf(text, size, "nothing was kept");
    else if (m->part_checked)
        snprintf(text, size, "%s keeps %" PRIu64 " frames and plays", m->part, m->part_frames);
    else
        snprintf(text, size, "%s keeps %" PRIu64 " frames, but cannot be read again now", m->part, m->part_frames);
    return text;
}

void pixfer_muxer_discard(struct muxer *m)
{
    if (owns_part(m) && !m->part_left)
        pixfer_file_remove(m->part, m->out.fd);
}

void pixfer_muxer_close(struct muxer *m)
{
    avformat_free_context(m->context);
    av_bsf_free(&m->bsf);
    pixfer_output_close(&m->out);
    for (unsigned i = 0; i < 2; i++) {
        avcodec_parameters_free(&m->tracks[i].par);
        av_packet_free(&m->tracks[i].held);
        free(m->tracks[i].stamps);
    }
    for (size_t i = 0; i < m->early_count; i++)
        av_packet_free(&m->early[i]);
    av_free(m->early);
    pixfer_presentation_free(&m->presentation);
    free(m->path);
    free(m->part);
    memset(m, 0, sizeof(*m));
    m->out.fd = -1;
}
#endif

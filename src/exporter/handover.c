/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include <stdlib.h>

#include "handover.h"

/* ---- Decoded frames -------------------------------------------------------------------------------------------------------- */

static bool fits_encoder(const struct handover *h)
{
    const struct source *s = h->source;
    const struct frame_pool *frames = &h->e->encoder.frames;
    return s->format == h->e->stage.target && (int)s->width == frames->width && (int)s->height == frames->height;
}

/* A frame that the encoder can read goes there as it is. */
static enum source_status decoded(struct handover *h, AVFrame **decoded, AVFrame **out)
{
    const struct source *s = h->source;
    AVFrame *frame = *decoded;
    if (fits_encoder(h)) {
        frame->format = h->e->encoder.frames.format;
        frame->pict_type = AV_PICTURE_TYPE_NONE; /* the decoder's types must not steer the encoder */
        *decoded = NULL;
        *out = frame;
        return SOURCE_FRAME;
    }
    struct pixfer_image image = {.format = s->format, .width = s->width, .height = s->height};
    for (int i = 0; i < 4; i++) {
        image.plane[i] = frame->data[i];
        image.stride[i] = frame->linesize[i];
    }
    *out = pixfer_exporter_acquire(h->e);
    return *out && pixfer_stage_frame(&h->e->stage, &image, *out) == PIXFER_OK ? SOURCE_FRAME : SOURCE_STOPPED;
}

static enum source_status decode(struct handover *h, bool skip, AVFrame **out)
{
    AVFrame *frame = NULL;
    double start = pixfer_now();
    enum source_status status = h->source->ops->decode(h->source, skip, &frame);
    h->e->source_s += pixfer_now() - start;
    if (status == SOURCE_FRAME && frame)
        status = decoded(h, &frame, out);
    av_frame_free(&frame);
    return status;
}

/* ---- Raw frames ------------------------------------------------------------------------------------------------------------ */

/* Converted while the rows are in the cache. */
static enum source_status by_rows(struct handover *h, AVFrame *frame)
{
    struct source *s = h->source;
    struct convert_stage *stage = &h->e->stage;
    struct pixfer_image window;
    for (uint32_t y = 0, count; y < s->height; y += count) {
        double start = pixfer_now();
        enum source_status status = s->ops->rows(s, y, stage->lag, &window, &count);
        h->e->source_s += pixfer_now() - start;
        if (status != SOURCE_FRAME)
            return status;
        if (pixfer_stage_rows(stage, &window, frame, y, count) != PIXFER_OK)
            return SOURCE_STOPPED;
    }
    return SOURCE_FRAME;
}

static enum source_status fill(struct handover *h, const struct pixfer_image *image)
{
    double start = pixfer_now();
    enum source_status status = h->source->ops->fill(h->source, image);
    h->e->source_s += pixfer_now() - start;
    return status;
}

/* A format that the encoder takes as it is: straight into its planes. */
static enum source_status straight(struct handover *h, AVFrame *frame)
{
    struct pixfer_image image = h->source->layout;
    for (int i = 0; i < 4; i++) {
        image.plane[i] = frame->data[i];
        image.stride[i] = frame->linesize[i];
    }
    return fill(h, &image);
}

/* For a converter that only takes whole frames, several planes, or a chroma layout that has to be rearranged. */
static enum source_status whole(struct handover *h, AVFrame *frame)
{
    struct source *s = h->source;
    struct pixfer_image image;
    if (!h->whole)
        h->whole = pixfer_memory_get(s->frame_bytes, 4096);
    if (!h->whole) {
        pixfer_report_fail(&h->e->report, PIXFER_ERR_NO_MEMORY, "source: no memory for a frame of %zu bytes", s->frame_bytes);
        return SOURCE_STOPPED;
    }
    pixfer_image_layout(&image, s->format, s->width, s->height, h->whole, 1);
    image.stride[0] = s->layout.stride[0]; /* as the file has it */
    enum source_status status = fill(h, &image);
    if (status != SOURCE_FRAME)
        return status;
    return pixfer_stage_frame(&h->e->stage, &image, frame) == PIXFER_OK ? SOURCE_FRAME : SOURCE_STOPPED;
}

static enum source_status read_raw(struct handover *h, AVFrame **out)
{
    const struct convert_stage *stage = &h->e->stage;
    bool packed = pixfer_format_planes(h->source->format) == 1;
    AVFrame *frame = *out = pixfer_exporter_acquire(h->e);
    if (!frame)
        return SOURCE_STOPPED;
    return stage->by_rows && packed             ? by_rows(h, frame)
           : h->source->format == stage->target ? straight(h, frame)
                                                : whole(h, frame);
}

enum source_status pixfer_handover_next(struct handover *h, bool skip, AVFrame **frame)
{
    struct source *s = h->source;
    enum source_status status = s->ops->decode ? decode(h, skip, frame) : skip ? s->ops->skip(s) : read_raw(h, frame);
    if (status != SOURCE_FRAME)
        av_frame_free(frame);
    else if (*frame && !(s->ops->decode && fits_encoder(h)))
        pixfer_stage_finish_frame(&h->e->stage, *frame);
    return status;
}

void pixfer_handover_close(struct handover *h)
{
    pixfer_memory_free(h->whole);
    h->whole = NULL;
}
#endif

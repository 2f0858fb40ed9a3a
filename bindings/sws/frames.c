/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* sws_scale_frame, and frames between sws_frame_start and sws_frame_end. The real library keeps the books: it takes references, makes
 * the destination's memory, and says what a call is worth. */

#include <libavutil/frame.h>
#include <stddef.h>

#include "context.h"

/* What lies at the beginning of an AVFrame in every version there is. The rest moves. */
struct frame_head {
    uint8_t *data[8];
    int linesize[8];
    uint8_t **extended_data;
    int width, height;
};

_Static_assert(AV_NUM_DATA_POINTERS == 8, "AVFrame begins otherwise");
_Static_assert(offsetof(AVFrame, linesize) == offsetof(struct frame_head, linesize), "AVFrame begins otherwise");
_Static_assert(offsetof(AVFrame, width) == offsetof(struct frame_head, width), "AVFrame begins otherwise");
_Static_assert(offsetof(AVFrame, height) == offsetof(struct frame_head, height), "AVFrame begins otherwise");

static bool frame_image(struct pixfer_image *image, enum pixfer_format format, const struct context *context,
                        const AVFrame *frame)
{
    const struct frame_head *head = (const void *)frame;

    if (head->width != context->making.src_w || head->height != context->making.src_h)
        return false;
    return pixfer_sws_image(image, format, context, (const uint8_t *const *)head->data, head->linesize, 0);
}

bool pixfer_sws_frame_start(struct context *context, const AVFrame *dst, const AVFrame *src)
{
    struct open_frame *frame = &context->frame;

    *frame = (struct open_frame){.lowest = UINT32_MAX};
    frame->known = pixfer_sws_ready(context) && frame_image(&frame->src, context->params.src_format, context, src) &&
                   frame_image(&frame->dst, context->params.dst_format, context, dst);
    return frame->known;
}

void pixfer_sws_frame_end(struct context *context)
{
    context->frame.known = false;
}

/* The real library has accepted the slice: it overlaps no other. */
void pixfer_sws_sent(struct context *context, unsigned first, unsigned count)
{
    struct open_frame *frame = &context->frame;

    if (!count || count > UINT32_MAX - first)
        frame->known = false;
    if (first < frame->lowest)
        frame->lowest = first;
    if (first + count > frame->highest)
        frame->highest = first + count;
    frame->sent += count;
}

int pixfer_sws_receive(struct context *context, unsigned first, unsigned count)
{
    const struct open_frame *frame = &context->frame;
    const unsigned height = context->params.height;
    enum pixfer_result result;
    unsigned align, end;

    if (!frame->known || frame->lowest || frame->highest != height || frame->sent != height)
        return NOT_TAKEN;
    if (!count || first >= height || count > height - first)
        return NOT_TAKEN;
    align = context->real->receive_slice_alignment(context->key);
    if (count < height && (first % align || count % align))
        return NOT_TAKEN;
    end = (first + count + 1) & ~1u; /* rows beside the slice get what they have or will get anyway */
    if (count == height)
        result = pixfer_convert(context->converter, &frame->src, &frame->dst);
    else
        result = pixfer_convert_rows(context->converter, &frame->src, &frame->dst, first & ~1u,
                                     (end > height ? height : end) - (first & ~1u));
    if (result != PIXFER_OK)
        return NOT_TAKEN;
    return context->making.threads == 1 ? (int)count : 0; /* as the real function answers */
}

int pixfer_sws_scale_frame(struct context *context, AVFrame *dst, const AVFrame *src)
{
    const struct frame_head *from = (const void *)src, *to = (const void *)dst;
    const struct real *real = context->real;
    int result = real->frame_start(context->key, dst, src);

    if (result < 0)
        return result;
    pixfer_sws_frame_start(context, dst, src);
    pixfer_sws_sent(context, 0, (unsigned)from->height);
    result = pixfer_sws_receive(context, 0, (unsigned)to->height);
    if (result == NOT_TAKEN && (result = real->send_slice(context->key, 0, (unsigned)from->height)) >= 0)
        result = real->receive_slice(context->key, 0, (unsigned)to->height);
    pixfer_sws_frame_end(context);
    real->frame_end(context->key);
    return result;
}

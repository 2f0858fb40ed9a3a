/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* sws_scale: whole frames, and frames that come in pieces from the top. pixfer converts pairs of rows, and with top-left siting looks
 * at the row above them: what a pair needs of an earlier piece, whose memory may be gone by now, is kept. */

#include <stdlib.h>
#include <string.h>

#include "context.h"

enum { CARRIED_ROWS = 3 };

static unsigned source_planes(const struct context *context)
{
    return pixfer_format_planes(context->params.src_format);
}

/* ---- Carried rows: 0 is the one above row `done`, 1 and 2 are rows `done` and `done` + 1 ---- */

static bool carry_open(struct context *context)
{
    struct carry *carry = &context->carry;

    for (unsigned plane = 0; plane < source_planes(context); plane++) {
        size_t rows;

        pixfer_plane_size(context->params.src_format, context->params.width, context->params.height, plane,
                          &carry->row_bytes[plane], &rows);
        if (!carry->rows[plane] && !(carry->rows[plane] = malloc(CARRIED_ROWS * carry->row_bytes[plane])))
            return false;
    }
    return true;
}

void pixfer_sws_carry_free(struct carry *carry)
{
    for (unsigned plane = 0; plane < 3; plane++) {
        free(carry->rows[plane]);
        carry->rows[plane] = NULL;
    }
}

/* The address of a row of a plane of which row `first` is at `base`; it may be outside of what exists. */
static uint8_t *row_at(const uint8_t *base, ptrdiff_t stride, uint32_t first, uint32_t row)
{
    return (uint8_t *)((uintptr_t)base + (uintptr_t)stride * ((uintptr_t)row - first));
}

static void carry_row(struct context *context, unsigned slot, const uint8_t *const src[], const int src_stride[], uint32_t first,
                      uint32_t row)
{
    const struct carry *carry = &context->carry;

    for (unsigned plane = 0; plane < source_planes(context); plane++)
        memcpy(carry->rows[plane] + slot * carry->row_bytes[plane], row_at(src[plane], src_stride[plane], first, row),
               carry->row_bytes[plane]);
}

static struct pixfer_image carried_image(const struct context *context, uint32_t done)
{
    struct pixfer_image image = {
        .format = context->params.src_format, .width = context->params.width, .height = context->params.height};

    for (unsigned plane = 0; plane < source_planes(context); plane++) {
        image.stride[plane] = (ptrdiff_t)context->carry.row_bytes[plane];
        image.plane[plane] = row_at(context->carry.rows[plane], image.stride[plane], done, 1);
    }
    return image;
}

/* ---- Images as sws_scale gets them ---- */

bool pixfer_sws_image(struct pixfer_image *image, enum pixfer_format format, const struct context *context,
                      const uint8_t *const plane[], const int stride[], uint32_t first)
{
    *image = (struct pixfer_image){.format = format, .width = context->params.width, .height = context->params.height};
    for (unsigned i = 0; i < pixfer_format_planes(format); i++) {
        if (!plane[i] || !stride[i])
            return false;
        image->stride[i] = stride[i];
        image->plane[i] = row_at(plane[i], stride[i], first, 0);
    }
    return true;
}

/* ---- Pieces ---- */

static bool convert_piece(struct context *context, const uint8_t *const src[], const int src_stride[],
                          const struct pixfer_image *image, const struct pixfer_image *to, uint32_t y, uint32_t end)
{
    const uint32_t height = context->params.height, stop = end == height ? end : end & ~1u;
    const bool above = context->params.color.siting == PIXFER_SITING_TOP_LEFT;
    uint32_t done = context->pieces.done;

    if (stop > done && (done < y || (above && done && done == y))) {
        const uint32_t count = stop - done < 2 ? 1 : 2;
        const struct pixfer_image carried = carried_image(context, done);

        for (uint32_t row = done < y ? y : done; row < done + count; row++)
            carry_row(context, 1 + row - done, src, src_stride, y, row);
        if (pixfer_convert_rows(context->converter, &carried, to, done, count) != PIXFER_OK)
            return false;
        done += count;
    }
    if (stop > done && pixfer_convert_rows(context->converter, image, to, done, stop - done) != PIXFER_OK)
        return false;
    if (stop > done)
        done = stop;
    if (end > done)
        carry_row(context, 1, src, src_stride, y, done);
    if (above && done > y)
        carry_row(context, 0, src, src_stride, y, done - 1);
    context->pieces = (struct pieces){end, done};
    return true;
}

int pixfer_sws_scale(struct context *context, const uint8_t *const src[], const int src_stride[], int y, int h,
                     uint8_t *const dst[], const int dst_stride[])
{
    const uint32_t begun = context->pieces.given, before = context->pieces.done;
    struct pixfer_image from, to;
    uint32_t height;

    if (!src || !src_stride || !dst || !dst_stride || y < 0 || h <= 0 || context->direction)
        return NOT_TAKEN;
    if (y == 0)
        context->pieces = (struct pieces){0, 0};
    else if (!begun || (uint32_t)y != begun)
        goto lost;
    if (!pixfer_sws_ready(context))
        return NOT_TAKEN;
    height = context->params.height;
    if ((uint32_t)h > height || (uint32_t)y > height - (uint32_t)h)
        goto lost;
    if (!pixfer_sws_image(&from, context->params.src_format, context, src, src_stride, (uint32_t)y) ||
        !pixfer_sws_image(&to, context->params.dst_format, context, (const uint8_t *const *)dst, dst_stride, 0))
        goto lost;
    if (y == 0 && (uint32_t)h == height)
        return pixfer_convert(context->converter, &from, &to) == PIXFER_OK ? h : NOT_TAKEN;
    if (!carry_open(context) || !convert_piece(context, src, src_stride, &from, &to, (uint32_t)y, (uint32_t)(y + h)))
        goto lost;
    h = (int)(context->pieces.done - (y ? before : 0));
    if (context->pieces.given == height)
        context->pieces = (struct pieces){0, 0};
    return h;

lost:
    context->pieces = (struct pieces){0, 0};
    return NOT_TAKEN;
}

/* As the real library keeps count of it. */
void pixfer_sws_scaled(struct context *context, int y, int h)
{
    const int64_t height = context->making.src_h;

    if (h <= 0)
        return;
    if (!context->direction)
        context->direction = y == 0 ? 1 : -1;
    if (context->direction > 0 ? y + (int64_t)h >= height : y == 0)
        context->direction = 0;
}

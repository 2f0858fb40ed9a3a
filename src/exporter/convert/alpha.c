/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include "alpha.h"

#include <libavutil/mem.h>
#include <libavutil/pixdesc.h>
#include <string.h>

static uint32_t word_at(const uint8_t *at)
{
    uint16_t word;
    memcpy(&word, at, sizeof(word));
    return word;
}

static void look_at_row(struct alpha_watch *w, enum pixfer_format format, const uint8_t *row, uint32_t width)
{
    const bool in_front = format == PIXFER_FORMAT_ARGB || format == PIXFER_FORMAT_ABGR;
    uint32_t pixel;
    for (uint32_t x = 0; x < width; x++) {
        uint32_t alpha, full = 255;
        switch ((int)format) {
        case PIXFER_FORMAT_RGBA64:
        case PIXFER_FORMAT_RGBA16F:
            alpha = word_at(row + 8 * (size_t)x + 6);
            full = format == PIXFER_FORMAT_RGBA64 ? 65535 : 0x3c00;
            if (format == PIXFER_FORMAT_RGBA16F && alpha > 0x7c00) /* negative, or not a number */
                alpha = 0;
            break;
        case PIXFER_FORMAT_RGB10A2:
        case PIXFER_FORMAT_BGR10A2:
            memcpy(&pixel, row + 4 * (size_t)x, sizeof(pixel));
            alpha = pixel >> 30;
            full = 3;
            break;
        default:
            alpha = row[4 * (size_t)x + (in_front ? 0 : 3)];
            break;
        }
        w->below |= alpha < full;
        w->above |= alpha > 0;
    }
}

void pixfer_alpha_look(struct alpha_watch *w, const struct pixfer_image *image, uint32_t first, uint32_t count)
{
    for (uint32_t y = first; y < first + count; y++)
        look_at_row(w, image->format, (const uint8_t *)((uintptr_t)image->plane[0] + (uintptr_t)y * (uintptr_t)image->stride[0]),
                    image->width);
}

bool pixfer_alpha_is_lost(const struct alpha_watch *w)
{
    return w->below && w->above;
}

/* Bits of floats from 0 to 1 are in their order, so that integers will do. */
bool pixfer_alpha_of_frame(const AVFrame *frame)
{
    const AVPixFmtDescriptor *d = av_pix_fmt_desc_get((enum AVPixelFormat)frame->format);
    struct alpha_watch w = {0};
    if (!d || !(d->flags & AV_PIX_FMT_FLAG_ALPHA) || (d->flags & (AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_HWACCEL)) ||
        frame->width <= 0)
        return false;
    const int last = d->nb_components - 1, depth = d->comp[last].depth;
    const uint32_t full = d->flags & AV_PIX_FMT_FLAG_FLOAT ? 0x3f800000 : (uint32_t)((UINT64_C(1) << depth) - 1);
    uint32_t *line = av_malloc_array((size_t)frame->width, sizeof(*line));
    for (int y = 0; line && y < frame->height; y++) {
        av_read_image_line2(line, (const uint8_t **)(uintptr_t)frame->data, frame->linesize, d, 0, y, last, frame->width, 0, 4);
        for (int x = 0; x < frame->width; x++) {
            w.below |= line[x] < full;
            w.above |= line[x] > 0;
        }
    }
    av_free(line);
    return pixfer_alpha_is_lost(&w);
}
#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include "source.h"

/* In the join of frames that were pushed there is no input: frame n is shown at n / fps. */

static void assume(struct source *s, int64_t ticks, int64_t lasts)
{
    s->pts = ticks;
    s->duration = lasts;
}

static void close_counted(struct source *s)
{
    (void)s;
}

static const struct source_ops counted_ops = {.assume = assume, .close = close_counted};

enum pixfer_result pixfer_source_open_counted(struct source *s, const struct pixfer_exporter_params *params,
                                              struct report *report)
{
    *s = (struct source){.ops = &counted_ops,
                         .report = report,
                         .format = params->format,
                         .width = params->width,
                         .height = params->height,
                         .fps = {(int)params->fps_num, params->fps_den ? (int)params->fps_den : 1}};
    s->time_base = av_inv_q(s->fps);
    return PIXFER_OK;
}
#endif

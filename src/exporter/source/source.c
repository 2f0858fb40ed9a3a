/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include "source.h"

/* RGB, and Y'CbCr in one plane. */
bool pixfer_converter_takes(enum pixfer_format format)
{
    return pixfer_format_is_rgb(format) || pixfer_format_planes(format) == 1;
}

enum pixfer_result pixfer_source_open(struct source *s, const struct pixfer_input *input, const struct source_host *host,
                                      struct report *report)
{
    *s = (struct source){.input = input, .host = host, .report = report};
    if (!input->name || !*input->name)
        return pixfer_report_fail(report, PIXFER_ERR_INVALID, "source: no input");
    if (input->width || input->height || (input->name[0] == '-' && !input->name[1]))
        return pixfer_source_open_raw(s);
    return pixfer_source_open_libav(s);
}

void pixfer_source_close(struct source *s)
{
    if (s->ops)
        s->ops->close(s);
    s->ops = NULL;
    pixfer_presentation_free(&s->presentation);
}
#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_EXPORTER_HANDOVER_H
#define PIXFER_EXPORTER_HANDOVER_H

/* From what a source reads to what the encoder can read, through the convert stage where it has to be converted: in the shortest of the
 * ways there are, and never with a copy more than the encoder needs. */

#include "exporter.h"
#include "source/source.h"

struct handover {
    struct source *source;
    struct pixfer_exporter *e;
    uint8_t *whole; /* a raw frame for a converter that takes no rows */
};

/* The next frame, ready for the encoder; with `skip` it is passed over and *frame stays NULL. */
enum source_status pixfer_handover_next(struct handover *h, bool skip, AVFrame **frame);
void pixfer_handover_close(struct handover *h);

#endif

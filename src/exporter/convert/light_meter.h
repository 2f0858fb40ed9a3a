/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_EXPORTER_LIGHT_METER_H
#define PIXFER_EXPORTER_LIGHT_METER_H

/* MaxCLL and MaxFALL of CTA-861.3, of R'G'B' frames of PQ: a pixel's light is that of its brightest component, a frame's the mean of its
 * pixels'. */

#include <pixfer/image.h>
#include <stdbool.h>
#include <stdint.h>

struct light_meter;

/* NULL where there is no memory. The format is RGB. */
struct light_meter *pixfer_light_meter_open(enum pixfer_format format);
/* Rows [first, first + count) of a frame, each once. */
void pixfer_light_meter_add(struct light_meter *m, const struct pixfer_image *image, uint32_t first, uint32_t count);
void pixfer_light_meter_end_frame(struct light_meter *m);
/* cd/m², rounded to the nearest. */
void pixfer_light_meter_read(const struct light_meter *m, uint32_t *max_cll, uint32_t *max_fall);
void pixfer_light_meter_close(struct light_meter **m);

#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include <stdio.h>

#include "exporter.h"

static void fill_converter(struct pixfer_exporter_stats *stats, const struct pixfer_converter *c)
{
    struct pixfer_converter_info info = PIXFER_CONVERTER_INFO();
    if (!c)
        return;
    pixfer_converter_get_info(c, &info);
    stats->backend = info.backend;
    stats->exact = info.exact;
    stats->converted = info.frames;
    snprintf(stats->backend_name, sizeof(stats->backend_name), "%s", info.backend_name);
    snprintf(stats->isa, sizeof(stats->isa), "%s", info.isa);
    snprintf(stats->fallback_reason, sizeof(stats->fallback_reason), "%s", info.fallback_reason ? info.fallback_reason : "");
    snprintf(stats->acceleration, sizeof(stats->acceleration), "%s", info.acceleration);
    stats->transfer_wall_s = info.wall_s;
    stats->transfer_cpu_s = info.cpu_s;
    stats->transfer_process_cpu_s = info.process_cpu_s;
}

void pixfer_stats_fill(struct pixfer_exporter *e, struct pixfer_exporter_stats *stats)
{
    stats->frames = e->complete ? e->muxer.tracks[0].count : stats->part_frames;
    stats->wall_s = pixfer_now() - e->start;
    stats->fps = stats->wall_s > 0 ? (double)stats->frames / stats->wall_s : 0;
    stats->source_s = e->source_s;
    stats->convert_s = e->stage.seconds;
    stats->encode_s = (double)atomic_load(&e->encode_ns) * 1e-9;
    stats->mux_s = e->mux_s;
    stats->cpu_s = pixfer_cpu_time() - e->cpu_start;
    stats->peak_rss_bytes = pixfer_peak_rss();
    stats->bytes = e->complete ? atomic_load(&e->muxer.bytes) : 0;
    stats->refused = e->refused;
    fill_converter(stats, e->stage.converter);
    if (e->vulkan)
        pixfer_vulkan_frames_count(e, stats);
    snprintf(stats->measured, sizeof(stats->measured), "%s", e->stage.measured);
    snprintf(stats->encoder, sizeof(stats->encoder), "%s",
             e->encoder.name ? e->encoder.name
             : e->part.feed  ? e->part.feed->encoder
                             : "");
}
#endif

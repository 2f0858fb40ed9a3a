/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* The clock of an input that jumps: sequences of packets, and where each is put. Times in ms. */
#include <stdio.h>
#include <stdlib.h>

#include "../../src/exporter/source/time_map.h"
#include <libavcodec/avcodec.h>

enum { MOST = 12, NONE = -1 };

struct stamp {
    unsigned stream;       /* 0 video, 1 audio */
    int64_t dts, pts, put; /* put: where the dts goes, or without one the pts; with a gap of 10 s at most */
};

static const struct sequence {
    const char *what;
    unsigned jumps;
    struct stamp stamps[MOST];
} sequences[] = {
    {"steady", 0, {{0, 0, 40, 0}, {1, 10, 10, 10}, {0, 40, 80, 40}, {1, 30, 30, 30}}},
    {"B-frames without decoding times at first", 0, {{0, NONE, 1, 1}, {0, NONE, 400, 400}, {0, 1, 200, 1}, {0, 100, 100, 100}}},
    {"audio that begins late", 0, {{0, 0, 0, 0}, {0, 4000, 4000, 4000}, {0, 8000, 8000, 8000}, {1, 9000, 9000, 9000}}},
    {"video that is stored late",
     0,
     {{1, 10, 10, 10}, {1, 9000, 9000, 9000}, {1, 18000, 18000, 18000}, {0, 10, 10, 10}, {0, 50, 50, 50}}},
    {"a still while audio goes on", 0, {{0, 0, 0, 0}, {1, 9000, 9000, 9000}, {1, 18000, 18000, 18000}, {0, 20000, 20000, 20000}}},
    {"an hour ahead", 1, {{0, 0, 0, 0}, {1, 1, 1, 1}, {0, 3600000, 3600000, 10041}, {1, 3600000, 3600000, 10041}}},
    {"back to 0", 1, {{0, 5000, 5000, 5000}, {1, 5000, 5000, 5000}, {0, 0, 0, 5040}, {1, 0, 0, 5040}}},
    {"a first frame an hour before its audio",
     1,
     {{1, 3600000, 3600000, 3600000}, {0, 0, 0, 3600040}, {0, 3600040, 3600040, 3600040}, {1, 3600040, 3600040, 3600040}}},
};

int main(void)
{
    const AVRational ms = {1, 1000};
    int failures = 0;
    for (size_t i = 0; i < sizeof(sequences) / sizeof(*sequences); i++) {
        const struct sequence *s = &sequences[i];
        struct time_map map;
        pixfer_time_map_init(&map, 10);
        for (int k = 0; k < MOST && (k == 0 || s->stamps[k].pts || s->stamps[k].put); k++) {
            const struct stamp *stamp = &s->stamps[k];
            AVPacket *packet = av_packet_alloc();
            packet->dts = stamp->dts == NONE ? AV_NOPTS_VALUE : stamp->dts;
            packet->pts = stamp->pts;
            packet->duration = 40;
            pixfer_time_map_apply(&map, stamp->stream, packet, ms);
            const int64_t put = packet->dts != AV_NOPTS_VALUE ? packet->dts : packet->pts;
            if (put != stamp->put) {
                fprintf(stderr, "%s: packet %d is put at %lld, expected %lld\n", s->what, k, (long long)put,
                        (long long)stamp->put);
                failures++;
            }
            av_packet_free(&packet);
        }
        if (map.jumps != s->jumps) {
            fprintf(stderr, "%s: %u jumps, expected %u\n", s->what, map.jumps, s->jumps);
            failures++;
        }
    }
    return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}

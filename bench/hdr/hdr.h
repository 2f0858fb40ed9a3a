/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_BENCH_HDR_H
#define PIXFER_BENCH_HDR_H

/* What bench-hdr compares: converters of frames of more than 8 bits and of linear light, how many of their samples are not the correctly
 * rounded value, and how long they take on one thread. */

#include <pixfer/pixfer.h>
#include <stdbool.h>

/* One conversion. */
struct path {
    const char *name;
    enum pixfer_format src;
    enum pixfer_format dst, dst_full; /* 4:2:0, of which luma is compared, and 4:4:4, of which chroma is */
    enum pixfer_matrix matrix;
    enum pixfer_transfer transfer; /* DEFAULT: the source is R'G'B' */
    bool mapped;                   /* by BT.2390 from SRC_PEAK */
    double peak;                   /* nits: the brightest component of the frames that it is given; of R'G'B' 0 */
    double white;                  /* sdr_white; of R'G'B' what 1 is taken for when colours are compared, 0 if it is PQ */
};

enum { SRC_WHITE = 80, SRC_PEAK = 1000, HLG_PEAK = 1000 };

struct job {
    const struct path *path;
    enum pixfer_format dst; /* path's dst or dst_full; siting left, limited range, one thread */
    uint32_t width, height; /* even */
};

/* Why a peer does not do a job: one line. */
struct reason {
    char text[160];
};

/* A converter. Frames are brought into the form that it takes before its time is taken, and out of the one that it gives afterwards. */
struct peer {
    const char *name;
    const char *const *(*variants)(void); /* NULL-terminated; each is a contender of its own */
    bool timed;
    bool full_only; /* gives 4:4:4 only, of which luma is compared, too */
    bool (*open)(void **state, const struct job *job, const char *variant, struct reason *reason);
    bool (*give)(void *state, const struct pixfer_image *src);
    bool (*run)(void *state);
    bool (*take)(void *state, const struct pixfer_image *dst);
    void (*close)(void *state);
};

extern const struct peer peer_pixfer, peer_zimg, peer_swscale, peer_libplacebo;

/* The version of the library behind a peer, NULL if this program was built without it. */
const char *zimg_name(void);
const char *swscale_name(void);
const char *libplacebo_name(void);

/* ---- Frames --------------------------------------------------------------------------------------------------------------- */

/* A frame that owns its planes, aligned for any of the peers; false without memory. */
bool frame_open(struct pixfer_image *image, enum pixfer_format format, uint32_t width, uint32_t height);
void frame_close(struct pixfer_image *image);
void frame_copy(const struct pixfer_image *from, const struct pixfer_image *to);

enum content { CONTENT_PICTURE, CONTENT_RAMPS, CONTENT_NOISE, CONTENTS };

/* Fills a source of the path. The picture is `rgba`, as large as the frame; R'G'B' of sRGB. */
void frame_fill(const struct pixfer_image *src, const struct path *path, enum content content, const uint8_t *rgba);

/* R, G, B of a source's pixel: components as they are, integers divided by their white. */
void frame_get_rgb(const struct pixfer_image *src, uint32_t x, uint32_t y, double rgb[3]);

double half_to_double(uint16_t half);
uint16_t half_from_double(double value); /* 0 and more */

/* A sample of a Y'CbCr frame without the shift of P010, and the place for one; component 0 is Y', 1 Cb, 2 Cr. */
unsigned frame_get(const struct pixfer_image *image, unsigned component, uint32_t x, uint32_t y);
void frame_put(const struct pixfer_image *image, unsigned component, uint32_t x, uint32_t y, unsigned sample);

/* ---- How far a converted frame is from its source --------------------------------------------------------------------------- */

struct distance {
    double squares, itp, itp_max; /* sums over pixels; squares of three components */
    uint64_t pixels;
};

/* Adds the pixels of a frame, decoded by definition in double, to the sums: squares of differences of R'G'B' in PQ of BT.2020's primaries,
 * and BT.2124's colour difference. Chroma of 4:2:0 is interpolated linearly at siting left. */
void distance_add(struct distance *distance, const struct path *path, const struct pixfer_image *src,
                  const struct pixfer_image *dst);
double distance_psnr(const struct distance *distance);

#endif

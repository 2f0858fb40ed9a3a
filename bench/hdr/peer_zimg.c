/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#if PIXFER_WITH_ZIMG
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zimg.h>

#include "hdr.h"

/* zimg works on planes. Taking the components of pixels apart and Cb and Cr together is left out of its time, which is its best case. */

enum { ALIGN = 64 };

struct plane {
    uint8_t *bytes;
    ptrdiff_t stride;
    uint32_t width, height;
};

struct state {
    zimg_filter_graph *graph;
    void *scratch;
    struct plane in[3], out[3]; /* R, G, B; Y, Cb, Cr */
    size_t in_bytes, out_bytes; /* of a sample */
};

static void close_zimg(void *opaque)
{
    struct state *s = opaque;
    zimg_filter_graph_free(s->graph);
    free(s->scratch);
    for (int i = 0; i < 3; i++) {
        free(s->in[i].bytes);
        free(s->out[i].bytes);
    }
    free(s);
}

static bool open_plane(struct plane *plane, uint32_t width, uint32_t height, size_t bytes)
{
    plane->width = width, plane->height = height;
    plane->stride = (ptrdiff_t)((width * bytes + ALIGN - 1) / ALIGN * ALIGN);
    plane->bytes = aligned_alloc(ALIGN, (size_t)plane->stride * height);
    if (plane->bytes)
        memset(plane->bytes, 0, (size_t)plane->stride * height);
    return plane->bytes != NULL;
}

static zimg_image_format source_format(const struct job *job)
{
    const struct path *path = job->path;
    zimg_image_format f;
    zimg_image_format_default(&f, ZIMG_API_VERSION);
    f.width = job->width, f.height = job->height;
    f.color_family = ZIMG_COLOR_RGB;
    f.matrix_coefficients = ZIMG_MATRIX_RGB;
    f.pixel_type = path->src == PIXFER_FORMAT_RGBA      ? ZIMG_PIXEL_BYTE
                   : path->src == PIXFER_FORMAT_RGBA16F ? ZIMG_PIXEL_HALF
                                                        : ZIMG_PIXEL_WORD;
    f.depth = path->src == PIXFER_FORMAT_RGBA ? 8 : path->src == PIXFER_FORMAT_RGB10A2 ? 10 : 16;
    f.pixel_range = ZIMG_RANGE_FULL;
    if (path->transfer) {
        f.transfer_characteristics = ZIMG_TRANSFER_LINEAR;
        f.color_primaries = ZIMG_PRIMARIES_BT709;
    }
    return f;
}

static zimg_image_format target_format(const struct job *job, bool full)
{
    const struct path *path = job->path;
    const bool bytes = job->dst == PIXFER_FORMAT_NV12 || job->dst == PIXFER_FORMAT_I444;
    const bool sdr = path->transfer == PIXFER_TRANSFER_SRGB;
    zimg_image_format f;
    zimg_image_format_default(&f, ZIMG_API_VERSION);
    f.width = job->width, f.height = job->height;
    f.color_family = ZIMG_COLOR_YUV;
    f.matrix_coefficients = (zimg_matrix_coefficients_e)path->matrix;
    f.pixel_type = bytes ? ZIMG_PIXEL_BYTE : ZIMG_PIXEL_WORD;
    f.depth = bytes ? 8 : 10;
    f.pixel_range = ZIMG_RANGE_LIMITED;
    f.subsample_w = f.subsample_h = full ? 0 : 1;
    f.chroma_location = ZIMG_CHROMA_LEFT;
    if (path->transfer) {
        f.transfer_characteristics = (zimg_transfer_characteristics_e)path->transfer;
        f.color_primaries = sdr ? ZIMG_PRIMARIES_BT709 : ZIMG_PRIMARIES_BT2020;
    }
    return f;
}

static bool open_graph(struct state *s, const struct job *job, bool full, bool approximate, struct reason *reason)
{
    const zimg_image_format from = source_format(job), to = target_format(job, full);
    zimg_graph_builder_params params;
    size_t size;
    zimg_graph_builder_params_default(&params, ZIMG_API_VERSION);
    params.cpu_type = ZIMG_CPU_AUTO_64B;
    params.allow_approximate_gamma = (char)approximate;
    params.nominal_peak_luminance = SRC_WHITE; /* nits of a linear 1 */
    s->graph = zimg_filter_graph_build(&from, &to, &params);
    if (!s->graph || zimg_filter_graph_get_tmp_size(s->graph, &size)) {
        zimg_get_last_error(reason->text, sizeof reason->text);
        return false;
    }
    s->scratch = aligned_alloc(ALIGN, (size + ALIGN) / ALIGN * ALIGN);
    return s->scratch != NULL;
}

static const char *const *variants(void)
{
    static const char *const names[] = {"accurate", "fast", NULL};
    return names;
}

static bool open_zimg(void **state, const struct job *job, const char *variant, struct reason *reason)
{
    const bool full = job->dst == job->path->dst_full;
    const char *lack = job->path->mapped                                  ? "it has no tone mapping"
                       : !job->path->transfer && !strcmp(variant, "fast") ? "it has one way for R'G'B'"
                                                                          : NULL;
    struct state *s = lack ? NULL : calloc(1, sizeof *s);
    if (!s) {
        snprintf(reason->text, sizeof reason->text, "%s", lack ? lack : "no memory");
        return false;
    }
    s->in_bytes = job->path->src == PIXFER_FORMAT_RGBA ? 1 : 2;
    s->out_bytes = job->dst == PIXFER_FORMAT_NV12 || job->dst == PIXFER_FORMAT_I444 ? 1 : 2;
    bool good = open_graph(s, job, full, !strcmp(variant, "fast"), reason);
    for (int i = 0; i < 3; i++) {
        const unsigned shift = i && !full ? 1 : 0;
        good = good && open_plane(&s->in[i], job->width, job->height, s->in_bytes) &&
               open_plane(&s->out[i], job->width >> shift, job->height >> shift, s->out_bytes);
    }
    if (!good) {
        close_zimg(s);
        return false;
    }
    *state = s;
    return true;
}

static bool give(void *opaque, const struct pixfer_image *src)
{
    struct state *s = opaque;
    for (uint32_t y = 0; y < src->height; y++)
        for (uint32_t x = 0; x < src->width; x++) {
            const uint8_t *at = src->plane[0] + (ptrdiff_t)y * src->stride[0];
            uint32_t wide;
            uint16_t words[3];
            if (src->format == PIXFER_FORMAT_RGBA16F || src->format == PIXFER_FORMAT_RGBA64)
                memcpy(words, at + 8 * (size_t)x, sizeof words);
            else {
                memcpy(&wide, at + 4 * (size_t)x, 4);
                for (int i = 0; i < 3; i++)
                    words[i] = src->format == PIXFER_FORMAT_RGBA ? at[4 * (size_t)x + i] : wide >> 10 * i & 1023;
            }
            for (int i = 0; i < 3; i++) {
                uint8_t *to = s->in[i].bytes + (ptrdiff_t)y * s->in[i].stride + s->in_bytes * x;
                if (s->in_bytes == 1)
                    *to = (uint8_t)words[i];
                else
                    memcpy(to, &words[i], 2);
            }
        }
    return true;
}

static bool run(void *opaque)
{
    struct state *s = opaque;
    zimg_image_buffer_const in = {.version = ZIMG_API_VERSION};
    zimg_image_buffer out = {.version = ZIMG_API_VERSION};
    for (int i = 0; i < 3; i++) {
        in.plane[i].data = s->in[i].bytes;
        in.plane[i].stride = s->in[i].stride;
        in.plane[i].mask = ZIMG_BUFFER_MAX;
        out.plane[i].data = s->out[i].bytes;
        out.plane[i].stride = s->out[i].stride;
        out.plane[i].mask = ZIMG_BUFFER_MAX;
    }
    return zimg_filter_graph_process(s->graph, &in, &out, s->scratch, NULL, NULL, NULL, NULL) == ZIMG_ERROR_SUCCESS;
}

static bool take(void *opaque, const struct pixfer_image *dst)
{
    struct state *s = opaque;
    for (unsigned i = 0; i < 3; i++)
        for (uint32_t y = 0; y < s->out[i].height; y++)
            for (uint32_t x = 0; x < s->out[i].width; x++) {
                const uint8_t *at = s->out[i].bytes + (ptrdiff_t)y * s->out[i].stride + s->out_bytes * x;
                uint16_t word = *at;
                if (s->out_bytes == 2)
                    memcpy(&word, at, 2);
                frame_put(dst, i, x, y, word);
            }
    return true;
}

const char *zimg_name(void)
{
    static char name[64];
    unsigned major, minor, micro;
    zimg_get_version_info(&major, &minor, &micro);
    snprintf(name, sizeof name, "zimg %u.%u.%u", major, minor, micro);
    return name;
}

const struct peer peer_zimg = {.name = "zimg",
                               .variants = variants,
                               .timed = true,
                               .open = open_zimg,
                               .give = give,
                               .run = run,
                               .take = take,
                               .close = close_zimg};
#else
const char *zimg_name(void);
const char *zimg_name(void)
{
    return 0;
}
#endif

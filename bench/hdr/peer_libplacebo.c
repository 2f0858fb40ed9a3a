/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#if PIXFER_WITH_LIBPLACEBO
#include <libplacebo/renderer.h>
#include <libplacebo/shaders/colorspace.h>
#include <libplacebo/vulkan.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hdr.h"

/* libplacebo draws with a GPU; without one a software Vulkan such as Mesa's lavapipe does. So its errors are of interest, and its time is
 * not. It gets floats, in which a linear 1 is its SDR white of 203 nits, and gives planes of 4:4:4, undithered. */

struct state {
    pl_log log;
    pl_vulkan vulkan;
    pl_renderer renderer;
    pl_tex src, dst[3];
    struct job job;
    float *pixels;
    bool apart;   /* a drawing for each plane: else libplacebo keeps the frame as halves in between */
    size_t bytes; /* of a sample */
    uint8_t *samples;
};

static void keep_line(void *opaque, enum pl_log_level level, const char *message)
{
    struct reason *reason = opaque;
    (void)level;
    if (!reason->text[0])
        snprintf(reason->text, sizeof reason->text, "%s", message);
}

static void close_libplacebo(void *opaque)
{
    struct state *s = opaque;
    if (s->vulkan) {
        pl_renderer_destroy(&s->renderer);
        pl_tex_destroy(s->vulkan->gpu, &s->src);
        for (int i = 0; i < 3; i++)
            pl_tex_destroy(s->vulkan->gpu, &s->dst[i]);
    }
    pl_vulkan_destroy(&s->vulkan);
    pl_log_destroy(&s->log);
    free(s->pixels);
    free(s->samples);
    free(s);
}

static bool open_textures(struct state *s, struct reason *reason)
{
    pl_gpu gpu = s->vulkan->gpu;
    const pl_fmt from = pl_find_named_fmt(gpu, "rgba32f"), to = pl_find_named_fmt(gpu, s->bytes == 2 ? "r16" : "r8");
    const int width = (int)s->job.width, height = (int)s->job.height;
    if (!from || !to || !(to->caps & PL_FMT_CAP_RENDERABLE)) {
        snprintf(reason->text, sizeof reason->text, "the device lacks a format");
        return false;
    }
    s->src =
        pl_tex_create(gpu, pl_tex_params(.w = width, .h = height, .format = from, .sampleable = true, .host_writable = true));
    for (int i = 0; i < 3; i++)
        s->dst[i] =
            pl_tex_create(gpu, pl_tex_params(.w = width, .h = height, .format = to, .renderable = true, .host_readable = true));
    return s->src && s->dst[0] && s->dst[1] && s->dst[2];
}

static const char *const *variants(void)
{
    static const char *const names[] = {"planes", "plane by plane", NULL};
    return names;
}

static bool open_libplacebo(void **state, const struct job *job, const char *variant, struct reason *reason)
{
    struct state *s = calloc(1, sizeof *s);
    if (!s)
        return false;
    s->apart = strcmp(variant, "planes") != 0;
    s->job = *job;
    s->bytes = job->path->dst == PIXFER_FORMAT_NV12 ? 1 : 2;
    s->pixels = malloc((size_t)job->width * job->height * 4 * sizeof *s->pixels);
    s->samples = malloc((size_t)job->width * job->height * s->bytes);
    s->log = pl_log_create(PL_API_VER, pl_log_params(.log_cb = keep_line, .log_priv = reason, .log_level = PL_LOG_ERR));
    struct pl_vulkan_params params = pl_vulkan_default_params;
    params.allow_software = true;
    s->vulkan = pl_vulkan_create(s->log, &params);
    s->renderer = s->vulkan ? pl_renderer_create(s->log, s->vulkan->gpu) : NULL;
    if (!s->pixels || !s->samples || !s->renderer || !open_textures(s, reason)) {
        close_libplacebo(s);
        return false;
    }
    *state = s;
    return true;
}

static bool give(void *opaque, const struct pixfer_image *src)
{
    struct state *s = opaque;
    const struct path *path = s->job.path;
    const double white = path->transfer == PIXFER_TRANSFER_SRGB ? path->white : 203,
                 scale = path->transfer ? SRC_WHITE / white : 1;
    float *at = s->pixels;
    for (uint32_t y = 0; y < src->height; y++)
        for (uint32_t x = 0; x < src->width; x++, at += 4) {
            double rgb[3];
            frame_get_rgb(src, x, y, rgb);
            for (int i = 0; i < 3; i++)
                at[i] = (float)(rgb[i] * scale);
            at[3] = 1;
        }
    return pl_tex_upload(s->vulkan->gpu, pl_tex_transfer_params(.tex = s->src, .ptr = s->pixels));
}

static enum pl_color_transfer transfer_of(const struct path *path)
{
    return path->transfer == PIXFER_TRANSFER_PQ    ? PL_COLOR_TRC_PQ
           : path->transfer == PIXFER_TRANSFER_HLG ? PL_COLOR_TRC_HLG
                                                   : PL_COLOR_TRC_SRGB;
}

/* R'G'B' is called the same on both sides, so that nothing but the matrix is done. */
static void describe(const struct path *path, struct pl_frame *image, struct pl_frame *target)
{
    const bool hdr = path->transfer == PIXFER_TRANSFER_PQ || path->transfer == PIXFER_TRANSFER_HLG;
    const float peak = path->transfer == PIXFER_TRANSFER_PQ ? 10000 : hdr ? HLG_PEAK : 203;
    image->repr = (struct pl_color_repr){.sys = PL_COLOR_SYSTEM_RGB, .levels = PL_COLOR_LEVELS_FULL};
    target->repr = (struct pl_color_repr){
        .sys = path->matrix == PIXFER_MATRIX_BT709 ? PL_COLOR_SYSTEM_BT_709 : PL_COLOR_SYSTEM_BT_2020_NC,
        .levels = PL_COLOR_LEVELS_LIMITED,
        .bits = path->dst == PIXFER_FORMAT_NV12 ? (struct pl_bit_encoding){8, 8, 0} : (struct pl_bit_encoding){16, 10, 0}};
    image->color.primaries = PL_COLOR_PRIM_BT_709;
    image->color.transfer = path->transfer ? PL_COLOR_TRC_LINEAR : PL_COLOR_TRC_SRGB;
    target->color.primaries = hdr ? PL_COLOR_PRIM_BT_2020 : PL_COLOR_PRIM_BT_709;
    target->color.transfer = transfer_of(path);
    if (path->transfer) {
        image->color.hdr.max_luma = path->mapped ? SRC_PEAK : peak;
        target->color.hdr.max_luma = peak;
        image->color.hdr.min_luma = target->color.hdr.min_luma = 1e-6f;
    }
}

static bool run(void *opaque)
{
    struct state *s = opaque;
    struct pl_frame image = {.num_planes = 1}, target = {.num_planes = 3};
    struct pl_color_map_params map = pl_color_map_default_params;
    struct pl_render_params params = {.color_map_params = &map, .disable_linear_scaling = true};
    map.tone_mapping_function = s->job.path->mapped ? &pl_tone_map_bt2390 : &pl_tone_map_clip;
    map.tone_mapping_mode = PL_TONE_MAP_MAX;
    map.tone_mapping_crosstalk = 0;
    describe(s->job.path, &image, &target);
    image.planes[0] = (struct pl_plane){.texture = s->src, .components = 4, .component_mapping = {0, 1, 2, 3}};
    for (int i = 0; i < 3; i++)
        target.planes[i] = (struct pl_plane){.texture = s->dst[i], .components = 1, .component_mapping = {i}};
    if (!s->apart)
        return pl_render_image(s->renderer, &image, &target, &params);
    bool good = true;
    target.num_planes = 1;
    for (int i = 0; i < 3 && good; i++) {
        target.planes[0] = (struct pl_plane){.texture = s->dst[i], .components = 1, .component_mapping = {i}};
        good = pl_render_image(s->renderer, &image, &target, &params);
    }
    return good;
}

static bool take(void *opaque, const struct pixfer_image *dst)
{
    struct state *s = opaque;
    for (unsigned i = 0; i < 3; i++) {
        if (!pl_tex_download(s->vulkan->gpu, pl_tex_transfer_params(.tex = s->dst[i], .ptr = s->samples)))
            return false;
        const uint8_t *at = s->samples;
        for (uint32_t y = 0; y < dst->height; y++)
            for (uint32_t x = 0; x < dst->width; x++, at += s->bytes) {
                uint16_t word = *at;
                if (s->bytes == 2)
                    memcpy(&word, at, 2);
                frame_put(dst, i, x, y, word);
            }
    }
    return true;
}

const char *libplacebo_name(void)
{
    static char name[64];
    snprintf(name, sizeof name, "libplacebo %s", pl_version());
    return name;
}

const struct peer peer_libplacebo = {.name = "libplacebo",
                                     .variants = variants,
                                     .full_only = true,
                                     .open = open_libplacebo,
                                     .give = give,
                                     .run = run,
                                     .take = take,
                                     .close = close_libplacebo};
#else
const char *libplacebo_name(void);
const char *libplacebo_name(void)
{
    return 0;
}
#endif

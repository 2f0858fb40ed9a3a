/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "../stub.h"

#if PIXFER_WITH_SWSCALE

/* libswscale, with the matrix, the range and the siting that were asked for and its accurate flags: there to be measured against. It is
 * approximate, and never chosen by AUTO. */

#include <libavutil/opt.h>
#include <libavutil/pixfmt.h>
#include <libswscale/swscale.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "../../core/image.h"
#include "../../platform/platform.h"

/* Accurate: rounding without shortcuts, chroma from every pixel instead of every other one. An area filter weighs the pixels by what a
 * chroma sample of twice their size covers, which are the weights of every siting. */
#define FLAGS (SWS_AREA | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INP | SWS_BITEXACT)

/* What one thread works with at a time. */
struct worker {
    struct SwsContext *context;
    struct pixfer_image src, dst; /* swscale's own copies, in `memory`, where it cannot work on the caller's frames */
    uint8_t *memory;
};

struct swscale {
    struct pixfer_backend_config config;
    enum AVPixelFormat av_src, av_dst;
    bool direct;
    uint32_t width, height; /* what swscale sees */
    pixfer_lock lock;       /* guards what follows */
    unsigned idle_count;
    struct worker *idle[]; /* room for config.threads */
};

/* swscale reads beyond the rows of three bytes a pixel and of planes, and writes beyond rows that are no multiple of its vectors:
 * the caller's frames are out of its reach then. */
#define LANE 32

/* It stretches chroma if the size is odd, and errs on frames of a few rows or columns: those are padded by repeating the last
 * ones. */
#define LEAST 8

static uint32_t padded(uint32_t size)
{
    return size < LEAST ? LEAST : size + size % 2;
}

static const char *sws_missing(void)
{
    return NULL;
}

static enum AVPixelFormat av_format(enum pixfer_format format)
{
    static const enum AVPixelFormat formats[] = {
        [PIXFER_FORMAT_RGBA] = AV_PIX_FMT_RGBA,    [PIXFER_FORMAT_BGRA] = AV_PIX_FMT_BGRA,
        [PIXFER_FORMAT_ARGB] = AV_PIX_FMT_ARGB,    [PIXFER_FORMAT_ABGR] = AV_PIX_FMT_ABGR,
        [PIXFER_FORMAT_RGB24] = AV_PIX_FMT_RGB24,  [PIXFER_FORMAT_BGR24] = AV_PIX_FMT_BGR24,
        [PIXFER_FORMAT_GBRP] = AV_PIX_FMT_GBRP,    [PIXFER_FORMAT_NV12] = AV_PIX_FMT_NV12,
        [PIXFER_FORMAT_NV21] = AV_PIX_FMT_NV21,    [PIXFER_FORMAT_I420] = AV_PIX_FMT_YUV420P,
        [PIXFER_FORMAT_YV12] = AV_PIX_FMT_YUV420P, /* with its planes exchanged */
        [PIXFER_FORMAT_P010] = AV_PIX_FMT_P010,    [PIXFER_FORMAT_I444] = AV_PIX_FMT_YUV444P,
        [PIXFER_FORMAT_NV24] = AV_PIX_FMT_NV24,    [PIXFER_FORMAT_I422] = AV_PIX_FMT_YUV422P,
        [PIXFER_FORMAT_NV16] = AV_PIX_FMT_NV16,
    };

    /* AV_PIX_FMT_YUV420P is 0, and so is what the table does not name; it has no packed Y'CbCr. */
    if ((size_t)format >= sizeof(formats) / sizeof(*formats) || (!formats[format] && pixfer_format_planes(format) != 3))
        return AV_PIX_FMT_NONE;
    return formats[format];
}

static int av_matrix(enum pixfer_matrix matrix)
{
    return matrix == PIXFER_MATRIX_BT601        ? SWS_CS_ITU601
           : matrix == PIXFER_MATRIX_SMPTE240M  ? SWS_CS_SMPTE240M
           : matrix == PIXFER_MATRIX_BT2020_NCL ? SWS_CS_BT2020
                                                : SWS_CS_ITU709;
}

/* In units of 1/256 of a luma sample from the first; what is not subsampled keeps swscale's default. */
static int chroma_position(const struct pixfer_backend_config *config, bool vertical)
{
    const struct pixfer_format_layout *layout = pixfer_format_layout(config->dst_format);

    if (!(vertical ? layout->chroma_y : layout->chroma_x))
        return -513;
    if (vertical)
        return config->color.siting == PIXFER_SITING_TOP_LEFT ? 0 : 128;
    return config->color.siting == PIXFER_SITING_CENTER ? 128 : 0;
}

static struct SwsContext *context_create(const struct swscale *s)
{
    const struct pixfer_backend_config *c = &s->config;
    const int full = c->color.range == PIXFER_RANGE_FULL;
    const int *matrix = sws_getCoefficients(av_matrix(c->color.matrix));
    struct SwsContext *context = sws_alloc_context();

    if (!context)
        return NULL;
    av_opt_set_int(context, "srcw", s->width, 0);
    av_opt_set_int(context, "srch", s->height, 0);
    av_opt_set_int(context, "src_format", s->av_src, 0);
    av_opt_set_int(context, "src_range", 1, 0);
    av_opt_set_int(context, "dstw", s->width, 0);
    av_opt_set_int(context, "dsth", s->height, 0);
    av_opt_set_int(context, "dst_format", s->av_dst, 0);
    av_opt_set_int(context, "dst_range", full, 0);
    av_opt_set_int(context, "dst_h_chr_pos", chroma_position(c, false), 0);
    av_opt_set_int(context, "dst_v_chr_pos", chroma_position(c, true), 0);
    av_opt_set_int(context, "sws_flags", FLAGS, 0);
    if (sws_init_context(context, NULL, NULL) < 0 ||
        sws_setColorspaceDetails(context, matrix, 1, matrix, full, 0, 1 << 16, 1 << 16) < 0) {
        sws_freeContext(context);
        context = NULL;
    }
    return context;
}

/* ---- Workers ---- */

static void worker_free(struct worker *worker)
{
    if (!worker)
        return;
    sws_freeContext(worker->context);
    free(worker->memory);
    free(worker);
}

static bool allocate_copies(const struct swscale *s, struct worker *worker)
{
    const size_t src_size = pixfer_image_layout(&worker->src, s->config.src_format, s->width, s->height, NULL, 64);
    const size_t dst_size = pixfer_image_layout(&worker->dst, s->config.dst_format, s->width, s->height, NULL, 64);

    worker->memory = calloc(1, src_size + dst_size + 3 * 64);
    if (!worker->memory)
        return false;
    pixfer_image_layout(&worker->src, s->config.src_format, s->width, s->height, worker->memory, 64);
    pixfer_image_layout(&worker->dst, s->config.dst_format, s->width, s->height, worker->memory + src_size + 64, 64);
    return true;
}

static struct worker *worker_create(const struct swscale *s)
{
    struct worker *worker = calloc(1, sizeof(*worker));

    if (worker && (worker->context = context_create(s)) && (s->direct || allocate_copies(s, worker)))
        return worker;
    worker_free(worker);
    return NULL;
}

static struct worker *take(struct swscale *s)
{
    struct worker *worker = NULL;

    pixfer_lock_take(&s->lock);
    if (s->idle_count)
        worker = s->idle[--s->idle_count];
    pixfer_lock_drop(&s->lock);
    return worker ? worker : worker_create(s);
}

static void give_back(struct swscale *s, struct worker *worker)
{
    pixfer_lock_take(&s->lock);
    if (s->idle_count < s->config.threads) {
        s->idle[s->idle_count++] = worker;
        worker = NULL;
    }
    pixfer_lock_drop(&s->lock);
    worker_free(worker);
}

/* ---- The table's functions ---- */

static void sws_close(void *state)
{
    struct swscale *s = state;

    while (s->idle_count)
        worker_free(s->idle[--s->idle_count]);
    pixfer_lock_destroy(&s->lock);
    free(s);
}

static struct swscale *state_create(const struct pixfer_backend_config *config)
{
    struct swscale *s = calloc(1, sizeof(*s) + config->threads * sizeof(s->idle[0]));

    if (!s)
        return NULL;
    if (!pixfer_lock_init(&s->lock)) {
        free(s);
        return NULL;
    }
    s->config = *config;
    s->av_src = av_format(config->src_format);
    s->av_dst = av_format(config->dst_format);
    s->direct = pixfer_format_layout(config->src_format)->unit[0] == 4 && config->width % LANE == 0 && config->height % 2 == 0 &&
                config->height >= LEAST;
    s->width = padded(config->width);
    s->height = padded(config->height);
    s->idle[0] = worker_create(s);
    s->idle_count = s->idle[0] != NULL;
    if (s->idle_count)
        return s;
    sws_close(s);
    return NULL;
}

static enum pixfer_result sws_open(void **state, const struct pixfer_backend_config *config, struct pixfer_reason *reason)
{
    if (!sws_isSupportedInput(av_format(config->src_format)) || !sws_isSupportedOutput(av_format(config->dst_format))) {
        pixfer_reason_set(reason, "swscale: does not convert %s to %s", pixfer_format_name(config->src_format),
                          pixfer_format_name(config->dst_format));
        return PIXFER_ERR_UNSUPPORTED;
    }
    *state = state_create(config);
    if (*state)
        return PIXFER_OK;
    pixfer_reason_set(reason, "swscale: no context for %s to %s, %ux%u", pixfer_format_name(config->src_format),
                      pixfer_format_name(config->dst_format), (unsigned)config->width, (unsigned)config->height);
    return PIXFER_ERR_UNAVAILABLE;
}

/* Repeats the last column and the last row of the caller's frame up to the size of the copy. */
static void copy_in(const struct pixfer_image *from, const struct pixfer_image *to)
{
    const struct pixfer_format_layout *layout = pixfer_format_layout(from->format);

    for (unsigned plane = 0; plane < layout->planes; plane++) {
        const size_t unit = layout->unit[plane], bytes = unit * from->width;

        for (uint32_t y = 0; y < to->height; y++) {
            const uint32_t row = y < from->height ? y : from->height - 1;
            uint8_t *line = to->plane[plane] + (ptrdiff_t)y * to->stride[plane];

            memcpy(line, pixfer_row(from, plane, row), bytes);
            for (size_t x = bytes; x < unit * to->width; x++)
                line[x] = line[x - unit];
        }
    }
}

static void copy_out(const struct pixfer_image *from, const struct pixfer_image *to)
{
    for (unsigned plane = 0; plane < pixfer_format_planes(to->format); plane++) {
        size_t row_bytes, rows;

        pixfer_plane_size(to->format, to->width, to->height, plane, &row_bytes, &rows);
        for (uint32_t y = 0; y < rows; y++)
            memcpy(pixfer_row(to, plane, y), pixfer_row(from, plane, y), row_bytes);
    }
}

static int scale(struct SwsContext *context, const struct pixfer_image *src, const struct pixfer_image *dst)
{
    const struct pixfer_format_layout *layout = pixfer_format_layout(dst->format);
    const int u = layout->planes == 3 && layout->cr_first ? 2 : 1, v = 3 - u;
    const uint8_t *const from[4] = {src->plane[0], src->plane[1], src->plane[2]};
    const int from_stride[4] = {(int)src->stride[0], (int)src->stride[1], (int)src->stride[2]};
    uint8_t *const to[4] = {dst->plane[0], dst->plane[u], dst->plane[v]};
    const int to_stride[4] = {(int)dst->stride[0], (int)dst->stride[u], (int)dst->stride[v]};

    return sws_scale(context, from, from_stride, 0, (int)src->height, to, to_stride);
}

/* swscale counts a row in int. */
static bool strides_fit(const struct pixfer_image *image, const char *name, struct pixfer_reason *reason)
{
    for (unsigned plane = 0; plane < pixfer_format_planes(image->format); plane++) {
        if (image->stride[plane] < -INT_MAX || image->stride[plane] > INT_MAX) {
            pixfer_reason_set(reason, "swscale: %s.stride[%u] is %td bytes, expected at most %d", name, plane,
                              image->stride[plane], INT_MAX);
            return false;
        }
    }
    return true;
}

static enum pixfer_result sws_convert(void *state, const struct pixfer_image *src, const struct pixfer_image *dst,
                                      struct pixfer_reason *reason)
{
    struct swscale *s = state;
    struct worker *worker;
    int rows;

    if (s->direct && (!strides_fit(src, "src", reason) || !strides_fit(dst, "dst", reason)))
        return PIXFER_ERR_UNSUPPORTED;
    if (!(worker = take(s))) {
        pixfer_reason_set(reason, "swscale: out of memory");
        return PIXFER_ERR_NO_MEMORY;
    }
    if (s->direct) {
        rows = scale(worker->context, src, dst);
    } else {
        copy_in(src, &worker->src);
        rows = scale(worker->context, &worker->src, &worker->dst);
        copy_out(&worker->dst, dst);
    }
    give_back(s, worker);
    if (rows == (int)s->height)
        return PIXFER_OK;
    pixfer_reason_set(reason, "swscale: sws_scale wrote %d of %u rows", rows, (unsigned)s->height);
    return PIXFER_ERR_DEVICE;
}

const struct pixfer_backend_ops pixfer_backend_swscale = {
    .id = PIXFER_BACKEND_SWSCALE,
    .name = "swscale",
    .sitings = PIXFER_ALL_SITINGS,
    .sitings_422 = PIXFER_ALL_SITINGS,
    .luma_tolerance = 2,
    .chroma_tolerance = 3,
    .missing = sws_missing,
    .open = sws_open,
    .close = sws_close,
    .convert = sws_convert,
};

#endif

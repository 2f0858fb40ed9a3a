/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "image.h"

#include <string.h>

/* A format is a line: name, other names, planes, RGB, bits a sample, bytes a unit, subsampling, and what is particular to it. */
static const struct pixfer_format_layout layouts[] = {
    [PIXFER_FORMAT_RGBA] = {"rgba", "rgbx rgb0", 1, true, 8, {4}, .order = {0, 1, 2}},
    [PIXFER_FORMAT_BGRA] = {"bgra", "bgrx bgr0", 1, true, 8, {4}, .order = {2, 1, 0}},
    [PIXFER_FORMAT_ARGB] = {"argb", "xrgb 0rgb", 1, true, 8, {4}, .order = {1, 2, 3}},
    [PIXFER_FORMAT_ABGR] = {"abgr", "xbgr 0bgr", 1, true, 8, {4}, .order = {3, 2, 1}},
    [PIXFER_FORMAT_RGB24] = {"rgb24", "", 1, true, 8, {3}, .order = {0, 1, 2}},
    [PIXFER_FORMAT_BGR24] = {"bgr24", "", 1, true, 8, {3}, .order = {2, 1, 0}},
    [PIXFER_FORMAT_GBRP] = {"gbrp", "", 3, true, 8, {1, 1, 1}, .order = {2, 0, 1}},
    [PIXFER_FORMAT_NV12] = {"nv12", "", 2, false, 8, {1, 2}, .chroma_x = 1, .chroma_y = 1},
    [PIXFER_FORMAT_NV21] = {"nv21", "", 2, false, 8, {1, 2}, .chroma_x = 1, .chroma_y = 1, .cr_first = true},
    [PIXFER_FORMAT_I420] = {"i420", "", 3, false, 8, {1, 1, 1}, .chroma_x = 1, .chroma_y = 1},
    [PIXFER_FORMAT_YV12] = {"yv12", "", 3, false, 8, {1, 1, 1}, .chroma_x = 1, .chroma_y = 1, .cr_first = true},
    [PIXFER_FORMAT_P010] = {"p010", "", 2, false, 10, {2, 4}, .chroma_x = 1, .chroma_y = 1, .word = 2, .low = 6},
    [PIXFER_FORMAT_I444] = {"i444", "", 3, false, 8, {1, 1, 1}, .chroma_x = 0, .chroma_y = 0},
    [PIXFER_FORMAT_NV24] = {"nv24", "", 2, false, 8, {1, 2}, .chroma_x = 0, .chroma_y = 0},
    [PIXFER_FORMAT_I422] = {"i422", "", 3, false, 8, {1, 1, 1}, .chroma_x = 1, .chroma_y = 0},
    [PIXFER_FORMAT_NV16] = {"nv16", "", 2, false, 8, {1, 2}, .chroma_x = 1, .chroma_y = 0},
    [PIXFER_FORMAT_YUYV] = {"yuyv", "", 1, false, 8, {4}, .chroma_x = 1, .chroma_y = 0},
    [PIXFER_FORMAT_UYVY] = {"uyvy", "", 1, false, 8, {4}, .chroma_x = 1, .chroma_y = 0, .chroma_first = true},
    [PIXFER_FORMAT_RGBA64] = {"rgba64", "rgba16", 1, true, 16, {8}, .order = {0, 1, 2}, .word = 2},
    [PIXFER_FORMAT_RGB10A2] = {"rgb10a2", "r10g10b10a2 x2bgr10", 1, true, 10, {4}, .order = {0, 1, 2}},
    [PIXFER_FORMAT_BGR10A2] = {"bgr10a2", "b10g10r10a2 x2rgb10", 1, true, 10, {4}, .order = {2, 1, 0}},
    [PIXFER_FORMAT_RGBA16F] = {"rgba16f", "rgbaf16", 1, true, 16, {8}, .order = {0, 1, 2}, .word = 2, .real = true},
    [PIXFER_FORMAT_GBRP10] = {"gbrp10", "", 3, true, 10, {2, 2, 2}, .order = {2, 0, 1}, .word = 2},
    [PIXFER_FORMAT_GBRP12] = {"gbrp12", "", 3, true, 12, {2, 2, 2}, .order = {2, 0, 1}, .word = 2},
    [PIXFER_FORMAT_GBRP16] = {"gbrp16", "", 3, true, 16, {2, 2, 2}, .order = {2, 0, 1}, .word = 2},
    [PIXFER_FORMAT_GBRPF32] = {"gbrpf32", "gbrp32f", 3, true, 32, {4, 4, 4}, .order = {2, 0, 1}, .word = 4, .real = true},
    [PIXFER_FORMAT_P012] = {"p012", "", 2, false, 12, {2, 4}, .chroma_x = 1, .chroma_y = 1, .word = 2, .low = 4},
    [PIXFER_FORMAT_P016] = {"p016", "", 2, false, 16, {2, 4}, .chroma_x = 1, .chroma_y = 1, .word = 2},
    [PIXFER_FORMAT_I010] = {"i010", "yuv420p10", 3, false, 10, {2, 2, 2}, .chroma_x = 1, .chroma_y = 1, .word = 2},
    [PIXFER_FORMAT_I410] = {"i410", "yuv444p10", 3, false, 10, {2, 2, 2}, .chroma_x = 0, .chroma_y = 0, .word = 2},
};

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

const struct pixfer_format_layout *pixfer_format_layout(enum pixfer_format format)
{
    return (unsigned)format < COUNT(layouts) && layouts[format].planes ? &layouts[format] : NULL;
}

const char *pixfer_format_name(enum pixfer_format format)
{
    const struct pixfer_format_layout *layout = pixfer_format_layout(format);

    return layout ? layout->name : format == PIXFER_FORMAT_NONE ? "none" : NULL;
}

/* Names are ASCII; the C library's own comparison depends on the locale or the platform. */
static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* One of the words of a list, in any case. */
static bool is_listed(const char *name, const char *list)
{
    while (*list) {
        const size_t length = strcspn(list, " ");
        size_t i = 0;

        while (i < length && lower(name[i]) == list[i])
            i++;
        if (i == length && !name[i])
            return true;
        list += length + (list[length] == ' ');
    }
    return false;
}

enum pixfer_format pixfer_format_from_name(const char *name)
{
    for (size_t i = 0; name && i < COUNT(layouts); i++)
        if (layouts[i].planes && (is_listed(name, layouts[i].name) || is_listed(name, layouts[i].aliases)))
            return (enum pixfer_format)i;
    return PIXFER_FORMAT_NONE;
}

unsigned pixfer_format_planes(enum pixfer_format format)
{
    const struct pixfer_format_layout *layout = pixfer_format_layout(format);

    return layout ? layout->planes : 0;
}

int pixfer_format_is_rgb(enum pixfer_format format)
{
    const struct pixfer_format_layout *layout = pixfer_format_layout(format);

    return layout && layout->rgb;
}

int pixfer_format_has_alpha(enum pixfer_format format)
{
    const struct pixfer_format_layout *layout = pixfer_format_layout(format);

    return layout && layout->rgb && layout->planes == 1 && layout->unit[0] != 3;
}

/* (n + 1) / 2 where subsampled, with no overflow. */
static uint32_t subsampled(uint32_t n, unsigned shift)
{
    return (n >> shift) + (shift && (n & 1));
}

bool pixfer_format_is_packed422(enum pixfer_format format)
{
    const struct pixfer_format_layout *layout = pixfer_format_layout(format);

    return layout && !layout->rgb && layout->planes == 1;
}

void pixfer_plane_size(enum pixfer_format format, uint32_t width, uint32_t height, unsigned plane, size_t *row_bytes,
                       size_t *rows)
{
    const struct pixfer_format_layout *layout = pixfer_format_layout(format);

    *row_bytes = *rows = 0;
    if (!layout || plane >= layout->planes)
        return;
    *row_bytes =
        (size_t)subsampled(width, plane || pixfer_format_is_packed422(format) ? layout->chroma_x : 0) * layout->unit[plane];
    *rows = subsampled(height, plane ? layout->chroma_y : 0);
}

size_t pixfer_image_layout(struct pixfer_image *image, enum pixfer_format format, uint32_t width, uint32_t height, uint8_t *base,
                           size_t align)
{
    size_t total = 0;

    *image = (struct pixfer_image){.format = format, .width = width, .height = height};
    if (!pixfer_format_planes(format) || !width || !height || width > PIXFER_MAX_SIZE || height > PIXFER_MAX_SIZE || !align ||
        (align & (align - 1)))
        return 0;
    for (unsigned plane = 0; plane < pixfer_format_planes(format); plane++) {
        size_t row_bytes, rows;

        pixfer_plane_size(format, width, height, plane, &row_bytes, &rows);
        if (row_bytes > PTRDIFF_MAX - align)
            return 0;
        row_bytes = (row_bytes + align - 1) & ~(align - 1);
        if (row_bytes > (PTRDIFF_MAX - total) / rows)
            return 0;
        image->stride[plane] = (ptrdiff_t)row_bytes;
        image->plane[plane] = base ? base + total : NULL;
        total += row_bytes * rows;
    }
    return total;
}

/* ---- Checks ---- */

size_t pixfer_stride_magnitude(ptrdiff_t stride)
{
    return stride < 0 ? (size_t)0 - (size_t)stride : (size_t)stride;
}

static bool plane_check(const struct pixfer_image *image, unsigned plane, const char *name, const struct pixfer_log *log)
{
    size_t row_bytes, rows, stride = pixfer_stride_magnitude(image->stride[plane]);

    pixfer_plane_size(image->format, image->width, image->height, plane, &row_bytes, &rows);
    if (!image->plane[plane]) {
        pixfer_log_write(log, PIXFER_LOG_ERROR, "%s.plane[%u] is NULL, expected the address of a %s plane", name, plane,
                         pixfer_format_name(image->format));
        return false;
    }
    if (stride < row_bytes) {
        pixfer_log_write(log, PIXFER_LOG_ERROR, "%s.stride[%u] is %td bytes, expected at least %zu for %u pixels of %s", name,
                         plane, image->stride[plane], row_bytes, (unsigned)image->width, pixfer_format_name(image->format));
        return false;
    }
    if (rows > 1 && stride > (size_t)PTRDIFF_MAX / rows) {
        pixfer_log_write(log, PIXFER_LOG_ERROR, "%s.stride[%u] is %td bytes, expected less: %zu rows of it overflow memory", name,
                         plane, image->stride[plane], rows);
        return false;
    }
    if (((uintptr_t)image->plane[plane] | stride) & 1 && pixfer_format_layout(image->format)->word == 2) {
        pixfer_log_write(log, PIXFER_LOG_ERROR,
                         "%s.plane[%u] or its stride of %td bytes is odd, expected even for 16-bit samples", name, plane,
                         image->stride[plane]);
        return false;
    }
    if (((uintptr_t)image->plane[plane] | stride) & 3 && pixfer_format_layout(image->format)->word == 4) {
        pixfer_log_write(log, PIXFER_LOG_ERROR,
                         "%s.plane[%u] or its stride of %td bytes is no multiple of 4, expected one for floats", name, plane,
                         image->stride[plane]);
        return false;
    }
    return true;
}

bool pixfer_image_check(const struct pixfer_image *image, const char *name, const struct pixfer_log *log)
{
    for (unsigned plane = 0; plane < pixfer_format_planes(image->format); plane++)
        if (!plane_check(image, plane, name, log))
            return false;
    return true;
}

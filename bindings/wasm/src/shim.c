/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* What index.js calls. A module's instance holds one converter, one source and one destination, in memory that never moves:
 * so a view of the destination stays valid as long as the converter, and closing it is forgetting the instance. */

#include <pixfer/pixfer.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT(name) __attribute__((export_name(#name))) name

static char text[256]; /* names come in here, the log's last line goes out */
static struct pixfer_converter *converter;
static struct pixfer_image source, destination;
static uint8_t *source_bytes; /* the lowest address of the source */

static void keep(void *opaque, int level, const char *line)
{
    (void)opaque;
    if (level == PIXFER_LOG_ERROR) {
        strncpy(text, line, sizeof text - 1);
        text[sizeof text - 1] = 0;
    }
}

char *EXPORT(text_buffer)(void)
{
    return text;
}

const char *EXPORT(version)(void)
{
    return pixfer_version();
}

/* The format that `text` names, 0 if it names none. */
int EXPORT(format)(void)
{
    return (int)pixfer_format_from_name(text);
}

const char *EXPORT(format_name)(int format)
{
    return pixfer_format_name((enum pixfer_format)format);
}

/* Where a plane lies in a frame without padding: offset, bytes a row, rows, as three numbers at the address that is returned;
 * NULL for a plane that the format does not have. */
const uint32_t *EXPORT(plane)(int format, uint32_t width, uint32_t height, unsigned plane)
{
    static uint32_t numbers[3];
    size_t offset = 0, row, rows;

    for (unsigned i = 0; i < plane; i++) {
        pixfer_plane_size((enum pixfer_format)format, width, height, i, &row, &rows);
        offset += row * rows;
    }
    pixfer_plane_size((enum pixfer_format)format, width, height, plane, &row, &rows);
    numbers[0] = (uint32_t)offset;
    numbers[1] = (uint32_t)row;
    numbers[2] = (uint32_t)rows;
    return rows ? numbers : NULL;
}

/* Opens the converter, on the instruction set that `text` names, if any. A packed source may have rows of `stride` bytes (0: no
 * padding), and its lowest row first; alpha is composed over a `background` of 0 and above. NULL on success, else one line. */
const char *EXPORT(open)(int from, int to, uint32_t width, uint32_t height, int matrix, int range, int siting, uint32_t stride,
                         int bottom_up, int background)
{
    char cpu[16] = "";
    size_t row, rows, bytes, out;

    strncpy(cpu, text, sizeof cpu - 1);
    strcpy(text, "no such converter");
    if (pixfer_converter_open(
            &converter,
            &PIXFER_CONVERTER_PARAMS(.src_format = (enum pixfer_format)from, .dst_format = (enum pixfer_format)to, .width = width,
                                     .height = height,
                                     .color = {(enum pixfer_matrix)matrix, (enum pixfer_range)range, (enum pixfer_siting)siting},
                                     .backend = PIXFER_BACKEND_CPU, .threads = 1,
                                     .alpha = background < 0 ? PIXFER_ALPHA_DROP : PIXFER_ALPHA_COMPOSE,
                                     .background = background < 0 ? 0 : (uint32_t)background, .cpu = *cpu ? cpu : NULL,
                                     .log = keep)) != PIXFER_OK)
        return text;
    bytes = pixfer_image_layout(&source, (enum pixfer_format)from, width, height, NULL, 1);
    out = pixfer_image_layout(&destination, (enum pixfer_format)to, width, height, NULL, 1);
    pixfer_plane_size(source.format, width, height, 0, &row, &rows);
    if (stride && (stride < row || pixfer_format_planes(source.format) > 1))
        return "no such stride";
    if (stride)
        bytes = stride > (SIZE_MAX - row) / rows ? SIZE_MAX : (rows - 1) * stride + row;
    source_bytes = bytes == SIZE_MAX ? NULL : malloc(bytes);
    destination.plane[0] = malloc(out);
    if (!source_bytes || !destination.plane[0])
        return "no memory for the frames";
    pixfer_image_layout(&source, source.format, width, height, source_bytes, 1);
    pixfer_image_layout(&destination, destination.format, width, height, destination.plane[0], 1);
    if (stride)
        source.stride[0] = (ptrdiff_t)stride;
    for (unsigned i = 0; bottom_up && i < pixfer_format_planes(source.format); i++) {
        pixfer_plane_size(source.format, width, height, i, &row, &rows);
        source.plane[i] += (ptrdiff_t)(rows - 1) * source.stride[i];
        source.stride[i] = -source.stride[i];
    }
    return NULL;
}

uint8_t *EXPORT(source_at)(void)
{
    return source_bytes;
}

uint8_t *EXPORT(destination_at)(void)
{
    return destination.plane[0];
}

const char *EXPORT(isa)(void)
{
    struct pixfer_converter_info info = PIXFER_CONVERTER_INFO();

    pixfer_converter_get_info(converter, &info);
    return info.isa;
}

/* NULL on success, else one line. */
const char *EXPORT(convert)(void)
{
    return pixfer_convert(converter, &source, &destination) == PIXFER_OK ? NULL : text;
}

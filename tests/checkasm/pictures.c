/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "checkasm.h"

#include <stdio.h>
#include <string.h>

/* The same comparison through the front door: odd heights, strides of either sign, guard pages around every plane, padding, rows
 * in pieces, several threads. */

static struct picture src, wanted, got, slice;

/* The rows [first, first + count) of src, and the row above where the filter wants it, alone in guarded memory: `image` describes the
 * whole picture, of which no other row exists. */
static void cut_out(struct picture *rows, struct pixfer_image *image, uint32_t first, uint32_t count, bool row_above,
                    struct rng *rng)
{
    const struct picture_layout layout = picture_layout_random(rng);
    const uint32_t above = row_above && first ? 1 : 0;
    picture_place(rows, src.image.format, src.image.width, count + above, &layout);
    *image = rows->image;
    image->height = src.image.height;
    for (unsigned plane = 0; plane < pixfer_format_planes(image->format); plane++) {
        for (uint32_t y = 0; y < count + above; y++) {
            size_t bytes;
            uint8_t *row = picture_row(rows, plane, y, &bytes);
            memcpy(row, picture_row(&src, plane, first - above + y, &bytes), bytes);
        }
        image->plane[plane] = (uint8_t *)((uintptr_t)rows->image.plane[plane] -
                                          (uintptr_t)((ptrdiff_t)(first - above) * rows->image.stride[plane]));
    }
}

static bool convert_in_pieces(struct pixfer_converter *converter, bool cut, bool row_above, struct rng *rng)
{
    const uint32_t height = src.image.height;
    for (uint32_t first = 0, count; first < height; first += count) {
        count = 2 * (1 + rng_below(rng, 4));
        if (count > height - first)
            count = height - first;
        struct pixfer_image image = src.image;
        if (cut)
            cut_out(&slice, &image, first, count, row_above, rng);
        if (pixfer_convert_rows(converter, &image, &got.image, first, count) != PIXFER_OK)
            return false;
    }
    return true;
}

static void report(void)
{
    unsigned plane = 0;
    size_t x = 0, y = 0, bytes;
    const int damage = picture_damage(&got);
    if (damage >= 0 && failed())
        printf("     plane %d: bytes outside the rows are written\n", damage);
    if (picture_difference(&wanted, &got, &plane, &x, &y) && failed())
        printf("     plane %u, row %zu, byte %zu is %u, expected %u\n", plane, y, x, picture_row(&got, plane, y, &bytes)[x],
               picture_row(&wanted, plane, y, &bytes)[x]);
}

static void check_picture(enum pixfer_isa isa, enum pixfer_format from, enum pixfer_format to, const struct pixfer_color *color,
                          struct rng *rng)
{
    struct picture_layout layout[2] = {picture_layout_random(rng), picture_layout_random(rng)};
    const uint32_t width = 1 + rng_below(rng, rng_below(rng, 8) ? 150 : 1100),
                   height = 1 + rng_below(rng, rng_below(rng, 8) ? 9 : 70);
    const unsigned threads = 1 + rng_below(rng, 3), pieces = rng_below(rng, 3);
    struct pixfer_converter *converter = NULL;
    bool ok;

    if (rng_below(rng, 4) == 0)
        for (int i = 0; i < 3; i++) /* rows on whole vectors: where streaming stores are possible */
            layout[1].misalign[i] = 0, layout[1].padding[i] = (uint8_t)(64 - width % 64);
    picture_place(&src, from, width, height, &layout[0]);
    picture_fill(&src, (enum picture_content)rng_below(rng, PICTURE_CONTENTS), rng);
    picture_place(&wanted, to, width, height, &(struct picture_layout){0});
    picture_place(&got, to, width, height, &layout[1]);
    now("%s %s, %s, %ux%u, %u threads%s%s%s", pixfer_isa_names[isa], kernel_name(from, to, color->siting).text, color_name(color),
        width, height, threads,
        pieces == 2 ? ", in pieces cut out"
        : pieces    ? ", in pieces"
                    : "",
        layout[0].bottom_up ? ", source bottom-up" : "", layout[1].bottom_up ? ", destination bottom-up" : "");

    ok = convert_pinned("c", &src.image, &wanted.image, color) &&
         pixfer_converter_open(&converter,
                               &PIXFER_CONVERTER_PARAMS(.src_format = from, .dst_format = to, .width = width, .height = height,
                                                        .color = *color, .threads = threads, .backend = PIXFER_BACKEND_CPU,
                                                        .cpu = pixfer_isa_names[isa])) == PIXFER_OK &&
         (pieces ? convert_in_pieces(converter, pieces == 2, color->siting == PIXFER_SITING_TOP_LEFT, rng)
                 : pixfer_convert(converter, &src.image, &got.image) == PIXFER_OK);
    pixfer_converter_close(&converter);
    if (!ok && failed())
        printf("     it did not convert\n");
    else if (ok)
        report();
}

unsigned long check_pictures(const struct options *options)
{
    struct rng rng = {options->seed + 1};
    unsigned long cases = 0;

    for (enum pixfer_isa isa = PIXFER_ISA_C; isa < PIXFER_ISA_COUNT; isa++)
        for (unsigned i = rng_below(&rng, options->step); isa_wanted(options, isa) && i < SOURCES * DESTINATIONS * COLORS;
             i += options->step) {
            const enum pixfer_format from = sources[i / COLORS / DESTINATIONS], to = destinations[i / COLORS % DESTINATIONS];
            const struct pixfer_color color = color_number(i % COLORS);
            if (!name_wanted(options, from, to, color.siting))
                continue;
            check_picture(isa, from, to, &color, &rng);
            cases++;
        }
    picture_free(&src), picture_free(&wanted), picture_free(&got), picture_free(&slice);
    return cases;
}

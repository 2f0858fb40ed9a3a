/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* The names of matrices, ranges and sitings. */
#include <pixfer/convert.h>

#include "image.h"

struct color_name {
    int value;
    const char *name;
    const char *aliases; /* words with spaces between them */
};

static const struct color_name matrix_names[] = {{PIXFER_MATRIX_BT709, "bt709", "709"},
                                                 {PIXFER_MATRIX_BT601, "bt601", "601 smpte170m bt470bg"},
                                                 {PIXFER_MATRIX_SMPTE240M, "smpte240m", "240m"},
                                                 {PIXFER_MATRIX_BT2020_NCL, "bt2020", "2020 bt2020nc"},
                                                 {0, NULL, NULL}};
static const struct color_name range_names[] = {
    {PIXFER_RANGE_LIMITED, "limited", "tv mpeg"}, {PIXFER_RANGE_FULL, "full", "pc jpeg"}, {0, NULL, NULL}};
static const struct color_name siting_names[] = {{PIXFER_SITING_LEFT, "left", ""},
                                                 {PIXFER_SITING_CENTER, "center", "centre"},
                                                 {PIXFER_SITING_TOP_LEFT, "top-left", "topleft"},
                                                 {0, NULL, NULL}};

static const char *color_name(const struct color_name *known, int value)
{
    for (; known->name; known++)
        if (known->value == value)
            return known->name;
    return NULL;
}

static const struct color_name *color_named(const struct color_name *known, const char *name)
{
    for (; name && known->name; known++)
        if (pixfer_is_listed(name, known->name) || pixfer_is_listed(name, known->aliases))
            return known;
    return NULL;
}

const char *pixfer_matrix_name(enum pixfer_matrix matrix)
{
    return color_name(matrix_names, matrix == PIXFER_MATRIX_DEFAULT ? PIXFER_MATRIX_BT709 : (int)matrix);
}

const char *pixfer_range_name(enum pixfer_range range)
{
    return color_name(range_names, (int)range);
}

const char *pixfer_siting_name(enum pixfer_siting siting)
{
    return color_name(siting_names, (int)siting);
}

int pixfer_matrix_from_name(const char *name, enum pixfer_matrix *matrix)
{
    const struct color_name *found = color_named(matrix_names, name);

    if (found)
        *matrix = (enum pixfer_matrix)found->value;
    return found != NULL;
}

int pixfer_range_from_name(const char *name, enum pixfer_range *range)
{
    const struct color_name *found = color_named(range_names, name);

    if (found)
        *range = (enum pixfer_range)found->value;
    return found != NULL;
}

int pixfer_siting_from_name(const char *name, enum pixfer_siting *siting)
{
    const struct color_name *found = color_named(siting_names, name);

    if (found)
        *siting = (enum pixfer_siting)found->value;
    return found != NULL;
}

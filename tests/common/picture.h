/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_TESTS_PICTURE_H
#define PIXFER_TESTS_PICTURE_H

#include <pixfer/image.h>

#include "arena.h"
#include "random.h"

/* A frame whose planes lie in guarded memory, each in its own. */
struct picture {
    struct pixfer_image image;
    struct arena arena[3];
};

/* How the planes lie. {0}: rows follow each other without padding, right behind the front guard page. */
struct picture_layout {
    enum arena_side side;
    bool bottom_up;
    uint8_t misalign[3]; /* of each plane, for ARENA_FRONT; rounded down to whole words */
    uint8_t padding[3];  /* bytes between the rows of each plane; rounded down to whole words */
};

/* Any layout, from a generator. */
struct picture_layout picture_layout_random(struct rng *rng);

/* Places a frame; a zeroed one is empty, one that holds memory keeps and reuses it. All its bytes hold the pattern. */
/* What addresses and strides of a format are multiples of. */
size_t picture_word(enum pixfer_format format);

void picture_place(struct picture *picture, enum pixfer_format format, uint32_t width, uint32_t height,
                   const struct picture_layout *layout);

/* The bytes of a row, without padding. */
uint8_t *picture_row(const struct picture *picture, unsigned plane, size_t y, size_t *bytes);

/* Sets a pixel of an RGB frame, alpha to the complement of red. */
void picture_set(struct picture *picture, size_t x, size_t y, const uint8_t rgb[3]);

enum picture_content {
    PICTURE_RANDOM,  /* every byte anything */
    PICTURE_EXTREME, /* every byte 0 or 255 */
    PICTURE_SMOOTH,  /* neighbours differ by little, as in photographs */
    PICTURE_CONTENTS
};

void picture_fill(struct picture *picture, enum picture_content content, struct rng *rng);

/* The plane (0..2) in which a byte between or around the rows was written to, -1 if there is none. */
int picture_damage(const struct picture *picture);

/* The first byte, in the rows, in which two frames of the same format and size differ; false if there is none. */
bool picture_difference(const struct picture *a, const struct picture *b, unsigned *plane, size_t *x, size_t *y);

void picture_free(struct picture *picture);

#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_SRC_SIZED_H
#define PIXFER_SRC_SIZED_H

/* Structures that begin with struct_size, between a program and a library of different age. */

#include <stddef.h>
#include <string.h>

/* The size of a structure that ends with `member`, in whole words: what it was in the release whose last member that is. */
#define PIXFER_SIZE_UP_TO(type, member) \
    ((offsetof(type, member) + sizeof(((type *)0)->member) + sizeof(size_t) - 1) & ~(sizeof(size_t) - 1))

/* Reads what both sides know; the rest of `own` stays as it is. A size that cuts a word in two counts as the words before it. */
static inline void pixfer_sized_read(void *own, size_t own_size, const void *given)
{
    size_t size;

    memcpy(&size, given, sizeof(size));
    size &= ~(sizeof(size) - 1);
    memcpy(own, given, size < own_size ? size : own_size);
}

/* Writes what both sides know and how much that is. A struct_size of 0 means `least`, the size of the first release that had one. */
static inline void pixfer_sized_write(void *taken, const void *own, size_t own_size, size_t least)
{
    size_t size;

    memcpy(&size, taken, sizeof(size));
    size = size ? size & ~(sizeof(size) - 1) : least;
    if (size > own_size)
        size = own_size;
    if (size < sizeof(size))
        return;
    memcpy(taken, own, size);
    memcpy(taken, &size, sizeof(size));
}

#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef DOUBLE_LIBC_SYS_MMAN_H
#define DOUBLE_LIBC_SYS_MMAN_H

#include <stddef.h>

int madvise(void *memory, size_t size, int advice);

#endif

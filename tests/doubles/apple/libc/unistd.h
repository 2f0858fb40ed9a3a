/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef DOUBLE_LIBC_UNISTD_H
#define DOUBLE_LIBC_UNISTD_H

#include <stddef.h>

typedef long ssize_t;
enum { _SC_NPROCESSORS_ONLN = 58 };

long sysconf(int name);

#endif

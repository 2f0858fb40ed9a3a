/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef DOUBLE_LIBC_SYS_RESOURCE_H
#define DOUBLE_LIBC_SYS_RESOURCE_H

enum { RUSAGE_SELF = 0 };

struct rusage {
    long ru_maxrss;
};

int getrusage(int who, struct rusage *usage);

#endif

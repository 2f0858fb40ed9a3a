/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef DOUBLE_LIBC_SYS_RESOURCE_H
#define DOUBLE_LIBC_SYS_RESOURCE_H

struct rusage {
    long ru_maxrss, ru_nvcsw, ru_nivcsw;
};
enum { RUSAGE_SELF = 0 };

int getrusage(int who, struct rusage *usage);

#endif

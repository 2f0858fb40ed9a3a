/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef DOUBLE_LIBC_ERRNO_H
#define DOUBLE_LIBC_ERRNO_H

extern int *double_errno(void);
#define errno (*double_errno())
enum { ENOENT = 2, EINTR = 4, EIO = 5, ENOMEM = 12, EINVAL = 22, EPIPE = 32, ERANGE = 34, EAGAIN = 35, ENOSPC = 28 };

#endif

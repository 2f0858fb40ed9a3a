/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef DOUBLE_LIBC_ASSERT_H
#define DOUBLE_LIBC_ASSERT_H

#define assert(condition) ((void)0)
#define static_assert _Static_assert

#endif

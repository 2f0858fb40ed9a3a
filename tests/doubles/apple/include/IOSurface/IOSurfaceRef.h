/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef DOUBLE_IOSURFACEREF_H
#define DOUBLE_IOSURFACEREF_H

#include <CoreFoundation/CoreFoundation.h>

typedef struct __IOSurface *IOSurfaceRef;

#endif

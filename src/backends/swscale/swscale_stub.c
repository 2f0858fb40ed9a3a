/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "../stub.h"

#if !PIXFER_WITH_SWSCALE
PIXFER_BACKEND_STUB(swscale, PIXFER_BACKEND_SWSCALE, "this build has no libswscale (PIXFER_SWSCALE is off)")
#endif

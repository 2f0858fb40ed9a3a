/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "../stub.h"

#if !PIXFER_WITH_VIDEOTOOLBOX
PIXFER_BACKEND_STUB(videotoolbox, PIXFER_BACKEND_VIDEOTOOLBOX,
                    "VideoToolbox is Apple's; this build is for another platform or has PIXFER_VIDEOTOOLBOX off")
#endif

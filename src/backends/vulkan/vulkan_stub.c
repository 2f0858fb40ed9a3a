/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "../stub.h"

#if !PIXFER_WITH_VULKAN
PIXFER_BACKEND_STUB(vulkan, PIXFER_BACKEND_VULKAN, "this build has no Vulkan (PIXFER_VULKAN is off)")
#endif

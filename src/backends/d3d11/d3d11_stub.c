/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "../stub.h"

#if !PIXFER_WITH_D3D11
PIXFER_BACKEND_STUB(d3d11, PIXFER_BACKEND_D3D11, "the Direct3D 11 backend is not written yet")
#endif

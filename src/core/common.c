/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include <pixfer/version.h>

#define STRING_OF(x) #x
#define STRING(x) STRING_OF(x)

const char *pixfer_version(void)
{
    return STRING(PIXFER_VERSION_MAJOR) "." STRING(PIXFER_VERSION_MINOR) "." STRING(PIXFER_VERSION_PATCH);
}

const char *pixfer_strerror(enum pixfer_result r)
{
    switch (r) {
    case PIXFER_OK:
        return "success";
    case PIXFER_ERR_INVALID:
        return "invalid argument";
    case PIXFER_ERR_UNSUPPORTED:
        return "not supported";
    case PIXFER_ERR_NO_MEMORY:
        return "out of memory";
    case PIXFER_ERR_UNAVAILABLE:
        return "not available on this machine";
    case PIXFER_ERR_DEVICE:
        return "the device failed";
    case PIXFER_ERR_IO:
        return "input or output failed";
    case PIXFER_ERR_CANCELLED:
        return "cancelled";
    case PIXFER_ERR_AGAIN:
        return "not possible now without waiting";
    }
    return "unknown result";
}

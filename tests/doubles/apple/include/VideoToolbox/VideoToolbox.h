/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef DOUBLE_VIDEOTOOLBOX_H
#define DOUBLE_VIDEOTOOLBOX_H

#include <CoreFoundation/CoreFoundation.h>
#include <CoreVideo/CoreVideo.h>

typedef CFTypeRef VTSessionRef;
typedef struct OpaqueVTPixelTransferSession *VTPixelTransferSessionRef;

enum {
    kVTParameterErr = -12902,
    kVTInvalidSessionErr = -12903,
    kVTAllocationFailedErr = -12904,
    kVTPixelTransferNotSupportedErr = -12905
};

extern const CFStringRef kVTPixelTransferPropertyKey_DownsamplingMode, kVTDownsamplingMode_Decimate, kVTDownsamplingMode_Average,
    kVTPixelTransferPropertyKey_DestinationYCbCrMatrix, kVTPixelTransferPropertyKey_DestinationColorPrimaries,
    kVTPixelTransferPropertyKey_DestinationTransferFunction, kVTPixelTransferPropertyKey_RealTime;

OSStatus VTSessionCopyProperty(VTSessionRef session, CFStringRef key, CFAllocatorRef allocator, void *value);
OSStatus VTSessionSetProperty(VTSessionRef session, CFStringRef key, CFTypeRef value);
OSStatus VTPixelTransferSessionCreate(CFAllocatorRef allocator, VTPixelTransferSessionRef *out);
void VTPixelTransferSessionInvalidate(VTPixelTransferSessionRef session);
OSStatus VTPixelTransferSessionTransferImage(VTPixelTransferSessionRef session, CVPixelBufferRef source,
                                             CVPixelBufferRef destination);

#endif

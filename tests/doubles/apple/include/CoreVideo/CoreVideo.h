/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef DOUBLE_COREVIDEO_H
#define DOUBLE_COREVIDEO_H

#include <CoreFoundation/CoreFoundation.h>
#include <IOSurface/IOSurfaceRef.h>

typedef int32_t CVReturn;
enum {
    kCVReturnSuccess = 0,
    kCVReturnError = -6660,
    kCVReturnInvalidArgument = -6661,
    kCVReturnAllocationFailed = -6662,
    kCVReturnInvalidPixelFormat = -6680,
    kCVReturnInvalidSize = -6681,
    kCVReturnWouldExceedAllocationThreshold = -6689
};

typedef uint64_t CVOptionFlags;
typedef CVOptionFlags CVPixelBufferLockFlags;
enum { kCVPixelBufferLock_ReadOnly = 1 };

/* Four characters, most significant first. */
enum {
    kCVPixelFormatType_32ARGB = 0x00000020,
    kCVPixelFormatType_32BGRA = 0x42475241,
    kCVPixelFormatType_32ABGR = 0x41424752,
    kCVPixelFormatType_32RGBA = 0x52474241,
    kCVPixelFormatType_422YpCbCr8 = 0x32767579,
    kCVPixelFormatType_422YpCbCr8_yuvs = 0x79757673,
    kCVPixelFormatType_420YpCbCr8BiPlanarVideoRange = 0x34323076,
    kCVPixelFormatType_420YpCbCr8BiPlanarFullRange = 0x34323066,
    kCVPixelFormatType_420YpCbCr10BiPlanarVideoRange = 0x78343230,
    kCVPixelFormatType_420YpCbCr10BiPlanarFullRange = 0x78663230
};

typedef struct __CVBuffer *CVBufferRef;
typedef CVBufferRef CVImageBufferRef;
typedef CVImageBufferRef CVPixelBufferRef;
typedef struct __CVPixelBufferPool *CVPixelBufferPoolRef;

typedef uint32_t CVAttachmentMode;
enum { kCVAttachmentMode_ShouldNotPropagate = 0, kCVAttachmentMode_ShouldPropagate = 1 };

extern const CFStringRef kCVPixelBufferPixelFormatTypeKey, kCVPixelBufferWidthKey, kCVPixelBufferHeightKey,
    kCVPixelBufferIOSurfacePropertiesKey, kCVPixelBufferPoolMinimumBufferCountKey, kCVPixelBufferPoolAllocationThresholdKey;
extern const CFStringRef kCVImageBufferYCbCrMatrixKey, kCVImageBufferYCbCrMatrix_ITU_R_709_2,
    kCVImageBufferYCbCrMatrix_ITU_R_601_4, kCVImageBufferYCbCrMatrix_SMPTE_240M_1995, kCVImageBufferYCbCrMatrix_ITU_R_2020;
extern const CFStringRef kCVImageBufferColorPrimariesKey, kCVImageBufferColorPrimaries_ITU_R_709_2,
    kCVImageBufferColorPrimaries_SMPTE_C, kCVImageBufferColorPrimaries_ITU_R_2020, kCVImageBufferColorPrimaries_P3_D65;
extern const CFStringRef kCVImageBufferCGColorSpaceKey, kCVImageBufferICCProfileKey;
extern const CFStringRef kCVImageBufferTransferFunctionKey, kCVImageBufferTransferFunction_ITU_R_709_2,
    kCVImageBufferTransferFunction_SMPTE_240M_1995, kCVImageBufferTransferFunction_ITU_R_2020;
extern const CFStringRef kCVImageBufferChromaLocationTopFieldKey, kCVImageBufferChromaLocation_Left,
    kCVImageBufferChromaLocation_Center, kCVImageBufferChromaLocation_TopLeft;

typedef void (*CVPixelBufferReleaseBytesCallback)(void *refcon, const void *base);

CVReturn CVPixelBufferCreate(CFAllocatorRef allocator, size_t width, size_t height, OSType format, CFDictionaryRef attributes,
                             CVPixelBufferRef *out);
CVReturn CVPixelBufferCreateWithBytes(CFAllocatorRef allocator, size_t width, size_t height, OSType format, void *base,
                                      size_t bytes_per_row, CVPixelBufferReleaseBytesCallback release, void *refcon,
                                      CFDictionaryRef attributes, CVPixelBufferRef *out);
CVReturn CVPixelBufferCreateWithIOSurface(CFAllocatorRef allocator, IOSurfaceRef surface, CFDictionaryRef attributes,
                                          CVPixelBufferRef *out);
CVPixelBufferRef CVPixelBufferRetain(CVPixelBufferRef buffer);
void CVPixelBufferRelease(CVPixelBufferRef buffer);

CVReturn CVPixelBufferLockBaseAddress(CVPixelBufferRef buffer, CVPixelBufferLockFlags flags);
CVReturn CVPixelBufferUnlockBaseAddress(CVPixelBufferRef buffer, CVPixelBufferLockFlags flags);
size_t CVPixelBufferGetWidth(CVPixelBufferRef buffer);
size_t CVPixelBufferGetHeight(CVPixelBufferRef buffer);
OSType CVPixelBufferGetPixelFormatType(CVPixelBufferRef buffer);
void *CVPixelBufferGetBaseAddress(CVPixelBufferRef buffer);
size_t CVPixelBufferGetBytesPerRow(CVPixelBufferRef buffer);
size_t CVPixelBufferGetPlaneCount(CVPixelBufferRef buffer);
size_t CVPixelBufferGetWidthOfPlane(CVPixelBufferRef buffer, size_t plane);
size_t CVPixelBufferGetHeightOfPlane(CVPixelBufferRef buffer, size_t plane);
void *CVPixelBufferGetBaseAddressOfPlane(CVPixelBufferRef buffer, size_t plane);
size_t CVPixelBufferGetBytesPerRowOfPlane(CVPixelBufferRef buffer, size_t plane);
IOSurfaceRef CVPixelBufferGetIOSurface(CVPixelBufferRef buffer);

void CVBufferSetAttachment(CVBufferRef buffer, CFStringRef key, CFTypeRef value, CVAttachmentMode mode);
void CVBufferRemoveAttachment(CVBufferRef buffer, CFStringRef key);
CFTypeRef CVBufferGetAttachment(CVBufferRef buffer, CFStringRef key, CVAttachmentMode *mode);
CFTypeRef CVBufferCopyAttachment(CVBufferRef buffer, CFStringRef key, CVAttachmentMode *mode);

CVReturn CVPixelBufferPoolCreate(CFAllocatorRef allocator, CFDictionaryRef pool_attributes, CFDictionaryRef buffer_attributes,
                                 CVPixelBufferPoolRef *out);
void CVPixelBufferPoolRelease(CVPixelBufferPoolRef pool);
CVReturn CVPixelBufferPoolCreatePixelBufferWithAuxAttributes(CFAllocatorRef allocator, CVPixelBufferPoolRef pool,
                                                             CFDictionaryRef auxiliary, CVPixelBufferRef *out);
CVReturn CVPixelBufferPoolCreatePixelBuffer(CFAllocatorRef allocator, CVPixelBufferPoolRef pool, CVPixelBufferRef *out);

#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef DOUBLE_COREFOUNDATION_H
#define DOUBLE_COREFOUNDATION_H

/* The little of CoreFoundation that pixfer uses, declared from its documentation so that the VideoToolbox backend can be
 * compiled and tested where there is no Mac. Types have the documented widths on 64-bit systems. Not for installation. */

#include <stddef.h>
#include <stdint.h>

typedef unsigned char Boolean;
typedef int32_t SInt32;
typedef uint32_t UInt32;
typedef SInt32 OSStatus;
typedef UInt32 OSType;
typedef long CFIndex;
enum { noErr = 0 };

typedef const void *CFTypeRef;
typedef const struct __CFAllocator *CFAllocatorRef;
typedef const struct __CFString *CFStringRef;
typedef const struct __CFBoolean *CFBooleanRef;
typedef const struct __CFNumber *CFNumberRef;
typedef const struct __CFDictionary *CFDictionaryRef;

typedef CFIndex CFNumberType;
enum { kCFNumberSInt32Type = 3 };

/* Opaque here: only their addresses are ever used. */
typedef struct {
    CFIndex version;
} CFDictionaryKeyCallBacks;
typedef struct {
    CFIndex version;
} CFDictionaryValueCallBacks;

extern const CFAllocatorRef kCFAllocatorDefault;
extern const CFBooleanRef kCFBooleanTrue, kCFBooleanFalse;
extern const CFDictionaryKeyCallBacks kCFTypeDictionaryKeyCallBacks;
extern const CFDictionaryValueCallBacks kCFTypeDictionaryValueCallBacks;

CFTypeRef CFRetain(CFTypeRef cf);
void CFRelease(CFTypeRef cf);
enum { kCFStringEncodingUTF8 = 0x08000100 };
Boolean CFStringGetCString(CFStringRef string, char *buffer, CFIndex size, uint32_t encoding);
CFStringRef CFCopyDescription(CFTypeRef cf);
Boolean CFEqual(CFTypeRef a, CFTypeRef b);
CFNumberRef CFNumberCreate(CFAllocatorRef allocator, CFNumberType type, const void *value);
CFDictionaryRef CFDictionaryCreate(CFAllocatorRef allocator, const void **keys, const void **values, CFIndex count,
                                   const CFDictionaryKeyCallBacks *key_callbacks,
                                   const CFDictionaryValueCallBacks *value_callbacks);

#endif

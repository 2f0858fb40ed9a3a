/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

#include <stdio.h>
#include <stdlib.h>

#include "internal.h"

const CFAllocatorRef kCFAllocatorDefault = NULL;
const CFDictionaryKeyCallBacks kCFTypeDictionaryKeyCallBacks = {0};
const CFDictionaryValueCallBacks kCFTypeDictionaryValueCallBacks = {0};

struct __CFBoolean {
    struct object object;
};
static struct __CFBoolean boolean_true = {{.refs = -1}}, boolean_false = {{.refs = -1}};
const CFBooleanRef kCFBooleanTrue = &boolean_true, kCFBooleanFalse = &boolean_false;

struct __CFNumber {
    struct object object;
    int32_t value;
};

struct __CFDictionary {
    struct object object;
    CFIndex count;
    CFTypeRef *key, *value;
};

void *object_new(size_t size, void (*destroy)(void *object))
{
    struct object *object = calloc(1, size);
    if (!object)
        abort();
    object->refs = 1;
    object->destroy = destroy;
    count(COUNT_LIVE, 1);
    return object;
}

CFTypeRef CFRetain(CFTypeRef cf)
{
    struct object *object = (struct object *)cf;
    if (!object)
        misuse("CFRetain of NULL");
    else if (object->refs >= 0)
        atomic_fetch_add(&object->refs, 1);
    return cf;
}

void CFRelease(CFTypeRef cf)
{
    struct object *object = (struct object *)cf;
    if (!object) {
        misuse("CFRelease of NULL");
    } else if (object->refs >= 0 && atomic_fetch_sub(&object->refs, 1) == 1) {
        object->destroy(object);
        free(object);
        count(COUNT_LIVE, -1);
    }
}

Boolean CFStringGetCString(CFStringRef string, char *buffer, CFIndex size, uint32_t encoding)
{
    (void)encoding;
    return snprintf(buffer, (size_t)size, "%s", string->name) < size;
}

CFStringRef CFCopyDescription(CFTypeRef cf)
{
    (void)cf;
    return NULL;
}

Boolean CFEqual(CFTypeRef a, CFTypeRef b)
{
    return a == b;
}

static void number_destroy(void *object)
{
    (void)object;
}

CFNumberRef CFNumberCreate(CFAllocatorRef allocator, CFNumberType type, const void *value)
{
    (void)allocator;
    if (type != kCFNumberSInt32Type)
        misuse("CFNumberCreate: only kCFNumberSInt32Type is known here");
    struct __CFNumber *number = object_new(sizeof *number, number_destroy);
    number->value = *(const int32_t *)value;
    return number;
}

static void dictionary_destroy(void *object)
{
    struct __CFDictionary *dictionary = object;
    for (CFIndex i = 0; i < dictionary->count; i++) {
        CFRelease(dictionary->key[i]);
        CFRelease(dictionary->value[i]);
    }
    free(dictionary->key);
    free(dictionary->value);
}

CFDictionaryRef CFDictionaryCreate(CFAllocatorRef allocator, const void **keys, const void **values, CFIndex length,
                                   const CFDictionaryKeyCallBacks *key_callbacks,
                                   const CFDictionaryValueCallBacks *value_callbacks)
{
    (void)allocator;
    if (key_callbacks != &kCFTypeDictionaryKeyCallBacks || value_callbacks != &kCFTypeDictionaryValueCallBacks)
        misuse("CFDictionaryCreate without the callbacks that retain its contents");
    struct __CFDictionary *dictionary = object_new(sizeof *dictionary, dictionary_destroy);
    dictionary->count = length;
    dictionary->key = calloc(length + 1, sizeof *dictionary->key);
    dictionary->value = calloc(length + 1, sizeof *dictionary->value);
    for (CFIndex i = 0; i < length; i++) {
        dictionary->key[i] = CFRetain(keys[i]);
        dictionary->value[i] = CFRetain(values[i]);
    }
    return dictionary;
}

CFTypeRef dictionary_get(CFDictionaryRef dictionary, CFStringRef key)
{
    for (CFIndex i = 0; dictionary && i < dictionary->count; i++) {
        if (dictionary->key[i] == key)
            return dictionary->value[i];
    }
    return NULL;
}

long dictionary_number(CFDictionaryRef dictionary, CFStringRef key)
{
    const struct __CFNumber *number = dictionary_get(dictionary, key);
    return number ? number->value : 0;
}

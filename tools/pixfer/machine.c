/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "machine.h"

#include <stdio.h>
#include <string.h>
#if defined(__APPLE__)
#include <sys/sysctl.h>
#endif
#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif

#include "../../src/platform/platform.h"
#include "../../src/platform/process.h"

#define STRING_OF(x) #x
#define STRING(x) STRING_OF(x)

/* Without the spaces that some processors pad their name with. */
static void trim(char *text)
{
    size_t lead = strspn(text, " "), length;
    memmove(text, text + lead, strlen(text + lead) + 1);
    for (length = strlen(text); length && (text[length - 1] == ' ' || text[length - 1] == '\n'); length--)
        text[length - 1] = 0;
}

#if defined(__x86_64__) || defined(__i386__)
static void read_name(char name[64])
{
    unsigned words[12] = {0};
    for (unsigned i = 0; i < 3; i++)
        if (!__get_cpuid(0x80000002u + i, &words[4 * i], &words[4 * i + 1], &words[4 * i + 2], &words[4 * i + 3]))
            return;
    memcpy(name, words, sizeof(words));
}
#elif defined(__APPLE__)
static void read_name(char name[64])
{
    size_t size = 63;
    sysctlbyname("machdep.cpu.brand_string", name, &size, NULL, 0);
}
#else
static void read_name(char name[64])
{
    FILE *file = fopen("/proc/device-tree/model", "r"); /* Arm's /proc/cpuinfo has no name */
    if (!file)
        return;
    size_t got = fread(name, 1, 63, file);
    name[got] = 0;
    fclose(file);
}
#endif

const char *machine_cpu_name(void)
{
    static char name[64];
    if (!name[0])
        read_name(name);
    trim(name);
    return name[0] ? name : "unknown";
}

unsigned machine_processors(void)
{
    return pixfer_cpu_count();
}

const char *machine_compiler(void)
{
#if defined(__clang__)
    return "clang " STRING(__clang_major__) "." STRING(__clang_minor__) "." STRING(__clang_patchlevel__);
#elif defined(__GNUC__)
    return "gcc " STRING(__GNUC__) "." STRING(__GNUC_MINOR__) "." STRING(__GNUC_PATCHLEVEL__);
#else
    return "unknown";
#endif
}

const char *machine_system(void)
{
    static char text[200];
    pixfer_system_name(text, sizeof(text));
    return text;
}

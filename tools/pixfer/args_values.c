/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* The values of options. A value is taken whole or not at all: "1920x1080x" is no size and "30fps" no rate. */
#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"

enum { SHOWN = 200 }; /* bytes of a value in a message */

bool args_wrong(const struct args *args, const char *expected)
{
    bool shortened = strlen(args->value) > SHOWN;
    usage_error(args, "%s: found '%.*s%s', expected %s", args->name, SHOWN, args->value, shortened ? "..." : "", expected);
    return false;
}

/* Digits only: strtoull would take signs and spaces. *end is the first character that is none. */
bool args_digits(const char *text, uint64_t max, uint64_t *out, const char **end)
{
    uint64_t value = 0;
    if (*text < '0' || *text > '9')
        return false;
    for (; *text >= '0' && *text <= '9'; text++) {
        uint64_t digit = (uint64_t)(*text - '0');
        if (value > (max - digit) / 10)
            return false;
        value = value * 10 + digit;
    }
    *out = value;
    *end = text;
    return true;
}

bool parse_unsigned(const struct args *args, uint64_t min, uint64_t max, uint64_t *out)
{
    const char *end;
    char expected[80];
    if (args_digits(args->value, max, out, &end) && !*end && *out >= min)
        return true;
    if (max == UINT64_MAX)
        snprintf(expected, sizeof(expected), "a whole number from %" PRIu64, min);
    else
        snprintf(expected, sizeof(expected), "a whole number from %" PRIu64 " to %" PRIu64, min, max);
    return args_wrong(args, expected);
}

/* Decimal, without sign, spaces, hexadecimal and the names of what is no number, all of which strtod takes. */
static bool decimal(const char *text, double *out, const char **end)
{
    char *stop;
    if (!isdigit((unsigned char)*text) && *text != '.')
        return false;
    if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X'))
        return false;
    *out = strtod(text, &stop);
    *end = stop;
    return stop != text;
}

bool parse_number(const struct args *args, double min, double max, double *out)
{
    const char *end;
    char expected[80];
    if (decimal(args->value, out, &end) && !*end && *out >= min && *out <= max)
        return true;
    snprintf(expected, sizeof(expected), "a number from %g to %g", min, max);
    return args_wrong(args, expected);
}

static void format_bits(char *text, size_t size, double bits)
{
    if (bits >= 1e9)
        snprintf(text, size, "%gG", bits / 1e9);
    else if (bits >= 1e6)
        snprintf(text, size, "%gM", bits / 1e6);
    else
        snprintf(text, size, "%gk", bits / 1e3);
}

bool parse_bits(const struct args *args, double min, double max, double *out)
{
    const char *end;
    char expected[80], least[16], most[16];
    bool number = decimal(args->value, out, &end);
    if (number) {
        double unit = *end == 'k' || *end == 'K' ? 1e3 : *end == 'M' ? 1e6 : *end == 'G' ? 1e9 : 1;
        *out *= unit;
        if (!end[unit > 1] && *out >= min && *out <= max)
            return true;
    }
    format_bits(least, sizeof(least), min);
    format_bits(most, sizeof(most), max);
    snprintf(expected, sizeof(expected), "bits per second such as 8M or 500k, from %s to %s", least, most);
    return args_wrong(args, expected);
}

bool parse_choice(const struct args *args, const char *const *names, const char *expected, int *out)
{
    for (int i = 0; names[i]; i++) {
        if (!strcmp(names[i], args->value)) {
            *out = i;
            return true;
        }
    }
    return args_wrong(args, expected);
}

bool parse_size(const struct args *args, uint32_t *width, uint32_t *height)
{
    const uint64_t max = 1 << 24;
    uint64_t w, h;
    const char *end;
    if (!args_digits(args->value, max, &w, &end) || (*end != 'x' && *end != 'X') || !args_digits(end + 1, max, &h, &end) ||
        *end || !w || !h)
        return args_wrong(args, "WIDTHxHEIGHT in pixels, such as 1920x1080");
    *width = (uint32_t)w;
    *height = (uint32_t)h;
    return true;
}

static uint32_t common_divisor(uint32_t a, uint32_t b)
{
    return b ? common_divisor(b, a % b) : a;
}

/* 23.976, 29.97, 59.94 and their longer spellings mean the NTSC rates n·1000/1001; other decimals are what they say. */
static bool decimal_rate(const char *text, struct rational *out)
{
    char *end;
    double value = strtod(text, &end);
    if (*text < '0' || *text > '9' || strspn(text, "0123456789.") != strlen(text) || *end || !(value > 0) || value > 100000)
        return false;
    double whole = ceil(value);
    if (whole > value && fabs(value - whole * 1000 / 1001) < 0.005 * whole / 30)
        *out = (struct rational){(uint32_t)whole * 1000, 1001};
    else
        *out = (struct rational){(uint32_t)lround(value * 10000), 10000};
    uint32_t divisor = common_divisor(out->num, out->den);
    out->num /= divisor;
    out->den /= divisor;
    return out->num > 0;
}

bool parse_rate(const struct args *args, struct rational *out)
{
    const uint64_t max = 1000000000;
    uint64_t num, den = 1;
    const char *end;
    if (args_digits(args->value, max, &num, &end) && num &&
        (!*end || (*end == '/' && args_digits(end + 1, max, &den, &end) && !*end && den))) {
        *out = (struct rational){(uint32_t)num, (uint32_t)den};
        return true;
    }
    if (decimal_rate(args->value, out))
        return true;
    return args_wrong(args, "frames per second, such as 60, 29.97 or 30000/1001");
}

bool parse_span(const struct args *args, struct frame_span *out)
{
    const char *at = args->value;
    bool range = strchr(at, ':') != NULL;
    *out = (struct frame_span){0, UINT64_MAX};
    if (range && *at != ':' && !args_digits(at, UINT64_MAX - 1, &out->first, &at))
        goto fail;
    if (range && *at++ != ':')
        goto fail;
    if ((*at || !range) && !args_digits(at, UINT64_MAX - 1, &out->end, &at))
        goto fail;
    if (!*at && out->end > out->first)
        return true;
fail:
    return args_wrong(args, "a number of frames (60) or a range FIRST:END, counted from 0, END left out (10:20, 10:, :20)");
}

/* ---- Names ---------------------------------------------------------------------------------------------------------------- */

/* In capitals or not. */
bool args_same_word(const char *a, const char *b)
{
    while (*a && tolower((unsigned char)*a) == tolower((unsigned char)*b))
        a++, b++;
    return *a == *b;
}

bool parse_backend(const struct args *args, enum pixfer_backend *out)
{
    const char *name;
    for (int i = PIXFER_BACKEND_AUTO; (name = pixfer_backend_name((enum pixfer_backend)i)); i++) {
        if (args_same_word(name, args->value)) {
            *out = (enum pixfer_backend)i;
            return true;
        }
    }
    return args_wrong(args, "auto, cpu, videotoolbox, vulkan, d3d11 or swscale");
}

#define SOURCES                                                                                                        \
    "rgba, bgra, argb, abgr, rgb24, bgr24, gbrp, rgb10a2, bgr10a2, rgba64, rgba16f, gbrp10, gbrp12, gbrp16, gbrpf32, " \
    "yuyv"
#define DESTINATIONS "nv12, nv21, i420, yv12, p010, p012, p016, i010, i444, i410, nv24, i422"

bool parse_format(const struct args *args, enum pixfer_format *out)
{
    *out = pixfer_format_from_name(args->value);
    if (*out != PIXFER_FORMAT_NONE)
        return true;
    return args_wrong(args, SOURCES ", uyvy, " DESTINATIONS " or nv16");
}

bool is_source_format(enum pixfer_format format)
{
    return pixfer_format_is_rgb(format) || pixfer_format_planes(format) == 1;
}

static bool parse_kind(const struct args *args, bool source, const char *expected, enum pixfer_format *out)
{
    *out = pixfer_format_from_name(args->value);
    if (*out != PIXFER_FORMAT_NONE && is_source_format(*out) == source)
        return true;
    return args_wrong(args, expected);
}

bool parse_source_format(const struct args *args, enum pixfer_format *out)
{
    return parse_kind(args, true, SOURCES " or uyvy", out);
}

bool parse_destination_format(const struct args *args, enum pixfer_format *out)
{
    return parse_kind(args, false, DESTINATIONS " or nv16", out);
}

bool parse_threads(const struct args *args, unsigned *out)
{
    uint64_t value;
    if (!parse_unsigned(args, 0, 256, &value))
        return false;
    *out = (unsigned)value;
    return true;
}

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "text.h"

#include <stdarg.h>
#include <stdint.h>
#include <string.h>

enum { LINE = 2048 };

/* Bytes of the UTF-8 character at `s`, 0 if there is none; overlong forms and surrogates are none. */
static size_t character(const unsigned char *s, uint32_t *code)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t length = s[0] < 0x80                   ? 1
                    : s[0] >= 0xc2 && s[0] < 0xe0 ? 2
                    : s[0] >= 0xe0 && s[0] < 0xf0 ? 3
                    : s[0] >= 0xf0 && s[0] < 0xf5 ? 4
                                                  : 0;
    if (!length)
        return 0;
    *code = length == 1 ? s[0] : s[0] & (0x7fu >> length);
    for (size_t i = 1; i < length; i++) {
        if ((s[i] & 0xc0) != 0x80)
            return 0;
        *code = *code << 6 | (s[i] & 0x3f);
    }
    return *code < least[length] || *code > 0x10ffff || (*code >= 0xd800 && *code <= 0xdfff) ? 0 : length;
}

/* C0, C1, and what turns the direction of text round or separates lines. */
static bool harmless(uint32_t code)
{
    return code >= 0x20 && !(code >= 0x7f && code <= 0x9f) && code != 0x200e && code != 0x200f &&
           !(code >= 0x2028 && code <= 0x202e) && !(code >= 0x2066 && code <= 0x2069) && code != 0xfeff;
}

const char *text_escape(char *out, size_t size, const char *text)
{
    size_t used = 0;
    for (const unsigned char *s = (const unsigned char *)text; size && *s;) {
        char piece[24] = "";
        uint32_t code = 0;
        size_t length = character(s, &code), bytes = length ? length : 1;
        if (length && harmless(code))
            memcpy(piece, s, length);
        else
            for (size_t i = 0; i < bytes; i++)
                snprintf(piece + 4 * i, 5, "\\x%02x", s[i]);
        size_t more = strlen(piece);
        if (used + more >= size)
            break;
        memcpy(out + used, piece, more);
        used += more;
        s += bytes;
    }
    if (size)
        out[used] = 0;
    return out;
}

bool text_is_utf8(const char *text)
{
    uint32_t code;
    for (size_t length; *text; text += length)
        if (!(length = character((const unsigned char *)text, &code)))
            return false;
    return true;
}

void text_line(const char *format, ...)
{
    char raw[LINE], line[2 * LINE + 1];
    va_list list;
    va_start(list, format);
    vsnprintf(raw, sizeof(raw), format, list);
    va_end(list);
    text_escape(line, sizeof(line) - 1, raw);
    size_t length = strlen(line);
    line[length] = '\n';
    fwrite(line, 1, length + 1, stderr);
}

void text_json(FILE *out, const char *text)
{
    char line[2 * LINE];
    fputc('"', out);
    for (text_escape(line, sizeof(line), text), text = line; *text; text++) {
        if (*text == '"' || *text == '\\')
            fputc('\\', out);
        fputc(*text, out);
    }
    fputc('"', out);
}

void text_html(FILE *out, const char *text)
{
    for (; *text; text++) {
        const char *entity = *text == '<'    ? "&lt;"
                             : *text == '>'  ? "&gt;"
                             : *text == '&'  ? "&amp;"
                             : *text == '"'  ? "&quot;"
                             : *text == '\'' ? "&#39;"
                                             : NULL;
        if (entity)
            fputs(entity, out);
        else
            fputc(*text, out);
    }
}

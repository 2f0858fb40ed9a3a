/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include <stdio.h>
#include <string.h>

#include "cut.h"

struct walk {
    const struct input_file *file;
    int64_t size;
    char *how;
    size_t how_size;
};

static size_t peek(const struct walk *w, int64_t at, uint8_t *to, size_t bytes)
{
    const struct input_file *f = w->file;
    if (at >= w->size)
        return 0;
    if (!f->regular) {
        const int64_t there = w->size < INPUT_HEAD ? w->size - at : INPUT_HEAD - at;
        const size_t n = there <= 0 ? 0 : (uint64_t)there < bytes ? (size_t)there : bytes;
        if (n)
            memcpy(to, f->head + at, n);
        return n;
    }
    int64_t n = pixfer_file_read(f->fd, f->start + at, to, bytes);
    return n > 0 ? (size_t)n : 0;
}

static uint64_t number(const uint8_t *bytes, unsigned count)
{
    uint64_t value = 0;
    while (count--)
        value = value << 8 | *bytes++;
    return value;
}

/* True if a part that begins at `at` ends behind the file. */
static bool ends_behind(const struct walk *w, const char *what, int64_t at, uint64_t bytes)
{
    if (bytes <= (uint64_t)(w->size - at))
        return false;
    snprintf(w->how, w->how_size, "it is cut off: %s at byte %lld has %llu bytes, the file ends after %lld", what, (long long)at,
             (unsigned long long)bytes, (long long)(w->size - at));
    return true;
}

static bool mov_is_cut(const struct walk *w)
{
    uint8_t head[16];
    char what[16];
    for (int64_t at = 0; peek(w, at, head, 16) >= 8;) {
        uint64_t bytes = number(head, 4);
        if (bytes == 1 && peek(w, at, head, 16) == 16)
            bytes = number(head + 8, 8);
        if (bytes < 8) /* 0: to the end of the file */
            return false;
        snprintf(what, sizeof(what), "its %.4s box", head + 4);
        if (ends_behind(w, what, at, bytes))
            return true;
        at += (int64_t)bytes;
    }
    return false;
}

/* An element's id and size, UINT64_MAX = not known; the bytes of both, 0 = none is here. */
static unsigned element(const struct walk *w, int64_t at, uint32_t *id, uint64_t *bytes)
{
    uint8_t head[12] = {0};
    size_t there = peek(w, at, head, sizeof(head));
    unsigned id_bytes = 1, size_bytes = 1;
    while (id_bytes <= 4 && !(head[0] & 0x100 >> id_bytes))
        id_bytes++;
    if (id_bytes > 4)
        return 0;
    while (size_bytes <= 8 && !(head[id_bytes] & 0x100 >> size_bytes))
        size_bytes++;
    if (size_bytes > 8 || there < id_bytes + size_bytes)
        return 0;
    uint64_t mask = ((uint64_t)1 << 7 * size_bytes) - 1;
    *id = (uint32_t)number(head, id_bytes);
    *bytes = number(head + id_bytes, size_bytes) & mask;
    if (*bytes == mask)
        *bytes = UINT64_MAX;
    return id_bytes + size_bytes;
}

static bool matroska_is_cut(const struct walk *w)
{
    static const uint32_t segment = 0x18538067;
    uint32_t id;
    uint64_t bytes;
    unsigned head;
    for (int64_t at = 0; at < w->size && (head = element(w, at, &id, &bytes)); at += (int64_t)(head + bytes)) {
        if (bytes == UINT64_MAX && id != segment)
            return false; /* a live recording */
        if (bytes != UINT64_MAX && ends_behind(w, id == segment ? "its segment" : "an element", at, head + bytes))
            return true;
        if (bytes == UINT64_MAX)
            bytes = 0; /* into the segment */
    }
    return false;
}

static bool avi_is_cut(const struct walk *w)
{
    uint8_t head[8];
    for (int64_t at = 0; peek(w, at, head, 8) == 8 && !memcmp(head, "RIFF", 4);) {
        uint64_t bytes = (uint64_t)head[4] | (uint64_t)head[5] << 8 | (uint64_t)head[6] << 16 | (uint64_t)head[7] << 24;
        if (!bytes || bytes == UINT32_MAX) /* never filled in */
            return false;
        if (ends_behind(w, "its RIFF chunk", at, bytes + 8))
            return true;
        at += (int64_t)(bytes + 8 + (bytes & 1));
    }
    return false;
}

static bool flv_is_cut(const struct walk *w)
{
    uint8_t head[11];
    if (peek(w, 0, head, 9) != 9)
        return false;
    for (int64_t at = (int64_t)number(head + 5, 4) + 4; at < w->size;) {
        size_t there = peek(w, at, head, 11);
        uint64_t bytes = there == 11 ? number(head + 1, 3) + 11 : 11;
        if (there == 11 && (head[0] & 0x1f) != 8 && (head[0] & 0x1f) != 9 && (head[0] & 0x1f) != 18)
            return false;
        if (ends_behind(w, "a tag", at, bytes))
            return true;
        at += (int64_t)bytes + 4;
    }
    return false;
}

static bool gif_is_cut(const struct walk *w)
{
    uint8_t last = 0;
    for (int64_t at = w->size; at-- > 0 && w->size - at < 64 && peek(w, at, &last, 1) && !last;)
        ;
    if (last == ';')
        return false;
    snprintf(w->how, w->how_size, "it is cut off: its end mark is missing");
    return true;
}

static bool mpegts_is_cut(const struct walk *w)
{
    enum { PACKET = 188, SYNC = 0x47 };
    uint8_t first, second;
    int64_t rest = w->size % PACKET;
    if (!rest || !peek(w, 0, &first, 1) || !peek(w, PACKET, &second, 1) || first != SYNC || second != SYNC ||
        !peek(w, w->size - rest, &first, 1) || first != SYNC)
        return false;
    return ends_behind(w, "a packet", w->size - rest, PACKET);
}

/* Bytes up to and with the end of a line, 0 = there is none. */
static unsigned line(const struct walk *w, int64_t at)
{
    uint8_t text[256];
    size_t there = peek(w, at, text, sizeof(text));
    const uint8_t *end = memchr(text, '\n', there);
    return end ? (unsigned)(end - text) + 1 : 0;
}

static bool yuv4mpeg_is_cut(const struct walk *w, size_t frame_bytes)
{
    unsigned head = line(w, 0);
    for (int64_t at = head; head && frame_bytes && at < w->size; at += head + (int64_t)frame_bytes) {
        head = line(w, at);
        if (ends_behind(w, "a frame", at, (head ? head : 6) + frame_bytes))
            return true;
    }
    return false;
}

bool pixfer_file_is_cut(const struct input_file *file, const char *format, size_t frame_bytes, char *how, size_t size)
{
    struct walk w = {file, file->regular ? pixfer_file_size(file->fd) - file->start : file->read, how, size};
    if (!file->regular) /* others say it farther on */
        return !strncmp(format, "matroska", 8) && matroska_is_cut(&w);
    return !strncmp(format, "mov,", 4)       ? mov_is_cut(&w)
           : !strncmp(format, "matroska", 8) ? matroska_is_cut(&w)
           : !strcmp(format, "avi")          ? avi_is_cut(&w)
           : !strcmp(format, "flv")          ? flv_is_cut(&w)
           : !strcmp(format, "gif")          ? gif_is_cut(&w)
           : !strcmp(format, "mpegts")       ? mpegts_is_cut(&w)
           : !strcmp(format, "yuv4mpegpipe") ? yuv4mpeg_is_cut(&w, frame_bytes)
                                             : false;
}
#endif

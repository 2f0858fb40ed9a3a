/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include "identity.h"

#include <errno.h>
#include <inttypes.h>
#include <libavutil/common.h>
#include <libavutil/intreadwrite.h>
#include <libavutil/mem.h>
#include <libavutil/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../platform/files.h"
#include "../source/sequence.h"

enum { PIECE = 1 << 20 };

static int hash_piece(struct AVSHA *sha, int fd, int64_t at, int64_t size)
{
    uint8_t *bytes = malloc(PIECE);
    int error = bytes ? 0 : ENOMEM;
    while (!error && size > 0) {
        int64_t n = pixfer_file_read(fd, at, bytes, size < PIECE ? (size_t)size : PIECE);
        if (n <= 0)
            error = n < 0 ? (int)-n : EIO;
        else
            av_sha_update(sha, bytes, (size_t)n);
        at += n;
        size -= n;
    }
    free(bytes);
    return error;
}

/* Adds a file: with its first and last megabyte, or with the second it was changed in. 0 or an errno. */
static int add_file(struct identity *id, struct AVSHA *sha, const char *name, bool bytes)
{
    struct file_state state;
    uint8_t about[16];
    int fd = -1, error = pixfer_file_open_to_read(name, false, &fd);
    if (!error)
        error = pixfer_file_state_of(fd, &state);
    if (!error && state.kind != FILE_REGULAR)
        error = state.kind == FILE_FOLDER ? EISDIR : ESPIPE;
    if (!error) {
        id->files++;
        id->bytes += (uint64_t)state.size;
        id->changed = FFMAX(id->changed, state.changed);
        AV_WB64(about, (uint64_t)state.size);
        AV_WB64(about + 8, bytes ? 0 : (uint64_t)(state.changed / 1000000000));
        av_sha_update(sha, about, sizeof(about));
    }
    if (!error && bytes)
        error = hash_piece(sha, fd, 0, FFMIN(state.size, PIECE));
    if (!error && bytes && state.size > PIECE) {
        const int64_t tail = FFMIN(state.size - PIECE, PIECE);
        error = hash_piece(sha, fd, state.size - tail, tail);
    }
    pixfer_file_close(fd);
    return error;
}

static int add_sequence(struct identity *id, struct AVSHA *sha, const char *name)
{
    const uint64_t count = pixfer_sequence_count(name);
    char file[3072];
    int error = count ? 0 : ENOENT;
    for (uint64_t i = 0; !error && i < count; i++)
        error = pixfer_sequence_file(name, i, file, sizeof(file)) ? add_file(id, sha, file, !i || i + 1 == count) : ENAMETOOLONG;
    return error;
}

static int look(struct identity *id, struct AVSHA *sha, const char *name)
{
    int first;
    if (pixfer_sequence_first(name, &first))
        return add_sequence(id, sha, name);
    if (!strncmp(name, "file:", 5) && !pixfer_file_exists(name))
        name += 5;
    return add_file(id, sha, name, true);
}

bool pixfer_identity_of(const char *name, struct identity *id, char *why, size_t size)
{
    struct AVSHA *sha = av_sha_alloc();
    *id = (struct identity){.changed = INT64_MIN};
    int error = sha && av_sha_init(sha, 256) >= 0 ? look(id, sha, name) : ENOMEM;
    if (!error)
        av_sha_final(sha, id->hash);
    av_free(sha);
    id->known = !error;
    if (error)
        snprintf(why, size, "%s",
                 error == ESPIPE ? "it is no regular file, and only that can be read from anywhere, again and again"
                                 : pixfer_error_text(error));
    return !error;
}

/* Some file systems keep whole seconds only; a copy there still is the same file. */
static bool same_time(int64_t a, int64_t b)
{
    const int64_t second = 1000000000;
    return a == b || ((a % second == 0 || b % second == 0) && a / second == b / second);
}

bool pixfer_identity_same(const struct identity *found, const struct identity *planned, char *how, size_t size)
{
    *how = 0;
    if (found->files != planned->files)
        snprintf(how, size, "it has %" PRIu64 " files, expected %" PRIu64 " as planned", found->files, planned->files);
    else if (found->bytes != planned->bytes)
        snprintf(how, size, "it has %" PRIu64 " bytes, expected %" PRIu64 " as planned", found->bytes, planned->bytes);
    else if (memcmp(found->hash, planned->hash, sizeof(found->hash)) != 0)
        snprintf(how, size, "its bytes are others than those that were planned");
    else if (!same_time(found->changed, planned->changed))
        snprintf(how, size,
                 "it was changed at %.3f, expected %.3f as planned (seconds since 1970); a copy has to keep its time (cp -p)",
                 (double)found->changed * 1e-9, (double)planned->changed * 1e-9);
    return !*how;
}
#endif

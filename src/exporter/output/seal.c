/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include "seal.h"

#include <errno.h>
#include <libavutil/error.h>
#include <libavutil/intreadwrite.h>
#include <libavutil/mem.h>
#include <libavutil/sha.h>
#include <stdlib.h>
#include <string.h>

#include "part_file.h"

enum { PIECE = 256 * 1024, AT_ID = 24, AT_INDEX = AT_ID + SEAL_ID, AT_VERSION = AT_INDEX + 4, AT_HASH = AT_VERSION + 4 };

/* The name of the box, drawn once at random. */
static const uint8_t name[16] = {0x6b, 0x1f, 0x0e, 0xc5, 0x2d, 0x90, 0x4a, 0x7e, 0x9b, 0x3a, 0x58, 0xd1, 0x07, 0xf4, 0xe2, 0x6c};

static int hash_bytes(int fd, int64_t end, uint8_t hash[32])
{
    struct AVSHA *sha = av_sha_alloc();
    uint8_t *piece = malloc(PIECE);
    int error = sha && piece && av_sha_init(sha, 256) >= 0 ? 0 : ENOMEM;
    for (int64_t at = 0; !error && at < end;) {
        int64_t n = pixfer_file_read(fd, at, piece, (size_t)(end - at < PIECE ? end - at : PIECE));
        if (n <= 0)
            error = n < 0 ? (int)-n : EIO;
        else
            av_sha_update(sha, piece, (size_t)n);
        at += n;
    }
    if (!error)
        av_sha_final(sha, hash);
    free(piece);
    av_free(sha);
    return error;
}

int pixfer_seal_put(const struct seal *seal, struct output *out)
{
    uint8_t box[SEAL_BYTES] = {0};
    AV_WB32(box, SEAL_BYTES);
    memcpy(box + 4, "uuid", 4);
    memcpy(box + 8, name, sizeof(name));
    memcpy(box + AT_ID, seal->id, SEAL_ID);
    AV_WB32(box + AT_INDEX, seal->index);
    AV_WB32(box + AT_VERSION, 1);
    int error = hash_bytes(out->fd, out->bytes, box + AT_HASH);
    if (!error)
        error = pixfer_file_write(out->fd, out->bytes, box, sizeof(box));
    if (!error)
        error = pixfer_file_sync(out->fd);
    out->bytes += error ? 0 : SEAL_BYTES;
    return AVERROR(error);
}

enum seal_state pixfer_seal_check(const struct seal *seal, int fd, bool bytes)
{
    uint8_t box[SEAL_BYTES], hash[32];
    const int64_t end = pixfer_file_size(fd) - SEAL_BYTES;
    if (end <= 0)
        return SEAL_NONE;
    int64_t n = pixfer_file_read(fd, end, box, sizeof(box));
    if (n < 0) {
        errno = (int)-n;
        return SEAL_ERROR;
    }
    if (n != SEAL_BYTES || AV_RB32(box) != SEAL_BYTES || memcmp(box + 4, "uuid", 4) != 0 || memcmp(box + 8, name, 16) != 0 ||
        AV_RB32(box + AT_VERSION) != 1)
        return SEAL_NONE;
    if (memcmp(box + AT_ID, seal->id, SEAL_ID) != 0 || AV_RB32(box + AT_INDEX) != seal->index)
        return SEAL_FOREIGN;
    int error = bytes ? hash_bytes(fd, end, hash) : 0;
    if (error) {
        errno = error;
        return SEAL_ERROR;
    }
    return !bytes || !memcmp(hash, box + AT_HASH, sizeof(hash)) ? SEAL_GOOD : SEAL_BROKEN;
}
#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* write_mka FILE UNIT-IN-NS TIME...: a Matroska file with 10 ms of PCM, 48 kHz, mono, at each of these times. No muxer would write most of
 * them. */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SAMPLES = 480 };

struct bytes {
    uint8_t data[8192];
    size_t count;
};

static void put(struct bytes *b, const void *data, size_t count)
{
    memcpy(b->data + b->count, data, count);
    b->count += count;
}

static void put_id(struct bytes *b, uint32_t id)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        if (id >> shift)
            put(b, &(uint8_t){(uint8_t)(id >> shift)}, 1);
}

static void put_number(struct bytes *b, uint64_t value, uint8_t mark)
{
    uint8_t data[8];
    for (int i = 0; i < 8; i++)
        data[i] = (uint8_t)(value >> (56 - 8 * i));
    data[0] |= mark;
    put(b, data, 8);
}

static void put_element(struct bytes *b, uint32_t id, const void *data, size_t count)
{
    put_id(b, id);
    put_number(b, count, 1); /* a length of 8 bytes */
    put(b, data, count);
}

static void put_value(struct bytes *b, uint32_t id, uint64_t value)
{
    put_id(b, id);
    put_number(b, 8, 1);
    put_number(b, value, 0);
}

static void put_inner(struct bytes *b, uint32_t id, const struct bytes *inner)
{
    put_element(b, id, inner->data, inner->count);
}

static void put_track(struct bytes *b)
{
    struct bytes audio = {.count = 0}, track = {.count = 0}, tracks = {.count = 0};
    const double rate = 48000;
    uint64_t bits;
    memcpy(&bits, &rate, 8);
    put_value(&audio, 0xb5, bits);
    put_value(&audio, 0x9f, 1);
    put_value(&audio, 0x6264, 16);
    put_value(&track, 0xd7, 1);
    put_value(&track, 0x73c5, 1);
    put_value(&track, 0x83, 2);
    put_element(&track, 0x86, "A_PCM/INT/LIT", 13);
    put_inner(&track, 0xe1, &audio);
    put_inner(&tracks, 0xae, &track);
    put_inner(b, 0x1654ae6b, &tracks);
}

static void put_cluster(struct bytes *b, uint64_t time)
{
    struct bytes cluster = {.count = 0};
    uint8_t block[4 + 2 * SAMPLES] = {0x81, 0, 0, 0x80};
    for (int i = 0; i < SAMPLES; i++)
        block[5 + 2 * i] = 0x20;
    put_value(&cluster, 0xe7, time);
    put_element(&cluster, 0xa3, block, sizeof(block));
    put_inner(b, 0x1f43b675, &cluster);
}

int main(int argc, char **argv)
{
    static struct bytes piece;
    FILE *file = argc > 2 ? fopen(argv[1], "wb") : NULL;
    if (!file)
        return EXIT_FAILURE;
    struct bytes head = {.count = 0}, info = {.count = 0};
    put_element(&head, 0x4282, "matroska", 8);
    put_inner(&piece, 0x1a45dfa3, &head);
    put_id(&piece, 0x18538067);
    put(&piece, "\x01\xff\xff\xff\xff\xff\xff\xff", 8); /* a segment of unknown length */
    put_value(&info, 0x2ad7b1, strtoull(argv[2], NULL, 0));
    put_inner(&piece, 0x1549a966, &info);
    put_track(&piece);
    for (int i = 3; i <= argc; i++) {
        if (fwrite(piece.data, 1, piece.count, file) != piece.count)
            return EXIT_FAILURE;
        piece.count = 0;
        if (i < argc)
            put_cluster(&piece, strtoull(argv[i], NULL, 0));
    }
    return fclose(file) ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include <pixfer/exporter.h>
#include <stdlib.h>
#include <string.h>

#include "../../../src/exporter/inspect.h"
#include "../../../src/platform/files.h"
#include "selftest.h"

/* Every encoder gets 300 frames, each with its number in every row: read back, a row that has another number than its neighbours is a
 * torn frame, another number than expected a lost, doubled or overwritten one. Then the tags. */

enum { WIDTH = 640, HEIGHT = 360, FRAMES = 300, FEW_FRAMES = 60, BITS = 16, BAR = WIDTH / BITS };

/* HEVC and AV1 in software take up to 30 ms for such a frame, and reorder no less in the first 60. */
static int frames_for(const char *encoder)
{
    return !strcmp(encoder, "libx265") || !strcmp(encoder, "libaom-av1") ? FEW_FRAMES : FRAMES;
}

struct watch {
    uint64_t torn, out_of_order;
    uint64_t first_torn, first_row;
};

static void draw_number(uint8_t *bgra, uint32_t number)
{
    for (uint32_t x = 0; x < WIDTH; x++) {
        uint8_t level = number >> (x / BAR) & 1 ? 235 : 20;
        uint8_t *pixel = bgra + 4 * (size_t)x;
        pixel[0] = pixel[1] = pixel[2] = level;
        pixel[3] = 255;
    }
    for (uint32_t y = 1; y < HEIGHT; y++)
        memcpy(bgra + (size_t)y * WIDTH * 4, bgra, WIDTH * 4);
}

static uint32_t number_in(const uint8_t *row, uint32_t width)
{
    uint32_t number = 0, bar = width / BITS;
    for (uint32_t bit = 0; bit < BITS; bit++) {
        unsigned sum = 0;
        for (uint32_t x = bar / 4; x < bar * 3 / 4; x++)
            sum += row[bit * bar + x];
        number |= (uint32_t)(sum > 128 * (bar * 3 / 4 - bar / 4)) << bit;
    }
    return number;
}

/* Neighbouring numbers differ in few bars, which a codec may predict wrongly from the frame before: they are spread over all bars. */
static uint32_t code_of(uint64_t index)
{
    return (uint32_t)(index + 1) * 40503u & 0xFFFF;
}

static bool look(void *opaque, uint64_t index, const uint8_t *luma, ptrdiff_t stride, uint32_t width, uint32_t height)
{
    struct watch *w = opaque;
    uint32_t first = number_in(luma, width);
    w->out_of_order += first != code_of(index);
    for (uint32_t y = 1; y < height; y++)
        if (number_in(luma + (ptrdiff_t)y * stride, width) != first) {
            if (!w->torn++) {
                w->first_torn = index;
                w->first_row = y;
            }
            break;
        }
    return true;
}

static void keep_error(void *opaque, int level, const char *message)
{
    if (level == PIXFER_LOG_ERROR)
        snprintf(opaque, 400, "%s", message);
}

static enum pixfer_result encode(const char *path, const char *encoder, enum pixfer_backend converter, char error[400],
                                 struct pixfer_exporter_stats *stats)
{
    struct pixfer_exporter *e = NULL;
    uint8_t *bgra = malloc((size_t)WIDTH * HEIGHT * 4);
    if (!bgra)
        return PIXFER_ERR_NO_MEMORY;
    struct pixfer_image image;
    pixfer_image_layout(&image, PIXFER_FORMAT_BGRA, WIDTH, HEIGHT, bgra, 1);
    bool centre = converter == PIXFER_BACKEND_VIDEOTOOLBOX;
    enum pixfer_result result = pixfer_exporter_open(
        &e, path,
        &PIXFER_EXPORTER_PARAMS(.format = PIXFER_FORMAT_BGRA, .width = WIDTH, .height = HEIGHT, .fps_num = 60,
                                .color = {.siting = centre ? PIXFER_SITING_CENTER : PIXFER_SITING_LEFT}, .converter = converter,
                                .encoder = encoder, .rate = PIXFER_RATE_BITRATE, .rate_value = 8e6, .overwrite = 1,
                                .log = keep_error, .log_opaque = error));
    for (int i = 0; result == PIXFER_OK && i < frames_for(encoder); i++) {
        draw_number(bgra, code_of((uint64_t)i));
        result = pixfer_exporter_push(e, &image, i);
    }
    if (e) {
        enum pixfer_result finished = pixfer_exporter_finish(e, stats);
        result = result == PIXFER_OK ? finished : result;
    }
    pixfer_exporter_close(&e);
    free(bgra);
    return result;
}

/* AV1 has a word for left only, and libavcodec's wrapper of libaom does not say it. */
static bool tags_fit(const struct inspection *i, const char *encoder, enum pixfer_siting siting)
{
    const bool said = i->siting == (int)siting || (i->siting < 0 && strstr(encoder, "av1"));

    return i->matrix == 1 && i->primaries == 1 && i->transfer == 1 && i->full_range == 0 && said;
}

static void try_way(struct selftest *t, const char *area, const char *encoder, enum pixfer_backend converter, const char *path)
{
    struct pixfer_exporter_stats stats = {0};
    struct inspection found;
    struct watch w = {0};
    char error[400] = "", name[64];
    const int frames = frames_for(encoder);
    enum pixfer_siting siting = converter == PIXFER_BACKEND_VIDEOTOOLBOX ? PIXFER_SITING_CENTER : PIXFER_SITING_LEFT;
    snprintf(name, sizeof(name), "%d frames converted by %s", frames, pixfer_backend_name(converter));
    enum pixfer_result result = encode(path, encoder, converter, error, &stats);
    if (result != PIXFER_OK) {
        /* A converter need not know the format that an encoder takes. */
        selftest_add(t, result == PIXFER_ERR_UNSUPPORTED ? VERDICT_REFUSED : VERDICT_DIFFERS, area, name, "failed: %s",
                     error[0] ? error : pixfer_strerror(result));
    } else if (!pixfer_inspect(path, look, &w, &found, error, sizeof(error))) {
        selftest_add(t, VERDICT_DIFFERS, area, name, "%s", error);
    } else {
        bool good = found.frames == (uint64_t)frames && !w.torn && !w.out_of_order && tags_fit(&found, encoder, siting);
        struct finding *f = selftest_add(
            t, good ? VERDICT_WORKS : VERDICT_DIFFERS, area, name,
            "%llu of %d frames, %llu torn, %llu out of order; matrix %d, primaries %d, transfer %d, full range %d, siting %d%s; "
            "%.2f ms a frame",
            (unsigned long long)found.frames, frames, (unsigned long long)w.torn, (unsigned long long)w.out_of_order,
            found.matrix, found.primaries, found.transfer, found.full_range, found.siting,
            tags_fit(&found, encoder, siting) ? "" : ", expected 1, 1, 1, 0 and the converter's siting",
            stats.wall_s * 1e3 / frames);
        if (f)
            f->ms = stats.wall_s * 1e3 / frames;
    }
    pixfer_file_unlink(path);
}

static void try_encoder(struct selftest *t, const char *encoder, const char *folder)
{
    char area[24], reason[256] = "", path[512];
    snprintf(area, sizeof(area), "%.23s", encoder);
    if (!pixfer_encoder_works(encoder, reason, sizeof(reason))) {
        selftest_add(t, VERDICT_ABSENT, area, "there", "%s", reason);
        return;
    }
    snprintf(path, sizeof(path), "%s/%s.mp4", folder, encoder);
    try_way(t, area, encoder, PIXFER_BACKEND_CPU, path);
    if (!pixfer_backend_missing(PIXFER_BACKEND_VIDEOTOOLBOX))
        try_way(t, area, encoder, PIXFER_BACKEND_VIDEOTOOLBOX, path);
}

void selftest_encoders(struct selftest *t)
{
    char *folder = pixfer_folder_create(NULL, "pixfer-selftest");
    if (!folder) {
        selftest_add(t, VERDICT_NOTE, "encoders", "folder", "no folder for their files can be made: %s", strerror(errno));
        return;
    }
    for (const char *const *name = pixfer_encoder_names(); *name; name++)
        if (selftest_late(t))
            selftest_add(t, VERDICT_NOTE, *name, "time", "left out: %.0f s are used up", t->budget_s);
        else
            try_encoder(t, *name, folder);
    pixfer_folder_remove(folder);
    free(folder);
}

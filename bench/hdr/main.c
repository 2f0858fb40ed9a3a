/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* How far pixfer and other libraries are from the correctly rounded sample where frames have more than 8 bits or are in linear light, what a
 * round trip costs, and how long each takes: bench/results/hdr.md.
 *
 *     bench-hdr [--picture FILE.rgba] [--size WxH] [--seconds S]
 *
 * The picture has that size (default 640x360); without one there are ramps and noise. With --seconds 0 nothing is timed. The exit status is not
 * 0 if a sample of pixfer differs from the oracle of the tests, which the others are then measured by. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../tests/oracle/light_oracle.h"
#include "../../tools/pixfer/machine.h"
#include "../bench.h"
#include "hdr.h"
#include "times.h"

static const struct path paths[] = {
    {"RGBA, BT.709", PIXFER_FORMAT_RGBA, PIXFER_FORMAT_P010, PIXFER_FORMAT_I410, PIXFER_MATRIX_BT709, .white = 203},
    {"RGB10A2, BT.709", PIXFER_FORMAT_RGB10A2, PIXFER_FORMAT_P010, PIXFER_FORMAT_I410, PIXFER_MATRIX_BT709, .white = 203},
    {"RGB10A2, BT.2020", PIXFER_FORMAT_RGB10A2, PIXFER_FORMAT_P010, PIXFER_FORMAT_I410, PIXFER_MATRIX_BT2020_NCL, .peak = 0},
    {"RGBA64, BT.709", PIXFER_FORMAT_RGBA64, PIXFER_FORMAT_P010, PIXFER_FORMAT_I410, PIXFER_MATRIX_BT709, .white = 203},
    {"RGBA64, BT.2020", PIXFER_FORMAT_RGBA64, PIXFER_FORMAT_P010, PIXFER_FORMAT_I410, PIXFER_MATRIX_BT2020_NCL, .peak = 0},
    {"scRGB to PQ", PIXFER_FORMAT_RGBA16F, PIXFER_FORMAT_P010, PIXFER_FORMAT_I410, PIXFER_MATRIX_BT2020_NCL, PIXFER_TRANSFER_PQ,
     .peak = 10000},
    {"scRGB to HLG", PIXFER_FORMAT_RGBA16F, PIXFER_FORMAT_P010, PIXFER_FORMAT_I410, PIXFER_MATRIX_BT2020_NCL, PIXFER_TRANSFER_HLG,
     .peak = 500},
    {"scRGB to sRGB", PIXFER_FORMAT_RGBA16F, PIXFER_FORMAT_NV12, PIXFER_FORMAT_I444, PIXFER_MATRIX_BT709, PIXFER_TRANSFER_SRGB,
     .peak = 80, .white = 80},
    {"scRGB to sRGB by BT.2390", PIXFER_FORMAT_RGBA16F, PIXFER_FORMAT_NV12, PIXFER_FORMAT_I444, PIXFER_MATRIX_BT709,
     PIXFER_TRANSFER_SRGB, .mapped = true, .peak = SRC_PEAK, .white = 203},
};
enum { PATHS = sizeof paths / sizeof *paths };

static const struct peer *const peers[] = {
    &peer_pixfer,
#if PIXFER_WITH_ZIMG
    &peer_zimg,
#endif
#if PIXFER_WITH_SWSCALE
    &peer_swscale,
#endif
#if PIXFER_WITH_LIBPLACEBO
    &peer_libplacebo,
#endif
};
enum { PEERS = sizeof peers / sizeof *peers };

struct options {
    uint32_t width, height;
    const char *file;
    double seconds;
    uint8_t *picture; /* NULL without a file */
};

/* ---- Errors ------------------------------------------------------------------------------------------------------------------ */

/* Of luma or of chroma. */
struct tally {
    uint64_t samples, off[4]; /* by 0, 1, 2 and more */
    unsigned worst;
};

struct score {
    struct tally luma, chroma;
    struct distance full, picture; /* of 4:4:4 in all frames, and of 4:2:0 in the picture */
};

static void tally_add(struct tally *tally, unsigned got, unsigned right)
{
    const unsigned off = got > right ? got - right : right - got;
    tally->samples++;
    tally->off[off < 3 ? off : 3]++;
    tally->worst = off > tally->worst ? off : tally->worst;
}

static void compare(struct tally *tally, const struct pixfer_image *got, const struct pixfer_image *right,
                    enum oracle_component component)
{
    uint32_t samples, rows;
    oracle_component_size(right->format, component, right->width, right->height, &samples, &rows);
    for (uint32_t y = 0; y < rows; y++)
        for (uint32_t x = 0; x < samples; x++)
            tally_add(tally, frame_get(got, component, x, y), frame_get(right, component, x, y));
}

static void compare_chroma(struct score *score, const struct pixfer_image *got, const struct pixfer_image *right)
{
    compare(&score->chroma, got, right, ORACLE_CB);
    compare(&score->chroma, got, right, ORACLE_CR);
}

/* One frame through one peer. */
static bool convert(const struct peer *peer, const char *variant, const struct job *job, const struct pixfer_image *src,
                    const struct pixfer_image *dst, struct reason *reason)
{
    void *state = NULL;
    reason->text[0] = 0;
    if (!peer->open(&state, job, variant, reason))
        return false;
    const bool good = peer->give(state, src) && peer->run(state) && peer->take(state, dst);
    if (!good && !reason->text[0])
        snprintf(reason->text, sizeof reason->text, "it fails");
    peer->close(state);
    return good;
}

/* The samples that differ from what the oracle says. */
static uint64_t wrong_by_oracle(const struct path *path, const struct pixfer_image *src, const struct pixfer_image *dst)
{
    const struct pixfer_color color = {path->matrix, PIXFER_RANGE_LIMITED, PIXFER_SITING_LEFT};
    if (!path->transfer) {
        struct oracle_report report[3];
        return oracle_compare(src, dst, &color, report);
    }
    const bool hdr = path->transfer != PIXFER_TRANSFER_SRGB;
    const struct light light = {.src_primaries = 1,
                                .dst_primaries = hdr ? 9 : 1,
                                .transfer = (int)path->transfer,
                                .mapped = path->mapped,
                                .src_white = SRC_WHITE,
                                .src_peak = SRC_PEAK,
                                .target = !hdr                                    ? path->white
                                          : path->transfer == PIXFER_TRANSFER_HLG ? HLG_PEAK
                                                                                  : 10000,
                                .one = 1};
    struct light_report report = {0};
    light_compare(src, dst, &color, &light, &report);
    return report.differing;
}

/* Frames that a path is measured with: the source, what is right in both formats, and room for an answer. */
struct set {
    struct pixfer_image src, right, right_full, got, got_full;
};

static void set_close(struct set *set)
{
    frame_close(&set->src);
    frame_close(&set->right);
    frame_close(&set->right_full);
    frame_close(&set->got);
    frame_close(&set->got_full);
}

static bool set_open(struct set *set, const struct path *path, uint32_t width, uint32_t height)
{
    return frame_open(&set->src, path->src, width, height) && frame_open(&set->right, path->dst, width, height) &&
           frame_open(&set->right_full, path->dst_full, width, height) && frame_open(&set->got, path->dst, width, height) &&
           frame_open(&set->got_full, path->dst_full, width, height);
}

/* What is right is what pixfer's C kernels give, if the oracle agrees. */
static bool make_right(const struct path *path, const struct set *set)
{
    struct reason reason;
    const struct job job = {path, path->dst, set->src.width, set->src.height},
                     full = {path, path->dst_full, job.width, job.height};
    if (!convert(&peer_pixfer, "c", &job, &set->src, &set->right, &reason) ||
        !convert(&peer_pixfer, "c", &full, &set->src, &set->right_full, &reason)) {
        fprintf(stderr, "bench-hdr: %s: pixfer refuses: %s\n", path->name, reason.text);
        return false;
    }
    const uint64_t wrong = wrong_by_oracle(path, &set->src, &set->right) + wrong_by_oracle(path, &set->src, &set->right_full);
    if (wrong)
        fprintf(stderr, "bench-hdr: %s: %llu samples of pixfer differ from the oracle\n", path->name, (unsigned long long)wrong);
    return !wrong;
}

/* False, with a reason, if the peer does not do it. */
static bool score_one(const struct peer *peer, const char *variant, const struct path *path, const struct set *set,
                      enum content content, struct score *score, struct reason *reason)
{
    const struct job job = {path, path->dst, set->src.width, set->src.height},
                     full = {path, path->dst_full, job.width, job.height};
    const bool ours =
        peer == &peer_pixfer; /* whose filter is the definition's: chroma is compared in 4:2:0, and what 4:4:4 is, is known */
    const bool chroma = !ours && convert(peer, variant, &full, &set->src, &set->got_full, reason);
    const bool luma = !peer->full_only && convert(peer, variant, &job, &set->src, &set->got, reason);
    if (!luma && !chroma)
        return false;
    if (luma)
        compare(&score->luma, &set->got, &set->right, ORACLE_Y);
    if (ours)
        compare_chroma(score, &set->got, &set->right);
    if (chroma)
        compare_chroma(score, &set->got_full, &set->right_full);
    if (peer->full_only)
        compare(&score->luma, &set->got_full, &set->right_full, ORACLE_Y);
    if ((ours || chroma) && !path->mapped)
        distance_add(&score->full, path, &set->src, ours ? &set->right_full : &set->got_full);
    if (luma && content == CONTENT_PICTURE && !path->mapped)
        distance_add(&score->picture, path, &set->src, &set->got);
    return true;
}

enum { MAX_SCORES = 32 };

struct scores {
    struct score score[MAX_SCORES];
    bool done[MAX_SCORES];
    struct reason reason[MAX_SCORES];
};

/* All frames of one path through all peers. False if pixfer is wrong or memory runs out. */
static bool score_path(const struct options *o, const struct path *path, struct scores *scores)
{
    struct set set = {0};
    bool good = set_open(&set, path, o->width, o->height);
    for (enum content content = o->picture ? CONTENT_PICTURE : CONTENT_RAMPS; good && content < CONTENTS; content++) {
        unsigned n = 0;
        frame_fill(&set.src, path, content, o->picture);
        good = make_right(path, &set);
        for (unsigned p = 0; good && p < PEERS; p++)
            for (const char *const *variant = peers[p]->variants(); *variant && n < MAX_SCORES; variant++, n++) {
                if (score_one(peers[p], *variant, path, &set, content, &scores->score[n], &scores->reason[n]))
                    scores->done[n] = true;
                if (peers[p] == &peer_pixfer && scores->done[n] &&
                    scores->score[n].luma.off[0] + scores->score[n].chroma.off[0] <
                        scores->score[n].luma.samples + scores->score[n].chroma.samples) {
                    fprintf(stderr, "bench-hdr: %s: pixfer %s differs from the oracle\n", path->name, *variant);
                    good = false;
                }
            }
    }
    set_close(&set);
    return good;
}

/* ---- What is printed --------------------------------------------------------------------------------------------------------- */

static void set_tally(struct table *table, unsigned column, const struct tally *tally)
{
    for (unsigned i = 0; i < 4; i++)
        if (tally->samples)
            table_set(table, column + i, "%.4f", 100.0 * (double)tally->off[i] / (double)tally->samples);
    if (tally->samples)
        table_set(table, column + 4, "%u", tally->worst);
}

static void head(struct table *table, unsigned left, const char *const *names)
{
    table->left = left;
    for (table->columns = 0; names[table->columns]; table->columns++)
        table_set(table, table->columns, "%s", names[table->columns]);
    table_next(table);
}

static void print_tables(const struct scores scores[PATHS], bool picture)
{
    static struct table errors, trips;
    head(&errors, 2,
         (const char *const[]){"", "converter", "luma: 0 off", "1", "2", "more", "worst", "chroma: 0 off", "1", "2", "more",
                               "worst", NULL});
    head(&trips, 2,
         (const char *const[]){"", "converter", "4:4:4: PSNR, dB", "ΔE ITP mean", "worst", picture ? "4:2:0: PSNR, dB" : NULL,
                               "ΔE ITP mean", NULL});
    for (unsigned i = 0; i < PATHS; i++) {
        unsigned n = 0;
        for (unsigned p = 0; p < PEERS; p++)
            for (const char *const *variant = peers[p]->variants(); *variant; variant++, n++) {
                const struct score *score = &scores[i].score[n];
                if (!scores[i].done[n])
                    continue;
                table_set(&errors, 0, "%s", paths[i].name);
                table_set(&errors, 1, "%s %s", peers[p]->name, *variant);
                set_tally(&errors, 2, &score->luma);
                set_tally(&errors, 7, &score->chroma);
                table_next(&errors);
                if (paths[i].mapped ||
                    (peers[p] == &peer_pixfer && trips.rows && !strcmp(trips.cell[trips.rows - 1][0], paths[i].name)))
                    continue; /* what is mapped is meant to differ; another instruction set has the same bytes */
                table_set(&trips, 0, "%s", paths[i].name);
                table_set(&trips, 1, "%s%s%s", peers[p]->name, peers[p] == &peer_pixfer ? "" : " ",
                          peers[p] == &peer_pixfer ? "" : *variant);
                if (score->full.pixels) {
                    table_set(&trips, 2, "%.2f", distance_psnr(&score->full));
                    table_set(&trips, 3, "%.4f", score->full.itp / (double)score->full.pixels);
                    table_set(&trips, 4, "%.2f", score->full.itp_max);
                }
                if (score->picture.pixels) {
                    table_set(&trips, 5, "%.2f", distance_psnr(&score->picture));
                    table_set(&trips, 6, "%.4f", score->picture.itp / (double)score->picture.pixels);
                }
                table_next(&trips);
            }
    }
    printf("## Errors: %% of samples by how many codes they are off\n\n");
    table_print(stdout, &errors, true);
    printf("\n## Round trips\n\n");
    table_print(stdout, &trips, true);
}

static void print_head(const struct options *o)
{
    const char *const names[] = {zimg_name(), swscale_name(), libplacebo_name()};
    printf("pixfer %s", pixfer_version());
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i])
            printf(", %s", names[i]);
    printf("; %s\n%s, %u processors, %s, load %.2f at the start; frames of %ux%u: %sramps and noise\n\n", machine_compiler(),
           machine_cpu_name(), machine_processors(), machine_system(), load_now(), o->width, o->height,
           o->picture ? "a desktop, " : "");
}

static void print_refusals(const struct scores scores[PATHS])
{
    printf("\nWhat is not done, and why:\n\n");
    for (unsigned i = 0; i < PATHS; i++) {
        unsigned n = 0;
        for (unsigned p = 0; p < PEERS; p++)
            for (const char *const *variant = peers[p]->variants(); *variant; variant++, n++)
                if (!scores[i].done[n] && peers[p] != &peer_pixfer)
                    printf("- %s, %s %s: %s\n", paths[i].name, peers[p]->name, *variant, scores[i].reason[n].text);
    }
}

/* ---- The command ------------------------------------------------------------------------------------------------------------- */

static int wrong(const char *found, const char *expected)
{
    fprintf(stderr, "bench-hdr: found '%s', expected %s\n", found, expected);
    return 2;
}

static int read_options(struct options *o, int argc, char **argv)
{
    for (int i = 1; i < argc; i += 2) {
        const char *value = i + 1 < argc ? argv[i + 1] : "nothing";
        char *end = NULL;
        if (!strcmp(argv[i], "--picture") && i + 1 < argc)
            o->file = value;
        else if (!strcmp(argv[i], "--size")) {
            const unsigned long width = strtoul(value, &end, 10), height = *end == 'x' ? strtoul(end + 1, &end, 10) : 0;
            if (*end || width < 16 || height < 16 || width > 4096 || height > 4096 || (width | height) & 1)
                return wrong(value, "--size WxH, even numbers from 16 to 4096");
            o->width = (uint32_t)width, o->height = (uint32_t)height;
        } else if (!strcmp(argv[i], "--seconds")) {
            o->seconds = strtod(value, &end);
            if (end == value || *end || !(o->seconds >= 0 && o->seconds <= 60))
                return wrong(value, "--seconds from 0 to 60");
        } else
            return wrong(argv[i], "--picture FILE.rgba, --size WxH or --seconds S");
    }
    return 0;
}

static bool read_picture(struct options *o)
{
    const size_t size = (size_t)o->width * o->height * 4;
    FILE *file = fopen(o->file, "rb");
    o->picture = malloc(size + 1);
    const size_t found = file && o->picture ? fread(o->picture, 1, size + 1, file) : 0;
    if (file)
        fclose(file);
    if (found != size)
        fprintf(stderr, "bench-hdr: %s: found %s, expected %zu bytes of RGBA\n", o->file,
                !file          ? strerror(errno)
                : found > size ? "more"
                               : "fewer",
                size);
    return found == size;
}

int main(int argc, char **argv)
{
    static struct scores scores[PATHS];
    struct options o = {.width = 640, .height = 360, .seconds = 1};
    const int status = read_options(&o, argc, argv);
    if (status)
        return status;
    if (!light_oracle_can()) {
        fprintf(stderr, "bench-hdr: this compiler has no long double of 64 bits to measure by\n");
        return 77;
    }
    if (o.file && !read_picture(&o))
        return 1;
    print_head(&o);
    for (unsigned i = 0; i < PATHS; i++)
        if (!score_path(&o, &paths[i], &scores[i]))
            return 1;
    print_tables(scores, o.picture);
    if (o.seconds > 0 && !times_print(paths, PATHS, peers, PEERS, o.seconds))
        return 1;
    print_refusals(scores);
    free(o.picture);
    return fflush(stdout) ? 1 : 0;
}

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "checkasm.h"

#include <stdio.h>
#include <string.h>

#define MAX_WIDTH 2048

/* One strip in guarded memory, and the same destination rows as the C kernel writes them. */
static struct arena source[3][3], target[4];
static uint8_t expected[4][4 * MAX_WIDTH];

struct strip_case {
    enum pixfer_format src, dst;
    struct pixfer_color color;
    size_t width;
    bool odd_bottom; /* the last row of a picture of odd height */
    bool stream;
    bool far;         /* the source is prefetched */
    bool plain;       /* long runs of one pixel: kernels may write those again instead of computing them */
    unsigned aligned; /* a bit for each row of the destination that begins on a whole vector, as streaming stores want it */
    enum arena_side side[2]; /* of source and destination */
    uint8_t misalign[2];
};

/* What a configuration reads and writes. */
struct shape {
    unsigned planes, bytes; /* of a source row: planes, and bytes a pixel */
    size_t row[4];          /* bytes of y[0], y[1], chroma[0], chroma[1] */
    bool subsampled, two_rows, three_rows;
};

static struct shape shape_of(const struct pixfer_kernel_config *config, size_t width)
{
    struct shape s = {.planes = pixfer_load_is_planar(config->load) ? 3 : 1,
                      .bytes = (unsigned)pixfer_load_bytes(config->load),
                      .subsampled = config->filter != PIXFER_FILTER_444,
                      .two_rows = config->filter <= PIXFER_FILTER_420_TOP_LEFT,
                      .three_rows = config->filter == PIXFER_FILTER_420_TOP_LEFT};
    const size_t sample = pixfer_store_is_wide(config->store) ? 2 : 1, columns = s.subsampled ? (width + 1) / 2 : width;
    const bool planar = pixfer_store_is_planar(config->store);
    s.row[0] = width * sample;
    s.row[1] = s.two_rows ? width * sample : 0;
    s.row[2] = columns * (planar ? sample : 2 * sample);
    s.row[3] = planar ? columns * sample : 0;
    return s;
}

/* Runs of one pixel, and in some rows a byte or two that spoil them. */
static void fill_plain(uint8_t *row, size_t bytes, size_t pixel, struct rng *rng)
{
    for (size_t at = 0, run; at < bytes; at += run) {
        run = pixel * (1 + rng_below(rng, 700));
        run = run < bytes - at ? run : bytes - at;
        rng_fill(rng, row + at, pixel);
        for (size_t i = pixel; i < run; i++)
            row[at + i] = row[at + i - pixel];
    }
    for (unsigned n = rng_below(rng, 2) ? 0 : 1 + rng_below(rng, 3); n; n--)
        row[rng_below(rng, (uint32_t)bytes)] ^= (uint8_t)(1 << rng_below(rng, 8));
}

static void fill(uint8_t *row, size_t bytes, struct rng *rng)
{
    const unsigned kind = rng_below(rng, 4);
    rng_fill(rng, row, bytes);
    for (size_t i = 0; kind == 0 && i < bytes; i++)
        row[i] = row[i] & 1 ? 255 : 0;
    for (size_t i = 1; kind == 1 && i < bytes; i += 2) /* halves from 0 to 2 */
        row[i] &= 0x3f;
}

/* Rows that a filter does not read are its own row, as backends/cpu has it. */
static void place_source(struct pixfer_strip *strip, const struct strip_case *c, const struct shape *shape, struct rng *rng)
{
    for (unsigned row = 1; row < 4; row++) {
        const unsigned r = row % 3; /* the own row first */
        const bool own = r == 1 || (r == 0 && shape->three_rows) || (r == 2 && shape->two_rows && !c->odd_bottom);
        for (unsigned plane = 0; plane < 3; plane++) {
            const size_t bytes = c->width * shape->bytes;
            if (plane >= shape->planes) {
                strip->src[r][plane] = NULL;
            } else if (own) {
                uint8_t *place = arena_place(&source[r][plane], c->side[0], bytes, (c->misalign[0] + plane * 7 + r * 13) % 64);
                if (c->plain)
                    fill_plain(place, bytes, shape->bytes, rng);
                else
                    fill(place, bytes, rng);
                strip->src[r][plane] = place;
            } else {
                strip->src[r][plane] = strip->src[1][plane];
            }
        }
    }
}

static void place_target(struct pixfer_strip *strip, const struct strip_case *c, const struct shape *shape)
{
    uint8_t **rows[4] = {&strip->y[0], &strip->y[1], &strip->chroma[0], &strip->chroma[1]};
    const unsigned unit = shape->row[0] == 2 * c->width ? 2 : 1;
    for (unsigned i = 0; i < 4; i++) {
        const size_t misalign = c->aligned >> i & 1 ? 0 : (c->misalign[1] + 11 * i) % 64 / unit * unit;
        *rows[i] = shape->row[i] ? arena_place(&target[i], c->side[1], shape->row[i], misalign) : NULL;
    }
    if (shape->two_rows && c->odd_bottom)
        strip->y[1] = strip->y[0];
}

static void print_pixels(const struct pixfer_strip *strip, const struct shape *shape, size_t x, size_t width)
{
    const size_t first = x ? x - 1 : 0, last = x + 1 < width ? x + 1 : x;
    for (unsigned row = 0; row < 3; row++) {
        printf("     source row %u, pixels %zu to %zu:", row, first, last);
        for (size_t i = first; i <= last; i++) {
            printf(" ");
            for (unsigned j = 0; j < shape->planes * shape->bytes; j++)
                printf("%02x", shape->planes == 3 ? strip->src[row][j][i] : strip->src[row][0][i * shape->bytes + j]);
        }
        printf("\n");
    }
}

static bool compare(const struct pixfer_strip *strip, const struct strip_case *c, const struct shape *shape)
{
    static const char *const names[] = {"luma row 0", "luma row 1", "chroma", "second chroma plane"};
    const uint8_t *const rows[4] = {strip->y[0], strip->y[1], strip->chroma[0], strip->chroma[1]};
    for (unsigned i = 0; i < 4; i++) {
        size_t at = 0;
        if (!shape->row[i])
            continue;
        while (at < shape->row[i] && rows[i][at] == expected[i][at])
            at++;
        if (at < shape->row[i]) {
            const size_t x = i < 2 ? at * c->width / shape->row[i]
                                   : at * c->width / shape->row[i] / (shape->subsampled ? 2 : 1) * (shape->subsampled ? 2 : 1);
            if (failed()) {
                printf("     %s, byte %zu is %u, expected %u\n", names[i], at, rows[i][at], expected[i][at]);
                print_pixels(strip, shape, x, c->width);
            }
            return false;
        }
        if (!(i == 1 && c->odd_bottom) && arena_damage(&target[i])) {
            if (failed())
                printf("     %s: bytes outside the row are written\n", names[i]);
            return false;
        }
    }
    return true;
}

static bool run_case(enum pixfer_isa isa, const struct pixfer_kernel_config *config, const struct strip_case *c, struct rng *rng)
{
    const struct shape shape = shape_of(config, c->width);
    const ptrdiff_t next = c->far ? MAX_WIDTH : 0; /* anywhere will do: prefetching touches nothing */
    struct pixfer_strip strip = {.width = c->width, .stream = c->stream, .next = {next, next, next}}, reference;

    place_source(&strip, c, &shape, rng);
    place_target(&strip, c, &shape);
    reference = strip;
    reference.stream = false;
    for (unsigned i = 0; i < 2; i++)
        reference.y[i] = expected[i], reference.chroma[i] = expected[2 + i];
    now("%s %s, %s, width %zu%s%s%s, source %s%u, destination %s%u", pixfer_isa_names[isa],
        kernel_name(c->src, c->dst, c->color.siting).text, color_name(&c->color), c->width, c->plain ? ", plain" : "",
        c->odd_bottom ? ", odd bottom" : "",
        c->aligned == 15 ? ", streamed, aligned"
        : c->aligned     ? ", streamed, one row unaligned"
        : c->stream      ? ", streamed"
                         : "",
        c->side[0] == ARENA_BACK ? "at the end, " : "+", c->misalign[0], c->side[1] == ARENA_BACK ? "at the end, " : "+",
        c->misalign[1]);
    isa_kernel(PIXFER_ISA_C, config)(config, &reference);
    isa_kernel(isa, config)(config, &strip);
    return compare(&strip, c, &shape);
}

static struct strip_case random_case(const struct strip_case *from, size_t width, struct rng *rng)
{
    struct strip_case c = *from;
    c.width = width;
    c.odd_bottom = rng_below(rng, 4) == 0;
    c.side[0] = rng_below(rng, 2) ? ARENA_BACK : ARENA_FRONT;
    c.side[1] = rng_below(rng, 2) ? ARENA_BACK : ARENA_FRONT;
    c.misalign[0] = (uint8_t)rng_below(rng, 64), c.misalign[1] = (uint8_t)rng_below(rng, 64);
    c.stream = rng_below(rng, 2);
    c.far = rng_below(rng, 2);
    c.aligned = !c.stream ? 0 : rng_below(rng, 2) ? 15 : 15 ^ 1u << rng_below(rng, 4); /* all, or all but one */
    if (c.aligned)
        c.side[1] = ARENA_FRONT;
    return c;
}

/* What instruction sets have kernels of their own for: from 8 bits all (NEON's exceptions are counted in test_constants), and from words
 * and halves what goes to an encoder. Full range has no constants for some matrices, see lane_math.h and deep_math.h. */
static bool has_kernel(enum pixfer_isa isa, const struct strip_case *c)
{
    const bool to_encoder = c->dst == PIXFER_FORMAT_NV12 || c->dst == PIXFER_FORMAT_P010;
    if (isa != PIXFER_ISA_AVX2 && isa != PIXFER_ISA_AVX512 && isa != PIXFER_ISA_NEON)
        return false;
    switch (c->src) {
    case PIXFER_FORMAT_RGBA64:
    case PIXFER_FORMAT_RGB10A2:
    case PIXFER_FORMAT_BGR10A2:
    case PIXFER_FORMAT_RGBA16F:
        return to_encoder && c->color.range == PIXFER_RANGE_LIMITED;
    case PIXFER_FORMAT_GBRP10:
    case PIXFER_FORMAT_GBRP12:
    case PIXFER_FORMAT_GBRP16:
    case PIXFER_FORMAT_GBRPF32:
        return false;
    default:
        return isa != PIXFER_ISA_NEON && c->dst <= PIXFER_FORMAT_NV16;
    }
}

static unsigned long check_kernel(enum pixfer_isa isa, const struct strip_case *base, const struct options *options,
                                  struct rng *rng)
{
    static const size_t primes[] = {131, 137, 149, 191, 193, 251, 257, 383, 509, 521, 769, 1021, 1918};
    struct pixfer_kernel_config config;
    unsigned long cases = 0;

    if (!pixfer_kernel_config_init(&config, base->src, base->dst, &base->color) || !isa_kernel(isa, &config)) {
        now("%s %s: no kernel", pixfer_isa_names[isa], kernel_name(base->src, base->dst, base->color.siting).text);
        failed();
        return 0;
    }
    if (isa_kernel(isa, &config) == isa_kernel(PIXFER_ISA_C, &config)) {
        now("%s %s, %s", pixfer_isa_names[isa], kernel_name(base->src, base->dst, base->color.siting).text,
            color_name(&base->color));
        if (has_kernel(isa, base) && failed())
            printf("     it is left to C\n");
        return 0;
    }
    for (size_t i = rng_below(rng, options->step); i < 130 + sizeof primes / sizeof *primes; i += options->step)
        for (int turn = 0; turn < 2; turn++, cases++) {
            const struct strip_case c = random_case(base, i < 130 ? i + 1 : primes[i - 130], rng);
            if (!run_case(isa, &config, &c, rng))
                return cases;
        }
    for (unsigned i = rng_below(rng, options->step); i < 40; i += options->step, cases++) {
        struct strip_case c = random_case(base, 128 + rng_below(rng, MAX_WIDTH - 128), rng);
        c.plain = true;
        if (!run_case(isa, &config, &c, rng))
            return cases;
    }
    /* every misalignment of every row: the rows of a case are all misaligned differently */
    for (unsigned i = rng_below(rng, options->step); i < 64; i += options->step, cases++) {
        struct strip_case c = random_case(base, 120 + i, rng);
        c.side[0] = c.side[1] = ARENA_FRONT;
        c.misalign[0] = (uint8_t)i, c.misalign[1] = (uint8_t)(63 - i);
        c.aligned = 0;
        if (!run_case(isa, &config, &c, rng))
            return cases;
    }
    return cases;
}

unsigned long check_strips(const struct options *options)
{
    struct rng rng = {options->seed};
    unsigned long cases = 0;

    for (enum pixfer_isa isa = PIXFER_ISA_C + 1; isa < PIXFER_ISA_COUNT; isa++) {
        if (!isa_wanted(options, isa))
            continue;
        for (unsigned i = 0; i < SOURCES * DESTINATIONS * COLORS; i++) {
            const struct strip_case c = {.src = sources[i / COLORS / DESTINATIONS],
                                         .dst = destinations[i / COLORS % DESTINATIONS],
                                         .color = color_number(i % COLORS)};
            /* many pairs share a kernel, and differ in numbers only */
            struct options some = *options;
            some.step *= c.src >= PIXFER_FORMAT_RGBA64 || c.dst >= PIXFER_FORMAT_P012 ? 4 : 1;
            if (name_wanted(options, c.src, c.dst, c.color.siting))
                cases += check_kernel(isa, &c, &some, &rng);
        }
    }
    for (unsigned i = 0; i < 9; i++)
        arena_free(&source[i / 3][i % 3]);
    for (unsigned i = 0; i < 4; i++)
        arena_free(&target[i]);
    return cases;
}

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* The values of options that say what samples are and what colours they have. */
#include <string.h>

#include "args.h"

struct name {
    const char *text;
    int value;
};

/* The first name of a value is the one we print; the others are what people type. */
static const struct name matrices[] = {
    {"bt709", PIXFER_MATRIX_BT709},         {"709", PIXFER_MATRIX_BT709},           {"bt601", PIXFER_MATRIX_BT601},
    {"601", PIXFER_MATRIX_BT601},           {"smpte170m", PIXFER_MATRIX_BT601},     {"bt470bg", PIXFER_MATRIX_BT601},
    {"smpte240m", PIXFER_MATRIX_SMPTE240M}, {"240m", PIXFER_MATRIX_SMPTE240M},      {"bt2020", PIXFER_MATRIX_BT2020_NCL},
    {"2020", PIXFER_MATRIX_BT2020_NCL},     {"bt2020nc", PIXFER_MATRIX_BT2020_NCL}, {NULL, 0}};
static const struct name ranges[] = {{"limited", PIXFER_RANGE_LIMITED},
                                     {"tv", PIXFER_RANGE_LIMITED},
                                     {"mpeg", PIXFER_RANGE_LIMITED},
                                     {"full", PIXFER_RANGE_FULL},
                                     {"pc", PIXFER_RANGE_FULL},
                                     {"jpeg", PIXFER_RANGE_FULL},
                                     {NULL, 0}};
static const struct name sitings[] = {{"left", PIXFER_SITING_LEFT},        {"center", PIXFER_SITING_CENTER},
                                      {"centre", PIXFER_SITING_CENTER},    {"top-left", PIXFER_SITING_TOP_LEFT},
                                      {"topleft", PIXFER_SITING_TOP_LEFT}, {NULL, 0}};

/* H.273's numbers under the names that FFmpeg and people have for them. */
static const struct name primaries[] = {{"bt709", 1},       {"bt470m", 4},    {"bt470bg", 5},  {"smpte170m", 6},
                                        {"smpte240m", 7},   {"film", 8},      {"bt2020", 9},   {"smpte428", 10},
                                        {"xyz", 10},        {"smpte431", 11}, {"dci-p3", 11},  {"smpte432", 12},
                                        {"display-p3", 12}, {"p3-d65", 12},   {"ebu3213", 22}, {NULL, 0}};
static const struct name transfers[] = {
    {"bt709", 1},      {"gamma22", 4},   {"bt470m", 4},        {"gamma28", 5},       {"bt470bg", 5},    {"smpte170m", 6},
    {"bt601", 6},      {"smpte240m", 7}, {"linear", 8},        {"log100", 9},        {"log316", 10},    {"iec61966-2-4", 11},
    {"bt1361e", 12},   {"srgb", 13},     {"iec61966-2-1", 13}, {"bt2020-10", 14},    {"bt2020-12", 15}, {"pq", 16},
    {"smpte2084", 16}, {"smpte428", 17}, {"hlg", 18},          {"arib-std-b67", 18}, {NULL, 0}};

static bool find_name(const struct name *names, const char *text, int *out)
{
    for (; names->text; names++) {
        if (args_same_word(names->text, text)) {
            *out = names->value;
            return true;
        }
    }
    return false;
}

static const char *name_of(const struct name *names, int value)
{
    for (; names->text; names++)
        if (names->value == value)
            return names->text;
    return "?";
}

const char *matrix_name(enum pixfer_matrix matrix)
{
    return name_of(matrices, matrix == PIXFER_MATRIX_DEFAULT ? PIXFER_MATRIX_BT709 : (int)matrix);
}

const char *range_name(enum pixfer_range range)
{
    return name_of(ranges, (int)range);
}

const char *siting_name(enum pixfer_siting siting)
{
    return name_of(sitings, (int)siting);
}

bool parse_matrix(const struct args *args, enum pixfer_matrix *out)
{
    int value;
    if (!find_name(matrices, args->value, &value))
        return args_wrong(args, "bt709, bt601, smpte240m or bt2020");
    *out = (enum pixfer_matrix)value;
    return true;
}

bool parse_range(const struct args *args, enum pixfer_range *out)
{
    int value;
    if (!find_name(ranges, args->value, &value))
        return args_wrong(args, "limited or full");
    *out = (enum pixfer_range)value;
    return true;
}

bool parse_siting(const struct args *args, enum pixfer_siting *out)
{
    int value;
    if (!find_name(sitings, args->value, &value))
        return args_wrong(args, "left, center or top-left");
    *out = (enum pixfer_siting)value;
    return true;
}

/* A number of the table will do as well as its name. */
static bool find_code(const struct name *names, const char *text, int *out)
{
    uint64_t number;
    const char *end;
    if (find_name(names, text, out))
        return true;
    if (!args_digits(text, 255, &number, &end) || *end)
        return false;
    *out = (int)number;
    while (names->text && names->value != *out)
        names++;
    return names->text != NULL;
}

bool parse_primaries(const struct args *args, int *out)
{
    return find_code(primaries, args->value, out) ||
           args_wrong(args, "bt709, bt2020, display-p3, smpte170m or another name or number of H.273's primaries");
}

bool parse_transfer(const struct args *args, int *out)
{
    return find_code(transfers, args->value, out) ||
           args_wrong(args, "bt709, srgb, pq, hlg or another name or number of H.273's transfer characteristics");
}

/* ---- Samples --------------------------------------------------------------------------------------------------------------- */

bool parse_codec(const struct args *args, enum pixfer_codec *out)
{
    static const char *const texts[] = {"h264", "hevc", "av1", NULL};
    int i = 0;
    bool good = parse_choice(args, texts, "h264, hevc or av1", &i);
    *out = good ? (enum pixfer_codec)(PIXFER_CODEC_H264 + i) : PIXFER_CODEC_DEFAULT;
    return good;
}

bool parse_depth(const struct args *args, unsigned *out)
{
    static const char *const texts[] = {"8", "10", NULL};
    int i = 0;
    bool good = parse_choice(args, texts, "8 or 10", &i);
    *out = !good ? 0 : i ? 10 : 8;
    return good;
}

bool parse_chroma(const struct args *args, unsigned *out)
{
    static const char *const texts[] = {"420", "444", NULL};
    int i = 0;
    bool good = parse_choice(args, texts, "420 or 444", &i);
    *out = !good ? 0 : i ? 444 : 420;
    return good;
}

static bool hexadecimal(const char *text, uint32_t *out)
{
    static const char all[] = "0123456789abcdef0123456789ABCDEF";
    *out = 0;
    if (*text++ != '#' || strlen(text) != 6)
        return false;
    for (; *text; text++) {
        const char *at = strchr(all, *text);
        if (!at)
            return false;
        *out = *out << 4 | (uint32_t)((at - all) & 15);
    }
    return true;
}

bool parse_alpha(const struct args *args, enum pixfer_alpha *alpha, uint32_t *background)
{
    const bool drop = args_same_word("drop", args->value);
    *background = args_same_word("white", args->value) ? 0xffffff : 0;
    *alpha = drop ? PIXFER_ALPHA_DROP : PIXFER_ALPHA_COMPOSE;
    return drop || *background || args_same_word("black", args->value) || hexadecimal(args->value, background) ||
           args_wrong(args, "drop, black, white or #rrggbb");
}

bool parse_max_cll(const struct args *args, uint32_t *cll, uint32_t *fall, int *measure)
{
    uint64_t pixel = 0, frame = 0;
    const char *end;
    *measure = args_same_word("measure", args->value);
    const bool good = *measure || (args_digits(args->value, UINT16_MAX, &pixel, &end) && *end == ',' &&
                                   args_digits(end + 1, UINT16_MAX, &frame, &end) && !*end && pixel && frame <= pixel);
    *cll = (uint32_t)pixel;
    *fall = (uint32_t)frame;
    return good || args_wrong(args, "CLL,FALL in cd/m2, such as 1000,400, FALL no more than CLL, or measure");
}

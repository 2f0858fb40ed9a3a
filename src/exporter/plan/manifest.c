/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include "plan.h"

#ifndef PIXFER_WITH_JSON
enum pixfer_result pixfer_manifest_write(struct pixfer_plan *p, struct report *report)
{
    (void)p;
    return pixfer_report_fail(report, PIXFER_ERR_UNSUPPORTED, "plan: this build has no JSON, which a plan is written in");
}

enum pixfer_result pixfer_manifest_parse(struct pixfer_plan *p, const char *text, size_t size, struct report *report)
{
    (void)text, (void)size;
    return pixfer_manifest_write(p, report);
}

void pixfer_manifest_free(void *json)
{
    (void)json;
}
#else
#include <inttypes.h>
#include <jansson.h>
#include <libavutil/mem.h>
#include <libavutil/sha.h>
#include <limits.h>
#include <math.h>
#include <pixfer/image.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fields.h"

/* The text is an object of three members: "id", the hash of "plan"; "plan", all that decides about the result; and "paths", where things
 * lie, which may be others elsewhere. */

static const char format_name[] = "pixfer plan 1";
static const int64_t most_frames = INT64_C(1) << 31;

/* ---- Hash and text ----------------------------------------------------------------------------------------------------------- */

static bool hash_plan(const json_t *plan, uint8_t id[SEAL_ID])
{
    char *text = json_dumps(plan, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(17));
    struct AVSHA *sha = text ? av_sha_alloc() : NULL;
    const bool good = sha && av_sha_init(sha, 256) >= 0;
    if (good) {
        av_sha_update(sha, (const uint8_t *)text, strlen(text));
        av_sha_final(sha, id);
    }
    av_free(sha);
    free(text);
    return good;
}

static void to_hex(const uint8_t *bytes, size_t count, char *text)
{
    for (size_t i = 0; i < count; i++)
        sprintf(text + 2 * i, "%02x", bytes[i]);
}

static char *dump(const json_t *root, bool compact)
{
    char *text = json_dumps(root, (compact ? JSON_COMPACT : JSON_INDENT(1)) | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(17));
    char *line = text ? realloc(text, strlen(text) + 2) : NULL;
    if (line)
        strcat(line, "\n");
    else
        free(text);
    return line;
}

/* ---- Writing ----------------------------------------------------------------------------------------------------------------- */

static json_t *integer(uint64_t value)
{
    return json_integer((json_int_t)value);
}

static json_t *identity_json(const struct identity *id)
{
    char hash[65];
    if (!id->known)
        return json_null();
    to_hex(id->hash, sizeof(id->hash), hash);
    return json_pack("{s:o, s:o, s:I, s:s}", "files", integer(id->files), "bytes", integer(id->bytes), "changed_ns",
                     (json_int_t)id->changed, "sha256_of_head_and_tail", hash);
}

static json_t *field_json(const struct field *f, const void *from)
{
    const char *at = (const char *)from + f->offset;
    const char *text;
    switch (f->kind) {
    case FIELD_U32:
        return integer(*(const uint32_t *)at);
    case FIELD_U64:
        return integer(*(const uint64_t *)at);
    case FIELD_SIZE:
        return integer(*(const size_t *)at);
    case FIELD_INT:
        return json_integer(*(const int *)at);
    case FIELD_DOUBLE:
        return json_real(*(const double *)at);
    case FIELD_TEXT:
        text = *(const char *const *)at;
        return text ? json_string(text) : json_null();
    case FIELD_FORMAT:
        text = *(const enum pixfer_format *)at == PIXFER_FORMAT_NONE ? NULL : pixfer_format_name(*(const enum pixfer_format *)at);
        return text ? json_string(text) : json_null();
    }
    return NULL;
}

static json_t *fields_json(const struct field *f, const void *from)
{
    json_t *json = json_object();
    for (; f->name; f++)
        if (json_object_set_new(json, f->name, field_json(f, from))) {
            json_decref(json);
            return NULL;
        }
    return json;
}

static json_t *metadata_json(const struct pixfer_exporter_params *p)
{
    json_t *json = json_array();
    for (size_t i = 0; i < p->metadata_count; i++)
        if (json_array_append_new(json, json_pack("[s, s]", p->metadata[i].key, p->metadata[i].value))) {
            json_decref(json);
            return NULL;
        }
    return json;
}

static json_t *times_json(const struct frame_table *t)
{
    json_t *json = json_array();
    for (size_t i = 0; i < t->count; i++)
        json_array_append_new(
            json, json_pack("[I, I, o]", (json_int_t)t->runs[i].step, (json_int_t)t->runs[i].lasts, integer(t->runs[i].count)));
    return json;
}

static json_t *segments_json(const struct pixfer_plan *p)
{
    json_t *json = json_array();
    for (uint32_t k = 0; k < p->count; k++) {
        const struct plan_segment *s = &p->segments[k];
        json_t *segment = json_pack("{s:o, s:o}", "first", integer(s->first), "end", integer(s->end));
        if (s->key.size)
            json_object_set_new(segment, "key",
                                json_pack("{s:I, s:i, s:I}", "pts", (json_int_t)s->key.pts, "bytes", s->key.size, "adler32",
                                          (json_int_t)s->key.sum));
        json_array_append_new(json, segment);
    }
    return json;
}

static json_t *plan_json(const struct pixfer_plan *p)
{
    const struct tags *t = &p->tags;
    return json_pack("{s:s, s:{s:s, s:s, s:s}, s:o, s:o, s:{s:I, s:f, s:[i, i], s:o, s:o}, s:{s:s, s:i, s:[i, i, i, i, i]}, s:o, "
                     "s:o, s:o, s:o, s:i}",
                     "format", format_name, "versions", "pixfer", p->versions.pixfer, "libav", p->versions.libav, "encoder",
                     p->versions.encoder, "input", identity_json(&p->input_is), "audio", identity_json(&p->audio_is), "frames",
                     "total", (json_int_t)p->total, "seconds", p->seconds, "rate", p->fps.num, p->fps.den, "tick",
                     p->ticking ? json_pack("[i, i]", p->tick.num, p->tick.den) : json_null(), "times", times_json(&p->frames),
                     "stream", "settings", p->settings, "reordering", p->reordering, "tags", (int)t->matrix, (int)t->primaries,
                     (int)t->transfer, (int)t->range, (int)t->location, "export", fields_json(pixfer_params_fields, &p->params),
                     "metadata", metadata_json(&p->params), "reading", fields_json(pixfer_input_fields, &p->input), "segments",
                     segments_json(p), "tasks", (int)p->tasks);
}

static json_t *text_or_null(const char *text)
{
    return text ? json_string(text) : json_null();
}

static json_t *paths_json(const struct pixfer_plan *p)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:o}", "input", text_or_null(p->input.name), "input_there",
                     text_or_null(p->input_path), "audio", text_or_null(p->input.audio), "audio_there",
                     text_or_null(p->audio_path), "output", text_or_null(p->output));
}

enum pixfer_result pixfer_manifest_write(struct pixfer_plan *p, struct report *report)
{
    json_t *plan = plan_json(p), *paths = paths_json(p), *root = NULL;
    if (plan && paths && hash_plan(plan, p->id)) {
        to_hex(p->id, SEAL_ID, p->id_text);
        root = json_pack("{s:s, s:O, s:O}", "id", p->id_text, "plan", plan, "paths", paths);
    }
    p->text = root ? dump(root, p->frames.count > 64) : NULL;
    json_decref(plan);
    json_decref(paths);
    json_decref(root);
    if (p->text)
        return PIXFER_OK;
    return pixfer_report_fail(report, PIXFER_ERR_INVALID,
                              "plan: a name, setting or line of metadata is no text in UTF-8, or memory is short");
}

/* ---- Reading: a text from anywhere ------------------------------------------------------------------------------------------- */

struct reading {
    struct report *report;
    bool failed;
};

static void wrong(struct reading *r, const char *key, const char *expected)
{
    if (!r->failed)
        pixfer_report_fail(r->report, PIXFER_ERR_INVALID, "plan: %.60s is not as expected: %s", key, expected);
    r->failed = true;
}

/* A member of that name, an object or array with at most `most` members; NULL otherwise. */
static const json_t *member(struct reading *r, const json_t *in, const char *key, json_type type)
{
    const json_t *json = r->failed ? NULL : json_object_get(in, key);
    if (json && json_typeof(json) == type)
        return json;
    wrong(r, key,
          type == JSON_OBJECT   ? "an object"
          : type == JSON_ARRAY  ? "a list"
          : type == JSON_STRING ? "a text"
                                : "a whole number");
    return NULL;
}

/* Nothing but these: what is not known cannot be done. */
static void only(struct reading *r, const json_t *object, const char *const *keys)
{
    size_t count = 0;
    while (keys[count])
        count++;
    const char *key;
    json_t *value;
    json_object_foreach ((json_t *)object, key, value) {
        size_t i = 0;
        while (i < count && strcmp(keys[i], key) != 0)
            i++;
        if (i == count)
            wrong(r, key, "no such member");
    }
}

static int64_t number_of(struct reading *r, const json_t *json, const char *key, int64_t least, int64_t most)
{
    char expected[80];
    if (json_is_integer(json) && json_integer_value(json) >= least && json_integer_value(json) <= most)
        return json_integer_value(json);
    snprintf(expected, sizeof(expected), "a whole number from %" PRId64 " to %" PRId64, least, most);
    wrong(r, key, expected);
    return least;
}

static int64_t number(struct reading *r, const json_t *in, const char *key, int64_t least, int64_t most)
{
    return number_of(r, json_object_get(in, key), key, least, most);
}

static double real_of(struct reading *r, const json_t *json, const char *key)
{
    double value = json_number_value(json);
    if (!json_is_number(json) || !isfinite(value))
        wrong(r, key, "a number");
    return value;
}

static const char *text_of(struct reading *r, const json_t *json, const char *key, size_t most)
{
    const char *text = json_string_value(json);
    if (!text || strlen(text) != json_string_length(json) || strlen(text) > most)
        wrong(r, key, "a text, not too long");
    return text ? text : "";
}

static const char *optional_text(struct reading *r, const json_t *in, const char *key, size_t most)
{
    const json_t *json = json_object_get(in, key);
    return json_is_null(json) ? NULL : text_of(r, json, key, most);
}

static void copy_text(struct reading *r, const json_t *in, const char *key, char *to, size_t size)
{
    snprintf(to, size, "%s", text_of(r, json_object_get(in, key), key, size - 1));
}

static bool from_hex(const char *text, uint8_t *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        unsigned value = 0;
        for (int half = 0; half < 2; half++) {
            const char *digits = "0123456789abcdef",
                       *at = text[2 * i + (size_t)half] ? strchr(digits, text[2 * i + (size_t)half]) : NULL;
            if (!at)
                return false;
            value = value << 4 | (unsigned)(at - digits);
        }
        bytes[i] = (uint8_t)value;
    }
    return !text[2 * count];
}

static void read_identity(struct reading *r, const json_t *in, const char *key, struct identity *id)
{
    static const char *const keys[] = {"files", "bytes", "changed_ns", "sha256_of_head_and_tail", NULL};
    if (r->failed || json_is_null(json_object_get(in, key)))
        return;
    const json_t *json = member(r, in, key, JSON_OBJECT);
    if (!json)
        return;
    only(r, json, keys);
    id->known = true;
    id->files = (uint64_t)number(r, json, "files", 1, INT32_MAX);
    id->bytes = (uint64_t)number(r, json, "bytes", 0, INT64_MAX);
    id->changed = number(r, json, "changed_ns", INT64_MIN, INT64_MAX);
    if (!from_hex(text_of(r, json_object_get(json, keys[3]), keys[3], 64), id->hash, sizeof(id->hash)))
        wrong(r, keys[3], "64 hexadecimal digits");
}

static void read_field(struct reading *r, const struct field *f, const json_t *json, void *to)
{
    char *at = (char *)to + f->offset;
    switch (f->kind) {
    case FIELD_U32:
        *(uint32_t *)at = (uint32_t)number_of(r, json, f->name, 0, UINT32_MAX);
        break;
    case FIELD_U64:
        *(uint64_t *)at = (uint64_t)number_of(r, json, f->name, 0, INT64_MAX);
        break;
    case FIELD_SIZE:
        *(size_t *)at = (size_t)number_of(r, json, f->name, 0, PTRDIFF_MAX);
        break;
    case FIELD_INT:
        *(int *)at = (int)number_of(r, json, f->name, 0, INT32_MAX);
        break;
    case FIELD_DOUBLE:
        *(double *)at = real_of(r, json, f->name);
        break;
    case FIELD_TEXT:
        *(const char **)at = json_is_null(json) ? NULL : text_of(r, json, f->name, 200);
        break;
    case FIELD_FORMAT:
        *(enum pixfer_format *)at =
            json_is_null(json) ? PIXFER_FORMAT_NONE : pixfer_format_from_name(text_of(r, json, f->name, 40));
        if (!json_is_null(json) && *(enum pixfer_format *)at == PIXFER_FORMAT_NONE)
            wrong(r, f->name, "a pixel format");
        break;
    }
}

static void read_fields(struct reading *r, const json_t *in, const char *key, const struct field *fields, void *to)
{
    const json_t *json = member(r, in, key, JSON_OBJECT);
    size_t count = 0;
    for (const struct field *f = fields; json && f->name && !r->failed; f++, count++) {
        const json_t *value = json_object_get(json, f->name);
        if (value)
            read_field(r, f, value, to);
        else
            wrong(r, f->name, "it is missing");
    }
    if (json && json_object_size(json) != count)
        wrong(r, key, "a member in it is not known");
}

static void read_metadata(struct reading *r, const json_t *in, struct pixfer_plan *p)
{
    const json_t *json = member(r, in, "metadata", JSON_ARRAY);
    const size_t count = json_array_size(json);
    if (count > PLAN_METADATA)
        wrong(r, "metadata", "at most 64 lines");
    for (size_t i = 0; i < count && !r->failed; i++) {
        const json_t *line = json_array_get(json, i);
        if (json_array_size(line) != 2)
            wrong(r, "metadata", "key and value");
        p->metadata[i].key = text_of(r, json_array_get(line, 0), "metadata", 200);
        p->metadata[i].value = text_of(r, json_array_get(line, 1), "metadata", 65536);
    }
    p->params.metadata = p->metadata;
    p->params.metadata_count = r->failed ? 0 : count;
}

static AVRational rational(struct reading *r, const json_t *in, const char *key)
{
    const json_t *json = member(r, in, key, JSON_ARRAY);
    if (json_array_size(json) != 2)
        wrong(r, key, "two whole numbers");
    return (AVRational){(int)number_of(r, json_array_get(json, 0), key, 1, INT32_MAX),
                        (int)number_of(r, json_array_get(json, 1), key, 1, INT32_MAX)};
}

static void read_times(struct reading *r, const json_t *in, struct frame_table *t)
{
    const json_t *json = member(r, in, "times", JSON_ARRAY);
    for (size_t i = 0; i < json_array_size(json) && !r->failed; i++) {
        const json_t *run = json_array_get(json, i);
        if (json_array_size(run) != 3)
            wrong(r, "times", "lists of step, length and count");
        const int64_t step = number_of(r, json_array_get(run, 0), "times", -(INT64_C(1) << 62), INT64_C(1) << 62);
        const int64_t lasts = number_of(r, json_array_get(run, 1), "times", 0, INT64_C(1) << 62);
        const int64_t count = number_of(r, json_array_get(run, 2), "times", 1, most_frames);
        int64_t first;
        if (!r->failed && (__builtin_add_overflow(t->frames ? t->last : 0, step, &first) ||
                           !pixfer_frames_add(t, first, lasts, (uint64_t)count, step)))
            wrong(r, "times", "times that grow, within 62 bits");
    }
    if (!t->frames || t->frames > (uint64_t)most_frames)
        wrong(r, "times", "1 to 2147483648 frames");
}

static void read_frames(struct reading *r, const json_t *in, struct pixfer_plan *p)
{
    static const char *const keys[] = {"total", "seconds", "rate", "tick", "times", NULL};
    const json_t *json = member(r, in, "frames", JSON_OBJECT);
    if (!json)
        return;
    only(r, json, keys);
    p->total = (uint64_t)number(r, json, "total", 1, most_frames);
    p->seconds = real_of(r, json_object_get(json, "seconds"), "seconds");
    p->fps = rational(r, json, "rate");
    p->ticking = !json_is_null(json_object_get(json, "tick"));
    p->tick = p->ticking ? rational(r, json, "tick") : (AVRational){0, 1};
    read_times(r, json, &p->frames);
}

static void read_stream(struct reading *r, const json_t *in, struct pixfer_plan *p)
{
    static const char *const keys[] = {"settings", "reordering", "tags", NULL};
    const json_t *json = member(r, in, "stream", JSON_OBJECT), *tags = json ? member(r, json, "tags", JSON_ARRAY) : NULL;
    int values[5];
    if (!json || !tags)
        return;
    only(r, json, keys);
    copy_text(r, json, "settings", p->settings, sizeof(p->settings));
    p->reordering = (int)number(r, json, "reordering", 0, 64);
    if (json_array_size(tags) != 5)
        wrong(r, "tags", "five numbers");
    for (size_t i = 0; i < 5; i++)
        values[i] = (int)number_of(r, json_array_get(tags, i), "tags", 0, 255);
    p->tags = (struct tags){.matrix = (enum AVColorSpace)values[0],
                            .primaries = (enum AVColorPrimaries)values[1],
                            .transfer = (enum AVColorTransferCharacteristic)values[2],
                            .range = (enum AVColorRange)values[3],
                            .location = (enum AVChromaLocation)values[4]};
}

/* A key lies before the frame that needs it. */
static void read_key(struct reading *r, const json_t *segment, struct plan_segment *to)
{
    static const char *const keys[] = {"pts", "bytes", "adler32", NULL};
    if (!json_object_get(segment, "key"))
        return;
    const json_t *json = member(r, segment, "key", JSON_OBJECT);
    if (!json)
        return;
    only(r, json, keys);
    to->key = (struct packet_mark){number(r, json, "pts", -(INT64_C(1) << 62), INT64_C(1) << 62),
                                   (int32_t)number(r, json, "bytes", 1, INT32_MAX),
                                   (uint32_t)number(r, json, "adler32", 0, UINT32_MAX)};
}

static void read_segments(struct reading *r, const json_t *in, struct pixfer_plan *p)
{
    static const char *const keys[] = {"first", "end", "key", NULL};
    const json_t *json = member(r, in, "segments", JSON_ARRAY);
    const size_t count = json_array_size(json);
    if (!count || count > PLAN_SEGMENTS || count > p->total)
        wrong(r, "segments", "1 to 100000 of them, one a frame at most");
    p->segments = r->failed ? NULL : calloc(count, sizeof(*p->segments));
    if (!p->segments)
        wrong(r, "segments", "memory is short");
    uint64_t at = 0;
    for (size_t k = 0; k < count && !r->failed; k++) {
        const json_t *segment = json_array_get(json, k);
        if (!json_is_object(segment))
            wrong(r, "segments", "objects with first and end");
        only(r, segment, keys);
        p->segments[k].first = (uint64_t)number(r, segment, "first", 0, most_frames);
        p->segments[k].end = (uint64_t)number(r, segment, "end", 0, most_frames);
        read_key(r, segment, &p->segments[k]);
        if (p->segments[k].first != at || p->segments[k].end <= at)
            wrong(r, "segments", "each begins where the one before ends, and none is empty");
        at = p->segments[k].end;
    }
    if (at != p->total)
        wrong(r, "segments", "they end with the last frame");
    p->count = (uint32_t)count;
}

static void check_together(struct reading *r, const struct pixfer_plan *p)
{
    const uint64_t passes = p->input.loop ? p->input.loop : 1;
    if (p->input.first > (uint64_t)most_frames || passes > (uint64_t)most_frames ||
        p->input.first + p->total > passes * p->frames.frames)
        wrong(r, "total", "no more frames than the input has");
    if (!p->input.name != !p->input_is.known || !p->input.audio != !p->audio_is.known)
        wrong(r, "paths", "a name for each file that the plan knows");
    if (!p->input.name && (p->ticking || passes > 1 || p->input.first))
        wrong(r, "frames", "no times, loops and ranges without an input");
    if (!p->params.encoder || !p->params.fps_num || !p->params.width || !p->params.height)
        wrong(r, "export", "encoder, rate and size");
}

static void read_plan(struct reading *r, const json_t *plan, const json_t *paths, struct pixfer_plan *p)
{
    static const char *const keys[] = {"format", "versions", "input",   "audio",    "frames", "stream",
                                       "export", "metadata", "reading", "segments", "tasks",  NULL};
    static const char *const path_keys[] = {"input", "input_there", "audio", "audio_there", "output", NULL};
    only(r, plan, keys);
    only(r, paths, path_keys);
    p->input.struct_size = sizeof(p->input);
    p->params.struct_size = sizeof(p->params);
    p->input.name = optional_text(r, paths, "input", 4096);
    p->input_path = optional_text(r, paths, "input_there", 4096);
    p->input.audio = optional_text(r, paths, "audio", 4096);
    p->audio_path = optional_text(r, paths, "audio_there", 4096);
    p->output = optional_text(r, paths, "output", 4096);
    read_identity(r, plan, "input", &p->input_is);
    read_identity(r, plan, "audio", &p->audio_is);
    read_fields(r, plan, "export", pixfer_params_fields, &p->params);
    read_fields(r, plan, "reading", pixfer_input_fields, &p->input);
    read_metadata(r, plan, p);
    read_frames(r, plan, p);
    read_stream(r, plan, p);
    if (!r->failed)
        read_segments(r, plan, p);
    p->tasks = (uint32_t)number(r, plan, "tasks", p->count, PLAN_SEGMENTS);
    if (!r->failed)
        check_together(r, p);
}

/* The versions come first: what another one writes may look different otherwise. */
static enum pixfer_result read_versions(struct reading *r, const json_t *plan, struct pixfer_plan *p)
{
    static const char *const keys[] = {"pixfer", "libav", "encoder", NULL};
    const json_t *versions = member(r, plan, "versions", JSON_OBJECT);
    if (!versions)
        return PIXFER_ERR_INVALID;
    copy_text(r, versions, "pixfer", p->versions.pixfer, sizeof(p->versions.pixfer));
    struct plan_versions own;
    pixfer_plan_versions(&own, NULL);
    if (!r->failed && strcmp(own.pixfer, p->versions.pixfer) != 0)
        return pixfer_report_fail(
            r->report, PIXFER_ERR_UNSUPPORTED,
            "plan: it was made by pixfer %s, and this is pixfer %s: every step needs the version that planned it",
            p->versions.pixfer, own.pixfer);
    only(r, versions, keys);
    copy_text(r, versions, "libav", p->versions.libav, sizeof(p->versions.libav));
    copy_text(r, versions, "encoder", p->versions.encoder, sizeof(p->versions.encoder));
    return r->failed ? PIXFER_ERR_INVALID : PIXFER_OK;
}

static enum pixfer_result read_root(struct reading *r, const json_t *root, struct pixfer_plan *p)
{
    static const char *const keys[] = {"id", "plan", "paths", NULL};
    if (!json_is_object(root) || !json_is_object(json_object_get(root, "plan")) ||
        !json_is_string(json_object_get(json_object_get(root, "plan"), "format")))
        return pixfer_report_fail(r->report, PIXFER_ERR_INVALID,
                                  "plan: it is JSON, but no plan: expected what 'pixfer plan' prints");
    const json_t *plan = member(r, root, "plan", JSON_OBJECT), *paths = member(r, root, "paths", JSON_OBJECT);
    enum pixfer_result result = read_versions(r, plan, p);
    if (result != PIXFER_OK)
        return result;
    if (strcmp(json_string_value(json_object_get(plan, "format")), format_name) != 0)
        wrong(r, "format", format_name);
    only(r, root, keys);
    snprintf(p->id_text, sizeof(p->id_text), "%s", text_of(r, json_object_get(root, "id"), "id", 64));
    if (!r->failed && (!from_hex(p->id_text, p->id, SEAL_ID)))
        wrong(r, "id", "64 hexadecimal digits");
    uint8_t id[SEAL_ID];
    if (!r->failed && (!hash_plan(plan, id) || memcmp(id, p->id, SEAL_ID) != 0))
        wrong(r, "id", "the hash of what the plan says; it was changed: make it again with 'pixfer plan'");
    if (!r->failed)
        read_plan(r, plan, paths, p);
    return r->failed ? PIXFER_ERR_INVALID : PIXFER_OK;
}

enum pixfer_result pixfer_manifest_parse(struct pixfer_plan *p, const char *text, size_t size, struct report *report)
{
    struct reading r = {.report = report};
    json_error_t error;
    json_t *root = json_loadb(text, size, JSON_REJECT_DUPLICATES, &error);
    p->json = root; /* strings are used from there */
    if (!root)
        return pixfer_report_fail(report, PIXFER_ERR_INVALID, "plan: it is no JSON that can be read: line %d: %.120s", error.line,
                                  error.text);
    enum pixfer_result result = read_root(&r, root, p);
    if (result == PIXFER_OK && !(p->text = dump(root, p->frames.count > 64)))
        result = pixfer_report_fail(report, PIXFER_ERR_NO_MEMORY, "plan: out of memory");
    return result;
}

void pixfer_manifest_free(void *json)
{
    json_decref(json);
}
#endif
#endif

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* Plans that lie, with the right hash: counts, ranges, types, names. None is taken, each is answered with one line. */
#include <unistd.h>

#include "sealed.h"

static int failures, checks;

/* Made once: a plan asks the encoder. */
static json_t *copy_of_plan(int input)
{
    static json_t *plans[2];
    if (!plans[input])
        plans[input] = sealed_plan(input);
    return json_deep_copy(plans[input]);
}

/* A member by its path, "plan.frames.total" or "plan.segments.1.end". */
static json_t *find(json_t *at, const char *path, char *last)
{
    char step[64];
    for (;;) {
        size_t length = strcspn(path, ".");
        snprintf(step, sizeof(step), "%.*s", (int)length, path);
        if (!path[length]) {
            strcpy(last, step);
            return at;
        }
        at = json_is_array(at) ? json_array_get(at, (size_t)atoi(step)) : json_object_get(at, step);
        path += length + 1;
    }
}

static void put(json_t *root, const char *path, const char *value)
{
    char last[64];
    json_t *at = find(root, path, last), *json = value ? json_loads(value, JSON_DECODE_ANY, NULL) : NULL;
    if (!at || (value && !json)) {
        printf("the test has no %s or no value %s\n", path, value ? value : "");
        failures++;
    } else if (!value)
        json_object_del(at, last);
    else if (json_is_array(at))
        json_array_set_new(at, (size_t)atoi(last), json);
    else
        json_object_set_new(at, last, json);
}

/* value NULL: without that member. */
static void refuse(int input, const char *path, const char *value)
{
    char error[400] = "";
    struct pixfer_plan *plan = NULL;
    json_t *root = copy_of_plan(input);
    put(root, path, value);
    char *text = json_object_get(root, "plan") ? sealed_text(root) : json_dumps(root, 0);
    enum pixfer_result result = pixfer_plan_parse(&plan, text, strlen(text), error, sizeof(error));
    checks++;
    if (result == PIXFER_OK || plan || !*error || strchr(error, '\n')) {
        printf("%s = %.60s: result %d, '%s'\n", path, value ? value : "nothing", result, error);
        failures++;
    }
    pixfer_plan_close(&plan);
    free(text);
    json_decref(root);
}

static void accept(int input)
{
    char error[400] = "";
    struct pixfer_plan *plan = NULL;
    json_t *root = copy_of_plan(input);
    char *text = sealed_text(root);
    if (pixfer_plan_parse(&plan, text, strlen(text), error, sizeof(error)) != PIXFER_OK) {
        printf("an honest plan is refused: %s\n", error);
        failures++;
    }
    pixfer_plan_close(&plan);
    free(text);
    json_decref(root);
}

/* Every member, everywhere, of another type or missing. */
static void refuse_types(const json_t *at, const char *path, int input)
{
    static const char *const others[] = {"true", "{\"a\": [1]}", "[[[]]]", "1e300", "12.5", "-1", "\"../../../etc/passwd\""};
    const char *key;
    json_t *value;
    json_object_foreach ((json_t *)at, key, value) {
        char inner[200];
        snprintf(inner, sizeof(inner), "%s%s%s", path, *path ? "." : "", key);
        const int type = json_typeof(value), name = !strncmp(inner, "paths.", 6);
        if (!strcmp(inner, "id"))
            continue;
        refuse(input, inner, NULL);
        for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
            const int text = others[i][0] == '"' && i == 6, number = i == 3 || i == 4 || i == 5;
            if ((text && (type == JSON_STRING || type == JSON_NULL)) || (number && type == JSON_REAL))
                continue; /* another text, another number */
            if (!(name && text) && !(i == 5 && !strcmp(key, "changed_ns")) && !(i == 5 && !strcmp(key, "pts")))
                refuse(input, inner, others[i]);
        }
        if (type == JSON_OBJECT)
            refuse_types(value, inner, input);
    }
}

int main(void)
{
    json_t *root = copy_of_plan(1);
    if (!root) {
        printf("skipped: libx264 is not there\n");
        return 77;
    }
    accept(0);
    accept(1);
    refuse_types(root, "", 1);
    json_decref(root);
    static const char *const lies[][2] = {
        {"plan.frames.total", "0"},
        {"plan.frames.total", "41"},
        {"plan.frames.total", "9223372036854775807"},
        {"plan.frames.total", "2147483648"},
        {"plan.frames.times", "[]"},
        {"plan.frames.times", "[[0, 40, 0]]"},
        {"plan.frames.times", "[[0, 40, 1], [0, 40, 39]]"},
        {"plan.frames.times", "[[0, 40, 1], [-40, 40, 39]]"},
        {"plan.frames.times", "[[4611686018427387904, 40, 1], [4611686018427387904, 40, 39]]"},
        {"plan.frames.times", "[[0, 40, 1], [4611686018427387904, 40, 2147483648]]"},
        {"plan.frames.times", "[[0, 40, 2147483648], [40, 40, 2147483648]]"},
        {"plan.frames.times", "[[0, 40]]"},
        {"plan.frames.rate", "[0, 1]"},
        {"plan.frames.rate", "[25, 0]"},
        {"plan.frames.rate", "[25]"},
        {"plan.frames.tick", "[1, 2147483648]"},
        {"plan.segments", "[]"},
        {"plan.segments", "[{\"first\": 0, \"end\": 40}, {\"first\": 40, \"end\": 40}]"},
        {"plan.segments.0.first", "1"},
        {"plan.segments.1.first", "9"},
        {"plan.segments.1.end", "10"},
        {"plan.segments.3.end", "41"},
        {"plan.segments.3.end", "-1"},
        {"plan.segments.3.more", "1"},
        {"plan.segments.1.key.bytes", "0"},
        {"plan.segments.1.key.bytes", "-5"},
        {"plan.segments.1.key.pts", "9223372036854775807"},
        {"plan.segments.1.key.adler32", "4294967296"},
        {"plan.tasks", "3"},
        {"plan.tasks", "100001"},
        {"plan.export.width", "4294967296"},
        {"plan.export.width", "0"},
        {"plan.export.encoder", "null"},
        {"plan.export.format", "\"noise\""},
        {"plan.export.new_setting", "1"},
        {"plan.reading.loop", "-1"},
        {"plan.reading.first", "1"},
        {"plan.reading.first", "9223372036854775807"},
        {"plan.stream.tags", "[1, 2, 3]"},
        {"plan.stream.tags", "[1, 2, 3, 4, 256]"},
        {"plan.stream.reordering", "65"},
        {"plan.metadata", "[[\"a\"]]"},
        {"plan.metadata", "[[\"a\", \"b\", \"c\"]]"},
        {"plan.input.sha256_of_head_and_tail", "\"0123\""},
        {"plan.input.sha256_of_head_and_tail", "\"0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef\""},
        {"plan.input", "null"},
        {"plan.audio", "{\"files\": 1}"},
        {"plan.versions.pixfer", "\"0.0.0\""},
        {"plan.more", "1"},
        {"paths.more", "1"},
        {"more", "1"},
        {"paths.input", "null"},
        {"plan.format", "\"pixfer plan 2\""},
    };
    for (size_t i = 0; i < sizeof(lies) / sizeof(*lies); i++)
        refuse(1, lies[i][0], lies[i][1]);
    printf("%d plans were refused\n", checks);
    return failures != 0;
}

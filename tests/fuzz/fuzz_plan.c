/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* Plans from anywhere: bytes as they are, and a plan whose members they change, with its hash made right again so that what is behind the
 * hash is reached. What is accepted has to hold together. */
#include <stdlib.h>

#include "../farm/sealed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void give_up(const char *what, const char *text)
{
    printf("%s: %s\n", what, text);
    fflush(stdout);
    abort();
}

static void check(const char *text, size_t size)
{
    char error[200] = "";
    struct pixfer_plan *plan = NULL;
    struct pixfer_plan_info info = PIXFER_PLAN_INFO();
    const struct pixfer_plan_host host = PIXFER_PLAN_HOST(.folder = "/nonexistent");
    uint64_t first = 0, end = 0, at = 0;
    enum pixfer_result result = pixfer_plan_parse(&plan, text, size, error, sizeof(error));
    if (result != PIXFER_OK) {
        if (plan || !*error || strchr(error, '\n'))
            give_up("refused without a line", error);
        return;
    }
    pixfer_plan_get_info(plan, &info);
    if (!info.segments || info.segments > info.frames || info.tasks < info.segments || strlen(info.id) != 64 ||
        strspn(info.id, "0123456789abcdef") != 64)
        give_up("a plan that does not hold together", text);
    for (uint32_t k = 0; pixfer_plan_get_segment(plan, k, &first, &end); k++) {
        if (first != at || end <= first)
            give_up("segments that do not hold together", text);
        at = end;
    }
    if (at != info.frames)
        give_up("frames that are in no segment", text);
    struct pixfer_segment_status status = PIXFER_SEGMENT_STATUS();
    if (pixfer_plan_get_status(plan, info.segments - 1, &host, 1, &status) != PIXFER_OK || status.state != PIXFER_SEGMENT_MISSING)
        give_up("a segment in a folder that is not there", text);
    pixfer_plan_close(&plan);
}

static uint8_t take(const uint8_t **data, size_t *size)
{
    if (!*size)
        return 0;
    (*size)--;
    return *(*data)++;
}

static json_t *value(const uint8_t **data, size_t *size)
{
    static const json_int_t numbers[] = {0,
                                         1,
                                         -1,
                                         2,
                                         9,
                                         10,
                                         39,
                                         40,
                                         41,
                                         255,
                                         256,
                                         65535,
                                         INT32_MAX,
                                         (json_int_t)INT32_MAX + 1,
                                         UINT32_MAX,
                                         INT64_MAX,
                                         INT64_MIN,
                                         (json_int_t)1 << 62,
                                         -((json_int_t)1 << 62),
                                         100000,
                                         100001};
    static const char *const texts[] = {"", "rgba", "../..", "libx264", "0.1.0", "/dev/zero", "\xc3\xa4"};
    uint8_t kind = take(data, size), which = take(data, size);
    switch (kind % 8) {
    case 0:
        return json_null();
    case 1:
        return json_string(texts[which % (sizeof(texts) / sizeof(*texts))]);
    case 2:
        return json_real((double)(int8_t)which * 1e30);
    case 3:
        return json_array();
    case 4:
        return json_object();
    case 5:
        return json_pack("[i, i, i]", which, take(data, size), take(data, size));
    case 6:
        return json_integer((int8_t)which);
    default:
        return json_integer(numbers[which % (sizeof(numbers) / sizeof(*numbers))]);
    }
}

/* Goes down where the bytes lead, and changes, adds or removes something there. */
static void change(json_t *at, const uint8_t **data, size_t *size)
{
    for (int depth = 0; depth < 6; depth++) {
        uint8_t step = take(data, size);
        if (json_is_object(at) && json_object_size(at)) {
            size_t index = step % json_object_size(at);
            void *member = json_object_iter(at);
            while (index--)
                member = json_object_iter_next(at, member);
            json_t *inner = json_object_iter_value(member);
            uint8_t what = take(data, size);
            if (what >= 16 && (json_is_object(inner) || (json_is_array(inner) && json_array_size(inner)))) {
                at = inner;
                continue;
            }
            if (what == 0)
                json_object_del(at, json_object_iter_key(member));
            else
                json_object_set_new(at, json_object_iter_key(member), value(data, size));
            return;
        }
        if (!json_is_array(at) || !json_array_size(at))
            return;
        size_t index = step % json_array_size(at);
        json_t *inner = json_array_get(at, index);
        uint8_t what = take(data, size);
        if (what >= 16 && (json_is_object(inner) || json_is_array(inner))) {
            at = inner;
            continue;
        }
        if (what == 0)
            json_array_remove(at, index);
        else if (what == 1)
            json_array_insert_new(at, index, json_deep_copy(inner));
        else
            json_array_set_new(at, index, value(data, size));
        return;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static json_t *plans[2];
    check((const char *)data, size);
    for (int i = 0; i < 2; i++)
        if (!plans[i])
            plans[i] = sealed_plan(i);
    if (!size || !plans[0] || !plans[1])
        return 0;
    json_t *root = json_deep_copy(plans[take(&data, &size) & 1]);
    for (int i = take(&data, &size) % 4; i >= 0; i--)
        change(root, &data, &size);
    char *text = sealed_text(root);
    if (text)
        check(text, strlen(text));
    free(text);
    json_decref(root);
    return 0;
}

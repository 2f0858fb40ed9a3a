/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include <jansson.h>

#include "../machine_json.h"
#include "selftest.h"

static void set_measured(json_t *object, const char *key, double value)
{
    if (value >= 0)
        json_object_set_new(object, key, json_real(value));
}

char *selftest_report_json(const struct selftest *t)
{
    json_t *list = json_array();
    for (size_t i = 0; i < t->count; i++) {
        const struct finding *f = &t->findings[i];
        json_t *object = json_pack("{s:s, s:s, s:s, s:s}", "area", f->area, "name", f->name, "verdict", verdict_name(f->verdict),
                                   "text", f->text);
        if (!object) /* text of a driver that is no UTF-8 */
            object = json_pack("{s:s, s:s, s:s}", "area", f->area, "verdict", verdict_name(f->verdict), "text", "not printable");
        set_measured(object, "worst_luma", f->worst_luma);
        set_measured(object, "worst_chroma", f->worst_chroma);
        set_measured(object, "mean", f->mean);
        set_measured(object, "ms", f->ms);
        if (f->picture)
            json_object_set_new(object, "picture", json_string(f->picture));
        json_array_append_new(list, object);
    }
    json_t *report =
        json_pack("{s:s, s:o, s:{s:I, s:I, s:I, s:I}, s:s, s:o}", "pixfer", pixfer_version(), "machine", machine_json(), "counts",
                  "ok", (json_int_t)t->works, "differs", (json_int_t)t->differs, "refused", (json_int_t)t->refused, "absent",
                  (json_int_t)t->absent, "conclusion", t->conclusion, "findings", list);
    char *text = report ? json_dumps(report, JSON_INDENT(2) | JSON_PRESERVE_ORDER) : NULL;
    json_decref(report);
    return text;
}

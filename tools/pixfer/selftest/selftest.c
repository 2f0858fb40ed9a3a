/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "selftest.h"

#include <pixfer/exporter.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "../../../src/platform/platform.h"
#include "../machine.h"

double selftest_now(void)
{
    return pixfer_now();
}

bool selftest_late(const struct selftest *t)
{
    return selftest_now() - t->started > t->budget_s;
}

const char *verdict_name(enum verdict verdict)
{
    static const char *const names[] = {"ok", "DIFFERS", "refused", "absent", "note"};
    return names[verdict];
}

static struct finding *grow(struct selftest *t)
{
    if (t->count == t->capacity) {
        size_t capacity = t->capacity ? 2 * t->capacity : 64;
        struct finding *grown = realloc(t->findings, capacity * sizeof(*grown));
        if (!grown) {
            t->incomplete = true;
            return NULL;
        }
        t->findings = grown;
        t->capacity = capacity;
    }
    return &t->findings[t->count++];
}

struct finding *selftest_add(struct selftest *t, enum verdict verdict, const char *area, const char *name, const char *format,
                             ...)
{
    struct finding made = {.verdict = verdict, .worst_luma = -1, .worst_chroma = -1, .mean = -1, .ms = -1};
    va_list list;
    snprintf(made.area, sizeof(made.area), "%s", area);
    snprintf(made.name, sizeof(made.name), "%s", name);
    va_start(list, format);
    vsnprintf(made.text, sizeof(made.text), format, list);
    va_end(list);
    t->works += verdict == VERDICT_WORKS;
    t->differs += verdict == VERDICT_DIFFERS;
    t->refused += verdict == VERDICT_REFUSED;
    t->absent += verdict == VERDICT_ABSENT;
    if (t->terminal)
        fprintf(t->terminal, "%-8s %s, %s: %s\n", verdict_name(verdict), made.area, made.name, made.text);
    struct finding *f = grow(t);
    if (f)
        *f = made;
    return f;
}

void selftest_free(struct selftest *t)
{
    for (size_t i = 0; i < t->count; i++)
        free(t->findings[i].picture);
    free(t->findings);
    t->findings = NULL;
    t->count = t->capacity = 0;
}

/* ---- The machine ---------------------------------------------------------------------------------------------------------- */

void selftest_system(struct selftest *t)
{
    char list[200] = "";
    for (const char *const *name = pixfer_cpu_names(); *name; name++)
        snprintf(list + strlen(list), sizeof(list) - strlen(list), "%s%s", *list ? ", " : "", *name);
    selftest_add(t, VERDICT_NOTE, "system", "pixfer", "%s, built with %s", pixfer_version(), machine_compiler());
    selftest_add(t, VERDICT_NOTE, "system", "processor", "%s, %u logical processors may be used", machine_cpu_name(),
                 machine_processors());
    selftest_add(t, VERDICT_NOTE, "system", "system", "%s", machine_system());
    selftest_add(t, VERDICT_NOTE, "system", "instruction sets", "%s", list);
    selftest_add(t, VERDICT_NOTE, "system", "libraries", "%s", pixfer_exporter_libav_versions());
}

/* ---- The end -------------------------------------------------------------------------------------------------------------- */

/* What AUTO takes for the conversion that a recorder asks for, by taking it. */
static void chosen_converter(char *text, size_t size)
{
    struct pixfer_converter *c = NULL;
    struct pixfer_converter_info info = {0};
    enum pixfer_result result =
        pixfer_converter_open(&c, &PIXFER_CONVERTER_PARAMS(.src_format = PIXFER_FORMAT_BGRA, .dst_format = PIXFER_FORMAT_NV12,
                                                           .width = 1920, .height = 1080));
    if (result != PIXFER_OK) {
        snprintf(text, size, "no converter (%s)", pixfer_strerror(result));
        return;
    }
    pixfer_converter_get_info(c, &info);
    snprintf(text, size, "%s%s%s", info.backend_name, *info.isa ? " " : "", info.isa);
    pixfer_converter_close(&c);
}

static const char *chosen_encoder(void)
{
    for (const char *const *name = pixfer_encoder_names(); *name; name++) {
        char reason[256];
        if (pixfer_encoder_works(*name, reason, sizeof(reason)))
            return *name;
    }
    return "no encoder";
}

void selftest_conclude(struct selftest *t)
{
    char converter[64], wrong[64] = "everything that is here works";
    chosen_converter(converter, sizeof(converter));
    if (t->differs)
        snprintf(wrong, sizeof(wrong), "%zu %s not as promised", t->differs, t->differs == 1 ? "is" : "are");
    snprintf(t->conclusion, sizeof(t->conclusion), "%zu findings: %s; what will be used: %s to convert, %s to encode%s", t->count,
             wrong, converter, chosen_encoder(), t->incomplete ? "; memory ran out for some findings" : "");
    if (t->terminal)
        fprintf(t->terminal, "%s\n", t->conclusion);
}

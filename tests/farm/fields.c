/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* Every member of the exporter's parameters and of its input is carried by a plan, or said not to be: a setting that is added, and that a
 * plan would lose without a word, fails here. Holes are what alignment leaves. */
#include <pixfer/exporter.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "../../src/exporter/plan/fields.h"

static int failures;

static void cover(unsigned char *bytes, const struct field *f, const char *what)
{
    for (; f->name; f++)
        for (size_t i = 0; i < f->size; i++)
            if (bytes[f->offset + i]++) {
                printf("%s: %s is there twice\n", what, f->name);
                failures++;
                break;
            }
}

/* A member that is left out is at least four bytes; at an offset that would fit one, it is no hole. */
static void check(const unsigned char *bytes, size_t size, const char *what)
{
    for (size_t at = 0; at < size; at++) {
        size_t end = at;
        while (end < size && !bytes[end])
            end++;
        if (end == at)
            continue;
        const bool hole = end - at == 4 && at % 8 == 4; /* before or behind a pointer or a double */
        if (!hole || (end < size && end % 8)) {
            printf("%s: bytes %zu to %zu belong to no field: add the new member to src/exporter/plan/fields.c\n", what, at, end);
            failures++;
        }
        at = end;
    }
}

int main(void)
{
    unsigned char params[sizeof(struct pixfer_exporter_params)] = {0}, input[sizeof(struct pixfer_input)] = {0};
    cover(params, pixfer_params_fields, "params");
    cover(params, pixfer_params_others, "params");
    check(params, sizeof(params), "params");
    cover(input, pixfer_input_fields, "input");
    cover(input, pixfer_input_others, "input");
    check(input, sizeof(input), "input");
    return failures != 0;
}

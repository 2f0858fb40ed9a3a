/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_EXPORTER_PLAN_FIELDS_H
#define PIXFER_EXPORTER_PLAN_FIELDS_H

/* The members of the exporter's structs that decide what comes out, as the plan carries them. A new member has its line in fields.c, in one of the
 * two lists: tests/farm/fields.c fails until it has. */

#include <stddef.h>
#include <stdint.h>

enum field_kind {
    FIELD_U32,
    FIELD_U64,
    FIELD_SIZE,
    FIELD_INT, /* and enumerations */
    FIELD_DOUBLE,
    FIELD_TEXT,
    FIELD_FORMAT, /* enum pixfer_format, by its name */
};

struct field {
    const char *name; /* NULL ends a list */
    size_t offset, size;
    enum field_kind kind;
};

extern const struct field pixfer_params_fields[], pixfer_input_fields[];
/* What the plan does not carry: the host's own affairs, and what is said elsewhere. `kind` is of no meaning. */
extern const struct field pixfer_params_others[], pixfer_input_others[];

#endif

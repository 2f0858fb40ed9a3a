/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_TOOL_PROGRESS_H
#define PIXFER_TOOL_PROGRESS_H

/* What an export shows while it runs: log lines and, below them, how far it is. Safe to call from several threads. */

#include <pixfer/exporter.h>
#include <stdbool.h>

enum progress_mode {
    PROGRESS_AUTO,  /* a bar on a terminal that can draw one, else plain lines */
    PROGRESS_BAR,   /* one line on stderr that is drawn again, as wide as the terminal */
    PROGRESS_PLAIN, /* a line on stderr every other second */
    PROGRESS_JSON,  /* an object a line on stdout, as often */
    PROGRESS_NONE,
};

struct progress {
    enum progress_mode mode;
    int level;        /* log lines up to this one are shown */
    bool drawn;       /* a bar is on the terminal */
    double last_line; /* seconds of the export when the last line was written */
    int error;        /* errno of the first write to stdout that failed; nothing more is written there */
};

/* `quiet` shows nothing; JSON, which is asked for by name, stays. */
void progress_init(struct progress *p, enum progress_mode mode, bool quiet, int level);
void progress_log(void *opaque, int level, const char *message); /* a pixfer_log_callback */
void progress_show(struct progress *p, const struct pixfer_progress *state);
/* The last record, where they are JSON: "result" is "done", "failed", "interrupted" (the file is finished) or "stopped". */
void progress_end(struct progress *p, const char *result, const char *output, const char *error,
                  const struct pixfer_exporter_stats *stats);
/* Takes the bar off the terminal. */
void progress_clear(struct progress *p);

/* The bar as text of exactly `columns` columns or fewer. */
void progress_format_bar(char *text, size_t size, unsigned columns, const struct pixfer_progress *state);

/* "3.4 MB" */
const char *progress_bytes(char *text, size_t size, double bytes);

#endif

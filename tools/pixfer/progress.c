/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "progress.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/platform/platform.h"
#include "../../src/platform/process.h"
#include "text.h"

static const double line_interval = 2;
static pixfer_lock lock = PIXFER_LOCK_INIT;

void progress_init(struct progress *p, enum progress_mode mode, bool quiet, int level)
{
    if (mode == PROGRESS_AUTO)
        mode = pixfer_terminal_draws() ? PROGRESS_BAR : PROGRESS_PLAIN;
    if (quiet && mode != PROGRESS_JSON)
        mode = PROGRESS_NONE;
    *p = (struct progress){.mode = mode, .level = level};
}

/* ---- Text ------------------------------------------------------------------------------------------------------------------ */

const char *progress_bytes(char *text, size_t size, double bytes)
{
    static const char *const units[] = {"B", "kB", "MB", "GB", "TB"};
    int unit = 0;
    for (; bytes >= 999.5 && unit < 4; unit++)
        bytes /= 1000;
    snprintf(text, size, unit && bytes < 99.95 ? "%.1f %s" : "%.0f %s", bytes, units[unit]);
    return text;
}

static void format_duration(char *text, size_t size, double seconds)
{
    unsigned long s = (unsigned long)(seconds + 0.5);
    if (s < 3600)
        snprintf(text, size, "%lu:%02lu", s / 60, s % 60);
    else
        snprintf(text, size, "%lu:%02lu:%02lu", s / 3600, s / 60 % 60, s % 60);
}

/* Negative: not known. */
static double remaining(const struct pixfer_progress *s)
{
    if (!s->frames_total || s->fps <= 0 || s->frames > s->frames_total)
        return -1;
    return (double)(s->frames_total - s->frames) / s->fps;
}

static double share_done(const struct pixfer_progress *s)
{
    double share = s->frames_total ? (double)s->frames / (double)s->frames_total : 0;
    return share > 1 ? 1 : share;
}

/* Appends a part if it fits; the first ones are the ones that matter most. */
static void add_part(char *text, size_t size, unsigned columns, const char *part)
{
    size_t used = strlen(text), more = strlen(part) + (used ? 2 : 0);
    if (used + more <= columns && used + more < size)
        snprintf(text + used, size - used, "%s%s", used ? "  " : "", part);
}

static void format_parts(char *text, size_t size, unsigned columns, const struct pixfer_progress *s)
{
    char part[64], value[32];
    text[0] = 0;
    if (s->frames_total)
        snprintf(part, sizeof(part), "%llu/%llu", (unsigned long long)s->frames, (unsigned long long)s->frames_total);
    else
        snprintf(part, sizeof(part), "%llu frames", (unsigned long long)s->frames);
    add_part(text, size, columns, part);
    snprintf(part, sizeof(part), "%.1f fps", s->fps);
    add_part(text, size, columns, part);
    if (remaining(s) >= 0) {
        format_duration(value, sizeof(value), remaining(s));
        snprintf(part, sizeof(part), "eta %s", value);
        add_part(text, size, columns, part);
    }
    snprintf(part, sizeof(part), "%.2fx", s->speed);
    add_part(text, size, columns, part);
    add_part(text, size, columns, progress_bytes(value, sizeof(value), (double)s->bytes));
    if (!strcmp(s->stage, "finalise"))
        add_part(text, size, columns, "finalising");
}

void progress_format_bar(char *text, size_t size, unsigned columns, const struct pixfer_progress *s)
{
    enum { WIDEST = 40, NARROWEST = 10 };
    char parts[256];
    format_parts(parts, sizeof(parts), columns, s);
    size_t used = strlen(parts);
    unsigned left = columns > used ? columns - (unsigned)used : 0;
    if (!s->frames_total || left < NARROWEST + 10) { /* brackets, percentage, spaces */
        snprintf(text, size, "%s", parts);
        return;
    }
    unsigned width = left - 10 < WIDEST ? left - 10 : WIDEST;
    unsigned done = (unsigned)(share_done(s) * width + 0.5);
    char bar[WIDEST + 1];
    memset(bar, '#', done);
    memset(bar + done, '.', width - done);
    bar[width] = 0;
    snprintf(text, size, "[%s] %3.0f %%  %s", bar, share_done(s) * 100, parts);
}

/* ---- Where it goes --------------------------------------------------------------------------------------------------------- */

/* Asked at every drawing: that is all a change of the terminal's size needs. */
static unsigned terminal_columns(void)
{
    unsigned told = pixfer_terminal_columns();
    if (told)
        return told;
    const char *text = getenv("COLUMNS");
    long columns = text ? strtol(text, NULL, 10) : 0;
    return columns > 0 && columns < 1000 ? (unsigned)columns : 80;
}

static void clear(struct progress *p)
{
    if (p->drawn)
        fputs("\r\033[K", stderr);
    p->drawn = false;
}

static void draw(struct progress *p, const struct pixfer_progress *state)
{
    char text[512];
    unsigned columns = terminal_columns();
    /* The last column stays free: terminals wrap when it is written. */
    progress_format_bar(text, sizeof(text), columns > 1 ? columns - 1 : 1, state);
    fprintf(stderr, "\r%s\033[K", text);
    fflush(stderr);
    p->drawn = true;
}

static void print_plain(const struct pixfer_progress *s)
{
    char parts[256];
    format_parts(parts, sizeof(parts), 250, s);
    if (s->frames_total)
        fprintf(stderr, "%3.0f %%  %s\n", share_done(s) * 100, parts);
    else
        fprintf(stderr, "%s\n", parts);
}

/* JSON has no infinity. */
static void print_number(const char *key, double value, int digits)
{
    if (isfinite(value))
        printf(", \"%s\": %.*f", key, digits, value);
    else
        printf(", \"%s\": null", key);
}

static void send(struct progress *p)
{
    if (fputc('\n', stdout) == EOF || fflush(stdout))
        p->error = errno ? errno : EIO;
}

static void print_json(struct progress *p, const struct pixfer_progress *s)
{
    double eta = remaining(s);
    printf("{\"frames\": %llu, \"frames_total\": ", (unsigned long long)s->frames);
    printf(s->frames_total ? "%llu" : "null", (unsigned long long)s->frames_total);
    print_number("seconds", s->seconds, 3);
    print_number("fps", s->fps, 3);
    print_number("speed", s->speed, 4);
    print_number("eta_s", eta >= 0 ? eta : INFINITY, 1);
    printf(", \"bytes\": %llu, \"stage\": ", (unsigned long long)s->bytes);
    text_json(stdout, s->stage);
    fputc('}', stdout);
    send(p);
}

void progress_end(struct progress *p, const char *result, const char *output, const char *error,
                  const struct pixfer_exporter_stats *s)
{
    pixfer_lock_take(&lock);
    if (p->mode == PROGRESS_JSON && !p->error) {
        printf("{\"result\": \"%s\", \"output\": ", result);
        text_json(stdout, output);
        printf(", \"frames\": %llu, \"bytes\": %llu", (unsigned long long)s->frames, (unsigned long long)s->bytes);
        print_number("seconds", s->wall_s, 3);
        print_number("fps", s->fps, 3);
        printf(", \"error\": ");
        if (error)
            text_json(stdout, error);
        else
            printf("null");
        fputc('}', stdout);
        send(p);
    }
    pixfer_lock_drop(&lock);
}

void progress_show(struct progress *p, const struct pixfer_progress *state)
{
    pixfer_lock_take(&lock);
    bool due = state->seconds - p->last_line >= line_interval;
    if (p->mode == PROGRESS_BAR)
        draw(p, state);
    else if (p->mode == PROGRESS_PLAIN && due)
        print_plain(state);
    else if (p->mode == PROGRESS_JSON && due && !p->error)
        print_json(p, state);
    if (due)
        p->last_line = state->seconds;
    pixfer_lock_drop(&lock);
}

void progress_log(void *opaque, int level, const char *message)
{
    static const char *const labels[] = {"", "warning: ", "", ""};
    struct progress *p = opaque;
    if (level > p->level)
        return;
    pixfer_lock_take(&lock);
    clear(p);
    text_line("pixfer: %s%s", labels[level & 3], message);
    pixfer_lock_drop(&lock);
}

void progress_clear(struct progress *p)
{
    pixfer_lock_take(&lock);
    clear(p);
    pixfer_lock_drop(&lock);
}

/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "../../../src/platform/files.h"
#include "../json.h"
#include "selftest.h"

static bool ends_in(const char *path, const char *ending)
{
    size_t length = strlen(path), tail = strlen(ending);
    return length > tail && !strcmp(path + length - tail, ending);
}

bool selftest_report_check(const struct args *args)
{
    if (ends_in(args->value, ".json"))
        return json_allowed(args);
    if (ends_in(args->value, ".html"))
        return true;
    usage_error(args, "--report: found '%s', expected a name that ends in .json or .html", args->value);
    return false;
}

static void escaped(FILE *out, const char *text)
{
    for (; *text; text++)
        if (*text == '&')
            fputs("&amp;", out);
        else if (*text == '<')
            fputs("&lt;", out);
        else if (*text == '"')
            fputs("&quot;", out);
        else
            fputc(*text, out);
}

static const char head[] =
    "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\n"
    "<title>pixfer selftest</title>\n<style>\n"
    "body{font:16px/1.5 sans-serif;max-width:60em;margin:1em auto;padding:0 1em;color:#222}\n"
    "h1{font-size:1.4em}h2{font-size:1.1em;margin-top:2em}\n"
    ".f{border-left:.4em solid #ced4da;padding:.2em .8em;margin:.3em 0;overflow-wrap:anywhere}\n"
    ".ok{border-color:#2b8a3e}.DIFFERS{border-color:#c92a2a;background:#fff5f5}.refused{border-color:#f08c00}\n"
    ".f b{margin-right:.5em}.f img{display:block;width:100%;max-width:45em;margin:.5em 0;image-rendering:pixelated}\n"
    "</style></head><body>\n<h1>pixfer selftest</h1>\n";

static void html_finding(FILE *out, const struct finding *f)
{
    fprintf(out, "<div class=\"f %s\"><b>%s</b>", verdict_name(f->verdict), verdict_name(f->verdict));
    escaped(out, f->name);
    fputs(": ", out);
    escaped(out, f->text);
    if (f->picture)
        fprintf(out, "<img alt=\"expected, found, and eight times the difference\" src=\"%s\">", f->picture);
    fputs("</div>\n", out);
}

static char *write_html(const struct selftest *t)
{
    struct text_stream stream;
    if (!pixfer_text_open(&stream))
        return NULL;
    FILE *out = stream.out;
    fputs(head, out);
    fputs("<p>", out);
    escaped(out, t->conclusion);
    fputs("</p>\n<p>Pictures show the plane that differs most: expected, found, and eight times the difference.</p>\n", out);
    for (size_t i = 0; i < t->count; i++) {
        if (!i || strcmp(t->findings[i].area, t->findings[i - 1].area)) {
            fputs("<h2>", out);
            escaped(out, t->findings[i].area);
            fputs("</h2>\n", out);
        }
        html_finding(out, &t->findings[i]);
    }
    fputs("</body></html>\n", out);
    return pixfer_text_close(&stream);
}

char *selftest_report(const struct selftest *t, const char *path)
{
    return ends_in(path, ".json") ? selftest_report_json(t) : write_html(t);
}

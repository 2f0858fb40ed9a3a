/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "lines.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/core/log.h"

/* What reaches a log is text: names and contents of files cannot speak to the terminal or begin lines of their own. */

struct kept {
    char line[PIXFER_LOG_LINE];
    unsigned count;
};

static void keep(void *opaque, int level, const char *line)
{
    struct kept *kept = opaque;

    (void)level;
    kept->count++;
    strcpy(kept->line, line);
}

static void lines_are_text(void **state)
{
    static const char *const cases[][2] = {
        {"plain, with \\x1b as text", "plain, with \\x1b as text"},
        {"a\nerror: b\r\t\b", "a\\x0aerror: b\\x0d\\x09\\x08"},
        {"\x1b[31mred\x1b]0;title\a", "\\x1b[31mred\\x1b]0;title\\x07"},
        {"\x7f\x01\x1f ", "\\x7f\\x01\\x1f "},
        {"gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x8e\x9e", "gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x8e\x9e"},
        {"\xc2\x80\xc2\x9b[2J\xc2\x9f\xc2\xa0", "\\xc2\\x80\\xc2\\x9b[2J\\xc2\\x9f\xc2\xa0"},
        {"latin-1: gr\xfc\xdf \x9b", "latin-1: gr\\xfc\\xdf \\x9b"},
        {"\xc0\x9b\xe0\x82\x9b\xf0\x80\x82\x9b", "\\xc0\\x9b\\xe0\\x82\\x9b\\xf0\\x80\\x82\\x9b"},
        {"\xed\xa0\x80 \xf4\x90\x80\x80 \xff\xfe", "\\xed\\xa0\\x80 \\xf4\\x90\\x80\\x80 \\xff\\xfe"},
        {"cut \xe2\x82", "cut \\xe2\\x82"},
        {"cut \xe2\x82z", "cut \\xe2\\x82z"},
        {"", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct kept kept = {"", 0};
        const struct pixfer_log log = {keep, &kept, -1};

        pixfer_log_write(&log, PIXFER_LOG_ERROR, "%s", cases[i][0]);
        assert_string_equal(kept.line, cases[i][1]);
        assert_int_equal(kept.count, 1);
    }
}

static size_t format(char *line, size_t size, const char *text, ...)
{
    va_list arguments;
    size_t length;

    va_start(arguments, text);
    length = pixfer_log_format(line, size, text, arguments);
    va_end(arguments);
    return length;
}

/* Random bytes into buffers of every size: nothing but text comes out, nothing is written behind the end. */
static void any_bytes_become_text(void **state)
{
    uint32_t random = 1;

    (void)state;
    for (size_t size = 1; size < 2000; size += size < 40 ? 1 : 97) {
        char *line = malloc(size), text[2100];
        size_t length;

        for (size_t i = 0; i + 1 < sizeof(text); i++) {
            random = random * 1664525 + 1013904223;
            text[i] = (char)(random >> 24 ? random >> 24 : 1);
        }
        text[sizeof(text) - 1] = 0;
        length = format(line, size, "%s", text);
        assert_int_equal(length, strlen(line));
        assert_true(strlen(line) < size && (size < 8 || strlen(line) > 0));
        for (const char *at = line; *at; at++)
            assert_true((unsigned char)*at >= 0x20 && *at != 0x7f);
        assert_null(strstr(line, "\xc2\x9b"));
        free(line);
    }
}

/* The same through the front door: a name from outside in a refusal. */
static void a_name_in_a_refusal_is_text(void **state)
{
    struct kept kept = {"", 0};
    struct pixfer_converter *converter;

    (void)state;
    assert_int_equal(pixfer_converter_open(
                         &converter, &PIXFER_CONVERTER_PARAMS(.src_format = PIXFER_FORMAT_RGBA, .dst_format = PIXFER_FORMAT_NV12,
                                                              .width = 2, .height = 2, .cpu = "\x1b[2J\npixfer: all is well",
                                                              .log = keep, .log_opaque = &kept)),
                     PIXFER_ERR_INVALID);
    assert_non_null(strstr(kept.line, "\"\\x1b[2J\\x0apixfer: all is well\""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_text),
        cmocka_unit_test(any_bytes_become_text),
        cmocka_unit_test(a_name_in_a_refusal_is_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

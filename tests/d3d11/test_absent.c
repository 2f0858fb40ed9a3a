/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* d3d11.h in a build without Direct3D: a program links, and is told. */

#include <pixfer/d3d11.h>
#include <stdio.h>
#include <string.h>

static unsigned failures, lines;
static char line[300];

static void hear(void *opaque, int level, const char *message)
{
    if (opaque != line || level != PIXFER_LOG_ERROR)
        failures++;
    lines++;
    snprintf(line, sizeof(line), "%s", message);
}

static void expect(const char *what, int found, int expected)
{
    if (found == expected)
        return;
    printf("FAIL %s: found %d, expected %d\n", what, found, expected);
    failures++;
}

int main(void)
{
    struct pixfer_d3d11 *d = (struct pixfer_d3d11 *)line;
    struct pixfer_d3d11_params params = PIXFER_D3D11_PARAMS(.width = 16, .height = 16, .log = hear, .log_opaque = line);
    struct pixfer_image image = {.format = PIXFER_FORMAT_NV12};
    uint64_t ticket = 7;

    expect("open", pixfer_d3d11_open(&d, &params), PIXFER_ERR_UNSUPPORTED);
    expect("*out is NULL", d == NULL, 1);
    expect("lines", (int)lines, 1);
    expect("the line names Direct3D", strstr(line, "no Direct3D 11") != NULL, 1);
    expect("no place for it", pixfer_d3d11_open(NULL, &params), PIXFER_ERR_INVALID);
    expect("no parameters", pixfer_d3d11_open(&d, NULL), PIXFER_ERR_INVALID);
    for (params.struct_size = 0; params.struct_size < offsetof(struct pixfer_d3d11_params, log); params.struct_size++)
        expect("older parameters", pixfer_d3d11_open(&d, &params), PIXFER_ERR_UNSUPPORTED); /* and no log is read from them */
    expect("lines", (int)lines, 1);
    expect("record", pixfer_d3d11_record(NULL, NULL, NULL, NULL), PIXFER_ERR_INVALID);
    expect("submit", pixfer_d3d11_submit(NULL, &PIXFER_D3D11_SOURCE(.x = 0), &ticket), PIXFER_ERR_INVALID);
    expect("ticket", (int)ticket, 0);
    expect("submit without a place", pixfer_d3d11_submit(NULL, NULL, NULL), PIXFER_ERR_INVALID);
    expect("wait", pixfer_d3d11_wait(NULL, 1, UINT64_MAX, &image), PIXFER_ERR_INVALID);
    expect("image is empty", image.format, PIXFER_FORMAT_NONE);
    expect("wait without a place", pixfer_d3d11_wait(NULL, 1, 0, NULL), PIXFER_ERR_INVALID);
    expect("release", pixfer_d3d11_release(NULL, 1), PIXFER_ERR_INVALID);
    pixfer_d3d11_close(&d);
    pixfer_d3d11_close(NULL);
    return failures != 0;
}

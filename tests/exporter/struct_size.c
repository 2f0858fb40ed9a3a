/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* An older program's parameters are shorter: what lies behind struct_size is not even mapped here. */

#include <pixfer/exporter.h>
#include <stdio.h>
#include <string.h>

#include "../common/arena.h"

int main(void)
{
    const struct pixfer_exporter_params whole = PIXFER_EXPORTER_PARAMS(.fps_num = 30);
    const struct pixfer_input input = PIXFER_INPUT(.name = "no-such-file.mkv");
    struct arena arena = {0};
    int status = 0;

    for (size_t size = offsetof(struct pixfer_exporter_params, fps_den); size <= sizeof(whole); size += sizeof(void *)) {
        struct pixfer_exporter_params *params = (void *)arena_place(&arena, ARENA_BACK, size, 0);
        char error[256] = "";

        memcpy(params, &whole, size);
        params->struct_size = size;
        if (pixfer_export("never-written.mp4", &input, params, NULL, error, sizeof(error)) == PIXFER_OK ||
            !strstr(error, "no-such-file.mkv")) {
            printf("struct_size %zu: found \"%s\", expected that no-such-file.mkv cannot be opened\n", size, error);
            status = 1;
        }
    }
    arena_free(&arena);
    return status;
}

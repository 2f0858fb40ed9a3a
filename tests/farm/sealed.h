/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_TEST_SEALED_H
#define PIXFER_TEST_SEALED_H

/* A plan that was changed and has its hash made right again, as whoever means harm would do it. */

#include <jansson.h>
#include <libavutil/mem.h>
#include <libavutil/sha.h>
#include <pixfer/plan.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The text; the caller frees it. NULL if what is in it cannot be written. */
static inline char *sealed_text(json_t *root)
{
    uint8_t hash[32];
    char id[65];
    char *plan = json_dumps(json_object_get(root, "plan"),
                            JSON_COMPACT | JSON_SORT_KEYS | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(17) | JSON_ENCODE_ANY);
    if (!plan)
        return NULL;
    struct AVSHA *sha = av_sha_alloc();
    av_sha_init(sha, 256);
    av_sha_update(sha, (const uint8_t *)plan, strlen(plan));
    av_sha_final(sha, hash);
    av_free(sha);
    free(plan);
    for (int i = 0; i < 32; i++)
        snprintf(id + 2 * i, 3, "%02x", hash[i]);
    json_object_set_new(root, "id", json_string(id));
    return json_dumps(root, JSON_COMPACT | JSON_REAL_PRECISION(17));
}

/* A plan to begin with: of frames that are pushed, or as if of an input called in.mkv. */
static inline json_t *sealed_plan(int input)
{
    struct pixfer_plan *plan = NULL;
    struct pixfer_exporter_params p = PIXFER_EXPORTER_PARAMS(.format = PIXFER_FORMAT_RGBA);
    const struct pixfer_plan_params cut = PIXFER_PLAN_PARAMS(.output = "out.mp4", .segments = 4, .frames = 40);
    const struct pixfer_metadata title = {"title", "T"};
    p.width = p.height = 16;
    p.fps_num = 25;
    p.encoder = "libx264";
    p.metadata = &title;
    p.metadata_count = 1;
    if (pixfer_plan_create(&plan, NULL, &p, &cut) != PIXFER_OK)
        return NULL;
    json_t *root = json_loads(pixfer_plan_text(plan), 0, NULL);
    pixfer_plan_close(&plan);
    if (root && input) {
        json_t *json = json_object_get(root, "plan");
        json_object_set_new(json, "input",
                            json_pack("{s:i, s:i, s:i, s:s}", "files", 1, "bytes", 99, "changed_ns", 7, "sha256_of_head_and_tail",
                                      "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"));
        json_object_set_new(json_object_get(json, "frames"), "tick", json_pack("[i, i]", 1, 1000));
        json_object_set_new(json_object_get(json, "frames"), "times", json_pack("[[i, i, i], [i, i, i]]", 5, 40, 1, 40, 40, 39));
        json_object_set_new(json_array_get(json_object_get(json, "segments"), 1), "key",
                            json_pack("{s:i, s:i, s:i}", "pts", 5, "bytes", 10, "adler32", 11));
        json_object_set_new(json_object_get(root, "paths"), "input", json_string("in.mkv"));
    }
    return root;
}

#endif
